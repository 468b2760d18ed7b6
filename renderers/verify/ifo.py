"""The records of an IFO: what its tables say, before anything of it is believed.

The fields are those of dvdnav.mplayerhq.hu/dvdinfo (ifo.html, ifo_vmg.html, ifo_vts.html, pgc.html).
"""

from collections.abc import Iterator
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class PlayedCell:
    """A cell as a program chain plays it."""

    category: int
    """First byte: angle block, seamless, interleaved, discontinuity."""
    still_seconds: int
    """255: until the viewer goes on."""
    command: int
    """Number of its cell command; 0: none."""
    time: bytes
    """Four bytes, BCD."""
    first: int
    last_vobu: int
    last: int
    """Sectors in the domain's VOBs."""
    vob: int = 0
    cell: int = 0
    """Its number in the VOB."""

    @property
    def is_other_angle(self) -> bool:
        """Whether it plays beside another cell, in whose time it is."""
        return self.category >> 6 in (2, 3)

    @property
    def is_interleaved(self) -> bool:
        """Whether its sectors have others' among them."""
        return bool(self.category & 0x04)


@dataclass(frozen=True, slots=True, kw_only=True)
class Chain:
    """A program chain."""

    number: int
    category: int
    """First byte of its entry: bit 7 an entry, then a menu's kind or a title's number."""
    time: bytes
    sounds: tuple[int, ...]
    """Stream numbers of those that are there."""
    subpictures: tuple[int, ...]
    """Four bytes each, as they stand, of those that are there."""
    next: int
    previous: int
    up: int
    programs: tuple[int, ...]
    """The first cell of each, from 1."""
    cells: tuple[PlayedCell, ...]
    pre: tuple[bytes, ...]
    post: tuple[bytes, ...]
    cell_commands: tuple[bytes, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class CellAddress:
    """An entry of a cell address table."""

    vob: int
    cell: int
    first: int
    last: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Domain:
    """One stretch of VOBs with its tables: the menus of the VMG or of a titleset, or a titleset's titles."""

    name: str
    """``titleset 1``, ``menus of titleset 1``, ``menus of the disc``."""
    titleset: int
    """0: the VMG."""
    is_menu: bool
    start: int
    """Sector of its VOBs, from its IFO's."""
    video: int
    """Two bytes of attributes."""
    sounds: tuple[bytes, ...]
    """Eight bytes of attributes each."""
    subpictures: tuple[bytes, ...]
    """Six bytes of attributes each."""
    languages: tuple[tuple[str, int, tuple[Chain, ...]], ...]
    """Of menus: each language, the menus it says it has, its chains. Titles have one without a name."""
    addresses: tuple[CellAddress, ...]
    map: tuple[int, ...]
    """First sector of each VOBU, as the address map says."""

    @property
    def chains(self) -> Iterator[Chain]:
        """Every program chain."""
        return (chain for _, _, chains in self.languages for chain in chains)

    @property
    def lines(self) -> int:
        """525 or 625."""
        return 625 if self.video >> 12 & 3 else 525

    @property
    def is_wide(self) -> bool:
        """Whether the picture is 16:9."""
        return self.video >> 10 & 3 == 3


@dataclass(frozen=True, slots=True, kw_only=True)
class TitleEntry:
    """A title as VIDEO_TS.IFO lists it."""

    angles: int
    chapters: int
    titleset: int
    number: int
    """In its titleset."""
    sector: int
    """Of its titleset, from VIDEO_TS.IFO."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Ifo:
    """A whole IFO."""

    titleset: int
    """0: VIDEO_TS.IFO."""
    last_sector: int
    """Of its titleset (or the VMG), its BUP included."""
    last_ifo_sector: int
    attributes: bytes
    """As VIDEO_TS.IFO copies them: 0x300 bytes from 0x100."""
    menus: Domain | None
    titles: Domain | None
    """None for VIDEO_TS.IFO."""
    first_play: Chain | None
    title_entries: tuple[TitleEntry, ...]
    titleset_count: int
    copied_attributes: tuple[bytes, ...]
    chapters: tuple[tuple[tuple[int, int], ...], ...]
    """Of each title in the titleset: program chain and program of each chapter."""
    time_maps: tuple[tuple[int, tuple[int, ...]], ...]
    """Of each program chain: seconds an entry, and the entries."""
    has_time_maps: bool
    """Whether it names a table of them, broken or not."""
