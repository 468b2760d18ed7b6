"""How one picture moves into the next: optical flow both ways, and what of it can be believed.

Everything that follows from the flow is counted in whole numbers, so that it is the same on any processor.
"""

from dataclasses import dataclass
from typing import NamedTuple

import cv2
import numpy as np
from numpy.typing import NDArray

from crowdcut.conform.sampling import MIX_STEPS
from renderers.patch import Patch, Plane

# Flow is sought in stripes, one a thread: one thread repeats the same bytes on any machine.
cv2.setNumThreads(1)

Flow = NDArray[np.int32]
"""[shape=(2, height, width)] displacement across and down, in :data:`UNITS` of a pixel of its own raster."""
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
_STILL_CODES = 8
"""A pixel that differs by no more from the one in its own place is the same pixel, whatever flow says: in a sky or in
the dark there is nothing that it could follow."""
_STRANGE_SHARE = 3, 8
"""With more strange pixels than this part the second picture is not the first one's continuation. Measured: pans,
zooms and crossing subjects in grain stay under a sixth, birds before a sky and fades under a tenth; cuts between
textures are above three quarters (0.48 at a quarter of the contrast), those of real films above a half."""


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
    return np.rint(np.moveaxis(found, 2, 0) * UNITS).astype(np.int32, order="C")


class Places(NamedTuple):
    """Where the pixels of a picture are at another moment. All are [shape=(height, width)]."""

    across: NDArray[np.int32]
    down: NDArray[np.int32]
    inside: Mask
    """Whether that is in the picture; where it is not, the nearest pixel of its edge is told."""

    @property
    def flat(self) -> NDArray[np.int32]:
        """Row by row counted from the first pixel."""
        return self.down * np.int32(self.down.shape[1]) + self.across


def places(flow: Flow, share: int) -> Places:
    """The nearest pixel to each one's place after ``share`` (of :data:`MIX_STEPS`) of its way."""
    height, width = flow.shape[1:]
    moved = flow * np.int32(share)
    moved += MIX_STEPS // 2 * UNITS
    moved //= MIX_STEPS * UNITS
    across, down = moved
    across += np.arange(width, dtype=np.int32)
    down += np.arange(height, dtype=np.int32)[:, None]
    # What is negative is more than any width, read without its sign.
    inside = np.logical_and(across.view(np.uint32) < width, down.view(np.uint32) < height)
    np.clip(across, 0, width - 1, out=across)
    np.clip(down, 0, height - 1, out=down)
    return Places(across, down, inside)


def _squared(flow: Flow) -> NDArray[np.int32]:
    return flow[0] * flow[0] + flow[1] * flow[1]


def _consistent(there: Flow, back: Flow) -> tuple[Places, Mask]:
    """Where each pixel goes, and whether that is in the picture and the way back from there leads to it."""
    ends = places(there, MIX_STEPS)
    returned = back.reshape(2, -1).take(ends.flat, axis=1)
    length = _squared(there) + _squared(returned)
    returned += there
    length //= _SHARE
    length += _SLACK
    return ends, np.logical_and(ends.inside, _squared(returned) <= length)


def _strange(first: Patch, second: Patch, scale: int, ends: NDArray[np.int32], consistent: Mask) -> Mask:
    """Pixels of the first picture that the second has neither where flow says that they are nor where they were."""
    other, moved = np.zeros(consistent.shape, np.bool_), np.zeros(consistent.shape, np.bool_)
    for name, reduced in (("luma", _reduced), ("cb", _reduced_colour), ("cr", _reduced_colour)):
        before, after = (reduced(getattr(one, name), scale) for one in (first, second))
        other |= cv2.absdiff(before, after[ends[..., 1], ends[..., 0]]) > _CODES
        moved |= cv2.absdiff(before, after) > _STILL_CODES
    return other | (~consistent & moved)


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
    places_after, seen_again = _consistent(there, back)
    _, seen_before = _consistent(back, there)
    ends, inside = np.stack([places_after.across, places_after.down], axis=2), places_after.inside
    strange = _strange(first, second, scale, ends, seen_again)
    judged = int(np.count_nonzero(inside))
    part, whole = _STRANGE_SHARE
    continues = 2 * judged > inside.size and whole * int(np.count_nonzero(strange & inside)) <= part * judged
    return Movement(
        scale=scale, there=there, back=back, seen_again=seen_again, seen_before=seen_before, continues=continues
    )
