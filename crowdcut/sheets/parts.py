"""The XML files inside a workbook's ZIP, unpacked and walked within limits.

A reader that trusts what a workbook says of its own size can be made to ask for any amount of memory by a file of a
few hundred bytes (python-calamine 0.9 then ends the process), so these are walked with expat, cell by cell.
"""

import struct
import zlib
from io import BytesIO
from typing import Protocol
from xml.parsers import expat
from zipfile import ZIP_DEFLATED, ZIP_STORED, BadZipFile, ZipFile

from crowdcut.sheets.cells import Unreadable

MOST_UNPACKED = 32 * 2**20
"""Bytes of all parts together."""
_BROKEN = (BadZipFile, zlib.error, struct.error, EOFError, OSError, ValueError, RuntimeError, expat.ExpatError)
"""What a damaged or locked workbook raises; RuntimeError: a part that wants a password."""


def damaged() -> Unreadable:
    """The complaint of a workbook that cannot be opened."""
    found = "it is damaged, locked with a password, or no spreadsheet"
    return Unreadable(found, "Save it anew as .xlsx or .ods without a password, or as CSV.")


class Handler(Protocol):
    """Is told what stands in a part, from its start to its end. Names come without their namespace."""

    def start(self, space: str, name: str, attributes: dict[str, str]) -> None:
        """An element begins."""
        ...

    def end(self, space: str, name: str) -> None:
        """It ends."""
        ...

    def text(self, text: str) -> None:
        """Words inside it."""
        ...


def _parted(name: str) -> tuple[str, str]:
    space, _, local = name.rpartition(" ")
    return space, local


def _refuse_entities(*_: object) -> None:
    raise damaged()  # no spreadsheet has a DOCTYPE; bombs do


class Parts:
    """A workbook's parts by their names, in whatever capitals."""

    def __init__(self, data: bytes) -> None:
        try:
            self._file = ZipFile(BytesIO(data))
        except _BROKEN as error:
            raise damaged() from error
        self._infos = {info.filename.replace("\\", "/").casefold(): info for info in self._file.infolist()}
        self._left = MOST_UNPACKED

    def __contains__(self, name: str) -> bool:
        return name.casefold() in self._infos

    def _bytes(self, name: str) -> bytes:
        info = self._infos.get(name.casefold())
        if info is None or info.compress_type not in (ZIP_STORED, ZIP_DEFLATED):
            raise damaged()
        with self._file.open(info) as part:
            data = part.read(self._left + 1)
        self._left -= len(data)
        if self._left < 0:
            found = f"unpacked it has more than {MOST_UNPACKED // 2**20} MB"
            raise Unreadable(found, "Leave away what is no part of the list.", rule="too-large")
        return data

    def walk(self, name: str, handler: Handler) -> None:
        """Tell ``handler`` of all that stands in a part. Raises Unreadable."""
        parser = expat.ParserCreate(namespace_separator=" ")
        parser.buffer_text = True
        parser.StartDoctypeDeclHandler = _refuse_entities
        parser.CharacterDataHandler = handler.text
        parser.EndElementHandler = lambda element: handler.end(*_parted(element))
        parser.StartElementHandler = lambda element, attributes: handler.start(
            *_parted(element), {_parted(key)[1]: value for key, value in attributes.items()}
        )
        try:
            parser.Parse(self._bytes(name), True)
        except (*_BROKEN, LookupError) as error:  # LookupError: an encoding that nobody knows
            raise damaged() from error
