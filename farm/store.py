"""The store: key to object. An object is a folder with a job's facts and, mostly, its file; it is there when done."""

import json
import os
from dataclasses import dataclass
from errno import EDQUOT, ENOSPC
from functools import cached_property
from pathlib import Path
from typing import Any

from crowdcut.findings import Finding
from farm.workplace import swept, workplace

FILE, FACTS = "file", "facts.json"
"""Names inside an object's folder."""


@dataclass(frozen=True)
class Stored:
    """One object."""

    folder: Path

    @property
    def file(self) -> Path:
        """The job's file (which a job that only answers does not have)."""
        return self.folder / FILE

    @cached_property
    def facts(self) -> dict[str, Any]:
        """What the job found, as plain data."""
        return json.loads((self.folder / FACTS).read_bytes())


def is_full(error: OSError) -> bool:
    """Whether a disk has no room, or grants none."""
    return error.errno in (ENOSPC, EDQUOT)


def disk_full() -> Finding:
    """What is said of it."""
    way_out = "Free some room, then build again: what is finished is kept."
    return Finding(rule="disk-full", owner="machine", found="the disk is full", way_out=way_out)


def flushed(path: Path) -> None:
    """Have the disk keep what was written."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


class Store:
    """Objects under ``folder/objects``, named by their keys."""

    def __init__(self, folder: Path):
        self.folder = folder
        self._objects = folder / "objects"
        self._objects.mkdir(parents=True, exist_ok=True)
        swept(folder)

    def _place(self, key: str) -> Path:
        return self._objects / key[:2] / key

    def find(self, key: str) -> Stored | None:
        """The object of a key, if it is there."""
        place = self._place(key)
        return Stored(place) if place.is_dir() else None

    def made(self, key: str) -> Stored:
        """The object of a key that a job was just run for, or found there."""
        found = self.find(key)
        assert found is not None, f"nothing was published as {key}"
        return found

    def publish(self, key: str, place: Path) -> Stored:
        """Make a finished workplace the object of ``key``. The first one published wins."""
        for file in place.iterdir():
            flushed(file)
        flushed(place)
        target = self._place(key)
        target.parent.mkdir(exist_ok=True)
        try:
            os.rename(place, target)
        except OSError:
            if not target.is_dir():
                raise
        flushed(target.parent)
        return Stored(target)

    def publish_facts(self, key: str, facts: dict[str, Any]) -> Stored:
        """An object without a file."""
        with workplace(self.folder) as place:
            (place / FACTS).write_text(json.dumps(facts), encoding="utf-8")
            return self.publish(key, place)

    def discard(self, key: str) -> None:
        """Take the object of ``key`` away, so that it is made again. It vanishes at once or not at all."""
        with workplace(self.folder) as place:
            try:
                os.rename(self._place(key), place / key)
            except FileNotFoundError:
                return
