"""What is said of cues: one sentence for all that have the same fault, however many these are."""

from collections.abc import Sequence
from pathlib import Path

from crowdcut.contract.tables import shown
from crowdcut.disc.cues import Cue
from crowdcut.findings import Finding, Severity, Where


def told_of(
    cues: Sequence[Cue], file: Path, rule: str, found: str, *, severity: Severity = "warning", way_out: str = ""
) -> tuple[Finding, ...]:
    """One finding that names the first of ``cues`` and counts them; none where there are none."""
    if not cues:
        return ()
    where = Where(file=shown(file), time=min(cue.start for cue in cues))
    count = "1 cue" if len(cues) == 1 else f"{len(cues)} cues, this one first,"
    return (Finding(rule=rule, severity=severity, where=where, found=f"{count} {found}", way_out=way_out),)
