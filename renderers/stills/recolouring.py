"""A still's pixels through a table of colours: what videos have in their filter graphs."""

from fractions import Fraction

import numpy as np
from av import VideoFrame
from numpy.typing import NDArray

from renderers.colour.tone import table_file
from renderers.frames.filtering import graph_of
from renderers.frames.fit import Pixels

Deep = NDArray[np.uint16]
"""[shape=(height, width, 3)] R'G'B', red first, white at 65535."""
WHITE = 65_280
"""What swscale makes of white in 16 bits of R'G'B'."""


def recoloured(pixels: Pixels | Deep, table: str) -> Pixels:
    """A still's pixels through a table of colours (see :func:`renderers.colour.tone.in_709`); alpha stays.

    pixels : [shape=(height, width, 3 or 4)] full range, red first; of 16 bits without alpha.
    """
    scale = np.float32(WHITE / np.iinfo(pixels.dtype).max)
    height, width = pixels.shape[:2]
    frame = VideoFrame(width, height, "gbrp16le")
    for plane, channel in zip(frame.planes, (1, 2, 0), strict=True):
        codes = np.frombuffer(memoryview(plane), np.uint16).reshape(height, -1)
        codes[:, :width] = np.rint(pixels[..., channel] * scale)
    with table_file(table) as file:
        graph = graph_of(frame, Fraction(1, 1000), [("lut3d", f"file={file}:interp=tetrahedral")])
    graph.vpush(frame)
    green, blue, red = (
        np.frombuffer(memoryview(plane), np.uint16).reshape(height, -1)[:, :width] for plane in graph.vpull().planes
    )
    found = np.stack([red, green, blue], axis=-1)
    eight = np.minimum((found.astype(np.uint32) + 128) >> 8, 255).astype(np.uint8)
    return np.concatenate([eight, pixels[..., 3:].astype(np.uint8)], axis=2)
