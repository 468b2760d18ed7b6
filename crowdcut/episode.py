"""What a manifest says in its final form: scenes, shots and what hangs on them, every time in seconds."""

from dataclasses import dataclass, field
from fractions import Fraction
from pathlib import Path
from typing import Literal

from crowdcut.disc.cues import Cue
from crowdcut.findings import Where
from crowdcut.orders import Fill, Fit, Motion
from crowdcut.sound.orders import Bus, Ducks

Repairs = tuple[str, ...] | Literal[False]
"""Words of ``choices.REPAIRS``; False: a sound is left as it is, whatever is wrong with it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Anchor:
    """A moment on the clock of what something hangs on."""

    base: str | None = None
    """None: the beginning of what it hangs on; ``end``: its end; else a scene's or shot's id: that one's start."""
    offset: Fraction = Fraction(0)
    """Seconds, may be negative."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Into:
    """The transition from the shot before (from black, for the film's first)."""

    kind: str
    length: Fraction
    """Seconds."""


Rhythm = Literal["beat", "bar"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Pulse:
    """A length in music."""

    unit: Rhythm = "beat"
    count: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class LowerThird:
    """Words over a shot's lower left."""

    text: str | None = None
    """None: the names of those who made the shot. Lines are parted by ``\\n``."""
    at: Fraction | None = None
    """Seconds from the shot's start; None: the template's."""
    length: Fraction | None = None
    """Seconds; None: the template's."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Freeze:
    """One picture of a clip, held."""

    at: Fraction | None = None
    """Source time, seconds; None: where the shot begins."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where a layer lies: ``top right 30%``."""

    horizontal: Literal["left", "centre", "right"] = "centre"
    vertical: Literal["top", "centre", "bottom"] = "centre"
    size: Fraction = Fraction(1)
    """Width of the box it fits into, as a part of the raster's."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Crop:
    """A part of the upright picture: in its pixels (squared), or in parts (0..1) of its width and height."""

    left: Fraction
    top: Fraction
    width: Fraction
    height: Fraction
    parts: bool = False
    """Whether these are parts, not pixels."""


@dataclass(frozen=True, slots=True, kw_only=True)
class KenBurns:
    """A slow move over a picture, as long as its shot."""

    way: Literal["in", "out", "between"] = "in"
    """Closer to the focus, away from it, or from ``first`` to ``last``."""
    first: Place = Place()
    """Its size is a part of the largest view that there is."""
    last: Place = Place()


@dataclass(frozen=True, slots=True, kw_only=True)
class Layer:
    """A picture that hangs on the episode, a scene or a shot."""

    use: str
    """A contribution's id."""
    in_: Fraction = Fraction(0)
    out: Fraction | None = None
    """Source time, seconds."""
    at: Anchor = Anchor()
    until: Anchor | None = None
    length: Fraction | None = None
    """Seconds (``for``); with no end, until the end of what it hangs on or of the clip, whichever comes first."""
    speed: Fraction = Fraction(1)
    """As a shot's, and so the three below."""
    reverse: bool = False
    freeze: Freeze | None = None
    motion: Motion = "nearest"
    place: Place = Place()
    opacity: float = 1.0
    blend: str = "normal"
    """A word of ``choices.BLENDS``."""
    fill: Fill = "loop"
    """What an animation shows after its end."""
    key: str | None = None
    """The screen's colour: ``green``, ``blue`` or ``#rrggbb``; None: nothing is made clear."""
    note: str | None = None
    origin: dict[str, Where] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Sound:
    """Music, a voice or an effect that hangs on the episode, a scene or a shot."""

    bus: Bus
    use: str
    in_: Fraction = Fraction(0)
    out: Fraction | None = None
    at: Anchor = Anchor()
    until: Anchor | None = None
    length: Fraction | None = None
    speed: Fraction = Fraction(1)
    """Source seconds that play in a second, 1/16..16, at the same pitch."""
    reverse: bool = False
    gain_db: float = 0.0
    fade_in: Fraction | None = None
    """Seconds; None: the template's short fade."""
    fade_out: Fraction | None = None
    loop: bool = False
    fitted: bool = False
    """Whether it is brought to end with what it hangs on, by jumps from bar to bar."""
    ducks: Ducks | Literal["usual"] | None = None
    """How music gives way to speech; ``usual`` or None: as the template says."""
    guide: str | None = None
    """Id of the contribution that it is a take of, and whose source times ``in_`` and ``out`` are; None: its own."""
    pan: Fraction | None = None
    """From -1, left, to 1, right: it is heard from there, both of its sides in one; None: as it is."""
    repair: Repairs | None = None
    """None: as its contribution or the template says."""
    note: str | None = None
    origin: dict[str, Where] = field(default_factory=dict)


ShotPart = tuple[str, int]
"""A shot's name, and the number of one of its cells; 0: the shot itself."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Shot:
    """Exactly one of ``use``, ``text``, ``card``, ``wanted``. Values have flowed down from template, ``[each]``,
    ``[style]``, ``[scene.each]`` and ``[clip]``."""

    name: str
    """``fireflies/2``: the scene's id and the shot's number, counted from 1."""
    id: str | None = None
    use: str | None = None
    """A contribution's id; None for a shot of several, which are its ``cells``."""
    layout: str | None = None
    """A word of ``choices.LAYOUTS``, where there are cells."""
    cells: tuple["Shot", ...] = ()
    """What is shown at once, each as a shot of its own that has this one's name."""
    cell: int = 0
    """Its number among the cells that it is one of, counted from 1; 0: it has the screen to itself."""
    text: str | None = None
    card: str | None = None
    wanted: str | None = None
    in_: Fraction | None = None
    """Source time, seconds."""
    out: Fraction | None = None
    length: Fraction | None = None
    """Seconds (``for``)."""
    pulse: Pulse | None = None
    """How long it lasts (``each``), told by the scene's music; takes the place of ``out`` and ``length``."""
    speed: Fraction = Fraction(1)
    """Source seconds that play in a second, 1/16..16."""
    reverse: bool = False
    freeze: Freeze | None = None
    """Takes the place of speed and direction."""
    motion: Motion = "nearest"
    fit: Fit = "contain"
    focus: tuple[Fraction, Fraction] = (Fraction(1, 2), Fraction(1, 2))
    """What ``cover`` keeps in the picture: parts of width and height, 0..1."""
    fill: Fill = "loop"
    """What an animation shows after its end."""
    key: str | None = None
    """As a layer's."""
    guide: str | None = None
    """As a sound's: a picture is in time with the guide, as its sound is. ``in_`` may then be negative: a take that
    begins later than its guide holds its first picture, in silence, until it does."""
    find_focus: bool = False
    """Whether what happens in the picture says where that is."""
    crop: Crop | Literal["auto"] | None = None
    """What of the picture is used; ``auto``: all inside its black bars."""
    ken_burns: KenBurns | None = None
    into: Into | None = None
    lower_third: LowerThird | None = None
    sound: Literal["keep", "mute"] = "keep"
    gain_db: float = 0.0
    sound_in: Fraction = Fraction(0)
    """Seconds by which its own sound begins before its picture; negative: after it."""
    sound_out: Fraction = Fraction(0)
    """Seconds by which its own sound ends after its picture; negative: before it."""
    room_tone: bool = False
    """Whether the sound of its scene's rooms is heard where it is silent."""
    repair: Repairs | None = None
    """As a sound's."""
    note: str | None = None
    layers: tuple[Layer, ...] = ()
    sounds: tuple[Sound, ...] = ()
    origin: dict[str, Where] = field(default_factory=dict)
    """For each key, the place that its value came from; ``""`` is the shot's own header."""

    @property
    def part(self) -> ShotPart:
        """What it is told from all other shots and cells by."""
        return self.name, self.cell

    @property
    def parts(self) -> tuple["Shot", ...]:
        """Its cells; itself where it has none."""
        return self.cells or (self,)

    @property
    def uses(self) -> tuple[str, ...]:
        """Ids of the contributions that it shows, in their order."""
        return tuple(one.use for one in self.parts if one.use is not None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Scene:
    """Shots under one id; a chapter of the film unless ``chapter`` is False."""

    id: str
    title: str
    chapter: bool = True
    shots: tuple[Shot, ...] = ()
    cut_to: Rhythm | None = None
    """What its cuts are moved to."""
    beat_tolerance: Fraction | None = None
    """How far they may be moved, seconds; None: half of what they are moved to."""
    beats_of: str | None = None
    """Id of the contribution that it is cut to; None: its first music, or else the episode's that sounds there."""
    layers: tuple[Layer, ...] = ()
    sounds: tuple[Sound, ...] = ()
    note: str | None = None
    origin: dict[str, Where] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class ExtraCredit:
    """People without a file."""

    role: str
    names: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Credits:
    """The roll's heading and the wish for its length."""

    title: str | None = None
    seconds: Fraction | None = None
    extra: tuple[ExtraCredit, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Captions:
    """Subtitles in one language."""

    file: Path
    """Absolute."""
    language: str
    """ISO 639-1."""
    name: str | None = None
    """What a menu calls them; None: the language's own name."""
    cues: tuple[Cue, ...] = ()
    """In the order in which they begin; they may overlap, and reach past the film's end."""
    contribution: str | None = None
    """Its id, where the file is one of the library's."""
    note: str | None = None
    origin: dict[str, Where] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Manifest:
    """One episode."""

    file: Path
    title: str
    slug: str
    template: str
    rate: Fraction
    """Programme rate, frames a second."""
    delivery: tuple[str, ...]
    profiles: dict[str, dict[str, object]] = field(default_factory=dict)
    """The manifest's own ``[profile.x]`` tables, by name."""
    library_folders: tuple[Path, ...] = ()
    store: Path | None = None
    length: Fraction | None = None
    """Seconds wanted."""
    language: str | None = None
    """What is spoken in it, ISO 639-1; None: nobody says."""
    stems: bool = False
    """Whether voice, music and effects are written as files of their own as well."""
    credits: Credits = Credits()
    captions: tuple[Captions, ...] = ()
    """In the order in which a disc offers them."""
    scenes: tuple[Scene, ...] = ()
    layers: tuple[Layer, ...] = ()
    sounds: tuple[Sound, ...] = ()
    note: str | None = None
    origin: dict[str, Where] = field(default_factory=dict)
