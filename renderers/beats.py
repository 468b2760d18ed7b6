"""Find where a song's beats and bars are; or lay them where its library entry says, and hear whether it does so too."""

from collections.abc import Mapping
from dataclasses import replace
from fractions import Fraction
from math import ceil, floor
from pathlib import Path
from typing import Any

import numpy as np

from crowdcut.records import plain
from crowdcut.song.beats import Beats
from crowdcut.sound.orders import BeatsOrder
from renderers.job import Input
from renderers.song.bars import bar_phase
from renderers.song.beat_onsets import FRAMES_A_SECOND, Curve, Numbers, nearby, onset_curve
from renderers.song.beat_refining import refined
from renderers.song.beat_tracking import FASTEST, SLOWEST, Frames, liking, struck, tempi, tracked
from renderers.song.song_blocks import song_blocks

_WEAK = 0.2
"""Of the usual onset on a beat: what is weaker, before the first that is stronger and after the last, is silence."""
_AS_WELL = 0.75
"""Of what speaks for the tempo that was taken. In made songs whose tempo was missed the true one had 0.8 and more."""
_BARS = 4
"""Over which a drift is told."""


def _rounded(seconds: float) -> Fraction:
    """To a tenth of a millisecond: the same on machines whose transforms round differently."""
    return Fraction(round(seconds * 10_000), 10_000)


def _tempo(seconds: Numbers) -> Fraction:
    """Beats a minute of beats, to a hundredth."""
    return Fraction(round(6000 / float(np.median(np.diff(seconds)))), 100)


def _sounding(frames: Frames, strength: Numbers) -> Frames:
    """From the first beat with an onset to the last."""
    at = nearby(strength, 6)[frames]
    heard = np.flatnonzero(at > _WEAK * np.median(at)) if len(at) else at
    return frames[heard[0] : heard[-1] + 1] if len(heard) else frames[:0]


def _case_for(strength: Numbers, frames: Frames) -> float:
    """What speaks for these beats, as ``tracked`` weighs it."""
    lengths = np.diff(frames) / FRAMES_A_SECOND
    onsets = float((struck(lengths) * nearby(strength, 4)[frames[1:]]).sum() / lengths.sum())
    return onsets + float(liking(60 / np.median(lengths, keepdims=True))[0])


def _other_tempo(strength: Numbers, frames: Frames, bpm: Fraction) -> Fraction | None:
    """Twice or half of ``bpm``, the likelier, if it is about as likely."""
    between = np.sort(np.concatenate([frames, (frames[1:] + frames[:-1]) // 2]))
    ways = ((bpm * 2, between), (bpm / 2, frames[::2]), (bpm / 2, frames[1::2]))
    cases = [(_case_for(strength, one), tempo) for tempo, one in ways if SLOWEST <= tempo <= FASTEST and len(one) > 2]
    best, tempo = max(cases, default=(-np.inf, bpm))
    return tempo if best > _AS_WELL * _case_for(strength, frames) else None


def found(curve: Curve, meter: int, *, bpm: Fraction | None = None, first_bar: Fraction | None = None) -> Beats:
    """Beats and bars by listening; none in silence. bpm : about the tempo; first_bar : where a bar begins."""
    frames = _sounding(tracked(curve.strength, tempi(None if bpm is None else float(bpm))), curve.strength)
    if len(frames) < 2 * meter or len(frames) < 4:
        return Beats(times=(), bar_starts=(), bpm=bpm or Fraction(0), meter=meter, confidence=0.0, guessed=True)
    seconds, share = refined(curve.strength, frames)
    if first_bar is None:
        phase = bar_phase(curve, frames, meter)
    else:
        phase = int(np.abs(seconds - float(first_bar)).argmin()) % meter
    tempo = _tempo(seconds)
    return Beats(
        times=tuple(map(_rounded, seconds.tolist())),
        bar_starts=tuple(range(phase, len(frames), meter)),
        bpm=tempo,
        meter=meter,
        confidence=round(share, 2),
        guessed=first_bar is None,
        other_bpm=_other_tempo(curve.strength, frames, tempo) if bpm is None else None,
    )


def laid(bpm: Fraction, first_bar: Fraction, meter: int, seconds: float) -> Beats:
    """Beats as the library says, over ``seconds`` of sound."""
    beat = 60 / bpm
    first, last = ceil(-first_bar / beat), floor((Fraction(seconds) - first_bar) / beat)
    numbers = range(first, last + 1)
    return Beats(
        times=tuple(first_bar + number * beat for number in numbers),
        bar_starts=tuple(place for place, number in enumerate(numbers) if number % meter == 0),
        bpm=bpm,
        meter=meter,
        confidence=1.0,
        guessed=False,
    )


def _compared(given: Beats, heard: Beats) -> Beats:
    """``given``, with what is to be said of the beats that were heard near its tempo."""
    if not given.times or not heard.times:
        return given  # too short to tell, or silence
    beat = float(60 / given.bpm)
    away = (np.array([float(one) for one in heard.times]) - float(given.times[0])) / beat
    # From one beat to the next a drift is small, so that it may grow past half a beat unmistaken.
    away = np.unwrap((away - np.round(away)) * 2 * np.pi) / (2 * np.pi) * beat
    few = min(len(away), _BARS * given.meter)
    usual = np.median(np.lib.stride_tricks.sliding_window_view(away, few), axis=1)
    return replace(
        given,
        heard=heard.confidence,
        apart_ms=round(float(np.abs(usual).max()) * 1000, 1),
        heard_bpm=heard.bpm,
    )


def run(order: BeatsOrder, inputs: Mapping[str, Input], out: Path) -> dict[str, Any]:
    """Listen to all of it; nothing is written to ``out``. The facts are a Beats as plain data.

    Raises JobFailed naming a file that cannot be decoded or is too long.
    """
    del out
    path = inputs["file"].path
    assert path is not None
    curve = onset_curve(song_blocks(path, order.heard))
    heard = found(curve, order.meter, bpm=order.bpm, first_bar=order.first_bar)
    if order.bpm is None or order.first_bar is None:
        return plain(heard)
    return plain(_compared(laid(order.bpm, order.first_bar, order.meter, curve.seconds), heard))
