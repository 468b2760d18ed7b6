"""A disc is walked as a viewer would: every page, every button by arrow keys, and where each leads."""

from collections import deque
from dataclasses import dataclass

from disc_player import Place, Played, Player, SeenButton, keys_to

MOST_PAGES = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class Landing:
    """Where a button led."""

    place: Place
    code: int | None
    """The frame code of the first picture there."""


@dataclass(frozen=True, slots=True, kw_only=True)
class WalkedPage:
    """A page with its buttons and where they lead."""

    place: Place
    way: tuple[int, ...]
    """The buttons that lead here from the first page."""
    code: int | None
    lit: int
    """The button that is lit when one comes to the page."""
    buttons: tuple[SeenButton, ...]
    leads: tuple[Landing, ...]


def pressed(player: Player, seen: Played, button: int) -> Played:
    """Go to a button by arrow keys, one by one, and press it."""
    at = seen.lit
    for key in keys_to(seen, button):
        wanted = keys_from(seen, at)[key]
        at = player.press(key)
        assert at == wanted, f"{key} at {seen.place} led to button {at}, not {wanted}"
    player.press("enter")
    return player.run("cell")


def keys_from(seen: Played, button: int) -> dict[str, int]:
    """Where the arrow keys lead from a button."""
    return dict(zip(("up", "down", "left", "right"), seen.buttons[button - 1].keys, strict=True))


def come_to(player: Player, way: tuple[int, ...]) -> Played:
    """Put the disc in and press these buttons, one on each page."""
    seen = player.restart()
    for button in way:
        seen = pressed(player, seen, button)
    return seen


def walked(player: Player) -> list[WalkedPage]:
    """Every page that can be reached from the first, in the order in which they are found.

    Raises AssertionError where a button cannot be reached by arrow keys from the one that is lit at first, or does
    not lead where its keys say; :class:`disc_player.PlayerLost` where it leads nowhere.
    """
    pages: list[WalkedPage] = []
    first = player.restart()
    waiting: deque[tuple[Place, tuple[int, ...]]] = deque([(first.place, ())])
    known = {first.place}
    while waiting:
        place, way = waiting.popleft()
        assert len(known) <= MOST_PAGES, f"more than {MOST_PAGES} pages"
        seen = come_to(player, way)
        assert seen.place == place, f"buttons {way} led to {seen.place}, not to {place} as before"
        assert 1 <= seen.lit <= len(seen.buttons), f"button {seen.lit} of {len(seen.buttons)} is lit at {place}"
        code, leads = player.glimpse(), []
        for number in range(1, len(seen.buttons) + 1):
            there = pressed(player, come_to(player, way), number)
            leads.append(Landing(place=there.place, code=player.glimpse()))
            if there.buttons and there.place not in known:
                known.add(there.place)
                waiting.append((there.place, (*way, number)))
        pages.append(
            WalkedPage(place=place, way=way, code=code, lit=seen.lit, buttons=seen.buttons, leads=tuple(leads))
        )
    return pages
