"""A caption's words set in lines: as their writer broke them where that fits, evenly broken where it does not."""

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

from crowdcut.disc.caption_orders import CaptionsOrder, Runs, Words
from crowdcut.disc.languages import languages
from crowdcut.findings import Finding, JobFailed
from crowdcut.orders import Style
from crowdcut.words import Run
from renderers.lettering.fonts import Shelf, han_form
from renderers.lettering.typeset import SetWords, Typesetter, quoted

MOST_LINES = 3
"""Of one cue."""
MOST_STACKED = 4
"""Of all cues that stand together at the top or at the bottom: a quarter of the picture."""
_SCALES = (1.0, 0.93, 0.86, 0.79, 0.72)
"""Sizes that a caption is tried at, as parts of its style's."""
_HAN = {"ja": "JP", "ko": "KR", "zh": ""}
"""Whose forms Han characters take; in Chinese all of a file together tells which of two are written."""
_HAN_WEIGHT = 500
"""Han characters have ten strokes where a Latin letter has two: heavier ones run together on a disc's few lines."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SetCaption:
    """A caption's lines, those at the top and those at the bottom, each from its highest."""

    top: tuple[SetWords, ...]
    bottom: tuple[SetWords, ...]
    scale: float
    """Of the style's size."""


def _is_spaceless(letter: str) -> bool:
    """Whether it is of a script that has no spaces between its words, kana or Han; Hangul has."""
    return unicodedata.east_asian_width(letter) in "WF" and not unicodedata.name(letter, "").startswith("HANGUL")


def _joined(lines: Sequence[Runs]) -> Runs:
    """All lines in one, with a space at each joint but between Han characters."""
    runs: list[Run] = []
    for line in lines:
        if runs and not (_is_spaceless(runs[-1].words[-1]) and _is_spaceless(line[0].words[0])):
            runs.append(Run(words=" ", italic=runs[-1].italic and line[0].italic))
        runs += line
    return tuple(runs)


def _text(runs: Runs) -> str:
    return "".join(run.words for run in runs)


def _han_families(order: CaptionsOrder) -> tuple[str, ...]:
    """The family that Han characters are drawn in; none where the language has none."""
    if order.language not in _HAN:
        return ()
    form = _HAN[order.language]
    if not form:
        written = han_form("".join(_text(line) for one in order.captions for cue in one.words for line in cue.lines))
        form = "TC" if written == "TC" else "SC"
    return (f"Noto Sans CJK {form}",)


class Setter:
    """Sets the captions of one order."""

    def __init__(self, order: CaptionsOrder, shelf: Shelf):
        style = order.style
        self.style = Style(
            family=(*style.family, *_han_families(order)),
            weight=min(style.weight, _HAN_WEIGHT) if order.language in _HAN else style.weight,
            size=style.size,
            colour="#ffffff",
            leading=style.leading,
        )
        self.language = languages()[order.language]
        self.typesetter = Typesetter(shelf=shelf, height=order.height)
        self.outline = max(2.0, 0.075 * style.size * order.height)
        """Lines of the raster. Less than two would flicker on an interlaced screen."""
        self.width = order.canvas_width * (1 - 2 * style.margin) - 2 * self.outline
        """Square pixels that a line may be long."""

    def _lines(self, lines: Sequence[Runs], scale: float) -> tuple[SetWords, ...]:
        return tuple(
            self.typesetter.balanced(_text(runs), self.style, self.width, scale=scale, runs=runs) for runs in lines
        )

    def _block(self, cues: Sequence[Words], scale: float, *, joined: bool) -> tuple[SetWords, ...] | None:
        """The cues of one side; None where they are too long at this scale."""
        rows: list[SetWords] = []
        for cue in cues:
            its = self._lines([_joined(cue.lines)] if joined else cue.lines, scale)
            if sum(row.lines for row in its) > MOST_LINES or any(row.width > self.width + 1 for row in its):
                return None
            rows += its
        return tuple(rows) if sum(row.lines for row in rows) <= MOST_STACKED else None

    def _too_long(self, cues: Sequence[Words]) -> JobFailed:
        words = " / ".join(_text(runs) for cue in cues for runs in cue.lines)
        found = f"in {self.language}, {quoted(words)} ({len(words)} letters) has too many lines at the least size"
        room = f"{MOST_LINES} lines of one cue, {MOST_STACKED} of all that stand together"
        return JobFailed(
            Finding(
                rule="caption-too-long",
                found=found,
                wanted=f"at most {room}",
                way_out="Shorten the words, part the cue in two, or have fewer run at once.",
            )
        )

    def caption(self, words: Sequence[Words]) -> SetCaption:
        """Words at the largest size at which they fit, broken as they were written if they fit so at that size.

        Raises JobFailed for what fits at none, and for letters that no font draws.
        """
        sides = [[cue for cue in words if cue.top is top] for top in (True, False)]
        for scale in _SCALES:
            for joined in (False, True):
                top, bottom = (self._block(side, scale, joined=joined) for side in sides)
                if top is not None and bottom is not None:
                    return SetCaption(top=top, bottom=bottom, scale=scale)
        raise self._too_long(words)
