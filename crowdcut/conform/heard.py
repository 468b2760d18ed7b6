"""The conversion record's part that needs ears: what was found in a sound when it was heard, and what was done."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from fractions import Fraction
from pathlib import Path
from typing import Any

from crowdcut.conform.record import Record
from crowdcut.cut.placed import PlacedSound
from crowdcut.plan import Job
from crowdcut.records import record_from
from crowdcut.sound.hearing import Hearing, Treatment, hearing_told, treatment_told
from crowdcut.sound.orders import Repair

Facts = Mapping[str, Mapping[str, Any]]
"""Facts of jobs by key."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Heard:
    """What was heard of a contribution."""

    hearing: Hearing
    treatment: Treatment
    origin: Fraction
    """The stream's time that is source time 0, seconds."""
    damage: tuple[str, ...] = ()
    """What of it could not be read, one sentence each."""

    @property
    def found(self) -> tuple[str, ...]:
        """What is wrong with it, one sentence each."""
        return tuple(hearing_told(self.hearing, self.origin))

    @property
    def done(self) -> tuple[str, ...]:
        """What is done about it."""
        return tuple(treatment_told(self.treatment))


def heard_from(facts: Mapping[str, Any], origin: Fraction) -> Heard:
    """What a listen job's facts say."""
    hearing, treatment = record_from(facts["hearing"], Hearing), record_from(facts["treatment"], Treatment)
    return Heard(hearing=hearing, treatment=treatment, origin=origin, damage=tuple(facts["remarks"]))


def with_heard(record: Record, heard: Heard | None) -> Record:
    """The record with what was heard; as it is where nobody listened."""
    if heard is None:
        return record
    found = dict.fromkeys((*record.found, *heard.damage, *heard.found))
    return replace(record, found=tuple(found), done=(*record.done, *heard.done))


@dataclass(frozen=True, slots=True)
class Ears:
    """What a plan's listen jobs heard, by file and repair."""

    heard: Mapping[tuple[Path, Repair | None], Heard]

    def of(self, sound: PlacedSound, file: Path) -> Heard | None:
        """What was heard of a placed sound, whose contribution is ``file``; None where nobody listened."""
        return self.heard.get((file, sound.repair))


def ears_of(sounds: tuple[Job, ...], facts: Facts) -> Ears:
    """Of a plan's listening and preparing. facts : a job that failed has none."""
    origins = {job.files["file"]: job.order.origin for job in sounds if job.kind == "prepare"}
    listened = [job for job in sounds if job.kind == "listen" and job.key in facts]
    return Ears(
        {
            (file, job.order.repair): heard_from(facts[job.key], origins.get(file, Fraction(0)))
            for job in listened
            for file in (job.files["file"],)
        }
    )
