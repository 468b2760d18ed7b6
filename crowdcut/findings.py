"""The one shape of every complaint: check, examination, ledger, loudness."""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from fractions import Fraction
from typing import Literal

Severity = Literal["error", "warning", "note"]
Owner = Literal["contributor", "producer", "machine"]

_LONGEST_NAME, _LONGEST_PATH, _LONGEST_SENTENCE = 80, 300, 450
"""Letters of a finding's parts when it is printed: whatever somebody wrote, a finding is no longer than a screen."""


def _shortened(text: str, most: int) -> str:
    return text if len(text) <= most else f"{text[: most - 3]}..."


@dataclass(frozen=True, slots=True, kw_only=True)
class Where:
    """A place a person can go to. Every part may be unknown."""

    file: str | None = None
    """As the producer would write it: relative to where the command was run, or the bare name."""
    line: int | None = None
    """Counted from 1; in a spreadsheet the row, as the spreadsheet numbers them."""
    key: str | None = None
    """The manifest's key, such as ``out``."""
    column: str | None = None
    """In a spreadsheet: the key's column, as its header calls it."""
    scene: str | None = None
    """The scene's id, or its number counted from 1."""
    shot: str | None = None
    """The shot's name: ``fireflies/2``."""
    time: Fraction | None = None
    """Programme time, in seconds."""

    def __str__(self) -> str:
        place = self.file or ""
        if len(place) > _LONGEST_PATH:
            place = f"...{place[3 - _LONGEST_PATH :]}"  # its end says more
        if self.line is not None:
            place += f":{self.line}"
        if (stretch := self.scene if self.shot is None else self.shot) is not None:
            place += f" [{_shortened(stretch, _LONGEST_NAME)}]"
        if self.column is not None:
            place += f' [column "{_shortened(self.column, _LONGEST_NAME)}"]'
        elif self.key is not None:
            place += f" {_shortened(self.key, _LONGEST_NAME)}"
        if self.time is not None:
            place += f" at {float(self.time):.3f} s"
        return place.strip()


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One thing that is wrong or worth knowing, whose it is to mend, and how."""

    rule: str
    """A stable word for the kind of complaint: ``unknown-key``, ``past-the-end``."""
    severity: Severity = "error"
    owner: Owner = "producer"
    where: Where = field(default_factory=Where)
    found: str
    """What is there, as a sentence without its full stop."""
    wanted: str = ""
    """What should be there instead, if ``found`` does not say it."""
    way_out: str = ""
    """What to do about it, as a sentence with its full stop."""

    def __str__(self) -> str:
        found, wanted, way_out = (
            _shortened(part, _LONGEST_SENTENCE) for part in (self.found, self.wanted, self.way_out)
        )
        place = str(self.where)
        text = f"{place}: {found}" if place else found
        if wanted:
            text += f" (wanted: {wanted})"
        stop = "" if text.endswith(".") else "."
        return f"{text}{stop} {way_out}".rstrip()


class CrowdcutError(Exception):
    """Root of every error that a user of Crowdcut may see."""

    def __init__(self, findings: Iterable[Finding] | Finding):
        self.findings: tuple[Finding, ...] = (findings,) if isinstance(findings, Finding) else tuple(findings)
        super().__init__("\n".join(str(finding) for finding in self.findings))


class Refused(CrowdcutError):
    """Found before rendering: nothing was written (exit code 2)."""


class BuildFailed(CrowdcutError):
    """Found while rendering: the store is kept, there is no master (exit code 1)."""


class JobFailed(CrowdcutError):
    """One job cannot give what it was asked for; its finding says why and names the file."""


def hardened(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """The same findings with every warning an error: what ``--strict`` asks for."""
    return tuple(replace(one, severity="error") if one.severity == "warning" else one for one in findings)


def is_error(finding: Finding) -> bool:
    """Whether a finding keeps a film from being built."""
    return finding.severity == "error"
