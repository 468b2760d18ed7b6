"""Folders that jobs write in: named for the process that made them, cleared when it is done or dead."""

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count
from pathlib import Path

_PREFIX = ".work-"
_numbers = count()


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
    place = folder / f"{_PREFIX}{os.getpid()}-{next(_numbers)}"
    place.mkdir(parents=True)
    try:
        yield place
    finally:
        shutil.rmtree(place, ignore_errors=True)
