"""Pictures with alpha on their way to a patch.

Everything is scaled premultiplied (Porter and Duff 1984): else what is clear gives its colour to the edges.
"""

from typing import TYPE_CHECKING

import cv2
import numpy as np
from av import VideoFrame

from crowdcut.orders import Conversion
from renderers.colour.legal_layers import legal_colours
from renderers.patch import Patch, Plane, plane_of, planes_of

if TYPE_CHECKING:
    from PIL import Image

# From premultiplied around black (16, and 128 for colour) to premultiplied with the offsets included.
_CODES = np.arange(256)
_LUMA_OFFSET = np.rint(_CODES * 16 / 255).astype(np.uint8)
_LUMA_MOST = np.ceil(_CODES * 235 / 255).astype(np.uint8)
_CHROMA_LACK = (128 - np.rint(_CODES * 128 / 255)).astype(np.uint8)


def straightened(image: "Image.Image") -> "Image.Image":
    """A picture whose colours are stored multiplied by its alpha, with colours as they are."""
    from PIL import Image  # of pictures only: films need not wait for it

    if image.mode in ("RGBa", "La"):
        return image  # the format says it itself
    rgba = image if image.mode == "RGBA" else image.convert("RGBA")
    told = Image.frombytes("RGBa", rgba.size, rgba.tobytes()).convert("RGBA")
    told.info.update(image.info)
    return told


def premultiplying(reading: str, scaling: str) -> list[tuple[str, str]]:
    """Filters that multiply straight colours by their alpha, at the stored size: what comes out is full-range RGB.

    reading, scaling : arguments of ``scale``: how colours are read, and its flags.
    """
    return [("scale", f"{reading}:{scaling}"), ("format", "gbrap16le"), ("premultiply", "inplace=1")]


def _laid_on(plane: Plane, alpha: Plane, ground: int) -> Plane:
    behind = ((255 - _CODES) * ground + 127) // 255
    return cv2.add(plane, cv2.LUT(alpha, behind.astype(np.uint8)))  # type: ignore[return-value]


def _quarter(alpha: Plane) -> Plane:
    size = alpha.shape[1] // 2, alpha.shape[0] // 2
    return cv2.resize(alpha, size, interpolation=cv2.INTER_AREA)  # type: ignore[return-value]


def luma_below(luma: Plane, alpha: Plane) -> Plane:
    """A patch's luma without what bicubic scaling adds at edges: none may be more than its alpha."""
    return cv2.min(luma, cv2.LUT(alpha, _LUMA_MOST))  # type: ignore[return-value]


def luma_between(luma: Plane, alpha: Plane) -> Plane:
    """The same, and none may be less than black."""
    return luma_below(cv2.max(luma, cv2.LUT(alpha, _LUMA_OFFSET)), alpha)  # type: ignore[arg-type]


def _luma_with_offset(luma: Plane, alpha: Plane) -> Plane:
    from_black = cv2.subtract(luma, 16)  # type: ignore[call-overload]
    return luma_below(cv2.add(from_black, cv2.LUT(alpha, _LUMA_OFFSET)), alpha)  # type: ignore[arg-type]


def _with_offset(chroma: Plane, alpha: Plane) -> Plane:
    return cv2.subtract(chroma, cv2.LUT(alpha, _CHROMA_LACK))  # type: ignore[return-value]


def alpha_patch(frame: VideoFrame, conversion: Conversion) -> Patch:
    """A yuva420p frame as a patch: with its alpha, or laid on the ground its conversion names.

    frame : limited range, colours premultiplied around black, as scaling leaves them.
    """
    luma, cb, cr = planes_of(frame)
    alpha = plane_of(frame, 3)
    quarter = _quarter(alpha)
    luma = _luma_with_offset(luma, alpha)
    cb, cr = legal_colours(luma, _with_offset(cb, quarter), _with_offset(cr, quarter), alpha, quarter)
    x, y = conversion.box.x, conversion.box.y
    if conversion.flatten is None:
        return Patch(x=x, y=y, luma=luma, cb=cb, cr=cr, alpha=alpha, alpha_chroma=quarter)
    red, green, blue = conversion.flatten
    bright = 0.2126 * red + 0.7152 * green + 0.0722 * blue
    ground = (
        round(16 + bright * 219 / 255),
        round(128 + (blue - bright) / 1.8556 * 224 / 255),
        round(128 + (red - bright) / 1.5748 * 224 / 255),
    )
    luma, cb, cr = (_laid_on(*part) for part in zip((luma, cb, cr), (alpha, quarter, quarter), ground, strict=True))
    return Patch(x=x, y=y, luma=luma, cb=cb, cr=cr)
