"""Holds the tables of a domain against its VOBs: cell addresses, VOBU map, time maps, cells and their times."""

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

import numpy as np
from numpy.typing import NDArray

from renderers.verify.frames import Frames
from renderers.verify.ifo import Chain, PlayedCell
from renderers.verify.packs import Numbers
from renderers.verify.part import STAMPS, Part
from renderers.verify.tables import ifo_place
from renderers.verify.vobus import bcd_frames

_TIME_FRAMES = 2
_SECTOR = 0x7FFFFFFF
"""Of an entry of a time map; its first bit says that the next is in another cell."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Timeline:
    """The VOBUs that a program chain plays, in its order."""

    pack: Numbers
    frames: NDArray[np.float64]
    """Since the chain's beginning, by the navigation packs: frames of 30000/1001 or 25 a second, not whole."""
    chapters: tuple[Fraction, ...]
    """When each program begins: seconds of pictures."""
    length: Fraction
    """Seconds of pictures."""
    length_frames: float
    """By the navigation packs."""


def vobus_of(part: Part, cell: PlayedCell) -> Numbers:
    """The VOBUs of a cell as a program chain plays it: those of its VOB at its sectors, whatever cell they name."""
    navigation = part.scan.navigation
    first, end = np.searchsorted(navigation.pack, (cell.first, cell.last + 1))
    return first + np.flatnonzero(navigation.vob[first:end] == cell.vob)


def timeline_of(part: Part, chain: Chain, frames: Frames | None) -> Timeline:
    """What a program chain plays, and when."""
    navigation = part.scan.navigation
    shown = np.zeros(len(navigation), np.int64)
    if frames is not None:
        shown = np.bincount(frames.vobu, weights=frames.fields, minlength=len(navigation)).astype(np.int64)
    packs, times, starts = [], [], []
    passed, fields = 0.0, 0
    for cell in chain.cells:
        starts.append(Fraction(fields * part.field_ticks, 2 * STAMPS))
        if cell.is_other_angle:
            continue
        vobus = vobus_of(part, cell)
        if len(vobus):
            packs.append(navigation.pack[vobus])
            times.append(passed + (navigation.start[vobus] - navigation.start[vobus[0]]) / part.field_ticks)
            passed += float(navigation.end[vobus[-1]] - navigation.start[vobus[0]]) / part.field_ticks
            fields += int(shown[vobus].sum())
    return Timeline(
        pack=np.concatenate(packs or [np.zeros(0, np.int64)]),
        frames=np.concatenate(times or [np.zeros(0)]),
        chapters=tuple(starts[cell - 1] for cell in chain.programs if 1 <= cell <= len(starts)),
        length=Fraction(fields * part.field_ticks, 2 * STAMPS),
        length_frames=passed,
    )


def _check_addresses(part: Part) -> None:
    """Each entry of the cell address table begins and ends where the VOBUs that name its cell do."""
    navigation = part.scan.navigation
    ends = navigation.pack + navigation.last
    keys = navigation.vob << 8 | navigation.cell
    listed = set[int]()
    for entry in part.domain.addresses:
        key = entry.vob << 8 | entry.cell
        listed.add(key)
        first, last = np.searchsorted(navigation.pack, entry.first), np.searchsorted(ends, entry.last)
        there = first < len(keys) and last < len(keys) and navigation.pack[first] == entry.first
        there = there and ends[last] == entry.last and keys[first] == key == keys[last]
        alone = there and (first == 0 or keys[first - 1] != key) and (last + 1 == len(keys) or keys[last + 1] != key)
        if not alone:
            found = f"VOB {entry.vob} cell {entry.cell} is not at sectors {entry.first} to {entry.last}"
            part.judge.say("cell-addresses", found, ifo_place(part.domain.titleset, part.domain.name))
    firsts = np.flatnonzero(np.diff(keys, prepend=-1))
    for vobu in firsts.tolist():
        key = int(keys[vobu])
        if key not in listed and part.domain.addresses and not vobu:
            part.say("cell-addresses", navigation.pack[vobu : vobu + 1], "its cell is not in the cell address table")


def _check_map(part: Part) -> None:
    told, there = np.array(part.domain.map, np.int64), part.scan.navigation.pack
    if not len(told):
        return
    wrong, missing = np.setdiff1d(told, there), np.setdiff1d(there, told)
    place = ifo_place(part.domain.titleset, part.domain.name)
    if len(wrong):
        part.judge.say("vobu-map", f"it names sector {wrong[0]}, where no VOBU begins", place)
    elif len(missing):
        part.judge.say("vobu-map", f"it leaves out the VOBU at sector {missing[0]}", place)


def _check_cells(part: Part, chain: Chain) -> None:
    """Each cell of a program chain begins and ends with VOBUs that name it."""
    navigation = part.scan.navigation
    ends = navigation.pack + navigation.last
    for number, cell in enumerate(chain.cells, 1):
        first = int(np.searchsorted(navigation.pack, cell.first))
        last = int(np.searchsorted(navigation.pack, cell.last_vobu))
        good = max(first, last) < len(navigation)
        good = good and navigation.pack[first] == cell.first and navigation.pack[last] == cell.last_vobu
        good = good and (ends[last] == cell.last or cell.is_interleaved)
        for vobu in (first, last) if good else ():
            good = good and navigation.vob[vobu] == cell.vob and navigation.cell[vobu] == cell.cell
        if not good:
            what = f"{part.domain.name}, program chain {chain.number}, cell {number}"
            found = f"VOB {cell.vob} cell {cell.cell} does not lie at sectors {cell.first} to {cell.last}"
            part.judge.say("chain-cells", found, ifo_place(part.domain.titleset, what))


def _bcd(time: bytes) -> int:
    return int(bcd_frames(np.array([int.from_bytes(time, "big")]))[0])


def _check_chain_times(part: Part, chain: Chain) -> None:
    navigation, total = part.scan.navigation, 0
    for number, cell in enumerate(chain.cells, 1):
        told, vobus = _bcd(cell.time), vobus_of(part, cell)
        total += 0 if cell.is_other_angle else told
        if not len(vobus):
            continue
        there = float(navigation.end[vobus[-1]] - navigation.start[vobus[0]]) / part.field_ticks
        if abs(told - there) > _TIME_FRAMES:
            what = f"{part.domain.name}, program chain {chain.number}, cell {number}"
            found = f"it is to be {told} frames long; its VOBUs are {there:.1f}"
            part.judge.say("chain-time", found, ifo_place(part.domain.titleset, what))
    told = _bcd(chain.time)
    wanted = 1 if part.domain.lines == 625 else 3
    if chain.cells and {one[3] >> 6 for one in (chain.time, *(cell.time for cell in chain.cells))} != {wanted}:
        what = f"{part.domain.name}, program chain {chain.number}"
        found = "a time of another count of frames a second"
        part.judge.say("chain-time", found, ifo_place(part.domain.titleset, what))
    if chain.cells and abs(told - total) > _TIME_FRAMES + len(chain.cells) // 2:
        what = f"{part.domain.name}, program chain {chain.number}"
        part.judge.say("chain-time", f"{told} frames; its cells have {total}", ifo_place(part.domain.titleset, what))


def _check_time_map(part: Part, chain: Chain, seconds: int, entries: Sequence[int], timeline: Timeline) -> None:
    """Each entry is the VOBU that plays after so many seconds: as timecode counts them, or as clocks do."""
    what = f"{part.domain.name}, time map {chain.number}"
    place = ifo_place(part.domain.titleset, what)
    nominal = 25 if part.domain.lines == 625 else 30
    if not seconds or not len(timeline.pack):
        return
    if (len(entries) + 2) * seconds * nominal < timeline.length_frames:
        judged = f"{len(entries)} entries of {seconds} s for {timeline.length_frames / nominal:.0f} s"
        part.judge.say("time-map", judged, place)
    packs, last = timeline.pack.tolist(), len(timeline.pack) - 1
    there = {pack: index for index, pack in enumerate(packs)}
    for number, entry in enumerate(entries, 1):
        sector = entry & _SECTOR
        if sector not in there:
            part.judge.say("time-map", f"entry {number} is sector {sector}, where no VOBU begins", place)
            continue
        times = number * seconds * nominal, number * seconds * nominal * (1 if nominal == 25 else 1000 / 1001)
        wanted = [int(np.searchsorted(timeline.frames, time, side="right")) - 1 for time in times]
        # A chain may play a VOBU more than once.
        near = {min(max(one + step, 0), last) for one in wanted for step in (-1, 0, 1)}
        if all(packs[index] != sector for index in near):
            at = timeline.frames[there[sector]] / nominal
            part.judge.say("time-map", f"entry {number} is the VOBU of {at:.2f} s", place, f"{number * seconds} s")


def check_chains(part: Part, time_maps: Sequence[tuple[int, tuple[int, ...]]], timelines: dict[int, Timeline]) -> None:
    """The tables of a domain held against its VOBs. ``timelines``: by the number of their program chain; of titles."""
    if not len(part.scan.navigation):
        return
    _check_addresses(part)
    _check_map(part)
    for chain in part.domain.chains:
        _check_cells(part, chain)
        _check_chain_times(part, chain)
    if not part.domain.is_menu:
        for chain, (seconds, entries) in zip(part.domain.chains, time_maps, strict=False):
            _check_time_map(part, chain, seconds, entries, timelines[chain.number])
