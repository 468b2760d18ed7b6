"""Loudness in hops of 100 ms: measured where a bus is made and kept beside it, so that nobody has to hear it again."""

from collections.abc import Iterable
from math import log10
from pathlib import Path

import numpy as np

from crowdcut.timing import SAMPLE_RATE
from renderers.loudness.meter import GATING_SAMPLES, HOP_SAMPLES, OFFSET_LU, SILENCE_LUFS, Powers, gated
from renderers.loudness.running import WeightedPowers
from renderers.sound.pcm import Samples

WINDOW_HOPS = 30
"""3 s: short-term loudness (EBU Tech 3341)."""
_GATING_HOPS = GATING_SAMPLES // HOP_SAMPLES
_SECOND_HOPS = SAMPLE_RATE // HOP_SAMPLES
_KEPT = "powers.f32"
"""The file beside a bus that tells the power of its hops: raw float32."""


def hop_powers(blocks: Iterable[Samples]) -> Powers:
    """Weighted power of consecutive blocks in each hop; what is left of the last one is not counted."""
    meter = WeightedPowers(HOP_SAMPLES)
    for block in blocks:
        meter.take(block)
    return meter.powers


def means(powers: Powers, hops: int) -> Powers:
    """The mean of each ``hops`` consecutive powers, a hop after each other; none where there are fewer."""
    sums = np.concatenate([[0.0], np.cumsum(powers)])
    return np.maximum(sums[hops:] - sums[:-hops], 0) / hops


def gating_blocks(powers: Powers) -> Powers:
    """The 400 ms that integrated loudness is made of, one from each hop on."""
    return means(powers, _GATING_HOPS)


def _lufs(power: float) -> float | None:
    lufs = 10 * log10(power) - OFFSET_LU if power > 0 else SILENCE_LUFS
    return round(lufs, 3) if lufs > SILENCE_LUFS else None


def short_term(powers: Powers) -> list[float | None]:
    """LUFS of the 3 s up to the end of each whole second; None for silence, and before there are 3 s."""
    windows = means(powers, WINDOW_HOPS)
    ends = range(_SECOND_HOPS, len(powers) + 1, _SECOND_HOPS)
    return [_lufs(float(windows[end - WINDOW_HOPS])) if end >= WINDOW_HOPS else None for end in ends]


def integrated(blocks: Powers) -> float | None:
    """Integrated loudness of gating blocks, LUFS; None for silence."""
    lufs = gated(blocks)
    return None if lufs is None else round(lufs, 3)


def keep_powers(powers: Powers, bus: Path) -> None:
    """Write the powers of a bus's hops beside it."""
    powers.astype("<f4").tofile(bus.with_name(_KEPT))


def kept_powers(bus: Path) -> Powers:
    """What :func:`keep_powers` wrote."""
    return np.fromfile(bus.with_name(_KEPT), "<f4").astype(np.float64)
