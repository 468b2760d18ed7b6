"""Takes IFO files apart into records, table by table; one that is broken costs no other.

The fields are those of dvdnav.mplayerhq.hu/dvdinfo (ifo.html, ifo_vmg.html, ifo_vts.html, pgc.html).
"""

from collections.abc import Callable
from itertools import pairwise
from typing import TypeVar

from crowdcut.disc.rules import SECTOR_BYTES
from renderers.verify.ifo import CellAddress, Chain, Domain, Ifo, PlayedCell, TitleEntry
from renderers.verify.reading import Broken, Fields

Table = TypeVar("Table")
Complain = Callable[[str, str], None]
"""Takes a rule and what was found."""

_MOST_CHAINS = 1000
_MOST_LANGUAGES = 32
_MOST_TITLES = 1000
_MOST_CHAPTERS = 2000
_MOST_ADDRESSES = 1 << 20
"""Of a table: what is read of a hostile one whose entries lie over each other."""


def _commands(fields: Fields, at: int, count: int) -> tuple[bytes, ...]:
    return tuple(fields.part(at + 8 * number, 8) for number in range(count))


def _played_cells(fields: Fields, count: int, playback: int, position: int) -> tuple[PlayedCell, ...]:
    cells = []
    for number in range(count):
        entry, place = Fields(fields.part(playback + 24 * number, 24)), position + 4 * number
        cells.append(
            PlayedCell(
                category=entry.number(0, 1),
                still_seconds=entry.number(2, 1),
                command=entry.number(3, 1),
                time=entry.part(4, 4),
                first=entry.number(8, 4),
                last_vobu=entry.number(16, 4),
                last=entry.number(20, 4),
                vob=fields.number(place, 2),
                cell=fields.number(place + 3, 1),
            )
        )
    return tuple(cells)


def chain_from(fields: Fields, number: int, category: int) -> Chain:
    """The program chain that ``fields`` begins with. Raises Broken."""
    programs, cells = fields.number(2, 1), fields.number(3, 1)
    commands, program_map, playback, position = (fields.number(at, 2) for at in (0xE4, 0xE6, 0xE8, 0xEA))
    pre = post = after = 0
    if commands:
        pre, post, after = (fields.number(commands + at, 2) for at in (0, 2, 4))
    controls = [fields.number(0x0C + 2 * stream, 2) for stream in range(8)]
    shown = [fields.number(0x1C + 4 * stream, 4) for stream in range(32)]
    at = commands + 8
    return Chain(
        number=number,
        category=category,
        time=fields.part(4, 4),
        sounds=tuple(control >> 8 & 7 for control in controls if control & 0x8000),
        subpictures=tuple(control for control in shown if control & 0x80000000),
        next=fields.number(0x9C, 2),
        previous=fields.number(0x9E, 2),
        up=fields.number(0xA0, 2),
        programs=tuple(fields.part(program_map, programs)),
        cells=_played_cells(fields, cells, playback, position),
        pre=_commands(fields, at, pre),
        post=_commands(fields, at + 8 * pre, post),
        cell_commands=_commands(fields, at + 8 * (pre + post), after),
    )


def _chains(table: Fields) -> tuple[Chain, ...]:
    """A table of program chains. Raises Broken."""
    count, end = table.number(0, 2), table.number(4, 4)
    if count > _MOST_CHAINS:
        raise Broken(f"{count} program chains")
    chains = []
    for number in range(count):
        category, at = table.number(8 + 8 * number, 1), table.number(12 + 8 * number, 4)
        chains.append(chain_from(Fields(table.part(at, end + 1 - at)), number + 1, category))
    return tuple(chains)


def _languages(table: Fields) -> tuple[tuple[str, int, tuple[Chain, ...]], ...]:
    """The menus' chains, language by language. Raises Broken."""
    count, end = table.number(0, 2), table.number(4, 4)
    units = []
    for number in range(min(count, _MOST_LANGUAGES)):
        entry = Fields(table.part(8 + 8 * number, 8))
        at = entry.number(4, 4)
        unit = Fields(table.part(at, end + 1 - at))
        units.append((entry.part(0, 2).decode("latin-1"), entry.number(3, 1), _chains(unit)))
    return tuple(units)


def _addresses(table: Fields) -> tuple[CellAddress, ...]:
    count = min((table.number(4, 4) + 1 - 8) // 12, _MOST_ADDRESSES)
    if count < 1:
        raise Broken("it has no entry")
    entries = (Fields(table.part(8 + 12 * number, 12)) for number in range(count))
    return tuple(
        CellAddress(vob=one.number(0, 2), cell=one.number(2, 1), first=one.number(4, 4), last=one.number(8, 4))
        for one in entries
    )


def _map(table: Fields) -> tuple[int, ...]:
    count = min((table.number(0, 4) + 1 - 4) // 4, _MOST_ADDRESSES)
    if count < 1:
        raise Broken("it has no entry")
    return tuple(table.number(4 + 4 * number, 4) for number in range(count))


def _chapters(table: Fields) -> tuple[tuple[tuple[int, int], ...], ...]:
    count, end = min(table.number(0, 2), _MOST_TITLES), table.number(4, 4) + 1
    starts = [*(table.number(8 + 4 * number, 4) for number in range(count)), end]
    titles = []
    for start, stop in pairwise(starts):
        part = Fields(table.part(start, min(stop - start, 4 * _MOST_CHAPTERS)))
        titles.append(tuple((part.number(at, 2), part.number(at + 2, 2)) for at in range(0, len(part.data) - 3, 4)))
    return tuple(titles)


def _time_maps(table: Fields) -> tuple[tuple[int, tuple[int, ...]], ...]:
    maps, left = [], _MOST_ADDRESSES
    for number in range(min(table.number(0, 2), _MOST_CHAINS)):
        at = table.number(8 + 4 * number, 4)
        count = min(table.number(at + 2, 2), left)
        left -= count
        entries = tuple(table.number(at + 4 + 4 * entry, 4) for entry in range(count))
        maps.append((table.number(at, 1), entries))
    return tuple(maps)


def _title_entries(table: Fields) -> tuple[TitleEntry, ...]:
    entries = (Fields(table.part(8 + 12 * number, 12)) for number in range(table.number(0, 2)))
    return tuple(
        TitleEntry(
            angles=one.number(1, 1),
            chapters=one.number(2, 2),
            titleset=one.number(6, 1),
            number=one.number(7, 1),
            sector=one.number(8, 4),
        )
        for one in entries
    )


def _copied(table: Fields) -> tuple[bytes, ...]:
    return tuple(table.part(table.number(8 + 4 * number, 4) + 8, 0x300) for number in range(table.number(0, 2)))


class _Reader:
    """Takes an IFO apart, and complains of each table that is broken."""

    def __init__(self, data: bytes, titleset: int, complain: Complain):
        self.fields, self.titleset, self.complain = Fields(data), titleset, complain

    def table(
        self, name: str, pointer: int, length_at: int, read: Callable[[Fields], Table], *, required: bool = True
    ) -> Table | None:
        """What a table holds whose sector stands at ``pointer``, and its end at ``length_at`` within it."""
        sector = self.fields.number(pointer, 4)
        if sector == 0:
            if required:
                self.complain("ifo-table", f"the table {name} is missing")
            return None
        try:
            start = sector * SECTOR_BYTES
            length = self.fields.number(start + length_at, 4) + 1
            return read(Fields(self.fields.part(start, length)))
        except Broken as broken:
            self.complain("ifo-table", f"the table {name} cannot be read: {broken}")
            return None

    def domain(self, *, is_menu: bool) -> Domain | None:
        """The menus or the titles."""
        fields, vts = self.fields, self.titleset
        start = fields.number(0xC4 if not is_menu else 0xC0, 4)
        at = 0x100 if is_menu else 0x200
        if is_menu:
            languages = self.table("PGCI_UT", 0xD0 if vts else 0xC8, 4, _languages, required=start != 0)
        else:
            chains = self.table("PGCI", 0xCC, 4, _chains)
            languages = None if chains is None else (("", 0, chains),)
        if languages is None and not start:
            return None
        sounds, shown = fields.number(at + 2, 2), fields.number(at + 0x54, 2)
        owner = f"titleset {vts}" if vts else "the disc"
        cells, vobus = (0xD8, 0xDC) if vts and is_menu else (0xE0, 0xE4) if vts else (0xD8, 0xDC)
        return Domain(
            name=f"menus of {owner}" if is_menu else owner,
            titleset=vts,
            is_menu=is_menu,
            start=start,
            video=fields.number(at, 2),
            sounds=tuple(fields.part(at + 4 + 8 * number, 8) for number in range(min(sounds, 8))),
            subpictures=tuple(fields.part(at + 0x56 + 6 * number, 6) for number in range(min(shown, 32))),
            languages=languages or (),
            addresses=self.table("C_ADT", cells, 4, _addresses, required=start != 0) or (),
            map=self.table("VOBU_ADMAP", vobus, 0, _map, required=start != 0) or (),
        )

    def first_play(self) -> Chain | None:
        """What plays when the disc is put in."""
        at = self.fields.number(0x84, 4)
        if self.titleset or not at:
            return None
        try:
            return chain_from(Fields(self.fields.data[at:]), 1, 0)
        except Broken as broken:
            self.complain("ifo-table", f"the first-play program chain cannot be read: {broken}")
            return None


def ifo_from(data: bytes, titleset: int, complain: Complain) -> Ifo:
    """The IFO in ``data``; ``titleset`` 0 is VIDEO_TS.IFO. Raises Broken where it is none."""
    reader = _Reader(data, titleset, complain)
    fields = reader.fields
    if fields.part(0, 12) != (b"DVDVIDEO-VTS" if titleset else b"DVDVIDEO-VMG"):
        raise Broken(f"it begins with {fields.part(0, 12)!r}")
    fields.part(0, SECTOR_BYTES)
    return Ifo(
        titleset=titleset,
        last_sector=fields.number(0x0C, 4),
        last_ifo_sector=fields.number(0x1C, 4),
        attributes=fields.part(0x100, 0x300),
        menus=reader.domain(is_menu=True),
        titles=reader.domain(is_menu=False) if titleset else None,
        first_play=reader.first_play(),
        title_entries=() if titleset else reader.table("TT_SRPT", 0xC4, 4, _title_entries) or (),
        titleset_count=0 if titleset else fields.number(0x3E, 2),
        copied_attributes=() if titleset else reader.table("VTS_ATRT", 0xD0, 4, _copied) or (),
        chapters=(reader.table("PTT_SRPT", 0xC8, 4, _chapters) or ()) if titleset else (),
        time_maps=(reader.table("TMAPT", 0xD4, 4, _time_maps, required=False) or ()) if titleset else (),
        has_time_maps=bool(titleset) and fields.number(0xD4, 4) != 0,
    )
