"""What is expected of a disc, and what the verifier says of it: what travels to and from its job."""

from dataclasses import dataclass
from fractions import Fraction

from crowdcut.findings import Finding


@dataclass(frozen=True, slots=True, kw_only=True)
class ExpectedTitle:
    """A title as the build's ledger knows it."""

    length: Fraction
    """Seconds of picture."""
    chapters: tuple[Fraction, ...] = ()
    """Where each chapter begins, seconds from the title's first picture; empty: not asked."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ExpectedDisc:
    """A disc as it was planned, in the order of the disc's own titles."""

    titles: tuple[ExpectedTitle, ...]
    capacity_bytes: int | None = None
    """The disc it is to fit on; None: any."""


@dataclass(frozen=True, slots=True, kw_only=True)
class VerifyOrder:
    """Verify a disc image. Its input is ``file``; the facts are a DiscVerdict."""

    expected: ExpectedDisc | None = None
    """None: held against the rules alone."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TitleSummary:
    """A title as it is on the disc."""

    titleset: int
    chapters: tuple[Fraction, ...]
    """Where each begins, seconds."""
    length: Fraction
    """Seconds of picture."""
    picture: str
    """``720x480 16:9``."""
    sounds: tuple[str, ...]
    """``ac3 2 channels en``."""
    subpictures: tuple[str, ...]
    """Languages."""
    video_bits: int
    """Bits a second of the video, on average over the title's titleset."""
    peak_bits: int
    """Bits of packs in the fullest second of the titleset."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DiscSummary:
    """A disc for people."""

    volume: str
    """Its name."""
    bytes: int
    """Of the image."""
    fill: Fraction
    """Of a single-layer disc's 4.70e9 bytes."""
    titlesets: int
    menus: int
    """Program chains of menus."""
    titles: tuple[TitleSummary, ...]
    packs: int
    """Judged."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DiscVerdict:
    """All that was found of an image."""

    is_disc: bool
    """Whether it is a DVD-Video image at all: it has a VIDEO_TS.IFO that can be found."""
    findings: tuple[Finding, ...]
    summary: DiscSummary | None = None
