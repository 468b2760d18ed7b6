"""From a cell's text to the value that its key takes in TOML, so that one reader stands behind both."""

import re
from collections.abc import Callable
from dataclasses import replace
from fractions import Fraction
from typing import Any

from crowdcut.contract.tables import Node, printable, quoted
from crowdcut.contract.values import Misfit

_NUMBER = re.compile(r"([+-]?)(\d{1,15}(?:[.,]\d{1,15})?)")
_DECIMAL_COMMA = re.compile(r"(?<=\d),(?=\d)")
_YES, _NO = frozenset({"true", "yes", "x"}), frozenset({"false", "no"})
_FAILED = re.compile(r"#(REF!|N/A|VALUE!|NAME\?|DIV/0!|NUM!|NULL!|SPILL!|CALC!)|Err:\d{3}")
"""What spreadsheets show where a formula has no value."""


def _number_from(text: str) -> int | Fraction | None:
    found = _NUMBER.fullmatch(text.replace("\N{MINUS SIGN}", "-"))
    if found is None:
        return None
    number = Fraction(found[1] + found[2].replace(",", "."))
    return int(number) if number.denominator == 1 else number


def _number(text: str) -> Any:
    """A number where it is one; else the text, which its reader takes or complains of."""
    number = _number_from(text)
    return text if number is None else number


def _truth(text: str) -> Any:
    word = text.casefold()
    return True if word in _YES else False if word in _NO else text


def _time(text: str) -> str:
    return _DECIMAL_COMMA.sub(".", text)


def _items(text: str) -> tuple[str, ...]:
    """Parted by ``;`` or line ends, and never by commas: names and files have these."""
    return tuple(item.strip() for item in re.split(r"[;\n]", text) if item.strip())


def _uses(text: str) -> str | tuple[str, ...]:
    """One contribution, or several."""
    items = _items(text)
    return items if len(items) > 1 else "".join(items) or text


def _repairs(text: str) -> Any:
    """Several words, or no."""
    return False if text.casefold() in _NO else _items(text)


def _word(text: str) -> Any:
    """A value inside a cell, whose kind is not known yet."""
    value = _truth(text)
    return value if isinstance(value, bool) else _number(text)


def _pairs(text: str) -> dict[str, Any]:
    pairs = [item.partition("=") for item in _items(text)]
    if not all(equals for _, equals, _ in pairs):
        raise Misfit(found=f"{quoted(text)} does not say of what", way_out='Write it like "rotation=90".')
    return {printable(key.strip()): _word(value.strip()) for key, _, value in pairs}


def _screen(text: str) -> Any:
    return _pairs(text) if "=" in text else _truth(text)


_FROM_TEXT: dict[str, Callable[[str], Any]] = {
    **dict.fromkeys(("decibels", "part", "number", "count", "bpm", "meter", "rotation", "sound", "speed"), _number),
    **dict.fromkeys(("yes or no", "lower third", "freeze", "ken burns", "duck"), _truth),
    **dict.fromkeys(("time", "length", "each", "moment", "transition"), _time),
    **dict.fromkeys(("people", "lines"), _items),
    "uses": _uses,
    "key": _screen,
    "repair": _repairs,
    "table": _pairs,
}
"""By kind of value; all other kinds are the text."""


def _nodes(value: Any, cell: Node) -> Any:
    """Values inside a value, all of them at the cell's place."""
    if isinstance(value, tuple):
        return tuple(replace(cell, value=item) for item in value)
    if isinstance(value, dict):
        return {key: replace(cell, value=item) for key, item in value.items()}
    return value


def cell_node(cell: Node, kind: str, *, is_date: bool) -> Node:
    """``cell``, whose value is its text, with the value that ``kind`` wants. Raises Misfit where none can be made."""
    text = cell.value.strip()
    if _FAILED.fullmatch(text):
        way_out = "Mend the formula, or write the value itself."
        raise Misfit(found=f"a formula failed here: {text}", way_out=way_out, rule="failed-formula")
    if is_date and kind not in ("words", "note"):
        found = f"the spreadsheet has made a date of it ({printable(text)})"
        raise Misfit(found=found, way_out="Format the cells as text, and write it anew.", rule="mangled-cell")
    return replace(cell, value=_nodes(_FROM_TEXT.get(kind, str)(text), cell))
