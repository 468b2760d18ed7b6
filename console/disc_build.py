"""``crowdcut disc build``, or just ``crowdcut disc``."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from console.options import AllowUncredited, AsJson, Out, Placeholder, Store, Strict, Workers
from crowdcut.contract.tables import printable

if TYPE_CHECKING:
    from farm.disc import PlannedDisc

DiscFile = Annotated[
    Path, typer.Argument(help="The disc's own file: disc.toml, see docs/disc.md.", metavar="DISC", show_default=False)
]


def _tell(planned: "PlannedDisc") -> None:
    """What will be on the disc: a line a title, and what room there is."""
    from crowdcut.disc.limits import video_bits_left
    from crowdcut.disc.standards import VIDEO_BITS_MAX
    from crowdcut.timing import clock

    disc, titles = planned.disc, planned.numbers
    for number, title in enumerate(titles, start=1):
        chapters = f"{title.chapters} chapter{'s' if title.chapters > 1 else ''}"
        print(f"title {number}: {printable(title.name)}, {clock(round(title.seconds))}, {chapters}")
    count = f"{len(titles)} title{'s' if len(titles) > 1 else ''}"
    length = clock(round(sum(title.seconds for title in titles)))
    left = min(video_bits_left(titles, disc.capacity_bytes), VIDEO_BITS_MAX)
    room = f"{disc.capacity_bytes / 1e9:.2f} GB leave the pictures {float(left) / 1e6:.2f} Mb/s"
    print(f"{disc.label}: {planned.standard.upper()}, {count}, {length}; {room}")


def command(
    disc: DiscFile,
    out: Out = None,
    store: Store = None,
    workers: Workers = 0,
    placeholder: Placeholder = False,
    allow_uncredited: AllowUncredited = False,
    strict: Strict = False,
    check: Annotated[
        bool, typer.Option("--check", help="Say everything that can be wrong with it, and build nothing.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Build a full-length disc of many episodes: a DVD image with menus.

    Each episode is delivered in the disc's profile. What a DVD cannot hold is refused before anything is encoded, with
    the numbers. Exit code 0: built and verified; 2: refused before rendering, nothing was written; 1: failed while
    rendering, the store is kept; 130: stopped.
    """
    from console.terminal import listening
    from farm.disc import built_disc, planned_disc
    from farm.events import Event
    from farm.wish import Wish

    wish = Wish(
        manifest=disc,
        out=out,
        store=store,
        workers=workers,
        placeholder=placeholder,
        allow_uncredited=allow_uncredited,
        strict=strict,
    )
    with listening(as_json=as_json) as listener:
        if not check:
            built_disc(wish, listener)
            return
        planned = planned_disc(wish, listener)
        for one in planned.findings:
            listener(Event(kind="finding", text=str(one), finding=one))
    if not as_json:
        _tell(planned)
