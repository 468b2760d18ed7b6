"""Takes navigation packs apart: PCI and DSI of every VOBU as arrays (dvdinfo, pci_pkt.html and dsi_pkt.html)."""

import hashlib
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from renderers.verify.packs import Numbers

_PCI, _DSI, _HIGHLIGHT = 0x2D, 0x407, 0x8D
HIGHLIGHT_BYTES = 0x2B6
_MOST_HIGHLIGHTS = 4096
"""Kinds of them that are kept of a domain."""
SEARCH_SPANS = (240, 120, 60, 20, 15, 14, 13, 12, 11, 10, 9, 8, 7, 6, 5, 4, 3, 2, 1)
"""Half seconds, from the farthest."""
_PCI_HEAD, _DSI_HEAD = (0, 0, 1, 0xBF, 0x03, 0xD4, 0), (0, 0, 1, 0xBF, 0x03, 0xFA, 1)


@dataclass(slots=True)
class Navigation:
    """The navigation packs of a stretch of VOBs, one number of each array a VOBU."""

    pack: Numbers
    """Where each lies, packs from the first."""
    is_formed: NDArray[np.bool_]
    """Whether PCI and DSI are where they must be."""
    pci_sector: Numbers
    dsi_sector: Numbers
    dsi_clock: Numbers
    """90 kHz, 32 bits."""
    start: Numbers
    """First picture shown, 90 kHz."""
    end: Numbers
    pci_elapsed: Numbers
    """Four bytes, BCD."""
    dsi_elapsed: Numbers
    last: Numbers
    """Last pack, from the navigation pack."""
    first_reference: Numbers
    """Last pack of the first reference picture, from the navigation pack."""
    vob: Numbers
    cell: Numbers
    interleaved: Numbers
    """Flags."""
    vob_start: Numbers
    search: Numbers
    """(VOBUs, 42)."""
    sound_sync: Numbers
    """(VOBUs, 8)."""
    shown_sync: Numbers
    """(VOBUs, 32)."""
    highlight: Numbers
    """Number of its highlight information; -1: none."""
    highlights: list[bytes] = field(default_factory=list)
    """What differs, each once; times left out."""

    def __len__(self) -> int:
        return len(self.pack)


def _u32(rows: NDArray[np.uint8], at: int, count: int = 1) -> Numbers:
    """Big-endian numbers of four bytes: (VOBUs,), or (VOBUs, count)."""
    words = np.ascontiguousarray(rows[:, at : at + 4 * count]).view(">u4").astype(np.int64)
    return words[:, 0] if count == 1 else words


def _u16(rows: NDArray[np.uint8], at: int, count: int = 1) -> Numbers:
    words = np.ascontiguousarray(rows[:, at : at + 2 * count]).view(">u2").astype(np.int64)
    return words[:, 0] if count == 1 else words


class Highlights:
    """Keeps each highlight information once, whatever its times."""

    def __init__(self) -> None:
        self.known: dict[bytes, int] = {}
        self.bytes: list[bytes] = []

    def number(self, row: NDArray[np.uint8]) -> int:
        """The number of a navigation pack's highlight information; -1: it has none of its own."""
        data = row[_HIGHLIGHT : _HIGHLIGHT + HIGHLIGHT_BYTES].tobytes()
        if data[1] & 3 not in (1, 3):
            return -1
        data = data[:2] + bytes(12) + data[14:]
        if len(self.bytes) == _MOST_HIGHLIGHTS:
            return -1
        key = hashlib.blake2b(data, digest_size=16).digest()
        if key not in self.known:
            self.known[key] = len(self.bytes)
            self.bytes.append(data)
        return self.known[key]


def navigation_from(rows: NDArray[np.uint8], packs: Numbers, highlights: Highlights) -> Navigation:
    """The navigation packs in ``rows``, (VOBUs, 2048) uint8, which lie at ``packs``."""
    formed = (rows[:, 0x26:0x2D] == _PCI_HEAD).all(axis=1) & (rows[:, 0x400:0x407] == _DSI_HEAD).all(axis=1)
    return Navigation(
        pack=packs,
        is_formed=formed,
        pci_sector=_u32(rows, _PCI),
        dsi_sector=_u32(rows, _DSI + 4),
        dsi_clock=_u32(rows, _DSI),
        start=_u32(rows, _PCI + 12),
        end=_u32(rows, _PCI + 16),
        pci_elapsed=_u32(rows, _PCI + 24),
        dsi_elapsed=_u32(rows, _DSI + 28),
        last=_u32(rows, _DSI + 8),
        first_reference=_u32(rows, _DSI + 12),
        vob=_u16(rows, _DSI + 24),
        cell=rows[:, _DSI + 27].astype(np.int64),
        interleaved=_u16(rows, _DSI + 0x20),
        vob_start=_u32(rows, _DSI + 0x2C),
        search=_u32(rows, _DSI + 0xEA, 42),
        sound_sync=_u16(rows, _DSI + 0x192, 8),
        shown_sync=_u32(rows, _DSI + 0x1A2, 32),
        highlight=np.array([highlights.number(row) for row in rows], np.int64),
        highlights=highlights.bytes,
    )


def joined_navigation(parts: list[Navigation], highlights: Highlights) -> Navigation:
    """Several blocks' navigation packs, one after the other."""
    names = [name for name in Navigation.__slots__ if name != "highlights"]
    arrays = {name: np.concatenate([getattr(part, name) for part in parts]) for name in names}
    return Navigation(**arrays, highlights=highlights.bytes)
