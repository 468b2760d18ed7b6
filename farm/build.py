"""The build: examine, plan, render what is missing, join, read back, hold against the plan, report."""

from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path
from time import monotonic, process_time
from typing import Any

from crowdcut.blame import broken_by, failures
from crowdcut.changes.master_changes import Changes
from crowdcut.delivery import Delivery, deliveries_from, delivery_from
from crowdcut.findings import BuildFailed, Finding, Refused, hardened, is_error
from crowdcut.production import Production
from farm.batches import Schedule, hands_for
from farm.captioning import draw_captions
from farm.crew import Crew
from farm.episode_disc import disc_findings, sized, with_disc
from farm.events import Event, Listener
from farm.film import Verdict, facts_of, film_path, set_aside, verified_film, written_stems
from farm.masters import changes_told, last_master, recorded_master
from farm.production import opened_production, read_production
from farm.report import build_report, delivery_report, findings_of, write_report
from farm.rounds import Outcome
from farm.site import Site, made_writable, opened_store
from farm.store import Store
from farm.wish import Wish


def _deliveries(production: Production, wish: Wish) -> tuple[Delivery, ...]:
    """The deliveries that are asked for, planned. Raises Refused, also for what a disc cannot hold."""
    deliveries = deliveries_from(production, wish.deliveries)
    told = [(delivery, disc_findings(production, delivery)) for delivery in deliveries]
    if errors := [one for _, found in told for one in found if is_error(one)]:
        raise Refused(errors)
    return tuple(replace(delivery, findings=(*delivery.findings, *found)) for delivery, found in told)


def planned(wish: Wish, listener: Listener) -> tuple[Production, tuple[Delivery, ...], Store]:
    """Everything up to the plans; examines what was never examined, renders nothing but subtitles. Raises Refused."""
    written = read_production(wish)
    store = opened_store(wish.store_folder(written[0]))
    with Crew(store, workers=wish.workers_meant, listener=listener) as crew:
        site = Site(out=wish.out_folder(written[0]), store=store, hands=crew, listener=listener)
        production = opened_production(wish, written, site)
        deliveries = _deliveries(production, wish)
        draw_captions(production, deliveries, site)
    return production, deliveries, store


def _rendered(production: Production, delivery: Delivery, site: Site) -> tuple[Delivery, Outcome, list[Finding]]:
    """Run the plan's jobs. With placeholders a broken clip becomes a slate, a broken layer is left out, and what is
    missing then is rendered.
    """
    site.listener(Event(kind="stage", text=f"rendering {delivery.profile.name}", jobs=len(delivery.plan.jobs)))
    plan = delivery.plan
    outcome = site.hands.run(delivery.plan.jobs)
    failed = failures(delivery, outcome.failed)
    if not failed or not production.placeholder:
        return delivery, outcome, failed
    shots, layers = broken_by(production, delivery, outcome.failed)
    if not (shots or layers) or any(job.key in outcome.failed for job in (plan.mix, plan.finish, *plan.sounds)):
        return delivery, outcome, failed
    delivery = delivery_from(production, delivery.profile.name, placeholders=shots, broken=layers)
    second = site.hands.run(delivery.plan.jobs)
    first = {job.key for job in outcome.rendered}
    outcome = Outcome(
        rendered=(*outcome.rendered, *second.rendered),
        reused=tuple(job for job in second.reused if job.key not in first),
        failed=second.failed,
    )
    slates = [replace(one, severity="warning", rule="placeholder") for one in failed]
    return delivery, outcome, [*slates, *failures(delivery, second.failed)]


def built_delivery(production: Production, delivery: Delivery, site: Site) -> dict[str, Any]:
    """Build one delivery and report on it."""
    started, own, before = monotonic(), process_time(), site.hands.cpu_seconds
    path = film_path(site.out, production, delivery)
    last, unread = last_master(path)
    delivery, outcome, slates = _rendered(production, delivery, site)
    facts = facts_of(delivery, site.store)  # before the ledger discards what it suspects
    verdict = Verdict(findings=())
    if not any(map(is_error, slates)):
        verdict = verified_film(production, delivery, site)
    findings = (*delivery.findings, *unread, *slates, *verdict.findings)
    changes: Changes | None = None
    if any(map(is_error, findings)):
        findings = (*findings, *set_aside(path))
    elif verdict.readback is not None:
        written_stems(production, delivery, site)
        changes = recorded_master(production, delivery, verdict.readback["sound"], path, last)
    report = delivery_report(
        title=production.manifest.title,
        delivery=delivery,
        library=production.library,
        film=path,
        out=site.out,
        rendered=outcome.rendered,
        reused=outcome.reused,
        findings=findings,
        readback=verdict.readback,
        facts=facts,
        changes=changes_told(changes, delivery, site.store),
        wall_seconds=monotonic() - started,
        cpu_seconds={**(site.hands.cpu_seconds - before), "build": process_time() - own},
    )
    _tell(findings, site.listener)
    if report["verified"]:
        site.listener(Event(kind="film", text=str(path)))
    return report


def _tell(findings: Iterable[Finding], listener: Listener) -> None:
    """Warnings and notes, as they are found; errors come together, with the exception that ends the build."""
    for one in findings:
        if not is_error(one):
            listener(Event(kind="finding", text=str(one), finding=one))


def _refuse_warnings(production: Production, deliveries: Iterable[Delivery]) -> None:
    """Raise Refused where anything was warned of: in a strict build that is an error."""
    found = hardened((*production.findings, *(one for delivery in deliveries for one in delivery.findings)))
    if any(map(is_error, found)):
        raise Refused(tuple(dict.fromkeys(found)))


def _part(production: Production, delivery: Delivery, site: Site) -> dict[str, Any]:
    """Build one delivery, with its disc if it is one: its part of the report."""
    delivery = sized(production, delivery, site)
    return with_disc(built_delivery(production, delivery, site), production, delivery, site)


def built(wish: Wish, listener: Listener, *, schedule: Schedule | None = None) -> Path:
    """Build every delivery that is asked for. The path of ``report.html``; ``report.json`` lies beside it.

    schedule : who says when batches of jobs are worked at; None: a crew does each job as soon as it can.

    Raises Refused when something is wrong before rendering (nothing is written), BuildFailed when a film failed:
    the report says what, the store is kept, and there is no film of that delivery.
    """
    written = read_production(wish)
    store, out = opened_store(wish.store_folder(written[0])), wish.out_folder(written[0])
    with hands_for(schedule, store, workers=wish.workers_meant, listener=listener) as hands:
        site = Site(out=out, store=store, hands=hands, listener=listener)
        production = opened_production(wish, written, site)
        deliveries = _deliveries(production, wish)
        if production.strict:
            _refuse_warnings(production, deliveries)
        draw_captions(production, deliveries, site)
        made_writable(out)
        _tell(production.findings, listener)
        parts = [_part(production, delivery, site) for delivery in deliveries]
    page = write_report(build_report(production.manifest, production.findings, parts), out)
    listener(Event(kind="report", text=str(page)))
    failed = [finding for part in parts for finding in findings_of(part) if is_error(finding)]
    if failed:
        raise BuildFailed(failed)
    return page
