"""A white shape with soft edges in every format that has alpha, and what it must look like over a ground."""

from collections.abc import Callable
from pathlib import Path
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from examples.makers import write_clip

Pixels = NDArray[np.uint8]
Kind = Literal["straight", "premultiplied"]

SIZE = (160, 120)
GREY = 128
"""R'G'B' of the ground."""
WHITE = (255, 255, 255)
ORANGE = (220, 130, 50)


def shape(kind: Kind, *, colour: tuple[int, int, int] = WHITE, soft: float = 14.0) -> Pixels:
    """A disc with an edge that is ``soft`` pixels wide, as it is stored: black where it is clear. RGBA."""
    rows, columns = np.mgrid[: SIZE[1], : SIZE[0]]
    far = np.hypot(rows - 59.5, columns - 79.5)
    alpha = np.clip((42 - far) / soft + 0.5, 0, 1)
    alpha = np.rint(alpha * 255).astype(np.uint8)
    stored = np.where(alpha[..., None] > 0, np.array(colour, float), 0)
    if kind == "premultiplied":
        stored = stored * alpha[..., None] / 255
    return np.dstack([np.rint(stored).astype(np.uint8), alpha])


def over(picture: Pixels, ground: int, *, colour: tuple[int, int, int] = WHITE) -> NDArray[np.float64]:
    """The exact composite of a shape over a grey ground, R'G'B'."""
    alpha = picture[..., 3:].astype(float) / 255
    return np.array(colour) * alpha + ground * (1 - alpha)


def _still(path: Path, picture: Pixels) -> None:
    Image.fromarray(picture).save(path, lossless=True, quality=100)


def _animation(path: Path, picture: Pixels) -> None:
    later = picture.copy()
    later[:4, :4] = 255, 255, 255, 255
    images = [Image.fromarray(one) for one in (picture, later)]
    more: dict[str, Any] = {"disposal": 2} if path.suffix == ".gif" else {"lossless": True, "quality": 100}
    images[0].save(path, save_all=True, append_images=images[1:], duration=200, loop=0, **more)


def _film(codec: str, pixel_format: str, **options: str) -> Callable[[Path, Pixels], None]:
    def write(path: Path, picture: Pixels) -> None:
        write_clip(
            path, width=SIZE[0], height=SIZE[1], frames=4, picture=lambda _: picture, codec=codec,
            pix_fmt=pixel_format, options=options,
        )  # fmt: skip

    return write


FORMATS: dict[str, tuple[str, Callable[[Path, Pixels], None]]] = {
    "PNG": (".png", _still),
    "WebP": (".webp", _still),
    "AVIF": (".avif", _still),
    "APNG": (".apng", _animation),
    "GIF": (".gif", _animation),
    "animated WebP": (".webp", _animation),
    "VP8": (".webm", _film("libvpx", "yuva420p", b="50M", qmin="0", qmax="0", **{"auto-alt-ref": "0"})),
    "VP9": (".webm", _film("libvpx-vp9", "yuva420p", crf="2", b="0", deadline="good")),
    "qtrle": (".mov", _film("qtrle", "argb")),
    "ProRes 4444": (".mov", _film("prores_ks", "yuva444p10le", profile="4444", alpha_bits="16")),
    "PNG in MOV": (".mov", _film("png", "rgba")),
}
"""Ending and writer by the name of the format."""
