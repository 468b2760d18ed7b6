"""Excel's workbooks (ECMA-376) as cells of text. Formulas are not computed: their last values are read."""

import posixpath
import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from crowdcut.sheets.cells import Grid, Sheet, Spent
from crowdcut.sheets.formats import BUILT_IN, shown
from crowdcut.sheets.parts import Parts, damaged

_CELL = re.compile(r"([A-Za-z]{1,3})(\d{1,7})")
_ESCAPED = re.compile(r"_x([0-9A-Fa-f]{4})_")
"""A UTF-16 unit that XML cannot hold."""


def _unescaped(text: str) -> str:
    if "_x" not in text:
        return text
    units = _ESCAPED.sub(lambda found: chr(int(found[1], 16)), text)
    return units.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")


def _column_from(letters: str) -> int:
    number = 0
    for letter in letters.upper():
        number = 26 * number + ord(letter) - ord("A") + 1
    return number - 1


class _Elements:
    """Hears of elements by name; what a part's reader does not care for passes by."""

    def start(self, space: str, name: str, attributes: dict[str, str]) -> None:
        pass

    def end(self, space: str, name: str) -> None:
        pass

    def text(self, text: str) -> None:
        pass


@dataclass
class _Relations(_Elements):
    """Where the parts lie that a part names."""

    folder: str
    targets: dict[str, str] = field(default_factory=dict)
    """By id."""
    kinds: dict[str, str] = field(default_factory=dict)
    """By the last word of their type."""

    def start(self, space: str, name: str, attributes: dict[str, str]) -> None:
        if name == "Relationship" and attributes.get("TargetMode") != "External":
            target = posixpath.normpath(posixpath.join("/", self.folder, attributes.get("Target", ""))).lstrip("/")
            self.targets[attributes.get("Id", "")] = target
            self.kinds[attributes.get("Type", "").rsplit("/", 1)[-1]] = target


@dataclass
class _Book(_Elements):
    sheets: list[tuple[str, str]] = field(default_factory=list)
    """Name and id of each."""
    from_1904: bool = False

    def start(self, space: str, name: str, attributes: dict[str, str]) -> None:
        if name == "sheet":
            self.sheets.append((attributes.get("name", ""), attributes.get("id", "")))
        elif name == "workbookPr":
            self.from_1904 = attributes.get("date1904") in ("1", "true")


@dataclass
class _Styles(_Elements):
    """The format of each cell style."""

    codes: dict[str, str] = field(default_factory=lambda: {str(number): code for number, code in BUILT_IN.items()})
    numbers: list[str] = field(default_factory=list)
    inside: bool = False

    def start(self, space: str, name: str, attributes: dict[str, str]) -> None:
        if name == "numFmt":
            self.codes[attributes.get("numFmtId", "")] = attributes.get("formatCode", "")
        elif name == "xf" and self.inside:
            self.numbers.append(attributes.get("numFmtId", "0"))
        elif name == "cellXfs":
            self.inside = True

    def end(self, space: str, name: str) -> None:
        if name == "cellXfs":
            self.inside = False

    def code(self, style: str) -> str:
        known = style.isdecimal() and len(style) < 6 and int(style) < len(self.numbers)
        return self.codes.get(self.numbers[int(style)], "general") if known else "general"


@dataclass
class _Strings(_Elements):
    """The texts that cells share."""

    texts: list[str] = field(default_factory=list)
    pieces: list[str] = field(default_factory=list)
    inside: str = ""

    def start(self, space: str, name: str, attributes: dict[str, str]) -> None:
        if name == "si":
            self.pieces = []
        elif self.inside != "rPh":  # how to read it aloud is no part of the text
            self.inside = name

    def end(self, space: str, name: str) -> None:
        if name == "si":
            self.texts.append(_unescaped("".join(self.pieces)))
        elif self.inside != "rPh" or name == "rPh":
            self.inside = ""

    def text(self, text: str) -> None:
        if self.inside == "t":
            self.pieces.append(text)


@dataclass
class _Cells(_Elements):
    """The cells of one sheet."""

    styles: _Styles
    strings: list[str]
    from_1904: bool
    grid: Grid = field(default_factory=Grid)
    row: int = -1
    column: int = -1
    cell: dict[str, str] = field(default_factory=dict)
    inside: str = ""
    pieces: dict[str, list[str]] = field(default_factory=dict)

    def start(self, space: str, name: str, attributes: dict[str, str]) -> None:
        if name == "row":
            number = attributes.get("r", "")
            self.row = int(number) - 1 if number.isdecimal() and len(number) < 8 else self.row + 1
            self.column = -1
        elif name == "c":
            self.cell, self.pieces, self.column = attributes, {}, self.column + 1
            if "r" in attributes:
                place = _CELL.fullmatch(attributes["r"])
                if place is None or place[2].strip("0") == "":
                    raise damaged()
                self.row, self.column = int(place[2]) - 1, _column_from(place[1])
        elif self.inside != "rPh":
            self.inside = name

    def end(self, space: str, name: str) -> None:
        if name == "c":
            text, is_date = self._shown({key: "".join(pieces) for key, pieces in self.pieces.items()})
            self.grid.put(self.row, self.column, text, is_date=is_date)
        elif self.inside != "rPh" or name == "rPh":
            self.inside = ""

    def text(self, text: str) -> None:
        if self.inside in ("v", "t", "f"):
            self.pieces.setdefault(self.inside, []).append(text)

    def _shown(self, said: dict[str, str]) -> tuple[str, bool]:
        value, kind = said.get("v", ""), self.cell.get("t", "n")
        if kind == "inlineStr":
            return _unescaped(said.get("t", "")), False
        if not value:
            return ("#VALUE!" if "f" in said and kind != "str" else ""), False  # a formula that nobody computed yet
        if kind == "s":
            known = value.isdecimal() and len(value) < 9 and int(value) < len(self.strings)
            if not known:
                raise damaged()
            return self.strings[int(value)], False
        if kind == "b":
            return ("TRUE" if value == "1" else "FALSE"), False
        if kind == "d":
            return value.replace("T", " "), True
        if kind == "n":
            return shown(value, self.styles.code(self.cell.get("s", "0")), from_1904=self.from_1904)
        return _unescaped(value), False


def _relations(parts: Parts, part: str) -> _Relations:
    folder, name = posixpath.split(part)
    relations = _Relations(folder=folder)
    parts.walk(posixpath.join(folder, "_rels", f"{name}.rels"), relations)
    return relations


def sheets_of_xlsx(parts: Parts) -> Iterator[Sheet]:
    """The sheets of a workbook, in its order. Raises Unreadable."""
    workbook = _relations(parts, "").kinds.get("officeDocument", "xl/workbook.xml")
    relations, book, styles, strings = _relations(parts, workbook), _Book(), _Styles(), _Strings()
    spent = Spent()
    parts.walk(workbook, book)
    for kind, handler in (("styles", styles), ("sharedStrings", strings)):
        if kind in relations.kinds:
            parts.walk(relations.kinds[kind], handler)
    for name, relation in book.sheets:
        if relation in relations.targets:
            cells = _Cells(styles=styles, strings=strings.texts, from_1904=book.from_1904, grid=Grid(spent))
            parts.walk(relations.targets[relation], cells)
            yield cells.grid.sheet(name)
