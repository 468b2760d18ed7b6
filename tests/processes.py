"""The children of a build, seen and signalled through /proc."""

import os
import signal
import threading
import time
from collections.abc import Callable
from pathlib import Path


def _stat(pid: str) -> list[str]:
    """What stands behind the command's name: state, parent, group, session..."""
    return Path("/proc", pid, "stat").read_text().rpartition(")")[2].split()


def workers_of(parent: int) -> list[int]:
    """Crowdcut's children of a process, dead ones left out."""
    found = []
    for pid in filter(str.isdecimal, os.listdir("/proc")):
        try:
            state, its_parent = _stat(pid)[:2]
            if (
                int(its_parent) == parent
                and state != "Z"
                and b"farm.worker" in Path("/proc", pid, "cmdline").read_bytes()
            ):
                found.append(int(pid))
        except (FileNotFoundError, ProcessLookupError):
            continue
    return found


def is_running(pid: int) -> bool:
    """Whether a process is there and not merely waiting to be counted."""
    try:
        return _stat(str(pid))[0] != "Z"
    except (FileNotFoundError, ProcessLookupError):
        return False


def wait_for(happened: Callable[[], object], *, seconds: float = 30) -> bool:
    """Look until something is so, or the time is up."""
    due = time.monotonic() + seconds
    while not happened():
        if time.monotonic() > due:
            return False
        time.sleep(0.005)
    return True


def signal_at_work(store: Path, number: int = signal.SIGKILL) -> threading.Thread:
    """Signal this process's only child as soon as it has begun to write its job's file."""
    here = workers_of(os.getpid())  # looking for it takes a while, in which a small job is done

    def strike() -> None:
        if wait_for(lambda: any(store.glob(".work-*/file"))):
            for child in here or workers_of(os.getpid()):
                os.kill(child, number)

    thread = threading.Thread(target=strike)
    thread.start()
    return thread
