"""Music gives way to speech: read back from the buses, as a mixer would hear them."""

import numpy as np
import pytest

from crowdcut.orders import BusOrder, Cue, Duck, Levels
from crowdcut.timing import SAMPLE_RATE
from renderers import bus
from renderers.ducking import gains_under
from renderers.job import Input
from renderers.meter import HOP_SAMPLES, LoudnessMeter

LENGTH_SECONDS = 40
SPOKEN = [(10.0, 18.0), (18.25, 26.0)]
"""Seconds: one pause of 250 ms."""
DUCK = Duck(speakers=("voice",), depth_lu=18.0, attack_samples=14_400, hold_samples=19_200, release_samples=38_400)
LEVELS = Levels(bus_lufs={"shot": -20.0, "music": -24.0, "voice": -18.0, "effect": -22.0})


def _noise(seed, rms_dbfs):
    """Pink noise in both channels: [shape=(2, n)]."""
    length = LENGTH_SECONDS * SAMPLE_RATE
    white = np.fft.rfft(np.random.default_rng(seed).standard_normal((2, length)))
    sound = np.fft.irfft(white / np.sqrt(np.arange(1, white.shape[1] + 1)), length)
    return (sound / np.sqrt((sound**2).mean()) * 10 ** (rms_dbfs / 20)).astype(np.float32)


def _voice():
    sound = _noise(1, -20)
    gate = np.zeros(sound.shape[1], np.float32)
    for start, end in SPOKEN:
        gate[int(start * SAMPLE_RATE) : int(end * SAMPLE_RATE)] = 1
    return sound * gate


def _raw(folder, name, sound):
    path = folder / name
    path.write_bytes(np.ascontiguousarray(sound.T, dtype="<f4").tobytes())
    return path


def _short_term(sound):
    """LUFS of the 3 s up to each tenth of a second."""
    meter = LoudnessMeter()
    meter.take(sound)
    powers = meter.powers
    return np.array([10 * np.log10(powers[max(0, n - 27) : n + 1].mean() + 1e-12) - 0.691 for n in range(len(powers))])


def _music(folder, *, ducks=True, duck=DUCK):
    speech = [[int(start * SAMPLE_RATE), int(end * SAMPLE_RATE)] for start, end in SPOKEN]
    voice = _raw(folder, "voice.f32", _voice())
    inputs = {
        "voice": Input(path=voice, facts={"speech": speech}),
        "song": Input(path=_raw(folder, "song.f32", _noise(2, -20)), facts={}),
        "heard": Input(path=None, facts={"integrated": -20.0, "floor": None, "speech": []}),
    }
    length = LENGTH_SECONDS * SAMPLE_RATE
    cue = Cue(prepared="song", listened="heard", start_sample=0, length_samples=length, bus="music", ducks=ducks)
    order = BusOrder(bus="music", length_samples=length, cues=(cue,), levels=LEVELS, duck=duck)
    facts = bus.run(order, inputs, folder / "music.f32")
    found = np.fromfile(folder / "music.f32", "<f4").reshape(-1, 2).T
    return found, np.fromfile(voice, "<f4").reshape(-1, 2).T, facts


def _gain_db(found, whole):
    """The gain of each 10 ms."""
    hop = SAMPLE_RATE // 100
    energy = [
        np.square(sound[0, : sound.shape[1] // hop * hop].reshape(-1, hop)).sum(axis=1) for sound in (found, whole)
    ]
    return 10 * np.log10(energy[0] / energy[1])


@pytest.fixture(scope="module")
def buses(tmp_path_factory):
    whole, _, _ = _music(tmp_path_factory.mktemp("whole"), ducks=False)
    return *_music(tmp_path_factory.mktemp("ducked")), whole


def test_music_is_so_far_under_who_speaks(buses):
    found, voice, facts, _ = buses
    apart = _short_term(voice) - _short_term(found)
    speaking = slice(int((SPOKEN[0][0] + 3) * 10), int((SPOKEN[-1][1] - 0.4) * 10))
    assert np.abs(apart[speaking] - DUCK.depth_lu).max() <= 1
    assert facts["ducked_db"] > 3


def test_it_is_back_a_second_and_a_half_after(buses):
    found, _, _, whole = buses
    gain = _gain_db(found, whole)
    assert np.abs(gain[int((SPOKEN[-1][1] + 1.5) * 100) :]).max() <= 1
    assert np.abs(gain[: int((SPOKEN[0][0] - 0.5) * 100)]).max() < 0.01


def test_a_pause_in_a_sentence_does_not_pump(buses):
    found, _, _, whole = buses
    pause = _gain_db(found, whole)[int((SPOKEN[0][1] - 0.1) * 100) : int((SPOKEN[1][0] + 0.1) * 100)]
    assert np.ptp(pause) <= 2


def test_the_gain_has_no_steps(buses):
    found, _, _, whole = buses
    assert np.abs(np.diff(_gain_db(found, whole))).max() < 1


def test_music_that_does_not_duck_stays(buses):
    whole = buses[-1]
    assert np.ptp(_short_term(whole)[40:]) < 1


@pytest.mark.parametrize(("pause_seconds", "comes_back"), [(1.0, False), (1.4, False), (1.7, True), (5.0, True)])
def test_music_comes_back_in_a_pause_only_if_there_is_time(pause_seconds, comes_back):
    """It needs 0.4 s of holding, 0.8 s up and 0.3 s down: less, and it would swell and sink."""
    pause = round(pause_seconds * SAMPLE_RATE)
    first, second = 10 * SAMPLE_RATE, 20 * SAMPLE_RATE
    even = np.full(400, 10**-2.5)
    gains = gains_under([(0, first), (first + pause, second + pause)], even, even, DUCK)
    highest = gains[first // HOP_SAMPLES : (first + pause) // HOP_SAMPLES + 1].max()
    assert highest == (0 if comes_back else pytest.approx(-DUCK.depth_lu, abs=0.01))


def test_it_is_as_deep_at_the_ends_of_a_speech_as_within():
    """Also where the speech is shorter than the 3 s that are heard as one."""
    rng = np.random.default_rng(3)
    speaking, music = 10 ** rng.uniform(-3, -2, 200), np.full(200, 10**-2.0)
    for seconds in (2, 6):
        end = 5 + seconds
        gains = gains_under([(5 * SAMPLE_RATE, end * SAMPLE_RATE)], speaking, music, DUCK)[50 : end * 10]
        ends = [speaking[50:80][: seconds * 10], speaking[50 : end * 10][-30:]]
        wanted = [10 * np.log10(part.mean() / 10**-2.0) - DUCK.depth_lu for part in ends]
        assert [gains[0], gains[-1]] == pytest.approx(wanted, abs=0.5)
