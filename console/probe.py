"""``crowdcut probe``."""

import json
import tempfile
from pathlib import Path
from typing import Annotated

import typer

from console.options import AsJson
from crowdcut.contract.tables import printable
from crowdcut.findings import Finding, Refused, Where
from crowdcut.media import Media
from crowdcut.records import plain
from crowdcut.timing import clock
from farm.crew import Crew
from farm.digests import DigestCache, Fingerprints
from farm.production import examine_job, examined, sources_for
from farm.store import Store


def _described(media: Media) -> list[str]:
    if media.refusal is not None:
        return [f"refused: {media.refusal}"]
    lines = [f"{media.kind}, {media.container}" + (f", {clock(media.duration)}" if media.duration else "")]
    if (picture := media.picture) is not None:
        rate = (
            "" if picture.rate is None else f", {float(picture.rate):.3f} fps{'' if picture.constant else ' (varies)'}"
        )
        turned = f", turned {picture.rotation} degrees" if picture.rotation else ""
        lines.append(f"picture: {picture.codec}, {picture.width}x{picture.height} {picture.pixel_format}{rate}{turned}")
    if (sound := media.sound) is not None:
        lines.append(f"sound: {sound.codec}, {sound.rate} Hz, {sound.layout}, {clock(sound.duration)}")
    return [*lines, *(f"note: {remark}" for remark in media.remarks)]


def _no_file(path: Path) -> Finding:
    where = Where(file=str(path))
    if path.is_dir():
        found, way_out = "it is a folder", "Name the files in it."
        return Finding(rule="folder", where=where, found=found, way_out=way_out)
    return Finding(rule="missing-file", where=where, found="there is no such file", way_out="Look at its name.")


def command(
    paths: Annotated[list[Path], typer.Argument(help="Files to examine.", show_default=False)],
    as_json: AsJson = False,
) -> None:
    """Say what files really are: streams, real duration, rates, rotation, colour, and what is odd about them."""
    missing = [path for path in paths if not path.is_file()]
    if missing:
        raise Refused(map(_no_file, missing))
    files = {str(path): path.absolute() for path in paths}
    with tempfile.TemporaryDirectory(prefix="crowdcut-") as folder:
        store = Store(Path(folder))
        digests = DigestCache(store.folder / "digests.sqlite")
        sources = sources_for(files, digests, Fingerprints())
        digests.close()
        jobs = {name: examine_job(file, sources) for name, file in files.items()}
        with Crew(store, workers=2, listener=lambda _: None) as crew:
            media = examined(jobs, store, crew)
    for name, found in media.items():
        if as_json:
            print(json.dumps({"file": name, **plain(found)}))
        else:
            print(printable(name), *(f"  {printable(line)}" for line in _described(found)), sep="\n")
