"""What is told of shots whose cuts were moved to the music."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from fractions import Fraction

from crowdcut.conform.record import Record
from crowdcut.cut.placed import PlacedShot
from crowdcut.timing import clock


def _moves_told(placed: PlacedShot, rate: Fraction) -> tuple[str, ...]:
    """What was done to when a shot is seen, one sentence each."""
    pulse, moved = placed.shot.pulse, placed.moved_frames
    told = []
    if pulse is not None:
        told.append(f"shown for {pulse.count} {pulse.unit}{'s' if pulse.count > 1 else ''} of the music")
    if moved:
        told.append(f"its cut is {clock(abs(moved) / rate)} {'earlier' if moved < 0 else 'later'}, to the music")
    return tuple(told)


def with_moves(
    records: Mapping[str, Mapping[str, Record]], shots: Iterable[PlacedShot], rate: Fraction
) -> dict[str, dict[str, Record]]:
    """Conversion records by shot and contribution, with what is done to when a shot is seen.

    rate : frames a second.
    """
    told = {shot: dict(own) for shot, own in records.items()}
    for placed in shots:
        for use in dict.fromkeys(placed.shot.uses):
            if (sentences := _moves_told(placed, rate)) and (own := told.get(placed.shot.name)) and use in own:
                own[use] = replace(own[use], done=(*own[use].done, *sentences))
    return told
