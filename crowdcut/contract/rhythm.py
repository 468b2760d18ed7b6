"""Lengths that a producer tells in beats and bars of the music."""

import re
from fractions import Fraction

from crowdcut.contract import times
from crowdcut.contract.tables import Node
from crowdcut.contract.values import Context, Misfit, wanted
from crowdcut.episode import Pulse

_PULSE = re.compile(r"(?:([1-9]\d{0,2}) )?(?:(beat)s?|bars?)")


def is_of_music(node: Node) -> bool:
    """Whether a value speaks of beats or bars, rightly or not."""
    return isinstance(node.value, str) and ("beat" in node.value or "bar" in node.value)


def _pulse_in(text: str) -> Pulse | None:
    found = _PULSE.fullmatch(text.strip())
    return Pulse(unit="beat" if found[2] else "bar", count=int(found[1] or 1)) if found else None


def each(node: Node, context: Context) -> Fraction | Pulse:
    """How long each of several pictures is shown: seconds, or a length in music."""
    if not is_of_music(node):
        return times.length(node, context)
    if (found := _pulse_in(node.value)) is None:
        raise Misfit(wanted=wanted("each"))
    return found
