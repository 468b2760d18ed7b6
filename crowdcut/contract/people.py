"""The people of a library: who is listed, who is met in a spreadsheet, and whom a ``by`` means."""

import re
import unicodedata
from dataclasses import dataclass, field

from crowdcut.contract.reading import Entry, Reading
from crowdcut.contract.tables import Node, quoted
from crowdcut.contributions import Contributor, Part
from crowdcut.findings import Where

_AS = re.compile(r"(.*?\S)\s++as\s++(.+)")


def _spaced(name: str) -> str:
    return " ".join(name.split())


def _loose(name: str) -> str:
    """A name without what people write now so, now so: capitals, spaces and forms of letters."""
    return _spaced(unicodedata.normalize("NFKC", name).casefold())


@dataclass(slots=True, kw_only=True)
class People:
    """Contributors while a library is read."""

    reading: Reading
    listed: dict[str, Contributor] = field(default_factory=dict)
    """By id: those with an entry of their own."""
    met: dict[str, Contributor] = field(default_factory=dict)
    """By name, which is their id too: those whom a spreadsheet names and nobody listed."""
    by_name: dict[str, list[str]] = field(default_factory=dict)
    """Ids by name as credited."""
    complete: bool = True
    """Whether all lists could be read."""
    alike: dict[str, Contributor] = field(default_factory=dict)
    """The first of each name and id, without what people write now so, now so."""

    @property
    def contributors(self) -> dict[str, Contributor]:
        """All of them, by id."""
        return {**self.listed, **self.met}

    def add(self, contributor: Contributor, node: Node) -> None:
        """Take in who has an entry."""
        name = _spaced(contributor.name)
        other = self.alike.get(_loose(name))
        if node.source.in_rows and other is not None and other.name != name and _loose(other.name) == _loose(name):
            found = f"{quoted(name)} differs from {quoted(other.name)} ({other.where}) in capitals or spaces alone"
            way_out = "Leave one of the two away, or write both names in one way."
            self.reading.complain("similar-names", node.where("name"), found, way_out, severity="warning")
        self.listed[contributor.id] = contributor
        self.by_name.setdefault(name, []).append(contributor.id)
        for word in (contributor.id, name):
            self.alike.setdefault(_loose(word), contributor)

    def parts(self, entry: Entry) -> tuple[Part, ...]:
        """Who made it; whoever cannot be told is complained of and left out."""
        found = (
            self._part_in_row(item, node) if node.source.in_rows else self._part(item, node)
            for item, node in zip(entry.value, entry.node.value, strict=True)
        )
        return tuple(dict.fromkeys(part for part in found if part is not None))

    def _part(self, item: str, node: Node) -> Part | None:
        """A listed person, by id: all that TOML takes."""
        found = None if item in self.listed else _AS.fullmatch(item)
        part = Part(contributor=found[1], role=found[2]) if found else Part(contributor=item)
        if part.contributor in self.listed:
            return part
        if not self.complete:
            return None
        way_out = self.reading.suggestion(part.contributor, self.listed, "Add a [[contributor]] with this id.")
        message = f"{quoted(part.contributor)} is no contributor's id"
        self.reading.complain("unknown-contributor", node.where("by"), message, way_out)
        return None

    def _part_in_row(self, item: str, node: Node) -> Part | None:
        """A person by id, else by name; whoever has neither is met here for the first time."""
        name, role = _spaced(item), None
        ids = self._ids(name)
        if not ids and (found := _AS.fullmatch(name)):
            name, role = found[1], found[2]
            ids = self._ids(name)
        if len(ids) > 1:
            found = f"{quoted(name)} may be {' or '.join(map(quoted, ids))}"
            self.reading.complain("ambiguous-name", node.where("by"), found, "Write one of these ids.")
            return None
        person = ids[0] if ids else self._alike_or_new(name, node.where("by"))
        return Part(contributor=person, role=role) if person is not None else None

    def _ids(self, name: str) -> list[str]:
        if name in self.listed or name in self.met:
            return [name]
        return self.by_name.get(name, [])

    def _alike_or_new(self, name: str, where: Where) -> str | None:
        other = self.alike.get(_loose(name))
        if other is not None:
            meant = other.id if _loose(other.id) == _loose(name) else other.name
            found = f"{quoted(name)} is taken for {quoted(meant)} ({other.where}): capitals or spaces alone differ"
            way_out = "Write it in one way; if they are two people, list both with an id in contributors.csv."
            self.reading.complain("similar-names", where, found, way_out, severity="warning")
            return other.id
        if "," in name:
            found = f"{quoted(name)} has a comma and is nobody's name in the list of contributors"
            way_out = 'Part several people by ";"; list one person whose name has a comma in contributors.csv.'
            self.reading.complain("comma-in-name", where, found, way_out)
            return None
        self.met[name] = self.alike[_loose(name)] = Contributor(id=name, name=name, where=where)
        return name
