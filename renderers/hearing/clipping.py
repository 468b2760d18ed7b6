"""Counts the samples of a contribution that were clipped: flattened at the top of what its recorder could hold.

The rule is that of editors (Audacity's "Find Clipping" takes three samples in a row at full scale), with two conditions
in place of full scale, since nobody knows at which level a file was clipped: the samples are equal and the largest of
their sign in the whole file, and the sound comes to them and leaves them in steps that rounding to that file's own
values does not explain. So a clipped recording that was turned down later is found, and the round top of a low tone is
not. What was clipped before a lossy encoder got it is no longer flat, and is not counted.
"""

from typing import Any

import numpy as np
from av import AudioFrame, AudioResampler
from numpy.typing import NDArray

from crowdcut.sound.hearing import Clipping
from crowdcut.sound.spoken import Runs, merged
from crowdcut.timing import SAMPLE_RATE

_RUN_LEAST = 3
"""Samples in a row that are clipped together: what editors take too."""
_STEPS_LEAST = 6
"""How many of the file's own steps a clipped run lies above the samples beside it. The round top of a wave that was
rounded to three equal samples lies at most 2.8 above them, the parabola's (5/3)^2; twice that where the steps change
just there, as those of mu-law do."""
_NEAR_TOP = 0.9
"""Part of the highest level from which on the file's steps are looked at."""
_LEVEL_LEAST = 0.05
"""Of full scale: no recorder clips below -26 dBFS."""
_RUNS_TOLD = 3
"""Fewer clipped runs in a file are chance."""
_APART_SAMPLES = SAMPLE_RATE // 2
"""At 48 kHz. Clipped runs that are nearer to each other are one place."""
_BLOCK = 16_384
"""Source samples that are looked at together."""
_LONGEST_CARRIED = 65_536
"""Samples of an unfinished run that are kept; what stays the same for longer is no sound."""
_MOST_PLANES = 7
"""PyAV reads past the end of a frame with eight and more."""

Wave = NDArray[np.float32]
"""[shape=(n,)] one channel, 1.0 is full scale."""


class _Top:
    """The clipped runs of one channel, on one side of zero."""

    def __init__(self) -> None:
        self.level = 0.0
        self._step = 1.0
        """The smallest difference of two values near the top."""
        self._forget()

    def _forget(self) -> None:
        """All that was found belongs to a level that was not the highest."""
        self.samples, self.runs = 0, 0
        self.places: Runs = []

    def take(self, wave: Wave, first: int, rate: int, *, seen: int) -> None:
        """Look through ``wave``, whose first sample is the stream's number ``first``; its first ``seen`` were looked at
        before. Runs at its ends are left."""
        highest = float(wave.max())
        if highest < self.level:
            return
        if highest > self.level:
            self.level = highest
            self._forget()
        if highest < _LEVEL_LEAST:
            return
        steps = np.diff(np.unique(wave[wave > np.float32(_NEAR_TOP * highest)]))
        self._step = min(self._step, float(steps.min(initial=1.0)))
        at_top = wave == np.float32(highest)
        edges = np.flatnonzero(np.diff(at_top, prepend=False, append=False))
        starts, ends = edges[::2], edges[1::2]
        inside = (ends - starts >= _RUN_LEAST) & (starts > 0) & (ends < len(wave)) & (ends >= seen)
        starts, ends = starts[inside], ends[inside]
        clipped = highest - np.maximum(wave[starts - 1], wave[ends]) > _STEPS_LEAST * self._step
        if clipped.any():
            self.samples += int((ends - starts)[clipped].sum())
            self.runs += int(clipped.sum())
            self.places += _places((starts[clipped] + first) * SAMPLE_RATE // rate)


def _places(starts: NDArray[np.int64]) -> Runs:
    """Clipped runs, which begin at ``starts`` (48 kHz), brought together to places."""
    firsts = np.flatnonzero(np.diff(starts, prepend=starts[0] - _APART_SAMPLES) >= _APART_SAMPLES)
    lasts = np.append(firsts[1:] - 1, len(starts) - 1)
    return list(zip(starts[firsts].tolist(), starts[lasts].tolist(), strict=True))


def _scaled(stored: NDArray[Any], channels: int, *, packed: bool) -> NDArray[np.float32]:
    """[shape=(channels, n)] of a frame's samples as PyAV gives them; 1.0 is full scale, no numbers are silence."""
    waves = stored.reshape(-1, channels).T if packed else stored
    if waves.dtype.kind == "u":
        return np.divide(waves.astype(np.int16) - 128, 128, dtype=np.float32)
    if waves.dtype.kind == "i":
        return np.divide(waves, -float(np.iinfo(waves.dtype).min), dtype=np.float32)
    plain: NDArray[np.float32] = waves.astype(np.float32)
    plain[~np.isfinite(plain)] = 0
    return plain


def _alike_at_end(wave: Wave) -> int:
    """How many of the last samples are the same."""
    others = np.flatnonzero(wave != wave[-1])
    return len(wave) - 1 - int(others[-1]) if len(others) else len(wave)


class ClipFinder:
    """Takes the frames of a stream as they were decoded; :meth:`clipping` ends it."""

    def __init__(self) -> None:
        self._form: tuple[str, str, int] | None = None
        self._packing: AudioResampler | None = None
        self._waiting: list[NDArray[np.float32]] = []
        self._length, self._first, self._seen = 0, 0, 0
        """Of what is waiting: samples, the first one's number in the stream's own time, samples that were looked at."""
        self._tops: list[_Top] = []
        self._ended: list[_Top] = []
        """Of what the stream was before its rate or its channels changed."""

    def take(self, frame: AudioFrame, place: int) -> None:
        """The next frame. ``place``: its first sample's number in the stream's own time."""
        form = frame.format.name, frame.layout.name, frame.rate
        channels = frame.layout.nb_channels
        if form != self._form:
            self._look(goes_on=False)
            self._ended += [top for top in self._tops if top.runs]
            self._form, self._tops = form, [_Top() for _ in range(2 * channels)]
            planar = frame.format.is_planar and channels > _MOST_PLANES
            self._packing = AudioResampler("flt", frame.layout) if planar else None
        elif place != self._first + self._length:
            self._look(goes_on=False)
        if not self._length:
            self._first = place
        for one in [frame] if self._packing is None else self._packing.resample(frame):
            self._waiting.append(_scaled(one.to_ndarray(), channels, packed=one.format.is_packed))
            self._length += one.samples
        if self._length >= _BLOCK:
            self._look(goes_on=True)

    def _look(self, *, goes_on: bool) -> None:
        """Look through what is waiting; what is alike at its end is looked at again where the sound goes on."""
        if not self._length or self._form is None:
            return
        waves, rate = np.concatenate(self._waiting, axis=1), self._form[2]
        for number, wave in enumerate(waves):
            self._tops[2 * number].take(wave, self._first, rate, seen=self._seen)
            self._tops[2 * number + 1].take(-wave, self._first, rate, seen=self._seen)
        kept = max(self._unfinished(number, wave) for number, wave in enumerate(waves)) + 1 if goes_on else 0
        self._seen = min(kept, waves.shape[1]) if kept <= _LONGEST_CARRIED else 0
        self._waiting = [waves[:, waves.shape[1] - self._seen :]] if self._seen else []
        self._first += waves.shape[1] - self._seen
        self._length = self._seen

    def _unfinished(self, channel: int, wave: Wave) -> int:
        """How many of a channel's last samples may be the beginning of a clipped run."""
        upper, lower = (one.level for one in self._tops[2 * channel : 2 * channel + 2])
        return _alike_at_end(wave) if wave[-1] in (upper, -lower) and wave[-1] else 0

    def clipping(self) -> Clipping | None:
        """What was clipped of everything taken; None for nothing worth a word."""
        self._look(goes_on=False)
        tops = [top for top in (*self._ended, *self._tops) if top.runs]
        if sum(top.runs for top in tops) < _RUNS_TOLD:
            return None
        places = merged((place for top in tops for place in top.places), _APART_SAMPLES)
        return Clipping(samples=sum(top.samples for top in tops), places=len(places), first_sample=places[0][0])
