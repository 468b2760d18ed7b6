"""What examination says of a file whose sound is not all heard."""

from pathlib import Path

import av
import numpy as np
from hearing_making import RATE, heard, spoken, written

from renderers.sources import video_examine


def _remarks(path: Path) -> str:
    return "\n".join(video_examine.examine(path, b"", "").remarks)


def test_half_a_file_is_told_by_what_its_header_promises(tmp_path: Path) -> None:
    whole = written(tmp_path / "whole.wav", spoken(seconds=4))
    stored, half = whole.read_bytes(), tmp_path / "half.wav"
    half.write_bytes(stored[: len(stored) // 2])
    assert "its header says 4.0 s, but it lasts 2.0 s" in _remarks(half)
    assert "header" not in _remarks(whole)
    place = stored.index(b"data") + 4
    for unknown in (b"\xff\xff\xff\xff", bytes(4)):  # a recorder that wrote into a pipe
        half.write_bytes(stored[:place] + unknown + stored[place + 4 :])
        assert "header" not in _remarks(half)


def test_what_has_no_header_is_not_told_of_one(tmp_path: Path) -> None:
    """FFmpeg guesses the length of such files by their first packets: here loud ones, and then silence."""
    sound = np.vstack([0.3 * np.random.default_rng(2).standard_normal((2 * RATE, 1)), np.zeros((20 * RATE, 1))])
    path = written(tmp_path / "bare.aac", sound, codec="aac")
    with av.open(str(path)) as container:
        assert container.duration is not None
        assert abs(container.duration / 1e6 - 22) > 1
    assert "header" not in _remarks(path)


def test_of_several_sounds_it_is_told_which_one_is_heard(tmp_path: Path) -> None:
    path = tmp_path / "recorder.mka"
    with av.open(str(path), "w") as container:
        streams = [container.add_stream("pcm_s16le", rate=RATE, layout="mono") for _ in range(2)]
        for stream in streams:
            frame = av.AudioFrame.from_ndarray(np.zeros((1, RATE), np.int16), format="s16", layout="mono")
            frame.sample_rate, frame.pts = RATE, 0
            container.mux(stream.encode(frame))
    assert "it has 2 sounds: only number 1 of them is heard" in _remarks(path)
    assert "sounds" not in _remarks(written(tmp_path / "one.wav", spoken(seconds=1)))


def test_where_a_file_cannot_be_read_any_further_is_told(tmp_path: Path) -> None:
    """A chained Ogg whose second part has other channels: FFmpeg reads the first alone."""
    voice, path = spoken(seconds=2), tmp_path / "chained.ogg"
    parts = [
        written(tmp_path / f"{name}.ogg", sound, codec="libopus")
        for name, sound in (("mono", voice), ("stereo", np.hstack([voice, voice])))
    ]
    path.write_bytes(b"".join(part.read_bytes() for part in parts))
    assert "what comes after 0:02 cannot be read" in _remarks(path)
    assert heard(path)["remarks"] == ["what comes after 0:02 cannot be read"]
    assert "read" not in _remarks(parts[0])
