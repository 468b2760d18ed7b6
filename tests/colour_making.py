"""A colour chart as any format stores it, read back from pictures, and the hues of its colours in ICtCp."""

from fractions import Fraction
from pathlib import Path

import av
import numpy as np
from av import VideoFrame
from av.video.stream import VideoStream
from numpy.typing import NDArray

from renderers.colour.gamut import ictcp_from, pq_from_nits, to_709

Values = NDArray[np.float64]

CHECKER = np.array(
    [
        [115, 82, 68], [194, 150, 130], [98, 122, 157], [87, 108, 67], [133, 128, 177], [103, 189, 170],
        [214, 126, 44], [80, 91, 166], [193, 90, 99], [94, 60, 108], [157, 188, 64], [224, 163, 46],
        [56, 61, 150], [70, 148, 73], [175, 54, 60], [231, 199, 31], [187, 86, 149], [8, 133, 161],
        [243, 243, 242], [200, 200, 200], [160, 160, 160], [122, 122, 121], [85, 85, 85], [52, 52, 52],
    ]
)  # fmt: skip
"""The 24 patches of a ColorChecker, sRGB, by X-Rite's table; six to a row."""
CODED = CHECKER / 255
LIGHT = CODED**2.4
"""Linear BT.709 RGB of the patches on a display of BT.1886."""

_KR_KB = {"bt601": (0.299, 0.114), "bt709": (0.2126, 0.0722), "bt2020": (0.2627, 0.0593)}
_TAGS = {"bt601": 6, "bt709": 1, "bt2020": 9, "smpte432": 12, "pq": 16, "hlg": 18}
"""H.273 code points; that of BT.601 is SMPTE 170M's."""


def to_primaries(light: Values, primaries: str) -> Values:
    """Linear BT.709 RGB as that of other primaries."""
    return np.linalg.solve(to_709(primaries), light[..., None])[..., 0]


def hlg_from_nits(nits: Values, primaries: str = "bt2020") -> Values:
    """HLG R'G'B' of ``primaries`` that a display of 1000 cd/m2 shows as BT.2020 light ``nits`` (BT.2100-2 table 5)."""
    shown = nits / 1000
    scene = shown * np.maximum(shown @ [0.2627, 0.6780, 0.0593], 1e-9)[..., None] ** (-1 / 6)
    scene = scene @ np.linalg.solve(to_709(primaries), to_709("bt2020")).T
    high = 0.17883277 * np.log(np.maximum(12 * scene - 0.28466892, 1e-9)) + 0.55991073
    return np.where(scene <= 1 / 12, np.sqrt(3 * scene), high)


def hdr_chart(tone: str, white: float = 203.0, primaries: str = "bt2020") -> tuple[Values, Values]:
    """R'G'B' of ``primaries`` and cd/m2 (linear BT.2020) of the chart; its white at ``white`` (BT.2408 clause 2.1)."""
    nits = to_primaries(LIGHT, "bt2020") * white
    if tone == "hlg":
        return hlg_from_nits(nits, primaries), nits
    return pq_from_nits(to_primaries(LIGHT, primaries) * white), nits


def ycbcr(coded: Values, matrix: str, bits: int, *, full: bool) -> Values:
    """R'G'B' 0..1 as Y, Cb and Cr codes, not rounded (BT.709-6 item 4.6, BT.2020-2 table 5, H.273 full range)."""
    kr, kb = _KR_KB[matrix]
    luma = coded @ [kr, 1 - kr - kb, kb]
    cb, cr = (coded[..., 2] - luma) / (2 - 2 * kb), (coded[..., 0] - luma) / (2 - 2 * kr)
    step, most = 2 ** (bits - 8), 2**bits - 1
    low, wide, colours = (0, most, most) if full else (16 * step, 219 * step, 224 * step)
    return np.stack([low + luma * wide, 128 * step + cb * colours, 128 * step + cr * colours], axis=-1)


def rgb_from(planes: Values) -> Values:
    """R'G'B' of 8-bit BT.709 limited-range Y, Cb, Cr."""
    luma, cb, cr = (planes - [16, 128, 128]).T / np.array([[219], [224], [224]])
    red, blue = luma + 1.5748 * cr, luma + 1.8556 * cb
    return np.stack([red, (luma - 0.2126 * red - 0.0722 * blue) / 0.7152, blue], axis=-1)


def hue_and_chroma(nits: Values) -> tuple[Values, Values]:
    """Hue in degrees and chroma in ICtCp of linear BT.2020 RGB, cd/m2."""
    _, ct, cp = ictcp_from(nits).T
    return np.degrees(np.arctan2(ct, cp)), np.hypot(ct, cp)


def _filled(plane: av.video.plane.VideoPlane, cells: Values, bits: int) -> None:
    """Fill a plane with the chart's four rows of six flat patches, in whole codes."""
    kind = np.uint8 if bits == 8 else np.uint16
    pixels = np.frombuffer(plane, kind).reshape(plane.height, -1)
    row, column = np.arange(plane.height) * 4 // plane.height, np.arange(plane.width) * 6 // plane.width
    pixels[:, : plane.width] = np.clip(np.rint(cells), 0, 2**bits - 1).reshape(4, 6)[row[:, None], column]


def write_chart(
    path: Path,
    coded: Values,
    *,
    pixel_format: str,
    bits: int = 8,
    matrix: str = "bt709",
    full: bool = False,
    primaries: str = "bt709",
    transfer: str = "bt709",
    tagged: bool = True,
    size: tuple[int, int] = (192, 108),
) -> Path:
    """A lossless clip of two equal pictures of 24 patches, whose R'G'B' is ``coded``."""
    with av.open(str(path), "w") as container:
        stream = container.add_stream("ffv1", rate=Fraction(24))
        assert isinstance(stream, VideoStream)
        stream.width, stream.height, stream.pix_fmt = *size, pixel_format
        context = stream.codec_context
        if tagged:
            context.color_primaries, context.color_trc, context.colorspace = (
                _TAGS[primaries], _TAGS[transfer], _TAGS[matrix],
            )  # fmt: skip
            context.color_range = 2 if full else 1
        codes = ycbcr(coded, matrix, bits, full=full)
        for number in range(2):
            frame = VideoFrame(*size, pixel_format)
            for index, plane in enumerate(frame.planes):
                _filled(plane, codes[:, index], bits)
            frame.pts = number
            container.mux(stream.encode(frame))
        container.mux(stream.encode(None))
    return path


def patches_in(planes: tuple[NDArray[np.uint8], ...]) -> Values:
    """Mean Y, Cb and Cr of the middle of each of the 24 patches. [shape=(24, 3)]"""
    found = []
    for plane in planes:
        height, width = plane.shape
        middles = (
            plane[
                round((row + 0.3) * height / 4) : round((row + 0.7) * height / 4),
                round((column + 0.3) * width / 6) : round((column + 0.7) * width / 6),
            ].mean()
            for row in range(4)
            for column in range(6)
        )
        found.append(list(middles))
    return np.array(found).T
