"""Reads library folders: their lists and the files beside these become the records of ``contributions``."""

from collections.abc import Iterator
from fractions import Fraction
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

from crowdcut.contract.library_entries import Shelves
from crowdcut.contract.library_files import Files, files_in, is_listing
from crowdcut.contract.people import People
from crowdcut.contract.reading import Reading
from crowdcut.contract.sheet_tables import SUFFIXES, rows_from
from crowdcut.contract.tables import printable, quoted, shown, table_from
from crowdcut.contributions import Contribution, Contributor, Library, Part, ReadAs
from crowdcut.findings import Finding, Where
from crowdcut.vocabulary.library_tables import LIBRARY
from crowdcut.vocabulary.rows import CONTRIBUTION_ROW, CONTRIBUTOR_ROW

__all__ = ["Contribution", "Contributor", "Library", "Part", "ReadAs", "library_from"]

LISTING = "contributions.toml"
_FOREIGN = (".xls", ".xlsb", ".numbers", ".gsheet")
"""Spreadsheets that nobody can read without the program that made them."""
_MOST_CYCLES, _MOST_NAMED = 20, 8
"""Circles that are complained of at once, and names that are told of each."""


def _read_folder(shelves: Shelves, folder: Path) -> Files:
    """Take in what a folder's lists say; the folder's files."""
    files = files_in(folder)
    for sentence in files.skipped:
        where, way_out = Where(file=shown(folder)), "Rename it, or take it out of the library."
        shelves.reading.complain("unreadable-file", where, sentence, way_out, severity="warning")
    names = _listings(folder)
    if (people := _one_list(shelves.reading, folder, "contributors", names)) is not None:
        _read_people(shelves, people)
    if (contributions := _one_list(shelves.reading, folder, "contributions", names)) is not None:
        _read_contributions(shelves, contributions, files)
    return files


def _listings(folder: Path) -> list[str]:
    try:
        return sorted(path.name for path in folder.iterdir() if is_listing(path.name) and not path.name.startswith("~"))
    except OSError:  # files_in has said that the folder cannot be read
        return []


def _one_list(reading: Reading, folder: Path, stem: str, names: list[str]) -> Path | None:
    """The folder's list of contributions or contributors: the first of those that there are, which should be one."""
    lists: list[Path] = []
    for file in (folder / name for name in names if name.casefold().startswith(f"{stem}.")):
        where, suffix = Where(file=shown(file), line=1), file.name.casefold().removeprefix(stem)
        if file.name.casefold() == LISTING and file.name != LISTING:
            found, way_out = f"it is called {quoted(file.name)}", f"Rename it to {LISTING}."
            reading.complain("other-capitals", where, found, way_out)
        elif file.name == LISTING or suffix in SUFFIXES:
            lists.append(file)
        elif suffix == ".toml":
            way_out = f"Write a [[contributor]] for each into {LISTING}."
            reading.complain("misplaced-list", where, "people have no TOML file of their own", way_out)
        elif suffix in _FOREIGN:
            way_out = f"Save it as {' or '.join(stem + one for one in SUFFIXES)}."
            reading.complain("unreadable-sheet", where, f"a {suffix} file cannot be read", way_out)
    lists.sort(key=lambda file: file.name != LISTING)
    if len(lists) > 1:
        found = f"the folder has {len(lists)} lists of {stem}: {', '.join(quoted(file.name) for file in lists)}"
        where, way_out = Where(file=shown(lists[1]), line=1), "Keep one of them, or put them into folders of their own."
        reading.complain("two-lists", where, found, way_out)
    return lists[0] if lists else None


def _read_people(shelves: Shelves, file: Path) -> None:
    node, findings = rows_from(file, CONTRIBUTOR_ROW)
    shelves.reading.findings.extend(findings)
    shelves.complete &= node is not None
    for row in node.value if node is not None else ():
        shelves.add_contributor(row)


def _read_contributions(shelves: Shelves, file: Path, files: Files) -> None:
    reading = shelves.reading
    if file.name != LISTING:
        node, findings = rows_from(file, CONTRIBUTION_ROW)
        reading.findings.extend(findings)
        shelves.complete &= node is not None
        for row in node.value if node is not None else ():
            shelves.add_contribution(row, files)
        return
    node, findings = table_from(file)
    reading.findings.extend(findings)
    shelves.complete &= node is not None
    if node is None:
        return
    reading.entries_of(node, LIBRARY)
    for table in reading.tables_of(node, "contributor"):
        shelves.add_contributor(table)
    for table in reading.tables_of(node, "contribution"):
        shelves.add_contribution(table, files)


def _cycles(library: Library) -> Iterator[list[str]]:
    """Contributions that are made from themselves: each from what is made of the next, the last of the first."""
    made_from = {one.id: one.made_from for one in library.contributions.values() if one.made_from}
    for _ in range(_MOST_CYCLES):
        try:
            TopologicalSorter(made_from).prepare()
        except CycleError as error:
            cycle: list[str] = error.args[1][:0:-1]
            yield cycle
            made_from = {name: ancestors for name, ancestors in made_from.items() if name not in cycle}
        else:
            return


def _refuse_cycles(shelves: Shelves, library: Library) -> None:
    places = {name: place for place, name in enumerate(library.contributions)}
    for cycle in _cycles(library):
        first = cycle.index(min(cycle, key=lambda name: places[name]))
        names = [*cycle[first:], *cycle[:first]]
        where = shelves.entries[names[0]]["made_from"].node.where("made_from")
        few = [*names[:_MOST_NAMED], "...", names[0]] if len(names) > _MOST_NAMED else [*names, names[0]]
        found = f"it is made from itself: {printable(' < '.join(few))}"
        shelves.reading.complain("made-from-cycle", where, found, "Take one of these out of its made_from.")


def library_from(folders: tuple[Path, ...]) -> tuple[Library, tuple[Finding, ...]]:
    """Read the lists of each folder and find the files that no entry names."""
    # A library holds no times, so the rate of its reading has no say.
    reading = Reading(rate=Fraction(24))
    shelves = Shelves(reading=reading, people=People(reading=reading))
    absolute = dict.fromkeys(folder.absolute() for folder in folders)
    read = [_read_folder(shelves, folder) for folder in absolute]
    for files in read:
        shelves.add_unlisted(files)
    library = shelves.library()
    _refuse_cycles(shelves, library)
    return library, tuple(reading.findings)
