"""The one door to Pillow: contributed stills and animations opened within limits, decoded, and brought to sRGB."""

import io
import re
import struct
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np
import pillow_heif
from numpy.typing import NDArray
from PIL import Image, ImageCms, UnidentifiedImageError

from renderers.files.door import broken

SIDE_MAX = 16_384
"""Stored pixels: no side of a picture may be longer."""
PIXELS_MAX = 100_000_000
"""Of a still: decoded, with one copy, it stays under the 1.5 GB that a job may use."""
JPEG_PIXELS_MAX = 200_000_000
"""Of a JPEG, which is decoded at a smaller scale: today's largest phone cameras."""

# Read by content. Formats that run programs (EPS), point to other files or hold no picture are not among them.
_FORMATS = ("AVIF", "BMP", "FLI", "GIF", "HEIF", "JPEG", "JPEG2000", "PNG", "PPM", "PSD", "QOI", "SGI", "TIFF", "WEBP")
_FORMATS_BY_NAME = {".tga": "TGA", ".pcx": "PCX"}
"""Formats that have no clear signature: believed when the file's name says so too."""

_SIGNATURES = re.compile(
    rb"\xff\xd8\xff|\x89PNG\r\n\x1a\n|GIF8[79]a|RIFF....WEBP|BM....\0\0\0\0|II\*\0|MM\0\*|II\+\0|MM\0\+|8BPS|qoif|\x01\xda"
    rb"|\0\0\0\x0cjP  |\xff\x4f\xff\x51|P[1-7]\s+[\d#]|....ftyp(?:avi[fs]|hei[cxms]|mif[12])|....[\x11\x12]\xaf",
    re.DOTALL,
)

# What Pillow's readers raise on damaged files.
_PILLOW_ERRORS = (
    OSError,
    SyntaxError,
    ValueError,
    TypeError,
    KeyError,
    IndexError,
    EOFError,
    OverflowError,
    ZeroDivisionError,
    NotImplementedError,
    RuntimeError,
    struct.error,
)

_TURNS = {
    1: (0, False),
    2: (0, True),
    3: (180, False),
    4: (180, True),
    5: (270, True),
    6: (90, False),
    7: (90, True),
    8: (270, False),
}
"""EXIF orientation to degrees clockwise, and whether the picture is flipped left to right before."""

_EXIF_ORIENTATION = 274
UNTURNED = "its EXIF data is damaged: it is taken to be upright"
"""The remark where :func:`turn_of` knows nothing."""
_SRGB = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB"))
_LAB = ImageCms.ImageCmsProfile(ImageCms.createProfile("LAB"))

_COLOURS = np.stack(np.meshgrid(*[np.arange(0, 256, 51)] * 3), axis=-1).reshape(1, -1, 3).astype(np.uint8)
"""Six levels of each of R', G' and B'. [shape=(1, 216, 3)]"""

Pixels = NDArray[np.uint8]
"""[shape=(height, width, 3 or 4)] sRGB, red first; a fourth channel is alpha."""

# What it warns of, the examination finds out and says in its own words.
warnings.filterwarnings("ignore", module="PIL")
Image.init()
pillow_heif.register_heif_opener()
Image.MAX_IMAGE_PIXELS = PIXELS_MAX


def is_picture(head: bytes, suffix: str) -> bool:
    """Whether a file that begins with ``head`` claims to be a still or an animation that Pillow reads."""
    return _SIGNATURES.match(head) is not None or suffix in _FORMATS_BY_NAME


def turn_of(image: Image.Image) -> tuple[int, bool] | None:
    """Degrees clockwise and left-to-right flip that the picture's EXIF asks for; None if that is damaged."""
    try:
        return _TURNS.get(image.getexif().get(_EXIF_ORIENTATION, 1), (0, False))
    except _PILLOW_ERRORS:
        return None


def has_alpha(image: Image.Image) -> bool:
    """Whether the picture can be transparent somewhere."""
    return image.mode in ("RGBA", "LA", "PA", "RGBa", "La") or "transparency" in image.info


def limit_broken(image: Image.Image) -> str | None:
    """Which limit the picture's size exceeds, as a sentence."""
    width, height = image.size
    if max(width, height) > SIDE_MAX:
        return f"It is {width}x{height}; no side may be longer than {SIDE_MAX} pixels. Scale it down"
    most = JPEG_PIXELS_MAX if image.format in ("JPEG", "MPO") else PIXELS_MAX
    if width * height > most:
        return f"It is {width}x{height}; the most is {most // 1_000_000} megapixels. Scale it down"
    return None


@contextmanager
def pillow_errors(path: Path) -> Iterator[None]:
    """What Pillow raises on a damaged file leaves as JobFailed. Only calls of Pillow's belong inside."""
    try:
        yield
    except UnidentifiedImageError as error:
        raise broken(path, "it is no picture that can be read") from error
    except Image.DecompressionBombError as error:
        most = 2 * PIXELS_MAX // 1_000_000
        raise broken(path, f"It has more than {most} megapixels. Scale it down", rule="too-large") from error
    except _PILLOW_ERRORS as error:
        raise broken(path, f"it is damaged ({error})") from error


@contextmanager
def opened_image(path: Path, hint: str = "") -> Iterator[Image.Image]:
    """A picture file opened, its pixels not yet decoded. Raises JobFailed for what is no picture or too large.

    hint : the file's ending (``.tga``), or the format that an examination found (``tga``).
    """
    by_name = _FORMATS_BY_NAME.get("." + hint.removeprefix("."))
    with pillow_errors(path):
        image = Image.open(path, formats=(*_FORMATS, by_name) if by_name else _FORMATS)
    try:
        if limit := limit_broken(image):
            raise broken(path, limit, rule="too-large")
        if image.format == "TIFF" and image.info.get("compression") == "webp":
            # Pillow's libtiff is built without it, and would call it damage.
            raise broken(path, "It is a TIFF whose picture is compressed as WebP, which is not read. Save it as PNG")
        yield image
    finally:
        image.close()


def _eight_bits(image: Image.Image) -> Image.Image:
    """A grey picture of 16 bits (or 32-bit integers in the range of 16) in 8."""
    values = np.asarray(image).astype(np.int64)
    return Image.fromarray(((np.clip(values, 0, 65535) * 255 + 32767) // 65535).astype(np.uint8))


def _managed(image: Image.Image, mode: str) -> Image.Image | None:
    """The picture through its colour profile to sRGB; None where it has none that fits."""
    data = image.info.get("icc_profile")
    if not data:
        return None
    try:
        profile = ImageCms.ImageCmsProfile(io.BytesIO(data))
        return ImageCms.profileToProfile(
            image, profile, _SRGB, renderingIntent=ImageCms.Intent.RELATIVE_COLORIMETRIC, outputMode=mode
        )
    except (ImageCms.PyCMSError, OSError, ValueError, TypeError):
        return None


def profile_fits(image: Image.Image) -> bool:
    """Whether the picture's colour profile, if it has one, can be used."""
    if not image.info.get("icc_profile"):
        return True
    small = image.copy() if image.size == (1, 1) else image.crop((0, 0, 1, 1))
    small.info["icc_profile"] = image.info["icc_profile"]
    return _managed(_colour(small), "RGBA" if small.mode == "RGBA" else "RGB") is not None


def is_srgb(image: Image.Image) -> bool:
    """Whether an RGB picture's colours are sRGB: it has no profile that fits, or one that changes nothing."""
    sample = Image.fromarray(_COLOURS)
    sample.info["icc_profile"] = image.info.get("icc_profile")
    managed = _managed(sample, "RGB")
    return managed is None or int(np.abs(np.asarray(managed, np.int16) - _COLOURS).max()) <= 1


def _colour(image: Image.Image) -> Image.Image:
    """The picture in one of the modes that colour profiles and scaling know: L, RGB, RGBA, CMYK, LAB."""
    if image.mode.startswith("I"):
        return _eight_bits(image)
    if has_alpha(image):
        return image if image.mode == "RGBA" else image.convert("RGBA")
    return image if image.mode in ("L", "RGB", "CMYK", "LAB") else image.convert("RGB")


def reduced(image: Image.Image, needed: tuple[int, int]) -> Image.Image:
    """The picture, or where it is much larger than ``needed`` (width and height) a smaller one that is no less."""
    factor = min(image.width // needed[0], image.height // needed[1])
    if factor < 2:
        return image
    smaller = image.reduce(factor)
    smaller.info["icc_profile"] = image.info.get("icc_profile")
    return smaller


def srgb(image: Image.Image, *, needed: tuple[int, int] | None = None) -> Pixels:
    """The picture's pixels in sRGB, alpha not premultiplied.

    needed : width and height (stored orientation) that are enough; a much larger picture is brought down to no less
        than that before its colours are converted.
    """
    image = _colour(image)
    if needed is not None:
        image = reduced(image, needed)
    mode = "RGBA" if image.mode == "RGBA" else "RGB"
    managed = _managed(image, mode)
    if managed is None and image.mode == "LAB":
        managed = ImageCms.profileToProfile(image, _LAB, _SRGB, outputMode="RGB")
    return np.asarray(managed if managed is not None else image.convert(mode))
