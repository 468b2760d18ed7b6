"""What a contributed file really is: the examination's answer, kept by the file's digest."""

from dataclasses import dataclass
from fractions import Fraction
from typing import Literal

MediaKind = Literal["video", "audio", "still", "animation", "text"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Colour:
    """Colour tags as found, in FFmpeg's names (``bt709``, ``smpte170m``, ``arib-std-b67``); None where untagged."""

    primaries: str | None = None
    transfer: str | None = None
    matrix: str | None = None
    full_range: bool | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Scan:
    """How pictures of a film were scanned, measured on several places of it. Pictures in which nothing moves have no
    say, nor those that are not clear."""

    tff: int = 0
    """Pictures of two moments, the top field's (lines 0, 2, 4...) first."""
    bff: int = 0
    """Pictures of two moments, the bottom field's first."""
    progressive: int = 0
    """Pictures of one moment."""

    def __add__(self, other: "Scan") -> "Scan":
        return Scan(
            tff=self.tff + other.tff, bff=self.bff + other.bff, progressive=self.progressive + other.progressive
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Cadence:
    """Whether interlaced pictures are film in 2:3 pulldown (telecine), measured on several places. Each five pictures
    have a say in which something moves."""

    tff: int = 0
    """Times that two of their fields repeat as telecine repeats them, the top field first."""
    bff: int = 0
    """The same, the bottom field first."""
    video: int = 0
    """Times that they do not."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Picture:
    """The picture stream, still or animation of a file, as stored (before rotation and square pixels)."""

    stream: int | None = None
    """Index of the stream in its container; None for stills and animations that are read whole."""
    codec: str
    width: int
    """Stored pixels."""
    height: int
    """Stored pixels."""
    sar: Fraction = Fraction(1)
    """Sample aspect ratio: width of a stored pixel divided by its height."""
    rotation: int = 0
    """Degrees clockwise to turn the stored picture for display: 0, 90, 180, 270."""
    mirrored: bool = False
    """Whether the stored picture is flipped left to right, before it is turned."""
    aperture: tuple[int, int, int, int] | None = None
    """The part of the stored picture that is to be seen (its clean aperture): x, y, width, height; None: all of it."""
    pixel_format: str
    bit_depth: int = 8
    alpha: bool = False
    premultiplied: bool = False
    """Whether colours are stored multiplied by their alpha, as far as its pictures tell."""
    colour: Colour = Colour()
    interlaced: Literal["tff", "bff"] | None = None
    """Field order as the header tells it; None for progressive."""
    scan: Scan | None = None
    """What was measured, which goes before the header's word (``crowdcut.conform.scan``); None: nothing was."""
    cadence: Cadence | None = None
    """None: it was not measured."""
    pulldown: bool = False
    """Whether its pictures are shown for two and for three fields in turn: film, with flags that repeat fields."""
    telecined: bool = False
    """Whether the library says that it is film in 2:3 pulldown."""
    time_base: Fraction | None = None
    """Seconds a tick of the stream's timestamps."""
    start: Fraction = Fraction(0)
    """Timestamp of the first picture, seconds. Source time 0 is this moment."""
    duration: Fraction = Fraction(0)
    """From the first picture to the end of the last, seconds; 0 for a still."""
    frames: int = 1
    """Pictures that can be shown."""
    rate: Fraction | None = None
    """Pictures a second (the mean, if the rate is variable); None for a still."""
    constant: bool = True
    """Whether all pictures are shown equally long (within the time base's rounding)."""
    loops: int | None = None
    """How many times an animation's file asks to be played; None: without end, or it does not say."""
    vector: bool = False
    """Whether it is drawn at whatever size is needed: ``width`` and ``height`` tell its shape alone."""
    count_frames: bool = False
    """Whether the timestamps cannot be trusted, so that pictures are counted at ``rate`` from the first."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sound:
    """The sound stream of a file."""

    stream: int
    codec: str
    rate: int
    """Samples a second, as stored."""
    channels: int
    layout: str
    """FFmpeg's name: ``mono``, ``stereo``, ``5.1(side)``."""
    start: Fraction = Fraction(0)
    """Timestamp of the first sample, seconds, on the clock of ``Picture.start``."""
    duration: Fraction = Fraction(0)
    """Of what can be decoded, seconds."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Media:
    """One examined file. ``refusal`` is set when it cannot be used at all."""

    kind: MediaKind | None = None
    container: str = ""
    reader: str | None = None
    """The module of ``renderers.sources`` that draws it; None: the one that its kind is called by."""
    picture: Picture | None = None
    sound: Sound | None = None
    text: str | None = None
    """The words of a text file, line ends as ``\\n``."""
    ticks: str = ""
    """Timestamps of a picture at a varying rate: the first, then how much later each next one is, in its time base,
    parted by spaces. Empty where the rate tells them, or where they are not known."""
    sound_origin: Fraction | None = None
    """The sound's timestamp that is source time 0, where that is not the first picture's."""
    read_otherwise: tuple[str, ...] = ()
    """What was read otherwise than the file says, because the library says so, one sentence each."""
    remarks: tuple[str, ...] = ()
    """What is odd about the file and what was made of it, one sentence each."""
    refusal: str | None = None
    """Why the file cannot be used, as a sentence a contributor can act on; None when it can."""

    @property
    def origin(self) -> Fraction:
        """The sound's timestamp that is source time 0: the first picture's, or the first sample's of a file without
        pictures."""
        if self.sound_origin is not None:
            return self.sound_origin
        if self.picture is not None:
            return self.picture.start
        return self.sound.start if self.sound is not None else Fraction(0)

    @property
    def duration(self) -> Fraction | None:
        """Seconds from source time 0 to the end of the picture (or of a file of sound alone); None: endless."""
        if self.kind in ("still", "text") or self.kind is None:
            return None
        if self.picture is not None:
            return self.picture.duration
        return self.sound.duration if self.sound is not None else None
