"""The record of a master, beside its film: written when the film is verified, read when the next one is."""

import os
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from crowdcut.changes.master_changes import Changes, changes_between
from crowdcut.changes.master_record import MasterRecord, read, record_of, written
from crowdcut.delivery import Delivery
from crowdcut.findings import Finding, Where
from crowdcut.production import Production
from crowdcut.records import plain
from crowdcut.timing import clock
from farm.store import Store
from farm.workplace import workplace

STILLED_SHOTS = 60
"""Changed shots whose pictures, before and after, are in a report: a change of code may change every one."""


def master_path(film: Path) -> Path:
    """Where the record of a film's master lies."""
    return film.with_suffix(".master.json")


def last_master(film: Path) -> tuple[MasterRecord | None, tuple[Finding, ...]]:
    """The record of the last verified master under a film's name, with a note where it cannot be read."""
    file = master_path(film)
    try:
        return read(file.read_bytes()), ()
    except FileNotFoundError:
        return None, ()
    except (OSError, ValueError):
        found = "what changed since the last master cannot be told: its record is damaged or of another Crowdcut"
        return None, (Finding(rule="master-record", severity="note", where=Where(file=str(file)), found=found),)


def recorded_master(
    production: Production, delivery: Delivery, heard: dict[str, Any], film: Path, last: MasterRecord | None
) -> Changes | None:
    """Record the master of a film that was verified, and say what changed since the ``last`` one.

    heard : ``integrated_lufs`` and ``true_peak_dbtp`` as they were read back.
    """
    now = datetime.now(UTC).isoformat(timespec="seconds")
    record = record_of(production, delivery, built_at=now, heard=heard)
    if last is not None and last.master == record.master:
        record = replace(record, built_at=last.built_at)  # the same film
    text = written(record)
    with workplace(film.parent) as place:
        made = place / "master.json"
        made.write_text(text, encoding="ascii")
        os.replace(made, master_path(film))
    return None if last is None else changes_between(last, read(text.encode()))  # what JSON makes of both


def _still(keys: list[str], store: Store) -> str | None:
    """The still in the middle of some pieces; None where the store no longer has them."""
    stored = store.find(keys[len(keys) // 2]) if keys else None
    return None if stored is None else stored.facts["still"]


_STILLS = {"still": "keys", "still_before": "keys_before"}
"""What a report calls the stills of a changed shot, and the keys that they are found by."""


def _with_stills(shots: list[dict[str, Any]], store: Store) -> Iterator[dict[str, Any]]:
    seen = 0
    for shot in shots:
        other = shot["kind"] not in ("moved", "renamed")
        seen += other
        shown = other and seen <= STILLED_SHOTS
        stills = {name: _still(shot[keys], store) if shown else None for name, keys in _STILLS.items()}
        yield {**shot, **stills, "stilled": shown}


def changes_told(changes: Changes | None, delivery: Delivery, store: Store) -> dict[str, Any] | None:
    """Changes as a report tells them: plain data, with stills from the store and times for people."""
    if changes is None:
        return None
    told = plain(changes)
    for shot in told["shots"]:
        start = shot["start_frame"]
        shot["start"] = None if start is None else clock(start / delivery.raster.rate)
    return {**told, "shots": list(_with_stills(told["shots"], store))}
