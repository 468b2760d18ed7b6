"""One small file in full HD for each conversion, as a crowd sends them: turned, squeezed, 4K, woven, clear, keyed."""

import json
import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from pathlib import Path
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from examples.makers.clips import Picture, write_clip
from examples.makers.footage import footage
from examples.makers.stills import write_still

WIDTH, HEIGHT = 1920, 1080
FRAMES = 30
_GREEN = (30, 190, 50)


@dataclass(frozen=True, slots=True, kw_only=True)
class Clip:
    """A film, by what is odd about it."""

    width: int = WIDTH
    height: int = HEIGHT
    seen: Callable[[Picture], Picture] = lambda picture: picture
    """What is drawn, of footage."""
    more: Mapping[str, Any] = field(default_factory=dict)
    """Of :func:`write_clip`."""


def _disc(height: int, width: int) -> NDArray[np.uint8]:
    """A soft disc in the middle third. [shape=(height, width)]"""
    drawn = np.zeros((height, width), np.uint8)
    cv2.circle(drawn, (width // 2, height // 2), height // 3, 255, -1)
    return cv2.GaussianBlur(drawn, (0, 0), height / 100)  # type: ignore[return-value]


def _cut_out(picture: Picture) -> Picture:
    """A disc of the footage; the rest is clear."""
    return lambda number: np.dstack([drawn := picture(number), _disc(*drawn.shape[:2])])


def _before_green(picture: Picture) -> Picture:
    """A disc of the footage before a green screen."""

    def frame(number: int) -> NDArray[np.uint8]:
        drawn = picture(number).astype(np.uint16)
        share = _disc(*drawn.shape[:2]).astype(np.uint16)[..., None]
        return ((drawn * share + np.array(_GREEN, np.uint16) * (255 - share)) // 255).astype(np.uint8)

    return frame


def _gaudy(picture: Picture) -> Picture:
    """Footage in colours that are too strong for what is read as limited range."""
    stronger = 9 * np.eye(3) - 8 * np.array([0.2126, 0.7152, 0.0722])
    return lambda number: cv2.transform(picture(number), stronger)  # type: ignore[return-value]


CLIPS: dict[str, Clip] = {
    "plain.mp4": Clip(),
    "small.mp4": Clip(width=1280, height=720),
    "upright.mp4": Clip(more={"rotation": 90}),
    "squeezed.mp4": Clip(width=1440, more={"sar": Fraction(4, 3)}),
    "uhd.mp4": Clip(width=3840, height=2160),
    "woven.mp4": Clip(more={"interlaced": "tff"}),
    "ten.mp4": Clip(more={"pix_fmt": "yuv420p10le"}),
    "full.mp4": Clip(more={"pix_fmt": "yuvj420p"}),
    "gaudy.mp4": Clip(seen=_gaudy, more={"pix_fmt": "yuvj420p"}),
    "rgb.mov": Clip(more={"codec": "qtrle", "pix_fmt": "rgb24", "matrix": None, "options": {}}),
    "clear.mov": Clip(seen=_cut_out, more={"codec": "prores_ks", "pix_fmt": "yuva444p10le", "options": {}}),
    "screen.mp4": Clip(seen=_before_green),
}
"""Name of the file to what is in it."""


def _write_vector(path: Path) -> None:
    """Fifty discs; in a Lottie animation they turn."""
    places = [((number * 397) % WIDTH, (number * 211) % HEIGHT, 40 + number) for number in range(50)]
    if path.suffix == ".svg":
        discs = "".join(f'<circle cx="{x}" cy="{y}" r="{r}" fill="#{y:03x}8c0"/>' for x, y, r in places)
        words = f'<svg xmlns="http://www.w3.org/2000/svg" width="{WIDTH}" height="{HEIGHT}">{discs}</svg>'
        path.write_text(words, encoding="utf-8")
        return

    def still(value: Any) -> dict[str, Any]:
        return {"a": 0, "k": value}

    as_it_is = {"o": still(100), "r": still(0), "a": still([0, 0, 0]), "s": still([100, 100, 100])}
    shapes = [
        {"ty": "gr", "it": [
            {"ty": "el", "p": still([x - WIDTH / 2, y - HEIGHT / 2]), "s": still([2 * r, 2 * r])},
            {"ty": "fl", "c": still([x / WIDTH, 0.5, y / HEIGHT, 1]), "o": still(100)},
            {"ty": "tr", "p": still([0, 0]), **as_it_is},
        ]}
        for x, y, r in places
    ]  # fmt: skip
    steady = {"x": [0.5], "y": [0.5]}
    turning = {"a": 1, "k": [{"t": 0, "s": [0], "i": steady, "o": steady}, {"t": 60, "s": [360]}]}
    moved = {**as_it_is, "r": turning, "p": still([WIDTH / 2, HEIGHT / 2, 0])}
    layer = {"ty": 4, "ip": 0, "op": 60, "st": 0, "ks": moved, "shapes": shapes}
    about = {"v": "5.9.0", "fr": 30, "ip": 0, "op": 60, "w": WIDTH, "h": HEIGHT, "ddd": 0, "assets": []}
    whole = {**about, "layers": [layer]}
    path.write_text(json.dumps(whole), encoding="utf-8")


def _write_picture(path: Path) -> None:
    """A photograph, or an animation."""
    from PIL import Image

    if path.suffix == ".jpg":
        write_still(path, footage(4000, 3000, seed=3)(0))
        return
    picture = footage(WIDTH // 2, HEIGHT // 2, seed=4)
    images = [Image.fromarray(picture(number)).quantize(128) for number in range(12)]
    images[0].save(path, save_all=True, append_images=images[1:], duration=80, loop=0)


def _write(path: Path, name: str) -> None:
    if name in CLIPS:
        clip = CLIPS[name]
        picture = clip.seen(footage(clip.width, clip.height, seed=len(name)))
        write_clip(path, width=clip.width, height=clip.height, frames=FRAMES, picture=picture, **clip.more)
    elif path.suffix in (".svg", ".json"):
        _write_vector(path)
    else:
        _write_picture(path)


def made(folder: Path, name: str) -> Path:
    """The file ``name`` in ``folder``: there already, or written now and only then given its name."""
    path = folder / name
    if not path.is_file():
        folder.mkdir(parents=True, exist_ok=True)
        part = path.with_stem(f"{path.stem}.part")
        _write(part, name)
        os.replace(part, path)
    return path
