"""Frames between two pictures of a clip: mixed in the right share, or made where the movement is at that moment; never
across a cut."""

import os
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from fractions import Fraction
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pytest
from desk_making import film
from numpy.typing import NDArray
from piece_making import Planes, pictures_in, rendered, shot_order, source_of

from crowdcut.conform.motion import motion_for, motion_told, pace_told, shares_off, way_told
from crowdcut.conform.sampling import HELD, MIX_STEPS, share_of_next
from crowdcut.orders import Layer, Motion, PictureOrder, Raster, Video
from crowdcut.plan import Job, Plan
from examples.makers import write_clip
from examples.makers.footage import texture
from renderers.frames.between import Between
from renderers.patch import Patch, patch_from_opaque

RASTER = Raster(width=192, height=108, rate=Fraction(24))
RATE = Fraction(10)
FINE = {"preset": "ultrafast", "crf": "6"}
STEP, RADIUS = 9.0, 18
"""Pixels that the disc moves from picture to picture, and its size."""
_GROUND = (texture(192, 108, seed=1) // 4).astype(np.uint8)


def _disc(number: float) -> NDArray[np.uint8]:
    """A bright disc with some texture that crosses a dark, still ground."""
    y, x = np.mgrid[:108, :192].astype(np.float32)
    middle = 24 + STEP * number
    inside = np.clip(RADIUS + 0.5 - np.hypot(x - middle, y - 54), 0, 1)[..., None]
    shine = 200 + 20 * np.sin((x - middle) * 0.9 + y * 0.6)[..., None]
    return np.rint(_GROUND * (1 - inside) + shine * inside).astype(np.uint8)


def _cut(number: int) -> NDArray[np.uint8]:
    """Two takes: a pan over one ground, and from picture 6 on a pan over another."""
    ground = texture(320, 108, seed=2 if number < 6 else 3)
    return np.ascontiguousarray(ground[:, 4 * number : 4 * number + 192])


def _clip(folder: Path, picture: Callable[[int], NDArray[np.uint8]], frames: int = 12) -> Path:
    return write_clip(folder / "a.mp4", width=192, height=108, rate=RATE, frames=frames, picture=picture, options=FINE)


def _piece(clip: Path, motion: Motion, frames: int, **more: Any) -> tuple[list[Planes], dict[str, Any], PictureOrder]:
    source = source_of(clip, raster=RASTER)
    assert isinstance(source, Video)
    order = shot_order(replace(source, motion=motion, **more), frames, raster=RASTER)
    facts = rendered(order, clip.parent, clip.parent / "piece.mp4")
    return pictures_in(clip.parent / "piece.mp4"), facts, order


def _edges(luma: NDArray[np.uint8]) -> tuple[float, float]:
    """Where the disc begins and ends in the middle rows, in parts of a pixel."""
    row = luma[52:57].astype(float).mean(axis=0)
    bright = np.nonzero(row > 110)[0]
    left, right = int(bright[0]), int(bright[-1])
    return (
        left - (row[left] - 110) / (row[left] - row[left - 1]),
        right + (row[right] - 110) / (row[right] - row[right + 1]),
    )


def _errors(pictures: list[Planes], moments: list[Fraction]) -> list[float]:
    """How far the disc's edges are from where they are at source times, pixels."""
    found = []
    for (luma, _, _), moment in zip(pictures, moments, strict=True):
        wanted, seen = _edges(_luma(_disc(float(moment * RATE)))), _edges(luma)
        found.append(max(abs(one - other) for one, other in zip(wanted, seen, strict=True)))
    return found


def _luma(rgb: NDArray[np.uint8]) -> NDArray[np.uint8]:
    return patch_from_opaque(rgb).luma


def test_blend_mixes_in_the_share_of_the_moment(tmp_path: Path):
    clip = _clip(tmp_path, lambda number: np.full((108, 192, 3), 30 + 14 * number, np.uint8))
    moments = [Fraction(number, 24) for number in range(24)]
    due = [16 + (30 + 14 * float(moment * RATE)) * 219 / 255 for moment in moments]

    def errors(motion: Motion) -> float:
        pictures, facts, _ = _piece(clip, motion, 24)
        assert (facts["mixed"] == [None]) == (motion == "nearest")
        return max(abs(float(luma.mean()) - one) for (luma, _, _), one in zip(pictures, due, strict=True))

    assert errors("blend") < 1.5
    assert errors("nearest") > 6


def test_flow_puts_what_moves_where_it_is_at_the_moment(tmp_path: Path):
    clip = _clip(tmp_path, _disc)
    moments = [Fraction(number, 24) for number in range(24)]
    pictures, facts, order = _piece(clip, "flow", 24)
    (shown,), (mixed,) = facts["shown"], facts["mixed"]
    between = [number for number, moment in enumerate(moments) if (moment * RATE).denominator != 1]
    made = [number for number in between if mixed[number] > 0]
    assert len(made) >= 0.9 * len(between)
    errors = _errors(pictures, moments)
    assert max(errors[number] for number in made) <= 0.5
    assert shares_off(order.stack[0], shown, mixed, RASTER.rate) == []
    # The others leave it behind, or show it twice.
    for motion in ("nearest", "blend"):
        plain, _, _ = _piece(clip, motion, 24)
        assert max(_errors(plain, moments)) > 2


def test_slow_motion_has_a_picture_for_each_frame(tmp_path: Path):
    clip = _clip(tmp_path, _disc)
    speed = Fraction(1, 4)
    moments = [speed * number / 24 for number in range(48)]
    pictures, facts, _ = _piece(clip, "flow", 48, speed=speed)
    assert facts["mixed"][0].count(HELD) == 0
    assert sum(error <= 0.5 for error in _errors(pictures, moments)) >= 0.9 * 48
    backwards, _, _ = _piece(clip, "flow", 48, speed=-speed, start=moments[-1])
    assert max(_errors(backwards, moments[::-1])) < 1


@pytest.mark.parametrize("motion", ["blend", "flow"])
def test_nothing_is_made_across_a_cut(tmp_path: Path, motion: Motion, monkeypatch: pytest.MonkeyPatch):
    clip = _clip(tmp_path, _cut)
    takes = [_luma(_cut(number)).astype(int) for number in (5, 6)]

    def nearest_take(luma: NDArray[np.uint8]) -> float:
        """Mean difference from the take that a picture is nearer to, where one of two is what is on screen."""
        return min(float(np.abs(luma.astype(int) - take).mean()) for take in takes)

    pictures, facts, _ = _piece(clip, motion, 26)
    (mixed,) = facts["mixed"]
    across = [number for number in range(26) if 5 < Fraction(number, 24) * RATE < 6]
    assert [number for number, one in enumerate(mixed) if one == HELD] == across
    assert max(nearest_take(pictures[number][0]) for number in across) < 3
    if motion == "blend":
        monkeypatch.setattr("renderers.frames.movement._STRANGE_SHARE", (1, 1))
        mixtures, facts, _ = _piece(clip, motion, 26)
        assert HELD not in facts["mixed"][0]
        assert max(nearest_take(mixtures[number][0]) for number in across) > 10


def _patches(*pictures: NDArray[np.uint8]) -> list[tuple[Patch, ...]]:
    return [(patch_from_opaque(picture),) for picture in pictures]


@pytest.mark.parametrize("motion", ["blend", "flow"])
def test_cuts_are_told_from_movement(motion: Motion):
    worlds = [texture(480, 270, seed=seed) for seed in range(6)]
    grain = np.random.default_rng(9)

    def seen(world: int, left: int, top: int = 30, width: int = 320) -> NDArray[np.uint8]:
        part = worlds[world][top : top + width * 9 // 16, left : left + width]
        picture = cv2.resize(np.ascontiguousarray(part), (320, 180), interpolation=cv2.INTER_AREA).astype(float)
        return np.clip(picture + grain.normal(0, 3, picture.shape), 0, 255).astype(np.uint8)

    for world in range(5):
        for pair in (
            (seen(world, 40), seen(world, 80)),  # an eighth of the picture from one to the next
            (seen(world, 40, 30), seen(world, 34, 48)),
            (seen(world, 40, width=320), seen(world, 50, 36, width=296)),  # a zoom
        ):
            assert Between(*_patches(*pair), motion).at(128) is not None
        for pair in ((seen(world, 40), seen(world + 1, 40)), (seen(world, 0, 0), 255 - seen(world, 0, 0))):
            assert Between(*_patches(*pair), motion).at(128) is None
    red, green = (np.full((180, 320, 3), colour, np.uint8) for colour in ((200, 40, 40), (20, 93, 20)))
    assert abs(int(_luma(red)[0, 0]) - int(_luma(green)[0, 0])) < 4
    assert Between(*_patches(red, green), motion).at(128) is None


@pytest.mark.parametrize("motion", ["blend", "flow"])
def test_what_moves_before_a_sky_is_followed(motion: Motion, monkeypatch: pytest.MonkeyPatch):
    """A bird before a sky in which there is nothing but a coder's blocks, which come and go."""
    blocks = np.random.default_rng(4)

    def seen(left: int) -> NDArray[np.uint8]:
        sky = 90 + blocks.integers(0, 4, (23, 40, 1), np.uint8).repeat(8, 0).repeat(8, 1)[:180]
        picture = np.broadcast_to(sky, (180, 320, 3)).copy()
        cv2.ellipse(picture, (left, 80), (24, 10), 15, 0, 360, (230, 230, 230), -1)
        return picture

    pair = _patches(seen(150), seen(156))
    assert Between(*pair, motion).at(128) is not None
    monkeypatch.setattr("renderers.frames.movement._STILL_CODES", -1)
    assert Between(*pair, motion).at(128) is None


_DIGEST = """
import hashlib, numpy as np
from examples.makers.footage import texture
from renderers.frames.between import Between
from renderers.patch import patch_from_opaque
world = texture(400, 240, seed=4)
first, second = ((patch_from_opaque(world[20 + n : 200 + n, 10 + 3 * n : 330 + 3 * n].copy()),) for n in (0, 3))
made = Between(first, second, "flow").at(100)[0]
print(hashlib.sha256(b"".join(plane.tobytes() for plane in (made.luma, made.cb, made.cr))).hexdigest())
"""


def test_the_same_picture_is_made_on_lesser_processors():
    def digest(**setting: str) -> str:
        told = subprocess.run(
            [sys.executable, "-c", _DIGEST], env={**os.environ, **setting}, capture_output=True, text=True, check=True
        )
        return told.stdout

    assert digest() == digest(OPENCV_CPU_DISABLE="AVX512-SKX,AVX2,AVX,FP16,SSE4.2,SSE4.1", OPENCV_IPP="disabled")


def test_frames_are_made_only_where_the_rate_is_another():
    picture = film(rate=Fraction(24)).picture
    assert picture is not None
    assert motion_for(picture, "flow", Fraction(1), Fraction(24)) == "nearest"
    assert motion_for(picture, "flow", Fraction(-1), Fraction(24)) == "nearest"
    assert motion_for(picture, "flow", Fraction(1, 2), Fraction(24)) == "flow"
    assert motion_for(picture, "flow", Fraction(0), Fraction(25)) == "nearest"
    assert motion_for(picture, "blend", Fraction(1), Fraction(25)) == "blend"
    assert motion_for(picture, "nearest", Fraction(1), Fraction(25)) == "nearest"
    assert motion_for(replace(picture, constant=False), "flow", Fraction(1), Fraction(24)) == "flow"


def test_the_share_is_that_of_the_time():
    picture = film(rate=Fraction(25)).picture
    assert picture is not None
    tick = 12800 // 25
    assert share_of_next(picture, 0, tick, Fraction(1, 100)) == MIX_STEPS // 4
    assert share_of_next(picture, 0, tick, Fraction(0)) == 0
    assert share_of_next(picture, 0, None, Fraction(1, 100)) == 0
    assert share_of_next(picture, 0, 10 * tick, Fraction(1, 100)) == 0  # a picture that is meant to stand


def test_the_ledger_finds_a_share_that_is_not_the_plans(tmp_path: Path):
    _, facts, order = _piece(_clip(tmp_path, _disc), "blend", 12)
    (shown,), (mixed,) = facts["shown"], facts["mixed"]
    layer: Layer = order.stack[0]
    assert shares_off(layer, shown, mixed, RASTER.rate) == []
    wrong = [one if number != 4 else one + 9 for number, one in enumerate(mixed)]
    assert shares_off(layer, shown, wrong, RASTER.rate) == [4]
    assert shares_off(layer, shown, [None] * 12, RASTER.rate) == list(range(12))


def test_the_record_tells_what_was_made_and_what_was_held(tmp_path: Path):
    _, facts, order = _piece(_clip(tmp_path, _cut), "flow", 26)
    jobs = tuple(Job(kind="picture", order=order, key=key, files={"a.mp4": Path("a.mp4")}) for key in ("a", "b"))
    plan = Plan(
        pictures=jobs, starts=(0, 26), shots=("one/1", "one/1"), sounds=(), mix=jobs[0], finish=jobs[0], master=jobs[0]
    )
    made = sum(one > 0 for one in facts["mixed"][0])
    held = facts["mixed"][0].count(HELD)
    told = motion_told(plan, {"a": facts, "b": facts}, {Path("a.mp4"): "pan"})["one/1", "pan"]
    assert told.startswith(f"{2 * made} frames were made between pictures, {2 * held} held")
    slow, backwards = pace_told(Fraction(-1, 2))
    assert slow.startswith("played at 0.5 times its speed")
    assert "backwards" in backwards
    assert pace_told(Fraction(1)) == []
    assert "optical flow" in way_told("flow")
