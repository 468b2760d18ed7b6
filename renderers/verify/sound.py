"""Judges the sound of a domain: how it is coded, that it goes on, and that it is there when it is due."""

import numpy as np

from crowdcut.disc.rules import AC3_BITS
from renderers.verify.packs import CLOCK, CLOCK_PER_STAMP, SHOWN, Numbers
from renderers.verify.part import STAMPS, Part
from renderers.verify.scanning import AC3

_AC3, _MPEG, _MPEG_EXTENDED, _LPCM, _DTS = 0, 2, 3, 4, 6
_FRAME_TICKS = {_AC3: 2880, _DTS: 960, _LPCM: 150}
"""1536 and 512 samples at 48 kHz; a 600th of a second."""
_LONGEST_FRAME = 2880
_EARLIEST_CLOCK = CLOCK + CLOCK // 100
_AC3_KILOBITS = (32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320, 384, 448, 512, 576, 640)
"""ETSI TS 102 366 table 4.13."""
_SUB_STREAMS = {_AC3: 0x80, _DTS: 0x88, _LPCM: 0xA0, _MPEG: 0xC0, _MPEG_EXTENDED: 0xC0}


def coding_of(stream: int) -> int:
    """How a sub-stream is coded, as the attributes number it."""
    if stream >= 0xC0:
        return _MPEG
    return _LPCM if stream >= 0xA0 else _DTS if stream >= 0x88 else _AC3


def _check_declared(part: Part) -> None:
    """Each stream that is there is one of those that the IFO declares."""
    scan, domain = part.scan, part.domain
    sounds = set(np.unique(scan.packs.stream[scan.sound_packs]).tolist())
    codings = [attributes[0] >> 5 for attributes in domain.sounds]
    declared = {_SUB_STREAMS.get(coding, -1) + number for number, coding in enumerate(codings)}
    for stream in sorted(sounds - declared):
        number = stream & 7
        rows = scan.sound_packs[scan.packs.stream[scan.sound_packs] == stream]
        rule = "sound-format" if number < len(codings) else "stream-declared"
        part.say(rule, rows[:1], f"sound stream {stream:#04x}, of which the IFO says nothing")
    shown = np.flatnonzero(scan.packs.kind == SHOWN)
    # Of menus the IFO may declare one; those for other shapes of picture go with it.
    most = len(domain.subpictures) if not domain.is_menu or not domain.subpictures else 4
    beyond = shown[(scan.packs.stream[shown] & 31) >= most]
    part.say("stream-declared", beyond[:1], "a subpicture stream of which the IFO says nothing")


def _channels(mode: Numbers) -> Numbers:
    """Channels of AC-3 frames whose byte of acmod this is, low frequencies included (ETSI TS 102 366 4.3.2, table 4.3).

    Between acmod and lfeon stand two bits each for a centre beside two fronts, for surrounds and for stereo.
    """
    acmod = mode >> 5
    between = 2 * ((acmod & 1 != 0) & (acmod != 1)) + 2 * (acmod & 4 != 0) + 2 * (acmod == 2)
    return np.array((2, 1, 2, 3, 3, 4, 4, 5))[acmod] + (mode >> (4 - between) & 1)


def _check_ac3(part: Part) -> None:
    rows, heads = part.scan.sound_packs, part.scan.ac3
    is_ac3 = (part.scan.packs.stream[rows] >= AC3.start) & (part.scan.packs.stream[rows] < AC3.stop)
    part.say("sound-format", rows[is_ac3 & (heads == -2)], "no AC-3 frame begins where its pack says")
    code = heads >> 16 & 0xFF
    seen = is_ac3 & (heads >= 0)
    part.say("sound-format", rows[seen & (code >> 6 != 0)], "AC-3 that is not of 48 kHz")
    size = code & 63
    most = 2 * _AC3_KILOBITS.index(AC3_BITS // 1000) + 1
    fast = rows[seen & (size > most)]
    part.say("sound-format", fast, "AC-3 of more than 448 kb/s")
    for number, attributes in enumerate(part.domain.sounds):
        declared = (attributes[1] & 7) + 1
        own = seen & (part.scan.packs.stream[rows] == AC3.start + number)
        other = rows[own & (_channels(heads & 0xFF) != declared)]
        part.say("sound-format", other, f"AC-3 of other than the {declared} channels that the IFO declares")


def _lengths(part: Part, rows: Numbers, coding: int) -> Numbers:
    """How long the sound is that begins in each pack: 90 kHz ticks; 0 where a pack does not say."""
    return part.scan.packs.frames[rows].astype(np.int64) * _FRAME_TICKS.get(coding, 0)


def _check_run(part: Part, rows: Numbers, coding: int) -> None:
    """One stream's packs in one VOB: stamped one after the other, and in time."""
    packs = part.scan.packs
    lengths = _lengths(part, rows, coding)
    stamped = np.flatnonzero(packs.pts[rows] >= 0)
    if not len(stamped):
        return
    stamps = packs.pts[rows][stamped]
    clocks = packs.clock[rows[stamped]]
    due = stamps * CLOCK_PER_STAMP
    late = rows[stamped[clocks > due]]
    part.say("sound-late", late, "sound comes after it is due")
    early = rows[stamped[due - clocks > _EARLIEST_CLOCK]]
    part.say("sound-late", early, "sound comes more than a second before it is due")
    frame = _FRAME_TICKS.get(coding)
    if frame is None or coding == _LPCM:
        gaps = np.flatnonzero(np.diff(stamps) > STAMPS // 5)  # their packs do not say how long they are
    else:
        passed = np.cumsum(lengths) - lengths
        off = np.diff(stamps) - np.diff(passed[stamped])
        gaps = np.flatnonzero(np.abs(off) > frame // 2)
    part.say("sound-gap", rows[stamped[gaps + 1]], "the sound does not go on from where its last pack ended")


def _check_cells(part: Part, rows: Numbers, stream: int, vob: int) -> None:
    """Where each cell of a VOB begins, there is sound of the stream."""
    navigation, packs = part.scan.navigation, part.scan.packs
    inside = np.flatnonzero(navigation.vob == vob)
    starts = inside[np.diff(navigation.cell[inside], prepend=-1) != 0]
    stamped = rows[packs.pts[rows] >= 0]
    stamps = packs.pts[stamped]
    times = navigation.start[starts]
    before = np.searchsorted(stamps, times + _LONGEST_FRAME, side="right") - 1
    silent = (before < 0) | (times - stamps[np.maximum(before, 0)] > STAMPS // 2)
    part.say(
        "sound-sync",
        navigation.pack[starts[silent]],
        f"sound stream {stream:#04x} is not there where its cell begins",
    )


def _check_end(part: Part, rows: Numbers, stream: int, vob: int) -> None:
    """Where a VOB of a title ends, its sound has gone on to the end."""
    navigation, packs = part.scan.navigation, part.scan.packs
    last = np.flatnonzero(navigation.vob == vob)[-1]
    ended = int(packs.pts[rows].max()) + STAMPS // 2
    if not part.domain.is_menu and ended < int(navigation.end[last]):
        found = f"sound stream {stream:#04x} ends half a second and more before its VOB"
        part.say("sound-sync", navigation.pack[last : last + 1], found)


def check_sound(part: Part) -> None:
    """All rules of the sound of a domain."""
    _check_declared(part)
    scan = part.scan
    if bool(scan.packs.is_scrambled.any()) or not len(scan.navigation):
        return
    _check_ac3(part)
    rows = scan.sound_packs
    vobs, streams = scan.navigation.vob[part.vobu[rows]], scan.packs.stream[rows].astype(np.int64)
    both = vobs << 8 | streams
    order = np.argsort(both, kind="stable")
    for members in np.split(order, np.flatnonzero(np.diff(both[order])) + 1):
        if len(members):
            stream, vob = int(streams[members[0]]), int(vobs[members[0]])
            _check_run(part, rows[members], coding_of(stream))
            if (scan.packs.pts[rows[members]] >= 0).any():
                _check_cells(part, rows[members], stream, vob)
                _check_end(part, rows[members], stream, vob)
