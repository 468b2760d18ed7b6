"""Runs jobs in child processes with deadlines and memory limits. A child that dies costs one job, not the build."""

import json
import os
import selectors
import sys
import tempfile
from collections import Counter
from collections.abc import Sequence
from contextlib import ExitStack, suppress
from dataclasses import dataclass, field
from pathlib import Path
from time import monotonic
from types import TracebackType
from typing import IO, Any

from crowdcut.findings import Finding, Where
from crowdcut.plan import Job
from crowdcut.records import plain, record_from
from farm.digests import Mark, mark_of
from farm.events import Event, Listener
from farm.hands import Publish
from farm.processes import Process, cpu_seconds, killed, started
from farm.rounds import CHANGED, Outcome, Round, crashed, deadline_seconds, hung
from farm.store import FACTS, FILE, Store, disk_full, is_full
from farm.workplace import workplace

MEMORY_BYTES = 3 << 30
"""What a child's data may grow to."""
_ENVIRONMENT = {
    "OMP_NUM_THREADS": "1",
    # ggml asks for four by their number, and three of them wait for the fourth with all their might: twice the CPU.
    "OMP_THREAD_LIMIT": "1",
    "OPENBLAS_NUM_THREADS": "1",
    # With a heap for each thread that allocates, what one gave back no other can have: 20 MB in half an hour of sound.
    "MALLOC_ARENA_MAX": "1",
    "PYTHONUNBUFFERED": "1",
}
"""A job is one core's work."""
_AT_WORK = 0.02
"""The part of a core that a child has while it is at work; one that waits for ever has less."""
_SECOND_LOOK = 1.0
"""Seconds after which a late child is looked at again, at the soonest."""


class Stopped(Exception):
    """The crew was told to stop while it ran jobs."""


@dataclass(slots=True)
class _Child:
    """One process, and the job it is at."""

    process: Process
    log: IO[bytes]
    job: Job | None = None
    place: Path | None = None
    exits: ExitStack = field(default_factory=ExitStack)
    due: float = float("inf")
    used_seconds: float = 0.0
    """Of the processors, when its job was given to it or was last looked at."""
    began_seconds: float = 0.0
    """Of the processors, when its job was given to it."""

    def begin(self, job: Job, place: Path) -> None:
        """It is at a job from now on."""
        self.job, self.place, self.due = job, place, monotonic() + deadline_seconds(job)
        self.began_seconds = self.used_seconds = cpu_seconds(self.process) or 0.0

    def is_hung(self) -> bool:
        """Whether it is past its deadline for no other reason than itself; else it is given the time that it lacks.

        A deadline is of work: on a machine that others use too, a child may have had a tenth of a core.
        """
        if self.job is None:
            return True
        used, patience = cpu_seconds(self.process), deadline_seconds(self.job)
        if used is None or used - self.used_seconds < _AT_WORK * patience or used - self.began_seconds >= patience:
            return True
        self.due = monotonic() + max(_SECOND_LOOK, patience - (used - self.began_seconds))
        self.used_seconds = used
        return False

    def kill(self) -> None:
        """End it and everything it may have started, now."""
        killed(self.process)
        for pipe in (self.process.stdin, self.process.stdout):
            if pipe is not None:
                with suppress(BrokenPipeError):  # an order that it did not live to read
                    pipe.close()
        self.log.close()
        self.exits.close()

    def last_words(self) -> str:
        """The end of what it printed."""
        self.log.seek(0, os.SEEK_END)
        self.log.seek(max(0, self.log.tell() - 2000))
        return self.log.read().decode("utf-8", "replace").strip()


class Crew:
    """A number of children at work on one store. Leaving the block kills whatever still runs."""

    def __init__(
        self,
        store: Store,
        *,
        workers: int,
        listener: Listener,
        watched: dict[Path, Mark] | None = None,
        memory_bytes: int = MEMORY_BYTES,
    ):
        self._store, self._workers, self._listener, self._memory = store, workers, listener, memory_bytes
        self._children: list[_Child] = []
        self._stopped = False
        self._cpu_seconds: Counter[str] = Counter()
        self.watched: dict[Path, Mark] = {} if watched is None else watched
        self._selector = selectors.DefaultSelector()

    def __enter__(self) -> "Crew":
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None):
        while self._children:
            self._dismiss(self._children[-1])
        self._selector.close()

    @property
    def cpu_seconds(self) -> Counter[str]:
        """What finished jobs took of the processors, by kind."""
        return Counter(self._cpu_seconds)

    def stop(self) -> None:
        """Kill every child; a :meth:`run` under way raises Stopped. The one method that another thread may call."""
        self._stopped = True
        for child in tuple(self._children):
            killed(child.process)

    def _hired(self) -> _Child:
        log = tempfile.TemporaryFile()  # noqa: SIM115 - closed with its child
        command = (sys.executable, "-m", "farm.worker", str(os.getpid()), str(self._memory))
        child = _Child(process=started(command, log=log, environment=_ENVIRONMENT, piped=True), log=log)
        assert child.process.stdout is not None
        self._selector.register(child.process.stdout, selectors.EVENT_READ, child)
        self._children.append(child)
        return child

    def _dismiss(self, child: _Child) -> None:
        assert child.process.stdout is not None
        self._selector.unregister(child.process.stdout)
        self._children.remove(child)
        child.kill()

    def _told(self, job: Job, place: Path) -> bytes:
        """The task as the child reads it."""
        inputs: dict[str, dict[str, str]] = {name: {"path": str(path)} for name, path in job.files.items()}
        for name, key in job.jobs.items():
            stored = self._store.find(key)
            assert stored is not None, f"{job.label} runs before its input {name}"
            inputs[name] = {"path": str(stored.folder / FILE), "facts": str(stored.folder / FACTS)}
        task = {"kind": job.kind, "order": plain(job.order), "inputs": inputs, "place": str(place)}
        return json.dumps(task).encode() + b"\n"

    def _set_to(self, child: _Child, job: Job) -> None:
        place = child.exits.enter_context(workplace(self._store.folder))
        child.begin(job, place)
        self._listener(Event(kind="started", text=job.label, job=job.kind, frames=job.frames))
        assert child.process.stdin is not None
        try:
            child.process.stdin.write(self._told(job, place))
            child.process.stdin.flush()
        except BrokenPipeError:
            pass  # it died while idle: its closed pipe says so in the next round

    def run(self, jobs: Sequence[Job], *, publish: Publish | None = None) -> Outcome:
        """As :class:`farm.hands.Hands` says.

        Any BaseException of the listener or of a signal's handler passes through. Raises Stopped.
        """
        round_ = Round(self._store, jobs, self._listener)
        while round_.unfinished():
            if self._stopped:
                raise Stopped
            idle = [child for child in self._children if child.job is None]
            while (job := round_.next_ready()) is not None:
                if not idle and len(self._children) >= self._workers:
                    round_.put_back(job)
                    break
                self._set_to(idle.pop() if idle else self._hired(), job)
            self._await(round_, publish or self._store.publish)
        return round_.outcome()

    def _await(self, round_: Round, publish: Publish) -> None:
        """Wait until some child answers, dies or is late."""
        soonest = min((child.due for child in self._children), default=monotonic())
        ready = self._selector.select(timeout=max(0.0, min(soonest - monotonic(), 5.0)))
        for key, _ in ready:
            child: _Child = key.data
            assert child.process.stdout is not None
            line = child.process.stdout.readline()
            job, place = child.job, child.place
            if self._stopped:
                raise Stopped
            if not line:
                last_words = child.last_words()
                self._dismiss(child)
                if job is not None:
                    round_.died(job, child.process.returncode or 0, last_words)
            elif job is not None and place is not None:
                self._heard(round_, child, job, place, json.loads(line), publish)
        for child in [child for child in self._children if child.due < monotonic() and child.is_hung()]:
            late = child.job
            self._dismiss(child)
            if late is not None:
                round_.fail(late, hung(late, deadline_seconds(late)))

    def _heard(
        self,
        round_: Round,
        child: _Child,
        job: Job,
        place: Path,
        answer: dict[str, Any],
        publish: Publish,
    ) -> None:
        child.job, child.due = None, float("inf")
        self._cpu_seconds[job.kind] += answer["cpu_seconds"]
        if (changed := self._changed(job)) is not None:
            round_.fail(job, changed)  # whatever it came to
        elif "done" in answer:
            full = _published(job, place, publish)
            if full is None:
                round_.finish(job)
            else:
                round_.fail(job, full)
        elif "findings" in answer:
            round_.fail(job, *(record_from(one, Finding) for one in answer["findings"]))
        else:
            round_.fail(job, crashed(job, answer["crash"]))
        child.exits.close()

    def _changed(self, job: Job) -> Finding | None:
        """A file of the job that is not what its key was made of (the child may have read either)."""
        for path in job.files.values():
            if path in self.watched and not _stands(path, self.watched[path]):
                return Finding(
                    rule=CHANGED,
                    where=Where(file=path.name),
                    found="it was changed while the film was being built",
                    way_out="Build again once nobody writes to it: what is finished is kept.",
                )
        return None


def _stands(file: Path, mark: Mark) -> bool:
    """Whether ``file`` is there as it was marked."""
    try:
        return mark_of(file) == mark
    except OSError:
        return False


def _published(job: Job, place: Path, publish: Publish) -> Finding | None:
    """Publish a finished workplace; a finding where the disk has no room for it."""
    try:
        publish(job.key, place)
    except OSError as error:
        if not is_full(error):
            raise
        return disk_full()
    return None
