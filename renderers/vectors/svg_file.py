"""Reads SVG drawings as what they are, foreign programs in XML: within limits, and nothing outside of the file.

What is drawn is written anew from what was read: elements and attributes of SVG's own, pictures that are in the file,
references inside it. Format: SVG 1.1 (W3C Recommendation, 16 August 2011); lengths by its 7.10 and CSS's 96 px an inch.
"""

import base64
import io
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from xml.etree import ElementTree
from xml.parsers import expat

from PIL import Image

from renderers.files.door import broken
from renderers.stills.pictures import pillow_errors
from renderers.vectors.svg_words import SVG, UNITS, distance, local_name, set_words
from renderers.vectors.vector import stored_size

BYTES_MAX = 8_000_000
ELEMENTS_MAX = 50_000
"""Counted wherever they are seen: a drawing may use its parts many times."""
DEPTH_MAX = 100
IMAGE_PIXELS_MAX = 32_000_000
"""Of all pictures in a drawing."""

XLINK = "http://www.w3.org/1999/xlink"
_HREFS = ("href", f"{{{XLINK}}}href")
_IMAGE_FORMATS = ("PNG", "JPEG", "WEBP", "GIF")
_DROPPED = frozenset({"script", "metadata", "foreignObject", "cursor", "view", "pattern", "marker", "textPath"})
_MOVING = dict.fromkeys(("animate", "animateTransform", "animateMotion", "animateColor", "set"), "movement of its own")
_MISSED = {
    **_MOVING,
    "foreignObject": "words in HTML",
    "pattern": "patterns",
    "marker": "marks on lines",
    "textPath": "words along a line",
}
"""What ThorVG does not draw, and what it is called. Of filters, it knows blurs."""
_FILTERS = frozenset({"feGaussianBlur", "filter"})
_LENGTH = re.compile(r"\s*\+?(\d{1,12}(?:\.\d{0,12})?|\.\d{1,12})(?:e([+-]?\d{1,2}))?\s*(px|in|cm|mm|pt|pc|)\s*", re.I)
_NUMBERS = re.compile(r"[+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?", re.I)
_OUTSIDE = re.compile(r"""url\(\s*["']?\s*(?!\#|["'\s])|@import""", re.I)
_USES = re.compile(r"""url\(\s*["']?\s*\#([^"')]+)""", re.I)

for _prefix, _space in (("", SVG), ("xlink", XLINK)):
    ElementTree.register_namespace(_prefix, _space)


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """A drawing that is fit to be drawn."""

    width: int
    """As :func:`renderers.vectors.vector.stored_size` counts."""
    height: int
    data: bytes
    """Its SVG, written anew."""
    remarks: tuple[str, ...] = ()


class _Builder(ElementTree.TreeBuilder):
    """Builds no more than may be drawn: what is too deep or too much is never in memory."""

    def __init__(self) -> None:
        super().__init__()
        self._depth = self._count = 0

    def start(self, tag: str, attrs: dict[str, str], /) -> ElementTree.Element:
        """One element more."""
        self._depth += 1
        self._count += 1
        if self._depth > DEPTH_MAX or self._count > ELEMENTS_MAX:
            raise OverflowError
        return super().start(tag, attrs)

    def end(self, tag: str, /) -> ElementTree.Element:
        """One level up."""
        self._depth -= 1
        return super().end(tag)


def _parsed(path: Path, data: bytes) -> ElementTree.Element:
    try:
        parser = ElementTree.XMLParser(target=_Builder())
        parser.feed(data)
        return parser.close()
    except OverflowError as error:
        raise broken(path, "It has too many parts for a drawing. Export it as PNG", rule="too-large") from error
    except (ElementTree.ParseError, expat.ExpatError, ValueError, LookupError) as error:
        raise broken(path, f"Its SVG is damaged ({error}). Export it again") from error


def _image_uri(path: Path, source: str, area: list[int]) -> str:
    """A picture's own bytes, checked, as PNG. Raises JobFailed naming one that is elsewhere."""
    form, _, text = source.strip().partition(",")
    if not form.startswith("data:"):
        name = source.rsplit("/", 1)[-1][:80]
        words = f"It shows the picture {name!r}, which is not in it. Export it with its pictures embedded"
        raise broken(path, words, rule="external-picture")
    if not form.endswith(";base64") or "svg" in form:
        raise broken(path, "A picture in it is written in a way that is not read. Export it as PNG")
    try:
        data = base64.b64decode(text)
    except ValueError as error:
        raise broken(path, "A picture in it is damaged") from error
    with pillow_errors(path), Image.open(io.BytesIO(data), formats=_IMAGE_FORMATS) as image:
        area[0] += image.width * image.height
        if area[0] > IMAGE_PIXELS_MAX:
            raise broken(path, "The pictures in it are too large. Scale them down", rule="too-large")
        image.load()
        plain = io.BytesIO()
        image.convert("RGBA").save(plain, "PNG", compress_level=1)
    return f"data:image/png;base64,{base64.b64encode(plain.getvalue()).decode()}"


def _reference(path: Path, name: str, value: str, area: list[int]) -> str | None:
    """What an element may refer to: a part of the drawing, or a picture that is in it; None: nothing."""
    if name in ("image", "feImage"):
        return value if value.startswith("#") else _image_uri(path, value, area)
    if value.startswith("#"):
        return value
    if name == "a":
        return None
    raise broken(
        path, f"It refers to {value[:80]!r}, which is not in it. Export it with all that it uses", rule="external"
    )


def _cleaned(path: Path, root: ElementTree.Element) -> set[str]:
    """Take out, in place, what is not drawn; names of what somebody may miss."""
    missed: set[str] = set()
    area = [0]
    for element in root.iter():
        for child in list(element):
            name = local_name(child)
            foreign = not (isinstance(child.tag, str) and child.tag in (f"{{{SVG}}}{name}", name))
            if foreign or name in _DROPPED or name in _MOVING:
                element.remove(child)
            if not foreign:
                missed |= {_MISSED[name]} if name in _MISSED else set()
                missed |= {"filters other than blurs"} if name.startswith("fe") and name not in _FILTERS else set()
        for key, value in list(element.attrib.items()):
            space, _, own = key.rpartition("}")
            if (space and space[1:] != XLINK) or own.lower().startswith("on"):
                del element.attrib[key]
            elif key in _HREFS:
                kept = _reference(path, local_name(element), value.strip(), area)
                del element.attrib[key]
                if kept is not None:
                    element.set(_HREFS[1], kept)
            elif _OUTSIDE.search(value):
                raise broken(path, f"Its {own} refers to something that is not in it: {value[:80]}", rule="external")
        if local_name(element) == "style" and _OUTSIDE.search(element.text or ""):
            raise broken(path, "Its style sheet refers to something that is not in it. Embed it", rule="external")
    return missed


def _named(element: ElementTree.Element) -> Iterator[str]:
    """Ids that an element refers to."""
    if (href := element.get(_HREFS[1])) and href.startswith("#"):
        yield href[1:]
    for value in element.attrib.values():
        yield from _USES.findall(value)


def _check_uses(path: Path, root: ElementTree.Element) -> None:
    """Elements counted wherever they are seen: parts that use parts multiply, and may go in a circle."""
    named = {element.get("id"): element for element in root.iter() if element.get("id")}
    counted: dict[int, int] = {}

    def count(element: ElementTree.Element, above: tuple[int, ...]) -> int:
        if id(element) in above or len(above) > DEPTH_MAX:
            raise broken(path, "A part of it shows itself: it has no end", rule="endless")
        if id(element) not in counted:
            total, inside = 1, (*above, id(element))
            for child in element:
                total += count(child, inside)
            for name in _named(element):
                if name in named and local_name(element) in ("use", "tref", "textPath", "mpath"):
                    total += count(named[name], inside)
            counted[id(element)] = total
            if total > ELEMENTS_MAX:
                raise broken(path, "It uses its parts too often to be drawn", rule="too-large")
        return counted[id(element)]

    count(root, ())


def _length(text: str | None) -> float | None:
    found = _LENGTH.fullmatch(text or "")
    if found is None:
        return None
    return float(f"{found[1]}e{found[2] or 0}") * UNITS[found[3].lower()]


def _unnest(element: ElementTree.Element) -> None:
    """Make groups, moved and scaled (SVG 1.1, 7.7), of drawings inside the drawing; they are not cut at their edges."""
    for child in element:
        _unnest(child)
        if child.tag != f"{{{SVG}}}svg":
            continue
        x, y = (distance(child.attrib.pop(key, None), 16) or 0.0 for key in "xy")
        wide, high = (_length(child.attrib.pop(key, None)) for key in ("width", "height"))
        box = [float(one) for one in _NUMBERS.findall(child.attrib.pop("viewBox", ""))[:4]]
        moved = f"translate({x:g} {y:g})"
        if len(box) == 4 and box[2] > 0 and box[3] > 0 and wide and high:
            scale = min(wide / box[2], high / box[3])
            left, top = (wide - box[2] * scale) / 2, (high - box[3] * scale) / 2
            moved += f" translate({left:g} {top:g}) scale({scale:g}) translate({-box[0]:g} {-box[1]:g})"
        child.tag = f"{{{SVG}}}g"
        child.set("transform", moved)


def _size(path: Path, root: ElementTree.Element) -> tuple[float, float]:
    """Width and height in CSS pixels, by the attributes or the view box; both are then written in the drawing."""
    box = [float(one) for one in _NUMBERS.findall(root.get("viewBox", ""))[:4]]
    wide, high = _length(root.get("width")), _length(root.get("height"))
    if len(box) == 4 and box[2] > 0 and box[3] > 0:
        if not wide or not high:
            wide, high = (wide, wide * box[3] / box[2]) if wide else (high * box[2] / box[3], high) if high else box[2:]
    elif not wide or not high:
        wide, high = wide or 300.0, high or 150.0  # CSS 2.1, 10.3.2: what replaced elements without a size have
    if not (0 < wide <= 1e6 and 0 < high <= 1e6):
        raise broken(path, f"It is {wide:g} x {high:g}: nobody could see it")
    if len(box) != 4:
        root.set("viewBox", f"0 0 {wide:g} {high:g}")
    root.set("width", f"{wide:.6f}")
    root.set("height", f"{high:.6f}")
    return wide, high


def looks_like_svg(head: bytes) -> bool:
    """Whether a file that begins with ``head`` claims to be a drawing."""
    start = head.removeprefix(b"\xef\xbb\xbf").lstrip()
    if head[:2] in (b"\xff\xfe", b"\xfe\xff"):
        start = head.decode("utf-16", "ignore").lstrip("\ufeff \r\n\t").encode()
    return start[:1] == b"<" and re.search(rb"<(?:\w+:)?svg[\s>]", start) is not None and b"<html" not in start.lower()


def sheet_from(path: Path, head: bytes) -> Sheet | None:
    """The drawing in an SVG file, checked; None for a file that is none. Raises JobFailed for what cannot be drawn.

    head : the file's first bytes.
    """
    if not looks_like_svg(head):
        return None
    if path.stat().st_size > BYTES_MAX:
        raise broken(path, "It is too large for a drawing. Export it as PNG", rule="too-large")
    root = _parsed(path, path.read_bytes())
    if local_name(root) != "svg":
        return None
    if root.tag == "svg":  # without its namespace, which browsers insist on
        raise broken(path, f'It does not say that it is SVG: its first tag needs xmlns="{SVG}". Export it again')
    missed = _cleaned(path, root)
    _check_uses(path, root)
    _unnest(root)
    remarks = [f"it has {one}, not shown here" for one in sorted(missed)]
    remarks += set_words(path, root)
    width, height = stored_size(path, *_size(path, root))
    data = ElementTree.tostring(root, "utf-8")
    return Sheet(width=width, height=height, data=data, remarks=tuple(remarks))
