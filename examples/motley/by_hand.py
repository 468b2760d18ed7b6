"""Scenes that somebody cut by hand out of a folder's files: every way to show them that a manifest has a word for."""

import tomllib
from collections.abc import Iterable, Iterator
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Any

from examples.motley.rows import File

SCENES = ("together", "layers", "keyed", "time", "framed", "read", "drawn", "told", "beat")
"""Files in ``scenes/``, in the film's order: pieces of a manifest, each a scene with its clips and what hangs on it."""


def text_of(scene: str) -> str:
    """A scene as it stands in the manifest."""
    return (Path(__file__).with_name("scenes") / f"{scene}.toml").read_text(encoding="utf-8")


def _uses(value: Any) -> Iterator[str]:
    """All that a piece of a manifest says after ``use``."""
    if isinstance(value, list):
        for one in value:
            yield from _uses(one)
    elif isinstance(value, dict):
        for key, one in value.items():
            named = one if key == "use" and isinstance(one, list) else [one]
            yield from (name for name in named if key == "use" and isinstance(name, str))
            yield from _uses(one)


def files_used_in(text: str) -> set[str]:
    """What a scene needs of the folder: names of files, and patterns of these."""
    piece = tomllib.loads(text)
    return {name for name in _uses(piece) if name not in piece.get("clip", {}) and "." in name}


def scenes_of(files: Iterable[File], scenes: Iterable[str] = SCENES) -> Iterator[str]:
    """The text of each of ``scenes`` whose files are all there; without one of its files it would not be that scene."""
    names = {name for file in files for name in (file.name, f"media/{file.path}")}
    for scene in scenes:
        text = text_of(scene)
        if all(any(fnmatchcase(name, wanted) for name in names) for wanted in files_used_in(text)):
            yield text.rstrip()
