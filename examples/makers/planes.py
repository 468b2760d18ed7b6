"""Pictures as planes of any matrix, range, depth and subsampling: the standards' own numbers, and nobody's scaler."""

from dataclasses import dataclass

import numpy as np
from av import VideoFrame
from numpy.typing import NDArray
from PIL import Image

WEIGHTS = {"bt601": (0.299, 0.114), "bt709": (0.2126, 0.0722), "bt2020": (0.2627, 0.0593)}
"""Kr and Kb (ITU-R BT.601-7, BT.709-6, BT.2020-2)."""

Coded = NDArray[np.float64]
"""[shape=(height, width, 3)] R'G'B', 0..1."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sampling:
    """How a picture is stored in planes."""

    pix_fmt: str = "yuv420p"
    matrix: str = "bt709"
    """A key of ``WEIGHTS``; no matter where ``pix_fmt`` is RGB."""
    full_range: bool = False


def _levels(values: Coded, depth: int, *, full: bool, chroma: bool) -> NDArray[np.int64]:
    """Codes of Y' 0..1 or C -0.5..0.5 (BT.709-6 clause 4.6; full range as in H.273, equation 3)."""
    if full:
        scale, offset = (1 << depth) - 1, (1 << depth - 1) if chroma else 0
    else:
        scale, offset = (224 if chroma else 219) << depth - 8, (128 if chroma else 16) << depth - 8
    return np.clip(np.rint(values * scale + offset), 0, (1 << depth) - 1).astype(np.int64)


def _subsampled(plane: Coded, across: int, down: int) -> Coded:
    """Means of blocks; a last row or column that is no whole block is repeated."""
    height, width = plane.shape
    padded = np.pad(plane, ((0, -height % down), (0, -width % across)), mode="edge")
    rows, columns = padded.shape[0] // down, padded.shape[1] // across
    return padded.reshape(rows, down, columns, across).mean(axis=(1, 3))


def _fill(frame: VideoFrame, index: int, values: NDArray[np.int64], kind: type[np.generic]) -> None:
    plane = frame.planes[index]
    wide = np.zeros((plane.height, plane.line_size // np.dtype(kind).itemsize), kind)
    wide[:, : values.shape[1]] = values
    plane.update(wide.tobytes())


def frame_from(rgb: NDArray[np.uint8] | Coded, sampling: Sampling) -> VideoFrame:
    """A picture as a frame of planes (packed, where ``rgb24`` or ``pal8`` is asked for).

    rgb : [shape=(height, width, 3)] R'G'B', uint8 or 0..1; uint8 for ``pal8``.
    """
    if sampling.pix_fmt == "pal8":
        image = Image.fromarray(rgb.astype(np.uint8)).quantize(255, dither=Image.Dither.NONE)
        palette = np.zeros((256, 4), np.uint8)
        colours = np.array(image.getpalette(), np.uint8).reshape(-1, 3)
        palette[: len(colours)] = np.insert(
            colours, 0, 255, axis=1
        )  # alpha first, as FFmpeg has it in a big-endian word
        return VideoFrame.from_ndarray((np.asarray(image), palette), format="pal8")  # type: ignore[arg-type]
    coded: Coded = rgb / 255 if rgb.dtype == np.uint8 else rgb.astype(np.float64)
    height, width = coded.shape[:2]
    frame = VideoFrame(width, height, sampling.pix_fmt)
    form = frame.format
    depth = form.components[0].bits
    kind = np.uint8 if depth == 8 else np.dtype("<u2").type
    if sampling.pix_fmt == "rgb24":
        return VideoFrame.from_ndarray(np.rint(coded * 255).astype(np.uint8), format="rgb24")
    if form.is_rgb:
        for index, channel in enumerate((1, 2, 0)):  # gbrp
            _fill(frame, index, _levels(coded[..., channel], depth, full=True, chroma=False), kind)
        return frame
    red_weight, blue_weight = WEIGHTS[sampling.matrix]
    luma = coded @ np.array([red_weight, 1 - red_weight - blue_weight, blue_weight])
    across, down = -(-width // form.chroma_width(width)), -(-height // form.chroma_height(height))
    planes = [luma]
    for channel, weight in ((2, blue_weight), (0, red_weight)):
        planes.append(_subsampled((coded[..., channel] - luma) / (2 - 2 * weight), across, down))
    for index, plane in enumerate(planes):
        _fill(frame, index, _levels(plane, depth, full=sampling.full_range, chroma=index > 0), kind)
    return frame
