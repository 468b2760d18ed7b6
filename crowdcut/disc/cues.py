"""A caption file's cues in programme time, and what of their markup is kept: line breaks, italics, top or bottom."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction

from crowdcut.disc.caption_orders import Runs, Words
from crowdcut.words import Run, is_blank, one_line

_OVERRIDES = re.compile(r"\{[^{}]*\}")
_TAG = re.compile(
    r"\\(?:i(?P<italic>[01])(?!\d)|an(?P<alignment>[1-9])|a(?P<old_alignment>\d{1,2})|p(?P<drawing>\d{1,2})"
    r"|pos\(\s{0,9}[-\d.]{1,12}\s{0,9},\s{0,9}(?P<y>-?\d{1,6})|r(?P<reset>[^\\}]{0,80}))"
)
"""Override tags of SubStation Alpha that say something that a disc's captions can show."""
_GUARD = "|"
"""What no letter composes with, and no space."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Cue:
    """Words and when they are read."""

    start: Fraction
    """Programme time, seconds."""
    end: Fraction
    """Programme time, seconds; may be before ``start`` where the file says so."""
    words: Words
    """Without a line where there is nothing to be seen."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Markup:
    """What holds for a cue's words before its own tags."""

    italic: bool = False
    top: bool = False
    height: int = 288
    """Of the raster on which ``\\pos`` tells places; 288 where a script does not say (as libass has it)."""
    braces: bool = True
    """Whether all that stands in braces is markup, as in SubStation Alpha; else only what begins with a backslash."""


def letters_of(words: Words) -> int:
    """How many letters a cue has, spaces among them."""
    return sum(len(run.words) for line in words.lines for run in line)


def _tidied(runs: list[Run]) -> Runs:
    """A line's runs with single spaces and without controls; empty where nothing is to be seen."""
    tidy: list[Run] = []
    for run in runs:
        words = one_line(f"{_GUARD}{run.words}{_GUARD}")[1:-1]
        if not tidy or tidy[-1].words.endswith(" "):
            words = words.lstrip()
        if not words:
            continue
        if tidy and tidy[-1].italic == run.italic:
            tidy[-1] = Run(words=tidy[-1].words + words, italic=run.italic)
        else:
            tidy.append(Run(words=words, italic=run.italic))
    if tidy:
        tidy[-1] = Run(words=tidy[-1].words.rstrip(), italic=tidy[-1].italic)
    line = tuple(run for run in tidy if run.words)
    return () if is_blank("".join(run.words for run in line)) else line


def _pieces(text: str, markup: Markup) -> Iterator[tuple[str, str]]:
    """Words and the override tags after them, in turn."""
    start = 0
    for found in _OVERRIDES.finditer(text):
        if markup.braces or found[0].startswith("{\\"):
            yield text[start : found.start()], found[0]
            start = found.end()
    yield text[start:], ""


def words_from(text: str, markup: Markup) -> Words:
    """What an event of pysubs2 says, its lines parted by ``\\N``: colours, sizes and effects are left out."""
    italic, top, drawing, lines = markup.italic, markup.top, False, [[]]
    for words, tags in _pieces(text, markup):
        for number, part in enumerate(words.split("\\N")):
            if number:
                lines.append([])
            if not drawing:
                lines[-1].append(Run(words=part, italic=italic))
        for tag in _TAG.finditer(tags):
            if tag["italic"] is not None:
                italic = tag["italic"] == "1"
            elif tag["alignment"] is not None:
                top = tag["alignment"] in "789"
            elif tag["old_alignment"] is not None:
                top = 4 <= int(tag["old_alignment"]) <= 7  # SSA: 5, 6, 7
            elif tag["drawing"] is not None:
                drawing = int(tag["drawing"]) > 0
            elif tag["y"] is not None:
                top = 2 * int(tag["y"]) < markup.height
            else:
                italic = markup.italic
    return Words(lines=tuple(line for runs in lines if (line := _tidied(runs))), top=top)
