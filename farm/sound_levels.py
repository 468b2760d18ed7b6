"""How loud each contribution is by itself, and how loud it is in the programme: a table of the report."""

from collections.abc import Iterator, Mapping
from typing import Any

from crowdcut.library import Library
from crowdcut.plan import Job, Plan

Facts = Mapping[str, Mapping[str, Any]]
"""Facts of jobs by key."""


def _of_bus(bus: Job, facts: Facts, names: Mapping[str, str], raised_db: float) -> Iterator[dict[str, Any]]:
    told = facts[bus.key]
    for cue, gain in zip(bus.order.cues, told["gains"], strict=True):
        heard = facts[bus.jobs[cue.listened]]
        spoken = heard.get("speech_integrated") if cue.bus == "voice" else None
        before = heard["integrated"] if spoken is None else spoken
        gain_db = gain["gain_db"] + told["bus_gain_db"] + raised_db
        yield {
            "contribution": names[bus.jobs[cue.listened]],
            "bus": cue.bus,
            "before_lufs": before,
            "gain_db": round(gain_db, 2),
            "after_lufs": None if before is None else round(before + gain_db, 2),
            "missing_db": round(gain["wanted_db"] - gain["gain_db"], 2),
            "cap": gain["cap"],
        }


def contribution_levels(plan: Plan, library: Library, facts: Facts) -> list[dict[str, Any]]:
    """One row for each contribution on each bus, and for each gain that it has there; buses in their order.

    ``before_lufs`` is its own integrated loudness (a voice's while it speaks; None for silence), ``gain_db`` what it,
    its bus and the programme are given together, ``after_lufs`` what comes of that before music ducks and the limiter
    works; ``missing_db`` what the rule ``cap`` kept it from.
    """
    ids = {one.file: one.id for one in library.contributions.values() if one.file is not None}
    names = {job.key: ids.get(job.files["file"], job.files["file"].name) for job in plan.sounds}
    raised_db = facts[plan.finish.key]["gain_db"]
    rows: list[dict[str, Any]] = []
    for bus in plan.buses:
        for row in _of_bus(bus, facts, names, raised_db):
            if row not in rows:
                rows.append(row)
    return rows
