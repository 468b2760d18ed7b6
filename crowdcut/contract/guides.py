"""What a take was sung to, as a producer writes it on a sound, a shot or a cell: ``sync`` and ``guide``."""

from crowdcut.contract.cutting import Cutting
from crowdcut.contract.reading import Entries, Spot
from crowdcut.contract.tables import Node

_OWN_PACE = ("speed", "reverse", "freeze", "loop")
"""Keys that would take a take out of time."""


def guide_of(cutting: Cutting, node: Node, entries: Entries, spot: Spot) -> str | None:
    """The contribution that it is a take of; None where it is none, or a finding says why not.

    node : its own table. entries : the values that have flowed down to it.
    """
    named, sync = entries.get("guide"), entries.get("sync")
    complain = cutting.reading.complain
    if sync is None or sync.value is None:
        # A guide for all takes of a scene says nothing of the shots between them.
        if named is not None and sync is None and named.table is node:
            where = spot.of(named.node, "guide")
            complain("unfitting-key", where, "guide says nothing without sync", 'Add sync = "song".')
        return None
    if named is None:
        where = spot.of(sync.node, "sync")
        complain("no-guide", where, "nothing says what it was sung to", 'Add guide = "...".')
        return None
    for key in _OWN_PACE:
        if key in entries:
            where = spot.of(entries[key].node, key)
            complain("unfitting-key", where, f"a take that is in time with others has no {key}", f"Leave {key} away.")
    guide = cutting.contribution_of(named, spot)
    if guide is not None:
        cutting.used.setdefault(guide, spot.of(named.node, "guide"))
    return guide
