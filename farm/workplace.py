"""Folders that jobs write in: named for the process that made them, cleared when it is done or dead."""

import os
import secrets
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

_PREFIX = ".work-"


def _alive(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


def swept(folder: Path) -> None:
    """Clear what processes left in ``folder`` that were killed."""
    for left in folder.glob(f"{_PREFIX}*"):
        process = left.name.removeprefix(_PREFIX).partition("-")[0]
        if process.isdecimal() and not _alive(int(process)):
            shutil.rmtree(left, ignore_errors=True)


@contextmanager
def workplace(folder: Path) -> Iterator[Path]:
    """A new folder inside ``folder`` (so on its disk, from where a rename is atomic); what is left in it is cleared."""
    # In a container a process often has the number of one that was killed, so a number alone may be taken. Not mkdtemp:
    # it keeps others out, and what is published from here may be another user's too.
    place = folder / f"{_PREFIX}{os.getpid()}-{secrets.token_hex(8)}"
    place.mkdir(parents=True)
    try:
        yield place
    finally:
        shutil.rmtree(place, ignore_errors=True)
