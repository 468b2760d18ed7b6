"""Times, rates and anchors as a producer writes them, each in seconds or refused with the way out."""

import re
from datetime import time
from fractions import Fraction

from crowdcut.contract.tables import Node, described, printable, quoted
from crowdcut.contract.values import Context, Misfit, line, seconds_in, typed, wanted
from crowdcut.episode import Anchor
from crowdcut.timing import rate_from

LONGEST_SECONDS = 100 * 3600
"""No time in a film lies beyond this."""
_RATE = re.compile(r"\d{1,6}(\.\d{1,3}|/[1-9]\d{0,5})?")
_ANCHOR = re.compile(r"(.*?)(?<!\s)\s*+([+-])\s*+([\d.:]++f?)")


def rate(node: Node, context: Context) -> Fraction:
    """Frames a second."""
    whole = isinstance(node.value, int) and not isinstance(node.value, bool) and 0 < node.value < 1000
    text = str(node.value) if whole else typed(node, str, "rate")
    if not _RATE.fullmatch(text.strip()):
        raise Misfit(wanted=wanted("rate"))
    try:
        return rate_from(text)
    except ValueError as error:
        raise Misfit(found=str(error), wanted=wanted("rate")) from error


def bounded(seconds: Fraction) -> Fraction:
    """``seconds``, unless no film is so long."""
    if abs(seconds) > LONGEST_SECONDS:
        raise Misfit(found="a time of more than 100 hours", way_out="Shorten it.")
    return seconds


def _refuse_clock(node: Node) -> None:
    if isinstance(node.value, time):
        written = node.value.isoformat().removeprefix("00:")
        written = written.rstrip("0") if "." in written else written
        found = f"a time without quotes, which TOML takes for a time of day ({node.value})"
        raise Misfit(rule="unquoted-time", found=found, way_out=f'Put it in quotes: "{written}".')


def seconds(node: Node, context: Context) -> Fraction:
    """A time in seconds, 0 or more."""
    _refuse_clock(node)
    value = typed(node, (str, int, Fraction), "time")
    found = seconds_in(value, context.rate) if isinstance(value, str) else Fraction(value)
    if found is None or found < 0:
        raise Misfit(wanted=wanted("time"))
    return bounded(found)


def length(node: Node, context: Context) -> Fraction:
    """A time in seconds, more than 0."""
    found = seconds(node, context)
    if found == 0:
        raise Misfit(found=f"{described(node)} is no length", way_out="Make it longer than nothing.")
    return found


def offset(node: Node, context: Context) -> Fraction:
    """A time in seconds, to either side."""
    _refuse_clock(node)
    value = typed(node, (str, int, Fraction), "offset")
    if not isinstance(value, str):
        return bounded(Fraction(value))
    text = value.strip().replace("\N{MINUS SIGN}", "-")
    found = seconds_in(text.removeprefix("-"), context.rate)
    if found is None:
        raise Misfit(wanted=wanted("offset"))
    return bounded(-found if text.startswith("-") else found)


def moment(node: Node, context: Context) -> Anchor:
    """A moment on the clock of what something hangs on."""
    _refuse_clock(node)
    value = typed(node, (str, int, Fraction), "moment")
    if not isinstance(value, str):
        return Anchor(offset=bounded(Fraction(value)))
    text = line(node, context)
    known = context.moments | {"end"}
    if text in known:
        return Anchor(base=text)
    if (offset := seconds_in(text, context.rate)) is not None:
        return Anchor(offset=bounded(offset))
    found = _ANCHOR.fullmatch(text)
    offset = seconds_in(found[3], context.rate) if found else None
    if found and offset is not None and (not found[1] or found[1] in known):
        return Anchor(base=found[1] or None, offset=bounded(-offset if found[2] == "-" else offset))
    raise Misfit(
        rule="unknown-anchor",
        found=f"{quoted(text)} is neither a time nor the id of a scene or shot",
        way_out=f"Write a time, or an id + or - a time. {ids_in_words(context.moments, 'scenes and shots')}",
    )


def ids_in_words(ids: frozenset[str], of: str) -> str:
    """A sentence that names ids, at most ten of them."""
    few = sorted(ids)[:10]
    return f"Ids of {of}: {', '.join(map(printable, few))}{', ...' if len(ids) > len(few) else ''}." if few else ""
