"""Words about music that say nothing where they stand."""

from collections.abc import Iterable

from crowdcut.contract.cutting import Cutting
from crowdcut.contract.reading import Entries, Spot
from crowdcut.episode import Shot
from crowdcut.sound.orders import Bus


def check_rhythm(cutting: Cutting, entries: Entries, shots: Iterable[Shot | None], spot: Spot) -> None:
    """Complain of what is said of a scene's music where nothing in the scene goes by it."""
    pulsing = any(shot is not None and shot.pulse is not None for shot in shots)
    for key, heeded in (("beat_tolerance", False), ("beats_of", pulsing)):
        if key in entries and "cut_to" not in entries and not heeded:
            found, way_out = f"{key} says nothing of a scene that is not cut to music", 'Add cut_to = "beat".'
            cutting.reading.complain("unfitting-key", spot.of(entries[key].node, key), found, way_out)


def check_fit(cutting: Cutting, entries: Entries, bus: Bus, spot: Spot) -> None:
    """Complain of a fit where there can be none, and of what a sound that is fitted cannot have."""
    fit = entries.get("fit")
    if fit is None:
        return
    if bus != "music":
        found = f"fit is for music, and this is one of the sounds called {bus}"
        cutting.reading.complain("unfitting-key", spot.of(fit.node, "fit"), found, "Leave fit away.")
    for key in ("loop", "reverse", "sync"):
        if key in entries and entries[key].value:
            found, where = f"music that is fitted has no {key}", spot.of(entries[key].node, key)
            cutting.reading.complain("unfitting-key", where, found, f"Leave {key} away: fit plays bars again itself.")
