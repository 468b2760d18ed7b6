"""The producer's manifest, parsed and checked: every value in its final form, every time in seconds."""

import os
import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import replace
from fractions import Fraction
from pathlib import Path
from typing import Literal

from crowdcut.contract.captions import captions_from
from crowdcut.contract.cutting import Cutting, check_credits
from crowdcut.contract.extends import extended_table_from
from crowdcut.contract.hung import ducking, hung_on, origins
from crowdcut.contract.music import check_rhythm
from crowdcut.contract.reading import Entries, Reading, Spot, values_of
from crowdcut.contract.sequences import pictures_of
from crowdcut.contract.shot_sheets import with_listed_shots
from crowdcut.contract.shots import Levels, check_transitions, shared_from, shot_from
from crowdcut.contract.tables import Node, Source, beside, nodes_from, plain_from, printable, quoted
from crowdcut.contract.times import rate
from crowdcut.contract.values import Context, Misfit, file_safe
from crowdcut.contributions import Library
from crowdcut.episode import (
    Anchor,
    Captions,
    Credits,
    ExtraCredit,
    Into,
    Layer,
    LowerThird,
    Manifest,
    Place,
    Scene,
    Shot,
    Sound,
)
from crowdcut.findings import Finding, Where
from crowdcut.library import library_from
from crowdcut.profiles import check_own_profiles, packaged, unknown_profile
from crowdcut.sound.orders import Ducks
from crowdcut.vocabulary.episode_tables import CREDIT, CREDITS, EPISODE, SCENE
from crowdcut.vocabulary.shot_tables import EACH, STYLE

__all__ = [
    "Anchor",
    "Captions",
    "Credits",
    "ExtraCredit",
    "Into",
    "Layer",
    "LowerThird",
    "Manifest",
    "Place",
    "Scene",
    "Shot",
    "Sound",
    "manifest_from",
]

EachOf = Callable[[str, Where | None], Mapping[str, object]]
_TOP = Spot(around=(EPISODE,))
"""The spot of what hangs on the episode itself."""
_DEFAULT_RATE = Fraction(24)


def _rate_of(root: Node) -> Fraction:
    """The programme rate, which times in frames need; a wrong one is complained of when the top is read."""
    node = root.value.get("rate")
    context = Context(rate=_DEFAULT_RATE, table_of=lambda table, kind: {})
    if node is None:
        return _DEFAULT_RATE
    try:
        return rate(node, context)
    except Misfit:
        return _DEFAULT_RATE


def _children(node: Node, name: str) -> tuple[Node, ...]:
    """The tables of a list, without a complaint of what is no table."""
    child = node.value.get(name) if isinstance(node.value, dict) else None
    tables = child.value if child is not None and isinstance(child.value, tuple) else ()
    return tuple(table for table in tables if isinstance(table.value, dict))


def _says(node: Node, name: str) -> bool:
    return isinstance(node.value, dict) and name in node.value


def _moments_of(root: Node) -> frozenset[str]:
    """The ids of all scenes and shots, so that an anchor may name one further down."""
    found: set[str] = set()
    scenes = root.value.get("scene")
    for number, scene in enumerate(scenes.value if scenes and isinstance(scenes.value, tuple) else (), start=1):
        found.add(_id_in(scene) or f"scene-{number}")
        found.update(name for shot in _children(scene, "shot") if (name := _id_in(shot)))
    return frozenset(found)


def _id_in(node: Node) -> str | None:
    child = node.value.get("id") if isinstance(node.value, dict) else None
    return unicodedata.normalize("NFC", child.value).strip() if child and isinstance(child.value, str) else None


def _library_folders(reading: Reading, entries: Entries, file: Path) -> tuple[Path, ...]:
    """The library's folders, absolute; those that are not there are complained of and left out."""
    if "library" not in entries:
        default = file.parent / "library"
        return (default,) if default.is_dir() else ()
    folders: list[Path] = []
    entry = entries["library"]
    for node, path in zip(entry.node.value, entry.value, strict=True):
        folder = beside(node, path)
        if os.path.isdir(folder):  # Path.is_dir raises for names that are too long
            folders.append(folder)
            continue
        way_out = "The path is relative to the file it is written in."
        reading.complain("missing-folder", node.where("library"), f"there is no folder {quoted(path)}", way_out)
    return tuple(folders)


def _check_delivery(reading: Reading, entries: Entries, own: Mapping[str, Node]) -> None:
    entry = entries.get("delivery")
    for name, node in zip(entry.value, entry.node.value, strict=True) if entry else ():
        if name not in packaged() and name not in own:
            reading.complain("unknown-profile", node.where("delivery"), *unknown_profile(name, own))


def _credits(reading: Reading, root: Node) -> tuple[Credits, dict[str, Where]]:
    """The roll's wishes, and where each was written, as ``credits.title``."""
    node = reading.table_of(root, "credits")
    spot = Spot(around=(EPISODE,))
    entries = reading.entries_of(node, CREDITS, spot) if node is not None else {}
    extra: list[ExtraCredit] = []
    for table in reading.tables_of(root, "credit"):
        values = values_of(reading.entries_of(table, CREDIT, spot))
        if "role" in values and "names" in values:
            extra.append(ExtraCredit(role=values["role"], names=values["names"]))
    title, seconds = (entries[key].value if key in entries else None for key in ("title", "seconds"))
    places = {f"credits.{key}": entry.node.where(key) for key, entry in entries.items()}
    return Credits(title=title, seconds=seconds, extra=tuple(extra)), places


def _scene(cutting: Cutting, node: Node, number: int, levels: Levels) -> tuple[Scene, tuple[Shot | None, ...]]:
    """One scene, and its shots with None for each that cannot be told."""
    reading, name = cutting.reading, _id_in(node) or f"scene-{number}"
    spot = Spot(scene=printable(name), around=(EPISODE,))
    inside = replace(spot, around=(SCENE, EPISODE))
    entries = reading.entries_of(node, SCENE, spot)
    if _says(node, "id"):
        cutting.name(entries.get("id"), spot)
    else:
        cutting.take_id(name, spot.of(node))
    each = shared_from(cutting, reading.table_of(node, "each", spot), EACH, inside)
    cutting.check_style(each, inside)
    layers, sounds = hung_on(cutting, node, inside)
    levels = replace(levels, scene_each=each)
    shots: list[Shot | None] = []
    tables = reading.tables_of(node, "shot", spot)
    for index, shot in enumerate(tables, start=1):
        its = replace(inside, shot=f"{printable(name)}/{index}")
        pictures = pictures_of(cutting, shot, its)
        for number, picture in enumerate(pictures, start=1):
            own = its if len(pictures) == 1 else replace(its, shot=f"{its.shot}.{number}")
            shots.append(shot_from(cutting, picture, own, levels))
    if not (tables or _says(node, "shots")):  # a spreadsheet without shots has been complained of
        reading.complain("empty-scene", spot.of(node), "the scene has no shots", "Add a [[scene.shot]] to it.")
    values = values_of(entries)
    check_rhythm(cutting, entries, shots, spot)
    beats_of = cutting.contribution_named(entries["beats_of"], spot) if "beats_of" in entries else None
    scene = Scene(
        id=name,
        title=values.get("title", name),
        chapter=values.get("chapter", True),
        shots=tuple(
            replace(shot, sounds=ducking(shot.sounds, values.get("duck"))) for shot in shots if shot is not None
        ),
        layers=layers,
        sounds=ducking(sounds, values.get("duck")),
        cut_to=values.get("cut_to"),
        beat_tolerance=values.get("beat_tolerance"),
        beats_of=beats_of,
        note=values.get("note"),
        origin=origins(node, entries, spot),
    )
    return scene, tuple(shots)


def _ducking_as(scene: Scene, ducks: Ducks | Literal["usual"] | None) -> Scene:
    """A scene whose sounds give way as the episode says, where neither they nor the scene do."""
    shots = (replace(shot, sounds=ducking(shot.sounds, ducks)) for shot in scene.shots)
    return replace(scene, shots=tuple(shots), sounds=ducking(scene.sounds, ducks))


def _levels(cutting: Cutting, root: Node, template: Node) -> Levels:
    """Clips and styles onto the desk; what flows down to every shot."""
    reading = cutting.reading
    for name, node in reading.named_tables(root, "style").items():
        cutting.styles[name] = shared_from(cutting, node, STYLE, _TOP)
    for name, node in reading.named_tables(root, "clip").items():
        cutting.add_clip(name, node)
    each = shared_from(cutting, reading.table_of(root, "each"), EACH, _TOP)
    from_template = shared_from(cutting, template, EACH, Spot())
    for entries in (each, from_template):
        cutting.check_style(entries, _TOP)
    return Levels(template=from_template, each=each)


def _scenes(cutting: Cutting, root: Node, levels: Levels) -> tuple[Scene, ...]:
    """All scenes, with what can be said of their shots side by side."""
    scenes: list[Scene] = []
    shots: list[Shot | None] = []
    for number, node in enumerate(cutting.reading.tables_of(root, "scene"), start=1):
        scene, its_shots = _scene(cutting, node, number, levels)
        scenes.append(scene)
        shots.extend(its_shots)
    if "scene" not in root.value:
        where, way_out = Where(file=root.source.shown, line=1), "Add a [[scene]] with a [[scene.shot]]."
        cutting.reading.complain("empty-episode", where, "the episode has no scenes", way_out)
    check_transitions(cutting, shots)
    return tuple(scenes)


def _in_order(findings: list[Finding]) -> tuple[Finding, ...]:
    """File by file, from the top of each; a complaint that several tables raise stands once."""
    once = dict.fromkeys(findings)
    return tuple(sorted(once, key=lambda finding: (finding.where.file or "", finding.where.line or 0)))


_USUAL = "episode"
"""What a manifest that has a folder to itself is called: its films are named for the folder, others for the file."""


def _manifest(cutting: Cutting, root: Node, entries: Entries, each_of: EachOf) -> Manifest:
    """All that the manifest says but for its place on disk and its library's."""
    reading, values = cutting.reading, values_of(entries)
    own_profiles = reading.named_tables(root, "profile")
    check_own_profiles(own_profiles, reading)
    _check_delivery(reading, entries, own_profiles)
    template = values.get("template", "variety")
    source = Source(file=None, shown=f"template {printable(template)}")
    origin = origins(root, entries, Spot())
    levels = _levels(cutting, root, nodes_from(dict(each_of(template, origin.get("template"))), source))
    roll, credit_places = _credits(reading, root)
    layers, sounds = hung_on(cutting, root, _TOP)
    return Manifest(
        file=Path(),
        title=values.get("title", ""),
        slug=values.get("slug", ""),
        template=template,
        rate=reading.rate,
        delivery=values.get("delivery", ("web",)),
        profiles={name: plain_from(node) for name, node in own_profiles.items()},
        store=beside(entries["store"].node, values["store"]) if "store" in entries else None,
        length=values.get("length"),
        language=values.get("language"),
        stems=values.get("stems", False),
        credits=roll,
        captions=captions_from(cutting, root),
        scenes=tuple(_ducking_as(scene, values.get("duck")) for scene in _scenes(cutting, root, levels)),
        layers=layers,
        sounds=ducking(sounds, values.get("duck")),
        note=values.get("note"),
        origin={**origin, **credit_places},
    )


def manifest_from(
    file: Path, *, each_of: EachOf = lambda _name, _where: {}
) -> tuple[Manifest | None, Library, tuple[Finding, ...]]:
    """Read a manifest (with what it extends) and its library. All findings at once; None when nothing can be made
    of the manifest. What needs the examined files (times past the end, lengths) is ``timeline``'s to check.

    ``each_of`` gives a template's own values for every shot, by its name and the place that names it: lowest of all;
    they have no origin.
    """
    file = file.absolute()
    root, findings = extended_table_from(file)
    if root is None:
        return None, Library(contributors={}, contributions={}), findings
    root, sheet_findings = with_listed_shots(root)
    reading = Reading(rate=_rate_of(root), moments=_moments_of(root), findings=[*findings, *sheet_findings])
    entries = reading.entries_of(root, EPISODE)
    folders = _library_folders(reading, entries, file)
    library, library_findings = library_from(folders)
    if any(finding.where.key == "library" for finding in reading.findings):
        library = replace(library, complete=False)
    cutting = Cutting(reading=reading, library=library)
    manifest = _manifest(cutting, root, entries, each_of)
    check_credits(cutting)
    slug = manifest.slug or file_safe(file.parent.name if file.stem == _USUAL else file.stem)
    manifest = replace(manifest, file=file, slug=slug, library_folders=folders)
    return manifest, library, _in_order([*reading.findings, *library_findings])
