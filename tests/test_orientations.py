"""All eight orientations in every format that tells one: four colours land in their own corners, and nowhere else where
the file's word is passed over, or taken twice."""

from dataclasses import replace
from fractions import Fraction
from pathlib import Path
from typing import Any

import av
import numpy as np
import pillow_heif
import pytest
from av.video.stream import VideoStream
from piece_making import ENCODING, MIDDLE
from PIL import Image

from crowdcut.conform.conversion import conversion_for
from crowdcut.conform.geometry import whole_raster
from crowdcut.media import Media, Picture
from crowdcut.orders import Animation, Layer, PictureOrder, Raster, Still, Video
from examples.makers.faults import EXIF
from examples.makers.planes import Sampling, frame_from
from renderers.composing.compose import composed_frames
from renderers.examine import examined

ORIENTATIONS = {1: (0, False), **EXIF}
CORNERS = np.array([[(200, 50, 50), (50, 180, 50)], [(50, 50, 200), (220, 220, 220)]], np.uint8)
"""Red, green, blue and white."""
UPRIGHT = CORNERS.repeat(24, axis=0).repeat(32, axis=1)
"""[shape=(48, 64, 3)]"""
RASTER = Raster(width=64, height=64, rate=Fraction(24))

TURNED_WHEN_READ = frozenset({".tif", ".heic"})
"""Their readers turn what they decode."""


def stored(orientation: int) -> Any:
    """The picture as it lies in a file that asks for this orientation."""
    turn, mirrored = ORIENTATIONS[orientation]
    lying = np.rot90(UPRIGHT, turn // 90)
    return np.ascontiguousarray(lying[:, ::-1] if mirrored else lying)


def write_still(path: Path, orientation: int) -> None:
    """A still whose EXIF tells it, and where the format can, its own boxes too (``irot`` and ``imir``)."""
    exif = Image.Exif()
    exif[274] = orientation
    image = Image.fromarray(stored(orientation))
    if path.suffix == ".tif":
        image.save(path, tiffinfo={274: orientation})
    elif path.suffix == ".heic":
        pillow_heif.from_pillow(image).save(path, exif=exif.tobytes(), quality=95)
        assert (b"irot" in path.read_bytes() or b"imir" in path.read_bytes()) == (orientation != 1)
    else:
        image.save(path, exif=exif, **({} if path.suffix == ".png" else {"quality": 95}))


def write_animation(path: Path, orientation: int) -> None:
    """Two pictures, both the same but for a code."""
    exif = Image.Exif()
    exif[274] = orientation
    first = stored(orientation)
    images = [Image.fromarray(one) for one in (first, first ^ 1)]
    images[0].save(path, save_all=True, append_images=images[1:], duration=100, exif=exif, lossless=True)


def write_clip(path: Path, orientation: int) -> None:
    """A film with a display matrix (ISO/IEC 14496-12, 6.2.2; Matroska tells it as the pose of a projection)."""
    turn, mirrored = ORIENTATIONS[orientation]
    across, down = {0: (1, 0), 90: (0, 1), 180: (-1, 0), 270: (0, -1)}[turn]
    flip = -1 if mirrored else 1
    lying = stored(orientation)
    with av.open(str(path), "w") as container:
        stream = container.add_stream("libx264", rate=24, options={"preset": "ultrafast", "crf": "8"})
        assert isinstance(stream, VideoStream)
        stream.height, stream.width = lying.shape[:2]
        stream.pix_fmt = "yuv420p"
        rows = (flip * across, flip * down, 0), (-down, across, 0)
        stream.set_display_matrix((*(number << 16 for row in rows for number in row), 0, 0, 1 << 30))
        for number in range(2):
            frame = frame_from(lying, Sampling())
            frame.pts, frame.time_base = number, Fraction(1, 24)
            frame.color_primaries = frame.color_trc = frame.colorspace = 1
            container.mux(stream.encode(frame))
        container.mux(stream.encode(None))


def shown(path: Path, media: Media, picture: Picture) -> Any:
    """The middles of the quarters of what a film shows. [shape=(2, 2, 3)] R'G'B'"""
    conversion = conversion_for(picture, fit="contain", focus=MIDDLE, region=whole_raster(RASTER), flatten=None)
    source: Video | Still | Animation
    match media.kind:
        case "still":
            source = Still(file="file", picture=picture, conversion=conversion)
        case "animation":
            source = Animation(file="file", picture=picture, start=Fraction(0), conversion=conversion)
        case _:
            source = Video(file="file", picture=picture, start=Fraction(0), conversion=conversion)
    order = PictureOrder(
        raster=RASTER, encoding=ENCODING, length_frames=1, stack=(Layer(source=source, length_frames=1),)
    )
    (composed,) = composed_frames(order, {"file": path})
    block = composed.canvas.block.astype(float)
    luma, chroma = (block[:64] - 16) / 219, (block[64:].reshape(2, 32, 32).repeat(2, 1).repeat(2, 2) - 128) / 224
    red, blue = luma + 1.5748 * chroma[1], luma + 1.8556 * chroma[0]
    found = np.stack([red, (luma - 0.2126 * red - 0.0722 * blue) / 0.7152, blue], axis=2) * 255
    # 64 x 48 in the middle of 64 x 64.
    return found[20:44:23, 16:48:31][:2, :2]


def is_upright(colours: Any) -> bool:
    """Whether each colour is in its own corner."""
    return bool(np.abs(colours - CORNERS.astype(float)).max() < 30)


CASES = [
    *((suffix, write_still) for suffix in (".jpg", ".png", ".webp", ".tif", ".avif", ".heic")),
    # Not AVIF: Pillow crashes where it writes a turned sequence.
    *((suffix, write_animation) for suffix in (".png", ".webp")),
    *((suffix, write_clip) for suffix in (".mov", ".mkv")),
]


@pytest.mark.parametrize("orientation", ORIENTATIONS)
@pytest.mark.parametrize(("suffix", "write"), CASES, ids=lambda one: getattr(one, "__name__", one))
def test_an_orientation_is_seen_upright(tmp_path: Path, suffix: str, write: Any, orientation: int):
    path = tmp_path / f"a{suffix}"
    write(path, orientation)
    media = examined(path, suffix)
    picture = media.picture
    assert picture is not None, media.refusal
    assert media.kind == {write_still: "still", write_animation: "animation"}.get(write, "video")
    assert is_upright(shown(path, media, picture))
    # Passed over, or taken twice.
    turn, mirrored = ORIENTATIONS[orientation] if suffix in TURNED_WHEN_READ else (0, False)
    wrong = replace(picture, rotation=turn, mirrored=mirrored)
    assert is_upright(shown(path, media, wrong)) == (orientation == 1)


def test_exif_turns_no_heif_that_has_boxes_for_it(tmp_path: Path):
    # HEIF's own properties count, and EXIF's word is none where they are not there (ISO/IEC 23000-22, 7.3.6.7).
    path = tmp_path / "a.heic"
    exif = Image.Exif()
    exif[274] = 6
    pillow_heif.register_heif_opener()
    Image.fromarray(UPRIGHT).save(path, exif=exif, quality=95)
    assert b"irot" not in path.read_bytes()
    media = examined(path, ".heic")
    assert media.picture is not None
    assert is_upright(shown(path, media, media.picture))
