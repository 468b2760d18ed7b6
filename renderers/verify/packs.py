"""Takes packs apart by the thousand: clocks, packets, streams and stamps as arrays (ISO/IEC 13818-1 2.5.3, 2.4.3.6)."""

from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from crowdcut.disc.rules import SECTOR_BYTES

Numbers = NDArray[np.integer[Any]]

OTHER, NAV, VIDEO, SOUND, SHOWN, PADDING = range(6)
"""What a pack carries."""
_MOST_PACKETS = 6
_SYSTEM_HEADER, _PRIVATE_1, _PADDING_ID, _PRIVATE_2, _VIDEO_ID = 0xBB, 0xBD, 0xBE, 0xBF, 0xE0
CLOCK = 27_000_000
"""Ticks a second of a pack's clock."""
CLOCK_PER_STAMP = 300
"""Of those, in one of a stamp's."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Packs:
    """Packs in their order, one number of each array a pack."""

    clock: Numbers
    """27 MHz ticks."""
    mux_rate: NDArray[np.int32]
    """Units of 50 bytes a second."""
    kind: NDArray[np.uint8]
    stream: NDArray[np.uint8]
    """Of sound and subpictures: sub-stream, or stream id (0xC0 to 0xDF)."""
    pts: Numbers
    """90 kHz ticks; -1: none."""
    dts: Numbers
    start: NDArray[np.int16]
    """Of the payload, bytes from the pack's first."""
    end: NDArray[np.int16]
    frames: NDArray[np.uint8]
    """Of sound in private streams: frames that begin in the pack."""
    is_whole: NDArray[np.bool_]
    """Whether headers and packets fill the pack as they must."""
    is_scrambled: NDArray[np.bool_]

    def __len__(self) -> int:
        return len(self.clock)


def _clocks(head: Numbers) -> Numbers:
    """The clocks of pack headers, (packs, 14) bytes as numbers."""
    base = (head[:, 4] >> 3 & 7) << 30 | (head[:, 4] & 3) << 28 | head[:, 5] << 20
    base |= (head[:, 6] >> 3) << 15 | (head[:, 6] & 3) << 13 | head[:, 7] << 5 | head[:, 8] >> 3
    return base * CLOCK_PER_STAMP + ((head[:, 8] & 3) << 7 | head[:, 9] >> 1)


def _stamps(rows: Numbers) -> Numbers:
    """Time stamps of five bytes, (packs, 5) as numbers."""
    high = (rows[:, 0] >> 1 & 7) << 30 | rows[:, 1] << 22
    return high | (rows[:, 2] >> 1) << 15 | rows[:, 3] << 7 | rows[:, 4] >> 1


@dataclass(slots=True)
class _Walk:
    """A walk over the packets of a block's packs, all at once."""

    block: NDArray[np.uint8]
    kind: NDArray[np.uint8] = field(init=False)
    stream: NDArray[np.uint8] = field(init=False)
    pts: Numbers = field(init=False)
    dts: Numbers = field(init=False)
    start: NDArray[np.int16] = field(init=False)
    end: NDArray[np.int16] = field(init=False)
    frames: NDArray[np.uint8] = field(init=False)
    whole: NDArray[np.bool_] = field(init=False)
    scrambled: NDArray[np.bool_] = field(init=False)

    def __post_init__(self) -> None:
        count = len(self.block)
        self.kind, self.stream, self.frames = (np.zeros(count, np.uint8) for _ in range(3))
        self.pts, self.dts = np.full(count, -1, np.int64), np.full(count, -1, np.int64)
        self.start, self.end = np.zeros(count, np.int16), np.zeros(count, np.int16)
        self.whole, self.scrambled = np.ones(count, np.bool_), np.zeros(count, np.bool_)

    def bytes_at(self, rows: Numbers, at: Numbers, count: int) -> Numbers:
        """``count`` bytes of each of ``rows`` from its own place; past a pack's end its last byte again."""
        columns = np.minimum(at[:, None] + np.arange(count), SECTOR_BYTES - 1)
        return self.block[rows[:, None], columns].astype(np.int64)

    def packet(self, rows: Numbers, at: Numbers, ids: Numbers, ends: Numbers) -> None:
        """Note the packets that begin at ``at``: what is in them, and when it is due."""
        media = (ids == _PRIVATE_1) | (ids == _VIDEO_ID) | (ids >> 5 == 0xC0 >> 5)
        nav, padding = ids == _PRIVATE_2, ids == _PADDING_ID
        self.kind[rows[nav]] = NAV
        bare = padding & (self.kind[rows] == OTHER)
        self.kind[rows[bare]] = PADDING
        odd = ~(media | nav | padding | (ids == _SYSTEM_HEADER))
        self.whole[rows[odd]] = False
        rows, at, ids, ends = rows[media], at[media], ids[media], ends[media]
        if not len(rows):
            return
        head = self.bytes_at(rows, at, 19)
        payload = at + 9 + head[:, 8]
        self.scrambled[rows] |= (head[:, 6] & 0x30) != 0
        # A pack holds one stream; a second packet of media is odd.
        good = (head[:, 6] >> 6 == 2) & (payload <= ends) & (self.kind[rows] == OTHER)
        self.whole[rows[~good]] = False
        has_pts, has_dts = head[:, 7] & 0x80 != 0, head[:, 7] & 0xC0 == 0xC0
        pts = np.where(has_pts, _stamps(head[:, 9:14]), -1)
        self.pts[rows] = pts
        self.dts[rows] = np.where(has_dts, _stamps(head[:, 14:19]), pts)
        inside = self.bytes_at(rows, payload, 2)
        sub, private = inside[:, 0], ids == _PRIVATE_1
        shown = private & (sub >> 5 == 1)
        sound = (private & ((sub >> 4 == 8) | (sub >> 3 == 0xA0 >> 3))) | (ids >> 5 == 0xC0 >> 5)
        self.kind[rows] = np.select([ids == _VIDEO_ID, shown, sound], [VIDEO, SHOWN, SOUND], OTHER)
        self.whole[rows[private & ~shown & ~sound]] = False
        self.stream[rows] = np.where(private, sub, ids)
        self.frames[rows] = np.where(private & sound, inside[:, 1], 0)
        self.start[rows], self.end[rows] = payload + private, ends


def packs_from(block: NDArray[np.uint8]) -> Packs:
    """The packs of ``block``: (packs, 2048) uint8."""
    head = block[:, :14].astype(np.int64)
    walk = _Walk(block)
    marked = (block[:, :4] == (0, 0, 1, 0xBA)).all(axis=1) & (block[:, 4] >> 6 == 1)
    walk.whole &= marked
    rows = np.flatnonzero(marked)
    at = 14 + (head[rows, 13] & 7)
    for _ in range(_MOST_PACKETS):
        if not len(rows):
            break
        heads = walk.bytes_at(rows, at, 6)
        ends = at + 6 + (heads[:, 4] << 8 | heads[:, 5])
        begins = (heads[:, :3] == (0, 0, 1)).all(axis=1) & (ends <= SECTOR_BYTES) & (at + 6 <= SECTOR_BYTES)
        walk.whole[rows[~begins]] = False
        rows, at, ends, ids = rows[begins], at[begins], ends[begins], heads[begins, 3]
        walk.packet(rows, at, ids, ends)
        going = ends < SECTOR_BYTES
        rows, at = rows[going], ends[going]
    walk.whole[rows] = False  # more packets than a pack may hold
    return Packs(
        clock=_clocks(head),
        mux_rate=(head[:, 10] << 14 | head[:, 11] << 6 | head[:, 12] >> 2).astype(np.int32),
        kind=walk.kind,
        stream=walk.stream,
        pts=walk.pts,
        dts=walk.dts,
        start=walk.start,
        end=walk.end,
        frames=walk.frames,
        is_whole=walk.whole,
        is_scrambled=walk.scrambled,
    )


def joined(blocks: list[Packs]) -> Packs:
    """The packs of several blocks, one after the other. ``blocks`` is emptied: no array is held twice."""
    columns = {name: [getattr(one, name) for one in blocks] for name in Packs.__slots__}
    blocks.clear()
    return Packs(**{name: np.concatenate(columns.pop(name)) for name in Packs.__slots__})
