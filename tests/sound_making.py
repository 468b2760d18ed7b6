"""The sound of a delivery without its picture: the jobs of a plan, run in this process."""

from copy import copy
from importlib import import_module
from pathlib import Path

import av
import numpy as np
from numpy.typing import NDArray

from crowdcut.delivery import Delivery
from crowdcut.plan import Job
from renderers import JOBS
from renderers.job import Input
from renderers.sound.kept import kept_packets, kept_stream
from renderers.sound.pcm import CHANNELS

Heard = NDArray[np.float64]
"""[shape=(2, n)] 1.0 is full scale."""


class Sounding:
    """The sound jobs of a plan, each run once; their files lie in ``folder``."""

    def __init__(self, delivery: Delivery, folder: Path):
        self._jobs = {job.key: job for job in delivery.plan.jobs}
        self._folder, self._done = folder, dict[str, Input]()

    def run(self, job: Job) -> Input:
        """What a job made, and before it all that it needs."""
        if job.key not in self._done:
            needed = {name: self.run(self._jobs[key]) for name, key in job.jobs.items()}
            files = {name: Input(path=path) for name, path in job.files.items()}
            out = self._folder / job.key / "file"
            out.parent.mkdir(parents=True)
            facts = import_module(JOBS[job.kind][0]).run(job.order, files | needed, out)
            self._done[job.key] = Input(path=out, facts=facts)
        return self._done[job.key]

    def anew(self, folder: Path, *kinds: str) -> "Sounding":
        """The same, with jobs of some kinds run again."""
        other = copy(self)
        other._folder = folder
        other._done = {key: made for key, made in self._done.items() if self._jobs[key].kind not in kinds}
        return other


def raw(made: Input) -> Heard:
    """The samples of a raw file."""
    assert made.path is not None
    return np.fromfile(made.path, "<f4").reshape(-1, CHANNELS).T.astype(np.float64)


def in_a_film(sound: Path) -> Path:
    """An MP4 file beside a programme's finished ``sound``, which it has as a film has it."""
    film = sound.with_name(f"{sound.name}.mp4")
    with av.open(str(film), "w", format="mp4", options={"movie_timescale": "240000"}) as container:
        stream = kept_stream(container, sound)
        for packet in kept_packets(sound):
            packet.stream = stream
            container.mux(packet)
    return film


def decoded(file: Path) -> Heard:
    """A film's sound, or a film's sound alone, from its beginning on as a player gives it."""
    with av.open(str(file)) as container:
        frames = [(frame.pts or 0, frame.to_ndarray()) for frame in container.decode(audio=0)]
    return np.concatenate([samples for _, samples in frames], axis=1)[:, max(0, -frames[0][0]) :].astype(np.float64)
