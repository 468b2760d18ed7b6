"""Examines files that belong to no production."""

import tempfile
from collections.abc import Iterable
from pathlib import Path

from crowdcut.media import Media
from farm.crew import Crew
from farm.digests import DigestCache
from farm.fingerprints import Fingerprints
from farm.production import examine_job, examined, sources_for
from farm.store import Store


def probed(paths: Iterable[Path]) -> dict[Path, Media]:
    """What each file is; one that cannot be examined has its ``refusal``. Raises Refused where one cannot be read."""
    files = {str(path): path.absolute() for path in paths}
    with tempfile.TemporaryDirectory(prefix="crowdcut-") as folder:
        store = Store(Path(folder))
        digests = DigestCache(store.folder / "digests.sqlite")
        sources = sources_for(files, digests, Fingerprints())
        digests.close()
        jobs = {name: examine_job(file, sources) for name, file in files.items()}
        with Crew(store, workers=min(2, len(files)), listener=lambda _: None) as crew:
            return {Path(name): media for name, media in examined(jobs, store, crew).items()}
