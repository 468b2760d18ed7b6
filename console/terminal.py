"""What a person sees of a build: a progress line on a terminal, a few plain lines elsewhere, JSON for machines.

Results go to the standard output; progress and complaints to the standard error.
"""

import json
import sys
from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from time import monotonic

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from crowdcut.contract.tables import printable
from crowdcut.findings import CrowdcutError, Finding
from crowdcut.records import plain
from farm.events import Event, Listener

_COLOURS = {"error": "bold red", "warning": "yellow", "note": "dim"}
_LINE_SECONDS = 10
"""How often a build that nobody watches says how far it is."""


def _lines(text: str) -> str:
    """``text`` without what a terminal would obey: contributors choose their files' names. Line ends stay."""
    return "\n".join(map(printable, text.split("\n")))


def _say(console: Console, finding: Finding) -> None:
    console.print(f"[{_COLOURS[finding.severity]}]{finding.severity}[/]", end=" ")
    console.print(_lines(str(finding)), markup=False)


def _to_stderr() -> Console:
    return Console(stderr=True, highlight=False, soft_wrap=True)


def complain(findings: Iterable[Finding]) -> None:
    """Every finding on a line of its own, errors last, where people look first; then a count."""
    findings = tuple(findings)
    console = _to_stderr()
    for severity in ("note", "warning", "error"):
        for finding in findings:
            if finding.severity == severity:
                _say(console, finding)
    counts = Counter(finding.severity for finding in findings)
    if counts:
        said = (f"{count} {name}{'s' if count > 1 else ''}" for name, count in counts.items())
        console.print(", ".join(said), markup=False)


class _Stage:
    """How far a stage is."""

    def __init__(self, name: str = "", jobs: int = 0) -> None:
        self.name, self.jobs = printable(name), jobs
        self.reused, self.ended, self._frames, self._since = 0, 0, 0, monotonic()

    def count(self, event: Event) -> None:
        """A job that ended, whatever came of it."""
        self.ended += 1
        self.reused += event.kind == "reused"
        self._frames += event.frames if event.kind == "done" else 0

    @property
    def speed(self) -> str:
        """Frames a second, once there is enough to tell."""
        passed = monotonic() - self._since
        return f"{self._frames / passed:.0f} frames/s" if self._frames and passed > 1 else ""

    def __str__(self) -> str:
        jobs = f"{self.jobs} job{'' if self.jobs == 1 else 's'}"
        if self.reused == self.jobs:
            return f"{self.name}: {jobs}, nothing to do"
        return f"{self.name}: {jobs}" + (f", {self.reused} in the store" if self.reused else "")


class _Bar:
    """A progress line that a person watches."""

    def __init__(self, progress: Progress):
        self._progress, self._stage = progress, _Stage()
        self._task = progress.add_task("reading", total=None, speed="")

    def _results(self, text: str) -> None:
        if sys.stdout.isatty():
            self._progress.console.print(text, markup=False, highlight=False, soft_wrap=True)
        else:
            print(text, flush=True)

    def __call__(self, event: Event) -> None:
        match event.kind:
            case "way":
                self._progress.console.print(printable(event.text), markup=False, highlight=False)
            case "stage":
                self._stage = _Stage(event.text, event.jobs)
                self._progress.reset(self._task, description=self._stage.name, total=event.jobs, speed="")
            case "done" | "reused" | "failed":
                self._stage.count(event)
                left = self._stage.jobs - self._stage.reused  # what is there already tells nothing of what is left
                done = self._stage.ended - self._stage.reused
                self._progress.update(self._task, completed=done, total=left, speed=self._stage.speed)
            case "retried":
                self._progress.console.print(f"trying again: {printable(event.text)}", markup=False, highlight=False)
            case "finding" if event.finding is not None:
                _say(self._progress.console, event.finding)
            case "film" | "report":
                self._results(printable(event.text))
            case _:
                pass


class _Lines:
    """Plain lines for logs: each stage, and now and then how far it is."""

    def __init__(self) -> None:
        self._stage, self._said, self._due, self._console = _Stage(), True, 0.0, _to_stderr()

    def _say_once(self) -> None:
        if not self._said:
            self._said, self._due = True, monotonic() + _LINE_SECONDS
            self._console.print(str(self._stage), markup=False)

    def __call__(self, event: Event) -> None:
        match event.kind:
            case "way":
                self._console.print(printable(event.text), markup=False)
            case "stage":
                self._stage = _Stage(event.text, event.jobs)
                self._said = not event.jobs
            case "started":
                self._say_once()
            case "done" | "reused" | "failed":
                self._stage.count(event)
                if self._stage.ended == self._stage.jobs:
                    self._say_once()
                elif event.kind != "reused" and monotonic() > self._due:
                    self._due = monotonic() + _LINE_SECONDS
                    said = filter(None, (f"  {self._stage.ended} of {self._stage.jobs}", self._stage.speed))
                    self._console.print(", ".join(said), markup=False)
            case "retried":
                self._console.print(f"trying again: {printable(event.text)}", markup=False)
            case "finding" if event.finding is not None:
                _say(self._console, event.finding)
            case "film" | "report":
                print(printable(event.text), flush=True)
            case _:
                pass


def _as_json(event: Event) -> None:
    print(json.dumps(plain(event)), flush=True)  # in ASCII: a file's name may be no text


@contextmanager
def _json_lines() -> Iterator[Listener]:
    """Each event on a line; the errors that end a build come as events too."""
    try:
        yield _as_json
    except CrowdcutError as error:
        for finding in error.findings:
            _as_json(Event(kind="finding", text=str(finding), finding=finding))
        raise


@contextmanager
def listening(*, as_json: bool) -> Iterator[Listener]:
    """The listener that suits who is listening."""
    if as_json:
        with _json_lines() as listener:
            yield listener
    elif sys.stderr.isatty():
        columns = (
            TextColumn("{task.description}", markup=False),
            BarColumn(),
            MofNCompleteColumn(),
            TextColumn("{task.fields[speed]}"),
            TimeRemainingColumn(),
        )
        with Progress(*columns, console=_to_stderr(), transient=True, redirect_stdout=False) as progress:
            yield _Bar(progress)
    else:
        yield _Lines()
