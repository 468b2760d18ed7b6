"""The picture job: one span decoded, converted, composed and encoded once, with its proof."""

import base64
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import cv2
import numpy as np

from crowdcut.disc.cadence import cadence_for
from crowdcut.disc.standards import STANDARDS
from crowdcut.orders import Filmed, Layer, PictureOrder, Screen
from crowdcut.records import record_from
from renderers.colour.strays import counted
from renderers.composing.compose import Canvas, composed_frames
from renderers.composing.encode import PieceWriter, Proof, fingerprint, prove
from renderers.disc.coding import coarser, least_step
from renderers.disc.vbv import buffer_of
from renderers.job import Input

_STILL_WIDTH = 320
"""Pixels, of the small still that reports show."""


def small_still(canvas: Canvas) -> str:
    """A JPEG of the canvas, in base64."""
    rgb = cv2.cvtColor(canvas.block, cv2.COLOR_YUV2BGR_I420)  # BT.601, close enough for a thumbnail
    height = _STILL_WIDTH * rgb.shape[0] // rgb.shape[1]
    small = cv2.resize(rgb, (_STILL_WIDTH, height), interpolation=cv2.INTER_AREA)
    coded = cv2.imencode(".jpg", small, [cv2.IMWRITE_JPEG_QUALITY, 78])[1]
    return base64.b64encode(coded.tobytes()).decode("ascii")


def _with_screens(layers: tuple[Layer, ...], inputs: Mapping[str, Input]) -> tuple[Layer, ...]:
    """The layers with what was measured of their screens."""
    told = []
    for layer in layers:
        source = layer.source
        if isinstance(source, Filmed) and (key := source.conversion.key) is not None:
            key = replace(key, screen=record_from(inputs[key.measured].facts, Screen))
            layer = replace(layer, source=replace(source, conversion=replace(source.conversion, key=key)))
        told.append(layer)
    return tuple(told)


def _measured(order: PictureOrder, inputs: Mapping[str, Input]) -> PictureOrder:
    """The order with the facts of the jobs that it waited for."""
    transition = order.transition
    if transition is not None:
        transition = replace(transition, leaving=_with_screens(transition.leaving, inputs))
    stack, over = _with_screens(order.stack, inputs), _with_screens(order.over, inputs)
    return replace(order, stack=stack, transition=transition, over=over)


def _rendered(order: PictureOrder, inputs: Mapping[str, Input], out: Path) -> tuple[dict[str, Any], Proof]:
    """The piece's facts, and what it was proven to hold."""
    files = {name: one.path for name, one in inputs.items() if one.path is not None}
    shown: list[list[Any]] = []
    mixed: list[tuple[int | None, ...]] = []
    prints: list[np.ndarray] = []
    still = ""
    with counted() as strays, PieceWriter(out, order.raster, order.encoding) as writer:
        for number, composed in enumerate(composed_frames(order, files)):
            luma = writer.write(composed.canvas)
            shown.append([list(one) if one else None for one in composed.shown])
            mixed.append(composed.mixed)
            if number in (0, order.length_frames - 1):
                prints.append(fingerprint(luma))
            if number == order.length_frames // 2:
                still = small_still(composed.canvas)
    proof = prove(out, order.encoding, frames=order.length_frames, first=prints[0], last=prints[-1])
    by_layer = [list(layer) for layer in zip(*shown, strict=True)]
    facts = {
        "frames": order.length_frames,
        "packets": proof.packets,
        "shown": [layer if any(layer) else None for layer in by_layer],
        "mixed": [list(layer) if any(one is not None for one in layer) else None for layer in zip(*mixed, strict=True)],
        "still": still,
        **strays.shares,
    }
    if order.encoding.disc is not None:
        facts["psnr_db"] = writer.psnr_db
    return facts, proof


def run(order: PictureOrder, inputs: Mapping[str, Input], out: Path) -> dict[str, Any]:
    """Render ``order`` to the piece ``out``.

    Facts: ``frames``; ``packets``, digests in decoding order; ``shown``, for each layer (stack, leaving, over) the
    [timestamp, next timestamp] of its source at each frame; ``mixed``, for each layer how much of the next picture is
    in each frame (``Drawn.mixed``), None for layers without; ``still``, a small JPEG of the middle in base64;
    ``clipped_share`` and ``out_of_gamut_share``, parts of the clips' pixels, and ``combed_share``, the part of
    telecined pictures that were deinterlaced, where there are such; of a disc's pieces ``step``, the least quantiser
    step that they were coded with, ``bits``, and ``psnr_db`` of the luma, None where nothing was lost.
    Raises JobFailed naming the contribution that cannot be shown, or (``vbv``) where no step is coarse enough.
    """
    order = _measured(order, inputs)
    facts, proof = _rendered(order, inputs, out)
    if order.encoding.disc is None:
        return facts
    cadence = cadence_for(STANDARDS[order.encoding.disc], order.raster.rate)
    while not buffer_of(proof.packet_bits, cadence).keeps_agreement:
        order = replace(order, encoding=coarser(order.encoding))
        facts, proof = _rendered(order, inputs, out)
    return {**facts, "step": least_step(order.encoding), "bits": sum(proof.packet_bits)}
