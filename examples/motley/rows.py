"""The rows of a folder's MANIFEST.tsv: which files there are, whose they are, and what the film leaves out of them."""

import csv
import json
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

_PICTURES, _SOUNDS = ("video/", "image/", "animation/"), ("audio/",)
_DRAWN = ("lottie/",)
"""Folders whose files a film can show or play; of the last, as many as its scenes ask for."""


@dataclass(frozen=True, slots=True, kw_only=True)
class File:
    """One row of MANIFEST.tsv."""

    path: str
    origin: str
    licence: str
    duration: Fraction | None
    """Seconds, as a probe by others found; None where it did not."""

    @property
    def id(self) -> str:
        """The path as a contribution's id: without slashes."""
        return self.path.replace("/", " - ")

    @property
    def name(self) -> str:
        """The file's name, without its folder."""
        return self.path.rpartition("/")[2]

    @property
    def kind(self) -> str:
        """``video``, ``music``..."""
        parts = self.path.split("/")
        return parts[1] if parts[0] == "audio" else parts[0]

    @property
    def is_seen(self) -> bool:
        """Whether it is a picture that the film shows in its turn."""
        return self.path.startswith(_PICTURES)

    @property
    def is_heard(self) -> bool:
        """Whether it is a sound."""
        return self.path.startswith(_SOUNDS)


def quoted(text: str) -> str:
    """``text`` as TOML."""
    return json.dumps(text, ensure_ascii=False)  # a JSON string is a TOML basic string


def words_about(name: str) -> dict[str, object]:
    """What a list beside this file says, by the path of each file it speaks of."""
    return tomllib.loads(Path(__file__).with_name(name).read_text(encoding="utf-8"))


def _rows(media: Path) -> Iterator[File]:
    with (media / "MANIFEST.tsv").open(encoding="utf-8", newline="") as stream:
        for row in csv.DictReader(stream, delimiter="\t"):
            duration = Fraction(row["duration_s"]) if row["duration_s"] else None
            yield File(path=row["path"], origin=row["origin"], licence=row["licence"], duration=duration)


def files_from(media: Path) -> list[File]:
    """What a film can be made of, in the folder's own order; ``left_out.toml`` says what cannot be shown, and why."""
    left_out = words_about("left_out.toml")
    usable = (*_PICTURES, *_SOUNDS, *_DRAWN)
    return [file for file in _rows(media) if file.path.startswith(usable) and file.path not in left_out]
