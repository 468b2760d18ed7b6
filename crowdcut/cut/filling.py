"""Music that fills its time by jumps from bar line to bar line: fitted to it, or in loops that keep their bars."""

from dataclasses import replace
from fractions import Fraction
from itertools import pairwise

from crowdcut.cut.bars import Passages, seconds_of
from crowdcut.cut.desk import Desk
from crowdcut.cut.jumps import jumps_told
from crowdcut.cut.placed import Jump, PlacedSound
from crowdcut.cut.rhythm import passages_of
from crowdcut.episode import Sound
from crowdcut.timing import SAMPLE_RATE, clock, seconds_to_samples


def _jumping(placed: PlacedSound, passages: Passages) -> PlacedSound:
    """A sound that plays these passages; each jump is rounded to a sample by itself, so that nothing adds up."""
    jumps, at = [], Fraction(0)
    for before, after in pairwise(passages):
        at += (before.end - before.start) / placed.speed
        jumps.append(Jump(at_samples=seconds_to_samples(at), source=after.start, source_before=before.end))
    return replace(placed, jumps=tuple(jumps), loop_samples=None)


def _ended(desk: Desk, sound: Sound, placed: PlacedSound, seconds: Fraction) -> PlacedSound:
    """Fitted music that plays for so long: it ends before its time is up, or fades over what is past that."""
    over = seconds_to_samples(seconds) - placed.length_samples
    name = desk.named(sound.use)
    found = f"{name} jumps {jumps_told(placed.jumps)}" if placed.jumps else f"{name} needs no jump"
    if over:
        ends = "before" if over < 0 else "after"
        found += f", and its own end comes {clock(Fraction(abs(over), SAMPLE_RATE))} {ends} its time is up"
    desk.complain("fitted", sound.origin, "fit", found, severity="note")
    if over <= 0:
        return replace(placed, length_samples=placed.length_samples + over)
    return replace(placed, fade_out_samples=max(placed.fade_out_samples, over))


def _unfitted(desk: Desk, sound: Sound, placed: PlacedSound, left: Fraction) -> PlacedSound:
    """Music that cannot be fitted, for as long as it lasts."""
    name = desk.named(sound.use)
    if sound.use not in desk.beats:
        found = f"the bars of {name} are not known, so it is not fitted"
        way_out = "Give bpm and first_bar where it stands in the library."
        desk.complain("no-beats", sound.origin, "fit", found, way_out, severity="warning")
    else:
        length = clock(Fraction(placed.length_samples, SAMPLE_RATE))
        found = f"no jump from bar to bar brings {name} to {length}, within half a bar"
        way_out = "Give it more time, or leave 'fit' away and say where it fades."
        desk.complain("not-fitted", sound.origin, "fit", found, way_out, severity="warning")
    return replace(placed, length_samples=min(placed.length_samples, seconds_to_samples(left)))


def filled(desk: Desk, sound: Sound, placed: PlacedSound, left: Fraction) -> PlacedSound:
    """A placed sound with the jumps that it fills its time by; as it is where it makes none.

    placed : as long as its time is.
    left : how long it plays from its ``in`` on, seconds.
    """
    passages = passages_of(desk, sound, Fraction(placed.length_samples, SAMPLE_RATE))
    if not passages:
        return _unfitted(desk, sound, placed, left) if sound.fitted else placed
    jumping = _jumping(placed, passages)
    return _ended(desk, sound, jumping, seconds_of(passages) / sound.speed) if sound.fitted else jumping
