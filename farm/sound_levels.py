"""What the report tells of sounds: how loud each contribution is by itself and in the programme, and whose room tone is
heard."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from crowdcut.conform.heard import Heard, ears_of
from crowdcut.delivery import Delivery
from crowdcut.library import Library
from crowdcut.plan import Job, Plan
from crowdcut.sound.orders import Cue
from crowdcut.timing import SAMPLE_RATE

Facts = Mapping[str, Mapping[str, Any]]
"""Facts of jobs by key."""


def _speech_share(heard: Mapping[str, Any]) -> float:
    """How much of a contribution somebody speaks, 0..1."""
    return round(sum(end - start for start, end in heard["speech"]) / max(1, heard["length_samples"]), 3)


def _limited_db(cue: Cue, each_second_db: Sequence[float]) -> float:
    """How far the limiter went down at most while a cue sounds."""
    end = -(-(cue.start_sample + cue.length_samples) // SAMPLE_RATE)
    return max(each_second_db[cue.start_sample // SAMPLE_RATE : end], default=0.0)


def _of_bus(
    bus: Job, facts: Facts, names: Mapping[str, str], by_key: Mapping[str, Heard], finish: Mapping[str, Any]
) -> Iterator[dict[str, Any]]:
    told = facts[bus.key]
    for cue, gain in zip(bus.order.cues, told["gains"], strict=True):
        if bus.jobs[cue.listened] not in names:
            continue  # room tone is nobody's contribution
        heard, ears = facts[bus.jobs[cue.listened]], by_key[bus.jobs[cue.listened]]
        spoken = heard.get("speech_integrated") if cue.bus == "voice" else None
        before = heard["integrated"] if spoken is None else spoken
        gain_db = gain["gain_db"] + told["bus_gain_db"] + finish["gain_db"]
        yield {
            "contribution": names[bus.jobs[cue.listened]],
            "bus": cue.bus,
            "speech_share": _speech_share(heard) if cue.bus == "voice" else None,
            "before_lufs": before,
            "gain_db": round(gain_db, 2),
            "after_lufs": None if before is None else round(before + gain_db, 2),
            "missing_db": round(gain["wanted_db"] - gain["gain_db"], 2),
            "cap": gain["cap"],
            "limited_db": _limited_db(cue, finish["limited_db"]),
            "found": list(ears.found),
            "done": list(ears.done),
        }


def contribution_levels(plan: Plan, library: Library, facts: Facts) -> list[dict[str, Any]]:
    """One row for each contribution on each bus, and for each gain that it has there; buses in their order.

    ``speech_share`` is how much of a voice is speech, 0..1 (0: none was found, and it was measured whole; None for what
    is no voice). ``before_lufs`` is its own integrated loudness (a voice's while it speaks; None for silence),
    ``gain_db`` what it, its bus and the programme are given together, ``after_lufs`` what comes of that before music
    ducks and the limiter works; ``missing_db`` what the rule ``cap`` kept it from; ``limited_db`` how far the limiter
    goes down at most where it sounds, alone or with others; ``found`` what is wrong with its sound and ``done`` what
    was done about it, in sentences.
    """
    ids = {one.file: one.id for one in library.contributions.values() if one.file is not None}
    listened = [job for job in plan.sounds if job.kind == "listen"]
    names = {job.key: ids.get(job.files["file"], job.files["file"].name) for job in listened}
    ears = ears_of(plan.sounds, facts)
    by_key = {job.key: ears.heard[job.files["file"], job.order.repair] for job in listened}
    rows: dict[str, dict[str, Any]] = {}
    for bus in plan.buses:
        for row in _of_bus(bus, facts, names, by_key, facts[plan.finish.key]):
            limited_db = row.pop("limited_db")
            known = rows.setdefault(repr(row), {**row, "limited_db": 0.0})
            known["limited_db"] = max(known["limited_db"], limited_db)
    return list(rows.values())


def room_tones(delivery: Delivery, facts: Facts) -> list[dict[str, Any]]:
    """Where room tone is heard, and of which contribution: ``shot``, ``start_sample``, ``length_samples``,
    ``contribution`` (None: none of the scene's is still for a second)."""
    placed = [one for one in delivery.timeline.sounds if one.bus == "shot"]
    buses = [job for job in delivery.plan.buses if job.order.bus == "shot"]
    told = []
    # A clip's own sound neither jumps nor loops: each is one cue.
    for one, cue in zip(placed, buses[0].order.cues if buses else (), strict=True):
        if one.rooms:
            take = facts[buses[0].jobs[cue.prepared]]["take"]
            told.append(
                {
                    "shot": one.shot,
                    "start_sample": one.start_sample,
                    "length_samples": one.length_samples,
                    "contribution": None if take is None else one.rooms[take].use,
                }
            )
    return told
