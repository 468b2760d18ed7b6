"""Small Lottie animations and SVG drawings, written by hand, with one thing in each that is to be seen or refused."""

import json
import zipfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

SVG = 'xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink"'


def still(value: Any) -> dict[str, Any]:
    """A property that does not move."""
    return {"a": 0, "k": value}


NOWHERE = still([0, 0])
TRANSFORM = {"o": still(100), "r": still(0), "p": still([0, 0, 0]), "a": still([0, 0, 0]), "s": still([100, 100, 100])}


def box(x: float, y: float, width: float, height: float, colour: tuple[float, float, float]) -> dict[str, Any]:
    """A filled rectangle, by its corner; colour in parts of 1."""
    return {
        "ty": "gr",
        "it": [
            {"ty": "rc", "p": still([x + width / 2, y + height / 2]), "s": still([width, height]), "r": still(0)},
            {"ty": "fl", "c": still([*colour, 1]), "o": still(100)},
            {"ty": "tr", "p": NOWHERE, "a": NOWHERE, "s": still([100, 100]), "r": still(0), "o": still(100)},
        ],
    }


def layer(*shapes: dict[str, Any], first: float = 0, last: float = 1000, **more: Any) -> dict[str, Any]:
    """A layer of shapes, on screen from frame ``first`` to ``last``."""
    return {"ty": 4, "ip": first, "op": last, "st": 0, "ks": TRANSFORM, "shapes": list(shapes), **more}


def words_layer(words: str) -> dict[str, Any]:
    """A layer of words in a font that is not in the file."""
    document = {"s": 30, "f": "Brand-Bold", "t": words, "j": 0, "lh": 36, "fc": [1, 1, 1]}
    moved = {**TRANSFORM, "p": still([10, 60, 0])}
    return {"ty": 5, "ip": 0, "op": 1000, "st": 0, "ks": moved, "t": {"d": {"k": [{"s": document, "t": 0}]}, "a": []}}


def composition(*layers: Mapping[str, Any], frames: float = 8, rate: float = 10, **more: Any) -> dict[str, Any]:
    """A Lottie animation of 100 x 80."""
    told = {"v": "5.9.0", "fr": rate, "ip": 0, "op": frames, "w": 100, "h": 80, "ddd": 0, "assets": []}
    return {**told, "layers": list(layers), **more}


def counting(frames: int = 8, rate: float = 10) -> dict[str, Any]:
    """Frame n shows a white column n tenths of the width from the left, on clear ground."""
    columns = (layer(box(10 * n, 0, 10, 80, (1, 1, 1)), first=n, last=n + 1) for n in range(frames))
    return composition(*columns, frames=frames, rate=rate)


def write_lottie(path: Path, animation: Mapping[str, Any]) -> Path:
    """As ``.json``."""
    path.write_text(json.dumps(animation), encoding="utf-8")
    return path


def write_archive(path: Path, animation: Mapping[str, Any], **files: bytes) -> Path:
    """As ``.lottie``, played twice by its own word; ``files`` are pictures by name."""
    manifest = {"version": "1", "animations": [{"id": "main", "loop": 1}]}
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("manifest.json", json.dumps(manifest))
        archive.writestr("animations/main.json", json.dumps(animation))
        for name, data in files.items():
            archive.writestr(f"images/{name}", data)
    return path


def write_svg(path: Path, inside: str, head: str = 'viewBox="0 0 100 80"') -> Path:
    """A drawing."""
    path.write_text(f"<svg {SVG} {head}>{inside}</svg>", encoding="utf-8")
    return path
