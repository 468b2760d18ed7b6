"""Loudness by three others: the ``ffmpeg`` program's ebur128, pyloudnorm, and BS.1770's formulas by SciPy."""

import re
import subprocess
from dataclasses import dataclass
from math import inf, log10

import numpy as np
import pyloudnorm
from imageio_ffmpeg import get_ffmpeg_exe
from scipy.signal import lfilter

from crowdcut.timing import SAMPLE_RATE
from renderers.sound.pcm import Samples, bytes_of

_STAGES = (
    ((1.53512485958697, -2.69169618940638, 1.19839281085285), (1, -1.69065929318241, 0.73248077421585)),
    ((1.0, -2.0, 1.0), (1, -1.99004745483398, 0.99007225036621)),
)
"""ITU-R BS.1770-4, annex 1, tables 1 and 2."""
_STEP = SAMPLE_RATE // 100
_BLOCK = 60 * SAMPLE_RATE


@dataclass(frozen=True, slots=True, kw_only=True)
class Theirs:
    """What the program reads."""

    integrated: float
    """LUFS; -70 for silence."""
    range_lu: float
    max_momentary: float
    """LUFS, ten readings a second; -inf where no window was full."""
    max_short_term: float
    true_peak: float
    """dBTP."""


def by_ffmpeg(samples: Samples) -> Theirs:
    """Measured by imageio-ffmpeg's program."""
    raw = ("-f", "f32le", "-ar", str(SAMPLE_RATE), "-ac", "2", "-i", "-")
    filters = "ebur128=peak=true:metadata=1:framelog=quiet,ametadata=print:file=-"
    command = [get_ffmpeg_exe(), "-hide_banner", *raw, "-af", filters, "-f", "null", "-"]
    done = subprocess.run(command, input=bytes_of(samples), capture_output=True, check=True)
    told, summary = done.stdout.decode(), done.stderr.decode().rpartition("Summary:")[2]

    def last(name: str) -> float:
        return float(re.findall(rf"{name}:\s+(\S+)", summary)[-1])

    def largest(name: str) -> float:
        return max(map(float, re.findall(rf"lavfi\.r128\.{name}=(\S+)", told)), default=-inf)

    integrated = float(re.findall(r"lavfi\.r128\.I=(\S+)", told)[-1])
    return Theirs(
        integrated=integrated,
        range_lu=last("LRA"),
        max_momentary=largest("M"),
        max_short_term=largest("S"),
        true_peak=last("Peak"),
    )


def by_pyloudnorm(samples: Samples) -> float:
    """Integrated loudness, LUFS. What does not fill the last 100 ms is left out: pyloudnorm measures a block there
    that is not full."""
    whole = samples.shape[1] // (SAMPLE_RATE // 10) * (SAMPLE_RATE // 10)
    return float(pyloudnorm.Meter(SAMPLE_RATE).integrated_loudness(samples[:, :whole].T.astype(np.float64)))


def loudest_by_formula(samples: Samples, seconds: float) -> float:
    """LUFS of the loudest window of that length that begins at any hundredth of a second."""
    states = [np.zeros((2, 2)) for _ in _STAGES]
    powers = [np.zeros(1)]
    for start in range(0, samples.shape[1] // _STEP * _STEP, _BLOCK):
        weighted = samples[:, start : start + _BLOCK].astype(np.float64)
        for number, stage in enumerate(_STAGES):
            weighted, states[number] = lfilter(*stage, weighted, zi=states[number])
        whole = weighted.shape[1] // _STEP * _STEP
        powers.append(np.square(weighted[:, :whole]).sum(axis=0).reshape(-1, _STEP).mean(axis=1))
    sums, steps = np.cumsum(np.concatenate(powers)), round(seconds * 100)
    return -0.691 + 10 * log10(float((sums[steps:] - sums[:-steps]).max()) / steps)
