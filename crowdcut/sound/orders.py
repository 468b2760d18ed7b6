"""What a renderer of sound is told: one frozen record for each kind of job. Nothing here knows its place in the film,
except the buses and what follows them.

Lengths are samples at 48 kHz; source times are seconds from source time 0.
"""

from dataclasses import dataclass
from fractions import Fraction
from typing import Literal

Bus = Literal["shot", "music", "voice", "effect"]
Fade = Literal["raised-cosine", "equal-power"]
"""Of two sounds that fade into each other, the amplitudes or the powers add up to one."""
Ducks = Literal["no", "whole", "carve"]
"""How a sound gives way to speech: not at all, all of it, or the band of speech alone."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Repair:
    """What may be done to a contribution's sound. A DC offset and sides that are turned over are always mended."""

    high_pass_hz: float | None = None
    """Below this, what sounds is taken away; None: nothing is."""
    hum: bool = False
    """Whether the hum of the mains is taken out, where there is any."""
    centre: bool = False
    """Whether what is on one side alone is heard from the middle."""


USUAL_REPAIR = Repair()
"""Where nobody asks for more."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ListenOrder:
    """Measure a contribution's sound. Its input is ``file``. Facts: ``integrated`` (LUFS or None for silence),
    ``true_peak`` (dBTP), ``floor`` (dBFS, the quietest twentieth of 50 ms blocks), ``length_samples``, ``speech``,
    ``hearing`` and ``treatment`` (records of ``crowdcut.sound.hearing``)."""

    stream: int
    speech: bool = False
    """Whether it is found out where somebody speaks."""
    repair: Repair | None = USUAL_REPAIR
    """None: it is used as it is, whatever is wrong with it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Heard:
    """The sound of a file."""

    stream: int
    origin: Fraction
    """As of :class:`PrepareOrder`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class OnsetsOrder:
    """Listen to all of a take, or of a guide, for where its notes begin. Its input is ``file``."""

    heard: Heard


@dataclass(frozen=True, slots=True, kw_only=True)
class AlignOrder:
    """Find where a take lies against the guide that it was sung to. Its inputs are the :class:`OnsetsOrder` jobs of
    both, ``guide`` and ``take``. The facts are a ``crowdcut.song.takes.Alignment``."""


@dataclass(frozen=True, slots=True, kw_only=True)
class BeatsOrder:
    """Find where a song's beats and bars are. Its input is ``file``. The facts are a ``crowdcut.song.beats.Beats``."""

    heard: Heard
    bpm: Fraction | None = None
    """Beats a minute; None: to be found."""
    meter: int = 4
    """Beats in a bar."""
    first_bar: Fraction | None = None
    """Source time at which a bar begins, seconds; None: to be found."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PrepareOrder:
    """Decode part of a contribution's sound to 48 kHz stereo: raw little-endian float32, interleaved, exactly
    ``length_samples`` frames; silence where the source has none. Its input is ``file``.
    Facts: ``found_samples``, how many of them the source had."""

    stream: int
    origin: Fraction
    """The stream timestamp (seconds) that is source time 0."""
    start_sample: int
    """Earliest source time that is used, at 48 kHz: the first sample's, or the last one's of sound played backwards."""
    length_samples: int
    """Of what is written."""
    speed: Fraction = Fraction(1)
    """Source seconds that play in a second, at the same pitch; negative: backwards; never 0. Within a thousandth of 1
    it is a clock's, and the pitch goes with it."""
    treated: str = ""
    """Name of the job's input whose facts tell how it is mended; empty: it is left as it is."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AmbienceOrder:
    """Find the quietest steady stretch of a contribution's sound (input ``file``), outside of the speech that was
    heard in it (input ``heard``). Facts: ``stretch``, ``dbfs``."""

    stream: int


@dataclass(frozen=True, slots=True, kw_only=True)
class RoomTake:
    """A recording whose room may be heard."""

    file: str
    """Names of inputs: itself, and what was found by listening to it and by looking for its ambience."""
    heard: str
    ambience: str
    stream: int
    gain_db: float = 0.0
    """What a producer gave it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RoomOrder:
    """Write the sound of a room: raw little-endian float32 stereo, interleaved, ``length_samples`` frames. Facts:
    ``take``, the number of the one that it is from."""

    takes: tuple[RoomTake, ...]
    length_samples: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Cue:
    """One prepared sound, placed."""

    prepared: str
    """Name of the input that holds the samples."""
    listened: str
    """Name of the input whose facts tell its loudness."""
    start_sample: int
    """Programme sample at which it is first heard."""
    length_samples: int
    bus: Bus
    gain_db: float = 0.0
    fade_in_samples: int = 0
    """From the beginning of the sound that it is a part of, and so to its end below: a fade may last many rounds."""
    fade_out_samples: int = 0
    fade: Fade = "raised-cosine"
    before_samples: int = 0
    """Of the same sound, in the rounds of a loop before it, or in what it was before it jumped."""
    after_samples: int = 0
    """Of the same sound, in the rounds of a loop after it, or in what it jumps to."""
    joint_samples: int = 0
    """Short fade where it meets those before and after it."""
    joint: Fade = "raised-cosine"
    """Its shape."""
    source_sample: int = 0
    """Where in the stream's own time its first sample is from, at 48 kHz."""
    speed: Fraction = Fraction(1)
    """As of :class:`PrepareOrder`."""
    ducks: Ducks = "whole"
    """How it gives way to speech, on a bus that does."""
    pan: Fraction | None = None
    """From -1, left, to 1, right: it is heard from there, both of its sides in one; None: as it is."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Duck:
    """How a bus gives way to speech."""

    speakers: tuple[str, ...]
    """Names of the inputs that are buses on which somebody may speak; of several that speak at once the first leads."""
    depth_lu: float
    """How far under speech it is kept, short-term loudness."""
    attack_samples: int
    """In which it goes down, before speech begins."""
    hold_samples: int
    """How long it stays down in a pause."""
    release_samples: int
    """In which it comes back after that."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Levels:
    """Loudness the template asks for. A contribution's gain is the way from its own loudness to its bus's level."""

    bus_lufs: dict[str, float]
    """Integrated loudness for each bus, LUFS."""
    max_gain_db: float = 20.0
    """No contribution is raised by more."""
    floor_dbfs: float = -48.0
    """No contribution's noise floor is raised above this."""


@dataclass(frozen=True, slots=True, kw_only=True)
class BusOrder:
    """Add up all sounds of one bus: raw little-endian float32 stereo, interleaved, ``length_samples`` frames.
    Facts: ``gains`` (one for each cue: gain in dB and whether a cap bit), ``bus_gain_db``, ``speech`` (stretches of
    programme samples), the bus's loudness, ``ducked_db``, ``depths``."""

    bus: Bus
    length_samples: int
    cues: tuple[Cue, ...]
    levels: Levels
    duck: Duck | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class MixOrder:
    """Add the buses up, an input each: raw as they are, ``length_samples`` frames, not levelled."""

    buses: tuple[Bus, ...]
    length_samples: int


@dataclass(frozen=True, slots=True, kw_only=True)
class FinishOrder:
    """Level, limit and encode the mix (input ``mix``) once. Facts: the loudness of the decoded result and the
    limiter's work."""

    codec: str
    bit_rate: int
    integrated_lufs: float
    true_peak_dbtp: float
    length_samples: int


@dataclass(frozen=True, slots=True, kw_only=True)
class StemOrder:
    """Write some of the buses (an input each) as they stand in the finished programme (input ``finish``)."""

    buses: tuple[Bus, ...]
    length_samples: int
