"""The first row of a spreadsheet: which key each column holds, and what is wrong with the others."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from difflib import get_close_matches

from crowdcut.contract.tables import Source, printable, quoted
from crowdcut.findings import Finding, Severity, Where
from crowdcut.sheets.cells import Sheet
from crowdcut.vocabulary.table import Key, Table

_MOST_NAMED = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """A column that is read."""

    index: int
    """From 0."""
    header: str
    """As written, on one line."""
    key: Key


def _plain(header: str) -> str:
    """A header without capitals, marks and needless spaces: ``File_name *`` is ``file name``."""
    return " ".join(re.sub(r"[\W_]+", " ", header.casefold()).split())


def key_of(header: str, table: Table) -> Key | None:
    """The key of ``table`` that a column's header means."""
    plain = _plain(header)
    return next((key for key in table.keys if plain in (_plain(key.name), *key.aliases)), None)


def header_row(sheet: Sheet) -> int:
    """The row of the header, from 0: the first that says something. Past the end where none does."""
    return next((number for number, row in enumerate(sheet.rows) if any(row)), len(sheet.rows))


def known_columns(sheet: Sheet, table: Table) -> int:
    """How many keys of ``table`` the header names."""
    header = next((row for row in sheet.rows if any(row)), ())
    return len({key.name for written in header if (key := key_of(written, table)) is not None})


def listed(names: Iterable[str]) -> str:
    """Names in quotes, at most ten of them."""
    some = list(names)
    return ", ".join(map(quoted, some[:_MOST_NAMED])) + (", ..." if len(some) > _MOST_NAMED else "")


def _nameless(sheet: Sheet, row: int) -> int | None:
    """The first column, from 0, that has cells below ``row`` and no name in it."""
    header, below = sheet.rows[row], sheet.rows[row + 1 :]
    filled = {column for cells in below for column, text in enumerate(cells) if text.strip()}
    return min((column for column in filled if column >= len(header) or not header[column].strip()), default=None)


@dataclass(slots=True, kw_only=True)
class _Header:
    """A header while it is read."""

    table: Table
    source: Source
    row: int
    """From 0."""
    columns: dict[str, Column] = field(default_factory=dict)
    """By key."""
    own: list[str] = field(default_factory=list)
    """The producer's own columns."""
    findings: list[Finding] = field(default_factory=list)

    @property
    def names(self) -> list[str]:
        return [key.name for key in self.table.keys if not key.later]

    def complain(self, rule: str, severity: Severity, found: str, way_out: str, column: str | None = None) -> None:
        where = Where(file=self.source.shown, line=self.row + 1, column=column)
        self.findings.append(Finding(rule=rule, severity=severity, where=where, found=found, way_out=way_out))

    def add(self, index: int, written: str) -> None:
        """Take in one column."""
        header, key = printable(" ".join(written.split())), key_of(written, self.table)
        if key is not None and (other := self.columns.get(key.name)) is not None:
            found = f"it means {key.name}, and so does the column {quoted(other.header)}"
            self.complain("two-columns", "error", found, "Leave one of the two away.", header)
        elif key is not None:
            self.columns[key.name] = Column(index=index, header=header, key=key)
        elif close := get_close_matches(_plain(header), self.names, n=1, cutoff=0.75):
            found, way_out = "no such column is known, so it is not read", f"Did you mean {quoted(close[0])}?"
            self.complain("unknown-column", "warning", found, way_out, header)
        elif header:
            self.own.append(header)

    def lacks(self) -> bool:
        """Whether no row can be read under this header; complains of it."""
        missing = [key.name for key in self.table.keys if key.required and key.name not in self.columns]
        if self.columns and not missing:
            return False
        found = f"there is no column {quoted(missing[0])}" if self.columns else "there is no row with columns' names"
        self.complain("no-header", "error", found, f"The first row names the columns, such as {', '.join(self.names)}.")
        return True


def columns_of(sheet: Sheet, table: Table, source: Source) -> tuple[tuple[Column, ...], list[Finding]]:
    """The columns that are read, and findings of the others; none, with an error, where a required one is missing."""
    row = header_row(sheet)
    if row == len(sheet.rows):
        header = _Header(table=table, source=source, row=0)
        header.lacks()
        return (), header.findings
    header = _Header(table=table, source=source, row=row)
    for index, written in enumerate(sheet.rows[row]):
        header.add(index, written)
    if header.lacks():
        return (), header.findings
    if header.own:
        header.complain(
            "own-columns", "note", f"not read: {listed(header.own)}", f"Read are: {', '.join(header.names)}."
        )
    if (nameless := _nameless(sheet, row)) is not None:
        found = f"column {nameless + 1} has cells and no name, so it is not read"
        header.complain("unknown-column", "warning", found, "Write its name into the first row.")
    return tuple(header.columns.values()), header.findings
