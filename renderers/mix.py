"""Add all prepared sounds up to the programme, each at its sample, its level and with its fades."""

from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from crowdcut.levels import gain_of
from crowdcut.orders import Cue, MixOrder
from renderers.job import Input
from renderers.pcm import BLOCK_SAMPLES, Samples, bytes_of, samples_at, silence
from renderers.true_peak import amplitude


@dataclass(frozen=True, slots=True, kw_only=True)
class _Voice:
    """A cue with all that is needed to play it."""

    cue: Cue
    path: Path
    amplitude: float

    @property
    def end_exclusive(self) -> int:
        return self.cue.start_sample + self.cue.length_samples


def _ramp(ages: NDArray[np.int64], length_samples: int, shape: str) -> NDArray[np.float64]:
    """From 0 to 1 over ``length_samples``, at the middle of each sample: so a fade in and a fade out that share their
    samples add up to 1 (linear) or keep the power (equal-power)."""
    way = np.clip((ages + 0.5) / length_samples, 0, 1)
    return way if shape == "linear" else np.sin(way * (np.pi / 2))


def _gains(voice: _Voice, first: int, length: int) -> NDArray[np.float32]:
    """Amplitude of samples ``first`` .. ``first + length`` of a cue, counted from its own beginning; shape (length,)
    or (1,) where no fade touches them."""
    cue = voice.cue
    left = cue.length_samples - first
    gains = np.full(1, voice.amplitude)
    if first < cue.fade_in_samples:
        gains = gains * _ramp(np.arange(first, first + length), cue.fade_in_samples, cue.fade)
    if left - length < cue.fade_out_samples:
        gains = gains * _ramp(np.arange(left - 1, left - 1 - length, -1), cue.fade_out_samples, cue.fade)
    return gains.astype(np.float32)


def _add(block: Samples, start: int, voice: _Voice) -> None:
    """Add what sounds of ``voice`` within ``block``, which begins at programme sample ``start``."""
    cue = voice.cue
    begin, end = max(start, cue.start_sample), min(start + block.shape[1], voice.end_exclusive)
    age, length = begin - cue.start_sample, end - begin
    samples = samples_at(voice.path, start=age, length=length)
    block[:, begin - start : end - start] += samples * _gains(voice, age, length)


def _mixed(voices: list[_Voice], length_samples: int, block_samples: int) -> Iterator[Samples]:
    """The programme. Cues are added in the order's order, so the sums do not depend on the blocks."""
    for start in range(0, length_samples, block_samples):
        block = silence(min(block_samples, length_samples - start))
        for voice in voices:
            if voice.cue.start_sample < start + block.shape[1] and start < voice.end_exclusive:
                _add(block, start, voice)
        yield block


def run(
    order: MixOrder, inputs: Mapping[str, Input], out: Path, *, block_samples: int = BLOCK_SAMPLES
) -> dict[str, object]:
    """Write the mix, raw samples that may exceed full scale, to ``out``.

    Facts: ``gains``, one for each cue: ``gain_db``, ``wanted_db`` and ``cap`` (the rule that bit, or None).
    """
    gains = [gain_of(cue, inputs[cue.listened].facts, order.levels) for cue in order.cues]
    voices = []
    for cue, gain in zip(order.cues, gains, strict=True):
        path = inputs[cue.prepared].path
        assert path is not None
        voices.append(_Voice(cue=cue, path=path, amplitude=amplitude(gain.gain_db)))
    with out.open("wb") as file:
        for block in _mixed(voices, order.length_samples, block_samples):
            file.write(bytes_of(block))
    return {"gains": [asdict(gain) for gain in gains]}
