"""Lays the takes of songs over their guides, before anything is planned."""

from dataclasses import replace

from crowdcut.contributions import Library
from crowdcut.episode import Manifest
from crowdcut.findings import Finding
from crowdcut.media import Media
from crowdcut.plan import Sources
from crowdcut.records import record_from
from crowdcut.song.synced import Pair, absent, align_jobs, strangers, synced
from crowdcut.song.takes import Alignment
from farm.events import Event
from farm.rounds import unchanged
from farm.site import Site


def in_time(
    manifest: Manifest,
    library: Library,
    media: dict[str, Media],
    sources: Sources,
    site: Site,
    *,
    standing_in: bool,
) -> tuple[Manifest, tuple[Finding, ...]]:
    """The manifest with each take in time with its guide, and what is wrong with them.

    standing_in : whether a take of another song is left out with a warning, as what is refused is.

    Raises Refused naming the files that changed under it.
    """
    heard, jobs, findings = align_jobs(manifest, library, media, sources)
    if not jobs:
        return manifest, findings
    site.listener(Event(kind="stage", text="laying takes together", jobs=len(heard) + len(jobs)))
    outcome = unchanged(site.hands.run([*heard, *jobs.values()]))
    takes: dict[Pair, Alignment] = {}
    for pair, job in jobs.items():
        if (stored := site.store.find(job.key)) is not None:
            takes[pair] = record_from(stored.facts, Alignment)
    others = dict(strangers(manifest, library, takes))
    gone = frozenset(others) | frozenset(jobs.keys() - takes.keys())
    said = (*outcome.findings, *others.values())
    if standing_in:
        said = tuple(replace(one, severity="warning") for one in said)
    return synced(manifest, library, media, takes, gone), (*findings, *said, *absent(manifest, library, media, takes))
