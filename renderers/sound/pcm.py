"""The sound between two jobs: raw little-endian float32 stereo at 48 kHz, interleaved, read and written in blocks."""

from collections.abc import Iterable, Iterator, Sequence
from fractions import Fraction
from pathlib import Path
from typing import cast

import numpy as np
from av import AudioFrame
from numpy.typing import NDArray

from crowdcut.timing import SAMPLE_RATE

Samples = NDArray[np.float32]
"""[shape=(2, samples)] left and right; 1.0 is full scale and may be exceeded."""

CHANNELS = 2
BLOCK_SAMPLES = SAMPLE_RATE
"""A second at a time: memory stays flat however long the programme is."""
_TYPE = np.dtype("<f4")
SAMPLE_BYTES = CHANNELS * _TYPE.itemsize
"""Bytes of a raw file for each sample of both channels."""


def silence(length_samples: int) -> Samples:
    """So many samples of nothing."""
    return np.zeros((CHANNELS, length_samples), np.float32)


def interleaved_silence(length_samples: int) -> Samples:
    """The same, in memory as in a raw file: what comes from files and goes into one is then never turned round."""
    return np.zeros((length_samples, CHANNELS), np.float32).T


def times(samples: Samples, factors: NDArray[np.float32]) -> Samples:
    """Samples at a factor each; [shape=(n,)], or (1,) for one of them all."""
    if len(factors) > 1 and samples.T.flags.c_contiguous:
        # Over two numbers at a time numpy is slow.
        return (samples.T.reshape(-1) * factors.repeat(CHANNELS)).reshape(-1, CHANNELS).T
    return samples * factors


def joined(parts: list[Samples]) -> Samples:
    """Consecutive blocks as one."""
    return parts[0] if len(parts) == 1 else np.concatenate([silence(0), *parts], axis=1)


def length_of(path: Path) -> int:
    """Samples in a raw file."""
    return path.stat().st_size // SAMPLE_BYTES


def samples_at(path: Path, *, start: int, length: int) -> Samples:
    """``length`` samples from ``start`` on. Raises ValueError where the file ends before: the order was wrong."""
    numbers = np.fromfile(path, _TYPE, count=length * CHANNELS, offset=start * SAMPLE_BYTES)
    if len(numbers) != length * CHANNELS:
        raise ValueError(f"{path.name} has {length_of(path)} samples, {start + length} are asked for")
    return numbers.reshape(-1, CHANNELS).T


def bytes_of(samples: Samples) -> bytes:
    """Samples as they stand in a raw file."""
    return samples.T.astype(_TYPE, order="C", copy=False).tobytes()


def written(blocks: Iterable[Samples], out: Path) -> Iterator[Samples]:
    """The blocks as they pass into a raw file. Where it is silent the file has a hole, which takes no room."""
    length = 0
    with out.open("wb") as file:
        for block in blocks:
            if block.any():
                file.seek(length * SAMPLE_BYTES)
                file.write(bytes_of(block))
            length += block.shape[1]
            yield block
        file.truncate(length * SAMPLE_BYTES)


def added_blocks(paths: Sequence[Path], *, length: int, block: int = BLOCK_SAMPLES) -> Iterator[Samples]:
    """The first ``length`` samples of raw files, added up in their order, ``block`` at a time; silence of none."""
    for start in range(0, length, block):
        samples = interleaved_silence(min(block, length - start))
        for path in paths:
            samples += samples_at(path, start=start, length=samples.shape[1])
        yield samples


def frame_of(samples: Samples, *, start: int, rate: int = SAMPLE_RATE) -> AudioFrame:
    """A planar float frame for FFmpeg whose timestamp is ``start``, in samples."""
    frame = AudioFrame.from_ndarray(np.ascontiguousarray(samples), format="fltp", layout="stereo")
    frame.sample_rate = rate
    frame.time_base = Fraction(1, rate)
    frame.pts = start
    return frame


def samples_of(frame: AudioFrame) -> Samples:
    """The samples of a planar float stereo frame."""
    return cast(Samples, frame.to_ndarray())
