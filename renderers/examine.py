"""The job that finds out what a contributed file really is, by its content; its name is only a hint."""

import re
from collections.abc import Mapping
from importlib import import_module
from pathlib import Path
from typing import Any

from crowdcut.findings import JobFailed
from crowdcut.kinds import READERS
from crowdcut.media import Media
from crowdcut.orders import ExamineOrder
from crowdcut.records import plain
from renderers.job import Input

_HEAD_BYTES = 4096
_FILM = re.compile(
    rb"....(?:ftyp(?!avi|hei|mi)|moov|mdat|wide)|\x1a\x45\xdf\xa3|RIFF....(?:AVI |WAVE)|OggS\0", re.DOTALL
)
"""How films and sounds begin (MP4, QuickTime, Matroska, AVI, WAVE, Ogg). Of these the last reader alone is asked: the
libraries of the others take a quarter of a second to load."""
_NAMED_PICTURES = frozenset({".tga", ".pcx"})
"""Endings that are believed whatever a file begins with, as these formats have no signature."""


def _sentence(error: JobFailed) -> str:
    """A refusal from the finding of an examiner that gave up."""
    finding = error.findings[0]
    # What to do is said to a contributor by letters, to a producer by findings.
    return finding.found[:1].upper() + finding.found[1:]


def examined(path: Path, suffix: str) -> Media:
    """What the file is, as the first of ``READERS`` that knows it says. Never raises for what a contributor may send:
    what cannot be used is refused in words.

    suffix : the file's ending in lower case, with its dot.
    """
    with path.open("rb") as file:
        head = file.read(_HEAD_BYTES)
    if not head:
        return Media(refusal="It is empty (0 bytes): it was lost on its way. Send it again")
    try:
        is_film = _FILM.match(head) is not None and suffix not in _NAMED_PICTURES
        readers = tuple(READERS)[-1:] if is_film else READERS
        found = (import_module(f"renderers.sources.{name}").examine(path, head, suffix) for name in readers)
        return next(media for media in found if media is not None)
    except JobFailed as error:
        return Media(refusal=_sentence(error))


def run(order: ExamineOrder, inputs: Mapping[str, Input], out: Path) -> dict[str, Any]:
    """Examine the input ``file``; the facts are a Media as plain data. Nothing is written to ``out``."""
    del out
    path = inputs["file"].path
    if path is None:
        raise ValueError("an examination needs the file itself")
    return plain(examined(path, order.suffix))
