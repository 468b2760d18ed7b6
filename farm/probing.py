"""Examines files that belong to no production, and all that a production's contributors gave."""

import tempfile
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from crowdcut.conform.as_read import library_read
from crowdcut.conform.heard import Heard, heard_from
from crowdcut.library import Library
from crowdcut.manifest import Manifest
from crowdcut.media import Media
from crowdcut.plan import Job, Sources, job_for
from crowdcut.sound.orders import ListenOrder
from farm.crew import Crew
from farm.production import examine_job, examined, read_production
from farm.rounds import unchanged
from farm.site import opened_store
from farm.sources import sources_for
from farm.store import Store
from farm.wish import Wish


@dataclass(frozen=True, slots=True, kw_only=True)
class Probed:
    """What is known of a file."""

    media: Media
    heard: Heard | None
    """What was heard of its sound; None where there is none, or none of it can be decoded."""


def _listening(name: str, media: Media, sources: Sources) -> Job:
    assert media.sound is not None
    order, files = ListenOrder(stream=media.sound.stream), {"file": sources.files[name]}
    return job_for("listen", order, sources, files=files, label=f"listening to {sources.files[name].name}")


def _probed(
    files: Mapping[str, Path], store: Store, workers: int, fingerprints: Mapping[str, str] | None = None
) -> dict[str, Probed]:
    """What each file is, and how it sounds, by its name."""
    sources = sources_for(files, store, fingerprints=fingerprints)
    jobs = {name: examine_job(file, sources) for name, file in files.items()}
    with Crew(store, workers=max(1, min(workers, len(files))), listener=lambda _: None) as crew:
        media = examined(jobs, store, crew)
        heard = {name: _listening(name, one, sources) for name, one in media.items() if one.sound is not None}
        unchanged(crew.run(list(heard.values())))
    stored = {name: store.find(job.key) for name, job in heard.items()}
    ears = {name: heard_from(one.facts, media[name].origin) for name, one in stored.items() if one is not None}
    return {name: Probed(media=one, heard=ears.get(name)) for name, one in media.items()}


def probed(paths: Iterable[Path]) -> dict[Path, Probed]:
    """What each file is; one that cannot be examined has its ``refusal``. Raises Refused where one cannot be read."""
    files = {str(path): path.absolute() for path in paths}
    with tempfile.TemporaryDirectory(prefix="crowdcut-") as folder:
        # A store that nobody else looks into needs no keys that tell one version of Crowdcut from another.
        found = _probed(files, Store(Path(folder)), 2, defaultdict(str))
    return {Path(name): one for name, one in found.items()}


def probed_library(wish: Wish) -> tuple[Manifest, Library, dict[str, Probed]]:
    """A production as it is written, and every contributed file of its library as it is to be read, in the cut or not.

    Only files that somebody is credited for. Raises Refused.
    """
    manifest, library, _, _ = read_production(wish)
    contributed = library.contributions.values()
    files = {one.id: one.file for one in contributed if one.file is not None and one.by and one.file.is_file()}
    store = opened_store(wish.store_folder(manifest))
    found = _probed(files, store, wish.workers_meant)
    read = library_read({name: one.media for name, one in found.items()}, library)
    heard = {name: one.heard for name, one in found.items()}
    for name, media in read.items():
        # The library may know better where its picture begins.
        if (ears := heard[name]) is not None:
            heard[name] = replace(ears, origin=media.origin)
    return manifest, library, {name: Probed(media=media, heard=heard[name]) for name, media in read.items()}
