"""A voice and music made for tests of ducking, the jobs that bring them together, and what a mixer hears of them."""

from functools import cache

import numpy as np

from crowdcut.sound.orders import BusOrder, Cue, Duck, Levels
from crowdcut.timing import SAMPLE_RATE
from examples.makers import pink_noise
from renderers import bus
from renderers.job import Input
from renderers.loudness.meter import LoudnessMeter

SECONDS = 33
SPOKEN = [(4.0, 9.0), (9.25, 16.0), (21.0, 24.0), (24.25, 29.0)]
"""Seconds: two passages, each with a pause of 250 ms."""
PASSAGES = [(4.0, 16.0), (21.0, 29.0)]
DUCK = Duck(speakers=("voice",), depth_lu=14.0, attack_samples=14_400, hold_samples=19_200, release_samples=38_400)
LEVELS = Levels(bus_lufs={"shot": -20.0, "music": -24.0, "voice": -18.0, "effect": -22.0})


def raw(folder, name, sound):
    """``sound``: [shape=(n, 2)]."""
    path = folder / name / "file"
    path.parent.mkdir(parents=True)
    path.write_bytes(np.ascontiguousarray(sound, dtype="<f4").tobytes())
    return path


def steps(levels_db, seconds):
    """Levels that follow each other after so many seconds, as factors: [shape=(n, 1)]."""
    at = np.arange(SECONDS * SAMPLE_RATE) / SAMPLE_RATE
    return 10 ** (np.take(levels_db, (at / seconds).astype(int), mode="wrap") / 20)[:, None]


@cache
def talk():
    """Four syllables a second, of sentences that are not all as loud."""
    at = np.arange(SECONDS * SAMPLE_RATE)[:, None] / SAMPLE_RATE
    spoken = sum(((at >= start) & (at < end)).astype(float) for start, end in SPOKEN)
    syllables = np.abs(np.sin(np.pi * 4 * at))
    return pink_noise(seconds=SECONDS, rms_dbfs=-20, seed=1) * spoken * syllables * steps([0, -3, 2, -1], 2.3)


@cache
def even_music():
    return pink_noise(seconds=SECONDS, rms_dbfs=-20, seed=2)


def song():
    return even_music() * steps([0, 3, -4, 1], 3.1)


def bus_of(folder, name, sound, *, speech=(), duck=None, inputs=None, **cue):
    """The bus ``name``, of one sound that is at its level; with its facts."""
    heard = {"integrated": LEVELS.bus_lufs[name], "floor": None, "speech": list(speech)}
    given = {
        **(inputs or {}),
        "own": Input(path=raw(folder, f"{name}-own", sound)),
        "heard": Input(path=None, facts=heard),
    }
    length = len(sound)
    cues = (Cue(prepared="own", listened="heard", start_sample=0, length_samples=length, bus=name, **cue),)
    order = BusOrder(bus=name, length_samples=length, cues=cues, levels=LEVELS, duck=duck)
    out = folder / name / "file"
    out.parent.mkdir()
    return Input(path=out, facts=bus.run(order, given, out))


def buses_of(folder, *, ducks="whole", duck=DUCK, music=None, voice=None):
    """The voice's bus and the music's under it."""
    speech = [[round(start * SAMPLE_RATE), round(end * SAMPLE_RATE)] for start, end in SPOKEN]
    speaking = bus_of(folder, "voice", talk() if voice is None else voice, speech=speech)
    under = song() if music is None else music
    return {
        "voice": speaking,
        "music": bus_of(folder, "music", under, duck=duck, inputs={"voice": speaking}, ducks=ducks),
    }


def samples_of(one):
    """A bus: [shape=(2, n)]."""
    return np.fromfile(one.path, "<f4").reshape(-1, 2).T


def short_term(sound):
    """LUFS of the 3 s up to each half second, by FFmpeg's meter; None before there are 3 s."""
    curve = {}
    for shift in (0, 0.5):
        meter = LoudnessMeter()
        meter.take(np.ascontiguousarray(sound[:, round(shift * SAMPLE_RATE) :], dtype=np.float32))
        curve |= {second + shift: lufs for second, lufs in enumerate(meter.reading().short_term, 1)}
    return curve


def depths_of(voice, music):
    """How far the music is under the voice, in all 3 s that lie within a passage."""
    speaking, heard = short_term(voice), short_term(music)
    ends = [first + 3 + step / 2 for first, last in PASSAGES for step in range(round((last - first - 3) * 2) + 1)]
    return np.array([speaking[end] - heard[end] for end in ends])


def gain_db(found, whole):
    """The gain of each 10 ms."""
    hop = SAMPLE_RATE // 100
    energy = [np.square(sound[0].reshape(-1, hop), dtype=np.float64).sum(axis=1) for sound in (found, whole)]
    return 10 * np.log10(energy[0] / energy[1])
