"""What menus are made from, and what they are: pages with words, buttons and where each button leads."""

from dataclasses import dataclass
from typing import Literal

from crowdcut.orders import Box, Chapter, MenuWords
from crowdcut.records import kind_union

Mark = Literal["underline", "bar", "frame"]
Kind = Literal["root", "titles", "chapters", "subtitles"]
"""The disc's own page, a list of titles to choose among, a title's chapters, a title's subtitles."""

MOST_BUTTONS = 12
"""Of a page. DVD-Video allows 36 buttons in groups, one group for each way a player may show the picture: 16:9 menus
that are also shown in pan & scan and in letterbox have three groups of 12."""


@dataclass(frozen=True, slots=True, kw_only=True)
class MenuCanvas:
    """What pages are laid out on, and what the disc stores of it. All sizes are even."""

    width: int
    """Square pixels."""
    height: int
    stored_width: int
    """Pixels of the MPEG-2 picture."""
    stored_height: int


@dataclass(frozen=True, slots=True, kw_only=True)
class TitleTold:
    """What menus need to know of a title."""

    name: str
    chapters: tuple[Chapter, ...] = ()
    subtitles: tuple[str, ...] = ()
    """ISO 639-1 codes of its subpicture streams, in their order."""
    subtitle_names: tuple[str | None, ...] = ()
    """What its manifest calls them; None, and what is missing at the end: the language's own name."""
    extra: bool = False
    """Whether it stands apart from the episodes, and is not in "play all"."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DiscTold:
    """What menus need to know of a disc."""

    title: str
    titles: tuple[TitleTold, ...]
    """In the disc's order: title 1 is the first."""
    chapters: bool = True
    """Whether there are pages of chapters."""
    stills: bool = True
    """Whether these show a picture of each chapter."""
    backdrop: bool = False
    """Whether a clip or a still lies behind the pages: the root then keeps a side of it free where it can."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Play:
    """The title is played from a chapter on."""

    title: int
    """From 1."""
    chapter: int = 1
    """From 1."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PlayAll:
    """All episodes are played one after another, from the first."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Show:
    """Another page is shown."""

    page: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Subtitles:
    """A subpicture stream of the title is turned on, and the page ``then`` is shown."""

    title: int
    stream: int | None
    """From 0; None: they are turned off."""
    then: str


Lead = Play | PlayAll | Show | Subtitles
kind_union(Lead)


@dataclass(frozen=True, slots=True, kw_only=True)
class Button:
    """A button. Others of its page are numbered from 1; an arrow key that leads to itself does nothing."""

    words: MenuWords
    box: Box
    """Square pixels."""
    stored: Box
    """The same in pixels of the MPEG-2 picture: even numbers, never outside of ``box``."""
    mark: Mark
    marked: Box
    """The mark's place, square pixels, within ``box``: an underline lies in it as far as the words go, a bar fills it,
    a frame runs round in it."""
    leads: Lead
    up: int
    down: int
    left: int
    right: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ChapterStill:
    """A place for a picture of a chapter, beside its button's words."""

    title: int
    chapter: int
    box: Box
    """Square pixels."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """One page of a menu. Its first button is selected when it is shown."""

    id: str
    kind: Kind
    title: int | None
    """The title whose titleset it lies in; None: it lies in the video manager."""
    words: tuple[MenuWords, ...]
    """What is no button."""
    buttons: tuple[Button, ...]
    stills: tuple[ChapterStill, ...] = ()
    rule: Box | None = None
    """A short bar over the title."""
    open_side: Literal["left", "right"] | None = None
    """Where nothing stands, so that a picture in the background may be seen."""
