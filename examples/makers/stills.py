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


def _on_palette(images: list[Image.Image], colours: int) -> list[Image.Image]:
    """All images in one palette, chosen from the first, the middle and the last of them."""
    chosen = np.concatenate([np.asarray(images[place]) for place in (0, len(images) // 2, -1)])
    palette = Image.fromarray(chosen).quantize(colours, dither=Image.Dither.NONE)
    return [image.quantize(palette=palette, dither=Image.Dither.NONE) for image in images]


def write_animation(
    path: Path,
    pictures: Sequence[NDArray[np.uint8]],
    *,
    milliseconds: int | Sequence[int],
    colours: int | None = None,
) -> Path:
    """Write pictures of (height, width, 3 or 4) uint8 as a looping animation: ``.gif``, or ``.png`` and ``.apng``.

    ``colours`` puts pictures without alpha in one palette; a GIF is always in one (of 256, unless it is told).
    ``milliseconds`` is one duration, or one for each picture.
    """
    gif = path.suffix == ".gif"
    images = [Image.fromarray(picture[..., :3] if gif else picture) for picture in pictures]
    if gif or colours is not None:
        images = _on_palette(images, colours or 256)
    durations = milliseconds if isinstance(milliseconds, int) else list(milliseconds)
    images[0].save(path, "GIF" if gif else "PNG", save_all=True, append_images=images[1:], duration=durations, loop=0)
    return path
