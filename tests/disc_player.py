"""Players for tests: libdvdnav in a child process, lsdvd's list, and ffmpeg's ``dvdvideo`` demuxer.

They are installed by ``.ci/run``, which also sets ``CROWDCUT_PLAYED=required``: then a test that cannot play fails.
Without it such a test is skipped with the names of the packages.
"""

import ctypes.util
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections import deque
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from threading import Timer
from types import TracebackType
from typing import Any, Self
from xml.etree import ElementTree

import imageio_ffmpeg
import numpy as np
import pytest
from disc_navigator import LIBRARY
from numpy.typing import NDArray
from vob_reading import first_code_in

REQUIRED = "CROWDCUT_PLAYED"
_NAVIGATOR = Path(__file__).with_name("disc_navigator.py")
_PROGRAM_SECONDS = 60
MOST_BLOCKS = 200_000
"""400 MB."""
_GLIMPSE_BLOCKS = 120
"""In which the first picture of a place ends: 240 kB, more than a picture may take."""
KEYS = ("up", "down", "left", "right")


def missing_packages() -> list[str]:
    """Debian's names of what is needed to play discs and is not there."""
    programs = {"lsdvd": "lsdvd", "dvdauthor": "dvdauthor", "spumux": "dvdauthor", "genisoimage": "genisoimage"}
    missing = {package for program, package in programs.items() if shutil.which(program) is None}
    try:
        ctypes.CDLL(LIBRARY)
    except OSError:
        missing.add("libdvdnav4")
    return sorted(missing)


def need_players() -> None:
    """Skip the test, or fail it where playing is required, if something is missing."""
    if missing := missing_packages():
        reason = f"discs cannot be played: apt-get install {' '.join(missing)}"
        if os.environ.get(REQUIRED) == "required":
            pytest.fail(f"{reason} ({REQUIRED}=required)")
        pytest.skip(reason)


class PlayerLost(Exception):
    """The player crashed, hung or refused; the message says which, with its last words."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where a player is."""

    domain: str
    """"first play", "manager menu", "titleset menu" or "title"."""
    titleset: int = 0
    title: int = 0
    part: int = 0
    vob: int = 0
    """In its domain: tells menus apart."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SeenButton:
    """A button as a navigation pack has it."""

    box: tuple[int, int, int, int]
    """Left, top, right, bottom."""
    keys: tuple[int, int, int, int]
    """Where up, down, left and right lead."""
    command: str
    runs_at_once: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Played:
    """What came of a stretch of playing."""

    reason: str
    """What was waited for, or "still", "stop", or "blocks" where nothing of it came."""
    place: Place
    buttons: tuple[SeenButton, ...]
    lit: int
    """The number of the button that is lit, 0 where there are none."""
    events: tuple[dict[str, Any], ...]
    blocks: bytes
    """Navigation packs included; empty where they were not kept."""

    def of(self, kind: str) -> list[dict[str, Any]]:
        """The events of a kind."""
        return [one for one in self.events if one["kind"] == kind]


def _place(told: dict[str, Any]) -> Place:
    return Place(**{name: told[name] for name in Place.__dataclass_fields__})


def _button(told: dict[str, Any]) -> SeenButton:
    keys = tuple(told["keys"][name] for name in KEYS)
    return SeenButton(
        box=tuple(told["box"]), keys=keys, command=told["command"], runs_at_once=told["runs_at_once"]
    )  # fmt: skip


class Player:
    """libdvdnav with a disc in it. Every answer comes within ``answer_seconds``, or PlayerLost is raised."""

    def __init__(self, image: Path, *, answer_seconds: float = 60):
        self.answer_seconds = answer_seconds
        self._words = tempfile.TemporaryFile()  # noqa: SIM115 - closed at the end of the with block
        self._folder = tempfile.TemporaryDirectory()
        self._child = subprocess.Popen(
            [sys.executable, str(_NAVIGATOR), str(image)],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=self._words, text=True,
        )  # fmt: skip

    def __enter__(self) -> Self:
        try:
            self._answer("open")
        except PlayerLost:
            self._end()
            raise
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._end()

    def _end(self) -> None:
        self._child.kill()
        self._child.communicate()
        self._words.close()
        self._folder.cleanup()

    def _answer(self, asked: str) -> dict[str, Any]:
        """The child's next answer."""
        assert self._child.stdout
        timer = Timer(self.answer_seconds, self._child.kill)
        timer.start()
        line = self._child.stdout.readline()
        late = timer.finished.is_set()
        timer.cancel()
        lost = f"no answer in {self.answer_seconds} s" if late else "the player is gone"
        answer = json.loads(line) if line else {"trouble": lost}
        if "trouble" in answer:
            self._words.seek(0)
            last = self._words.read()[-2000:].decode(errors="replace")
            raise PlayerLost(f"{asked}: {answer['trouble']}\n{last}")
        return answer

    def _ask(self, do: str, **order: Any) -> dict[str, Any]:
        assert self._child.stdin
        with suppress(BrokenPipeError):
            print(json.dumps({"do": do, **order}), file=self._child.stdin, flush=True)
        return self._answer(f"{do} {order}")

    def run(self, until: str, *, most_blocks: int = MOST_BLOCKS, keep: bool = False) -> Played:
        """Play until "buttons", "cell", "menu", "title" or "blocks" (see disc_navigator)."""
        kept = Path(self._folder.name, "kept")
        told = self._ask("run", until=until, most_blocks=most_blocks, keep=str(kept) if keep else None)
        return Played(
            reason=told["reason"],
            place=_place(told["place"]),
            buttons=tuple(map(_button, told["buttons"])),
            lit=told["lit"],
            events=tuple(told["events"]),
            blocks=kept.read_bytes() if keep else b"",
        )

    def press(self, key: str) -> int:
        """Press an arrow key or "enter"; the number of the button that is lit then (0 after "enter")."""
        return self._ask("press", key=key).get("lit", 0)

    def restart(self) -> Played:
        """Take the disc out and put it in again: first play, until the first menu's buttons."""
        self._ask("restart")
        return self.run("buttons")

    def call(self, menu: str) -> Played:
        """Press a menu key of the remote: "title", "root", "chapters", "subpicture"."""
        self._ask("menu", name=menu)
        return self.run("cell")

    def go_to(self, title: int, part: int) -> Played:
        """Search for a chapter."""
        self._ask("part", title=title, part=part)
        return self.run("cell")

    def titles(self) -> list[dict[str, Any]]:
        """Of every title: parts, the ticks at which each ends, and the title's ticks (90 kHz)."""
        return self._ask("titles")["titles"]

    def languages(self) -> dict[str, list[str]]:
        """The languages of "sound" and "subpictures" in the titleset that is being played."""
        return self._ask("languages")

    def glimpse(self) -> int | None:
        """The code of the next picture that begins."""
        return first_code_in(self.run("blocks", most_blocks=_GLIMPSE_BLOCKS, keep=True).blocks)

    def light(self, seen: Played, button: int) -> None:
        """Move to a button by arrow keys alone, from the one that is lit."""
        for key in keys_to(seen, button):
            self.press(key)


def keys_to(seen: Played, button: int) -> list[str]:
    """The arrow keys that lead from the lit button to another; raises AssertionError where none do."""
    ways: dict[int, list[str]] = {seen.lit: []}
    waiting = deque(ways)
    while waiting:
        at = waiting.popleft()
        for key, leads in zip(KEYS, seen.buttons[at - 1].keys, strict=True):
            if leads not in ways:
                ways[leads] = [*ways[at], key]
                waiting.append(leads)
    assert button in ways, f"no arrow keys lead from button {seen.lit} to {button} at {seen.place}"
    return ways[button]


def listed(image: Path) -> ElementTree.Element:
    """What lsdvd says of a disc."""
    found = subprocess.run(
        ["lsdvd", "-x", "-Ox", str(image)], capture_output=True, check=True, timeout=_PROGRAM_SECONDS
    )  # fmt: skip
    text = found.stdout.decode("utf-8", errors="replace")
    # Its marks are not all escaped ("P&S + Letter"), and the library speaks first.
    return ElementTree.fromstring(re.sub(r"&(?!\w+;)", "&amp;", text[text.index("<?xml") :]))


def ffmpeg(image: Path, *output: str, **options: int) -> bytes:
    """What ffmpeg's ``dvdvideo`` demuxer makes of a disc, on standard output. ``options``: title=1, chapter_start=2,
    or menu=1, menu_vts=0, pgc=1 ..."""
    command = [imageio_ffmpeg.get_ffmpeg_exe(), "-nostdin", "-hide_banner", "-v", "error", "-f", "dvdvideo"]
    for name, number in options.items():
        command += [f"-{name}", str(number)]
    found = subprocess.run([*command, "-i", str(image), *output, "-"], capture_output=True, timeout=_PROGRAM_SECONDS)
    assert found.returncode == 0, found.stderr.decode(errors="replace")
    return found.stdout


def luma_by_ffmpeg(image: Path, height: int, **options: int) -> NDArray[np.uint8]:
    """The luma of every picture that ffmpeg shows, (n, height, 720)."""
    raw = ffmpeg(image, "-an", "-sn", "-fps_mode", "passthrough", "-pix_fmt", "gray", "-f", "rawvideo", **options)
    return np.frombuffer(raw, np.uint8).reshape(-1, height, 720)


def subpicture_times_by_ffmpeg(image: Path, stream: int, **options: int) -> list[float]:
    """The seconds at which each caption of a subpicture stream begins, as ffmpeg's demuxer has them."""
    text = ffmpeg(image, "-map", f"0:s:{stream}", "-c", "copy", "-f", "framemd5", **options).decode()
    base = re.search(r"#tb 0: (\d+)/(\d+)", text)
    assert base
    lines = [line.split(",") for line in text.splitlines() if not line.startswith("#")]
    return [int(line[2]) * int(base[1]) / int(base[2]) for line in lines]
