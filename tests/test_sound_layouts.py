"""Channels of every layout, brought to stereo by ITU-R BS.775: which side each is heard on, and how loud."""

import struct
from pathlib import Path

import av
import numpy as np
import pytest
from hearing_making import heard, level_db, prepared, written

from crowdcut.findings import JobFailed
from renderers.sources import video_examine

DOWN_3 = 0.7071
LEFT, RIGHT, MIDDLE, UNHEARD = (1, 0), (0, 1), (DOWN_3, DOWN_3), (0, 0)
SURROUND_LEFT, SURROUND_RIGHT, BACK = (DOWN_3, 0), (0, DOWN_3), (0.5, 0.5)
"""BS.775-3, annex 4, table 2: for 2/0 from 3/2 centre and surrounds at -3 dB, from 3/1 the one surround at -6 dB on
both sides (-3 dB in all); the LFE is left out."""
SURROUND = (SURROUND_LEFT, SURROUND_RIGHT)
LAYOUTS = {
    "mono": (MIDDLE,),
    "stereo": (LEFT, RIGHT),
    "2.1": (LEFT, RIGHT, UNHEARD),
    "3.0": (LEFT, RIGHT, MIDDLE),
    "4.0": (LEFT, RIGHT, MIDDLE, BACK),
    "quad": (LEFT, RIGHT, *SURROUND),
    "5.0": (LEFT, RIGHT, MIDDLE, *SURROUND),
    "5.1": (LEFT, RIGHT, MIDDLE, UNHEARD, *SURROUND),
    "5.1(side)": (LEFT, RIGHT, MIDDLE, UNHEARD, *SURROUND),
    "6.1": (LEFT, RIGHT, MIDDLE, UNHEARD, BACK, *SURROUND),
    "7.1": (LEFT, RIGHT, MIDDLE, UNHEARD, *SURROUND, *SURROUND),
    "3 channels": (LEFT, RIGHT, MIDDLE),
    "4 channels": (LEFT, RIGHT, *SURROUND),
    "6 channels": (LEFT, RIGHT, MIDDLE, UNHEARD, *SURROUND),
}
"""The factors to left and right of each channel, in FFmpeg's order; what does not say is read as most are made."""
EACH = 4_800


def channels_in_turn(path: Path, layout: str, *, codec: str, level: float) -> Path:
    """A file in which one channel after the other sounds, for a tenth of a second each."""
    count = av.AudioLayout(layout).nb_channels
    sound = np.zeros((count * EACH, count), np.float32)
    for channel in range(count):
        at = np.arange(EACH)
        sound[channel * EACH : (channel + 1) * EACH, channel] = level * np.sin(2 * np.pi * 1_000 * at / 48_000)
    with av.open(str(path), "w") as container:
        stream = container.add_stream(codec, rate=48_000, layout=layout)
        frame = av.AudioFrame.from_ndarray(sound.reshape(1, -1), format="flt", layout=layout)
        frame.sample_rate, frame.pts = 48_000, 0
        for part in av.AudioResampler(stream.codec_context.format.name, layout, 48_000).resample(frame):
            container.mux(stream.encode(part))
        container.mux(stream.encode(None))
    return path


@pytest.mark.parametrize("codec", ["pcm_s16le", "pcm_f32le"])
@pytest.mark.parametrize("layout", LAYOUTS)
def test_each_channel_lands_where_bs_775_puts_it(tmp_path: Path, layout: str, codec: str) -> None:
    wanted = LAYOUTS[layout]
    path = channels_in_turn(tmp_path / "turn.wav", layout, codec=codec, level=0.5)
    with av.open(str(path)) as container:
        assert container.streams.audio[0].layout.nb_channels == len(wanted)
    guesses = [remark for remark in video_examine.examine(path, b"", "").remarks if "taken for" in remark]
    assert bool(guesses) == layout.endswith("channels"), guesses
    facts = heard(path)
    assert "clipping" not in facts["hearing"]
    found = prepared(path, facts, length=len(wanted) * EACH)
    for channel, factors in enumerate(wanted):
        part = found[:, channel * EACH : (channel + 1) * EACH]
        assert np.abs(part).max(axis=1) / 0.5 == pytest.approx(factors, abs=1e-3), (layout, channel)


def test_what_adds_up_to_more_than_full_scale_is_not_clipped(tmp_path: Path) -> None:
    loud = 0.9 * np.sin(2 * np.pi * 1_000 * np.arange(48_000) / 48_000).astype(np.float32)
    path = tmp_path / "loud.wav"
    with av.open(str(path), "w") as container:
        stream = container.add_stream("pcm_s16le", rate=48_000, layout="5.1")
        frame = av.AudioFrame.from_ndarray(np.repeat(loud[:, None], 6, 1).reshape(1, -1), format="flt", layout="5.1")
        frame.sample_rate, frame.pts = 48_000, 0
        for part in av.AudioResampler("s16", "5.1", 48_000).resample(frame):
            container.mux(stream.encode(part))
        container.mux(stream.encode(None))
    found = prepared(path, heard(path), length=48_000)
    assert np.abs(found).max(axis=1) == pytest.approx([0.9 * (1 + 2 * DOWN_3)] * 2, abs=2e-3)


def test_a_layout_that_nobody_can_fold_down_is_refused_by_name(tmp_path: Path) -> None:
    path = tmp_path / "nine.wav"
    with av.open(str(path), "w") as container:
        stream = container.add_stream("pcm_s16le", rate=48_000, layout="9 channels")
        frame = av.AudioFrame.from_ndarray(np.zeros((1, 9 * 4_800), np.int16), format="s16", layout="9 channels")
        frame.sample_rate, frame.pts = 48_000, 0
        container.mux(stream.encode(frame))
        container.mux(stream.encode(None))
    for refused in (heard, lambda sound: video_examine.examine(sound, b"", "")):
        with pytest.raises(JobFailed, match="9 channels"):
            refused(path)


def test_two_channels_are_left_and_right_whatever_their_file_calls_them(tmp_path: Path) -> None:
    path = channels_in_turn(tmp_path / "turn.wav", "stereo", codec="pcm_s16le", level=0.5)
    plain = path.read_bytes()
    form = struct.pack("<HHIIHHHHI", 0xFFFE, 2, 48_000, 192_000, 4, 16, 22, 16, 0x30)  # back left, back right
    form += bytes.fromhex("0100000000001000800000aa00389b71")  # KSDATAFORMAT_SUBTYPE_PCM
    body = b"WAVEfmt " + struct.pack("<I", len(form)) + form + plain[plain.index(b"data") :]
    path.write_bytes(b"RIFF" + struct.pack("<I", len(body)) + body)
    with av.open(str(path)) as container:
        assert "BL+BR" in container.streams.audio[0].layout.name
    found = prepared(path, heard(path), length=2 * EACH)
    assert np.abs(found[:, :EACH]).max(axis=1) == pytest.approx((0.5, 0), abs=1e-3)
    assert np.abs(found[:, EACH:]).max(axis=1) == pytest.approx((0, 0.5), abs=1e-3)


@pytest.mark.parametrize("suffix", [".aac", ".mp3", ".flac"])
def test_a_rate_and_a_layout_that_change_within_a_file(tmp_path: Path, suffix: str) -> None:
    """Two recordings in one file, as some recorders and careless joining leave them: stereo at 48 kHz, then mono at
    32 kHz. Each is heard at its own pitch, one after the other."""
    codec = {".aac": "aac", ".mp3": "libmp3lame", ".flac": "flac"}[suffix]
    joined = b""
    for rate, layout, hertz in ((48_000, "stereo", 440), (32_000, "mono", 1_000)):
        part, at = tmp_path / f"{rate}{suffix}", np.arange(2 * rate)
        wave = (0.3 * np.sin(2 * np.pi * hertz * at / rate)).astype(np.float32)
        sound = np.stack([wave] * (2 if layout == "stereo" else 1), axis=1)
        written(part, sound, rate=rate, codec=codec)
        joined += part.read_bytes()
    path = tmp_path / f"joined{suffix}"
    path.write_bytes(joined)
    facts, media = heard(path), video_examine.examine(path, b"", "")
    assert media.sound is not None
    # All of it may be used: a film has no more of a sound than its examination says.
    assert float(media.sound.duration) == pytest.approx(facts["length_samples"] / 48_000, abs=0.001)
    assert float(media.sound.duration) == pytest.approx(4, abs=0.25)
    assert any("changes on the way: 48000 Hz stereo, then" in remark for remark in media.remarks)
    found = prepared(path, facts, length=4 * 48_000)
    for start, hertz in ((0.5, 440), (2.5, 1_000)):
        part = found[0, int(start * 48_000) :][:48_000]
        assert level_db(part, hertz, width=5) > level_db(part, 12_000, width=11_000) - 1, hertz


def test_recordings_of_a_few_seconds_put_behind_each_other_are_all_heard(tmp_path: Path) -> None:
    """As camcorders' files are joined by copying: each begins with the clock at the same time."""
    wave = 0.3 * np.sin(2 * np.pi * 440 * np.arange(4 * 48_000) / 48_000).astype(np.float32)
    part, path = tmp_path / "part.ts", tmp_path / "joined.ts"
    written(part, wave[:, None], rate=48_000, codec="mp2")
    path.write_bytes(2 * part.read_bytes())
    facts, media = heard(path), video_examine.examine(path, b"", "")
    assert facts["length_samples"] / 48_000 == pytest.approx(8, abs=0.1)
    assert media.sound is not None
    assert float(media.sound.duration) == pytest.approx(8, abs=0.1)
    assert any("clock" in remark for remark in facts["remarks"])
    found = prepared(path, facts, length=8 * 48_000)
    assert level_db(found[0, 5 * 48_000 :][:96_000], 440, width=5) > -18
