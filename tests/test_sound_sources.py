"""Contributed sound, decoded: every sample in its place, its loudness measured, damage named."""

from fractions import Fraction
from pathlib import Path

import av
import numpy as np
import pytest

from crowdcut.findings import JobFailed
from crowdcut.sound.orders import ListenOrder, PrepareOrder
from renderers import listen, prepare
from renderers.files.door import opened, opened_for_sound
from renderers.job import Input
from renderers.sound import decode as decode_sound
from renderers.sound.decode import placed_sound
from renderers.sound.place import Damage
from renderers.sources import video_examine

FORMATS = {
    "wav": ("pcm_s16le", "s16"),
    "flac": ("flac", "s16"),
    "mp4": ("aac", "fltp"),
    "mkv": ("aac", "fltp"),
    "mka": ("pcm_s16le", "s16"),
    "mp3": ("libmp3lame", "s16p"),
    "ogg": ("libopus", "s16"),
}
CASES = [
    (suffix, rate, channels)
    for suffix in FORMATS
    for rate in (44_100, 48_000)
    for channels in (1, 2)
    if suffix != "ogg" or rate == 48_000
]


def write_sound(path, sound, *, rate, starts=None):
    """A file with ``sound`` ([shape=(channels, n)], float), by the encoder its suffix names.

    ``starts``: pieces [(pts in samples, samples)] instead, to leave gaps and overlaps.
    """
    codec, sample_format = FORMATS[path.suffix[1:]]
    layout = "mono" if sound.shape[0] == 1 else "stereo"
    pieces = starts or [(start, sound[:, start : start + 1024]) for start in range(0, sound.shape[1], 1024)]
    with av.open(str(path), "w") as container:
        stream = container.add_stream(codec, rate=rate, layout=layout)
        if codec != "pcm_s16le" and codec != "flac":
            stream.bit_rate = 192_000
        for start, piece in pieces:
            plain = np.ascontiguousarray(piece, dtype=np.float32)
            frame = av.AudioFrame.from_ndarray(plain, format="fltp", layout=layout)
            frame.sample_rate = rate
            for part in av.AudioResampler(sample_format, layout, rate).resample(frame):
                part.pts, part.time_base = start, Fraction(1, rate)
                container.mux(stream.encode(part))
        container.mux(stream.encode(None))
    return path


def origin_of(path):
    with av.open(str(path)) as container:
        first = next(container.decode(audio=0))
        return first.pts * first.time_base


def prepared(path, tmp_path, *, start, length):
    order = PrepareOrder(stream=0, origin=origin_of(path), start_sample=start, length_samples=length)
    facts = prepare.run(order, {"file": Input(path=path)}, tmp_path / "out.f32")
    sound = np.fromfile(tmp_path / "out.f32", "<f4").reshape(-1, 2).T
    assert sound.shape == (2, length)
    return sound, facts


def heard(path, tmp_path):
    return listen.run(ListenOrder(stream=0), {"file": Input(path=path)}, tmp_path / "unused")


def tone(*, seconds=2.0, rate=48_000, hertz=997, level=0.1, channels=2):
    wave = level * np.sin(2 * np.pi * hertz * np.arange(int(seconds * rate)) / rate)
    return np.stack([wave] * channels)


@pytest.mark.parametrize(("suffix", "rate", "channels"), CASES)
def test_a_click_lands_on_its_sample(tmp_path, suffix, rate, channels):
    clicks = (rate // 2 + 77, rate * 3 + 11)
    sound = np.zeros((channels, rate * 4))
    sound[:, clicks] = 0.9
    path = write_sound(tmp_path / f"clicks.{suffix}", sound, rate=rate)
    for click, start in zip(clicks, (-500, 48_000 * 3 - 20_000), strict=True):
        found, _ = prepared(path, tmp_path, start=start, length=40_000)
        for side in found:
            assert abs(start + int(np.abs(side).argmax()) - click * 48_000 / rate) <= 1


def test_a_part_is_the_same_whether_read_from_near_or_from_the_beginning(tmp_path):
    noise = np.random.default_rng(7).uniform(-0.5, 0.5, (2, 44_100 * 3))
    path = write_sound(tmp_path / "noise.flac", noise, rate=44_100)
    whole, _ = prepared(path, tmp_path, start=0, length=144_000)
    part, _ = prepared(path, tmp_path, start=100_001, length=20_000)
    assert np.abs(part - whole[:, 100_001:120_001]).max() < 1e-6


def test_before_and_after_the_source_is_silence(tmp_path):
    path = write_sound(tmp_path / "tone.wav", tone(seconds=1), rate=48_000)
    found, facts = prepared(path, tmp_path, start=-1_000, length=60_000)
    assert facts["found_samples"] == 48_000
    assert not found[:, :1_000].any()
    assert found[:, 1_000:49_000].any()
    assert not found[:, 49_000:].any()


@pytest.mark.parametrize("length", [1, 48, 240, 960])
def test_a_click_that_ends_with_its_file_is_not_faded_away(tmp_path, length):
    """A quarter of it at most: 10 ms of fade left 5 ms of sound 16 dB down."""
    click = np.full((2, length), 0.5)
    path = write_sound(tmp_path / "click.wav", click, rate=48_000)
    found, _ = prepared(path, tmp_path, start=0, length=48_000)
    assert np.abs(found).max() == pytest.approx(0.5, abs=1e-3)
    lost = 10 * np.log10((found**2).sum() / (2 * length * 0.25))
    assert lost > -1
    if length >= 960:
        assert np.abs(np.diff(found)).max() < 0.02


def test_a_gap_in_the_timestamps_stays_silent_and_an_overlap_is_cut(tmp_path):
    low, high = np.full((2, 9_600), 0.25), np.full((2, 9_600), 0.5)
    pieces = [(0, low), (48_000, high), (96_000, low), (100_800, high)]
    path = write_sound(tmp_path / "gap.mka", low, rate=48_000, starts=pieces)
    found, facts = prepared(path, tmp_path, start=0, length=144_000)
    wanted = np.zeros(144_000)
    for start, end, level in (
        (0, 9_600, 0.25),
        (48_000, 57_600, 0.5),
        (96_000, 105_600, 0.25),
        (105_600, 110_400, 0.5),
    ):
        wanted[start:end] = level
    edges = np.zeros(144_000, bool)  # around a gap the sound is faded
    for start, end in ((9_600, 48_000), (57_600, 96_000), (110_400, 144_000)):
        edges[start - 480 : start] = edges[end : end + 480] = True
    assert np.abs(found - wanted)[:, ~edges].max() < 1e-3
    steps = np.abs(np.diff(found)).max(axis=0)
    assert steps[105_599] == pytest.approx(0.25, abs=1e-3)  # its own
    assert np.delete(steps, 105_599).max() < 2e-3
    assert facts["found_samples"] == 9_600 * 3 + 4_800
    assert heard(path, tmp_path)["length_samples"] == 110_400


def test_a_clock_that_begins_anew_is_a_remark(tmp_path):
    ten_hours = 48_000 * 36_000
    sound = np.full((2, 9_600), 0.25)
    pieces = [(0, sound), (ten_hours, sound), (ten_hours + 48_000, sound)]
    path = write_sound(tmp_path / "jump.mka", sound, rate=48_000, starts=pieces)
    facts = heard(path, tmp_path)
    assert facts["length_samples"] == 9_600 + 48_000 + 9_600
    assert "clock" in facts["remarks"][0]
    examined = video_examine.examine(path, b"", "")
    assert examined.sound is not None
    assert examined.sound.duration == Fraction(facts["length_samples"], 48_000)


@pytest.mark.parametrize(("channels", "level"), [(1, -23.01), (2, -20.0)])
def test_loudness_is_that_of_bt1770_whatever_the_channels(tmp_path, channels, level):
    """A 997 Hz sine reads its peak level less 3.01 in one channel, and its peak level in two (BT.1770-4)."""
    path = write_sound(tmp_path / "tone.wav", tone(seconds=4, channels=channels), rate=48_000)
    facts = heard(path, tmp_path)
    assert facts["integrated"] == pytest.approx(level, abs=0.1)
    assert facts["length_samples"] == 4 * 48_000
    assert facts["remarks"] == []
    assert facts["short_term"][2:] == [pytest.approx(level, abs=0.1)] * 2


def test_true_peak_is_found_between_the_samples(tmp_path):
    wave = 0.5 * np.sin(2 * np.pi * 12_000 * np.arange(96_000) / 48_000 + np.pi / 4) * np.hanning(96_000)
    path = write_sound(tmp_path / "quarter.wav", np.stack([wave, wave]), rate=48_000)
    assert heard(path, tmp_path)["true_peak"] == pytest.approx(-6.02, abs=0.05)


def test_the_floor_is_the_level_of_the_pauses(tmp_path):
    noise = np.random.default_rng(3).standard_normal((2, 48_000 * 8)) * 10 ** (-60 / 20)
    spoken = tone(seconds=8) * (np.arange(48_000 * 8) // 48_000 % 2)
    path = write_sound(tmp_path / "speech.wav", noise + spoken, rate=48_000)
    assert heard(path, tmp_path)["floor"] == pytest.approx(-60, abs=1)


def test_the_floor_is_found_in_pauses_shorter_than_a_gating_block(tmp_path):
    """Somebody reads, with rests of 100 ms, in a room; before and after, somebody put digital silence."""
    count = 48_000 * 8
    noise = np.random.default_rng(3).standard_normal((2, count)) * 10 ** (-55 / 20)
    spoken = tone(seconds=8) * (np.arange(count) % 48_000 >= 4_800)
    nothing = np.zeros((2, 48_000))
    sound = np.concatenate([nothing, noise + spoken, nothing], axis=1)
    path = write_sound(tmp_path / "reading.wav", sound, rate=48_000)
    assert heard(path, tmp_path)["floor"] == pytest.approx(-55, abs=1)


def test_silence_has_no_loudness(tmp_path):
    facts = heard(write_sound(tmp_path / "nothing.flac", np.zeros((1, 48_000)), rate=48_000), tmp_path)
    assert facts["integrated"] is None
    assert facts["true_peak"] is None
    assert facts["floor"] is None


def test_a_sound_shorter_than_a_gating_block_is_measured_while_it_lasts(tmp_path):
    path = write_sound(tmp_path / "blip.wav", tone(seconds=0.1), rate=48_000)
    assert heard(path, tmp_path)["integrated"] == pytest.approx(-20, abs=0.3)


def _with_noise_in(path: Path, spans):
    content = bytearray(path.read_bytes())
    for start, end in spans:
        span = slice(int(len(content) * start), int(len(content) * end))
        content[span] = np.random.default_rng(1).bytes(span.stop - span.start)
    path.write_bytes(bytes(content))


def test_a_few_bad_packets_are_a_remark(tmp_path):
    path = write_sound(tmp_path / "tone.mp4", tone(seconds=8), rate=48_000)
    _with_noise_in(path, [(0.5, 0.55)])
    facts = heard(path, tmp_path)
    assert facts["integrated"] == pytest.approx(-20, abs=1)
    assert facts["length_samples"] == pytest.approx(8 * 48_000, abs=2_048)
    assert len(facts["remarks"]) == 1


def test_numbers_that_are_no_sound_are_silenced(tmp_path):
    sound = tone(seconds=2).astype(np.float32)
    sound[0, 40_000:40_010] = np.nan
    sound[1, 50_000] = 1e30
    path = tmp_path / "float.wav"
    with av.open(str(path), "w") as container:
        stream = container.add_stream("pcm_f32le", rate=48_000, layout="stereo")
        frame = av.AudioFrame.from_ndarray(sound.T.reshape(1, -1).copy(), format="flt", layout="stereo")
        frame.sample_rate = 48_000
        container.mux(stream.encode(frame))
        container.mux(stream.encode(None))
    found, facts = prepared(path, tmp_path, start=0, length=96_000)
    assert np.isfinite(found).all()
    assert np.abs(found).max() < 0.11
    assert "samples: 11" in facts["remarks"][0]
    assert heard(path, tmp_path)["integrated"] == pytest.approx(-20, abs=0.1)


@pytest.mark.parametrize("damage", ["noise", "empty", "no sound"])
def test_a_file_without_usable_sound_fails_by_name(tmp_path, damage):
    path = write_sound(tmp_path / "voice memo.mp3", tone(), rate=48_000)
    if damage == "noise":
        _with_noise_in(path, [(0, 1)])
    elif damage == "empty":
        path.write_bytes(b"")
    else:
        path.write_bytes(b"\x89PNG\r\n\x1a\n not a sound at all")
    for run in (heard, lambda path, folder: prepared_at_zero(path, folder)):
        with pytest.raises(JobFailed) as failure:
            run(path, tmp_path)
        assert failure.value.findings[0].where.file == "voice memo.mp3"


def prepared_at_zero(path, folder):
    order = PrepareOrder(stream=0, origin=Fraction(0), start_sample=0, length_samples=100)
    return prepare.run(order, {"file": Input(path=path)}, folder / "out.f32")


def _film(path, suffix):
    """A second of grey H.264 and of a tone in AAC."""
    with av.open(str(path), "w", format=suffix) as film:
        seen = film.add_stream("libx264", rate=25, options={"bf": "2"})
        seen.width = seen.height = 64
        heard = film.add_stream("aac", rate=48_000, layout="stereo")
        for number in range(25):
            frame = av.VideoFrame.from_ndarray(np.full((96, 64), 16 + 8 * number, np.uint8), format="yuv420p")
            frame.pts = number
            film.mux(seen.encode(frame))
        wave = np.tile(np.sin(2 * np.pi * 440 * np.arange(1024) / 48_000), (2, 1)).astype(np.float32)
        for number in range(46):
            frame = av.AudioFrame.from_ndarray(wave, format="fltp", layout="stereo")
            frame.sample_rate, frame.pts = 48_000, 1024 * number
            film.mux(heard.encode(frame))
        film.mux([*seen.encode(None), *heard.encode(None)])
    return path


@pytest.mark.parametrize("suffix", ["mp4", "matroska", "mpegts", "flv"])
def test_no_picture_is_decoded_to_hear_a_film(tmp_path, monkeypatch, suffix):
    """Its sound is the same to the sample as when FFmpeg looks at its pictures first."""
    path = _film(tmp_path / "film", suffix)
    with opened(path) as container:
        assert container.streams.video[0].pix_fmt == "yuv420p"
    with opened_for_sound(path) as container:
        assert container.streams.video[0].pix_fmt is None
        index = container.streams.audio[0].index
    own = [(one.start, one.samples) for one in placed_sound(path, stream=index, damage=Damage())]
    monkeypatch.setattr(decode_sound, "opened_for_sound", opened)
    other = [(one.start, one.samples) for one in placed_sound(path, stream=index, damage=Damage())]
    assert [start for start, _ in own] == [start for start, _ in other]
    assert all(np.array_equal(one, two) for (_, one), (_, two) in zip(own, other, strict=True))
    assert sum(samples.shape[1] for _, samples in own) >= 46 * 1024
