"""The files of one library folder, found by their names however these are spelled; none is opened."""

import os
import posixpath
import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from crowdcut.contract.tables import printable

DEEPEST = 32
"""Folders within folders."""
MOST_FILES, MOST_FOLDERS = 100_000, 10_000
_DRIVE = re.compile(r"[A-Za-z]:")


@dataclass(frozen=True, slots=True, kw_only=True)
class Files:
    """What lies in a library folder."""

    folder: Path
    """Absolute."""
    by_path: dict[str, Path]
    """Absolute paths by path inside the folder, as :func:`normal_path` writes it, in the order of names."""
    by_small: dict[str, str]
    """The first of the paths that differ in capital letters alone, by their small letters."""
    skipped: tuple[str, ...]
    """What could not be looked at, one sentence without its full stop each."""

    def differing_in_capitals(self, path: str) -> str | None:
        """The path of a file that differs from ``path`` in capital letters alone."""
        return self.by_small.get(path.casefold())


def normal_path(path: str) -> str:
    """One spelling for a path inside a folder: NFC, ``/`` between folders, no ``.`` and no needless ``..``, and no
    spaces around names: in a list nobody sees them, and spreadsheets drop them."""
    parts = unicodedata.normalize("NFC", path).replace("\\", "/").split("/")
    return posixpath.normpath("/".join(part.strip() for part in parts))


def climbs_out(path: str) -> bool:
    """Whether a listed path is absolute or leaves its folder."""
    normal = normal_path(path)
    return normal.startswith("/") or normal.split("/")[0] == ".." or bool(_DRIVE.match(normal))


def is_listing(name: str) -> bool:
    """Whether a file is one of the library's own lists, or Excel's mark that one is open, and no contribution."""
    return name.casefold().removeprefix("~$").startswith(("contributions.", "contributors."))


def files_in(folder: Path) -> Files:
    """Walk ``folder``, through the links in it; hidden files and the library's own lists are left out."""
    by_path: dict[str, Path] = {}
    skipped: list[str] = []
    folders = 0
    for path in _walked(folder, (), skipped):
        folders += path is None
        if len(by_path) == MOST_FILES or folders > MOST_FOLDERS:
            most = f"{MOST_FOLDERS} folders" if folders > MOST_FOLDERS else f"{MOST_FILES} files"
            skipped.append(f"there are more than {most}; the rest was not looked at")
            break
        if path is None:
            continue
        inside = path.relative_to(folder).as_posix()
        try:
            inside.encode()
        except UnicodeEncodeError:
            skipped.append(f"the name of {inside.encode('ascii', 'backslashreplace').decode()} is not text")
            continue
        if by_path.setdefault(normal_path(inside), path) != path:
            skipped.append(f"two files are called {printable(normal_path(inside))}, in two spellings")
    by_small = {path.casefold(): path for path in reversed(by_path)}
    return Files(folder=folder, by_path=by_path, by_small=by_small, skipped=tuple(skipped))


def _walked(folder: Path, above: tuple[tuple[int, int], ...], skipped: list[str]) -> Iterator[Path | None]:
    """All files below ``folder``; a link back to a folder above is not followed.

    None for each folder, so that whoever listens can end a walk through links that double at every step.
    """
    yield None
    try:
        status = folder.stat()
        entries = sorted(os.scandir(folder), key=lambda entry: entry.name)
    except OSError as error:
        skipped.append(f"the folder {printable(folder.name)} cannot be read: {error.strerror}")
        return
    here = (status.st_dev, status.st_ino)
    if here in above or len(above) > DEEPEST:
        return
    for entry in entries:
        if entry.name.startswith(".") or is_listing(entry.name):
            continue
        try:
            is_folder, is_file = entry.is_dir(), entry.is_file()
        except OSError as error:  # such as a link to itself
            skipped.append(f"{printable(entry.name)} cannot be read: {error.strerror}")
            continue
        if is_folder:
            yield from _walked(folder / entry.name, (*above, here), skipped)
        elif is_file:
            yield folder / entry.name
