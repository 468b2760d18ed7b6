"""Room tone: the sound of a scene's own rooms where its shots are silent, from one clip's sound to the next one's."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import groupby

from crowdcut.cut.desk import Desk
from crowdcut.cut.placed import PlacedShot, PlacedSound
from crowdcut.timing import frames_to_samples, seconds_to_samples


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


def _filled(silence: _Silence, takes: Sequence[PlacedSound], shot: str, film_end: int) -> PlacedSound:
    """The room in a silence: it comes while the sound before it goes, and goes while the next one comes."""
    start, end = max(0, silence.start - silence.before), min(film_end, silence.end_exclusive + silence.after)
    return PlacedSound(
        use=takes[0].use,
        bus="shot",
        source_start=Fraction(0),
        start_sample=start,
        length_samples=end - start,
        fade_in_samples=silence.before,
        fade_out_samples=silence.after,
        fade="equal-power",
        rooms=tuple(dict.fromkeys((one.use, one.gain_db) for one in takes)),
        shot=shot,
    )


def _at(shots: Sequence[PlacedShot], sample: int, rate: Fraction) -> PlacedShot:
    """The last shot that has begun at a sample; the first before that."""
    begun = [one for one in shots if frames_to_samples(one.start_frame, rate) <= sample]
    return begun[-1] if begun else shots[0]


def room_tones(
    desk: Desk, shots: Sequence[PlacedShot], own: Sequence[Sequence[PlacedSound]], film_end_frame: int
) -> Iterator[PlacedSound]:
    """The room tone of a scene whose shots ask for it.

    shots : the scene's.
    own : all shots' own sounds, of which this scene's are those that bear its shots' names.
    """
    fade, frame = seconds_to_samples(desk.look.sound_fade), frames_to_samples(1, desk.rate)
    film_end = frames_to_samples(film_end_frame, desk.rate)
    names = {placed.shot.name for placed in shots}
    sounds = [one for of_shot in own for one in of_shot]
    takes = [one for one in sounds if one.shot in names]
    for asked, grouped in groupby(shots, lambda placed: placed.shot.room_tone):
        run = list(grouped)
        if not asked:
            continue
        start, end = (frames_to_samples(one, desk.rate) for one in (run[0].start_frame, run[-1].end_frame_exclusive))
        # Where frames are no whole samples, two shots that meet may be a sample apart.
        silences = [one for one in _silences(start, end, sounds, fade) if one.end_exclusive - one.start >= frame]
        if silences and not takes:
            shot = run[0].shot
            found = f"no clip of {run[0].scene} is heard, so there is no room to take its sound from"
            way_out = "Leave room_tone away here, or hang an effect under it."
            desk.complain("no-room", shot.origin, "room_tone", found, way_out, severity="note", shot=shot.name)
        elif silences:
            yield from (_filled(one, takes, _at(run, one.start, desk.rate).shot.name, film_end) for one in silences)
