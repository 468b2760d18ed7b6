"""A view that moves over a performer before a screen: cut out wherever it stands, while the ground stays."""

from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import cv2
import numpy as np
import pytest
from key_making import before_screen, performer
from numpy.typing import NDArray
from piece_making import media_of

from crowdcut.conform.conversion import conversion_for
from crowdcut.conform.framing import Framing
from crowdcut.conform.geometry import whole_raster
from crowdcut.conform.keying import key_for
from crowdcut.conform.motion_path import view_at
from crowdcut.episode import KenBurns
from crowdcut.orders import Layer, PictureEncoding, PictureOrder, Raster, Screen, ScreenOrder, Still
from crowdcut.records import record_from
from examples.makers import write_still
from renderers import screen
from renderers.composing.compose import composed_frames
from renderers.job import Input

FRAMES = 5
RASTER = Raster(width=320, height=180, rate=Fraction(25))


@pytest.fixture(scope="module")
def source(tmp_path_factory: pytest.TempPathFactory) -> tuple[Still, Path]:
    """A keyed still under a view that comes nearer, and its file."""
    path = write_still(tmp_path_factory.mktemp("moves") / "pose.jpg", before_screen(640, 360)(0), quality=92)
    picture = media_of(path).picture
    assert picture is not None
    conversion = conversion_for(
        picture,
        fit="contain",
        focus=(Fraction(1, 2), Fraction(1, 2)),
        region=whole_raster(RASTER),
        flatten=None,
        key=key_for("green", start=Fraction(0), length=Fraction(1)),
        framing=Framing(ken_burns=KenBurns(way="in"), rate=RASTER.rate, length_frames=FRAMES),
    )
    return Still(file="file0", picture=picture, conversion=conversion), path


def _composed(source: tuple[Still, Path], ground: str) -> list[NDArray[np.float64]]:
    """Luma of each frame over a ground of one colour, its screen measured as the plan says."""
    still, path = source
    key, pan = still.conversion.key, still.conversion.pan
    assert key is not None
    assert pan is not None
    box = still.conversion.box
    order = ScreenOrder(
        source=replace(still, conversion=replace(still.conversion, key=None, pan=None)),
        raster=replace(RASTER, width=box.width, height=box.height),
        colour="green",
        times=key.times,
    )
    measured = record_from(screen.run(order, {"file": Input(path=path)}, path), Screen)
    conversion = replace(still.conversion, key=replace(key, screen=measured, ground=(ground,)))
    layer = Layer(source=replace(still, conversion=conversion), length_frames=FRAMES)
    encoding = PictureEncoding(codec="libx264")
    shown = PictureOrder(raster=RASTER, encoding=encoding, length_frames=FRAMES, stack=(layer,))
    return [one.canvas.luma.astype(float) for one in composed_frames(shown, {"file0": path})]


def _seen(source: tuple[Still, Path], number: int) -> NDArray[np.float64]:
    """The truth: the performer's alpha as the view has it."""
    pan, box = source[0].conversion.pan, source[0].conversion.box
    assert pan is not None
    view = view_at(pan, number)
    to_truth = 640 / box.width
    across, down = (float(side) * to_truth / out for side, out in ((view.width, 320), (view.height, 180)))
    left, top = float(view.x) * to_truth, float(view.y) * to_truth
    matrix = np.array([[across, 0, left + across / 2 - 0.5], [0, down, top + down / 2 - 0.5]])
    alpha = cv2.GaussianBlur(performer(640, 360, 0)[..., 3] / 255, (0, 0), 0.6)
    flags = cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP
    return cv2.warpAffine(alpha, matrix, (320, 180), flags=flags).astype(float)


def test_the_matte_moves_with_the_view_and_the_ground_stays(source: tuple[Still, Path]) -> None:
    black, white = (_composed(source, colour) for colour in ("#000000", "#ffffff"))
    assert len(black) == FRAMES
    for number, (dark, bright) in enumerate(zip(black, white, strict=True)):
        alpha = 1 - (bright - dark) / 219
        assert np.abs(alpha - _seen(source, number)).mean() <= 0.006
        # Where no performer is, all of the ground is seen.
        assert dark[:20, :60].max() <= 17
        assert bright[:20, :60].min() >= 233
    # It does move.
    assert np.abs((1 - (white[-1] - black[-1]) / 219) - _seen(source, 0)).mean() > 0.02
