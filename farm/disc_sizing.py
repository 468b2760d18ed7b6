"""How finely a disc is quantised: pieces of a sample are coded at several steps, the disc at the one that fills it."""

import json
from collections.abc import Sequence
from fractions import Fraction
from hashlib import blake2b
from math import ceil

from crowdcut.delivery import Delivery
from crowdcut.disc.disc import Disc
from crowdcut.disc.limits import PAYLOAD_BYTES, TitleNumbers, other_bytes
from crowdcut.disc.sizing import COARSEST, FINEST, chosen, corrected, is_filling, sizes_by_step
from crowdcut.disc.standards import PACK_BYTES
from crowdcut.disc.stepping import at_quantiser, delivery_at
from crowdcut.findings import BuildFailed, Finding
from crowdcut.look import Look
from crowdcut.plan import Job
from farm.disc_build import BuiltTitle, menu_bytes, numbers_of, rendered_menus
from farm.disc_menu import MenuMedia
from farm.events import Event
from farm.site import Site
from farm.store import Store

_MOST_VIDEO_BITS = 8_300_000
"""Bits a second that a title's pictures take at most: what the encoder is held to, and a little of its buffer."""
_SAMPLE = 24
"""Pieces that are coded at several quantisers."""
_MEASURED = (FINEST, 3, 4, 6, 9, COARSEST)
_CODE = 1
"""Of the way in which a step is found: another finds steps anew."""


def _picture_bytes(bits: int) -> int:
    """What pictures take on the disc, in packs."""
    return ceil(Fraction(bits, 8 * PAYLOAD_BYTES)) * PACK_BYTES


def _bits(jobs: Sequence[Job], site: Site) -> int:
    """Of all pieces, each as often as it is shown. Raises BuildFailed with what could not be rendered."""
    if failed := site.hands.run(list({job.key: job for job in jobs}.values())).findings:
        raise BuildFailed(failed)
    return sum(site.store.made(job.key).facts["bits"] for job in jobs)


def _sampled(deliveries: Sequence[Delivery]) -> list[Job]:
    """Pieces from everywhere in the disc, their places told by their keys: a changed shot leaves the others."""
    pieces = {piece.key: piece for delivery in deliveries for piece in delivery.plan.pictures}
    return [pieces[key] for key in sorted(pieces)[:_SAMPLE]]


def _predicted(deliveries: Sequence[Delivery], site: Site) -> dict[Fraction, int]:
    """Bytes of all pictures at each step, told from the sample."""
    sample = _sampled(deliveries)
    told = f"coding {len(sample)} pieces at {len(_MEASURED)} steps, to fill the disc"
    site.listener(Event(kind="stage", text=told, jobs=len(sample) * len(_MEASURED)))
    _bits([at_quantiser(piece, step) for piece in sample for step in _MEASURED], site)  # all workers at once
    measured = {
        piece.key: {step: _picture_bytes(_bits([at_quantiser(piece, step)], site)) for step in _MEASURED}
        for piece in sample
    }
    frames = sum(piece.frames for delivery in deliveries for piece in delivery.plan.pictures)
    return sizes_by_step(measured, scale=Fraction(frames, sum(piece.frames for piece in sample)))


def _told(size: int) -> str:
    """Bytes for people."""
    return f"{size / 1e9:.2f} GB" if size >= 10**8 else f"{size / 1e6:.2f} MB"


def _no_step(capacity: int, least: int) -> BuildFailed:
    return BuildFailed(
        Finding(
            rule="disc-too-full",
            found=f"its films take {_told(least)} as coarsely as they may be coded; the disc holds {_told(capacity)}",
            way_out=f"Part them over {ceil(Fraction(least, capacity))} discs or more.",
        )
    )


def _fits_anyhow(numbers: Sequence[TitleNumbers], capacity: int, fixed: int) -> bool:
    """Whether the films fit at the finest step, told from their lengths alone."""
    seconds = sum((one.seconds for one in numbers), Fraction(0))
    return fixed + _picture_bytes(ceil(seconds * _MOST_VIDEO_BITS)) <= capacity


def _memory_key(deliveries: Sequence[Delivery], capacity: int, fixed: int) -> str:
    """What the store remembers the step of these very films by."""
    told = [fixed, capacity, *(delivery.plan.master.key for delivery in deliveries), _CODE]
    return blake2b(json.dumps(told).encode(), digest_size=16, person=b"step of a disc").hexdigest()


def filled_before(
    deliveries: Sequence[Delivery], numbers: Sequence[TitleNumbers], *, capacity: int, menu_bytes: int, store: Store
) -> Sequence[Delivery] | None:
    """As :func:`filling`, from what the store remembers; None where it remembers nothing."""
    fixed = other_bytes(numbers) + menu_bytes
    if _fits_anyhow(numbers, capacity, fixed):
        return deliveries
    stored = store.find(_memory_key(deliveries, capacity, fixed))
    if stored is None:
        return None
    return [delivery_at(delivery, Fraction(stored.facts["step"])) for delivery in deliveries]


def _filling_step(deliveries: Sequence[Delivery], capacity: int, fixed: int, site: Site) -> Fraction:
    """The step, found by rendering at those that are told to fill the disc until one does. Raises BuildFailed."""
    site.hands.run([screen for delivery in deliveries for screen in delivery.plan.screens])
    sizes = _predicted(deliveries, site)
    found: dict[Fraction, int] = {}
    while True:  # each round codes another step of the ladder
        step = chosen(corrected(sizes, found), capacity, fixed)
        if step is None:
            step = Fraction(COARSEST)
            if step in found:
                raise _no_step(capacity, fixed + found[step])
        if step in found:
            return step
        stepped = [delivery_at(delivery, step) for delivery in deliveries]
        pieces = [piece for one in stepped for piece in one.plan.pictures]
        site.listener(Event(kind="stage", text=f"rendering at step {float(step):g}", jobs=len(pieces)))
        found[step] = _picture_bytes(_bits(pieces, site))
        if is_filling(found[step], capacity, fixed):
            return step


def filling(
    deliveries: Sequence[Delivery], numbers: Sequence[TitleNumbers], *, capacity: int, menu_bytes: int, site: Site
) -> Sequence[Delivery]:
    """The titles of a disc at the step that fills it, their pieces rendered if that took more than a look at lengths.

    capacity : bytes of the disc; menu_bytes : of all menus. Raises BuildFailed where no step makes it fit, or a piece
    cannot be rendered.
    """
    known = filled_before(deliveries, numbers, capacity=capacity, menu_bytes=menu_bytes, store=site.store)
    if known is not None:
        return known
    fixed = other_bytes(numbers) + menu_bytes
    step = _filling_step(deliveries, capacity, fixed, site)
    site.store.publish_facts(_memory_key(deliveries, capacity, fixed), {"step": str(step)})
    return [delivery_at(delivery, step) for delivery in deliveries]


def sized_titles(
    disc: Disc, look: Look, titles: Sequence[BuiltTitle], menu: MenuMedia, site: Site
) -> Sequence[Delivery]:
    """The deliveries of a disc's titles at the step at which they and its menus fill it.

    Raises Refused where the menus cannot be laid out, BuildFailed as :func:`filling`.
    """
    pages = menu_bytes(rendered_menus(disc, look, titles, menu, site), site.store)
    numbers = [numbers_of(title, wish) for title, wish in zip(titles, disc.titles, strict=True)]
    deliveries = [title.on_disc.delivery for title in titles]
    return filling(deliveries, numbers, capacity=disc.capacity_bytes, menu_bytes=pages, site=site)
