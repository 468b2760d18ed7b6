"""Reads library folders: listings and the files beside them become the records of ``contributions``."""

from fractions import Fraction
from pathlib import Path

from crowdcut import vocabulary
from crowdcut.contract.library_entries import Shelves
from crowdcut.contract.library_files import Files, files_in, is_listing
from crowdcut.contract.reading import Reading
from crowdcut.contract.tables import printable, quoted, shown, table_from
from crowdcut.contributions import Contribution, Contributor, Library, Part, ReadAs
from crowdcut.findings import Finding, Where

__all__ = ["Contribution", "Contributor", "Library", "Part", "ReadAs", "library_from"]

LISTING = "contributions.toml"
_SPREADSHEETS = (".csv", ".tsv", ".xlsx", ".xls", ".ods")


def _read_folder(shelves: Shelves, folder: Path) -> Files:
    """Take in what a folder's list says; the folder's files."""
    files = files_in(folder)
    for sentence in files.skipped:
        where, way_out = Where(file=shown(folder)), "Rename it, or take it out of the library."
        shelves.reading.complain("unreadable-file", where, sentence, way_out, severity="warning")
    for name in _listings(folder):
        _read_listing(shelves, folder / name, files)
    return files


def _listings(folder: Path) -> list[str]:
    try:
        return sorted(path.name for path in folder.iterdir() if is_listing(path.name))
    except OSError:  # files_in has said that the folder cannot be read
        return []


def _read_listing(shelves: Shelves, file: Path, files: Files) -> None:
    reading, where = shelves.reading, Where(file=shown(file), line=1)
    if file.name != LISTING:
        if file.name.casefold() == LISTING:
            way_out = f"Rename it to {LISTING}."
            reading.complain("other-capitals", where, f"it is called {quoted(file.name)}", way_out)
        elif file.suffix.casefold() in _SPREADSHEETS:
            way_out = f"Write the contributions into {LISTING}; a later version reads spreadsheets."
            reading.complain("later", where, "a spreadsheet of contributions is not read yet", way_out)
        return
    node, findings = table_from(file)
    reading.findings.extend(findings)
    if node is None:
        return
    reading.entries_of(node, vocabulary.LIBRARY)
    for table in reading.tables_of(node, "contributor"):
        shelves.add_contributor(table)
    for table in reading.tables_of(node, "contribution"):
        shelves.add_contribution(table, files)


def _cycle_from(library: Library, start: str) -> tuple[str, ...]:
    """The shortest way from a contribution back to itself, through what it was made from; empty where there is none."""
    ways: dict[str, tuple[str, ...]] = {start: (start,)}
    pending = [start]
    while pending:
        current = pending.pop(0)
        for ancestor in library.contributions[current].made_from:
            if ancestor == start:
                return ways[current]
            if ancestor not in ways:
                ways[ancestor] = (*ways[current], ancestor)
                pending.append(ancestor)
    return ()


def _refuse_cycles(shelves: Shelves, library: Library) -> None:
    seen: set[str] = set()
    for contribution in library.contributions.values():
        if contribution.id in seen or not contribution.made_from:
            continue
        cycle = _cycle_from(library, contribution.id)
        seen.update(cycle)
        if cycle:
            where = shelves.entries[contribution.id]["made_from"].node.where("made_from")
            found = f"it is made from itself: {printable(' < '.join((*cycle, contribution.id)))}"
            shelves.reading.complain("made-from-cycle", where, found, "Take one of these out of its made_from.")


def library_from(folders: tuple[Path, ...]) -> tuple[Library, tuple[Finding, ...]]:
    """Read ``contributions.toml`` of each folder and find the files that no entry names."""
    # A library holds no times, so the rate of its reading has no say.
    shelves = Shelves(reading=Reading(rate=Fraction(24)))
    absolute = dict.fromkeys(folder.absolute() for folder in folders)
    read = [_read_folder(shelves, folder) for folder in absolute]
    for files in read:
        shelves.add_unlisted(files)
    library = shelves.library()
    _refuse_cycles(shelves, library)
    return library, tuple(shelves.reading.findings)
