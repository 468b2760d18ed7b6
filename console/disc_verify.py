"""``crowdcut disc verify``."""

import json
from pathlib import Path
from typing import Annotated

import typer

from console.options import AsJson


def command(
    image: Annotated[Path, typer.Argument(help="A DVD-Video image, of any program.", show_default=False)],
    as_json: AsJson = False,
) -> None:
    """Hold a DVD-Video image against the rules, and say what breaks which.

    Reads the whole image as a player would and trusts nothing in it: docs/disc.md lists the rules and where each number
    comes from. Exit code 0: it is clean; 1: something was found; 2: it is no DVD-Video image.
    """
    from crowdcut.records import plain
    from farm.events import Event
    from farm.verifying import verified

    def listener(_: Event) -> None:
        """Nothing is said while it reads: the list is the answer."""

    verdict = verified(image, listener)
    if as_json:
        print(json.dumps(plain(verdict)))
    else:
        from console.disc_list import show

        show(image.name, verdict)
    if not verdict.is_disc:
        raise typer.Exit(2)
    if any(finding.severity != "note" for finding in verdict.findings):
        raise typer.Exit(1)
