"""A disc's pictures: their shape and colours, their headers, pieces in the shared buffer, and titles joined of them."""

from fractions import Fraction

import av
import numpy as np
import pytest
from piece_making import bt709, rendered, source_of
from PIL import Image

from crowdcut.disc.cadence import cadence_for
from crowdcut.disc.standards import NTSC, PAL, STANDARDS
from crowdcut.findings import JobFailed
from crowdcut.orders import Chapter, Layer, PictureEncoding, PictureOrder, Raster, ReadbackOrder, TitleOrder
from renderers import readback, title
from renderers.composing.compose import canvas_for
from renderers.composing.encode import PieceWriter, fingerprint, prove
from renderers.composing.squeeze import Squeeze
from renderers.disc.coding import coarser, least_step
from renderers.disc.mpeg_video import headers_of, placed, temporal_reference, without_place
from renderers.disc.vbv import buffer_of
from renderers.job import Input
from renderers.sound.encode import Coding, Packets, coded, splice, stretches_of
from renderers.sound.kept import keep_sound

FILM = Fraction(24_000, 1001)


def _raster(standard, rate):
    width, height = standard.canvas
    return Raster(width=width, height=height, rate=rate)


def _encoding(disc, rate, step=2):
    gop = cadence_for(STANDARDS[disc], rate).gop_frames
    return PictureEncoding(codec="mpeg2video", options={"qmin": str(step)}, gop_frames=gop, disc=disc)


def _bt601(rgb):
    """Limited-range Y, Cb, Cr of R'G'B' 0..255 (ITU-R BT.601-7, 8 bit)."""
    red, green, blue = rgb.astype(float).T / 255
    luma = 0.299 * red + 0.587 * green + 0.114 * blue
    return np.stack([16 + 219 * luma, 128 + 224 * (blue - luma) / 1.772, 128 + 224 * (red - luma) / 1.402], axis=1)


def _piece(path, frames, *, disc="ntsc", rate=FILM, noise=12, seed=1, black=False):
    """A piece of a gradient that moves, with noise, or of black; the facts that prove it."""
    raster, random = _raster(STANDARDS[disc], rate), np.random.default_rng(seed)
    canvas, prints = canvas_for(raster), []
    ramp = np.add.outer(np.arange(raster.height), np.arange(raster.width)) % 200 + 20
    encoding = _encoding(disc, rate)
    with PieceWriter(path, raster, encoding) as writer:
        for number in range(frames):
            rough = random.integers(-noise, noise + 1, ramp.shape)
            canvas.luma[:] = 16 if black else np.clip(np.roll(ramp, 4 * number, 1) + rough, 16, 235)
            prints.append(fingerprint(writer.write(canvas)))
    return prove(path, encoding, frames=frames, first=prints[0], last=prints[-1])


@pytest.mark.parametrize("standard", [NTSC, PAL])
def test_the_squeeze_keeps_colours_and_shape(standard):
    raster = _raster(standard, FILM)
    canvas, squeeze = canvas_for(raster), Squeeze(raster, standard)
    colours = np.array([[235, 16, 16], [16, 200, 40], [20, 30, 220], [128, 128, 128], [180, 180, 16]], np.uint8)
    for rgb, given, wanted in zip(colours, bt709(colours), _bt601(colours), strict=True):
        canvas.luma[:], canvas.cb[:], canvas.cr[:] = np.rint(given)
        block = squeeze.block(canvas)
        lines, quarter = standard.height, standard.height * standard.width // 4
        chroma = block[lines:].reshape(-1)
        found = block[:lines].mean(), chroma[:quarter].mean(), chroma[quarter:].mean()
        assert found == pytest.approx(wanted, abs=1.0), rgb
        assert abs(np.rint(given) - wanted).max() > 1.5 or rgb[0] == rgb[2], "the matrices would not differ"
    # A disc of 200 square pixels is an ellipse of 200 lines and 200 / pixel_aspect stored pixels.
    canvas.clear()
    y, x = np.ogrid[: raster.height, : raster.width]
    canvas.luma[np.hypot(y - raster.height / 2, x - raster.width / 2) < 100] = 235
    lit = squeeze.block(canvas)[: standard.height] > 128
    wide, high = np.flatnonzero(lit.any(axis=0)), np.flatnonzero(lit.any(axis=1))
    assert len(high) == pytest.approx(200, abs=2)
    assert len(wide) == pytest.approx(200 / float(standard.pixel_aspect), abs=2)


def _coded(path):
    with av.open(str(path), format="mpegvideo") as container:
        return [bytes(packet) for packet in container.demux(video=0) if packet.size]


def test_a_picture_is_told_its_place_and_nothing_else(tmp_path):
    _piece(tmp_path / "piece", 20)
    cadence = cadence_for(NTSC, FILM)
    coded = _coded(tmp_path / "piece")
    group = 0
    for number, one in enumerate(coded):
        headers = headers_of(one)
        group = number if headers.group is not None else group
        frame = group + temporal_reference(one, headers)
        told = placed(one, cadence, frame=1001 + frame, group_frame=1001 + group)
        assert len(told) == len(one)
        assert without_place(told) == without_place(one)
        extension = told[headers.picture_extension + 3]
        assert bool(extension & 0x80) == cadence.top_field_first(1001 + frame)
        assert bool(extension & 0x02) == (cadence.fields(1001 + frame) == 3)
        slices = one.find(b"\0\0\1\1")
        assert told[slices:] == one[slices:]
    with pytest.raises(ValueError, match="no MPEG-2 picture"):
        headers_of(b"\0\0\1\xb3 and nothing more")


def _rendered(tmp_path, frames, disc="ntsc"):
    """A piece of noise as a picture job renders it: as much as a picture can hold."""
    noise = np.random.default_rng(5).integers(0, 256, (480, 854, 3), np.uint8)
    Image.fromarray(noise).save(tmp_path / "noise.png")
    raster = _raster(STANDARDS[disc], FILM)
    layer = Layer(source=source_of(tmp_path / "noise.png", raster=raster), length_frames=frames)
    order = PictureOrder(raster=raster, encoding=_encoding(disc, FILM), length_frames=frames, stack=(layer,))
    return rendered(order, tmp_path, tmp_path / "piece")


@pytest.mark.parametrize("frames", [1, 2, 7, 30])
def test_a_piece_of_noise_keeps_the_agreement_of_the_buffer(tmp_path, frames):
    facts = _rendered(tmp_path, frames)
    sizes = [8 * len(one) for one in _coded(tmp_path / "piece")]
    assert sum(sizes) == facts["bits"]
    assert buffer_of(sizes, cadence_for(NTSC, FILM)).keeps_agreement
    assert (facts["step"] > 2) == (frames < 12), "short pieces pay with quality, and only they"


def test_a_step_has_an_end():
    encoding = _encoding("ntsc", FILM, step=27)
    assert least_step(coarser(encoding)) == 28
    with pytest.raises(JobFailed, match="too fine"):
        coarser(coarser(encoding))


def _pieces(tmp_path, lengths):
    return [_piece(tmp_path / f"piece{number}", frames, seed=number) for number, frames in enumerate(lengths)]


def _joined(tmp_path, lengths, chapters, sound, *, numbers=None):
    numbers = numbers or range(len(lengths))
    inputs = {f"piece{place}": Input(path=tmp_path / f"piece{number}") for place, number in enumerate(numbers)}
    made = TitleOrder(
        disc="ntsc",
        rate=FILM,
        piece_frames=tuple(lengths[number] for number in numbers),
        chapters=tuple(Chapter(title=str(frame), start_frame=frame) for frame in chapters),
    )
    title.run(made, inputs | {"sound": Input(path=sound)}, tmp_path / "title.mpg")
    return readback.run(ReadbackOrder(), {"file": Input(path=tmp_path / "title.mpg")}, tmp_path / "none")


@pytest.fixture
def sound(tmp_path):
    """Silence of ten seconds as AC-3."""
    silence = np.zeros((2, 480_000), np.float32)
    packets, coding = Packets(), Coding(codec="ac3", bit_rate=256_000, length_samples=silence.shape[1])
    stretches = stretches_of([(0, silence.shape[1])], coding)
    splice(packets, [coded(stretch, [silence], coding, dialogue_lufs=-31) for stretch in stretches])
    keep_sound(packets, coding, tmp_path / "sound")
    return tmp_path / "sound"


def test_pieces_of_any_length_become_a_title_whose_pictures_are_on_time(tmp_path, sound):
    lengths, chapters = (30, 1, 5, 40, 2), (0, 36, 76)
    proofs = _pieces(tmp_path, lengths)
    found = _joined(tmp_path, lengths, chapters, sound)
    assert found["picture"]["packets"] == [digest for proof in proofs for digest in proof.packets]
    cadence = cadence_for(NTSC, FILM)
    shown = sorted(Fraction(time) * 90_000 for time in found["picture"]["times"])
    wanted = [cadence.ticks(frame) for frame in range(sum(lengths))]
    assert max(abs(one - two) for one, two in zip(shown, wanted, strict=True)) <= 1
    assert {cadence.ticks(frame) for frame in chapters} <= set(found["units"])
    assert found["picture"]["tags"]["coding"] == {
        "colour": ["bt709", "bt709", "smpte170m", "limited"],
        "sample_aspect_ratio": "32/27",
    }
    assert found["sound"]["breaks"] == []


@pytest.mark.parametrize("frames", [25, 26, 27, 28])
def test_the_last_picture_is_on_time_where_it_has_no_stamp(tmp_path, sound, frames):
    _piece(tmp_path / "piece0", frames, black=True)  # several pictures a pack, and the first of them has its stamp
    found = _joined(tmp_path, (frames,), (0,), sound)
    cadence = cadence_for(NTSC, FILM)
    shown = sorted(Fraction(time) * 90_000 for time in found["picture"]["times"])
    assert max(abs(one - cadence.ticks(frame)) for frame, one in enumerate(shown)) <= 1


def test_pieces_in_another_order_are_another_title(tmp_path, sound):
    lengths = (30, 20)
    proofs = _pieces(tmp_path, lengths)
    found = _joined(tmp_path, lengths, (0,), sound, numbers=(1, 0))
    planned = [digest for proof in proofs for digest in proof.packets]
    assert found["picture"]["packets"] != planned
    assert sorted(found["picture"]["packets"]) == sorted(planned)
