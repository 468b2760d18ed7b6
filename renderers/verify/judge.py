"""Collects what is wrong with a disc: each finding with its rule, its place and its source."""

from collections import Counter
from dataclasses import dataclass, field
from fractions import Fraction

from crowdcut.disc.rules import RULES
from crowdcut.findings import Finding, Where

SHOWN = 4
"""Findings of a rule that are told one by one; the rest are counted."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where on a disc something is."""

    file: str = ""
    """``VIDEO_TS/VTS_01_1.VOB``."""
    what: str = ""
    """``title 1, chapter 2, sector 512``."""
    time: Fraction | None = None
    """Seconds from the beginning of what plays there."""


@dataclass(slots=True)
class Judge:
    """The findings of one image, in the order they were made."""

    image: str
    """The image's name."""
    findings: list[Finding] = field(default_factory=list)
    counts: Counter[str] = field(default_factory=Counter)
    """Findings by rule, those too that are only counted."""

    def say(self, rule: str, found: str, place: Place | None = None, wanted: str = "", times: int = 1) -> None:
        """One thing that is not as ``rule`` says, or ``times`` of them of which this is the first."""
        before = self.counts[rule]
        self.counts[rule] += times
        if before >= SHOWN:
            return
        told, place = RULES[rule], place or Place()
        file = f"{self.image}/{place.file}" if place.file else self.image
        self.findings.append(
            Finding(
                rule=rule,
                severity=told.severity,
                owner="machine",
                where=Where(file=file, key=place.what or None, time=place.time),
                found=f"{found} (and {times - 1:,} more of this kind)" if times > 1 else found,
                wanted=wanted or told.number,
                way_out=f"The rule: {told.says} ({told.source}).",
            )
        )

    def told(self) -> tuple[Finding, ...]:
        """All findings, and a last one for each rule of which there were more than are told."""
        listed = Counter(finding.rule for finding in self.findings)
        rest = {rule: count - listed[rule] for rule, count in self.counts.items() if listed[rule] >= SHOWN}
        more = (
            Finding(
                rule=rule,
                severity=RULES[rule].severity,
                owner="machine",
                where=Where(file=self.image),
                found=f"{count:,} more that break the same rule",
            )
            for rule, count in rest.items()
            if count > 0
        )
        return (*self.findings, *more)
