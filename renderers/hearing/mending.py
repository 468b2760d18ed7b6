"""Sound with what is wrong with it taken away, sample for sample where it was: nothing is moved in time."""

from collections.abc import Iterable, Iterator
from itertools import chain

import numpy as np
from av import AudioFrame

from crowdcut.sound.hearing import Treatment
from crowdcut.timing import SAMPLE_RATE
from renderers.loudness.meter import stereo_graph
from renderers.sound.pcm import CHANNELS, Samples, frame_of, joined, samples_of
from renderers.sound.place import Placed

SETTLING_SAMPLES = 2 * SAMPLE_RATE
"""How much sound before what is wanted filters hear first: a notch 3 Hz wide forgets all but a millionth of what it
heard in 1.5 s."""
_BEFORE_SAMPLES = SAMPLE_RATE
"""About so much of a sound's beginning is heard by the filters before it, so that they know its hum when it begins."""
_BEFORE_TIMES = 2
_BUTTERWORTH = (0.5412, 1.3066)
"""Q of the two halves of a Butterworth filter of the fourth order: 1 / (2 cos(pi/8)) and 1 / (2 cos(3 pi/8))."""
_SIDES = ("left", "right")
_CENTRE = np.float32(np.sqrt(0.5))
"""As mono is put on both sides, at -3 dB."""


def _filters(treatment: Treatment) -> list[tuple[str, str]]:
    """FFmpeg's filters and their arguments; second-order sections in 64 bits, which add no delay of their own."""
    filters = []
    if treatment.high_pass_hz is not None:
        below = f"frequency={treatment.high_pass_hz}:width_type=q:precision=f64"
        filters += [("highpass", f"{below}:width={q}") for q in _BUTTERWORTH]
    for middle, width in treatment.notches:
        filters.append(("bandreject", f"frequency={middle}:width_type=h:width={width}:precision=f64"))
    return [*filters, ("aformat", "sample_fmts=fltp")] if filters else []


def _period_samples(treatment: Treatment) -> int:
    """How long a part of the beginning is that holds whole waves of the hum."""
    hertz = min(middle for middle, _ in treatment.notches)
    return round(round(_BEFORE_SAMPLES * hertz / SAMPLE_RATE) * SAMPLE_RATE / hertz)


class Mender:
    """Takes consecutive blocks, and gives as many samples as it takes."""

    def __init__(self, treatment: Treatment):
        self._treatment = treatment
        filters = _filters(treatment)
        self._graph = stereo_graph(*filters) if filters else None
        self._pushed = 0
        self.settled = not treatment.notches
        """Whether the filters know the hum, or need not."""

    def settle(self, samples: Samples) -> None:
        """Have the filters hear the hum that ``samples``, the first that will be taken, begin with."""
        before = self._sides(samples[:, : _period_samples(self._treatment)])
        for _ in range(_BEFORE_TIMES):
            self._filtered(before)
        self.settled = True

    def take(self, samples: Samples) -> Samples:
        """The next samples, mended; [shape=(2, n)]."""
        return self._filtered(self._sides(samples))

    def _sides(self, samples: Samples) -> Samples:
        treatment = self._treatment
        if any(treatment.offset):
            samples = samples - np.array(treatment.offset, np.float32)[:, None]
        if treatment.centred is not None:
            only = samples[_SIDES.index(treatment.centred)] * _CENTRE
            samples = np.stack([only] * CHANNELS)
        elif treatment.turn_right:
            samples = np.stack([samples[0], -samples[1]])
        return samples

    def _filtered(self, samples: Samples) -> Samples:
        if self._graph is None or not samples.shape[1]:
            return samples
        self._graph.push(frame_of(samples, start=self._pushed))
        self._pushed += samples.shape[1]
        found = self._graph.pull()
        assert isinstance(found, AudioFrame)
        return samples_of(found)


def mended(sound: Iterable[Placed], treatment: Treatment) -> Iterator[Placed]:
    """Consecutive sound, mended. Gaps stay as they are, and filters hear nothing of them."""
    if treatment == Treatment():
        yield from sound
        return
    mender, waiting, held = Mender(treatment), list[Placed](), 0
    for placed in chain(sound, [None]):
        if placed is not None:
            waiting.append(placed)
            held += placed.samples.shape[1]
        # The beginning is looked at as a whole; after that all is given out as it comes.
        if placed is None or mender.settled or held >= 2 * _BEFORE_SAMPLES:
            if waiting and not mender.settled:
                mender.settle(joined([one.samples for one in waiting]))
            for one in waiting:
                yield Placed(start=one.start, samples=mender.take(one.samples))
            waiting.clear()
