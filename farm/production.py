"""Opens a production: the manifest, its library and look, and every contribution in the cut examined."""

import os
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from crowdcut.findings import Finding, Refused, Where, is_error
from crowdcut.library import Library
from crowdcut.look import Look, look_from
from crowdcut.manifest import Layer, Manifest, Sound, manifest_from
from crowdcut.media import Media
from crowdcut.orders import ExamineOrder
from crowdcut.plan import Job, Sources, job_for
from crowdcut.profiles import packaged, unknown_profile
from crowdcut.records import record_from
from farm.crew import CHANGED, Crew
from farm.digests import DigestCache, Fingerprints
from farm.events import Event, Listener
from farm.store import Store


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """What a producer asks for on the command line."""

    manifest: Path
    deliveries: tuple[str, ...] = ()
    """Profiles; empty: those that the manifest names."""
    out: Path | None = None
    """Where films go; None: ``build/`` beside the manifest."""
    store: Path | None = None
    workers: int = 0
    """Children at work at once; 0: one a core."""
    placeholder: bool = False
    """Whether slates stand in for what is wanted, refused or broken."""
    allow_uncredited: bool = False

    @property
    def workers_meant(self) -> int:
        """At least one."""
        if self.workers:
            return self.workers
        if hasattr(os, "sched_getaffinity"):
            return len(os.sched_getaffinity(0))
        return os.cpu_count() or 1  # macOS knows no affinity


@dataclass(frozen=True, slots=True, kw_only=True)
class Production:
    """Everything known before anything is laid out."""

    wish: Wish
    manifest: Manifest
    library: Library
    look: Look
    media: dict[str, Media]
    """Examined contributions by id; refused ones too, with their ``refusal``."""
    sources: Sources
    findings: tuple[Finding, ...]
    """What was found on the way; no errors, but for uncredited and refused files that the wish allows."""

    @property
    def out(self) -> Path:
        """Where films go."""
        return self.wish.out or self.manifest.file.parent / "build"


def store_folder(wish: Wish, manifest: Manifest) -> Path:
    """``--store``, else ``CROWDCUT_STORE``, else the manifest's ``store``, else ``.crowdcut`` beside the library."""
    named = wish.store or (Path(told) if (told := os.environ.get("CROWDCUT_STORE")) else None) or manifest.store
    beside = manifest.library_folders[0].parent if manifest.library_folders else manifest.file.parent
    return (named or beside / ".crowdcut").absolute()


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
    manifest, library, findings = manifest_from(wish.manifest)
    look = None
    if manifest is not None:
        look, look_findings = look_from(manifest.template, manifest.file.parent)
        if look is not None and look.each:
            manifest, library, findings = manifest_from(wish.manifest, template_each=look.each)
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
    for scene in manifest.scenes:
        for shot in scene.shots:
            if shot.use is not None:
                where = shot.origin.get("use") or shot.origin.get("", Where())
                found.setdefault(shot.use, replace(where, shot=shot.name, key="use"))
    for hung in _hung_on(manifest):
        found.setdefault(hung.use, replace(hung.origin.get("use", Where()), key="use"))
    return found


def examine_job(file: Path, sources: Sources) -> Job:
    """The job that finds out what ``file`` is."""
    return job_for(
        "examine",
        ExamineOrder(suffix=file.suffix.lower()),
        sources,
        files={"file": file},
        label=f"examining {file.name}",
    )


def sources_for(files: dict[str, Path], digests: DigestCache, fingerprints: Fingerprints) -> Sources:
    """What keys of jobs over ``files`` are made of. Raises Refused naming the files that cannot be read."""
    known: dict[Path, str] = {}
    findings = []
    for file in dict.fromkeys(files.values()):
        try:
            known[file] = digests.digest(file)
        except OSError as error:
            found = f"it cannot be read: {error.strerror}"
            findings.append(
                Finding(rule="unreadable", where=Where(file=str(file)), found=found, way_out="Look at its rights.")
            )
    if findings:
        raise Refused(findings)
    return Sources(files=files, digests=known, fingerprints=fingerprints)


def examined(jobs: dict[str, Job], store: Store, crew: Crew) -> dict[str, Media]:
    """The examination of each job's file; a child that died or hung is a refusal in words.

    Raises Refused naming the files that changed under it.
    """
    outcome = crew.run(list(jobs.values()))
    changed = [one for found in outcome.failed.values() for one in found if one.rule == CHANGED]
    if changed:
        raise Refused(changed)
    media: dict[str, Media] = {}
    for name, job in jobs.items():
        if job.key in outcome.failed:
            media[name] = Media(refusal=outcome.failed[job.key][0].found)
            continue
        stored = store.find(job.key)
        assert stored is not None
        media[name] = record_from(stored.facts, Media)
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
                way_out="Ask for another file, leave it out, or use --placeholder.",
            )
        for remark in media[use].remarks:
            yield Finding(
                rule="remark",
                severity="note",
                owner="contributor",
                where=where,
                found=f"{contribution.name}: {remark.rstrip('.')}",
            )


def opened_production(wish: Wish, written: Written, store: Store, crew: Crew, listener: Listener) -> Production:
    """Examine every contribution in the cut of what :func:`read_production` read. Raises Refused with all findings."""
    manifest, library, look, findings = written
    # What the cut was made from is credited by its kind of media too.
    known = dict.fromkeys(one for use in uses_of(manifest) for one in library.ancestry(use))
    files = {one: file for one in known if (file := library.contributions[one].file) is not None}
    files |= {f"font:{font.name}": font for font in look.fonts}
    digests = DigestCache(store.folder / "digests.sqlite")
    try:
        sources = sources_for(files, digests, Fingerprints())
    finally:
        digests.close()
    crew.watched |= digests.marks
    jobs = {one: examine_job(files[one], sources) for one in known if one in files}
    listener(Event(kind="stage", text="examining", jobs=len(jobs)))
    media = examined(jobs, store, crew)
    findings += tuple(_refusals(manifest, library, media, standing_in=wish.placeholder))
    if any(map(is_error, findings)):
        raise Refused(findings)
    return Production(
        wish=wish, manifest=manifest, library=library, look=look, media=media, sources=sources, findings=findings
    )
