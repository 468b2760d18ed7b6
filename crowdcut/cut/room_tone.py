"""Room tone: the sound of a scene's own rooms where its shots are silent, from one clip's sound to the next one's."""

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import groupby

from crowdcut.cut.desk import Desk
from crowdcut.cut.placed import PlacedShot, PlacedSound, Room
from crowdcut.timing import frames_to_samples, seconds_to_samples

MOST_ROOMS = 16
"""Clips of a scene that are looked through, the nearest to its silences: a scene may have hundreds, hours long."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Silence:
    """Programme samples in which nothing of a run of shots is heard, and how long the sounds on both sides fade."""

    start: int
    end_exclusive: int
    before: int
    after: int


def _silences(start: int, end_exclusive: int, sounds: Sequence[PlacedSound], fade: int) -> Iterator[_Silence]:
    """What of a stretch no sound covers."""
    at, before = start, fade
    for one in sorted(sounds, key=lambda sound: sound.start_sample):
        if one.end_sample_exclusive <= at or one.start_sample >= end_exclusive:
            continue
        if one.start_sample > at:
            yield _Silence(start=at, end_exclusive=one.start_sample, before=before, after=one.fade_in_samples)
        at, before = one.end_sample_exclusive, one.fade_out_samples
    if at < end_exclusive:
        yield _Silence(start=at, end_exclusive=end_exclusive, before=before, after=fade)


def _rooms(takes: Sequence[PlacedSound], silences: Sequence[_Silence]) -> tuple[Room, ...]:
    """The contributions that are heard nearest to any of the silences, each with what it is given there."""
    starts = [gap.start for gap in silences]

    def distance(one: PlacedSound) -> int:
        after = bisect_right(starts, one.start_sample)
        beside = silences[max(0, after - 1) : after + 1]
        return min(max(gap.start - one.end_sample_exclusive, one.start_sample - gap.end_exclusive) for gap in beside)

    rooms: dict[str, Room] = {}
    for one in sorted(takes, key=lambda take: (distance(take), take.start_sample)):
        if len(rooms) < MOST_ROOMS:
            rooms.setdefault(one.use, Room(use=one.use, gain_db=one.gain_db, repair=one.repair))
    return tuple(rooms.values())


def _filled(silence: _Silence, rooms: tuple[Room, ...], shot: str, film_end: int) -> PlacedSound:
    """The room in a silence: it comes while the sound before it goes, and goes while the next one comes."""
    start, end = max(0, silence.start - silence.before), min(film_end, silence.end_exclusive + silence.after)
    return PlacedSound(
        use=rooms[0].use,
        bus="shot",
        source_start=Fraction(0),
        start_sample=start,
        length_samples=end - start,
        fade_in_samples=silence.before,
        fade_out_samples=silence.after,
        fade="equal-power",
        rooms=rooms,
        shot=shot,
    )


def _asked(
    desk: Desk, shots: Sequence[PlacedShot], sounds: Sequence[PlacedSound]
) -> Iterator[tuple[PlacedShot, _Silence]]:
    """The silences of shots that ask for room tone, each with the shot that it begins in."""
    fade, frame = seconds_to_samples(desk.look.sound_fade), frames_to_samples(1, desk.rate)
    for asked, grouped in groupby(shots, lambda placed: placed.shot.room_tone):
        run = list(grouped)
        if not asked:
            continue
        begins = [frames_to_samples(one.start_frame, desk.rate) for one in run]
        for gap in _silences(begins[0], frames_to_samples(run[-1].end_frame_exclusive, desk.rate), sounds, fade):
            # Where frames are no whole samples, two shots that meet may be a sample apart.
            if gap.end_exclusive - gap.start >= frame:
                yield run[max(0, bisect_right(begins, gap.start) - 1)], gap


def room_tones(
    desk: Desk, shots: Sequence[PlacedShot], own: Sequence[Sequence[PlacedSound]], film_end_frame: int
) -> Iterator[PlacedSound]:
    """The room tone of a scene whose shots ask for it.

    shots : the scene's.
    own : all shots' own sounds, of which this scene's are those that bear its shots' names.
    """
    sounds = [one for of_shot in own for one in of_shot]
    silences = list(_asked(desk, shots, sounds))
    names = {placed.shot.name for placed in shots}
    takes = [one for one in sounds if one.shot in names]
    if silences and not takes:
        placed = silences[0][0]
        found = f"no clip of {placed.scene} is heard, so there is no room to take its sound from"
        way_out, shot = "Leave room_tone away here, or hang an effect under it.", placed.shot
        desk.complain("no-room", shot.origin, "room_tone", found, way_out, severity="note", shot=shot.name)
    elif silences:
        rooms = _rooms(takes, [gap for _, gap in silences])
        film_end = frames_to_samples(film_end_frame, desk.rate)
        yield from (_filled(gap, rooms, placed.shot.name, film_end) for placed, gap in silences)
