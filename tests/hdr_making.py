"""Files in high dynamic range as phones, cameras and servers write them, and what a finished picture shows of them."""

import subprocess
from collections.abc import Mapping
from fractions import Fraction
from pathlib import Path
from typing import Any, Literal

import av
import imageio_ffmpeg
import numpy as np
import pillow_heif
from av import VideoFrame
from av.video.stream import VideoStream
from colour_making import LIGHT, Values, hlg_from_nits, hue_and_chroma, rgb_from, to_primaries

from examples.makers.planes import Sampling, frame_from
from renderers.colour.gamut import pq_from_nits

Tone = Literal["pq", "hlg"]

SIZE = (640, 360)
CODE_POINTS = {"pq": 16, "hlg": 18}
"""H.273 transfers."""
GREYS = {26.0: 0.335, 203.0: 0.687, 1000.0: 1.0}
"""cd/m2 of BT.2408's levels (clause 2.2, table 1: 18 % grey, HDR reference white) and of the HDR peak, and the parts of
SDR's range at which BT.2446-1's method A puts them (clause 4.1)."""
_PATCHES, _RAMP = slice(0, 240), slice(240, 300)
_NITS = to_primaries(LIGHT, "bt2020") * 203
"""A ColorChecker, its white at HDR reference white."""
_TEN_BITS = Sampling(pix_fmt="yuv420p10le", matrix="bt2020")

QUIET = "log-level=error:crf=6"
LYING = (
    f"{QUIET}:hdr10=1:master-display=G(0,0)B(50000,0)R(0,50000)WP(25000,25000)L(100000000,50000):max-cll=10000,10000"
)
"""HDR10 metadata as phones write it: no such display exists."""


def hdr_picture(tone: Tone) -> Values:
    """R'G'B' 0..1: 24 patches, a ramp of greys from black to 1000 cd/m2, and three greys."""
    coded = pq_from_nits if tone == "pq" else hlg_from_nits
    wide, high = SIZE
    drawn = np.empty((high, wide, 3))
    row, column = np.arange(240) * 4 // 240, np.arange(wide) * 6 // wide
    drawn[_PATCHES] = coded(_NITS).reshape(4, 6, 3)[row[:, None], column]
    top = float(coded(np.full((1, 3), 1000.0))[0, 0])
    drawn[_RAMP] = np.linspace(0, top, wide)[:, None]
    greys = coded(np.repeat(np.array(list(GREYS))[:, None], 3, axis=1))
    drawn[_RAMP.stop :] = greys[np.arange(wide) * len(GREYS) // wide]
    return drawn


def write_hdr(
    path: Path,
    tone: Tone,
    *,
    codec: str = "libx265",
    options: Mapping[str, str] | None = None,
    tags: tuple[int, int, int] | None = None,
    frames: int = 4,
) -> Path:
    """A 10-bit clip of :func:`hdr_picture`. ``tags``: primaries, transfer and matrix, if not the right ones."""
    told = options or {"libx265": {"preset": "ultrafast", "x265-params": QUIET}}.get(
        codec, {"preset": "12", "crf": "8"}
    )
    frame = frame_from(hdr_picture(tone), _TEN_BITS)
    with av.open(str(path), "w") as container:
        stream = container.add_stream(codec, rate=Fraction(24), options=dict(told))
        assert isinstance(stream, VideoStream)
        stream.width, stream.height, stream.pix_fmt = *SIZE, "yuv420p10le"
        context = stream.codec_context
        context.color_primaries, context.color_trc, context.colorspace = tags or (9, CODE_POINTS[tone], 9)
        context.color_range = 1
        for number in range(frames):
            frame.pts = number
            container.mux(stream.encode(frame))
        container.mux(stream.encode(None))
    return path


def write_vp9(path: Path, tone: Tone, *, frames: int = 4) -> Path:
    """The same in VP9 of 10 bits, which PyAV's wheel reads and does not write."""
    frame = frame_from(hdr_picture(tone), _TEN_BITS)
    raw = b"".join(bytes(plane) for plane in _unpadded(frame))
    name = {"pq": "smpte2084", "hlg": "arib-std-b67"}[tone]
    told = ["-f", "rawvideo", "-pix_fmt", "yuv420p10le", "-s", "{}x{}".format(*SIZE), "-r", "24", "-i", "-"]
    tags = ["-vf", f"setparams=color_primaries=bt2020:color_trc={name}:colorspace=bt2020nc:range=tv"]
    coding = ["-c:v", "libvpx-vp9", "-crf", "4", "-b:v", "0", "-deadline", "realtime", "-cpu-used", "8"]
    program = imageio_ffmpeg.get_ffmpeg_exe()
    subprocess.run([program, "-v", "error", *told, *coding, *tags, str(path)], input=raw * frames, check=True)
    return path


def _unpadded(frame: VideoFrame) -> list[bytes]:
    return [
        np.frombuffer(plane, np.uint16).reshape(plane.height, -1)[:, : plane.width].tobytes() for plane in frame.planes
    ]


def add_dolby_vision(path: Path, *, profile: int, compatibility: int) -> Path:
    """Put a Dolby Vision configuration into the film's sample entry, behind its last box. The index must stand last."""
    data = bytearray(path.read_bytes())
    box = (32).to_bytes(4) + (b"dvcC" if profile <= 7 else b"dvvC")
    box += bytes([1, 0, profile << 1, 0b101 | 2 << 3, compatibility << 4]) + bytes(19)
    start, end, names = 0, len(data), [b"moov", b"trak", b"mdia", b"minf", b"stbl", b"stsd", b""]
    for name in names:
        while name and data[start + 4 : start + 8] != name:
            start += int.from_bytes(data[start : start + 4])
        end = start + int.from_bytes(data[start : start + 4])
        data[start : start + 4] = (end - start + len(box)).to_bytes(4)
        start += 16 if name == b"stsd" else 8
    data[end:end] = box
    path.write_bytes(data)
    return path


def write_heic(path: Path, coded: Values, *, primaries: int, transfer: int) -> Path:
    """A photograph of 10 bits. coded : [shape=(height, width, 3)] R'G'B' 0..1."""
    deep = np.rint(coded * 65535).astype("<u2")
    photo = pillow_heif.from_bytes("RGB;16", (coded.shape[1], coded.shape[0]), deep.tobytes())
    told = {"matrix_coefficients": 9, "color_primaries": primaries, "transfer_characteristics": transfer}
    photo.save(path, quality=95, chroma=444, full_range_flag=1, **told)
    return path


def write_avif(path: Path, coded: Values, *, primaries: int, transfer: int) -> Path:
    """The same in AVIF."""
    frame = frame_from(coded, _TEN_BITS)
    with av.open(str(path), "w", format="avif") as container:
        stream = container.add_stream("libsvtav1", rate=1, options={"preset": "8", "crf": "6"})
        assert isinstance(stream, VideoStream)
        stream.width, stream.height, stream.pix_fmt = coded.shape[1], coded.shape[0], "yuv420p10le"
        context = stream.codec_context
        context.color_primaries, context.color_trc, context.colorspace = primaries, transfer, 9
        context.color_range = 1
        container.mux(stream.encode(frame))
        container.mux(stream.encode(None))
    return path


def _hues_turned(planes: Any) -> float:
    """By how many degrees of ICtCp the hue of the patches is off, at most; of those that have one."""
    found = [
        [
            plane[
                round((row + 0.3) * plane.shape[0] / 6) : round((row + 0.7) * plane.shape[0] / 6),
                round((column + 0.3) * plane.shape[1] / 6) : round((column + 0.7) * plane.shape[1] / 6),
            ].mean()
            for row in range(4)
            for column in range(6)
        ]
        for plane in planes
    ]
    shown = np.clip(rgb_from(np.array(found).T), 0, 1)
    before, chroma = hue_and_chroma(_NITS)
    after, _ = hue_and_chroma(100 * to_primaries(shown**2.4, "bt2020"))
    turned = np.abs((after - before + 180) % 360 - 180)
    return float(turned[chroma > 0.02].max())


def hdr_complaints(planes: Any) -> dict[str, float]:
    """What is wrong with a finished picture of 640x360: ``grey`` (codes), ``ramp`` (codes), ``hue`` (degrees)."""
    luma = planes[0].astype(float)
    found: dict[str, float] = {}
    third = SIZE[0] / len(GREYS)
    for number, level in enumerate(GREYS.values()):
        columns = slice(round((number + 0.2) * third), round((number + 0.8) * third))
        found["grey"] = max(found.get("grey", 0.0), abs(luma[_RAMP.stop + 8 : -8, columns].mean() - 16 - 219 * level))
    ramp = luma[_RAMP.start + 8 : _RAMP.stop - 8].mean(axis=0)
    steps = np.diff(np.convolve(ramp, np.ones(8) / 8, "valid"))
    # Falls count as steps of their own; the whole of SDR's range must be used.
    found["ramp"] = max(steps.max(), np.abs(np.diff(ramp)).max(), 10 * -steps.min(), abs(ramp[0] - 16), 235 - ramp[-1])
    found["hue"] = _hues_turned(planes)
    limits = {"grey": 1.5, "ramp": 2.0, "hue": 5.0}
    return {name: round(value, 2) for name, value in found.items() if value > limits[name]}
