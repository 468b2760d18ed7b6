"""A template's tables, read from its folder and checked: every key known, every value in its final form."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from fractions import Fraction
from pathlib import Path
from typing import Any

from crowdcut.contract.reading import Reading
from crowdcut.contract.tables import Node, Source, described, plain_from, printable, quoted, table_from
from crowdcut.contract.values import LONGEST_LINE
from crowdcut.findings import Finding, Where
from crowdcut.vocabulary import choices
from crowdcut.vocabulary.shot_tables import EACH

Keys = tuple[str, ...]
"""From the top of a template: ``("type", "title", "size")``."""
HOUSE = Path(__file__).resolve().parents[2] / "templates"
"""Where Crowdcut's own templates are."""


def _is_number(value: object) -> bool:
    return isinstance(value, int | Fraction) and not isinstance(value, bool)


def _between(least: float, most: float, *, unit: str, whole: bool = False) -> Callable[[Any], Any]:
    def converted(value: Any) -> Any:
        if not _is_number(value) or (whole and value != int(value)) or not least <= value <= most:
            raise ValueError(f"{'a whole number' if whole else 'a number'} from {least:g} to {most:g}, {unit}")
        return int(value) if whole else float(value)

    return converted


def _seconds(value: Any) -> Fraction:
    if not _is_number(value) or not 0 <= value <= 600:
        raise ValueError("a number of seconds from 0 to 600")
    return Fraction(value)


def _lasting(value: Any) -> Fraction:
    if not _seconds(value):
        raise ValueError("a number of seconds above 0")
    return Fraction(value)


def _is_string(value: Any) -> bool:
    return isinstance(value, str) and bool(value.strip()) and len(value) <= LONGEST_LINE


def _string(value: Any) -> str:
    if not _is_string(value):
        raise ValueError("words in quotes")
    return value


def _strings(value: Any) -> tuple[str, ...]:
    if not isinstance(value, list) or not value or not all(map(_is_string, value)):
        raise ValueError('a list of words in quotes, such as ["Noto Sans"]')
    return tuple(value)


def _colour(value: Any) -> str:
    if not isinstance(value, str) or not re.fullmatch(r"#(?:[0-9a-fA-F]{6}){1}(?:[0-9a-fA-F]{2})?", value):
        raise ValueError("a colour such as #f0a64b, or #14100ee6 with its opacity")
    return value.lower()


def _opaque(value: Any) -> str:
    if len(_colour(value)) != 7:
        raise ValueError("a colour without opacity, such as #f0a64b")
    return value.lower()


def _ink(value: Any) -> str:
    """A colour, or the palette's word for one."""
    return value if isinstance(value, str) and value in _COLOURS else _opaque(value)


def _truth(value: Any) -> bool:
    if not isinstance(value, bool):
        raise ValueError("true or false")
    return value


def _repairs(value: Any) -> tuple[str, ...]:
    """Words for what is done to sounds; there may be none."""
    if not isinstance(value, list) or not all(isinstance(one, str) and one in choices.REPAIRS for one in value):
        words = ", ".join(f'"{word}"' for word in choices.REPAIRS)
        raise ValueError(f"a list of {words}, empty for none of them")
    return tuple(value)


def _align(value: Any) -> str:
    if value not in ("left", "centre", "right"):
        raise ValueError('"left", "centre" or "right"')
    return value


def _inks(value: Any) -> tuple[str, ...]:
    if not isinstance(value, list) or len(value) not in (1, 2):
        raise ValueError("a list of one colour, or of two for a gradient, top first")
    return tuple(map(_ink, value))


def _mark(value: Any) -> str:
    if not isinstance(value, str) or value not in choices.MENU_MARKS:
        raise ValueError(", ".join(f'"{word}"' for word in choices.MENU_MARKS))
    return value


def _anything(value: Any) -> Any:
    return value


_COLOURS = ("background", "background_low", "ink", "dim", "accent", "accent_two", "alarm", "matte")
_USES = ("title", "subtitle", "text", "byline", "lower_third", "lower_third_second", "slate", "ident")
_ROLL_USES = ("roll_title", "roll_role", "roll_name", "roll_note")
_TYPE = {
    "family": _strings,
    "weight": _between(1, 1000, unit="the weight of the strokes", whole=True),
    "size": _between(0.01, 0.5, unit="a part of the picture's height"),
    "colour": _ink,
    "align": _align,
    "leading": _between(0.8, 3, unit="ems"),
    "tracking": _between(-0.1, 1, unit="ems"),
}
_MENU_SIZES = {"title": 0.1, "heading": 0.08, "button": 0.07, "small": 0.05}
"""Largest ones of a menu's type: at these a page still has room for all that a page may hold."""
_MENU_TYPE = {
    use: {
        **_TYPE,
        "size": _between(0.02, most, unit="a part of the picture's height"),
        "leading": _between(1, 1.4, unit="ems"),
    }
    for use, most in _MENU_SIZES.items()
}
_MENU_WORDS = ("play", "play_all", "chapters", "subtitles", "off", "back", "previous", "next")
_CONTRAST = _between(1, 15, unit="a subpicture's opacity", whole=True)
_LUFS = _between(-70, 0, unit="LUFS")
_SCHEMA: dict[str, Any] = {
    "doc": _string,
    "extends": _string,
    "palette": {**dict.fromkeys(_COLOURS, _opaque), "plate": _colour},
    "type": dict.fromkeys((*_USES, *_ROLL_USES), _TYPE),
    "card": {card: {"seconds": _seconds} for card in ("ident", "title", "slate", "credits")},
    "roll": {
        "pixels_a_frame_1080": _between(1, 40, unit="pixels", whole=True),
        "line": _between(0.02, 0.3, unit="a part of the picture's height"),
        "columns": _between(1, 6, unit="columns", whole=True),
        "columns_from": _between(2, 1000, unit="names", whole=True),
        "order": _strings,
        "headings": {"*": _string},
        "default_roles": dict.fromkeys(("video", "audio", "still", "animation", "text", "other"), _string),
    },
    "levels": {
        **dict.fromkeys(("shot", "music", "voice", "effect"), _LUFS),
        "max_gain_db": _between(0, 60, unit="dB"),
        "floor_dbfs": _between(-120, 0, unit="dBFS"),
    },
    "duck": {
        "depth_lu": _between(0, 40, unit="LU"),
        **dict.fromkeys(("attack", "hold", "release"), _lasting),
        "carve": _truth,
    },
    "repair": {
        "high_pass_hz": _between(20, 300, unit="Hz"),
        **dict.fromkeys(("shot", "music", "voice", "effect"), _repairs),
    },
    "timing": {
        **dict.fromkeys(("still", "text", "lower_third"), _lasting),
        **dict.fromkeys(("text_a_character", "lower_third_at", "layer_fade", "sound_fade"), _seconds),
    },
    "captions": {
        "family": _strings,
        "weight": _between(1, 1000, unit="the weight of the strokes", whole=True),
        "size": _between(0.03, 0.125, unit="a part of the picture's height"),
        "leading": _between(1, 2, unit="ems"),
        "colour": _ink,
        "outline": _ink,
        "margin": _between(0.03, 0.25, unit="a part of the picture's width and height"),
    },
    "menu": {
        "background": _inks,
        "veil": _between(0, 1, unit="how much of a picture below it hides"),
        "margin": _between(0.05, 0.15, unit="a part of the picture's width and height"),
        "mark": _mark,
        **dict.fromkeys(("highlight", "select"), _ink),
        **dict.fromkeys(("highlight_contrast", "select_contrast"), _CONTRAST),
        **_MENU_TYPE,
        "words": dict.fromkeys(_MENU_WORDS, _string),
    },
    "each": {"*": _anything},
}
"""Every key that a template may use, and what makes its value of what is written (ValueError: what is wanted)."""

_OPTIONAL = frozenset({"doc", "extends", "captions", "each", "headings", "weight", "align", "leading", "tracking"})


@dataclass(slots=True, kw_only=True)
class _Desk:
    """One template file being read; complaints gather here."""

    file: str
    findings: list[Finding] = field(default_factory=list)

    def complain(
        self, rule: str, found: str, *, path: Keys = (), line: int | None = None, wanted: str = "", way_out: str = ""
    ) -> None:
        where = Where(file=self.file, line=line, key=".".join(map(printable, path)) or None)
        self.findings.append(Finding(rule=rule, where=where, found=found, wanted=wanted, way_out=way_out))

    def read(self, file: Path) -> Node:
        """The file's top table as it is written; empty after a complaint."""
        node, findings = table_from(file)
        for one in findings:
            self.complain("unreadable-template", one.found, line=one.where.line, way_out=one.way_out)
        return node or Node(value={}, source=Source(file=file, shown=self.file), line=1)

    def converted(self, node: Node, schema: Any, path: Keys = ()) -> Any:
        """What a node says, with every value in its final form; what is wrong is complained of and left out."""
        if not isinstance(schema, dict):
            try:
                return schema(plain_from(node))
            except ValueError as error:
                found = f"here stands {described(node)}"
                self.complain("wrong-value", found, path=path, line=node.line, wanted=str(error))
                return None
        known = ", ".join(schema)
        if not isinstance(node.value, dict):
            found = f"here stands {described(node)}"
            self.complain("wrong-value", found, path=path, line=node.line, wanted=f"a table with {known}")
            return {}
        result = {}
        for key, value in node.value.items():
            if (wanted := schema.get(key, schema.get("*"))) is None:
                found = f"there is no {quoted(key)} here"
                self.complain("unknown-key", found, path=(*path, key), line=value.line, wanted=known)
            elif (made := self.converted(value, wanted, (*path, key))) is not None:
                result[key] = made
        return result


def _merged(below: dict[str, Any], above: dict[str, Any]) -> dict[str, Any]:
    """Tables merge, everything else replaces."""
    both = {key: _merged(below[key], above[key]) for key in below.keys() & above.keys() if isinstance(below[key], dict)}
    return {**below, **above, **both}


def _missing(data: dict[str, Any], schema: dict[str, Any], path: Keys = ()) -> Iterator[Keys]:
    for key, wanted in schema.items():
        if key in _OPTIONAL or key == "*":
            continue
        if key not in data:
            yield (*path, key)
        elif isinstance(wanted, dict):
            yield from _missing(data[key], wanted, (*path, key))


def _findings_of_each(node: Node, file: str) -> Iterator[Finding]:
    """What is wrong with a template's values for every shot."""
    reading = Reading(rate=Fraction(24))  # no time is kept, so the rate has no say
    reading.entries_of(node, EACH)
    return (replace(one, where=replace(one.where, file=file)) for one in reading.findings)


def _templates_in(folder: Path) -> dict[str, Path]:
    return {file.parent.name: file for file in sorted(folder.glob("*/template.toml"))}


_USUAL = "variety"


def _house_tables(name: str) -> tuple[dict[str, Any], list[Finding]]:
    """The tables of one of Crowdcut's own templates, and what is wrong with it."""
    desk = _Desk(file=f"{name}/template.toml")
    return desk.converted(desk.read(HOUSE / name / "template.toml"), _SCHEMA), desk.findings


def tables_from(name: str, beside: Path, where: Where) -> tuple[dict[str, Any], Path | None, tuple[Finding, ...]]:
    """The tables of the template ``name``, its folder (None: there is no such template), and all findings at once.

    where : the place that names it.

    Without findings every key is there but ``doc``, ``each``, ``roll.headings`` and the optional ones of a type.
    """
    house = _templates_in(HOUSE)
    known = {**house, **_templates_in(beside)}
    if name not in known:
        found, way_out = f"there is no template {quoted(name)}", f"Write one of: {', '.join(sorted(known))}."
        return {}, None, (Finding(rule="unknown-template", where=where, found=found, way_out=way_out),)
    desk = _Desk(file=f"{printable(name)}/template.toml")
    node = desk.read(known[name])
    data = desk.converted(node, _SCHEMA)
    each = node.value.get("each")
    if each is not None and isinstance(each.value, dict):
        desk.findings += _findings_of_each(each, desk.file)
    if (base := data.pop("extends", None)) in house:
        below, findings = _house_tables(base)
        data = _merged(below, data)
        desk.findings += findings
    elif base is not None:
        found, line = f"there is no template {quoted(base)}", node.value["extends"].line
        desk.complain("unknown-template", found, path=("extends",), line=line, wanted=", ".join(house))
    if base != _USUAL:
        # Menus came after templates: of what one does not say of them, ours holds, in its own palette.
        below, findings = _house_tables(_USUAL)
        data["menu"] = _merged(below["menu"], data.get("menu", {}))
        desk.findings += findings
    if not desk.findings:
        for path in _missing(data, _SCHEMA):
            way_out = 'Add it, or begin the file with extends = "variety".'
            desk.complain("missing-key", f"{'.'.join(path)} is missing", way_out=way_out)
    return data, known[name].parent, tuple(desk.findings)
