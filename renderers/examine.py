"""The job that finds out what a contributed file really is, by its content; its name is only a hint."""

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from crowdcut.findings import JobFailed
from crowdcut.media import Media
from crowdcut.orders import ExamineOrder
from crowdcut.records import plain
from renderers.job import Input
from renderers.sources import animation, still, text_examine, video_examine

_HEAD_BYTES = 4096

_FOREIGN = (
    (b"%PDF", "It is a PDF document. Export its page as PNG, or its words as plain text"),
    (b"PK\x03\x04", "It is an archive or an office document (ZIP). Send what is in it, each file by itself"),
    (b"\xd0\xcf\x11\xe0", "It is an office document. Save its words as plain text, or its pictures as PNG"),
    (b"Rar!", "It is an archive (RAR). Send what is in it, each file by itself"),
    (b"7z\xbc\xaf", "It is an archive (7z). Send what is in it, each file by itself"),
    (b"\x1f\x8b", "It is a compressed file (gzip). Send what is in it"),
)
"""Signatures of what people send by mistake."""

EXAMINERS: tuple[Callable[[Path, bytes, str], Media | None], ...] = (
    animation.examine,
    still.examine,
    text_examine.examine,
    video_examine.examine,
)
"""Asked in this order; the first that knows the file answers. Films come last: FFmpeg guesses at anything."""


def _sentence(error: JobFailed) -> str:
    """A refusal from the finding of an examiner that gave up."""
    finding = error.findings[0]
    found = finding.found[:1].upper() + finding.found[1:]
    # Some sentences already say what to do.
    return found if ". " in found else f"{found}. {finding.way_out}".rstrip(".")


def examined(path: Path, suffix: str) -> Media:
    """What the file is. Never raises for what a contributor may send: what cannot be used is refused in words.

    suffix : the file's ending in lower case, with its dot.
    """
    with path.open("rb") as file:
        head = file.read(_HEAD_BYTES)
    if not head:
        return Media(refusal="It is empty (0 bytes): it was lost on its way. Send it again")
    if foreign := next((words for signature, words in _FOREIGN if head.startswith(signature)), None):
        return Media(refusal=foreign)
    try:
        found = (examine(path, head, suffix) for examine in EXAMINERS)
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
