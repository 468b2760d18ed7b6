"""``crowdcut new``."""

import shutil
from pathlib import Path
from typing import Annotated

import typer

from crowdcut.contract.tables import printable
from crowdcut.findings import Finding, Refused, Where

SKELETON = Path(__file__).resolve().parents[1] / "examples" / "production"


def _refused(folder: Path, rule: str, found: str, way_out: str) -> Refused:
    return Refused(Finding(rule=rule, where=Where(file=printable(str(folder))), found=found, way_out=way_out))


def command(
    folder: Annotated[Path, typer.Argument(help="A new folder, or an empty one.", show_default=False)],
) -> None:
    """Begin a production: an episode to change, and a library with an empty list of contributions.

    What it writes builds as it stands, into a short film of cards; the remarks in it say how to go on. A folder that
    has anything in it is left alone.
    """
    try:
        if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
            raise _refused(folder, "not-empty", "something is there already", "Name a new folder, or an empty one.")
        shutil.copytree(SKELETON, folder, dirs_exist_ok=True)
    except OSError as error:
        found = f"it cannot be written to: {error.strerror or error}"
        raise _refused(folder, "not-writable", found, "Name another folder.") from error
    manifest = printable(str(folder / "episode.toml"))
    print(f"{manifest} is the episode, library/contributions.csv beside it the list of what people give")
    print(f"read the one, fill in the other, and run: crowdcut check {manifest}")
