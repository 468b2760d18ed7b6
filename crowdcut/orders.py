"""What a renderer is told: one frozen record for each kind of job. Nothing here knows its place in the film,
except the mix and what follows it.

Lengths are frames at the delivery's rate or samples at 48 kHz; source times are seconds from source time 0.
"""

from dataclasses import dataclass, field
from fractions import Fraction
from typing import Literal

from crowdcut.media import Picture
from crowdcut.records import kind_of, kind_union

Fit = Literal["contain", "cover", "blur"]
Fill = Literal["loop", "hold", "file"]
Motion = Literal["nearest", "blend", "flow"]
Bus = Literal["shot", "music", "voice", "effect"]
Fade = Literal["raised-cosine", "equal-power"]
"""Of two sounds that fade into each other, the amplitudes or the powers add up to one."""
Ducks = Literal["no", "whole", "carve"]
"""How a sound gives way to speech: not at all, all of it, or the band of speech alone."""
Primaries = Literal["bt2020", "smpte432", "bt709"]
FieldOrder = Literal["tff", "bff"]
"""Which field of an interlaced picture is the earlier one: the top (lines 0, 2, 4...) or the bottom."""

Telecine = Literal["hard", "soft"]
"""Film in 59.94 fields a second (2:3 pulldown): woven into the stored pictures, or told by flags that repeat fields."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Raster:
    """The delivery's picture: square pixels, BT.709 limited range 4:2:0."""

    width: int
    height: int
    rate: Fraction
    """Frames a second."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Box:
    """A rectangle in output pixels: even numbers, may reach outside the raster."""

    x: int
    y: int
    width: int
    height: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Screen:
    """A screen of one colour, as it was measured: limited-range codes from place to place, and where its matte ends."""

    luma: tuple[float, ...]
    """Factors of the terms 1, y, x, yy, xy, xx, yyy, xyy, xxy, xxx at places -1..1 of the conversion's box."""
    cb: tuple[float, ...]
    """The same, of what Cb differs from 128."""
    cr: tuple[float, ...]
    solid: float
    """Up to this part of the screen's colour difference a pixel is performer alone, 0..1."""
    clear: float
    """From this part on it is screen alone, 0..1."""
    grain: float
    """How far noise alone moves the performer's colours towards the screen's, 0..1."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Key:
    """A screen that is made clear."""

    colour: str
    """``green``, ``blue`` or the screen's own, ``#rrggbb``."""
    times: tuple[Fraction, ...]
    """Source times at which the screen is measured, seconds."""
    ground: tuple[str, ...] = ()
    """What is seen instead: one colour, or two for a vertical gradient, top first; empty: the layers below."""
    measured: str = ""
    """Name of the job's input whose facts are a :class:`Screen`; empty before the plan gives it one."""
    screen: Screen | None = None
    """None until the job that renders has read these facts."""


@dataclass(frozen=True, slots=True, kw_only=True)
class View:
    """What of a picture fills its place at one moment: a rectangle in pixels, exact to 1/4096 of one."""

    x: Fraction
    y: Fraction
    width: Fraction
    height: Fraction


@dataclass(frozen=True, slots=True, kw_only=True)
class Pan:
    """A view that moves over a converted picture, on the layer's own clock (see ``conform.motion_path``)."""

    views: tuple[View, ...]
    """In pixels of the conversion's ``box``, which lies at 0, 0."""
    every_frames: int
    """``move``: frames from the first view to the last; ``spline``: from one control point to the next."""
    kind: Literal["move", "spline"]
    region: Box
    """Where the view lands in the output."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Conversion:
    """What is done to a contribution's picture, decided by ``conform`` and obeyed by the renderers."""

    box: Box
    """Where the whole (turned, squared, scaled) picture lands."""
    turn: int = 0
    """Degrees clockwise: 0, 90, 180, 270."""
    mirror: bool = False
    """Left to right, before the turn."""
    crop: tuple[int, int, int, int] | None = None
    """Part of the *stored* picture that is used: x, y, width, height in stored pixels; None for all of it."""
    deinterlace: bool = False
    """Whether the two fields of each stored picture are of two moments, and each is made whole."""
    field_order: FieldOrder = "tff"
    """Of a picture that is deinterlaced."""
    field_rate: bool = False
    """Whether both fields are shown, each in its time: two pictures for each stored one."""
    telecine: Telecine | None = None
    """How film was brought to 59.94 fields a second, where its own pictures are brought back; None: it is no film."""
    matrix: str = "bt709"
    """Matrix the stored picture is read with: ``bt601``, ``bt709``, ``bt2020``, ``rgb``."""
    full_range: bool = False
    tone: Literal["pq", "hlg"] | None = None
    """High dynamic range curve to be brought to SDR; None when there is none."""
    primaries: Primaries | None = None
    """Primaries to be brought to BT.709's; None for those of its kind: BT.709's, or with ``tone`` BT.2020's."""
    backdrop: bool = False
    """Whether the rest of the raster is filled with a blurred, darkened copy of the picture."""
    premultiplied: bool = False
    """Whether colours are stored multiplied by their alpha."""
    flatten: tuple[int, int, int] | None = None
    """sRGB colour under a picture with alpha that fills its shot; None keeps the alpha."""
    key: Key | None = None
    """The screen behind a performer that is made clear; None where there is none."""
    clip: Box | None = None
    """The part of ``box`` that is shown; None for all of it."""
    pan: Pan | None = None
    """How a view moves over the picture that ``box`` holds; None where it stands."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Video:
    """Moving pictures of a contributed file, from its input ``file``."""

    file: str
    """Name of the job's input."""
    picture: Picture
    start: Fraction
    """Source time shown at the layer's first frame, seconds."""
    conversion: Conversion
    speed: Fraction = Fraction(1)
    """Source seconds that pass in a second: negative where it plays backwards, 0 where one picture is held."""
    motion: Motion = "nearest"
    """What a frame shows whose source time lies between two pictures."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Still:
    """A contributed still."""

    file: str
    picture: Picture
    conversion: Conversion
    reader: str | None = None
    """The module of ``renderers.sources`` that draws it; None: ``still``."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Animation:
    """A contributed animation: GIF, APNG, animated WebP or AVIF, Lottie."""

    file: str
    picture: Picture
    start: Fraction
    conversion: Conversion
    speed: Fraction = Fraction(1)
    """As of :class:`Video`."""
    fill: Fill = "loop"
    """What is shown after its end: it begins again, its last picture, or as often as its file asks."""
    reader: str | None = None
    """The module of ``renderers.sources`` that draws it; None: ``animation``."""


Filmed = Video | Still | Animation
"""Sources that show a contributed file."""
kind_union(Filmed)


@dataclass(frozen=True, slots=True, kw_only=True)
class Style:
    """How words look: sRGB colours as ``#rrggbb``, sizes as parts of the raster's height."""

    family: tuple[str, ...]
    """Names of font families, packaged or the template's own; first choice first."""
    weight: int = 400
    size: float
    """Of the line height of 1 em, as a part of the raster's height."""
    colour: str = "#ffffff"
    align: Literal["left", "centre", "right"] = "left"
    leading: float = 1.3
    """Line distance in ems."""
    tracking: float = 0.0
    """Extra space between letters, in ems."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Text:
    """Words that fill a shot: the producer's own, or a contributed poem, with an optional byline under it."""

    words: str
    style: Style
    byline: str = ""
    byline_style: Style | None = None
    background: tuple[str, ...] = ("#000000",)
    """One colour, or two for a vertical gradient, top first."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LowerThird:
    """Who made what you see: one or two lines in the lower left, inside title-safe."""

    lines: tuple[str, ...]
    style: Style
    second_style: Style
    plate: str
    """Colour of the plate, ``#rrggbb`` or ``#rrggbbaa``."""
    accent: str
    """Colour of the bar at the plate's left edge."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Burn:
    """A small label that a proxy carries: the shot's name and the source's running time."""

    label: str
    start: Fraction | None = None
    """Source time at the layer's first frame; None where there is none."""
    speed: Fraction = Fraction(1)
    """As of :class:`Video`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Card:
    """One of the template's cards. ``name`` is a key of the renderers' cards: ident, title, credits head, slate."""

    name: str
    words: tuple[str, ...] = ()
    """What it says, biggest first."""
    palette: dict[str, str] = field(default_factory=dict)
    styles: dict[str, Style] = field(default_factory=dict)
    frames: int
    """How long the whole card is on screen, for its movement."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RollLine:
    """One row of the roll's grid."""

    style: Literal["title", "role", "name", "note"]
    cells: tuple[str, ...]
    """Side by side, the raster's title-safe width shared equally."""
    top: int
    """Output pixels from the roll's top."""
    height: int
    """Output pixels."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Roll:
    """The credit roll: at layer frame n the roll's row ``n * step - raster height`` is at the top of the picture."""

    lines: tuple[RollLine, ...]
    step: int
    """Pixels a frame."""
    styles: dict[str, Style] = field(default_factory=dict)
    background: tuple[str, ...] = ("#000000",)


@dataclass(frozen=True, slots=True, kw_only=True)
class Ground:
    """Nothing but the template's background: what lies between the cells of a layout."""

    background: tuple[str, ...] = ("#000000",)
    """One colour, or two for a vertical gradient, top first."""


Source = Video | Still | Animation | Text | LowerThird | Burn | Card | Roll | Ground
kind_union(Source)


def drawn_by(source: Source) -> str:
    """The module of ``renderers.sources`` that draws ``source``."""
    reader = source.reader if isinstance(source, Still | Animation) else None
    return reader or kind_of(type(source))


@dataclass(frozen=True, slots=True, kw_only=True)
class Layer:
    """One thing on screen. Its own clock starts when it begins, wherever a span is cut."""

    source: Source
    age_frames: int = 0
    """Frames since the layer began, at the first frame of the span."""
    opacity: float = 1.0
    fade_in_frames: int = 0
    fade_out_frames: int = 0
    length_frames: int
    """From its beginning to its end; the fade out counts back from here."""
    blend: str = "normal"
    """A word of ``vocabulary.BLENDS``."""
    window: Box | None = None
    """The part of the raster that it is drawn on as on a raster of its own, and not outside of; None: all of it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Transition:
    """How the stack ``leaving`` gives way to the span's own."""

    kind: str
    """A word of ``vocabulary.TRANSITIONS``."""
    age_frames: int
    """Frames of the transition that lie before the span."""
    length_frames: int
    leaving: tuple[Layer, ...] = ()
    """Empty for the film's first shot: it comes from black."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PictureEncoding:
    """How pieces and the master are coded. All pieces of a delivery share one."""

    codec: str
    pixel_format: str = "yuv420p"
    options: dict[str, str] = field(default_factory=dict)
    gop_frames: int = 48


@dataclass(frozen=True, slots=True, kw_only=True)
class PictureOrder:
    """Render one span to a closed-GOP piece."""

    raster: Raster
    encoding: PictureEncoding
    length_frames: int
    stack: tuple[Layer, ...]
    """Bottom first."""
    transition: Transition | None = None
    over: tuple[Layer, ...] = ()
    """On top of the transition: layers that hang on the scene or the episode."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ExamineOrder:
    """Find out what a file is. Its input is ``file``; the answer is a Media, as JSON."""

    suffix: str
    """The file's ending in lower case, ``.mov``: a hint, never believed alone."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ScreenOrder:
    """Measure the screen that a performer stands before. Its input is ``file``; the facts are a Screen and what a
    producer may want to know of it."""

    source: Filmed
    """As it will be shown, without its key: its ``start`` does not count."""
    raster: Raster
    colour: str
    times: tuple[Fraction, ...]
    """Source times, seconds."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SurveyOrder:
    """Look through the used range of a contribution's picture. Its input is the source's file. The facts are a
    ``crowdcut.surveys.Survey``."""

    source: Source
    """All of it, upright, filling the raster."""
    raster: Raster
    """As large as the upright picture; its rate is the pictures' own, so that none is passed over."""
    length_frames: int
    """At the raster's rate."""


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
    ``hearing`` and ``treatment`` (records of ``crowdcut.hearing``)."""

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
    both, ``guide`` and ``take``. The facts are a ``crowdcut.takes.Alignment``."""


@dataclass(frozen=True, slots=True, kw_only=True)
class BeatsOrder:
    """Find where a song's beats and bars are. Its input is ``file``. The facts are a ``crowdcut.beats.Beats``."""

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


@dataclass(frozen=True, slots=True, kw_only=True)
class Chapter:
    """A place to jump to."""

    title: str
    start_frame: int


@dataclass(frozen=True, slots=True, kw_only=True)
class MasterOrder:
    """Join pieces (inputs ``piece0``, ``piece1``...) and sound (input ``sound``) to the film, by packet copy."""

    raster: Raster
    piece_frames: tuple[int, ...]
    """Length of each piece, in programme order."""
    chapters: tuple[Chapter, ...]
    title: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadbackOrder:
    """Read a finished film (input ``file``) without decoding it: packets, timestamps, chapters, tags."""


@dataclass(frozen=True, slots=True, kw_only=True)
class HearOrder:
    """Decode and measure the sound of a finished film (input ``file``)."""


Order = (
    ExamineOrder
    | SurveyOrder
    | PictureOrder
    | ScreenOrder
    | ListenOrder
    | OnsetsOrder
    | AlignOrder
    | BeatsOrder
    | PrepareOrder
    | AmbienceOrder
    | RoomOrder
    | BusOrder
    | MixOrder
    | FinishOrder
    | StemOrder
    | MasterOrder
    | ReadbackOrder
    | HearOrder
)
