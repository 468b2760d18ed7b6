"""``crowdcut build``."""

from pathlib import Path
from typing import Annotated

import typer

from console.options import AllowUncredited, AsJson, Deliveries, Episode, Placeholder, Store, Workers
from console.terminal import listening
from farm.build import built
from farm.wish import Wish


def command(
    episode: Episode,
    delivery: Deliveries = None,
    out: Annotated[Path | None, typer.Option(help="Where films go.  [default: build/ beside the manifest]")] = None,
    store: Store = None,
    workers: Workers = 0,
    placeholder: Placeholder = False,
    allow_uncredited: AllowUncredited = False,
    as_json: AsJson = False,
) -> None:
    """Build and verify the films of an episode.

    Renders what the store does not have, joins the pieces, levels the sound, reads the finished film back and holds it
    against the plan. Films and report.json go to OUT. Exit code 0: built and verified; 2: refused before rendering,
    nothing was written; 1: failed while rendering, the store is kept; 130: stopped.
    """
    wish = Wish(
        manifest=episode,
        deliveries=tuple(delivery or ()),
        out=out,
        store=store,
        workers=workers,
        placeholder=placeholder,
        allow_uncredited=allow_uncredited,
    )
    with listening(as_json=as_json) as listener:
        built(wish, listener)
