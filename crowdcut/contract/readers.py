"""A reader for every kind of value in ``choices.KINDS``: the film's own words, and the register of all."""

import re
from collections.abc import Mapping
from fractions import Fraction
from typing import Any, Literal

from crowdcut.conform.keying import WEAKEST_SCREEN, strength_of
from crowdcut.contract import disc_values, language, pace, rhythm, times, values
from crowdcut.contract.tables import Node, described, quoted
from crowdcut.contract.times import bounded
from crowdcut.contract.values import Context, Misfit, Reader, number_within, seconds_in, typed, wanted
from crowdcut.episode import Crop, Into, KenBurns, LowerThird, Place, Repairs
from crowdcut.vocabulary import choices
from crowdcut.vocabulary.shot_tables import KEN_BURNS, KEY, LOWER_THIRD

_SIDES = {
    "left": ("across", Fraction(0)),
    "right": ("across", Fraction(1)),
    "top": ("down", Fraction(0)),
    "bottom": ("down", Fraction(1)),
    "centre": ("middle", Fraction(1, 2)),
}
_RATIO = re.compile(r"(\d{1,5})\s*[:/]\s*(\d{1,5})")
_COLOUR = re.compile(r"#[0-9a-f]{6}")
_CROP_CELL = re.compile(r"(\d{1,5}(?:\.\d{1,3})?)\s*(%?)")
_PERCENT = re.compile(r"(\d{1,3}(?:\.\d{1,3})?)%")


def _word_of(words_known: Mapping[str, str], kind: str) -> Reader:
    def word(node: Node, context: Context) -> str:
        text = values.line(node, context)
        if text not in words_known:
            raise Misfit(wanted=wanted(kind))
        return text

    return word


def _side(text: str) -> tuple[Fraction, Fraction] | None:
    """A side, a corner or the centre in words, as parts of width and height; None for what is none."""
    found: dict[str, Fraction] = {}
    for word in text.replace("center", "centre").split():
        axis, part = _SIDES.get(word, ("", Fraction(0)))
        if not axis or axis in found:
            return None
        found[axis] = part
    middle = found.pop("middle", Fraction(1, 2))
    return (found.get("across", middle), found.get("down", middle)) if text else None


def focus(node: Node, context: Context) -> tuple[Fraction, Fraction] | None:
    """Parts of width and height; None: to be found by what happens in the picture."""
    text = typed(node, str, "focus").strip()
    if (side := _side(text)) is not None:
        return side
    if text == "auto":
        return None
    both = re.fullmatch(r"(\d?\.?\d{1,6})\s*,\s*(\d?\.?\d{1,6})", text)
    if both is None or max(Fraction(both[1]), Fraction(both[2])) > 1:
        raise Misfit(wanted=wanted("focus"))
    return Fraction(both[1]), Fraction(both[2])


def transition(node: Node, context: Context) -> Into | None:
    """A transition with its length; None for a cut."""
    text = values.line(node, context)
    kind, _, tail = text.partition(" ")
    if kind not in choices.TRANSITIONS:
        raise Misfit(wanted=wanted("transition"))
    if kind == "cut":
        if tail:
            raise Misfit(found=f"{quoted(text)}: a cut has no length", way_out='Write into = "cut".')
        return None
    found = seconds_in(tail, context.rate)
    if not found:
        raise Misfit(found=f"{quoted(text)} does not say how long", way_out=f'Write how long: into = "{kind} 12f".')
    return Into(kind=kind, length=bounded(found))


def lower_third(node: Node, context: Context) -> LowerThird | None:
    """Words over a shot; None for false."""
    if isinstance(node.value, bool):
        return LowerThird() if node.value else None
    if isinstance(node.value, dict):
        inside = context.table_of(node, LOWER_THIRD)
        return LowerThird(text=inside.get("text"), at=inside.get("at"), length=inside.get("for"))
    if isinstance(node.value, str):
        return LowerThird(text=values.words(node, context))
    raise Misfit(rule="wrong-type", wanted=wanted("lower third"))


def colour(node: Node, context: Context) -> str:
    """A colour, in small letters."""
    text = values.line(node, context).lower()
    if not _COLOUR.fullmatch(text):
        raise Misfit(wanted=wanted("colour"))
    return text


def key(node: Node, context: Context) -> str | None:
    """A screen's colour; None for false."""
    if node.value is False:
        return None
    if isinstance(node.value, str) and node.value in choices.SCREENS:
        return node.value
    if not isinstance(node.value, dict):
        raise Misfit(wanted=wanted("key"), way_out='For another colour write key = { colour = "#20c040" }.')
    found = context.table_of(node, KEY).get("colour")
    if found is not None and strength_of(found) < WEAKEST_SCREEN:
        way_out = "Give the screen's own colour; grey, white and skin cannot be told from a performer."
        raise Misfit(found=f"{quoted(found)} is no strong colour", way_out=way_out)
    return found


def sound(node: Node, context: Context) -> tuple[str, float]:
    """Keep or mute, and a gain in dB."""
    if node.value in ("keep", "mute"):
        return node.value, 0.0
    if isinstance(node.value, str):
        raise Misfit(wanted=wanted("sound"), way_out="A number of decibels stands without quotes: sound = -6.")
    return "keep", float(number_within(node, -60, 20, "sound"))


def duck(node: Node, context: Context) -> str:
    """How music gives way: ``usual``, ``no`` or one of the words for it."""
    if isinstance(node.value, bool):
        return "usual" if node.value else "no"
    return _word_of(choices.DUCKS, "duck")(node, context)


def sync(node: Node, context: Context) -> str | None:
    """What it is placed by; None for false."""
    return None if node.value is False else _word_of(choices.SYNCS, "sync")(node, context)


def repair(node: Node, context: Context) -> Repairs:
    """Words for what is done to a sound, or False."""
    if node.value is False:
        return False
    if node.value == ():
        return ()
    words = values.lines(node, context)
    if unknown := next((word for word in words if word not in choices.REPAIRS), None):
        raise Misfit(found=f"{quoted(unknown)} is no repair", wanted=wanted("repair"))
    return words


def place(node: Node, context: Context) -> Place:
    """Where a layer lies and how wide it is."""
    found: dict[str, Any] = {}
    for word in values.line(node, context).replace("center", "centre").split():
        percent = _PERCENT.fullmatch(word)
        if percent and 0 < Fraction(percent[1]) <= 100:
            name, value = "size", Fraction(percent[1]) / 100
        elif word in ("left", "right"):
            name, value = "horizontal", word
        elif word in ("top", "bottom"):
            name, value = "vertical", word
        elif word == "centre":
            continue  # it is where a layer lies that is told nothing else
        else:
            raise Misfit(wanted=wanted("place"))
        if name in found:
            raise Misfit(found=f"{described(node)} names two places", wanted=wanted("place"))
        found[name] = value
    return Place(**found)


def uses(node: Node, context: Context) -> str | tuple[Node, ...]:
    """What names a contribution or a clip, or several cells, to be read by who knows their keys."""
    if not isinstance(node.value, tuple):
        return values.use(node, context)
    if len(node.value) < 2:
        raise Misfit(found=f"the list holds {len(node.value)} of them", way_out="One contribution needs no list.")
    if not all(isinstance(one.value, str | dict) for one in node.value):
        raise Misfit(rule="wrong-type", wanted=wanted("uses"))
    return node.value


def crop(node: Node, context: Context) -> Crop | Literal["auto"]:
    """A part of the picture."""
    text = typed(node, str, "crop").strip()
    if text == "auto":
        return "auto"
    cells = [_CROP_CELL.fullmatch(cell.strip()) for cell in text.split(",")]
    found = [cell for cell in cells if cell is not None]
    if len(cells) != 4 or len(found) != 4 or len({cell[2] for cell in found}) != 1:
        raise Misfit(wanted=wanted("crop"))
    parts = found[0][2] == "%"
    left, top, width, height = (Fraction(cell[1]) / (100 if parts else 1) for cell in found)
    if not (width and height):
        raise Misfit(found=f"{quoted(text)} leaves nothing of the picture", wanted=wanted("crop"))
    if parts and max(left + width, top + height) > 1:
        way_out = "Left and width together are at most 100%, and so are top and height."
        raise Misfit(found=f"{quoted(text)} reaches outside of the picture", way_out=way_out)
    return Crop(left=left, top=top, width=width, height=height, parts=parts)


def ken_burns(node: Node, context: Context) -> KenBurns | None:
    """A slow move; None for false."""
    if isinstance(node.value, bool):
        return KenBurns() if node.value else None
    if isinstance(node.value, dict):
        inside = context.table_of(node, KEN_BURNS)
        first, last = inside.get("from", Place()), inside.get("to", Place())
        if first == last:
            found = "it begins and ends at the same view"
            raise Misfit(found=found, way_out='Write { from = "left 80%", to = "right 60%" }.')
        return KenBurns(way="between", first=first, last=last)
    if node.value == "in":
        return KenBurns(way="in")
    if node.value == "out":
        return KenBurns(way="out")
    raise Misfit(wanted=wanted("ken burns"))


def people(node: Node, context: Context) -> tuple[str, ...]:
    """Ids of contributors, with their roles as written."""
    return values.lines(node, context)


def rotation(node: Node, context: Context) -> int:
    """Degrees clockwise."""
    if isinstance(node.value, bool) or node.value not in (0, 90, 180, 270):
        raise Misfit(wanted=wanted("rotation"))
    return int(node.value)


def ratio(node: Node, context: Context) -> Fraction:
    """Width of a pixel by its height, within what any camera or tape makes."""
    if isinstance(node.value, str):
        parts = _RATIO.fullmatch(node.value.strip())
        found = Fraction(int(parts[1]), int(parts[2])) if parts and int(parts[2]) else Fraction(0)
    else:
        found = Fraction(typed(node, (int, Fraction), "ratio"))
    if not Fraction(1, 8) <= found <= 8:
        raise Misfit(wanted=wanted("ratio") + ", from 1:8 to 8:1")
    return found


def field_order(node: Node, context: Context) -> str:
    """Which field comes first; false is none."""
    if node.value is False:
        return "progressive"
    return _word_of(choices.FIELD_ORDERS, "field order")(node, context)


def size(node: Node, context: Context) -> tuple[int, int]:
    """Width and height, pixels."""
    sides = tuple(values.count(side, context) for side in typed(node, tuple, "size"))
    if len(sides) != 2 or any(side % 2 or not 16 <= side <= 8192 for side in sides):
        raise Misfit(wanted=wanted("size") + ", 16 to 8192")
    return sides[0], sides[1]


def table(node: Node, context: Context) -> Node:
    """A table, to be read by who knows its keys."""
    typed(node, dict, "table")
    return node


def option(node: Node, context: Context) -> str:
    """An encoder's option, as words."""
    if isinstance(node.value, str):
        return values.line(node, context)
    if isinstance(node.value, int) and not isinstance(node.value, bool) and abs(node.value) < 10**9:
        return str(node.value)
    raise Misfit(rule="wrong-type", wanted=wanted("option"))


READERS: dict[str, Reader] = {
    "format": values.format_number,
    "words": values.words,
    "note": values.note,
    "line": values.line,
    "lines": values.lines,
    "id": values.identifier,
    "file name": values.file_name,
    "path": values.path,
    "paths": values.paths,
    "library path": values.path,
    "use": values.use,
    "uses": uses,
    "sounds": values.use,
    "layout": _word_of(choices.LAYOUTS, "layout"),
    "language": language.language,
    "rate": times.rate,
    "time": times.seconds,
    "length": times.length,
    "moment": times.moment,
    "yes or no": values.truth,
    "decibels": values.decibels,
    "duck": duck,
    "part": values.part,
    "number": values.number,
    "count": values.count,
    "bpm": values.bpm,
    "meter": values.meter,
    "fit": _word_of(choices.FITS, "fit"),
    "fill": _word_of(choices.FILLS, "fill"),
    "focus": focus,
    "crop": crop,
    "ken burns": ken_burns,
    "key": key,
    "colour": colour,
    "transition": transition,
    "lower third": lower_third,
    "motion": _word_of(choices.MOTIONS, "motion"),
    "speed": pace.speed,
    "freeze": pace.freeze,
    "card": _word_of(choices.CARDS, "card"),
    "extension": _word_of(choices.EXTENSIONS, "extension"),
    "video codec": _word_of(choices.VIDEO_CODECS, "video codec"),
    "audio codec": _word_of(choices.AUDIO_CODECS, "audio codec"),
    "pixel format": _word_of(choices.PIXEL_FORMATS, "pixel format"),
    "preset": _word_of(choices.PRESETS, "preset"),
    "disc": _word_of(choices.DISCS, "disc"),
    "H.264 profile": _word_of(choices.X264_PROFILES, "H.264 profile"),
    "sync": sync,
    "rhythm": _word_of(choices.RHYTHMS, "rhythm"),
    "each": rhythm.each,
    "music fit": _word_of(choices.MUSIC_FITS, "music fit"),
    "sound": sound,
    "repair": repair,
    "place": place,
    "people": people,
    "rotation": rotation,
    "blend": _word_of(choices.BLENDS, "blend"),
    "alpha form": _word_of(choices.ALPHA_FORMS, "alpha form"),
    "ratio": ratio,
    "offset": times.offset,
    "field order": field_order,
    "matrix": _word_of(choices.MATRICES, "matrix"),
    "primaries": _word_of(choices.PRIMARIES, "primaries"),
    "transfer": _word_of(choices.TRANSFERS, "transfer"),
    "range": _word_of(choices.RANGES, "range"),
    "alpha": _word_of(choices.ALPHAS, "alpha"),
    "size": size,
    "option": option,
    "table": table,
    "disc label": disc_values.label,
    "disc profile": disc_values.profile,
    "region": disc_values.region,
    "capacity": disc_values.capacity,
    "menu length": disc_values.menu_length,
    "menu music": disc_values.menu_music,
}
"""A reader for each kind of value; it returns the final form or raises :class:`Misfit`."""
