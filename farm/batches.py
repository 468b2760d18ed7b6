"""Cuts jobs into batches that somebody else schedules, and works at each with a crew of one child."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path
from queue import LifoQueue
from threading import Lock
from types import TracebackType

from crowdcut.orders import PictureOrder
from crowdcut.plan import Job
from farm.crew import Crew
from farm.digests import Mark
from farm.events import Event, Listener
from farm.hands import Hands, Publish
from farm.rounds import Outcome
from farm.store import Store

BATCH_SECONDS = 30.0
"""Work of a batch: long beside what scheduling costs, short beside what a crash or a cancel may waste."""
_SECONDS_A_PIXEL = 2.3e-8
"""Of one core for a pixel of a picture job; measured over the 159 shots of motley in full HD."""
_SECONDS = {"examine": 0.3, "listen": 0.8, "prepare": 0.3, "mix": 5.0, "finish": 15.0, "master": 2.0, "readback": 3.0}
"""Of one core for each other job; the same."""
_STAGES = {"listen": "sound", "prepare": "sound", "mix": "level", "finish": "level"}
"""Kinds that share batches; all others keep to themselves."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Batch:
    """Jobs that one child does, one after another."""

    name: str
    """What a person reads in a dashboard: the labels of its first and last job."""
    jobs: tuple[Job, ...]
    needs: tuple[int, ...]
    """Numbers of the batches before it that must be done first."""


Schedule = Callable[[Sequence[Batch], Callable[[Batch], Outcome]], None]
"""Has every batch worked at, each after those that it needs."""


def _seconds_of(job: Job) -> float:
    """What a job may take of one core: near enough to cut even batches."""
    if isinstance(job.order, PictureOrder):
        raster = job.order.raster
        return job.frames * raster.width * raster.height * _SECONDS_A_PIXEL
    return _SECONDS[job.kind]


def _stage(job: Job) -> str:
    return _STAGES.get(job.kind, job.kind)


def _name(jobs: Sequence[Job]) -> str:
    first, last = jobs[0].label, jobs[-1].label
    if len(jobs) == 1:
        return first
    verb, space, rest = last.partition(" ")
    told = rest if space and first.startswith(f"{verb} ") and not rest.startswith("[") else last
    return f"{first} to {told} ({len(jobs)} jobs)"


def _cut(jobs: Iterable[Job], missing: set[str], workers: int) -> Iterator[tuple[Job, ...]]:
    """Runs of jobs of one stage, each with about the same work; what is in the store is none."""
    for _, stage in groupby(jobs, _stage):
        rest = list(stage)
        total = sum(_seconds_of(job) for job in rest if job.key in missing)
        rounds = -(-total // (BATCH_SECONDS * workers))
        enough = total / max(1, rounds * workers) * 0.999  # sums of floats may fall short of their own total
        batch: list[Job] = []
        work = 0.0
        for job in rest:
            batch.append(job)
            work += _seconds_of(job) if job.key in missing else 0.0
            if work and work >= enough:
                yield tuple(batch)
                batch, work = [], 0.0
        if batch:
            yield tuple(batch)


def batches_from(jobs: Sequence[Job], store: Store, *, workers: int) -> tuple[Batch, ...]:
    """``jobs`` (each after those it needs) in batches of about ``BATCH_SECONDS`` of what the store does not have."""
    jobs = tuple({job.key: job for job in jobs}.values())
    missing = {job.key for job in jobs if store.find(job.key) is None}
    homes: dict[str, int] = {}
    batches: list[Batch] = []
    for cut in _cut(jobs, missing, workers):
        needs = {homes[need] for job in cut for need in job.jobs.values() if need in homes}
        homes |= dict.fromkeys((job.key for job in cut), len(batches))
        batches.append(Batch(name=_name(cut), jobs=cut, needs=tuple(sorted(needs))))
    return tuple(batches)


class Batched:
    """Hands whose batches are worked at when a schedule says so, on its threads. Leaving the block kills what runs."""

    def __init__(self, schedule: Schedule, store: Store, *, workers: int, listener: Listener):
        self._schedule, self._store = schedule, store
        self._listener, self._lock = listener, Lock()
        self._crews = tuple(Crew(store, workers=1, listener=self._heard) for _ in range(workers))
        self._idle: LifoQueue[Crew] = LifoQueue()
        self.watched: dict[Path, Mark] = {}
        for crew in self._crews:
            crew.watched = self.watched
            self._idle.put(crew)

    def __enter__(self) -> "Batched":
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None):
        for crew in self._crews:
            crew.stop()
        for _ in self._crews:
            self._idle.get().__exit__(kind, error, trace)

    def _heard(self, event: Event) -> None:
        with self._lock:
            self._listener(event)

    @property
    def cpu_seconds(self) -> Counter[str]:
        """What finished jobs took of the processors, by kind."""
        return sum((crew.cpu_seconds for crew in self._crews), Counter[str]())

    def run(self, jobs: Sequence[Job], *, publish: Publish | None = None) -> Outcome:
        """As :class:`farm.hands.Hands` says."""
        outcomes: list[Outcome] = []

        def work(batch: Batch) -> Outcome:
            crew = self._idle.get()
            try:
                outcome = crew.run(batch.jobs, publish=publish)
            finally:
                self._idle.put(crew)
            outcomes.append(outcome)
            return outcome

        self._schedule(batches_from(jobs, self._store, workers=len(self._crews)), work)
        return Outcome(
            rendered=tuple(job for one in outcomes for job in one.rendered),
            reused=tuple(job for one in outcomes for job in one.reused),
            failed={key: found for one in outcomes for key, found in one.failed.items()},
        )


def hands_for(
    schedule: Schedule | None, store: Store, *, workers: int, listener: Listener
) -> AbstractContextManager[Hands]:
    """The hands for a build: a crew, or batches on a schedule."""
    if schedule is None:
        return Crew(store, workers=workers, listener=listener)
    return Batched(schedule, store, workers=workers, listener=listener)
