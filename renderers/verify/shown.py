"""Judges the packs of a domain by themselves, and its subpictures."""

from collections import defaultdict
from itertools import pairwise

import numpy as np

from crowdcut.disc.rules import MUX_BITS, SECTOR_BYTES, UNIT_BYTES
from renderers.verify.packs import CLOCK, CLOCK_PER_STAMP, NAV
from renderers.verify.part import Part
from renderers.verify.subpictures import Unit

_PACKS_A_SECOND = -(-MUX_BITS // (SECTOR_BYTES * 8))
"""That begin in a second at the highest rate."""
_MOST_RATE = MUX_BITS // 400
"""Units of 50 bytes a second."""
_ROUNDING = CLOCK_PER_STAMP
_WIDTH = 720


def peak_bits(part: Part) -> int:
    """Bits of the packs in the fullest second."""
    clock, vob = part.scan.packs.clock, part.scan.navigation.vob[part.vobu]
    most = 0
    for inside in np.split(clock, np.flatnonzero(np.diff(vob)) + 1):
        most = max(most, int((np.searchsorted(inside, inside + CLOCK) - np.arange(len(inside))).max(initial=0)))
    return most * SECTOR_BYTES * 8


def check_packs(part: Part) -> None:
    """Each pack's form, clock and rate."""
    packs = part.scan.packs
    part.say("pack-form", np.flatnonzero(~packs.is_whole), "a sector that is no whole pack")
    part.say("scrambled", np.flatnonzero(packs.is_scrambled), "a scrambled pack: its contents are not judged")
    part.say("mux-rate", np.flatnonzero(packs.mux_rate > _MOST_RATE), "a pack declares a higher rate")
    if not len(part.scan.navigation):
        return
    vob = part.scan.navigation.vob[part.vobu]
    same = np.diff(vob) == 0
    part.say("pack-clock", np.flatnonzero((np.diff(packs.clock) <= 0) & same) + 1, "a clock that does not go on")
    ahead = packs.clock[_PACKS_A_SECOND:] - packs.clock[:-_PACKS_A_SECOND]
    together = vob[_PACKS_A_SECOND:] == vob[:-_PACKS_A_SECOND]
    crowded = np.flatnonzero((ahead < CLOCK - _ROUNDING) & (ahead > 0) & together)
    if len(crowded):
        found = f"{_PACKS_A_SECOND + 1} packs begin within {ahead[crowded].min() / CLOCK:.4f} s"
        part.say("mux-rate", crowded, found, "10.08 Mb/s")
    if part.scan.packs.kind[0] != NAV:
        part.say("nav-pack", np.zeros(1, np.int64), "the VOBs do not begin with a navigation pack")


def _judge_unit(part: Part, unit: Unit, height: int) -> None:
    pack = np.array([unit.pack])
    if unit.length > UNIT_BYTES:
        part.say("subpicture-size", pack, f"a unit of {unit.length:,} bytes")
    elif unit.wrong:
        part.say("subpicture-form", pack, f"a unit that cannot be shown: {unit.wrong}")
    elif unit.arrived > unit.due * CLOCK_PER_STAMP:
        part.say("subpicture-late", pack, "a unit arrives after it is due")
    if unit.area is not None:
        left, right, top, bottom = unit.area
        if right >= _WIDTH or bottom >= height:
            found = f"a picture from {left}, {top} to {right}, {bottom}"
            part.say("subpicture-place", pack, found, f"inside {_WIDTH} x {height}")


def _judge_run(part: Part, units: list[Unit]) -> None:
    """One stream's units in a VOB, each after the one before, and no more at once than the decoder holds."""
    for before, unit in pairwise(units):
        if unit.due < before.due:
            part.say("subpicture-form", np.array([unit.pack]), "a unit is due before the one that comes before it")
    waiting: list[Unit] = []
    for unit in units:
        waiting = [one for one in waiting if one.due * CLOCK_PER_STAMP > unit.arrived] + [unit]
        held = sum(one.length for one in waiting)
        if held > UNIT_BYTES:
            part.say("subpicture-size", np.array([unit.pack]), f"{len(waiting)} units of {held:,} bytes wait at once")


def check_subpictures(part: Part) -> None:
    """Each subpicture unit."""
    if bool(part.scan.packs.is_scrambled.any()):
        return
    height = 576 if part.domain.lines == 625 else 480
    for unit in part.scan.units:
        _judge_unit(part, unit, height)
    vobs = part.scan.navigation.vob[part.vobu] if len(part.scan.navigation) else np.zeros(len(part.scan.packs))
    runs = defaultdict[tuple[int, int], list[Unit]](list)
    for unit in part.scan.units:
        if not unit.wrong and unit.length <= UNIT_BYTES:
            runs[int(vobs[unit.pack]), unit.stream].append(unit)
    for units in runs.values():
        _judge_run(part, units)
