"""Which places of the cut a failed job spoils, and which contributions broke in it."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from fractions import Fraction
from pathlib import Path

from crowdcut.delivery import Delivery
from crowdcut.findings import Finding
from crowdcut.orders import PictureOrder, Transition
from crowdcut.plan import Job
from crowdcut.production import Production

Failed = Mapping[str, tuple[Finding, ...]]
"""Findings by the key of the job that failed."""


def _placed_findings(delivery: Delivery, job: Job, findings: Iterable[Finding]) -> list[Finding]:
    """A failed job's findings, once for each shot that shows it: the same piece may stand in several."""
    findings, plan = list(findings), delivery.plan
    places: dict[str, tuple[Job, Fraction]] = {}
    for one, shot, start in zip(plan.pictures, plan.shots, plan.starts, strict=True):
        if _waits_for(one, job):
            places.setdefault(shot, (one, start / delivery.raster.rate))
    if not places:
        return findings

    def placed(finding: Finding, piece: Job, shot: str, time: Fraction) -> Finding:
        shot_at_fault = _shot_at_fault(delivery, piece, finding, shot)
        return replace(finding, where=replace(finding.where, shot=shot_at_fault, time=time))

    told = (placed(finding, piece, shot, time) for shot, (piece, time) in places.items() for finding in findings)
    return list({(one.rule, one.found, one.where.shot): one for one in told}.values())


def _waits_for(piece: Job, job: Job) -> bool:
    """Whether ``job`` is the piece, or measures what it shows."""
    return job.key in (piece.key, *piece.jobs.values())


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


def failures(delivery: Delivery, failed: Failed) -> list[Finding]:
    """The findings of failed jobs, with the shots that they spoil."""
    jobs = {job.key: job for job in delivery.plan.jobs}
    return [one for key, found in failed.items() for one in _placed_findings(delivery, jobs[key], found)]


def _hung_files(job: Job) -> set[Path]:
    """Files that hang above a shot's own picture in a piece."""
    order = job.order
    if not isinstance(order, PictureOrder):
        return set()
    leaving = order.transition.leaving if order.transition else ()
    names = {getattr(layer.source, "file", None) for layer in (*order.stack[1:], *leaving[1:], *order.over)}
    return {path for name, path in job.files.items() if name in names}


def broken_by(production: Production, delivery: Delivery, failed: Failed) -> tuple[frozenset[str], frozenset[str]]:
    """Names of the shots whose own clips broke, and ids of the contributions that broke as layers.

    Where nobody can say which of a piece's files it was, it may have been any.
    """
    jobs = {job.key: job for job in delivery.plan.jobs}
    uses = {placed.shot.name: placed.shot.use for placed in delivery.timeline.shots}
    shots: set[str] = set()
    layers: set[str] = set()
    for job, one in ((jobs[key], one) for key, found in failed.items() for one in found):
        if one.owner != "contributor":
            continue
        paths = {path for path in job.files.values() if path.name == one.where.file} or set(job.files.values())
        ids = {use: path for use, path in production.sources.files.items() if path in paths and use in production.media}
        pieces = [one for one in delivery.plan.pictures if _waits_for(one, job)]
        hung = {path for piece in pieces for path in _hung_files(piece)}
        layers |= {use for use, path in ids.items() if path in hung}
        places = [placed.where.shot for placed in _placed_findings(delivery, job, [one])]
        shots |= {shot for shot in places if shot is not None and uses[shot] in ids}
    return frozenset(shots), frozenset(layers)
