"""The build: the same film however it is made, nothing done twice, nothing left behind by what was killed."""

import json
import os
import shutil
import signal
import subprocess
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from processes import is_running, wait_for, workers_of
from small_film import (
    EPISODE,
    SmallFilm,
    broken_library,
    command,
    copy_of,
    film_of,
    lay_episode,
    quiet,
    small_film,
    stream_hash,
    wish_for,
)

from crowdcut.findings import BuildFailed, Refused
from examples.makers import write_clip
from farm.build import built, planned
from farm.events import Event
from farm.production import read_production
from farm.report import read_report
from farm.rounds import unrun
from farm.store import Store


@pytest.fixture(scope="module")
def film(tiny_library: Path, tmp_path_factory: pytest.TempPathFactory) -> SmallFilm:
    """The undisturbed build."""
    return small_film(tmp_path_factory.mktemp("build") / "small", tiny_library)


def keys_in(store: Path) -> set[str]:
    return {place.name for place in store.glob("objects/*/*")}


def rendered_by(manifest: Path) -> list[str]:
    report = json.loads((manifest.parent / "build" / "report.json").read_text(encoding="utf-8"))
    return report["deliveries"][0]["rendered_keys"]


def left_behind(folder: Path) -> list[Path]:
    return list(folder.rglob(".work-*"))


def started(manifest: Path, *more: str) -> subprocess.Popen[str]:
    """The command in a process group of its own, saying its events."""
    return subprocess.Popen(
        command(manifest, "--json", *more),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )


def read_until(process: subprocess.Popen[str], happened: Callable[[dict], bool], times: int = 1) -> None:
    """Follow the events until one has happened so many times."""
    assert process.stdout is not None
    for line in process.stdout:
        times -= happened(json.loads(line))
        if times <= 0:
            return
    assert process.stderr is not None
    raise AssertionError(f"the build ended before: {process.stderr.read()}")


def ended(process: subprocess.Popen[str]) -> int:
    code = process.wait(timeout=30)
    for pipe in (process.stdout, process.stderr):
        assert pipe is not None
        pipe.close()
    return code


def test_the_report_says_what_was_done(film: SmallFilm):
    (part,) = film.report["deliveries"]
    assert part["verified"]
    assert part["film"] == "small.mp4"
    assert part["findings"] == []
    assert len(set(part["rendered_keys"])) == len(part["rendered_keys"]) == sum(part["rendered"].values())
    assert part["rendered"]["picture"] == len({job.key for job in film.delivery.plan.pictures})
    assert [shot["name"] for shot in part["shots"]] == ["one/1", "one/2", "two/1", "two/2", "credits/1"]
    assert all(shot["still"] for shot in part["shots"])
    assert part["cpu_seconds"] >= part["cpu_seconds_by_kind"]["picture"] > 0
    assert abs(part["sound"]["integrated_lufs"] + 14) <= 0.3
    assert left_behind(film.manifest.parent) == []


def test_an_unchanged_build_renders_nothing_and_does_not_touch_the_film(film: SmallFilm, tmp_path: Path):
    manifest = copy_of(film, tmp_path / "small")
    before, events = film_of(manifest).stat(), []
    report = read_report(built(wish_for(manifest), events.append))
    assert report["deliveries"][0]["rendered_keys"] == []
    assert [event.text for event in events if event.kind == "started" and event.job != "readback"] == []
    after = film_of(manifest).stat()
    assert (after.st_mtime_ns, after.st_ino) == (before.st_mtime_ns, before.st_ino)


def test_a_film_whose_sound_is_what_it_was_is_not_decoded_again(film: SmallFilm, tmp_path: Path):
    manifest, events = copy_of(film, tmp_path / "small"), []
    text = manifest.read_text(encoding="utf-8")
    assert text.endswith('use = "drawing"\nfor = 1\n')
    manifest.write_text(text + 'fit = "cover"\n', encoding="utf-8")
    report = read_report(built(wish_for(manifest), events.append))
    assert [event.job for event in events if event.kind == "started"] == ["picture", "master", "readback"]
    assert abs(report["deliveries"][0]["sound"]["integrated_lufs"] + 14) <= 0.3


@pytest.mark.parametrize("workers", [1, 4])
def test_the_film_is_the_same_at_any_number_of_workers(
    film: SmallFilm, tiny_library: Path, tmp_path: Path, workers: int
):
    manifest = lay_episode(tmp_path / "small", tiny_library)
    report = read_report(built(wish_for(manifest, workers=workers), quiet))
    assert stream_hash(film_of(manifest)) == stream_hash(film.file)
    assert report["deliveries"][0]["master_key"] == film.report["deliveries"][0]["master_key"]


def is_picture_done(event: dict) -> bool:
    return event["kind"] == "done" and event.get("job") == "picture"


def is_joining(event: dict) -> bool:
    return event["kind"] == "started" and event.get("job") == "master"


@pytest.mark.skipif(not Path("/proc").is_dir(), reason="looks at processes in /proc")
def test_a_build_that_is_killed_again_and_again_goes_on_where_it_was(
    film: SmallFilm, tiny_library: Path, tmp_path: Path
):
    manifest = lay_episode(tmp_path / "small", tiny_library)
    store = manifest.parent / "store"
    moments = [
        (lambda event: event["kind"] == "started", 3),
        (is_picture_done, 2),
        (is_picture_done, 1),
        (is_joining, 1),
    ]
    for moment, times in moments:
        process = started(manifest)
        read_until(process, moment, times)
        os.killpg(process.pid, signal.SIGKILL)
        assert ended(process) == -signal.SIGKILL
        assert not film_of(manifest).exists()
    before = keys_in(store)
    assert len(before) > 8
    process = started(manifest)
    assert process.communicate(timeout=60)[1] == ""
    assert process.returncode == 0
    assert not before & set(rendered_by(manifest))
    assert stream_hash(film_of(manifest)) == stream_hash(film.file)
    assert left_behind(manifest.parent) == []
    assert {path.name for path in film_of(manifest).parent.iterdir()} == {"small.mp4", "small.master.json"}


def test_ctrl_c_ends_every_child_within_two_seconds(tiny_library: Path, tmp_path: Path):
    manifest = lay_episode(tmp_path / "small", tiny_library)
    process = started(manifest)
    read_until(process, lambda event: event["kind"] == "started" and event.get("job") == "picture", 2)
    children = workers_of(process.pid)
    assert len(children) == 2
    at = time.monotonic()
    os.killpg(process.pid, signal.SIGINT)
    assert wait_for(lambda: not any(map(is_running, children)), seconds=2)
    assert process.stderr is not None
    said = process.stderr.read()
    assert ended(process) == 130
    assert time.monotonic() - at < 2
    assert said == "crowdcut: stopped; what was finished is kept in the store\n"
    assert left_behind(manifest.parent) == []
    assert not film_of(manifest).exists()


def test_no_orphan_outlives_a_parent_that_is_killed_alone(tiny_library: Path, tmp_path: Path):
    manifest = lay_episode(tmp_path / "small", tiny_library)
    process = started(manifest)
    read_until(process, lambda event: event["kind"] == "started" and event.get("job") == "picture", 2)
    children = workers_of(process.pid)
    assert len(children) == 2
    process.kill()
    assert wait_for(lambda: not any(map(is_running, children)), seconds=1)
    ended(process)


def test_a_film_that_was_changed_is_made_again(film: SmallFilm, tmp_path: Path):
    manifest = copy_of(film, tmp_path / "small")
    own = film_of(manifest)
    own.write_bytes(own.read_bytes()[:-1000])
    report = read_report(built(wish_for(manifest), quiet))
    assert report["deliveries"][0]["rendered_keys"] == []
    assert stream_hash(own) == stream_hash(film.file)


def test_a_piece_damaged_in_the_store_fails_the_build_and_is_made_again(film: SmallFilm, tmp_path: Path):
    manifest = copy_of(film, tmp_path / "small")
    film_of(manifest).unlink()
    job = film.delivery.plan.pictures[1]
    piece = manifest.parent / "store" / "objects" / job.key[:2] / job.key / "file"
    data = bytearray(piece.read_bytes())
    middle = data.index(b"mdat") + 400
    data[middle] ^= 255
    piece.write_bytes(data)
    with pytest.raises(BuildFailed) as failed:
        built(wish_for(manifest), quiet)
    assert [(finding.rule, finding.where.shot) for finding in failed.value.findings] == [("picture-packets", "one/2")]
    assert not film_of(manifest).exists()
    page = (manifest.parent / "build" / "report.html").read_text(encoding="utf-8")
    assert "failed: there is no film" in page
    report = read_report(built(wish_for(manifest), quiet))
    assert report["deliveries"][0]["rendered_keys"] == [job.key]
    assert stream_hash(film_of(manifest)) == stream_hash(film.file)


def test_a_clip_that_breaks_in_its_used_range_fails_the_build_and_is_named(
    film: SmallFilm, tiny_library: Path, tmp_path: Path
):
    broken_library(tiny_library, tmp_path / "broken")
    manifest = lay_episode(tmp_path / "small", tmp_path / "broken")
    shutil.copytree(film.file.parent, film_of(manifest).parent)
    with pytest.raises(BuildFailed) as failed:
        built(wish_for(manifest), quiet)
    found = {(finding.owner, finding.where.shot, finding.where.file) for finding in failed.value.findings}
    assert ("contributor", "one/2", "walk.mp4") in found
    assert not film_of(manifest).exists(), "an earlier cut must not pass for this one"
    assert film_of(manifest).with_stem("small.earlier").is_file()
    report = json.loads((manifest.parent / "build" / "report.json").read_text(encoding="utf-8"))
    assert not report["deliveries"][0]["verified"]
    assert report["deliveries"][0]["film"] is None


def test_placeholders_stand_in_for_a_broken_clip_and_the_report_says_so(tiny_library: Path, tmp_path: Path):
    broken_library(tiny_library, tmp_path / "broken")
    manifest = lay_episode(tmp_path / "small", tmp_path / "broken")
    report = read_report(built(wish_for(manifest, placeholder=True), quiet))
    (part,) = report["deliveries"]
    assert part["verified"]
    assert part["placeholders"] == ["one/2"]
    assert ("placeholder", "warning") in {(one["rule"], one["severity"]) for one in part["findings"]}
    assert film_of(manifest).is_file()
    page = (manifest.parent / "build" / "report.html").read_text(encoding="utf-8")
    assert "verified, with 1 placeholder" in page


def test_folders_that_cannot_be_written_are_refused_before_any_work(tiny_library: Path, tmp_path: Path):
    manifest = lay_episode(tmp_path / "small", tiny_library)
    (tmp_path / "taken").write_text("a file", encoding="utf-8")
    events: list[Event] = []
    for rule, more in (("store", {"store": tmp_path / "taken"}), ("out", {"out": tmp_path / "taken"})):
        with pytest.raises(Refused) as refused:
            built(wish_for(manifest, **more), events.append)
        assert [finding.rule for finding in refused.value.findings] == [rule]
    assert {event.job for event in events} <= {"", "examine"}


def test_a_broken_piece_that_stands_in_two_shots_has_a_slate_in_each(tiny_library: Path, tmp_path: Path):
    broken_library(tiny_library, tmp_path / "broken")
    scene = '[[scene]]\nid = "{id}"\n[[scene.shot]]\nuse = "walk"\nin = 2\nfor = 1\n'
    text = EPISODE.partition("[[music]]")[0] + "".join(scene.format(id=name) for name in ("one", "two"))
    manifest = lay_episode(tmp_path / "small", tmp_path / "broken", text)
    (part,) = read_report(built(wish_for(manifest, placeholder=True), quiet))["deliveries"]
    assert part["verified"]
    assert part["placeholders"] == ["one/1", "two/1"]


def test_a_file_that_changes_while_it_is_rendered_fails_the_build_and_leaves_nothing_in_the_store(
    tiny_library: Path, tmp_path: Path
):
    library = tmp_path / "library"
    shutil.copytree(tiny_library, library)
    manifest = lay_episode(tmp_path / "small", library)
    walk, kept = library / "walk.mp4", (library / "walk.mp4").read_bytes()

    def swap(event: Event) -> None:
        if event.kind == "stage" and event.text == "rendering tiny":
            walk.rename(library / "away")
            write_clip(walk, frames=100)

    with pytest.raises(BuildFailed) as failed:
        built(wish_for(manifest), swap)
    found = {(finding.rule, finding.where.file) for finding in failed.value.findings}
    assert found == {("changed-while-building", "walk.mp4")}
    (library / "away").rename(walk)
    assert walk.read_bytes() == kept
    for delivery in planned(wish_for(manifest), quiet)[1]:
        missing = unrun(delivery.plan.jobs, Store(manifest.parent / "store"))
        assert {job.key for job in delivery.plan.jobs if walk in job.files.values()} <= {job.key for job in missing}


def test_what_a_killed_build_left_beside_the_films_is_cleared(film: SmallFilm, tmp_path: Path):
    manifest = copy_of(film, tmp_path / "small")
    gone = subprocess.Popen(["true"])
    gone.wait()
    (manifest.parent / "build" / f".work-{gone.pid}-left").mkdir()
    built(wish_for(manifest), quiet)
    assert left_behind(manifest.parent) == []


def test_a_build_reads_the_production_once(film: SmallFilm, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    manifest, read = copy_of(film, tmp_path / "small"), []
    monkeypatch.setattr("farm.build.read_production", lambda wish: read.append(wish) or read_production(wish))
    built(wish_for(manifest), quiet)
    assert len(read) == 1


def _crushed(folder: Path, library: Path) -> Path:
    """A film whose loudness and ceiling the limiter can only bring together by force."""
    loud = "[profile.tiny]\nloudness = {{ integrated_lufs = -8.0, true_peak_dbtp = -6.0 }}\n"
    return lay_episode(folder, library, EPISODE.replace("[profile.tiny]\n", loud, 1))


def test_a_mix_that_the_limiter_crushes_is_warned_of_and_fails_a_strict_build(tiny_library: Path, tmp_path: Path):
    manifest = _crushed(tmp_path / "film", tiny_library)
    (part,) = read_report(built(wish_for(manifest), quiet))["deliveries"]
    assert part["verified"]
    assert "limiter" in {one["rule"] for one in part["findings"]}
    with pytest.raises(BuildFailed) as failed:
        built(wish_for(manifest, strict=True), quiet)
    assert "limiter" in {one.rule for one in failed.value.findings}
    assert not film_of(manifest).exists()


def test_a_strict_build_refuses_what_is_warned_of_before_it_renders(tiny_library: Path, tmp_path: Path):
    text = EPISODE.replace('title = "Small"', 'title = "Small"\nlength = "1:00"', 1)
    manifest = lay_episode(tmp_path / "film", tiny_library, text)
    with pytest.raises(Refused) as refused:
        built(wish_for(manifest, strict=True), quiet)
    assert {one.rule for one in refused.value.findings} == {"length"}
    assert not (manifest.parent / "build").exists()
