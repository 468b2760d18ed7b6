"""Music gives way to speech: read back from the stems of a finished programme, as a mixer would hear them."""

from dataclasses import replace
from functools import cache
from typing import Any

import av
import numpy as np
import pytest

from crowdcut.orders import BusOrder, Cue, Duck, FinishOrder, Levels, MixOrder, StemOrder
from crowdcut.timing import SAMPLE_RATE
from examples.makers import pink_noise
from renderers import bus, finish, mix, stem
from renderers.hops import hop_powers, kept_powers
from renderers.job import Input
from renderers.meter import LoudnessMeter

SECONDS = 44
SPOKEN = [(6.0, 12.0), (12.25, 20.0), (26.0, 30.0), (30.25, 36.0)]
"""Seconds: two passages, each with a pause of 250 ms."""
PASSAGES = [(6.0, 20.0), (26.0, 36.0)]
DUCK = Duck(speakers=("voice",), depth_lu=14.0, attack_samples=14_400, hold_samples=19_200, release_samples=38_400)
LEVELS = Levels(bus_lufs={"shot": -20.0, "music": -24.0, "voice": -18.0, "effect": -22.0})


def _raw(folder, name, sound):
    """``sound``: [shape=(n, 2)]."""
    path = folder / name / "file"
    path.parent.mkdir(parents=True)
    path.write_bytes(np.ascontiguousarray(sound, dtype="<f4").tobytes())
    return path


def _steps(levels_db, seconds):
    """Levels that follow each other after so many seconds, as factors: [shape=(n, 1)]."""
    at = np.arange(SECONDS * SAMPLE_RATE) / SAMPLE_RATE
    return 10 ** (np.take(levels_db, (at / seconds).astype(int), mode="wrap") / 20)[:, None]


@cache
def _voice():
    """Four syllables a second, of sentences that are not all as loud."""
    at = np.arange(SECONDS * SAMPLE_RATE)[:, None] / SAMPLE_RATE
    spoken = sum(((at >= start) & (at < end)).astype(float) for start, end in SPOKEN)
    syllables = np.abs(np.sin(np.pi * 4 * at))
    return pink_noise(seconds=SECONDS, rms_dbfs=-20, seed=1) * spoken * syllables * _steps([0, -3, 2, -1], 2.3)


@cache
def _even():
    return pink_noise(seconds=SECONDS, rms_dbfs=-20, seed=2)


def _song():
    return _even() * _steps([0, 3, -4, 1], 3.1)


def _bus(folder, name, sound, *, speech=(), duck=None, inputs=None, **cue):
    """The bus ``name``, of one sound that is at its level; with its facts."""
    heard = {"integrated": LEVELS.bus_lufs[name], "floor": None, "speech": list(speech)}
    given = {
        **(inputs or {}),
        "own": Input(path=_raw(folder, f"{name}-own", sound)),
        "heard": Input(path=None, facts=heard),
    }
    length = len(sound)
    cues = (Cue(prepared="own", listened="heard", start_sample=0, length_samples=length, bus=name, **cue),)
    order = BusOrder(bus=name, length_samples=length, cues=cues, levels=LEVELS, duck=duck)
    out = folder / name / "file"
    out.parent.mkdir()
    return Input(path=out, facts=bus.run(order, given, out))


def _buses(folder, *, ducks="whole", duck=DUCK, song=None, voice=None):
    speech = [[round(start * SAMPLE_RATE), round(end * SAMPLE_RATE)] for start, end in SPOKEN]
    speaking = _bus(folder, "voice", _voice() if voice is None else voice, speech=speech)
    music = _bus(folder, "music", _song() if song is None else song, duck=duck, inputs={"voice": speaking}, ducks=ducks)
    return {"voice": speaking, "music": music}


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


def _samples(one):
    """A bus: [shape=(2, n)]."""
    return np.fromfile(one.path, "<f4").reshape(-1, 2).T


def _short_term(sound):
    """LUFS of the 3 s up to each half second, by FFmpeg's meter; None before there are 3 s."""
    curve = {}
    for shift in (0, 0.5):
        meter = LoudnessMeter()
        meter.take(np.ascontiguousarray(sound[:, round(shift * SAMPLE_RATE) :]))
        curve |= {second + shift: lufs for second, lufs in enumerate(meter.reading().short_term, 1)}
    return curve


def _depths(voice, music):
    """How far the music is under the voice, in all 3 s that lie within a passage."""
    speaking, heard = _short_term(voice), _short_term(music)
    ends = [first + 3 + step / 2 for first, last in PASSAGES for step in range(round((last - first - 3) * 2) + 1)]
    return np.array([speaking[end] - heard[end] for end in ends])


def _gain_db(found, whole):
    """The gain of each 10 ms."""
    hop = SAMPLE_RATE // 100
    energy = [np.square(sound[0].reshape(-1, hop), dtype=np.float64).sum(axis=1) for sound in (found, whole)]
    return 10 * np.log10(energy[0] / energy[1])


@pytest.fixture(scope="module")
def plain(tmp_path_factory) -> Any:
    """Buses of a programme in which nothing gives way."""
    return _buses(tmp_path_factory.mktemp("plain"), duck=None)


@pytest.fixture(scope="module")
def given_way(tmp_path_factory) -> Any:
    return _buses(tmp_path_factory.mktemp("ducked"))


def test_in_the_stems_music_is_so_far_under_the_voice(tmp_path, plain, given_way):
    """In all 3 s within 1 LU, also where the voice's sentences and the music are louder or softer."""
    stems = _stems(tmp_path, given_way)
    found = _depths(stems["voice"], stems["music"])
    assert len(found) == 38
    assert np.abs(found - DUCK.depth_lu).max() <= 1
    without = _depths(*map(_samples, plain.values()))
    assert (np.abs(without - DUCK.depth_lu) <= 1).mean() < 0.05


def test_what_is_told_of_the_depth_is_what_is_found(given_way):
    told = given_way["music"].facts["depths"]["whole"]
    assert told == {"windows": told["windows"], "within": told["windows"], "nearer": 0}
    assert told["windows"] >= 150
    assert given_way["music"].facts["ducked_db"] > 8


def _is_back(gain):
    """Within 1 dB of itself from 1.5 s after each passage on, to just before the next."""
    parts = gain[2_150:2_550], gain[3_750:]
    return max(np.abs(part).max() for part in parts) <= 1


def _slow(**times):
    return replace(DUCK, **times)


def test_it_is_back_a_second_and_a_half_after(tmp_path, plain, given_way):
    whole = _samples(plain["music"])
    assert _is_back(_gain_db(_samples(given_way["music"]), whole))
    slow = _buses(tmp_path, duck=_slow(release_samples=96_000))
    assert not _is_back(_gain_db(_samples(slow["music"]), whole))


def test_it_is_down_when_somebody_begins_to_speak(tmp_path, plain, given_way):
    whole = _samples(plain["music"])
    starts = [round(first * 100) for first, _ in PASSAGES]
    for found, is_down in ((given_way, True), (_buses(tmp_path, duck=None), False)):
        gain = _gain_db(_samples(found["music"]), whole)
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
    whole = _samples(plain["music"])
    assert _most_moved(_gain_db(_samples(given_way["music"]), whole), 0.3) <= 2
    hasty = _buses(tmp_path, duck=_slow(attack_samples=2_400, hold_samples=0, release_samples=4_800))
    assert _most_moved(_gain_db(_samples(hasty["music"]), whole), 0.3) > 2


def test_the_gain_has_no_steps(plain, given_way):
    gain = _gain_db(_samples(given_way["music"]), _samples(plain["music"]))
    assert np.abs(np.diff(gain)).max() < 1


def test_a_steady_voice_has_a_steady_bed(tmp_path):
    """What follows each word of a voice pumps: here nothing is off by so much that the fader moves."""
    at = np.arange(SECONDS * SAMPLE_RATE)[:, None] / SAMPLE_RATE
    voice = pink_noise(seconds=SECONDS, rms_dbfs=-20, seed=1) * np.abs(np.sin(np.pi * 4 * at))
    folders = [tmp_path / name for name in ("plain", "ducked")]
    for folder in folders:
        folder.mkdir()
    buses = [
        _buses(folder, song=_even(), voice=voice, duck=duck) for folder, duck in zip(folders, (None, DUCK), strict=True)
    ]
    gain = _gain_db(*(_samples(one["music"]) for one in reversed(buses)))
    assert _most_moved(gain, 9.5) < 0.1


def test_music_that_is_soft_by_itself_is_not_raised(tmp_path, plain):
    quiet = _buses(tmp_path, song=_song() * 0.05)
    assert np.array_equal(_samples(quiet["music"]), (_song() * 0.05).astype(np.float32).T)
    assert quiet["music"].facts["depths"]["whole"]["windows"] == 0


def test_music_that_does_not_duck_stays(tmp_path, plain):
    steadfast = _buses(tmp_path, ducks="no")
    assert np.array_equal(_samples(steadfast["music"]), _samples(plain["music"]))
    assert steadfast["music"].facts["depths"] == {}


@pytest.mark.parametrize("name", ["voice", "music"])
def test_what_is_kept_of_a_bus_is_what_it_reads(given_way, name):
    """Also of ducked music, whose powers are reckoned: it is not heard again."""
    one = given_way[name]
    found = hop_powers([_samples(one)])
    kept = kept_powers(one.path)
    loud = found > 1e-6
    assert 10 * np.log10(kept[loud] / found[loud]) == pytest.approx(0, abs=0.3)
    meter = LoudnessMeter()
    meter.take(_samples(one))
    for told, heard in zip(one.facts["short_term"], meter.reading().short_term, strict=True):
        assert told == (None if heard is None else pytest.approx(heard, abs=0.05))
