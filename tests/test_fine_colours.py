"""Colours that come out to half a code: nothing is rounded to 8 bits on the way but the output itself."""

from fractions import Fraction
from pathlib import Path
from typing import Any

import av
import numpy as np
import pytest
from av.video.stream import VideoStream
from numpy.typing import NDArray
from piece_making import RASTER, bt709, source_of
from PIL import Image, ImageCms

from crowdcut.orders import Still
from examples.makers.planes import WEIGHTS, Sampling, frame_from
from renderers.frames import filtering
from renderers.patch import Patch
from renderers.sources import Setting, frames_of, still
from renderers.stills.pictures import is_srgb, opened_image

COLOURS = np.random.default_rng(5).integers(40, 216, (48, 3)).astype(np.uint8)
"""R'G'B' that every matrix holds."""
SIZE = 192, 96


def _drawn() -> NDArray[np.uint8]:
    """Four rows of twelve patches of 16 x 24 pixels."""
    return COLOURS.reshape(4, 12, 3).repeat(24, axis=0).repeat(16, axis=1)


def _patch(path: Path, **otherwise: Any) -> Patch:
    """What goes to the canvas, before any encoder."""
    source = source_of(path, **otherwise)
    (drawn,) = frames_of(source)(source, Setting(raster=RASTER, age_frames=0, count=1, inputs={path.name: path}))
    return drawn.patches[-1]


def _found(patch: Patch) -> NDArray[np.float64]:
    """Mean Y, Cb and Cr of the middle of each colour. [shape=(48, 3)]"""
    planes = []
    for plane, size in ((patch.luma, 2), (patch.cb, 1), (patch.cr, 1)):
        high, wide = 12 * size, 8 * size
        cells = plane.reshape(4, high, 12, wide)[:, 3 * size : 9 * size, :, 2 * size : 6 * size]
        planes.append(cells.mean(axis=(1, 3)).ravel())
    return np.stack(planes, axis=1)


def _meant(codes: NDArray[np.float64], matrix: str) -> NDArray[np.float64]:
    """Limited-range BT.709 of full-range codes of another matrix, not rounded."""
    red_weight, blue_weight = WEIGHTS[matrix]
    luma, cb, cr = (codes - [0, 128, 128]).T
    red, blue = luma + 2 * (1 - red_weight) * cr, luma + 2 * (1 - blue_weight) * cb
    green = (luma - red_weight * red - blue_weight * blue) / (1 - red_weight - blue_weight)
    return bt709(np.stack([red, green, blue], axis=1))


def _jpeg(path: Path, **told: Any) -> NDArray[np.float64]:
    """Write a JPEG; what its own codes mean."""
    Image.fromarray(_drawn()).save(path, quality=97, subsampling=0, **told)
    with Image.open(path) as image:
        image.draft("YCbCr", image.size)
        stored = np.asarray(image, np.float64).reshape(4, 24, 12, 16, 3)[:, 6:18, :, 4:12].mean(axis=(1, 3))
    return _meant(stored.reshape(-1, 3), "bt601")


@pytest.mark.parametrize("profiled", [False, True])
def test_a_photograph_stays_in_its_own_colours(tmp_path, monkeypatch, profiled):
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    wanted = _jpeg(tmp_path / "a.jpg", **({"icc_profile": profile} if profiled else {}))
    assert np.abs(_found(_patch(tmp_path / "a.jpg")) - wanted).max() <= 0.51
    monkeypatch.setattr(still, "jpeg_pixels", lambda *_: None)
    assert np.abs(_found(_patch(tmp_path / "a.jpg")) - wanted).max() > 0.8


def _of_another_gamut() -> bytes:
    """A profile whose red and green are exchanged."""
    data = bytearray(ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes())
    red, green = data.index(b"rXYZ"), data.index(b"gXYZ")
    data[red : red + 4], data[green : green + 4] = b"gXYZ", b"rXYZ"
    return bytes(data)


def test_a_profile_that_changes_colours_is_obeyed(tmp_path):
    _jpeg(tmp_path / "a.jpg", icc_profile=_of_another_gamut())
    with opened_image(tmp_path / "a.jpg") as image:
        assert not is_srgb(image)
    exchanged = bt709(COLOURS[:, [1, 0, 2]])
    assert np.abs(_found(_patch(tmp_path / "a.jpg")) - exchanged).max() <= 4


@pytest.mark.parametrize(("mode", "told"), [("L", {}), ("CMYK", {}), ("RGB", {"keep_rgb": True})])
def test_a_jpeg_of_other_planes_is_read_as_it_was(tmp_path, mode, told):
    image = Image.fromarray(_drawn()).convert(mode)
    image.save(tmp_path / "a.jpg", quality=97, **({"subsampling": 0} | told))
    with Image.open(tmp_path / "a.jpg") as stored:
        rgb = np.asarray(stored.convert("RGB"), np.float64)
    wanted = bt709(rgb.reshape(4, 24, 12, 16, 3)[:, 6:18, :, 4:12].mean(axis=(1, 3)).reshape(-1, 3))
    assert np.abs(_found(_patch(tmp_path / "a.jpg")) - wanted).max() <= 1.2


def test_a_large_photograph_is_decoded_small_and_cropped(tmp_path):
    large = _drawn().repeat(8, axis=0).repeat(8, axis=1)
    Image.fromarray(large).save(tmp_path / "a.jpg", quality=90)
    source = source_of(tmp_path / "a.jpg")
    assert isinstance(source, Still)
    pixels = still.jpeg_pixels(tmp_path / "a.jpg", "jpeg", SIZE)
    assert pixels is not None
    assert pixels.shape == (96, 192, 3)
    assert np.abs(_found(_patch(tmp_path / "a.jpg")) - bt709(COLOURS)).max() <= 3


def _clip(path: Path, sampling: Sampling) -> NDArray[np.float64]:
    """Write a lossless clip of one picture; what its own codes mean in limited-range BT.709."""
    frame = frame_from(_drawn(), sampling)
    frame.pts, frame.time_base = 0, Fraction(1, 24)
    with av.open(str(path), "w") as container:
        stream = container.add_stream("ffv1", rate=24)
        assert isinstance(stream, VideoStream)
        stream.width, stream.height, stream.pix_fmt = *SIZE, sampling.pix_fmt
        context = stream.codec_context
        context.color_primaries = context.color_trc = 1
        context.colorspace, context.color_range = (
            {"bt601": 6, "bt2020": 9}[sampling.matrix],
            2 if sampling.full_range else 1,
        )
        container.mux([*stream.encode(frame), *stream.encode(None)])
    kind = np.uint8 if frame.format.components[0].bits == 8 else np.uint16
    planes = [np.frombuffer(plane, kind).reshape(plane.height, -1)[:, : SIZE[0]] for plane in frame.planes]
    codes = np.stack(planes, axis=-1)[12::24, 8::16].reshape(-1, 3) / (1 if kind is np.uint8 else 4)
    if not sampling.full_range:
        codes = (codes - [16, 128, 128]) * [255 / 219, 255 / 224, 255 / 224] + [0, 128, 128]
    return _meant(codes, sampling.matrix)


@pytest.mark.parametrize(
    "sampling",
    [
        Sampling(pix_fmt="yuv444p", matrix="bt601"),
        Sampling(pix_fmt="yuv444p", matrix="bt601", full_range=True),
        Sampling(pix_fmt="yuv444p", matrix="bt2020"),
        Sampling(pix_fmt="yuv444p10le", matrix="bt601"),
    ],
)
def test_colours_of_another_matrix_are_rounded_once(tmp_path, monkeypatch, sampling):
    wanted = _clip(tmp_path / "a.mkv", sampling)
    # What has more than 8 bits is dithered: the mean of many pixels is nearer than any code.
    most = 0.51 if sampling.pix_fmt == "yuv444p" else 0.1
    assert np.abs(_found(_patch(tmp_path / "a.mkv")) - wanted).max() <= most
    monkeypatch.setattr(filtering, "_between", lambda *_: None)
    assert np.abs(_found(_patch(tmp_path / "a.mkv")) - wanted).max() > 0.55
