"""Where the units of a title's program stream begin, read from its packs (ISO/IEC 13818-1, 2.5.3)."""

from collections.abc import Iterator
from pathlib import Path

import numpy as np

PACK_BYTES = 2048
_PACKS = 4096
"""Packs that are looked at together."""
_HEADER_BYTES = 14
_SYSTEM, _VIDEO = b"\0\0\1\xbb", b"\0\0\1\xe0"
_HAS_PTS = 0x80


def presentation_time(stamp: bytes) -> int:
    """A PTS of five bytes, in ticks of 90 kHz (ISO/IEC 13818-1, 2.4.3.7)."""
    return (stamp[0] >> 1 & 7) << 30 | stamp[1] << 22 | stamp[2] >> 1 << 15 | stamp[3] << 7 | stamp[4] >> 1


def unit_times(title: Path) -> Iterator[int]:
    """When each unit begins, in the stream's own ticks of 90 kHz: the first picture's time after a navigation pack.

    Those packs are the ones that a system header opens.
    """
    waiting = False
    with title.open("rb") as file:
        while block := file.read(_PACKS * PACK_BYTES):
            packs = np.frombuffer(block, np.uint8).reshape(-1, PACK_BYTES)
            opened = packs[:, _HEADER_BYTES : _HEADER_BYTES + 4].tobytes()
            for number in range(len(packs)):
                code = opened[4 * number : 4 * number + 4]
                if code == _SYSTEM:
                    waiting = True
                elif waiting and code == _VIDEO and packs[number, _HEADER_BYTES + 7] & _HAS_PTS:
                    start = _HEADER_BYTES + 9
                    yield presentation_time(packs[number, start : start + 5].tobytes())
                    waiting = False
