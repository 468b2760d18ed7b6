"""Transparent pictures over a ground: no fringes at their edges, whatever the format and however they are stored."""

from dataclasses import replace
from fractions import Fraction
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pytest
from alpha_making import FORMATS, GREY, ORANGE, SIZE, WHITE, Kind, Pixels, over, shape
from manifest_making import make_library
from numpy.typing import NDArray
from piece_making import ENCODING, MIDDLE, bt709, media_of

from crowdcut.conform.as_read import as_read, media_as_read
from crowdcut.conform.conversion import conversion_for
from crowdcut.conform.record import record_for
from crowdcut.contributions import ReadAs
from crowdcut.library import library_from
from crowdcut.orders import Animation, Box, Layer, PictureOrder, Raster, Still, Video
from examples.makers import write_still
from renderers.composing.compose import composed_frames
from renderers.frames.alpha_evidence import AlphaEvidence

RASTER = Raster(width=240, height=180, rate=Fraction(24))
PLACE = 20
"""Pixels from the left and from above at which the shape lies."""


def _source(path: Path, region: Box, read_as: ReadAs) -> Still | Animation | Video:
    media = media_as_read(media_of(path), read_as)
    assert media.picture is not None
    conversion = conversion_for(media.picture, fit="contain", focus=MIDDLE, region=region, flatten=None)
    if media.kind == "still":
        return Still(file=path.name, picture=media.picture, conversion=conversion)
    kind = Animation if media.kind == "animation" else Video
    return kind(file=path.name, picture=media.picture, start=Fraction(0), conversion=conversion)


def _seen(path: Path, size: tuple[int, int], read_as: ReadAs | None = None) -> list[NDArray[np.int64]]:
    """Y, Cb and Cr of a file's first picture, as large as ``size``, over grey."""
    write_still(path.with_name("grey.png"), np.full((180, 240, 3), GREY, np.uint8))
    whole = Box(x=0, y=0, width=240, height=180)
    box = Box(x=PLACE, y=PLACE, width=size[0], height=size[1])
    ground = Layer(source=_source(path.with_name("grey.png"), whole, ReadAs()), length_frames=1)
    top = Layer(source=_source(path, box, read_as or ReadAs()), length_frames=1)
    order = PictureOrder(raster=RASTER, encoding=ENCODING, length_frames=1, stack=(ground,), over=(top,))
    canvas = next(iter(composed_frames(order, {one.name: one for one in path.parent.iterdir()}))).canvas
    (x, y), (width, height) = (PLACE, PLACE), size
    planes = [canvas.luma[y : y + height, x : x + width]]
    half = slice(y // 2, (y + height) // 2), slice(x // 2, (x + width) // 2)
    return [plane.astype(int) for plane in (*planes, canvas.cb[half], canvas.cr[half])]


def _wanted(picture: Pixels, size: tuple[int, int], colour: tuple[int, int, int]) -> list[NDArray[Any]]:
    """The same of the exact composite, scaled as one opaque picture."""
    exact = over(picture, GREY, colour=colour)
    method = cv2.INTER_AREA if size[0] < SIZE[0] else cv2.INTER_CUBIC
    scaled = np.clip(cv2.resize(exact, size, interpolation=method), 0, 255)
    codes: NDArray[Any] = bt709(scaled.reshape(-1, 3)).reshape(size[1], size[0], 3)  # type: ignore[arg-type]
    halved = cv2.resize(codes, (size[0] // 2, size[1] // 2), interpolation=cv2.INTER_AREA)
    return [codes[..., 0], halved[..., 1], halved[..., 2]]


def _worst(found: list[NDArray[np.int64]], wanted: list[NDArray[Any]]) -> float:
    return max(float(np.abs(one - other).max()) for one, other in zip(found, wanted, strict=True))


def _written(folder: Path, form: str, kind: Kind, colour: tuple[int, int, int]) -> tuple[Path, Pixels]:
    """The shape in a file; a GIF's edges are hard."""
    suffix, write = FORMATS[form]
    picture = shape(kind, colour=colour, soft=1e-6 if form == "GIF" else 14)
    write(folder / f"shape{suffix}", picture)
    return folder / f"shape{suffix}", picture


@pytest.mark.parametrize("kind", ["straight", "premultiplied"])
@pytest.mark.parametrize("form", FORMATS)
def test_edges_are_those_of_the_exact_composite(tmp_path, form, kind):
    path, picture = _written(tmp_path, form, kind, WHITE)
    found = media_of(path).picture
    assert found is not None
    assert found.alpha
    assert found.premultiplied == (kind == "premultiplied" and form != "GIF")
    # Hard edges ring when they are enlarged, and an alpha below nothing is none; VP8 is never without loss, and what
    # it loses of colour and alpha adds up and is enlarged too.
    sizes = (SIZE, (100, 76)) if form in ("GIF", "VP8") else (SIZE, (100, 76), (200, 150))
    for size in sizes:
        assert _worst(_seen(path, size), _wanted(picture, size, WHITE)) <= (4 if form == "VP8" else 3)


@pytest.mark.parametrize("kind", ["straight", "premultiplied"])
@pytest.mark.parametrize("form", ["PNG", "APNG", "VP9", "qtrle", "ProRes 4444"])
def test_read_the_other_way_edges_are_wrong(tmp_path, form, kind):
    path, picture = _written(tmp_path, form, kind, ORANGE)
    wanted = _wanted(picture, (100, 76), ORANGE)
    assert _worst(_seen(path, (100, 76)), wanted) <= 4
    assert _worst(_seen(path, (100, 76), ReadAs(premultiplied=kind == "straight")), wanted) > 12


@pytest.mark.parametrize("form", ["PNG", "APNG", "WebP", "VP9", "qtrle", "ProRes 4444"])
def test_what_is_clear_gives_no_colour_to_the_edges(tmp_path, form):
    suffix, write = FORMATS[form]
    path = tmp_path / f"shape{suffix}"
    write(path, shape("straight", soft=2))
    luma = _seen(path, (60, 44))[0]
    assert luma.min() >= 16 + GREY * 219 / 255 - 3


def test_scaled_straight_they_would_be_dark(tmp_path, monkeypatch):
    late = [("format", "gbrap"), ("premultiply", "inplace=1")]
    monkeypatch.setattr(
        "renderers.frames.filtering.premultiplying",
        lambda reading, scaling: [("scale", f"60:44:{reading}:{scaling}"), *late],
    )
    suffix, write = FORMATS["qtrle"]
    write(tmp_path / f"shape{suffix}", shape("straight", soft=2))
    assert _seen(tmp_path / f"shape{suffix}", (60, 44))[0].min() < 16 + GREY * 219 / 255 - 3


# How it is told


def _judged(*pictures: Pixels) -> bool:
    evidence = AlphaEvidence()
    for picture in pictures:
        evidence.add(picture)
    return evidence.is_premultiplied


def test_a_bright_picture_below_its_alpha_is_premultiplied():
    assert _judged(shape("premultiplied"))
    assert _judged(shape("premultiplied", colour=ORANGE))
    assert not _judged(shape("straight"))
    assert not _judged(shape("straight", colour=ORANGE))
    assert _judged(shape("premultiplied"), shape("premultiplied", colour=(20, 20, 30)))


def test_nothing_is_told_by_dark_colours_or_by_hard_edges():
    assert not _judged(shape("straight", colour=(0, 0, 0)))
    assert not _judged(shape("straight", colour=(40, 40, 60)))
    assert not _judged(shape("premultiplied", soft=1e-6))
    veil = np.full((90, 90, 4), (60, 70, 50, 128), np.uint8)
    assert not _judged(veil)
    # Of opaque colours whose alpha lost a little to the coding.
    worn = np.full((90, 90, 4), (250, 240, 170, 249), np.uint8)
    assert not _judged(worn)


@pytest.mark.parametrize(("word", "held"), [(None, True), ("straight", False), ("premultiplied", True)])
def test_the_contributors_word_goes_before_what_the_pictures_tell(tmp_path, word, held):
    listing = (
        '[[contributor]]\nid = "bo"\nname = "Bo"\n[[contribution]]\nid = "robot"\nfile = "robot.png"\nby = ["bo"]\n'
    )
    make_library(tmp_path, listing + (f'alpha = "{word}"\n' if word else ""))
    library, findings = library_from((tmp_path,))
    assert not findings
    write_still(tmp_path / "robot.png", shape("premultiplied"))
    read_as = library.contributions["robot"].read_as
    media = media_as_read(media_of(tmp_path / "robot.png"), read_as)
    source = _source(tmp_path / "robot.png", Box(x=0, y=0, width=100, height=76), read_as)
    assert source.conversion.premultiplied is held
    done = record_for(media, source, RASTER.rate).done
    assert any("premultiplied" in one for one in done) is held
    assert any("as the library says" in one for one in done) is (word == "straight")
    opaque = replace(source.picture, alpha=False, premultiplied=False)
    assert as_read(opaque, ReadAs(premultiplied=True)) == opaque
