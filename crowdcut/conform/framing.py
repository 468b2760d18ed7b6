"""What of an upright picture is shown: cropped by hand or inside its bars, around a point, or under a moving view."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from math import ceil
from typing import Literal

from crowdcut.conform.bars import area_inside_bars
from crowdcut.conform.focus import knot_frames, path_along
from crowdcut.conform.geometry import Area, covering_part
from crowdcut.conform.survey import Survey
from crowdcut.episode import Crop, KenBurns, Place
from crowdcut.orders import Box, Conversion

CLOSE = Fraction(17, 20)
"""Side of what ``ken_burns = "in"`` ends with, as a part of what it begins with: quick enough to be felt in four
seconds, and slow enough for twelve."""

Point = tuple[Fraction, Fraction]


@dataclass(frozen=True, slots=True, kw_only=True)
class Framing:
    """What a shot's crop, focus and movement ask for, and what was measured of its clip."""

    crop: Crop | Literal["auto"] | None = None
    find_focus: bool = False
    ken_burns: KenBurns | None = None
    survey: Survey | None = None
    """None where nothing had to be measured, or could be."""
    rate: Fraction = Fraction(24)
    """The delivery's, frames a second."""
    length_frames: int = 1
    """Of the shot."""
    speed: Fraction = Fraction(1)
    """Source seconds that pass in a second: negative backwards, 0 where one picture is held."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sight:
    """What is shown of a picture: one area of it, or several that a view moves over."""

    areas: tuple[Area, ...]
    every_frames: int = 1
    kind: Literal["move", "spline"] = "move"

    @property
    def moves(self) -> bool:
        """Whether the view moves."""
        return len(self.areas) > 1


def is_inside(crop: Crop, area: Area) -> bool:
    """Whether a crop in pixels lies in the picture that it is cut from (one of parts always does)."""
    return crop.parts or (crop.left + crop.width <= area.width and crop.top + crop.height <= area.height)


def cropped(area: Area, framing: Framing) -> Area:
    """What is left of the upright picture after its crop."""
    crop = framing.crop
    if crop is None:
        return area
    if crop == "auto":
        return area if framing.survey is None else area_inside_bars(framing.survey, area)
    if crop.parts:
        return area.within(
            crop.left * area.width, crop.top * area.height, crop.width * area.width, crop.height * area.height
        )
    return area.within(crop.left, crop.top, crop.width, crop.height) if is_inside(crop, area) else area


def _centres(survey: Survey, whole: Area, part: Area) -> tuple[list[float], list[float]]:
    """Where the subject is, pixels from the corner of ``part``."""
    across = [float(whole.x + Fraction(x, 1000) * whole.width - part.x) for x, _ in survey.track]
    down = [float(whole.y + Fraction(y, 1000) * whole.height - part.y) for _, y in survey.track]
    return across, down


def _shown_of(survey: Survey, framing: Framing) -> Survey:
    """The survey up to the shot's end: a cell may be looked through for longer than its neighbours let it be seen."""
    seconds = framing.length_frames / framing.rate * abs(framing.speed)
    return replace(survey, track=survey.track[: ceil(seconds / survey.every) + 1])


def _axis(centres: Sequence[float], survey: Survey, framing: Framing, side: Fraction, seen: Fraction) -> list[float]:
    """Starts of what is seen along one side: one, or the controls of a spline."""
    if seen >= side:
        return [0.0]
    middles = path_along(
        centres if framing.speed >= 0 else centres[::-1],
        every=survey.every / (abs(framing.speed) or 1),
        side=float(side),
        seen=float(seen),
        rate=framing.rate,
        length_frames=framing.length_frames,
    )
    return [one - float(seen) / 2 for one in middles]


def _followed(area: Area, whole: Area, shape: Fraction, framing: Framing) -> Sight:
    """The view of ``shape`` that keeps the subject in it."""
    assert framing.survey is not None
    view = covering_part(area, shape, (Fraction(0), Fraction(0)))
    across, down = _centres(_shown_of(framing.survey, framing), whole, area)
    lefts = _axis(across, framing.survey, framing, area.width, view.width)
    tops = _axis(down, framing.survey, framing, area.height, view.height)
    count = max(len(lefts), len(tops))
    pairs = zip(lefts * (count if len(lefts) == 1 else 1), tops * (count if len(tops) == 1 else 1), strict=True)
    # A whole pixel is near enough for a view that stands.
    places = [(Fraction(left), Fraction(top)) if count > 1 else (Fraction(round(left)), Fraction(round(top)))
              for left, top in pairs]  # fmt: skip
    inside = [
        (min(max(left, Fraction(0)), area.width - view.width), min(max(top, Fraction(0)), area.height - view.height))
        for left, top in places
    ]
    return Sight(
        areas=tuple(area.within(left, top, view.width, view.height) for left, top in inside),
        every_frames=knot_frames(framing.rate),
        kind="spline" if count > 1 else "move",
    )


def _found_point(area: Area, whole: Area, survey: Survey) -> Point:
    """The middle of where the subject is over the whole range, as parts of ``area``."""
    found = []
    for centres, side in zip(_centres(survey, whole, area), (area.width, area.height), strict=True):
        middle = Fraction(sorted(centres)[len(centres) // 2]) / side
        found.append(min(max(middle, Fraction(0)), Fraction(1)))
    return found[0], found[1]


def _placed(area: Area, shape: Fraction, place: Place) -> Area:
    """The view that a place such as ``left 80%`` means: 100 % is the largest there is."""
    full = covering_part(area, shape, (Fraction(0), Fraction(0)))
    share = {"left": Fraction(0), "top": Fraction(0), "centre": Fraction(1, 2), "right": Fraction(1)}
    share["bottom"] = Fraction(1)
    width, height = full.width * place.size, full.height * place.size
    left = (area.width - width) * share[place.horizontal]
    top = (area.height - height) * share[place.vertical]
    return area.within(left, top, width, height)


def _moved(area: Area, shape: Fraction, focus: Point, framing: Framing) -> Sight:
    """A move from one view to another over the whole shot."""
    wish = framing.ken_burns
    assert wish is not None
    if wish.way == "between":
        areas = (_placed(area, shape, wish.first), _placed(area, shape, wish.last))
    else:
        full = covering_part(area, shape, focus)
        width, height = full.width * CLOSE, full.height * CLOSE
        # Both views have the focus at the same place of theirs, so that it stands while all else moves.
        close = full.within((full.width - width) * focus[0], (full.height - height) * focus[1], width, height)
        areas = (full, close) if wish.way == "in" else (close, full)
    return Sight(areas=areas, every_frames=max(1, framing.length_frames - 1))


def sight_of(
    area: Area, whole: Area, region: Box, *, covers: bool, focus: tuple[Fraction, Fraction], framing: Framing
) -> Sight:
    """What of ``area`` (the picture after its crop) fills ``region``.

    whole : the upright picture that was surveyed.
    covers : whether the picture's edges may be cut away; else ``region`` is as large as ``area`` lets it be.
    """
    shape = Fraction(region.width, region.height) if covers else area.width / area.height
    measured = framing.find_focus and framing.survey is not None and bool(framing.survey.track)
    if framing.ken_burns is not None:
        point = _found_point(area, whole, framing.survey) if measured and framing.survey is not None else focus
        return _moved(area, shape, point, framing)
    if not covers:
        return Sight(areas=(area,))
    if measured:
        return _followed(area, whole, shape, framing)
    return Sight(areas=(covering_part(area, shape, focus),))


def framing_words(framing: Framing) -> str:
    """What is asked of a shot's frame, in the words of the manifest; empty where nothing is."""
    told = []
    if (crop := framing.crop) is not None:
        unit, factor = ("%", 100) if isinstance(crop, Crop) and crop.parts else ("", 1)
        sides = () if crop == "auto" else (crop.left, crop.top, crop.width, crop.height)
        told.append(f"crop {','.join(f'{float(side * factor):g}{unit}' for side in sides) or 'auto'}")
    if framing.find_focus:
        told.append("focus auto")
    if (move := framing.ken_burns) is not None:
        told.append(
            f"ken burns {move.way}" if move.way != "between" else f"ken burns {_told(move.first)} to {_told(move.last)}"
        )
    return ", ".join(told)


def _told(place: Place) -> str:
    sides = dict.fromkeys(side for side in (place.vertical, place.horizontal) if side != "centre")
    return f"{' '.join(sides) or 'centre'} {float(place.size * 100):g}%"


def framing_done(framing: Framing, conversion: Conversion) -> list[str]:
    """What came of it, for the conversion record."""
    done = []
    if isinstance(framing.crop, Crop):
        done.append("cropped by hand")
    elif framing.crop == "auto" and framing.survey is not None:
        survey = framing.survey
        whole = Area(x=Fraction(0), y=Fraction(0), width=Fraction(survey.width), height=Fraction(survey.height))
        inside = area_inside_bars(survey, whole)
        left, top = int(inside.x), int(inside.y)
        right, bottom = survey.width - left - int(inside.width), survey.height - top - int(inside.height)
        bars = {"left": left, "right": right, "top": top, "bottom": bottom}
        told = ", ".join(f"{depth} at the {side}" for side, depth in bars.items() if depth)
        done.append(f"black bars cropped, pixels: {told}" if told else "no black bars that stay: nothing is cropped")
    if framing.ken_burns is not None:
        done.append(f"a view moves over it ({framing_words(Framing(ken_burns=framing.ken_burns))})")
    elif framing.find_focus and framing.survey is not None:
        followed = conversion.pan is not None
        done.append("the view follows where the most happens" if followed else "the view stands where the most happens")
    return done
