"""Contributed Lottie animations: examined as the programs that they are, drawn at the size needed, shown in time."""

from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path

from crowdcut.media import Media, Picture
from crowdcut.orders import Animation
from renderers.files.door import broken
from renderers.frames.fit import needed_size, patches_for
from renderers.patch import Drawn, Patch
from renderers.sources import Setting
from renderers.sources.still import AS_SRGB
from renderers.stills.reel import reel_frames
from renderers.vectors.lottie_file import composition_from
from renderers.vectors.vector import Drawing, size_within

_HEAD_BYTES = 4096
_TRIED = 24
"""Pictures, spread over the animation, that an examination draws, small: one of them must show something."""
_TRIED_PIXELS = 128 * 128


def examine(path: Path, head: bytes, suffix: str) -> Media | None:
    """What the Lottie animation in ``path`` is; None for another file. Raises JobFailed for what cannot be drawn.

    head : the file's first bytes. suffix : not needed.
    """
    del suffix
    found = composition_from(path, head)
    if found is None:
        return None
    size = size_within(found.width, found.height, _TRIED_PIXELS)
    with Drawing(path, found.data, "lottie") as drawing:
        tried = sorted({number * found.frames // _TRIED for number in range(_TRIED)})
        if not any(drawing.pixels(size, frame)[..., 3].any() for frame in tried):
            raise broken(path, "There is nothing to be seen in it, at any time")
    picture = Picture(
        codec="lottie",
        width=found.width,
        height=found.height,
        pixel_format="rgba",
        alpha=True,
        colour=AS_SRGB,
        duration=found.frames / found.rate,
        frames=found.frames,
        rate=found.rate,
        loops=found.loops,
        vector=True,
    )
    container = "lottie" if head.startswith(b"PK") else "json"
    return Media(kind="animation", container=container, picture=picture, reader="lottie", remarks=found.remarks)


def frames(animation: Animation, setting: Setting) -> Iterator[Drawn]:
    """The picture on screen at each frame's time, by the animation's own rate."""
    path, picture, conversion = setting.inputs[animation.file], animation.picture, animation.conversion
    with path.open("rb") as file:
        found = composition_from(path, file.read(_HEAD_BYTES))
    if found is None:
        raise broken(path, "it is no longer the animation that was examined")
    stored = (picture.width, picture.height)
    size = size_within(*needed_size(conversion, stored))

    def index_at(moment: Fraction) -> int:
        return min(int(moment * (picture.rate or 1)), picture.frames - 1)

    with Drawing(path, found.data, "lottie") as drawing:

        def patches_of(index: int) -> tuple[Patch, ...]:
            return patches_for(drawing.pixels(size, index), conversion, setting.raster, stored)

        yield from reel_frames(animation, setting, index_at, patches_of)
