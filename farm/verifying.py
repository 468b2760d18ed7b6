"""Verifies disc images that belong to no production: anybody's, each in a limited child."""

import tempfile
from collections.abc import Mapping
from pathlib import Path

from crowdcut.disc.verdict import DiscVerdict, VerifyOrder
from crowdcut.findings import BuildFailed, Finding, Refused, Where
from crowdcut.plan import Job
from crowdcut.records import record_from
from farm.crew import Crew
from farm.events import Listener
from farm.store import Store

_KEY = "0" * 32
"""A store that nobody else looks into needs no digest of gigabytes."""


def _readable(image: Path) -> None:
    """Raises Refused where there is no file to be read."""
    found = way_out = ""
    try:
        with image.open("rb"):
            return
    except FileNotFoundError:
        found, way_out = "there is no such file", "Look at its name."
    except IsADirectoryError:
        found, way_out = "it is a folder", "Name the image: a file, as a burner takes it."
    except OSError as error:
        found, way_out = f"it cannot be read: {error.strerror}", "Look at who may read it."
    raise Refused(Finding(rule="missing-file", where=Where(file=str(image)), found=found, way_out=way_out))


def verified(image: Path, listener: Listener, order: VerifyOrder | None = None) -> DiscVerdict:
    """What is to be said of an image. Raises Refused where it cannot be read, BuildFailed where it cannot be judged."""
    _readable(image)
    files: Mapping[str, Path] = {"file": image.absolute()}
    job = Job(kind="verify", order=order or VerifyOrder(), key=_KEY, files=dict(files), label=f"verifying {image.name}")
    with tempfile.TemporaryDirectory(prefix="crowdcut-") as folder:
        store = Store(Path(folder))
        with Crew(store, workers=1, listener=listener) as crew:
            failed = crew.run([job]).findings
        if failed:
            raise BuildFailed(failed)
        return record_from(store.made(job.key).facts, DiscVerdict)
