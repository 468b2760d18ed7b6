"""A production as it is known before anything is laid out: read, checked and examined."""

from dataclasses import dataclass, field

from crowdcut.conform.survey import Survey
from crowdcut.episode import ShotPart
from crowdcut.findings import Finding
from crowdcut.library import Library
from crowdcut.look import Look
from crowdcut.manifest import Manifest
from crowdcut.media import Media
from crowdcut.plan import Sources
from crowdcut.song.beats import Beats


@dataclass(frozen=True, slots=True, kw_only=True)
class Production:
    """Everything that deliveries are planned from."""

    manifest: Manifest
    library: Library
    look: Look
    media: dict[str, Media]
    """Examined contributions by id; refused ones too, with their ``refusal``."""
    sources: Sources
    surveys: dict[ShotPart, Survey] = field(default_factory=dict)
    """What was measured of the clips of shots and cells that need it."""
    beats: dict[str, Beats] = field(default_factory=dict)
    """Beats and bars of the songs that need them, by contribution id; none of a song in which there are none."""
    strict: bool = False
    """Whether warnings are errors."""
    placeholder: bool
    """Whether slates stand in for what is wanted, refused or broken."""
    findings: tuple[Finding, ...]
    """What was found on the way; no errors, but for uncredited and refused files that the producer allows."""
