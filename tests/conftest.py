"""Shared by all tests: goldens, and a tiny library that is made once a session."""

import json
from collections.abc import Callable
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from examples.makers import coded_picture, tone, write_clip, write_sound, write_still

GOLDENS = Path(__file__).with_name("goldens")

LISTING = """\
[[contributor]]
id = "ana"
name = "Ana Ruiz"
[[contributor]]
id = "bo"
name = "Bo"
[[contribution]]
id = "walk"
file = "walk.mp4"
by = ["ana"]
[[contribution]]
id = "sea"
file = "sea.webm"
by = ["bo"]
[[contribution]]
id = "drawing"
file = "drawing.png"
by = ["bo"]
[[contribution]]
id = "song"
file = "song.wav"
by = ["ana"]
"""


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--update-goldens", action="store_true", help="rewrite tests/goldens from what is found")


@pytest.fixture
def golden(request: pytest.FixtureRequest) -> Callable[[str, Any], None]:
    """Hold plain data against a golden document, or write it anew under ``--update-goldens``."""

    def held(name: str, found: Any) -> None:
        file = GOLDENS / f"{name}.json"
        if request.config.getoption("--update-goldens"):
            file.write_text(json.dumps(found, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
        wanted = json.loads(file.read_text(encoding="utf-8"))
        assert found == wanted, f"{file.name} differs; if it should, run pytest --update-goldens and look at the diff"

    return held


@pytest.fixture(scope="session")
def tiny_library(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder of two coded clips with tones (4 s at 25, 3 s at 30 frames a second), a drawing with clear parts and a
    song, with ``contributions.toml``. The same bytes each time; nobody may write in it."""
    folder = tmp_path_factory.mktemp("library")
    sound = tone(seconds=4, peak_dbfs=-12)
    write_clip(folder / "walk.mp4", width=320, height=180, frames=100, sound=sound)
    sea = coded_picture(192, 144, first=1000)
    write_clip(
        folder / "sea.webm", width=192, height=144, rate=Fraction(30), frames=90, picture=sea, codec="libvpx",
        sound=tone(seconds=3, peak_dbfs=-18, hertz=440.0),
    )  # fmt: skip
    drawing = np.zeros((90, 120, 4), np.uint8)
    drawing[20:70, 30:90] = (200, 40, 40, 255)
    write_still(folder / "drawing.png", drawing)
    write_sound(folder / "song.wav", tone(seconds=6, peak_dbfs=-9, hertz=220.0), rate=48_000)
    (folder / "contributions.toml").write_text(LISTING, encoding="utf-8")
    return folder
