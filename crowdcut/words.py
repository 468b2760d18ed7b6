"""Words as contributors wrote them, made safe to set: no controls, no bidi tricks, each name in its own isolate."""

import unicodedata
from dataclasses import dataclass
from itertools import pairwise

_BIDI_CONTROLS = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\u206a\u206b\u206c\u206d\u206e\u206f")
# Blank by design, whatever their category: combining grapheme joiner, Hangul and Braille fillers.
_FILLERS = frozenset("\u034f\u115f\u1160\u17b4\u17b5\u2800\u3164\uffa0")
_ZERO_WIDTH_JOINER = "\u200d"
_FIRST_STRONG_ISOLATE, _POP_ISOLATE = "\u2068", "\u2069"
_SKIN_TONES = range(0x1F3FB, 0x1F400)
_REGIONAL_INDICATORS = range(0x1F1E6, 0x1F200)


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """Some words of a line."""

    words: str
    italic: bool = False


def _settled(character: str) -> str:
    category = unicodedata.category(character)
    if character in _BIDI_CONTROLS:
        return ""
    if category in ("Cc", "Zl", "Zp"):
        return " "
    return "\ufffd" if category == "Cs" else character


def one_line(text: str) -> str:
    """``text`` in one line, NFC: controls and line ends are spaces, runs of spaces one, bidi controls are gone.

    A lone surrogate becomes U+FFFD, so the result can always be encoded.
    """
    settled = "".join(map(_settled, text))
    return " ".join(unicodedata.normalize("NFC", settled).split())


def lines_of(text: str) -> tuple[str, ...]:
    """The lines of a poem: each as :func:`one_line`, but indented as it was; no blank lines first, last or in a row."""
    lines: list[str] = []
    for written in text.expandtabs(4).splitlines():
        line = one_line(written)
        indent = len(written) - len(written.lstrip(" "))
        if line or (lines and lines[-1]):
            lines.append("\u00a0" * indent + line if line else "")
    return tuple(lines[:-1] if lines and not lines[-1] else lines)


def isolated(line: str) -> str:
    """``line`` in a first-strong isolate: it reads in its own direction and turns nothing beside it round.

    A mark that begins the line stands on a no-break space (Unicode 16, section 7.9): it must not join the isolate.
    """
    base = "\u00a0" if unicodedata.category(line[:1] or " ").startswith("M") else ""
    return f"{_FIRST_STRONG_ISOLATE}{base}{line}{_POP_ISOLATE}"


def is_right_to_left(text: str) -> bool:
    """Whether the first letter with a direction runs from right to left (UAX #9, rule P2)."""
    strong = (unicodedata.bidirectional(character) for character in text)
    return next((direction != "L" for direction in strong if direction in ("L", "R", "AL")), False)


def is_invisible(character: str) -> bool:
    """Whether nothing is drawn for ``character``: white space, format and variation characters, fillers."""
    return (
        character in _FILLERS
        or unicodedata.category(character) in ("Cc", "Cf", "Zs", "Zl", "Zp")
        or 0xFE00 <= ord(character) <= 0xFE0F
        or 0xE0100 <= ord(character) <= 0xE01EF
        or 0x180B <= ord(character) <= 0x180E
    )


def is_blank(text: str) -> bool:
    """Whether nothing of ``text`` could be seen."""
    return all(map(is_invisible, text))


def _joined(before: str, after: str) -> bool:
    return (
        unicodedata.category(after).startswith("M")
        or _ZERO_WIDTH_JOINER in (before, after)
        or ord(after) in _SKIN_TONES
        or (is_invisible(after) and not after.isspace())
    )


def clusters_of(text: str) -> tuple[str, ...]:
    """What a reader takes for one sign: a letter with its marks, an emoji with its joiners and skin tone.

    Near UAX #29, without its tables: flags and conjuncts come apart, which harms neither of this function's uses.
    """
    starts = [0, *(at for at, pair in enumerate(pairwise(text), start=1) if not _joined(*pair)), len(text)]
    return tuple(text[start:end] for start, end in pairwise(starts) if start < end)


def _ems(character: str) -> float:
    # Noto Sans Medium: lower case has a mean advance of 0.55 em, capitals and digits 0.65, m and w up to 0.95.
    category = unicodedata.category(character)
    if category in ("Mn", "Me") or (is_invisible(character) and not character.isspace()):
        return 0.0
    if unicodedata.east_asian_width(character) in "WF" or ord(character) in _REGIONAL_INDICATORS:
        return 1.25 if category == "So" else 1.0
    if character.isascii():
        return 0.95 if character in "mwMW@%" else 0.58 if not character.isupper() else 0.7
    return 0.6 if category == "Mc" else 0.75


def estimated_ems(text: str) -> float:
    """About how wide ``text`` is set, in ems; rather too much than too little. Needs no font."""
    return sum(map(_ems, text))


def broken_at(text: str, ems: float) -> tuple[str, ...]:
    """``text`` in pieces of at most about ``ems``, broken at spaces where there are any, never within a cluster."""
    pieces, current, width = [], "", 0.0
    for word in text.split(" "):
        parts = clusters_of(word) if estimated_ems(word) > ems else (word,)
        for number, part in enumerate(parts):
            space = " " if current and not number else ""
            if current and width + estimated_ems(space + part) > ems:
                pieces.append(current)
                current, width, space = "", 0.0, ""
            current += space + part
            width += estimated_ems(space + part)
    return (*pieces, current)
