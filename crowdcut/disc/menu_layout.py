"""Where words, buttons and pictures stand on a page: the title card's order, in the lines of the template's type."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from math import ceil, floor
from typing import Literal

from crowdcut.disc.menu_grid import Area, area_of, arrows_for, boxed, stored_box
from crowdcut.disc.menu_records import Button, ChapterStill, Lead, Mark, MenuCanvas
from crowdcut.look import MenuLook
from crowdcut.orders import Box, MenuWords
from crowdcut.words import estimated_ems

Side = Literal["near", "far", "centre"]
"""Where words stand in their box; near: where lines begin."""

MARK_LINES = 4
"""Thickness of marks. A line alone flickers on an interlaced screen, two are the least that do not."""
STILL_COLUMNS, STILL_ROWS = 3, 2
LIST_ROWS, ONE_COLUMN_ROWS = 4, 5
"""Rows of a list in two columns, and most of one in a single column."""
ROOT_ROWS = 6

READ_SIDE = 0.6
"""Part of a page's width that words keep to where its other side is to stay free."""

# In ems of the words that a button bears, or of the title.
_BUTTON, _PITCH, _GUTTER, _INSET, _BAR = 1.75, 1.95, 1.2, 0.55, 0.22
_UNDER_RULE, _UNDER_TITLE, _UNDER_HEADING = 0.42, 0.35, 0.35
_PAD = 6
"""Square pixels between the edge of a button and what is in it: a mark around a picture, and a gap of 2. All words
keep it, so that they begin under each other."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """What will be a button."""

    words: str
    leads: Lead
    still: tuple[int, int] | None = None
    """Title and chapter of which a picture stands over its words."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Placed:
    """A button in its place, before it is known what is around it."""

    item: Item
    words: MenuWords
    area: Box
    mark: Mark
    marked: Box


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """A page while it is laid out. Places are as a reader of Latin sees them; for one of Arabic all is mirrored."""

    canvas: MenuCanvas
    look: MenuLook
    mirrored: bool

    @property
    def safe(self) -> Area:
        """Outside of it nothing stands."""
        across, down = self.look.margin * self.canvas.width, self.look.margin * self.canvas.height
        return Area(left=0, top=0, width=self.canvas.width, height=self.canvas.height).within(across, down)

    def em(self, use: str) -> float:
        """Pixels of 1 em of a style."""
        return self.look.styles[use].size * self.canvas.height

    def line(self, use: str) -> float:
        """Pixels from line to line of a style."""
        return self.em(use) * self.look.styles[use].leading

    def box(self, area: Area) -> Box:
        """The area on the canvas."""
        return boxed(area.mirrored(self.canvas.width) if self.mirrored else area)

    def words(self, text: str, use: str, area: Area, *, side: Side = "near", most_lines: int = 1) -> MenuWords:
        """Words in an area."""
        sides = ("right", "left") if self.mirrored else ("left", "right")
        align = "centre" if side == "centre" else sides[side == "far"]
        style = replace(self.look.styles[use], align=align)
        return MenuWords(words=text, style=style, box=self.box(area), most_lines=most_lines)

    def button(self, item: Item, area: Area, use: str, side: Side = "near") -> Placed:
        """Words that can be pressed, with the template's mark."""
        mark, inset = self.look.mark, _INSET * self.em(use)
        area = area_of(boxed(area))
        inner, marked = area.within(inset, MARK_LINES + 1), area
        if mark == "underline":
            inner = area.row(area.top, area.height - MARK_LINES - 2).within(_PAD, 0)
            marked = area.row(area.bottom - MARK_LINES, MARK_LINES)
        elif mark == "bar":
            bar = max(_PAD + 2, _BAR * self.em(use))
            inner = replace(area, left=area.left + bar + inset / 2, width=area.width - bar - inset / 2)
            marked = replace(area, width=bar)
        words = self.words(item.words, use, inner, side="near" if mark == "bar" else side)
        return Placed(item=item, words=words, area=self.box(area), mark=mark, marked=self.box(marked))


def rows_below(sheet: Sheet, items: Sequence[Item], area: Area, columns: int, use: str) -> Iterator[Placed]:
    """Items in columns from the area's top, each column from top to bottom; closer where there is less room."""
    rows = ceil(len(items) / columns)
    # Whole even lines, or boxes brought to them would differ by two, and so the size of their words.
    first = 2 * ceil(area.top / 2)
    pitch = 2 * floor(min(_PITCH * sheet.em(use), (area.bottom - first) / rows) / 2)
    height = 2 * floor(pitch * _BUTTON / _PITCH / 2)
    for number, item in enumerate(items):
        column = area.column(number // rows, columns, _GUTTER * sheet.em(use))
        yield sheet.button(item, column.row(first + (number % rows) * pitch, height), use)


def row_of_ways(sheet: Sheet, ways: dict[str, Item]) -> Iterator[Placed]:
    """Back, previous and next in a row at the foot of a page."""
    height = _BUTTON * sheet.em("small")
    foot = sheet.safe.row(sheet.safe.bottom - height, height)
    sides: dict[str, Side] = {"back": "near", "previous": "centre", "next": "far"}
    for number, (way, side) in enumerate(sides.items()):
        if way in ways:
            yield sheet.button(ways[way], foot.column(number, 3, _GUTTER * sheet.em("small")), "small", side)


def above_the_foot(sheet: Sheet, area: Area) -> Area:
    """The part of an area that leaves the foot free."""
    height = sheet.safe.bottom - _PITCH * sheet.em("small") - area.top
    return area.row(area.top, height)


def heading(sheet: Sheet, words: str, beside: str) -> tuple[tuple[MenuWords, ...], Area]:
    """A page's heading, what stands small at its other end, and the room below."""
    head = sheet.safe.within(_PAD, 0).row(sheet.safe.top, sheet.line("heading"))
    left, right = (head.column(number, 2, _GUTTER * sheet.em("heading")) for number in (0, 1))
    found = (sheet.words(words, "heading", left), sheet.words(beside, "small", right, side="far"))
    top = head.bottom + _UNDER_HEADING * sheet.em("heading")
    return found, above_the_foot(sheet, sheet.safe.row(top, sheet.safe.bottom - top))


def leaves_a_side(sheet: Sheet, title: str, items: Sequence[Item]) -> bool:
    """Whether items in a column, and the title in two lines, are so short that a side of the page can stay free."""
    room = READ_SIDE * sheet.safe.width - 2 * _PAD
    widest = max(estimated_ems(item.words) * sheet.em("button") for item in items)
    # Two lines of words are seldom even.
    return widest <= room and estimated_ems(title) * sheet.em("title") <= 1.6 * room


def title_block(sheet: Sheet, title: str, rows: int, *, footed: bool, free: bool) -> tuple[Box, MenuWords, Area]:
    """The disc's title under its rule, and the room for so many rows below; all of it in the middle of the page.

    footed : whether the page's foot is to be left free; free : whether one side of it is.
    """
    safe, em = sheet.safe, sheet.em("title")
    if free:
        safe = replace(safe, width=READ_SIDE * safe.width)
    wide = safe.within(_PAD, 0)
    lines = 1 if estimated_ems(title) * em <= wide.width else 2
    height, room = lines * sheet.line("title"), _PITCH * sheet.em("button")
    used = MARK_LINES + (_UNDER_RULE + _UNDER_TITLE) * em + height
    space = above_the_foot(sheet, safe).height if footed else safe.height
    # Equal parts above and below look low: the title card's optical centre.
    top = safe.top + 0.47 * max(0.0, space - used - rows * room)
    # On even lines, as it would have less of them otherwise.
    rule = Area(left=wide.left, top=2 * ceil(top / 2), width=0.07 * sheet.canvas.width, height=MARK_LINES)
    words = wide.row(rule.bottom + _UNDER_RULE * em, height)
    down = words.bottom + _UNDER_TITLE * em
    below = safe.row(down, min(rows * room, safe.top + space - down))
    return sheet.box(rule), sheet.words(title, "title", words, most_lines=lines), below


def stills_below(
    sheet: Sheet, items: Sequence[Item], area: Area
) -> tuple[tuple[Placed, ...], tuple[ChapterStill, ...]]:
    """Items with a picture over their words, in rows from the area's top."""
    label, gap = 1.1 * sheet.line("small"), 0.4 * sheet.em("small")
    cell_height = area.height / STILL_ROWS - gap
    high = cell_height - label - 2 * _PAD
    wide = min(high * sheet.canvas.width / sheet.canvas.height, area.width / STILL_COLUMNS - 4 * _PAD)
    placed, stills = [], []
    for number, item in enumerate(items):
        row, column = divmod(number, STILL_COLUMNS)
        column_area = area.column(column, STILL_COLUMNS, 2 * _PAD)
        cell = area_of(boxed(column_area.row(area.top + row * (cell_height + gap), cell_height)))
        framed = Area(left=cell.left, top=cell.top, width=wide + 2 * _PAD, height=high + 2 * _PAD)
        below = cell.within(_PAD, 0).row(framed.bottom, cell.bottom - framed.bottom)
        words, marked = sheet.words(item.words, "small", below), sheet.box(framed)
        placed.append(Placed(item=item, words=words, area=sheet.box(cell), mark="frame", marked=marked))
        if item.still is not None:
            title, chapter = item.still
            picture = sheet.box(area_of(boxed(framed)).within(_PAD, _PAD))
            stills.append(ChapterStill(title=title, chapter=chapter, box=picture))
    return tuple(placed), tuple(stills)


def buttons_from(sheet: Sheet, placed: Sequence[Placed]) -> tuple[Button, ...]:
    """The buttons of a page, each with its neighbours."""
    arrows = arrows_for([one.area for one in placed])
    return tuple(
        Button(
            words=one.words,
            box=one.area,
            stored=stored_box(one.area, sheet.canvas),
            mark=one.mark,
            marked=one.marked,
            leads=one.item.leads,
            up=up,
            down=down,
            left=left,
            right=right,
        )
        for one, (up, down, left, right) in zip(placed, arrows, strict=True)
    )
