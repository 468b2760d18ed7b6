"""Stills and small animations, written with Pillow."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image


def write_still(path: Path, picture: NDArray[np.uint8], *, quality: int = 88) -> Path:
    """Write (height, width, 3 or 4) uint8 R'G'B'[A] as the format of the path's ending (PNG, JPEG, WebP, TIFF)."""
    Image.fromarray(picture).save(path, quality=quality)
    return path


def write_animation(
    path: Path, pictures: Sequence[NDArray[np.uint8]], *, milliseconds: int | Sequence[int], colours: int = 256
) -> Path:
    """Write pictures of (height, width, 3 or 4) uint8 as a looping animation: ``.gif`` (``colours`` from the first
    picture's palette, no alpha) or ``.png``/``.apng`` (lossless, with alpha). One duration, or one for each picture."""
    images = [Image.fromarray(picture) for picture in pictures]
    if path.suffix == ".gif":
        palette = images[0].convert("RGB").quantize(colours, dither=Image.Dither.NONE)
        images = [image.convert("RGB").quantize(palette=palette, dither=Image.Dither.NONE) for image in images]
    form = "GIF" if path.suffix == ".gif" else "PNG"
    durations = milliseconds if isinstance(milliseconds, int) else list(milliseconds)
    images[0].save(path, form, save_all=True, append_images=images[1:], duration=durations, loop=0)
    return path
