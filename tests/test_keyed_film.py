"""Keyed shots and layers on their way: one screen for a shot, pieces that wait for it, and what is seen behind."""

from pathlib import Path

import cv2
import numpy as np
import pytest
from key_making import before_screen
from small_film import film_of, lay_episode, quiet, wish_for
from studio_making import Studio

from crowdcut.findings import BuildFailed, Refused
from crowdcut.plan import Plan
from examples.makers import write_clip, write_still
from farm.build import built
from farm.report import read_report

WIDE, HIGH = 320, 180
POND = 'use = "pond"\nfor = 2\n'
LISTING = """\
[[contributor]]
id = "ana"
name = "Ana"
[[contribution]]
id = "dance"
file = "dance.mp4"
by = ["ana"]
[[contribution]]
id = "wall"
file = "wall.png"
by = ["ana"]
"""
EPISODE = """\
format = 1
title = "Keyed"
library = ["{library}"]
rate = "25"
delivery = ["tiny"]
[profile.tiny]
extends = "web"
size = [320, 180]
video = {{ preset = "ultrafast", crf = "16" }}
[[scene]]
id = "one"
[[scene.shot]]
use = "dance"
key = "green"
[[scene.shot]]
use = "wall"
for = "6f"
[[scene.shot.layer]]
use = "dance"
key = {{ colour = "#34A84A" }}
[[scene.shot]]
use = [{{ use = "dance", key = "green", fit = "cover" }}, "wall"]
layout = "split"
for = "6f"
"""


@pytest.fixture
def studio(tmp_path: Path) -> Studio:
    return Studio(tmp_path)


def _keys(plan: Plan) -> dict[str, str]:
    return {job.label: job.key for job in plan.jobs}


def _changed(before: Plan, after: Plan) -> set[str]:
    return {label for label, key in _keys(after).items() if key not in _keys(before).values()}


def test_a_shot_has_one_screen_and_all_its_pieces_wait_for_it(studio: Studio) -> None:
    assert studio.plan().screens == ()
    studio.rewrite('use = "walk"', 'use = "walk"\nkey = "green"')
    plan = studio.plan()
    (screen,) = plan.screens
    waiting = {job.label for job in plan.pictures if screen.key in job.jobs.values()}
    assert waiting == {"one/1 [1/2]", "one/1 [2/2]", "one/2 [1/2]"}  # the dissolve shows it too
    assert all(not job.jobs for job in plan.pictures if job.label not in waiting)


def test_a_key_reaches_its_shot_and_nothing_else(studio: Studio) -> None:
    before = studio.plan()
    studio.rewrite(POND, f'{POND}key = "green"\nin = 1.04\n')
    keyed = studio.plan()
    screen = "measuring the green screen of pond"
    assert {label for label in _changed(before, keyed) if not label.startswith("sound")} >= {"one/3", screen}
    assert not any(label.startswith(("two", "one/1", "one/2")) for label in _changed(before, keyed))
    # Where it begins a frame later, it keeps its screen.
    studio.rewrite("in = 1.04", "in = 1.08")
    assert screen not in _changed(keyed, studio.plan())


def test_a_view_that_moves_has_the_screen_of_the_whole_picture(studio: Studio) -> None:
    studio.rewrite(POND, f'{POND}key = "green"\nken_burns = "in"\n')
    nearer = studio.plan()
    (screen,) = nearer.screens
    conversion = screen.order.source.conversion
    assert (screen.order.raster.width, screen.order.raster.height) == (conversion.box.width, conversion.box.height)
    studio.rewrite('ken_burns = "in"', 'ken_burns = "out"')
    assert {job.key for job in studio.plan().screens} == {screen.key}
    assert "one/3" in _changed(nearer, studio.plan())


@pytest.mark.parametrize("module", ["renderers/screens/keying.py", "renderers/screens/matte.py", "renderers/screen.py"])
def test_the_keyers_code_is_in_the_keys_of_what_is_keyed_alone(studio: Studio, module: str) -> None:
    studio.rewrite(POND, f'{POND}key = "blue"\n')
    before = studio.plan()
    studio.edit(module)
    assert {label for label in _changed(before, studio.plan()) if "screen" not in label} == {"one/3"}


def test_what_has_no_screen_is_told(studio: Studio) -> None:
    studio.rewrite('place = "top right 30%"', 'place = "top right 30%"\nkey = "green"')
    with pytest.raises(Refused) as refused:
        studio.plan()
    assert [(one.rule, one.where.key) for one in refused.value.findings] == [("nothing-to-key", "key")]


def _library(folder: Path, *, green: bool) -> Path:
    folder.mkdir()
    drawn = before_screen(WIDE, HIGH) if green else lambda number: np.full((HIGH, WIDE, 3), 90 + number, np.uint8)
    write_clip(folder / "dance.mp4", width=WIDE, height=HIGH, frames=6, picture=drawn)
    write_still(folder / "wall.png", np.full((HIGH, WIDE, 3), (180, 60, 40), np.uint8))
    (folder / "contributions.toml").write_text(LISTING, encoding="utf-8")
    return folder


def _frames(film: Path, count: int) -> list[np.ndarray]:
    capture = cv2.VideoCapture(str(film))
    return [capture.read()[1][..., ::-1].astype(int) for _ in range(count)]


def test_a_film_shows_what_is_behind_the_performer(tmp_path: Path) -> None:
    manifest = lay_episode(tmp_path / "keyed", _library(tmp_path / "library", green=True), EPISODE)
    report = read_report(built(wish_for(manifest), quiet).with_suffix(".json"))
    assert report["deliveries"][0]["verified"]
    frames = _frames(film_of(manifest), 18)
    jacket = np.s_[150:170, 140:155]
    for frame in (*frames[:6], *frames[8:10]):  # the layer comes and goes softly
        assert abs(frame[jacket].mean(axis=(0, 1)) - 128).max() < 25
    for frame in frames:
        assert (frame[..., 1] - np.maximum(frame[..., 0], frame[..., 2])).max() < 60  # no green is left anywhere
    for frame in frames[:6]:
        assert abs(frame[:20].mean(axis=(0, 1)) - frame[:20, :20].mean(axis=(0, 1))).max() < 6
    for frame in frames[12:]:  # in a cell as on a screen of its own
        assert abs(frame[150:170, 60:75].mean(axis=(0, 1)) - 128).max() < 25
        assert abs(frame[:20, :20].mean(axis=(0, 1)) - frames[0][:20, :20].mean(axis=(0, 1))).max() < 6
        assert abs(frame[80:100, 230:250].mean(axis=(0, 1)) - (180, 60, 40)).max() < 8
    for frame in frames[6:12]:
        assert abs(frame[:20, :20].mean(axis=(0, 1)) - (180, 60, 40)).max() < 8


def test_a_clip_without_a_screen_fails_by_name(tmp_path: Path) -> None:
    manifest = lay_episode(tmp_path / "keyed", _library(tmp_path / "library", green=False), EPISODE)
    with pytest.raises(BuildFailed) as failed:
        built(wish_for(manifest), quiet)
    told = [one for one in failed.value.findings if one.rule == "no-screen"]
    assert {(one.where.file, one.where.shot) for one in told} == {("dance.mp4", f"one/{shot}") for shot in (1, 2, 3)}
