"""Reads a caption file that anybody may have sent: cues in programme time, and all that is wrong with it in words."""

import html
import warnings
from collections.abc import Iterator
from fractions import Fraction
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING

from crowdcut.contract.tables import printable, shown
from crowdcut.disc.caption_findings import told_of
from crowdcut.disc.caption_text import LESS_THAN, Form, Unreadable, bytes_of, decoded, form_of, parsable
from crowdcut.disc.cues import Cue, Markup, letters_of, words_from
from crowdcut.findings import Finding, Where

if TYPE_CHECKING:
    from pysubs2 import SSAEvent, SSAFile

MOST_CUES = 5_000
"""Of a file; a talkative film of two hours has 2,000."""
MOST_LETTERS = 250
"""Of a cue. At its least size Latin script has 60 or 70 letters in a line."""
_SCRIPT_HEIGHT = 288
"""Lines of the raster on which a script's ``\\pos`` counts where it does not say, as libass has it."""


def _parsed(text: str, form: Form) -> "SSAFile":
    """What pysubs2 makes of it. Raises Unreadable."""
    import pysubs2  # 60 ms, which only a film with captions has to wait
    from pysubs2.exceptions import Pysubs2Error

    try:
        with warnings.catch_warnings(action="ignore"):
            return pysubs2.SSAFile.from_string(text, format_=form)
    except (ValueError, KeyError, IndexError, TypeError, NotImplementedError, Pysubs2Error) as error:
        found = f"it cannot be read: {printable(str(error))[:200] or type(error).__name__}"
        raise Unreadable(
            "unreadable-captions", found, "Save it anew from the program that it was written in."
        ) from error


def _markup(event: "SSAEvent", file: "SSAFile", form: Form) -> Markup:
    if form in ("srt", "vtt"):
        return Markup(braces=False)
    style = file.styles.get(event.style)
    height = file.info.get("PlayResY", "")
    return Markup(
        italic=style is not None and style.italic,
        top=style is not None and int(style.alignment) >= 7,
        height=int(height) if height.isdecimal() and len(height) < 6 else _SCRIPT_HEIGHT,
    )


def _text(event: "SSAEvent", form: Form) -> str:
    text = event.text.replace(LESS_THAN, "<")
    if form == "vtt":
        return html.unescape(text)
    return text if form == "srt" else text.replace("\\h", "\u00a0").replace("\\n", " ")


def _cues(file: "SSAFile", form: Form) -> Iterator[Cue]:
    for event in file.events:
        if event.type == "Dialogue":
            words = words_from(_text(event, form), _markup(event, file, form))
            yield Cue(start=Fraction(event.start, 1000), end=Fraction(event.end, 1000), words=words)


def _faults(cues: tuple[Cue, ...], file: Path) -> Iterator[Finding]:
    """What is wrong with single cues."""
    timeless = [cue for cue in cues if cue.words.lines and cue.end <= max(cue.start, 0)]
    yield from told_of(timeless, file, "cue-without-time", "would end before it is seen: left out")
    empty = [cue for cue in cues if not cue.words.lines]
    yield from told_of(empty, file, "empty-cue", "without words: left out", severity="note")
    unsorted = [after for before, after in pairwise(cues) if after.start < before.start]
    found = "before the one above it in the file: put in order"
    yield from told_of(unsorted, file, "unsorted-cues", found, severity="note")
    endless = [cue for cue in cues if letters_of(cue.words) > MOST_LETTERS]
    found = f"with up to {max(map(letters_of, (cue.words for cue in cues)), default=0)} letters"
    way_out = f"A picture has room for about 150, never for more than {MOST_LETTERS}: part the cue."
    yield from told_of(endless, file, "caption-too-long", found, severity="error", way_out=way_out)


def cues_from(file: Path, language: str) -> tuple[tuple[Cue, ...], tuple[Finding, ...]]:
    """The cues of a caption file in the order in which they begin, and all findings at once.

    language : ISO 639-1; it says whether what is no Unicode may be Windows-1252.
    """
    where = Where(file=shown(file))
    try:
        text, guessed = decoded(bytes_of(file), language)
        form = form_of(text)
        cues = tuple(_cues(_parsed(parsable(text, form), form), form))
        if len(cues) > MOST_CUES:
            found = f"it has {len(cues)} cues, and {MOST_CUES} are the most"
            raise Unreadable("too-many-cues", found, "Effects made of many cues are no captions: take them out.")
        kept = tuple(cue for cue in cues if cue.words.lines and cue.end > max(cue.start, 0))
        if not kept:
            raise Unreadable("no-captions", "there are no cues with words in it", "Write some, or leave the file away.")
    except Unreadable as refusal:
        return (), (Finding(rule=refusal.rule, where=where, found=refusal.found, way_out=refusal.way_out),)
    findings = list(_faults(cues, file))
    if guessed:
        found = "it is not UTF-8, and was read as Windows-1252"
        way_out = "Look at its accents, or save it as UTF-8."
        findings.append(Finding(rule="guessed-encoding", severity="warning", where=where, found=found, way_out=way_out))
    return tuple(sorted(kept, key=lambda cue: cue.start)), tuple(findings)
