"""A voice is as loud as its bus while it speaks, whatever lies between its sentences."""

import numpy as np
import pytest
from other_media import needs_media
from test_sound_sources import write_sound
from voice_making import loudness, recording

from crowdcut.sound.orders import BusOrder, Cue, Levels, ListenOrder
from crowdcut.timing import SAMPLE_RATE
from renderers import bus, listen
from renderers.job import Input

LEVELS = Levels(bus_lufs={"voice": -18.0})
VOICE = "audio/voice/pcm-f32le.wav"
SPOKEN_LUFS = {"silence": -30.0, "noise": -30.0, "music": -30.0, "loud, and music": -14.0}
"""By what lies between the sentences."""
REST_SECONDS = 5


def _rest(kind, length):
    """What is heard between sentences, and under them."""
    if kind == "silence":
        return np.zeros(length, np.float32)
    if kind == "noise":
        return (np.random.default_rng(4).standard_normal(length) * 10 ** (-62 / 20)).astype(np.float32)
    return np.resize(recording("audio/music/Awakening.ogg", lufs=SPOKEN_LUFS[kind] - 15, seconds=30), length)


def _brought(tmp_path, kind, told=None):
    """How loud a voice is on its bus while it speaks, LUFS. ``told``: facts that are told in place of those heard."""
    said = recording(VOICE, lufs=SPOKEN_LUFS[kind])
    rest = np.zeros(REST_SECONDS * SAMPLE_RATE, np.float32)
    sound = np.concatenate([rest, said, rest, said, rest])
    sound += _rest(kind, len(sound))
    path = write_sound(tmp_path / "voice.wav", np.stack([sound, sound]), rate=SAMPLE_RATE)
    heard = listen.run(ListenOrder(stream=0, speech=True), {"file": Input(path=path)}, tmp_path / "none")
    raw = tmp_path / "voice.f32"
    raw.write_bytes(np.ascontiguousarray(np.stack([sound, sound], axis=1), dtype="<f4").tobytes())
    cue = Cue(prepared="sound", listened="heard", start_sample=0, length_samples=len(sound), bus="voice")
    order = BusOrder(bus="voice", length_samples=len(sound), cues=(cue,), levels=LEVELS)
    facts = heard if told is None else {**heard, **told(heard)}
    bus.run(order, {"sound": Input(path=raw), "heard": Input(path=None, facts=facts)}, tmp_path / "bus.f32")
    out = np.fromfile(tmp_path / "bus.f32", "<f4").reshape(-1, 2).T[0]
    first = len(rest)
    return loudness(np.concatenate([out[first:][: len(said)], out[2 * first + len(said) :][: len(said)]]))


@needs_media
@pytest.mark.parametrize("kind", SPOKEN_LUFS)
def test_a_voice_comes_to_its_level_while_it_speaks(tmp_path, kind):
    """Within 0.5 LU; measured whole, music between its sentences would be measured with it."""
    assert _brought(tmp_path, kind) == pytest.approx(LEVELS.bus_lufs["voice"], abs=0.5)


@needs_media
def test_music_taken_for_noise_would_keep_it_down(tmp_path):
    found = _brought(tmp_path, "music", lambda heard: {"noise": heard["floor"]})
    assert found < LEVELS.bus_lufs["voice"] - 4
