"""What is wrong with a contribution's sound, what is done about it, and how both are told."""

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from math import hypot, log10
from typing import Literal

from crowdcut.sound.orders import Repair
from crowdcut.timing import SAMPLE_RATE, clock

Side = Literal["left", "right"]
_NOTCH_HERTZ, _NOTCH_PART = 3.0, 0.005
"""How wide a notch is (3 dB): so many hertz, for mains that wander by 0.05 Hz, and a part of its frequency, since a
multiple wanders as many times as far."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Clipping:
    """Samples that were flattened because their recorder could hold no more."""

    samples: int
    """Of all channels, as stored."""
    places: int
    """Those less than half a second apart are one."""
    first_sample: int
    """The first one's place in the stream's own time, at 48 kHz."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Hum:
    """A tone of the mains that sounds throughout."""

    hertz: float
    """As measured."""
    multiples: tuple[int, ...]
    """Those of it that stand out; 1 is its own frequency."""
    level_dbfs: float
    """RMS of all these together."""
    above_db: float
    """How far the first of them stands above the floor beside it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Hearing:
    """What was found; nothing where all is well. Sides are those of the stereo that it is brought to."""

    clipping: Clipping | None = None
    offset: tuple[float, float] | None = None
    """DC offset of left and right, parts of full scale; None where nobody would notice."""
    hum: Hum | None = None
    mono_loss_db: float | None = None
    """How much of it is lost where both sides are heard as one: its sides are each other turned over. None: they are
    not."""
    one_sided: Side | None = None
    """The only side on which anything is heard."""
    silent: bool = False
    """Whether nothing is heard in it at all, once it is mended."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Treatment:
    """What is done to the sound of a contribution, in this order; each default leaves it as it is."""

    offset: tuple[float, float] = (0.0, 0.0)
    """What is taken from left and right."""
    turn_right: bool = False
    """Whether the right side is turned over."""
    centred: Side | None = None
    """The side that is heard from the middle, in place of both."""
    high_pass_hz: float | None = None
    """Below this, what sounds is taken away (Butterworth, 24 dB an octave)."""
    notches: tuple[tuple[float, float], ...] = ()
    """Middle and width (3 dB) of what is taken out, hertz."""


def treatment_of(repair: Repair | None, hearing: Hearing) -> Treatment:
    """What is done about what was found. An offset, which clicks at each joint, and a side that is turned over, which
    is silence on a telephone, are wanted by nobody and are always mended; ``None`` leaves even these."""
    if repair is None:
        return Treatment()
    hum = hearing.hum if repair.hum else None
    middles = [hum.hertz * one for one in hum.multiples] if hum is not None else []
    return Treatment(
        offset=hearing.offset or (0.0, 0.0),
        turn_right=hearing.mono_loss_db is not None,
        centred=hearing.one_sided if repair.centre else None,
        high_pass_hz=repair.high_pass_hz,
        notches=tuple((round(one, 3), round(_NOTCH_HERTZ + one * _NOTCH_PART, 3)) for one in middles),
    )


def repair_told(repair: Repair | None) -> str:
    """``high-pass at 80 Hz, hum``: what may be done, in the manifest's words."""
    if repair is None:
        return "left as it is"
    high_pass = repair.high_pass_hz
    words = [f"high-pass at {high_pass:g} Hz"] if high_pass is not None else []
    words += [word for word, asked in (("hum", repair.hum), ("centre", repair.centre)) if asked]
    return ", ".join(words) or "none"


def _times(count: int, thing: str) -> str:
    return f"{count:,} {thing}{'s' if count > 1 else ''}"


def clipping_told(clipping: Clipping, origin: Fraction) -> str:
    """``4,120 samples are clipped, in 31 places, the first at 0:12.4``.

    origin : the stream's time that is source time 0, seconds.
    """
    first = max(Fraction(0), Fraction(clipping.first_sample, SAMPLE_RATE) - origin)
    where = f"in {_times(clipping.places, 'place')}, the first " if clipping.places > 1 else ""
    return f"{_times(clipping.samples, 'sample')} are clipped, {where}at {clock(Fraction(int(first * 10), 10))}"


def hearing_told(hearing: Hearing, origin: Fraction) -> Iterator[str]:
    """What was found, a sentence each, for a producer."""
    if hearing.silent:
        yield "nothing is heard in it: its sound is silence throughout"
    if hearing.clipping is not None:
        yield clipping_told(hearing.clipping, origin)
    if hearing.hum is not None:
        hum = hearing.hum
        multiples = ", ".join(map(str, hum.multiples))
        yield (
            f"its sound hums: mains at {hum.hertz:.2f} Hz (times {multiples}), {hum.level_dbfs:.0f} dBFS, "
            f"{hum.above_db:.0f} dB above the floor beside it"
        )
    if hearing.offset is not None:
        level = 20 * log10(hypot(*hearing.offset) / hypot(1, 1))
        yield f"its sound has a DC offset of {level:.0f} dBFS"
    if hearing.mono_loss_db is not None:
        yield f"its two sides are turned over against each other: in mono it is {hearing.mono_loss_db:.0f} dB softer"
    if hearing.one_sided is not None:
        yield f"it is heard on the {hearing.one_sided} side alone"


def ways_out(hearing: Hearing, treatment: Treatment) -> Iterator[str]:
    """What a producer can do about what is left of it, a sentence each."""
    if hearing.silent:
        yield "Ask for the file again, or leave its sound out."
    if hearing.clipping is not None:
        yield "Nothing mends what was clipped: ask for a version that is not."
    if hearing.hum is not None and not treatment.notches:
        yield 'Say repair = ["hum"] where it is used.'
    if hearing.one_sided is not None and treatment.centred is None:
        yield 'Say repair = ["centre"] where it is used, unless it is meant so.'


def treatment_told(treatment: Treatment) -> Iterator[str]:
    """What is done about it, a sentence each."""
    if any(treatment.offset):
        yield "the DC offset of its sound taken away"
    if treatment.turn_right:
        yield "the right side of its sound turned over"
    if treatment.centred is not None:
        yield f"the {treatment.centred} side of its sound heard from the middle"
    if treatment.high_pass_hz is not None:
        yield f"its sound taken away below {treatment.high_pass_hz:g} Hz (high-pass)"
    if treatment.notches:
        middles = ", ".join(f"{middle:.4g}" for middle, _ in treatment.notches)
        yield f"hum taken out of its sound at {middles} Hz"
