"""Clips with a fault: the proof chart stored turned, squeezed, woven, unevenly timed, in odd colours and containers."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from fractions import Fraction
from itertools import cycle, islice
from pathlib import Path
from typing import Literal

import av
import numpy as np
from av.codec.context import Flags
from av.filter import Graph
from av.video.stream import VideoStream
from numpy.typing import NDArray

from examples.makers.planes import Sampling, frame_from
from examples.makers.proof_chart import PATCHES, proof_chart

BT709, BT601, BT2020 = (1, 1, 1), (6, 6, 6), (9, 14, 9)
HLG, PQ = (9, 18, 9), (9, 16, 9)
"""H.273 code points of primaries, transfer and matrix."""
OUTSIDE = (60, 90, 70)
"""R'G'B' around a clean aperture."""

FINE = {
    "libx264": {"preset": "veryfast", "crf": "4", "x264-params": "cpu-independent=1"},
    "libx265": {"preset": "ultrafast", "x265-params": "log-level=error:crf=6"},
    "libvpx-vp9": {"deadline": "realtime", "cpu-used": "8", "crf": "4", "b": "0"},
    "mpeg2video": {"b": "30M", "maxrate": "40M", "bufsize": "8M"},
    "mpeg4": {"q": "2", "b": "20M"},
    "mjpeg": {"q": "1", "b": "60M"},
}
"""Options that leave the chart's colours as they are, to a code."""


FIELDS = Fraction(60_000, 1001)
"""A second, of NTSC."""
FILM_HOLDS = (3, 2)
"""Fields for which successive film pictures are shown, by flags that repeat fields."""


def film_picture_of(field: int) -> int:
    """Number of the film picture that a field of 2:3 pulldown is taken from."""
    cycle, place = divmod(field, 5)
    return 2 * cycle + (place >= 2)


@dataclass(frozen=True, slots=True, kw_only=True)
class Clip:
    """One clip, by its fault."""

    suffix: str = ".mp4"
    codec: str = "libx264"
    size: tuple[int, int] = (320, 180)
    """Stored width and height."""
    aperture: tuple[int, int, int, int] | None = None
    """The part of the stored picture that is to be seen: x, y, width, height. Around it lies what nobody should see."""
    sampling: Sampling = field(default_factory=Sampling)
    tags: tuple[int, int, int] | None = BT709
    """None: no colour tags at all."""
    patches: NDArray[np.uint8] = field(default_factory=lambda: PATCHES)
    """What is drawn, as the file's own R'G'B' signal."""
    sar: Fraction = Fraction(1)
    rotation: int = 0
    """Degrees clockwise that the display matrix asks for."""
    mirrored: bool = False
    """Whether it also asks for a flip left to right, before the turn."""
    rate: Fraction = Fraction(24)
    holds: tuple[int, ...] = (1,)
    """Ticks for which successive pictures are held, again and again."""
    ticks_a_second: Fraction | None = None
    """None: a tick is a picture."""
    first_tick: int = 0
    interlaced: Literal["tff", "bff"] | None = None
    telecined: bool = False
    """Whether the chart is film, woven into the fields of an interlaced clip by 2:3 pulldown."""
    frames: int = 16
    first_code: int = 0
    options: dict[str, str] = field(default_factory=dict)

    @property
    def clock(self) -> Fraction:
        """Ticks a second."""
        return self.ticks_a_second or self.rate

    @property
    def ticks(self) -> list[int]:
        """When each stored picture comes, from the first."""
        held = list(islice(cycle(self.holds), self.frames))
        return [sum(held[:number]) for number in range(self.frames)]

    @property
    def shown(self) -> list[tuple[Fraction, int]]:
        """When each code comes on screen, in seconds from the first picture. An interlaced clip has one code."""
        if self.telecined or self.holds == FILM_HOLDS:
            # Film's pictures are shown equally long.
            return [(number * Fraction(5, 2) / FIELDS, self.first_code + number) for number in range(self.frames)]
        if self.interlaced:
            return [(Fraction(0), self.first_code)]
        return [(tick / self.clock, self.first_code + number) for number, tick in enumerate(self.ticks)]

    @property
    def seen(self) -> tuple[int, int]:
        """Stored width and height of what is to be seen."""
        return self.aperture[2:] if self.aperture else self.size

    @property
    def displayed(self) -> Fraction:
        """Width of the upright picture divided by its height."""
        width, height = self.seen
        wide = width * self.sar / height
        return 1 / wide if self.rotation in (90, 270) else wide


def stored(clip: Clip, number: int, *, bar: int | None = None) -> NDArray[np.uint8]:
    """The chart as it lies in the file: undone are first the turn, then the flip."""
    width, height = clip.seen
    if clip.rotation in (90, 270):
        width, height = height, width
    drawn = proof_chart(width, height, clip.first_code + number, bar=bar, patches=clip.patches)
    drawn = np.rot90(drawn, clip.rotation // 90)
    drawn = np.ascontiguousarray(drawn[:, ::-1] if clip.mirrored else drawn)
    if clip.aperture is None:
        return drawn
    left, top, width, height = clip.aperture
    whole = np.full((clip.size[1], clip.size[0], 3), OUTSIDE, np.uint8)
    whole[top : top + height, left : left + width] = drawn
    return whole


def _picture(clip: Clip, number: int) -> NDArray[np.uint8]:
    """A stored picture. In an interlaced one nothing moves but the bar, from field to field, unless it is film."""
    if clip.interlaced is None:
        return stored(clip, number)
    if clip.telecined:
        fields = [stored(clip, film_picture_of(2 * number + field)) for field in (0, 1)]
    else:
        fields = [stored(clip, 0, bar=2 * number + field) for field in (0, 1)]
    woven, other = fields if clip.interlaced == "tff" else fields[::-1]
    woven[1::2] = other[1::2]
    return woven


def _frames(clip: Clip) -> Iterator[av.VideoFrame]:
    tagger: Graph | None = None
    for number, tick in enumerate(clip.ticks):
        frame = frame_from(_picture(clip, number), clip.sampling)
        frame.pts, frame.time_base = clip.first_tick + tick, 1 / clip.clock
        if clip.tags is not None:
            frame.color_primaries, frame.color_trc, frame.colorspace = clip.tags
            frame.color_range = 2 if clip.sampling.full_range else 1
        if clip.interlaced:  # PyAV has no setter for a frame's own flag
            if tagger is None:
                tagger = Graph()
                size = {"width": frame.width, "height": frame.height, "format": frame.format}
                ends = tagger.add_buffer(**size, time_base=1 / clip.clock), tagger.add("setfield", clip.interlaced)
                tagger.link_nodes(*ends, tagger.add("buffersink")).configure()
            tagger.vpush(frame)
            frame = tagger.vpull()
        yield frame


def _matrix(clip: Clip) -> tuple[int, ...]:
    """The display matrix (ISO/IEC 14496-12, 6.2.2), 16.16 numbers: flip, then turn."""
    across, down = {0: (1, 0), 90: (0, 1), 180: (-1, 0), 270: (0, -1)}[clip.rotation]
    flip = -1 if clip.mirrored else 1
    return across * flip << 16, down * flip << 16, 0, -down << 16, across << 16, 0, 0, 0, 1 << 30


def write_faulty(path: Path, clip: Clip) -> Path:
    """Write the clip to ``path``, whose ending is the clip's."""
    with av.open(str(path), "w", options={"fflags": "+bitexact"}) as container:
        stream = container.add_stream(clip.codec, rate=clip.rate)
        assert isinstance(stream, VideoStream)
        stream.width, stream.height = clip.size
        stream.pix_fmt = clip.sampling.pix_fmt
        context = stream.codec_context
        context.options = FINE.get(clip.codec, {}) | clip.options
        context.time_base, context.sample_aspect_ratio, context.thread_count = 1 / clip.clock, clip.sar, 1
        if clip.tags is not None:
            context.color_primaries, context.color_trc, context.colorspace = clip.tags
            context.color_range = 2 if clip.sampling.full_range else 1
        if clip.interlaced and clip.codec != "dvvideo":
            context.flags |= Flags.interlaced_dct
            order = f"{clip.interlaced}=1"
            context.options |= {"field_order": clip.interlaced[0] * 2}
            if clip.codec == "libx264":
                context.options |= {"x264-params": f"cpu-independent=1:{order}"}
        if clip.rotation or clip.mirrored:
            stream.set_display_matrix(_matrix(clip))
        for frame in _frames(clip):
            container.mux(stream.encode(frame))
        container.mux(stream.encode(None))
    return path
