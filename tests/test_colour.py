"""Colours read back from pieces: six flat patches, after both encodings within two codes of what BT.709 says."""

import av
import numpy as np
import pytest
from piece_making import Planes, bt709, rendered, shot_order, shown_in, source_of

from crowdcut.media import Colour
from examples.makers import write_clip, write_still
from renderers.colour.tone import table_file

PATCHES = np.array(
    [[200, 40, 40], [40, 180, 60], [30, 60, 200], [235, 235, 235], [90, 90, 90], [220, 200, 30]], np.uint8
)


def _patches(width: int = 192, height: int = 96) -> np.ndarray:
    drawn = np.empty((height, width, 3), np.uint8)
    for number, colour in enumerate(PATCHES):
        drawn[:, number * width // 6 : (number + 1) * width // 6] = colour
    return drawn


def _patch_means(planes: Planes) -> np.ndarray:
    """Mean Y, Cb, Cr of the middle of each patch of a picture that fills the raster's width."""
    found = []
    for plane in planes:
        height, width = plane.shape
        rows = slice(height * 3 // 8, height * 5 // 8)
        cells = [
            plane[rows, round((number + 0.3) * width / 6) : round((number + 0.7) * width / 6)] for number in range(6)
        ]
        found.append([cell.mean() for cell in cells])
    return np.array(found).T


FINE = {"preset": "veryfast", "crf": "6"}


@pytest.mark.parametrize(
    ("name", "options"),
    [
        ("a.mp4", {"matrix": "bt709"}),
        ("a.mp4", {"matrix": "bt601"}),
        ("a.mp4", {"matrix": "bt709", "pix_fmt": "yuv444p"}),
        ("a.mp4", {"matrix": "bt709", "pix_fmt": "yuvj420p"}),
        ("a.mp4", {"matrix": "bt601", "pix_fmt": "yuvj420p"}),
        ("a.mov", {"matrix": None, "codec": "qtrle", "pix_fmt": "rgb24", "options": {}}),
        ("a.mov", {"matrix": None, "codec": "png", "pix_fmt": "rgb24", "options": {}}),
        ("a.mp4", {"matrix": "bt709", "pix_fmt": "yuv420p10le"}),
    ],
)
def test_colours_after_x264(tmp_path, name, options):
    told = {"options": FINE, **options}
    write_clip(tmp_path / name, width=192, height=96, frames=3, picture=lambda _: _patches(), **told)
    (_, planes, _) = shown_in(shot_order(source_of(tmp_path / name), 3), tmp_path, tmp_path / "piece.mp4")
    assert np.abs(_patch_means(planes) - bt709(PATCHES)).max() <= 2


def test_a_small_clip_without_tags_is_read_as_bt601(tmp_path):
    path = tmp_path / "a.mp4"
    write_clip(path, width=192, height=96, frames=3, picture=lambda _: _patches(), options=FINE, matrix="bt601")
    (_, planes, _) = shown_in(shot_order(source_of(path, colour=Colour()), 3), tmp_path, tmp_path / "piece.mp4")
    assert np.abs(_patch_means(planes) - bt709(PATCHES)).max() <= 2


def test_full_range_without_its_own_pixel_format(tmp_path):
    path = tmp_path / "a.mp4"
    write_clip(path, width=192, height=96, frames=3, picture=lambda _: _patches(), options=FINE)
    source = source_of(path, colour=Colour(matrix="bt709", full_range=True))
    (_, planes, _) = shown_in(shot_order(source, 3), tmp_path, tmp_path / "piece.mp4")
    # The clip's own codes, taken for full range and brought to limited.
    wanted = (bt709(PATCHES) - [0, 128, 128]) * [219 / 255, 224 / 255, 224 / 255] + [16, 128, 128]
    assert np.abs(_patch_means(planes) - wanted).max() <= 2


def test_colours_of_a_still(tmp_path):
    write_still(tmp_path / "a.png", _patches())
    (planes,) = shown_in(shot_order(source_of(tmp_path / "a.png"), 1), tmp_path, tmp_path / "piece.mp4")
    assert np.abs(_patch_means(planes) - bt709(PATCHES)).max() <= 2


def test_a_piece_says_what_its_colours_are(tmp_path):
    write_still(tmp_path / "a.png", _patches())
    rendered(shot_order(source_of(tmp_path / "a.png"), 1), tmp_path, tmp_path / "piece.mp4")
    with av.open(str(tmp_path / "piece.mp4")) as piece:
        context = piece.streams.video[0].codec_context
        tags = (context.color_primaries, context.color_trc, context.colorspace, context.color_range)
        assert [int(tag) for tag in tags] == [1, 1, 1, 1]


def test_high_dynamic_range_is_toned_as_bt2446_says():
    def pq(nits: float) -> float:
        """SMPTE ST 2084."""
        light = (nits / 10_000) ** (2610 / 16384)
        return ((3424 / 4096 + 2413 / 128 * light) / (1 + 2392 / 128 * light)) ** (2523 / 32)

    with table_file("pq") as table:
        rows = np.loadtxt(table, skiprows=1)
    assert not table.exists()
    greys = rows.reshape(65, 65, 65, 3)[range(65), range(65), range(65)]
    assert np.ptp(greys, axis=1).max() < 1e-3
    found = [float(np.interp(pq(nits), np.linspace(0, 1, 65), greys[:, 1])) for nits in (26, 100, 203, 400, 1000)]
    assert found == pytest.approx([0.33, 0.54, 0.68, 0.83, 1.0], abs=0.015)
