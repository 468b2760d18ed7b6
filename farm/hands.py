"""Who does the jobs of a build: a crew of children, or tasks that somebody else schedules."""

from collections import Counter
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Protocol

from crowdcut.plan import Job
from farm.digests import Mark
from farm.rounds import Outcome

Publish = Callable[[str, Path], object]
"""Takes a job's key and the folder that holds its file and its facts."""


class Hands(Protocol):
    """What a build asks of whoever does its jobs."""

    watched: dict[Path, Mark]
    """Files as they were when they were digested: what is made of one that has changed since is not published."""

    @property
    def cpu_seconds(self) -> Counter[str]:
        """What finished jobs took of the processors, by kind; children's starts are in it."""
        ...

    def run(self, jobs: Sequence[Job], *, publish: Publish | None = None) -> Outcome:
        """Run ``jobs`` (each after those it needs; of the same key only one) that the store does not have.

        ``publish`` takes the finished workplace instead of the store. Failures do not stop the others; jobs that need
        a failed one are left out.
        """
        ...
