"""Puts subpicture units together as their packs come, and reads what each would show (dvdinfo, spu.html)."""

from dataclasses import dataclass

import numpy as np

from crowdcut.disc.rules import UNIT_BYTES
from renderers.verify.reading import Broken, Fields

_DELAY_TICKS = 1024
_LENGTHS = {0x00: 1, 0x01: 1, 0x02: 1, 0x03: 3, 0x04: 3, 0x05: 7, 0x06: 5}
_END, _RECOLOUR = 0xFF, 0x07
_SEQUENCES = 256


@dataclass(frozen=True, slots=True, kw_only=True)
class Unit:
    """A unit as it was found."""

    stream: int
    """0 to 31."""
    pack: int
    """Where it begins, packs from the first."""
    due: int
    """90 kHz; -1: it is not stamped."""
    arrived: int
    """27 MHz clock of its last pack."""
    length: int
    """Bytes, as it says."""
    area: tuple[int, int, int, int] | None = None
    """Left, right, top, bottom line and column, as it says; None: it shows no picture."""
    shown: int = -1
    """When, 90 kHz; -1: never."""
    hidden: int = -1
    """When it is taken away; -1: never by itself."""
    wrong: str = ""
    """What keeps it from being read."""


@dataclass(slots=True)
class _Growing:
    """A unit that is not whole yet."""

    pack: int
    due: int
    data: bytearray


@dataclass(slots=True)
class _Shown:
    """What a unit's commands say."""

    area: tuple[int, int, int, int] | None = None
    fields: tuple[int, int] | None = None
    shown: int = -1
    hidden: int = -1


def _area(raw: bytes) -> tuple[int, int, int, int]:
    return (
        raw[0] << 4 | raw[1] >> 4,
        (raw[1] & 15) << 8 | raw[2],
        raw[3] << 4 | raw[4] >> 4,
        (raw[4] & 15) << 8 | raw[5],
    )


def _obey(unit: Fields, at: int, due: int, told: _Shown) -> None:
    """Follow one control sequence from its first command. Raises Broken."""
    while (command := unit.number(at, 1)) != _END:
        length = unit.number(at + 1, 2) + 1 if command == _RECOLOUR else _LENGTHS.get(command, 0)
        if not length:
            raise Broken(f"command {command:#04x}, which there is not")
        raw = unit.part(at, length)
        if command in (0x00, 0x01) and told.shown < 0:
            told.shown = due
        elif command == 0x02 and told.hidden < 0:
            told.hidden = due
        elif command == 0x05:
            told.area = _area(raw[1:])
        elif command == 0x06:
            told.fields = (int.from_bytes(raw[1:3], "big"), int.from_bytes(raw[3:5], "big"))
        at += length


def _check_lines(unit: bytes, at: int, until: int, width: int, lines: int) -> None:
    """Follow the runs of a field: each line must be filled exactly. Raises Broken.

    A run is the fewest of 4, 8, 12 or 16 bits that hold it: its length, then two bits of colour; a length of 0 fills
    the line.
    """
    data = np.frombuffer(unit[at:until] + bytes(2), np.uint8).astype(np.int64)
    nibbles = np.stack((data >> 4, data & 15), axis=1).ravel()
    four = nibbles[:-3] << 12 | nibbles[1:-2] << 8 | nibbles[2:-1] << 4 | nibbles[3:]
    sizes = np.select([four >= 0x4000, four >= 0x1000, four >= 0x0400], [1, 2, 3], 4)
    runs = (four >> (16 - 4 * sizes) >> 2).tolist()
    steps, most, here = sizes.tolist(), 2 * (until - at), 0
    for _ in range(lines):
        column = 0
        while column < width:
            if here >= most:
                raise Broken("its pixels run past their end")
            column += runs[here] or width - column
            here += steps[here]
        if column != width:
            raise Broken(f"a line of {column} pixels, where its picture is {width} wide")
        here += here & 1


def _read(data: bytes, due: int) -> _Shown:
    """All that a whole unit says. Raises Broken."""
    unit, told = Fields(data), _Shown()
    table = unit.number(2, 2)
    at, seen = table, set[int]()
    while at not in seen and len(seen) < _SEQUENCES:
        seen.add(at)
        _obey(unit, at + 4, due + unit.number(at, 2) * _DELAY_TICKS, told)
        at = unit.number(at + 2, 2)
    if told.area is not None:
        left, right, top, bottom = told.area
        if right < left or bottom < top or told.fields is None:
            raise Broken("a picture without an area or pixels")
        height = bottom + 1 - top
        for at, lines in zip(told.fields, ((height + 1) // 2, height // 2), strict=True):
            if not 4 <= at <= table:
                raise Broken("pixels that lie outside of it")
            _check_lines(data, at, table, right + 1 - left, lines)
    return told


class SubpictureScanner:
    """Takes subpicture packs as they come."""

    def __init__(self) -> None:
        self._growing: dict[int, _Growing] = {}
        self.units: list[Unit] = []

    def feed(self, stream: int, pack: int, clock: int, pts: int, data: bytes) -> None:
        """The payload of the next pack, without its sub-stream's number."""
        growing = self._growing.get(stream)
        if growing is not None and pts >= 0:
            self._end(stream, growing, clock, "it breaks off: another unit begins")
            growing = None
        if growing is None:
            growing = self._growing[stream] = _Growing(pack=pack, due=pts, data=bytearray())
        growing.data += data
        size = int.from_bytes(growing.data[:2], "big") if len(growing.data) >= 2 else 0
        if size and len(growing.data) >= size:
            self._end(stream, growing, clock, "" if len(growing.data) == size else "more bytes than it says")

    def _end(self, stream: int, growing: _Growing, clock: int, wrong: str) -> None:
        told = _Shown()
        length = int.from_bytes(growing.data[:2], "big")
        try:
            if not wrong and length <= UNIT_BYTES:
                told = _read(bytes(growing.data), growing.due)
        except Broken as broken:
            wrong = str(broken)
        if growing.due < 0 and not wrong:
            wrong = "no time stamp"
        self.units.append(
            Unit(
                stream=stream,
                pack=growing.pack,
                due=growing.due,
                arrived=clock,
                length=length,
                area=told.area,
                shown=told.shown,
                hidden=told.hidden,
                wrong=wrong,
            )
        )
        del self._growing[stream]

    def finish(self, clock: int) -> None:
        """No more packs come."""
        for stream, growing in list(self._growing.items()):
            self._end(stream, growing, clock, "it breaks off at the end")
