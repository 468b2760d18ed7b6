"""The cut that every contender builds: shots over files made by code, or over other people's."""

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

from benchmarks.sources import KINDS, Source, made_sources
from crowdcut.media import Picture
from renderers.examine import examined

RATE = Fraction(24)
"""Frames a second of the film."""
_START = Fraction(1, 2)
"""Source time at which each shot begins, seconds."""
_SPARE = Fraction(1, 2)
"""What a source has left behind the shot, seconds."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Shot:
    """One source from one moment on."""

    source: Source
    start: Fraction
    """Source time, seconds."""
    frames: int
    """Of the film."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Cut:
    """Shots one after another, each whole in the picture (contain) on black, with its own sound."""

    folder: Path
    """Where the sources lie."""
    width: int
    height: int
    shots: tuple[Shot, ...]
    rate: Fraction = RATE

    @property
    def frames(self) -> int:
        """Of the film."""
        return sum(shot.frames for shot in self.shots)

    def seconds(self, shot: Shot) -> float:
        """How long a shot is on screen."""
        return float(shot.frames / self.rate)

    def path(self, shot: Shot) -> Path:
        """A shot's file."""
        return self.folder / shot.source.file


def _shots(sources: tuple[Source, ...], count: int, seconds: Fraction) -> tuple[Shot, ...]:
    return tuple(
        Shot(source=source, start=Fraction(0) if source.still else _START, frames=int(seconds * RATE))
        for source in (sources[number % len(sources)] for number in range(count))
    )


def made_cut(folder: Path, *, shots: int, seconds: Fraction, height: int) -> Cut:
    """A cut of ``shots`` shots of ``seconds`` each, over sources that are made in ``folder``."""
    sources = made_sources(folder, range(min(len(KINDS), shots)), seconds=_START + seconds + _SPARE, height=height)
    return Cut(folder=folder, width=height * 16 // 9 // 2 * 2, height=height, shots=_shots(sources, shots, seconds))


def _upright(picture: Picture) -> tuple[int, int]:
    turned = picture.rotation % 180 != 0
    return (picture.height, picture.width) if turned else (picture.width, picture.height)


def _usable(folder: Path, seconds: Fraction) -> Iterator[Source]:
    """The films in ``folder`` that are long enough and need nothing that only one contender does."""
    for path in sorted(file for file in folder.rglob("*") if file.is_file()):
        media = examined(path, path.suffix.lower())
        picture = media.picture
        if media.kind != "video" or picture is None or media.refusal or media.remarks:
            continue
        odd = picture.sar != 1 or picture.interlaced or picture.bit_depth > 8 or picture.alpha or picture.mirrored
        if odd or picture.duration < _START + seconds + _SPARE:
            continue
        name = str(path.relative_to(folder))
        yield Source(
            name=name.replace("/", " - "),
            file=name,
            size=_upright(picture),
            sound=media.sound is not None,
            seconds=picture.duration,
        )


def cut_over(folder: Path, *, shots: int, seconds: Fraction, height: int) -> Cut:
    """A cut over the films in ``folder``, spread evenly over those that every contender can use.

    Raises ValueError where there are none.
    """
    usable = tuple(_usable(folder, seconds))
    if not usable:
        raise ValueError(f"no film in {folder} is {float(seconds) + 1:g} s long, progressive, SDR and of square pixels")
    count = min(shots, len(usable))
    spread = tuple(usable[number * len(usable) // count] for number in range(count))
    return Cut(folder=folder, width=height * 16 // 9 // 2 * 2, height=height, shots=_shots(spread, shots, seconds))
