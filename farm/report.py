"""``report.json``: what was built, from what, how it was verified and what it cost. Version 1, see ``docs/report.md``."""

from collections.abc import Iterable
from pathlib import Path
from typing import Any

from crowdcut.credits import roll_seconds
from crowdcut.findings import Finding, is_error
from crowdcut.library import Library
from crowdcut.manifest import Manifest
from crowdcut.plan import Job
from crowdcut.records import plain
from crowdcut.timing import clock
from farm.delivery import Delivery

VERSION = 1


def _counted(jobs: Iterable[Job]) -> dict[str, int]:
    counts: dict[str, int] = {}
    for job in jobs:
        counts[job.kind] = counts.get(job.kind, 0) + 1
    return counts


def _shots(delivery: Delivery, library: Library, facts: dict[str, dict[str, Any]]) -> list[dict[str, Any]]:
    """Each shot with its time, who made it, its still and its conversion records."""
    stills: dict[str, list[str]] = {}
    for job, shot in zip(delivery.plan.pictures, delivery.plan.shots, strict=True):
        if (found := facts.get(job.key)) is not None:
            stills.setdefault(shot, []).append(found["still"])
    shots = []
    for placed in delivery.timeline.shots:
        use = placed.shot.use
        by = [library.contributors[part.contributor].name for part in library.contributions[use].by] if use else []
        own = stills.get(placed.shot.name, [])
        shots.append(
            {
                "name": placed.shot.name,
                "scene": placed.scene,
                "start_frame": placed.start_frame,
                "length_frames": placed.length_frames,
                "start": clock(placed.start_frame / delivery.raster.rate),
                "use": use,
                "by": by,
                "note": placed.shot.note,
                "still": own[len(own) // 2] if own else None,
                "conversions": {name: plain(record) for name, record in delivery.records.get(placed.shot.name, {}).items()},
            }
        )
    return shots


def _sound(delivery: Delivery, readback: dict[str, Any] | None, facts: dict[str, dict[str, Any]]) -> dict[str, Any] | None:
    if readback is None:
        return None
    finish = facts[delivery.plan.finish.key]
    measured = {name: value for name, value in readback["sound"].items() if name not in ("packets", "breaks")}
    return {
        **measured,
        "target_lufs": delivery.profile.integrated_lufs,
        "ceiling_dbtp": delivery.profile.true_peak_dbtp,
        "limiter": finish["limiter"],
        "gains": facts[delivery.plan.mix.key]["gains"],
    }


def delivery_report(
    *,
    delivery: Delivery,
    library: Library,
    film: Path,
    rendered: tuple[Job, ...],
    reused: tuple[Job, ...],
    findings: tuple[Finding, ...],
    readback: dict[str, Any] | None,
    facts: dict[str, dict[str, Any]],
    wall_seconds: float,
    cpu_seconds: float,
) -> dict[str, Any]:
    """One delivery's part. ``readback`` is None for a film that was not made."""
    timeline = delivery.timeline
    return {
        "profile": delivery.profile.name,
        "film": None if readback is None or any(map(is_error, findings)) else film.name,
        "verified": readback is not None and not any(map(is_error, findings)),
        "rate": str(timeline.rate),
        "length_frames": timeline.length_frames,
        "length": clock(timeline.length_frames / timeline.rate),
        "master_key": delivery.plan.master.key,
        "rendered": _counted(rendered),
        "reused": _counted(reused),
        "rendered_keys": [job.key for job in rendered],
        "wall_seconds": round(wall_seconds, 2),
        "cpu_seconds": round(cpu_seconds, 2),
        "findings": [plain(one) for one in findings],
        "chapters": [[chapter.title, chapter.start_frame] for chapter in timeline.chapters],
        "shots": _shots(delivery, library, facts),
        "sound": _sound(delivery, readback, facts),
        "credits": [{"heading": block.heading, "names": list(block.names)} for block in delivery.credits],
        "roll_seconds": str(roll_seconds(delivery.roll, delivery.raster)),
        "appearances": [plain(one) for one in delivery.appearances],
    }


def build_report(manifest: Manifest, findings: tuple[Finding, ...], deliveries: list[dict[str, Any]]) -> dict[str, Any]:
    """The whole report."""
    wish = manifest.credits.seconds
    return {
        "format": VERSION,
        "title": manifest.title,
        "slug": manifest.slug,
        "credits_seconds_wished": None if wish is None else str(wish),
        "findings": [plain(one) for one in findings],
        "deliveries": deliveries,
    }
