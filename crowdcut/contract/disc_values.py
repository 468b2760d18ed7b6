"""Words and numbers of a disc's file, each in its final form or refused with the way out."""

import re
import unicodedata
from fractions import Fraction
from typing import Literal

from crowdcut.contract import times, values
from crowdcut.contract.tables import Node, quoted
from crowdcut.contract.values import Context, Misfit, typed, wanted
from crowdcut.timing import clock

LABEL_LONGEST = 32
"""Characters of a volume's identifier (ECMA-119, 8.4.7)."""
REGIONS = (1, 2, 3, 4, 5, 6, 8)
"""Regions of players: 7 was never given, 8 is ships and aircraft (dvdinfo, "VMG category")."""
MENU_SHORTEST, MENU_LONGEST = Fraction(2), Fraction(180)
"""Seconds of a menu. A shorter one blinks; each page of a longer one would take 100 MB of the disc."""
_LABEL = re.compile(r"[A-Z0-9_]{1,32}")
_NO_D_CHARACTER = re.compile(r"[^A-Z0-9_]")
"""What is none of ISO 9660's d-characters (ECMA-119, 7.4.1)."""
_MOST_NAMED = 8


def label_from(text: str) -> str:
    """``text`` as a volume's name: in capitals, letters without their accents, ``_`` between words; cut to 32.

    Empty where none of its letters has a place in one.
    """
    plain = unicodedata.normalize("NFKD", text.replace("ß", "ss")).upper()
    bare = "".join(letter for letter in plain if not unicodedata.combining(letter))
    return re.sub(r"[^A-Z0-9]+", "_", bare).strip("_")[:LABEL_LONGEST].strip("_")


def label(node: Node, context: Context) -> str:
    """A volume's name."""
    text = values.line(node, context)
    if _LABEL.fullmatch(text):
        return text
    made = label_from(text)
    way_out = f'Write it like "{made}".' if made else "Write one in these letters."
    if strange := dict.fromkeys(_NO_D_CHARACTER.findall(text)):
        named = ", ".join(map(quoted, list(strange)[:_MOST_NAMED])) + (", ..." if len(strange) > _MOST_NAMED else "")
        raise Misfit(found=f"{quoted(text)} holds {named}", wanted=wanted("disc label"), way_out=way_out)
    raise Misfit(found=f"this label has {len(text)} characters", wanted=wanted("disc label"), way_out=way_out)


def menu_music(node: Node, context: Context) -> str | Literal[False]:
    """A contribution, or silence."""
    return False if node.value is False else values.use(node, context)


def profile(node: Node, context: Context) -> str:
    """The name of one profile."""
    if isinstance(node.value, tuple):
        found = "here stand several profiles, and a disc is NTSC or PAL throughout"
        raise Misfit(found=found, way_out="Name one here, and write a file of its own for a disc of the other kind.")
    return values.line(node, context)


def region(node: Node, context: Context) -> tuple[int, ...]:
    """Numbers of regions, ascending; none: all of them."""
    if node.value == "all":
        return ()
    several = node.value if isinstance(node.value, tuple) else (node,)
    numbers = [one.value for one in several]
    if not numbers or any(isinstance(one, bool) or one not in REGIONS for one in numbers):
        raise Misfit(wanted=wanted("region"))
    return tuple(sorted(set(map(int, numbers))))


def capacity(node: Node, context: Context) -> str:
    """A kind of disc."""
    text = typed(node, str, "capacity").strip()
    if text.casefold() == "dvd-9":
        found = "discs of two layers are not built yet: nothing says where the player may change layers"
        raise Misfit(rule="later", found=found, way_out='Part the episodes over several discs of "dvd-5".')
    if text != "dvd-5":
        raise Misfit(wanted=wanted("capacity"))
    return text


def menu_length(node: Node, context: Context) -> Fraction:
    """A time in seconds, as long as a menu may be."""
    found = times.length(node, context)
    if not MENU_SHORTEST <= found <= MENU_LONGEST:
        raise Misfit(found=f"a menu of {clock(found)}", wanted=wanted("menu length"))
    return found
