"""From the tables or rows of a library's lists to contributions, checked against the files and people there are."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

from crowdcut.contract.library_files import Files, climbs_out, normal_path
from crowdcut.contract.people import People
from crowdcut.contract.reading import Entries, Entry, Reading, values_of
from crowdcut.contract.tables import Node, printable, quoted, shown
from crowdcut.contributions import Contribution, Contributor, Library, ReadAs
from crowdcut.findings import Where
from crowdcut.vocabulary.library_tables import CONTRIBUTION, CONTRIBUTOR, READ_AS
from crowdcut.vocabulary.rows import CONTRIBUTION_ROW, CONTRIBUTOR_ROW


@dataclass(slots=True, kw_only=True)
class Shelves:
    """A library while it is read, folder after folder."""

    reading: Reading
    people: People
    contributions: dict[str, Contribution] = field(default_factory=dict)
    entries: dict[str, Entries] = field(default_factory=dict)
    """What was written, by contribution: people and ancestors are looked up when all folders are read."""
    files: dict[Path, Contribution] = field(default_factory=dict)
    """Who has which file."""
    paths: dict[str, list[str]] = field(default_factory=dict)
    """Contributions by path inside their folder."""
    complete: bool = True
    """Whether all lists could be read."""
    with_makers: set[str] = field(default_factory=set)
    """Contributions with a ``by``, right or wrong."""

    def add_contributor(self, node: Node) -> None:
        """Read one ``[[contributor]]``, or a row of ``contributors.csv``."""
        table = CONTRIBUTOR_ROW if node.source.in_rows else CONTRIBUTOR
        entries = self.reading.entries_of(node, table)
        fallback = entries["name"].value if node.source.in_rows and "name" in entries else None
        if (name := self._new_id(node, entries, self.people.listed, fallback)) is not None:
            credited = entries["name"].value if "name" in entries else name
            self.people.add(Contributor(id=name, name=credited, where=node.where()), node)

    def add_contribution(self, node: Node, files: Files) -> None:
        """Read one ``[[contribution]]``, or a row of ``contributions.csv``, but for its people and ancestors."""
        table = CONTRIBUTION_ROW if node.source.in_rows else CONTRIBUTION
        entries = self.reading.entries_of(node, table)
        file = self._file(entries["file"], files) if "file" in entries else None
        fallback = normal_path(entries["file"].value) if node.source.in_rows and "file" in entries else None
        if not {"id", "file"} & node.value.keys() and node.source.in_rows:
            found, way_out = "the row has neither id nor file", "Give it one of the two."
            self.reading.complain("missing-key", node.where("id"), found, way_out)
        if (name := self._new_id(node, entries, self.contributions, fallback)) is None:
            return
        values = values_of(entries)
        contribution = Contribution(
            id=name,
            file=file,
            name=printable(values.get("file", name)),
            role=values.get("role"),
            title=values.get("title"),
            licence=values.get("licence"),
            read_as=replace(self._read_as(entries.get("read_as")), premultiplied=_premultiplied(values.get("alpha"))),
            bpm=values.get("bpm"),
            meter=values.get("meter"),
            first_bar=values.get("first_bar"),
            repair=values.get("repair"),
            note=values.get("note"),
            where=node.where(),
        )
        self.contributions[name] = contribution
        self.entries[name] = entries
        if "by" in node.value:
            self.with_makers.add(name)
        if file is not None:
            self._shelve(contribution, file, normal_path(values["file"]), entries["file"])

    def add_unlisted(self, files: Files) -> None:
        """Take in the files of a folder that no entry names."""
        for path, file in files.by_path.items():
            if file in self.files:
                continue
            name = path
            if name in self.contributions:
                name = f"{files.folder.name}/{path}"
            if name in self.contributions:
                name = file.as_posix()
            where = Where(file=shown(file))
            contribution = Contribution(id=name, file=file, name=printable(path), where=where)
            self.contributions[name] = self.files[file] = contribution
            self.paths.setdefault(path, []).append(name)

    def library(self) -> Library:
        """The library, with people and ancestors looked up."""
        names: dict[str, list[str]] = {}
        for path, ids in self.paths.items():
            names.setdefault(path.rsplit("/", 1)[-1], []).extend(ids)
        by_path, by_name = _frozen(self.paths), _frozen(names)
        self.people.complete = self.complete
        library = Library(
            contributors={},
            contributions=self.contributions,
            by_path=by_path,
            by_name=by_name,
            complete=self.complete,
        )
        for name, entries in self.entries.items():
            self.contributions[name] = replace(
                self.contributions[name],
                by=self.people.parts(entries["by"]) if "by" in entries else (),
                made_from=self._ancestors(entries["made_from"], library) if "made_from" in entries else (),
            )
        misspelt = frozenset(name for name in self.with_makers if not self.contributions[name].by)
        return replace(library, contributors=self.people.contributors, misspelt=misspelt)

    def _new_id(
        self, node: Node, entries: Entries, known: Mapping[str, Contributor | Contribution], fallback: str | None
    ) -> str | None:
        """The id that a table gives, else ``fallback``; None where there is neither or, with a finding, it is taken."""
        entry = entries.get("id")
        name = entry.value if entry is not None else fallback
        if name is not None and (first := known.get(name)) is not None:
            where = (node if entry is None else entry.node).where("id")
            found = f"the id {quoted(name)} stands at {first.where} already"
            self.reading.complain("duplicate-id", where, found, "Give one of the two another id.")
            return None
        return name

    def _file(self, entry: Entry, files: Files) -> Path | None:
        """The absolute path that an entry means; where no such file is, the path at which it is missed."""
        where, path = entry.node.where("file"), normal_path(entry.value)
        if climbs_out(entry.value):
            found = f"{quoted(entry.value)} leads out of the library"
            self.reading.complain("outside-library", where, found, "Put the file, or a link to it, into the library.")
            return None
        if path in files.by_path:
            return files.by_path[path]
        other, found = files.differing_in_capitals(path), f"there is no file {quoted(entry.value)}"
        if other is not None:
            found += f", but {quoted(other)} in other capitals"
            self.reading.complain("other-capitals", where, found, f"Write file = {quoted(other)}.")
            return files.by_path[other]
        way_out = self.reading.suggestion(
            path, files.by_path, f"Put it into {files.folder.name}, or take the entry away."
        )
        self.reading.complain("missing-file", where, found, printable(way_out))
        return files.folder / path

    def _shelve(self, contribution: Contribution, file: Path, path: str, entry: Entry) -> None:
        if (first := self.files.get(file)) is not None:
            found = f"{quoted(contribution.name)} is the file of {quoted(first.id)} ({first.where}) already"
            self.reading.complain("file-listed-twice", entry.node.where("file"), found, "Leave one of the two away.")
            return
        self.files[file] = contribution
        self.paths.setdefault(path, []).append(contribution.id)

    def _read_as(self, entry: Entry | None) -> ReadAs:
        if entry is None:
            return ReadAs()
        told = values_of(self.reading.entries_of(entry.value, READ_AS))
        return ReadAs(**{key: value for key, value in told.items() if key != "note"})

    def _ancestors(self, entry: Entry, library: Library) -> tuple[str, ...]:
        """Ids of what it was made from; what nobody gave is complained of and left out."""
        ancestors: list[str] = []
        for item, node in zip(entry.value, entry.node.value, strict=True):
            ids = library.named(item)
            if len(ids) == 1:
                ancestors.append(ids[0])
                continue
            where = node.where("made_from")
            if not ids and not self.complete:
                continue
            if ids:
                found = f"{quoted(item)} may be {' or '.join(map(quoted, ids))}"
                self.reading.complain("ambiguous-file", where, found, "Write an id, or the path with its folders.")
            else:
                otherwise = "Add a row with this id." if node.source.in_rows else "Add a [[contribution]] with this id."
                way_out = self.reading.suggestion(item, library.contributions, otherwise)
                self.reading.complain("unknown-contribution", where, f"{quoted(item)} is no contribution", way_out)
        return tuple(ancestors)


def _premultiplied(word: str | None) -> bool | None:
    return None if word is None else word == "premultiplied"


def _frozen(lists: Mapping[str, list[str]]) -> dict[str, tuple[str, ...]]:
    return {key: tuple(items) for key, items in lists.items()}
