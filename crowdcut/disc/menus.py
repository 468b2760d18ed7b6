"""A disc's menus: which pages there are, what stands on each, and where each of its buttons leads.

The disc's own pages (root, and lists of titles to choose among) lie in the video manager, a title's chapters and
subtitles in its titleset. A page of the manager leads to the first page of a kind in a titleset, never to a later one,
and a titleset's to its own titleset or back to the manager: these are the jumps that DVD-Video has.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import zip_longest
from math import ceil

from crowdcut.disc.menu_layout import (
    LIST_ROWS,
    ONE_COLUMN_ROWS,
    ROOT_ROWS,
    STILL_COLUMNS,
    STILL_ROWS,
    Item,
    Sheet,
    buttons_from,
    heading,
    leaves_a_side,
    row_of_ways,
    rows_below,
    stills_below,
    title_block,
)
from crowdcut.disc.menu_records import (
    MOST_BUTTONS,
    DiscTold,
    Kind,
    MenuCanvas,
    Page,
    Play,
    PlayAll,
    Show,
    Subtitles,
    TitleTold,
)
from crowdcut.disc.own_names import own_name
from crowdcut.look import MenuLook
from crowdcut.words import is_blank, is_right_to_left, one_line

_ROOT = "root"


@dataclass(frozen=True, slots=True, kw_only=True)
class _Row:
    """Pages of one kind, one behind the other."""

    id: str
    kind: Kind
    title: int | None = None
    heading: str = ""
    beside: str = ""
    """Small, at the other end of the heading."""
    back: str | None = None
    """The page that they lead back to; None: they are the root."""


def _page_id(base: str, number: int) -> str:
    return f"{base}-{number}" if number > 1 else base


def _parted(items: Sequence[Item], most: int) -> list[Sequence[Item]]:
    """Items in as few pages as hold them, as even as can be."""
    pages = ceil(len(items) / most)
    size = ceil(len(items) / pages)
    return [items[first : first + size] for first in range(0, len(items), size)]


def _ways(row: _Row, number: int, count: int, look: MenuLook) -> dict[str, Item]:
    """Back, previous and next of a page."""
    aims = {
        "back": row.back,
        "previous": _page_id(row.id, number - 1) if number > 1 else None,
        "next": _page_id(row.id, number + 1) if number < count else None,
    }
    return {way: Item(words=look.words[way], leads=Show(page=page)) for way, page in aims.items() if page}


def _root_pages(items: Sequence[Item], title: str, backdrop: bool, sheet: Sheet) -> Iterator[Page]:
    """The disc's title over all that can be done; more than one page has previous and next among its buttons."""
    row = _Row(id=_ROOT, kind="root")
    single = len(items) <= MOST_BUTTONS
    parts = [items] if single else _parted(items, MOST_BUTTONS - 2)
    for number, part in enumerate(parts, start=1):
        columns = 1 if len(part) <= ROOT_ROWS and single else 2
        free = backdrop and columns == 1 and leaves_a_side(sheet, title, part)
        rule, words, room = title_block(sheet, title, ceil(len(part) / columns), footed=not single, free=free)
        placed = list(rows_below(sheet, part, room, columns, "button"))
        placed += row_of_ways(sheet, _ways(row, number, len(parts), sheet.look))
        yield Page(
            id=_page_id(_ROOT, number),
            kind="root",
            title=None,
            words=() if is_blank(title) else (words,),
            buttons=buttons_from(sheet, placed),
            rule=rule,
            open_side=("left" if sheet.mirrored else "right") if free else None,
        )


def _further_pages(row: _Row, items: Sequence[Item], sheet: Sheet) -> Iterator[Page]:
    """Pages with a heading: a list, or pictures with words where the items have any."""
    pictured = items[0].still is not None
    parts = _parted(items, STILL_COLUMNS * STILL_ROWS if pictured else 2 * LIST_ROWS)
    for number, part in enumerate(parts, start=1):
        count = f"  {number} / {len(parts)}" if len(parts) > 1 else ""
        words, room = heading(sheet, row.heading, row.beside + count)
        if pictured:
            placed, stills = stills_below(sheet, part, room)
        else:
            columns = 1 if len(part) <= ONE_COLUMN_ROWS else 2
            placed, stills = tuple(rows_below(sheet, part, room, columns, "button")), ()
        ways = row_of_ways(sheet, _ways(row, number, len(parts), sheet.look))
        yield Page(
            id=_page_id(row.id, number),
            kind=row.kind,
            title=row.title,
            words=tuple(one for one in words if not is_blank(one.words)),
            buttons=buttons_from(sheet, (*placed, *ways)),
            stills=stills,
        )


def _named(name: str, number: int) -> str:
    """A name with its number before it; the number alone for one that cannot be seen."""
    line = one_line(name)
    return f"{number}" if is_blank(line) else f"{number}  {line}"


def _chapter_items(disc: DiscTold, number: int) -> list[Item]:
    chapters = disc.titles[number - 1].chapters
    return [
        Item(
            words=_named(chapter.title, place),
            leads=Play(title=number, chapter=place),
            still=(number, place) if disc.stills else None,
        )
        for place, chapter in enumerate(chapters, start=1)
    ]


def _subtitle_items(title: TitleTold, number: int, then: str, look: MenuLook) -> list[Item]:
    off = Item(words=look.words["off"], leads=Subtitles(title=number, stream=None, then=then))
    return [
        off,
        *(
            Item(words=name or own_name(language), leads=Subtitles(title=number, stream=stream, then=then))
            for stream, (language, name) in enumerate(zip_longest(title.subtitles, title.subtitle_names))
        ),
    ]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Family:
    """The pages of one kind of all titles, and what leads to them."""

    first: str
    """The page that the root's button shows."""
    pages: tuple[Page, ...]


def _family(kind: Kind, disc: DiscTold, names: Sequence[str], sheet: Sheet) -> _Family | None:
    """Chapters or subtitles: each title's pages, and a list of titles where there is a choice; None: nobody has any."""
    look = sheet.look
    having = [
        number
        for number, title in enumerate(disc.titles, start=1)
        if (title.subtitles if kind == "subtitles" else disc.chapters and len(title.chapters) > 1)
    ]
    if not having:
        return None
    # Which subpicture stream is shown is the player's one setting: the same list in each title needs no choice.
    told = {(disc.titles[number - 1].subtitles, disc.titles[number - 1].subtitle_names) for number in having}
    alike = kind == "subtitles" and len(told) == 1
    choice = len(having) > 1 and not alike
    back = kind if choice else _ROOT
    pages: list[Page] = []
    if choice:
        items = [Item(words=names[number - 1], leads=Show(page=f"{number}-{kind}")) for number in having]
        row = _Row(id=kind, kind="titles", heading=look.words[kind], beside=one_line(disc.title), back=_ROOT)
        pages += _further_pages(row, items, sheet)
    for number in having:
        row = _Row(
            id=f"{number}-{kind}",
            kind=kind,
            title=number,
            heading=look.words[kind],
            beside=names[number - 1] if len(disc.titles) > 1 and not alike else one_line(disc.title),
            back=back,
        )
        title = disc.titles[number - 1]
        items = (
            _chapter_items(disc, number) if kind == "chapters" else _subtitle_items(title, number, _ROOT, sheet.look)
        )
        pages += _further_pages(row, items, sheet)
    return _Family(first=pages[0].id, pages=tuple(pages))


def _root_items(disc: DiscTold, names: Sequence[str], ways: Sequence[Item], look: MenuLook) -> list[Item]:
    """What the root offers; where that needs more than a page, all that is no title is on the first."""
    numbered = list(enumerate(disc.titles, start=1))
    episodes = [number for number, title in numbered if not title.extra]
    listed = [Item(words=names[number - 1], leads=Play(title=number)) for number in episodes]
    first = [Item(words=look.words["play_all"], leads=PlayAll())]
    if len(episodes) == 1:
        first, listed = [Item(words=look.words["play"], leads=Play(title=episodes[0]))], []
    extras = [Item(words=names[number - 1], leads=Play(title=number)) for number, title in numbered if title.extra]
    if not episodes:
        first = []
    if len(first) + len(listed) + len(ways) + len(extras) > MOST_BUTTONS:
        return [*first, *ways, *listed, *extras]
    return [*first, *listed, *ways, *extras]


def pages_from(disc: DiscTold, look: MenuLook, canvas: MenuCanvas) -> tuple[Page, ...]:
    """All pages of a disc's menus, the root first, then the manager's, then each title's.

    disc : at least one title; codes of languages are known ones.

    Where the disc's title is read from right to left, all pages are laid out so.
    """
    title = one_line(disc.title)
    sheet = Sheet(canvas=canvas, look=look, mirrored=is_right_to_left(title))
    names = [
        f"{number}" if is_blank(one_line(one.name)) else one_line(one.name)
        for number, one in enumerate(disc.titles, start=1)
    ]
    kinds: tuple[Kind, ...] = ("chapters", "subtitles")
    families = {kind: family for kind in kinds if (family := _family(kind, disc, names, sheet)) is not None}
    ways = [Item(words=look.words[kind], leads=Show(page=family.first)) for kind, family in families.items()]
    root = _root_pages(_root_items(disc, names, ways, look), title, disc.backdrop, sheet)
    further = [page for family in families.values() for page in family.pages]
    return (*root, *sorted(further, key=lambda page: page.title or 0))
