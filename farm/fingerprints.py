"""What code is: a fingerprint of the source and the libraries behind each renderer, none of which is imported."""

import ast
import hashlib
import json
import os
import sys
from collections.abc import Iterable, Iterator, Mapping
from functools import cached_property
from importlib.metadata import packages_distributions, version
from pathlib import Path

from farm.workplace import workplace

ROOT = Path(__file__).resolve().parent.parent
"""Where Crowdcut's own rooms lie."""

_ROOMS = ("crowdcut", "farm", "renderers")


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


def _surroundings(root: Path) -> str:
    """What differs once a source of ours was edited, or a library was installed, upgraded or taken away."""
    marks: list[object] = [sys.version]
    for room in _ROOMS:
        files = sorted((root / room).rglob("*.py"))
        marks += ((str(file), status.st_size, status.st_mtime_ns) for file in files for status in (file.stat(),))
    folders = sorted({folder for folder in sys.path if os.path.isdir(folder)})
    marks += ((folder, os.stat(folder).st_mtime_ns) for folder in folders)
    return hashlib.blake2b(repr(marks).encode(), digest_size=16).hexdigest()


def _remembered(memory: Path, mark: str) -> dict[str, str]:
    try:
        told = json.loads(memory.read_bytes())
    except (OSError, ValueError):
        return {}
    return told["fingerprints"] if told["mark"] == mark else {}


class Fingerprints(dict[str, str]):
    """The fingerprint of a renderer's module, by its name; found when it is first asked for.

    A fingerprint hashes the module's source, that of the project modules it imports (all the way down; not those that
    it finds by a registry, which a job names apart) and the versions of the libraries that these import or name.
    A module of ours that does not exist raises ModuleNotFoundError: a key that holds nothing of its code never changes.

    memory : a file that remembers them as long as nothing was edited or installed; finding them takes 0.3 s.
    """

    def __init__(self, root: Path = ROOT, *, memory: Path | None = None):
        super().__init__()
        self._root, self._memory = root, memory
        self._sources: dict[str, tuple[bytes, tuple[str, ...]]] = {}
        if memory is not None:
            self._mark = _surroundings(root)
            self.update(_remembered(memory, self._mark))

    @cached_property
    def _distributions(self) -> Mapping[str, list[str]]:
        return packages_distributions()

    def __missing__(self, module: str) -> str:
        self[module] = self._fingerprint(module)
        if self._memory is not None:
            with workplace(self._memory.parent) as place:
                (place / "new").write_text(json.dumps({"mark": self._mark, "fingerprints": self}), encoding="utf-8")
                os.replace(place / "new", self._memory)
        return self[module]

    def _read(self, module: str) -> tuple[bytes, tuple[str, ...]]:
        if module not in self._sources:
            file = _module_file(module, self._root)
            if file is None:
                raise ModuleNotFoundError(f"no module {module} to make a key of", name=module)
            source = file.read_bytes()
            tree = ast.parse(source)
            libraries = (self._distributions.keys() - set(_ROOMS)) & set(_words(tree))
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
