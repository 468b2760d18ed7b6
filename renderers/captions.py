"""The captions job: the subtitles of a title in one language, as subpicture units of a DVD."""

from collections.abc import Mapping
from dataclasses import replace
from fractions import Fraction
from pathlib import Path
from typing import Any

from vtskit import spu
from vtskit.errors import VtsError

from crowdcut.disc.caption_orders import Caption, CaptionsOrder, Words
from crowdcut.disc.palette import COLOURS, CONTRASTS
from crowdcut.findings import Finding, JobFailed, Where
from renderers.disc.caption_pictures import CaptionPicture, picture_of
from renderers.disc.caption_setting import Setter
from renderers.disc.units import Unit, ticks_of, write_units
from renderers.job import Input
from renderers.lettering.fonts import shelf_for

_MOST_FINDINGS = 20


def encoded(picture: CaptionPicture, ticks: int) -> bytes:
    """A subpicture unit that is taken off after ``ticks`` of 90 kHz. Raises JobFailed where it is too large."""
    height, width = picture.codes.shape
    overlay = spu.Overlay(width, height, picture.codes.tobytes())
    try:
        return spu.encode(
            overlay, forced=False, colours=COLOURS, contrasts=CONTRASTS, at=(picture.x, picture.y), stop=ticks
        )
    except VtsError as error:
        way_out = "Shorten the words, or part the cue in two."
        raise JobFailed(Finding(rule="caption-too-large", found=str(error), way_out=way_out)) from error


class _Drawer:
    """Draws captions; what was drawn is kept for words that come again."""

    def __init__(self, order: CaptionsOrder, inputs: Mapping[str, Input]):
        files = {name: one.path for name, one in inputs.items() if one.path is not None}
        self.order, self.setter = order, Setter(order, shelf_for(files))
        self.drawn: dict[tuple[Words, ...], tuple[CaptionPicture, float]] = {}

    def unit(self, caption: Caption) -> tuple[Unit, float]:
        """A caption's unit, and the part of its style's size that it is set at."""
        if caption.words not in self.drawn:
            lines = self.setter.caption(caption.words)
            self.drawn[caption.words] = picture_of(lines, self.order, self.setter), lines.scale
        picture, scale = self.drawn[caption.words]
        start, end = ticks_of(caption.start_frame, caption.end_frame_exclusive, self.order.rate)
        unit = Unit(
            start_frame=caption.start_frame,
            end_frame_exclusive=caption.end_frame_exclusive,
            start_ticks=start,
            end_ticks=end,
            data=encoded(picture, end - start),
        )
        return unit, scale


def run(order: CaptionsOrder, inputs: Mapping[str, Input], out: Path) -> dict[str, Any]:
    """Write the units of ``order`` to ``out``, to be read by ``renderers.disc.units.units_of``.

    Facts: ``captions``, how many; ``largest``, bytes of the largest unit; ``smaller``, [frame, part of the size] of
    those that had to be set smaller.
    Raises JobFailed naming each caption, by its time, that has too many lines or bytes, or letters no font draws.
    """
    drawer = _Drawer(order, inputs)
    units: list[Unit] = []
    smaller: list[list[Any]] = []
    findings: list[Finding] = []
    for caption in order.captions:
        try:
            unit, scale = drawer.unit(caption)
        except JobFailed as failure:
            time = Fraction(caption.start_frame) / order.rate
            findings += (replace(one, where=replace(one.where or Where(), time=time)) for one in failure.findings)
            if len(findings) >= _MOST_FINDINGS:
                break
            continue
        units.append(unit)
        if scale < 1:
            smaller.append([caption.start_frame, scale])
    if findings:
        raise JobFailed(findings)
    write_units(units, out)
    largest = max((len(unit.data) for unit in units), default=0)
    return {"captions": len(units), "largest": largest, "smaller": smaller}
