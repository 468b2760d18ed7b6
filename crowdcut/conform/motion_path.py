"""Views that move over a picture: eased from one to another, or along a smooth curve; and the picture they move over.

An eased move is a cubic in time (3t² - 2t³): it starts and ends at rest. A spline is the uniform cubic B-spline of its
views: twice continuously differentiable, and its acceleration never exceeds the largest second difference of its
control points divided by the square of their distance (both are convex combinations of neighbours: de Boor, A Practical
Guide to Splines, chapter X).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import isqrt
from typing import Literal

from crowdcut.conform.geometry import Area, Window, stood_up, used, window_over
from crowdcut.media import Picture
from crowdcut.orders import Box, Pan, View
from crowdcut.timing import nearest

ZOOM_OF_ONE = Fraction(27, 20)
"""Up to so much zoom one size of the picture serves: at most 1.16 times finer or coarser than the screen's pixels."""
PIXELS_MAX = 48_000_000
"""Of the picture that a view moves over."""
_STEP = 4096
"""Views are told in so many parts of a pixel."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Ground:
    """The picture that a view moves over, and how."""

    box: Box
    crop: Window | None
    pan: Pan


def eased(part: Fraction) -> Fraction:
    """How far a move has come after a part (0..1) of its time."""
    return part * part * (3 - 2 * part)


def _spline_weights(u: Fraction) -> tuple[Fraction, ...]:
    rest = 1 - u
    return (
        rest**3 / 6,
        (3 * u**3 - 6 * u**2 + 4) / 6,
        (-3 * u**3 + 3 * u**2 + 3 * u + 1) / 6,
        u**3 / 6,
    )


def spline_weights(frame: Fraction, every: int, controls: int) -> tuple[int, tuple[Fraction, ...]]:
    """The first of four control points that a moment of a spline hangs on, and the weight of each."""
    segment = max(0, min(int(frame // every), controls - 4))
    return segment, _spline_weights(min(Fraction(1), max(Fraction(0), frame / every - segment)))


def view_at(pan: Pan, frame: int) -> View:
    """What is seen at a frame of the layer's own clock."""
    moment = Fraction(frame)
    if pan.kind == "move":
        part = eased(min(Fraction(1), max(Fraction(0), moment / max(1, pan.every_frames))))
        views, weights = pan.views, (1 - part, part)
    else:
        first, weights = spline_weights(moment, pan.every_frames, len(pan.views))
        views = pan.views[first : first + 4]
    pairs = tuple(zip(weights, views, strict=True))
    return View(
        x=sum((weight * view.x for weight, view in pairs), Fraction(0)),
        y=sum((weight * view.y for weight, view in pairs), Fraction(0)),
        width=sum((weight * view.width for weight, view in pairs), Fraction(0)),
        height=sum((weight * view.height for weight, view in pairs), Fraction(0)),
    )


def _around(areas: Sequence[Area]) -> Area:
    left, top = min(one.x for one in areas), min(one.y for one in areas)
    right, bottom = max(one.x + one.width for one in areas), max(one.y + one.height for one in areas)
    return Area(x=left, y=top, width=right - left, height=bottom - top)


def _root(value: Fraction) -> Fraction:
    """The square root, to a millionth."""
    return Fraction(isqrt(int(value * 10**12)), 10**6)


def ground_scale(widest: Fraction, closest: Fraction, area: Area) -> Fraction:
    """Pixels of the ground for each of the upright picture.

    widest, closest : pixels of the output for each of the picture, in the widest and in the closest view.
    """
    scale = _root(widest * closest) if closest <= widest * ZOOM_OF_ONE else closest
    # More pixels than the file has would be made up twice.
    return min(scale, Fraction(1), _root(PIXELS_MAX / (area.width * area.height)))


def ground_for(
    picture: Picture,
    turn: int,
    mirror: bool,
    areas: Sequence[Area],
    *,
    every_frames: int,
    kind: Literal["move", "spline"],
    region: Box,
) -> Ground:
    """The picture that ``areas`` of the upright one are views of, so that each fills ``region``."""
    window = window_over(picture, turn, mirror, _around(areas))
    held = stood_up(picture, turn, mirror, window)
    scales = [region.width / one.width for one in areas]
    scale = ground_scale(min(scales), max(scales), held)
    box = Box(
        x=0,
        y=0,
        width=max(2, 2 * nearest(held.width * scale / 2)),
        height=max(2, 2 * nearest(held.height * scale / 2)),
    )
    # The ground's own size is rounded; the views are not.
    wide, high = box.width / held.width, box.height / held.height

    def told(length: Fraction) -> Fraction:
        return Fraction(nearest(length * _STEP), _STEP)

    views = tuple(
        View(
            x=told((one.x - held.x) * wide),
            y=told((one.y - held.y) * high),
            width=told(one.width * wide),
            height=told(one.height * high),
        )
        for one in areas
    )
    pan = Pan(views=views, every_frames=every_frames, kind=kind, region=region)
    return Ground(box=box, crop=used(picture, window), pan=pan)
