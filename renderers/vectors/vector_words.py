"""Words in drawings: what the one packaged font draws letter by letter, and what is refused by name."""

import unicodedata
from functools import lru_cache
from pathlib import Path

import skia

from renderers.files.door import broken
from renderers.vectors.vector import fallback_font

_SCRIPTS = ("LATIN", "GREEK", "CYRILLIC")
"""What is written letter by letter, each in one form: others need a typesetter, which a drawing's words do not get."""


@lru_cache(maxsize=1)
def _face() -> skia.Typeface:
    return skia.Typeface.MakeFromFile(str(fallback_font()))


def _is_plain(sign: str) -> bool:
    if sign.isspace() or unicodedata.category(sign) == "Cc":
        return True
    letter = unicodedata.category(sign)[0] == "L"
    fits = unicodedata.name(sign, "").startswith(_SCRIPTS) if letter else unicodedata.category(sign)[0] != "M"
    return fits and _face().unicharToGlyph(ord(sign)) != 0


def drawable_words(path: Path, words: str) -> None:
    """Raise JobFailed naming what the packaged font cannot draw of the words of a drawing."""
    missing = dict.fromkeys(sign for sign in unicodedata.normalize("NFC", words) if not _is_plain(sign))
    if missing:
        shown = " ".join(sign if sign.isprintable() else f"U+{ord(sign):04X}" for sign in list(missing)[:8])
        found = f"It has words in a font that is not in it, with signs that cannot be drawn without it: {shown}"
        raise broken(path, f"{found}. Turn its words into outlines (paths), and export it again", rule="missing-glyph")


def width_of(words: str, size: float) -> float:
    """How wide ``words`` are in the packaged font, in the unit of ``size`` (1 em)."""
    return skia.Font(_face(), 1000).measureText(words) * size / 1000
