"""A disc from titles that stand: its menus rendered, its image authored, verified, and only then given its name."""

import os
import shutil
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from pathlib import Path

from crowdcut.delivery import Delivery
from crowdcut.disc.cadence import cadence_for
from crowdcut.disc.disc import Disc, DiscTitle
from crowdcut.disc.disc_plan import DiscPlan, MenuPart, TitleOnDisc, disc_plan
from crowdcut.disc.limits import TitleNumbers
from crowdcut.disc.menu_programme import MenuSet
from crowdcut.disc.standards import CLOCK
from crowdcut.disc.verdict import DiscVerdict, ExpectedDisc, ExpectedTitle, VerifyOrder
from crowdcut.findings import BuildFailed, is_error
from crowdcut.look import Look
from crowdcut.plan import Job, Sources, job_for
from crowdcut.production import Production
from crowdcut.records import record_from
from farm.digests import DigestCache, content_digest
from farm.disc_files import DiscFiles, digests_of, disc_files, published, standing, summed
from farm.disc_menu import MenuMedia, Part, own_music
from farm.events import Event
from farm.film import film_path
from farm.site import Site
from farm.sources import sources_for
from farm.store import FILE, Store, disk_full, is_full
from farm.workplace import swept, workplace

_MADE_OF = "disc"


@dataclass(frozen=True, slots=True, kw_only=True)
class BuiltTitle:
    """A title whose film is built and verified."""

    production: Production
    on_disc: TitleOnDisc


def _sources(look: Look, store: Store) -> Sources:
    """What the keys of the menus' jobs are made of: the fonts of the look that they have."""
    return sources_for({f"font:{font.name}": font for font in look.fonts}, store)


def planned_menus(disc: Disc, look: Look, titles: Sequence[BuiltTitle], menu: MenuMedia, store: Store) -> DiscPlan:
    """The disc's menus and authoring as jobs. Raises Refused."""

    def part(name: Part) -> MenuPart | None:
        pick = menu.get(name)
        return None if pick is None else MenuPart(pick=pick, library=titles[pick.title].production.library)

    first = titles[0]
    if disc.menu.music is None and (own := own_music(first.on_disc.delivery, first.production)) is not None:
        menu = {**menu, "music": own}
    set_ = MenuSet(look=look, profile=first.on_disc.delivery.profile, manifest=first.production.manifest)
    on_disc = [one.on_disc for one in titles]
    return disc_plan(disc, on_disc, set_, _sources(look, store), background=part("background"), music=part("music"))


def rendered_menus(disc: Disc, look: Look, titles: Sequence[BuiltTitle], menu: MenuMedia, site: Site) -> DiscPlan:
    """The disc's menus, rendered. Raises Refused where they cannot be laid out, BuildFailed where something broke."""
    plan = planned_menus(disc, look, titles, menu, site.store)
    site.listener(Event(kind="stage", text=f"rendering {len(plan.pages)} menu pages", jobs=len(plan.jobs)))
    if failed := site.hands.run(plan.jobs).findings:
        raise BuildFailed(failed)
    return plan


def menu_bytes(plan: DiscPlan, store: Store) -> int:
    """What the rendered pages take on the disc."""
    stored = (store.find(page.key) for page in plan.pages)
    return sum(page.file.stat().st_size for page in stored if page is not None)


def _expected(disc: Disc, titles: Iterable[TitleOnDisc]) -> ExpectedDisc:
    told = []
    for one in titles:
        timeline, standard = one.delivery.timeline, one.delivery.profile.standard
        assert standard is not None
        cadence = cadence_for(standard, timeline.rate)

        def moment(frame: int, cadence=cadence) -> Fraction:
            return Fraction(cadence.ticks(frame), CLOCK)

        chapters = tuple(moment(chapter.start_frame) for chapter in timeline.chapters)
        told.append(ExpectedTitle(length=moment(timeline.length_frames), chapters=chapters))
    return ExpectedDisc(titles=tuple(told), capacity_bytes=disc.capacity_bytes)


def _verdict(image: Path, digest: str, expected: ExpectedDisc, sources: Sources, site: Site) -> DiscVerdict:
    """What the verifier says of the image. Raises BuildFailed where it cannot say anything."""
    sources = replace(sources, digests={image: digest})
    job = job_for("verify", VerifyOrder(expected=expected), sources, files={"file": image}, label="verifying the disc")
    if failed := site.hands.run([job]).findings:
        raise BuildFailed(failed)
    verdict = record_from(site.store.made(job.key).facts, DiscVerdict)
    if any(map(is_error, verdict.findings)):
        raise BuildFailed(verdict.findings)
    return verdict


def _standing_digest(job: Job, files: DiscFiles, store: Store) -> str | None:
    """The digest of a disc's image where all of the disc stands as its job made it."""
    made = store.find(job.key)
    if made is None:
        return None
    with DigestCache(store.folder) as digests:
        return made.facts["image"] if standing(files, made.facts, digests) else None


def _author_job(plan: DiscPlan, titles: Sequence[BuiltTitle], out: Path, store: Store) -> Job:
    """The job that makes the image of films that are there."""
    films = [film_path(out, one.production, one.on_disc.delivery) for one in titles]
    with DigestCache(store.folder) as digests:
        return plan.author_job({film: digests.digest(film) for film in films})


def disc_stands(disc: Disc, look: Look, titles: Sequence[BuiltTitle], out: Path, store: Store) -> bool:
    """Whether a disc (with its template's menus) is there as it was verified; its titles' films must be there."""
    plan = planned_menus(disc, look, titles, {}, store)
    return _standing_digest(_author_job(plan, titles, out, store), files_of(disc, out), store) is not None


def _authored(job: Job, expected: ExpectedDisc, sources: Sources, files: DiscFiles, site: Site) -> DiscVerdict:
    """Author a disc and verify it, and only then give its files their names. Raises BuildFailed."""
    with workplace(files.image.parent) as place:
        made = disc_files(place, files.image.stem)

        def taken(_: str, made_in: Path) -> None:
            shutil.move(made_in / FILE, made.image)
            shutil.move(made_in / _MADE_OF, made.tree)

        # As the films: a disc of these very films may have been published before and been lost or changed since.
        if failed := site.hands.run([replace(job, key=f"{job.key}-{os.getpid()}")], publish=taken).findings:
            raise BuildFailed(failed)
        verdict = _verdict(made.image, content_digest(made.image), expected, sources, site)
        try:
            summed(made)
            published(made, files, place)
        except OSError as error:
            if not is_full(error):
                raise
            raise BuildFailed(disk_full()) from error
    with DigestCache(site.store.folder) as digests:
        site.store.publish_facts(job.key, digests_of(files, digests))
    return verdict


def files_of(disc: Disc, out: Path) -> DiscFiles:
    """Where the files of a disc go; ``out``: the folder of all profiles."""
    return disc_files(out / disc.profile, disc.slug)


def authored_disc(
    disc: Disc, look: Look, titles: Sequence[BuiltTitle], menu: MenuMedia, site: Site
) -> tuple[Path, DiscVerdict]:
    """Make the disc of titles whose films stand, unless it stands there already. The image, and what the verifier says
    of it.

    Raises Refused where the menus cannot be laid out, BuildFailed where something broke or the image breaks a rule:
    then there is no image.
    """
    files = files_of(disc, site.out)
    files.image.parent.mkdir(parents=True, exist_ok=True)
    swept(files.image.parent)
    plan = rendered_menus(disc, look, titles, menu, site)
    site.listener(Event(kind="stage", text="authoring and verifying the disc", jobs=2))
    job = _author_job(plan, titles, site.out, site.store)
    expected = _expected(disc, (one.on_disc for one in titles))
    digest = _standing_digest(job, files, site.store)
    if digest is None:
        verdict = _authored(job, expected, plan.sources, files, site)
    else:
        verdict = _verdict(files.image, digest, expected, plan.sources, site)
    site.listener(Event(kind="film", text=str(files.image)))
    return files.image, verdict


def on_disc(production: Production, delivery: Delivery, *, name: str | None = None, extra: bool = False) -> BuiltTitle:
    """A delivery as a title of a disc; ``name``: as menus call it, if not as its manifest does."""
    told = TitleOnDisc(
        name=name or production.manifest.title,
        extra=extra,
        delivery=delivery,
        spoken=production.manifest.language,
        languages=tuple(one.language for one in production.manifest.captions),
        sources=production.sources,
        names=tuple(one.name for one in production.manifest.captions),
        captions=production.look.captions,
    )
    return BuiltTitle(production=production, on_disc=told)


def numbers_of(built: BuiltTitle, wish: DiscTitle) -> TitleNumbers:
    """A title in the numbers that limits are about."""
    title, manifest = built.on_disc, built.production.manifest
    timeline = title.delivery.timeline
    return TitleNumbers(
        name=title.name,
        slug=manifest.slug,
        where=wish.where,
        frames=timeline.length_frames,
        rate=timeline.rate,
        profile=title.delivery.profile,
        chapters=len(timeline.chapters),
        subpicture_streams=len(manifest.captions),
    )
