"""What a picture job counts while it renders: pixels whose highlights are clipped or whose colours had to give way, and
pictures of telecined film that are none of the film's."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass


@dataclass(slots=True)
class Strays:
    """Counted on samples of the clips' pictures, not on every pixel."""

    pixels: int = 0
    clipped: int = 0
    """Brighter than the output can show."""
    outside: int = 0
    """Of colours that the output's gamut does not hold."""
    film: int = 0
    """Pictures that telecine was undone for."""
    combed: int = 0
    """Of these, such as had to be deinterlaced."""

    @property
    def shares(self) -> dict[str, float]:
        """Facts of a piece: ``clipped_share``, ``out_of_gamut_share`` and ``combed_share``, parts of 1; none where
        there is nothing."""
        shares = {
            "clipped_share": (self.clipped, self.pixels),
            "out_of_gamut_share": (self.outside, self.pixels),
            "combed_share": (self.combed, self.film),
        }
        return {name: round(count / whole, 4) for name, (count, whole) in shares.items() if count}


_OF_THE_JOB: ContextVar[Strays | None] = ContextVar("strays", default=None)


def count(*, pixels: int, clipped: int, outside: int) -> None:
    """Add to what the present job counts; nothing where there is none."""
    strays = _OF_THE_JOB.get()
    if strays is not None:
        strays.pixels += pixels
        strays.clipped += clipped
        strays.outside += outside


def count_film(*, combed: bool) -> None:
    """Count a picture that telecine was undone for."""
    strays = _OF_THE_JOB.get()
    if strays is not None:
        strays.film += 1
        strays.combed += combed


@contextmanager
def counted() -> Iterator[Strays]:
    """What is counted inside the block."""
    strays = Strays()
    token = _OF_THE_JOB.set(strays)
    try:
        yield strays
    finally:
        _OF_THE_JOB.reset(token)
