"""Contributed drawings in SVG: examined as the programs that they are, drawn at the size needed, clear parts kept."""

from collections.abc import Iterator
from itertools import repeat
from pathlib import Path

from crowdcut.media import Media, Picture
from crowdcut.orders import Still
from renderers.files.door import broken
from renderers.frames.fit import needed_size, patches_for
from renderers.patch import Drawn
from renderers.sources import Setting
from renderers.sources.still import AS_SRGB
from renderers.vectors.svg_file import sheet_from
from renderers.vectors.vector import Drawing, size_within

_HEAD_BYTES = 4096
_TRIED_PIXELS = 256 * 256
"""Of the picture that an examination draws."""


def examine(path: Path, head: bytes, suffix: str) -> Media | None:
    """What the drawing in ``path`` is; None for another file. Raises JobFailed for what cannot be drawn.

    head : the file's first bytes. suffix : not needed.
    """
    del suffix
    sheet = sheet_from(path, head)
    if sheet is None:
        return None
    with Drawing(path, sheet.data, "svg") as drawing:
        alpha = drawing.pixels(size_within(sheet.width, sheet.height, _TRIED_PIXELS))[..., 3]
    if not alpha.any():
        raise broken(path, "There is nothing to be seen in it (SVG)")
    picture = Picture(
        codec="svg",
        width=sheet.width,
        height=sheet.height,
        pixel_format="rgba",
        alpha=int(alpha.min()) < 255,
        colour=AS_SRGB,
        vector=True,
    )
    return Media(kind="still", container="svg", picture=picture, reader="svg", remarks=sheet.remarks)


def frames(still: Still, setting: Setting) -> Iterator[Drawn]:
    """The drawing in its place, the same for every frame."""
    path, picture, conversion = setting.inputs[still.file], still.picture, still.conversion
    with path.open("rb") as file:
        sheet = sheet_from(path, file.read(_HEAD_BYTES))
    if sheet is None:
        raise broken(path, "it is no longer the drawing that was examined")
    stored = (picture.width, picture.height)
    with Drawing(path, sheet.data, "svg") as drawing:
        pixels = drawing.pixels(size_within(*needed_size(conversion, stored)))
    if not picture.alpha:
        pixels = pixels[..., :3]
    yield from repeat(Drawn(patches=patches_for(pixels, conversion, setting.raster, stored)), setting.count)
