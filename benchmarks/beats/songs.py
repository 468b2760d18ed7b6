"""The 64 songs that beats are looked for in: 32 of all kinds, with drums, and with soft chords and a melody alone."""

from dataclasses import replace

from examples.makers.songs import Score

_SECONDS = 48
"""A song lasts, about: whole bars."""
_TEMPI = (60.37, 70.0, 80.0, 90.37, 100.0, 110.0, 120.37, 130.0, 140.0, 150.37, 160.0, 170.37, 180.0)
"""Beats a minute, each straight and swung; those off whole numbers, lest one be found because it is one."""
_CHANGES = ((90.0, 120.0), (75.0, 140.0), (150.0, 90.0))
"""From one tempo to another in the middle of a song."""
_WALTZES = (92.0, 118.0)
_BY_HAND = (100.0,)


def _bars(bpm: float, *, meter: int = 4, seconds: float = _SECONDS) -> int:
    return round(seconds * bpm / 60 / meter)


def _kinds() -> list[Score]:
    straight = [Score(sections=((_bars(bpm), bpm),)) for bpm in _TEMPI]
    return [
        *straight,
        *(replace(score, swing=2 / 3) for score in straight),
        *(Score(sections=tuple((_bars(bpm, seconds=_SECONDS / 2), bpm) for bpm in pair)) for pair in _CHANGES),
        *(Score(sections=((_bars(bpm, meter=3), bpm),), meter=3) for bpm in _WALTZES),
        *(Score(sections=((_bars(bpm), bpm),), humanly=0.01) for bpm in _BY_HAND),
    ]


def scores() -> list[Score]:
    """Them all, in an order whose every beginning has some with drums and some without."""
    numbered = enumerate(_kinds(), start=1)
    kinds = [replace(score, pickup=number % 3, seed=number) for number, score in numbered]
    return [replace(score, drums=drums) for score in kinds for drums in (True, False)]
