"""The records of a library: who gave what, in which part, from which file."""

from dataclasses import dataclass, field
from fractions import Fraction
from pathlib import Path
from typing import Literal

from crowdcut.contract.library_files import normal_path
from crowdcut.episode import Repairs
from crowdcut.findings import Where


@dataclass(frozen=True, slots=True, kw_only=True)
class Contributor:
    """Somebody who gave something."""

    id: str
    name: str
    """As credited; any script."""
    where: Where = field(default_factory=Where)


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """One person's part in a contribution."""

    contributor: str
    """A contributor's id."""
    role: str | None = None
    """From ``"x as role"``; None: the contribution's own role."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadAs:
    """What holds where a file lies about itself; None where it is to be believed."""

    rotation: int | None = None
    """Degrees clockwise."""
    premultiplied: bool | None = None
    """Whether colours are stored multiplied by their alpha; None where nobody says."""
    mirror: bool | None = None
    """Whether the stored picture is flipped left to right, before it is turned."""
    sar: Fraction | None = None
    """Width of a stored pixel divided by its height."""
    rate: Fraction | None = None
    """Pictures a second, all equally long."""
    interlaced: Literal["tff", "bff", "progressive", "telecine"] | None = None
    matrix: str | None = None
    """A word of ``choices.MATRICES``; so are the next four of theirs."""
    primaries: str | None = None
    transfer: str | None = None
    range: str | None = None
    alpha: str | None = None
    start: Fraction | None = None
    """Seconds from the beginning of its sound to its first picture; may be negative."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Contribution:
    """One thing somebody gave."""

    id: str
    file: Path | None
    """Absolute; None for words or ideas that only live on in what was made from them."""
    name: str
    """The file as the library writes it, for messages."""
    by: tuple[Part, ...] = ()
    """Empty for a file without an entry: nobody can be credited for it."""
    role: str | None = None
    title: str | None = None
    licence: str | None = None
    made_from: tuple[str, ...] = ()
    """Ids of the contributions it was built on."""
    read_as: ReadAs = ReadAs()
    bpm: Fraction | None = None
    """Beats a minute of a song; None where nobody says, as for the two below."""
    meter: int | None = None
    """Beats in a bar."""
    first_bar: Fraction | None = None
    """Source time at which a bar begins, seconds."""
    repair: Repairs | None = None
    """What may be done to its sound, wherever that is used; None: nobody says."""
    note: str | None = None
    where: Where = field(default_factory=Where)

    @property
    def listed(self) -> bool:
        """Whether an entry of the library names it; else it is a file that nobody spoke for."""
        return self.where.line is not None


@dataclass(frozen=True, slots=True, kw_only=True)
class Library:
    """All contributions, by id. A file without an entry has its file name (with folders) as id."""

    contributors: dict[str, Contributor]
    contributions: dict[str, Contribution]
    by_path: dict[str, tuple[str, ...]] = field(default_factory=dict)
    """Ids of the contributions whose file has this path inside its folder (NFC, ``/`` between folders)."""
    by_name: dict[str, tuple[str, ...]] = field(default_factory=dict)
    """Ids of the contributions whose file has this name, in whatever folder."""
    complete: bool = True
    """Whether all its lists could be read; else nobody can say what it lacks."""
    misspelt: frozenset[str] = frozenset()
    """Ids of the contributions whose makers are written, and none of them could be told."""

    def named(self, use: str) -> tuple[str, ...]:
        """Ids of the contributions that ``use`` may mean: a given id wins, then a path, then a bare file name.

        Empty where there is none; several where the words do not decide.
        """
        contribution = self.contributions.get(use)
        if contribution is not None and contribution.listed:
            return (use,)
        path = normal_path(use)
        ids = self.by_path.get(path) or self.by_name.get(path)
        return ids or ((use,) if contribution is not None else ())

    def names_of(self, contribution_id: str) -> tuple[str, ...]:
        """The names of those who made a contribution, as credited and in its order; empty where nobody spoke for it."""
        return tuple(self.contributors[part.contributor].name for part in self.contributions[contribution_id].by)

    def ancestry(self, contribution_id: str) -> tuple[str, ...]:
        """The contribution and everything it was made from, all the way down, each once, nearest first."""
        seen: dict[str, None] = {}
        pending = [contribution_id]
        while pending:
            current = pending.pop(0)
            if current not in seen and current in self.contributions:
                seen[current] = None
                pending.extend(self.contributions[current].made_from)
        return tuple(seen)
