"""Words of a menu in their boxes: set smaller, then shortened at a word, until they fit."""

from collections.abc import Sequence
from dataclasses import dataclass

from crowdcut.orders import MenuWords, Style
from crowdcut.words import clusters_of
from renderers.lettering.typeset import SCALES, SetWords, Typesetter, too_long

_SMALLEST = 0.85
"""Words are shortened before they are set smaller than at this part of their size."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SetMenuWords:
    """Words in their place."""

    words: SetWords
    text: str
    """What they say, perhaps shortened."""
    x: float
    """Pixels of the page, of the left end of their longest line."""
    y: float
    """Pixels of the page, of their top."""


def _fitted(text: str, words: MenuWords, style: Style, typesetter: Typesetter) -> SetWords | None:
    """``text`` at the largest size that its box holds; None where no size does."""
    box = words.box
    for scale in (one for one in SCALES if one >= _SMALLEST):
        for lines in range(1, words.most_lines + 1):
            tried = typesetter.balanced(text, style, box.width, scale=scale, align=style.align)
            # One pixel of leading more than there is room for is seen by nobody.
            if tried.lines <= lines and tried.width <= box.width and tried.height <= box.height + 1:
                return tried
    return None


def _beginnings(text: str) -> Sequence[str]:
    """Its beginnings with an ellipsis, longest first: whole words; of a first word that is too long, whole signs."""
    words = text.split(" ")
    whole = [" ".join(words[:count]) for count in range(len(words) - 1, 0, -1)]
    signs = clusters_of(words[0])
    parts = ["".join(signs[:count]) for count in range(len(signs) - 1, 0, -1)]
    return [f"{start.rstrip(' ,;:.-–—')}…" for start in (*whole, *parts)]


def _shortened(words: MenuWords, style: Style, typesetter: Typesetter) -> tuple[str, SetWords]:
    starts = _beginnings(words.words)
    low, high, found = 0, len(starts), None
    while low < high:  # the longest that fits
        middle = (low + high) // 2
        tried = _fitted(starts[middle], words, style, typesetter)
        found, low, high = (found, middle + 1, high) if tried is None else ((starts[middle], tried), low, middle)
    if found is None:
        raise too_long(words.words)
    return found


def set_menu_words(words: MenuWords, typesetter: Typesetter) -> SetMenuWords:
    """The words as they stand on the page: in the middle of their box's height, at the side that their style says.

    Raises JobFailed where the fonts lack a sign, and where not even one sign has room.
    """
    style, box = words.style, words.box
    whole = _fitted(words.words, words, style, typesetter)
    text, fitted = _shortened(words, style, typesetter) if whole is None else (words.words, whole)
    free = box.width - fitted.measure
    x = box.x + {"left": 0.0, "centre": free / 2, "right": free}[style.align]
    return SetMenuWords(words=fitted, text=text, x=x, y=box.y + (box.height - fitted.height) / 2)
