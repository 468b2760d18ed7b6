"""Cells read the same from every format; what a spreadsheet shows is what is read; hostile files end in a finding."""

import io
import zipfile
from collections.abc import Callable
from contextlib import suppress

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from python_calamine import CalamineWorkbook
from sheet_making import CODECS, delimited, letters, ods, ods_of, xlsx, xlsx_of, zipped

from crowdcut.sheets.cells import LONGEST_CELL, MOST_COLUMNS, MOST_ROWS, Sheet, Unreadable
from crowdcut.sheets.delimited import sheet_from_text, text_from
from crowdcut.sheets.formats import shown
from crowdcut.sheets.ods import sheets_of_ods
from crowdcut.sheets.parts import MOST_UNPACKED, Parts
from crowdcut.sheets.xlsx import sheets_of_xlsx

HEADER = ("id", "file", "by", "note")
CELLS = st.text(
    st.one_of(
        st.sampled_from(" ,;\t\"\n'=<&>_x0041éß—ü漢🎬\u0301"),
        st.characters(exclude_categories=("Cs", "Cc", "Cn", "Co"), exclude_characters="\u2028\u2029\u0085"),
    ),
    max_size=12,
).map(lambda text: "".join(filter(lambda letter: letter.isprintable() or letter in "\n\t", text)))
TABLES = st.lists(st.lists(CELLS, max_size=4), max_size=5)


def trimmed(rows: list[list[str]]) -> tuple[tuple[str, ...], ...]:
    """As a sheet is: blank cells say nothing, and empty ends fall off."""
    said = [[cell if cell.strip() else "" for cell in row] for row in rows]
    for row in said:
        while row and not row[-1]:
            row.pop()
    while said and not said[-1]:
        said.pop()
    return tuple(map(tuple, said))


def from_text(data: bytes) -> Sheet:
    return sheet_from_text(text_from(data)[0], HEADER.__contains__)


def from_xlsx(data: bytes) -> list[Sheet]:
    return list(sheets_of_xlsx(Parts(data)))


def from_ods(data: bytes) -> list[Sheet]:
    return list(sheets_of_ods(Parts(data)))


@settings(max_examples=150, deadline=None)
@given(
    rows=TABLES,
    delimiter=st.sampled_from(",;\t"),
    encoding=st.sampled_from(sorted(CODECS)),
    line_end=st.sampled_from(["\r\n", "\n"]),
    said=st.booleans(),
)
def test_any_table_reads_the_same_from_any_text(rows, delimiter, encoding, line_end, said) -> None:
    table = [list(HEADER), *rows]
    data = delimited(table, delimiter, encoding, line_end)
    if said and encoding == "utf-8":
        data = f"sep={delimiter}\r\n".encode() + data
    assert from_text(data).rows == trimmed(table)


@settings(max_examples=150, deadline=None)
@given(rows=TABLES)
def test_any_table_reads_the_same_from_a_workbook(rows: list[list[str]]) -> None:
    table = [list(HEADER), *rows]
    escaped = [[cell.replace("_x", "_x005F_x") for cell in row] for row in table]
    assert [sheet.rows for sheet in from_xlsx(xlsx(escaped))] == [trimmed(table)]
    assert [sheet.rows for sheet in from_ods(ods(table))] == [trimmed(table)]


@settings(max_examples=60, deadline=None)
@given(rows=TABLES)
def test_another_reader_finds_the_same_cells(rows: list[list[str]]) -> None:
    # It leaves out the tabs of OpenDocument.
    table = [list(HEADER), *([cell.replace("_x", "").replace("\t", " ") for cell in row] for row in rows)]
    for data, (ours,) in ((xlsx(table), from_xlsx(xlsx(table))), (ods(table), from_ods(ods(table)))):
        theirs = CalamineWorkbook.from_filelike(io.BytesIO(data)).get_sheet_by_index(0).to_python(skip_empty_area=False)
        assert ours.rows == trimmed([list(map(str, row)) for row in theirs])


@settings(max_examples=60, deadline=None)
@given(text=st.text(st.sampled_from('aé€ßñ“”–Œ ;\n"'), min_size=1, max_size=10), delimiter=st.sampled_from(",;\t"))
def test_windows_1252_is_read_where_it_is_no_utf8(text: str, delimiter: str) -> None:
    table = [list(HEADER), ["é" + text]]
    data = delimited(table, delimiter, "cp1252")
    decoded, encoding = text_from(data)
    try:
        data.decode()
    except UnicodeDecodeError:
        assert encoding == "Windows-1252"
        assert sheet_from_text(decoded, HEADER.__contains__).rows == trimmed(table)


def test_rows_are_counted_as_a_spreadsheet_counts_them() -> None:
    sheet = from_text(b'id;note\r\n\r\na;"two\r\nlines"\r\n;\r\nb;"say ""so"""\n')
    assert sheet.rows == (("id", "note"), (), ("a", "two\nlines"), (), ("b", 'say "so"'))


def test_the_header_decides_between_delimiters() -> None:
    assert from_text(b"id,my column; or two; or three\na,b\n").rows[1] == ("a", "b")
    assert from_text(b"sep=|\nid|note\na|b,c\n").rows == (("id", "note"), ("a", "b,c"))
    assert from_text(b'"my, own";id\n1;2\n').rows == (("my, own", "id"), ("1", "2"))


@pytest.mark.parametrize(
    ("data", "rule", "row"),
    [
        (b'id,note\na,"b\nc,d\n', "unpaired-quotes", 2),
        (b'id,note\na,b\nc,"d" e\n', "unpaired-quotes", 3),
        (b'id,note\na,"' + b"x" * 200_000, "unpaired-quotes", 2),
        (b"\x00\x01\x02", "not-text", None),
        (b"id\n\x81\xff\n", "not-text", None),
        (b"\xff\xfei\x00d", "not-text", None),
        ("id\nü".encode("utf-16-le"), "not-text", None),
        (b"id\n" + b"a\n" * MOST_ROWS, "too-large", None),
        (b"id\n" + b"," * MOST_COLUMNS + b"a\n", "too-large", None),
        (b"id\n" + b"x" * (LONGEST_CELL + 1) + b"\n", "too-large", 2),
    ],
)
def test_hostile_text(data: bytes, rule: str, row: int | None) -> None:
    with pytest.raises(Unreadable) as error:
        from_text(data)
    assert (error.value.rule, error.value.row) == (rule, row)


@pytest.mark.parametrize(
    ("written", "code", "text", "is_date"),
    [
        ("7", "General", "7", False),
        ("7.0", "General", "7", False),
        ("0.30000000000000004", "General", "0.3", False),
        ("7", "000", "007", False),
        ("12", "0", "12", False),
        ("-6.5", "0.0", "-6.5", False),
        ("2.0833333333333333E-3", "h:mm", "0:03", False),
        ("2.0833333333333333E-3", "h:mm:ss", "3:00", False),
        ("2.0833333333333333E-3", "h:mm AM/PM", "0:03", False),
        ("3.4722222222222222E-5", "h:mm:ss", "0:03", False),
        ("4.0509259259259258E-5", "mm:ss.0", "0:03.5", False),
        ("4.0509259259259258E-5", "[$-409]mm:ss.0;@", "0:03.5", False),
        ("1.25", "[h]:mm", "30:00", False),
        ("45000", "d/m/yyyy", "2023-03-15", True),
        ("45000.5", "d/m/yyyy h:mm", "2023-03-15 12:00", True),
        ("45000", "mmm", "2023-03-15", True),
        ("5", '0 "months"', "5", False),
        ("5", "0.00_d", "5", False),
        ("1e999", "h:mm", "1e999", False),
        ("1e300", "yyyy", "1e+300", False),
        ("-1", "h:mm", "-1", False),
        ("seven", "General", "seven", False),
    ],
)
def test_numbers_are_read_as_they_are_shown(written: str, code: str, text: str, is_date: bool) -> None:
    assert shown(written, code, from_1904=False) == (text, is_date)


def test_a_workbooks_cells_of_every_kind() -> None:
    cells = [
        '<c r="B2" t="inlineStr"><is><r><t>a_x000D_&#10;</t></r><rPh><t>no</t></rPh>'
        "<r><t>b _x005F_x0041_</t></r></is></c>",
        '<c><v>7</v></c><c s="1"><v>0.00208333333333333</v></c><c s="2"><v>45000</v></c>',
        '<c t="e"><v>#REF!</v></c><c t="b"><v>1</v></c><c t="str"><f>"x"</f><v>x</v></c><c><f>1+1</f></c>',
        '<c t="s"><v>0</v></c><c t="d"><v>2026-02-01T00:00:00</v></c><c s="99999"><v>1.5</v></c>',
    ]
    (sheet,) = from_xlsx(
        xlsx_of({"S": f'<row r="2">{"".join(cells)}</row>'}, strings=["shared"], formats=["h:mm", "yyyy"])
    )
    assert sheet.rows[1] == (
        "", "a\nb _x0041_", "7", "0:03", "2023-03-15", "#REF!", "TRUE", "x", "#VALUE!", "shared",
        "2026-02-01 00:00:00", "1.5",
    )  # fmt: skip
    assert sheet.dates == {(1, 4), (1, 10)}


def ods_cell(text: str, **attributes: str) -> str:
    written = " ".join(
        f'{"office" if "repeated" not in key else "table"}:{key.replace("_", "-")}="{value}"'
        for key, value in attributes.items()
    )
    return f"<table:table-cell {written}>{text}</table:table-cell>"


def test_a_documents_cells_of_every_kind() -> None:
    cells = [
        ods_cell(
            "<office:annotation><text:p>a remark</text:p></office:annotation>"
            "<text:p>a  <text:span>b</text:span></text:p>"
            '<text:p>c<text:s text:c="3"/>d<text:line-break/>e</text:p>',
            value_type="string",
        ),
        ods_cell("<text:p>007</text:p>", value_type="float", value="7"),
        ods_cell("<text:p>7,00</text:p>", value_type="float", value="7"),
        ods_cell("<text:p>00:03</text:p>", value_type="time", time_value="PT00H03M00S"),
        ods_cell("<text:p>12:03 AM</text:p>", value_type="time", time_value="PT00H03M00S"),
        ods_cell("<text:p>12:03:01 AM</text:p>", value_type="time", time_value="PT00H03M01S"),
        ods_cell("", value_type="time", time_value="PT00H03M01.5S"),
        ods_cell("<text:p>1 Feb</text:p>", value_type="date", date_value="2026-02-01"),
        ods_cell("<text:p>WAHR</text:p>", value_type="boolean", boolean_value="true"),
        ods_cell("<text:p>twice</text:p>", value_type="string", number_columns_repeated="2"),
        "<table:covered-table-cell/>",
        ods_cell("<text:p>last</text:p>", value_type="string"),
    ]
    rows = f'<table:table-row table:number-rows-repeated="2">{"".join(cells)}</table:table-row>'
    (sheet,) = from_ods(ods_of({"S": rows}))
    assert sheet.rows[0] == (
        "a b\nc   d\ne", "007", "7", "00:03", "0:03", "3:01", "3:01.5", "2026-02-01", "TRUE", "twice", "twice", "",
        "last",
    )  # fmt: skip
    assert sheet.rows[1] == sheet.rows[0]
    assert sheet.dates == {(0, 7), (1, 7)}


ROW = "<table:table-row{}><table:table-cell{}><text:p>{}</text:p></table:table-cell></table:table-row>"


def tampered(sheet: str | bytes) -> bytes:
    """A workbook whose one sheet is the part given."""
    with zipfile.ZipFile(io.BytesIO(xlsx([["id"]]))) as file:
        parts = {one: file.read(one) for one in file.namelist()}
    return zipped({**parts, "xl/worksheets/sheet0.xml": sheet})


BOMB = '<!DOCTYPE a [<!ENTITY b "bbbbbbbb">]><worksheet>&b;</worksheet>'
FAR = '<table:table-row table:number-rows-repeated="99999999"/>'
HOSTILE: list[tuple[Callable[[bytes], list[Sheet]], bytes, str]] = [
    # Each of these is small and claims, or unpacks to, something huge.
    (from_xlsx, xlsx_of({"S": '<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>'}), "too-large"),
    (from_xlsx, xlsx_of({"S": f'<row><c r="{letters(MOST_COLUMNS)}1"><v>1</v></c></row>'}), "too-large"),
    (from_xlsx, xlsx_of({"S": '<row r="1"><c r="ZZZZZZZ99999999999"><v>1</v></c></row>'}), "unreadable-sheet"),
    (from_xlsx, xlsx_of({"S": '<row r="1"><c r="A0"><v>1</v></c></row>'}), "unreadable-sheet"),
    (from_xlsx, xlsx_of({"S": '<row><c t="s"><v>99</v></c></row>'}), "unreadable-sheet"),
    (from_xlsx, xlsx_of({"S": f'<row><c t="inlineStr"><is><t>{"a" * 40_000}</t></is></c></row>'}), "too-large"),
    (from_xlsx, xlsx_of({"S": '<c t="s"><v>0</v></c>' * 250}, strings=["a" * 32_767]), "too-large"),
    (from_xlsx, tampered(BOMB), "unreadable-sheet"),
    (from_xlsx, tampered(b" " * (MOST_UNPACKED + 1)), "too-large"),
    (from_xlsx, tampered("<a>"), "unreadable-sheet"),
    (from_xlsx, tampered('<?xml version="1.0" encoding="nonsense"?><a/>'), "unreadable-sheet"),
    (from_xlsx, zipped({"a.txt": "no workbook"}), "unreadable-sheet"),
    (from_xlsx, b"PK\x03\x04 no ZIP", "unreadable-sheet"),
    (from_xlsx, xlsx([["id"]])[:-30], "unreadable-sheet"),
    (from_ods, ods_of({"S": ROW.format(' table:number-rows-repeated="1000000"', "", "a")}), "too-large"),
    (from_ods, ods_of({"S": ROW.format("", ' table:number-columns-repeated="16384"', "a")}), "too-large"),
    (from_ods, ods_of({"S": ROW.format("", "", '<text:s text:c="1000"/>' * 100 + "a")}), "too-large"),
    (from_ods, ods_of({"S": ROW.format("", "", "a" * 40_000)}), "too-large"),
    (from_ods, ods_of({"S": FAR + ROW.format("", "", "a")}), "too-large"),
    (from_ods, zipped({"content.xml": b"\x93locked with a password"}), "unreadable-sheet"),
]  # fmt: skip


@pytest.mark.parametrize(("read", "data", "rule"), HOSTILE)
def test_hostile_workbooks(read: Callable[[bytes], list[Sheet]], data: bytes, rule: str) -> None:
    with pytest.raises(Unreadable) as error:
        read(data)
    assert error.value.rule == rule
    assert error.value.way_out


@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(data=st.data(), book=st.sampled_from(["xlsx", "ods"]))
def test_a_damaged_workbook_is_read_or_complained_of(data: st.DataObject, book: str) -> None:
    table = [list(HEADER), ["a", "b", "c", "d"]]
    parts = bytearray(xlsx(table) if book == "xlsx" else ods(table))
    for _ in range(data.draw(st.integers(1, 4))):
        at = data.draw(st.integers(4, len(parts) - 1))
        parts[at] = data.draw(st.integers(0, 255))
    with suppress(Unreadable):
        assert all(len(sheet.rows) <= 2 for sheet in (from_xlsx if book == "xlsx" else from_ods)(bytes(parts)))
