"""How fast and which way a shot plays, as a producer writes it."""

import re
from fractions import Fraction

from crowdcut.contract import times
from crowdcut.contract.tables import Node
from crowdcut.contract.values import Context, Misfit, typed, wanted
from crowdcut.episode import Freeze

INSTEAD_OF = {"freeze": ("speed", "reverse"), "speed": ("freeze",), "reverse": ("freeze",)}
"""Keys that a key takes the place of where they come from a level below."""
SLOWEST, FASTEST = Fraction(1, 16), Fraction(16)
"""Slower, a picture stands for most of a second; faster, sound is no longer told from noise."""
_SPEED = re.compile(r"\d{1,4}(\.\d{1,6}|/[1-9]\d{0,3})?|\.\d{1,6}")


def speed(node: Node, context: Context) -> Fraction:
    """Source seconds that play in a second."""
    value = typed(node, (str, int, Fraction), "speed")
    if isinstance(value, str):
        if not _SPEED.fullmatch(value.strip()):
            raise Misfit(wanted=wanted("speed"))
        value = Fraction(value.strip())
    if not SLOWEST <= value <= FASTEST:
        raise Misfit(wanted=wanted("speed"))
    # A rate of many digits would be carried through every source time of the plan.
    return Fraction(value).limit_denominator(10_000)


def freeze(node: Node, context: Context) -> Freeze | None:
    """The picture that is held; None for false."""
    if isinstance(node.value, bool):
        return Freeze() if node.value else None
    return Freeze(at=times.seconds(node, context))
