"""Animations in a film: a number drawn in each picture tells, frame by frame, which one is on screen."""

from collections.abc import Sequence
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest
from piece_making import RASTER, codes_in, pictures_in
from PIL import Image

from crowdcut.conform.conversion import conversion_for
from crowdcut.conform.geometry import whole_raster
from crowdcut.conform.record import record_for
from crowdcut.conform.sampling import round_at
from crowdcut.manifest import Shot
from crowdcut.media import Picture
from crowdcut.orders import Animation, Fill, Layer, PictureEncoding, PictureOrder
from examples.makers import draw_frame_code
from renderers import picture
from renderers.examine import examined
from renderers.job import Input

DURATIONS = (80, 40, 200, 50, 130)
"""Milliseconds of each picture; half a second together."""
FRAMES = 40
FORMATS = {".gif": {}, ".png": {}, ".webp": {"lossless": True}, ".avif": {"quality": 90}}


def coded(number: int) -> Image.Image:
    pixels = np.full((RASTER.height, RASTER.width, 3), 90, np.uint8)
    draw_frame_code(pixels, number)
    return Image.fromarray(pixels)


def written(path: Path, *, loop: int | None = 0, durations: Sequence[int] = DURATIONS) -> Path:
    images = [coded(number) for number in range(len(durations))]
    told = {} if loop is None else {"loop": loop}
    options = {**FORMATS[path.suffix], **told, "duration": list(durations)}
    images[0].save(path, save_all=True, append_images=images[1:], **options)
    return path


def order_of(path: Path, fill: Fill, start: Fraction = Fraction(0)) -> PictureOrder:
    media = examined(path, path.suffix)
    assert media.picture is not None, media.refusal
    region, middle = whole_raster(RASTER), (Fraction(1, 2), Fraction(1, 2))
    conversion = conversion_for(media.picture, fit="contain", focus=middle, region=region, flatten=None)
    source = Animation(file="file", picture=media.picture, start=start, conversion=conversion, fill=fill)
    return PictureOrder(
        raster=RASTER,
        encoding=PictureEncoding(codec="libx264", options={"preset": "ultrafast", "crf": "18"}),
        length_frames=FRAMES,
        stack=(Layer(source=source, length_frames=FRAMES),),
    )


def codes_of(path: Path, fill: Fill = "loop", start: Fraction = Fraction(0)) -> list[int | None]:
    out = path.with_suffix(".mp4")
    picture.run(order_of(path, fill, start), {"file": Input(path=path)}, out)
    return codes_in(pictures_in(out))


def on_screen(seconds: Fraction, rounds: int | None) -> int:
    """What a browser shows, in whole milliseconds: the picture whose time has come, again and again for ``rounds``."""
    whole = sum(DURATIONS)
    milliseconds = int(seconds * 1000)
    if rounds is not None and milliseconds >= rounds * whole:
        return len(DURATIONS) - 1
    left = milliseconds % whole
    return next(number for number in range(len(DURATIONS)) if left < sum(DURATIONS[: number + 1]))


def wanted(rounds: int | None, start: Fraction = Fraction(0)) -> list[int]:
    return [on_screen(start + frame / RASTER.rate, rounds) for frame in range(FRAMES)]


@pytest.mark.parametrize("suffix", FORMATS)
def test_each_format_keeps_its_own_time(tmp_path: Path, suffix: str):
    path = written(tmp_path / f"a{suffix}")
    codes = codes_of(path)
    assert codes == wanted(None)
    # Shown for equally long, as they would be without their own times, they come at others.
    even = [
        int(frame / RASTER.rate * len(DURATIONS) * 1000 / sum(DURATIONS)) % len(DURATIONS) for frame in range(FRAMES)
    ]
    assert codes != even


def test_what_comes_after_the_end(tmp_path: Path):
    path = written(tmp_path / "a.gif")
    assert codes_of(path, "hold") == wanted(1)
    assert codes_of(path, "hold", start=Fraction(1, 4)) == wanted(1, Fraction(1, 4))
    assert codes_of(path, "hold") != wanted(None)


@pytest.mark.parametrize(
    ("name", "loop", "rounds"),
    [
        ("again.gif", 1, 2),  # Netscape's count is of the times it comes again
        ("once.gif", None, 1),
        ("ever.gif", 0, None),
        ("twice.png", 2, 2),
        ("twice.webp", 2, 2),
        ("ever.webp", 0, None),
    ],
)
def test_a_files_own_count_is_recorded_and_obeyed_only_when_asked(
    tmp_path: Path, name: str, loop: int | None, rounds: int | None
):
    path = written(tmp_path / name, loop=loop)
    media = examined(path, path.suffix)
    assert media.picture is not None
    assert media.picture.loops == rounds
    assert codes_of(path, "file") == wanted(rounds)
    order = order_of(path, "loop")
    source = order.stack[0].source
    assert isinstance(source, Animation)
    found = record_for(media, source, RASTER.rate).found
    assert any("asks to be played" in one for one in found) == (rounds is not None)
    moments = [round_at(source.picture, "loop", frame / RASTER.rate)[0] for frame in range(FRAMES)]
    assert max(moments) < source.picture.duration


def test_a_moment_of_an_animation():
    reel = Picture(codec="gif", width=9, height=9, pixel_format="rgb24", duration=Fraction(2), frames=4, loops=3)
    assert round_at(reel, "loop", Fraction(13, 2)) == (Fraction(1, 2), False)
    assert round_at(reel, "hold", Fraction(1)) == (Fraction(1), True)
    assert round_at(reel, "hold", Fraction(2)) == (Fraction(2), True)
    assert round_at(reel, "file", Fraction(7, 2)) == (Fraction(3, 2), False)
    assert round_at(reel, "file", Fraction(4)) == (Fraction(0), True)
    assert round_at(reel, "file", Fraction(99)) == (Fraction(2), True)
    assert Shot(name="a/1").fill == "loop"
