"""Where a picture lies in the raster, read back from pieces: a white box on dark ground, told in parts of the upright
picture, and where its four edges are seen."""

from fractions import Fraction
from typing import Any

import numpy as np
import pytest
from piece_making import shot_order, shown_in, source_of

from crowdcut.orders import Raster
from examples.makers import Picture, turned_picture, write_clip

WHITE_BOX = (Fraction(1, 8), Fraction(1, 4), Fraction(1, 2), Fraction(5, 8))
"""Left, top, right, bottom."""


def _boxed(width: int, height: int) -> Picture:
    drawn = np.full((height, width, 3), 40, np.uint8)
    left, top, right, bottom = WHITE_BOX
    drawn[int(top * height) : int(bottom * height), int(left * width) : int(right * width)] = 235
    return lambda _: drawn


def _edges(profile: Any) -> tuple[float, float]:
    """Where a row of luma rises and falls through its middle, in pixels, by linear interpolation."""
    values = profile.astype(float)
    level = (values.min() + values.max()) / 2
    above = np.flatnonzero(values > level)

    def crossing(pixel: int) -> float:
        """Between the middles of ``pixel`` and the next."""
        return pixel + 0.5 + (level - values[pixel]) / (values[pixel + 1] - values[pixel])

    rise = crossing(above[0] - 1) if above[0] > 0 else 0.0
    fall = crossing(above[-1]) if above[-1] < len(values) - 1 else float(len(values))
    return rise, fall


def _found_box(luma: Any, middle: tuple[float, float]) -> list[float]:
    left, right = _edges(luma[int(middle[1])])
    top, bottom = _edges(luma[:, int(middle[0])])
    return [left, top, right, bottom]


GEOMETRIES = [
    # stored size, sar, rotation, mirrored
    (160, 120, Fraction(1), 0, False),
    (320, 96, Fraction(1), 0, False),
    (176, 144, Fraction(12, 11), 0, False),
    (180, 144, Fraction(64, 45), 0, False),
    (160, 96, Fraction(1), 90, False),
    (160, 96, Fraction(1), 180, False),
    (160, 96, Fraction(1), 270, False),
    (160, 96, Fraction(4, 3), 90, False),
    (160, 120, Fraction(1), 0, True),
    (160, 96, Fraction(1), 90, True),
]


@pytest.mark.parametrize("fit", ["contain", "cover", "blur"])
@pytest.mark.parametrize(("width", "height", "sar", "rotation", "mirrored"), GEOMETRIES)
def test_a_picture_lies_where_it_should(tmp_path, fit, width, height, sar, rotation, mirrored):
    upright = (height, width) if rotation in (90, 270) else (width, height)
    stored = turned_picture(_boxed(*upright), degrees=rotation)
    if mirrored:
        turned = stored
        stored = lambda frame: np.ascontiguousarray(turned(frame)[:, ::-1])  # noqa: E731
    write_clip(tmp_path / "a.mp4", width=width, height=height, frames=2, sar=sar, rotation=rotation, picture=stored)
    raster = Raster(width=256, height=144, rate=Fraction(24))
    source = source_of(tmp_path / "a.mp4", fit=fit, raster=raster, mirrored=mirrored)
    assert source.conversion.turn == rotation
    ((luma, _, _),) = shown_in(shot_order(source, 1, raster=raster), tmp_path, tmp_path / "piece.mp4")
    wide, high = (height, width * sar) if rotation in (90, 270) else (width * sar, height)
    scales = (Fraction(256) / wide, Fraction(144) / high)
    scale = max(scales) if fit == "cover" else min(scales)
    left, top = (256 - wide * scale) / 2, (144 - high * scale) / 2
    places = [left, top, left, top]
    wanted = [
        float(place + part * size * scale)
        for place, part, size in zip(places, WHITE_BOX, [wide, high] * 2, strict=True)
    ]
    limits = [256, 144, 256, 144]
    seen = [min(max(edge, 0.0), limit) for edge, limit in zip(wanted, limits, strict=True)]
    middle = ((seen[0] + seen[2]) / 2, (seen[1] + seen[3]) / 2)
    found = _found_box(luma, middle)
    # Boxes lie on even pixels: each edge a pixel off at most.
    assert np.abs(np.array(found) - seen).max() <= 1.0, (found, seen)


def test_contain_leaves_black_and_blur_a_dark_soft_copy(tmp_path):
    write_clip(
        tmp_path / "a.mp4", width=96, height=128, frames=2, picture=lambda _: np.full((128, 96, 3), 200, np.uint8)
    )
    seen = {}
    for fit in ("contain", "blur"):
        order = shot_order(source_of(tmp_path / "a.mp4", fit=fit), 1)
        ((seen[fit], _, _),) = shown_in(order, tmp_path, tmp_path / f"{fit}.mp4")
    sides = {fit: np.concatenate([luma[:, :50].ravel(), luma[:, -50:].ravel()]) for fit, luma in seen.items()}
    assert abs(sides["contain"].mean() - 16) < 1
    assert 60 < sides["blur"].mean() < 120
    assert sides["blur"].std() < 4
