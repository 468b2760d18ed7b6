"""Pieces of picture in the encoder's own format: planar 4:2:0, BT.709 limited range, 8 bit."""

from dataclasses import dataclass, replace

import cv2
import numpy as np
from av import VideoFrame
from av.video.reformatter import Interpolation
from numpy.typing import NDArray

from crowdcut.orders import Box

Plane = NDArray[np.uint8]

# BT.709 (Kr 0.2126, Kb 0.0722) from full-range R'G'B' 0..255 to limited range, without the offsets 16 and 128.
_TO_YUV = np.array(
    [
        [0.2126 * 219 / 255, 0.7152 * 219 / 255, 0.0722 * 219 / 255],
        [-0.2126 / 1.8556 * 224 / 255, -0.7152 / 1.8556 * 224 / 255, 0.5 * 224 / 255],
        [0.5 * 224 / 255, -0.7152 / 1.5748 * 224 / 255, -0.0722 / 1.5748 * 224 / 255],
    ],
    dtype=np.float32,
)


_STRIP = 32
"""Rows that are worked at together: their planes stay in a processor's cache."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Patch:
    """A picture and where it lies. ``x``, ``y``, width and height are even; it may reach outside the raster.

    With ``alpha`` the planes are premultiplied, offsets included: 16 and 128 where opaque, 0 where clear.
    """

    x: int
    y: int
    luma: Plane
    """[shape=(height, width)]"""
    cb: Plane
    """[shape=(height / 2, width / 2)]"""
    cr: Plane
    """[shape=(height / 2, width / 2)]"""
    alpha: Plane | None = None
    """[shape=(height, width)] 0..255; None: opaque."""
    alpha_chroma: Plane | None = None
    """[shape=(height / 2, width / 2)] the mean of each four of ``alpha``."""

    def moved_to(self, x: int, y: int) -> "Patch":
        """The same picture elsewhere."""
        return replace(self, x=x, y=y)


def clipped(patch: Patch, clip: Box | None) -> Patch:
    """The part of a patch that lies in ``clip`` (even numbers); views, no copy."""
    height, width = patch.luma.shape
    if clip is None or (clip.x, clip.y, clip.width, clip.height) == (patch.x, patch.y, width, height):
        return patch
    left, top = max(0, clip.x - patch.x), max(0, clip.y - patch.y)
    right, bottom = clip.x + clip.width - patch.x, clip.y + clip.height - patch.y
    whole = (slice(top, bottom), slice(left, right))
    half = (slice(top // 2, bottom // 2), slice(left // 2, right // 2))
    return Patch(
        x=patch.x + left,
        y=patch.y + top,
        luma=patch.luma[whole],
        cb=patch.cb[half],
        cr=patch.cr[half],
        alpha=None if patch.alpha is None else patch.alpha[whole],
        alpha_chroma=None if patch.alpha_chroma is None else patch.alpha_chroma[half],
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Drawn:
    """What a source shows at one output frame. A source that stands still gives the same object again."""

    patches: tuple[Patch, ...]
    """Bottom first."""
    shown: tuple[int, int | None] | None = None
    """For moving pictures: timestamp of the source frame used and of the next one (None: it was the last), in
    ticks of the stream's time base."""
    mixed: int | None = None
    """Where pictures are made between two: the share of the next one (of ``sampling.MIX_STEPS``), or ``sampling.HELD``;
    None where they never are."""


def plane_of(frame: VideoFrame, index: int) -> Plane:
    """A view of one plane of an 8-bit planar frame, without its padding; no copy. It keeps the frame alive."""
    plane = frame.planes[index]
    return np.asarray(memoryview(plane)).reshape(-1, plane.line_size)[: plane.height, : plane.width]


def planes_of(frame: VideoFrame) -> tuple[Plane, Plane, Plane]:
    """Views of a yuv420p frame's planes."""
    return plane_of(frame, 0), plane_of(frame, 1), plane_of(frame, 2)


def times(plane: Plane, share: Plane) -> Plane:
    """A plane weighed by parts of 255, rounded: exact, as no product lies half way between two codes."""
    return cv2.multiply(plane, share, scale=1 / 255)  # type: ignore[return-value]


def _even(pixels: NDArray[np.uint8], x: int, y: int) -> tuple[NDArray[np.uint8], int, int]:
    """``pixels`` padded with nothing so that place and size are even."""
    left, top = x % 2, y % 2
    height, width = pixels.shape[:2]
    padding = ((top, (height + top) % 2), (left, (width + left) % 2), (0, 0))
    return (np.pad(pixels, padding) if any(map(any, padding)) else pixels), x - left, y - top


def _weighed(planes: list[NDArray[np.float32]], factors: NDArray[np.float32], black: int) -> Plane:
    """One of Y, Cb and Cr of premultiplied R'G'B' and alpha (0..255), which are weighed in place."""
    for plane, factor in zip(planes, (*factors, np.float32(black / 255)), strict=True):
        plane *= factor
    total = planes[0]
    for plane in planes[1:]:
        total += plane
    total += np.float32(0.5)
    return np.clip(total, 0, 255, out=total).astype(np.uint8)


def patch_from_premultiplied(rgba: NDArray[np.uint8], *, x: int = 0, y: int = 0) -> Patch:
    """A patch with alpha.

    rgba : [shape=(height, width, 4)] sRGB, premultiplied, red first (Skia's ``kRGBA_8888`` premul).
    x, y : where its top left corner lies, output pixels.
    """
    rgba, x, y = _even(rgba, x, y)
    height, width = rgba.shape[:2]
    luma = np.empty((height, width), np.uint8)
    cb, cr, alpha_chroma = (np.empty((height // 2, width // 2), np.uint8) for _ in range(3))
    for first in range(0, height, _STRIP):
        whole = slice(first, first + _STRIP)
        half = slice(first // 2, (first + _STRIP) // 2)
        planes = [plane.astype(np.float32) for plane in cv2.split(rgba[whole])]
        size = width // 2, planes[0].shape[0] // 2
        means = [cv2.resize(plane, size, interpolation=cv2.INTER_AREA) for plane in planes]
        luma[whole] = _weighed(planes, _TO_YUV[0], 16)
        cb[half] = _weighed([one.copy() for one in means], _TO_YUV[1], 128)  # type: ignore[misc]
        alpha_chroma[half] = means[3] + np.float32(0.5)  # type: ignore[operator]
        cr[half] = _weighed(means, _TO_YUV[2], 128)  # type: ignore[arg-type]
    return Patch(x=x, y=y, luma=luma, cb=cb, cr=cr, alpha=rgba[..., 3].copy(), alpha_chroma=alpha_chroma)


def patch_from_opaque(rgb: NDArray[np.uint8], *, x: int = 0, y: int = 0) -> Patch:
    """An opaque patch.

    rgb : [shape=(height, width, 3 or 4)] sRGB, red first, even height and width; a fourth channel is ignored.
    """
    pixel_format = "rgb24" if rgb.shape[2] == 3 else "rgba"
    frame = VideoFrame.from_numpy_buffer(np.ascontiguousarray(rgb), format=pixel_format)
    converted = frame.reformat(
        format="yuv420p",
        src_colorspace="ITU709",
        dst_colorspace="ITU709",
        src_color_range="JPEG",
        dst_color_range="MPEG",
        interpolation=Interpolation.AREA | Interpolation.ACCURATE_RND | Interpolation.BITEXACT,
    )
    luma, cb, cr = (plane.copy() for plane in planes_of(converted))
    return Patch(x=x, y=y, luma=luma, cb=cb, cr=cr)
