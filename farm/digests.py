"""What keys are made of: contents of files, and the code and libraries behind each renderer. Imports none of them."""

import ast
import hashlib
import os
import sqlite3
from collections.abc import Iterable, Iterator
from importlib.metadata import packages_distributions, version
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
"""Where Crowdcut's own rooms lie."""

_ROOMS = frozenset({"crowdcut", "renderers", "farm"})
_BLOCK = 1 << 20


def content_digest(file: Path) -> str:
    """A file's contents in 32 hexadecimal digits (BLAKE2b, 128 bit)."""
    hasher = hashlib.blake2b(digest_size=16)
    with file.open("rb") as stream:
        while block := stream.read(_BLOCK):
            hasher.update(block)
    return hasher.hexdigest()


Mark = tuple[int, int, int, int]
"""What differs where a file was touched: size (bytes), modification time (ns), inode, time of any change (ns)."""


def mark_of(file: Path) -> Mark:
    """The mark of ``file`` as it is now. Raises OSError where there is none."""
    status = file.stat()
    return status.st_size, status.st_mtime_ns, status.st_ino, status.st_ctime_ns


class DigestCache:
    """Content digests, remembered by path, size, modification time (ns) and inode."""

    def __init__(self, file: Path):
        self.marks: dict[Path, Mark] = {}
        """Marks of the files that were asked for, from before their contents were read."""
        self._database = sqlite3.connect(file, timeout=30, isolation_level=None)
        self._database.execute(
            "CREATE TABLE IF NOT EXISTS digest (path BLOB PRIMARY KEY, size INT, mtime_ns INT, inode INT, digest TEXT)"
        )

    def digest(self, file: Path) -> str:
        """The digest of ``file``; read only if it may have changed. Raises OSError where it cannot be read."""
        self.marks[file] = mark_of(file)
        mark, path = self.marks[file][:3], os.fsencode(file)  # a file's name may be no text
        row = self._database.execute(
            "SELECT size, mtime_ns, inode, digest FROM digest WHERE path = ?", (path,)
        ).fetchone()
        if row is not None and row[:3] == mark:
            return row[3]
        digest = content_digest(file)
        self._database.execute("INSERT OR REPLACE INTO digest VALUES (?, ?, ?, ?, ?)", (path, *mark, digest))
        return digest

    def close(self) -> None:
        """Let go of the database."""
        self._database.close()


def _is_own(name: str) -> bool:
    return name.split(".")[0] in _ROOMS


def _module_file(name: str, root: Path) -> Path | None:
    """The source of one of our modules; None where there is none."""
    path = root.joinpath(*name.split("."))
    for file in (path.with_suffix(".py"), path / "__init__.py"):
        if file.is_file():
            return file
    return None


def _imported(tree: ast.Module, root: Path) -> Iterator[str]:
    """Every module that a source names in an import, at its top or within.

    What is taken from one of our packages may be a module or a thing in its ``__init__.py``.
    """
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            yield node.module
            names = (f"{node.module}.{alias.name}" for alias in node.names)
            yield from (name for name in names if _is_own(name) and _module_file(name, root) is not None)


def _words(tree: ast.Module) -> Iterator[str]:
    """Every string in a source: some packages (of fonts) are found by their names, not imported."""
    return (node.value for node in ast.walk(tree) if isinstance(node, ast.Constant) and isinstance(node.value, str))


class Fingerprints(dict[str, str]):
    """The fingerprint of a renderer's module, by its name; found when it is first asked for.

    A fingerprint hashes the module's source, that of the project modules it imports (all the way down; not those that
    it finds by a registry, which a job names apart) and the versions of the libraries that these import or name.
    A module of ours that does not exist raises ModuleNotFoundError: a key that holds nothing of its code never changes.
    """

    def __init__(self, root: Path = ROOT):
        super().__init__()
        self._root = root
        self._sources: dict[str, tuple[bytes, tuple[str, ...]]] = {}
        self._distributions = packages_distributions()

    def __missing__(self, module: str) -> str:
        self[module] = self._fingerprint(module)
        return self[module]

    def _read(self, module: str) -> tuple[bytes, tuple[str, ...]]:
        if module not in self._sources:
            file = _module_file(module, self._root)
            if file is None:
                raise ModuleNotFoundError(f"no module {module} to make a key of", name=module)
            source = file.read_bytes()
            tree = ast.parse(source)
            libraries = (self._distributions.keys() - _ROOMS) & set(_words(tree))
            self._sources[module] = source, (*_imported(tree, self._root), *libraries)
        return self._sources[module]

    def _closure(self, module: str) -> tuple[dict[str, bytes], set[str]]:
        """Sources of our own modules by name, and names of the foreign packages they import."""
        own: dict[str, bytes] = {}
        foreign: set[str] = set()
        pending = [module]
        while pending:
            name = pending.pop()
            if not _is_own(name):
                foreign.add(name.split(".")[0])
            elif name not in own:
                own[name], needs = self._read(name)
                pending.extend(needs)
        return own, foreign

    def _versions(self, packages: Iterable[str]) -> Iterator[str]:
        for package in sorted(packages):
            for distribution in sorted(set(self._distributions.get(package, ()))):
                if package not in _ROOMS:
                    yield f"{distribution}=={version(distribution)}"

    def _fingerprint(self, module: str) -> str:
        own, foreign = self._closure(module)
        hasher = hashlib.blake2b(digest_size=16)
        for name in sorted(own):
            hasher.update(name.encode() + b"\0" + own[name] + b"\0")
        hasher.update("\n".join(self._versions(foreign)).encode())
        return hasher.hexdigest()
