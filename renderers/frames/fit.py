"""Brings a decoded picture to its place in the output: crop, mirror, turn, scale, ground and backdrop."""

from collections.abc import Callable

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image

from crowdcut.orders import Box, Conversion, Raster
from renderers.patch import Patch, Plane, patch_from_opaque, patch_from_premultiplied, times

# Jobs run side by side on all cores already; one thread also repeats the same bytes.
cv2.setNumThreads(1)

Pixels = NDArray[np.uint8]

_SHRINK = 16
"""The backdrop is made at a sixteenth of the raster's size: nothing finer survives the blur."""
_BLUR = 4.0
"""Standard deviation of the blur in small pixels: 64 output pixels, a picture's colours without its shapes."""
_BRIGHTNESS = 0.45
"""What is left of the luma, so that the picture in front stands out."""
_SATURATION = 0.7


def needed_size(conversion: Conversion, stored: tuple[int, int]) -> tuple[int, int]:
    """Width and height of the stored picture that fill the box at full sharpness.

    stored : the picture's width and height, before crop and turn.
    """
    wide, high = conversion.box.width, conversion.box.height
    if conversion.turn in (90, 270):
        wide, high = high, wide
    _, _, used_wide, used_high = conversion.crop or (0, 0, *stored)
    return max(1, -(-wide * stored[0] // used_wide)), max(1, -(-high * stored[1] // used_high))


def upright(pixels: Pixels, conversion: Conversion, stored: tuple[int, int]) -> Pixels:
    """The used part of the picture as it is to be seen; a view, not yet scaled.

    pixels : [shape=(height, width, channels)] the stored picture, perhaps decoded at a smaller scale.
    stored : width and height that ``conversion.crop`` is counted in.
    """
    height, width = pixels.shape[:2]
    if conversion.crop is not None:
        x, y, used_wide, used_high = conversion.crop
        left, right = (round(edge * width / stored[0]) for edge in (x, x + used_wide))
        top, bottom = (round(edge * height / stored[1]) for edge in (y, y + used_high))
        pixels = pixels[top : max(bottom, top + 1), left : max(right, left + 1)]
    if conversion.mirror:
        pixels = pixels[:, ::-1]
    return np.rot90(pixels, -(conversion.turn // 90))


def _resized(pixels: Pixels, width: int, height: int, method: int) -> Pixels:
    if pixels.shape[:2] == (height, width):
        return pixels
    return cv2.resize(np.ascontiguousarray(pixels), (width, height), interpolation=method)  # type: ignore[return-value]


def _shrunk(pixels: Pixels, width: int, height: int) -> Pixels:
    """The mean of what falls together, which is what alpha covers; of an opaque picture that would be soft, so Pillow's
    bicubic, which widens its kernel as OpenCV's does not."""
    if pixels.shape[2] == 4 or pixels.shape[:2] == (height, width):
        return _resized(pixels, width, height, cv2.INTER_AREA)
    image = Image.fromarray(np.ascontiguousarray(pixels))
    return np.array(image.resize((width, height), Image.Resampling.BICUBIC))


def scaled(pixels: Pixels, width: int, height: int) -> Pixels:
    """The picture at another size.

    pixels : [shape=(height, width, 3 or 4)] with four channels premultiplied, so that clear pixels do not bleed.
    """
    smaller = _shrunk(pixels, min(width, pixels.shape[1]), min(height, pixels.shape[0]))
    larger = _resized(smaller, width, height, cv2.INTER_CUBIC)
    if larger is not smaller and larger.shape[2] == 4:
        # Bicubic overshoots: no colour may be more than its alpha.
        np.minimum(larger[..., :3], larger[..., 3:], out=larger[..., :3])
    return larger


def premultiplied(rgba: Pixels) -> Pixels:
    """``rgba`` with its colours weighed by its alpha. [shape=(height, width, 4)]"""
    *colours, alpha = cv2.split(rgba)
    return cv2.merge([*(times(one, alpha) for one in colours), alpha])  # type: ignore[return-value]


def flattened(rgba: Pixels, ground: tuple[int, int, int]) -> Pixels:
    """A premultiplied picture laid on one colour. [shape=(height, width, 3)]"""
    clear = (255 - rgba[..., 3:]).astype(np.uint16)
    lit = (clear * np.array(ground, np.uint16) + 127) // 255 + rgba[..., :3]
    return np.minimum(lit, 255).astype(np.uint8)


def _covering_part(width: int, height: int, raster: Raster) -> tuple[slice, slice]:
    """Rows and columns of the largest centred part with the raster's shape, on even numbers."""
    part_wide = min(width, max(2, height * raster.width // raster.height // 2 * 2))
    part_high = min(height, max(2, width * raster.height // raster.width // 2 * 2))
    left, top = (width - part_wide) // 4 * 2, (height - part_high) // 4 * 2
    return slice(top, top + part_high), slice(left, left + part_wide)


def _blurred(plane: Plane, size: tuple[int, int], blur: float, level: int, gain: float, full: tuple[int, int]) -> Plane:
    method = cv2.INTER_AREA if plane.shape[0] >= size[1] and plane.shape[1] >= size[0] else cv2.INTER_LINEAR
    small = cv2.resize(plane, size, interpolation=method).astype(np.float32)
    soft = cv2.GaussianBlur(small, (0, 0), blur, borderType=cv2.BORDER_REPLICATE)
    dark = np.clip((soft - level) * gain + (level + 0.5), 0, 255).astype(np.uint8)
    return cv2.resize(dark, full, interpolation=cv2.INTER_CUBIC)  # type: ignore[return-value]


def backdrop(luma: Plane, cb: Plane, cr: Plane, raster: Raster) -> Patch:
    """A blurred, darkened copy of a picture that fills the raster behind it.

    luma, cb, cr : limited-range 4:2:0 planes of the picture as it is seen, any size.
    """
    rows, columns = _covering_part(luma.shape[1], luma.shape[0], raster)
    half_rows = slice(rows.start // 2, max(rows.start // 2 + 1, rows.stop // 2))
    half_columns = slice(columns.start // 2, max(columns.start // 2 + 1, columns.stop // 2))
    small = max(4, raster.width // _SHRINK // 2 * 2), max(4, raster.height // _SHRINK // 2 * 2)
    half = small[0] // 2, small[1] // 2
    full, full_half = (raster.width, raster.height), (raster.width // 2, raster.height // 2)
    return Patch(
        x=0,
        y=0,
        luma=_blurred(luma[rows, columns], small, _BLUR, 16, _BRIGHTNESS, full),
        cb=_blurred(cb[half_rows, half_columns], half, _BLUR / 2, 128, _SATURATION, full_half),
        cr=_blurred(cr[half_rows, half_columns], half, _BLUR / 2, 128, _SATURATION, full_half),
    )


def _visible(box: Box, raster: Raster, clip: Box | None) -> tuple[slice, slice] | None:
    """Rows and columns of the box that lie on the raster, and in ``clip`` if there is one."""
    top, bottom = max(0, -box.y), min(box.height, raster.height - box.y)
    left, right = max(0, -box.x), min(box.width, raster.width - box.x)
    if clip is not None:
        top, bottom = max(top, clip.y - box.y), min(bottom, clip.y + clip.height - box.y)
        left, right = max(left, clip.x - box.x), min(right, clip.x + clip.width - box.x)
    return (slice(top, bottom), slice(left, right)) if top < bottom and left < right else None


def patches_for(
    pixels: Pixels,
    conversion: Conversion,
    raster: Raster,
    stored: tuple[int, int],
    *,
    opaque_patch: Callable[..., Patch] = patch_from_opaque,
) -> tuple[Patch, ...]:
    """What a decoded picture shows: itself in its box, on its backdrop if it has one; nothing if it is off screen.

    pixels : [shape=(height, width, 3 or 4)] sRGB, alpha not premultiplied; perhaps decoded at a smaller scale.
    stored : the picture's width and height, before crop and turn.
    opaque_patch : what makes a patch of pixels without alpha, where these are not sRGB.
    """
    box = conversion.box
    seen = _visible(box, raster, conversion.clip)
    if seen is None:
        return ()
    whole = upright(pixels, conversion, stored)
    opaque = whole.shape[2] == 3
    if not opaque:
        whole = premultiplied(whole)
        if conversion.flatten is not None or conversion.backdrop:
            # Before it is scaled: what the scaler adds at edges would be cut off at their alpha.
            whole, opaque = flattened(whole, conversion.flatten or (0, 0, 0)), True
    whole = scaled(whole, box.width, box.height)[seen]
    x, y = box.x + seen[1].start, box.y + seen[0].start
    patch = opaque_patch(whole, x=x, y=y) if opaque else patch_from_premultiplied(whole, x=x, y=y)
    if not conversion.backdrop:
        return (patch,)
    return backdrop(patch.luma, patch.cb, patch.cr, raster), patch
