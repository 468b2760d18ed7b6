"""Reads ``disc.toml``: every value in its final form, every complaint with file, line, key and the way out."""

import os
from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path

from crowdcut.contract.disc_values import label_from
from crowdcut.contract.hung import origins
from crowdcut.contract.reading import TOP, Entries, Entry, Reading, Spot, values_of
from crowdcut.contract.tables import Node, beside, quoted, table_from
from crowdcut.contract.values import file_safe
from crowdcut.disc.disc import CAPACITIES, Disc, DiscTitle, MenuWish, disc_profiles, standard_of
from crowdcut.disc.standards import STANDARDS
from crowdcut.findings import Finding
from crowdcut.profiles import packaged
from crowdcut.vocabulary.disc_tables import DISC, EXTRA, MENU

MOST_TITLES = 99
"""Titles of a disc, and titlesets, of which each title is one (Inside DVD-Video, "Limits")."""
_USUAL = "disc"
"""What the file of a disc that has a folder to itself is called."""
_INSIDE = Spot(around=(DISC,))


def _rate_of(root: Node) -> Fraction:
    """Frames a second for a menu's times in frames: the disc's; a wrong profile is complained of when the top is read.

    Of a profile of the episodes' own they are counted at 24.
    """
    node = root.value.get("profile")
    standard = standard_of(node.value, {}) if node is not None and isinstance(node.value, str) else None
    return STANDARDS[standard].rate if standard is not None else Fraction(24)


def _no_episode(file: Path) -> str | None:
    """What a file is instead of an episode's manifest; None for one that may be an episode."""
    root, _ = table_from(file)
    if root is None or "extends" in root.value or isinstance(root.value.get("scene", root).value, tuple):
        return None  # what keeps it from being TOML is told when it is read as an episode
    if "episodes" in root.value:
        return "a disc's file"
    if "contribution" in root.value or "contributor" in root.value:
        return "a library's list"
    return "no episode: it has no [[scene]]"


def _title(reading: Reading, node: Node, key: str, path: str, seen: dict[str, DiscTitle]) -> Path | None:
    """The manifest that ``path`` names; None where it is none, or is on the disc already."""
    file, where = beside(node, path), node.where(key)
    if not os.path.isfile(file):  # Path.is_file raises for names that are too long
        found, way_out = f"there is no file {quoted(path)}", "The path is relative to the file it is written in."
        if os.path.isdir(file):
            found, way_out = f"{quoted(path)} is a folder", "Name the manifest in it."
            if os.path.isfile(os.path.join(file, "episode.toml")):
                way_out = f"Write {quoted(path.rstrip('/') + '/episode.toml')}."
        reading.complain("missing-file", where, found, way_out)
        return None
    first = seen.get(os.path.realpath(file))
    if first is not None:
        found = f"{quoted(path)} is on the disc already: it stands at {first.where}"
        reading.complain("listed-twice", where, found, "Leave one of the two away.")
        return None
    if (instead := _no_episode(file)) is not None:
        reading.complain("no-episode", where, f"{quoted(path)} is {instead}", "Name an episode's manifest.")
        return None
    return file.absolute()


def _titles(reading: Reading, root: Node, entries: Entries) -> Iterator[DiscTitle]:
    """The films of the disc, in its order."""
    seen: dict[str, DiscTitle] = {}

    def title(node: Node, key: str, path: str, *, name: str | None = None, is_extra: bool = False) -> DiscTitle | None:
        file = _title(reading, node, key, path, seen)
        if file is None:
            return None
        made = DiscTitle(episode=file, name=name, is_extra=is_extra, where=node.where(key))
        return seen.setdefault(os.path.realpath(file), made)

    listed = entries.get("episodes")
    for node, path in zip(listed.node.value, listed.value, strict=True) if listed is not None else ():
        if (made := title(node, "episodes", path)) is not None:
            yield made
    for table in reading.tables_of(root, "extra"):
        values = reading.entries_of(table, EXTRA, _INSIDE)
        if (entry := values.get("episode")) is not None:
            name = values_of(values).get("title")
            if (made := title(entry.node, "episode", entry.value, name=name, is_extra=True)) is not None:
                yield made


def _listed(root: Node) -> int:
    """How many films the file names, whatever becomes of them."""
    lists = (root.value.get(key) for key in ("episodes", "extra"))
    return sum(len(one.value) for one in lists if one is not None and isinstance(one.value, tuple))


def _menu(reading: Reading, root: Node) -> MenuWish:
    node = reading.table_of(root, "menu")
    if node is None:
        return MenuWish()
    entries = reading.entries_of(node, MENU, _INSIDE)
    if "in" in entries and "background" not in node.value:
        way_out = "Name the clip with background, or leave in away."
        reading.complain("unfitting-key", entries["in"].node.where("in"), "there is no background to begin in", way_out)
    values = values_of(entries)
    return MenuWish(
        background=values.get("background"),
        start=values.get("in"),
        length=values.get("for"),
        music=values.get("music"),
        chapters=values.get("chapters", True),
        origin=origins(node, entries, _INSIDE),
    )


def _check_profile(reading: Reading, entry: Entry | None) -> None:
    """Complain of a profile of films. One that nobody knows here may be the episodes' own."""
    if entry is not None and entry.value in packaged() and entry.value not in disc_profiles():
        found = f"the profile {quoted(entry.value)} is no disc's"
        way_out = f"Write {' or '.join(disc_profiles())}, or a profile of the episodes that extends one of them."
        reading.complain("no-disc-profile", entry.node.where("profile"), found, way_out)


def _label(reading: Reading, root: Node, entries: Entries) -> str:
    """As it is written, or else made from the title."""
    if "label" in entries:
        return entries["label"].value
    title = entries.get("title")
    made = label_from(title.value) if title is not None else ""
    if not made and title is not None and "label" not in root.value:
        found = f"no label can be made from {quoted(title.value)}, which has none of the letters that one may have"
        reading.complain("no-label", title.node.where("title"), found, 'Add label = "MY_DISC".')
    return made


def disc_from(file: Path) -> tuple[Disc | None, tuple[Finding, ...]]:
    """Read a disc's file. All findings at once; None when nothing can be made of it.

    Its episodes are not read: that each file is there, is listed once and has scenes is all that is checked of them.
    """
    file = file.absolute()
    root, findings = table_from(file)
    if root is None:
        return None, findings
    if "scene" in root.value and "episodes" not in root.value:
        way_out = "Build it with crowdcut build, or name it in the episodes of a disc's file."
        found = "this is an episode's manifest, no disc's"
        return None, (*findings, Finding(rule="no-disc", where=root.where(), found=found, way_out=way_out))
    reading = Reading(rate=_rate_of(root), findings=list(findings))
    entries = reading.entries_of(root, DISC)
    _check_profile(reading, entries.get("profile"))
    titles: tuple[DiscTitle, ...] = ()
    if (listed := _listed(root)) > MOST_TITLES:
        where = entries["episodes"].node.where("episodes") if "episodes" in entries else root.where()
        found = f"the disc names {listed} films, and a DVD has at most {MOST_TITLES} titles"
        reading.complain("too-many-titles", where, found, f"Part them over {-(-listed // MOST_TITLES)} discs.")
    else:
        titles = tuple(_titles(reading, root, entries))
    values = values_of(entries)
    disc = Disc(
        file=file,
        title=values.get("title", ""),
        slug=values.get("slug") or file_safe(file.parent.name if file.stem == _USUAL else file.stem),
        label=_label(reading, root, entries),
        profile=values.get("profile", ""),
        template=values.get("template"),
        titles=titles,
        menu=_menu(reading, root),
        language=values.get("language", "en"),
        regions=values.get("region", ()),
        capacity_bytes=CAPACITIES[values.get("capacity", "dvd-5")],
        store=beside(entries["store"].node, values["store"]) if "store" in entries else None,
        note=values.get("note"),
        origin=origins(root, entries, TOP),
    )
    once = dict.fromkeys(reading.findings)
    return disc, tuple(sorted(once, key=lambda finding: finding.where.line or 0))
