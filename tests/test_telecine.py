"""Film in 2:3 pulldown, woven or flagged: found by measuring, and brought back to its own pictures, none combed."""

from collections.abc import Callable
from dataclasses import replace
from fractions import Fraction
from pathlib import Path
from typing import Any, Literal

import numpy as np
import pytest
from numpy.typing import NDArray
from piece_making import RASTER, shot_order, shown_in, source_of

from crowdcut.orders import Raster, Video
from examples.makers import coded_picture, read_frame_code, write_clip

SIZE = {"width": 192, "height": 108}
FINE = {"preset": "veryfast", "crf": "6"}
VIDEO, FILM = Fraction(30_000, 1001), Fraction(24_000, 1001)
Order = Literal["tff", "bff"]
Draw = Callable[[int], NDArray[np.uint8]]

draw = coded_picture(**SIZE)


def field_of(number: int, phase: int) -> int:
    """The film picture of a field in 2:3 pulldown, whose first cycle begins ``phase`` fields in."""
    cycle, place = divmod(number + phase, 5)
    return 2 * cycle + (place >= 2)


def telecined(
    film: Draw, order: Order, phase: int = 0, film_from: Callable[[int], int] = lambda number: number
) -> Draw:
    """Pictures of 29.97 a second that are woven of film's."""

    def picture(number: int) -> NDArray[np.uint8]:
        first, second = (film(film_from(field_of(2 * number + place, phase))) for place in (0, 1))
        top, bottom = (first, second) if order == "tff" else (second, first)
        made = top.copy()
        made[1::2] = bottom[1::2]
        return made

    return picture


def clip(path: Path, picture: Draw, header: Order | None = None, **more: Any) -> Path:
    """A clip of woven pictures."""
    if header:
        whole = picture
        picture = lambda field: whole(field // 2)  # noqa: E731
    told = {"frames": 60, "options": FINE, "rate": VIDEO, **more}
    return write_clip(path, **SIZE, picture=picture, interlaced=header, **told)


def source_at(path: Path, rate: Fraction, start: Fraction = Fraction(0)) -> tuple[Video, Raster]:
    raster = replace(RASTER, rate=rate)
    source = source_of(path, start=start, raster=raster)
    assert isinstance(source, Video)
    return source, raster


@pytest.mark.parametrize("header", ["tff", None])
@pytest.mark.parametrize("order", ["tff", "bff"])
def test_each_frame_is_a_whole_film_picture(tmp_path, order, header):
    path = clip(tmp_path / "a.mp4", telecined(draw, order), header)
    source, raster = source_at(path, FILM)
    pictures = shown_in(shot_order(source, 40, raster=raster), tmp_path, tmp_path / "piece.mp4")
    assert [read_frame_code(luma) for luma, _, _ in pictures] == list(range(40))
