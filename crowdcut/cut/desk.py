"""The desk that a timeline is laid out on: all that is known of a production, and the findings that are left behind."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from fractions import Fraction

from crowdcut.conform.survey import Survey
from crowdcut.episode import ShotPart
from crowdcut.findings import Finding, Severity, Where
from crowdcut.library import Library
from crowdcut.look import Look
from crowdcut.manifest import Manifest
from crowdcut.media import Media
from crowdcut.song.beats import Beats


@dataclass(slots=True)
class Desk:
    """What laying out needs at hand, and the findings it leaves behind."""

    manifest: Manifest
    library: Library
    media: Mapping[str, Media]
    """Examined contributions by id: every one that is used and can be used."""
    look: Look
    rate: Fraction
    """The delivery's, frames a second."""
    credits_frames: int
    """Length of the credit roll on this raster."""
    working_copy: bool
    """Whether ``wanted`` shots may stand as slates."""
    surveys: Mapping[ShotPart, Survey] = field(default_factory=dict)
    """What was measured of the clips of shots and cells that need it."""
    beats: Mapping[str, Beats] = field(default_factory=dict)
    """Where the beats of songs are, by contribution: of those that are asked for."""
    broken: frozenset[str] = frozenset()
    """Contributions whose pictures broke while they were rendered: layers of them are left out."""
    rounds: int = 0
    """How often the loops placed so far begin anew."""
    findings: list[Finding] = field(default_factory=list)

    def complain(
        self,
        rule: str,
        origin: Mapping[str, Where],
        key: str,
        found: str,
        way_out: str = "",
        *,
        severity: Severity = "error",
        shot: str | None = None,
    ) -> None:
        """Leave a finding at the place a key's value came from."""
        where = origin.get(key) or origin.get("") or Where()
        self.findings.append(
            Finding(
                rule=rule,
                severity=severity,
                where=Where(file=where.file, line=where.line, key=key or None, column=where.column, shot=shot),
                found=found,
                way_out=way_out,
            )
        )

    def named(self, use: str) -> str:
        """``walk.mov (by Bo)``: a contribution as messages name it."""
        name, names = self.library.contributions[use].name, self.library.names_of(use)
        return f"{name} (by {', '.join(names)})" if names else name
