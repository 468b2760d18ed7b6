"""What stands in a file's header that FFmpeg's Python door does not show: encryption, Dolby Vision, coding names."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

_HEAD_BYTES = 1 << 20
_MOOV_BYTES_MAX = 64 << 20
"""The index of a ten-hour film is smaller."""
_BOXES_MAX = 20_000
"""A made-up chain of tiny boxes ends here; a fragmented film has its index in front."""

_FIRST_BOXES = frozenset({b"ftyp", b"moov", b"mdat", b"wide", b"free", b"skip", b"pnot", b"styp", b"moof"})
"""What MP4 and MOV files begin with."""

# A box of an encrypted ISO file that names its scheme: common encryption, PlayReady's, or iTunes'.
_SCHEME = re.compile(rb"schm....(?:cenc|cens|cbc1|cbcs|piff|itun)", re.DOTALL)
# The Dolby Vision configuration: in ISO files the box itself, in Matroska the name, an element (41 ED) and its size.
_DOLBY = re.compile(rb"dv[cvw]C(?:\x41\xed[\x80-\xff])?[\x01-\x03]\x00(.)(?:.(.))?", re.DOTALL)
# The first entry of a track's sample table: version and count, the entry's size, its name.
_ENTRY = re.compile(rb"stsd\0\0\0\0....\0...(....)", re.DOTALL)


_BASES = {1: "smpte2084", 2: "bt709", 4: "arib-std-b67", 6: "smpte2084"}
"""Transfer of the base picture by bl_signal_compatibility_id (Dolby Vision Streams within the ISO Base Media File
Format): HDR10, SDR, HLG, and the HDR10 of Ultra HD Blu-ray."""
_BASELESS = frozenset({5, 10, 20})
"""Profiles that may be in Dolby's own colours (IPT) and nothing else."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DolbyVision:
    """A film's Dolby Vision configuration."""

    profile: int
    compatibility: int = 0
    """What the picture is for players that do not know Dolby Vision: a key of ``_BASES``; 0: nothing they can show."""

    @property
    def name(self) -> str:
        """As it is written: ``5``, ``8.4``."""
        return f"{self.profile}.{self.compatibility}" if self.compatibility else str(self.profile)

    @property
    def base(self) -> str | None:
        """Transfer of the base picture, in FFmpeg's names; None where it is not known."""
        return _BASES.get(self.compatibility)

    @property
    def baseless(self) -> bool:
        """Whether only licensed players show its colours."""
        return self.profile == 5 or (self.profile in _BASELESS and not self.compatibility)


@dataclass(frozen=True, slots=True, kw_only=True)
class Marks:
    """What was found in the header."""

    encrypted: bool = False
    dolby_vision: DolbyVision | None = None
    unfinished: bool = False
    """Whether it is an ISO file (MP4, MOV) without its index."""
    entries: tuple[str, ...] = ()
    """Four-letter coding names of an ISO file's tracks, in order: ``avc1``, ``mp4a``."""


def _boxes(file: BinaryIO, end: int) -> Iterator[tuple[bytes, int, int]]:
    """Name, place and size of the boxes that an ISO file's top level consists of, as far as they make sense."""
    start = 0
    for _ in range(_BOXES_MAX):
        if start >= end:  # a size of 64 bits may point to where no file has a place
            return
        file.seek(start)
        header = file.read(16)
        size, name = int.from_bytes(header[:4]), header[4:8]
        if size == 1:
            size = int.from_bytes(header[8:16])
        elif size == 0:
            size = end - start
        if len(header) < 8 or size < 8:
            return
        yield name, start, size
        start += size
        if start > end:
            return  # what is no file's size may be no place to seek to either


def index_of_iso_file(path: Path) -> bytes | None:
    """The ``moov`` box, wherever it lies; empty if there is none, None if this is no sound ISO file."""
    end = path.stat().st_size
    with path.open("rb") as file:
        reached = 0
        for name, start, size in _boxes(file, end):
            if start == 0 and name not in _FIRST_BOXES:
                return None
            if name == b"moov":
                file.seek(start)
                return file.read(min(size, _MOOV_BYTES_MAX))
            reached = start + size
    return b"" if reached >= end else None


def marks_of(path: Path) -> Marks:
    """Read the marks of a film file; a file of another kind has none."""
    index = index_of_iso_file(path)
    if index is None:
        with path.open("rb") as file:
            header = file.read(_HEAD_BYTES)
    else:
        header = index
    dolby = _DOLBY.search(header)
    return Marks(
        encrypted=_SCHEME.search(header) is not None,
        dolby_vision=DolbyVision(profile=dolby[1][0] >> 1, compatibility=(dolby[2] or b"\0")[0] >> 4)
        if dolby
        else None,
        unfinished=index == b"",
        entries=tuple(entry.decode("latin-1") for entry in _ENTRY.findall(header)),
    )
