"""Opens a production: the manifest, its library and look, and every contribution in the cut examined."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path

from crowdcut.findings import Finding, Refused, Where, is_error
from crowdcut.kinds import READERS
from crowdcut.library import Library
from crowdcut.look import Look, look_from
from crowdcut.manifest import Layer, Manifest, Shot, Sound, manifest_from
from crowdcut.media import Media
from crowdcut.orders import ExamineOrder
from crowdcut.plan import Job, Sources, job_for
from crowdcut.production import Production
from crowdcut.profiles import packaged, unknown_profile
from crowdcut.records import record_from
from farm.aligning import in_time
from farm.counting import counted
from farm.events import Event
from farm.hands import Hands
from farm.rounds import unchanged
from farm.site import Site
from farm.sources import sources_for
from farm.store import Store
from farm.surveying import surveyed
from farm.wish import Wish


def _unknown_profiles(wish: Wish, manifest: Manifest) -> Iterator[Finding]:
    """What the command line asks for and nobody has described."""
    for name in wish.deliveries:
        if name not in packaged() and name not in manifest.profiles:
            found, way_out = unknown_profile(name, manifest.profiles)
            yield Finding(rule="unknown-profile", found=found, way_out=way_out)


Written = tuple[Manifest, Library, Look, tuple[Finding, ...]]
"""A production as it is written: nothing of it examined."""


def read_production(wish: Wish) -> Written:
    """The manifest, its library and its template, as they are written. Raises Refused with all their findings."""
    looks: list[tuple[Look | None, tuple[Finding, ...]]] = []

    def each_of(template: str, where: Where | None) -> Mapping[str, object]:
        looks.append(look_from(template, wish.manifest.absolute().parent, where))
        look, _ = looks[0]
        return look.each if look is not None else {}

    manifest, library, findings = manifest_from(wish.manifest, each_of=each_of)
    look, look_findings = looks[0] if looks else (None, ())
    findings += look_findings
    if wish.allow_uncredited:
        findings = tuple(replace(one, severity="warning") if one.rule == "uncredited" else one for one in findings)
    if manifest is not None:
        findings += tuple(_unknown_profiles(wish, manifest))
    if manifest is None or look is None or any(map(is_error, findings)):
        raise Refused(findings)
    return manifest, library, look, findings


def _hung_on(manifest: Manifest) -> Iterator[Layer | Sound]:
    for host in (manifest, *manifest.scenes, *(shot for scene in manifest.scenes for shot in scene.shots)):
        yield from host.layers
        yield from host.sounds


def uses_of(manifest: Manifest) -> dict[str, Where]:
    """Every contribution in the cut, with the first place that names it."""
    found: dict[str, Where] = {}
    guides: list[Shot | Sound] = []
    for scene in manifest.scenes:
        for shot in scene.shots:
            for part in shot.parts:
                if part.use is not None:
                    where = part.origin.get("use") or part.origin.get("", Where())
                    found.setdefault(part.use, replace(where, shot=shot.name, key="use"))
                    guides.append(part)
    for hung in _hung_on(manifest):
        found.setdefault(hung.use, replace(hung.origin.get("use", Where()), key="use"))
        guides += [hung] if isinstance(hung, Sound) else []
    for one in guides:
        if one.guide is not None:
            found.setdefault(one.guide, replace(one.origin.get("guide", Where()), key="guide"))
    return found


def examine_job(file: Path, sources: Sources) -> Job:
    """The job that finds out what ``file`` is."""
    return job_for(
        "examine",
        ExamineOrder(suffix=file.suffix.lower()),
        sources,
        parts=[f"renderers.sources.{name}" for name in READERS],
        files={"file": file},
        label=f"examining {file.name}",
    )


def examined(jobs: dict[str, Job], store: Store, hands: Hands) -> dict[str, Media]:
    """The examination of each job's file; a child that died or hung is a refusal in words.

    Raises Refused naming the files that changed under it.
    """
    outcome = unchanged(hands.run(list(jobs.values())))
    media: dict[str, Media] = {}
    for name, job in jobs.items():
        if job.key in outcome.failed:
            media[name] = Media(refusal=outcome.failed[job.key][0].found)
            continue
        media[name] = record_from(store.made(job.key).facts, Media)
    return media


def _refusals(manifest: Manifest, library: Library, media: dict[str, Media], *, standing_in: bool) -> Iterator[Finding]:
    """What is refused of the cut, and what is odd about the rest."""
    for use, where in uses_of(manifest).items():
        refusal = media[use].refusal
        contribution = library.contributions[use]
        if refusal is not None:
            yield Finding(
                rule="refused",
                severity="warning" if standing_in else "error",
                owner="contributor",
                where=where,
                found=f"{contribution.name}: {refusal.rstrip('.')}",
                way_out="A slate stands in for it: ask for another file."
                if standing_in
                else "Ask for another file, leave it out, or use --placeholder.",
            )
        for remark in media[use].remarks:
            yield Finding(
                rule="remark",
                severity="note",
                owner="contributor",
                where=where,
                found=f"{contribution.name}: {remark.rstrip('.')}",
            )


def opened_production(wish: Wish, written: Written, site: Site) -> Production:
    """Examine every contribution in the cut of what :func:`read_production` read. Raises Refused with all findings."""
    manifest, library, look, findings = written
    # What the cut was made from is credited by its kind of media too.
    known = dict.fromkeys(one for use in uses_of(manifest) for one in library.ancestry(use))
    files = {one: file for one in known if (file := library.contributions[one].file) is not None}
    files |= {f"font:{font.name}": font for font in look.fonts}
    sources = sources_for(files, site.store, watched=site.hands.watched)
    jobs = {one: examine_job(files[one], sources) for one in known if one in files}
    site.listener(Event(kind="stage", text="examining", jobs=len(jobs)))
    media = examined(jobs, site.store, site.hands)
    findings += tuple(_refusals(manifest, library, media, standing_in=wish.placeholder))
    if any(map(is_error, findings)):
        raise Refused(findings)
    manifest, misfits = in_time(manifest, library, media, sources, site, standing_in=wish.placeholder)
    findings += misfits
    beats, unclear = counted(manifest, library, media, sources, site, standing_in=wish.placeholder)
    findings += unclear
    surveys, failed = surveyed(manifest, library, media, sources, site, standing_in=wish.placeholder)
    findings += failed
    if any(map(is_error, findings)):
        raise Refused(findings)
    return Production(
        manifest=manifest,
        library=library,
        look=look,
        media=media,
        sources=sources,
        surveys=surveys,
        beats=beats,
        placeholder=wish.placeholder,
        strict=wish.strict,
        findings=findings,
    )
