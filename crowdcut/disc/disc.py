"""What a disc's own file says, in its final form: which films are on it and what its menus are made of."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from pathlib import Path
from typing import Literal

from crowdcut.findings import Where
from crowdcut.profiles import packaged, profile_from

CAPACITIES = {"dvd-5": 4_700_000_000}
"""Bytes that go onto a disc. DVD-R takes 4,707,319,808 and DVD+R 4,700,372,992 (2,298,496 and 2,295,104 sectors): what
is no larger than the format's nominal 4.70e9 goes onto both, and to a plant."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DiscTitle:
    """One film of a disc: what DVD-Video calls a title."""

    episode: Path
    """Its manifest, absolute."""
    name: str | None = None
    """As menus call it; None: as its own manifest does."""
    is_extra: bool = False
    """Whether it is listed apart from the episodes, and left out of "play all"."""
    where: Where
    """The place that lists it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class MenuWish:
    """What the disc's file says of its menus."""

    background: str | None = None
    """A contribution of one of the episodes, a clip or a still, as it is written; None: the template's card."""
    start: Fraction | None = None
    """Where in the background it begins, seconds of the source; None: at its start."""
    length: Fraction | None = None
    """How long a menu moves and sounds before it begins again, seconds; None: as long as menus usually do."""
    music: str | Literal[False] | None = None
    """A contribution of one of the episodes, as it is written; False: silence; None: the first episode's own."""
    chapters: bool = True
    """Whether the titles have chapter menus."""
    origin: Mapping[str, Where] = field(default_factory=dict)
    """Where each key was written."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Disc:
    """A full-length disc."""

    file: Path
    """Absolute."""
    title: str
    slug: str
    """What its files are called."""
    label: str
    """Its volume's name: ``A``-``Z``, ``0``-``9`` and ``_``, at most 32."""
    profile: str
    """The profile that every episode is delivered in: one of :func:`disc_profiles`, or the episodes' own."""
    template: str | None = None
    """The look of its menus; None: the first episode's."""
    titles: tuple[DiscTitle, ...]
    """Episodes, then extras; in this order they are title 1, 2, ..."""
    menu: MenuWish = MenuWish()
    language: str = "en"
    """Of the menus, ISO 639-1."""
    regions: tuple[int, ...] = ()
    """Players that may play it, by the number of their region; empty: all."""
    capacity_bytes: int = CAPACITIES["dvd-5"]
    store: Path | None = None
    """Where finished pieces are kept; None: the first episode's store."""
    note: str | None = None
    origin: Mapping[str, Where] = field(default_factory=dict)
    """Where each key was written."""


def standard_of(profile: str, own: Mapping[str, Mapping[str, object]]) -> str | None:
    """The standard of a profile, ``ntsc`` or ``pal``; None for a profile of films, or one that nobody knows.

    own : an episode's ``[profile.x]`` tables, plain and without fault.
    """
    if profile not in packaged() and profile not in own:
        return None
    return profile_from(profile, own).disc


def disc_profiles() -> tuple[str, ...]:
    """Crowdcut's own profiles for discs, by name."""
    return tuple(name for name in packaged() if standard_of(name, {}) is not None)
