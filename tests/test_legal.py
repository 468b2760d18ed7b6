"""Levels of the output: within EBU R 103 whatever a clip holds, tagged, and what was clipped is counted."""

from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
import pytest
from av import VideoFrame
from av.video.stream import VideoStream
from colour_making import Values, hlg_from_nits, to_primaries, write_chart
from numpy.typing import NDArray
from piece_making import Planes, pictures_in, rendered, shot_order, source_of
from test_framing import framed

from crowdcut.conform.framing import Framing
from crowdcut.episode import KenBurns
from crowdcut.orders import Layer, PictureEncoding, PictureOrder, Raster
from examples.makers import write_still
from renderers.colour import legal as module
from renderers.colour.gamut import pq_from_nits
from renderers.colour.legal import illegal, legal
from renderers.composing.compose import composed_frames
from renderers.frames import filtering

SIZE = (192, 108)


def write_planes(path: Path, *planes: NDArray[np.uint8]) -> Path:
    """A lossless limited-range BT.709 clip of two equal pictures: Y, Cb, Cr and perhaps alpha."""
    form, (height, width) = ("yuv420p", "yuva420p")[len(planes) - 3], planes[0].shape
    with av.open(str(path), "w") as container:
        stream = container.add_stream("ffv1", rate=Fraction(24))
        assert isinstance(stream, VideoStream)
        stream.width, stream.height, stream.pix_fmt = width, height, form
        context = stream.codec_context
        context.color_primaries = context.color_trc = context.colorspace = context.color_range = 1
        for number in range(2):
            frame = VideoFrame(width, height, form)
            for plane, pixels in zip(frame.planes, planes, strict=True):
                np.frombuffer(plane, np.uint8).reshape(plane.height, -1)[:, : plane.width] = pixels
            frame.pts = number
            container.mux(stream.encode(frame))
        container.mux(stream.encode(None))
    return path


def _illegal_share(planes: Planes) -> float:
    """R 103: pixels whose luma is outside -1..103 %, or whose R', G' or B' is outside -5..105 %."""
    luma, cb, cr = planes
    wide = [np.repeat(np.repeat(plane, 2, axis=0), 2, axis=1) for plane in (cb, cr)]
    level = (luma.astype(float) - 16) / 219
    return float((illegal(luma, *wide) | (level < -0.01) | (level > 1.03)).mean())


def _random(kind: str) -> Planes:
    """Planes that go beyond R 103 in a way of their own."""
    rng = np.random.default_rng(7)
    width, height = SIZE
    luma = np.full((height, width), 200, np.uint8)
    cb, cr = (np.full((height // 2, width // 2), 128, np.uint8) for _ in range(2))
    if kind == "above white":
        luma[:] = np.linspace(1, 254, width)
    elif kind == "no R'G'B'":
        cb[:] = np.linspace(16, 240, width // 2)
        cr[:] = np.linspace(16, 240, height // 2)[:, None]
    else:
        luma = rng.integers(0, 256, luma.shape, np.uint8)
        cb, cr = (rng.integers(0, 256, plane.shape, np.uint8) for plane in (cb, cr))
    return luma, cb, cr


@pytest.mark.parametrize("kind", ["above white", "no R'G'B'", "noise"])
def test_what_a_clip_has_beyond_legal_levels_does_not_reach_the_output(tmp_path, monkeypatch, kind):
    path = write_planes(tmp_path / "a.mkv", *_random(kind))
    order = shot_order(source_of(path), 2)
    rendered(order, tmp_path, tmp_path / "piece.mp4")
    legal_share = max(map(_illegal_share, pictures_in(tmp_path / "piece.mp4")))
    monkeypatch.setattr(filtering, "legal", lambda *planes: planes)
    rendered(order, tmp_path, tmp_path / "raw.mp4")
    assert legal_share <= 0.01 if kind != "noise" else legal_share <= 0.1
    assert max(map(_illegal_share, pictures_in(tmp_path / "raw.mp4"))) > 0.1


def _composed(order: PictureOrder, folder: Path) -> Planes:
    """The last picture of an order, before it is encoded."""
    *_, last = composed_frames(order, {one.name: one for one in folder.iterdir()})
    return last.canvas.luma, last.canvas.cb, last.canvas.cr


@pytest.mark.parametrize("kind", ["no R'G'B'", "noise"])
@pytest.mark.parametrize("premultiplied", [False, True])
def test_a_layer_with_alpha_leaves_a_legal_picture_legal(tmp_path, monkeypatch, kind, premultiplied):
    write_still(tmp_path / "ground.png", np.full((SIZE[1], SIZE[0], 3), (30, 60, 200), np.uint8))
    alpha = np.broadcast_to(np.clip(np.linspace(-40, 300, SIZE[0]), 0, 255).astype(np.uint8), SIZE[::-1])
    path = write_planes(tmp_path / "layer.mkv", *_random(kind), alpha)
    layer = source_of(path)
    layer = replace(layer, conversion=replace(layer.conversion, premultiplied=premultiplied))
    over = (Layer(source=layer, length_frames=1),)
    order = shot_order(source_of(tmp_path / "ground.png"), 1, over=over)
    assert _illegal_share(_composed(order, tmp_path)) <= 0.01
    monkeypatch.setattr("renderers.frames.alpha.legal_colours", lambda luma, cb, cr, *_: (cb, cr))
    if premultiplied:  # straight colours go through R'G'B' on their way, which holds nothing illegal
        assert _illegal_share(_composed(order, tmp_path)) > 0.1


@pytest.mark.parametrize("alpha", [False, True])
def test_a_view_that_moves_over_hard_edges_rings_no_further_than_white(tmp_path, monkeypatch, alpha):
    cells = np.random.default_rng(2).integers(0, 2, (27, 48, 3), np.uint8).repeat(10, 0).repeat(10, 1) * 255
    drawn = np.dstack([cells, cells.max(axis=2) // 2 + 127]) if alpha else cells
    raster = Raster(width=480, height=270, rate=Fraction(24))
    framing = Framing(ken_burns=KenBurns(way="in"), rate=raster.rate, length_frames=5)
    order = shot_order(
        framed(write_still(tmp_path / "a.png", drawn), framing, fit="cover", raster=raster), 4, raster=raster
    )
    assert _illegal_share(_composed(order, tmp_path)) <= 0.01
    monkeypatch.setattr("renderers.frames.moving._legal", lambda planes: planes)
    assert _illegal_share(_composed(order, tmp_path)) > 0.02


WEB = PictureEncoding(codec="libx264", options={"preset": "medium", "crf": "18", "profile": "high"})


def test_the_encoder_has_room_for_its_ripple(tmp_path, monkeypatch):
    # A grainy sky, two thirds of it above white.
    luma, cb, cr = _random("above white")
    luma[:] = np.clip(240 + np.random.default_rng(7).normal(0, 8, luma.shape), 1, 254)
    path = write_planes(tmp_path / "a.mkv", luma, cb, cr)
    order = replace(shot_order(source_of(path), 2), encoding=WEB)
    rendered(order, tmp_path, tmp_path / "piece.mp4")
    assert max(map(_illegal_share, pictures_in(tmp_path / "piece.mp4"))) <= 0.01
    monkeypatch.setattr(module, "_BRIGHTEST", 241)
    rendered(order, tmp_path, tmp_path / "raw.mp4")
    assert max(map(_illegal_share, pictures_in(tmp_path / "raw.mp4"))) > 0.05


def test_hue_and_luma_of_an_illegal_colour_stay():
    luma, cb, cr = np.full((16, 16), 200, np.uint8), np.full((8, 8), 60, np.uint8), np.full((8, 8), 200, np.uint8)
    after = legal(luma, cb, cr)
    assert np.array_equal(after[0], luma)
    assert not illegal(*(plane[:8, :8] for plane in after)).any()
    turned = np.arctan2(after[2][0, 0] - 128.0, after[1][0, 0] - 128.0) - np.arctan2(200 - 128.0, 60 - 128.0)
    assert abs(np.degrees(turned)) < 1


def test_legal_planes_are_not_touched():
    rng = np.random.default_rng(3)
    luma = rng.integers(60, 190, (64, 64), np.uint8)
    # Ripple beyond black and white is allowed.
    luma[::8] = 15
    luma[4::8] = 238
    cb, cr = (rng.integers(118, 138, (32, 32), np.uint8) for _ in range(2))
    cb[::4], cb[2::4], cr[::4], cr[2::4] = 128, 128, 128, 128
    assert all(after is before for after, before in zip(legal(luma, cb, cr), (luma, cb, cr), strict=True))


def _facts(folder: Path, coded: Values, **told: str) -> dict[str, float]:
    path = write_chart(folder / "a.mkv", coded, pixel_format="yuv444p10le", bits=10, **told)  # type: ignore[arg-type]
    return rendered(shot_order(source_of(path), 2), folder, folder / "piece.mp4")


def test_clipped_highlights_and_colours_out_of_gamut_are_counted(tmp_path):
    hdr = {"matrix": "bt2020", "primaries": "bt2020"}
    nits = np.full((24, 3), 150.0)
    assert (
        not {"clipped_share", "out_of_gamut_share"} & _facts(tmp_path, pq_from_nits(nits), transfer="pq", **hdr).keys()
    )
    nits[:6] = 4000
    nits[6:12] = [5, 150, 5]
    facts = _facts(tmp_path, pq_from_nits(nits), transfer="pq", **hdr)
    assert facts["clipped_share"] == pytest.approx(1 / 4, abs=0.02)
    assert facts["out_of_gamut_share"] == pytest.approx(1 / 4, abs=0.02)
    nits[:6] = 900
    facts = _facts(tmp_path, hlg_from_nits(nits), transfer="hlg", **hdr)
    assert "clipped_share" not in facts
    assert facts["out_of_gamut_share"] == pytest.approx(1 / 4, abs=0.02)
    light = np.full((24, 3), 0.4)
    light[:4] = [0.0, 0.5, 0.0]
    facts = _facts(tmp_path, light ** (1 / 2.4), **hdr)
    assert facts["out_of_gamut_share"] == pytest.approx(1 / 6, abs=0.02)
    inside = to_primaries(np.array([[0.0, 0.5, 0.0]] * 24), "bt2020") ** (1 / 2.4)
    assert "out_of_gamut_share" not in _facts(tmp_path, inside, **hdr)


def test_highlights_above_white_are_counted(tmp_path):
    luma, cb, cr = _random("above white")
    path = write_planes(tmp_path / "a.mkv", luma, cb, cr)
    facts = rendered(shot_order(source_of(path), 2), tmp_path, tmp_path / "piece.mp4")
    assert facts["clipped_share"] == pytest.approx((luma > 241).mean(), abs=0.03)
