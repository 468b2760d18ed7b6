"""What is shown of a picture: bars cropped and pictures never, a subject followed, a move without steps."""

from dataclasses import replace
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from piece_making import ROUGH, media_of, pictures_in, rendered, shot_order
from survey_making import surveyed

from crowdcut.conform.bars import area_inside_bars
from crowdcut.conform.conversion import conversion_for
from crowdcut.conform.focus import ACCELERATION_MAX, path_along
from crowdcut.conform.framing import Framing
from crowdcut.conform.geometry import Area, whole_raster
from crowdcut.conform.motion_path import eased, view_at
from crowdcut.conform.record import record_for
from crowdcut.episode import KenBurns, Place
from crowdcut.orders import Fit, Raster, Still, Video
from examples.makers import Picture, write_clip, write_still
from renderers.frames import moving as moving_views
from renderers.patch import Drawn
from renderers.sources import Setting, still

MIDDLE = (Fraction(1, 2), Fraction(1, 2))


def framed(path: Path, framing: Framing, *, fit: Fit, raster: Raster) -> Video | Still:
    """A file's picture as a source with a framing of its own."""
    media = media_of(path)
    assert media.picture is not None
    conversion = conversion_for(
        media.picture,
        fit=fit,
        focus=MIDDLE,
        region=whole_raster(raster),
        flatten=None,
        framing=framing,
    )
    if media.kind == "still":
        return Still(file=path.name, picture=media.picture, conversion=conversion)
    return Video(file=path.name, picture=media.picture, start=Fraction(0), conversion=conversion)


def _barred(top: int, bottom: int, extra: Any = None) -> Picture:
    """A clip of 320x180 with bars; ``extra`` draws on its frames."""
    random = np.random.default_rng(7).integers(40, 220, (180, 320, 3), np.uint8)

    def picture(number: int) -> Any:
        drawn = np.zeros((180, 320, 3), np.uint8)
        drawn[top : 180 - bottom] = np.roll(random, number, axis=1)[top : 180 - bottom]
        if extra is not None:
            extra(drawn, number)
        return drawn

    return picture


def _dark(drawn: Any, number: int) -> None:
    drawn[:] = 12
    drawn[70:110, 120 + number : 180 + number] = 200


def _logo(drawn: Any, number: int) -> None:
    drawn[6:14, 280:310] = 200


def _comes(drawn: Any, number: int) -> None:
    if number == 17:
        drawn[:] = 90


@pytest.mark.parametrize(
    ("top", "bottom", "extra", "inside"),
    [
        (22, 22, None, (22, 136)),
        (0, 0, None, (0, 180)),
        (0, 0, _dark, (0, 180)),
        (22, 22, _logo, (0, 180)),
        (22, 22, _comes, (0, 180)),
        (22, 0, None, (0, 180)),  # night above a town
    ],
)
def test_bars_are_cropped_and_pictures_never(tmp_path, top, bottom, extra, inside):
    path = write_clip(tmp_path / "a.mp4", width=320, height=180, frames=24, picture=_barred(top, bottom, extra))
    found = area_inside_bars(
        surveyed(path), Area(x=Fraction(0), y=Fraction(0), width=Fraction(320), height=Fraction(180))
    )
    assert (found.x, found.width) == (0, 320)
    assert abs(found.y - inside[0]) <= 1
    assert abs(found.height - inside[1]) <= 1


def test_a_picture_without_its_bars_fills_the_screen(tmp_path):
    path = write_clip(tmp_path / "a.mp4", width=320, height=240, frames=10, picture=_bars_of_four_thirds)
    raster = Raster(width=320, height=180, rate=Fraction(24))
    seen = {}
    for crop in ("auto", None):
        source = framed(path, Framing(crop=crop, survey=surveyed(path)), fit="contain", raster=raster)  # type: ignore[arg-type]
        rendered(shot_order(source, 2, raster=raster), tmp_path, tmp_path / "piece.mp4")
        seen[crop] = pictures_in(tmp_path / "piece.mp4")[0][0]
    assert seen["auto"][2:-2, 2:-2].min() > 60
    assert seen[None][:, :30].max() < 30


def _bars_of_four_thirds(number: int) -> Any:
    drawn = np.zeros((240, 320, 3), np.uint8)
    drawn[30:210] = 150
    return drawn


def _subject_at(number: int) -> float:
    """Middle of the subject, pixels of 320: there and back in eight seconds."""
    return 160 + 110 * np.sin(2 * np.pi * number / 200)


def _subject(number: int) -> Any:
    drawn = np.random.default_rng(3).integers(60, 90, (180, 320, 3), np.uint8)
    left = round(_subject_at(number)) - 14
    drawn[70:110, left : left + 28] = np.random.default_rng(number).integers(150, 255, (40, 28, 3), np.uint8)
    return drawn


def test_a_subject_that_moves_stays_in_the_view_and_the_view_never_jerks(tmp_path):
    path = write_clip(tmp_path / "a.mp4", width=320, height=180, frames=200, picture=_subject)
    raster = Raster(width=102, height=180, rate=Fraction(25))
    found = surveyed(path)
    framing = Framing(find_focus=True, survey=found, rate=raster.rate, length_frames=200)
    pan = framed(path, framing, fit="cover", raster=raster).conversion.pan
    assert pan is not None
    conversion = framed(path, framing, fit="cover", raster=raster).conversion
    start, _, used, _ = conversion.crop or (0, 0, 320, 180)
    ground = used / conversion.box.width
    views = [view_at(pan, number) for number in range(200)]
    lefts = [start + float(view.x) * ground for view in views]
    wide = float(views[0].width) * ground
    inside = [left <= _subject_at(n) - 14 and _subject_at(n) + 14 <= left + wide for n, left in enumerate(lefts)]
    assert sum(inside) >= 190
    middle = [160 - wide / 2 <= _subject_at(n) - 14 and _subject_at(n) + 14 <= 160 + wide / 2 for n in range(200)]
    assert sum(middle) < 100
    assert np.abs(np.diff(lefts, 2)).max() * 25**2 <= ACCELERATION_MAX * 320 * 1.01


def test_a_path_is_no_quicker_than_its_bound_whatever_the_subject_does():
    jumps = [40.0 if number // 9 % 2 else 280.0 for number in range(80)]
    path = path_along(jumps, every=Fraction(1, 8), side=320.0, seen=100.0, rate=Fraction(24), length_frames=240)
    bends = np.abs(np.diff(path, 2)) / 0.5**2
    assert bends.max() <= ACCELERATION_MAX * 320 * 1.0001
    assert min(path) >= 50
    assert max(path) <= 270
    assert len(path_along([100.0, 108.0] * 40, every=Fraction(1, 8), side=320.0, seen=100.0, rate=Fraction(24),
                          length_frames=240)) == 1  # fmt: skip


def _middle(line: Any) -> float:
    weights = np.maximum(line.astype(float) - 60, 0)
    return float((weights * (np.arange(len(line)) + 0.5)).sum() / weights.sum())


def test_a_move_over_a_still_has_no_steps(tmp_path):
    drawn = np.full((1080, 1920, 3), 40, np.uint8)
    drawn[:, 700:708] = 235
    drawn[400:408] = 235
    write_still(tmp_path / "a.png", drawn)
    raster, frames = Raster(width=1920, height=1080, rate=Fraction(24)), 12
    framing = Framing(ken_burns=KenBurns(way="in"), rate=raster.rate, length_frames=frames)
    source = framed(tmp_path / "a.png", framing, fit="cover", raster=raster)
    rendered(shot_order(source, frames, raster=raster), tmp_path, tmp_path / "piece.mp4")
    for number, (luma, _, _) in enumerate(pictures_in(tmp_path / "piece.mp4")):
        size = 1 - (1 - 0.85) * float(eased(Fraction(number, frames - 1)))
        left, top = 1920 * (1 - size) / 2, 1080 * (1 - size) / 2
        assert abs(_middle(luma[1000]) - (704 - left) / size) <= 0.1
        assert abs(_middle(luma[:, 1800]) - (404 - top) / size) <= 0.1


SPOT = (660, 180)
"""Middle of a bright spot in a picture of 1280x720."""


def _spotted() -> Any:
    rows, columns = np.mgrid[:720, :1280] + 0.5
    light = np.clip(14 - np.hypot(rows - SPOT[1], columns - SPOT[0]), 0, 1) * 200 + 30
    return np.repeat(light.astype(np.uint8)[..., None], 3, axis=2)


def _spot_off(pieces: list[Any], move: tuple[Place, Place]) -> list[float]:
    """How many pixels of 640x360 the spot of each decoded picture lies off an eased move's smooth curve."""
    share = {"left": 0, "centre": 0.5, "right": 1, "top": 0, "bottom": 1}
    found = []
    for number, (luma, _, _) in enumerate(pieces):
        light = np.maximum(luma.astype(float) - 60, 0)
        seen = [
            (light.sum(axis=axis) * (np.arange(side) + 0.5)).sum() / light.sum() for axis, side in ((0, 640), (1, 360))
        ]
        part = number / (len(pieces) - 1)
        part = 3 * part**2 - 2 * part**3
        # Of each view: left, top and size, as parts of the picture's.
        views = [
            ((1 - one.size) * share[one.horizontal], (1 - one.size) * share[one.vertical], one.size) for one in move
        ]
        left, top, size = (float(a) + part * float(b - a) for a, b in zip(*views, strict=True))
        at = (SPOT[0] / 1280 - left) / size * 640, (SPOT[1] / 720 - top) / size * 360
        found.append(max(abs(one - other) for one, other in zip(seen, at, strict=True)))
    return found


MOVES = {
    "slow": (Place(horizontal="left", size=Fraction(19, 20)), Place(horizontal="right", size=Fraction(19, 20))),
    "deep": (Place(), Place(vertical="top", size=Fraction(7, 20))),
}
"""A pixel a frame at most, and one that is read from pictures of several sizes."""


@pytest.mark.parametrize(("move", "film"), [("slow", False), ("slow", True), ("deep", False)])
def test_a_move_is_smooth_to_a_tenth_of_a_pixel_in_the_decoded_film(tmp_path, monkeypatch, move, film):
    path, drawn = tmp_path / ("a.mp4" if film else "a.png"), _spotted()
    if film:
        write_clip(path, width=1280, height=720, rate=Fraction(24), frames=24, picture=lambda _: drawn, options=ROUGH)
    else:
        write_still(path, drawn)
    raster, (first, last) = Raster(width=640, height=360, rate=Fraction(24)), MOVES[move]

    def off(framing: Framing) -> float:
        source = framed(path, framing, fit="cover", raster=raster)
        rendered(shot_order(source, 24, raster=raster), tmp_path, tmp_path / "piece.mp4")
        return max(_spot_off(pictures_in(tmp_path / "piece.mp4"), MOVES[move]))

    wish = KenBurns(way="between", first=first, last=last)
    moving = Framing(ken_burns=wish, rate=raster.rate, length_frames=24)
    assert off(moving) <= 0.1
    if film:
        return  # the rest is the same
    assert off(Framing()) > 5
    monkeypatch.setattr(
        moving_views, "view_at", lambda *told: replace(seen := view_at(*told), x=round(seen.x), y=round(seen.y))
    )
    assert off(moving) > 0.25


ASIDE = {"first": Place(horizontal="left", size=Fraction(1, 2)), "last": Place(horizontal="right", size=Fraction(1, 2))}
OUTSIDE = "of the picture is outside the view at any moment, which moves over it"


@pytest.mark.parametrize(
    ("way", "cost"),
    [
        ({"way": "in"}, [f"0% to 28% {OUTSIDE}", "enlarged up to 1.76 times"]),
        (
            {"way": "between", **ASIDE},
            [f"75% {OUTSIDE}", "50% of the picture is never seen", "enlarged up to 3.00 times"],
        ),
        (None, ["enlarged 1.50 times"]),
    ],
)
def test_what_a_view_that_moves_costs_is_told(tmp_path, way, cost):
    path = write_still(tmp_path / "a.png", np.full((720, 1280, 3), 40, np.uint8))
    raster = Raster(width=1920, height=1080, rate=Fraction(24))
    move = KenBurns(**way) if way is not None else None
    framing = Framing(ken_burns=move, rate=raster.rate, length_frames=48)
    source = framed(path, framing, fit="cover", raster=raster)
    assert list(record_for(media_of(path), source, raster.rate, frames=48).cost) == cost


def test_a_view_that_moves_passes_on_what_its_picture_shows(tmp_path):
    write_still(tmp_path / "a.png", np.full((90, 160, 3), 180, np.uint8))
    raster = Raster(width=160, height=90, rate=Fraction(24))
    source = framed(tmp_path / "a.png", Framing(ken_burns=KenBurns(way="in")), fit="contain", raster=raster)
    setting = Setting(raster=raster, age_frames=0, count=1, inputs={"a.png": tmp_path / "a.png"})
    made = Drawn(patches=next(still.frames(source, setting)).patches, shown=(3, 4), mixed=7)
    (moved,) = moving_views.drawn_frames(source, setting, lambda *_: iter([made]))
    assert (moved.shown, moved.mixed) == ((3, 4), 7)


@pytest.mark.parametrize(("size", "lit"), [((639, 361), True), ((600, 361), False)])
def test_contain_leaves_no_hairline_bars(tmp_path, size, lit):
    write_still(tmp_path / "a.png", np.full((size[1], size[0], 3), 180, np.uint8))
    raster = Raster(width=1280, height=720, rate=Fraction(24))
    source = framed(tmp_path / "a.png", Framing(), fit="contain", raster=raster)
    rendered(shot_order(source, 1, raster=raster), tmp_path, tmp_path / "piece.mp4")
    ((luma, _, _),) = pictures_in(tmp_path / "piece.mp4")
    assert (int(luma[:, [0, 1, -2, -1]].min()) > 100) == lit
