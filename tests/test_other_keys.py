"""A take in another key lies in time and sounds wrong: it is refused, and told by how much it is off."""

from dataclasses import replace
from fractions import Fraction

import numpy as np
import pytest

from crowdcut.song.takes import Alignment
from examples.makers.choir import in_room, song, sung
from renderers import align
from renderers.onsets import sung_in
from renderers.song import take_voices

SONG = song(seed=1, seconds=30)


def heard(semitones, seed, **how):
    notes = [replace(one, pitch=one.pitch + semitones) for one in SONG]
    sound = in_room(sung(notes, seed=seed, **how), seed=seed)
    return sung_in([np.stack([sound, sound])])


@pytest.fixture(scope="module")
def guide():
    return heard(0, 100, jitter=0)


@pytest.mark.parametrize("semitones", [-1, 1, 2, 6])
def test_a_take_in_another_key_is_refused_with_its_interval(guide, semitones):
    found = align.aligned(guide, heard(semitones, 5, lead=2.0))
    assert (found.trusted, found.semitones) == (False, semitones), found


def test_one_that_is_not_asked_for_its_key_passes_a_semitone_off(monkeypatch, guide):
    """For one of the two ways: a singer is a little sharp or flat."""
    monkeypatch.setattr(take_voices, "semitones_higher", lambda *_: 0)
    assert any(align.aligned(guide, heard(by, 5, lead=2.0)).trusted for by in (-1, 1))


def test_the_guides_key_is_taken_an_octave_away_too(guide):
    for octave in (0, -1):
        found = align.aligned(guide, heard(0, 5, lead=2.0, octave=octave))
        assert (found.trusted, found.semitones) == (True, 0), found


def test_trust_is_in_the_key():
    found = Alignment(offset=Fraction(0), drift_ppm=0, confidence=0.9, residual_ms=0.0, windows=9)
    assert found.trusted
    assert not replace(found, semitones=-1).trusted
