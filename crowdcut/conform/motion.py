"""Time in a clip's conversion: whether frames are made between its pictures, and what is told of pace and rate."""

from collections.abc import Mapping, Sequence
from fractions import Fraction
from pathlib import Path
from typing import Any

from crowdcut.conform.sampling import HELD, as_shown, share_of_next, source_time_at
from crowdcut.media import Picture
from crowdcut.orders import Layer, Motion, PictureOrder, Video
from crowdcut.plan import Plan, layers_of
from crowdcut.timing import is_clocks

_WAYS: dict[Motion, str] = {
    "nearest": "each programme frame shows the picture on screen at its time",
    "blend": "each programme frame mixes the pictures before and after its time",
    "flow": "programme frames are made between pictures along their movement (DIS optical flow)",
}


def motion_for(picture: Picture, wish: Motion, speed: Fraction, rate: Fraction) -> Motion:
    """How frames between two pictures are made: not at all where each frame has a picture of its own.

    speed : as of :class:`crowdcut.orders.Video`.
    rate : frames a second of the delivery.
    """
    if is_clocks(speed):
        speed = Fraction(1)
    if not speed or picture.rate is None or (picture.constant and picture.rate * abs(speed) == rate):
        return "nearest"
    return wish


def pace_told(speed: Fraction) -> list[str]:
    """How fast and which way a clip plays, where that is not as it was recorded."""
    if not speed:
        return ["one picture is held, in silence"]
    way = [f"played at {float(abs(speed)):.4g} times its speed, its sound at the same pitch"] if abs(speed) != 1 else []
    if is_clocks(speed):
        way = [f"its recorder's clock made right by {float(abs(speed) - 1) * 1e6:+.0f} ppm, sound and picture"]
    return [*way, "played backwards, sound and picture"] if speed < 0 else way


def way_told(motion: Motion) -> str:
    """What a programme frame shows of a clip of another rate."""
    return _WAYS[motion]


def shares_off(
    layer: Layer, shown: Sequence[Sequence[int | None] | None], mixed: Sequence[int | None], rate: Fraction
) -> list[int]:
    """Frames (within a piece) in which the next source picture has another share than the plan asks for.

    shown, mixed : the piece's facts of this layer, whose source is a Video.
    """
    source = layer.source
    assert isinstance(source, Video)
    picture, off = as_shown(source.picture, source.conversion), []
    for number, (pair, share) in enumerate(zip(shown, mixed, strict=True)):
        if pair is not None and share != HELD:
            moment = source_time_at(source, layer.age_frames + number, rate)
            if share != share_of_next(picture, pair[0] or 0, pair[1], moment):
                off.append(number)
    return off


def _counts(mixed: list[int | None]) -> tuple[int, int]:
    """Frames that were made between pictures, and frames that could not be."""
    return sum(one is not None and one > 0 for one in mixed), mixed.count(HELD)


def motion_told(
    plan: Plan, facts: Mapping[str, Mapping[str, Any]], uses: Mapping[Path, str]
) -> dict[tuple[str, str], str]:
    """How many frames were made between pictures, by shot and contribution; nothing where there were none to be made.

    facts : of the plan's jobs, by key; a job that failed has none.
    uses : contributions by their files.
    """
    totals: dict[tuple[str, str], tuple[int, int]] = {}
    before = shot = ""
    for job, name in zip(plan.pictures, plan.shots, strict=True):
        if name != shot:
            before, shot = shot, name
        order: PictureOrder = job.order
        leaving = len(order.transition.leaving) if order.transition is not None else 0
        # What leaves is the shot before's; what hangs over both is never mixed.
        shots = [*[shot] * len(order.stack), *[before] * leaving, *[shot] * len(order.over)]
        mixed = facts.get(job.key, {}).get("mixed") or [None] * len(shots)
        for one, layer, shares in zip(shots, layers_of(order), mixed, strict=True):
            if shares and isinstance(layer.source, Video):
                clip = one, uses[job.files[layer.source.file]]
                known, found = totals.get(clip, (0, 0)), _counts(shares)
                totals[clip] = known[0] + found[0], known[1] + found[1]
    return {
        clip: f"{made} frames were made between pictures"
        + (f", {held} held where one does not go on from the other (a cut, or too much between them)" if held else "")
        for clip, (made, held) in totals.items()
    }
