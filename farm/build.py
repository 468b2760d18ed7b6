"""The build: examine, plan, render what is missing, join, read back, hold against the plan, report."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import replace
from fractions import Fraction
from pathlib import Path
from time import monotonic, process_time
from typing import Any

from crowdcut.findings import BuildFailed, Finding, Refused, Where, is_error
from crowdcut.manifest import Manifest
from crowdcut.orders import PictureOrder, Transition
from crowdcut.plan import Job
from farm.crew import Crew, Outcome
from farm.delivery import Delivery, deliveries_from, delivery_from
from farm.events import Event, Listener
from farm.film import Verdict, facts_of, film_path, set_aside, verified_film
from farm.production import Production, Wish, opened_production, read_production, store_folder
from farm.report import build_report, delivery_report, findings_of, write_report
from farm.store import Store
from farm.workplace import swept, workplace


def _unwritable(rule: str, folder: Path, error: OSError) -> Refused:
    found, way_out = f"it cannot be written to: {error.strerror}", f"Give another folder with --{rule}."
    return Refused(Finding(rule=rule, where=Where(file=str(folder)), found=found, way_out=way_out))


def _opened_store(wish: Wish, manifest: Manifest) -> Store:
    """The store that the manifest and the command line ask for. Raises Refused."""
    folder = store_folder(wish, manifest)
    try:
        return Store(folder)
    except OSError as error:
        raise _unwritable("store", folder, error) from error


def _writable(out: Path) -> None:
    """Make sure that films can be put into ``out`` before any time is spent on them. Raises Refused."""
    try:
        out.mkdir(parents=True, exist_ok=True)
        swept(out)
        with workplace(out):
            pass
    except OSError as error:
        raise _unwritable("out", out, error) from error


def planned(wish: Wish, listener: Listener) -> tuple[Production, tuple[Delivery, ...], Store]:
    """Everything up to the plans; examines what was never examined, renders nothing. Raises Refused."""
    written = read_production(wish)
    store = _opened_store(wish, written[0])
    with Crew(store, workers=wish.workers_meant, listener=listener) as crew:
        production = opened_production(wish, written, store, crew, listener)
    return production, deliveries_from(production), store


def _placed_findings(delivery: Delivery, job: Job, findings: Iterable[Finding]) -> list[Finding]:
    """A failed job's findings, once for each shot that shows it: the same piece may stand in several."""
    findings, plan = list(findings), delivery.plan
    places: dict[str, Fraction] = {}
    for one, shot, start in zip(plan.pictures, plan.shots, plan.starts, strict=True):
        if one.key == job.key:
            places.setdefault(shot, start / delivery.raster.rate)
    if not places:
        return findings

    def placed(finding: Finding, shot: str, time: Fraction) -> Finding:
        shot_at_fault = _shot_at_fault(delivery, job, finding, shot)
        return replace(finding, where=replace(finding.where, shot=shot_at_fault, time=time))

    return [placed(finding, shot, time) for shot, time in places.items() for finding in findings]


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


def _hung_files(job: Job) -> set[Path]:
    """Files that hang above a shot's own picture in a piece."""
    order = job.order
    if not isinstance(order, PictureOrder):
        return set()
    leaving = order.transition.leaving if order.transition else ()
    names = {getattr(layer.source, "file", None) for layer in (*order.stack[1:], *leaving[1:], *order.over)}
    return {path for name, path in job.files.items() if name in names}


def _broken(production: Production, delivery: Delivery, outcome: Outcome) -> tuple[frozenset[str], frozenset[str]]:
    """Names of the shots whose own clips broke, and ids of the contributions that broke as layers.

    Where nobody can say which of a piece's files it was, it may have been any.
    """
    jobs = {job.key: job for job in delivery.plan.jobs}
    uses = {placed.shot.name: placed.shot.use for placed in delivery.timeline.shots}
    shots: set[str] = set()
    layers: set[str] = set()
    for job, one in ((jobs[key], one) for key, found in outcome.failed.items() for one in found):
        if one.owner != "contributor":
            continue
        paths = {path for path in job.files.values() if path.name == one.where.file} or set(job.files.values())
        ids = {use: path for use, path in production.sources.files.items() if path in paths and use in production.media}
        layers |= {use for use, path in ids.items() if path in _hung_files(job)}
        places = [placed.where.shot for placed in _placed_findings(delivery, job, [one])]
        shots |= {shot for shot in places if shot is not None and uses[shot] in ids}
    return frozenset(shots), frozenset(layers)


def _rendered(
    production: Production, delivery: Delivery, crew: Crew, listener: Listener
) -> tuple[Delivery, Outcome, list[Finding]]:
    """Run the plan's jobs. With placeholders a broken clip becomes a slate, a broken layer is left out, and what is
    missing then is rendered.
    """
    listener(Event(kind="stage", text=f"rendering {delivery.profile.name}", jobs=len(delivery.plan.jobs)))
    plan = delivery.plan
    outcome = crew.run(delivery.plan.jobs)
    failures = _failures(delivery, outcome)
    if not failures or not production.wish.placeholder:
        return delivery, outcome, failures
    shots, layers = _broken(production, delivery, outcome)
    if not (shots or layers) or any(job.key in outcome.failed for job in (plan.mix, plan.finish, *plan.sounds)):
        return delivery, outcome, failures
    delivery = delivery_from(production, delivery.profile.name, placeholders=shots, broken=layers)
    second = crew.run(delivery.plan.jobs)
    first = {job.key for job in outcome.rendered}
    outcome = Outcome(
        rendered=(*outcome.rendered, *second.rendered),
        reused=tuple(job for job in second.reused if job.key not in first),
        failed=second.failed,
    )
    slates = [replace(one, severity="warning", rule="placeholder") for one in failures]
    return delivery, outcome, [*slates, *_failures(delivery, second)]


def _built(production: Production, delivery: Delivery, store: Store, crew: Crew, listener: Listener) -> dict[str, Any]:
    """Build one delivery and report on it."""
    started, own, before = monotonic(), process_time(), Counter(crew.cpu_seconds)
    path = film_path(production, delivery)
    delivery, outcome, slates = _rendered(production, delivery, crew, listener)
    facts = facts_of(delivery, store)  # before the ledger discards what it suspects
    verdict = Verdict(findings=())
    if not any(map(is_error, slates)):
        verdict = verified_film(production, delivery, store, crew, listener)
    findings = (*delivery.findings, *slates, *verdict.findings)
    if any(map(is_error, findings)):
        findings = (*findings, *set_aside(path))
    report = delivery_report(
        delivery=delivery,
        library=production.library,
        film=path,
        rendered=outcome.rendered,
        reused=outcome.reused,
        findings=findings,
        readback=verdict.readback,
        facts=facts,
        wall_seconds=monotonic() - started,
        cpu_seconds={**(crew.cpu_seconds - before), "build": process_time() - own},
    )
    _tell(findings, listener)
    if report["verified"]:
        listener(Event(kind="film", text=str(path)))
    return report


def _tell(findings: Iterable[Finding], listener: Listener) -> None:
    """Warnings and notes, as they are found; errors come together, with the exception that ends the build."""
    for one in findings:
        if not is_error(one):
            listener(Event(kind="finding", text=str(one), finding=one))


def built(wish: Wish, listener: Listener) -> dict[str, Any]:
    """Build every delivery that is asked for; the report, which is also written to OUT.

    Raises Refused when something is wrong before rendering (nothing is written), BuildFailed when a film failed:
    the report says what, the store is kept, and there is no film of that delivery.
    """
    written = read_production(wish)
    store = _opened_store(wish, written[0])
    with Crew(store, workers=wish.workers_meant, listener=listener) as crew:
        production = opened_production(wish, written, store, crew, listener)
        deliveries = deliveries_from(production)
        _writable(production.out)
        _tell(production.findings, listener)
        parts = [_built(production, delivery, store, crew, listener) for delivery in deliveries]
    report = build_report(production.manifest, production.findings, parts)
    listener(Event(kind="report", text=str(write_report(report, production.out))))
    failed = [finding for part in parts for finding in findings_of(part) if is_error(finding)]
    if failed:
        raise BuildFailed(failed)
    return report
