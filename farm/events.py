"""The one progress stream of a build: what the terminal, ``--json`` and the report listen to."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from crowdcut.findings import Finding

EventKind = Literal["way", "stage", "reused", "started", "done", "retried", "failed", "finding", "film", "report"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """Something that happened in a build."""

    kind: EventKind
    text: str = ""
    """The way a build goes, a stage's name, a job's label, a finding's sentence, or where a film or the report is."""
    job: str = ""
    """Kind of the job."""
    frames: int = 0
    """Frames that the job renders; 0 for sound."""
    finding: Finding | None = None
    """For ``finding``: the thing itself."""
    jobs: int = 0
    """For ``stage``: how many jobs it has, reused ones included."""


Listener = Callable[[Event], None]
