"""The build: examine, plan, render what is missing, join, read back, hold against the plan, report."""

import json
import os
import resource
from collections.abc import Iterable
from dataclasses import dataclass, replace
from pathlib import Path
from time import monotonic
from typing import Any

from crowdcut.findings import BuildFailed, Finding, is_error
from crowdcut.ledger import Books, ledger_findings
from crowdcut.orders import PictureOrder, ReadbackOrder, Transition
from crowdcut.plan import Job, job_for
from crowdcut.records import record_from
from farm.crew import Crew, Outcome
from farm.delivery import Delivery, deliveries_from, delivery_from
from farm.digests import DigestCache, content_digest
from farm.events import Event, Listener
from farm.production import Production, Wish, opened_production, read_production, store_folder
from farm.report import build_report, delivery_report
from farm.store import FILE, Store
from farm.workplace import swept, workplace


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """What the ledger says of a film."""

    findings: tuple[Finding, ...]
    readback: dict[str, Any]
    facts: dict[str, dict[str, Any]]
    """Of the plan's jobs, by key."""


def planned(wish: Wish, listener: Listener) -> tuple[Production, tuple[Delivery, ...], Store]:
    """Everything up to the plans; examines what was never examined, renders nothing. Raises Refused."""
    manifest, _, _, _ = read_production(wish)
    store = Store(store_folder(wish, manifest))
    with Crew(store, workers=wish.workers_meant, listener=listener) as crew:
        production = opened_production(wish, store, crew, listener)
    return production, deliveries_from(production), store


def _placed_findings(delivery: Delivery, job: Job, findings: Iterable[Finding]) -> list[Finding]:
    """A failed job's findings with the shot that they belong to."""
    places = [number for number, one in enumerate(delivery.plan.pictures) if one.key == job.key]
    if not places:
        return list(findings)
    shot, start = delivery.plan.shots[places[0]], delivery.plan.starts[places[0]]
    time = start / delivery.raster.rate
    return [replace(one, where=replace(one.where, shot=_shot_at_fault(delivery, job, one, shot), time=time)) for one in findings]


def _shot_at_fault(delivery: Delivery, job: Job, finding: Finding, shot: str) -> str:
    """The shot of the piece, or the one that leaves it if the file that broke is that one's alone."""
    order = job.order
    transition: Transition | None = order.transition if isinstance(order, PictureOrder) else None
    if transition is None:
        return shot
    leaving = {getattr(layer.source, "file", None) for layer in transition.leaving}
    own = {getattr(layer.source, "file", None) for layer in order.stack}
    broken = {name for name, path in job.files.items() if path.name == finding.where.file}
    if broken & leaving and not broken & own:
        names = [placed.shot.name for placed in delivery.timeline.shots]
        return names[names.index(shot) - 1]
    return shot


def _failures(delivery: Delivery, outcome: Outcome) -> list[Finding]:
    jobs = {job.key: job for job in delivery.plan.jobs}
    return [one for key, found in outcome.failed.items() for one in _placed_findings(delivery, jobs[key], found)]


def _rendered(production: Production, delivery: Delivery, crew: Crew, listener: Listener) -> tuple[Delivery, Outcome, list[Finding]]:
    """Run the plan's jobs. With placeholders a broken clip becomes a slate and what is missing then is rendered."""
    listener(Event(kind="stage", text=f"rendering {delivery.profile.name}", jobs=len(delivery.plan.jobs)))
    plan = delivery.plan
    outcome = crew.run(delivery.plan.jobs)
    failures = _failures(delivery, outcome)
    if not failures or not production.wish.placeholder:
        return delivery, outcome, failures
    shots = frozenset(one.where.shot for one in failures if one.where.shot and one.owner == "contributor")
    if not shots or any(job.key in outcome.failed for job in (plan.mix, plan.finish, *plan.sounds)):
        return delivery, outcome, failures
    delivery = delivery_from(production, delivery.profile.name, placeholders=shots)
    second = crew.run(delivery.plan.jobs)
    first = {job.key for job in outcome.rendered}
    outcome = Outcome(
        rendered=(*outcome.rendered, *second.rendered),
        reused=tuple(job for job in second.reused if job.key not in first),
        failed=second.failed,
    )
    slates = [replace(one, severity="warning", rule="placeholder") for one in failures]
    return delivery, outcome, [*slates, *_failures(delivery, second)]


def film_path(production: Production, delivery: Delivery) -> Path:
    """Where a delivery's film goes."""
    profile = delivery.profile
    return production.out / profile.name / f"{production.manifest.slug}.{profile.extension}"


def _readback_job(film: Path, digest: str, production: Production, delivery: Delivery) -> Job:
    sources = replace(production.sources, digests={film: digest})
    order = ReadbackOrder(raster=delivery.raster)
    label = f"reading {delivery.profile.name} back"
    return job_for("readback", order, sources, files={"file": film}, label=label)


def _verified(film: Path, digest: str, production: Production, delivery: Delivery, store: Store, crew: Crew) -> Verdict:
    """Hold the film (wherever it lies) against its plan."""
    job = _readback_job(film, digest, production, delivery)
    outcome = crew.run([job])
    if job.key in outcome.failed:
        raise BuildFailed(outcome.failed[job.key])
    facts = {key: stored.facts for key in {job.key for job in delivery.plan.jobs} if (stored := store.find(key)) is not None}
    readback = store.find(job.key)
    assert readback is not None
    books = Books(
        plan=delivery.plan,
        profile=delivery.profile,
        rate=delivery.raster.rate,
        pieces=tuple(facts[one.key] for one in delivery.plan.pictures),
        sound=facts[delivery.plan.finish.key],
        found=readback.facts,
    )
    return Verdict(findings=ledger_findings(books), readback=readback.facts, facts=facts)


def _film(production: Production, delivery: Delivery, store: Store, crew: Crew, listener: Listener) -> Verdict:
    """Join the film unless it stands there already, verify it, and only then give it its name."""
    listener(Event(kind="stage", text=f"joining and verifying {delivery.profile.name}", jobs=2))
    path, key = film_path(production, delivery), delivery.plan.master.key
    path.parent.mkdir(parents=True, exist_ok=True)
    swept(path.parent)
    digests = DigestCache(store.folder / "digests.sqlite")
    made = store.find(key)
    if made is not None and path.is_file() and digests.digest(path) == made.facts["digest"]:
        verdict = _verified(path, made.facts["digest"], production, delivery, store, crew)
    else:
        with workplace(path.parent) as place:
            film = place / path.name
            # A master of these very pieces may have been published before and been lost or changed since.
            again = replace(delivery.plan.master, key=f"{key}-{os.getpid()}")
            outcome = crew.run([again], publish=lambda _, made_in: os.replace(made_in / FILE, film))
            if outcome.failed:
                raise BuildFailed(outcome.failed[again.key])
            digest = content_digest(film)
            verdict = _verified(film, digest, production, delivery, store, crew)
            if not any(map(is_error, verdict.findings)):
                os.replace(film, path)
                if made is None:
                    store.publish_facts(key, {"digest": digest})
    digests.close()
    return verdict


def _built(production: Production, delivery: Delivery, store: Store, crew: Crew, listener: Listener) -> dict[str, Any]:
    """Build one delivery and report on it."""
    started, cpu = monotonic(), _cpu_seconds()
    delivery, outcome, slates = _rendered(production, delivery, crew, listener)
    failures = [one for one in slates if is_error(one)]
    verdict = None
    if not failures:
        verdict = _film(production, delivery, store, crew, listener)
        failures = [one for one in verdict.findings if is_error(one)]
    findings = (*delivery.findings, *slates, *(verdict.findings if verdict else ()))
    report = delivery_report(
        delivery=delivery,
        library=production.library,
        film=film_path(production, delivery),
        rendered=outcome.rendered,
        reused=outcome.reused,
        findings=findings,
        readback=verdict.readback if verdict else None,
        facts=verdict.facts if verdict else {},
        wall_seconds=monotonic() - started,
        cpu_seconds=_cpu_seconds() - cpu,
    )
    for one in findings:
        listener(Event(kind="finding", text=str(one)))
    if not failures:
        listener(Event(kind="film", text=str(film_path(production, delivery))))
    return report


def _cpu_seconds() -> float:
    """CPU of this process and of the children that have ended."""
    own, children = (resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    return own.ru_utime + own.ru_stime + children.ru_utime + children.ru_stime


def built(wish: Wish, listener: Listener) -> dict[str, Any]:
    """Build every delivery that is asked for; the report, which is also written to OUT.

    Raises Refused when something is wrong before rendering (nothing is written), BuildFailed when a film failed:
    the report says what, the store is kept, and there is no film of that delivery.
    """
    manifest, _, _, _ = read_production(wish)
    store = Store(store_folder(wish, manifest))
    with Crew(store, workers=wish.workers_meant, listener=listener) as crew:
        production = opened_production(wish, store, crew, listener)
        deliveries = deliveries_from(production)
        for one in production.findings:
            listener(Event(kind="finding", text=str(one)))
        parts = [_built(production, delivery, store, crew, listener) for delivery in deliveries]
    report = build_report(production.manifest, production.findings, parts)
    production.out.mkdir(parents=True, exist_ok=True)
    written = production.out / "report.json"
    partial = written.with_suffix(".json.part")
    partial.write_text(json.dumps(report, indent=1, ensure_ascii=False), encoding="utf-8")
    os.replace(partial, written)
    failed = [record_from(one, Finding) for part in parts for one in part["findings"] if one.get("severity", "error") == "error"]
    if failed:
        raise BuildFailed(failed)
    return report
