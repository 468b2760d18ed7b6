"""What a picture job counts while it renders: pixels whose highlights are clipped or whose colours had to give way."""

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

    @property
    def shares(self) -> dict[str, float]:
        """Facts of a piece: ``clipped_share`` and ``out_of_gamut_share``, parts of 1; none where there is nothing."""
        if not self.pixels:
            return {}
        shares = {"clipped_share": self.clipped, "out_of_gamut_share": self.outside}
        return {name: round(count / self.pixels, 4) for name, count in shares.items() if count}


_OF_THE_JOB: ContextVar[Strays | None] = ContextVar("strays", default=None)


def count(*, pixels: int, clipped: int, outside: int) -> None:
    """Add to what the present job counts; nothing where there is none."""
    strays = _OF_THE_JOB.get()
    if strays is not None:
        strays.pixels += pixels
        strays.clipped += clipped
        strays.outside += outside


@contextmanager
def counted() -> Iterator[Strays]:
    """What is counted inside the block."""
    strays = Strays()
    token = _OF_THE_JOB.set(strays)
    try:
        yield strays
    finally:
        _OF_THE_JOB.reset(token)
