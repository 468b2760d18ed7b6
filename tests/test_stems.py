"""Stems: what is written beside a film adds up to its sound."""

import av
import numpy as np
import pytest
from small_film import EPISODE, film_of, lay_episode, quiet, wish_for

from crowdcut.sound.orders import FinishOrder, MixOrder, StemOrder
from crowdcut.timing import SAMPLE_RATE
from farm.build import built
from renderers import finish, mix, stem
from renderers.job import Input
from renderers.loudness.levelling import kept_level
from renderers.loudness.limiter import limited

LENGTH = 3 * SAMPLE_RATE


def _noise(seed, level):
    return (np.random.default_rng(seed).standard_normal((2, LENGTH)) * level).astype(np.float32)


def _wav(path):
    """[shape=(2, n)], the codec's name."""
    with av.open(str(path)) as container:
        stream = container.streams.audio[0]
        frames = [frame.to_ndarray().reshape(-1, 2).T for frame in container.decode(stream)]
        return np.concatenate(frames, axis=1).astype(np.float64) / 2**31, stream.codec_context.name


def test_stems_add_up_to_the_levelled_programme(tmp_path):
    buses = {"voice": _noise(1, 0.1), "music": _noise(2, 0.05), "effect": _noise(3, 0.3) * (np.arange(LENGTH) < 9_000)}
    inputs = {}
    for name, samples in buses.items():
        path = tmp_path / name
        path.write_bytes(np.ascontiguousarray(samples.T, dtype="<f4").tobytes())
        inputs[name] = Input(path=path)
    mix.run(MixOrder(buses=("voice", "music", "effect"), length_samples=LENGTH), inputs, tmp_path / "mix")
    finished = tmp_path / "finish" / "file"
    finished.parent.mkdir()
    order = FinishOrder(
        codec="aac", bit_rate=256_000, integrated_lufs=-14.0, true_peak_dbtp=-1.0, length_samples=LENGTH
    )
    facts = finish.run(order, {"mix": Input(path=tmp_path / "mix")}, finished)
    assert facts["limiter"]["max_reduction_db"] > 1
    total = np.zeros((2, LENGTH))
    for name in buses:
        members = {name: inputs[name], "finish": Input(path=finished)}
        stem.run(StemOrder(buses=(name,), length_samples=LENGTH), members, tmp_path / f"{name}.wav")
        samples, codec = _wav(tmp_path / f"{name}.wav")
        assert codec == "pcm_s24le"
        total += samples
    gain, curve = kept_level(finished)
    whole = np.fromfile(tmp_path / "mix", "<f4").reshape(-1, 2).T
    # Half a step of each stem, and what float32 rounds.
    assert np.abs(total - limited(whole * gain, curve, start=0)).max() < 2.5 / 2**23


@pytest.mark.parametrize("asked", [True, False])
def test_stems_lie_beside_the_film_where_they_are_asked_for(tmp_path, tiny_library, asked):
    text = EPISODE.replace("format = 1", "format = 1\nstems = true", 1) if asked else EPISODE
    manifest = lay_episode(tmp_path / "film", tiny_library, text)
    built(wish_for(manifest), quiet)
    film = film_of(manifest)
    stems = sorted(path.name for path in film.parent.glob("*.wav"))
    assert stems == ([f"{film.stem}.{name}.wav" for name in ("effects", "music", "voice")] if asked else [])
    if not asked:
        return
    total = sum(_wav(film.with_name(name))[0] for name in stems)
    with av.open(str(film)) as container:
        heard = np.concatenate([frame.to_ndarray() for frame in container.decode(audio=0)], axis=1)[:, : total.shape[1]]
    assert np.square(total - heard).mean() < np.square(total).mean() / 100
