"""Stills in high dynamic range or a wide gamut at all their bits: Pillow gives eight, in which PQ has bands, and off
colours in its shadows."""

from fractions import Fraction
from pathlib import Path

import cv2
import numpy as np
import pillow_heif
from av.error import FFmpegError

from renderers.files.door import broken, opened
from renderers.frames.filtering import graph_of
from renderers.stills.pictures import pillow_errors
from renderers.stills.recolouring import WHITE, Deep

PIXELS_MAX = 40_000_000
"""Larger ones are brought to half their size or less anyway: the mean of four pixels is finer than one."""
# Nothing but the matrix and the range: the curve is the table's.
_TO_RGB = [
    ("setparams", "color_primaries=bt709:color_trc=bt709"),
    ("scale", "flags=bicubic+accurate_rnd+bitexact+full_chroma_int"),
    ("format", "gbrp16le"),
]


def _by_heif(path: Path) -> Deep | None:
    with pillow_errors(path):
        photo = pillow_heif.open_heif(path, convert_hdr_to_8bit=False)
        return np.asarray(photo, np.uint16) if photo.mode == "RGB;16" else None


def _by_ffmpeg(path: Path) -> Deep | None:
    """A picture of one stream; one of several tiles is left to Pillow."""
    try:
        with opened(path) as container:
            if len(container.streams.video) != 1:
                return None
            frame = next(container.decode(video=0), None)
            if frame is None or frame.format.components[0].bits <= 8:
                return None
            if frame.format.is_rgb:
                return np.asarray(frame.to_ndarray(format="rgb48le"), np.uint16)
            graph = graph_of(frame, Fraction(1), _TO_RGB)
            graph.vpush(frame)
            found = graph.vpull()
    except FFmpegError as error:
        raise broken(path, f"it is damaged ({error.strerror})") from error
    deep = np.empty((found.height, found.width, 3), np.uint16)
    for plane, channel in zip(found.planes, (1, 2, 0), strict=True):
        codes = np.frombuffer(memoryview(plane), np.uint16).reshape(plane.height, -1)[:, : plane.width]
        deep[..., channel] = np.rint(np.minimum(codes, WHITE) * np.float32(65_535 / WHITE))
    return deep


_READERS = {"heif": _by_heif, "avif": _by_ffmpeg, "png": _by_ffmpeg}


def deep_pixels(path: Path, form: str, size: tuple[int, int], needed: tuple[int, int]) -> Deep | None:
    """A still's pixels, colours as they are coded; None where there are no more than eight bits to be had.

    form : the format that the examination found. size : the picture's width and height. needed : what is enough of
    these; a much larger picture is brought down to no less. Raises JobFailed for one that is damaged.
    """
    if form not in _READERS or size[0] * size[1] > PIXELS_MAX:
        return None
    pixels = _READERS[form](path)
    if pixels is None or pixels.shape != (size[1], size[0], 3):
        return None
    factor = min(size[0] // needed[0], size[1] // needed[1])
    if factor < 2:
        return pixels
    smaller = -(-size[0] // factor), -(-size[1] // factor)
    return cv2.resize(pixels, smaller, interpolation=cv2.INTER_AREA)  # type: ignore[return-value]
