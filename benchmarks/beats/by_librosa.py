"""Beats as librosa's trackers find them, each as its documentation calls it; the library is no dependency of ours."""

from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

WAYS = ("beat_track, hop 512", "beat_track, hop 128", "beat_track, hop 512, tempo free", "plp")
Seconds = NDArray[np.float64]


def installed() -> bool:
    """Whether it is there."""
    return find_spec("librosa") is not None


class Librosa:
    """The library, imported; it is Any to the type checker, which need not have it."""

    def __init__(self):
        self._all: Any = import_module("librosa")
        self.version: str = self._all.__version__

    def loaded(self, song: Path) -> tuple[NDArray[np.float32], int]:
        """A song as ``librosa.load`` gives it: one channel at 22,050 a second, and that rate."""
        return self._all.load(str(song))

    def heard(self, way: str, sound: NDArray[np.float32], rate: int) -> Seconds:
        """Where its beats are, by one of WAYS, seconds."""
        beat, hop = self._all.beat, 128 if "128" in way else 512
        if way == "plp":
            pulse = beat.plp(y=sound, sr=rate, hop_length=hop)
            frames = np.flatnonzero(self._all.util.localmax(pulse))
            return self._all.frames_to_time(frames, sr=rate, hop_length=hop)
        onsets, tempo = self._all.onset.onset_strength(y=sound, sr=rate, hop_length=hop, aggregate=np.median), None
        if "free" in way:
            tempo = self._all.feature.tempo(onset_envelope=onsets, sr=rate, hop_length=hop, aggregate=None)
        told = {"onset_envelope": onsets, "sr": rate, "hop_length": hop, "units": "time"}
        return beat.beat_track(**told, bpm=tempo)[1]


def main() -> None:
    """Import it and find the beats of ten seconds of noise in every way: what stands before the first song."""
    noise = np.random.default_rng(1).standard_normal(220_500).astype(np.float32)
    librosa = Librosa()
    for way in WAYS:
        librosa.heard(way, noise, 22_050)


if __name__ == "__main__":
    main()
