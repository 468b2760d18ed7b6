"""Small films for the examination's tests, each with one thing that is odd about it."""

from collections.abc import Sequence
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
from av.audio.frame import AudioFrame
from av.audio.stream import AudioStream
from av.container import OutputContainer
from av.video.frame import VideoFrame
from av.video.stream import VideoStream

SIZE = (64, 48)
RATE = Fraction(25)


def picture(number: int, pixel_format: str = "yuv420p") -> VideoFrame:
    """A picture that moves a little with its number."""
    rgb = np.full((SIZE[1], SIZE[0], 3), 40, np.uint8)
    rgb[8:24, (number * 2) % 40 : (number * 2) % 40 + 12] = (220, 180, 60)
    return VideoFrame.from_ndarray(rgb, format="rgb24").reformat(format=pixel_format)


def _mux_tone(container: OutputContainer, stream: AudioStream, seconds: Fraction) -> None:
    resampler = av.AudioResampler(format=stream.format.name, layout="mono", rate=48_000)
    samples = np.zeros((1, int(seconds * 48_000)), np.float32)
    samples[0] = np.sin(np.arange(samples.shape[1]) * 0.05) * 0.2
    for start in range(0, samples.shape[1], 960):
        frame = AudioFrame.from_ndarray(samples[:, start : start + 960], format="fltp", layout="mono")
        frame.sample_rate, frame.pts, frame.time_base = 48_000, start, Fraction(1, 48_000)
        for part in resampler.resample(frame):
            container.mux(stream.encode(part))
    container.mux(stream.encode(None))


def write_film(
    path: Path,
    *,
    frames: int = 25,
    ticks: Sequence[int] | None = None,
    time_base: Fraction = 1 / RATE,
    codec: str = "libx264",
    pixel_format: str = "yuv420p",
    options: dict[str, str] | None = None,
    sar: Fraction | None = None,
    matrix: Sequence[int] | None = None,
    metadata: dict[str, str] | None = None,
    sound: str | None = None,
    sound_seconds: Fraction | None = None,
    container_options: dict[str, str] | None = None,
) -> Path:
    """Write ``frames`` pictures at ``ticks`` (one a tick, if none are given), and perhaps a tone."""
    ticks = range(frames) if ticks is None else ticks
    with av.open(str(path), "w", options=container_options or {}) as container:
        stream = container.add_stream(codec, rate=RATE, options=options or {})
        assert isinstance(stream, VideoStream)
        stream.width, stream.height = SIZE
        stream.pix_fmt = pixel_format
        stream.codec_context.time_base = time_base
        stream.metadata.update(metadata or {})
        if sar is not None:
            stream.codec_context.sample_aspect_ratio = sar
        if matrix is not None:
            stream.set_display_matrix(matrix)
        tone = container.add_stream(sound, rate=48_000, layout="mono") if sound is not None else None
        assert tone is None or isinstance(tone, AudioStream)
        for number, tick in enumerate(ticks):
            frame = picture(number, pixel_format)
            frame.pts, frame.time_base = tick, time_base
            container.mux(stream.encode(frame))
        container.mux(stream.encode(None))
        if tone is not None:
            _mux_tone(container, tone, sound_seconds or len(ticks) / RATE)
    return path
