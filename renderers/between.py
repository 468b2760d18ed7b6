"""Pictures between two pictures: the two mixed, or a new one made along the movement from one to the other."""

from dataclasses import dataclass, replace

import cv2
import numpy as np
from numpy.typing import NDArray

from crowdcut.orders import Motion
from crowdcut.sampling import MIX_STEPS
from renderers.movement import UNITS, Flow, Mask, Movement, grid_of, movement_between, places
from renderers.patch import Patch, Plane

_WIDEST: dict[Motion, int] = {"blend": 240, "flow": 960}
"""Pixels of the raster that movement is sought on: a cut shows at any size, a contour needs half of HD."""
_REMAP = 32
"""Parts of a pixel that ``cv2.remap`` reads at."""

Shares = NDArray[np.uint16] | int
"""How much of the second picture is taken, in :data:`MIX_STEPS`: for all pixels, or [shape=(height, width)]."""


def _mixed(first: Plane, second: Plane, share: Shares) -> Plane:
    one, two = first.astype(np.uint16), second.astype(np.uint16)
    return ((one * (MIX_STEPS - share) + two * share + MIX_STEPS // 2) // MIX_STEPS).astype(np.uint8)


def _mixed_patches(first: Patch, second: Patch, share: int) -> Patch:
    def both(name: str) -> Plane | None:
        one, two = getattr(first, name), getattr(second, name)
        return None if one is None or two is None else _mixed(one, two, share)

    planes = {name: both(name) for name in ("luma", "cb", "cr", "alpha", "alpha_chroma")}
    return replace(first, **planes)  # type: ignore[arg-type]


def _laid(flow: Flow, mask: Mask, movement: Flow, known: Mask, share: int) -> None:
    """Lay the movement of known pixels where they are after ``share`` of it, where nothing lies yet; in place."""
    ends, inside = places(movement, share)
    free = known & inside
    down, across = ends[free, 1], ends[free, 0]
    empty = ~mask[down, across]
    flow[down[empty], across[empty]] = movement[free][empty]
    mask[down[empty], across[empty]] = True


def _filled(flow: Flow, mask: Mask) -> Flow:
    """The flow with its holes closed by the mean of what lies around them, from near to far."""
    if mask.all() or not mask.any() or min(mask.shape) < 2:
        return flow
    height, width = mask.shape
    known = np.pad(np.where(mask[..., None], flow, 0), ((0, height % 2), (0, width % 2), (0, 0)))
    counts = np.pad(mask, ((0, height % 2), (0, width % 2))).astype(np.int32)
    shape = known.shape[0] // 2, 2, known.shape[1] // 2, 2
    sums, number = known.reshape(*shape, 2).sum(axis=(1, 3)), counts.reshape(shape).sum(axis=(1, 3))
    coarse = _filled((sums // np.maximum(number, 1)[..., None]).astype(np.int32), number > 0)
    near = np.repeat(np.repeat(coarse, 2, axis=0), 2, axis=1)[:height, :width]
    return np.where(mask[..., None], flow, near)


def _flow_at(movement: Movement, share: int) -> Flow:
    """For each pixel of the picture at ``share`` the way from the first picture to the second that leads over it."""
    flow, mask = np.zeros_like(movement.there), np.zeros(movement.there.shape[:2], np.bool_)
    _laid(flow, mask, movement.there, movement.seen_again, share)
    back = np.zeros_like(movement.back), np.zeros_like(mask)
    _laid(*back, movement.back, movement.seen_before, MIX_STEPS - share)
    only_back = back[1] & ~mask
    flow[only_back] = -back[0][only_back]
    return _filled(flow, mask | back[1])


def _shares(movement: Movement, flow: Flow, share: int) -> NDArray[np.uint16]:
    """How much of the second picture each pixel takes: all where the first does not have it, none the other way."""
    before, in_first = places(-flow, share)
    after, in_second = places(flow, MIX_STEPS - share)
    hidden_later = ~movement.seen_again[before[..., 1], before[..., 0]] & in_first
    hidden_before = ~movement.seen_before[after[..., 1], after[..., 0]] & in_second
    shares = np.full(flow.shape[:2], share, np.uint16)
    shares[(hidden_later & ~hidden_before) | (in_first & ~in_second)] = 0
    shares[(hidden_before & ~hidden_later) | (in_second & ~in_first)] = MIX_STEPS
    return shares


def _enlarged(values: NDArray, scale: int, shape: tuple[int, int]) -> NDArray:
    """Each value ``scale`` times across and down, cut to ``shape``."""
    return np.repeat(np.repeat(values, scale, axis=0), scale, axis=1)[: shape[0], : shape[1]]


def _warped(plane: Plane, flow: Flow, share: int, units: int) -> Plane:
    """A plane read ``share`` of the way along ``flow`` from each pixel. ``units``: parts of its pixel in the flow."""
    height, width = plane.shape
    moved = grid_of(height, width) * _REMAP + (flow * (share * _REMAP) + MIX_STEPS // 2 * units) // (MIX_STEPS * units)
    whole, part = (moved // _REMAP).astype(np.int16), (moved % _REMAP).astype(np.uint16)
    index = part[..., 1] * _REMAP + part[..., 0]
    return cv2.remap(plane, whole, index, cv2.INTER_CUBIC, borderMode=cv2.BORDER_REPLICATE)  # type: ignore[return-value]


def _made(first: Patch, second: Patch, movement: Movement, share: int) -> Patch:
    """The picture at ``share`` of the way from the first to the second."""
    flow = _flow_at(movement, share)
    shares = _shares(movement, flow, share)
    full = _enlarged(flow * movement.scale, movement.scale, first.luma.shape)
    weights = _enlarged(shares, movement.scale, first.luma.shape)

    def along(name: str, *, halved: bool) -> Plane | None:
        one, two = getattr(first, name), getattr(second, name)
        if one is None or two is None:
            return None
        way, weight, units = (full[::2, ::2], weights[::2, ::2], 2 * UNITS) if halved else (full, weights, UNITS)
        return _mixed(_warped(one, -way, share, units), _warped(two, way, MIX_STEPS - share, units), weight)

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
