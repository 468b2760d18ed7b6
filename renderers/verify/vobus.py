"""Judges the navigation of a domain: that every navigation pack is where and when it says, and lands where it says."""

import numpy as np
from numpy.typing import NDArray

from crowdcut.disc.rules import LAST_VOBU_SECONDS, SHORT_VOBU_TENTHS, VOBU_SECONDS
from renderers.verify.frames import Frames
from renderers.verify.navigation import SEARCH_SPANS
from renderers.verify.packs import CLOCK_PER_STAMP, SOUND, Numbers
from renderers.verify.part import STAMPS, Part

_NONE, _OFFSET = 0x3FFFFFFF, 0x3FFFFFFF
_HALF_SECOND = STAMPS // 2
_SYNC_TICKS = 3 * STAMPS // 10
_NEXT, _BEFORE = 20, 21
_NO_SOUND, _NO_PICTURE = 0x3FFF, 0x7FFFFFFF


def bcd_frames(times: Numbers) -> Numbers:
    """Frames of times of four bytes hh:mm:ss:ff, as timecode counts them: 25 or 30 a second."""
    digits = [(times >> shift & 15) + 10 * (times >> shift + 4 & top) for shift, top in ((24, 15), (16, 15), (8, 15))]
    hours, minutes, seconds = digits
    frames = (times & 15) + 10 * (times >> 4 & 3)
    rate = np.where(times >> 6 & 3 == 1, 25, 30)
    return ((hours * 60 + minutes) * 60 + seconds) * rate + frames


def check_own(part: Part) -> None:
    """What each navigation pack says of itself: form, sector, clock, cell, end."""
    navigation, packs = part.scan.navigation, part.scan.packs
    at = navigation.pack
    part.say("nav-pack", at[~navigation.is_formed], "PCI or DSI is not where it must be")
    moved = at[navigation.is_formed & ((navigation.pci_sector != at) | (navigation.dsi_sector != at))]
    part.say("nav-pack", moved, "it names another sector than its own")
    clock = packs.clock[at] // CLOCK_PER_STAMP & 0xFFFFFFFF
    part.say("nav-pack", at[navigation.is_formed & (navigation.dsi_clock != clock)], "it names another clock")
    ends = np.append(at[1:], len(packs)) - 1 - at
    part.say("vobu-end", at[navigation.last != ends], "it names another last sector than the one before the next")


def check_cells(part: Part) -> None:
    """Each VOBU lies in the cell that it names, as the cell address table has it."""
    navigation = part.scan.navigation
    table = {(one.vob, one.cell): one for one in part.domain.addresses}
    if not table:
        return
    keys = navigation.vob << 8 | navigation.cell
    for key in np.unique(keys).tolist():
        rows = navigation.pack[keys == key]
        address = table.get((key >> 8, key & 255))
        if address is None:
            part.say("vobu-cell", rows, f"it names VOB {key >> 8} cell {key & 255}, which there is not")
            continue
        outside = rows[(rows < address.first) | (rows > address.last)]
        found = f"it names VOB {key >> 8} cell {key & 255}, outside of which it lies"
        part.say("vobu-cell", outside, found, f"sectors {address.first} to {address.last}")


def _cell_starts(part: Part) -> Numbers:
    """When the cell of each VOBU begins: the cell that lies there by the address table, or that the VOBUs name."""
    navigation = part.scan.navigation
    plain = not bool((navigation.interleaved & 0xF000).any())
    firsts = np.unique(np.array([one.first for one in part.domain.addresses], np.int64))
    begins = np.searchsorted(navigation.pack, firsts)
    if plain and len(firsts) and not begins[0] and begins[-1] < len(navigation):
        which = np.searchsorted(firsts, navigation.pack, side="right") - 1
        return navigation.start[begins][which]
    _, first, which = np.unique(navigation.vob << 8 | navigation.cell, return_index=True, return_inverse=True)
    return navigation.start[first][which]


def check_times(part: Part, frames: Frames | None) -> None:
    """When each VOBU is shown, by its pictures, by PCI and by DSI."""
    navigation = part.scan.navigation
    frame = part.field_ticks  # two fields, in ticks of 90 kHz
    at = navigation.pack
    if frames is not None:
        shown = np.full(len(navigation), np.int64(1) << 62)
        np.minimum.at(shown, frames.vobu, frames.shown)
        off = np.abs(shown // 2 - navigation.start) > frame // 8
        part.say(
            "vobu-times", at[off & (shown < 1 << 62)], "its first picture is shown at another time than the PCI says"
        )
    follows = np.diff(navigation.vob) == 0
    off = np.abs(navigation.end[:-1] - navigation.start[1:]) > frame
    part.say("vobu-times", at[:-1][follows & off], "the PCI says another end than when the next VOBU begins")
    part.say("vobu-times", at[navigation.end <= navigation.start], "the PCI says an end before its beginning")
    first = np.unique(navigation.vob, return_index=True)[1]
    begins = dict(zip(navigation.vob[first].tolist(), navigation.start[first].tolist(), strict=True))
    wanted = np.array([begins[vob] for vob in navigation.vob.tolist()])
    off = np.abs(navigation.vob_start - wanted) > frame
    part.say("vobu-times", at[off], "the DSI says another beginning of its VOB")
    elapsed = (navigation.start - _cell_starts(part)) / frame
    for told in (navigation.pci_elapsed, navigation.dsi_elapsed):
        off = np.abs(bcd_frames(told) - elapsed) > 1.5
        part.say("vobu-times", at[off], "it says another time since its cell began")


def check_lengths(part: Part, frames: Frames | None) -> None:
    """How long each VOBU is."""
    if frames is None:
        return
    navigation = part.scan.navigation
    count = np.bincount(frames.vobu, minlength=len(navigation))
    fields = np.bincount(frames.vobu, weights=frames.fields, minlength=len(navigation))
    seconds = fields * part.field_ticks / (2 * STAMPS)
    keys = navigation.vob << 8 | navigation.cell
    goes_on = np.append(np.diff(keys) == 0, False)
    # As timecode counts them: 30 frames of 30000/1001 are a second.
    nominal = fields / (50 if part.domain.lines == 625 else 60)
    long = (nominal > np.where(goes_on, VOBU_SECONDS, LAST_VOBU_SECONDS)) & (count > 1)
    if long.any():
        part.say("vobu-length", navigation.pack[long], f"a VOBU of {seconds[long].max():.2f} s")
    short = (seconds < SHORT_VOBU_TENTHS / 10) & goes_on & (count > 1)
    if short.any():
        part.say("vobu-short", navigation.pack[short], f"a VOBU of {seconds[short].min():.2f} s")


def check_references(part: Part, frames: Frames | None) -> None:
    """The DSI's first reference picture is in its VOBU, and whole there."""
    if frames is None:
        return
    navigation = part.scan.navigation
    firsts = np.flatnonzero(np.diff(frames.vobu, prepend=-1))
    vobu = frames.vobu[firsts]
    told, ends = navigation.first_reference[vobu], frames.last_pack[firsts] - navigation.pack[vobu]
    wrong = (told < ends) | (told > navigation.last[vobu])
    part.say("vobu-end", navigation.pack[vobu[wrong]], "its first reference picture ends elsewhere than the DSI says")


def check_search(part: Part) -> None:
    """Each search entry lands on a VOBU of its time."""
    navigation = part.scan.navigation
    at, count = navigation.pack, len(navigation)
    spans = [0, *SEARCH_SPANS, 0, 0, *reversed(SEARCH_SPANS), 0]
    signs = [1] * 21 + [-1] * 21
    own = np.arange(count)
    wrong, late = np.zeros(count, bool), np.zeros(count, bool)
    for column, (span, sign) in enumerate(zip(spans, signs, strict=True)):
        entry = navigation.search[:, column]
        given = entry & _OFFSET != _NONE
        target = at + sign * (entry & _OFFSET)
        index = np.minimum(np.searchsorted(at, target), count - 1)
        lands = at[index] == target
        wrong |= given & ~lands
        if column in (_NEXT, _BEFORE):
            wrong |= given & lands & (index != own + sign)
            continue
        if span:
            wanted = navigation.start + sign * span * _HALF_SECOND
            near = (navigation.start[index] <= wanted + _HALF_SECOND) & (navigation.end[index] >= wanted - _HALF_SECOND)
            beside = np.zeros(count, bool)
            for step in (-1, 1):
                other = np.clip(index + step, 0, count - 1)
                beside |= (navigation.start[other] <= wanted) & (navigation.end[other] > wanted)
            same = navigation.vob[index] == navigation.vob
            late |= given & lands & same & ~near & ~beside
    keys = navigation.vob << 8 | navigation.cell
    plain = navigation.interleaved & 0xF000 == 0
    goes_on = np.append(np.diff(keys) == 0, False) & plain
    wrong |= goes_on & (navigation.search[:, _NEXT] & _OFFSET == _NONE)
    wrong |= np.append(False, goes_on[:-1]) & (navigation.search[:, _BEFORE] & _OFFSET == _NONE)
    part.say("vobu-search", at[wrong & plain], "an entry that lands on no VOBU, or not on the next")
    part.say("vobu-search", at[late & plain & ~wrong], "an entry that lands on a VOBU of another time")


def _is_first_sound(part: Part) -> NDArray[np.bool_]:
    """Which packs are the first of their sound in their VOB: what is addressed where there is none before."""
    rows = part.scan.sound_packs
    keys = part.scan.navigation.vob[part.vobu[rows]] << 8 | part.scan.packs.stream[rows]
    first = np.zeros(len(part.scan.packs), np.bool_)
    first[rows[np.unique(keys, return_index=True)[1]]] = True
    return first


def check_sync(part: Part) -> None:
    """The addresses of sound and subpictures land where they should."""
    navigation, packs = part.scan.navigation, part.scan.packs
    at, first_sound = navigation.pack, _is_first_sound(part)
    for column in range(navigation.sound_sync.shape[1]):
        told = navigation.sound_sync[:, column]
        given = (told & 0x7FFF != _NO_SOUND) & (told != 0)
        target = at + np.where(told & 0x8000, -(told & 0x7FFF), told & 0x7FFF)
        inside = (target >= 0) & (target < len(packs))
        safe = np.where(inside, target, 0)
        good = inside & (packs.kind[safe] == SOUND)
        near = (packs.pts[safe] < 0) | (np.abs(packs.pts[safe] - navigation.start) <= _SYNC_TICKS)
        near |= first_sound[safe]
        odd = at[given & ~(good & near)]
        part.say("sync-address", odd, f"its address of sound stream {column} does not land on sound of its time")
    for column in range(navigation.shown_sync.shape[1]):
        told = navigation.shown_sync[:, column]
        given = (told & _NO_PICTURE != _NO_PICTURE) & (told & _NO_PICTURE != 0)
        target = at + np.where(told >> 31, -1, 1) * (told & _NO_PICTURE)
        lands = at[np.minimum(np.searchsorted(at, target), len(at) - 1)] == target
        part.say("sync-address", at[given & ~lands], f"its address of subpicture stream {column} lands on no VOBU")


def check_navigation(part: Part, frames: Frames | None) -> None:
    """All rules of the navigation packs of a domain."""
    if not len(part.scan.navigation):
        return
    check_own(part)
    check_cells(part)
    check_times(part, frames)
    check_lengths(part, frames)
    check_references(part, frames)
    check_search(part)
    check_sync(part)
