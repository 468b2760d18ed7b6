"""How finely a disc is quantised: pieces of a sample are coded at several steps, the disc at the one that fills it."""

from collections.abc import Sequence
from fractions import Fraction
from math import ceil

from crowdcut.delivery import Delivery
from crowdcut.disc.limits import PAYLOAD_BYTES, TitleNumbers, other_bytes
from crowdcut.disc.sizing import COARSEST, FINEST, LEAST_FILL, chosen, sizes_by_step
from crowdcut.disc.standards import PACK_BYTES
from crowdcut.disc.stepping import at_quantiser, delivery_at
from crowdcut.findings import BuildFailed, Finding
from crowdcut.plan import Job
from farm.events import Event
from farm.site import Site

_MOST_VIDEO_BITS = 8_300_000
"""Bits a second that a title's pictures take at most: what the encoder is held to, and a little of its buffer."""
_SAMPLE = 24
"""Pieces that are coded at several quantisers."""
_MEASURED = (FINEST, 3, 4, 6, 9, COARSEST)
_ROUNDS = 5


def _picture_bytes(bits: int) -> int:
    """What pictures take on the disc, in packs."""
    return ceil(Fraction(bits, 8 * PAYLOAD_BYTES)) * PACK_BYTES


def _bits(jobs: Sequence[Job], site: Site) -> int:
    """Of all pieces, each as often as it is shown. Raises BuildFailed with what could not be rendered."""
    outcome = site.hands.run(list({job.key: job for job in jobs}.values()))
    if outcome.failed:
        raise BuildFailed([finding for findings in outcome.failed.values() for finding in findings])
    total = 0
    for job in jobs:
        stored = site.store.find(job.key)
        assert stored is not None
        total += stored.facts["bits"]
    return total


def _sampled(deliveries: Sequence[Delivery]) -> list[Job]:
    """Pieces from everywhere in the disc, their places told by their keys: a changed shot leaves the others."""
    pieces = {piece.key: piece for delivery in deliveries for piece in delivery.plan.pictures}
    return [pieces[key] for key in sorted(pieces)[:_SAMPLE]]


def _predicted(deliveries: Sequence[Delivery], site: Site) -> dict[Fraction, int]:
    """Bytes of all pictures at each step, told from the sample."""
    sample = _sampled(deliveries)
    told = f"coding {len(sample)} pieces at {len(_MEASURED)} steps, to fill the disc"
    site.listener(Event(kind="stage", text=told, jobs=len(sample) * len(_MEASURED)))
    measured = {
        piece.key: {step: _picture_bytes(_bits([at_quantiser(piece, step)], site)) for step in _MEASURED}
        for piece in sample
    }
    frames = sum(piece.frames for delivery in deliveries for piece in delivery.plan.pictures)
    return sizes_by_step(measured, scale=Fraction(frames, sum(piece.frames for piece in sample)))


def _no_step(capacity: int, least: int) -> BuildFailed:
    return BuildFailed(
        Finding(
            rule="disc-too-full",
            found=f"its films take {least / 1e9:.2f} GB as coarsely as they may be coded; the disc holds "
            f"{capacity / 1e9:.2f} GB",
            way_out=f"Part them over {ceil(Fraction(least, capacity))} discs or more.",
        )
    )


def filling(
    deliveries: Sequence[Delivery], numbers: Sequence[TitleNumbers], *, capacity: int, menu_bytes: int, site: Site
) -> Sequence[Delivery]:
    """The titles of a disc at the step that fills it, their pieces rendered if that took more than a look at lengths.

    capacity : bytes of the disc; menu_bytes : of all menus. Raises BuildFailed where no step makes it fit, or a piece
    cannot be rendered.
    """
    fixed = other_bytes(numbers) + menu_bytes
    seconds = sum((one.seconds for one in numbers), Fraction(0))
    if fixed + _picture_bytes(ceil(seconds * _MOST_VIDEO_BITS)) <= capacity:
        return deliveries
    site.hands.run([screen for delivery in deliveries for screen in delivery.plan.screens])
    sizes, stepped = _predicted(deliveries, site), deliveries
    for _ in range(_ROUNDS):
        step = chosen(sizes, capacity, fixed)
        if step is None:
            raise _no_step(capacity, fixed + min(sizes.values()))
        stepped = [delivery_at(delivery, step) for delivery in deliveries]
        site.listener(Event(kind="stage", text=f"rendering at step {float(step):g}", jobs=0))
        found = _picture_bytes(_bits([piece for one in stepped for piece in one.plan.pictures], site))
        full = Fraction(fixed + found, capacity)
        if full <= 1 and (full >= LEAST_FILL or step == FINEST):
            break
        sizes = {one: round(size * Fraction(found, sizes[step])) for one, size in sizes.items()}
    return stepped
