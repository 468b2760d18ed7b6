"""``crowdcut check``."""

from console.options import AllowUncredited, Deliveries, Episode, Placeholder, Store, Workers
from crowdcut.contract.tables import printable


def command(
    episode: Episode,
    delivery: Deliveries = None,
    store: Store = None,
    workers: Workers = 0,
    placeholder: Placeholder = False,
    allow_uncredited: AllowUncredited = False,
) -> None:
    """Say everything that can be wrong with an episode, before any render.

    Reads the manifest and the library, examines the files in the cut, and lays out every delivery. Exit code 2 and a
    list of findings if it cannot be built.
    """
    from console.terminal import complain, listening
    from crowdcut.timing import clock
    from farm.build import planned
    from farm.production import uses_of
    from farm.wish import Wish

    wish = Wish(
        manifest=episode,
        deliveries=tuple(delivery or ()),
        store=store,
        workers=workers,
        placeholder=placeholder,
        allow_uncredited=allow_uncredited,
    )
    with listening(as_json=False) as listener:
        production, deliveries, _ = planned(wish, listener)
    complain({**dict.fromkeys(production.findings), **{one: None for each in deliveries for one in each.findings}})
    unlisted = [one for one in production.library.contributions.values() if not one.by and one.file is not None]
    if unlisted:
        used = uses_of(production.manifest)
        print(f"{len(unlisted)} files of the library have no contributor:")
        for one in unlisted:
            print(f"  {printable(one.name)}{'  (in the cut)' if one.id in used else ''}")
    for each in deliveries:
        timeline = each.timeline
        length = clock(timeline.length_frames / timeline.rate)
        names = sum(len(block.names) for block in each.credits)
        print(f"{each.profile.name}: {len(timeline.shots)} shots, {length}, {names} credits")
