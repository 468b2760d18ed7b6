"""The folder of other people's media, where it is there, and the sounds in it."""

import csv
import os
from pathlib import Path

import numpy as np
import pytest
from av.error import FFmpegError

from crowdcut.findings import JobFailed
from renderers.files.door import opened
from renderers.sound.decode import placed_sound
from renderers.sound.pcm import Samples, silence
from renderers.sound.place import Damage, consecutive

MEDIA = Path(os.environ.get("CROWDCUT_MEDIA", Path(__file__).parents[2] / "shared" / "media"))
needs_media = pytest.mark.skipif(
    not (MEDIA / "MANIFEST.tsv").is_file(), reason=f"no folder of other people's media at CROWDCUT_MEDIA={MEDIA}"
)


def heard_paths() -> list[str]:
    """Every file in which MANIFEST.tsv knows of a sound, relative to the folder, in its order."""
    with (MEDIA / "MANIFEST.tsv").open(encoding="utf-8", newline="") as stream:
        return [row["path"] for row in csv.DictReader(stream, delimiter="\t") if row["audio"]]


def whole_sound(path: Path) -> Samples | None:
    """All of a file's sound as a film would use it, gaps silent: [shape=(2, n)]; None where none can be decoded."""
    parts: list[Samples] = [silence(0)]
    end = None
    try:
        with opened(path) as container:
            index = container.streams.audio[0].index
        for placed in consecutive(placed_sound(path, stream=index, damage=Damage())):
            parts += [silence(0 if end is None else placed.start - end), placed.samples]
            end = placed.end_exclusive
    except (JobFailed, FFmpegError):
        return None
    return np.concatenate(parts, axis=1)
