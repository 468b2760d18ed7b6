"""Music gives way to speech: read back from the stems of a finished programme, as a mixer would hear them."""

from dataclasses import replace
from typing import Any

import av
import numpy as np
import pytest
from duck_making import DUCK, PASSAGES, SECONDS, buses_of, depths_of, even_music, gain_db, samples_of, song

from crowdcut.sound.orders import FinishOrder, MixOrder, StemOrder
from crowdcut.timing import SAMPLE_RATE
from examples.makers import pink_noise
from renderers import finish, mix, stem
from renderers.job import Input
from renderers.loudness.hops import hop_powers, kept_powers
from renderers.loudness.meter import HOP_SAMPLES, LoudnessMeter
from renderers.mixing.ducking import depth_of, gains_under, leading, passages


def _stems(folder, buses):
    """Both stems of the finished programme: [shape=(2, n)]."""
    length = SECONDS * SAMPLE_RATE
    mixed, finished = folder / "mix", folder / "finish" / "file"
    finished.parent.mkdir()
    mix.run(MixOrder(buses=tuple(buses), length_samples=length), buses, mixed)
    order = FinishOrder(
        codec="aac", bit_rate=256_000, integrated_lufs=-16.0, true_peak_dbtp=-1.0, length_samples=length
    )
    finish.run(order, {"mix": Input(path=mixed)}, finished)
    stems = {}
    for name, one in buses.items():
        out = folder / f"{name}.wav"
        stem.run(StemOrder(buses=(name,), length_samples=length), {name: one, "finish": Input(path=finished)}, out)
        with av.open(str(out)) as container:
            frames = [frame.to_ndarray().reshape(-1, 2).T for frame in container.decode(audio=0)]
        stems[name] = np.concatenate(frames, axis=1).astype(np.float32) / np.float32(2**31)
    return stems


@pytest.fixture(scope="module")
def plain(tmp_path_factory) -> Any:
    """Buses of a programme in which nothing gives way."""
    return buses_of(tmp_path_factory.mktemp("plain"), duck=None)


@pytest.fixture(scope="module")
def given_way(tmp_path_factory) -> Any:
    return buses_of(tmp_path_factory.mktemp("ducked"))


def test_in_the_stems_music_is_so_far_under_the_voice(tmp_path, plain, given_way):
    """In all 3 s within 1 LU, also where the voice's sentences and the music are louder or softer."""
    stems = _stems(tmp_path, given_way)
    found = depths_of(stems["voice"], stems["music"])
    assert len(found) == 30
    assert np.abs(found - DUCK.depth_lu).max() <= 1
    without = depths_of(*map(samples_of, plain.values()))
    assert (np.abs(without - DUCK.depth_lu) <= 1).mean() < 0.05


def test_what_is_told_of_the_depth_is_what_is_found(given_way):
    told = given_way["music"].facts["depths"]["whole"]
    assert told == {"depth_lu": 14, "windows": told["windows"], "within": told["windows"], "nearer": 0}
    assert told["windows"] >= 120
    assert given_way["music"].facts["ducked_db"] > 8


def _is_back(gain):
    """Within 1 dB of itself from 1.5 s after each passage on, to just before the next."""
    parts = gain[1_750:2_050], gain[3_050:]
    return max(np.abs(part).max() for part in parts) <= 1


def _slow(**times):
    return replace(DUCK, **times)


def test_it_is_back_a_second_and_a_half_after(tmp_path, plain, given_way):
    whole = samples_of(plain["music"])
    assert _is_back(gain_db(samples_of(given_way["music"]), whole))
    slow = buses_of(tmp_path, duck=_slow(release_samples=96_000))
    assert not _is_back(gain_db(samples_of(slow["music"]), whole))


def test_it_is_down_when_somebody_begins_to_speak(tmp_path, plain, given_way):
    whole = samples_of(plain["music"])
    starts = [round(first * 100) for first, _ in PASSAGES]
    for found, is_down in ((given_way, True), (buses_of(tmp_path, duck=None), False)):
        gain = gain_db(samples_of(found["music"]), whole)
        assert all((gain[start] < -5) == is_down for start in starts)
        assert all(abs(gain[start - 45]) < 0.01 for start in starts)


def _most_moved(gain, seconds):
    """The most that a gain moves in so long, within the passages."""
    hops = round(seconds * 100)
    parts = [gain[round(first * 100) + 1 : round(last * 100) - 1] for first, last in PASSAGES]
    spans = [np.lib.stride_tricks.sliding_window_view(part, hops + 1) for part in parts]
    return max(np.ptp(span, axis=1).max() for span in spans)


def test_a_pause_in_a_sentence_does_not_pump(tmp_path, plain, given_way):
    """Nor does anything else while somebody speaks: at most 2 dB in 300 ms."""
    whole = samples_of(plain["music"])
    assert _most_moved(gain_db(samples_of(given_way["music"]), whole), 0.3) <= 2
    hasty = buses_of(tmp_path, duck=_slow(attack_samples=2_400, hold_samples=0, release_samples=4_800))
    assert _most_moved(gain_db(samples_of(hasty["music"]), whole), 0.3) > 2


def test_the_gain_has_no_steps(plain, given_way):
    gain = gain_db(samples_of(given_way["music"]), samples_of(plain["music"]))
    assert np.abs(np.diff(gain)).max() < 1


def test_a_steady_voice_has_a_steady_bed(tmp_path):
    """What follows each word of a voice pumps: here nothing is off by so much that the fader moves."""
    at = np.arange(SECONDS * SAMPLE_RATE)[:, None] / SAMPLE_RATE
    voice = pink_noise(seconds=SECONDS, rms_dbfs=-20, seed=1) * np.abs(np.sin(np.pi * 4 * at))
    folders = [tmp_path / name for name in ("plain", "ducked")]
    for folder in folders:
        folder.mkdir()
    buses = [
        buses_of(folder, music=even_music(), voice=voice, duck=duck)
        for folder, duck in zip(folders, (None, DUCK), strict=True)
    ]
    gain = gain_db(*(samples_of(one["music"]) for one in reversed(buses)))
    assert _most_moved(gain, 7) < 0.1


def test_music_that_is_soft_by_itself_is_not_raised(tmp_path, plain):
    quiet = buses_of(tmp_path, music=song() * 0.05)
    assert np.array_equal(samples_of(quiet["music"]), (song() * 0.05).astype(np.float32).T)
    assert quiet["music"].facts["depths"]["whole"]["windows"] == 0


def test_music_that_does_not_duck_stays(tmp_path, plain):
    steadfast = buses_of(tmp_path, ducks="no")
    assert np.array_equal(samples_of(steadfast["music"]), samples_of(plain["music"]))
    assert steadfast["music"].facts["depths"] == {}


@pytest.mark.parametrize("name", ["voice", "music"])
def test_what_is_kept_of_a_bus_is_what_it_reads(given_way, name):
    """Also of ducked music, whose powers are reckoned: it is not heard again."""
    one = given_way[name]
    found = hop_powers([samples_of(one)])
    kept = kept_powers(one.path)
    loud = found > 1e-6
    assert 10 * np.log10(kept[loud] / found[loud]) == pytest.approx(0, abs=0.3)
    meter = LoudnessMeter()
    meter.take(samples_of(one))
    for told, heard in zip(one.facts["short_term"], meter.reading().short_term, strict=True):
        assert told == (None if heard is None else pytest.approx(heard, abs=0.05))


def _hops(*levels_db):
    """Powers of so many dB, ten hops (a second) each."""
    return np.repeat(10 ** (np.array(levels_db, float) / 10), 10)


@pytest.mark.parametrize(("pause_seconds", "comes_back"), [(1.0, False), (1.4, False), (1.7, True), (5.0, True)])
def test_music_comes_back_in_a_pause_only_if_there_is_time(pause_seconds, comes_back):
    """It needs 0.4 s of holding, 0.8 s up and 0.3 s down: less, and it would swell and sink."""
    pause = round(pause_seconds * SAMPLE_RATE)
    first, second = 10 * SAMPLE_RATE, 20 * SAMPLE_RATE
    even = _hops(*[-25] * 40)
    spoken = passages([(0, first), (first + pause, second + pause)], DUCK)
    gains = gains_under(spoken, even, even, DUCK, 40 * SAMPLE_RATE)
    highest = gains[first // HOP_SAMPLES : (first + pause) // HOP_SAMPLES + 1].max()
    assert highest == (0 if comes_back else pytest.approx(-DUCK.depth_lu, abs=0.01))


@pytest.mark.parametrize("seconds", [1, 2, 5])
def test_it_is_as_deep_under_a_word_as_under_a_speech(seconds):
    even, spoken = _hops(*[-25] * 20), [(8 * SAMPLE_RATE, (8 + seconds) * SAMPLE_RATE)]
    gains = gains_under(spoken, even, even, DUCK, 20 * SAMPLE_RATE)
    assert gains[80 : 80 + 10 * seconds] == pytest.approx(-DUCK.depth_lu)
    assert (gains[75], gains[80 + 10 * seconds + 15]) == (0, 0)


def test_where_several_speak_the_voice_leads():
    """Who speaks in a clip beneath it is louder here, and alone in the third second."""
    voice, clip = _hops(-30, -30, -30, -30), _hops(-20, -20, -20, -20)
    second = SAMPLE_RATE
    found = leading([([(0, 2 * second)], voice), ([(second, 3 * second)], clip)])
    assert 10 * np.log10(np.maximum(found, 1e-10)) == pytest.approx(np.repeat([-30, -30, -20, -100], 10))


def test_music_is_rather_too_soft_than_too_near():
    """It leaps by 20 dB each two seconds, for which no steady bed is right."""
    speaking, music = _hops(*[-20] * 24), _hops(*[-30, -30, -10, -10] * 6)
    spoken = [(0, 24 * SAMPLE_RATE)]
    gains = gains_under(spoken, speaking, music, DUCK, 24 * SAMPLE_RATE)
    told = depth_of(spoken, speaking, music, gains, DUCK)
    assert told.nearer == 0
    assert told.within < told.windows
    assert np.abs(np.diff(gains[:-20])).max() <= 0.41
