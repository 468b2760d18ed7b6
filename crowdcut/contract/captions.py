"""Subtitles that a manifest names: each file found beside it or in its library, and its cues read."""

import os
from dataclasses import replace
from pathlib import Path

from crowdcut.contract.cutting import Cutting
from crowdcut.contract.hung import origins
from crowdcut.contract.library_files import climbs_out, normal_path
from crowdcut.contract.reading import Entry, Spot, values_of
from crowdcut.contract.tables import Node, beside, quoted
from crowdcut.disc.caption_files import cues_from
from crowdcut.disc.languages import languages
from crowdcut.episode import Captions
from crowdcut.findings import Finding, Where, is_error
from crowdcut.timing import clock
from crowdcut.vocabulary.episode_tables import CAPTIONS, EPISODE

MOST_CAPTIONS = 32
"""Subpicture streams of a DVD title."""
_SPOT = Spot(around=(EPISODE,))


def _file_of(cutting: Cutting, entry: Entry) -> tuple[Path, str | None] | None:
    """The file, absolute, and its contribution's id if it is the library's; None where there is none."""
    path, node, complain = normal_path(entry.value), entry.node, cutting.reading.complain
    if climbs_out(path):
        found = f"{quoted(entry.value)} leads out of the folder of {node.source.shown}"
        complain("outside-folder", _SPOT.of(node, "file"), found, "Put the file, or a link to it, beside the manifest.")
        return None
    file = beside(node, path)
    if os.path.isfile(file):  # Path.is_file raises for names that are too long
        return file, None
    if cutting.library.named(entry.value):
        contribution = cutting.contribution_of(entry, _SPOT, key="file")
        file = cutting.library.contributions[contribution].file if contribution is not None else None
        return (file, contribution) if file is not None else None
    way_out = "The path is relative to the file it is written in, or to a folder of the library."
    found = f"there is no file {quoted(entry.value)} beside {node.source.shown}, nor in the library"
    complain("missing-file", _SPOT.of(node, "file"), found, way_out)
    return None


def _placed(finding: Finding, place: Where) -> Finding:
    """What keeps a film from being built stands where the manifest names the file, which has no lines to speak of."""
    time = "" if finding.where.time is None else f" at {clock(finding.where.time)}"
    return replace(finding, where=place, found=f"{finding.where.file}{time}: {finding.found}")


def _check_told_apart(cutting: Cutting, tracks: list[Captions]) -> None:
    """Complain of subtitles that nobody could choose between, and of more than a disc has room for."""
    seen: dict[tuple[str, str | None], Captions] = {}
    for track in tracks:
        where, first = track.origin["language"], seen.setdefault((track.language, track.name), track)
        if first is not track:
            found = f"these are in {languages()[track.language]}, as those at {first.origin['']} are"
            way_out = 'Give one of them a name, such as name = "for the deaf".'
            cutting.reading.complain("duplicate-captions", where, found, way_out)
    if len(tracks) > MOST_CAPTIONS:
        found = f"there are captions in {len(tracks)} languages, and a disc has room for {MOST_CAPTIONS}"
        where = tracks[MOST_CAPTIONS].origin[""]
        cutting.reading.complain("too-many-captions", where, found, "Leave some of them away.")


def captions_from(cutting: Cutting, root: Node) -> tuple[Captions, ...]:
    """The subtitles of an episode, in their order; what is wrong with them is complained of."""
    tracks: list[Captions] = []
    for table in cutting.reading.tables_of(root, "captions", _SPOT):
        entries = cutting.reading.entries_of(table, CAPTIONS, _SPOT)
        if "file" not in entries or "language" not in entries:
            continue
        found, values = _file_of(cutting, entries["file"]), values_of(entries)
        if found is None:
            continue
        file, contribution = found
        if contribution is not None:
            cutting.used.setdefault(contribution, _SPOT.of(entries["file"].node, "file"))
        cues, findings = cues_from(file, values["language"])
        place = _SPOT.of(entries["file"].node, "file")
        cutting.reading.findings.extend(_placed(one, place) if is_error(one) else one for one in findings)
        tracks.append(
            Captions(
                file=file,
                language=values["language"],
                name=values.get("name"),
                cues=cues,
                contribution=contribution,
                note=values.get("note"),
                origin=origins(table, entries, _SPOT),
            )
        )
    _check_told_apart(cutting, tracks)
    return tuple(tracks)
