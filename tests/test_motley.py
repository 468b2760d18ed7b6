"""Other people's media, where the folder is there: all of it in one film, every word of the manifest in that film, and
the hostile part refused by name."""

import json
import re
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from other_media import MEDIA, needs_media

from crowdcut.findings import Refused
from crowdcut.manifest import manifest_from
from crowdcut.vocabulary import choices
from crowdcut.vocabulary.episode_tables import MANIFEST_TABLES, SCENE
from crowdcut.vocabulary.library_tables import CONTRIBUTION, LIBRARY_TABLES, READ_AS
from crowdcut.vocabulary.shot_tables import CELL, KEN_BURNS, KEY, LAYER, LOWER_THIRD, SHOT
from examples.motley import by_hand, choir
from examples.motley.lay import lay
from examples.motley.rows import words_about
from farm.build import built
from farm.report import read_report
from farm.wish import Wish

PICTURES = ("video", "image", "animation")
LEFT_OUT_MAX = 12

FOLDERS = {"json": "lottie", "lottie": "lottie", "ogg": "audio/music", "mp3": "audio/music", "gif": "animation"}
"""Where a made folder has files of this ending; all others in ``image/photo``."""

UNUSED_WORDS = {
    ("[[scene.shot]]", "wanted"): "a hole: the film could not be delivered",
    ("[[scene]]", "chapter"): "each scene is to be found",
    ("[[scene]]", "shots"): "no spreadsheet lies in the folder",
    ("[[contribution]]", "title"): "MANIFEST.tsv knows none",
    ("[[contribution]]", "made_from"): "MANIFEST.tsv does not tell; it speaks of credits, not of pictures",
    ("read_as = { ... }", "start"): "nobody in the folder speaks in sight, so nobody knows what is out of step",
}
"""Words of the tables below that motley does without, each with its reason."""
UNUSED_VALUES = {("card", "slate"): "it stands for what is missing, and nothing is"}
CLOSED = {
    "fit": choices.FITS,
    "layout": choices.LAYOUTS,
    "fill": choices.FILLS,
    "motion": choices.MOTIONS,
    "blend": choices.BLENDS,
    "key": choices.SCREENS,
    "transition": choices.TRANSITIONS,
    "card": choices.CARDS,
    "alpha form": choices.ALPHA_FORMS,
}
"""Kinds of values of which motley uses every word."""


SHOWN = (
    "made clear (colour difference key)",
    "frames were made between pictures",
    "black bars cropped",
    "cropped by hand",
    "a view moves over it",
    "where the most happens",
    "one picture is held",
    "its pictures keep their own times",
    "both fields shown",
    "from HLG to standard",
    "from PQ to standard",
    "(premultiplied)",
    "as the library says",
)
"""What the conversion records of the scenes that were cut by hand tell, among other things."""


def _made_folder(media: Path, text: str) -> Path:
    """A folder with every file that the scenes in ``text`` ask for, and all of which something is known better."""
    paths = set(words_about("better_known.toml"))
    known = {path.rpartition("/")[2] for path in paths}
    for wanted in by_hand.files_used_in(text) - known:
        name = wanted.replace("*", "one")
        folder = FOLDERS.get(name.rpartition(".")[2], "image/photo")
        paths.add(name.removeprefix("media/") if "/" in name else f"{folder}/{name}")
    for path in sorted(paths):
        (media / path).parent.mkdir(parents=True, exist_ok=True)
        (media / path).touch()
    rows = "".join(f"{path}\tsomebody :: somewhere\tCC0\t\n" for path in sorted(paths))
    (media / "MANIFEST.tsv").write_text(f"path\torigin\tlicence\tduration_s\n{rows}", encoding="utf-8")
    return media


def _tables(value: Any, name: str) -> Iterator[dict[str, Any]]:
    """All tables called ``name``, and all in lists of that name, however deep."""
    for one in value if isinstance(value, list) else [value]:
        for key, inside in one.items() if isinstance(one, dict) else ():
            if key == name:
                several = inside if isinstance(inside, list) else [inside]
                yield from (table for table in several if isinstance(table, dict))
            yield from _tables(inside, name)


def _written(manifest: dict[str, Any], library: dict[str, Any]) -> dict[str, list[dict[str, Any]]]:
    """What stands in the manifest and the library, by the header of the vocabulary's table that it is an entry of."""
    shared = [*manifest.get("style", {}).values(), *manifest.get("clip", {}).values(), *_tables(manifest, "each")]
    return {
        SCENE.header: list(_tables(manifest, "scene")),
        SHOT.header: [*_tables(manifest, "shot"), *shared],
        CELL.header: list(_tables(manifest, "use")),
        LAYER.header: list(_tables(manifest, "layer")),
        KEY.header: list(_tables(manifest, "key")),
        KEN_BURNS.header: list(_tables(manifest, "ken_burns")),
        LOWER_THIRD.header: list(_tables(manifest, "lower_third")),
        CONTRIBUTION.header: library["contribution"],
        READ_AS.header: list(_tables(library, "read_as")),
    }


def _unused(manifest: Path) -> tuple[set[tuple[str, str]], set[tuple[str, str]]]:
    """Words of the vocabulary that a production does not use, and values of :data:`CLOSED` kinds."""
    library = manifest.parent / "library" / "contributions.toml"
    texts = (tomllib.loads(file.read_text(encoding="utf-8")) for file in (manifest, library))
    written = _written(*texts)
    keys = [
        (table.header, key)
        for table in (*MANIFEST_TABLES, *LIBRARY_TABLES)
        if table.header in written
        for key in table.keys
        if not key.later and key.kind != "note"
    ]
    words = {(header, key.name) for header, key in keys if not any(key.name in entry for entry in written[header])}
    said = {(key.kind, str(entry.get(key.name)).split()[0]) for header, key in keys for entry in written[header]}
    values = {(kind, word) for kind, known in CLOSED.items() for word in known}
    return words, values - said


def _with_choir(folder: Path) -> Path:
    """A folder with the files of a choir, in which nothing is."""
    for file in (f"{choir.FOLDER}/{choir.GUIDE}", *map(choir.file_of, choir.SINGERS)):
        (folder / "library" / file).parent.mkdir(parents=True, exist_ok=True)
        (folder / "library" / file).touch()
    return folder


def _laid_whole(tmp_path: Path) -> Path:
    text = "\n".join(by_hand.text_of(scene) for scene in by_hand.SCENES)
    return lay(_made_folder(tmp_path / "media", text), _with_choir(tmp_path / "film"))


def test_every_word_for_pictures_is_in_the_film(tmp_path: Path) -> None:
    manifest = _laid_whole(tmp_path)
    read, _, findings = manifest_from(manifest)
    assert findings == ()
    assert read is not None
    assert {scene.id for scene in read.scenes} >= {*by_hand.SCENES, "choir"}
    assert _unused(manifest) == (set(UNUSED_WORDS), set(UNUSED_VALUES))


@pytest.mark.parametrize(
    ("line", "missed"),
    [
        ("crop .*", ("[[scene.shot]]", "crop")),
        ("cut_to .*", ("[[scene]]", "cut_to")),
        ("opacity .*", ("[[layer]], [[scene.layer]] and [[scene.shot.layer]]", "opacity")),
        ('blend = "darken"', ("blend", "darken")),
        ('layout = "pip"', ("layout", "pip")),
    ],
)
def test_a_word_that_is_nowhere_in_the_film_is_missed(tmp_path: Path, line: str, missed: tuple[str, str]) -> None:
    manifest = _laid_whole(tmp_path)
    text = manifest.read_text(encoding="utf-8")
    manifest.write_text(re.sub(rf"(?m)^ *{line}\n", "", text), encoding="utf-8")
    words, values = _unused(manifest)
    assert (words | values) - set(UNUSED_WORDS) - set(UNUSED_VALUES) == {missed}


def test_a_scene_is_left_out_with_any_of_its_files(tmp_path: Path) -> None:
    media = _made_folder(tmp_path / "media", by_hand.text_of("keyed"))
    manifest, _, findings = manifest_from(lay(media, tmp_path / "film"))
    assert findings == ()
    assert manifest is not None
    assert [scene.id for scene in manifest.scenes if scene.id in by_hand.SCENES] == ["keyed"]
    rows = (media / "MANIFEST.tsv").read_text(encoding="utf-8").splitlines(keepends=True)
    (media / "MANIFEST.tsv").write_text("".join(row for row in rows if "london" not in row), encoding="utf-8")
    manifest, _, findings = manifest_from(lay(media, tmp_path / "film"))
    assert findings == ()
    assert manifest is not None
    assert not {scene.id for scene in manifest.scenes} & set(by_hand.SCENES)


@needs_media
def test_every_picture_is_in_the_film_or_left_out_with_its_reason(tmp_path):
    manifest = tomllib.loads(lay(MEDIA, _with_choir(tmp_path)).read_text(encoding="utf-8"))
    library = tomllib.loads((tmp_path / "library" / "contributions.toml").read_text(encoding="utf-8"))
    left_out = words_about("left_out.toml")
    files = {entry["id"]: entry["file"].removeprefix("media/") for entry in library["contribution"]}
    shots = [shot for scene in manifest["scene"] for shot in scene["shot"]]
    used = {files[shot["use"]] for shot in shots if str(shot.get("use")) in files}
    there = {str(file.relative_to(MEDIA)) for kind in PICTURES for file in (MEDIA / kind).rglob("*") if file.is_file()}
    assert there - used == set(left_out)
    assert len(left_out) <= LEFT_OUT_MAX
    assert all(str(reason).strip() for reason in left_out.values())
    assert len(shots) >= 150
    assert {scene["id"] for scene in manifest["scene"]} >= set(by_hand.SCENES)
    assert _unused(tmp_path / "episode.toml") == (set(UNUSED_WORDS), set(UNUSED_VALUES))


@needs_media
def test_motley_builds_and_its_ledger_holds(tmp_path):
    choir.make_choir(tmp_path / "library")
    manifest = lay(MEDIA, tmp_path)
    report = read_report(built(Wish(manifest=manifest, deliveries=("proxy",)), lambda _: None))
    (film,) = report["deliveries"]
    assert film["verified"]
    assert (tmp_path / "build" / "proxy" / "motley.mp4").is_file()
    assert abs(film["sound"]["integrated_lufs"] - film["sound"]["target_lufs"]) <= 0.3
    assert film["sound"]["true_peak_dbtp"] <= film["sound"]["ceiling_dbtp"]
    records = [one for shot in film["shots"] if shot["scene"] in by_hand.SCENES for one in shot["conversions"].values()]
    done = "\n".join(line for record in records for line in record.get("done", ()))
    assert [words for words in SHOWN if words not in done] == []
    again = read_report(built(Wish(manifest=manifest, deliveries=("proxy",)), lambda _: None))
    assert again["deliveries"][0]["rendered"] == {}


def _hostile_manifest(folder: Path) -> Path:
    """A film that uses every hostile file: as a shot, whatever it is."""
    library = folder / "library"
    library.mkdir()
    (library / "hostile").symlink_to(MEDIA / "hostile", target_is_directory=True)
    files = sorted(file.name for file in (MEDIA / "hostile").iterdir() if file.is_file())
    entries = ['[[contributor]]\nid = "m"\nname = "Mallory"']
    shots = []
    for number, name in enumerate(files):
        quoted = json.dumps(f"hostile/{name}")
        entries.append(f'[[contribution]]\nid = "h{number}"\nfile = {quoted}\nby = ["m"]')
        shots.append(f'  [[scene.shot]]\n  use = "h{number}"')
    (library / "contributions.toml").write_text("\n".join(entries), encoding="utf-8")
    manifest = folder / "episode.toml"
    head = 'format = 1\ntitle = "Hostile"\ndelivery = ["proxy"]\n[[scene]]\nid = "all"\ntitle = "All"\n'
    manifest.write_text(head + "\n".join(shots), encoding="utf-8")
    return manifest


@needs_media
def test_hostile_files_are_refused_by_name_or_work(tmp_path):
    manifest = _hostile_manifest(tmp_path)
    with pytest.raises(Refused) as refusal:
        built(Wish(manifest=manifest), lambda _: None)
    refused = [one for one in refusal.value.findings if one.severity == "error"]
    assert len(refused) > 60
    for one in refused:
        assert one.where.line is not None
        assert one.way_out
        assert "Traceback" not in str(one)
    # With slates for all of them, and sounds taken out of the pictures' place, a film comes of the rest.
    heard = {one.where.line for one in refused}
    with pytest.raises(Refused) as refusal:
        built(Wish(manifest=manifest, placeholder=True), lambda _: None)
    unseen = [one for one in refusal.value.findings if one.severity == "error"]
    assert {one.rule for one in unseen} == {"no-picture"}
    text = manifest.read_text(encoding="utf-8").splitlines()
    for line in sorted((one.where.line or 0 for one in unseen), reverse=True):
        assert line not in heard
        del text[line - 2 : line]
    manifest.write_text("\n".join(text), encoding="utf-8")
    report = read_report(built(Wish(manifest=manifest, placeholder=True), lambda _: None))
    assert report["deliveries"][0]["verified"]
    assert not list((tmp_path / "build").rglob(".work-*"))
