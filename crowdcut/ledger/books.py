"""Both sides of the ledger: what was planned and what was found; and how a difference between them is told."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from crowdcut.disc.cadence import Cadence, cadence_for
from crowdcut.disc.standards import CLOCK
from crowdcut.findings import Finding, Owner, Severity, Where
from crowdcut.plan import Plan
from crowdcut.profiles import Profile


@dataclass(frozen=True, slots=True, kw_only=True)
class Books:
    """Both sides of the ledger."""

    plan: Plan
    profile: Profile
    rate: Fraction
    """Frames a second of the delivery."""
    pieces: tuple[Mapping[str, Any], ...]
    """Facts of the picture jobs, in programme order."""
    sounds: tuple[Mapping[str, Any], ...]
    """Facts of the listening and preparing jobs, in the plan's order."""
    sound: Mapping[str, Any]
    """Facts of the finish job."""
    found: Mapping[str, Any]
    """What the readback found in the film."""

    @property
    def cadence(self) -> Cadence | None:
        """How a disc shows the pictures; None for a film."""
        standard = self.profile.standard
        return None if standard is None else cadence_for(standard, self.rate)

    def shown_at(self, frame: int) -> Fraction:
        """When a programme frame is shown, seconds from the film's beginning."""
        return frame / self.rate if self.cadence is None else Fraction(self.cadence.ticks(frame), CLOCK)

    def shot_at(self, frame: int) -> str:
        """The shot on screen at a programme frame (the last one's, past the end)."""
        shot = self.plan.shots[0]
        for start, name in zip(self.plan.starts, self.plan.shots, strict=True):
            if start > frame:
                break
            shot = name
        return shot


Check = Callable[[Books], Iterator[Finding]]
"""What differs in one respect; nothing of a film that holds."""


def complaint(
    rule: str,
    books: Books,
    found: str,
    *,
    frame: int | None = None,
    wanted: str = "",
    severity: Severity = "error",
    owner: Owner = "machine",
    way_out: str = "Build again; what is good in the store is kept.",
) -> Finding:
    """A finding about the film; with a ``frame`` of the programme, about the shot that is on screen there."""
    where = Where()
    if frame is not None:
        where = Where(shot=books.shot_at(frame), time=frame / books.rate)
    return Finding(
        rule=rule,
        severity=severity,
        owner=owner,
        where=where,
        found=found,
        wanted=wanted,
        way_out=way_out,
    )
