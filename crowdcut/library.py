"""The contributions of a production and who gave them."""

from dataclasses import dataclass, field
from pathlib import Path

from crowdcut.findings import Finding, Where


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
    """Where a file lies about itself."""

    rotation: int | None = None
    """Degrees clockwise."""


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
    note: str | None = None
    where: Where = field(default_factory=Where)


@dataclass(frozen=True, slots=True, kw_only=True)
class Library:
    """All contributions, by id. A file without an entry has its file name (with folders) as id."""

    contributors: dict[str, Contributor]
    contributions: dict[str, Contribution]

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


def library_from(folders: tuple[Path, ...]) -> tuple[Library, tuple[Finding, ...]]:
    """Read ``contributions.toml`` of each folder and find the files that no entry names."""
    raise NotImplementedError
