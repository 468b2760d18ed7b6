"""Lengths that a producer tells in beats and bars of the music."""

import re
from fractions import Fraction

from crowdcut.contract import times
from crowdcut.contract.tables import Node
from crowdcut.contract.values import Context
from crowdcut.episode import Pulse

_PULSE = re.compile(r"(?:([1-9]\d{0,2}) )?(?:(beat)s?|bars?)")


def pulse_in(text: str) -> Pulse | None:
    """The length in music that ``text`` means; None where it means none."""
    found = _PULSE.fullmatch(text.strip())
    return Pulse(unit="beat" if found[2] else "bar", count=int(found[1] or 1)) if found else None


def each(node: Node, context: Context) -> Fraction | Pulse:
    """How long each of several pictures is shown: seconds, or a length in music."""
    found = pulse_in(node.value) if isinstance(node.value, str) else None
    return found or times.length(node, context)
