"""The night: every episode of a folder that has something to do is built, and one page says what changed and why."""

import json
import os
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path
from time import monotonic
from typing import Any, Literal

from crowdcut.delivery import Delivery
from crowdcut.findings import CrowdcutError, Finding, Refused, Where
from crowdcut.manifest import manifest_from
from crowdcut.pages.nightly_page import page_from
from crowdcut.production import Production
from crowdcut.records import plain
from farm.build import planned
from farm.digests import DigestCache
from farm.episode_disc import sized_before, stands_alone
from farm.film import film_path
from farm.masters import last_master, master_path
from farm.report import read_report
from farm.rounds import unrun
from farm.store import Store
from farm.wish import Wish
from farm.workplace import workplace

VERSION = 1
_SCENE = re.compile(rb"^(?:\xef\xbb\xbf)?[ \t]*\[\[[ \t]*[\"']?scene\b", re.MULTILINE)
"""What every episode has; it is found in broken TOML too."""
_PASSED_BY = frozenset({"build"})
"""Folders that nobody writes manifests into; hidden ones (a store among them) are passed by as well."""
_KEPT = ("profile", "verified", "placeholders", "changes", "rendered", "reused", "length_frames", "length", "sound")
_KEPT_OF_SOUND = ("integrated_lufs", "true_peak_dbtp", "target_lufs", "ceiling_dbtp")

State = Literal["built", "unchanged", "failed", "refused"]
Entry = dict[str, Any]
"""One episode of a night, see ``docs/report.md``."""


def now() -> str:
    """This moment: UTC, ISO 8601."""
    return datetime.now(UTC).isoformat(timespec="seconds")


def _has_scenes(file: Path) -> bool:
    try:
        return _SCENE.search(file.read_bytes()) is not None
    except OSError:
        return True  # nobody can say that it is none: building it says why it cannot be read


def episodes_in(folder: Path) -> tuple[Path, ...]:
    """The manifests of all episodes in ``folder`` and below, sorted by their paths: every TOML file with a scene."""
    found: list[Path] = []
    for place, folders, files in os.walk(folder):
        folders[:] = [name for name in folders if not name.startswith(".") and name not in _PASSED_BY]
        names = (name for name in files if name.endswith(".toml") and not name.startswith("."))
        found += (file for name in names if _has_scenes(file := Path(place, name)))
    return tuple(sorted(found))


def _stands(film: Path, delivery: Delivery, store: Store) -> bool:
    """Whether a film is there as it was verified, with its record."""
    made = store.find(delivery.plan.master.key)
    if made is None or not film.is_file() or not master_path(film).is_file():
        return False
    with DigestCache(store.folder) as digests:
        return digests.digest(film) == made.facts["digest"]


Films = list[tuple[Delivery, Path]]


def _films(wish: Wish, production: Production, deliveries: Iterable[Delivery]) -> Films:
    out = wish.out_folder(production.manifest)
    return [(delivery, film_path(out, production, delivery)) for delivery in deliveries]


def _is_due(delivery: Delivery, film: Path, production: Production, out: Path, store: Store) -> bool:
    sized = sized_before(production, delivery, store)
    if sized is None or unrun(sized.plan.jobs, store) or not _stands(film, sized, store):
        return True
    return not stands_alone(production, sized, out, store)


def _any_due(films: Films, production: Production, wish: Wish, store: Store) -> bool:
    out = wish.out_folder(production.manifest)
    return any(_is_due(delivery, film, production, out, store) for delivery, film in films)


def _standing(delivery: Delivery, film: Path) -> dict[str, Any]:
    """What an entry says of a film that stands as it was."""
    record, _ = last_master(film)
    profile = delivery.profile
    frames = delivery.timeline.length_frames
    return {
        "profile": profile.name,
        "verified": True,
        "placeholders": [],
        "changes": None,
        "rendered": {},
        "reused": {},
        "length_frames": frames,
        "length": record.length if record is not None else "",
        "sound": {
            "integrated_lufs": record.integrated_lufs if record is not None else None,
            "true_peak_dbtp": record.true_peak_dbtp if record is not None else None,
            "target_lufs": profile.integrated_lufs,
            "ceiling_dbtp": profile.true_peak_dbtp,
        },
        "film": str(film),
    }


def _reported(report: dict[str, Any], films: Films) -> Iterator[dict[str, Any]]:
    """What an entry keeps of a report: its page may be another episode's soon."""
    paths = {delivery.profile.name: film for delivery, film in films}
    for part in report["deliveries"]:
        sound = part["sound"]
        kept = None if sound is None else {name: sound[name] for name in _KEPT_OF_SOUND}
        film = str(paths[part["profile"]]) if part["film"] is not None else None
        yield {**{name: part[name] for name in _KEPT}, "sound": kept, "film": film}


def _report_since(page: Path, started_at: str) -> dict[str, Any] | None:
    """The report beside ``page``, if it was written since then: a build that failed early leaves an older one."""
    try:
        report = read_report(page)
    except FileNotFoundError:
        return None
    return report if report["built_at"] >= started_at else None


def _failure(error: OSError) -> Finding:
    found = f"it cannot be built here: {error.strerror or error}"
    return Finding(rule="machine", owner="machine", where=Where(file=error.filename), found=found)


def _built(wish: Wish, build: Callable[[Wish], Path]) -> Entry:
    """The parts of an entry that say how it went."""
    production, deliveries, store = planned(wish, lambda event: None)
    films = _films(wish, production, deliveries)
    page, started_at = wish.out_folder(production.manifest) / "report.html", now()
    if not _any_due(films, production, wish, store):
        told = [_standing(delivery, film) for delivery, film in films]
        return {"state": "unchanged", "report": str(page) if page.is_file() else None, "deliveries": told}
    findings: Sequence[Finding] = ()
    try:
        build(wish)
    except Refused:
        raise
    except CrowdcutError as failed:
        findings = failed.findings
    report = _report_since(page, started_at)
    return {
        "state": "failed" if findings else "built",
        "findings": [plain(one) for one in findings],
        "report": str(page) if report is not None else None,
        "deliveries": list(_reported(report, films)) if report is not None else [],
        "cpu_seconds": sum(part["cpu_seconds"] for part in report["deliveries"]) if report is not None else 0.0,
    }


def night_of(wish: Wish, build: Callable[[Wish], Path]) -> Entry:
    """One episode's night: it is planned, built if it is due, and told. Only what is no complaint of a production or
    of the machine is raised.

    build : as ``farm.build.built``; it raises Refused or BuildFailed.
    """
    started = monotonic()
    manifest, _, _ = manifest_from(wish.manifest)
    named = f"{wish.manifest.absolute().parent.name}/{wish.manifest.stem}"
    entry: Entry = {
        "manifest": str(wish.manifest),
        "title": manifest.title if manifest is not None and manifest.title else named,
        "state": "refused",
        "findings": [],
        "report": None,
        "deliveries": [],
        "cpu_seconds": 0.0,
    }
    try:
        entry |= _built(wish, build)
    except CrowdcutError as refusal:
        entry["findings"] = [plain(one) for one in refusal.findings]
    except OSError as error:
        entry |= {"state": "failed", "findings": [plain(_failure(error))]}
    return {**entry, "wall_seconds": round(monotonic() - started, 2), "cpu_seconds": round(entry["cpu_seconds"], 2)}


def _clashes(entries: Sequence[Entry]) -> Iterator[Entry]:
    """The entries, each with a finding where another one writes the same film or the same report."""
    for entry in entries:
        others = [one for one in entries if one is not entry]
        films = {part["film"] for part in entry["deliveries"]} - {None}
        same_film = [one for one in others if films & {part["film"] for part in one["deliveries"]}]
        same_page = [one for one in others if entry["report"] is not None and one["report"] == entry["report"]]
        findings = list(entry["findings"])
        if same_film:
            findings.append(plain(_shared("same-film", entry, same_film, "write the same film", "warning")))
        elif same_page:
            findings.append(plain(_shared("same-report", entry, same_page, "share one report.html", "note")))
        yield {**entry, "findings": findings}


def _shared(
    rule: str, entry: Entry, others: Sequence[Entry], what: str, severity: Literal["warning", "note"]
) -> Finding:
    names = ", ".join(Path(one["manifest"]).name for one in others)
    way_out = "Give each a slug of its own." if rule == "same-film" else "It is that of the last one built."
    found, where = f"this episode and {names} {what}", Where(file=entry["manifest"])
    return Finding(rule=rule, severity=severity, where=where, found=found, way_out=way_out)


def _linked(entry: Entry, out: Path) -> Entry:
    """The entry with paths as links from a page in ``out``."""

    def link(path: str | None) -> str | None:
        return None if path is None else Path(os.path.relpath(path, out)).as_posix()

    deliveries = [{**part, "film": link(part["film"])} for part in entry["deliveries"]]
    return {**entry, "report": link(entry["report"]), "deliveries": deliveries}


def night_from(entries: Sequence[Entry], out: Path, *, started_at: str) -> dict[str, Any]:
    """The whole night's record, for pages in ``out``."""
    told = [_linked(entry, out) for entry in _clashes(entries)]
    return {"format": VERSION, "started_at": started_at, "ended_at": now(), "episodes": told}


def write_nightly(night: dict[str, Any], out: Path) -> Path:
    """Put ``nightly.json`` and ``nightly.html`` into ``out``, each whole or not at all. The page's path."""
    written = {"nightly.json": json.dumps(night, indent=1, ensure_ascii=False), "nightly.html": page_from(night)}
    with workplace(out) as place:
        for name, text in written.items():
            (place / name).write_text(text, encoding="utf-8", errors="backslashreplace")  # a file's name may be no text
            os.replace(place / name, out / name)
    return out / "nightly.html"
