"""Reads an image sector by sector, and tables byte by byte; nothing is ever read outside of them."""

import os
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType

from crowdcut.disc.rules import SECTOR_BYTES


class Broken(Exception):
    """What should be there is not: outside of its table, or of the image. Its text says what, as part of a sentence."""


@dataclass(frozen=True, slots=True)
class Fields:
    """A table's bytes, big-endian as the IFOs and packs are (little-endian as UDF is, with ``le``)."""

    data: bytes

    def part(self, offset: int, length: int) -> bytes:
        """``length`` bytes from ``offset``. Raises Broken where they are not all there."""
        if offset < 0 or length < 0 or offset + length > len(self.data):
            raise Broken(f"bytes {offset} to {offset + length} are not all among its {len(self.data)}")
        return self.data[offset : offset + length]

    def number(self, offset: int, length: int) -> int:
        """An unsigned big-endian number of ``length`` bytes. Raises Broken."""
        return int.from_bytes(self.part(offset, length), "big")

    def le(self, offset: int, length: int) -> int:
        """An unsigned little-endian number of ``length`` bytes. Raises Broken."""
        return int.from_bytes(self.part(offset, length), "little")


class Image:
    """An image file, opened."""

    def __init__(self, path: Path):
        self._file = path.open("rb", buffering=0)
        self.bytes = os.fstat(self._file.fileno()).st_size
        self.sectors = self.bytes // SECTOR_BYTES

    def __enter__(self) -> "Image":
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None):
        self._file.close()

    def read(self, sector: int, length: int) -> bytes:
        """``length`` bytes from the beginning of ``sector``. Raises Broken where the image ends before."""
        if sector < 0 or length < 0 or sector * SECTOR_BYTES + length > self.bytes:
            raise Broken(f"sector {sector} and {length:,} bytes from there are not all in the image")
        data = os.pread(self._file.fileno(), length, sector * SECTOR_BYTES)
        if len(data) != length:
            raise Broken(f"sector {sector} cannot be read")
        return data

    def read_into(self, sector: int, buffer: memoryview) -> None:
        """Fill ``buffer`` from the beginning of ``sector``. Raises Broken where the image ends before."""
        if os.preadv(self._file.fileno(), [buffer], sector * SECTOR_BYTES) != len(buffer):
            raise Broken(f"sector {sector} and {len(buffer):,} bytes from there are not all in the image")


@dataclass(frozen=True, slots=True, kw_only=True)
class DiscFile:
    """A file of VIDEO_TS as a file system names it."""

    name: str
    sector: int
    """Its first."""
    length: int
    """Bytes."""
    extents: int = 1
    """Pieces it lies in."""

    @property
    def sectors(self) -> int:
        """Whole sectors that it takes."""
        return -(-self.length // SECTOR_BYTES)
