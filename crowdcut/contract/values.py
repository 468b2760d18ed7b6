"""Words and numbers as a producer writes them, each in its final form or refused with the way out."""

import re
import unicodedata
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from crowdcut.contract.tables import Node, quoted
from crowdcut.timing import seconds_from
from crowdcut.vocabulary.table import KINDS, Table
from crowdcut.words import is_blank

LONGEST_ID, LONGEST_LINE, LONGEST_WORDS, LONGEST_NOTE = 200, 1000, 1500, 10_000
"""Letters. More words than these fill no screen, whatever their size; the rest was pasted by mistake."""
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
    table_of: Callable[[Node, Table], dict[str, Any]]
    """Reads a table within a value."""


Reader = Callable[[Node, Context], Any]


def wanted(kind: str) -> str:
    """What a kind of value looks like, for a message."""
    return KINDS[kind].replace("`", "")


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


def note(node: Node, context: Context) -> str:
    """Words, perhaps several lines; never only white space or what is drawn as nothing."""
    text = unicodedata.normalize("NFC", typed(node, str, "note"))
    if is_blank(text):
        raise Misfit(found="there are no words between the quotes", way_out="Write some, or leave the key away.")
    if len(text) > LONGEST_NOTE:
        raise Misfit(found=f"these are {len(text)} letters", wanted=f"at most {LONGEST_NOTE}", way_out="Shorten it.")
    if any(unicodedata.category(letter) == "Cc" and letter not in "\n\t" for letter in text):
        raise Misfit(found=f"there is a control character in {quoted(text)}", way_out="Leave it away.")
    return text


def words(node: Node, context: Context) -> str:
    """Words that are read on the screen."""
    text = note(node, context)
    if len(text) > LONGEST_WORDS:
        raise Misfit(
            found=f"these are {len(text)} letters",
            wanted=f"at most {LONGEST_WORDS}, to be read on a screen",
            way_out="Shorten it, or part it over several shots.",
        )
    return text


def path(node: Node, context: Context) -> str:
    """A path as written; who needs it resolves it against the file it stands in."""
    typed(node, str, "line")
    text = note(node, context)
    if "\n" in text:
        raise Misfit(found=f"{quoted(text)} has several lines", wanted=wanted("line"))
    return text.strip()


def line(node: Node, context: Context) -> str:
    """Words on one line."""
    text = path(node, context)
    if len(text) > LONGEST_LINE:
        raise Misfit(
            found=f"this line has {len(text)} letters", wanted=f"at most {LONGEST_LINE}", way_out="Shorten it."
        )
    return text


def _several(node: Node, context: Context, one: Callable[[Node, Context], str]) -> tuple[str, ...]:
    """A list of what ``one`` reads, none twice."""
    if isinstance(node.value, str):
        way_out = f"Put it in brackets: [{quoted(node.value)}]."
        raise Misfit(rule="wrong-type", wanted=wanted("lines"), way_out=way_out)
    items = tuple(one(item, context) for item in typed(node, tuple, "lines"))
    if not items:
        raise Misfit(found="the list is empty", way_out="Write something into it, or leave the key away.")
    counts = Counter(items)
    if twice := next((item for item in items if counts[item] > 1), None):
        raise Misfit(found=f"{quoted(twice)} stands in the list twice", way_out="Once is enough.")
    return items


def lines(node: Node, context: Context) -> tuple[str, ...]:
    """A list of words, none twice."""
    return _several(node, context, line)


def paths(node: Node, context: Context) -> tuple[str, ...]:
    """A list of paths, none twice."""
    return _several(node, context, path)


def identifier(node: Node, context: Context) -> str:
    """A name to be referred to by."""
    text = line(node, context)
    if text == "end" or "/" in text or len(text) > LONGEST_ID or seconds_in(text, context.rate) is not None:
        raise Misfit(wanted=wanted("id"), way_out="Give it another name.")
    return text


def is_file_name(text: str) -> bool:
    """Whether every file system takes it."""
    return bool(_FILE_NAME.fullmatch(text))


def file_name(node: Node, context: Context) -> str:
    """A name that every file system takes."""
    text = line(node, context)
    if not is_file_name(text):
        raise Misfit(wanted=wanted("file name"), way_out=f'Write it like "{file_safe(text)}".')
    return text


def file_safe(text: str) -> str:
    """``text`` as a file's name: what is no letter, digit, ``_``, ``.`` or ``-`` becomes ``-``."""
    return re.sub(r"[^\w.-]+", "-", unicodedata.normalize("NFC", text))[:60].strip("-.") or "episode"


def use(node: Node, context: Context) -> str:
    """What names a contribution or a clip."""
    if isinstance(node.value, tuple):
        way_out = "Write one table for each; a [[scene.shot]] with a layout shows several at once."
        raise Misfit(rule="wrong-type", wanted=wanted("use"), way_out=way_out)
    return line(node, context)


def format_number(node: Node, context: Context) -> int:
    """The format's version."""
    if node.value is True or node.value != 1:
        way_out = "Write format = 1; another number needs another version of Crowdcut."
        raise Misfit(wanted=wanted("format"), way_out=way_out)
    return 1


def seconds_in(text: str, frame_rate: Fraction) -> Fraction | None:
    """The time that ``text`` means, in seconds; None where it means none."""
    try:
        return seconds_from(text, frame_rate)
    except ValueError:
        return None


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


def bpm(node: Node, context: Context) -> Fraction:
    """A song's tempo."""
    return number_within(node, 20, 400, "bpm")


def meter(node: Node, context: Context) -> int:
    """Beats in a bar."""
    typed(node, int, "meter")
    return int(number_within(node, 1, 16, "meter"))


def count(node: Node, context: Context) -> int:
    """A whole number above 0."""
    found = typed(node, int, "count")
    if not 0 < found < 10**9:
        raise Misfit(wanted=wanted("count"))
    return found
