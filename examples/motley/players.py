"""What a player shows of a file at a moment, without any code of Crowdcut's: ffmpeg's own program, and Pillow."""

import io
import re
import subprocess
from fractions import Fraction
from pathlib import Path

import numpy as np
from imageio_ffmpeg import get_ffmpeg_exe
from numpy.typing import NDArray
from PIL import Image, ImageCms, ImageOps

Pixels = NDArray[np.uint8]
"""[shape=(height, width, 3)] sRGB."""

_SECONDS_MAX = 120
_TONE = (
    "zscale=t=linear:npl=203,format=gbrpf32le,zscale=p=709,tonemap=hable:desat=0,"
    "zscale=t=709:m=709:r=limited,format=yuv444p,"
)
_WIDE = "zscale=pin=2020:tin=709:min=2020_ncl:p=709:t=709:m=709:r=limited,format=yuv444p,"
_HDR = re.compile(r"Video:.*(?:smpte2084|arib-std-b67)")
_BT2020 = re.compile(r"Video:.*bt2020nc/(?:bt2020|unknown)/")
_UNTAGGED_HD = re.compile(r"Video:.* yuv\w+(?:\((?:tv|progressive|, )*\))?, \d+x(?:720|1080|1440|2160)\b")
"""Players take BT.709 for what is as large and says nothing; FFmpeg's scaler takes BT.601 for everything."""


class NotShown(Exception):
    """The player cannot show the file; the message is its last line."""


def _ran(*arguments: str) -> subprocess.CompletedProcess[bytes]:
    command = [get_ffmpeg_exe(), "-hide_banner", "-nostdin", "-threads", "1", *arguments]
    return subprocess.run(command, capture_output=True, check=False, timeout=_SECONDS_MAX)


def _brought_to_709(told: str) -> tuple[str, str]:
    """Filters that bring what ffmpeg says of a film to BT.709's colours, and what its scaler has to be told."""
    if _HDR.search(told):
        return _TONE, ""
    if _BT2020.search(told):
        return _WIDE, ""
    return "", ":in_color_matrix=bt709" if _UNTAGGED_HD.search(told) else ""


def film_shown(path: Path, moment: float, *, size: tuple[int, int], ground: tuple[int, int, int]) -> Pixels:
    """The picture of a film that is on screen ``moment`` seconds after its first, as large as ``size`` lets it be.

    Turned upright, cropped and its pixels squared by ffmpeg, HDR brought to SDR by zscale. The last picture stays, as
    it does where a film's sound is longer. Raises NotShown.
    """
    told = _ran("-i", str(path)).stderr.decode(errors="replace")
    wide, high = size
    colours, reading = _brought_to_709(told)
    chain = (
        f"[0:V:0]tpad=stop=-1:stop_mode=clone,settb=AVTB,setpts=PTS-STARTPTS-{moment:.6f}/TB,"
        f"fps=24:start_time=0:round=up,trim=end_frame=1,{colours}"
        f"scale='round(min({wide},{high}*dar)/2)*2':'round(min({high},{wide}/dar)/2)*2':"
        f"flags=area+accurate_rnd+full_chroma_int{reading},setsar=1,format=rgba"
    )
    out = ("-frames:v", "1", "-c:v", "png", "-f", "image2pipe", "-")
    answer = _ran("-v", "error", "-i", str(path), "-filter_complex", chain, *out)
    if not answer.stdout:
        raise NotShown((answer.stderr.decode(errors="replace").strip() or "no picture").splitlines()[-1])
    return _flat(Image.open(io.BytesIO(answer.stdout)), ground)


def _flat(image: Image.Image, ground: tuple[int, int, int]) -> Pixels:
    """On a ground, where it is transparent."""
    if image.mode != "RGBA":
        return np.asarray(image.convert("RGB"))
    below = Image.new("RGBA", image.size, (*ground, 255))
    return np.asarray(Image.alpha_composite(below, image).convert("RGB"))


def _managed(image: Image.Image) -> Image.Image:
    """Through its profile to sRGB, as a browser does."""
    profile = image.info.get("icc_profile")
    if image.mode.startswith("I;16") or image.mode == "I":
        return Image.fromarray((np.asarray(image).astype(np.int64) >> 8).astype(np.uint8)).convert("RGB")
    if profile and image.mode in ("RGB", "RGBA", "L", "CMYK", "LAB"):
        mode = "RGBA" if image.mode == "RGBA" else "RGB"
        srgb = ImageCms.createProfile("sRGB")
        return ImageCms.profileToProfile(image, io.BytesIO(profile), srgb, outputMode=mode) or image
    return image.convert("RGBA" if image.mode in ("P", "PA", "LA", "RGBA") else "RGB")


def _contained(image: Image.Image, size: tuple[int, int]) -> Image.Image:
    """As large as ``size`` lets it be: the mean of what falls together, or smooth between, as browsers draw."""
    shrinks = image.width > size[0] or image.height > size[1]
    return ImageOps.contain(image, size, Image.Resampling.BOX if shrinks else Image.Resampling.BICUBIC)


def still_shown(path: Path, *, size: tuple[int, int], ground: tuple[int, int, int]) -> Pixels:
    """A still as a browser shows it, as large as ``size`` lets it be. Raises NotShown."""
    try:
        with Image.open(path) as image:
            upright = _managed(ImageOps.exif_transpose(image))
    except (OSError, ValueError, ImageCms.PyCMSError) as error:
        raise NotShown(str(error)) from error
    return _flat(_contained(upright, size), ground)


def animation_shown(path: Path, moment: Fraction, *, size: tuple[int, int], ground: tuple[int, int, int]) -> Pixels:
    """The picture of an animation that a browser has on screen ``moment`` seconds after the first. Raises NotShown."""
    try:
        with Image.open(path) as image:
            number, end = (1 if image.info.get("default_image") else 0), Fraction(0)
            while True:
                image.seek(number)
                image.load()
                delay = image.info.get("duration") or 0
                end += Fraction(100 if delay <= 10 else delay) / 1000
                if end > moment:
                    upright = ImageOps.exif_transpose(image.convert("RGBA"))
                    return _flat(_contained(upright, size), ground)
                number += 1
    except (OSError, ValueError, EOFError) as error:
        raise NotShown(str(error)) from error
