"""The compositor: patches laid over each other on one canvas in the encoder's format."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from importlib import import_module
from itertools import repeat
from pathlib import Path
from types import ModuleType

import cv2
import numpy as np
from numpy.typing import NDArray

from crowdcut.cut.spans import opacity_at
from crowdcut.orders import Box, Filmed, Key, Layer, PictureOrder, Raster, Source, Transition, Video
from renderers.composing.blending import Planes, lay_over
from renderers.composing.blending import blend as blend_planes
from renderers.composing.stretches import in_stretches, stretch_of
from renderers.frames.moving import drawn_frames
from renderers.patch import Drawn, Patch, Plane
from renderers.sources import Setting, frames_of
from renderers.transitions import weights_of

BLACK = (16, 128, 128)
"""Y, Cb, Cr."""


@dataclass(frozen=True, slots=True)
class Canvas:
    """One output picture: I420 in one block, [shape=(height * 3 / 2, width)] uint8, and views of its planes."""

    block: NDArray[np.uint8]
    luma: Plane
    cb: Plane
    cr: Plane

    def clear(self) -> None:
        """Paint it black."""
        self.luma[:], self.cb[:], self.cr[:] = BLACK

    def part(self, box: Box | None) -> "Canvas":
        """A view of what ``box`` (within the canvas) holds; None: of all of it. Its block is the whole canvas's."""
        if box is None:
            return self
        rows, columns = slice(box.y, box.y + box.height), slice(box.x, box.x + box.width)
        half = tuple(slice(one.start // 2, one.stop // 2) for one in (rows, columns))
        return Canvas(self.block, self.luma[rows, columns], self.cb[half], self.cr[half])

    def take(self, other: "Canvas") -> None:
        """Become a copy of another canvas."""
        np.copyto(self.block, other.block)


def canvas_for(raster: Raster) -> Canvas:
    """A black canvas of the raster's size."""
    height, width = raster.height, raster.width
    block = np.empty((height * 3 // 2, width), np.uint8)
    quarter = height * width // 4
    chroma = block[height:].reshape(-1)
    shape = (height // 2, width // 2)
    canvas = Canvas(block, block[:height], chroma[:quarter].reshape(shape), chroma[quarter:].reshape(shape))
    canvas.clear()
    return canvas


def _overlap(start: int, length: int, limit: int) -> tuple[slice, slice] | None:
    """The part of a stretch that lies within 0..limit: where in the limit, and where in the stretch."""
    first, last = max(0, start), min(limit, start + length)
    return (slice(first, last), slice(first - start, last - start)) if first < last else None


def _blend(
    canvas: Canvas, patch: Patch, opacity: float, mode: str, overlap: tuple[tuple[slice, slice], tuple[slice, slice]]
) -> None:
    """``overlap``: rows and columns, each on the canvas and in the patch."""
    to, of = ((down, across) for down, across in zip(*overlap, strict=True))
    to_half, of_half = (tuple(slice(one.start // 2, one.stop // 2) for one in part) for part in (to, of))
    target = Planes(canvas.luma[to], canvas.cb[to_half], canvas.cr[to_half])
    alpha = None if patch.alpha is None else patch.alpha[of]
    alpha_chroma = None if patch.alpha_chroma is None else patch.alpha_chroma[of_half]
    layer = Planes(patch.luma[of], patch.cb[of_half], patch.cr[of_half], alpha, alpha_chroma)
    blend_planes(target, layer, opacity, mode)


def lay(canvas: Canvas, patch: Patch, opacity: float = 1.0, blend: str = "normal") -> None:
    """Lay a patch on the canvas, where it falls on it. ``blend``: a word of ``choices.BLENDS``."""
    height, width = patch.luma.shape
    across = _overlap(patch.x, width, canvas.luma.shape[1])
    down = _overlap(patch.y, height, canvas.luma.shape[0])
    if across is None or down is None or opacity <= 0:
        return
    halves = tuple(slice(one.start // 2, one.stop // 2) for one in (*down, *across))
    whole = (*down, *across)
    if blend != "normal":
        _blend(canvas, patch, opacity, blend, (down, across))
        return
    for target, colour, alpha, (to_rows, from_rows, to_columns, from_columns) in (
        (canvas.luma, patch.luma, patch.alpha, whole),
        (canvas.cb, patch.cb, patch.alpha_chroma, halves),
        (canvas.cr, patch.cr, patch.alpha_chroma, halves),
    ):
        place, piece = target[to_rows, to_columns], colour[from_rows, from_columns]
        if alpha is not None:
            lay_over(place, piece, alpha[from_rows, from_columns], opacity)
        elif opacity >= 1:
            np.copyto(place, piece)
        else:
            np.copyto(place, cv2.addWeighted(place, 1 - opacity, piece, opacity, 0))


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """One layer at one frame of the span."""

    layer: Layer
    drawn: Drawn
    opacity: float

    def lay_on(self, canvas: Canvas) -> None:
        """Lay it on the canvas, in its window."""
        part = canvas.part(self.layer.window)
        for patch in self.drawn.patches:
            lay(part, patch, self.opacity, self.layer.blend)


def _key_of(source: Source) -> Key | None:
    return source.conversion.key if isinstance(source, Filmed) else None


def _keying() -> ModuleType:
    """Found by its name, so that its code is only in the keys of pieces that have a key."""
    return import_module("renderers.screens.keying")


def _drawn(source: Source, setting: Setting) -> Iterator[Drawn]:
    """What a source shows, with its screen made clear if it is to be."""
    drawn = frames_of(source)(source, setting)
    key = _key_of(source)
    return drawn if key is None else _keying().keyed_frames(drawn, source.conversion)  # type: ignore[union-attr]


def _all_drawn(layer: Layer, setting: Setting, stretch: int | None) -> Iterator[Drawn]:
    """All of a layer's frames on screen."""
    if stretch is None or not isinstance(layer.source, Video):
        return drawn_frames(layer.source, setting, _drawn)
    return in_stretches(layer.source, setting, stretch, lambda source, part: drawn_frames(source, part, _drawn))


def _layer_frames(
    layer: Layer, count: int, raster: Raster, inputs: Mapping[str, Path], stretch: int | None
) -> Iterator[Seen | None]:
    """A layer at each frame of a span; None where it is not on screen.

    stretch : frames that are drawn at a time; None: one.
    """
    before = min(count, max(0, -layer.age_frames))
    seen = max(0, min(count, layer.length_frames - layer.age_frames) - before)
    yield from repeat(None, before)
    if seen:
        window = layer.window
        setting = Setting(
            raster=raster if window is None else replace(raster, width=window.width, height=window.height),
            age_frames=layer.age_frames + before,
            count=seen,
            inputs=inputs,
        )
        frames, key = _all_drawn(layer, setting, stretch), _key_of(layer.source)
        if key is not None and key.ground:
            frames = _keying().grounded_frames(frames, key, setting.raster)
        for number, drawn in enumerate(frames):
            yield Seen(layer=layer, drawn=drawn, opacity=opacity_at(layer, layer.age_frames + before + number))
    yield from repeat(None, count - before - seen)


class Stage:
    """A stack of layers drawn on a canvas of its own; drawn again only when something changed."""

    def __init__(
        self,
        layers: tuple[Layer, ...],
        count: int,
        raster: Raster,
        inputs: Mapping[str, Path],
        stretch: int | None = None,
    ):
        """``stretch``: as of :func:`renderers.composing.stretches.stretch_of`."""
        self._frames = [_layer_frames(layer, count, raster, inputs, stretch) for layer in layers]
        self.canvas = canvas_for(raster)
        self._last: list[Seen | None] | None = None
        self.shown: list[tuple[int, int | None] | None] = []
        """For each layer what its moving picture showed at the present frame."""
        self.mixed: list[int | None] = []
        """For each layer how much of the next picture was in that."""

    def draw(self) -> None:
        """Draw the next frame."""
        seen = [next(frames) for frames in self._frames]
        self.shown = [one.drawn.shown if one else None for one in seen]
        self.mixed = [one.drawn.mixed if one else None for one in seen]
        if self._last is not None and all(map(_same, seen, self._last)):
            return
        self._last = seen
        if not _covered(seen, self.canvas):
            self.canvas.clear()
        for one in filter(None, seen):
            one.lay_on(self.canvas)


def _same(one: Seen | None, other: Seen | None) -> bool:
    if one is None or other is None:
        return one is other
    return one.drawn is other.drawn and one.opacity == other.opacity


def _covered(seen: list[Seen | None], canvas: Canvas) -> bool:
    """Whether the lowest patch hides the whole canvas, so that it need not be cleared."""
    lowest = seen[0] if seen else None
    if lowest is None or lowest.opacity < 1 or lowest.layer.window is not None or not lowest.drawn.patches:
        return False
    patch = lowest.drawn.patches[0]
    height, width = canvas.luma.shape
    reaches = patch.x <= 0 and patch.y <= 0
    return (
        reaches
        and patch.alpha is None
        and patch.x + patch.luma.shape[1] >= width
        and (patch.y + patch.luma.shape[0] >= height)
    )


def _mixed(canvas: Canvas, leaving: Canvas, coming: Canvas, transition: Transition, frame: int) -> None:
    """``leaving`` on its way to ``coming``. A transition of n frames shows n mixtures, none of them pure."""
    progress = (transition.age_frames + frame + 1) / (transition.length_frames + 1)
    one, two = weights_of(transition.kind)(progress)
    rest = 1 - one - two
    # The black that is left over has its own codes: 16, and 128 for colour.
    height = canvas.luma.shape[0]
    for part, black in ((slice(0, height), BLACK[0]), (slice(height, None), BLACK[1])):
        cv2.addWeighted(leaving.block[part], one, coming.block[part], two, black * rest, dst=canvas.block[part])


@dataclass(frozen=True, slots=True, kw_only=True)
class Composed:
    """One output frame. The canvas is drawn over for the next."""

    canvas: Canvas
    shown: tuple[tuple[int, int | None] | None, ...]
    """For each layer of the order (stack, leaving, over) the source timestamps at this frame."""
    mixed: tuple[int | None, ...]
    """For each of these layers how much of the next picture is in it (``Drawn.mixed``)."""


def composed_frames(order: PictureOrder, inputs: Mapping[str, Path]) -> Iterator[Composed]:
    """Every frame of a span, in order."""
    count, raster, stretch = order.length_frames, order.raster, stretch_of(order)
    coming = Stage(order.stack, count, raster, inputs, stretch)
    leaving = Stage(order.transition.leaving if order.transition else (), count, raster, inputs, stretch)
    over = [_layer_frames(layer, count, raster, inputs, stretch) for layer in order.over]
    mixed, topped = canvas_for(raster), canvas_for(raster)
    for frame in range(count):
        coming.draw()
        canvas = coming.canvas
        if order.transition is not None:
            leaving.draw()
            _mixed(mixed, leaving.canvas, coming.canvas, order.transition, frame)
            canvas = mixed
        shown, made = [*coming.shown, *leaving.shown], [*coming.mixed, *leaving.mixed]
        seen = [next(frames) for frames in over]
        if any(seen):
            topped.take(canvas)
            canvas = topped
        for one in seen:
            shown.append(one.drawn.shown if one else None)
            made.append(one.drawn.mixed if one else None)
            if one is not None:
                one.lay_on(canvas)
        yield Composed(canvas=canvas, shown=tuple(shown), mixed=tuple(made))
