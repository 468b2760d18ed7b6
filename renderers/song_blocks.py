"""All of a song's sound, for what listens to it as a whole."""

from collections.abc import Iterator
from contextlib import closing
from itertools import chain
from pathlib import Path

from crowdcut.findings import Finding, JobFailed
from crowdcut.sound_orders import Heard
from crowdcut.timing import SAMPLE_RATE
from renderers.decode_sound import placed_sound
from renderers.pcm import BLOCK_SAMPLES, Samples, silence
from renderers.place_sound import Damage, consecutive

MOST_SECONDS = 1800
"""Memory grows with the length of what is heard as a whole."""


def song_blocks(path: Path, heard: Heard) -> Iterator[Samples]:
    """The sound from source time 0 on, gaps filled with silence. Raises JobFailed."""
    at = 0
    sound = placed_sound(path, stream=heard.stream, origin=heard.origin, start_sample=0, damage=Damage())
    with closing(sound):
        for placed in consecutive(sound, start=0):
            if placed.end_exclusive > MOST_SECONDS * SAMPLE_RATE:
                raise JobFailed(
                    [
                        Finding(
                            rule="long-take",
                            owner="contributor",
                            found=f"{path.name} is longer than {MOST_SECONDS // 60} minutes",
                            way_out="Ask for the song alone.",
                        )
                    ]
                )
            gaps = (silence(min(BLOCK_SAMPLES, placed.start - one)) for one in range(at, placed.start, BLOCK_SAMPLES))
            yield from chain(gaps, [placed.samples])
            at = placed.end_exclusive
