"""The record beside a film, through real builds: what a report says of the master before, and what it shows of it."""

import json
import shutil
from pathlib import Path

import pytest
from small_film import SmallFilm, copy_of, film_of, quiet, small_film, wish_for
from test_build import broken_library, left_behind

from crowdcut.changes.master_record import read
from crowdcut.findings import BuildFailed
from farm.build import built
from farm.masters import last_master, master_path
from farm.report import read_report
from farm.store import Store


@pytest.fixture(scope="module")
def film(tiny_library: Path, tmp_path_factory: pytest.TempPathFactory) -> SmallFilm:
    """The first master."""
    return small_film(tmp_path_factory.mktemp("masters") / "small", tiny_library)


def rewritten(manifest: Path, old: str, new: str) -> None:
    text = manifest.read_text(encoding="utf-8")
    assert text.count(old) == 1
    manifest.write_text(text.replace(old, new), encoding="utf-8")


def key_of(film: SmallFilm, shot: str) -> str:
    """The key of a shot's only piece."""
    plan = film.delivery.plan
    (job,) = [job for job, name in zip(plan.pictures, plan.shots, strict=True) if name == shot]
    return job.key


def changes_in(manifest: Path) -> dict:
    """What a build says of the master before."""
    (part,) = read_report(built(wish_for(manifest), quiet))["deliveries"]
    assert part["verified"]
    return part["changes"]


def test_a_first_master_has_no_changes_and_leaves_its_record(film: SmallFilm):
    (part,) = film.report["deliveries"]
    assert part["changes"] is None
    record = read(master_path(film.file).read_bytes())
    plan = film.delivery.plan
    assert [piece.key for piece in record.pieces] == [job.key for job in plan.pictures]
    assert {shot.name: shot.use for shot in record.shots}["two/2"] == "drawing"
    assert {file.name for file in record.keys[plan.pictures[0].key].files.values()} == {"walk.mp4"}
    assert (record.title, record.profile, record.length_frames) == (
        "Small",
        "tiny",
        film.delivery.timeline.length_frames,
    )
    assert record.integrated_lufs == part["sound"]["integrated_lufs"]
    assert [path.name for path in film.file.parent.iterdir() if path != film.file] == ["small.master.json"]


def test_an_unchanged_build_says_so_and_keeps_the_date_of_the_film(film: SmallFilm, tmp_path: Path):
    manifest = copy_of(film, tmp_path / "small")
    record = master_path(film_of(manifest))
    before = record.read_bytes()
    changes = changes_in(manifest)
    assert (changes["film"], changes["shots"], changes["sounds"], changes["longer"]) == ([], [], [], "")
    assert record.read_bytes() == before
    assert "Nothing in it changed." in (manifest.parent / "build" / "report.html").read_text(encoding="utf-8")


def test_a_changed_shot_is_shown_before_and_now(film: SmallFilm, tmp_path: Path):
    manifest = copy_of(film, tmp_path / "small")
    rewritten(manifest, "in = 2\n", "in = 2.5\n")
    changes = changes_in(manifest)
    second, third = changes["shots"]
    assert (second["kind"], second["shot"], second["reasons"]) == ("changed", "one/2", ["in: 0:02 → 0:02.5"])
    assert third["reasons"] == ["one/2 changed, and gives way to it by a dissolve"]
    (old,) = [
        job for job, shot in zip(film.delivery.plan.pictures, film.delivery.plan.shots, strict=True) if shot == "one/2"
    ]
    assert second["keys_before"] == [old.key]
    assert second["still_before"] == film.facts(old.key)["still"]
    (key,) = second["keys"]
    now = Store(manifest.parent / "store").find(key)
    assert now is not None
    assert second["still"] == now.facts["still"] != second["still_before"]
    page = (manifest.parent / "build" / "report.html").read_text(encoding="utf-8")
    assert "Since the last master" in page
    assert second["still_before"] in page
    assert changes_in(manifest)["shots"] == [], "the next master is held against this one"


def test_a_still_that_the_store_no_longer_has_is_said_to_be_gone(film: SmallFilm, tmp_path: Path):
    manifest = copy_of(film, tmp_path / "small")
    rewritten(manifest, 'use = "drawing"\nfor = 1', 'use = "drawing"\nfor = 1\nfit = "cover"')
    store = Store(manifest.parent / "store")
    store.discard(key_of(film, "two/2"))
    (shot,) = changes_in(manifest)["shots"]
    assert (shot["shot"], shot["reasons"], shot["still_before"]) == ("two/2", ["fit: contain → cover"], None)
    assert "no longer kept" in (manifest.parent / "build" / "report.html").read_text(encoding="utf-8")


def test_a_replaced_file_and_an_inserted_shot_are_told_of_the_finished_film(
    film: SmallFilm, tiny_library: Path, tmp_path: Path
):
    manifest = copy_of(film, tmp_path / "small")
    shutil.copytree(tiny_library, tmp_path / "library")
    text = manifest.read_text(encoding="utf-8")
    (line,) = [line for line in text.splitlines() if line.startswith("library")]
    text = text.replace(line, 'library = ["../library"]').replace(
        "in = 2\n", 'in = 3\n[[scene.shot]]\nuse = "walk"\nin = 2\n'
    )
    manifest.write_text(text, encoding="utf-8")
    (tmp_path / "library" / "drawing.png").write_bytes((tiny_library / "drawing.png").read_bytes() + b"\0")
    changes = changes_in(manifest)
    told = [(shot["kind"], shot["shot"], shot["was"]) for shot in changes["shots"]]
    assert told == [("added", "one/2", None), ("changed", "two/2", "two/2")]
    assert changes["shots"][1]["reasons"] == ["drawing.png was replaced"]
    assert changes["longer"] == "+0:01"


def test_a_failed_build_leaves_the_record_of_the_last_master(film: SmallFilm, tiny_library: Path, tmp_path: Path):
    manifest = copy_of(film, tmp_path / "small")
    before = master_path(film_of(manifest)).read_bytes()
    broken_library(tiny_library, tmp_path / "broken")
    whole = manifest.read_text(encoding="utf-8")
    (line,) = [line for line in whole.splitlines() if line.startswith("library")]
    manifest.write_text(whole.replace(line, 'library = ["../broken"]'), encoding="utf-8")
    with pytest.raises(BuildFailed):
        built(wish_for(manifest), quiet)
    (part,) = read_report(manifest.parent / "build" / "report.html")["deliveries"]
    assert part["changes"] is None
    assert master_path(film_of(manifest)).read_bytes() == before
    manifest.write_text(whole.replace(line, f'library = ["{tiny_library}"]'), encoding="utf-8")
    assert changes_in(manifest)["shots"] == []
    assert left_behind(manifest.parent) == []


@pytest.mark.parametrize("text", ["", "{}", "null", '{"format": 99}', "\x00"])
def test_a_damaged_record_is_a_note_and_no_more(film: SmallFilm, tmp_path: Path, text: str):
    manifest = copy_of(film, tmp_path / "small")
    record = master_path(film_of(manifest))
    record.write_text(text, encoding="utf-8")
    (part,) = read_report(built(wish_for(manifest), quiet))["deliveries"]
    assert part["verified"]
    assert part["changes"] is None
    assert [(one["rule"], one["severity"]) for one in part["findings"]] == [("master-record", "note")]
    assert last_master(film_of(manifest))[0] is not None, "the next one can be told"


def test_the_record_is_json_in_ascii(film: SmallFilm):
    data = master_path(film.file).read_bytes()
    assert data.isascii()
    assert json.loads(data)["format"] == 1
