"""Both file systems of an image held against each other, and VIDEO_TS against the names it must have."""

import re
from dataclasses import dataclass

from crowdcut.disc.rules import DUAL_LAYER_BYTES, SECTOR_BYTES, TITLESETS, VOB_SECTORS
from renderers.verify.iso9660 import iso_files
from renderers.verify.judge import Judge, Place
from renderers.verify.reading import Broken, DiscFile, Image
from renderers.verify.udf import udf_volume

_REVISION = 0x0102


@dataclass(frozen=True, slots=True, kw_only=True)
class VideoFolder:
    """VIDEO_TS as it is to be read: by UDF, or where that is broken by ISO 9660."""

    volume: str
    """The disc's name."""
    files: dict[str, DiscFile]

    @property
    def titlesets(self) -> list[int]:
        """Numbers of the titlesets whose IFO is there."""
        matches = (re.fullmatch(r"VTS_(\d\d)_0\.IFO", name) for name in self.files)
        return sorted(int(match[1]) for match in matches if match)


def _listed(files: dict[str, DiscFile]) -> dict[str, tuple[int, int]]:
    return {name: (file.sector if file.length else 0, file.length) for name, file in files.items()}


def _compared(udf: dict[str, DiscFile], iso: dict[str, DiscFile], judge: Judge) -> None:
    ours, theirs = _listed(udf), _listed(iso)
    for name in sorted(ours.keys() | theirs.keys()):
        place = Place(file=f"VIDEO_TS/{name}")
        if name not in theirs or name not in ours:
            judge.say("bridge", f"{'UDF' if name in ours else 'ISO 9660'} alone names it", place)
        elif ours[name] != theirs[name]:
            found = "{0} bytes at sector {1} by UDF, {2} bytes at sector {3} by ISO 9660"
            (sector, length), (sector_iso, length_iso) = ours[name], theirs[name]
            judge.say("bridge", found.format(length, sector, length_iso, sector_iso), place)


def read_folder(image: Image, judge: Judge) -> VideoFolder | None:
    """VIDEO_TS by both file systems, compared; None where neither can be read."""
    udf = iso = None
    try:
        udf = udf_volume(image)
    except Broken as broken:
        judge.say("udf-structure", f"UDF cannot be read: {broken}")
    try:
        iso = iso_files(image)
    except Broken as broken:
        judge.say("iso-structure", f"ISO 9660 cannot be read: {broken}")
    if udf is not None and udf.revision != _REVISION:
        judge.say("udf-revision", f"the logical volume is of revision {udf.revision:#06x}")
    if udf is not None and iso is not None:
        _compared(udf.files, iso, judge)
    if udf is not None:
        return VideoFolder(volume=udf.name, files=udf.files)
    return None if iso is None else VideoFolder(volume="", files=iso)


def _check_names(folder: VideoFolder, judge: Judge) -> None:
    numbers = folder.titlesets
    wanted = ["VIDEO_TS.IFO", "VIDEO_TS.BUP"]
    wanted += [f"VTS_{number:02d}_{rest}" for number in numbers for rest in ("0.IFO", "0.BUP", "1.VOB")]
    for name in wanted:
        if name not in folder.files:
            judge.say("file-names", "it is missing", Place(file=f"VIDEO_TS/{name}"))
    if numbers != list(range(1, len(numbers) + 1)) or not 1 <= len(numbers) <= TITLESETS:
        judge.say("file-names", f"the titlesets are numbered {', '.join(map(str, numbers)) or 'not at all'}")
    for number in numbers:
        parts = [part for part in range(1, 10) if f"VTS_{number:02d}_{part}.VOB" in folder.files]
        if parts != list(range(1, len(parts) + 1)):
            judge.say("file-names", f"titleset {number} has the title VOBs {', '.join(map(str, parts))}")


def check_files(folder: VideoFolder, image: Image, capacity: int | None, judge: Judge) -> None:
    """The files by themselves: their names, sizes and extents, and the image they are in."""
    _check_names(folder, judge)
    for name, file in sorted(folder.files.items()):
        place = Place(file=f"VIDEO_TS/{name}")
        inside = file.sector * SECTOR_BYTES + file.length <= image.bytes
        if file.length and (file.extents != 1 or not inside):
            found = f"it lies in {file.extents} extents" if inside else "it ends past the end of the image"
            judge.say("single-extent", found, place)
        if name.endswith(".VOB") and (file.length % SECTOR_BYTES or file.sectors > VOB_SECTORS):
            judge.say("vob-size", f"{file.length:,} bytes", place)
    if image.bytes % SECTOR_BYTES:
        judge.say("capacity", f"the image is {image.bytes:,} bytes, which is not whole sectors")
    most = min(capacity or DUAL_LAYER_BYTES, DUAL_LAYER_BYTES)
    if image.bytes > most:
        judge.say("capacity", f"the image is {image.bytes:,} bytes", wanted=f"at most {most:,} bytes")
