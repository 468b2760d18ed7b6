"""Where somebody speaks: steady tones taken away, and what holds on real recordings under music."""

import numpy as np
import pytest
from other_media import needs_media
from voice_making import Mono, recording, spoken

from crowdcut.timing import SAMPLE_RATE
from renderers.hearing import speech
from renderers.hearing.speech import SpeechFinder
from renderers.hearing.steady import SteadyTonesTaken

RATE = 16_000
VOICES = ("voice/198-209-0000.hq.ogg", "voice/pcm-f32le.wav", "voice/Front_Center.wav", "formats/sample_wb.amr")
STRINGS = "music/Hungarian_Dance_number_5_-_Allegro_in_F_sharp_minor_(string_orchestra).hq.ogg"
MUSIC = {STRINGS: (-6, 0, 6), "music/Awakening.ogg": (6,), "music/Kevin_MacLeod_-_Vibe_Ace.hq.ogg": (0,)}
"""Strings, pads, a band: at how many LU over speech they are tried."""
PAUSE = np.zeros(3 * SAMPLE_RATE // 2, np.float32)
EACH_LUFS = -23.0


def _without_tones(sound: Mono, block: int = 10_000) -> Mono:
    taken = SteadyTonesTaken()
    return np.concatenate([*(taken.take(sound[at : at + block]) for at in range(0, len(sound), block)), taken.rest()])


def _power_db(sound: Mono) -> float:
    return float(10 * np.log10(np.square(sound, dtype=np.float64).mean()))


def _bursts(length: int) -> Mono:
    """Noise that is there for a third of the time, as a voice is at one pitch."""
    noise = np.random.default_rng(2).standard_normal(length) * 0.1
    return (noise * (np.arange(length) // (RATE // 8) % 3 == 2)).astype(np.float32)


def test_a_steady_tone_goes_and_what_comes_and_goes_stays():
    bursts = _bursts(RATE * 4)
    tone = (0.2 * np.sin(2 * np.pi * 440 * np.arange(RATE * 4) / RATE)).astype(np.float32)
    assert _power_db(_without_tones(tone)) < _power_db(tone) - 19
    assert abs(_power_db(_without_tones(bursts)) - _power_db(bursts)) < 1
    apart = _without_tones(bursts + tone) - bursts
    assert _power_db(apart) < _power_db(tone) - 9


@pytest.mark.parametrize("length", [0, 1, 511, 512, 513, 1_024, 8_192, 20_001])
def test_every_sample_comes_out_in_its_place_whatever_the_blocks(length):
    sound = _bursts(length)
    whole = _without_tones(sound, block=max(1, length))
    assert len(whole) == length
    assert np.array_equal(whole, _without_tones(sound, block=333))
    if length > RATE:
        assert np.correlate(whole, sound[100:-100]).argmax() == 100


@pytest.mark.parametrize(("chunks", "found"), [(5, []), (6, [(3, 9)])])
def test_a_plucked_note_is_too_short_for_speech(chunks, found):
    likely = np.zeros(20)
    likely[3 : 3 + chunks] = 0.95
    assert speech._runs(likely) == found


@pytest.fixture(scope="module")
def talk() -> tuple[Mono, np.ndarray]:
    """Several people, each as loud, with pauses; and where they speak."""
    people = [recording(f"audio/{name}", lufs=EACH_LUFS, seconds=8) for name in VOICES]
    said = [part for one in people for part in (PAUSE, one)]
    told = [part for one in people for part in (np.zeros(len(PAUSE), np.bool_), spoken(one))]
    return np.concatenate(said), np.concatenate(told)


def _share_found(sound: Mono) -> float:
    finder = SpeechFinder()
    for at in range(0, len(sound), SAMPLE_RATE):
        finder.take(np.stack([sound[at : at + SAMPLE_RATE]] * 2))
    return sum(end - start for start, end in finder.runs()) / len(sound)


def _under(talk: Mono, name: str, level_lu: float) -> Mono:
    """The talk, and music at so many LU over it."""
    music = recording(f"audio/{name}", lufs=EACH_LUFS, seconds=40)
    return talk + np.resize(music, len(talk)) * np.float32(10 ** (level_lu / 20))


@needs_media
@pytest.mark.parametrize("name", MUSIC)
def test_as_much_speech_is_found_under_music_as_there_is(talk, name):
    """Within 5 points."""
    sound, told = talk
    for level_lu in MUSIC[name]:
        assert _share_found(_under(sound, name, level_lu)) == pytest.approx(told.mean(), abs=0.05), level_lu


@needs_media
def test_as_much_speech_is_found_in_the_clear_as_there_is(talk):
    sound, told = talk
    assert _share_found(sound) == pytest.approx(told.mean(), abs=0.03)


@needs_media
def test_with_the_tones_left_in_it_is_not_found(talk, monkeypatch):
    class Kept(SteadyTonesTaken):
        def take(self, samples: Mono) -> Mono:
            return samples

        def rest(self) -> Mono:
            return np.zeros(0, np.float32)

    monkeypatch.setattr(speech, "SteadyTonesTaken", Kept)
    sound, told = talk
    assert _share_found(_under(sound, STRINGS, 6)) < told.mean() - 0.1


@needs_media
def test_music_alone_is_not_speech():
    assert _share_found(recording(f"audio/{STRINGS}", seconds=20)) < 0.02
