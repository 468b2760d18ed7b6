"""Reads the VOBs of a domain once, in blocks, into arrays: packs, navigation, pictures, sound, subpictures."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from crowdcut.disc.rules import SECTOR_BYTES
from renderers.verify.mpeg_video import Video, VideoScanner
from renderers.verify.navigation import Highlights, Navigation, joined_navigation, navigation_from
from renderers.verify.packs import NAV, SHOWN, SOUND, VIDEO, Numbers, Packs, joined, packs_from
from renderers.verify.reading import Image
from renderers.verify.subpictures import SubpictureScanner, Unit

_BLOCK_SECTORS = 512
"""A mebibyte: what is made of it stays in the processor's cache."""
AC3 = range(0x80, 0x88)
_AC3_SYNC = 0x0B77


@dataclass(frozen=True, slots=True, kw_only=True)
class Scan:
    """All of a domain's VOBs."""

    packs: Packs
    navigation: Navigation
    video: Video | None
    """None where packs are scrambled."""
    video_packs: Numbers
    """Which packs hold video."""
    video_ends: Numbers
    """Bytes of video up to the end of each of these."""
    sound_packs: Numbers
    """Which packs hold sound."""
    ac3: Numbers
    """Of each of these: the five bytes after AC-3's sync word, or -1 where there is no frame to be seen."""
    units: tuple[Unit, ...]

    def video_pack(self, places: Numbers) -> Numbers:
        """The pack in which each byte of the video lies."""
        if not len(self.video_packs):
            return np.zeros(len(places), np.int64)
        index = np.searchsorted(self.video_ends, places, side="right")
        return self.video_packs[np.minimum(index, len(self.video_packs) - 1)]


def _ac3_heads(block: NDArray[np.uint8], packs: Packs, rows: Numbers) -> Numbers:
    """The first AC-3 frame's header in each of ``rows``: what follows the sync word, -1 where that is missing."""
    start = packs.start[rows].astype(np.int64)
    pointer = block[rows, start + 1].astype(np.int64) << 8 | block[rows, np.minimum(start + 2, SECTOR_BYTES - 1)]
    at = start + 3 + pointer - 1
    visible = (packs.frames[rows] > 0) & (pointer > 0) & (at + 7 <= packs.end[rows])
    at = np.where(visible, at, 0)
    head = block[rows[:, None], at[:, None] + np.arange(7)].astype(np.int64)
    told = head[:, 2] << 32 | head[:, 3] << 24 | head[:, 4] << 16 | head[:, 5] << 8 | head[:, 6]
    wrong = visible & ((head[:, 0] << 8 | head[:, 1]) != _AC3_SYNC)
    return np.where(visible, np.where(wrong, -2, told), -1)


class Scanner:
    """Takes the sectors of a domain, block by block."""

    def __init__(self) -> None:
        self._packs: list[Packs] = []
        self._navigation: list[Navigation] = []
        self._ac3: list[Numbers] = []
        self._highlights, self._video, self._shown = Highlights(), VideoScanner(), SubpictureScanner()
        self._seen, self._clear = 0, True

    def feed(self, block: NDArray[np.uint8]) -> None:
        """The next sectors, (sectors, 2048) uint8."""
        packs = packs_from(block)
        self._clear &= not packs.is_scrambled.any()
        rows = np.flatnonzero(packs.kind == NAV)
        self._navigation.append(navigation_from(block[rows], rows + self._seen, self._highlights))
        if self._clear:
            self._feed_streams(block, packs)
        sound = np.flatnonzero(packs.kind == SOUND)
        is_ac3 = (packs.stream[sound] >= AC3.start) & (packs.stream[sound] < AC3.stop)
        heads = np.full(len(sound), -1, np.int64)
        heads[is_ac3] = _ac3_heads(block, packs, sound[is_ac3])
        self._ac3.append(heads)
        self._packs.append(packs)
        self._seen += len(packs)

    def _feed_streams(self, block: NDArray[np.uint8], packs: Packs) -> None:
        view = memoryview(block.data).cast("B")
        rows = np.flatnonzero(packs.kind == VIDEO)
        starts = (rows * SECTOR_BYTES + packs.start[rows]).tolist()
        ends = (rows * SECTOR_BYTES + packs.end[rows]).tolist()
        self._video.feed(b"".join([view[start:end] for start, end in zip(starts, ends, strict=True)]))
        for row in np.flatnonzero(packs.kind == SHOWN).tolist():
            at = row * SECTOR_BYTES
            data = bytes(view[at + int(packs.start[row]) : at + int(packs.end[row])])
            stream, clock, pts = int(packs.stream[row]) & 31, int(packs.clock[row]), int(packs.pts[row])
            self._shown.feed(stream, row + self._seen, clock, pts, data)

    def scan(self) -> Scan:
        """All that was found."""
        packs = joined(self._packs)
        self._shown.finish(int(packs.clock[-1]) if len(packs) else 0)
        rows = np.flatnonzero(packs.kind == VIDEO)
        return Scan(
            packs=packs,
            navigation=joined_navigation(self._navigation, self._highlights),
            video=self._video.video() if self._clear else None,
            video_packs=rows,
            video_ends=np.cumsum(packs.end[rows].astype(np.int64) - packs.start[rows]),
            sound_packs=np.flatnonzero(packs.kind == SOUND),
            ac3=np.concatenate(self._ac3),
            units=tuple(self._shown.units),
        )


def scanned(image: Image, stretches: Sequence[tuple[int, int]], progress: Callable[[int], None]) -> Scan | None:
    """The VOBs that lie in ``stretches`` (first sector and count of each). Raises Broken.

    ``progress`` is told how many sectors were read, again and again. None where there are none.
    """
    if not sum(count for _, count in stretches):
        return None
    scanner = Scanner()
    buffer = bytearray(_BLOCK_SECTORS * SECTOR_BYTES)
    for first, count in stretches:
        for sector in range(first, first + count, _BLOCK_SECTORS):
            sectors = min(_BLOCK_SECTORS, first + count - sector)
            view = memoryview(buffer)[: sectors * SECTOR_BYTES]
            image.read_into(sector, view)
            scanner.feed(np.frombuffer(view, np.uint8).reshape(sectors, SECTOR_BYTES))
            progress(sectors)
    return scanner.scan()
