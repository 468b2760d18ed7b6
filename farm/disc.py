"""A full-length disc: its episodes read, examined and planned in its profile; refused before anything is encoded."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, TypeVar

from crowdcut.contract.disc_file import disc_from
from crowdcut.contract.reading import suggestion
from crowdcut.contract.tables import printable, quoted, shown
from crowdcut.delivery import Delivery, deliveries_from
from crowdcut.disc.disc import Disc, DiscTitle, disc_profiles, standard_of
from crowdcut.disc.limits import TitleNumbers, limit_findings
from crowdcut.findings import BuildFailed, CrowdcutError, Finding, Refused, hardened, is_error
from crowdcut.look import Look, look_from
from crowdcut.manifest import Manifest
from crowdcut.production import Production
from farm.build import built_delivery
from farm.captioning import draw_captions
from farm.crew import Crew
from farm.disc_build import (
    BuiltTitle,
    authored_disc,
    files_of,
    numbers_of,
    on_disc,
)
from farm.disc_files import set_aside
from farm.disc_menu import MenuMedia, menu_media
from farm.disc_sizing import sized_titles
from farm.events import Event, Listener
from farm.production import Written, opened_production, read_production
from farm.report import build_report, findings_of, with_image, write_report
from farm.site import Site, made_writable, opened_store
from farm.wish import Wish

Made = TypeVar("Made")


@dataclass(frozen=True, slots=True, kw_only=True)
class PlannedTitle:
    """One film of a disc, planned in the disc's profile."""

    wish: DiscTitle
    production: Production
    delivery: Delivery

    @property
    def name(self) -> str:
        """As menus call it."""
        return self.wish.name or self.production.manifest.title


def _on_disc(one: PlannedTitle, delivery: Delivery) -> BuiltTitle:
    return on_disc(one.production, delivery, name=one.name, extra=one.wish.is_extra)


@dataclass(frozen=True, slots=True, kw_only=True)
class PlannedDisc:
    """A disc whose titles are planned; nothing of it is rendered."""

    disc: Disc
    standard: str
    """``ntsc`` or ``pal``."""
    look: Look
    """Of the menus."""
    menu: MenuMedia
    titles: tuple[PlannedTitle, ...]
    """In the order of the disc."""
    findings: tuple[Finding, ...]
    """Warnings and notes."""

    @property
    def numbers(self) -> tuple[TitleNumbers, ...]:
        """The titles in the numbers that limits are about."""
        return tuple(numbers_of(_on_disc(one, one.delivery), one.wish) for one in self.titles)


@dataclass(frozen=True, slots=True, kw_only=True)
class WrittenDisc:
    """A disc as it is written: nothing of it examined."""

    disc: Disc
    standard: str
    look: Look
    titles: tuple[Written, ...]
    """In the order of the disc."""

    @property
    def first(self) -> Manifest:
        """The first title's manifest, whose store is the disc's where nobody names another."""
        manifest = self.titles[0][0]
        return manifest if self.disc.store is None else replace(manifest, store=self.disc.store)


def _placed(findings: Iterable[Finding], title: DiscTitle) -> Iterator[Finding]:
    """Findings of one episode, each with a file: among many episodes it says whose it is."""
    for one in findings:
        has_place = one.where.file is not None
        yield one if has_place else replace(one, where=replace(one.where, file=shown(title.episode)))


def _of_each(
    titles: Sequence[DiscTitle], make: Callable[[int, DiscTitle], Made]
) -> tuple[tuple[Made, ...], tuple[Finding, ...]]:
    """What ``make`` makes of each title, by its number from 0; and why it refuses some, each reason once."""
    made: list[Made] = []
    findings: dict[Finding, None] = {}
    for number, title in enumerate(titles):
        try:
            made.append(make(number, title))
        except Refused as refusal:
            findings |= dict.fromkeys(_placed(refusal.findings, title))
    return tuple(made), tuple(findings)


def _profile_findings(disc: Disc, manifests: Sequence[Manifest]) -> Iterator[Finding]:
    """A profile that is no disc's, or not the same to all episodes."""
    where, name = disc.origin["profile"], disc.profile
    own_discs = disc_profiles()
    if name not in own_discs and all(name not in manifest.profiles for manifest in manifests):
        known = dict.fromkeys((*own_discs, *(own for manifest in manifests for own in manifest.profiles)))
        way_out = f"There are {', '.join(map(printable, known))}. {suggestion(name, known, '')}".strip()
        yield Finding(rule="unknown-profile", where=where, found=f"there is no profile {quoted(name)}", way_out=way_out)
        return
    standards: dict[str, Manifest] = {}
    for title, manifest in zip(disc.titles, manifests, strict=True):
        standard = standard_of(name, manifest.profiles)
        if standard is None:
            yield Finding(
                rule="no-disc-profile",
                where=title.where,
                found=f"its manifest has no profile {quoted(name)} that extends {' or '.join(own_discs)}",
                way_out=f"Add one, best to a file that all episodes extend, or write profile = {quoted('dvd-ntsc')}.",
            )
        else:
            standards.setdefault(standard, manifest)
    if len(standards) > 1:
        kinds = " and ".join(f"{kind.upper()} in {shown(one.file)}" for kind, one in standards.items())
        found = f"the profile {quoted(name)} is {kinds}, and a disc is one of the two throughout"
        yield Finding(rule="mixed-standards", where=where, found=found, way_out="Have all episodes extend the same.")


def read_disc(wish: Wish) -> WrittenDisc:
    """The disc's file and its episodes' manifests, as they are written. Raises Refused with all their findings.

    wish : of ``crowdcut disc``: its manifest is the disc's file.
    """
    disc, findings = disc_from(wish.manifest)
    if disc is None:
        raise Refused(findings)
    titles, refusals = _of_each(disc.titles, lambda _, title: read_production(replace(wish, manifest=title.episode)))
    findings += refusals
    manifests = [manifest for manifest, _, _, _ in titles]
    is_known = disc.profile and all(one.where != disc.origin["profile"] for one in findings)
    if is_known and len(titles) == len(disc.titles) > 0:
        findings += tuple(_profile_findings(disc, manifests))
    look: Look | None = titles[0][2] if titles else None
    if disc.template is not None:
        look, look_findings = look_from(disc.template, disc.file.parent, disc.origin["template"])
        findings += look_findings
    if look is None or any(map(is_error, findings)):
        raise Refused(findings)
    standard = standard_of(disc.profile, manifests[0].profiles)
    assert standard is not None
    return WrittenDisc(disc=disc, standard=standard, look=look, titles=titles)


def opened_disc(wish: Wish, written: WrittenDisc, site: Site) -> PlannedDisc:
    """Examine and plan every title of what :func:`read_disc` read. Raises Refused with the findings of all."""
    disc = written.disc

    def planned(number: int, title: DiscTitle) -> PlannedTitle:
        production = opened_production(replace(wish, manifest=title.episode), written.titles[number], site)
        (delivery,) = deliveries_from(production, (disc.profile,))
        draw_captions(production, (delivery,), site)
        return PlannedTitle(wish=title, production=production, delivery=delivery)

    titles, refusals = _of_each(disc.titles, planned)
    if refusals:
        raise Refused(refusals)
    findings: dict[Finding, None] = {}
    for one in titles:
        found = (*one.production.findings, *one.delivery.findings)
        findings |= dict.fromkeys(_placed(found, one.wish))
    credited = frozenset(name for one in titles for block in one.delivery.credits for name in block.names)
    productions = [one.production for one in titles]
    menu, misfits = menu_media(disc.menu, productions, credited, site, allow_uncredited=wish.allow_uncredited)
    made = PlannedDisc(
        disc=disc, standard=written.standard, look=written.look, menu=menu, titles=titles, findings=tuple(findings)
    )
    all_found = tuple({**findings, **dict.fromkeys(misfits), **dict.fromkeys(limit_findings(disc, made.numbers))})
    if any(map(is_error, hardened(all_found) if wish.strict else all_found)):
        raise Refused(hardened(all_found) if wish.strict else all_found)
    return replace(made, findings=all_found)


def _out_folder(wish: Wish) -> Path:
    """Where a disc goes: build/ beside its file, if nobody names another folder."""
    return wish.out or wish.manifest.absolute().parent / "build"


def planned_disc(wish: Wish, listener: Listener) -> PlannedDisc:
    """Everything up to the plans; examines what was never examined, renders nothing. Raises Refused."""
    written = read_disc(wish)
    store = opened_store(wish.store_folder(written.first))
    with Crew(store, workers=wish.workers_meant, listener=listener) as crew:
        site = Site(out=_out_folder(wish), store=store, hands=crew, listener=listener)
        return opened_disc(wish, written, site)


def _told(planned: PlannedDisc, parts: Sequence[dict[str, Any]], findings: Iterable[Finding], site: Site) -> None:
    """Write the report of a disc: all its titles on one page, the disc with the first."""
    manifest = replace(planned.titles[0].production.manifest, title=planned.disc.title, slug=planned.disc.slug)
    page = write_report(build_report(manifest, tuple(findings), list(parts)), site.out)
    site.listener(Event(kind="report", text=str(page)))


def _built(planned: PlannedDisc, site: Site) -> Path:
    """The titles' films, then the disc of them. Raises BuildFailed with what is wrong with any."""
    parts: list[dict[str, Any]] = []
    titles: list[BuiltTitle] = []
    failed: list[Finding] = []
    unsized = [_on_disc(one, one.delivery) for one in planned.titles]
    deliveries = sized_titles(planned.disc, planned.look, unsized, planned.menu, site)
    for one, delivery in zip(planned.titles, deliveries, strict=True):
        part = built_delivery(one.production, delivery, site)
        failed += _placed((finding for finding in findings_of(part) if is_error(finding)), one.wish)
        parts.append(part)
        titles.append(_on_disc(one, delivery))
    try:
        if failed:
            raise BuildFailed(failed)
        image, verdict = authored_disc(planned.disc, planned.look, titles, planned.menu, site)
    except CrowdcutError as error:
        _told(planned, parts, (*planned.findings, *(one for one in error.findings if one not in failed)), site)
        raise
    _told(planned, [with_image(parts[0], image, verdict), *parts[1:]], planned.findings, site)
    return image


def built_disc(wish: Wish, listener: Listener) -> Path:
    """Build a disc: its titles, its menus, its image. The image.

    Raises Refused when something is wrong before rendering (nothing is written), BuildFailed when a title or the disc
    failed: then there is no image, and that of an earlier cut is set aside.
    """
    written = read_disc(wish)
    store, out = opened_store(wish.store_folder(written.first)), _out_folder(wish)
    with Crew(store, workers=wish.workers_meant, listener=listener) as crew:
        site = Site(out=out, store=store, hands=crew, listener=listener)
        planned = opened_disc(wish, written, site)
        made_writable(out)
        for one in planned.findings:
            listener(Event(kind="finding", text=str(one), finding=one))
        try:
            return _built(planned, site)
        except BuildFailed as failure:
            raise BuildFailed([*failure.findings, *set_aside(files_of(planned.disc, out))]) from failure
