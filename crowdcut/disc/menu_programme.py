"""What moves and sounds behind a disc's menus: a programme of one shot, laid out as every other."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from fractions import Fraction

from crowdcut.conform.as_read import library_read
from crowdcut.cut.desk import Desk
from crowdcut.cut.placed import Timeline
from crowdcut.cut.stacks import Dressing, stacks_from
from crowdcut.cut.timeline import laid_out
from crowdcut.disc.disc import MenuWish
from crowdcut.episode import Scene, Shot, Sound
from crowdcut.library import Library
from crowdcut.look import Look
from crowdcut.manifest import Manifest
from crowdcut.media import Media
from crowdcut.orders import Layer, Roll
from crowdcut.plan import Sources
from crowdcut.profiles import Profile
from crowdcut.sound.soundtrack import Soundtrack, soundtrack_from

LENGTH = Fraction(20)
"""Seconds that a menu lasts before it begins again, where nobody says."""
_FADE = Fraction(1, 2)
"""Seconds in which music comes and goes at the joint."""


@dataclass(frozen=True, slots=True, kw_only=True)
class MenuPick:
    """A contribution that menus show or play."""

    title: int
    """Whose library it is of: the title's number, from 0."""
    contribution: str
    """Its id there."""
    media: Media
    """What it was found to be, as the file says."""
    sources: Sources
    """Its file, by that id, and what keys of jobs over it are made of."""


@dataclass(frozen=True, slots=True, kw_only=True)
class MenuSet:
    """What all pages of a disc are made on."""

    look: Look
    profile: Profile
    manifest: Manifest
    """Of a title: whose rate the menus have."""


def menu_length(wish: MenuWish, background: MenuPick | None) -> Fraction:
    """Seconds of a page: as long as is wished and the background lasts."""
    wanted = wish.length or LENGTH
    if background is None or background.media.duration is None:
        return wanted
    return min(wanted, background.media.duration - (wish.start or 0))


def _programme(set_: MenuSet, library: Library, media: Mapping[str, Media], scene: Scene) -> tuple[Desk, Timeline]:
    raster = set_.profile.raster(set_.manifest.rate)
    manifest = replace(set_.manifest, scenes=(scene,), layers=(), sounds=(), captions=(), length=None, stems=False)
    desk = Desk(
        manifest=manifest,
        library=library,
        media=library_read(dict(media), library),
        look=set_.look,
        rate=raster.rate,
        credits_frames=0,
        working_copy=False,
    )
    return desk, laid_out(desk)


def _scene(shot: Shot, *sounds: Sound) -> Scene:
    return Scene(id="menu", title="Menu", chapter=False, shots=(shot,), sounds=sounds)


def menu_layers(
    set_: MenuSet, pick: MenuPick, library: Library, *, start: Fraction, length: Fraction
) -> tuple[Layer, ...]:
    """What fills a menu behind its words, bottom first. start, length : seconds of the source. Raises Refused."""
    shot = Shot(name="menu/1", use=pick.contribution, in_=start or None, length=length, fit="cover", sound="mute")
    desk, timeline = _programme(set_, library, {pick.contribution: pick.media}, _scene(shot))
    raster = set_.profile.raster(set_.manifest.rate)
    roll = Roll(lines=(), step=1)  # no shot of a menu has credits
    stacks, _ = stacks_from(Dressing(desk=desk, profile=set_.profile, raster=raster, roll=roll), timeline)
    return stacks[0].layers


def menu_soundtrack(
    set_: MenuSet, pick: MenuPick | None, library: Library, sources: Sources, *, length: Fraction
) -> Soundtrack:
    """What is heard under every page: the music from its beginning, or silence. length : seconds. Raises Refused."""
    shot = Shot(name="menu/1", text="Menu", length=length)
    if pick is None:
        desk, timeline = _programme(set_, library, {}, _scene(shot))
        return soundtrack_from(desk, timeline, set_.profile, sources)
    music = Sound(bus="music", use=pick.contribution, loop=True, fade_in=_FADE, fade_out=_FADE)
    desk, timeline = _programme(set_, library, {pick.contribution: pick.media}, _scene(shot, music))
    return soundtrack_from(desk, timeline, set_.profile, pick.sources)
