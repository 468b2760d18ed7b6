"""Findings as a list for people: by whose they are to mend, the worst first."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from crowdcut.findings import Finding, Owner
from crowdcut.pages.markup import Html, joined, plural, tag
from crowdcut.records import record_from

_OWNERS: dict[Owner, str] = {
    "producer": "For the producer",
    "contributor": "For contributors",
    "machine": "About this machine and Crowdcut",
}
_SEVERITIES = ("error", "warning", "note")
_NOTES_SHOWN = 5
"""An owner with more findings finds the notes folded away: what fails a film must not be looked for."""

Part = Mapping[str, Any]
"""One delivery of a report, or a finding as plain data."""


def _contributors(finding: Finding, part: Part | None) -> str:
    """Whose shot a contributor's finding is about."""
    if finding.owner != "contributor" or part is None or finding.where.shot is None:
        return ""
    return ", ".join(name for shot in part["shots"] if shot["name"] == finding.where.shot for name in shot["by"])


def _finding(finding: Finding, part: Part | None) -> Html:
    whose = _contributors(finding, part)
    place = " · ".join(filter(None, (str(finding.where), f"by {whose}" if whose else "", finding.rule)))
    long = "\n" in finding.wanted  # a traceback, for whoever mends Crowdcut
    wanted = f" (wanted: {finding.wanted})" if finding.wanted and not long else ""
    return tag(
        "li",
        tag("strong", finding.severity),
        " ",
        tag("span", place, class_="place"),
        tag("p", f"{finding.found}{wanted}. {finding.way_out}".rstrip()),
        tag("details", tag("summary", "the text"), tag("pre", finding.wanted)) if long else None,
        class_=finding.severity,
    )


def _list(findings: Iterable[Finding], part: Part | None) -> Html:
    return tag("ul", joined(_finding(finding, part) for finding in findings), class_="findings")


def findings_list(told: Iterable[Part], heading: str, part: Part | None = None) -> Iterator[Html]:
    """Findings by owner, the worst first; notes are folded away where an owner has many findings."""
    findings = sorted((record_from(one, Finding) for one in told), key=lambda one: _SEVERITIES.index(one.severity))
    if not findings:
        return
    yield tag("h3", heading)
    for owner, words in _OWNERS.items():
        if own := [finding for finding in findings if finding.owner == owner]:
            yield tag("h4", words)
            loud = [finding for finding in own if finding.severity != "note" or len(own) <= _NOTES_SHOWN]
            notes = [finding for finding in own if finding not in loud]
            if loud:
                yield _list(loud, part)
            if notes:
                yield tag("details", tag("summary", plural(len(notes), "note")), _list(notes, part))
