"""Takes of one song, sung apart: each is found on its guide's clock, and one of another song is not."""

from fractions import Fraction

import numpy as np
import pytest

from crowdcut.orders import AlignOrder, Heard
from crowdcut.records import record_from
from crowdcut.takes import CONFIDENCE_LEAST, Alignment
from examples.makers.choir import by_clock, in_room, song, sung
from examples.makers.sounds import write_sound
from renderers import align
from renderers.job import Input

SECONDS = 100
SONG = song(seed=1, seconds=SECONDS)
SILENCE = np.zeros(48_000 * 20, np.float32)
HEARD = Heard(stream=0, origin=Fraction(0))


def take_of(notes, *, seed, lead, ppm, octave=0):
    """As it is made at home: own timing, own voice, a room, a recorder's clock."""
    return by_clock(in_room(sung(notes, seed=seed, lead=lead, octave=octave), seed=seed), ppm=ppm)


def written(folder, name, sound):
    return write_sound(folder / name, sound[:, None], rate=48_000)


@pytest.fixture(scope="module")
def guide(tmp_path_factory):
    return written(tmp_path_factory.mktemp("guide"), "guide.flac", in_room(sung(SONG, seed=100, jitter=0), seed=7))


def aligned(guide, take):
    inputs = {"guide": Input(path=guide), "take": Input(path=take)}
    return record_from(align.run(AlignOrder(guide=HEARD, take=HEARD), inputs, take), Alignment)


@pytest.mark.parametrize(("seed", "lead", "ppm", "octave"), [(0, 30.0, 100, 0), (3, 2.0, -100, -1)])
def test_a_take_is_found_on_its_guides_clock(tmp_path, guide, seed, lead, ppm, octave):
    take = written(tmp_path, "take.flac", take_of(SONG, seed=seed, lead=lead, ppm=ppm, octave=octave))
    found = aligned(guide, take)
    missed = [
        float(found.take_time(Fraction(at))) - (lead + at) * (1 + ppm / 1e6)
        for at in (SECONDS // 4, SECONDS // 2, SECONDS * 3 // 4)
    ]
    assert max(map(abs, missed)) < 0.010, (found, missed)
    assert found.confidence > 0.8, found


def test_a_take_of_another_song_in_the_same_key_and_at_the_same_speed_is_known_for_one(tmp_path, guide):
    other = song(seed=2, seconds=SECONDS)
    found = aligned(guide, written(tmp_path, "other.flac", take_of(other, seed=5, lead=1.0, ppm=0)))
    assert found.confidence < CONFIDENCE_LEAST - 0.2, found


def test_silence_and_a_moment_are_no_take(tmp_path, guide):
    for length in (100, 48_000 * 20):
        assert aligned(guide, written(tmp_path, f"{length}.wav", SILENCE[:length])).confidence == 0
