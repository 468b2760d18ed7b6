"""Starts processes, and ends them with all that they started. The only module of Crowdcut that does."""

import os
import signal
import subprocess
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path
from typing import IO

Process = subprocess.Popen[bytes]

# PR_SET_PDEATHSIG follows the *thread* that makes the child: one that lives as long as this process makes them all.
_nursery = ThreadPoolExecutor(max_workers=1, thread_name_prefix="processes")


def started(
    command: Sequence[str],
    *,
    log: IO[bytes],
    environment: Mapping[str, str],
    piped: bool = False,
    folder: Path | None = None,
) -> Process:
    """Start ``command`` in a session of its own, so that a Ctrl-C here is not its Ctrl-C too.

    piped : whether its input and output are pipes to this process; else it has none, and prints into ``log``.
    folder : where it works; None: here.
    """

    def start() -> Process:
        return subprocess.Popen(
            command,
            stdin=subprocess.PIPE if piped else subprocess.DEVNULL,
            stdout=subprocess.PIPE if piped else log,
            stderr=log,
            env={**os.environ, **environment},
            start_new_session=True,
            cwd=folder,
        )

    return _nursery.submit(start).result()


def cpu_seconds(process: Process) -> float | None:
    """What a process has used of the processors; None where the system does not tell (Linux does) or it ended."""
    try:
        told = Path(f"/proc/{process.pid}/stat").read_text(encoding="ascii", errors="replace")
    except OSError:
        return None
    user, system = told.rpartition(")")[2].split()[11:13]  # proc(5): fields 14 and 15
    return (int(user) + int(system)) / os.sysconf("SC_CLK_TCK")


def killed(process: Process) -> None:
    """End a process and everything in its session's group, now."""
    with suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()


def ended(process: Process, *, grace_seconds: float) -> None:
    """Ask a process to end; once the grace is over, kill it."""
    process.terminate()
    with suppress(subprocess.TimeoutExpired):
        process.wait(grace_seconds)
    killed(process)
