"""Counts the beats of the songs that need it, before anything is laid out."""

from dataclasses import replace

from crowdcut.contributions import Library
from crowdcut.episode import Manifest
from crowdcut.findings import Finding
from crowdcut.media import Media
from crowdcut.plan import Sources
from crowdcut.records import record_from
from crowdcut.song.beats import Beats
from crowdcut.song.counting import beats_jobs, needs_beats, remarks, uncounted
from farm.events import Event
from farm.rounds import unchanged
from farm.site import Site


def counted(
    manifest: Manifest,
    library: Library,
    media: dict[str, Media],
    sources: Sources,
    site: Site,
    *,
    standing_in: bool,
) -> tuple[dict[str, Beats], tuple[Finding, ...]]:
    """The beats of each song that needs them and has some, by contribution id; and what is to be said of them.

    standing_in : whether a song without a beat is a warning, as what is refused is.

    Raises Refused naming the files that changed under it.
    """
    needed = needs_beats(manifest, library)
    jobs = beats_jobs(needed, library, media, sources)
    if not jobs:
        return {}, ()
    site.listener(Event(kind="stage", text="counting beats", jobs=len(jobs)))
    outcome = unchanged(site.hands.run(list(jobs.values())))
    found = {
        use: record_from(stored.facts, Beats)
        for use, job in jobs.items()
        if (stored := site.store.find(job.key)) is not None
    }
    without = dict(uncounted(needed, library, found))
    said = [*outcome.findings, *without.values()]
    if standing_in:
        said = [replace(one, severity="warning") for one in said]
    clear = {use: one for use, one in found.items() if use not in without}
    return clear, (*said, *remarks(needed, library, clear))
