"""Looks through the clips whose pictures decide how they are shown, before anything is planned."""

from dataclasses import replace

from crowdcut.conform.survey import Survey
from crowdcut.conform.surveys import survey_jobs
from crowdcut.contributions import Library
from crowdcut.episode import Manifest, ShotPart
from crowdcut.findings import Finding
from crowdcut.media import Media
from crowdcut.plan import Sources
from crowdcut.records import record_from
from farm.events import Event
from farm.rounds import unchanged
from farm.site import Site


def surveyed(
    manifest: Manifest,
    library: Library,
    media: dict[str, Media],
    sources: Sources,
    site: Site,
    *,
    standing_in: bool,
) -> tuple[dict[ShotPart, Survey], tuple[Finding, ...]]:
    """The survey of each shot and cell that needs one, and what failed.

    standing_in : whether slates stand in for what breaks, so that a failure is a warning.

    Raises Refused naming the files that changed under it.
    """
    jobs = survey_jobs(manifest, library, media, sources)
    if not jobs:
        return {}, ()
    site.listener(Event(kind="stage", text="looking through clips", jobs=len(jobs)))
    outcome = unchanged(site.hands.run(list(jobs.values())))
    surveys: dict[ShotPart, Survey] = {}
    findings: list[Finding] = []
    for part, job in jobs.items():
        for one in outcome.failed.get(job.key, ()):
            severity = "warning" if standing_in else one.severity
            findings.append(replace(one, severity=severity, where=replace(one.where, shot=part[0])))
        if (stored := site.store.find(job.key)) is not None:
            surveys[part] = record_from(stored.facts, Survey)
    return surveys, tuple(findings)
