"""What the job that draws captions is told: words in frames of a title, and how they look."""

from dataclasses import dataclass
from fractions import Fraction

from crowdcut.words import Run

Runs = tuple[Run, ...]
"""One line."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Words:
    """What one cue says."""

    lines: tuple[Runs, ...]
    """As its writer broke them; none is blank."""
    top: bool = False
    """Whether it stands at the top of the picture, not at its bottom."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Caption:
    """What is seen from one frame to another: the words of all cues that run then."""

    start_frame: int
    """From the title's first frame."""
    end_frame_exclusive: int
    words: tuple[Words, ...]
    """The one that began first stands highest."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CaptionStyle:
    """How captions look: a template's ``[captions]``. Sizes are parts of the picture's height."""

    family: tuple[str, ...] = ("Noto Sans",)
    """Names of font families, packaged or the template's own; first choice first."""
    weight: int = 600
    size: float = 0.056
    """Of 1 em. About 45 letters of Latin script in a line, 37 to 42 of which are usual."""
    leading: float = 1.24
    """Line distance in ems."""
    colour: str = "#f4f4f4"
    """Of the letters, sRGB. White that is no brighter than paper: subpictures lie over the film at full strength."""
    outline: str = "#101010"
    """Of their outline, sRGB."""
    margin: float = 0.1
    """Part of width and height outside of which no caption lies, at each side: 10 % is the safe title area of SMPTE
    RP 218 (80 % of each), which was made for the sets that discs are still seen on; ST 2046-1 (90 %) for panels."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CaptionsOrder:
    """Draw the captions of a title in one language to subpicture units. Its inputs are the template's fonts."""

    width: int
    """Stored pixels of the title's raster."""
    height: int
    canvas_width: int
    """Square pixels that the stored ones show."""
    rate: Fraction
    """Frames a second."""
    language: str
    """ISO 639-1: it decides whose forms Han characters take."""
    style: CaptionStyle
    captions: tuple[Caption, ...]
    """In their order, none over another."""
