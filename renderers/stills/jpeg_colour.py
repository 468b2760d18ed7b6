"""A JPEG in the Y'CbCr that it is stored in: R'G'B' of 8 bits in between would round every colour once more."""

from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from renderers.colour.legal import legal
from renderers.patch import Patch, Plane
from renderers.stills.pictures import Pixels, is_srgb, opened_image, pillow_errors, reduced

_BITS = 16
"""Of the matrix's fractions."""


def _from_rgb(red: float, blue: float) -> NDArray[np.float64]:
    """R'G'B' to Y'CbCr of 0..1 and -0.5..0.5, by what red and blue weigh in Y'."""
    luma = np.array([red, 1 - red - blue, blue])
    return np.stack([luma, ([0, 0, 1] - luma) / (2 - 2 * blue), ([1, 0, 0] - luma) / (2 - 2 * red)])


_SCALES = np.array([[219], [224], [224]]) / 255
# Full-range BT.601 (JFIF 1.02) to limited-range BT.709. There is no luma in the colours of the other.
_TO_709 = np.rint(_SCALES * (_from_rgb(0.2126, 0.0722) @ np.linalg.inv(_from_rgb(0.299, 0.114))) * (1 << _BITS))
_TO_LUMA, _TO_CB, _TO_CR = ([int(weight) for weight in row] for row in _TO_709)


def _in_its_own_colours(image: Image.Image) -> bool:
    """Whether an opened picture is a JPEG in Y'CbCr whose R'G'B' would be sRGB."""
    if image.format not in ("JPEG", "MPO") or image.mode != "RGB":
        return False
    # As libjpeg tells them: by JFIF, by Adobe's marker, by the components' numbers.
    numbers = [layer[0] for layer in getattr(image, "layer", ())]
    told = "jfif" in image.info or image.info.get("adobe_transform", 1) == 1
    return told and numbers == [1, 2, 3] and is_srgb(image)


def jpeg_pixels(path: Path, codec: str, needed: tuple[int, int]) -> Pixels | None:
    """Y', Cb and Cr of a JPEG, perhaps at a smaller scale; None for what has to be read as R'G'B'.

    codec : what the examination found. needed : width and height that are enough.
    Returns [shape=(height, width, 3)], full range. Raises JobFailed for a damaged file.
    """
    if codec not in ("jpeg", "mpo"):
        return None
    with opened_image(path, codec) as image:
        if not _in_its_own_colours(image):
            return None
        image.draft("YCbCr", needed)
        with pillow_errors(path):
            image.load()
            return np.asarray(reduced(image, needed))


def _weighed(weights: list[int], values: list[NDArray[np.int32]], *, bits: int, offset: int) -> Plane:
    total = np.full(values[0].shape, (1 << bits - 1) + (offset << bits), np.int32)
    for weight, value in zip(weights, values, strict=True):
        if weight:
            total += weight * value
    return np.clip(total >> bits, 0, 255).astype(np.uint8)


def patch_from_jpeg(pixels: Pixels, *, x: int = 0, y: int = 0) -> Patch:
    """An opaque patch, with legal levels.

    pixels : [shape=(height, width, 3)] full-range Y'CbCr of BT.601, even height and width.
    """
    planes = [pixels[..., channel].astype(np.int32) - zero for channel, zero in enumerate((0, 128, 128))]
    # Of each four the sum.
    fours = [one[::2, ::2] + one[1::2, ::2] + one[::2, 1::2] + one[1::2, 1::2] for one in planes]
    luma, cb, cr = legal(
        _weighed(_TO_LUMA, planes, bits=_BITS, offset=16),
        _weighed(_TO_CB, fours, bits=_BITS + 2, offset=128),
        _weighed(_TO_CR, fours, bits=_BITS + 2, offset=128),
    )
    return Patch(x=x, y=y, luma=luma, cb=cb, cr=cr)
