"""The picture job: one span decoded, converted, composed and encoded once, with its proof."""

import base64
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import cv2
import numpy as np

from crowdcut.orders import PictureOrder
from renderers.compose import Canvas, composed_frames
from renderers.encode import PieceWriter, fingerprint, prove
from renderers.job import Input
from renderers.strays import counted

_STILL_WIDTH = 320
"""Pixels, of the small still that reports show."""


def small_still(canvas: Canvas) -> str:
    """A JPEG of the canvas, in base64."""
    rgb = cv2.cvtColor(canvas.block, cv2.COLOR_YUV2BGR_I420)  # BT.601, close enough for a thumbnail
    height = _STILL_WIDTH * rgb.shape[0] // rgb.shape[1]
    small = cv2.resize(rgb, (_STILL_WIDTH, height), interpolation=cv2.INTER_AREA)
    coded = cv2.imencode(".jpg", small, [cv2.IMWRITE_JPEG_QUALITY, 78])[1]
    return base64.b64encode(coded.tobytes()).decode("ascii")


def run(order: PictureOrder, inputs: Mapping[str, Input], out: Path) -> dict[str, Any]:
    """Render ``order`` to the piece ``out``.

    Facts: ``frames``; ``packets``, digests in decoding order; ``shown``, for each layer (stack, leaving, over) the
    [timestamp, next timestamp] of its source at each frame; ``still``, a small JPEG of the middle in base64;
    ``clipped_share`` and ``out_of_gamut_share``, parts of the clips' pixels, where there are such.
    Raises JobFailed naming the contribution that cannot be shown.
    """
    files = {name: one.path for name, one in inputs.items() if one.path is not None}
    shown: list[list[Any]] = []
    prints: list[np.ndarray] = []
    still = ""
    with counted() as strays, PieceWriter(out, order.raster, order.encoding) as writer:
        for number, composed in enumerate(composed_frames(order, files)):
            writer.write(composed.canvas)
            shown.append([list(one) if one else None for one in composed.shown])
            if number in (0, order.length_frames - 1):
                prints.append(fingerprint(composed.canvas.luma))
            if number == order.length_frames // 2:
                still = small_still(composed.canvas)
    packets = prove(out, frames=order.length_frames, first=prints[0], last=prints[-1])
    by_layer = [list(layer) for layer in zip(*shown, strict=True)]
    return {
        "frames": order.length_frames,
        "packets": packets,
        "shown": [layer if any(layer) else None for layer in by_layer],
        "still": still,
        **strays.shares,
    }
