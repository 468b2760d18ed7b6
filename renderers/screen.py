"""The job that measures the screen a performer stands before, once for a shot: its colour from place to place, and how
far its noise and its light on the performer reach into the matte."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from crowdcut.conform.keying import screen_channel
from crowdcut.findings import Finding, JobFailed, Where
from crowdcut.orders import Box, Screen, ScreenOrder, Still
from crowdcut.records import plain
from renderers.job import Input
from renderers.patch import Plane
from renderers.screens.difference import Difference, Values, differences, grown, halved, places, surface, terms
from renderers.sources import Setting, frames_of

_BLOCK = 8
"""Pixels of chroma: the screen is learnt from the means of such squares."""
_WEAKEST = 16.0
"""Codes of colour difference (R'G'B' 0..224) that a screen has at least; less is a tint."""
_LEAST_SHARE = 0.02
"""Of the picture that shows screen, over all moments; less is an object of that colour."""
_NEAR = 0.4
"""How far from the commonest difference the screen may be, as a part of it: twice a lamp's usual falloff."""
_ROUNDS = 8
_LOSS = 3.0
"""Standard deviations beyond which a square is no screen."""


@dataclass(frozen=True, slots=True)
class _Look:
    """One moment of the clip."""

    luma: Plane
    """At chroma's size."""
    cb: Values
    cr: Values
    across: Values
    """Places of the columns, -1..1 of the box."""
    down: Values


@dataclass(frozen=True, slots=True)
class _Squares:
    """Means of small squares of all looks. [shape=(squares, 3)] luma, Cb, Cr, and where they lie."""

    colours: NDArray[np.float64]
    across: Values
    down: Values


def _looks(order: ScreenOrder, path: Path) -> Iterator[_Look]:
    """The picture at each of the order's moments."""
    source, box = replace(order.source, file="file"), order.source.conversion.box
    for moment in order.times:
        at = source if isinstance(source, Still) else replace(source, start=moment)
        setting = Setting(raster=order.raster, age_frames=0, count=1, inputs={"file": path})
        for drawn in frames_of(at)(at, setting):
            for patch in drawn.patches:
                yield _Look(
                    halved(patch.luma),
                    differences(patch.cb),
                    differences(patch.cr),
                    *_places(patch.x - box.x, patch.y - box.y, patch.cb, box),
                )


def _places(x: int, y: int, plane: Plane, box: Box) -> tuple[Values, Values]:
    height, width = plane.shape
    return places(x // 2, width, box.width // 2), places(y // 2, height, box.height // 2)


def _squares(looks: list[_Look]) -> _Squares:
    """The picture in squares, at all moments."""
    colours, across, down = [], [], []
    for look in looks:
        size = max(1, look.cb.shape[1] // _BLOCK), max(1, look.cb.shape[0] // _BLOCK)
        planes = [
            cv2.resize(np.asarray(plane, np.float32), size, interpolation=cv2.INTER_AREA)
            for plane in (look.luma, look.cb, look.cr)
        ]
        columns, rows = np.meshgrid(places(0, size[0], size[0]), places(0, size[1], size[1]))
        colours.append(np.stack(planes, axis=-1).reshape(-1, 3))
        # What is seen may be a part of the box.
        across.append(_between(look.across, columns).reshape(-1))
        down.append(_between(look.down, rows).reshape(-1))
    return _Squares(np.concatenate(colours).astype(np.float64), np.concatenate(across), np.concatenate(down))


def _between(ends: Values, parts: Values) -> Values:
    return ((ends[0] + ends[-1]) / 2 + parts * (ends[-1] - ends[0]) / 2).astype(np.float32)


def _commonest(strengths: NDArray[np.float64]) -> float | None:
    """The colour difference that most of the picture has, of those that a screen can have; None where few have one."""
    strong = strengths[strengths >= _WEAKEST]
    if len(strong) < _LEAST_SHARE * len(strengths):
        return None
    counts = np.histogram(strong, bins=np.arange(_WEAKEST, 600, 4))[0]
    wide = np.convolve(counts, np.ones(7), mode="same")
    return float(_WEAKEST + 4 * int(np.argmax(wide)) + 2)


def _fitted(squares: _Squares, alike: NDArray[np.bool_]) -> tuple[NDArray[np.float64], NDArray[np.bool_]]:
    """Models of luma, Cb and Cr through the squares that are screen, and which these are.

    Least squares with what lies too far off left out, in rounds (trimmed M-estimate); higher terms are held down where
    the performer hides the screen.
    """
    columns = np.stack(terms(squares.across, squares.down), axis=1).astype(np.float64)
    hold = np.diag([0.0] + [1e-3] * 2 + [1e-2] * (columns.shape[1] - 3))
    used = alike
    model: NDArray[np.float64] = np.zeros((columns.shape[1], 3))
    for _ in range(_ROUNDS):
        own, colours = columns[used], squares.colours[used]
        model[:] = np.linalg.solve(own.T @ own + hold * len(own), own.T @ colours)
        off = np.abs(squares.colours - columns @ model)
        spread = np.maximum(1.4826 * np.median(off[used], axis=0), 0.6)
        found = alike & (off <= _LOSS * spread).all(axis=1)
        if found.sum() < columns.shape[1] * 3 or (found == used).all():
            break
        used = found
    return model, used


def _limits(looks: list[_Look], difference: Difference, screen: Screen) -> Screen:
    """``screen`` with the limits of its matte."""
    parts_inside, parts_outside = [], []
    for look in looks:
        own = difference.over_larger(*(surface(model, look.across, look.down) for model in (screen.cb, screen.cr)))
        part = difference.over_larger(look.cb, look.cr) / np.maximum(own, _WEAKEST / 2)
        reach = max(2, part.shape[1] // 100)
        parts_inside.append(part[grown(part > 0.4, reach) == 0])
        parts_outside.append(part[grown(part < 0.7, reach) == 0])
    inside, outside = np.concatenate(parts_inside), np.concatenate(parts_outside)
    # A performer may wear something of the screen's colour, a screen may have a crease: neither is noise.
    low, middle = (float(one) for one in np.quantile(inside, (0.99, 0.5))) if inside.size else (0.0, 0.0)
    high = float(np.quantile(outside, 0.01)) if outside.size else 1.0
    return replace(
        screen,
        solid=round(min(max(low + 0.01, 0.02), 0.25), 3),
        clear=round(min(max(high - 0.02, 0.75), 0.97), 3),
        grain=round(min(max(low - max(middle, 0), 0.02), 0.08), 3),
    )


def _no_screen(path: Path, colour: str) -> JobFailed:
    return JobFailed(
        Finding(
            rule="no-screen",
            owner="producer",
            where=Where(file=path.name),
            found=f"there is no {colour} screen in it",
            way_out='Leave key away, or name the screen\'s own colour: key = { colour = "#20c040" }.',
        )
    )


def run(order: ScreenOrder, inputs: Mapping[str, Input], out: Path) -> dict[str, Any]:
    """Measure; nothing is written to ``out``. The input is ``file``.

    Facts: those of :class:`crowdcut.orders.Screen`; ``share`` of the picture
    that is screen; ``falloff``, how much darker its darkest place is than its brightest, 0..1.
    Raises JobFailed naming the file where there is no such screen.
    """
    del out
    path = inputs["file"].path
    assert path is not None
    channel, hue = screen_channel(order.colour)
    difference = Difference(channel)
    looks = list(_looks(order, path))
    if not looks:
        raise _no_screen(path, order.colour)
    squares = _squares(looks)
    blue, red = squares.colours[:, 1], squares.colours[:, 2]
    strengths = np.asarray(difference.over_larger(blue, red), np.float64)  # type: ignore[arg-type]
    if hue is not None:
        # Within 25 degrees of the hue that was named.
        along = blue * hue[0] + red * hue[1]
        strengths = np.where(along >= 0.906 * np.sqrt(blue * blue + red * red), strengths, 0)
    common = _commonest(strengths)
    if common is None:
        raise _no_screen(path, order.colour)
    model, used = _fitted(squares, (strengths > common * (1 - _NEAR)) & (strengths < common * (1 + _NEAR)))
    # Rounded, so that another machine's last digits make no other picture.
    luma, cb, cr = (tuple(round(float(factor), 3) for factor in column) for column in model.T)
    screen = Screen(luma=luma, cb=cb, cr=cr, solid=0, clear=1, grain=0)
    screen = _limits(looks, difference, screen)
    lit = surface(luma, places(0, 32, 32), places(0, 18, 18)) - 16
    return {
        **plain(screen),
        "share": round(float(used.mean()), 3),
        "falloff": round(float(1 - lit.min() / max(1.0, float(lit.max()))), 3),
    }
