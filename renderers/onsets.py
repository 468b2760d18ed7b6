"""Listen to a take, or to the guide of takes, once: where its notes begin, for all that it is laid over."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np

from crowdcut.sound_orders import OnsetsOrder
from renderers.job import Input
from renderers.note_onsets import CLASSES, Onsets, note_onsets
from renderers.song_blocks import song_blocks


def onsets_in(path: Path) -> Onsets:
    """What :func:`run` wrote."""
    return np.fromfile(path, "<f4").reshape(-1, CLASSES).astype(np.float64)


def run(order: OnsetsOrder, inputs: Mapping[str, Input], out: Path) -> dict[str, Any]:
    """Write the onsets to ``out``: raw little-endian float32, frame by frame. Facts: ``frames``.

    Raises JobFailed naming the file that cannot be decoded or is too long.
    """
    path = inputs["file"].path
    assert path is not None
    onsets = note_onsets(song_blocks(path, order.heard))
    onsets.astype("<f4").tofile(out)
    return {"frames": len(onsets)}
