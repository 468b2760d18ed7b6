"""Takes are judged by their recorder's clock, by their notes as they were sung, and by what can be known."""

from fractions import Fraction

import numpy as np
import pytest

from benchmarks.takes.judging import Truth, laid, off, summary
from crowdcut.song.takes import Alignment

NOTES = np.arange(0.5, 100, 0.5)


def truth(sung):
    return Truth(seconds=100, lead=30.0, ppm=100, notes=NOTES, sung=np.array(sung))


def test_a_clock_is_judged_at_start_middle_and_end():
    """Laid 4 ms late at the start, by a clock that is thought to be 80 millionths slower than it is."""
    found = Alignment(offset=Fraction("30.007"), drift_ppm=20, confidence=1.0, residual_ms=0.0, windows=9)
    of = truth((30 + NOTES) * (1 + 1e-4))
    away = off(laid(found, of), of.by_clock)
    assert (away.mean_ms, away.worst_ms) == (pytest.approx(0), pytest.approx(4))
    assert off(laid(found, of), of.by_notes).worst_ms == pytest.approx(4)


def test_a_singer_who_is_late_all_along_is_judged_by_the_notes():
    of = truth((30 + NOTES) * (1 + 1e-4) + 0.02)
    assert of.by_notes - of.by_clock == pytest.approx(0.02)


def test_what_can_be_known_is_the_singers_mean():
    rng = np.random.default_rng(1)
    late = rng.normal(0, 0.046, len(NOTES))
    of = truth((30 + NOTES) * (1 + 1e-4) + late)
    away = off(of.knowable, of.by_clock)
    assert 0 < away.mean_ms < 10
    assert off(of.knowable, of.by_notes).mean_ms < 4


def test_errors_are_summed_up():
    assert str(summary([12.04, 1.0, 10.0])) == "10.0  12.0   2"
