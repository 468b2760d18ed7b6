"""The encoder alone: the finished frames of a piece, held in memory, through the writer that pieces go through."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from time import monotonic, process_time

from crowdcut.orders import PictureOrder
from renderers.composing.compose import canvas_for, composed_frames
from renderers.composing.encode import PieceWriter


@dataclass(frozen=True, slots=True, kw_only=True)
class Encoding:
    """What encoding alone took, on one thread of this process."""

    cpu_seconds: float
    wall_seconds: float


def encoded_alone(order: PictureOrder, files: Mapping[str, Path], out: Path) -> Encoding:
    """Compose all frames of ``order`` first, then encode them to ``out``; only that is measured."""
    blocks = [composed.canvas.block.copy() for composed in composed_frames(order, files)]
    canvas = canvas_for(order.raster)
    started, before = monotonic(), process_time()
    with PieceWriter(out, order.raster, order.encoding) as writer:
        for block in blocks:
            canvas.block[:] = block
            writer.write(canvas)
    return Encoding(cpu_seconds=process_time() - before, wall_seconds=monotonic() - started)
