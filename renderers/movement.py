"""How one picture moves into the next: optical flow both ways, and what of it can be believed.

Everything that follows from the flow is counted in whole numbers, so that it is the same on any processor.
"""

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from crowdcut.sampling import MIX_STEPS
from renderers.patch import Patch, Plane

# Flow is sought in stripes, one a thread: one thread repeats the same bytes on any machine.
cv2.setNumThreads(1)

Flow = NDArray[np.int32]
"""[shape=(height, width, 2)] displacement across and down, in :data:`UNITS` of a pixel of its own raster."""
Mask = NDArray[np.bool_]

UNITS = 16
"""Parts of a pixel that movement is counted in."""
SMALLEST = 16
"""Pixels: no flow is sought in a picture that has a shorter side."""
_SLACK, _SHARE = UNITS * UNITS // 2, 100
"""Ways there and back may miss each other by the root of half a square pixel, and of a hundredth of their own squared
lengths (Sundaram, Brox and Keutzer, ECCV 2010)."""
_CODES = 24
"""A pixel that differs by more from the one that it is said to have moved from is another pixel."""
_STRANGE_SHARE = 3, 8
"""With more strange pixels than this part the second picture is not the first one's continuation. Measured: pans,
zooms and crossing subjects in grain stay under a sixth, cuts between textures are above a half."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Movement:
    """The flow between two pictures on a raster ``scale`` times coarser than theirs."""

    scale: int
    there: Flow
    """From each pixel of the first picture to its place in the second."""
    back: Flow
    """From each pixel of the second picture to its place in the first."""
    seen_again: Mask
    """Pixels of the first picture that are found in the second."""
    seen_before: Mask
    """Pixels of the second picture that are found in the first."""
    continues: bool
    """Whether the second picture is the first one's continuation: no cut between them, nor too much else."""


def _reduced(plane: Plane, scale: int) -> Plane:
    """The mean of each ``scale`` x ``scale`` pixels; the edges are drawn out to whole ones."""
    height, width = plane.shape
    if height % scale or width % scale:
        plane = np.pad(plane, ((0, -height % scale), (0, -width % scale)), mode="edge")
    size = plane.shape[1] // scale, plane.shape[0] // scale
    return cv2.resize(plane, size, interpolation=cv2.INTER_AREA)  # type: ignore[return-value]


def _reduced_colour(plane: Plane, scale: int) -> Plane:
    """A plane of half the picture's size, on the same raster as :func:`_reduced` brings the luma to."""
    if scale % 2:
        return _reduced(np.repeat(np.repeat(plane, 2, axis=0), 2, axis=1), scale)
    return _reduced(plane, scale // 2)


def _flow(search: cv2.DISOpticalFlow, first: Plane, second: Plane) -> Flow:
    found = search.calc(first, second, None)  # type: ignore[call-overload]
    return np.rint(found * UNITS).astype(np.int32)


def grid_of(height: int, width: int) -> NDArray[np.int32]:
    """[shape=(height, width, 2)] each pixel's own place, across and down."""
    down, across = np.indices((height, width), np.int32)
    return np.stack([across, down], axis=2)


def places(flow: Flow, share: int) -> tuple[NDArray[np.int32], Mask]:
    """The nearest pixel to each one's place after ``share`` (of :data:`MIX_STEPS`) of its way, and whether that is in
    the picture.
    """
    height, width = flow.shape[:2]
    moved: NDArray[np.int32] = grid_of(height, width) + ((flow * share + MIX_STEPS // 2 * UNITS) // (MIX_STEPS * UNITS))
    inside = np.logical_and(moved >= 0, moved < (width, height)).all(axis=2)
    return np.clip(moved, 0, (width - 1, height - 1)).astype(np.int32, copy=False), np.asarray(inside)


def _consistent(there: Flow, back: Flow) -> tuple[NDArray[np.int32], Mask, Mask]:
    """Where each pixel goes, whether that is in the picture, and whether the way back from there leads to it."""
    ends, inside = places(there, MIX_STEPS)
    returned = back[ends[..., 1], ends[..., 0]]
    missed = ((there + returned) ** 2).sum(axis=2)
    length = (there**2).sum(axis=2) + (returned**2).sum(axis=2)
    return ends, inside, np.logical_and(inside, missed <= _SLACK + length // _SHARE)


def _strange(first: Patch, second: Patch, scale: int, ends: NDArray[np.int32], consistent: Mask) -> Mask:
    """Pixels of the first picture that are not found in the second where flow says that they are."""
    strange = ~consistent
    for name, reduced in (("luma", _reduced), ("cb", _reduced_colour), ("cr", _reduced_colour)):
        before, after = (reduced(getattr(one, name), scale) for one in (first, second))
        strange |= cv2.absdiff(before, after[ends[..., 1], ends[..., 0]]) > _CODES
    return strange


def movement_between(first: Patch, second: Patch, *, widest: int) -> Movement | None:
    """The movement from one picture to another of the same size, on a raster at most ``widest`` pixels wide and high.

    None where they are too small to tell.
    """
    height, width = first.luma.shape
    scale = -(-max(height, width) // widest)
    if min(height, width) < SMALLEST * scale:
        return None
    search = cv2.DISOpticalFlow.create(cv2.DISOPTICAL_FLOW_PRESET_MEDIUM)
    lumas = [_reduced(one.luma, scale) for one in (first, second)]
    there, back = _flow(search, *lumas), _flow(search, *reversed(lumas))
    ends, inside, seen_again = _consistent(there, back)
    _, _, seen_before = _consistent(back, there)
    strange = _strange(first, second, scale, ends, seen_again)
    judged = int(np.count_nonzero(inside))
    part, whole = _STRANGE_SHARE
    continues = 2 * judged > inside.size and whole * int(np.count_nonzero(strange & inside)) <= part * judged
    return Movement(
        scale=scale, there=there, back=back, seen_again=seen_again, seen_before=seen_before, continues=continues
    )
