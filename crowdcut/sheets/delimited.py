"""Text with a delimiter (CSV, TSV) as cells; encoding and delimiter are found by looking."""

import codecs
import csv
import re
from collections.abc import Callable, Iterator
from io import StringIO

from crowdcut.sheets.cells import MOST_COLUMNS, Grid, Sheet, Unreadable

_MARKED = {codecs.BOM_UTF8: "utf-8-sig", codecs.BOM_UTF16_LE: "utf-16", codecs.BOM_UTF16_BE: "utf-16"}
_DELIMITERS = ",;\t"
_SEP = re.compile(r'"?sep=([^\r\n])"?(?:\r\n|\r|\n|$)', re.IGNORECASE)
"""Excel's own first line, which it does not count as a row."""
WINDOWS = "Windows-1252"


def text_from(data: bytes) -> tuple[str, str]:
    """The text and the name of its encoding: as its mark says, else UTF-8, else Windows-1252. Raises Unreadable."""
    marked = next((name for mark, name in _MARKED.items() if data.startswith(mark)), None)
    for name in (marked,) if marked else ("utf-8", WINDOWS):
        try:
            text = data.decode(name)
        except UnicodeDecodeError:
            continue
        if "\0" not in text:
            return text, name
    raise Unreadable("this is not text", 'Save it as "CSV UTF-8", .xlsx or .ods.', rule="not-text")


def _rows(text: str, delimiter: str) -> Iterator[list[str]]:
    """Rows as a spreadsheet counts them: a blank line is one, a line end inside quotes is none."""
    row = 0
    try:
        for cells in csv.reader(StringIO(text, newline=""), delimiter=delimiter, strict=True):
            row += 1
            yield cells
    except csv.Error as error:
        found, way_out = 'the quotes " do not pair', 'Write a " inside a quoted cell twice: "".'
        if "unexpected end" in str(error):
            found = 'a quote " is opened here and never closed'
        elif "field limit" in str(error):
            found, way_out = "a cell is too long to be one", 'Look for a quote " that is not closed.'
        raise Unreadable(found, way_out, rule="unpaired-quotes", row=row + 1) from error


def first_row(rows: Iterator[list[str]]) -> list[str]:
    """The first row that says something; empty where none does."""
    return next((cells for cells in rows if any(map(str.strip, cells))), [])


def _measured(text: str, knows: Callable[[str], bool]) -> str:
    """The delimiter that makes the most columns' names of the first row; where that is a tie, the most cells."""

    def score(delimiter: str) -> tuple[int, int]:
        try:
            header = first_row(_rows(text, delimiter))[:MOST_COLUMNS]
        except Unreadable:
            return -1, 0
        return sum(map(knows, header)), len(header)

    return max(_DELIMITERS, key=score)


def sheet_from_text(text: str, knows: Callable[[str], bool]) -> Sheet:
    """The one sheet of a text; ``knows`` tells a column's name. Raises Unreadable."""
    said = _SEP.match(text)
    if said:
        text = text[said.end() :]
    grid = Grid()
    for row, cells in enumerate(_rows(text, said[1] if said else _measured(text, knows))):
        for column, cell in enumerate(cells):
            grid.put(row, column, cell)
    return grid.sheet()
