"""A stem: some buses as they stand in the finished programme, so that all stems add up to it."""

from collections.abc import Iterator, Mapping
from fractions import Fraction
from pathlib import Path
from typing import cast

import av
import numpy as np
from av import AudioFrame
from av.audio.stream import AudioStream

from crowdcut.sound.orders import StemOrder
from crowdcut.timing import SAMPLE_RATE
from renderers.job import Input
from renderers.loudness.levelling import kept_level
from renderers.loudness.limiter import limited
from renderers.sound.pcm import Samples, added_blocks

_FULL_SCALE = 1 << 23
"""24 bits."""


def _levelled(order: StemOrder, inputs: Mapping[str, Input]) -> Iterator[Samples]:
    """The stem with the programme's gain and its limiter's work."""
    finish = inputs["finish"].path
    assert finish is not None
    gain, curve = kept_level(finish)
    paths = [path for bus in order.buses if (path := inputs[bus].path) is not None]
    start = 0
    for block in added_blocks(paths, length=order.length_samples):
        yield limited(block * gain, curve, start=start)
        start += block.shape[1]


def _frame(samples: Samples, start: int) -> tuple[AudioFrame, int]:
    """24-bit samples in the upper bits of 32, and how many had to be clipped."""
    codes = np.rint(samples.T.astype(np.float64) * _FULL_SCALE)
    clipped = int(np.count_nonzero((codes < -_FULL_SCALE) | (codes >= _FULL_SCALE)))
    whole = np.clip(codes, -_FULL_SCALE, _FULL_SCALE - 1).astype(np.int32) << 8
    frame = AudioFrame.from_ndarray(np.ascontiguousarray(whole).reshape(1, -1), format="s32", layout="stereo")
    frame.sample_rate, frame.time_base, frame.pts = SAMPLE_RATE, Fraction(1, SAMPLE_RATE), start
    return frame, clipped


def run(order: StemOrder, inputs: Mapping[str, Input], out: Path) -> dict[str, object]:
    """Write a 24-bit WAV file of 48 kHz stereo, as long as the programme, to ``out``.

    Facts: ``clipped_samples``: where a stem alone is louder than full scale, which the sum of all is not.
    """
    clipped, start = 0, 0
    with av.open(str(out), "w", format="wav", options={"fflags": "+bitexact"}) as container:
        stream = cast(AudioStream, container.add_stream("pcm_s24le", rate=SAMPLE_RATE, layout="stereo"))
        for samples in _levelled(order, inputs):
            frame, lost = _frame(samples, start)
            container.mux(stream.encode(frame))
            clipped, start = clipped + lost, start + samples.shape[1]
        container.mux(stream.encode(None))
    return {"clipped_samples": clipped}
