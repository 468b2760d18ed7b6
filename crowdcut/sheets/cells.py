"""The cells of one sheet, as text, and what no list of a production exceeds."""

from dataclasses import dataclass, field

MOST_BYTES = 16 * 2**20
"""Of a file."""
MOST_ROWS = 20_000
MOST_COLUMNS = 256
MOST_SHEETS = 255
MOST_CELLS, MOST_LETTERS = 1_000_000, 8_000_000
"""Of all sheets of a file together."""
LONGEST_CELL = 32_767
"""Letters; Excel's own limit."""


class Unreadable(Exception):
    """A spreadsheet, or one row of it, that nothing can be made of."""

    def __init__(self, found: str, way_out: str, *, rule: str = "unreadable-sheet", row: int | None = None):
        self.found, self.way_out, self.rule, self.row = found, way_out, rule, row
        super().__init__(found)


def _too_large(found: str, row: int | None = None) -> Unreadable:
    return Unreadable(found, "Leave away what is no part of the list.", rule="too-large", row=row)


def too_long(row: int) -> Unreadable:
    """The complaint of too many letters, in the row counted from 0."""
    return _too_large(f"a cell has more than {LONGEST_CELL} letters, or all have more than {MOST_LETTERS}", row + 1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """One sheet. A cell is text as the spreadsheet shows it, but for numbers, which are written out."""

    name: str = ""
    """Empty where the format has no names."""
    rows: tuple[tuple[str, ...], ...]
    """From the first row on, each without its empty end; ends with the last row that says something."""
    dates: frozenset[tuple[int, int]] = frozenset()
    """Row and column, from 0, of the cells that the spreadsheet has made dates of; their text is ISO 8601."""


@dataclass(slots=True)
class Spent:
    """What the sheets of one file have taken of its limits."""

    sheets: int = 0
    cells: int = 0
    letters: int = 0


@dataclass(slots=True)
class Grid:
    """A sheet while it is read, cell by cell, within the limits."""

    spent: Spent = field(default_factory=Spent)
    rows: dict[int, dict[int, str]] = field(default_factory=dict)
    dates: set[tuple[int, int]] = field(default_factory=set)

    def __post_init__(self) -> None:
        self.spent.sheets += 1
        if self.spent.sheets > MOST_SHEETS:
            raise _too_large(f"it has more than {MOST_SHEETS} sheets")

    def put(self, row: int, column: int, text: str, *, is_date: bool = False) -> None:
        """Fill a cell, counted from 0. Raises Unreadable beyond the limits."""
        if not text.strip():
            return
        if row >= MOST_ROWS or column >= MOST_COLUMNS:
            raise _too_large(f"it has more than {MOST_ROWS} rows or {MOST_COLUMNS} columns")
        self.spent.cells += 1
        self.spent.letters += len(text)
        if self.spent.cells > MOST_CELLS:
            raise _too_large(f"it has more than {MOST_CELLS} cells")
        if len(text) > LONGEST_CELL or self.spent.letters > MOST_LETTERS:
            raise too_long(row)
        self.rows.setdefault(row, {})[column] = text.replace("\r\n", "\n").replace("\r", "\n")
        if is_date:
            self.dates.add((row, column))

    def sheet(self, name: str = "") -> Sheet:
        """What has been put."""
        filled = (self.rows.get(row, {}) for row in range(max(self.rows, default=-1) + 1))
        rows = tuple(tuple(cells.get(column, "") for column in range(max(cells, default=-1) + 1)) for cells in filled)
        return Sheet(name=name, rows=rows, dates=frozenset(self.dates))
