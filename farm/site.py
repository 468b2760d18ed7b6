"""Where a build happens: its store, the folder for its films, the hands that do its jobs, and who listens."""

from dataclasses import dataclass
from pathlib import Path

from crowdcut.findings import Finding, Refused, Where
from farm.events import Listener
from farm.hands import Hands
from farm.store import Store
from farm.workplace import swept, workplace


@dataclass(frozen=True, slots=True, kw_only=True)
class Site:
    """One build's surroundings."""

    out: Path
    """Folder of the films."""
    store: Store
    hands: Hands
    listener: Listener


def _unwritable(rule: str, folder: Path, error: OSError) -> Refused:
    found, way_out = f"it cannot be written to: {error.strerror}", f"Give another folder with --{rule}."
    return Refused(Finding(rule=rule, where=Where(file=str(folder)), found=found, way_out=way_out))


def opened_store(folder: Path) -> Store:
    """The store in ``folder``. Raises Refused."""
    try:
        return Store(folder)
    except OSError as error:
        raise _unwritable("store", folder, error) from error


def made_writable(out: Path) -> None:
    """Make sure that films can be put into ``out`` before any time is spent on them. Raises Refused."""
    try:
        out.mkdir(parents=True, exist_ok=True)
        swept(out)
        with workplace(out):
            pass
    except OSError as error:
        raise _unwritable("out", out, error) from error
