"""Breaks a good disc image in exactly one place: bytes are changed, and what guards them is put right again."""

import struct
from binascii import crc_hqx
from collections.abc import Iterator

from disc_making import MadeDisc

SECTOR = 2048
PCI, DSI = 0x2D, 0x407
"""Of the data in a navigation pack."""


class Broken:
    """An image in memory that is being broken."""

    def __init__(self, disc: MadeDisc, data: bytes):
        self.sectors, self.data = disc.sectors, bytearray(data)

    def at(self, file: str, offset: int = 0) -> int:
        """Where a byte of a file is in the image."""
        return self.sectors[file][0] * SECTOR + offset

    def number(self, place: int, length: int) -> int:
        return int.from_bytes(self.data[place : place + length], "big")

    def put(self, place: int, value: int, length: int) -> None:
        self.data[place : place + length] = value.to_bytes(length, "big")

    def ifo(self, file: str, offset: int, value: int, length: int) -> None:
        """Change a number of an IFO and of its copy."""
        for name in (file, file.replace(".IFO", ".BUP")):
            self.put(self.at(name, offset), value, length)

    def table(self, file: str, pointer: int) -> int:
        """Where a table of an IFO begins, from the IFO's first byte."""
        return self.number(self.at(file, pointer), 4) * SECTOR

    def packs(self, file: str) -> Iterator[int]:
        """Where each pack of a VOB is in the image."""
        first, length = self.sectors[file]
        yield from range(first * SECTOR, first * SECTOR + length, SECTOR)

    def navs(self, file: str) -> list[int]:
        return [at for at in self.packs(file) if self.data[at + 0x26 : at + 0x2A] == b"\0\0\1\xbf"]

    def of_stream(self, file: str, stream: int, sub: int | None = None) -> list[int]:
        """The packs whose first packet is of a stream (and of a sub-stream)."""
        found = []
        for at in self.packs(file):
            if self.data[at + 14 : at + 18] == bytes((0, 0, 1, stream)):
                inside = at + 14 + 9 + self.data[at + 14 + 8]
                if sub is None or self.data[inside] == sub:
                    found.append(at)
        return found

    def payload(self, pack: int) -> int:
        return pack + 14 + 9 + self.data[pack + 14 + 8]

    def pts(self, pack: int, which: int = 0) -> int:
        """A pack's PTS, or with ``which`` 1 its DTS; -1: it has none."""
        if not self.data[pack + 14 + 7] & (0x80, 0x40)[which]:
            return -1
        at = pack + 14 + 9 + 5 * which
        a, b, c = self.data[at], self.number(at + 1, 2), self.number(at + 3, 2)
        return (a >> 1 & 7) << 30 | (b >> 1) << 15 | c >> 1

    def stamp(self, pack: int, ticks: int, which: int = 0) -> None:
        at = pack + 14 + 9 + 5 * which
        self.put(at, self.data[at] & 0xF0 | ticks >> 30 << 1 | 1, 1)
        self.put(at + 1, (ticks >> 15 & 0x7FFF) << 1 | 1, 2)
        self.put(at + 3, (ticks & 0x7FFF) << 1 | 1, 2)

    def clock(self, pack: int) -> int:
        """A pack's clock, 90 kHz."""
        b = self.data[pack + 4 : pack + 10]
        high = (b[0] >> 3 & 7) << 30 | (b[0] & 3) << 28 | b[1] << 20
        return high | (b[2] >> 3) << 15 | (b[2] & 3) << 13 | b[3] << 5 | b[4] >> 3

    def wind(self, pack: int, ticks: int) -> None:
        """Give a pack another clock."""
        b = (0x44 | ticks >> 30 << 3 | ticks >> 28 & 3, ticks >> 20 & 255)
        b += (4 | (ticks >> 15 & 31) << 3 | ticks >> 13 & 3, ticks >> 5 & 255, 4 | (ticks & 31) << 3)
        self.data[pack + 4 : pack + 9] = bytes(b)

    def video_code(self, file: str, code: int, vobu: int = 0) -> int:
        """Where a start code of the video first is, from a VOBU on."""
        for at in self.of_stream(file, 0xE0):
            if at > self.navs(file)[vobu]:
                found = self.data.find(bytes((0, 0, 1, code)), self.payload(at), at + SECTOR)
                if found >= 0:
                    return found
        raise AssertionError(f"no start code {code:#x}")

    def resealed(self, place: int) -> None:
        """Put the CRC and the checksum of a UDF descriptor right."""
        length = struct.unpack_from("<H", self.data, place + 10)[0]
        struct.pack_into("<H", self.data, place + 8, crc_hqx(bytes(self.data[place + 16 : place + 16 + length]), 0))
        self.data[place + 4] = (sum(self.data[place : place + 16]) - self.data[place + 4]) & 255

    def descriptor(self, tag: int) -> int:
        """Where the first UDF descriptor of a kind is."""
        for place in range(16 * SECTOR, len(self.data), SECTOR):
            if struct.unpack_from("<H", self.data, place)[0] == tag:
                return place
        raise AssertionError(f"no descriptor {tag}")

    def file_entry(self, file: str) -> int:
        """Where the UDF file entry of a file is."""
        start = struct.unpack_from("<I", self.data, self.descriptor(5) + 188)[0]
        wanted = struct.pack("<I", self.sectors[file][0] - start)
        for place in range(start * SECTOR, len(self.data), SECTOR):
            if struct.unpack_from("<H", self.data, place)[0] == 261 and self.data[place + 180 : place + 184] == wanted:
                return place
        raise AssertionError(f"no file entry of {file}")

    def iso_record(self, file: str) -> int:
        """Where the ISO 9660 directory record of a file is."""
        return self.data.index(f"{file};1".encode()) - 33
