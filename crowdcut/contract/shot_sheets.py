"""Scenes whose shots stand in a spreadsheet: each row becomes what a ``[[scene.shot]]`` would be."""

import os
from dataclasses import replace

from crowdcut.contract.library_files import climbs_out
from crowdcut.contract.sheet_tables import rows_from
from crowdcut.contract.tables import Node, beside, quoted
from crowdcut.findings import Finding
from crowdcut.vocabulary.rows import SHOT_ROW


def _finding(node: Node, rule: str, found: str, way_out: str) -> tuple[Finding, ...]:
    return (Finding(rule=rule, where=node.where("shots"), found=found, way_out=way_out),)


def _shots_of(scene: Node) -> tuple[Node | None, tuple[Finding, ...]]:
    """The list of shots that a scene's ``shots`` names; None where it names none that can be read."""
    node = scene.value.get("shots")
    if node is None or not isinstance(node.value, str) or not node.value.isprintable() or not node.value.strip():
        return None, ()  # what is no path is complained of where all keys are read
    path = node.value.strip()
    if "shot" in scene.value:
        found = "the scene has shots from a spreadsheet and a [[scene.shot]] too"
        return None, _finding(node, "one-of", found, "Make two scenes of it, or leave one of the two away.")
    if climbs_out(path):
        found = f"{quoted(path)} leads out of the folder of {node.source.shown}"
        way_out = "Put the spreadsheet, or a link to it, beside the manifest."
        return None, _finding(node, "outside-folder", found, way_out)
    file = beside(node, path)
    if not os.path.isfile(file):  # Path.is_file raises for names that are too long
        found = f"there is no file {quoted(path)} beside {node.source.shown}"
        return None, _finding(node, "missing-file", found, "The path is relative to the file it is written in.")
    rows, findings = rows_from(file, SHOT_ROW)
    if rows is not None and not rows.value:
        where, way_out = rows.where(), "Write a row for each shot."
        findings += (Finding(rule="empty-scene", where=where, found="there are no shots in it", way_out=way_out),)
    return rows, findings


def with_listed_shots(root: Node) -> tuple[Node, tuple[Finding, ...]]:
    """A manifest with the shots of its spreadsheets in their scenes. Paths are relative to the file that says them."""
    scenes = root.value.get("scene")
    if scenes is None or not isinstance(scenes.value, tuple):
        return root, ()
    filled: list[Node] = []
    findings: tuple[Finding, ...] = ()
    for scene in scenes.value:
        shots, more = _shots_of(scene) if isinstance(scene.value, dict) else (None, ())
        filled.append(scene if shots is None else replace(scene, value={**scene.value, "shot": shots}))
        findings += more
    return replace(root, value={**root.value, "scene": replace(scenes, value=tuple(filled))}), findings
