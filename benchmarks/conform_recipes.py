"""The same conversions by ffmpeg's own program: for each fault the recipe of a person who knows it, and its answer.

Everything that scales or changes colours is zscale's (zimg), with the best filter it has; the person knows what a file
is and tells ffmpeg where the file itself does not. What has more than 8 bits is dithered on its way to 8, as ffmpeg's
own ``scale`` does it unasked: else skies have steps.
"""

import subprocess
from collections.abc import Sequence
from fractions import Fraction
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from examples.makers.fault_reading import HEIGHT, RATE, WIDTH, Planes
from examples.makers.faults import CLEAR, Fault

_SCALING = "filter=spline36"
_MATRICES = {"bt601": "170m", "bt709": "709", "bt2020": "2020_ncl"}
_TONING = (
    # What every guide says; BT.2446 is libplacebo's, which needs a GPU.
    "zscale=t=linear:npl=203:rin=limited,format=gbrpf32le,zscale=p=709,tonemap=hable:desat=0,"
    f"zscale=t=709:m=709:r=limited:{_SCALING}"
)
_DITHERED = ":dither=ordered"
_RGB = frozenset({"rgb24", "gbrp10le", "pal8"})


def program() -> str:
    """The path of imageio-ffmpeg's program."""
    from imageio_ffmpeg import get_ffmpeg_exe

    return get_ffmpeg_exe()


def ran(*arguments: str) -> subprocess.CompletedProcess[bytes]:
    """Run the program. Raises subprocess.CalledProcessError."""
    command = [program(), "-hide_banner", "-nostdin", "-threads", "1", *arguments]
    return subprocess.run(command, capture_output=True, check=True)


def _size(fault: Fault) -> tuple[int, int]:
    """Even width and height that fit the raster (or cover it)."""
    scales = Fraction(WIDTH) / fault.clip.displayed, Fraction(HEIGHT)
    high = max(scales) if fault.fit == "cover" else min(scales)
    return 2 * round(high * fault.clip.displayed / 2), 2 * round(high / 2)


def _reading(fault: Fault) -> str:
    """What zscale is told of the picture it gets."""
    sampling = fault.clip.sampling
    if fault.clip.suffix == ".jpg":
        return "min=470bg:rin=full"
    if sampling.pix_fmt in _RGB or fault.clip.suffix in (".png", ".gif"):
        return "min=gbr:rin=full"
    return f"min={_MATRICES[sampling.matrix]}:rin={'full' if sampling.full_range else 'limited'}"


def _dithering(fault: Fault) -> str:
    return _DITHERED if fault.clip.sampling.pix_fmt.endswith(("10le", "12le")) else ""


def graph(fault: Fault) -> str:
    """The filter graph that brings a fault's picture to the film's raster and rate."""
    clip, chain = fault.clip, list[str]()
    wide, high = _size(fault)
    if clip.telecined:
        chain.append(f"fieldmatch=order={clip.interlaced},decimate")
    elif clip.interlaced:
        chain.append(f"bwdif=mode=send_field:parity={clip.interlaced}:deint=all")
    if clip.frames > 1:
        # No -ss: it drops the picture that is on screen at that moment. Up: on screen, not the nearest.
        chain.append(f"settb=AVTB,setpts=PTS-{float(fault.start):.6f}/TB,fps={RATE}:start_time=0:round=up")
    if fault.name == "clear ground":
        ground = f"color=0x{bytes(CLEAR).hex()}:s={clip.size[0]}x{clip.size[1]}:r={RATE}"
        chain.append(f"format=gbrap[a];{ground}[b];[b][a]overlay=format=gbrp:shortest=1")
    if any(side % 2 for side in (*clip.size, *(clip.aperture or ()))):
        chain.append("format=yuv444p")  # zimg wants whole chroma samples
    if "min=gbr" in _reading(fault):
        chain.append("format=gbrp" if clip.sampling.pix_fmt != "gbrp10le" else "format=gbrp10le")
    chain.append(
        f"zscale=w={wide}:h={high}:{_reading(fault)}"
        + ("" if fault.tone else f":m=709:r=limited:{_SCALING}{_dithering(fault)}")
    )
    if fault.tone:
        chain[-1] = f"zscale=w={wide}:h={high}:filter=spline36"
        chain.append(_TONING + _dithering(fault))
    chain.append("format=yuv420p")
    chain.append(f"crop={WIDTH}:{HEIGHT}" if fault.fit == "cover" else f"pad={WIDTH}:{HEIGHT}:(ow-iw)/2:(oh-ih)/2")
    return ",".join(chain)


def planes_in(raw: bytes, frames: int) -> list[Planes]:
    """Frames of raw yuv420p. Raises ValueError where there are fewer."""
    size = WIDTH * HEIGHT * 3 // 2
    if len(raw) < frames * size:
        raise ValueError(f"{len(raw) / size:g} frames instead of {frames}")
    found = []
    for number in range(frames):
        block: NDArray[np.uint8] = np.frombuffer(raw, np.uint8, size, number * size)
        luma, cb, cr = np.split(block, [WIDTH * HEIGHT, WIDTH * HEIGHT * 5 // 4])
        half = HEIGHT // 2, WIDTH // 2
        found.append((luma.reshape(HEIGHT, WIDTH), cb.reshape(half), cr.reshape(half)))
    return found


def by_ffmpeg(fault: Fault, file: Path, frames: int) -> list[Planes]:
    """The first frames of a shot over ``file``."""
    how: Sequence[str] = ()
    if fault.clip.frames == 1:
        how = ("-loop", "1", "-framerate", str(RATE))
    elif fault.clip.suffix == ".png":
        how = ("-f", "apng")
    answer = ran(
        "-v", "error", *how, "-i", str(file), "-filter_complex", graph(fault), "-frames:v", str(frames),
        "-f", "rawvideo", "-pix_fmt", "yuv420p", "-",
    )  # fmt: skip
    return planes_in(answer.stdout, frames)
