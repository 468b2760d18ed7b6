"""All of a song's sound, for what listens to it as a whole."""

from collections.abc import Iterable, Iterator
from contextlib import closing
from pathlib import Path

from crowdcut.findings import Finding, JobFailed
from crowdcut.sound.orders import Heard
from crowdcut.timing import SAMPLE_RATE
from renderers.sound.decode import placed_sound
from renderers.sound.pcm import Samples
from renderers.sound.place import Damage, Placed, consecutive, filled

MOST_SECONDS = 1800
"""Memory grows with the length of what is heard as a whole."""


def _limited(sound: Iterable[Placed], name: str) -> Iterator[Placed]:
    """The same sound. Raises JobFailed where it is longer than :data:`MOST_SECONDS`."""
    for placed in sound:
        if placed.end_exclusive > MOST_SECONDS * SAMPLE_RATE:
            found = f"{name} is longer than {MOST_SECONDS // 60} minutes"
            raise JobFailed(
                [Finding(rule="long-take", owner="contributor", found=found, way_out="Ask for the song alone.")]
            )
        yield placed


def song_blocks(path: Path, heard: Heard) -> Iterator[Samples]:
    """The sound from source time 0 on, gaps filled with silence. Raises JobFailed."""
    with closing(
        placed_sound(path, stream=heard.stream, origin=heard.origin, start_sample=0, damage=Damage())
    ) as sound:
        for samples, _ in filled(_limited(consecutive(sound, start=0), path.name), start=0):
            yield samples
