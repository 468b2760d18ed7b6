"""The author job alone, of titles without menus: a program to be measured.

    python -m benchmarks.disc.by_crowdcut IMAGE MINUTES TITLE...

Each title has a chapter a minute.
"""

import sys
from fractions import Fraction
from pathlib import Path

from benchmarks.disc.streams import RATE
from crowdcut.disc.author_orders import AuthoredTitle, AuthoredTitleset, AuthorOrder, MenuColours, Navigation
from crowdcut.disc.disc_plan import canvas_of
from crowdcut.disc.standards import NTSC
from renderers.author import run
from renderers.job import Input

MINUTE = 60 * 30 / RATE
"""Seconds of sixty rounds of pictures, which begin with a group."""


def chapters(minutes: int) -> tuple[Fraction, ...]:
    """The seconds at which the chapters of a title begin."""
    return tuple(MINUTE * minute for minute in range(minutes))


def main() -> None:
    """Do it."""
    image, minutes, *titles = sys.argv[1:]
    count = len(titles)
    order = AuthorOrder(
        label="BENCHMARK",
        language="en",
        titles=(AuthoredTitle(chapters=chapters(int(minutes))),) * count,
        navigation=Navigation(manager=(), titlesets=(AuthoredTitleset(menus=(), after="exit;"),) * count),
        canvas=canvas_of(NTSC),
        colours=MenuColours(highlight=("#ffffff", 15), select=("#000000", 15)),
    )
    inputs = {f"title{number}": Input(path=Path(title)) for number, title in enumerate(titles)}
    run(order, inputs, Path(image))


if __name__ == "__main__":
    main()
