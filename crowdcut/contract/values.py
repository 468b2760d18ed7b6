"""Words, numbers and times as a producer writes them, each in its final form or refused with the way out."""

import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from datetime import time
from fractions import Fraction
from typing import Any

from crowdcut import vocabulary
from crowdcut.contract.tables import Node, described, printable, quoted
from crowdcut.episode import Anchor
from crowdcut.timing import rate_from, seconds_from

LONGEST_SECONDS = 100 * 3600
"""No time in a film lies beyond this."""
_RATE = re.compile(r"\d{1,6}(\.\d{1,3}|/[1-9]\d{0,5})?")
_ANCHOR = re.compile(r"(.*?)\s*([+-])\s*([\d.:]+f?)")
_FILE_NAME = re.compile(r"\w[\w.-]{0,59}")


class Misfit(Exception):
    """A value is not what its key wants."""

    def __init__(self, *, wanted: str = "", way_out: str = "", found: str = "", rule: str = "wrong-value"):
        self.wanted, self.way_out, self.found, self.rule = wanted, way_out, found, rule
        super().__init__(found or wanted)


@dataclass(frozen=True, slots=True, kw_only=True)
class Context:
    """What the meaning of a value hangs on."""

    rate: Fraction
    """Frames a second, for times in frames."""
    moments: frozenset[str] = frozenset()
    """Ids of scenes and shots: what an anchor can name."""
    table_of: Callable[[Node, vocabulary.Table], dict[str, Any]]
    """Reads a table within a value."""


Reader = Callable[[Node, Context], Any]


def wanted(kind: str) -> str:
    """What a kind of value looks like, for a message."""
    return vocabulary.KINDS[kind].replace("`", "")


def typed(node: Node, kind: type | tuple[type, ...], word: str) -> Any:
    """The value if it is of the Python type that ``word``, a kind of the vocabulary, asks for."""
    fits = isinstance(node.value, kind) and (kind is bool or not isinstance(node.value, bool))
    if not fits:
        raise Misfit(rule="wrong-type", wanted=wanted(word))
    return node.value


def number_within(node: Node, low: Fraction | int, high: Fraction | int, word: str) -> Fraction:
    """A number from ``low`` to ``high``."""
    number = typed(node, (int, Fraction), word)
    if not low <= number <= high:
        raise Misfit(wanted=wanted(word))
    return Fraction(number)


def words(node: Node, context: Context) -> str:
    """Words, perhaps several lines; never only white space."""
    text = unicodedata.normalize("NFC", typed(node, str, "words"))
    if not text.strip():
        raise Misfit(found="there are no words between the quotes", way_out="Write some, or leave the key away.")
    if any(unicodedata.category(letter) == "Cc" and letter not in "\n\t" for letter in text):
        raise Misfit(found=f"there is a control character in {quoted(text)}", way_out="Leave it away.")
    return text


def line(node: Node, context: Context) -> str:
    """Words on one line."""
    text = words(node, context)
    if "\n" in text:
        raise Misfit(found=f"{quoted(text)} has several lines", wanted=wanted("line"))
    return text.strip()


def lines(node: Node, context: Context) -> tuple[str, ...]:
    """A list of words, none twice."""
    if isinstance(node.value, str):
        way_out = f"Put it in brackets: [{quoted(node.value)}]."
        raise Misfit(rule="wrong-type", wanted=wanted("lines"), way_out=way_out)
    items = tuple(line(item, context) for item in typed(node, tuple, "lines"))
    if not items:
        raise Misfit(found="the list is empty", way_out="Write something into it, or leave the key away.")
    if twice := next((item for item in items if items.count(item) > 1), None):
        raise Misfit(found=f"{quoted(twice)} stands in the list twice", way_out="Once is enough.")
    return items


def identifier(node: Node, context: Context) -> str:
    """A name to be referred to by."""
    text = line(node, context)
    if text == "end" or "/" in text or seconds_in(text, context.rate) is not None:
        raise Misfit(wanted=wanted("id"), way_out="Give it another name.")
    return text


def file_name(node: Node, context: Context) -> str:
    """A name that every file system takes."""
    text = line(node, context)
    if not _FILE_NAME.fullmatch(text):
        raise Misfit(wanted=wanted("file name"), way_out=f'Write it like "{file_safe(text)}".')
    return text


def file_safe(text: str) -> str:
    """``text`` as a file's name: what is no letter, digit, ``_``, ``.`` or ``-`` becomes ``-``."""
    return re.sub(r"[^\w.-]+", "-", unicodedata.normalize("NFC", text))[:60].strip("-.") or "episode"


def path(node: Node, context: Context) -> str:
    """A path as written; who needs it resolves it against the file it stands in."""
    return line(node, context)


def use(node: Node, context: Context) -> str:
    """What names a contribution or a clip; lists are for later."""
    if isinstance(node.value, tuple):
        way_out = "Write one [[scene.shot]] for each; a later version builds several in one shot."
        raise Misfit(rule="later", found="a list of contributions is not built yet", way_out=way_out)
    return line(node, context)


def format_number(node: Node, context: Context) -> int:
    """The format's version."""
    if node.value is True or node.value != 1:
        way_out = "Write format = 1; another number needs another version of Crowdcut."
        raise Misfit(wanted=wanted("format"), way_out=way_out)
    return 1


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


def seconds_in(text: str, frame_rate: Fraction) -> Fraction | None:
    """The time that ``text`` means, in seconds; None where it means none."""
    try:
        return seconds_from(text, frame_rate)
    except ValueError:
        return None


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


def truth(node: Node, context: Context) -> bool:
    """True or false."""
    return typed(node, bool, "yes or no")


def decibels(node: Node, context: Context) -> float:
    """A gain."""
    return float(number_within(node, -60, 20, "decibels"))


def part(node: Node, context: Context) -> float:
    """A part of 1."""
    return float(number_within(node, 0, 1, "part"))


def number(node: Node, context: Context) -> float:
    """A number within what any level or size can be."""
    return float(number_within(node, -(10**9), 10**9, "number"))


def count(node: Node, context: Context) -> int:
    """A whole number above 0."""
    found = typed(node, int, "count")
    if not 0 < found < 10**9:
        raise Misfit(wanted=wanted("count"))
    return found
