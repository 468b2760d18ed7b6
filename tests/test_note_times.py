"""When notes begin, alike for voices that swell and voices that strike; and a take is laid by them."""

from functools import lru_cache

import numpy as np
import pytest

from examples.makers.choir import in_room, song, sung
from renderers.onsets import sung_in
from renderers.song import note_line, note_times
from renderers.song.note_line import Line, line_through

SONG = song(seed=1, seconds=18)
SWELLING, STRIKING = 10, 34
"""Seeds of voices that take 48 and 15 ms to come."""


@lru_cache
def voice(seed):
    """The song, exactly in time."""
    sound = in_room(sung(SONG, seed=seed, jitter=0), seed=seed)
    return np.stack([sound, sound])


def early_ms(seed):
    """By how much the notes of one voice are told early, the median."""
    notes = sung_in([voice(seed)]).notes
    begun = np.array([(one.start * 100, one.pitch % 12) for one in SONG])
    away = [notes[:, 0][notes[:, 1] == pitch] - at for at, pitch in begun if (notes[:, 1] == pitch).any()]
    nearest = np.array([one[np.abs(one).argmin()] for one in away])
    assert np.count_nonzero(np.abs(nearest) < 6) > len(SONG) / 2
    return float(np.median(nearest[np.abs(nearest) < 6])) * -10


@pytest.mark.parametrize("fair", [True, False])
def test_slow_and_fast_attacks_are_told_alike(monkeypatch, fair):
    """Within 3 ms; by where a rise's foot is seen, without drawing it on, they are further apart."""
    if not fair:
        monkeypatch.setattr(note_times, "_FOOT", 0.45)
        monkeypatch.setattr(note_times, "_DRAWN_ON", 0.0)
    apart = abs(early_ms(SWELLING) - early_ms(STRIKING))
    assert apart < 3 if fair else apart > 6


def test_silence_has_no_notes():
    for samples in (10, 48_000 * 9):
        assert sung_in([np.zeros((2, samples), np.float32)]).notes.shape == (0, 2)


def notes_at(times, classes):
    return np.stack([times, classes], axis=1)


def test_a_line_goes_through_the_notes_that_meet():
    """Notes up to 80 ms off, a fifth of them missing, as many that are none: within 6 ms of the singer's own mean."""
    rng = np.random.default_rng(4)
    times, classes = np.arange(100.0, 30_000, 60), rng.integers(12, size=499).astype(float)
    late = rng.uniform(-8, 8, len(times))
    sung_at = 3000 + times * (1 + 60e-6) + late
    kept = rng.random(len(times)) > 0.2
    false = rng.uniform(3000, 33_000, 100)
    take = notes_at(np.r_[sung_at[kept], false], np.r_[classes[kept], rng.integers(12, size=100)])
    take = take[np.argsort(take[:, 0])]
    found = line_through(notes_at(times, classes), take, Line(start=3001.5, slope=0.0))
    middle = np.array([15_000.0])
    assert float(found.of(middle)[0] - 3000 - middle[0] * (1 + 60e-6)) == pytest.approx(late[kept].mean(), abs=0.6)
    assert found.slope == pytest.approx(60e-6, abs=40e-6)


def test_through_a_few_notes_no_line_is_drawn():
    placed = Line(start=10.0, slope=1e-4)
    few = notes_at(np.arange(7.0) * 100, np.zeros(7))
    assert line_through(few, few, placed) is placed
    assert line_through(few[:0], few, placed) is placed


def late_line(late, *, chance=0.0, seed=7):
    """A line through notes every half second that are so late (frames), a share of them met by ``chance``: how far off
    it is in its middle, frames."""
    rng = np.random.default_rng(seed)
    times, classes = np.arange(100.0, 100 + 50 * len(late), 50), np.arange(len(late)) % 12.0
    strange = rng.random(len(late)) < chance
    sung_at = 3000 + times + np.where(strange, rng.uniform(-13, 13, len(late)), late)
    found = line_through(notes_at(times, classes), notes_at(sung_at, classes), Line(start=3001.5, slope=0.0))
    middle = np.array([times.mean()])
    return float(found.of(middle)[0] - 3000 - middle[0])


def spread(make):
    """Deviation of that over many singers of 150 notes, of their mean's."""
    rng = np.random.default_rng(3)
    all_late = [make(rng, 150) for _ in range(60)]
    means = np.array([one.mean() for one in all_late])
    return float(np.std([late_line(one) for one in all_late]) / means.std())


@pytest.mark.parametrize("adapted", [True, False])
def test_who_is_early_and_late_within_limits_is_told_by_the_most(monkeypatch, adapted):
    """A quarter nearer than by the mean; by least squares no nearer."""
    if not adapted:
        monkeypatch.setattr(note_line, "_STEEPEST", 2.0)
    found = spread(lambda rng, count: rng.uniform(-8, 8, count))
    assert found < 0.75 if adapted else found > 0.9


def test_who_is_so_by_a_bell_curves_chances_is_told_as_well_as_by_the_mean():
    assert spread(lambda rng, count: np.clip(rng.normal(0, 3, count), -12, 12)) < 1.1


@pytest.mark.parametrize("apart", [True, False])
def test_what_is_met_by_chance_moves_nobody_who_is_in_time(monkeypatch, apart):
    """Played within 1 ms, and of each five notes one that is another's: laid within 1.5 ms; up to 9 otherwise."""
    if not apart:
        monkeypatch.setattr(note_line, "_SPREADS", np.inf)
        monkeypatch.setattr(note_line, "_FLATTEST", 2.0)
    rng = np.random.default_rng(5)
    off = max(abs(late_line(rng.uniform(-0.1, 0.1, 80), chance=0.2, seed=seed)) for seed in range(9))
    assert off < 0.15 if apart else off > 0.5
