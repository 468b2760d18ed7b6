"""OpenDocument spreadsheets (ISO 26300) as cells of text. Formulas are not computed: their last values are read."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from fractions import Fraction
from math import isfinite

from crowdcut.sheets.cells import LONGEST_CELL, Grid, Sheet, Spent, too_long
from crowdcut.sheets.formats import number_shown
from crowdcut.sheets.parts import Parts
from crowdcut.timing import clock

_TEXT = "urn:oasis:names:tc:opendocument:xmlns:text:1.0"
_DURATION = re.compile(r"PT(\d{1,9})H(\d{1,9})M(\d{1,9}(?:\.\d{1,9})?)S")
_CLOCK = re.compile(r"\d+:\d\d(?::\d\d(?:[.,]\d+)?)?")
_SPACES = re.compile(r"[ \t\r\n]+")


def _count(text: str | None) -> int:
    """How often something is repeated; at least once, and at most more often than any limit allows."""
    return max(1, int(text)) if text is not None and text.isdecimal() and len(text) < 9 else 1


def _time_shown(value: str, text: str) -> str:
    """A time as shown, ``0:03`` or ``0:00:03``; with AM or PM, or shown not at all, as it is kept."""
    found, kept = _CLOCK.search(text), _DURATION.fullmatch(value)
    if kept is None or (found is not None and not re.search("[AaPp][Mm]", text)):
        return found[0] if found else text
    hours, minutes, seconds = int(kept[1]), int(kept[2]), Fraction(kept[3])
    if found is not None and found[0].count(":") == 1:
        return f"{hours}:{minutes:02d}"
    return clock(3600 * hours + 60 * minutes + seconds)


def _number(value: str, text: str) -> str:
    try:
        number = float(value)
    except ValueError:
        return text
    if not isfinite(number):
        return text
    plain = number_shown(number)
    return text if text.isdecimal() and text.lstrip("0") == plain.lstrip("0") else plain  # such as 007


def _shown(cell: dict[str, str], text: str) -> tuple[str, bool]:
    """A cell's text and whether it is a date."""
    match cell.get("value-type"):
        case "float" | "percentage" | "currency":
            return _number(cell.get("value", ""), text), False
        case "date":
            return cell.get("date-value", text).replace("T", " "), True
        case "time":
            return _time_shown(cell.get("time-value", ""), text), False
        case "boolean":
            return ("TRUE" if cell.get("boolean-value") == "true" else "FALSE"), False
        case _:
            return text or cell.get("string-value", ""), False


@dataclass
class _Tables:
    """Hears of all tables of a document."""

    spent: Spent = field(default_factory=Spent)
    tables: list[tuple[str, Grid]] = field(default_factory=list)
    row: int = 0
    column: int = 0
    row_repeats: int = 1
    cells: list[tuple[int, str, bool]] = field(default_factory=list)
    """Of the row: column, text and whether it is a date."""
    cell: dict[str, str] | None = None
    pieces: list[str] = field(default_factory=list)
    letters: int = 0
    foreign: int = 0
    """How deep in what is no text of the cell: a remark, a drawing."""

    def start(self, space: str, name: str, attributes: dict[str, str]) -> None:
        if self.cell is not None:
            self._start_inside(space, name, attributes)
        elif name == "table":
            self.tables.append((attributes.get("name", ""), Grid(self.spent)))
            self.row = 0
        elif name == "table-row":
            self.column, self.cells, self.row_repeats = 0, [], _count(attributes.get("number-rows-repeated"))
        elif name in ("table-cell", "covered-table-cell") and self.tables:
            self.cell, self.pieces, self.letters, self.foreign = attributes, [], 0, 0

    def _start_inside(self, space: str, name: str, attributes: dict[str, str]) -> None:
        if self.foreign or space != _TEXT:
            self.foreign += 1
        elif name == "p":
            self._add("\n" if self.pieces else "")
        elif name in ("s", "tab", "line-break"):
            self._add({"s": " " * min(_count(attributes.get("c")), 1000), "tab": "\t"}.get(name, "\n"))

    def end(self, space: str, name: str) -> None:
        if self.foreign:
            self.foreign -= 1
        elif name in ("table-cell", "covered-table-cell") and self.cell is not None:
            self._end_cell(self.tables[-1][1], self.cell)
        elif name == "table-row" and self.tables:
            for row in range(self.row + 1, self.row + self.row_repeats) if self.cells else ():
                for column, text, is_date in self.cells:
                    self.tables[-1][1].put(row, column, text, is_date=is_date)
            self.row += self.row_repeats

    def _end_cell(self, grid: Grid, cell: dict[str, str]) -> None:
        text, is_date = _shown(cell, "".join(self.pieces))
        repeats = _count(cell.get("number-columns-repeated"))
        for column in range(self.column, self.column + repeats) if text.strip() else ():
            grid.put(self.row, column, text, is_date=is_date)
            self.cells.append((column, text, is_date))
        self.column += repeats
        self.cell = None

    def text(self, text: str) -> None:
        if self.cell is not None and not self.foreign and self.pieces:
            self._add(_SPACES.sub(" ", text))

    def _add(self, text: str) -> None:
        self.pieces.append(text)
        self.letters += len(text)
        if self.letters > LONGEST_CELL:
            raise too_long(self.row)


def sheets_of_ods(parts: Parts) -> Iterator[Sheet]:
    """The sheets of a document, in its order. Raises Unreadable."""
    tables = _Tables()
    parts.walk("content.xml", tables)
    for name, grid in tables.tables:
        yield grid.sheet(name)
