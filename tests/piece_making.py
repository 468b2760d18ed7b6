"""Pieces for tests: orders over small files, rendered, decoded and read."""

from collections.abc import Mapping
from dataclasses import replace
from fractions import Fraction
from pathlib import Path
from typing import Any

import av
import numpy as np
from numpy.typing import NDArray

from crowdcut.conform.conversion import conversion_for
from crowdcut.conform.geometry import whole_raster
from crowdcut.cut.spans import Span, Stack, spans_from
from crowdcut.media import Media, Picture
from crowdcut.orders import Box, Fit, Layer, PictureEncoding, PictureOrder, Raster, Source, Still, Video
from examples.makers import read_frame_code
from renderers.examine import examined
from renderers.job import Input
from renderers.picture import run

Plane = NDArray[np.uint8]
Planes = tuple[Plane, Plane, Plane]

RASTER = Raster(width=192, height=108, rate=Fraction(24))
ENCODING = PictureEncoding(codec="libx264", options={"preset": "veryfast", "crf": "12", "profile": "high"})
MIDDLE = (Fraction(1, 2), Fraction(1, 2))


ROUGH = {"preset": "ultrafast", "crf": "24"}
"""Options of x264 for clips whose codes are read and nothing else."""


def bt709(rgb: NDArray[np.uint8]) -> NDArray[np.float64]:
    """Limited-range Y, Cb, Cr of R'G'B' 0..255 (ITU-R BT.709-6, 8 bit)."""
    red, green, blue = rgb.astype(float).T / 255
    luma = 0.2126 * red + 0.7152 * green + 0.0722 * blue
    return np.stack([16 + 219 * luma, 128 + 224 * (blue - luma) / 1.8556, 128 + 224 * (red - luma) / 1.5748], axis=1)


def media_of(path: Path) -> Media:
    """What a file is, as the examination finds it."""
    media = examined(path, path.suffix)
    assert media.refusal is None, media.refusal
    return media


def source_of(
    path: Path,
    *,
    start: Fraction | int = 0,
    fit: Fit = "contain",
    focus: tuple[Fraction, Fraction] = MIDDLE,
    raster: Raster = RASTER,
    region: Box | None = None,
    flatten: tuple[int, int, int] | None = None,
    **read_otherwise: Any,
) -> Video | Still:
    """A file's picture as a source whose input is the file's name. ``read_otherwise``: fields of its Picture."""
    media = media_of(path)
    assert media.picture is not None
    picture: Picture = replace(media.picture, **read_otherwise)
    conversion = conversion_for(picture, fit=fit, focus=focus, region=region or whole_raster(raster), flatten=flatten)
    if media.kind == "still":
        return Still(file=path.name, picture=picture, conversion=conversion)
    return Video(file=path.name, picture=picture, start=Fraction(start), conversion=conversion)


def order_for(span: Span, raster: Raster = RASTER) -> PictureOrder:
    """The order that renders a span."""
    return PictureOrder(
        raster=raster,
        encoding=ENCODING,
        length_frames=span.length_frames,
        stack=span.stack,
        transition=span.transition,
        over=span.over,
    )


def shot_order(source: Source, frames: int, *, raster: Raster = RASTER, over: tuple[Layer, ...] = ()) -> PictureOrder:
    """An order of one source, and perhaps layers over it."""
    stack = (Layer(source=source, length_frames=frames),)
    return PictureOrder(raster=raster, encoding=ENCODING, length_frames=frames, stack=stack, over=over)


def shot_orders(source: Source, frames: int, raster: Raster = RASTER) -> list[PictureOrder]:
    """The orders of a shot that may be long, cut as a plan cuts it."""
    layer = Layer(source=source, length_frames=frames)
    stack = Stack(name="shot", start_frame=0, length_frames=frames, layers=(layer,))
    return [order_for(span, raster) for span in spans_from((stack,))]


def rendered(order: PictureOrder, folder: Path, out: Path) -> dict[str, Any]:
    """Render an order over the files of a folder; the facts."""
    layers = (*order.stack, *(order.transition.leaving if order.transition else ()), *order.over)
    names = {layer.source.file for layer in layers if isinstance(layer.source, Video | Still)}
    inputs: Mapping[str, Input] = {name: Input(path=folder / name) for name in names}
    return run(order, inputs, out)


def pictures_in(piece: Path) -> list[Planes]:
    """Every frame of a piece: Y, Cb, Cr."""
    with av.open(str(piece)) as container:
        found = []
        for frame in container.decode(video=0):
            planes = (
                np.frombuffer(plane, np.uint8).reshape(-1, plane.line_size)[: plane.height, : plane.width].copy()
                for plane in frame.planes
            )
            found.append(tuple(planes))
        return found


def shown_in(order: PictureOrder, folder: Path, out: Path) -> list[Planes]:
    """Render an order and decode it."""
    rendered(order, folder, out)
    return pictures_in(out)


def codes_in(pictures: list[Planes]) -> list[int | None]:
    """The frame code of each picture."""
    return [read_frame_code(luma) for luma, _, _ in pictures]
