"""Reads VIDEO_TS by ISO 9660 (ECMA-119), as a computer may."""

from crowdcut.disc.rules import SECTOR_BYTES
from renderers.verify.reading import Broken, DiscFile, Fields, Image

_VOLUME_SECTOR, _FOLDER_BYTES = 16, 1 << 20


def _twice(fields: Fields, offset: int, length: int) -> int:
    """A number that is written little-endian, then big-endian (ECMA-119 7.2.3, 7.3.3). Raises Broken."""
    number = fields.le(offset, length)
    if fields.number(offset + length, length) != number:
        raise Broken(f"a number is {number} in one order of bytes, and another in the other")
    return number


def _names(image: Image, record: Fields, what: str) -> dict[str, Fields]:
    """The directory records of a folder, by name. Raises Broken."""
    length = _twice(record, 10, 4)
    if length > _FOLDER_BYTES:
        raise Broken(f"the folder {what} says that it is {length:,} bytes long")
    data = image.read(_twice(record, 2, 4), length)
    names: dict[str, Fields] = {}
    at = 0
    while at < len(data):
        size = data[at]
        if size == 0:  # a record never crosses into another sector
            at = (at // SECTOR_BYTES + 1) * SECTOR_BYTES
            continue
        fields = Fields(data[at : at + size])
        raw = fields.part(33, fields.number(32, 1))
        if raw not in (b"\0", b"\1"):
            names[raw.decode("latin-1").split(";")[0]] = fields
        at += size
    return names


def iso_files(image: Image) -> dict[str, DiscFile]:
    """The files of VIDEO_TS as ISO 9660 names them. Raises Broken."""
    volume = Fields(image.read(_VOLUME_SECTOR, SECTOR_BYTES))
    if volume.part(0, 7) != b"\x01CD001\x01":
        raise Broken("there is no primary volume descriptor at sector 16")
    if _twice(volume, 128, 2) != SECTOR_BYTES:
        raise Broken(f"a block is {_twice(volume, 128, 2)} bytes long, not {SECTOR_BYTES}")
    root = _names(image, Fields(volume.part(156, 34)), "root")
    if "VIDEO_TS" not in root:
        raise Broken("the root folder names no VIDEO_TS")
    files = _names(image, root["VIDEO_TS"], "VIDEO_TS")
    return {
        name: DiscFile(name=name, sector=_twice(record, 2, 4), length=_twice(record, 10, 4))
        for name, record in files.items()
        if not record.number(25, 1) & 2
    }
