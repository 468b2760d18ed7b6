"""``crowdcut probe``."""

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from console.options import AsJson
from crowdcut.contract.tables import printable
from crowdcut.findings import Finding, Refused, Where
from crowdcut.timing import clock

if TYPE_CHECKING:
    from crowdcut.media import Media


def _described(media: "Media") -> list[str]:
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
    from crowdcut.records import plain
    from farm.probing import probed

    for path, found in probed(paths).items():
        name = str(path)
        if as_json:
            print(json.dumps({"file": name, **plain(found)}))
        else:
            print(printable(name), *(f"  {printable(line)}" for line in _described(found)), sep="\n")
