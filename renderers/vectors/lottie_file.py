"""Reads Lottie files as what they are, foreign programs in JSON: within limits, and with all that they refer to inside.

Format: lottie.github.io/lottie-spec and, for ``.lottie``, dotlottie.io/spec (a ZIP with a manifest, versions 1 and 2).
"""

import base64
import io
import json
import math
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import Any

from PIL import Image

from renderers.files.door import broken
from renderers.stills.pictures import SIDE_MAX, pillow_errors
from renderers.vectors.vector import stored_size
from renderers.vectors.vector_words import drawable_words

BYTES_MAX = 16_000_000
"""Of the animation's JSON, and of all pictures in it."""
SECONDS_MAX = 600
FRAMES_MAX = 36_000
LAYERS_MAX = 20_000
"""Counted wherever they are shown: compositions may show others many times."""
COPIES_MAX = 10_000
"""Of one layer's shapes, by all of its repeaters; and corners of a star, and pieces of a dashed line's pattern."""
VALUES_MAX = 2_000_000
"""Numbers, words and tables of one animation."""
IMAGE_PIXELS_MAX = 32_000_000
"""Of all pictures in an animation."""
_IMAGE_FORMATS = ("PNG", "JPEG", "WEBP")
_ENTRIES_MAX = 1_000

Table = dict[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Composition:
    """A Lottie animation that is fit to be drawn."""

    width: int
    """As :func:`renderers.vectors.vector.stored_size` counts."""
    height: int
    rate: Fraction
    frames: int
    data: bytes
    """Its JSON, with its pictures in it and without what would be looked for elsewhere."""
    loops: int | None = None
    """How many times its file asks to be played; None: without end, or it does not say."""
    remarks: tuple[str, ...] = ()


def _refused(path: Path, words: str, rule: str = "unreadable") -> Exception:
    return broken(path, words, rule=rule)


def _number(path: Path, table: Table, key: str, low: float, high: float) -> float:
    value = table.get(key)
    if isinstance(value, bool) or not isinstance(value, int | float) or not low <= value <= high:
        raise _refused(path, f"Its {key!r} is not a number from {low:g} to {high:g}: it is no Lottie animation")
    return value


def rate_of(written: float) -> Fraction:
    """Frames a second: exporters write 29.9700012207031 for 30000/1001."""
    for whole in (24, 30, 60, 120):
        if abs(written - whole * 1000 / 1001) < whole / 20_000:
            return Fraction(whole * 1000, 1001)
    return Fraction(written).limit_denominator(1000)


def _tables(value: Any) -> Iterator[Table]:
    """Every table in ``value``, itself first; without recursion, whose depth a file would decide."""
    pending = [value]
    while pending:
        one = pending.pop()
        if isinstance(one, dict):
            yield one
            pending.extend(one.values())
        elif isinstance(one, list):
            pending.extend(one)


def _constant(word: str) -> float:
    raise ValueError(f"{word} is no JSON")


def _parsed(path: Path, data: bytes) -> Table | None:
    """The animation in a JSON text; None for any other text."""
    try:
        root = json.loads(data, parse_constant=_constant)
    except (ValueError, RecursionError):
        return None
    if not isinstance(root, dict) or not isinstance(root.get("layers"), list) or not {"w", "h", "fr"} <= root.keys():
        return None
    if data.count(b",") > VALUES_MAX:
        raise _refused(path, "It is too large for an animation. Export it as video (MP4)", "too-large")
    return root


def _static(value: Any) -> float:
    """The greatest number of a property, whether it moves or not; 0 where there is none."""
    numbers = [value]
    for table in _tables(value):
        numbers += [table.get("k"), table.get("s"), table.get("e")]
    flat = [item for one in numbers for item in (one if isinstance(one, list) else [one])]
    return max((abs(one) for one in flat if isinstance(one, int | float)), default=0.0)


def _check_shapes(path: Path, root: Table) -> None:
    """What few words could multiply: copies of shapes, and corners of stars."""
    for layer in _tables(root):
        if not isinstance(layer.get("shapes"), list):
            continue
        copies = 1.0
        for shape in _tables(layer["shapes"]):
            if shape.get("ty") == "rp":
                copies *= max(1.0, _static(shape.get("c")))
            if copies > COPIES_MAX or (shape.get("ty") == "sr" and _static(shape.get("pt")) > COPIES_MAX):
                raise _refused(path, "It repeats a shape too often to be drawn", "too-large")


def _check_layers(path: Path, root: Table) -> None:
    """Layers counted wherever they are seen: compositions in compositions multiply, and may go in a circle."""
    assets = {one["id"]: one["layers"] for one in root.get("assets") or [] if isinstance(one, dict) and "layers" in one}
    counted: dict[str, int] = {}

    def count(layers: Any, above: tuple[str, ...]) -> int:
        if not isinstance(layers, list):
            raise _refused(path, "Its layers are no list: it is damaged")
        total = len(layers)
        for layer in layers:
            name = layer.get("refId") if isinstance(layer, dict) else None
            if not isinstance(name, str) or name not in assets:
                continue
            if name in above or len(above) > 50:
                raise _refused(path, f"Its composition {name!r} shows itself: it has no end", "endless")
            if name not in counted:
                counted[name] = count(assets[name], (*above, name))
            total += counted[name]
        if total > LAYERS_MAX:
            raise _refused(path, f"It has more than {LAYERS_MAX} layers", "too-large")
        return total

    count(root["layers"], ())


def _image_data(path: Path, asset: Table, files: dict[str, bytes]) -> bytes:
    """The bytes of a picture asset. Raises JobFailed naming a picture that is elsewhere."""
    source = asset["p"]
    if source.startswith("data:"):
        form, _, text = source.partition(",")
        if not form.endswith(";base64"):
            raise _refused(path, "A picture in it is written in a way that is not read")
        try:
            return base64.b64decode(text)
        except ValueError as error:
            raise _refused(path, "A picture in it is damaged") from error
    name = source.rsplit("/", 1)[-1]
    if name not in files:
        found = f"It shows the picture {name[:80]!r}, which is not in it. Export it with its pictures, as .lottie"
        raise _refused(path, found, "external-picture")
    return files[name]


def _embed_images(path: Path, root: Table, files: dict[str, bytes]) -> None:
    """Put every picture into the JSON, checked."""
    area = 0
    for asset in root.get("assets") or []:
        if not isinstance(asset, dict) or not isinstance(asset.get("p"), str) or "layers" in asset:
            continue
        data = _image_data(path, asset, files)
        with pillow_errors(path), Image.open(io.BytesIO(data), formats=_IMAGE_FORMATS) as image:
            area += image.width * image.height
            if area > IMAGE_PIXELS_MAX:
                raise _refused(path, "The pictures in it are too large. Scale them down", "too-large")
            image.load()
            plain = io.BytesIO()
            image.convert("RGBA").save(plain, "PNG", compress_level=1)
        asset |= {"p": f"data:image/png;base64,{base64.b64encode(plain.getvalue()).decode()}", "u": "", "e": 1}


def _set_words(path: Path, root: Table) -> list[str]:
    """Check that the words in it can be drawn: outlined in the file itself, or by the packaged font."""
    outlined = {one.get("ch") for one in root.get("chars") or [] if isinstance(one, dict)}
    lent = False
    for table in _tables(root):
        words = table.get("t")
        if (
            not isinstance(words, str)
            or not isinstance(table.get("f"), str)
            or not isinstance(table.get("s"), int | float)
        ):
            continue
        bare = "".join(sign for sign in words if sign not in outlined)
        lent |= bool(bare.strip())
        drawable_words(path, bare)
    fonts = root.get("fonts")
    if isinstance(fonts, dict):
        for font in fonts.get("list") or []:
            if isinstance(font, dict):
                font.pop("fPath", None)
                font["origin"] = 0
    return ["its words are set in Noto Sans: the font that they were made in is not in the file"] if lent else []


def _members(path: Path, archive: zipfile.ZipFile) -> dict[str, bytes]:
    entries = archive.infolist()
    if len(entries) > _ENTRIES_MAX or sum(one.file_size for one in entries) > 2 * BYTES_MAX:
        raise _refused(path, "It is too large for an animation. Export it as video (MP4)", "too-large")
    try:
        return {one.filename: archive.read(one) for one in entries if not one.is_dir()}
    except (zipfile.BadZipFile, RuntimeError, NotImplementedError, OSError, ValueError) as error:
        raise _refused(path, "Its archive is damaged, or locked. Export it again") from error


def _unpacked(path: Path) -> tuple[Table, dict[str, bytes], int | None, list[str]] | None:
    """The first animation of a ``.lottie``, its pictures by name, its loops and remarks; None for another archive."""
    try:
        with zipfile.ZipFile(path) as archive:
            names = archive.namelist()
            folders = ("animations/", "a/")
            if "manifest.json" not in names or not any(one.startswith(folders) for one in names):
                return None
            files = _members(path, archive)
    except (zipfile.BadZipFile, OSError, ValueError):
        return None
    try:
        manifest = json.loads(files["manifest.json"])
        told = [one for one in manifest.get("animations") or [] if isinstance(one, dict)]
    except (ValueError, RecursionError, AttributeError):
        told = []
    listed = [f"{folder}{one.get('id')}.json" for one in told for folder in folders]
    found = [one for one in (*listed, *files) if one in files and one.startswith(folders) and one.endswith(".json")]
    root = _parsed(path, files[found[0]]) if found else None
    if root is None:
        raise _refused(path, "There is no animation in it that can be read. Export it again")
    several = len(set(found)) > 1
    # Version 1 tells in the manifest whether it loops: true, false, or how often it comes again.
    loop = told[0].get("loop") if told else None
    loops = 1 if loop is False else loop + 1 if type(loop) is int and 0 < loop < 10_000 else None
    pictures = {one.rsplit("/", 1)[-1]: data for one, data in files.items() if one.startswith(("images/", "i/"))}
    return root, pictures, loops, ["it holds more than one animation; the first one is used"] if several else []


def _opened(path: Path, head: bytes) -> tuple[Table, dict[str, bytes], int | None, list[str]] | None:
    if head.startswith(b"PK\x03\x04"):
        return _unpacked(path)
    if head.removeprefix(b"\xef\xbb\xbf").lstrip()[:1] != b"{":
        return None
    if path.stat().st_size > BYTES_MAX:
        return None
    root = _parsed(path, path.read_bytes().removeprefix(b"\xef\xbb\xbf"))
    return None if root is None else (root, {}, None, [])


def composition_from(path: Path, head: bytes) -> Composition | None:
    """The animation in a Lottie file, checked; None for a file that is none. Raises JobFailed for what cannot be used.

    head : the file's first bytes.
    """
    opened = _opened(path, head)
    if opened is None:
        return None
    root, pictures, loops, remarks = opened
    width, height = stored_size(path, *(_number(path, root, side, 1e-3, SIDE_MAX) for side in "wh"))
    rate = rate_of(_number(path, root, "fr", 1e-2, 1000))
    length = _number(path, root, "op", -1e6, 1e6) - _number(path, root, "ip", -1e6, 1e6)
    frames = math.ceil(length - 0.01)
    if frames < 1:
        raise _refused(path, "It ends before it begins: there is nothing in it to be seen")
    if frames > FRAMES_MAX or frames / rate > SECONDS_MAX:
        raise _refused(path, f"It lasts {float(frames / rate):.0f} s, too long for an animation", "too-large")
    _check_layers(path, root)
    _check_shapes(path, root)
    remarks += _set_words(path, root)
    if any(isinstance(table.get("x"), str) and "k" in table for table in _tables(root)):
        remarks.append("it has expressions, which are not run: what they move stands where its key frames put it")
    _embed_images(path, root, pictures)
    data = json.dumps(root, allow_nan=False).encode()
    return Composition(
        width=width, height=height, rate=rate, frames=frames, data=data, loops=loops, remarks=tuple(remarks)
    )
