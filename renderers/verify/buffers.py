"""Simulates the decoder's buffer picture by picture: as the sequence declares it, and as the packs deliver it."""

import numpy as np

from crowdcut.disc.rules import SECTOR_BYTES, STD_BYTES, VBV_BITS
from renderers.verify.frames import Frames
from renderers.verify.packs import CLOCK, CLOCK_PER_STAMP, Numbers
from renderers.verify.part import Part
from renderers.verify.pictures import sequences_of

_CLOCK_PER_TICK = CLOCK_PER_STAMP // 2
"""Ticks of a pack's clock in one of a frame's time."""
_TICKS = 180_000
_SLACK_CLOCK = CLOCK // 1000
"""A millisecond: stamps are rounded."""


def _decoded(part: Part, frames: Frames, members: Numbers) -> Numbers:
    """When each frame of a VOB is to be decoded, ticks of 180 kHz.

    As many frames are decoded as shown: each when the one shown before it (or itself, where nothing is reordered) is
    shown (13818-1 2.4.3.7, 13818-2 C.9).
    """
    shown = np.sort(frames.shown[members])
    first = members[0]
    is_delayed = frames.dts[first] >= 0 and frames.dts[first] < frames.pts[first]
    if is_delayed:
        shown = np.concatenate(([frames.dts[first]], shown[:-1]))
    return shown


def _check_declared(part: Part, frames: Frames, members: Numbers, decoded: Numbers, rate: int, size: int) -> None:
    """The buffer fills at the declared rate until it is full, and is full when the first picture is taken
    (13818-2 C.3.2, C.5: a variable rate)."""
    bits = ((frames.end - frames.begin)[members] * 8).tolist()
    waits = np.diff(decoded, append=decoded[-1:]).tolist()
    full, short, first, lowest = float(size), 0, -1, 0.0
    per_tick = rate / _TICKS
    for index, (taken, wait) in enumerate(zip(bits, waits, strict=True)):
        full -= taken
        if full < 0:
            first = index if first < 0 else first
            short += 1
            lowest, full = min(lowest, full), 0.0
        full = min(size, full + wait * per_tick)
    if short:
        packs = np.repeat(frames.first_pack[members[first]], short)
        found = f"a picture is {-lowest:,.0f} bits short at {rate:,} bits a second into {size:,} bits"
        part.say("vbv-rate", packs, found)


def _check_delivered(part: Part, frames: Frames, members: Numbers, decoded: Numbers) -> None:
    """Bytes arrive as the packs' clocks say, and leave when their picture is decoded: as it is stamped, and only where
    it is not as it is to be (13818-1 2.5.2)."""
    scan = part.scan
    decoded = np.where(frames.dts[members] >= 0, frames.dts[members], decoded)
    vob = frames.vob[members[0]]
    vobus = scan.navigation.vob[part.vobu[scan.video_packs]]
    rows = np.flatnonzero(vobus == vob)
    packs, ends = scan.video_packs[rows], scan.video_ends[rows]
    sizes = scan.packs.end[packs].astype(np.int64) - scan.packs.start[packs]
    held = np.cumsum(sizes)
    takes = SECTOR_BYTES * CLOCK // np.maximum(scan.packs.mux_rate[packs].astype(np.int64) * 50, 1)
    arrived = np.maximum.accumulate(scan.packs.clock[packs] + takes)
    due = decoded * _CLOCK_PER_TICK
    last = np.minimum(np.searchsorted(packs, frames.last_pack[members]), len(packs) - 1)
    late = np.flatnonzero(arrived[last] > due + _SLACK_CLOCK)
    if len(late):
        worst = (arrived[last[late]] - due[late]).max() / CLOCK
        part.say("vbv-clock", frames.first_pack[members[late]], f"a picture arrives up to {worst:.3f} s too late")
    # What came before a picture is due, less the pictures that were taken before it.
    at = np.minimum(np.searchsorted(ends, frames.begin[members], side="right"), len(packs) - 1)
    begin = held[at] - (ends[at] - frames.begin[members])
    count = np.searchsorted(arrived, due)
    full = np.where(count > 0, held[np.maximum(count - 1, 0)], 0) - begin
    over = np.flatnonzero(full > STD_BYTES)
    if len(over):
        found = f"{full[over].max():,} bytes wait to be decoded"
        part.say("vbv-clock", frames.first_pack[members[over]], found, f"at most {STD_BYTES:,} bytes")


def check_buffers(part: Part, frames: Frames) -> None:
    """Both simulations, VOB by VOB."""
    video = part.scan.video
    assert video is not None
    kinds = [sequence for _, sequence in sequences_of(video)]
    rate = min((one.bits for one in kinds if one.bits), default=0)
    size = min([VBV_BITS, *(one.buffer_bits for one in kinds if one.buffer_bits)])
    order = np.argsort(frames.vob, kind="stable")
    for members in np.split(order, np.flatnonzero(np.diff(frames.vob[order])) + 1):
        decoded = _decoded(part, frames, members)
        if rate:
            _check_declared(part, frames, members, decoded, rate, size)
        _check_delivered(part, frames, members, decoded)
