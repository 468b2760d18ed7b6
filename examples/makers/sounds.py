"""Sounds of known level and position, and a writer for sound files.

Sound is (samples, channels) float32, full scale 1.
"""

from collections.abc import Iterable
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
from av.audio.stream import AudioStream
from av.container import OutputContainer
from numpy.typing import NDArray

Samples = NDArray[np.float32]

CODECS = {
    ".wav": "pcm_s16le",
    ".flac": "flac",
    ".mp3": "libmp3lame",
    ".m4a": "aac",
    ".ogg": "libopus",
    ".opus": "libopus",
    ".oga": "flac",
}
"""Codec of a sound file by its ending, where none is asked for."""


BIT_EXACT = {"fflags": "+bitexact"}
"""Muxer options without which some containers carry random numbers: the same media are to be the same bytes."""


def silence(*, seconds: Fraction | int, rate: int = 48_000, channels: int = 2) -> Samples:
    """Digital silence."""
    return np.zeros((round(seconds * rate), channels), np.float32)


def tone(
    *, seconds: Fraction | int, peak_dbfs: float, hertz: float = 997.0, rate: int = 48_000, channels: int = 2
) -> Samples:
    """A sine of the same phase in all channels. Its RMS lies 3.01 dB under its peak."""
    phase = np.arange(round(seconds * rate)) * (2 * np.pi * hertz / rate)
    wave = (10 ** (peak_dbfs / 20) * np.sin(phase)).astype(np.float32)
    return np.repeat(wave[:, None], channels, axis=1)


def pink_noise(
    *, seconds: Fraction | int, rms_dbfs: float, seed: int, rate: int = 48_000, channels: int = 2
) -> Samples:
    """Noise with as much power in each octave, as like music as noise can be; each channel has its own."""
    length = round(seconds * rate)
    spectrum = np.fft.rfft(np.random.default_rng(seed).standard_normal((length, channels)), axis=0)
    sound = np.fft.irfft(spectrum / np.sqrt(np.arange(1, len(spectrum) + 1))[:, None], length, axis=0)
    return (sound * (10 ** (rms_dbfs / 20) / np.sqrt(np.square(sound).mean()))).astype(np.float32)


def tone_at_loudness(*, seconds: Fraction | int, lufs: float, rate: int = 48_000, channels: int = 2) -> Samples:
    """A tone of known integrated loudness, LUFS, in one or two channels.

    BT.1770-4: a 997 Hz sine at 0 dBFS in one front channel reads -3.01 LKFS; each further one adds its power.
    """
    peak_dbfs = lufs + 3.01 - 10 * float(np.log10(channels))
    return tone(seconds=seconds, peak_dbfs=peak_dbfs, rate=rate, channels=channels)


def clicks(*, seconds: Fraction | int, at_samples: Iterable[int], rate: int = 48_000, channels: int = 2) -> Samples:
    """Silence with one sample at half of full scale at each of ``at_samples``."""
    samples = silence(seconds=seconds, rate=rate, channels=channels)
    samples[list(at_samples)] = 0.5
    return samples


def sound_stream(container: OutputContainer, codec: str, *, rate: int, channels: int) -> AudioStream:
    """A new stream for mono or stereo sound.

    Raises TypeError for a codec that is not one for sound.
    """
    stream = container.add_stream(codec, rate=rate, layout="mono" if channels == 1 else "stereo")
    if not isinstance(stream, AudioStream):
        raise TypeError(f"{codec} is not a sound codec")
    stream.codec_context.options = {"strict": "experimental"}  # FFmpeg's own Vorbis encoder asks for it
    return stream


def encode_sound(container: OutputContainer, stream: AudioStream, samples: Samples) -> None:
    """Encode and mux all of ``samples`` to ``stream``, to its end."""
    layout = "mono" if samples.shape[1] == 1 else "stereo"
    block = 1 << 15
    for start in range(0, len(samples), block):
        part = np.ascontiguousarray(np.clip(samples[start : start + block], -1, 1).T, dtype=np.float32)
        frame = av.AudioFrame.from_ndarray(part, format="fltp", layout=layout)
        frame.sample_rate, frame.pts, frame.time_base = stream.rate, start, Fraction(1, stream.rate)
        container.mux(stream.encode(frame))
    container.mux(stream.encode(None))


def write_sound(path: Path, samples: Samples, *, rate: int, codec: str | None = None, bit_rate: int = 128_000) -> Path:
    """Write ``samples`` (one or two channels) to ``path``; the codec follows the ending unless it is given.

    Raises KeyError for an ending without a codec.
    """
    with av.open(str(path), "w", options=BIT_EXACT) as container:
        stream = sound_stream(container, codec or CODECS[path.suffix], rate=rate, channels=samples.shape[1])
        stream.bit_rate = bit_rate
        encode_sound(container, stream, samples)
    return path
