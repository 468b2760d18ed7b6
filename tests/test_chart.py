"""A colour chart in every way that files store colours, read back from pieces within dE2000 2; high dynamic range."""

import zlib
from dataclasses import replace
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from av import VideoFrame
from colour_making import (
    CODED,
    LIGHT,
    Values,
    hdr_chart,
    hlg_from_nits,
    hue_and_chroma,
    patches_in,
    rgb_from,
    to_primaries,
    write_chart,
)
from piece_making import RASTER, media_of, shot_order, shown_in, source_of

from crowdcut.conform.record import record_for
from crowdcut.media import Colour, Picture
from crowdcut.orders import Box, Conversion
from examples.makers import write_still
from examples.makers.colour_difference import difference
from renderers.colour.gamut import pq_from_nits, to_709, within
from renderers.colour.tone import in_709, table_file
from renderers.frames import filtering
from renderers.frames.filtering import Converter


def _shown(path: Path, **otherwise: Any) -> Values:
    """R'G'B' of the chart's patches in a piece. ``otherwise``: fields of the Conversion that are not the plan's."""
    source = source_of(path)
    source = replace(source, conversion=replace(source.conversion, **otherwise))
    planes = shown_in(shot_order(source, 1), path.parent, path.parent / f"piece{len(otherwise)}.mp4")[0]
    return rgb_from(patches_in(planes))


def _distance(coded: Values, wanted: Values = CODED) -> float:
    return float(difference(coded, wanted).max())


FORMATS = [
    *(("yuv420p", 8, matrix, full) for matrix in ("bt601", "bt709") for full in (False, True)),
    ("yuv422p", 8, "bt709", False),
    ("yuv444p", 8, "bt601", True),
    ("yuv420p10le", 10, "bt709", False),
    ("yuv422p10le", 10, "bt709", True),
    ("yuv444p10le", 10, "bt601", False),
    ("yuv420p12le", 12, "bt709", False),
    ("yuv422p12le", 12, "bt709", False),
    ("yuv444p12le", 12, "bt709", True),
]


@pytest.mark.parametrize(("form", "bits", "matrix", "full"), FORMATS)
def test_the_chart_in_standard_range(tmp_path, form, bits, matrix, full):
    path = write_chart(tmp_path / "a.mkv", CODED, pixel_format=form, bits=bits, matrix=matrix, full=full)
    assert _distance(_shown(path)) <= 2
    # Read with another matrix or range it is seen to be wrong.
    assert _distance(_shown(path, matrix="bt709" if matrix == "bt601" else "bt601")) > 3
    assert _distance(_shown(path, full_range=not full, mirror=False)) > 3


@pytest.mark.parametrize(("size", "matrix"), [((192, 108), "bt601"), ((768, 578), "bt709")])
def test_untagged_by_the_usual_rule_and_told(tmp_path, size, matrix):
    path = write_chart(tmp_path / "a.mkv", CODED, pixel_format="yuv420p", matrix=matrix, tagged=False, size=size)
    source = source_of(path)
    assert source.picture.colour == Colour()
    assert source.conversion.matrix == matrix
    record = record_for(media_of(path), source, Fraction(24))
    assert f"untagged colour read as {matrix.upper()}" in record.done


@pytest.mark.parametrize(("primaries", "matrix"), [("bt2020", "bt2020"), ("smpte432", "bt709")])
def test_wider_gamuts_in_standard_range(tmp_path, primaries, matrix):
    coded = to_primaries(LIGHT, primaries) ** (1 / 2.4)
    path = write_chart(
        tmp_path / "a.mkv", coded, pixel_format="yuv420p10le", bits=10, matrix=matrix, primaries=primaries
    )
    assert source_of(path).conversion.primaries == primaries
    assert _distance(_shown(path)) <= 2
    assert _distance(_shown(path, primaries=None)) > 3


def test_bt2020_to_bt709_is_the_published_matrix():
    # BT.2407-0, clause 2.
    published = [[1.6605, -0.5876, -0.0728], [-0.1246, 1.1329, -0.0083], [-0.0182, -0.1006, 1.1187]]
    assert to_709("bt2020") == pytest.approx(np.array(published), abs=6e-5)


def test_colours_out_of_gamut_keep_their_hue_and_those_within_stay():
    pure = np.array([[1, 0, 0], [0, 1, 0], [0, 0, 1], [1, 0.5, 0], [0, 1, 0.5], [0.5, 0, 1]]) ** 2.4 * 0.8
    kept = within(pure, "bt2020")
    before, after = (hue_and_chroma(100 * light)[0] for light in (pure, to_primaries(kept, "bt2020")))
    assert np.abs((after - before + 180) % 360 - 180).max() < 1
    clipped = np.clip(pure @ to_709("bt2020").T, 0, 1)
    turned = hue_and_chroma(100 * to_primaries(clipped, "bt2020"))[0]
    assert np.abs((turned - before + 180) % 360 - 180).max() > 10
    assert within(to_primaries(LIGHT, "bt2020"), "bt2020") == pytest.approx(LIGHT, abs=1e-9)


@pytest.mark.parametrize("tone", ["pq", "hlg"])
def test_high_dynamic_range_keeps_its_hues(tmp_path, tone):
    coded, nits = hdr_chart(tone)
    path = write_chart(
        tmp_path / "a.mkv", coded, pixel_format="yuv420p10le", bits=10, matrix="bt2020", primaries="bt2020",
        transfer=tone,
    )  # fmt: skip
    assert source_of(path).conversion.tone == tone
    shown = _shown(path)
    # As BT.2446-1 has it, through the table, 4:2:0 and the encoder.
    assert _distance(shown, in_709(coded, tone)) <= 2
    before, chroma = hue_and_chroma(nits)
    after, _ = hue_and_chroma(100 * to_primaries(np.clip(shown, 0, 1) ** 2.4, "bt2020"))
    turned = np.abs((after - before + 180) % 360 - 180)
    assert turned[chroma > 0.02].max() <= 5
    assert _distance(_shown(path, tone=None), in_709(coded, tone)) > 5


def test_bt2408_levels_land_where_bt2446_puts_them():
    # BT.2408 table 1: 18 % grey is 26 cd/m2, HDR reference white 203, in PQ and in HLG (38 and 75 % of its range).
    assert hlg_from_nits(np.full((1, 3), 203.0)) == pytest.approx(0.75, abs=0.005)
    assert hlg_from_nits(np.full((1, 3), 26.0)) == pytest.approx(0.38, abs=0.005)
    for nits, level in ((26, 0.335), (203, 0.687), (1000, 1.0)):
        grey = np.full((1, 3), float(nits))
        assert in_709(pq_from_nits(grey), "pq") == pytest.approx(level, abs=0.003)
        assert in_709(hlg_from_nits(grey), "hlg") == pytest.approx(level, abs=0.003)
    assert in_709(pq_from_nits(np.full((1, 3), 4000.0)), "pq") == pytest.approx(1.0)


def _ramp(form: str, bits: int, codes: Values, width: int) -> VideoFrame:
    """A grey frame whose columns are ``codes``, whole numbers of ``bits``."""
    frame = VideoFrame(width, 64, form)
    for index, plane in enumerate(frame.planes):
        pixels = np.frombuffer(plane, np.uint16).reshape(plane.height, -1)
        pixels[:] = 2 ** (bits - 1)
        if index == 0:
            pixels[:, :width] = np.rint(codes)
    return frame


def _luma_of(frame: VideoFrame, bits: int, **conversion: Any) -> Values:
    """A frame's luma as the output has it, not yet encoded."""
    width, height = frame.width, frame.height
    picture = Picture(codec="x", width=width, height=height, pixel_format=frame.format.name, bit_depth=bits)
    told = Conversion(box=Box(x=0, y=0, width=width, height=height), **conversion)
    (patch,) = Converter(picture, told, replace(RASTER, width=width, height=height)).patches(frame)
    return patch.luma.astype(float)


@pytest.mark.parametrize("tone", ["pq", "hlg"])
def test_a_ramp_of_all_codes_rises_without_steps(tone):
    codes = np.arange(64, 941, dtype=float)[:876]
    columns = _luma_of(_ramp("yuv420p10le", 10, codes, 876), 10, tone=tone, matrix="bt2020").mean(axis=0)
    straight = in_709(np.repeat((codes[:, None] - 64) / 876, 3, axis=1), tone)[:, 0] * 219 + 16
    # The dither's pattern is eight columns wide.
    seen, wanted = (np.convolve(one, np.ones(8) / 8, "valid") for one in (columns, straight))
    steps = np.diff(seen)
    assert (steps.min() >= 0, steps.max() <= 1) == (True, True)
    assert np.diff(columns).max() <= 2
    assert np.abs(seen - wanted).max() < 0.5


@pytest.mark.parametrize(("form", "bits"), [("yuv420p10le", 10), ("yuv422p10le", 10), ("yuv420p12le", 12)])
@pytest.mark.parametrize("conversion", [{}, {"matrix": "bt2020", "primaries": "bt2020"}, {"full_range": True}])
def test_fewer_bits_show_no_bands(form, bits, conversion, monkeypatch):
    # Ten 8-bit codes over 640 pixels: without dither, bands of 64.
    width, fine = 640, 2 ** (bits - 8)
    codes = np.rint((100 + np.arange(width) * 10 / width) * fine)
    luma = _luma_of(_ramp(form, bits, codes, width), bits, **conversion)
    # swscale counts full range as 0 to 255.75 (10 bit): six tenths of a code at white.
    wanted = codes / fine if "full_range" not in conversion else 16 + codes / fine * 219 / 255

    def off(luma: Values) -> float:
        cells = luma.reshape(4, 16, 40, 16).mean(axis=(1, 3)) - wanted.reshape(40, 16).mean(axis=1)
        return float(np.abs(cells).max())

    def flat(luma: Values) -> float:
        """Share of the squares of 8 pixels that have one code. (A quarter of the columns asks for a whole one.)"""
        squares = luma.reshape(8, 8, 80, 8)
        return float((np.ptp(squares, axis=(1, 3)) == 0).mean())

    assert off(luma) < 0.15
    assert flat(luma) < 0.4
    assert np.array_equal(luma, _luma_of(_ramp(form, bits, codes, width), bits, **conversion))
    banded = np.broadcast_to(np.rint(wanted), luma.shape)
    if form.startswith("yuv420p") and not conversion:
        # Where chroma is scaled, or the picture is made from R'G'B', swscale dithers whatever it is told.
        monkeypatch.setattr(filtering, "_SCALING", filtering._SCALING + ":sws_dither=none")
        banded = _luma_of(_ramp(form, bits, codes, width), bits, **conversion)
    assert off(banded) > 0.3
    assert flat(banded) > 0.8


def test_nothing_is_left_of_a_table(tmp_path, monkeypatch):
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    with table_file("smpte432") as file:
        assert file.is_relative_to(tmp_path)
    assert not list(tmp_path.iterdir())


def _as_still(coded: Values, path: Path, transfer: int) -> Path:
    """A PNG of the chart whose header says BT.2020 and a transfer (H.273), in 8 bits."""
    cells = np.rint(coded * 255).astype(np.uint8).reshape(4, 6, 3)
    write_still(path, np.repeat(np.repeat(cells, 27, axis=0), 32, axis=1))
    data = path.read_bytes()
    chunk = b"cICP" + bytes([9, transfer, 0, 1])
    sized = len(chunk[4:]).to_bytes(4) + chunk + zlib.crc32(chunk).to_bytes(4)
    path.write_bytes(data[:33] + sized + data[33:])  # after the signature and IHDR
    return path


@pytest.mark.parametrize(("tone", "transfer"), [("pq", 16), ("hlg", 18)])
def test_a_still_of_high_dynamic_range(tmp_path, tone, transfer):
    coded, _ = hdr_chart(tone)
    path = _as_still(coded, tmp_path / "a.png", transfer)
    assert source_of(path).conversion.tone == tone
    wanted = in_709(np.rint(coded * 255) / 255, tone)
    assert _distance(_shown(path), wanted) <= 2
    assert _distance(_shown(path, tone=None), wanted) > 5


def test_a_gain_map_is_told_and_left_aside(tmp_path):
    path = write_still(tmp_path / "a.jpg", np.full((54, 96, 3), 90, np.uint8))
    plain = path.read_bytes()
    xmp = b'http://ns.adobe.com/xap/1.0/\0<x hdrgm:Version="1.0"/>'
    path.write_bytes(plain[:2] + b"\xff\xe1" + (len(xmp) + 2).to_bytes(2) + xmp + plain[2:])
    media = media_of(path)
    assert any("gain map" in remark for remark in media.remarks)
    assert source_of(path).conversion.tone is None
