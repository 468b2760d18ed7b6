"""A view that moves over a picture, placed between pixels: no steps, whatever its speed.

The picture is brought to about the screen's own fineness once (a still) or once for each of its frames (a film), which
is where it is filtered; the view is then read from it by bicubic interpolation, to 1/32 of a pixel. Where the zoom is
more than one such picture serves, there are several, each three quarters of the one before, and the two nearest to the
view's own fineness are mixed (as mipmaps are: L. Williams, Pyramidal Parametrics, SIGGRAPH 1983).
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

import cv2
import numpy as np

from crowdcut.conform.motion_path import ZOOM_OF_ONE, view_at
from crowdcut.orders import Animation, Box, Pan, Raster, Still, Video, View
from renderers.colour.legal import still_legal
from renderers.colour.legal_layers import legal_colours
from renderers.frames.alpha import luma_between
from renderers.frames.fit import backdrop
from renderers.patch import Drawn, Patch, Plane
from renderers.sources import Setting

_NEXT = 0.75
"""Size of each picture as a part of the one before."""

Planes = tuple[Plane, ...]
"""Luma, Cb and Cr; where the picture has alpha, that and its own for chroma."""
_HALVES = (False, True, True, False, True)
"""Which of these are half as wide and high."""


@dataclass(frozen=True, slots=True)
class _Level:
    """A picture at one size."""

    planes: Planes
    across: float
    """Its width divided by that of the picture that views are told in."""
    down: float


def _read(plane: Plane, view: View, level: _Level, size: tuple[int, int], half: bool) -> Plane:
    """What ``view`` shows of a plane, at another size."""
    share = 0.5 if half else 1.0
    x, y = float(view.x) * level.across * share, float(view.y) * level.down * share
    across = float(view.width) * level.across * share / size[0]
    down = float(view.height) * level.down * share / size[1]
    # Middles of pixels lie at halves: OpenCV counts from the middle of the first.
    matrix = np.array([[across, 0.0, x + across / 2 - 0.5], [0.0, down, y + down / 2 - 0.5]])
    flags = cv2.INTER_CUBIC | cv2.WARP_INVERSE_MAP
    return cv2.warpAffine(plane, matrix, size, flags=flags, borderMode=cv2.BORDER_REPLICATE)  # type: ignore[return-value]


def _patch(level: _Level, view: View, region: Box) -> Patch:
    whole, half = (region.width, region.height), (region.width // 2, region.height // 2)
    read = [
        _read(plane, view, level, half if halved else whole, half=halved)
        for plane, halved in zip(level.planes, _HALVES, strict=False)
    ]
    return _patch_of(_legal(read), region)


def _legal(planes: Sequence[Plane]) -> Sequence[Plane]:
    """Without the ripples of bicubic interpolation beyond black, white and alpha."""
    luma, cb, cr, *alphas = planes
    if not alphas:
        return still_legal(luma, cb, cr)
    luma = luma_between(luma, alphas[0])
    return luma, *legal_colours(luma, cb, cr, *alphas), *alphas


def _patch_of(planes: Sequence[Plane], region: Box) -> Patch:
    luma, cb, cr, *alpha = planes
    patch = Patch(x=region.x, y=region.y, luma=luma, cb=cb, cr=cr)
    return replace(patch, alpha=alpha[0], alpha_chroma=alpha[1]) if alpha else patch


def _planes_of(patch: Patch) -> Planes:
    if patch.alpha is None or patch.alpha_chroma is None:
        return patch.luma, patch.cb, patch.cr
    return patch.luma, patch.cb, patch.cr, patch.alpha, patch.alpha_chroma


def _mixed(one: Patch, other: Patch, share: float, region: Box) -> Patch:
    """``share`` of ``other`` over the rest of ``one``."""
    pairs = zip(_planes_of(one), _planes_of(other), strict=True)
    mixed = [cv2.addWeighted(a, 1 - share, b, share, 0) for a, b in pairs]
    return _patch_of(mixed, region)  # type: ignore[arg-type]


def _levels(patch: Patch, pan: Pan) -> list[_Level]:
    """The picture, and as many smaller ones as its widest view asks for."""
    levels = [_Level(_planes_of(patch), 1.0, 1.0)]
    widths = [view.width for view in pan.views]
    if max(widths) <= min(widths) * ZOOM_OF_ONE:
        return levels
    height, width = patch.luma.shape
    size = 1.0
    while float(max(widths)) * size > pan.region.width and min(width, height) * size * _NEXT >= 16:
        size *= _NEXT
        wide, high = max(2, round(width * size / 2) * 2), max(2, round(height * size / 2) * 2)
        planes = tuple(
            cv2.resize(plane, (wide // 2, high // 2) if halved else (wide, high), interpolation=cv2.INTER_AREA)
            for plane, halved in zip(levels[0].planes, _HALVES, strict=False)
        )
        levels.append(_Level(planes, wide / width, high / height))  # type: ignore[arg-type]
    return levels


def _seen(levels: list[_Level], view: View, region: Box) -> Patch:
    """What ``view`` shows, from the one or two levels that are as fine as the output."""
    finenesses = [float(view.width) * level.across / region.width for level in levels]
    coarser = next((number for number, one in enumerate(finenesses) if one <= 1), len(levels) - 1)
    patch = _patch(levels[coarser], view, region)
    if coarser == 0 or finenesses[coarser] >= 1:
        return patch
    share = (1 - finenesses[coarser]) / (finenesses[coarser - 1] - finenesses[coarser])
    return _mixed(patch, _patch(levels[coarser - 1], view, region), share, region)


def _moved(frames: Iterator[Drawn], pan: Pan, setting: Setting, *, backed: bool) -> Iterator[Drawn]:
    """Each frame as the view at its age shows it. ``backed``: over a soft copy of itself."""
    last: Drawn | None = None
    levels: list[_Level] = []
    behind: tuple[Patch, ...] = ()
    for age, drawn in enumerate(frames, setting.age_frames):
        if drawn is not last:
            last, (patch,) = drawn, drawn.patches
            levels = _levels(patch, pan)
            if backed:
                behind = (backdrop(patch.luma, patch.cb, patch.cr, setting.raster),)
        yield replace(drawn, patches=(*behind, _seen(levels, view_at(pan, age), pan.region)))


def drawn_frames(source: Any, setting: Setting, drawn: Callable[[Any, Setting], Iterator[Drawn]]) -> Iterator[Drawn]:
    """The frames of a source as its layer shows them: as ``drawn`` gives them, or what a view that moves sees.

    Raises JobFailed naming the file or the words that cannot be drawn.
    """
    conversion = source.conversion if isinstance(source, Video | Still | Animation) else None
    if conversion is None or conversion.pan is None:
        return drawn(source, setting)
    box = conversion.box
    ground = replace(source, conversion=replace(conversion, pan=None, backdrop=False))
    raster = Raster(width=box.width, height=box.height, rate=setting.raster.rate)
    frames = drawn(ground, replace(setting, raster=raster))
    return _moved(frames, conversion.pan, setting, backed=conversion.backdrop)
