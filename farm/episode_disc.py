"""The disc of one episode alone, where nobody wrote a file for one: its size, its image, and what its report says."""

from pathlib import Path
from typing import Any

from crowdcut.contract.disc_values import label_from
from crowdcut.delivery import Delivery
from crowdcut.disc.disc import CAPACITIES, Disc, DiscTitle
from crowdcut.disc.limits import limit_findings
from crowdcut.findings import BuildFailed, CrowdcutError, Finding, Where
from crowdcut.production import Production
from crowdcut.records import plain
from farm.disc_build import (
    authored_disc,
    disc_stands,
    files_of,
    menu_bytes,
    numbers_of,
    on_disc,
    planned_menus,
)
from farm.disc_files import set_aside
from farm.disc_sizing import filled_before, sized_titles
from farm.report import with_image
from farm.site import Site
from farm.store import Store


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


def disc_findings(production: Production, delivery: Delivery) -> tuple[Finding, ...]:
    """What keeps a delivery from being a disc of its own, or from looking well on it."""
    if delivery.profile.disc is None:
        return ()
    disc = disc_of(production, delivery)
    return tuple(limit_findings(disc, [numbers_of(on_disc(production, delivery), disc.titles[0])]))


def sized(production: Production, delivery: Delivery, site: Site) -> Delivery:
    """A delivery at the step that fills its disc; what is no disc stays as it is. Raises Refused, BuildFailed."""
    if delivery.profile.disc is None:
        return delivery
    disc, title = disc_of(production, delivery), on_disc(production, delivery)
    try:
        (filled,) = sized_titles(disc, production.look, (title,), {}, site)
    except BuildFailed as failure:
        raise BuildFailed([*failure.findings, *set_aside(files_of(disc, site.out))]) from failure
    return filled


def sized_before(production: Production, delivery: Delivery, store: Store) -> Delivery | None:
    """As :func:`sized`, from what the store remembers; None where it remembers nothing. Raises Refused."""
    if delivery.profile.disc is None:
        return delivery
    disc, title = disc_of(production, delivery), on_disc(production, delivery)
    pages = menu_bytes(planned_menus(disc, production.look, (title,), {}, store), store)
    numbers = [numbers_of(title, disc.titles[0])]
    filled = filled_before([delivery], numbers, capacity=disc.capacity_bytes, menu_bytes=pages, store=store)
    return None if filled is None else filled[0]


def stands_alone(production: Production, delivery: Delivery, out: Path, store: Store) -> bool:
    """Whether the disc of a delivery whose film stands is there as it was verified; True for what is no disc."""
    if delivery.profile.disc is None:
        return True
    title = on_disc(production, delivery)
    return disc_stands(disc_of(production, delivery), production.look, (title,), out, store)


def with_disc(part: dict[str, Any], production: Production, delivery: Delivery, site: Site) -> dict[str, Any]:
    """A delivery's report with that of the disc of this one title, if its film was verified; what is wrong with the
    disc is wrong with the delivery."""
    if delivery.profile.disc is None:
        return part
    disc, title = disc_of(production, delivery), on_disc(production, delivery)
    files = files_of(disc, site.out)
    if not part["verified"]:
        return {**part, "findings": [*part["findings"], *map(plain, set_aside(files))]}
    try:
        image, verdict = authored_disc(disc, production.look, (title,), {}, site)
    except CrowdcutError as error:
        findings = [*part["findings"], *map(plain, (*error.findings, *set_aside(files)))]
        return {**part, "verified": False, "findings": findings}
    return with_image(part, image, verdict)
