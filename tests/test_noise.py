"""What of a recording is noise: hiss, rumble and hum are, a voice and the music under it are not."""

import numpy as np
import pytest
from hearing_making import RATE, mains, spoken

from renderers.hearing.noise import NoiseFinder

SECONDS = 12
COUNT = SECONDS * RATE
HISS_DBFS = -60.0


def _noise(falls_db=0):
    """[shape=(n, 2)] both sides of their own, falling by so many dB an octave from 20 Hz on."""
    spectra = np.fft.rfft(np.random.default_rng(7).standard_normal((COUNT, 2)), axis=0)
    hertz = np.maximum(np.fft.rfftfreq(COUNT, 1 / RATE), 20)[:, None]
    made = np.fft.irfft(spectra * hertz ** -(falls_db / 6.02), COUNT, axis=0)
    return made / made.std() * 10 ** (HISS_DBFS / 20)


def _voice():
    """[shape=(n, 1)] syllables, with a rest of half a second every two."""
    return spoken(seconds=SECONDS) * (np.arange(COUNT) % (2 * RATE) >= RATE // 2)[:, None]


def _chords(level=0.02):
    """[shape=(n, 1)] three held notes, another three each 0.8 s, each note with its overtones: nothing rests."""
    at, sound = np.arange(COUNT) / RATE, np.zeros(COUNT)
    roots = 220 * 2 ** (np.random.default_rng(8).integers(0, 12, COUNT) / 12)
    held = np.repeat(roots[: COUNT // (RATE * 4 // 5) + 1], RATE * 4 // 5)[:COUNT]
    for interval in (1, 1.26, 1.5):
        phase = 2 * np.pi * np.cumsum(held * interval) / RATE
        sound += sum(np.sin(phase * overtone) / overtone for overtone in range(1, 6))
    return (level * sound * (1 + 0.1 * np.sin(2 * np.pi * 5 * at)))[:, None]


def _found_dbfs(sound, block=RATE):
    finder, samples = NoiseFinder(), np.broadcast_to(sound, (len(sound), 2)).T.astype(np.float32)
    for first in range(0, len(sound), block):
        finder.take(samples[:, first : first + block])
    power = finder.power()
    return None if power is None else 10 * np.log10(power)


def _quietest_dbfs(sound):
    """What a twentieth of all 50 ms stay below."""
    powers = np.square(sound[: len(sound) // 2_400 * 2_400]).reshape(-1, 2_400 * sound.shape[1]).mean(axis=1)
    return 10 * np.log10(np.sort(powers)[len(powers) // 20])


@pytest.mark.parametrize(("falls_db", "within"), [(0, 1), (3, 2.5)], ids=["white", "pink"])
@pytest.mark.parametrize("under", ["nothing", "a voice", "music", "a voice and music"])
def test_hiss_is_found_whatever_is_heard_with_it(falls_db, within, under):
    sound = _noise(falls_db)
    if "voice" in under:
        sound = sound + _voice()
    if "music" in under:
        sound = sound + _chords()
    assert _found_dbfs(sound) == pytest.approx(HISS_DBFS, abs=within)


def test_music_under_a_voice_is_no_noise():
    sound = _voice() + _chords()
    assert _quietest_dbfs(sound) > -36
    assert _found_dbfs(sound) < -60


@pytest.mark.parametrize("multiples", [{1: 0.003}, {2: 0.003, 4: 0.002}, {100: 0.003}], ids=["50", "100", "whine"])
def test_what_hums_without_a_rest_is_noise(multiples):
    hum = mains(seconds=SECONDS, hertz=50, multiples=multiples)
    level = 10 * np.log10(np.square(hum).mean())
    assert _found_dbfs(_voice() + hum) == pytest.approx(level, abs=1.5)


def test_blocks_do_not_matter_and_digital_silence_is_no_moment():
    sound = _noise()
    found = _found_dbfs(sound)
    assert _found_dbfs(sound, block=777) == pytest.approx(found, abs=1e-6)
    gated = np.concatenate([sound, np.zeros((COUNT, 2))])
    assert _found_dbfs(gated) == pytest.approx(found, abs=0.3)
    assert _found_dbfs(np.zeros((RATE, 1))) is None
    assert _found_dbfs(np.ones((100, 1))) is None


def test_what_is_the_same_on_both_sides_is_heard_once(monkeypatch):
    """And is the same to the last bit."""
    sound, heard = _voice() + _noise()[:, :1], []
    hear = NoiseFinder._hear
    monkeypatch.setattr(NoiseFinder, "_hear", lambda self, windows: heard.append(len(windows)) or hear(self, windows))
    once = _found_dbfs(sound)
    monkeypatch.setattr("renderers.hearing.noise.np.array_equal", lambda *_: False)
    assert _found_dbfs(sound) == once
    assert heard == [1] * SECONDS + [2] * SECONDS
