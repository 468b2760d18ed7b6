"""A disc from titles that stand: its menus rendered, its image authored, verified, and only then given its name."""

import hashlib
import os
import shutil
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from pathlib import Path
from typing import Any

from crowdcut.contract.disc_values import label_from
from crowdcut.delivery import Delivery
from crowdcut.disc.cadence import cadence_for
from crowdcut.disc.disc import CAPACITIES, Disc, DiscTitle
from crowdcut.disc.disc_plan import DiscPlan, MenuPart, TitleOnDisc, disc_plan
from crowdcut.disc.menu_programme import MenuSet
from crowdcut.disc.standards import CLOCK
from crowdcut.disc.verdict import DiscVerdict, ExpectedDisc, ExpectedTitle, VerifyOrder
from crowdcut.findings import BuildFailed, CrowdcutError, Where, is_error
from crowdcut.look import Look
from crowdcut.plan import Sources, job_for
from crowdcut.production import Production
from crowdcut.records import plain, record_from
from farm.digests import DigestCache, content_digest
from farm.disc_menu import MenuMedia, own_music
from farm.events import Event
from farm.film import film_path
from farm.fingerprints import Fingerprints
from farm.production import sources_for
from farm.report import with_image
from farm.site import Site
from farm.store import FILE, flushed
from farm.workplace import swept, workplace

_MADE_OF = "disc"
_VIDEO_TS = "VIDEO_TS"


@dataclass(frozen=True, slots=True, kw_only=True)
class BuiltTitle:
    """A title whose film is built and verified."""

    production: Production
    on_disc: TitleOnDisc


def _sources(look: Look, site: Site) -> Sources:
    """What the keys of the menus' jobs are made of: the fonts of the look that they have."""
    digests = DigestCache(site.store.folder / "digests.sqlite")
    try:
        fonts = {f"font:{font.name}": font for font in look.fonts}
        return sources_for(fonts, digests, Fingerprints(memory=site.store.folder / "fingerprints.json"))
    finally:
        digests.close()


def planned_menus(disc: Disc, look: Look, titles: Sequence[BuiltTitle], menu: MenuMedia, site: Site) -> DiscPlan:
    """The disc's menus and authoring as jobs. Raises Refused."""

    def part(name: str) -> MenuPart | None:
        pick = menu.get(name)  # type: ignore[call-overload]
        return None if pick is None else MenuPart(pick=pick, library=titles[pick.title].production.library)

    first = titles[0]
    if disc.menu.music is None and (own := own_music(first.on_disc.delivery, first.production)) is not None:
        menu = {**menu, "music": own}
    set_ = MenuSet(look=look, profile=first.on_disc.delivery.profile, manifest=first.production.manifest)
    on_disc = [one.on_disc for one in titles]
    return disc_plan(disc, on_disc, set_, _sources(look, site), background=part("background"), music=part("music"))


def rendered_menus(disc: Disc, look: Look, titles: Sequence[BuiltTitle], menu: MenuMedia, site: Site) -> DiscPlan:
    """The disc's menus, rendered. Raises Refused where they cannot be laid out, BuildFailed where something broke."""
    plan = planned_menus(disc, look, titles, menu, site)
    site.listener(Event(kind="stage", text=f"rendering {len(plan.pages)} menu pages", jobs=len(plan.jobs)))
    failed = [finding for findings in site.hands.run(plan.jobs).failed.values() for finding in findings]
    if failed:
        raise BuildFailed(failed)
    return plan


def menu_bytes(plan: DiscPlan, site: Site) -> int:
    """What the rendered pages take on the disc."""
    stored = (site.store.find(page.key) for page in plan.pages)
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


def _verdict(image: Path, expected: ExpectedDisc, sources: Sources, site: Site) -> DiscVerdict:
    """What the verifier says of the image. Raises BuildFailed where it cannot say anything."""
    sources = replace(sources, digests={image: content_digest(image)})
    job = job_for("verify", VerifyOrder(expected=expected), sources, files={"file": image}, label="verifying the disc")
    outcome = site.hands.run([job])
    if job.key in outcome.failed:
        raise BuildFailed(outcome.failed[job.key])
    stored = site.store.find(job.key)
    assert stored is not None
    return record_from(stored.facts, DiscVerdict)


def _checksums(folder: Path, files: Iterable[Path]) -> str:
    """What ``sha256sum --check`` reads, of files below ``folder``."""
    lines = []
    for file in sorted(files):
        with file.open("rb") as opened:
            digest = hashlib.file_digest(opened, "sha256").hexdigest()
        lines.append(f"{digest}  {file.relative_to(folder)}\n")
    return "".join(lines)


def _published(place: Path, folder: Path, slug: str) -> Path:
    """Put the image, ``VIDEO_TS`` and their checksums into ``folder``, the image last: where it is, all is."""
    image, video_ts = folder / f"{slug}.iso", folder / _VIDEO_TS
    image.unlink(missing_ok=True)
    if video_ts.exists():
        os.replace(video_ts, place / "earlier")
    os.replace(place / _MADE_OF / _VIDEO_TS, video_ts)
    made = place / FILE
    made_as = place / image.name
    os.replace(made, made_as)
    sums = place / "sums"
    with_image = _checksums(place, [made_as]) + _checksums(folder, video_ts.iterdir())
    sums.write_text(with_image, encoding="utf-8")
    flushed(sums)
    os.replace(sums, folder / f"{slug}.sha256")
    flushed(made_as)
    os.replace(made_as, image)
    return image


def authored_disc(
    disc: Disc, look: Look, titles: Sequence[BuiltTitle], menu: MenuMedia, site: Site
) -> tuple[Path, DiscVerdict]:
    """Make the disc of titles whose films stand. The image, and what the verifier says of it.

    Raises Refused where the menus cannot be laid out, BuildFailed where something broke or the image breaks a rule:
    then there is no image.
    """
    folder = site.out / titles[0].on_disc.delivery.profile.name
    folder.mkdir(parents=True, exist_ok=True)
    swept(folder)
    plan = rendered_menus(disc, look, titles, menu, site)
    films = [film_path(site.out, one.production, one.on_disc.delivery) for one in titles]
    site.listener(Event(kind="stage", text="authoring and verifying the disc", jobs=2))
    with workplace(folder) as place:

        def taken(_: str, made_in: Path) -> None:
            shutil.move(made_in / FILE, place / FILE)
            shutil.move(made_in / _MADE_OF, place / _MADE_OF)

        job = plan.author_job({film: content_digest(film) for film in films})
        outcome = site.hands.run([replace(job, key=f"{job.key}-{os.getpid()}")], publish=taken)
        if outcome.failed:
            raise BuildFailed([finding for findings in outcome.failed.values() for finding in findings])
        verdict = _verdict(place / FILE, _expected(disc, (one.on_disc for one in titles)), plan.sources, site)
        if any(map(is_error, verdict.findings)):
            raise BuildFailed(verdict.findings)
        image = _published(place, folder, disc.slug)
    site.listener(Event(kind="film", text=str(image)))
    return image, verdict


def disc_of(production: Production, delivery: Delivery) -> Disc:
    """The disc of one episode alone, where nobody wrote a file for one."""
    manifest = production.manifest
    return Disc(
        file=manifest.file,
        title=manifest.title,
        slug=manifest.slug,
        label=label_from(manifest.title) or "DVD",
        profile=delivery.profile.name,
        titles=(DiscTitle(episode=manifest.file, where=Where(file=str(manifest.file))),),
        capacity_bytes=CAPACITIES["dvd-5"],
    )


def on_disc(production: Production, delivery: Delivery, *, name: str | None = None, extra: bool = False) -> BuiltTitle:
    """A delivery as a title of a disc; ``name``: as menus call it, if not as its manifest does."""
    told = TitleOnDisc(
        name=name or production.manifest.title,
        extra=extra,
        delivery=delivery,
        languages=tuple(one.language for one in production.manifest.captions),
        sources=production.sources,
        names=tuple(one.name for one in production.manifest.captions),
        captions=production.look.captions,
    )
    return BuiltTitle(production=production, on_disc=told)


def with_disc(part: dict[str, Any], production: Production, delivery: Delivery, site: Site) -> dict[str, Any]:
    """A delivery's report with that of the disc of this one title, if its film was verified; what is wrong with the
    disc is wrong with the delivery."""
    if delivery.profile.disc is None or not part["verified"]:
        return part
    disc, title = disc_of(production, delivery), on_disc(production, delivery)
    try:
        image, verdict = authored_disc(disc, production.look, (title,), {}, site)
    except CrowdcutError as error:
        findings = [*part["findings"], *(plain(finding) for finding in error.findings)]
        return {**part, "verified": False, "findings": findings}
    return with_image(part, image, verdict)
