"""One delivery's film: joined from its pieces, read back, held against its plan, and only then given its name."""

import os
import shutil
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from crowdcut.delivery import Delivery
from crowdcut.findings import Finding, JobFailed, Where, hardened, is_error
from crowdcut.ledger import ledger_findings, suspects
from crowdcut.ledger.books import Books
from crowdcut.orders import HearOrder, ReadbackOrder
from crowdcut.plan import job_for
from farm.digests import DigestCache, content_digest
from farm.events import Event
from farm.production import Production
from farm.site import Site
from farm.store import FILE, Store, flushed
from farm.workplace import swept, workplace

TITLES = "titles"
"""The folder of the films that a disc is made of, beside the disc."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """What the ledger says of a film."""

    findings: tuple[Finding, ...]
    readback: dict[str, Any] | None = None
    """What was read back; None where there was nothing to read."""


def film_path(out: Path, production: Production, delivery: Delivery) -> Path:
    """Where a delivery's film goes."""
    profile = delivery.profile
    folder = out / profile.name / (TITLES if profile.disc is not None else "")
    return folder / f"{production.manifest.slug}.{profile.extension}"


def _proof(
    order: ReadbackOrder | HearOrder, film: Path, digest: str, production: Production, site: Site, *, label: str
) -> dict[str, Any]:
    """What a job finds in the film; ``digest`` tells all of it that the job depends on. Raises JobFailed."""
    sources = replace(production.sources, digests={film: digest})
    kind = "readback" if isinstance(order, ReadbackOrder) else "hear"
    job = job_for(kind, order, sources, files={"file": film}, label=label)
    if failed := site.hands.run([job]).findings:
        raise JobFailed(failed)
    return site.store.made(job.key).facts


def facts_of(delivery: Delivery, store: Store) -> dict[str, dict[str, Any]]:
    """What the store knows of the plan's jobs, by key."""
    keys = {job.key for job in delivery.plan.jobs}
    return {key: stored.facts for key in keys if (stored := store.find(key)) is not None}


def _read_back(film: Path, digest: str, production: Production, delivery: Delivery, site: Site) -> dict[str, Any]:
    """What the film really holds. Its sound is decoded unless that of an earlier film was the same to the packet.

    Raises JobFailed.
    """
    name = delivery.profile.name
    found = _proof(ReadbackOrder(), film, digest, production, site, label=f"reading {name} back")
    sound = found["sound_digest"]
    heard = _proof(HearOrder(), film, sound, production, site, label=f"listening to {name}")
    return {**found, "sound": {**found["sound"], **heard}}


def _verified(film: Path, digest: str, production: Production, delivery: Delivery, site: Site) -> Verdict:
    """Hold the film (wherever it lies) against its plan."""
    try:
        found = _read_back(film, digest, production, delivery, site)
    except JobFailed as failure:
        return Verdict(findings=failure.findings)
    store = site.store
    facts = facts_of(delivery, store)
    books = Books(
        plan=delivery.plan,
        profile=delivery.profile,
        rate=delivery.raster.rate,
        pieces=tuple(facts[one.key] for one in delivery.plan.pictures),
        sounds=tuple(facts[one.key] for one in delivery.plan.sounds),
        sound=facts[delivery.plan.finish.key],
        found=found,
    )
    findings = ledger_findings(books)
    verdict = Verdict(findings=hardened(findings) if production.strict else findings, readback=found)
    for key in suspects(delivery.plan, verdict.findings):
        store.discard(key)  # or it would fail every build after this one
    return verdict


def _remembered_digest(file: Path, site: Site) -> str:
    with DigestCache(site.store.folder) as digests:
        found = digests.digest(file)
    site.hands.watched.update(digests.marks)
    return found


def verified_film(production: Production, delivery: Delivery, site: Site) -> Verdict:
    """Join the film unless it stands there already, verify it, and only then give it its name."""
    site.listener(Event(kind="stage", text=f"joining and verifying {delivery.profile.name}", jobs=3))
    path, key = film_path(site.out, production, delivery), delivery.plan.master.key
    path.parent.mkdir(parents=True, exist_ok=True)
    swept(path.parent)
    made = site.store.find(key)
    if made is not None and path.is_file() and _remembered_digest(path, site) == made.facts["digest"]:
        verdict = _verified(path, made.facts["digest"], production, delivery, site)
    else:
        with workplace(path.parent) as place:
            film = place / path.name
            # A master of these very pieces may have been published before and been lost or changed since. The store's
            # disk may be another than the film's, so the film is moved, not renamed, to where it is renamed from.
            again = replace(delivery.plan.master, key=f"{key}-{os.getpid()}")
            failed = site.hands.run([again], publish=lambda _, made_in: shutil.move(made_in / FILE, film)).findings
            if failed:
                return Verdict(findings=failed)
            digest = content_digest(film)
            verdict = _verified(film, digest, production, delivery, site)
            if not any(map(is_error, verdict.findings)):
                flushed(film)
                os.replace(film, path)
                if made is None:
                    site.store.publish_facts(key, {"digest": digest})
    return verdict


def stem_paths(out: Path, production: Production, delivery: Delivery) -> dict[str, Path]:
    """Where the stems of a delivery go, by name."""
    film = film_path(out, production, delivery)
    return {name: film.with_name(f"{film.stem}.{name}.wav") for name in delivery.plan.stems}


def written_stems(production: Production, delivery: Delivery, site: Site) -> tuple[Path, ...]:
    """Put the stems of a film beside it, each whole or not at all."""
    paths = stem_paths(site.out, production, delivery)
    for name, path in paths.items():
        with workplace(path.parent) as place:
            shutil.copyfile(site.store.made(delivery.plan.stems[name].key).file, place / path.name)
            flushed(place / path.name)
            os.replace(place / path.name, path)
    return tuple(paths.values())


def set_aside(film: Path) -> list[Finding]:
    """Take the final name from the film of an earlier cut: where a build failed, nothing may pass for its film."""
    if not film.is_file():
        return []
    earlier = film.with_stem(f"{film.stem}.earlier")
    os.replace(film, earlier)
    found = f"the film of an earlier cut is kept as {earlier.name}"
    return [Finding(rule="earlier-film", severity="note", where=Where(file=str(film)), found=found)]
