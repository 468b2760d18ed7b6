"""The command line: helps, exit codes, one clear message for each slip, and never a traceback."""

import json
import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import NamedTuple

import pytest
from small_film import CLI, film_of, lay_episode

from console.main import main
from console.terminal import complain, listening
from crowdcut.findings import Finding, Refused, Where
from farm.events import Event
from farm.wish import Wish

COMMANDS = ("demo", "new", "check", "plan", "build", "disc", "probe", "serve")


class Said(NamedTuple):
    code: int
    out: str
    err: str

    @property
    def events(self) -> list[dict]:
        return [json.loads(line) for line in self.out.splitlines()]


@pytest.fixture
def crowdcut(monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]) -> Iterator:
    """Run the command in this process."""
    handlers = {number: signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)}

    def run(*arguments: str | Path) -> Said:
        monkeypatch.setattr(sys, "argv", ["crowdcut", *map(str, arguments)])
        capfd.readouterr()
        code = 0
        try:
            main()
        except SystemExit as stop:
            code = stop.code if isinstance(stop.code, int) else int(stop.code is not None)
        return Said(code, *capfd.readouterr())

    yield run
    for number, handler in handlers.items():
        signal.signal(number, handler)


@pytest.fixture
def episode(tiny_library: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("CROWDCUT_STORE", str(tmp_path / "store"))
    return lay_episode(tmp_path / "small", tiny_library)


@pytest.mark.parametrize("command", COMMANDS)
def test_each_command_has_help_that_teaches(crowdcut, command: str):
    said = crowdcut(command, "--help")
    assert said.code == 0
    assert "Traceback" not in said.err
    text = re.sub(r"[^\x20-\x7e]+", " ", said.out)
    assert len(text.split()) > 25
    for option in re.findall(r"--[a-z-]+", text):
        assert option == "--help" or re.search(rf"{option}\b.*?[A-Z][a-z]* [a-z]", said.out), (
            f"{option} is not explained"
        )


def test_help_lists_every_command_and_answers_quickly():
    started = time.process_time(), time.monotonic()
    before = os.times()
    said = subprocess.run([*CLI, "--help"], capture_output=True, text=True, check=True)
    after = os.times()
    assert all(command in said.stdout for command in COMMANDS)
    # Processor time, so that a busy machine does not fail it; half a second is what people are promised.
    assert after.children_user + after.children_system - before.children_user - before.children_system < 1.0
    assert time.monotonic() - started[1] < 10


def test_help_imports_nothing_heavy():
    code = (
        "import sys; from console import main; print([m for m in ('av', 'cv2', 'skia', 'numpy') if m in sys.modules])"
    )
    said = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert said.stdout.strip() == "[]"


def test_build_plan_and_check_of_a_film_that_holds(crowdcut, episode: Path):
    said = crowdcut("check", episode)
    assert said.code == 0
    assert said.out.splitlines()[-1].startswith("tiny: 5 shots, ")
    said = crowdcut("plan", episode)
    assert said.code == 0
    assert "in store" not in said.out
    assert re.search(r"todo +[0-9a-f]{8} +picture +24 frames +one/1", said.out)

    said = crowdcut("build", episode)
    assert said.code == 0
    film = film_of(episode)
    assert said.out.split() == [str(film), str(episode.parent / "build" / "report.html")]
    assert re.search(r"^rendering tiny: \d+ jobs$", said.err, re.MULTILINE)
    before = film.stat().st_mtime_ns

    said = crowdcut("build", episode, "--json")
    assert said.code == 0
    assert {event["kind"] for event in said.events} == {"way", "stage", "reused", "film", "report"}
    assert film.stat().st_mtime_ns == before

    said = crowdcut("plan", episode)
    assert "todo" not in said.out
    said = crowdcut("plan", episode, "--json")
    assert {event["kind"] for event in said.events} >= {"picture", "mix", "finish", "master"}
    assert all(event["stored"] and len(event["key"]) == 32 for event in said.events)


def refused(said: Said, code: int, *words: str) -> None:
    """One clear message on the standard error."""
    assert said.code == code, said
    assert "Traceback" not in said.err + said.out
    for word in words:
        assert word in said.err


def test_slips_have_one_clear_message(crowdcut, episode: Path, tmp_path: Path):
    build = tmp_path / "small" / "build"
    for arguments, words in (
        ((tmp_path / "nope.toml",), ("nope.toml", "No such file")),
        ((tmp_path,), ("it is no file",)),
        ((episode, "--delivery", "webb"), ('no profile "webb"', 'Did you mean "web"?')),
        ((episode, "--store", episode), ("cannot be written to", "--store")),
        ((episode, "--out", episode), ("cannot be written to", "--out")),
    ):
        refused(crowdcut("build", *arguments), 2, *words, "1 error")
        assert not build.exists()


def test_unreadable_manifests_and_libraries_are_told_apart(crowdcut, episode: Path, tmp_path: Path):
    binary = tmp_path / "binary.toml"
    binary.write_bytes(b"\xff\xfe\x00title")
    refused(crowdcut("check", binary), 2, "binary.toml")
    broken = tmp_path / "broken.toml"
    broken.write_text("format = 1\ntitle = \n", encoding="utf-8")
    refused(crowdcut("check", broken), 2, "broken.toml:2")
    lost = lay_episode(tmp_path / "lost", tmp_path / "no library")
    refused(crowdcut("check", lost), 2, "no library")
    text = episode.read_text(encoding="utf-8").replace('use = "sea"', 'use = "see"')
    episode.write_text(text, encoding="utf-8")
    refused(crowdcut("check", episode), 2, "episode.toml", "see", "Did you mean")


@pytest.mark.skipif(os.geteuid() == 0, reason="nothing is unreadable to root")
def test_a_file_without_rights_is_named(crowdcut, episode: Path):
    episode.chmod(0)
    refused(crowdcut("check", episode), 2, "episode.toml", "Permission denied")


def test_wrong_arguments_teach(crowdcut):
    for arguments in (("build",), ("bild",), ("build", "x.toml", "--workers", "-1"), ("build", "x.toml", "--fast")):
        said = crowdcut(*arguments)
        refused(said, 2, "Usage: ", "--help")
    assert "Usage" in crowdcut().out + crowdcut().err


def test_a_file_that_is_no_media_is_refused_and_placeholders_stand_in(
    crowdcut, episode: Path, tiny_library: Path, tmp_path: Path
):
    library = tmp_path / "library"
    library.mkdir()
    for file in tiny_library.iterdir():
        (library / file.name).write_bytes(bytes(range(256)) * 4 if file.name == "sea.webm" else file.read_bytes())
    episode = lay_episode(tmp_path / "small", library)
    refused(crowdcut("build", episode), 2, "[two/1]", "sea.webm", "--placeholder")
    assert not (tmp_path / "small" / "build").exists()
    said = crowdcut("build", episode, "--placeholder")
    assert said.code == 0, said
    assert "warning" in said.err
    assert film_of(episode).is_file()
    report = json.loads((tmp_path / "small" / "build" / "report.json").read_text(encoding="utf-8"))
    assert report["deliveries"][0]["placeholders"] == ["two/1"]


def test_check_lists_files_that_nobody_is_credited_for(crowdcut, episode: Path, tiny_library: Path, tmp_path: Path):
    library = tmp_path / "library"
    library.mkdir()
    for file in tiny_library.iterdir():
        (library / file.name).write_bytes(file.read_bytes())
    (library / "left over.wav").write_bytes((library / "song.wav").read_bytes())
    said = crowdcut("check", lay_episode(tmp_path / "small", library))
    assert said.code == 0, said
    assert "left over.wav" in said.out


def test_probe_says_what_a_file_is(crowdcut, tiny_library: Path, tmp_path: Path):
    said = crowdcut("probe", tiny_library / "walk.mp4")
    assert said.code == 0
    assert "h264, 320x180" in said.out
    said = crowdcut("probe", tiny_library / "sea.webm", "--json")
    assert said.events[0]["picture"]["codec"] == "vp8"
    refused(crowdcut("probe", tmp_path / "nothing.mov", tmp_path), 2, "nothing.mov", "it is a folder", "2 errors")


def test_probe_tells_what_a_delivery_does_to_a_file(crowdcut, tiny_library: Path):
    said = crowdcut("probe", tiny_library / "walk.mp4", "--delivery", "proxy", "--rate", "30000/1001")
    assert said.code == 0
    lines = said.out.splitlines()
    assert lines[0] == str(tiny_library / "walk.mp4")
    assert [line.split()[0] for line in lines if line[2:3] != " "][1:] == ["found", "done", "cost"]
    assert "(25 fps)" in said.out
    # 25 pictures a second in 29.97: the 119 frames show 99 of them.
    assert "17% of its frames repeat the picture before (20 of 119)" in said.out
    (event,) = crowdcut("probe", tiny_library / "walk.mp4", "--json").events
    assert event["delivery"] == "web"
    assert "enlarged 6.00 times" in event["record"]["cost"]
    refused(crowdcut("probe", tiny_library / "walk.mp4", "-d", "webb"), 2, "webb", "proxy")
    refused(crowdcut("probe", tiny_library / "walk.mp4", "--rate", "fast"), 2, "fast", "--rate 24")


def test_probe_writes_letters(crowdcut, episode: Path, tiny_library: Path, tmp_path: Path):
    (tmp_path / "notes.pdf").write_bytes(b"%PDF-1.7")
    said = crowdcut("probe", "--letter", "--to", "Ana", tiny_library / "walk.mp4", tmp_path / "notes.pdf")
    assert said.code == 0
    assert said.out.startswith("Hello Ana,\n\nthank you")
    assert "notes.pdf: Sorry, we cannot use this one. It is a PDF document" in said.out
    said = crowdcut("probe", "--letter", episode)
    assert said.code == 0
    ana, bo = re.split(r"^-+$", said.out, flags=re.MULTILINE)
    for letter, name, files in ((ana, "Ana Ruiz", "walk.mp4 song.wav"), (bo, "Bo", "sea.webm drawing.png")):
        assert letter.strip().startswith(f"Hello {name},")
        assert re.findall(r"^(\S+): It came through", letter, flags=re.MULTILINE) == sorted(files.split(), reverse=True)
    (event,) = crowdcut("probe", "--letter", "--json", "--to", "bo", episode).events
    assert event["to"] == "Bo"
    refused(crowdcut("probe", "--letter", "--to", "nobody", episode), 2, "nobody called nobody")


def test_json_tells_errors_as_events_too(crowdcut, episode: Path):
    said = crowdcut("build", episode, "--json", "--delivery", "webb")
    assert said.code == 2
    way, event = said.events
    assert way["text"] == "building directly"
    assert event["kind"] == "finding"
    assert event["finding"]["rule"] == "unknown-profile"
    assert "webb" in said.err


def test_findings_are_told_errors_last_and_counted(capsys: pytest.CaptureFixture[str]):
    complain(
        Finding(rule="x", severity=severity, found=f"[red]{severity}[/] thing")
        for severity in ("error", "note", "error", "warning")
    )
    assert capsys.readouterr().err.splitlines() == [
        "note [red]note[/] thing.",
        "warning [red]warning[/] thing.",
        "error [red]error[/] thing.",
        "error [red]error[/] thing.",
        "2 errors, 1 note, 1 warning",
    ]


def test_lines_for_logs_are_few(capsys: pytest.CaptureFixture[str]):
    with listening(as_json=False) as listener:
        for stage, reused in (("examining", 3), ("rendering", 1), ("joining", 0)):
            listener(Event(kind="stage", text=stage, jobs=3))
            for number in range(3):
                if number >= reused:
                    listener(Event(kind="started", text=f"job {number}"))
                listener(Event(kind="reused" if number < reused else "done", text=f"job {number}", frames=24))
        listener(Event(kind="retried", text="[bold]one/1"))
        listener(Event(kind="film", text="/films/a.mp4"))
    said = capsys.readouterr()
    assert said.out == "/films/a.mp4\n"
    assert said.err.splitlines() == [
        "examining: 3 jobs, nothing to do",
        "rendering: 3 jobs, 1 in the store",
        "joining: 3 jobs",
        "trying again: [bold]one/1",
    ]


def test_json_events_are_one_line_each(capsys: pytest.CaptureFixture[str]):
    finding = Finding(rule="x", found="two\nlines")
    with suppress(Refused), listening(as_json=True) as listener:
        listener(Event(kind="stage", text="examining", jobs=1))
        raise Refused(finding)
    lines = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert lines == [
        {"kind": "stage", "text": "examining", "jobs": 1},
        {"kind": "finding", "text": str(finding), "finding": {"rule": "x", "found": "two\nlines"}},
    ]


EVIL = os.fsdecode(b"\x1b]0;owned\x07\x1b[31m\xe9\xe2\x80\xae.mp4")
"""A file's name that sets a terminal's title and colour, and is no UTF-8."""


def harmless(text: str) -> bool:
    return all(letter.isprintable() for line in text.split("\n") for letter in line)


def test_a_files_name_does_nothing_to_the_terminal(crowdcut, tiny_library: Path, tmp_path: Path):
    (tmp_path / EVIL).write_bytes((tiny_library / "walk.mp4").read_bytes())
    said = crowdcut("probe", tmp_path / EVIL)
    assert said.code == 0, said
    assert "h264" in said.out
    assert harmless(said.out)
    assert "\\x1b]0;owned" in said.out
    (event,) = crowdcut("probe", "--json", tmp_path / EVIL).events
    assert event["file"] == str(tmp_path / EVIL)
    (tmp_path / EVIL).rename(tmp_path / f"not {EVIL}")
    said = crowdcut("probe", tmp_path / EVIL)
    refused(said, 2, "owned", "no such file")
    assert harmless(said.err)


def test_events_are_told_harmlessly(capsys: pytest.CaptureFixture[str]):
    finding = Finding(rule="x", severity="note", where=Where(file=EVIL), found=f"a fault in {EVIL}")
    for as_json in (False, True):
        with listening(as_json=as_json) as listener:
            listener(Event(kind="stage", text=f"rendering {EVIL}", jobs=1))
            listener(Event(kind="started", text=EVIL))
            listener(Event(kind="retried", text=EVIL))
            listener(Event(kind="finding", text=str(finding), finding=finding))
            listener(Event(kind="film", text=f"/films/{EVIL}"))
        said = capsys.readouterr()
        assert "owned" in said.out
        assert harmless(said.out + said.err)


def test_each_stage_is_counted_from_nothing(capsys: pytest.CaptureFixture[str]):
    with listening(as_json=False) as listener:
        for stage in ("first", "second"):
            listener(Event(kind="stage", text=stage, jobs=2))
            listener(Event(kind="reused", text="one"))
            listener(Event(kind="done", text="two"))
    assert capsys.readouterr().err.splitlines() == ["first: 2 jobs, 1 in the store", "second: 2 jobs, 1 in the store"]


def test_workers_are_counted_where_there_is_no_affinity(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.delattr(os, "sched_getaffinity", raising=False)
    monkeypatch.setattr(os, "cpu_count", lambda: 3)
    assert Wish(manifest=Path("episode.toml")).workers_meant == 3
    assert Wish(manifest=Path("episode.toml"), workers=2).workers_meant == 2
