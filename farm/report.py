"""``report.json`` and ``report.html``: what was built, from what, how it was verified and what it cost.

Version 1, see ``docs/report.md``.
"""

import json
import os
from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from crowdcut.conform.heard import Heard, ears_of, with_heard
from crowdcut.conform.motion import motion_told
from crowdcut.conform.record import Record, measured
from crowdcut.cut.credits import roll_seconds
from crowdcut.delivery import Delivery
from crowdcut.disc.verdict import DiscVerdict
from crowdcut.findings import Finding, is_error
from crowdcut.library import Library
from crowdcut.manifest import Manifest
from crowdcut.orders import Card
from crowdcut.pages.report_page import page_from
from crowdcut.plan import Job
from crowdcut.records import plain, record_from
from crowdcut.timing import clock
from farm.sound_levels import contribution_levels, room_tones
from farm.workplace import workplace

VERSION = 1


def _counted(jobs: Iterable[Job]) -> dict[str, int]:
    counts: dict[str, int] = {}
    for job in jobs:
        counts[job.kind] = counts.get(job.kind, 0) + 1
    return counts


def _with_motion(record: Record, told: str | None, heard: Heard | None) -> Record:
    """The record with how many frames were made between pictures, where there were any to be made, and with what was
    heard."""
    return with_heard(record if told is None else replace(record, done=(*record.done, told)), heard)


def _heard(
    delivery: Delivery, files: Mapping[str, Path], facts: Mapping[str, Mapping[str, Any]]
) -> dict[tuple[str | None, str], Heard]:
    """What was heard of each clip's own sound, by shot and contribution."""
    ears = ears_of(delivery.plan.sounds, facts)
    found = ((one.shot, one.use, ears.of(one, files[one.use])) for one in delivery.timeline.sounds if one.bus == "shot")
    return {(shot, use): heard for shot, use, heard in found if heard is not None}


def _shots(delivery: Delivery, library: Library, facts: dict[str, dict[str, Any]]) -> list[dict[str, Any]]:
    """Each shot with its time, who made it, its still and its conversion records."""
    pieces: dict[str, list[dict[str, Any]]] = {}
    for job, shot in zip(delivery.plan.pictures, delivery.plan.shots, strict=True):
        if (found := facts.get(job.key)) is not None:
            pieces.setdefault(shot, []).append(found)
    slates = _slates(delivery)
    files = {one.file: one.id for one in library.contributions.values() if one.file is not None}
    motion = motion_told(delivery.plan, facts, files)
    heard = _heard(delivery, {use: file for file, use in files.items()}, facts)
    shots = []
    for placed in delivery.timeline.shots:
        uses = placed.shot.uses
        seen = (*uses, *(one.layer.use for one in placed.layers if one.layer is not None))
        own = pieces.get(placed.shot.name, [])
        records = delivery.records.get(placed.shot.name, {})
        shots.append(
            {
                "name": placed.shot.name,
                "scene": placed.scene,
                "start_frame": placed.start_frame,
                "length_frames": placed.length_frames,
                "start": clock(placed.start_frame / delivery.raster.rate),
                "use": placed.shot.use,
                "uses": list(uses),
                "by": list(dict.fromkeys(name for use in seen for name in library.names_of(use))),
                "note": placed.shot.note,
                "placeholder": placed.shot.name in slates,
                "still": own[len(own) // 2]["still"] if own else None,
                "conversions": {
                    name: plain(_with_motion(record if (name,) != uses else measured(record, own), told, sound))
                    for name, record in records.items()
                    for told in (motion.get((placed.shot.name, name)),)
                    for sound in (heard.get((placed.shot.name, name)),)
                },
            }
        )
    return shots


def _slates(delivery: Delivery) -> set[str]:
    """Names of the shots that a slate stands for."""
    stacks = zip(delivery.plan.shots, (job.order.stack for job in delivery.plan.pictures), strict=True)
    sources = ((shot, layer.source) for shot, stack in stacks for layer in stack)
    return {shot for shot, source in sources if isinstance(source, Card) and source.name == "slate"}


def _sound(
    delivery: Delivery, library: Library, readback: dict[str, Any] | None, facts: dict[str, dict[str, Any]]
) -> dict[str, Any] | None:
    if readback is None:
        return None
    finish = facts[delivery.plan.finish.key]
    measured = {name: value for name, value in readback["sound"].items() if name not in ("packets", "breaks")}
    return {
        **measured,
        "target_lufs": delivery.profile.integrated_lufs,
        "ceiling_dbtp": delivery.profile.true_peak_dbtp,
        "tolerance_lu": delivery.profile.tolerance_lu,
        "most": {
            "max_short_term_lufs": delivery.profile.max_short_term_lufs,
            "max_momentary_lufs": delivery.profile.max_momentary_lufs,
            "range_lu": delivery.profile.max_range_lu,
        },
        "limiter": finish["limiter"],
        "gain_db": finish["gain_db"],
        "contributions": contribution_levels(delivery.plan, library, facts),
        "rooms": room_tones(delivery, facts),
        "buses": {job.order.bus: facts[job.key] for job in delivery.plan.buses},
    }


def _place(film: Path, folder: Path) -> str:
    """Where a film lies in its delivery's folder."""
    return film.relative_to(folder).as_posix()


def delivery_report(
    *,
    title: str,
    delivery: Delivery,
    library: Library,
    film: Path,
    out: Path,
    rendered: tuple[Job, ...],
    reused: tuple[Job, ...],
    findings: tuple[Finding, ...],
    readback: dict[str, Any] | None,
    facts: dict[str, dict[str, Any]],
    changes: dict[str, Any] | None,
    wall_seconds: float,
    cpu_seconds: Mapping[str, float],
) -> dict[str, Any]:
    """One delivery's part.

    out : the folder of all deliveries. readback : None for a film that was not made. changes : None for one that has no
    master before it. cpu_seconds : by kind of job.
    """
    timeline = delivery.timeline
    return {
        "profile": delivery.profile.name,
        "title": title,
        "film": None if readback is None or any(map(is_error, findings)) else _place(film, out / delivery.profile.name),
        "verified": readback is not None and not any(map(is_error, findings)),
        "placeholders": [placed.shot.name for placed in timeline.shots if placed.shot.name in _slates(delivery)],
        "size": [delivery.raster.width, delivery.raster.height],
        "rate": str(timeline.rate),
        "length_frames": timeline.length_frames,
        "length": clock(timeline.length_frames / timeline.rate),
        "master_key": delivery.plan.master.key,
        "rendered": _counted(rendered),
        "reused": _counted(reused),
        "rendered_keys": [job.key for job in rendered],
        "wall_seconds": round(wall_seconds, 2),
        "cpu_seconds": round(sum(cpu_seconds.values()), 2),
        "cpu_seconds_by_kind": {kind: round(seconds, 2) for kind, seconds in cpu_seconds.items()},
        "findings": [plain(one) for one in findings],
        "chapters": [[chapter.title, chapter.start_frame] for chapter in timeline.chapters],
        "shots": _shots(delivery, library, facts),
        "changes": changes,
        "sound": _sound(delivery, library, readback, facts),
        "credits": [{"heading": block.heading, "names": list(block.names)} for block in delivery.credits],
        "roll_seconds": str(roll_seconds(delivery.roll, delivery.raster)),
        "appearances": [plain(one) for one in delivery.appearances],
    }


def with_image(part: Mapping[str, Any], image: Path, verdict: DiscVerdict) -> dict[str, Any]:
    """A delivery's part with the disc that its film is on, and what the verifier noted of it."""
    findings = [*part["findings"], *map(plain, verdict.findings)]
    return {**part, "findings": findings, "disc": {"image": image.name, **plain(verdict.summary)}}


def build_report(manifest: Manifest, findings: tuple[Finding, ...], deliveries: list[dict[str, Any]]) -> dict[str, Any]:
    """The whole report."""
    wish = manifest.credits.seconds
    return {
        "format": VERSION,
        "title": manifest.title,
        "slug": manifest.slug,
        "built_at": datetime.now(UTC).isoformat(timespec="seconds"),
        "credits_seconds_wished": None if wish is None else str(wish),
        "findings": [plain(one) for one in findings],
        "deliveries": deliveries,
    }


def findings_of(part: Mapping[str, Any]) -> tuple[Finding, ...]:
    """The findings of a report, or of one delivery's part of it."""
    return tuple(record_from(one, Finding) for one in part["findings"])


def write_report(report: dict[str, Any], out: Path) -> Path:
    """Put ``report.json`` and ``report.html`` into the folder ``out``, each whole or not at all. The page's path."""
    written = {"report.json": json.dumps(report, indent=1, ensure_ascii=False), "report.html": page_from(report)}
    with workplace(out) as place:
        for name, text in written.items():
            (place / name).write_text(text, encoding="utf-8", errors="backslashreplace")  # a file's name may be no text
            os.replace(place / name, out / name)
    return out / "report.html"


def read_report(page: Path) -> dict[str, Any]:
    """The report that :func:`write_report` put beside ``page``."""
    return json.loads(page.with_name("report.json").read_bytes())
