"""Listen to a take, or to the guide of takes, once: where its notes begin, for all that it is laid over."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from crowdcut.sound.orders import OnsetsOrder
from renderers.job import Input
from renderers.song.note_onsets import Onsets, note_onsets, note_powers, rises_of
from renderers.song.note_times import Notes, note_times
from renderers.song.pitch_classes import CLASSES, heard_of
from renderers.song.song_blocks import song_blocks
from renderers.sound.pcm import Samples


@dataclass(frozen=True, slots=True, kw_only=True)
class Sung:
    """What is heard of a song."""

    onsets: Onsets
    notes: Notes


def sung_in(sound: Iterable[Samples]) -> Sung:
    """What is heard in sound at 48 kHz, given in blocks. Memory grows by 25 MB a minute or less."""
    heard = heard_of(sound)
    powers = note_powers(heard)
    rises = rises_of(powers)
    return Sung(onsets=note_onsets(rises), notes=note_times(heard, powers, rises))


def sung_by(path: Path) -> Sung:
    """What :func:`run` wrote."""
    written = np.fromfile(path, "<f4").astype(np.float64)
    end = int(written[0]) * CLASSES + 1
    return Sung(onsets=written[1:end].reshape(-1, CLASSES), notes=written[end:].reshape(-1, 2))


def run(order: OnsetsOrder, inputs: Mapping[str, Input], out: Path) -> dict[str, Any]:
    """Write to ``out``, all raw little-endian float32: the number of frames, the onsets frame by frame, the notes.
    Facts: ``frames``, ``notes``.

    Raises JobFailed naming the file that cannot be decoded or is too long.
    """
    path = inputs["file"].path
    assert path is not None
    sung = sung_in(song_blocks(path, order.heard))
    parts = (np.array([len(sung.onsets)]), sung.onsets.ravel(), sung.notes.ravel())
    np.concatenate(parts).astype("<f4").tofile(out)
    return {"frames": len(sung.onsets), "notes": len(sung.notes)}
