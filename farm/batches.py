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
from typing import Protocol

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
_SECONDS = {
    "examine": 0.3,
    "screen": 2.0,
    "survey": 3.0,
    "listen": 0.8,
    "onsets": 1.0,
    "align": 0.5,
    "beats": 4.0,
    "prepare": 0.3,
    "ambience": 0.4,
    "room": 0.2,
    "bus": 5.0,
    "mix": 1.0,
    "finish": 15.0,
    "stem": 3.0,
    "master": 2.0,
    "readback": 1.0,
    "hear": 2.0,
    "captions": 2.0,
    "title": 2.0,
    "author": 60.0,
    "verify": 60.0,
}
"""Of one core for each other job; the same."""
_STAGES = {
    "onsets": "takes",
    "align": "takes",
    "listen": "sound",
    "prepare": "sound",
    "ambience": "sound",
    "room": "sound",
    "bus": "level",
    "mix": "level",
    "finish": "level",
}
"""Kinds that share batches; all others keep to themselves."""
_NAMES = {
    "examine": "examining ({} files)",
    "screen": "measuring screens ({} clips)",
    "takes": "laying takes over their guides ({} jobs)",
    "sound": "preparing sounds ({} jobs)",
    "level": "mixing and levelling",
    "captions": "drawing subtitles ({} languages)",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Batch:
    """Jobs that one child does, one after another."""

    name: str
    """What a person reads in a dashboard."""
    jobs: tuple[Job, ...]
    needs: tuple[int, ...]
    """Numbers of the batches before it that must be done first."""


class Work(Protocol):
    """Works at a batch, on whatever thread it is called."""

    @property
    def workers(self) -> int:
        """How many batches may be worked at at once."""
        ...

    def __call__(self, batch: Batch) -> Outcome:
        """What came of the batch. Raises what is nobody's finding, and Stopped."""
        ...

    def stop(self) -> None:
        """Kill what runs; each call under way raises Stopped."""
        ...


Schedule = Callable[[Sequence[Batch], Work], None]
"""Has every batch worked at, each after those that it needs; returns or raises when nothing is worked at any more."""


def _seconds_of(job: Job) -> float:
    """What a job may take of one core: near enough to cut even batches."""
    if isinstance(job.order, PictureOrder):
        raster = job.order.raster
        return job.frames * raster.width * raster.height * _SECONDS_A_PIXEL
    return _SECONDS[job.kind]


def _stage(job: Job) -> str:
    return _STAGES.get(job.kind, job.kind)


def _name(jobs: Sequence[Job]) -> str:
    """What a person reads: the shots of pieces, the kind of work of others."""
    first, last = jobs[0], jobs[-1]
    if first.kind == "picture" and len(jobs) > 1:
        return f"{first.label} to {last.label} ({len(jobs)} pieces)"
    stage = _NAMES.get(_stage(first))
    return first.label if stage is None else stage.format(len(jobs))


def _cut(jobs: Iterable[Job], missing: set[str], workers: int) -> Iterator[tuple[Job, ...]]:
    """Runs of jobs of one stage, each with about the same work; what is in the store is none."""
    for _, stage in groupby(jobs, _stage):
        rest = list(stage)
        total = sum(_seconds_of(job) for job in rest if job.key in missing)
        rounds = max(1, -(-total // (BATCH_SECONDS * workers)))
        share = total / (rounds * workers)
        batch: list[Job] = []
        due, done = share, 0.0
        for job in rest:
            batch.append(job)
            done += _seconds_of(job) if job.key in missing else 0.0
            if done and done >= due * 0.999:  # sums of floats may fall short of their own total
                yield tuple(batch)
                batch, due = [], due + share
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


class _Work:
    """The work at one run's batches: crews of one child, each at one batch at a time."""

    def __init__(self, crews: Sequence[Crew], publish: Publish | None):
        self._crews, self._publish = crews, publish
        self._idle: LifoQueue[Crew] = LifoQueue()
        for crew in crews:
            self._idle.put(crew)
        self.outcomes: list[Outcome] = []
        self.errors: list[BaseException] = []

    @property
    def workers(self) -> int:
        return len(self._crews)

    def __call__(self, batch: Batch) -> Outcome:
        crew = self._idle.get()
        try:
            self.outcomes.append(outcome := crew.run(batch.jobs, publish=self._publish))
        except BaseException as error:
            self.errors.append(error)
            raise
        finally:
            self._idle.put(crew)
        return outcome

    def stop(self) -> None:
        for crew in self._crews:
            crew.stop()

    def ended(self) -> Outcome:
        """All outcomes as one. Raises what a batch raised, whatever its schedule made of that."""
        if self.errors:
            raise self.errors[0]
        return Outcome(
            rendered=tuple(job for one in self.outcomes for job in one.rendered),
            reused=tuple(job for one in self.outcomes for job in one.reused),
            failed={key: found for one in self.outcomes for key, found in one.failed.items()},
        )


class Batched:
    """Hands whose batches are worked at when a schedule says so, on its threads. Leaving the block kills what runs."""

    def __init__(self, schedule: Schedule, store: Store, *, workers: int, listener: Listener):
        self._schedule, self._store = schedule, store
        self._listener, self._lock = listener, Lock()
        self.watched: dict[Path, Mark] = {}
        self._crews = tuple(Crew(store, workers=1, listener=self._heard, watched=self.watched) for _ in range(workers))

    def __enter__(self) -> "Batched":
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None):
        for crew in self._crews:
            crew.__exit__(kind, error, trace)

    def _heard(self, event: Event) -> None:
        with self._lock:
            self._listener(event)

    @property
    def cpu_seconds(self) -> Counter[str]:
        """What finished jobs took of the processors, by kind."""
        return sum((crew.cpu_seconds for crew in self._crews), Counter[str]())

    def run(self, jobs: Sequence[Job], *, publish: Publish | None = None) -> Outcome:
        """As :class:`farm.hands.Hands` says. Raises what the schedule raises, once nothing runs any more."""
        work = _Work(self._crews, publish)
        self._schedule(batches_from(jobs, self._store, workers=work.workers), work)
        return work.ended()


def hands_for(
    schedule: Schedule | None, store: Store, *, workers: int, listener: Listener
) -> AbstractContextManager[Hands]:
    """The hands for a build: a crew, or batches on a schedule."""
    if schedule is None:
        return Crew(store, workers=workers, listener=listener)
    return Batched(schedule, store, workers=workers, listener=listener)
