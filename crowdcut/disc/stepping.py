"""A title's pieces at another quantiser step: the plan of a delivery, with what codes its pieces told anew."""

from dataclasses import replace
from fractions import Fraction

from crowdcut.delivery import Delivery
from crowdcut.disc.sizing import quantiser_of
from crowdcut.plan import Job, remade


def at_quantiser(piece: Job, quantiser: int) -> Job:
    """The job that renders a piece at a quantiser."""
    encoding = piece.order.encoding
    options = {**encoding.options, "qmin": str(quantiser)}
    return remade(piece, order=replace(piece.order, encoding=replace(encoding, options=options)))


def delivery_at(delivery: Delivery, step: Fraction) -> Delivery:
    """A delivery that was planned at the finest step, at another. Which pieces take the coarser quantiser is told by
    their keys at the finest."""
    plan = delivery.plan
    pictures = tuple(at_quantiser(piece, quantiser_of(piece.key, step)) for piece in plan.pictures)
    jobs = {**plan.master.jobs, **{f"piece{number}": piece.key for number, piece in enumerate(pictures)}}
    return replace(delivery, plan=replace(plan, pictures=pictures, master=remade(plan.master, jobs=jobs)))
