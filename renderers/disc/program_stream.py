"""A title's program stream, read from its packs (ISO/IEC 13818-1, 2.5.3): where its units begin, and its sound's times.

FFmpeg's reader puts a packet of AC-3 that begins exactly with a pack's payload a packet too late, so the sound's times
are read here. In these streams a packet of data begins right after its pack's header; what follows it is padding.
"""

from collections.abc import Iterator
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from crowdcut.disc.standards import PACK_BYTES

_PACKS = 4096
"""Packs that are looked at together."""
_HEADER_BYTES = 14
_SYSTEM, _PRIVATE, _VIDEO = 0x1BB, 0x1BD, 0x1E0
"""Start codes: the system header, which a navigation pack alone has; sound and subpictures; picture."""
_FIRST_AC3 = 0x80
_AC3_TICKS = 2880
"""1,536 samples."""
_HAS_PTS = 0x80

Packs = NDArray[np.uint8]
"""[shape=(packs, 2048)]"""


def _packs(title: Path) -> Iterator[Packs]:
    with title.open("rb") as file:
        while block := file.read(_PACKS * PACK_BYTES):
            yield np.frombuffer(block, np.uint8).reshape(-1, PACK_BYTES)


def _codes(packs: Packs) -> NDArray[np.int64]:
    """The start code after each pack's header."""
    return packs[:, _HEADER_BYTES : _HEADER_BYTES + 4].astype(np.int64) @ (1 << np.array([24, 16, 8, 0]))


def _times(packs: Packs) -> NDArray[np.int64]:
    """The PTS of each pack's packet, in ticks of 90 kHz (2.4.3.7); -1 where it has none."""
    first = _HEADER_BYTES + 9
    stamps = packs[:, first : first + 5].astype(np.int64)
    high, low = stamps[:, 0] >> 1 & 7, stamps[:, 1] << 7 | stamps[:, 2] >> 1
    times = high << 30 | low << 15 | stamps[:, 3] << 7 | stamps[:, 4] >> 1
    return np.where(packs[:, _HEADER_BYTES + 7] & _HAS_PTS, times, -1)


def unit_times(title: Path) -> Iterator[int]:
    """When each unit begins, in the stream's own ticks of 90 kHz: its first picture's time."""
    waiting = False
    for packs in _packs(title):
        codes, times = _codes(packs), _times(packs)
        for number in np.flatnonzero((codes == _SYSTEM) | ((codes == _VIDEO) & (times >= 0))):
            if codes[number] == _SYSTEM:
                waiting = True
            elif waiting:
                yield int(times[number])
                waiting = False


def sound_breaks(title: Path) -> Iterator[int]:
    """The ticks at which the first AC-3 stream has a gap or an overlap. Each packet tells how many frames of sound
    begin in it and the time of the first."""
    due: int | None = None
    for packs in _packs(title):
        starts = _HEADER_BYTES + 9 + packs[:, _HEADER_BYTES + 8].astype(np.int64)
        streams = np.take_along_axis(packs, np.minimum(starts, PACK_BYTES - 2)[:, None], axis=1)[:, 0]
        sound = np.flatnonzero((_codes(packs) == _PRIVATE) & (streams == _FIRST_AC3))
        frames = packs[sound, starts[sound] + 1].tolist()
        for count, time in zip(frames, _times(packs[sound]).tolist(), strict=True):
            if count and time >= 0:
                if due is not None and time != due:
                    yield time
                due = time
            due = None if due is None else due + count * _AC3_TICKS
