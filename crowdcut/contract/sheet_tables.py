"""Spreadsheets as lists of tables: a row is a table, and the header says which key each cell is."""

import stat
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from crowdcut.contract.sheet_cells import cell_node
from crowdcut.contract.sheet_header import Column, columns_of, header_row, key_of, known_columns, listed
from crowdcut.contract.tables import Node, Source, printable, quoted, shown
from crowdcut.contract.values import Misfit
from crowdcut.findings import Finding, Severity, Where
from crowdcut.sheets.cells import MOST_BYTES, Sheet, Unreadable
from crowdcut.sheets.delimited import WINDOWS, sheet_from_text, text_from
from crowdcut.vocabulary.table import Table

SUFFIXES = (".csv", ".tsv", ".xlsx", ".ods")
"""What a spreadsheet may be called; its bytes say what it is."""
_ZIP, _OLE = b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


def _bytes_of(file: Path) -> bytes:
    """The bytes of a spreadsheet. Raises Unreadable."""
    try:
        if not stat.S_ISREG(file.stat().st_mode):  # opening a pipe would wait for ever
            raise Unreadable("it is no file", "Check the path.", rule="missing-file")
        with file.open("rb") as opened:
            data = opened.read(MOST_BYTES + 1)
    except (OSError, ValueError) as error:  # ValueError: a path that no system can have
        found = f"it cannot be read: {getattr(error, 'strerror', None) or error}"
        raise Unreadable(found, "Check the path.", rule="missing-file") from error
    if len(data) > MOST_BYTES:
        found = f"it has more than {MOST_BYTES // 2**20} MB"
        raise Unreadable(found, "Leave away what is no part of the list.", rule="too-large")
    if data.startswith(_OLE):
        found = "it is locked with a password, or made by Excel 97"
        raise Unreadable(found, "Save it as .xlsx or .ods without a password, or as CSV.")
    return data


def _sheets_of(data: bytes) -> list[Sheet]:
    """All sheets of a workbook. Raises Unreadable."""
    # Most productions have no workbook, and `crowdcut --help` should not wait for what reads one.
    from crowdcut.sheets.ods import sheets_of_ods
    from crowdcut.sheets.parts import Parts
    from crowdcut.sheets.xlsx import sheets_of_xlsx

    parts = Parts(data)
    return list(sheets_of_ods(parts) if "content.xml" in parts else sheets_of_xlsx(parts))


@dataclass(slots=True, kw_only=True)
class _Rows:
    """One spreadsheet while its rows are read as tables; findings gather here."""

    source: Source
    table: Table
    findings: list[Finding] = field(default_factory=list)

    def complain(self, rule: str, severity: Severity, found: str, way_out: str, where: Where) -> None:
        finding = Finding(rule=rule, severity=severity, where=where, found=printable(found), way_out=printable(way_out))
        self.findings.append(finding)

    def sheet_in(self, data: bytes) -> Sheet:
        """The sheet to read. Raises Unreadable."""
        top = Where(file=self.source.shown, line=1)
        if not data.startswith(_ZIP):
            text, encoding = text_from(data)
            if encoding == WINDOWS:
                found, way_out = f"it is not UTF-8 but read as {WINDOWS}", "If accents are wrong, save it as UTF-8."
                self.complain("old-encoding", "note", found, way_out, top)
            return sheet_from_text(text, lambda header: key_of(header, self.table) is not None)
        return self._sheet_of(_sheets_of(data), top)

    def _sheet_of(self, sheets: list[Sheet], top: Where) -> Sheet:
        """The first sheet that has the header."""
        known = [known_columns(sheet, self.table) for sheet in sheets]
        enough = min(2, max(known, default=0))
        able = [sheet for sheet, count in zip(sheets, known, strict=True) if count >= enough]
        if not able:
            return Sheet(rows=())
        if enough and len(able) > 1:
            others = listed(sheet.name for sheet in able[1:])
            found = f"the sheet {quoted(able[0].name)} is read, and not {others}"
            self.complain("unread-sheet", "note", found, "The first sheet with these columns is read.", top)
        return able[0]

    def nodes(self, sheet: Sheet, columns: tuple[Column, ...]) -> Iterator[Node]:
        """A table for each row that says something in a column that is read."""
        start = header_row(sheet) + 1
        for number, row in enumerate(sheet.rows[start:], start=start):
            cells = {}
            for column in columns:
                text = row[column.index].strip() if column.index < len(row) else ""
                if not text:
                    continue
                cell = Node(value=text, source=self.source, line=number + 1, column=column.header)
                try:
                    is_date = (number, column.index) in sheet.dates
                    cells[column.key.name] = cell_node(cell, column.key.kind, is_date=is_date)
                except Misfit as misfit:
                    where = cell.where(column.key.name)
                    self.complain(misfit.rule, "error", misfit.found, misfit.way_out, where)
            if cells:
                yield Node(value=cells, source=self.source, line=number + 1)


def rows_from(file: Path, table: Table) -> tuple[Node | None, tuple[Finding, ...]]:
    """The rows of a spreadsheet as a list of tables, each cell with the value that TOML would have there.

    ``table`` has the columns. None where nothing can be made of the file; findings name row and column.
    """
    source = Source(file=file.absolute(), shown=shown(file), in_rows=True)
    reading = _Rows(source=source, table=table)
    try:
        sheet = reading.sheet_in(_bytes_of(file))
    except Unreadable as error:
        where = Where(file=source.shown, line=error.row or 1)
        reading.complain(error.rule, "error", error.found, error.way_out, where)
        return None, tuple(reading.findings)
    columns, findings = columns_of(sheet, table, source)
    reading.findings += findings
    if not columns:
        return None, tuple(reading.findings)
    nodes = tuple(reading.nodes(sheet, columns))
    return Node(value=nodes, source=source, line=header_row(sheet) + 1), tuple(reading.findings)
