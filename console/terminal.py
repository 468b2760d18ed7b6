"""What a person sees of a build: a progress line on a terminal, plain lines elsewhere, JSON for machines."""

import json
import sys
from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import asdict
from time import monotonic

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from crowdcut.findings import Finding
from farm.events import Event, Listener

_MARKS = {"error": "error", "warning": "warning", "note": "note"}
_COLOURS = {"error": "bold red", "warning": "yellow", "note": "dim"}


def complain(findings: Iterable[Finding]) -> None:
    """Every finding on a line of its own, errors last, where people look first; then a count."""
    findings = tuple(findings)
    console = Console(stderr=True, highlight=False, soft_wrap=True)
    for severity in ("note", "warning", "error"):
        for finding in findings:
            if finding.severity == severity:
                console.print(f"[{_COLOURS[severity]}]{_MARKS[severity]}[/]", end=" ")
                console.print(str(finding), markup=False)
    counts = Counter(finding.severity for finding in findings)
    if counts:
        console.print(
            ", ".join(f"{count} {name}{'s' if count > 1 else ''}" for name, count in counts.items()), markup=False
        )


class _Bar:
    """A progress line that a person watches."""

    def __init__(self, progress: Progress):
        self._progress = progress
        self._task = progress.add_task("reading", total=None, speed="")
        self._frames, self._since = 0, monotonic()

    def __call__(self, event: Event) -> None:
        match event.kind:
            case "stage":
                self._progress.update(self._task, description=event.text, total=event.jobs, completed=0, speed="")
                self._frames, self._since = 0, monotonic()
            case "done" | "reused" | "failed":
                self._frames += event.frames if event.kind == "done" else 0
                passed = monotonic() - self._since
                speed = f"{self._frames / passed:.0f} frames/s" if self._frames and passed > 1 else ""
                self._progress.update(self._task, advance=1, speed=speed)
            case "retried":
                self._progress.console.print(f"trying again: {event.text}", markup=False, highlight=False)
            case "finding" | "film":
                self._progress.console.print(event.text, markup=False, highlight=False, soft_wrap=True)
            case _:
                pass


class _Lines:
    """Plain lines for logs: each stage, each tenth of its jobs."""

    def __init__(self) -> None:
        self._total, self._done, self._said = 0, 0, 0

    def __call__(self, event: Event) -> None:
        match event.kind:
            case "stage":
                self._total, self._done, self._said = event.jobs, 0, 0
                print(f"{event.text}: {event.jobs} jobs", flush=True)
            case "done" | "reused" | "failed":
                self._done += 1
                if self._total and self._done * 10 // self._total > self._said:
                    self._said = self._done * 10 // self._total
                    print(f"  {self._done} of {self._total}", flush=True)
            case "retried":
                print(f"trying again: {event.text}", flush=True)
            case "finding" | "film":
                print(event.text, flush=True)
            case _:
                pass


def _as_json(event: Event) -> None:
    print(json.dumps({key: value for key, value in asdict(event).items() if value}, ensure_ascii=False), flush=True)


@contextmanager
def listening(*, as_json: bool) -> Iterator[Listener]:
    """The listener that suits who is listening."""
    if as_json:
        yield _as_json
    elif sys.stderr.isatty():
        columns = (
            TextColumn("{task.description}"),
            BarColumn(),
            MofNCompleteColumn(),
            TextColumn("{task.fields[speed]}"),
            TimeRemainingColumn(),
        )
        with Progress(*columns, console=Console(stderr=True), transient=True) as progress:
            yield _Bar(progress)
    else:
        yield _Lines()
