"""What a renderer is told: one frozen record for each kind of job; those of sound: ``crowdcut.sound.orders``. Nothing
here knows its place in the film, except the master.

Lengths are frames at the delivery's rate; source times are seconds from source time 0.
"""

from dataclasses import dataclass, field
from fractions import Fraction
from typing import Literal

from crowdcut.media import Picture
from crowdcut.records import kind_of, kind_union

Fit = Literal["contain", "cover", "blur"]
Fill = Literal["loop", "hold", "file"]
Motion = Literal["nearest", "blend", "flow"]
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


@dataclass(frozen=True, slots=True, kw_only=True)
class MenuWords:
    """Words in a box of a menu's page: set smaller, then shortened, where they do not fit."""

    words: str
    style: Style
    box: Box
    most_lines: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class MenuPage:
    """What a page of a disc's menu says, over whatever lies below."""

    words: tuple[MenuWords, ...]
    rule: Box | None = None
    """A short bar over the title; None where there is none."""
    accent: str = "#ffffff"
    """The rule's colour."""
    outlined: tuple[Box, ...] = ()
    """Pictures below that get a thin outline, at their edges."""
    outline: str = "#ffffff"
    """Its colour, ``#rrggbb`` or ``#rrggbbaa``."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Veil:
    """The template's background, half clear, over a picture that words will stand on."""

    background: tuple[str, ...]
    """One colour, or two for a vertical gradient, top first."""
    share: float
    """How much of what is below it hides, 0..1."""
    open_side: Literal["left", "right"] | None = None
    """The side towards which it fades."""
    open_share: float = 0.0
    """How much it hides at that edge, 0..1."""


Source = Video | Still | Animation | Text | LowerThird | Burn | Card | Roll | Ground | MenuPage | Veil
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
    """A word of ``choices.BLENDS``."""
    window: Box | None = None
    """The part of the raster that it is drawn on as on a raster of its own, and not outside of; None: all of it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Transition:
    """How the stack ``leaving`` gives way to the span's own."""

    kind: str
    """A word of ``choices.TRANSITIONS``."""
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
    disc: str | None = None
    """The standard of a disc (a key of ``disc.standards.STANDARDS``), whose stored pixels are not square and whose
    matrix is BT.601's: what is composed is squeezed to it. None: it is stored as it is composed."""


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
    ``crowdcut.conform.survey.Survey``."""

    source: Source
    """All of it, upright, filling the raster."""
    raster: Raster
    """As large as the upright picture; its rate is the pictures' own, so that none is passed over."""
    length_frames: int
    """At the raster's rate."""


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
class TitleOrder:
    """Join MPEG-2 pieces (inputs ``piece0``, ``piece1``...) and AC-3 (input ``sound``) to a title of a disc: a program
    stream that has a navigation pack, still empty, at each group of pictures that a player may be sent to."""

    disc: str
    """A key of ``disc.standards.STANDARDS``."""
    rate: Fraction
    """Pictures a second."""
    piece_frames: tuple[int, ...]
    chapters: tuple[Chapter, ...] = ()
    languages: tuple[str, ...] = ()
    """Of its subpicture streams, ISO 639-1; their units are the inputs ``captions0``, ``captions1``..."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadbackOrder:
    """Read a finished film (input ``file``) without decoding it: packets, timestamps, chapters, tags."""


@dataclass(frozen=True, slots=True, kw_only=True)
class HearOrder:
    """Decode and measure the sound of a finished film (input ``file``)."""
