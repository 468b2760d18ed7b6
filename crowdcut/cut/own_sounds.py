"""The clips' own sounds: when each is heard, before and after its picture too, and how it meets its neighbours'."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from fractions import Fraction

from crowdcut.cut.cells import pans_in, placed_cell
from crowdcut.cut.desk import Desk
from crowdcut.cut.pace import source_begin
from crowdcut.cut.placed import PlacedShot, PlacedSound
from crowdcut.cut.repairs import repair_for
from crowdcut.media import Media
from crowdcut.sound.levels import shared_gain_db
from crowdcut.timing import clock, frames_to_samples, seconds_to_samples


def _there(media: Media, placed: PlacedShot, length: Fraction) -> tuple[Fraction, Fraction]:
    """Seconds of programme that a clip's sound has for before its picture and for after it; negative: it lacks some."""
    assert media.sound is not None
    begin, pace = source_begin(placed.shot), abs(placed.speed)
    first = media.sound.start - media.origin
    head = (begin - first) / pace
    tail = (first + media.sound.duration - begin) / pace - length
    return (head, tail) if placed.speed > 0 else (tail, head)


def _kept_to(desk: Desk, placed: PlacedShot, key: str, asked: Fraction, *, clip: Fraction, film: Fraction) -> Fraction:
    """Seconds of ``asked`` that there are; a warning where that is a frame less.

    clip, film : seconds that there are of the clip, and in the film.
    """
    most = max(Fraction(0), min(clip, film))
    if asked <= most:
        return asked
    if asked - most >= 1 / desk.rate:
        shot, early = placed.shot, key == "sound_in"
        name = "the film" if film < clip else desk.named(shot.use or "")
        there = f"{name} has {clock(most)} of that {'before' if early else 'after'} its picture"
        found = f"its sound was to {'begin earlier' if early else 'go on'} by {clock(asked)}, and {there}"
        way_out = f"Shorten {key}, or have the picture {'begin later' if early else 'end earlier'} in its clip."
        rule = "begins-late" if early else "ends-early"
        desk.complain(rule, shot.origin, key, found, way_out, severity="warning", shot=shot.name)
    return most


def _silent(desk: Desk, shot_of: PlacedShot) -> bool:
    """Whether a shot has no sound of its own; a note where it says when that is heard."""
    shot = shot_of.shot
    media = desk.media[shot.use] if shot.use is not None else None
    heard = media is not None and media.kind == "video" and media.sound is not None and shot_of.speed
    if heard and shot.sound != "mute":
        return False
    for key, seconds in (("sound_in", shot.sound_in), ("sound_out", shot.sound_out)):
        if seconds:
            found, way_out = "this shot has no sound of its own", f"Leave {key} away."
            desk.complain("no-sound", shot.origin, key, found, way_out, severity="note", shot=shot.name)
    return True


def _alone(desk: Desk, placed: PlacedShot, film_end_frame: int) -> Iterator[PlacedSound]:
    """A clip's own sound where it is heard, without fades."""
    shot = placed.shot
    if _silent(desk, placed):
        return
    assert shot.use is not None
    length = placed.length_frames / desk.rate
    head, tail = _there(desk.media[shot.use], placed, length)
    before, after = placed.start_frame / desk.rate, (film_end_frame - placed.end_frame_exclusive) / desk.rate
    early = _kept_to(desk, placed, "sound_in", shot.sound_in, clip=head, film=before)
    late = _kept_to(desk, placed, "sound_out", shot.sound_out, clip=tail, film=after)
    # A take that was started after its guide is not heard before that.
    waits = max(Fraction(0), -source_begin(shot) / abs(placed.speed))
    if waits >= length:
        return
    early = min(early, -waits) if waits else early
    if early + late + length <= 0:
        found, way_out = "its sound would end before it begins", "Shorten one of the two."
        desk.complain("empty", shot.origin, "sound_out" if late < 0 else "sound_in", found, way_out, shot=shot.name)
        return
    first, last = seconds_to_samples(early), seconds_to_samples(late)
    yield PlacedSound(
        use=shot.use,
        bus="shot",
        source_start=source_begin(shot) - (early * placed.speed if placed.speed > 0 else late * -placed.speed),
        speed=placed.speed,
        start_sample=frames_to_samples(placed.start_frame, desk.rate) - first,
        length_samples=first + frames_to_samples(placed.length_frames, desk.rate) + last,
        gain_db=shot.gain_db,
        early=early,
        late=late,
        repair=repair_for(desk, shot.use, "shot", shot.repair),
        shot=shot.name,
    )


def _own(desk: Desk, placed: PlacedShot, film_end_frame: int) -> list[PlacedSound]:
    """What is heard of a shot; of several clips at once, each as loud as its share."""
    if not placed.shot.cells:
        return list(_alone(desk, placed, film_end_frame))
    cells = [placed_cell(desk, placed, cell) for cell in placed.shot.cells]
    sounds = [
        replace(one, pan=pan)
        for cell, pan in zip(cells, pans_in(placed.shot), strict=True)
        for one in _alone(desk, cell, film_end_frame)
        if one.use not in desk.broken
    ]
    return [replace(one, gain_db=one.gain_db + shared_gain_db(len(sounds))) for one in sounds]


def _met(
    desk: Desk,
    sound: PlacedSound,
    before: Sequence[PlacedSound],
    after: Sequence[PlacedSound],
    *,
    into: int,
    leaves: int,
) -> PlacedSound:
    """A sound with its fades: as long as it is heard together with those of the shots beside it; beside a silent one,
    as long as their pictures share.

    into, leaves : frames of the transitions to its shot and from it.
    """
    short = seconds_to_samples(desk.look.sound_fade)
    shared_in, shared_out = (frames_to_samples(frames, desk.rate) for frames in (into, leaves))
    shared_in += seconds_to_samples(sound.early) if into else 0
    shared_out += seconds_to_samples(sound.late) if leaves else 0
    if before:
        shared_in = max(one.end_sample_exclusive for one in before) - sound.start_sample
    if after:
        shared_out = sound.end_sample_exclusive - min(one.start_sample for one in after)
    return replace(
        sound,
        fade_in_samples=max(short, shared_in),
        fade_out_samples=max(short, shared_out),
        fade="equal-power" if max(shared_in, shared_out) > short else "raised-cosine",
    )


def own_sounds(desk: Desk, shots: Sequence[PlacedShot]) -> list[list[PlacedSound]]:
    """The sounds of each shot, crossfaded with its neighbours' for as long as both are heard."""
    end = shots[-1].end_frame_exclusive
    alone = [_own(desk, placed, end) for placed in shots]
    leaves = [*(placed.into_frames for placed in shots[1:]), 0]
    return [
        [_met(desk, one, before, after, into=placed.into_frames, leaves=leaving) for one in sounds]
        for placed, leaving, before, sounds, after in zip(
            shots, leaves, [[], *alone[:-1]], alone, [*alone[1:], []], strict=True
        )
    ]
