"""Sounds that are heard when their pictures are not: for the conversion records, and for who appears when."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from fractions import Fraction

from crowdcut.conform.record import Record
from crowdcut.cut.placed import PlacedSound
from crowdcut.timing import clock


def heard_apart(sound: PlacedSound | None, rate: Fraction) -> tuple[int, int]:
    """Frames at ``rate`` in which a shot's own sound is heard before its picture is seen and after that, each whole."""
    early, late = (Fraction(0), Fraction(0)) if sound is None else (sound.early, sound.late)
    before, after = (-(-max(Fraction(0), seconds) * rate // 1) for seconds in (early, late))
    return before, after


def _told(seconds: Fraction, what: str, later: str, sooner: str) -> str:
    return f"its sound {what} {clock(abs(seconds))} {later if seconds > 0 else sooner} its picture"


def joins_told(sound: PlacedSound) -> tuple[str, ...]:
    """What is done to when a shot's own sound is heard, a sentence each."""
    told = []
    if sound.early:
        told.append(_told(sound.early, "begins", "before", "after"))
    if sound.late:
        told.append(_told(sound.late, "ends", "after", "before"))
    return tuple(told)


def with_joins(
    records: Mapping[str, Mapping[str, Record]], sounds: Iterable[PlacedSound]
) -> dict[str, dict[str, Record]]:
    """Conversion records by shot and contribution, with what is done to when their own sounds are heard."""
    told = {shot: dict(own) for shot, own in records.items()}
    for one in sounds:
        if (sentences := joins_told(one)) and (own := told.get(one.shot or "")) and one.use in own:
            own[one.use] = replace(own[one.use], done=(*own[one.use].done, *sentences))
    return told
