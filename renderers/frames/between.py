"""Pictures between two pictures: the two mixed, or a new one made along the movement from one to the other."""

from dataclasses import dataclass, replace
from functools import lru_cache

import cv2
import numpy as np
from numpy.typing import NDArray

from crowdcut.conform.sampling import MIX_STEPS
from crowdcut.orders import Motion
from renderers.frames.movement import UNITS, Flow, Mask, Movement, movement_between, places
from renderers.patch import Patch, Plane

_WIDEST: dict[Motion, int] = {"blend": 240, "flow": 960}
"""Pixels of the raster that movement is sought on: a cut shows at any size, a contour needs half of HD."""
_REMAP_BITS = 5
_REMAP = 1 << _REMAP_BITS
"""Parts of a pixel that ``cv2.remap`` reads at."""

Shares = NDArray[np.uint16] | int
"""How much of the second picture is taken, in :data:`MIX_STEPS`: for all pixels, or [shape=(height, width)]."""


def _mixed(first: Plane, second: Plane, share: Shares) -> Plane:
    total = np.multiply(first, MIX_STEPS - share, dtype=np.uint16)
    total += np.multiply(second, share, dtype=np.uint16)
    total += MIX_STEPS // 2
    total //= MIX_STEPS
    return total.astype(np.uint8)


def _mixed_patches(first: Patch, second: Patch, share: int) -> Patch:
    def both(name: str) -> Plane | None:
        one, two = getattr(first, name), getattr(second, name)
        return None if one is None or two is None else _mixed(one, two, share)

    planes = {name: both(name) for name in ("luma", "cb", "cr", "alpha", "alpha_chroma")}
    return replace(first, **planes)  # type: ignore[arg-type]


def _laid(movement: Flow, known: Mask, share: int) -> tuple[Flow, Mask]:
    """The movement of known pixels where they are after ``share`` of it, and where one lies."""
    ends = places(movement, share)
    found = np.flatnonzero(known & ends.inside)
    flow, mask = np.zeros_like(movement), np.zeros_like(known)
    at = ends.flat.ravel()[found]
    mask.reshape(-1)[at] = True
    for laid, moved in zip(flow.reshape(2, -1), movement.reshape(2, -1), strict=True):
        laid[at] = moved[found]
    return flow, mask


def _in_fours(values: NDArray[np.int32]) -> NDArray[np.int32]:
    """The sum of each 2 x 2 values. [shape=(..., height, width)], even"""
    rows = values[..., 0::2, :] + values[..., 1::2, :]
    return rows[..., 0::2] + rows[..., 1::2]


def _filled(flow: Flow, mask: Mask) -> Flow:
    """The flow with its holes (where it is 0) closed by the mean of what lies around them, from near to far."""
    if mask.all() or not mask.any() or min(mask.shape) < 2:
        return flow
    height, width = mask.shape
    odd = (0, height % 2), (0, width % 2)
    number = _in_fours(np.pad(mask, odd).astype(np.int32))
    sums = _in_fours(np.pad(flow, ((0, 0), *odd)))
    coarse = _filled(sums // np.maximum(number, 1), number > 0)
    near = np.repeat(np.repeat(coarse, 2, axis=1), 2, axis=2)[:, :height, :width]
    return np.where(mask, flow, near)


def _flow_at(movement: Movement, share: int) -> Flow:
    """For each pixel of the picture at ``share`` the way from the first picture to the second that leads over it."""
    flow, mask = _laid(movement.there, movement.seen_again, share)
    back, mask_back = _laid(movement.back, movement.seen_before, MIX_STEPS - share)
    np.copyto(flow, -back, where=mask_back & ~mask)
    return _filled(flow, mask | mask_back)


def _shares(movement: Movement, flow: Flow, share: int) -> NDArray[np.uint16]:
    """How much of the second picture each pixel takes: all where the first does not have it, none the other way."""
    before, after = places(-flow, share), places(flow, MIX_STEPS - share)
    hidden_later = ~movement.seen_again.ravel()[before.flat] & before.inside
    hidden_before = ~movement.seen_before.ravel()[after.flat] & after.inside
    shares = np.full(flow.shape[1:], share, np.uint16)
    shares[(hidden_later & ~hidden_before) | (before.inside & ~after.inside)] = 0
    shares[(hidden_before & ~hidden_later) | (after.inside & ~before.inside)] = MIX_STEPS
    return shares


def _enlarged(values: NDArray, scale: int, shape: tuple[int, ...], *, halved: bool) -> NDArray:
    """Each value ``scale`` times across and down, cut to ``shape``. ``halved``: every second of these."""
    step = 2 if halved else 1
    times = scale // step if scale % step == 0 else scale
    size = values.shape[1] * times, values.shape[0] * times
    large = cv2.resize(values, size, interpolation=cv2.INTER_NEAREST)
    return (large if times != scale or step == 1 else large[::step, ::step])[: shape[0], : shape[1]]


@lru_cache(maxsize=2)
def _grid(height: int, width: int) -> NDArray[np.int16]:
    """[shape=(height, width, 2)] each pixel's own place, across and down."""
    down, across = np.indices((height, width), np.int16)
    return np.stack([across, down], axis=2)


def _warped(plane: Plane, flow: Flow, share: int, scale: int, *, halved: bool) -> Plane:
    """A plane read ``share`` of the way along ``flow`` from each pixel. ``scale``: sides of a picture's pixel in those
    of the flow. ``halved``: whether the plane is of half the picture's size."""
    units = 2 * UNITS if halved else UNITS
    moved = flow * np.int32(scale * share * _REMAP)
    moved += MIX_STEPS // 2 * units
    moved //= MIX_STEPS * units
    whole = np.stack([(one >> _REMAP_BITS).astype(np.int16) for one in moved], axis=2)
    part = (moved & (_REMAP - 1)).astype(np.uint16)
    index = _enlarged(part[1] * np.uint16(_REMAP) + part[0], scale, plane.shape, halved=halved)
    at = _grid(*plane.shape) + _enlarged(whole, scale, plane.shape, halved=halved)
    return cv2.remap(plane, at, index, cv2.INTER_CUBIC, borderMode=cv2.BORDER_REPLICATE)  # type: ignore[return-value]


def _made(first: Patch, second: Patch, movement: Movement, share: int) -> Patch:
    """The picture at ``share`` of the way from the first to the second."""
    flow = _flow_at(movement, share)
    shares = _shares(movement, flow, share)
    scale = movement.scale

    def along(name: str, *, halved: bool) -> Plane | None:
        one, two = getattr(first, name), getattr(second, name)
        if one is None or two is None:
            return None
        before = _warped(one, -flow, share, scale, halved=halved)
        after = _warped(two, flow, MIX_STEPS - share, scale, halved=halved)
        return _mixed(before, after, _enlarged(shares, scale, one.shape, halved=halved))

    planes = {name: along(name, halved=False) for name in ("luma", "alpha")}
    planes |= {name: along(name, halved=True) for name in ("cb", "cr", "alpha_chroma")}
    return replace(first, **planes)  # type: ignore[arg-type]


@dataclass(slots=True)
class Between:
    """Two pictures that follow each other in a clip, and what lies between them."""

    first: tuple[Patch, ...]
    second: tuple[Patch, ...]
    """Of the same sizes as the first; the last patch of each is the picture, what lies under it its backdrop."""
    motion: Motion
    """``blend`` or ``flow``."""
    _movement: Movement | None = None

    def __post_init__(self) -> None:
        if self.first and len(self.first) == len(self.second):
            self._movement = movement_between(self.first[-1], self.second[-1], widest=_WIDEST[self.motion])

    def at(self, share: int) -> tuple[Patch, ...] | None:
        """The picture at ``share`` (of :data:`MIX_STEPS`) of the way; None where the second does not continue the
        first, so that there is nothing between the two."""
        movement = self._movement
        if movement is None or not movement.continues:
            return None
        *under, last = zip(self.first, self.second, strict=True)
        made = _mixed_patches(*last, share) if self.motion == "blend" else _made(*last, movement, share)
        return *(_mixed_patches(*pair, share) for pair in under), made
