"""A production whose cut is changed one thing at a time and planned each time: records of masters nobody rendered."""

import shutil
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

from small_film import quiet, wish_for

from crowdcut.changes.master_changes import Changes, changes_between
from crowdcut.changes.master_record import MasterRecord, read, record_of, written
from crowdcut.delivery import delivery_from
from farm.build import planned

CUT = """\
format = 1
title = "Cut"
template = "look"
library = ["library"]
delivery = ["tiny"]
[profile.tiny]
extends = "web"
size = [192, 108]
[profile.small]
extends = "tiny"
burn_in = true
[[music]]
use = "song"
until = 5
[[scene]]
id = "one"
title = "One"
[[scene.shot]]
use = "walk"
for = 1
[[scene.shot]]
use = "sea"
in = 0.2
for = 2
fit = "blur"
lower_third = true
[[scene.shot]]
use = "walk"
in = 2
for = 1.5
[[scene]]
id = "two"
title = "Two"
[[scene.shot]]
text = "Three years later"
for = 2
[[scene.shot.layer]]
use = "drawing"
place = "top right 30%"
[[scene.shot]]
use = "drawing"
for = 1
into = "dissolve 12f"
[[scene.shot]]
use = "sea"
in = 1
for = 1
sound = -6
[[scene]]
id = "three"
title = "Three"
[[scene.shot]]
use = "walk"
in = 1
for = 1
[[scene.shot]]
use = "drawing"
for = 1.5
"""
TEMPLATE = """\
extends = "variety"
[palette]
accent = "#112233"
"""


class Cut:
    """A production in a folder. :meth:`master` is the record of the master that its cut would have now."""

    def __init__(self, folder: Path, library: Path | None = None):
        """``library`` is copied into a new folder; None: the folder holds all of it."""
        self.folder, self.file = folder, folder / "episode.toml"
        if library is not None:
            shutil.copytree(library, folder / "library")
            (folder / "look").mkdir()
            (folder / "look" / "template.toml").write_text(TEMPLATE, encoding="utf-8")
            self.file.write_text(CUT, encoding="utf-8")

    def rewrite(self, *pairs: tuple[str, str], file: str = "episode.toml") -> None:
        """Change a text in one place for each pair."""
        text = (self.folder / file).read_text(encoding="utf-8")
        for old, new in pairs:
            assert text.count(old) == 1, (text.count(old), old)
            text = text.replace(old, new)
        (self.folder / file).write_text(text, encoding="utf-8")

    def master(self, profile: str = "tiny", *, edited: str | None = None) -> MasterRecord:
        """As it is read back from its file. ``edited``: a module of Crowdcut that is not what it is."""
        production, _, _ = planned(wish_for(self.file, deliveries=(profile,)), quiet)
        if edited is not None:
            fingerprints = Edited(production.sources.fingerprints, edited)
            production = replace(production, sources=replace(production.sources, fingerprints=fingerprints))
        heard = {"integrated_lufs": -14.0, "true_peak_dbtp": -1.2}
        delivery = delivery_from(production, profile)
        record = record_of(production, delivery, built_at="2026-11-23T06:02:47+00:00", heard=heard)
        return read(written(record).encode())


class Edited(dict[str, str]):
    """Fingerprints of a Crowdcut in which one module is another."""

    def __init__(self, real: Mapping[str, str], module: str):
        super().__init__({module: "f" * 32})
        self._real = real

    def __missing__(self, module: str) -> str:
        return self._real[module]


def told(changes: Changes) -> dict[str, object]:
    """Changes without times and keys."""
    return {
        "film": list(changes.film),
        "shots": [(one.kind, one.shot, one.was, *one.reasons) for one in changes.shots],
        "sounds": [(one.kind, one.what, *one.reasons) for one in changes.sounds],
    }


def changed_keys(before: MasterRecord, after: MasterRecord) -> set[str]:
    """Keys of pieces that only the later master has."""
    return {piece.key for piece in after.pieces} - {piece.key for piece in before.pieces}


def assert_all_told(before: MasterRecord, after: MasterRecord) -> None:
    """Every piece that is new is named with a reason, and nothing else is."""
    changes = changes_between(before, after)
    named = {key for shot in changes.shots for key in shot.keys}
    if not changes.film:
        assert named >= changed_keys(before, after)
    assert named <= {piece.key for piece in after.pieces}
    assert all(shot.reasons and (shot.keys or shot.keys_before or shot.kind == "moved") for shot in changes.shots)
    assert all(one.reasons or one.kind != "changed" for one in changes.sounds)
