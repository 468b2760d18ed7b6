"""Spreadsheets for tests, written cell by cell: CSV in any encoding, and the least that is an .xlsx or an .ods."""

import csv
import io
import zipfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from xml.sax.saxutils import escape, quoteattr

Rows = Sequence[Sequence[str]]

_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006/relationships"
_ODF = "urn:oasis:names:tc:opendocument:xmlns"
CODECS = {"utf-8": "utf-8", "utf-8 with mark": "utf-8-sig", "utf-16-le": "utf-16-le", "utf-16-be": "utf-16-be"}


def zipped(parts: Mapping[str, str | bytes]) -> bytes:
    """A ZIP of parts by name."""
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED) as file:
        for name, text in parts.items():
            file.writestr(name, text)
    return written.getvalue()


def delimited(rows: Rows, delimiter: str = ",", encoding: str = "utf-8", line_end: str = "\r\n") -> bytes:
    """CSV; UTF-16 has its mark."""
    written = io.StringIO(newline="")
    csv.writer(written, delimiter=delimiter, lineterminator=line_end).writerows(rows)
    mark = "\ufeff" if encoding.startswith("utf-16") else ""
    return (mark + written.getvalue()).encode(CODECS.get(encoding, encoding))


def letters(column: int) -> str:
    """``A`` for 0."""
    column, last = divmod(column, 26)
    return (letters(column - 1) if column else "") + chr(ord("A") + last)


def _xlsx_rows(rows: Rows, strings: list[str]) -> str:
    text = ""
    for number, row in enumerate(rows, start=1):
        text += f'<row r="{number}">'
        for column, cell in enumerate(row):
            if cell:
                strings.append(cell)
                text += f'<c r="{letters(column)}{number}" t="s"><v>{len(strings) - 1}</v></c>'
        text += "</row>"
    return text


def xlsx_of(sheets: Mapping[str, str], *, strings: Sequence[str] = (), formats: Sequence[str] = ()) -> bytes:
    """A workbook of sheets by name, as the XML of their rows; cell style 1 has the first of ``formats``, and so on."""
    names = list(sheets)
    codes = "".join(
        f'<numFmt numFmtId="{164 + index}" formatCode={quoteattr(code)}/>' for index, code in enumerate(formats)
    )
    styles = '<xf numFmtId="0"/>' + "".join(f'<xf numFmtId="{164 + index}"/>' for index in range(len(formats)))
    shared = "".join(f'<si><t xml:space="preserve">{escape(text)}</t></si>' for text in strings)
    relations = {f"s{index}": f"worksheets/sheet{index}.xml" for index in range(len(names))}
    kinds = {**dict.fromkeys(relations, "worksheet"), "st": "styles", "sh": "sharedStrings"}
    relations |= {"st": "styles.xml", "sh": "sharedStrings.xml"}
    return zipped(
        {
            "_rels/.rels": f'<Relationships xmlns="{_PACKAGE}"><Relationship Id="r" Type="{_OFFICE}/officeDocument" '
            'Target="xl/workbook.xml"/></Relationships>',
            "xl/workbook.xml": f'<workbook xmlns="{_MAIN}" xmlns:r="{_OFFICE}"><sheets>'
            + "".join(
                f'<sheet name={quoteattr(name)} sheetId="{index + 1}" r:id="s{index}"/>'
                for index, name in enumerate(names)
            )
            + "</sheets></workbook>",
            "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{_PACKAGE}">'
            + "".join(
                f'<Relationship Id="{name}" Type="{_OFFICE}/{kinds[name]}" Target="{target}"/>'
                for name, target in relations.items()
            )
            + "</Relationships>",
            "xl/styles.xml": f'<styleSheet xmlns="{_MAIN}"><numFmts>{codes}</numFmts>'
            f"<cellXfs>{styles}</cellXfs></styleSheet>",
            "xl/sharedStrings.xml": f'<sst xmlns="{_MAIN}">{shared}</sst>',
            **{
                f"xl/worksheets/sheet{index}.xml": f'<worksheet xmlns="{_MAIN}"><sheetData>{sheets[name]}</sheetData>'
                "</worksheet>"
                for index, name in enumerate(names)
            },
        }
    )


def xlsx(rows: Rows, name: str = "Sheet1") -> bytes:
    """A workbook of texts."""
    strings: list[str] = []
    return xlsx_of({name: _xlsx_rows(rows, strings)}, strings=strings)


def ods_of(sheets: Mapping[str, str]) -> bytes:
    """A document of sheets by name, as the XML of their rows."""
    spaces = " ".join(f'xmlns:{name}="{_ODF}:{name}:1.0"' for name in ("office", "table", "text"))
    tables = "".join(f"<table:table table:name={quoteattr(name)}>{rows}</table:table>" for name, rows in sheets.items())
    return zipped(
        {
            "mimetype": "application/vnd.oasis.opendocument.spreadsheet",
            "META-INF/manifest.xml": f'<m:manifest xmlns:m="{_ODF}:manifest:1.0"/>',
            "content.xml": f'<?xml version="1.0" encoding="UTF-8"?><office:document-content {spaces}><office:body>'
            f"<office:spreadsheet>{tables}</office:spreadsheet></office:body></office:document-content>",
        }
    )


def _ods_text(text: str) -> str:
    spaced = escape(text).replace("\t", "<text:tab/>").replace(" ", "<text:s/>")
    return "".join(f"<text:p>{line}</text:p>" for line in spaced.split("\n"))


def ods(rows: Rows, name: str = "Sheet1") -> bytes:
    """A document of texts, with the empty rest of the sheet that LibreOffice writes."""
    text = ""
    for row in rows:
        cells = (
            f'<table:table-cell office:value-type="string">{_ods_text(cell)}</table:table-cell>'
            if cell
            else "<table:table-cell/>"
            for cell in row
        )
        rest = f'<table:table-cell table:number-columns-repeated="{16384 - len(row)}"/>'
        text += f"<table:table-row>{''.join(cells)}{rest}</table:table-row>"
    rest = '<table:table-cell table:number-columns-repeated="16384"/>'
    text += f'<table:table-row table:number-rows-repeated="1048000">{rest}</table:table-row>'
    return ods_of({name: text})


WRITERS = {".csv": delimited, ".xlsx": xlsx, ".ods": ods}
"""By the ending of the file."""


def write_sheet(file: Path, rows: Rows) -> Path:
    """A spreadsheet of the format that the file's ending says."""
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(WRITERS[file.suffix](rows))
    return file
