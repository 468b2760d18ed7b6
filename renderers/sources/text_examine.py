"""Examines contributed words: a poem or a note as plain text, in the encodings that people's editors write."""

import codecs
import json
import mimetypes
import re
from pathlib import Path

from crowdcut.media import Media
from crowdcut.words import is_blank

CHARACTERS_MAX = 1_500
"""Longer texts are books, not something to be read on screen."""
_BYTES_MAX = 4 * CHARACTERS_MAX + 4
_NAMES = mimetypes.MimeTypes()
"""What endings mean, without the tables of the machine: an examination is the same everywhere."""
_TEXT_SUFFIXES = frozenset({".txt", ".text", ".md", ".markdown"})

_BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),  # begins like the next one
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_CONTROLS = re.compile("[\x00-\x08\x0e-\x1f\x7f-\x9f\ufeff]")
_BINARY = re.compile(rb"[\x00-\x08\x0e-\x1a\x1c-\x1f\x7f]")
_UTF8_PAIR = re.compile(rb"[\xc2-\xdf][\x80-\xbf]|[\xe0-\xef][\x80-\xbf]{2}|[\xf0-\xf4][\x80-\xbf]{3}")
_HIGH_BYTE = re.compile(rb"[\x80-\xff]")

# No pattern here may go over the same letters twice: a contributor's file decides how long it runs.
_FORMS = (
    (re.compile(r"\s*\{\\rtf"), "a word processor's document (RTF)"),
    (re.compile(r"\s*(?:#EXTM3U|ffconcat version|\[playlist\]|v=0\no=)"), "a playlist, which points to other files"),
    (re.compile(r"WEBVTT(?:\s|$)|\s*\[Script Info\]"), "a file of subtitles"),
    (re.compile(r"%!PS|%PDF"), "a document for printing (PostScript or PDF)"),
)
_CUE = re.compile(r"^[\d:.,]*[ \t]*-->[ \t]*[\d:.,]+", re.M)
_DATA = re.compile(r'\s*[\[{]\s*["\[{]')
_SUBTITLE_SUFFIXES = frozenset({".srt", ".ssa", ".ass", ".vtt", ".sub", ".lrc"})
_WAY_OUT = "Save the words as plain text (.txt, UTF-8) and send that"


def _refused(reason: str) -> Media:
    return Media(kind="text", container="text", refusal=reason)


def _looks_like_words(text: str) -> bool:
    """Whether most of what is written is letters, spaces and the punctuation of prose."""
    prose = sum(character.isalpha() or character.isspace() or character in ".,;:!?'\"-()’“”–—…" for character in text)
    return prose >= 0.85 * len(text)


def _is_binary(raw: bytes, suffix: str) -> bool:
    """Whether there are bytes that no text has; a stray control character in a ``.txt`` is only a slip."""
    return b"\0" in raw if suffix in _TEXT_SUFFIXES else _BINARY.search(raw) is not None


def _decoded(raw: bytes, suffix: str) -> tuple[str, str] | None:
    """The words and the encoding they were in; None if this is no text. Raises ValueError where it is damaged text."""
    for bom, encoding in _BOMS:
        if raw.startswith(bom):
            return raw[len(bom) :].decode(encoding), encoding
    if _is_binary(raw, suffix):
        return None
    try:
        return raw.decode("utf-8"), "utf-8"
    except UnicodeDecodeError:
        pairs = _UTF8_PAIR.findall(raw)
        if 2 * sum(map(len, pairs)) > len(_HIGH_BYTE.findall(raw)) and suffix in _TEXT_SUFFIXES:
            raise
    try:
        text = raw.decode("cp1252")
    except UnicodeDecodeError:
        if suffix in _TEXT_SUFFIXES:
            raise
        return None
    return (text, "windows-1252") if _looks_like_words(text) else None


def _is_json(text: str) -> bool:
    if not text.lstrip().startswith(("{", "[")):
        return False
    try:
        return isinstance(json.loads(text), dict | list)
    except (ValueError, RecursionError):
        return len(text) > CHARACTERS_MAX and _DATA.match(text) is not None


def _mark_up(text: str) -> str | None:
    """The mark-up language that the text is written in, if it is."""
    start = text.lstrip()[:4096].lower()
    if not start.startswith("<"):
        return None
    if "<svg" in start:
        return "a vector drawing (SVG)"
    if "<html" in start or "<!doctype html" in start:
        return "a web page (HTML)"
    return "a mark-up document (XML)" if start.startswith("<?xml") or text.rstrip().endswith(">") else None


def _form_of(text: str, suffix: str) -> str | None:
    """What the text is written as, if not as plain words."""
    if suffix in _SUBTITLE_SUFFIXES or _CUE.search(text):
        return "a file of subtitles"
    if _is_json(text):
        return "a file of data (JSON)"
    return _mark_up(text) or next((form for pattern, form in _FORMS if pattern.match(text)), None)


def _plain(text: str, encoding: str) -> Media:
    """Plain words, tidied: no control characters, no blank lines around them."""
    remarks = []
    text, controls = _CONTROLS.subn("", text)
    if controls:
        remarks.append(f"{controls} control characters were left out")
    if encoding != "utf-8":
        remarks.append(f"the words are in {encoding.upper()}; UTF-8 is the safer encoding")
    text = text.rstrip().lstrip("\n")
    if is_blank(text):
        return _refused("It has no words in it. Write some, and send it again")
    return Media(kind="text", container="text", text=text, remarks=tuple(remarks))


def examine(path: Path, head: bytes, suffix: str) -> Media | None:
    """What the words in ``path`` are; None if it is no text file.

    head : the file's first bytes.
    suffix : the file's ending in lower case, a hint.
    """
    if not head.startswith(tuple(bom for bom, _ in _BOMS)) and _is_binary(head, suffix):
        return None
    with path.open("rb") as file:
        raw = file.read(_BYTES_MAX + 1)
    complete = raw if len(raw) <= _BYTES_MAX else raw[: raw.rfind(b"\n") + 1] or raw[:-4]
    try:
        found = _decoded(complete, suffix)
    except UnicodeDecodeError:
        return _refused(f"Its letters are in an encoding that cannot be read, or damaged. {_WAY_OUT}")
    if found is None:
        return None
    if (_NAMES.guess_type(f"x{suffix}")[0] or "").startswith(("video/", "audio/", "image/")):
        return _refused(
            f"It holds words, though it is called {suffix}: a page about an error, perhaps. Send the file itself"
        )
    text, encoding = found
    text = re.sub("\r\n?|\f|\v", "\n", text)
    if form := _form_of(text, suffix):
        return _refused(f"It is {form}, not words to be shown as they stand. {_WAY_OUT}")
    if len(raw) > _BYTES_MAX or len(text) > CHARACTERS_MAX:
        return _refused(f"It is too long to be read on screen (more than {CHARACTERS_MAX:,} characters). Shorten it")
    return _plain(text, encoding)
