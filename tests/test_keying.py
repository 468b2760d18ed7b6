"""Green screens: the matte against the drawn truth, hair and blurred hands included, and no screen's light left."""

from collections.abc import Iterator
from dataclasses import replace
from fractions import Fraction
from functools import cache
from pathlib import Path

import cv2
import numpy as np
import pytest
from key_making import BLUE, DARK, GREEN, JACKET, before_screen, performer, rgb_of
from numpy.typing import NDArray
from piece_making import source_of

from crowdcut.conform.keying import key_for
from crowdcut.findings import JobFailed
from crowdcut.orders import Key, Raster, Screen, ScreenOrder, Still, Video
from crowdcut.records import record_from
from examples.makers import write_clip, write_still
from examples.makers.colour_difference import difference
from renderers import screen
from renderers.composing.compose import canvas_for, lay
from renderers.job import Input
from renderers.patch import Drawn, Patch
from renderers.screens import keying
from renderers.screens.tiles import HALO, SIDE, Tiles, put, taken
from renderers.sources import Setting, frames_of

WIDE, HIGH, FRAMES = 640, 360, 5
RASTER = Raster(width=WIDE, height=HIGH, rate=Fraction(25))
CAMERA = {"preset": "veryfast", "crf": "18"}
Values = NDArray[np.float64]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A clip, and a still of its fourth frame as a camera's JPEG; both in 8 bit 4:2:0."""
    folder = tmp_path_factory.mktemp("key")
    drawn = [before_screen(WIDE, HIGH)(number) for number in range(FRAMES)]
    write_clip(folder / "dance.mp4", width=WIDE, height=HIGH, frames=FRAMES, picture=drawn.__getitem__, options=CAMERA)
    write_still(folder / "dance.jpg", drawn[3], quality=92)
    return folder


def measured(folder: Path, name: str, colour: str = "green") -> tuple[Video | Still, dict]:
    """A source with its key, and the facts of its screen."""
    source = source_of(folder / name, raster=RASTER)
    key = key_for(colour, start=Fraction(0), length=FRAMES / RASTER.rate)
    order = ScreenOrder(source=source, raster=RASTER, colour=colour, times=key.times)
    facts = screen.run(order, {"file": Input(path=folder / name)}, folder / "nothing")
    key = replace(key, screen=record_from(facts, Screen))
    return replace(source, conversion=replace(source.conversion, key=key)), facts


def shown(source: Video | Still, folder: Path, *, first: int = 0, count: int = FRAMES) -> Iterator[Patch]:
    """What a source draws, keyed if it has a key."""
    path = {source.file: folder / source.file}
    setting = Setting(raster=RASTER, age_frames=first, count=count, inputs=path)
    drawn = frames_of(source)(source, setting)
    if source.conversion.key is not None:
        drawn = keying.keyed_frames(drawn, source.conversion)
    for one in drawn:
        yield one.patches[-1]


def opacity(patch: Patch) -> Values:
    """0..1; what has no alpha is opaque."""
    return np.ones(patch.luma.shape) if patch.alpha is None else patch.alpha / 255


def errors(patches: Iterator[Patch], *, first: int = 0) -> list[Values]:
    truth = (performer(WIDE, HIGH, number)[..., 3] / 255 for number in range(first, FRAMES))
    return [np.abs(opacity(patch) - one) for patch, one in zip(patches, truth, strict=False)]


@cache
def edges(number: int) -> NDArray[np.bool_]:
    """Within two pixels of what is neither performer nor screen alone: hair, blur and outlines."""
    alpha = performer(WIDE, HIGH, number)[..., 3] / 255
    mixed = ((alpha > 0.01) & (alpha < 0.99)).astype(np.uint8)
    return cv2.dilate(mixed, np.ones((5, 5), np.uint8)).astype(bool)


def unkeyed(source: Video | Still) -> Video | Still:
    return replace(source, conversion=replace(source.conversion, key=None))


def on(patch: Patch, grey: int) -> Values:
    """R'G'B' of a patch laid on grey."""
    canvas = canvas_for(RASTER)
    canvas.luma[:] = round(16 + grey * 219 / 255)
    lay(canvas, patch)
    return rgb_of(canvas.luma, canvas.cb, canvas.cr)


@cache
def grey_edge(number: int) -> NDArray[np.bool_]:
    """The jacket within eight pixels of the screen."""
    truth = performer(WIDE, HIGH, number)
    jacket = (np.abs(truth[..., :3] - JACKET).max(axis=2) < 1) & (truth[..., 3] > 254)
    outside = cv2.dilate((truth[..., 3] < 128).astype(np.uint8), np.ones((17, 17), np.uint8)).astype(bool)
    inner = cv2.erode(jacket.astype(np.uint8), np.ones((3, 3), np.uint8)).astype(bool)
    return inner & outside


@pytest.mark.parametrize("name", ["dance.mp4", "dance.jpg"])
def test_the_matte_is_the_truth(folder: Path, name: str) -> None:
    source, _ = measured(folder, name)
    first, count = (0, FRAMES) if name == "dance.mp4" else (3, 1)
    found = errors(shown(source, folder, count=count), first=first)
    assert len(found) == count
    assert np.mean([error[edges(number)].mean() for number, error in enumerate(found, start=first)]) <= 0.055
    for number, error in enumerate(found, start=first):
        assert error.mean() <= 0.004
        assert error[edges(number)].mean() <= 0.06
        assert np.quantile(error[~edges(number)], 0.999) <= 0.05
    # Without the key everything is opaque.
    for error in errors(shown(unkeyed(source), folder, count=count), first=first):
        assert error.mean() > 0.05


def test_hair_is_kept(folder: Path) -> None:
    source, _ = measured(folder, "dance.mp4")
    for number, patch in enumerate(shown(source, folder)):
        truth = performer(WIDE, HIGH, number)[..., 3] / 255
        hair = np.s_[: round(HIGH * 0.2)]
        assert truth[hair].sum() > 100
        assert opacity(patch)[hair].sum() / truth[hair].sum() == pytest.approx(1, abs=0.35)
        assert np.corrcoef(opacity(patch)[hair].ravel(), truth[hair].ravel())[0, 1] > 0.85


def colour_distance(picture: Values, colour: tuple[float, ...]) -> Values:
    """CIEDE2000 of R'G'B' 0..255 from one colour, in one row."""
    rows = picture.reshape(-1, 3) / 255
    return difference(rows, np.broadcast_to(np.array(colour) / 255, rows.shape))


@pytest.mark.parametrize("grey", [20, 235])
def test_no_light_of_the_screen_is_left_on_a_grey_edge(folder: Path, grey: int, monkeypatch) -> None:
    source, _ = measured(folder, "dance.mp4")

    def distances() -> list[float]:
        pictures = ((on(patch, grey), grey_edge(number)) for number, patch in enumerate(shown(source, folder)))
        return [float(colour_distance(picture[edge], JACKET).mean()) for picture, edge in pictures]

    assert max(distances()) <= 3
    # What is not taken away is seen.
    monkeypatch.setattr(keying.Keyer, "_colours", lambda _, part, clear: (part.cb, part.cr, 0 * clear))
    assert min(distances()) > 4


def test_what_is_yellow_stays_yellow(folder: Path) -> None:
    source, _ = measured(folder, "dance.mp4")
    (patch, *_) = shown(source, folder)
    x, y, size = WIDE * 0.5 - HIGH * 0.12, HIGH * 0.7, 4
    badge = on(patch, 128)[round(y) - size : round(y) + size, round(x) - size : round(x) + size]
    assert np.median(colour_distance(badge, (0xE0, 0xC0, 0x20))) < 10


def test_a_piece_that_begins_later_shows_the_same(folder: Path) -> None:
    source, _ = measured(folder, "dance.mp4")
    whole, later = list(shown(source, folder)), list(shown(source, folder, first=2, count=3))
    for one, other in zip(whole[2:5], later, strict=True):
        for plane in ("luma", "cb", "cr", "alpha", "alpha_chroma"):
            assert np.array_equal(getattr(one, plane), getattr(other, plane))


def test_the_facts_of_a_screen(folder: Path) -> None:
    _, facts = measured(folder, "dance.mp4")
    assert facts["falloff"] == pytest.approx(0.2, abs=0.04)
    assert 0.7 < facts["share"] < 0.9


@pytest.mark.parametrize(("wish", "colour"), [("blue", BLUE), ("#264ab2", BLUE), ("#34a84a", GREEN), ("green", DARK)])
def test_screens_of_other_colours(tmp_path: Path, wish: str, colour: tuple[int, int, int]) -> None:
    write_still(tmp_path / "pose.jpg", before_screen(WIDE, HIGH, colour=colour)(0), quality=92)
    source, _ = measured(tmp_path, "pose.jpg", wish)
    (error,) = errors(shown(source, tmp_path, count=1))
    assert error.mean() <= 0.004
    assert error[edges(0)].mean() <= 0.07
    assert np.quantile(error[~edges(0)], 0.999) <= 0.05


def test_a_noisy_and_much_compressed_recording(tmp_path: Path) -> None:
    drawn = [before_screen(WIDE, HIGH, noise=5)(number) for number in range(2)]
    options = {"preset": "veryfast", "crf": "28"}
    write_clip(tmp_path / "phone.mp4", width=WIDE, height=HIGH, frames=2, picture=drawn.__getitem__, options=options)
    source, _ = measured(tmp_path, "phone.mp4")
    for number, error in enumerate(errors(shown(source, tmp_path, count=2))):
        assert error.mean() <= 0.007
        assert error[edges(number)].mean() <= 0.12
        # The compression's own blocks around a head, but neither holes nor specks.
        assert np.quantile(error[~edges(number)], 0.995) <= 0.05


def test_a_screen_alone_is_clear(folder: Path) -> None:
    source, _ = measured(folder, "dance.mp4")
    (patch, *_) = shown(unkeyed(source), folder, count=1)
    empty = {name: np.tile(getattr(patch, name)[:20, :20], (3, 4)) for name in ("luma", "cb", "cr")}
    empty["luma"] = np.tile(empty["luma"], (2, 2))
    (drawn,) = keying.keyed_frames(iter([Drawn(patches=(replace(patch, **empty),))]), source.conversion)
    assert opacity(drawn.patches[0]).max() <= 0.1
    assert opacity(drawn.patches[0]).mean() <= 0.001


def test_squares_are_worked_at_as_the_picture_is() -> None:
    plane = np.random.default_rng(4).random((70, 101)).astype(np.float32)
    tiles = Tiles(*plane.shape)
    chosen = np.zeros((tiles.rows, tiles.columns), bool)
    chosen[0, 0] = chosen[1:, 2:] = True
    squares = taken(tiles.widened(plane), chosen, SIDE, HALO)
    assert squares.shape == (chosen.sum() * (SIDE + 2 * HALO), SIDE + 2 * HALO)
    whole = np.full((tiles.rows * SIDE, tiles.columns * SIDE), -1, np.float32)
    for reach in (1, HALO):
        size = 2 * reach + 1, 2 * reach + 1
        put(whole, chosen, cv2.blur(squares, size), SIDE, HALO)
        expected = cv2.blur(plane, size, borderType=cv2.BORDER_REPLICATE)
        there = np.kron(chosen, np.ones((SIDE, SIDE), bool))[: plane.shape[0], : plane.shape[1]]
        found = tiles.cut(whole)  # type: ignore[arg-type]
        assert np.allclose(found[there], expected[there], atol=1e-6)
        assert (found[~there] == -1).all()
    mask = np.zeros(plane.shape, np.uint8)
    mask[40, 100] = 1
    assert np.argwhere(tiles.any(tiles.widened(mask))).tolist() == [[1, 3]]


@pytest.mark.parametrize("wish", ["blue", "#c01080"])
def test_a_screen_that_is_not_there_is_named(folder: Path, wish: str) -> None:
    with pytest.raises(JobFailed) as failed:
        measured(folder, "dance.jpg", wish)
    (finding,) = failed.value.findings
    assert (finding.rule, finding.where.file) == ("no-screen", "dance.jpg")


def test_a_trim_of_a_frame_leaves_the_screen_as_it_was() -> None:
    def times(start: Fraction, length: Fraction) -> tuple[Fraction, ...]:
        return key_for("green", start=start, length=length).times

    frame = Fraction(1, 24)
    assert times(2 + frame, 5 - frame) == times(2 + 2 * frame, 5 - 3 * frame)
    assert len(times(Fraction(0), Fraction(600))) <= 9
    assert times(3 + frame, frame) == (3 + frame,)
    assert Key(colour="green", times=()).screen is None
