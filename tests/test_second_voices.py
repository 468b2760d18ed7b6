"""Who sings a third or a sixth away from the melody sings the song; who sings it in another key does not."""

from dataclasses import replace

import numpy as np
import pytest

from examples.makers.choir import in_room, song, sung
from renderers import align
from renderers.onsets import Sung, sung_in
from renderers.song import take_voices

MAJOR = (0, 2, 4, 5, 7, 9, 11)


def melody(seed):
    return song(seed=seed, seconds=40)


def steps_away(notes, steps):
    """The same by so many steps of the scale of C."""

    def moved(pitch):
        octave, step = divmod(MAJOR.index(pitch % 12) + steps, 7)
        return pitch // 12 * 12 + 12 * octave + MAJOR[step]

    return [replace(one, pitch=moved(one.pitch)) for one in notes]


def heard(notes, seed, **how):
    sound = in_room(sung(notes, seed=seed, **how), seed=seed)
    return sung_in([np.stack([sound, sound])])


@pytest.fixture(scope="module")
def guide():
    return heard(melody(1), 100, jitter=0)


@pytest.fixture(scope="module")
def second():
    """A voice a third higher, 3 s after its recorder was started."""
    return heard(steps_away(melody(1), 2), 5, lead=3.0)


def test_a_second_voice_is_laid_where_the_melody_would_be(monkeypatch, guide, second):
    found = align.aligned(guide, second)
    assert found.trusted, found
    assert float(found.take_time(20)) == pytest.approx(23, abs=0.02)
    monkeypatch.setattr(take_voices, "SECOND_VOICES", ())
    assert not align.aligned(guide, second).trusted


def test_a_sixth_is_a_voice_too(guide):
    found = align.aligned(guide, heard(steps_away(melody(1), 5), 6, lead=3.0))
    assert found.trusted, found
    assert float(found.take_time(20)) == pytest.approx(23, abs=0.02)


def test_another_songs_second_voice_is_none(second):
    assert align.aligned(heard(melody(2), 100, jitter=0), second).confidence < 0.4


@pytest.mark.parametrize("mixed", [True, False])
def test_in_another_key_it_is_no_voice(monkeypatch, guide, mixed):
    """Three and four semitones higher all along; where a voice need not have both, it would pass for one."""
    if not mixed:
        monkeypatch.setattr(take_voices, "_mixed", lambda *_: True)
    for key in (3, 4, 8, 9):
        notes = np.stack([guide.notes[:, 0], (guide.notes[:, 1] + key) % 12], axis=1)
        take = Sung(onsets=np.roll(guide.onsets, key, axis=1), notes=notes)
        assert align.aligned(guide, take).trusted is not mixed
