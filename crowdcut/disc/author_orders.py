"""What the job that authors a disc is told."""

from dataclasses import dataclass
from fractions import Fraction
from typing import Literal

from crowdcut.disc.menu_records import MenuCanvas, Page

MenuEntry = Literal["title", "root", "subpicture", "ptt"]
"""The remote control's key that a menu answers, as vtskit calls it; ``ptt`` is the chapters'."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AuthoredMenu:
    """A page of the menus, or a chain of commands without a picture."""

    before: str
    """Commands that run before it is shown, in dvdauthor's language."""
    page: Page | None = None
    stream: str | None = None
    """The input whose stream is played, again and again; None: nothing is shown."""
    does: tuple[str, ...] = ()
    """What each button does."""
    entry: MenuEntry | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class AuthoredTitleset:
    """The menus of a titleset, and what its title does at its end."""

    menus: tuple[AuthoredMenu, ...]
    after: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Navigation:
    """Where everything on a disc leads."""

    manager: tuple[AuthoredMenu, ...]
    titlesets: tuple[AuthoredTitleset, ...]
    """In the titles' order."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AuthoredTitle:
    """A title. Its stream is the input ``title{n}``, n from 0."""

    chapters: tuple[Fraction, ...]
    """Where they begin, in nominal seconds (``Cadence.nominal_time``), as authoring programs count."""
    language: str | None = None
    """Of its sound, ISO 639-1; None: nobody says."""
    subtitles: tuple[str, ...] = ()
    """Of its subpicture streams."""
    palette: tuple[tuple[int, int, int], ...] = ()
    """Of its subpictures: Y, Cr and Cb of each entry."""


@dataclass(frozen=True, slots=True, kw_only=True)
class MenuColours:
    """What a menu's button lights up in, ``#rrggbb`` and opacity 0..15: where one is on it, and when it is pressed."""

    highlight: tuple[str, int]
    select: tuple[str, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class AuthorOrder:
    """Author a disc image of titles (inputs ``title0``...) and menus (inputs ``page0``... and the template's fonts)."""

    label: str
    language: str
    """Of its menus, ISO 639-1."""
    titles: tuple[AuthoredTitle, ...]
    navigation: Navigation
    canvas: MenuCanvas
    colours: MenuColours
