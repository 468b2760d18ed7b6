"""How finely a disc's pictures are quantised: one step for the whole disc, so that it is nearly full and never over.

A step is a quantiser and a part of the pieces that take the next coarser one: at 4 + 1/4, a quarter of them takes 5 and
the rest 4. Which ones tells a hash of the piece's own key, so that a piece that changes changes no other's quantiser,
and the next step changes only a sixteenth of all.

Quantisers are FFmpeg's for MPEG-2 with ``non_linear_quant``: up to 8 they are the scale itself (ISO/IEC 13818-2, table
7-6).
"""

from bisect import bisect_left
from collections.abc import Mapping
from fractions import Fraction
from functools import cache
from hashlib import blake2b

from crowdcut.disc.standards import BEST_STEP

FINEST, COARSEST = BEST_STEP, 16
"""Quantisers. Beyond 16 (a scale of 24) the pictures are blocks."""
PARTS = 16
"""Steps from one quantiser to the next. From 2 to 3 pictures of detail lose up to half their bits (measured): with 16
parts no step is more than 6 % smaller than the one before, where 8 % of a disc may stay empty."""
LEAST_FILL = Fraction(92, 100)
"""Of a disc that is not at the finest step."""


@cache
def ladder() -> tuple[Fraction, ...]:
    """All steps, finest first."""
    return tuple(Fraction(step, PARTS) for step in range(FINEST * PARTS, COARSEST * PARTS + 1))


def _first_part(piece_digest: str) -> int:
    """The part of a step, 1 to 16, from which on a piece takes the coarser quantiser."""
    draw = int.from_bytes(blake2b(piece_digest.encode(), digest_size=8, person=b"quantiser").digest(), "big")
    return draw * PARTS // 2**64 + 1


def quantiser_of(piece_digest: str, step: Fraction) -> int:
    """The quantiser of one piece at a step of the ladder. It never falls as the step rises.

    piece_digest : of all that makes the piece, but for its quantiser and its place in the film.
    """
    whole, part = divmod(step, 1)
    return int(whole) + (part * PARTS >= _first_part(piece_digest))


def _between(sizes: Mapping[int, int], quantiser: int) -> int:
    """A piece's size at a quantiser, from those measured around it: over 1/quantiser, sizes lie nearly on a line."""
    if quantiser in sizes:
        return sizes[quantiser]
    known = sorted(sizes)
    at = bisect_left(known, quantiser)
    finer, coarser = known[at - 1], known[at]
    part, whole = coarser * (quantiser - finer), quantiser * (coarser - finer)
    return sizes[finer] + part * (sizes[coarser] - sizes[finer]) // whole


def sizes_by_step(measured: Mapping[str, Mapping[int, int]], *, scale: Fraction = Fraction(1)) -> dict[Fraction, int]:
    """Bytes of all pictures at each step of the ladder.

    measured : of each piece that was measured, by its digest, bytes by quantiser: at least at the finest and the
        coarsest, others are told from those around them.
    scale : frames of all pieces over frames of those measured.
    """
    quantisers = range(FINEST, COARSEST + 1)
    shares = {q: [0] * (PARTS + 1) for q in quantisers}  # by the part from which on a piece is coarser
    for piece, sizes in measured.items():
        first = _first_part(piece)
        for one in quantisers:
            shares[one][first] += _between(sizes, one)

    def size(step: Fraction) -> int:
        whole, part = divmod(step, 1)
        coarser = int(part * PARTS) + 1
        return sum(shares[int(whole)][coarser:]) + (sum(shares[int(whole) + 1][:coarser]) if part else 0)

    return {step: round(scale * size(step)) for step in ladder()}


def chosen(
    step_sizes: Mapping[Fraction, int], capacity_bytes: int, fixed_bytes: int, *, error: Fraction = Fraction(0)
) -> Fraction | None:
    """The step of a disc: the roundest of those that fill it to 92 % or more and not over; None: none fits it.

    step_sizes : bytes of all pictures by step, as :func:`sizes_by_step` gives them.
    fixed_bytes : all else on the disc: sound, menus, navigation, the packs' own.
    error : part of the pictures' bytes by which the sizes may be off either way.

    Where no step fills it so (the finest is smaller, or sizes leap), it is the finest that fits. The roundest is the
    one of the smallest denominator, then the finest: wherever sizes change a little, 4 stays 4 for long.
    """
    most = {step: fixed_bytes + size * (1 + error) for step, size in step_sizes.items()}
    fitting = sorted(step for step, size in most.items() if size <= capacity_bytes)
    if not fitting:
        return None
    if fitting[0] == min(step_sizes):
        return fitting[0]
    filling = [step for step in fitting if fixed_bytes + step_sizes[step] * (1 - error) >= LEAST_FILL * capacity_bytes]
    return min(filling, key=lambda step: (step.denominator, step), default=fitting[0])


def corrected(step_sizes: Mapping[Fraction, int], found: Mapping[Fraction, int]) -> dict[Fraction, int]:
    """Bytes of all pictures by step, as :func:`sizes_by_step` tells them, corrected by what some steps came to.

    found : bytes by step, of those that were coded. They are taken as they are; by how much the others are off is told
    from those on either side.
    """
    if not found:
        return dict(step_sizes)
    known = sorted(found)
    ratios = [Fraction(found[step], step_sizes[step]) for step in known]

    def ratio(step: Fraction) -> Fraction:
        at = bisect_left(known, step)
        if at in (0, len(known)):
            return ratios[min(at, len(known) - 1)]
        part = (step - known[at - 1]) / (known[at] - known[at - 1])
        return ratios[at - 1] + part * (ratios[at] - ratios[at - 1])

    return {step: round(size * ratio(step)) for step, size in step_sizes.items()} | dict(found)


def is_filling(size: int, capacity_bytes: int, fixed_bytes: int) -> bool:
    """Whether pictures of so many bytes fill a disc, and are not too much for it."""
    return LEAST_FILL * capacity_bytes <= fixed_bytes + size <= capacity_bytes
