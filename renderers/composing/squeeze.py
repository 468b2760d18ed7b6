"""A composed picture as a disc stores it: from square pixels to the standard's, from BT.709's matrix to BT.601's.

Both matrices make Y'CbCr of the same R'G'B', so one goes into the other by nine factors, in which luma gains a little
of both colour differences and these do not depend on luma. The primaries stay BT.709's, and the stream says so.
"""

from fractions import Fraction

import cv2
import numpy as np
from av import VideoFrame
from av.filter import Graph
from av.video.format import VideoFormat

from crowdcut.disc.standards import Standard
from crowdcut.orders import Raster
from renderers.composing.compose import Canvas
from renderers.patch import Plane, planes_of

_SCALING = "flags=lanczos+accurate_rnd+bitexact"

_BT709, _BT601 = (0.2126, 0.0722), (0.299, 0.114)
"""Kr and Kb (ITU-R BT.709-6 item 3.2, BT.601-7 section 2.5.1)."""


def _to_rgb(kr: float, kb: float) -> np.ndarray:
    """R'G'B' 0..1 of Y' 0..1 and CbCr -0.5..0.5. [shape=(3, 3)]"""
    kg, red, blue = 1 - kr - kb, 2 * (1 - kr), 2 * (1 - kb)
    return np.array([[1, 0, red], [1, -kb * blue / kg, -kr * red / kg], [1, blue, 0]])


def _in_codes() -> np.ndarray:
    """BT.709's Y'CbCr codes, less their offsets, to BT.601's, limited range. [shape=(3, 3)]

    Rounded, so that the same codes come of it on any processor.
    """
    span = np.array([219, 224, 224])
    factors = np.linalg.inv(_to_rgb(*_BT601)) @ _to_rgb(*_BT709)
    return np.round(factors * span[:, None] / span[None, :], 6)


_FACTORS = _in_codes()


def _added(first: Plane, second: Plane, factors: np.ndarray) -> np.ndarray:
    """What a colour difference plane and the other add up to, less their offset. [float32]"""
    return (first.astype(np.float32) - 128) * np.float32(factors[0]) + (second.astype(np.float32) - 128) * np.float32(
        factors[1]
    )


def _codes(values: np.ndarray, low: int, high: int) -> Plane:
    return np.clip(np.rint(values), low, high).astype(np.uint8)


def to_bt601(luma: Plane, cb: Plane, cr: Plane) -> tuple[Plane, Plane, Plane]:
    """4:2:0 planes in BT.709's matrix, in BT.601's. Luma 16..235, colour differences 16..240."""
    height, width = luma.shape
    lighter = cv2.resize(_added(cb, cr, _FACTORS[0, 1:]), (width, height), interpolation=cv2.INTER_LINEAR)
    return (
        _codes(luma + lighter, 16, 235),
        _codes(_added(cb, cr, _FACTORS[1, 1:]) + 128, 16, 240),
        _codes(_added(cb, cr, _FACTORS[2, 1:]) + 128, 16, 240),
    )


class Squeeze:
    """Squeezes composed pictures, one after another, to a disc's."""

    def __init__(self, raster: Raster, standard: Standard):
        graph = Graph()
        graph.threads = 1
        source = graph.add_buffer(
            width=raster.width,
            height=raster.height,
            format=VideoFormat("yuv420p"),
            time_base=Fraction(1, 1000),
            name="in",
        )
        scaled = graph.add("scale", f"{standard.width}:{standard.height}:{_SCALING}")
        sink = graph.add("buffersink")
        source.link_to(scaled)
        scaled.link_to(sink)
        graph.configure()
        self._graph, self._block = graph, np.empty((standard.height * 3 // 2, standard.width), np.uint8)
        self._count = 0

    def block(self, canvas: Canvas) -> np.ndarray:
        """The stored picture: I420 in one block, [shape=(height * 3 / 2, width)] uint8, drawn over by the next."""
        frame = VideoFrame.from_numpy_buffer(canvas.block, format="yuv420p")
        frame.pts = self._count
        self._count += 1
        self._graph.push(frame)
        stored = self._graph.pull()
        assert isinstance(stored, VideoFrame)
        planes = to_bt601(*planes_of(stored))
        np.concatenate([plane.reshape(-1) for plane in planes], out=self._block.reshape(-1))
        return self._block
