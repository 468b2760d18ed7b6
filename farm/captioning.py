"""Draws the subtitles of deliveries before anything is encoded: what is too long for a disc is found by drawing it."""

from collections.abc import Iterable
from dataclasses import replace

from crowdcut.delivery import Delivery
from crowdcut.episode import Captions
from crowdcut.findings import Finding, Refused
from crowdcut.plan import Job
from crowdcut.production import Production
from farm.events import Event
from farm.rounds import unchanged
from farm.site import Site


def _placed(finding: Finding, track: Captions) -> Finding:
    """A job's finding where the manifest names the captions; their time stays."""
    return replace(finding, where=replace(track.origin["file"], time=finding.where.time))


def draw_captions(production: Production, deliveries: Iterable[Delivery], site: Site) -> None:
    """Have the store hold all subtitles of ``deliveries``. Raises Refused with all that cannot be shown."""
    jobs: dict[str, tuple[Job, Captions]] = {}
    for delivery in deliveries:
        # A delivery that is no disc's has none of them.
        for job, track in zip(delivery.plan.captions, production.manifest.captions, strict=False):
            jobs.setdefault(job.key, (job, track))
    if not jobs:
        return
    site.listener(Event(kind="stage", text="drawing subtitles", jobs=len(jobs)))
    outcome = unchanged(site.hands.run([job for job, _ in jobs.values()]))
    failed = [_placed(one, jobs[key][1]) for key, found in outcome.failed.items() for one in found]
    if failed:
        raise Refused(tuple(dict.fromkeys(failed)))
