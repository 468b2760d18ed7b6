"""What a disc's menus show and play: contributions of its episodes, found by their names and examined."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Literal

from crowdcut.contract.reading import suggestion
from crowdcut.contract.tables import printable, quoted
from crowdcut.delivery import Delivery
from crowdcut.disc.disc import MenuWish
from crowdcut.disc.menu_programme import MenuPick
from crowdcut.findings import Finding
from crowdcut.media import Media
from crowdcut.plan import Sources
from crowdcut.production import Production
from crowdcut.timing import clock
from farm.production import examine_job, examined
from farm.site import Site
from farm.sources import sources_for

Part = Literal["background", "music"]
_PARTS: tuple[Part, ...] = ("background", "music")


MenuMedia = dict[Part, MenuPick]
"""What menus show and play; nothing of what is the template's."""


def _named(use: str, menu: MenuWish, part: Part, productions: Sequence[Production]) -> tuple[int, str] | Finding:
    """The first title whose library knows ``use``, and its id there; else what is wrong."""
    where = replace(menu.origin[part], key=part)
    known: dict[str, None] = {}
    for number, production in enumerate(productions):
        library = production.library
        ids = library.named(use)
        if len(ids) > 1:
            found = f"{quoted(use)} may be {' or '.join(map(quoted, ids))}"
            way_out = "Write an id, or the path with its folders."
            return Finding(rule="ambiguous-file", where=where, found=found, way_out=way_out)
        if ids and library.contributions[ids[0]].file is None:
            found = f"{quoted(use)} has no file to be shown or heard"
            return Finding(rule="no-file", where=where, found=found, way_out="Use what was made from it.")
        if ids:
            return number, ids[0]
        known |= dict.fromkeys((*library.contributions, *library.by_path))
    found = f"{quoted(use)} is neither a contribution nor a file of the library of any episode"
    way_out = suggestion(use, known, "Put the file into the library of one.")
    return Finding(rule="unknown-contribution", where=where, found=found, way_out=way_out)


def _misfits(menu: MenuWish, part: Part, name: str, media: Media) -> Iterator[Finding]:
    """What an examined file cannot be used for."""
    where = replace(menu.origin[part], key=part)
    if media.refusal is not None:
        found = f"{printable(name)}: {media.refusal.rstrip('.')}"
        yield Finding(rule="refused", owner="contributor", where=where, found=found, way_out="Choose another.")
    elif part == "background" and media.picture is None:
        found, way_out = f"{printable(name)} has no picture", "Choose a clip or a still, or name it as music."
        yield Finding(rule="no-picture", where=where, found=found, way_out=way_out)
    elif part == "music" and media.sound is None:
        found, way_out = f"{printable(name)} has no sound", "Choose a song, or leave music away."
        yield Finding(rule="no-sound", where=where, found=found, way_out=way_out)
    elif part == "background" and menu.start is not None and menu.start >= (media.duration or 0):
        length = "a still" if media.duration is None else clock(media.duration)
        found = f"{clock(menu.start)} is past the end of {printable(name)} ({length})"
        yield Finding(rule="past-the-end", where=menu.origin["in"], found=found, way_out="Begin earlier.")


def _uncredited(
    menu: MenuWish, part: Part, use: str, production: Production, credited: frozenset[str], *, allowed: bool
) -> Iterator[Finding]:
    """Who made what the menus show, and stands in the credits of no title: on a disc there are no others."""
    library = production.library
    ancestry = library.ancestry(use)
    names = dict.fromkeys(name for one in ancestry for name in library.names_of(one))
    missing = [name for name in names if name not in credited]
    if missing or not library.contributions[use].by:
        name = printable(library.contributions[use].name)
        who = ", ".join(map(printable, missing)) or "whoever made it"
        yield Finding(
            rule="uncredited",
            severity="warning" if allowed else "error",
            where=replace(menu.origin[part], key=part),
            found=f"{name} is in the menus, and {who} in the credits of no title",
            way_out="Use it in an episode as well, choose something that is, or name them in a [[credit]].",
        )


def menu_media(
    menu: MenuWish,
    productions: Sequence[Production],
    credited: frozenset[str],
    site: Site,
    *,
    allow_uncredited: bool = False,
) -> tuple[MenuMedia, tuple[Finding, ...]]:
    """Background and music, each found in the first library that has it, and examined.

    credited : every name in the credits of any title.

    All findings at once; what has one may be missing.
    """
    findings: list[Finding] = []
    picks: MenuMedia = {}
    for part in _PARTS:
        use = menu.background if part == "background" else menu.music
        if not use:
            continue
        named = _named(use, menu, part, productions)
        if isinstance(named, Finding):
            findings.append(named)
            continue
        title, contribution = named
        production = productions[title]
        name = production.library.contributions[contribution].name
        media, sources = _examined(production, contribution, site)
        findings += _misfits(menu, part, name, media)
        findings += _uncredited(menu, part, contribution, production, credited, allowed=allow_uncredited)
        picks[part] = MenuPick(title=title, contribution=contribution, media=media, sources=sources)
    return picks, tuple(findings)


def own_music(delivery: Delivery, production: Production) -> MenuPick | None:
    """The first music that is heard in the disc's first title; None where there is none."""
    heard = sorted((one for one in delivery.timeline.sounds if one.bus == "music"), key=lambda one: one.start_sample)
    if not heard:
        return None
    use = heard[0].use
    return MenuPick(title=0, contribution=use, media=production.media[use], sources=production.sources)


def _examined(production: Production, contribution: str, site: Site) -> tuple[Media, Sources]:
    """What one contribution is; from the store, where the film of its episode has it too. Raises Refused."""
    file = production.library.contributions[contribution].file
    assert file is not None
    sources = sources_for({contribution: file}, site.store, watched=site.hands.watched)
    media = examined({contribution: examine_job(file, sources)}, site.store, site.hands)
    return media[contribution], sources
