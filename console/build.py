"""``crowdcut build``."""

import os
from typing import Annotated

import typer

from console.options import AllowUncredited, AsJson, Deliveries, Episode, Out, Placeholder, Store, Strict, Workers


def command(
    episode: Episode,
    delivery: Deliveries = None,
    out: Out = None,
    store: Store = None,
    workers: Workers = 0,
    placeholder: Placeholder = False,
    allow_uncredited: AllowUncredited = False,
    strict: Strict = False,
    prefect: Annotated[
        bool,
        typer.Option("--prefect", help="Go through Prefect, with a server of its own if there is none to be found."),
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Build and verify the films of an episode.

    Renders what the store does not have, joins the pieces, levels the sound, reads the finished film back and holds it
    against the plan. Films and report.json go to OUT. Exit code 0: built and verified; 2: refused before rendering,
    nothing was written; 1: failed while rendering, the store is kept; 130: stopped.

    Where PREFECT_API_URL is set, or a `crowdcut serve` runs for this folder, the build is a run of Prefect's flow
    build_episode, to be watched and cancelled there.
    """
    from console.terminal import listening
    from farm.build import built
    from farm.events import Event
    from farm.wish import Wish
    from flows.settings import QUIET, settings_for

    wish = Wish(
        manifest=episode,
        deliveries=tuple(delivery or ()),
        out=out,
        store=store,
        workers=workers,
        placeholder=placeholder,
        allow_uncredited=allow_uncredited,
        strict=strict,
    )
    settings = settings_for(wish, insist=prefect)
    with listening(as_json=as_json) as listener:
        if settings is None:
            listener(Event(kind="way", text="building directly"))
            built(wish, listener)
            return
        listener(Event(kind="way", text="building through Prefect"))
        os.environ.update({**settings, **QUIET, **os.environ})  # Prefect reads them as it is imported
        from flows.build_episode import build_watched

        build_watched(wish, listener)
