"""What is heard once: a mix as it is written, a bus whose sounds all have one gain; and silence, not at all."""

import numpy as np
import pytest

from crowdcut.sound.orders import BusOrder, Cue, Levels, MixOrder
from renderers import bus, mix
from renderers.finish import measured_mix
from renderers.job import Input
from renderers.loudness import hops, running
from renderers.loudness.hops import hop_powers, kept_powers
from renderers.loudness.meter import measured
from renderers.loudness.running import WeightedPowers
from renderers.sound.pcm import samples_at, written

RATE = 48_000
LEVELS = Levels(bus_lufs={"shot": -18.0})


def _noise(seconds, seed=1):
    return (np.random.default_rng(seed).standard_normal((2, round(seconds * RATE))) * 0.1).astype(np.float32)


def _kept(path, sound):
    path.write_bytes(np.ascontiguousarray(sound.T, dtype="<f4").tobytes())
    return Input(path=path, facts={"integrated": -20.0, "floor": None, "speech": []})


@pytest.mark.parametrize("seconds", [0.2, 0.4, 3.3])
def test_a_mix_is_known_as_a_meter_would_read_it(tmp_path, seconds):
    parts = {"voice": _noise(seconds), "music": _noise(seconds, 2)}
    inputs = {name: _kept(tmp_path / name, sound) for name, sound in parts.items()}
    length = parts["voice"].shape[1]
    mix.run(MixOrder(buses=("voice", "music"), length_samples=length), inputs, tmp_path / "mix")
    known, read = measured_mix(tmp_path / "mix", length), measured([sum(parts.values())])
    assert known.integrated == pytest.approx(read.integrated, abs=0.01)
    assert 20 * np.log10(known.peaks[: len(known.peaks)].max()) == pytest.approx(read.true_peak, abs=0.001)
    assert len(known.peaks) == -(-length // 48)


@pytest.mark.parametrize("skipped", [True, False])
def test_silence_is_not_heard(monkeypatch, skipped):
    """Its powers, and those of what comes after it, are what they would be."""
    sound = np.concatenate([_noise(2), np.zeros((2, 6 * RATE), np.float32), _noise(1.5, 2)], axis=1)
    if not skipped:
        monkeypatch.setattr(running, "_DIED_AWAY_SAMPLES", 100 * RATE)
    meter = WeightedPowers(RATE // 10)
    for start in range(0, sound.shape[1], 30_000):
        meter.take(sound[:, start : start + 30_000])
    assert (meter._taken < 6 * RATE) == skipped
    assert meter.powers == pytest.approx(hop_powers([sound]), rel=1e-9, abs=1e-30)


@pytest.mark.parametrize("silent", [True, False])
def test_silence_is_a_hole_in_a_file(tmp_path, silent):
    sound = np.zeros((2, 8 * RATE), np.float32)
    sound[:, ::RATE] = 0 if silent else 0.1
    sound[:, 3 * RATE : 4 * RATE] = _noise(1)
    blocks = np.split(sound, 8, axis=1)
    assert all(one is two for one, two in zip(written(blocks, tmp_path / "bus"), blocks, strict=True))
    assert np.array_equal(samples_at(tmp_path / "bus", start=0, length=8 * RATE), sound)
    assert ((tmp_path / "bus").stat().st_blocks * 512 < 2 * RATE * 8) == silent


@pytest.mark.parametrize(("gains", "heard"), [((0.0, 0.0), 1), ((-3.0, -3.0), 1), ((0.0, -3.0), 2)])
def test_a_bus_is_heard_again_only_where_gains_differ(tmp_path, monkeypatch, gains, heard):
    inputs = {"a": _kept(tmp_path / "a", _noise(2)), "b": _kept(tmp_path / "b", _noise(2, 2))}
    cues = tuple(
        Cue(prepared=name, listened=name, start_sample=at, length_samples=2 * RATE, bus="shot", gain_db=gain)
        for name, at, gain in zip("ab", (0, RATE), gains, strict=True)
    )
    made = []
    monkeypatch.setattr(hops, "WeightedPowers", lambda step: made.append(step) or WeightedPowers(step))
    (tmp_path / "bus").mkdir()
    out = tmp_path / "bus" / "file"
    bus.run(BusOrder(bus="shot", length_samples=3 * RATE, cues=cues, levels=LEVELS), inputs, out)
    assert len(made) == heard
    assert kept_powers(out) == pytest.approx(hop_powers([samples_at(out, start=0, length=3 * RATE)]), rel=1e-4)
