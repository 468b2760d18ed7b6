"""What keys are made of: contents of files, and the code and libraries behind each renderer. Imports none of them."""

import ast
import hashlib
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


class DigestCache:
    """Content digests, remembered by path, size, modification time (ns) and inode."""

    def __init__(self, file: Path):
        self._database = sqlite3.connect(file, timeout=30, isolation_level=None)
        self._database.execute(
            "CREATE TABLE IF NOT EXISTS digest (path TEXT PRIMARY KEY, size INT, mtime_ns INT, inode INT, digest TEXT)"
        )

    def digest(self, file: Path) -> str:
        """The digest of ``file``; read only if it may have changed. Raises OSError where it cannot be read."""
        status = file.stat()
        mark = (status.st_size, status.st_mtime_ns, status.st_ino)
        row = self._database.execute(
            "SELECT size, mtime_ns, inode, digest FROM digest WHERE path = ?", (str(file),)
        ).fetchone()
        if row is not None and row[:3] == mark:
            return row[3]
        digest = content_digest(file)
        self._database.execute("INSERT OR REPLACE INTO digest VALUES (?, ?, ?, ?, ?)", (str(file), *mark, digest))
        return digest

    def close(self) -> None:
        """Let go of the database."""
        self._database.close()


def _module_file(name: str, root: Path) -> Path | None:
    """The source of one of our modules; None for anything else."""
    if name.split(".")[0] not in _ROOMS:
        return None
    path = root.joinpath(*name.split("."))
    for file in (path.with_suffix(".py"), path / "__init__.py"):
        if file.is_file():
            return file
    return None


def _imported(tree: ast.Module) -> Iterator[str]:
    """Every module that a source names in an import, at its top or within."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            yield node.module
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def _words(tree: ast.Module) -> Iterator[str]:
    """Every string in a source: some packages (of fonts) are found by their names, not imported."""
    return (node.value for node in ast.walk(tree) if isinstance(node, ast.Constant) and isinstance(node.value, str))


class Fingerprints(dict[str, str]):
    """The fingerprint of a renderer's module, by its name; found when it is first asked for.

    A fingerprint hashes the module's source, that of the project modules it imports (all the way down; not those that
    it finds by a registry, which a job names apart) and the versions of the libraries that these import or name.
    """

    def __init__(self, root: Path = ROOT):
        super().__init__()
        self._root = root
        self._sources: dict[str, tuple[bytes, tuple[str, ...]]] = {}
        self._distributions = packages_distributions()

    def __missing__(self, module: str) -> str:
        self[module] = self._fingerprint(module)
        return self[module]

    def _read(self, module: str) -> tuple[bytes, tuple[str, ...]] | None:
        if module not in self._sources:
            file = _module_file(module, self._root)
            if file is None:
                return None
            source = file.read_bytes()
            tree = ast.parse(source)
            libraries = (self._distributions.keys() - _ROOMS) & set(_words(tree))
            self._sources[module] = source, (*_imported(tree), *libraries)
        return self._sources[module]

    def _closure(self, module: str) -> tuple[dict[str, bytes], set[str]]:
        """Sources of our own modules by name, and names of the foreign packages they import."""
        own: dict[str, bytes] = {}
        foreign: set[str] = set()
        pending = [module]
        while pending:
            name = pending.pop()
            read = self._read(name)
            if read is None:
                foreign.add(name.split(".")[0])
            elif name not in own:
                own[name] = read[0]
                pending.extend(read[1])
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
