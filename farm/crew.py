"""Runs jobs in child processes with deadlines and memory limits. A child that dies costs one job, not the build.

The only module of Crowdcut that starts processes.
"""

import json
import os
import selectors
import signal
import subprocess
import sys
import tempfile
from collections import Counter, deque
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, suppress
from dataclasses import dataclass, field, replace
from pathlib import Path
from time import monotonic
from types import TracebackType
from typing import IO, Any

from crowdcut.findings import Finding, Where
from crowdcut.plan import Job
from crowdcut.records import plain, record_from
from farm.digests import Mark, mark_of
from farm.events import Event, Listener
from farm.store import FACTS, FILE, Store, disk_full, is_full
from farm.workplace import workplace

MEMORY_BYTES = 3 << 30
"""What a child's data may grow to."""
CHANGED = "changed-while-building"
"""Rule of the finding where a file is no longer what the keys were made of."""
_TRIES = 2

# PR_SET_PDEATHSIG follows the *thread* that makes the child: one that lives as long as this process makes them all.
_nursery = ThreadPoolExecutor(max_workers=1, thread_name_prefix="crew")


def deadline_seconds(job: Job) -> float:
    """How long a job may take before it counts as hung: far above what the slowest machine needs."""
    if job.kind == "examine":
        return 60
    if job.kind == "picture":
        return 120 + 4 * job.frames
    return 1800


@dataclass(slots=True)
class _Child:
    """One process, and the job it is at."""

    process: subprocess.Popen[bytes]
    log: IO[bytes]
    job: Job | None = None
    place: Path | None = None
    exits: ExitStack = field(default_factory=ExitStack)
    due: float = float("inf")

    def kill(self) -> None:
        """End it and everything it may have started, now."""
        with suppress(ProcessLookupError):
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()
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


Publish = Callable[[str, Path], object]
"""Takes a job's key and the folder that holds its file and its facts."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """How a round of jobs went."""

    rendered: tuple[Job, ...]
    reused: tuple[Job, ...]
    failed: dict[str, tuple[Finding, ...]]
    """Findings by the key of the job that failed."""


class Crew:
    """A number of children at work on one store. Leaving the block kills whatever still runs."""

    def __init__(self, store: Store, *, workers: int, listener: Listener, memory_bytes: int = MEMORY_BYTES):
        self._store, self._workers, self._listener, self._memory = store, workers, listener, memory_bytes
        self._children: list[_Child] = []
        self.cpu_seconds: Counter[str] = Counter()
        """What finished jobs took of the processors, by kind; children's starts are in it."""
        self.watched: dict[Path, Mark] = {}
        """Files as they were when they were digested: what is made of one that has changed since is not published."""
        self._selector = selectors.DefaultSelector()

    def __enter__(self) -> "Crew":
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None):
        while self._children:
            self._dismiss(self._children[-1])
        self._selector.close()

    def _hired(self) -> _Child:
        log = tempfile.TemporaryFile()  # noqa: SIM115 - closed with its child
        environment = {**os.environ, "OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1", "PYTHONUNBUFFERED": "1"}
        command = [sys.executable, "-m", "farm.worker", str(os.getpid()), str(self._memory)]

        def start() -> subprocess.Popen[bytes]:
            return subprocess.Popen(
                command,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=log,
                env=environment,
                start_new_session=True,
            )

        child = _Child(process=_nursery.submit(start).result(), log=log)
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
        child.job, child.place, child.due = job, place, monotonic() + deadline_seconds(job)
        self._listener(Event(kind="started", text=job.label, job=job.kind, frames=job.frames))
        assert child.process.stdin is not None
        try:
            child.process.stdin.write(self._told(job, place))
            child.process.stdin.flush()
        except BrokenPipeError:
            pass  # it died while idle: its closed pipe says so in the next round

    def run(self, jobs: Sequence[Job], *, publish: Publish | None = None) -> Outcome:
        """Run ``jobs`` (each after those it needs) that the store does not have.

        ``publish`` takes the finished workplace instead of the store. Failures do not stop the others; jobs that need
        a failed one are left out. Any BaseException of the listener or of a signal's handler passes through.
        """
        round_ = _Round(self._store, jobs, self._listener)
        while round_.unfinished():
            idle = [child for child in self._children if child.job is None]
            while (job := round_.next_ready()) is not None:
                if not idle and len(self._children) >= self._workers:
                    round_.put_back(job)
                    break
                self._set_to(idle.pop() if idle else self._hired(), job)
            self._await(round_, publish or self._store.publish)
        return round_.outcome()

    def _await(self, round_: "_Round", publish: Publish) -> None:
        """Wait until some child answers, dies or is late."""
        soonest = min((child.due for child in self._children), default=monotonic())
        ready = self._selector.select(timeout=max(0.0, min(soonest - monotonic(), 5.0)))
        for key, _ in ready:
            child: _Child = key.data
            assert child.process.stdout is not None
            line = child.process.stdout.readline()
            job, place = child.job, child.place
            if not line:
                last_words = child.last_words()
                self._dismiss(child)
                if job is not None:
                    round_.died(job, child.process.returncode or 0, last_words)
            elif job is not None and place is not None:
                self._heard(round_, child, job, place, json.loads(line), publish)
        for child in [child for child in self._children if child.due < monotonic()]:
            late = child.job
            self._dismiss(child)
            if late is not None:
                round_.fail(late, _hung(late))

    def _heard(
        self,
        round_: "_Round",
        child: _Child,
        job: Job,
        place: Path,
        answer: dict[str, Any],
        publish: Publish,
    ) -> None:
        child.job, child.due = None, float("inf")
        self.cpu_seconds[job.kind] += answer["cpu_seconds"]
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
            round_.fail(job, _crashed(job, answer["crash"]))
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


def _files_of(job: Job) -> str:
    return ", ".join(path.name for path in job.files.values())


def _blamed(job: Job, rule: str, found: str) -> Finding:
    """What a job came to that did not live to say it itself: its files' fault, if it has any."""
    if not job.files:
        way_out = "Build again; if it comes back, please report it with this text."
        return Finding(rule=rule, owner="machine", found=found, way_out=way_out)
    way_out = "Ask for the file in another format, or leave it out."
    return Finding(rule=rule, owner="contributor", where=Where(file=_files_of(job)), found=found, way_out=way_out)


def _hung(job: Job) -> Finding:
    return _blamed(job, "deadline", f"{job.label} did not end within {deadline_seconds(job):.0f} seconds")


def _crashed(job: Job, trace: str) -> Finding:
    return Finding(
        rule="crash",
        owner="machine",
        where=Where(file=_files_of(job)),
        found=f"{job.label} hit a fault in Crowdcut: {trace.strip().splitlines()[-1]}",
        wanted=trace,
        way_out="Please report it with this text.",
    )


class _Round:
    """The jobs of one run: what waits for what, what is ready, what came of each."""

    def __init__(self, store: Store, jobs: Sequence[Job], listener: Listener):
        self._listener = listener
        self._jobs = {job.key: job for job in jobs}
        self._reused = tuple(job for job in self._jobs.values() if store.find(job.key) is not None)
        there = {job.key for job in self._reused}
        self._open: dict[str, set[str]] = {
            key: {need for need in job.jobs.values() if need in self._jobs and need not in there}
            for key, job in self._jobs.items()
            if key not in there
        }
        self._ready: deque[Job] = deque(self._jobs[key] for key, needs in self._open.items() if not needs)
        self._running: set[str] = set()
        self._rendered: list[Job] = []
        self._failed: dict[str, tuple[Finding, ...]] = {}
        self._tries: dict[str, int] = {}
        for job in self._reused:
            listener(Event(kind="reused", text=job.label, job=job.kind, frames=job.frames))

    def unfinished(self) -> bool:
        """Whether anything runs or can run."""
        return bool(self._ready or self._running)

    def next_ready(self) -> Job | None:
        """Take the next job whose inputs are all there."""
        if not self._ready:
            return None
        job = self._ready.popleft()
        self._running.add(job.key)
        return job

    def put_back(self, job: Job) -> None:
        """Return a job that nobody has time for."""
        self._running.discard(job.key)
        self._ready.appendleft(job)

    def finish(self, job: Job) -> None:
        """A job is published: those that waited for it alone are ready, before all others (the sound is one chain)."""
        self._running.discard(job.key)
        del self._open[job.key]
        self._rendered.append(job)
        self._listener(Event(kind="done", text=job.label, job=job.kind, frames=job.frames))
        for key, needs in self._open.items():
            if job.key in needs:
                needs.discard(job.key)
                if not needs:
                    self._ready.appendleft(self._jobs[key])

    def died(self, job: Job, code: int, last_words: str) -> None:
        """Its child died: once more in a new one, then it is named."""
        self._tries[job.key] = self._tries.get(job.key, 0) + 1
        if self._tries[job.key] < _TRIES:
            self.put_back(job)
            self._listener(Event(kind="retried", text=job.label, job=job.kind, frames=job.frames))
            return
        how = signal.Signals(-code).name if code < 0 else f"exit code {code}"
        found = f"{job.label} ended its process {_TRIES} times ({how})"
        if last_words:
            found += f", saying “{last_words.splitlines()[-1][:200]}”"
        self.fail(job, _blamed(job, "died", found))

    def fail(self, job: Job, *findings: Finding) -> None:
        """A job cannot be done; those that need it wait for ever."""
        self._running.discard(job.key)
        self._open.pop(job.key, None)
        self._failed[job.key] = tuple(
            one
            if one.where.file or one.owner == "machine"
            else replace(one, where=replace(one.where, file=_files_of(job) or None))
            for one in findings
        )
        self._listener(Event(kind="failed", text=job.label, job=job.kind, frames=job.frames))

    def outcome(self) -> Outcome:
        """What came of it all."""
        return Outcome(rendered=tuple(self._rendered), reused=self._reused, failed=self._failed)


def unrun(jobs: Iterable[Job], store: Store) -> list[Job]:
    """The jobs that the store does not have."""
    return [job for job in jobs if store.find(job.key) is None]
