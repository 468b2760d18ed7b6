"""One manifest while it is read: what its words refer to (clips, styles, ids, contributions) and what has been used."""

from dataclasses import dataclass, field

from crowdcut.contract.reading import Entries, Entry, Reading, Spot
from crowdcut.contract.tables import Node, printable, quoted
from crowdcut.contributions import Contribution, Library
from crowdcut.findings import Where
from crowdcut.vocabulary.episode_tables import EPISODE
from crowdcut.vocabulary.shot_tables import CLIP

_GLOB = frozenset("*?[")


@dataclass(frozen=True, slots=True, kw_only=True)
class Clip:
    """A named piece of a contribution."""

    contribution: str | None
    """Its id; None where the clip's own ``use`` names nothing."""
    entries: Entries


@dataclass(slots=True, kw_only=True)
class Cutting:
    """The desk on which a manifest is read."""

    reading: Reading
    library: Library
    clips: dict[str, Clip] = field(default_factory=dict)
    styles: dict[str, Entries] = field(default_factory=dict)
    ids: dict[str, Where] = field(default_factory=dict)
    """Where each scene's and shot's id was given."""
    used: dict[str, Where] = field(default_factory=dict)
    """Where each contribution of the cut is used first."""
    names: dict[str, object] = field(default_factory=dict)
    """All that a ``use`` may say, once somebody has said something else."""
    small: dict[str, str] = field(default_factory=dict)
    """The first of these by its small letters."""

    def add_clip(self, name: str, node: Node) -> None:
        """Read one ``[clip.x]``."""
        entries = self.reading.entries_of(node, CLIP, Spot(around=(EPISODE,)))
        self.check_ends(entries, Spot())
        listed = self.library.contributions.get(name)
        if listed is not None and listed.listed:
            found = f"[clip.{printable(name)}] has the id of a contribution ({listed.where})"
            self.reading.complain("duplicate-id", node.where(), found, "Give the clip another name.")
        contribution = self.contribution_of(entries["use"], Spot()) if "use" in entries else None
        values = {key: entry for key, entry in entries.items() if key != "use"}
        self.clips[name] = Clip(contribution=contribution, entries=values)

    def check_style(self, entries: Entries, spot: Spot) -> None:
        """Complain of a style that is not there, and forget it."""
        entry = entries.get("style")
        if entry is not None and entry.value not in self.styles:
            way_out = self.reading.suggestion(entry.value, self.styles, "Add a table [style.x] of that name.")
            found = f"there is no style {quoted(entry.value)}"
            self.reading.complain("unknown-style", spot.of(entry.node, "style"), found, way_out)
            del entries["style"]

    def check_ends(self, entries: Entries, spot: Spot, *, loops: bool = False) -> None:
        """Complain of two ends in one table, and of an end that is not after its beginning."""
        start, end = entries.get("in"), entries.get("out")
        if end is not None and "for" in entries and not loops:
            way_out = "Leave one of the two away."
            self.reading.complain(
                "out-and-for", spot.of(entries["for"].node, "for"), "out and for say the same", way_out
            )
        if end is not None and end.value <= (start.value if start is not None else 0):
            found = "it ends before it has begun" if start is not None else "it ends where it begins"
            self.reading.complain("in-after-out", spot.of(end.node, "out"), found, "Have out come after in.")
        held = entries.get("freeze")
        if held is not None and held.value is not None:
            for key in ("speed", "reverse"):
                if key in entries:
                    found = f"one picture that is held has no {key}"
                    self.reading.complain("unfitting-key", spot.of(entries[key].node, key), found, f"Leave {key} away.")

    def name(self, entry: Entry | None, spot: Spot) -> str | None:
        """The id that a scene or shot was given, unless another has it."""
        if entry is None:
            return None
        self.take_id(entry.value, spot.of(entry.node, "id"))
        return entry.value

    def take_id(self, name: str, where: Where) -> None:
        """Note an id, given or counted; complain where another has it."""
        if (first := self.ids.setdefault(name, where)) is not where:
            found = f"the id {quoted(name)} stands at {first} already"
            self.reading.complain("duplicate-id", where, found, "Give one of the two another id.")

    def contribution_named(self, entry: Entry, spot: Spot) -> str | None:
        """The id of the contribution that a name stands for, itself or as a clip of it; it is not used by that."""
        clip = self.clips.get(entry.value)
        return clip.contribution if clip is not None else self.contribution_of(entry, spot)

    def piece_of(self, entry: Entry, spot: Spot) -> Clip | None:
        """What ``use`` shows: a clip, or the whole of a contribution. None where there is no such thing."""
        clip = self.clips.get(entry.value)
        contribution = clip.contribution if clip is not None else self.contribution_of(entry, spot)
        if contribution is None:
            return None
        self.used.setdefault(contribution, spot.of(entry.node, "use"))
        return Clip(contribution=contribution, entries=clip.entries if clip is not None else {})

    def contribution_of(self, entry: Entry, spot: Spot, *, key: str = "use") -> str | None:
        """The id of the contribution that ``use``, or another ``key``, names."""
        where, ids = spot.of(entry.node, key), self.library.named(entry.value)
        if len(ids) > 1:
            found = f"{quoted(entry.value)} may be {' or '.join(quoted(name) for name in ids)}"
            self.reading.complain("ambiguous-file", where, found, "Write an id, or the path with its folders.")
            return None
        if not ids:
            if self.library.complete:
                self._unknown(entry.value, where)
            return None
        if self.library.contributions[ids[0]].file is None:
            found = f"{quoted(ids[0])} has no file to be shown or heard"
            self.reading.complain("no-file", where, found, "Use what was made from it, or add its file to the library.")
            return None
        return ids[0]

    def _unknown(self, use: str, where: Where) -> None:
        found = f"{quoted(use)} is neither a contribution nor a file of the library"
        if _GLOB & set(use):
            way_out = 'Say how long each of its files is shown: each = "2f".'
            self.reading.complain("no-each", where, f"{quoted(use)} stands for several files", way_out)
            return
        if not self.names:
            # The clips come before all that may use them.
            self.names = {**self.clips, **self.library.contributions, **self.library.by_path, **self.library.by_name}
            self.small = {name.casefold(): name for name in reversed(self.names)}
        capitals = self.small.get(use.casefold())
        if capitals is not None:
            found = f"there is no {quoted(use)}, but {quoted(capitals)} in other capitals"
            self.reading.complain("other-capitals", where, found, f"Write use = {quoted(capitals)}.")
            return
        way_out = self.reading.suggestion(
            use, self.names, "Put the file into the library, or add a [[contribution]] with this id."
        )
        self.reading.complain("unknown-contribution", where, found, way_out)


def is_glob(cutting: Cutting, use: str) -> bool:
    """Whether ``use`` stands for whatever files are called like it; a name that somebody gave stands for itself."""
    return bool(_GLOB & set(use)) and use not in cutting.clips and not cutting.library.named(use)


def _heirs(cutting: Cutting) -> dict[str, str]:
    """What is in the cut, itself or in what was made from it, with the first that it is used in."""
    heirs: dict[str, str] = {}
    for used in cutting.used:
        pending = [used]
        while pending:
            current = pending.pop()
            if current not in heirs:
                heirs[current] = used
                pending.extend(cutting.library.contributions[current].made_from)
    return heirs


def check_credits(cutting: Cutting) -> None:
    """Complain, once each and in library order, of what nobody can be credited for: used, or an ancestor of it."""
    if not cutting.library.complete:
        return
    heirs = _heirs(cutting)
    for contribution in cutting.library.contributions.values():
        heir = heirs.get(contribution.id)
        if heir is not None and not contribution.by and contribution.id not in cutting.library.misspelt:
            _uncredited(cutting, contribution, heir)


def _uncredited(cutting: Cutting, contribution: Contribution, heir: str) -> None:
    where = contribution.where if contribution.listed else cutting.used[heir]
    found = f"nobody is credited for {quoted(contribution.name)}"
    if heir != contribution.id and contribution.id not in cutting.used:
        found += f", from which {quoted(heir)} was made"
    way_out = "Add by to its entry." if contribution.listed else "List it among the contributions, with by."
    cutting.reading.complain("uncredited", where, found, way_out)
