"""What must never go wrong with a disc: an image under its name that is not whole, not its own or not verified."""

import errno
import hashlib
import json
import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest
from disc_film_making import laid_disc
from nights import is_due
from processes import is_running, wait_for, workers_of
from small_film import CLI, quiet

from console.main import main
from crowdcut.disc.disc import CAPACITIES
from crowdcut.findings import BuildFailed
from farm import disc_build
from farm.batches import _SECONDS
from farm.build import built
from farm.disc import built_disc
from farm.events import Event
from farm.report import read_report
from farm.wish import Wish
from renderers import JOBS


@dataclass(frozen=True, slots=True, kw_only=True)
class Built:
    """A disc that was built once, to be built again in other folders from the same store."""

    file: Path
    out: Path

    @property
    def store(self) -> Path:
        return self.file.parent / "store"

    def wish(self, out: Path, *, episode: int | None = None, workers: int = 2) -> Wish:
        manifest = self.file if episode is None else self.file.with_name(f"film{episode}.toml")
        profiles = () if episode is None else ("dvd-ntsc",)
        return Wish(manifest=manifest, store=self.store, out=out, workers=workers, deliveries=profiles)

    def copied(self, out: Path) -> Path:
        """The folder of its image, in ``out``."""
        shutil.copytree(self.out, out)
        return out / "dvd-ntsc"


@pytest.fixture(scope="module")
def disc(tmp_path_factory: pytest.TempPathFactory) -> Built:
    file = laid_disc(tmp_path_factory.mktemp("proof") / "discs", "ntsc")
    made = Built(file=file, out=file.parent / "out")
    built_disc(made.wish(made.out), quiet)
    return made


@pytest.fixture
def other_cut(disc: Built):
    """The same disc under another name in its menus: its root page is drawn anew."""
    text = disc.file.read_text(encoding="utf-8")
    disc.file.write_text(text.replace("Two Films", "Two New Films"), encoding="utf-8")
    yield
    disc.file.write_text(text, encoding="utf-8")


def image_digest(folder: Path) -> str:
    return hashlib.sha256((folder / "two.iso").read_bytes()).hexdigest()


def is_whole(folder: Path) -> bool:
    """Whether image, VIDEO_TS and checksums are there, each file as its checksum says and none without one."""
    sums = dict(reversed(line.split("  ")) for line in (folder / "two.sha256").read_text().splitlines())
    there = {
        *(file.name for file in folder.glob("*.iso")),
        *(str(file.relative_to(folder)) for file in (folder / "two.dvd").rglob("*.*")),
    }
    if there != set(sums) or "two.dvd/VIDEO_TS/VIDEO_TS.IFO" not in there:
        return False
    return all(hashlib.sha256((folder / name).read_bytes()).hexdigest() == digest for name, digest in sums.items())


def left_behind(*folders: Path) -> list[Path]:
    return [left for folder in folders for left in folder.rglob(".work-*")]


def done(events: list[Event]) -> list[str]:
    return [event.text for event in events if event.kind == "done"]


def test_an_unchanged_disc_is_neither_authored_nor_read_again(disc: Built, tmp_path: Path):
    folder = disc.copied(tmp_path / "out")
    events: list[Event] = []
    built_disc(disc.wish(tmp_path / "out"), quiet)
    before = (folder / "two.iso").stat()
    built_disc(disc.wish(tmp_path / "out"), events.append)
    after = (folder / "two.iso").stat()
    assert done(events) == []
    assert (after.st_ino, after.st_mtime_ns) == (before.st_ino, before.st_mtime_ns)
    assert is_whole(folder)


def _emptied(file: Path) -> None:
    file.write_bytes(b"")


@pytest.mark.parametrize(
    ("name", "harm"),
    [
        ("two.iso", Path.unlink),
        ("two.iso", _emptied),
        ("two.dvd/VIDEO_TS/VTS_02_0.BUP", _emptied),
        ("two.dvd/VIDEO_TS/VTS_01_1.VOB", Path.unlink),
        ("two.dvd/VIDEO_TS/mine.txt", _emptied),
    ],
)
def test_what_was_lost_or_changed_is_authored_again_to_the_same_bytes(
    disc: Built, tmp_path: Path, name: str, harm: Callable[[Path], None]
):
    folder = disc.copied(tmp_path / "out")
    digest = image_digest(folder)
    harm(folder / name)
    assert not is_whole(folder)
    events: list[Event] = []
    built_disc(disc.wish(tmp_path / "out"), events.append)
    assert done(events) == ["authoring the disc"]  # the image is the same to the byte, so its verdict holds
    assert is_whole(folder)
    assert image_digest(folder) == digest


def started(disc: Built, out: Path) -> subprocess.Popen[str]:
    words = (*CLI, "disc", str(disc.file), "--store", str(disc.store), "--out", str(out), "--workers", "2", "--json")
    pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE}
    return subprocess.Popen(words, text=True, start_new_session=True, **pipes)


def killed_at(process: subprocess.Popen[str], job: str, strike: Callable[[int], None]) -> None:
    """End a build as soon as a job of this kind has begun; none of its children lives on."""
    assert process.stdout is not None
    assert process.stderr is not None
    for line in process.stdout:
        event = json.loads(line)
        if event["kind"] == "started" and event.get("job") == job:
            break
    else:
        raise AssertionError(process.stderr.read())
    children = workers_of(process.pid)
    strike(process.pid)
    assert process.wait(timeout=30) == -signal.SIGKILL
    assert children
    assert wait_for(lambda: not any(map(is_running, children)), seconds=5)
    process.stdout.close()
    process.stderr.close()


def _group(pid: int) -> None:
    os.killpg(pid, signal.SIGKILL)


def _alone(pid: int) -> None:
    os.kill(pid, signal.SIGKILL)


@pytest.mark.skipif(not Path("/proc").is_dir(), reason="looks at processes in /proc")
@pytest.mark.usefixtures("other_cut")
def test_a_disc_that_is_killed_again_and_again_is_whole_or_not_there(disc: Built, tmp_path: Path):
    out = tmp_path / "out"
    folder = disc.copied(out)
    earlier = image_digest(folder)
    for job, strike in (("picture", _group), ("author", _alone), ("author", _group), ("verify", _group)):
        killed_at(started(disc, out), job, strike)
        assert image_digest(folder) == earlier  # of the earlier cut, with all that is its own
        assert is_whole(folder)
    (folder / "two.iso").unlink()
    killed_at(started(disc, out), "verify", _alone)
    assert not (folder / "two.iso").exists()
    assert left_behind(out)
    events: list[Event] = []
    built_disc(disc.wish(out), events.append)
    assert done(events) == ["authoring the disc", "verifying the disc"]  # what was rendered before the kills is there
    assert is_whole(folder)
    assert image_digest(folder) != earlier
    assert left_behind(out, disc.store) == []
    assert {file.name for file in folder.iterdir()} == {"titles", "two.iso", "two.dvd", "two.sha256"}


class Death(BaseException):
    """The process ends here."""


@pytest.mark.usefixtures("other_cut")
def test_between_any_two_steps_of_publishing_the_image_is_whole_or_not_there(disc: Built, tmp_path: Path, monkeypatch):
    out = tmp_path / "out"
    whole = []
    replace = os.replace
    for last in range(6):
        shutil.rmtree(out, ignore_errors=True)
        folder = disc.copied(out)
        steps = iter(range(last))

        def dying(source, target, steps=steps):
            if folder in (Path(target).parent, Path(source).parent) and next(steps, None) is None:  # noqa: B023
                raise Death
            replace(source, target)

        monkeypatch.setattr("farm.disc_files.os.replace", dying)
        try:
            built_disc(disc.wish(out), quiet)
        except Death:
            assert not (folder / "two.iso").exists() or is_whole(folder)
        else:
            whole.append(last)
            assert is_whole(folder)
    assert whole == [4, 5]  # four renames: it did end at each of them


def _full(*_: object) -> None:
    raise OSError(errno.ENOSPC, "No space left on device")


@pytest.mark.usefixtures("other_cut")
@pytest.mark.parametrize("where", ["shutil.move", "summed"])
def test_a_full_disk_ends_the_build_and_sets_the_earlier_cut_aside_whole(
    disc: Built, tmp_path: Path, monkeypatch, where: str
):
    out = tmp_path / "out"
    folder = disc.copied(out)
    with monkeypatch.context() as patched:
        patched.setattr(f"farm.disc_build.{where}", _full)
        with pytest.raises(BuildFailed) as failure:
            built_disc(disc.wish(out), quiet)
    assert [one.rule for one in failure.value.findings] == ["disk-full", "earlier-disc"]
    assert not (folder / "two.iso").exists()
    assert is_whole(folder / "two.earlier")
    assert left_behind(out, disc.store) == []
    built_disc(disc.wish(out), quiet)
    assert is_whole(folder)


@pytest.mark.usefixtures("other_cut")
def test_an_image_that_breaks_a_rule_is_not_published_and_the_rule_and_place_are_told(
    disc: Built, tmp_path: Path, monkeypatch
):
    out = tmp_path / "out"
    folder = disc.copied(out)
    move = shutil.move

    def spoiling(source: Path, target: Path) -> None:
        move(source, target)
        if target.suffix == ".iso":
            whole = target.read_bytes()
            at = whole.rindex(b"DVDVIDEO-VTS") + 0xFF  # what the format reserves, in the copy of the last titleset
            target.write_bytes(whole[:at] + b"\1" + whole[at + 1 :])

    monkeypatch.setattr(disc_build.shutil, "move", spoiling)
    with pytest.raises(BuildFailed) as failure:
        built_disc(disc.wish(out), quiet)
    rules = {one.rule for one in failure.value.findings}
    assert "backup" in rules, failure.value
    told = next(one for one in failure.value.findings if one.rule == "backup")
    assert "VTS_02_0.BUP" in str(told)
    assert not (folder / "two.iso").exists()
    assert left_behind(out) == []


def run(monkeypatch, capsys, *words: str) -> tuple[int, str]:
    """The command line's exit code and what it complained of."""
    monkeypatch.setattr(sys, "argv", ["crowdcut", *words])
    monkeypatch.setattr(signal, "signal", lambda *_: None)
    with pytest.raises(SystemExit) as left:
        main()
    return int(left.value.code or 0), capsys.readouterr().err


CAPTIONS = "1\n00:00:00,000 --> 00:00:02,000\n" + "\n".join(["many words in a line"] * 40) + "\n"


@pytest.mark.parametrize(
    ("change", "rule"),
    [
        ({"disc.toml": ("format = 1", 'format = 1\nlabel = "Zwei Filme!"')}, "Zwei Filme!"),
        ({"disc.toml": ('"film2.toml"]', ", ".join(f'"film{n}.toml"' for n in range(2, 101)) + "]")}, "99"),
        ({"disc.toml": ('profile = "dvd-ntsc"', 'profile = "web"')}, "web"),
        ({"en.srt": ("", CAPTIONS), "film2.toml": ("en.srt", "ja.srt")}, "en.srt"),
    ],
)
def test_what_a_disc_cannot_be_is_refused_before_anything_is_written(
    disc: Built, tmp_path: Path, monkeypatch, capsys, change: dict, rule: str
):
    folder = tmp_path / "discs"
    shutil.copytree(disc.file.parent, folder, ignore=shutil.ignore_patterns("store", "out"))
    for number in range(3, 101):
        (folder / f"film{number}.toml").write_bytes((folder / "film2.toml").read_bytes())
    for name, (old, new) in change.items():
        text = (folder / name).read_text(encoding="utf-8")
        (folder / name).write_text(text.replace(old, new, 1) if old else new, encoding="utf-8")
    out, store = str(tmp_path / "out"), str(disc.store)
    code, said = run(monkeypatch, capsys, "disc", str(folder / "disc.toml"), "--out", out, "--store", store)
    assert code == 2
    assert rule in said
    assert said.count("error ") == 1, said
    assert not (tmp_path / "out").exists()


def test_a_disc_that_cannot_hold_its_films_is_refused_with_the_numbers(
    disc: Built, tmp_path: Path, monkeypatch, capsys
):
    monkeypatch.setitem(CAPACITIES, "dvd-5", 100_000)
    out, store = str(tmp_path / "out"), str(disc.store)
    for words in (("disc", str(disc.file)), ("build", str(disc.file.with_name("film1.toml")))):
        code, said = run(monkeypatch, capsys, *words, "--out", out, "--store", store)
        assert code == 2
        assert "disc-too-long" in said or "all were black" in said, said
        assert not (tmp_path / "out").exists()


def test_an_episode_that_fails_costs_the_disc_and_keeps_the_others(disc: Built, tmp_path: Path, monkeypatch, capsys):
    out = tmp_path / "out"
    folder = disc.copied(out)
    (folder / "titles" / "film2.mpg").unlink()
    move = shutil.move

    def failing(source: Path, target: Path) -> None:
        if target.name == "film2.mpg":
            _full()
        move(source, target)

    monkeypatch.setattr("farm.film.shutil.move", failing)
    code, said = run(
        monkeypatch, capsys, "disc", str(disc.file), "--out", str(out), "--store", str(disc.store), "--workers", "1"
    )
    assert code == 1
    assert "the disk is full" in said
    assert not (folder / "two.iso").exists()
    assert (folder / "titles" / "film1.mpg").is_file()
    assert is_whole(folder / "two.earlier")


def _one_by_one(batches, work) -> None:
    for batch in batches:
        work(batch)


def test_batches_know_every_kind_of_job():
    assert {*_SECONDS, "picture"} == JOBS.keys()


def test_a_scheduled_build_makes_the_disc_of_an_episode_and_its_loss_is_due_the_next_night(disc: Built, tmp_path: Path):
    wish = disc.wish(tmp_path / "out", episode=1, workers=1)
    assert is_due(wish)
    report = read_report(built(wish, quiet, schedule=_one_by_one))
    (part,) = report["deliveries"]
    image = tmp_path / "out" / part["profile"] / part["disc"]["image"]
    assert image.is_file()
    assert not is_due(wish)
    image.unlink()
    assert is_due(wish)
    built(wish, quiet, schedule=_one_by_one)
    assert not is_due(wish)
    next(image.with_suffix(".dvd").rglob("*.BUP")).unlink()
    assert is_due(wish)
