"""Reads VIDEO_TS by UDF 1.02 (ECMA-167), as a player does: anchor, volume, partition, file set, root, folder."""

from binascii import crc_hqx
from dataclasses import dataclass

from crowdcut.disc.rules import SECTOR_BYTES
from renderers.verify.reading import Broken, DiscFile, Fields, Image

ANCHOR_SECTOR = 256
_PRIMARY, _ANCHOR, _PARTITION, _LOGICAL, _TERMINATING = 1, 2, 5, 6, 8
_FILE_SET, _FILE_NAME, _FILE_ENTRY = 256, 257, 261
_DESCRIPTORS, _FOLDER_BYTES, _EXTENTS = 64, 1 << 20, 256
"""How much of a hostile volume is looked at."""


@dataclass(frozen=True, slots=True, kw_only=True)
class UdfVolume:
    """What UDF says of an image."""

    name: str
    revision: int
    """0x0102 for 1.02."""
    files: dict[str, DiscFile]
    """Of VIDEO_TS, by their names."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Entry:
    """A file entry: where a file's or a folder's bytes are."""

    length: int
    extents: tuple[tuple[int, int], ...]
    """Sector of the image and bytes of each piece."""
    strategy: int


def _described(data: bytes, tag: int, place: int, what: str) -> Fields:
    """A descriptor whose tag holds (ECMA-167 3/7.2). ``place``: its block, as it should name it. Raises Broken."""
    fields = Fields(data)
    if fields.le(0, 2) != tag:
        raise Broken(f"the {what} is not there: its tag is {fields.le(0, 2)}, not {tag}")
    head = fields.part(0, 16)
    if (sum(head) - head[4]) & 0xFF != head[4]:
        raise Broken(f"the tag checksum of the {what} does not fit")
    if fields.le(12, 4) != place:
        raise Broken(f"the {what} says that it lies at {fields.le(12, 4)}, not {place}")
    if crc_hqx(fields.part(16, fields.le(10, 2)), 0) != fields.le(8, 2):
        raise Broken(f"the CRC of the {what} does not fit")
    return fields


def _text(raw: bytes) -> str:
    """OSTA compressed Unicode (UDF 2.1.1)."""
    if not raw:
        return ""
    return raw[1:].decode("latin-1") if raw[0] == 8 else raw[1:].decode("utf-16-be", "replace")


class _Partition:
    """Blocks of the partition, as the file set numbers them."""

    def __init__(self, image: Image, start: int, length: int):
        self.image, self.start, self.length = image, start, length

    def sector(self, block: int, what: str) -> int:
        if not 0 <= block < self.length:
            raise Broken(f"the {what} lies outside the partition, at block {block}")
        return self.start + block

    def entry(self, block: int, what: str) -> _Entry:
        """The file entry at ``block``. Raises Broken."""
        sector = self.sector(block, what)
        fields = _described(self.image.read(sector, SECTOR_BYTES), _FILE_ENTRY, block, f"file entry of {what}")
        kind, before, length = fields.le(34, 2) & 7, fields.le(168, 4), fields.le(172, 4)
        size = {0: 8, 1: 16}.get(kind)
        if size is None:
            raise Broken(f"{what} is described in a way that UDF 1.02 does not use on DVD-Video (type {kind})")
        extents = []
        for at in range(176 + before, 176 + before + min(length, size * _EXTENTS), size):
            count = fields.le(at, 4) & 0x3FFFFFFF
            if count:
                extents.append((self.sector(fields.le(at + 4, 4), what), count))
        return _Entry(length=fields.le(56, 8), extents=tuple(extents), strategy=fields.le(20, 2))

    def names(self, block: int, what: str) -> dict[str, int]:
        """The files and folders that a folder names, each with the block of its file entry. Raises Broken."""
        entry = self.entry(block, what)
        if entry.length > _FOLDER_BYTES or sum(count for _, count in entry.extents) < entry.length:
            raise Broken(f"the folder {what} says that it is {entry.length:,} bytes long")
        data = b"".join(self.image.read(sector, count) for sector, count in entry.extents)[: entry.length]
        names: dict[str, int] = {}
        at = 0
        while at < len(data):
            head = Fields(data[at:])
            name_length, more = head.le(19, 1), head.le(36, 2)
            length = -(-(38 + more + name_length) // 4) * 4
            place = entry.extents[0][0] - self.start + at // SECTOR_BYTES
            fields = _described(head.part(0, length), _FILE_NAME, place, f"name {len(names) + 1} in {what}")
            if not fields.le(18, 1) & 0b1100:  # deleted, or the folder above
                names[_text(fields.part(38 + more, name_length))] = fields.le(24, 4)
            at += length
        return names


def _volume(image: Image) -> dict[int, Fields]:
    """The volume descriptors by their tags. Raises Broken."""
    anchor = _described(image.read(ANCHOR_SECTOR, SECTOR_BYTES), _ANCHOR, ANCHOR_SECTOR, "anchor at sector 256")
    length, first = anchor.le(16, 4), anchor.le(20, 4)
    found: dict[int, Fields] = {}
    for sector in range(first, first + min(length // SECTOR_BYTES, _DESCRIPTORS)):
        data = image.read(sector, SECTOR_BYTES)
        tag = Fields(data).le(0, 2)
        if tag in (_PRIMARY, _PARTITION, _LOGICAL, _TERMINATING):
            found[tag] = _described(data, tag, sector, f"volume descriptor at sector {sector}")
        if tag in (0, _TERMINATING):
            break
    for tag, what in ((_PRIMARY, "primary volume"), (_PARTITION, "partition"), (_LOGICAL, "logical volume")):
        if tag not in found:
            raise Broken(f"there is no {what} descriptor")
    return found


def udf_volume(image: Image) -> UdfVolume:
    """VIDEO_TS as UDF names it. Raises Broken."""
    volume = _volume(image)
    logical, described = volume[_LOGICAL], volume[_PARTITION]
    partition = _Partition(image, described.le(188, 4), described.le(192, 4))
    if logical.le(212, 4) != SECTOR_BYTES:
        raise Broken(f"a block of the logical volume is {logical.le(212, 4)} bytes long, not {SECTOR_BYTES}")
    block = logical.le(252, 4)
    sector = partition.sector(block, "file set")
    file_set = _described(image.read(sector, SECTOR_BYTES), _FILE_SET, block, "file set descriptor")
    root = partition.names(file_set.le(404, 4), "the root folder")
    if "VIDEO_TS" not in root:
        raise Broken("the root folder names no VIDEO_TS")
    files: dict[str, DiscFile] = {}
    for name, place in partition.names(root["VIDEO_TS"], "VIDEO_TS").items():
        entry = partition.entry(place, name)
        first = entry.extents[0][0] if entry.extents else 0
        extents = len(entry.extents) if entry.strategy == 4 else 0
        files[name] = DiscFile(name=name, sector=first, length=entry.length, extents=extents)
    raw = logical.part(84, 128)
    name = _text(raw[: raw[-1]])
    return UdfVolume(name=name, revision=logical.le(216 + 24, 2), files=files)
