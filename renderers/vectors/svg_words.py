"""Words in SVG drawings: stretches that each begin at a place of their own, of signs that can be drawn."""

import re
from collections.abc import Mapping
from pathlib import Path
from xml.etree.ElementTree import Element

from renderers.vectors.vector_words import drawable_words, width_of

SVG = "http://www.w3.org/2000/svg"
_LENGTH = re.compile(r"\s*([+-]?(?:\d{1,9}(?:\.\d{0,9})?|\.\d{1,9}))\s*(em|px|in|cm|mm|pt|pc|)", re.I)
UNITS = {"": 1.0, "px": 1.0, "in": 96.0, "cm": 96 / 2.54, "mm": 96 / 25.4, "pt": 96 / 72, "pc": 16.0}
"""Lengths in CSS pixels (CSS Values 3, 6.2)."""
_PLACED = frozenset({"x", "y", "dx", "dy", "rotate", "textLength", "lengthAdjust"})
_SPOKEN = ("font-size", "text-anchor")
"""Properties that are worked out here: ThorVG takes the first as an attribute alone, and the second not at all."""


def local_name(element: Element) -> str:
    """The name of an element without its namespace; nothing for a comment."""
    return element.tag.rpartition("}")[2] if isinstance(element.tag, str) else ""


def distance(text: str | None, font_size: float) -> float | None:
    """The first length of a list, in the drawing's own units; None where there is none."""
    found = _LENGTH.match(text or "")
    if found is None:
        return None
    unit = found[2].lower()
    return float(found[1]) * (font_size if unit == "em" else UNITS[unit])


def _inherited(above: Mapping[str, str], element: Element) -> dict[str, str]:
    """An element's attributes over those around it, with what its style says of words among them."""
    own = dict(element.attrib)
    rest = []
    for rule in own.pop("style", "").split(";"):
        name, _, value = (part.strip() for part in rule.partition(":"))
        if name in _SPOKEN:
            own[name] = value
        elif rule.strip():
            rest.append(rule.strip())
    style = ";".join(filter(None, (above.get("style", ""), *rest)))
    found = {**above, **own, "style": style}
    size = distance(above.get("font-size"), 16) or 16.0
    found["font-size"] = f"{distance(own.get('font-size'), size) or size:g}"
    return found


class _Stretches:
    """The words of one ``text`` element, parted where its ``tspan`` elements name a place."""

    def __init__(self, text: Element, around: Mapping[str, str]):
        self.found: list[tuple[dict[str, str], list[str]]] = []
        self._x = self._y = 0.0
        self._visit(text, around)

    def _visit(self, element: Element, above: Mapping[str, str]) -> None:
        attributes = _inherited(above, element)
        if not self.found or _PLACED & element.attrib.keys():
            size = float(attributes["font-size"])
            x, y = (distance(element.get(key), size) for key in ("x", "y"))
            self._x = (self._x if x is None else x) + (distance(element.get("dx"), size) or 0)
            self._y = (self._y if y is None else y) + (distance(element.get("dy"), size) or 0)
            kept = {key: value for key, value in attributes.items() if key not in _PLACED}
            self.found.append(({**kept, "x": f"{self._x:g}", "y": f"{self._y:g}"}, []))
        self.found[-1][1].append(element.text or "")
        for child in element:
            if local_name(child) in ("tspan", "a"):
                self._visit(child, attributes)
            self.found[-1][1].append(child.tail or "")


def _part(parent: Element, place: int, around: Mapping[str, str]) -> None:
    """Put a group of plain ``text`` elements, each begun where it begins, in the place of any other."""
    text = parent[place]
    group = Element(f"{{{SVG}}}g")
    group.tail = text.tail
    for attributes, words in _Stretches(text, around).found:
        line = " ".join("".join(words).split())
        if not line:
            continue
        anchor = {"middle": 0.5, "end": 1.0}.get(attributes.pop("text-anchor", "start"), 0.0)
        left = float(attributes["x"]) - anchor * width_of(line, float(attributes["font-size"]))
        stretch = Element(f"{{{SVG}}}text", {**attributes, "x": f"{left:g}"})
        stretch.text = line
        group.append(stretch)
    parent[place] = group


def _is_plain(text: Element) -> bool:
    """Whether ThorVG sets it as it is meant: in one place, from its start."""
    return not any(_PLACED & one.attrib.keys() for one in text.iter() if one is not text)


def _walk(element: Element, around: Mapping[str, str]) -> None:
    inside = {key: value for key, value in _inherited(around, element).items() if key in _SPOKEN}
    for place, child in enumerate(list(element)):
        if local_name(child) != "text":
            _walk(child, inside)
            continue
        own = _inherited(inside, child)
        if own.get("text-anchor", "start") != "start" or not _is_plain(child):
            _part(element, place, inside)
        else:
            child.set("font-size", own["font-size"])


def set_words(path: Path, root: Element) -> list[str]:
    """Part the words of a drawing, in place; what is to be remarked of them.

    Raises JobFailed for signs that nobody draws.
    """
    words = "".join("".join(element.itertext()) for element in root.iter() if local_name(element) == "text")
    if not words.strip():
        return []
    drawable_words(path, words)
    _walk(root, {})
    return ["its words are set in Noto Sans, whatever font they name: outlines (paths) keep their own"]
