"""What a disc's buttons and titles do, in the command language of dvdauthor, which vtskit compiles.

Titleset n holds title n and its pages. Its last menu has no picture: who asks for the root menu while a title plays is
led to the disc's own page. Register 0 says that all episodes are played. The manager's pages are followed by a chain
without a picture for each episode that another follows, since a title leads to no other titleset but by way of the
manager. Chains without pictures come last everywhere: vtskit numbers a menu's VOB as its chain, and players expect
VOBs to be numbered without gaps.
"""

from collections.abc import Sequence
from itertools import pairwise

from crowdcut.disc.author_orders import AuthoredMenu, AuthoredTitleset, MenuEntry, Navigation
from crowdcut.disc.menu_records import Lead, Page, Play, PlayAll, Show, Subtitles

_TO_ROOT = "jump vmgm menu entry title;"
_FIRST_BUTTON = "button = 1024;"
"""Buttons count in 1024."""
_SHOWN = 64
"""Added to a subpicture stream's number: it is shown (dvdinfo, "System parameter registers", SPRM 2)."""
_ENTRY_WORDS: dict[MenuEntry, str] = {"title": "title", "root": "root", "subpicture": "subtitle", "ptt": "ptt"}
_ENTRIES: dict[str, MenuEntry] = {"chapters": "ptt", "subtitles": "subpicture"}
"""The remote control's key that leads to the first page of a kind."""


class _Places:
    """Where pages lie: their numbers in the manager or in their titleset, from 1."""

    def __init__(self, pages: Sequence[Page]):
        self._pages = {page.id: page for page in pages}
        own = {title: [one.id for one in pages if one.title == title] for title in {page.title for page in pages}}
        self._numbers = {page: number for ids in own.values() for number, page in enumerate(ids, start=1)}
        self._entries: dict[str, MenuEntry] = {}
        for page in pages:
            if page.title is not None and page.kind in _ENTRIES:
                entry = _ENTRIES[page.kind]
                if (page.title, entry) not in {(self._pages[one].title, two) for one, two in self._entries.items()}:
                    self._entries[page.id] = entry
        if pages:
            self._entries[pages[0].id] = "title"

    def entry(self, page: Page) -> MenuEntry | None:
        """The key that leads to a page."""
        return self._entries.get(page.id)

    def way(self, page_id: str, here: int | None) -> str:
        """The command that leads to a page from one of the manager (``here`` is None) or of a titleset."""
        page, number = self._pages[page_id], self._numbers[page_id]
        if page.title == here:
            return f"jump menu {number};"
        if page.title is None:
            return f"jump vmgm menu {number};" if number > 1 else _TO_ROOT
        assert here is None, "a titleset's page leads to no other titleset"
        return f"jump titleset {page.title} menu entry {_ENTRY_WORDS[self._entries[page_id]]};"


def _does(lead: Lead, here: int | None, places: _Places, first_episode: int) -> str:
    match lead:
        case Play():
            if here is None:
                return f"g0 = 0; jump title {lead.title};"
            assert here == lead.title, "a titleset's page plays its own title"
            return f"g0 = 0; jump title 1 chapter {lead.chapter};"
        case PlayAll():
            return f"g0 = 1; jump title {first_episode};"
        case Show():
            return places.way(lead.page, here)
        case Subtitles():
            stream = 0 if lead.stream is None else _SHOWN + lead.stream
            return f"subtitle = {stream}; {places.way(lead.then, here)}"


def _menu(page: Page, number: int, places: _Places, first_episode: int) -> AuthoredMenu:
    entry = places.entry(page)
    return AuthoredMenu(
        page=page,
        stream=f"page{number}",
        before=f"g0 = 0; {_FIRST_BUTTON}" if entry == "title" else _FIRST_BUTTON,
        does=tuple(_does(button.leads, page.title, places, first_episode) for button in page.buttons),
        entry=entry,
    )


def navigation_from(pages: Sequence[Page], episodes: Sequence[int], titles: int) -> Navigation:
    """Where everything on the disc leads.

    pages : of ``pages_from``; the stream of page n is the input ``page{n}``, from 0. episodes : numbers of the titles
    that "play all" plays, from 1. titles : how many there are.
    """
    places = _Places(pages)
    first = episodes[0] if episodes else 1
    made = [_menu(page, number, places, first) for number, page in enumerate(pages)]
    manager = [one for one in made if one.page is not None and one.page.title is None]
    routes: dict[int, int] = {}
    for episode, following in pairwise(episodes):
        manager.append(AuthoredMenu(before=f"jump title {following};"))
        routes[episode] = len(manager)
    sets = []
    for title in range(1, titles + 1):
        own = (one for one in made if one.page is not None and one.page.title == title)
        onward = f"if (g0 ne 0) {{ call vmgm menu {routes[title]}; }} " if title in routes else ""
        sets.append(
            AuthoredTitleset(
                menus=(*own, AuthoredMenu(before=_TO_ROOT, entry="root")),
                after=f"{onward}call vmgm menu entry title;",
            )
        )
    return Navigation(manager=tuple(manager), titlesets=tuple(sets))
