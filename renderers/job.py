"""What every job module is given: its input files and the facts that earlier jobs found."""

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any


@dataclass(frozen=True, slots=True, kw_only=True)
class Input:
    """One input of a job: a contributed file, or what another job made."""

    path: Path | None
    """The file; None for a job that answers with facts alone."""
    facts: dict[str, Any] = field(default_factory=dict)
    """The other job's answer, as plain data."""
