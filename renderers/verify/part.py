"""A domain under judgement: its tables, what was read of its VOBs, and how to name a place in it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from fractions import Fraction

import numpy as np
from numpy.typing import NDArray

from renderers.verify.ifo import Domain
from renderers.verify.judge import Judge, Place
from renderers.verify.packs import Numbers
from renderers.verify.scanning import Scan

STAMPS = 90_000
"""Ticks a second of stamps."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """What every check of a domain's VOBs is given."""

    domain: Domain
    scan: Scan
    judge: Judge
    files: tuple[tuple[str, int], ...]
    """Its VOB files, each with how many sectors it has."""
    names: Mapping[tuple[int, int], str] = field(default_factory=dict)
    """What a person calls each cell (its VOB and number): ``title 1, chapter 2``."""
    vobu: NDArray[np.int32] = field(init=False)
    """Which VOBU each pack is of."""

    def __post_init__(self) -> None:
        counts = np.diff(np.append(self.scan.navigation.pack, len(self.scan.packs)))
        index = np.repeat(np.arange(len(counts), dtype=np.int32), counts)
        before = np.zeros(len(self.scan.packs) - len(index), np.int32)
        object.__setattr__(self, "vobu", np.concatenate((before, index)))

    @property
    def field_ticks(self) -> int:
        """How long a field is shown, in ticks of 180 kHz."""
        return 3600 if self.domain.lines == 625 else 3003

    @property
    def vobs(self) -> Numbers:
        """The VOBs that are there."""
        return np.unique(self.scan.navigation.vob)

    def place(self, pack: int) -> Place:
        """The place of a pack."""
        sector, file = int(pack), ""
        for name, sectors in self.files:
            file = name
            if sector < sectors:
                break
            sector -= sectors
        navigation = self.scan.navigation
        if not len(navigation):
            return Place(file=f"VIDEO_TS/{file}", what=f"sector {pack}")
        vobu = int(self.vobu[pack])
        key = (int(navigation.vob[vobu]), int(navigation.cell[vobu]))
        since = int(navigation.start[vobu]) - int(navigation.vob_start[vobu])
        what = self.names.get(key) or f"{self.domain.name}, VOB {key[0]} cell {key[1]}"
        time = Fraction(since, STAMPS) if 0 <= since < 1 << 31 else None
        return Place(file=f"VIDEO_TS/{file}", what=f"{what}, sector {pack}", time=time)

    def say(self, rule: str, packs: Numbers, found: str, wanted: str = "") -> None:
        """The same thing at each of ``packs``; nothing where there are none."""
        if len(packs):
            self.judge.say(rule, found, self.place(int(packs[0])), wanted, times=len(packs))
