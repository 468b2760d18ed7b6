"""Caption files and orders for tests, and what a drawn unit shows, read by vtskit's decoder."""

from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from vtskit import spu

from crowdcut.disc.caption_orders import Caption, CaptionsOrder, CaptionStyle, Words
from crowdcut.disc.cues import Cue
from crowdcut.words import Run
from renderers.captions import run
from renderers.disc.units import Unit, units_of

NTSC, PAL = (720, 480, 854), (720, 576, 1024)
"""Stored width and height, and the width of the canvas of square pixels."""


def srt(*cues: tuple[str, str, str]) -> str:
    """A SubRip file of cues: start, end (``0:01.500``), words."""

    def stamp(time: str) -> str:
        minutes, seconds = time.split(":")
        return f"00:{int(minutes):02d}:{float(seconds):06.3f}".replace(".", ",")

    return "".join(
        f"{number}\n{stamp(start)} --> {stamp(end)}\n{words}\n\n" for number, (start, end, words) in enumerate(cues, 1)
    )


def words_of(text: str, *, top: bool = False) -> Words:
    """Plain words, a line each."""
    return Words(lines=tuple((Run(words=line),) for line in text.split("\n")), top=top)


def cue(start: Fraction | float, end: Fraction | float, text: str = "Hello", *, top: bool = False) -> Cue:
    """A cue of plain words; seconds."""
    return Cue(start=Fraction(start), end=Fraction(end), words=words_of(text, top=top))


def order_of(
    *captions: tuple[int, int, tuple[Words, ...]],
    raster: tuple[int, int, int] = NTSC,
    language: str = "en",
    rate: Fraction = Fraction(24),
    style: CaptionStyle = CaptionStyle(),  # noqa: B008 - frozen
) -> CaptionsOrder:
    """An order over start frame, end frame and words of each caption."""
    return CaptionsOrder(
        width=raster[0],
        height=raster[1],
        canvas_width=raster[2],
        rate=rate,
        language=language,
        style=style,
        captions=tuple(Caption(start_frame=start, end_frame_exclusive=end, words=its) for start, end, its in captions),
    )


def drawn(order: CaptionsOrder, folder: Path) -> tuple[list[Unit], dict[str, Any]]:
    """The units of an order, and the job's facts."""
    out = folder / "units"
    facts = run(order, {}, out)
    return list(units_of(out)), facts


def shown_by(unit: Unit, raster: tuple[int, int, int]) -> NDArray[np.uint8]:
    """Pixel codes over the whole raster, (height, width)."""
    _, pixels, _ = spu.decode(unit.data)
    codes = np.zeros((raster[1], raster[0]), np.uint8)
    for (x, y), code in pixels.items():
        codes[y, x] = code
    return codes
