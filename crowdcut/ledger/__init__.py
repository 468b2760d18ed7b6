"""Holds a finished film, as it was read back, against its plan: whatever differs is a finding that names its shot.

A check is one function from :class:`Books` to findings, and one line in the ``CHECKS`` of its file.
"""

from collections.abc import Iterable

from crowdcut.findings import Finding, is_error
from crowdcut.ledger import form, pictures, sounds
from crowdcut.ledger.books import Books
from crowdcut.plan import Plan

_OF_PIECES = frozenset({"picture-packets", "frames", "source-picture"})
_OF_SOUND = frozenset({"sound-packets", "sound-start", "sound-length", "sound-gap", "loudness", "true-peak"})


def suspects(plan: Plan, findings: Iterable[Finding]) -> set[str]:
    """Keys of the jobs whose work may be what the errors among ``findings`` complain of: better made again."""
    errors = [finding for finding in findings if is_error(finding)]
    shots = {finding.where.shot for finding in errors if finding.rule in _OF_PIECES}
    keys = {job.key for job, shot in zip(plan.pictures, plan.shots, strict=True) if shot in shots}
    if any(finding.rule in _OF_SOUND for finding in errors):
        keys |= {plan.finish.key, plan.mix.key, *(job.key for job in plan.buses)}
    return keys


def ledger_findings(books: Books) -> tuple[Finding, ...]:
    """Everything in which the film differs from its plan; empty for a film that holds."""
    return tuple(finding for check in (*pictures.CHECKS, *sounds.CHECKS, *form.CHECKS) for finding in check(books))
