"""What a finished picture shows of the proof chart: its number, where its marks lie, what its colours are."""

from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import numpy as np
from numpy.typing import NDArray

from examples.makers.colour_difference import difference
from examples.makers.faults import Fault
from examples.makers.frame_code import read_frame_code
from examples.makers.hdr_to_sdr import sdr_from
from examples.makers.proof_chart import BAR, GROUND, MARK_SIZE, MARKS, RUN, STEP, bar_at, patch_box

Planes = tuple[NDArray[np.uint8], NDArray[np.uint8], NDArray[np.uint8]]
"""Y, Cb and Cr of a finished picture."""

WIDTH, HEIGHT, RATE = 640, 360, Fraction(24)
"""Of the film that is read."""
PIXELS_MAX = 1.0
"""By which a mark may lie off its place: boxes lie on even pixels, because of 4:2:0."""
DIFFERENCE_MAX = 1.2
"""CIEDE2000 of a patch: a GIF's palette takes 1.1, all else stays under 0.7."""
TONED_DIFFERENCE_MAX = 1.0
"""CIEDE2000 of a patch in HDR: a table of 65 steps a side stands for the curve."""
SMEAR_MAX = 1.1
"""Spread of the running bar, of a standing one's: two fields woven into one picture reach 1.16."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """Where the whole upright picture lies on the raster, in exact pixels."""

    left: float
    top: float
    width: float
    height: float

    def part(self, x: float, y: float) -> tuple[float, float]:
        """Where a part of the picture lies."""
        return self.left + x * self.width, self.top + y * self.height


def place_of(fault: Fault) -> Seen:
    """As large as the raster lets it be, or as small as still fills it; in the middle."""
    scales = Fraction(WIDTH) / fault.clip.displayed, Fraction(HEIGHT)
    high = max(scales) if fault.fit == "cover" else min(scales)
    wide = high * fault.clip.displayed
    return Seen(left=float((WIDTH - wide) / 2), top=float((HEIGHT - high) / 2), width=float(wide), height=float(high))


def _window(seen: Seen, middle: tuple[float, float], part: tuple[float, float]) -> tuple[slice, slice] | None:
    """Rows and columns around a place, ``part`` of the picture's size; None where they reach outside the raster."""
    x, y = middle
    reach_x, reach_y = part[0] * seen.width / 2, part[1] * seen.height / 2
    left, right, top, bottom = x - reach_x, x + reach_x, y - reach_y, y + reach_y
    if left < 0 or top < 0 or right > WIDTH or bottom > HEIGHT:
        return None
    return slice(round(top), round(bottom)), slice(round(left), round(right))


def marks_off(fault: Fault, luma: Any) -> list[float]:
    """How many pixels each mark that is on the raster lies off its place; infinite where it is not seen."""
    seen, ground = place_of(fault), 16 + GROUND * 219 / 255
    found = []
    for mark in MARKS:
        middle = seen.part(*mark)
        window = _window(seen, middle, (2 * MARK_SIZE[0], 2 * MARK_SIZE[1]))
        if window is None:
            continue
        rows, columns = window
        light = np.clip(luma[window].astype(float) - ground - 20, 0, None)
        if light.max() < 60:
            found.append(float("inf"))
            continue
        y, x = np.mgrid[rows, columns]
        found.append(
            max(abs((light * at).sum() / light.sum() + 0.5 - to) for at, to in zip((x, y), middle, strict=True))
        )
    assert len(found) >= 4
    return found


def _rgb(codes: Any) -> Any:
    """R'G'B' 0..1 of limited-range BT.709 codes. [shape=(n, 3)]"""
    luma, cb, cr = (codes - [16, 128, 128]).T / [[219], [224], [224]]
    red, blue = luma + 1.5748 * cr, luma + 1.8556 * cb
    return np.stack([red, (luma - 0.2126 * red - 0.0722 * blue) / 0.7152, blue], axis=1)


def colours_in(fault: Fault, planes: Planes) -> Any:
    """The mean R'G'B' of the middle of each patch, 0..1. [shape=(12, 3)]"""
    seen, found = place_of(fault), []
    for number in range(12):
        left, top, right, bottom = patch_box(number)
        middle = seen.part((left + right) / 2, (top + bottom) / 2)
        window = _window(seen, middle, (0.4 * (right - left), 0.4 * (bottom - top)))
        assert window is not None
        half = tuple(slice(-(-one.start // 2), max(one.stop // 2, one.start // 2 + 1)) for one in window)
        found.append([plane[where].mean() for plane, where in zip(planes, (window, half, half), strict=True)])
    return _rgb(np.array(found))


def colours_off(fault: Fault, planes: Planes, wanted: Any) -> float:
    """The largest CIEDE2000 of the patches. ``wanted``: R'G'B' 0..1."""
    return float(difference(colours_in(fault, planes), wanted).max())


def surround_of(fault: Fault, luma: Any) -> tuple[float, float]:
    """Mean and largest step of the luma beside a picture that does not fill the raster."""
    seen = place_of(fault)
    beside = luma[:, : int(seen.left) - 4].astype(float)
    return float(beside.mean()), float(np.abs(np.diff(beside, axis=1)).max())


def bar_in(fault: Fault, luma: Any) -> tuple[float, float]:
    """Where the running bar is, as a part of the picture's width, and how much wider it is than a standing one.

    The width is told by the standard deviation of its light.
    """
    seen = place_of(fault)
    (left, top), (right, bottom) = seen.part(*RUN[:2]), seen.part(*RUN[2:])
    rows, columns = slice(round(top) + 3, round(bottom) - 3), slice(round(left) - 4, round(right) + 4)
    light = np.clip(luma[rows, columns].astype(float) - (16 + GROUND * 219 / 255) - 20, 0, None).sum(axis=0)
    at = np.arange(columns.start, columns.stop) + 0.5
    middle = (light * at).sum() / light.sum()
    spread = np.sqrt((light * (at - middle) ** 2).sum() / light.sum())
    return float((middle - seen.left) / seen.width), float(spread / (BAR * seen.width / np.sqrt(12)))


def _scan_complaint(fault: Fault, frames: list[Planes]) -> str | None:
    """What is wrong with the fields that are shown."""
    for number, (luma, _, _) in enumerate(frames):
        place, smear = bar_in(fault, luma)
        if smear > SMEAR_MAX:
            return f"the running bar is {smear:.2f} times as wide as it is on frame {number}"
        if fault.clip.telecined:
            continue  # which picture it is, its code tells
        field = int((fault.start + number / RATE) * 2 * fault.clip.rate + Fraction(1, 1000))
        if abs(place - bar_at(field)) > 0.6 * STEP:
            return f"the running bar is {(place - bar_at(field)) / STEP:.1f} fields from its place on frame {number}"
    return None


def complaints(fault: Fault, frames: list[Planes], wanted: Any) -> dict[str, str]:
    """What is wrong with the frames of a shot: by ``frame``, ``place``, ``colour``, ``surround`` and
    ``scan``.

    wanted : the patches' R'G'B' 0..1, as they should be seen.
    """
    found: dict[str, str] = {}
    moments = [fault.start + number / RATE for number in range(len(frames))]
    for number, moment in enumerate(moments if fault.clip.frames > 1 else moments[:1]):
        if (code := read_frame_code(frames[number][0])) not in (right := fault.codes_at(moment)):
            found["frame"] = f"frame {number} shows code {code}, not {sorted(right)}"
    middle = frames[len(frames) // 2]
    if (off := max(marks_off(fault, middle[0]))) > PIXELS_MAX:
        found["place"] = f"a mark lies {off:.2f} pixels off"
    if (off := colours_off(fault, middle, wanted)) > (TONED_DIFFERENCE_MAX if fault.tone else DIFFERENCE_MAX):
        found["colour"] = f"a patch is {off:.2f} CIEDE2000 off"
    if fault.clip.interlaced and (scan := _scan_complaint(fault, frames)):
        found["scan"] = scan
    if fault.fit == "blur":
        mean, step = surround_of(fault, middle[0])
        if not (30 < mean < 90 and step < 12):
            found["surround"] = f"mean {mean:.0f}, steps of {step:.0f} beside the picture"
    return found


def wanted_colours(fault: Fault) -> Any:
    """The R'G'B' 0..1 that the patches should be seen with. [shape=(12, 3)]"""
    signal = fault.clip.patches / 255
    return sdr_from(signal, fault.tone) if fault.tone else signal
