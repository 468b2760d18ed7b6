"""Examines files that belong to no production, and all that a production's contributors gave."""

import tempfile
from collections import defaultdict
from collections.abc import Iterable, Mapping
from pathlib import Path

from crowdcut.conform.as_read import library_read
from crowdcut.library import Library
from crowdcut.manifest import Manifest
from crowdcut.media import Media
from farm.crew import Crew
from farm.digests import DigestCache
from farm.fingerprints import Fingerprints
from farm.production import examine_job, examined, read_production, sources_for
from farm.site import opened_store
from farm.store import Store
from farm.wish import Wish


def _examined(
    files: Mapping[str, Path], store: Store, workers: int, fingerprints: Mapping[str, str]
) -> dict[str, Media]:
    """What each file is, by its name."""
    digests = DigestCache(store.folder / "digests.sqlite")
    sources = sources_for(dict(files), digests, fingerprints)
    digests.close()
    jobs = {name: examine_job(file, sources) for name, file in files.items()}
    with Crew(store, workers=max(1, min(workers, len(files))), listener=lambda _: None) as crew:
        return examined(jobs, store, crew)


def probed(paths: Iterable[Path]) -> dict[Path, Media]:
    """What each file is; one that cannot be examined has its ``refusal``. Raises Refused where one cannot be read."""
    files = {str(path): path.absolute() for path in paths}
    with tempfile.TemporaryDirectory(prefix="crowdcut-") as folder:
        # A store that nobody else looks into needs no keys that tell one version of Crowdcut from another.
        found = _examined(files, Store(Path(folder)), 2, defaultdict(str))
    return {Path(name): media for name, media in found.items()}


def probed_library(wish: Wish) -> tuple[Manifest, Library, dict[str, Media]]:
    """A production as it is written, and every contributed file of its library as it is to be read, in the cut or not.

    Only files that somebody is credited for. Raises Refused.
    """
    manifest, library, _, _ = read_production(wish)
    contributed = library.contributions.values()
    files = {one.id: one.file for one in contributed if one.file is not None and one.by and one.file.is_file()}
    store = opened_store(wish.store_folder(manifest))
    fingerprints = Fingerprints(memory=store.folder / "fingerprints.json")
    found = _examined(files, store, wish.workers_meant, fingerprints)
    return manifest, library, library_read(found, library)
