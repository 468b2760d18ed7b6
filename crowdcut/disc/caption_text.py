"""Caption files as text that a parser can be trusted with: decoded, of known form, bounded in every way."""

import codecs
import os
import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from stat import S_ISREG
from typing import Literal

Form = Literal["srt", "vtt", "ass", "ssa"]

MOST_BYTES = 2 * 2**20
"""Of a caption file; that of a feature film has a twentieth of it."""
LONGEST_CUE = 2_000
"""Letters of a line, and of a cue with its markup: pysubs2's patterns go over the same letters again and again."""
_MOST_ROWS = 40
"""Lines of a cue."""
_LONGEST_HEADING = 80
_BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),  # begins like the next one
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_WESTERN = "af ca da de en es eu fi fo fr fy ga gd gl id is it la lb ms nb nl nn no oc pt rm sq sv sw"
"""Languages that Windows-1252 can write."""
_VTT_TIMES = re.compile(
    r"\s{0,9}((?:\d{1,4}:)?\d\d:\d\d)[.,](\d{3})\s{1,9}-->\s{1,9}((?:\d{1,4}:)?\d\d:\d\d)[.,](\d{3})(?P<settings>\s.*)?"
)
_VTT_LINE = re.compile(r"\sline:(?P<number>-?\d{1,3})(?:\.\d{1,9})?(?P<part>%?)")
_TOP = "{\\an8}"
_VTT_ROWS = 15
"""Of a picture, where a cue's ``line`` counts rows (as CEA-608 has them)."""
_TAG = re.compile(r"<\s*+(/?\s*+[a-zA-Z][^<>\n]*+|\d[\d:.]*+)>")
_ITALICS = re.compile(r"(/?)\s*i\s*")
LESS_THAN = "\ue000"
"""Stands for a ``<`` that is no tag's: pysubs2 would look for the end of each to the end of the cue."""
_NO_CUES = "Captions are SubRip (.srt), WebVTT (.vtt) or SubStation Alpha (.ass, .ssa)."


class Unreadable(Exception):
    """A file of which nothing can be made."""

    def __init__(self, rule: str, found: str, way_out: str):
        self.rule, self.found, self.way_out = rule, found, way_out
        super().__init__(found)


def bytes_of(file: Path) -> bytes:
    """All of a caption file. Raises Unreadable."""
    try:
        if not S_ISREG(os.stat(file).st_mode):  # opening a pipe would wait for ever
            raise Unreadable("missing-file", "it is no file", "Check the path.")
        with file.open("rb") as opened:
            data = opened.read(MOST_BYTES + 1)
    except (OSError, ValueError) as error:  # ValueError: a path that no system can have
        found = f"it cannot be read: {getattr(error, 'strerror', None) or error}"
        raise Unreadable("missing-file", found, "Check the path.") from error
    if len(data) > MOST_BYTES:
        raise Unreadable("too-large", f"it has more than {MOST_BYTES // 2**20} MB", "Captions alone are far smaller.")
    return data


def decoded(data: bytes, language: str) -> tuple[str, bool]:
    """The text, and whether it was taken for Windows-1252, as whatever is no Unicode in a language written in it is.

    Raises Unreadable.
    """
    bom = next(((mark, encoding) for mark, encoding in _BOMS if data.startswith(mark)), None)
    if bom is None and b"\0" in data:
        raise Unreadable("not-text", "it is no text", _NO_CUES)
    mark, encoding = bom or (b"", "utf-8")
    try:
        return data[len(mark) :].decode(encoding), False
    except UnicodeDecodeError as error:
        if bom is None and language in _WESTERN.split() and not (set(data) & {0x81, 0x8D, 0x8F, 0x90, 0x9D}):
            return data.decode("cp1252"), True
        line = error.object.count(b"\n", 0, error.start) + 1
        found = f"from line {line} on it is not {encoding.upper()} text"
        raise Unreadable("not-text", found, "Save it as UTF-8.") from error


def form_of(text: str) -> Form:
    """What it is written in, by its contents: endings lie. Raises Unreadable where there are no cues."""
    head = text[:20_000].lstrip().lower()
    if head.startswith("webvtt"):
        return "vtt"
    if "[script info]" in head or re.search(r"\[v4\+? styles", head):
        return "ssa" if "[v4 styles" in head else "ass"
    if "-->" in text:
        return "srt"
    raise Unreadable("no-captions", "there are no cues in it", _NO_CUES)


def _bounded(lines: Iterable[str], *, in_cues: bool) -> Iterator[str]:
    """The lines without white space at their ends, one blank one at most in a row. Raises Unreadable at what is too
    long for any cue. ``in_cues``: whether cues are what stands between two arrows."""
    last, letters, rows = "", 0, -1
    for number, written in enumerate(lines, start=1):
        line = written.rstrip()
        if in_cues and "-->" in line:
            letters = rows = 0
        elif rows >= 0:
            letters, rows = letters + len(line), rows + bool(line)
        if max(len(line), letters) > LONGEST_CUE or rows > _MOST_ROWS:
            found = f"the cue at line {number} has more than {LONGEST_CUE} letters or {_MOST_ROWS} lines"
            raise Unreadable("too-long", found, "Part it, or take out what is no caption.")
        if line or last:
            yield line
        last = line


def _tags_kept(text: str) -> str:
    """``text`` with no tags but those of italics."""

    def kept(tag: re.Match[str]) -> str:
        italics = _ITALICS.fullmatch(tag[1])
        return f"<{italics[1]}i>" if italics else ""

    return re.sub(r"<(?!/?i>)", LESS_THAN, _TAG.sub(kept, text))


def _subrip(lines: Iterable[str]) -> str:
    # pysubs2 takes the number off the end of each cue's words: so that the last keeps its own, another follows.
    return _tags_kept("\n".join(lines)) + "\n\n0\n"


def _web_cue(block: list[str]) -> str | None:
    """One block of WebVTT as pysubs2 understands it; None for a header, a comment or a style."""
    at = next((number for number, line in enumerate(block[:2]) if "-->" in line), None)
    times = _VTT_TIMES.fullmatch(block[at]) if at is not None else None
    if at is None or times is None:
        return None
    where = _VTT_LINE.search(times["settings"] or "")
    top = where is not None and 0 <= 2 * int(where["number"]) < (100 if where["part"] else _VTT_ROWS)
    words = _tags_kept("\n".join(block[at + 1 :]))
    return f"{times[1]}.{times[2]} --> {times[3]}.{times[4]}\n{_TOP if top else ''}{words}\n\n0\n"


def _web(lines: Iterable[str]) -> str:
    cues: list[str] = []
    block: list[str] = []
    for line in (*lines, ""):
        if line:
            block.append(line)
            continue
        if (cue := _web_cue(block)) is not None:
            cues.append(cue)
        block = []
    return "WEBVTT\n\n" + "\n".join(cues)


def _substation(lines: Iterable[str]) -> str:
    """Without lines that look like a section's heading and are none: pysubs2 would try each of their letters."""
    return "\n".join(line for line in lines if not ("[" in line[:4] and len(line) > _LONGEST_HEADING)) + "\n"


def parsable(text: str, form: Form) -> str:
    """``text`` as pysubs2 can be given it. Raises Unreadable where a cue is endless."""
    written = re.sub("\r++\n?|[\f\v\x1c-\x1e\x85\u2028\u2029]", "\n", text).split("\n")
    lines = _bounded(written, in_cues=form in ("srt", "vtt"))
    return {"srt": _subrip, "vtt": _web}.get(form, _substation)(lines)
