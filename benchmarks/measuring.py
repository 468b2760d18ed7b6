"""Runs a command and measures it with every process that it starts: wall, CPU seconds, memory. Linux only."""

import ctypes
import os
import signal
import subprocess
import sys
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from threading import Event, Thread
from time import monotonic

_SUBREAPER = 36
"""PR_SET_CHILD_SUBREAPER of <linux/prctl.h>: whoever loses its parent becomes ours, so nobody escapes."""
_WATCH_SECONDS = 0.2
"""Between two looks: smaps_rollup walks all pages, which costs milliseconds for a large process."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Cost:
    """What a command took, its children and theirs included."""

    wall_seconds: float
    cpu_seconds: float
    """User and system; exact, from the kernel's own accounts of every process when it ended."""
    peak_mb: float
    """Most memory of all processes together (PSS, so shared pages count once); looked at five times a second."""
    largest_process_mb: float
    """Most memory of a single process (resident set)."""
    anonymous_mb: float
    """Most memory of a single process that is its own, without pages of files that it looks into."""
    own_mb: float
    """Most memory of the process that was started itself, without its children."""


class CommandFailed(Exception):
    """A measured command ended with another exit code than 0; its last words are the message."""


@dataclass(slots=True)
class _Watcher:
    """Looks at all processes below this one until it is told to stop."""

    peak_kb: int = 0
    resident_kb: dict[int, int] = field(default_factory=dict)
    """Most resident memory by process id."""
    anonymous_kb: int = 0
    """Most of a single process that is no file's."""
    done: Event = field(default_factory=Event)

    def watch(self) -> None:
        while not self.done.wait(_WATCH_SECONDS):
            shared_kb = 0
            for process in descendants(os.getpid()):
                shared_kb += _kilobytes(process, "smaps_rollup", "Pss:")
                resident = _kilobytes(process, "status", "VmHWM:")
                self.resident_kb[process] = max(resident, self.resident_kb.get(process, 0))
                self.anonymous_kb = max(self.anonymous_kb, _kilobytes(process, "status", "RssAnon:"))
            self.peak_kb = max(self.peak_kb, shared_kb)


def _kilobytes(process: int, file: str, field_name: str) -> int:
    """A figure of a process; 0 where it is gone or a zombie."""
    with suppress(OSError):
        for line in Path(f"/proc/{process}/{file}").read_text(encoding="ascii").splitlines():
            if line.startswith(field_name):
                return int(line.split()[1])
    return 0


def descendants(root: int) -> list[int]:
    """Ids of all processes that ``root`` started, and that they started."""
    children: dict[int, list[int]] = {}
    for entry in os.scandir("/proc"):
        if entry.name.isdecimal():
            with suppress(OSError):
                # The name in brackets may hold anything; the parent's id is the second field after it.
                status = Path(entry.path, "stat").read_text(encoding="utf-8", errors="replace")
                children.setdefault(int(status.rpartition(")")[2].split()[1]), []).append(int(entry.name))
    found = list(children.get(root, ()))
    for process in found:
        found += children.get(process, ())
    return found


def _reaped(process: int) -> tuple[int, float]:
    """Exit code and CPU seconds of a child, with those that it waited for itself."""
    _, status, usage = os.wait4(process, 0)
    return os.waitstatus_to_exitcode(status), usage.ru_utime + usage.ru_stime


def _reaped_orphans() -> float:
    """End whatever outlived its parent; CPU seconds of all of these."""
    spent = 0.0
    while left := descendants(os.getpid()):
        for process in left:
            with suppress(ProcessLookupError):
                os.kill(process, signal.SIGKILL)
        spent += _reaped(left[0])[1]  # a child of ours comes before its own children
    return spent


def measured(
    command: Sequence[str | Path],
    *,
    log: Path,
    folder: Path | None = None,
    environment: Mapping[str, str] | None = None,
) -> Cost:
    """Run ``command`` in ``folder``, with what it prints in ``log``, and say what it cost.

    The calling process may have no other children meanwhile. Raises CommandFailed.
    """
    if sys.platform != "linux":
        raise OSError("memory and CPU of a tree of processes are read from Linux's /proc")
    ctypes.CDLL(None, use_errno=True).prctl(_SUBREAPER, 1, 0, 0, 0)
    started = monotonic()
    with log.open("wb") as stream:
        process = subprocess.Popen(
            list(map(str, command)),
            stdin=subprocess.DEVNULL,
            stdout=stream,
            stderr=stream,
            cwd=folder,
            env={**os.environ, **(environment or {})},
        )
    watcher = _Watcher()
    thread = Thread(target=watcher.watch, daemon=True)
    thread.start()
    try:
        code, spent = _reaped(process.pid)
        wall_seconds = monotonic() - started
    finally:
        watcher.done.set()
        thread.join()
        orphans = _reaped_orphans()
    process.returncode = code  # or its destructor would wait for it again
    if code:
        words = log.read_text(encoding="utf-8", errors="replace").strip()[-2000:]
        raise CommandFailed(f"{command[0]} ended with exit code {code}:\n{words}")
    return Cost(
        wall_seconds=round(wall_seconds, 3),
        cpu_seconds=round(spent + orphans, 3),
        peak_mb=round(watcher.peak_kb / 1024, 1),
        anonymous_mb=round(watcher.anonymous_kb / 1024, 1),
        largest_process_mb=round(max(watcher.resident_kb.values(), default=0) / 1024, 1),
        own_mb=round(watcher.resident_kb.get(process.pid, 0) / 1024, 1),
    )
