"""A choir that never met: nobody in the folder sings along with anybody, so these takes are made, with their pictures.

Each singer begins at another time, by another clock, in a room and a voice of their own; a face opens its mouth as far
as its voice is loud, so that anybody can see whether they are together.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from examples.makers.choir import RATE, Mono, by_clock, in_room, song, sung
from examples.makers.clips import Picture, write_clip
from examples.makers.sounds import write_sound
from examples.motley.rows import quoted

FOLDER = "choir"
"""In the library."""
GUIDE = "band.flac"
SECONDS = 30
_WIDTH, _HEIGHT, _FRAME_RATE = 320, 180, 25


@dataclass(frozen=True, slots=True, kw_only=True)
class Singer:
    """One of the choir."""

    name: str
    lead: Fraction
    """Seconds recorded before the song begins; negative: of the song that are missed."""
    ppm: int
    octave: int
    colour: tuple[int, int, int]


SINGERS = (
    Singer(name="Ana", lead=Fraction(3), ppm=40, octave=0, colour=(214, 96, 77)),
    Singer(name="Bo", lead=Fraction(1, 2), ppm=-60, octave=-1, colour=(67, 147, 195)),
    Singer(name="Cy", lead=Fraction(7), ppm=0, octave=-1, colour=(90, 174, 97)),
    Singer(name="Dee", lead=Fraction(-5), ppm=20, octave=0, colour=(153, 112, 171)),
    Singer(name="Eli", lead=Fraction(12, 5), ppm=-15, octave=0, colour=(224, 163, 46)),
    Singer(name="Fay", lead=Fraction(4), ppm=80, octave=0, colour=(110, 110, 110)),
)


def file_of(singer: Singer) -> str:
    """Where a take lies in the library."""
    return f"{FOLDER}/{singer.name.lower()}.mp4"


def _take(singer: Singer, seed: int) -> Mono:
    lead = float(singer.lead)
    voice = sung(song(seed=9, seconds=SECONDS), seed=seed, lead=max(0.0, lead), octave=singer.octave, jitter=0.03)
    return by_clock(in_room(voice, seed=seed), ppm=singer.ppm)[max(0, round(-lead * RATE)) :]


def _face(singer: Singer, sound: Mono) -> Picture:
    """A face whose mouth is open as far as ``sound`` is loud."""
    across, down = np.meshgrid(np.arange(_WIDTH) - _WIDTH / 2, np.arange(_HEIGHT) - _HEIGHT / 2)

    def oval(x: float, y: float, wide: float, high: float) -> NDArray[np.bool_]:
        return ((across - x) / wide) ** 2 + ((down - y) / high) ** 2 < 1

    def frame(number: int) -> NDArray[np.uint8]:
        part = sound[number * RATE // _FRAME_RATE :][: RATE // _FRAME_RATE]
        level = float(np.sqrt(np.mean(np.square(part)))) if len(part) else 0.0
        drawn = np.full((_HEIGHT, _WIDTH, 3), singer.colour, np.uint8)
        drawn[oval(0, 0, 62, 78)] = (236, 201, 172)
        drawn[oval(-24, -20, 8, 9) | oval(24, -20, 8, 9)] = (40, 32, 28)
        drawn[oval(0, 36, 22, 2 + min(24.0, 220 * level))] = (122, 36, 40)
        return drawn

    return frame


def make_choir(library: Path) -> None:
    """Write the guide and all takes into ``library``; those that are there stay."""
    folder = library / FOLDER
    folder.mkdir(parents=True, exist_ok=True)
    if not (folder / GUIDE).exists():
        guide = in_room(sung(song(seed=9, seconds=SECONDS), seed=100, jitter=0), seed=7)
        write_sound(folder / GUIDE, guide[:, None], rate=RATE)
    for seed, singer in enumerate(SINGERS):
        if not (library / file_of(singer)).exists():
            sound = _take(singer, seed)
            write_clip(
                library / file_of(singer),
                width=_WIDTH,
                height=_HEIGHT,
                rate=Fraction(_FRAME_RATE),
                frames=len(sound) * _FRAME_RATE // RATE,
                picture=_face(singer, sound),
                sound=sound[:, None],
            )


def listing() -> Iterator[str]:
    """Entries of the choir in the library's list; it is listed where it was made."""
    yield '[[contributor]]\nid = "band"\nname = "The Band"\n'
    yield f'[[contribution]]\nid = "band"\nfile = "{FOLDER}/{GUIDE}"\nby = ["band"]\nrole = "music"\n'
    for singer in SINGERS:
        id_ = singer.name.lower()
        yield f'[[contributor]]\nid = "{id_}"\nname = {quoted(singer.name)}\n'
        yield f'[[contribution]]\nid = "{id_}"\nfile = "{file_of(singer)}"\nby = ["{id_}"]\nrole = "singing"\n'
