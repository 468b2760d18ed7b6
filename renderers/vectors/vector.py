"""The one door to ThorVG: Lottie animations and SVG drawings, loaded from memory and drawn at any size.

ThorVG's licence is MIT, that of ``thorvg-python`` (its library and the bindings) LGPL-2.1. It is given no path: what a
drawing refers to is in its data, or not drawn.
"""

import ctypes
from functools import lru_cache
from importlib.util import find_spec
from math import ceil
from pathlib import Path
from typing import Literal

import numpy as np
from numpy.typing import NDArray
from thorvg_python.animation import Animation
from thorvg_python.base import Colorspace, Matrix, Result
from thorvg_python.canvas.sw import SwCanvas
from thorvg_python.engine import Engine

from renderers.files.door import broken
from renderers.stills.pictures import SIDE_MAX

Pixels = NDArray[np.uint8]

PIXELS_MAX = 16_000_000
"""Of what is drawn at once."""

_DONE = {Result.SUCCESS, Result.INSUFFICIENT_CONDITION}
"""A frame that is on show already is set again with the latter."""


def fallback_font() -> Path:
    """The font file that words without outlines of their own are drawn in: packaged Noto Sans."""
    spec = find_spec("manimgx_fonts")
    if spec is None or spec.origin is None:
        raise ModuleNotFoundError("manimgx_fonts is not installed", name="manimgx_fonts")
    return Path(spec.origin).parent / "NotoSans[wght].ttf"


@lru_cache(maxsize=1)
def _engine() -> tuple[Engine, bytes]:
    """ThorVG on this thread alone, with the one font it may use; the font's bytes must live as long as it does."""
    engine, font = Engine(threads=0), fallback_font().read_bytes()
    load = engine.thorvg_lib.tvg_font_load_data
    load.argtypes = [ctypes.c_char_p, ctypes.c_char_p, ctypes.c_uint32, ctypes.c_char_p, ctypes.c_bool]
    if load(b"Noto Sans", font, len(font), b"ttf", False) != Result.SUCCESS:
        raise RuntimeError("ThorVG does not read the packaged font")
    return engine, font


def stored_size(path: Path, width: float, height: float) -> tuple[int, int]:
    """The size that a drawing's place is reckoned by: its own, times a whole number if it is small.

    Its shape is then right within a thousandth, and what ``cover`` keeps of it too. Raises JobFailed for one that is
    too thin to be a picture.
    """
    if not 0 < max(width, height) <= 1000 * min(width, height):
        raise broken(path, f"It is {width:g} x {height:g}: nobody could see it")
    longest = max(width, height)
    times = max(1, ceil(1000 / longest))
    times = min(float(times), SIDE_MAX / longest)
    return max(1, round(width * times)), max(1, round(height * times))


def size_within(width: int, height: int, pixels: int = PIXELS_MAX) -> tuple[int, int]:
    """The size itself, or the largest of its shape that has no more than so many pixels."""
    if width * height <= pixels:
        return width, height
    scale = (pixels / (width * height)) ** 0.5
    return max(1, int(width * scale)), max(1, int(height * scale))


class Drawing:
    """A loaded animation or drawing. Use it as a context: what it holds lies outside of Python's memory."""

    def __init__(self, path: Path, data: bytes, form: Literal["lottie", "svg"]):
        """``path`` is for messages alone. Raises JobFailed for data that ThorVG refuses."""
        self._path, self._size = path, (0, 0)
        engine, _ = _engine()
        self._canvas = SwCanvas(engine)
        self._animation = Animation(engine)
        self._picture = self._animation.get_picture()
        if self._picture.load_data(data, form, None, True) != Result.SUCCESS:
            self.__exit__()
            raise broken(path, "It cannot be drawn: it is damaged, or uses what is not known here")
        _, self.width, self.height = self._picture.get_size()
        self._added = False

    def __enter__(self) -> "Drawing":
        return self

    def __exit__(self, *error: object) -> None:
        self._canvas.destroy()
        self._animation._del()  # the bindings have no other word for it

    def pixels(self, size: tuple[int, int], frame: int | None = None) -> Pixels:
        """The drawing at ``size`` (width, height), a new array.

        [shape=(height, width, 4)] sRGB, alpha not premultiplied.
        frame : of an animation, counted from 0.
        """
        width, height = size
        if size != self._size:
            self._canvas.set_target(width, height, cs=Colorspace.ABGR8888S)
            scale = Matrix(width / self.width, 0, 0, 0, height / self.height, 0, 0, 0, 1)
            self._check(self._picture.set_transform(scale))
            self._size = size
        if not self._added:
            self._check(self._canvas.add(self._picture))
            self._added = True
        if frame is not None:
            self._check(self._animation.set_frame(frame))
        self._check(self._canvas.update())
        self._check(self._canvas.draw(True))
        self._check(self._canvas.sync())
        buffer = self._canvas.buffer_arr
        assert buffer is not None
        return np.frombuffer(memoryview(buffer).cast("B"), np.uint8).reshape(height, width, 4).copy()

    def _check(self, result: Result) -> None:
        if result not in _DONE:
            raise broken(self._path, f"it cannot be drawn ({result.name.lower().replace('_', ' ')})")
