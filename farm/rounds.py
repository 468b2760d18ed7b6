"""The jobs of one run: what waits for what, what is ready, what came of each, and whose fault it was."""

import signal
from collections import deque
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from crowdcut.findings import Finding, Refused, Where
from crowdcut.plan import Job
from farm.events import Event, Listener
from farm.store import Store

_TRIES = 2


CHANGED = "changed-while-building"
"""Rule of the finding where a file is no longer what the keys were made of."""


def deadline_seconds(job: Job) -> float:
    """How long a job may work before it counts as hung: far above what the slowest machine needs."""
    if job.kind == "examine":
        return 60
    if job.kind == "picture":
        return 120 + 4 * job.frames
    return 1800


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """How a round of jobs went."""

    rendered: tuple[Job, ...]
    reused: tuple[Job, ...]
    failed: dict[str, tuple[Finding, ...]]
    """Findings by the key of the job that failed."""

    @property
    def findings(self) -> tuple[Finding, ...]:
        """Of all jobs that failed."""
        return tuple(finding for findings in self.failed.values() for finding in findings)

    def __str__(self) -> str:
        told = f"{len(self.rendered)} rendered, {len(self.reused)} from the store"
        if not self.failed:
            return told
        return f"{told}, {len(self.failed)} failed: {next(iter(self.failed.values()))[0]}"


def _files_of(job: Job) -> str:
    return ", ".join(path.name for path in job.files.values())


def _blamed(job: Job, rule: str, found: str) -> Finding:
    """What a job came to that did not live to say it itself: its files' fault, if it has any."""
    if not job.files:
        way_out = "Build again; if it comes back, please report it with this text."
        return Finding(rule=rule, owner="machine", found=found, way_out=way_out)
    way_out = "Ask for the file in another format, or leave it out."
    return Finding(rule=rule, owner="contributor", where=Where(file=_files_of(job)), found=found, way_out=way_out)


def unchanged(outcome: Outcome) -> Outcome:
    """The same outcome. Raises Refused naming the files that changed under its jobs."""
    changed = [one for one in outcome.findings if one.rule == CHANGED]
    if changed:
        raise Refused(changed)
    return outcome


def hung(job: Job, seconds: float) -> Finding:
    """Said of a job that did not end in its time."""
    return _blamed(job, "deadline", f"{job.label} did not end within {seconds:.0f} seconds")


def crashed(job: Job, trace: str) -> Finding:
    """Said of a job that raised what nobody foresaw; the child sent its traceback."""
    return Finding(
        rule="crash",
        owner="machine",
        where=Where(file=_files_of(job)),
        found=f"{job.label} hit a fault in Crowdcut: {trace.strip().splitlines()[-1]}",
        wanted=trace,
        way_out="Please report it with this text.",
    )


class Round:
    """The jobs of one run: what waits for what, what is ready, what came of each."""

    def __init__(self, store: Store, jobs: Sequence[Job], listener: Listener):
        self._listener = listener
        self._jobs = {job.key: job for job in jobs}
        self._reused = tuple(job for job in self._jobs.values() if store.find(job.key) is not None)
        there = {job.key for job in self._reused}
        self._open: dict[str, set[str]] = {
            key: {need for need in job.jobs.values() if need not in there and store.find(need) is None}
            for key, job in self._jobs.items()
            if key not in there
        }
        self._waiting: dict[str, list[str]] = {}
        for key, needs in self._open.items():
            for need in needs:
                self._waiting.setdefault(need, []).append(key)
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
        for key in self._waiting.get(job.key, ()):
            needs = self._open[key]
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
