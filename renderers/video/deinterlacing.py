"""Interlaced pictures made whole: one for each stored picture, or one for each of its fields, on its own clock."""

from collections.abc import Generator, Iterator
from typing import NamedTuple

from av import VideoFrame
from av.error import BlockingIOError as NotYet
from av.error import EOFError as EndOfStream
from av.filter import Graph

from crowdcut.conform.sampling import tick_length
from crowdcut.media import Picture
from crowdcut.orders import Conversion
from renderers.frames.filtering import form_of, graph_of


class Ticked(NamedTuple):
    """A decoded frame on its stream's clock."""

    tick: int
    frame: VideoFrame
    after_damage: bool
    """Whether packets between it and the frame before could not be decoded."""


Frames = Generator[Ticked, None, None]


class _Field(NamedTuple):
    """A picture that the deinterlacer has still to give out."""

    stored: Ticked
    second: bool


def _pulled(graph: Graph, waiting: list[_Field], conversion: Conversion, usual: int) -> Iterator[Ticked]:
    """What the deinterlacer has ready. ``usual``: ticks from a stored picture to the next."""
    while waiting:
        try:
            frame = graph.vpull()
        except (NotYet, EndOfStream):
            return
        stored, second = waiting.pop(0)
        tick = stored.tick
        if conversion.field_rate:
            # Half way to the next picture; where some are missing, half way to where it should have been.
            step = min(usual, waiting[0].stored.tick - tick) if second and waiting else usual
            tick = 2 * tick + (max(step, 1) if second else 0)
        yield Ticked(tick, frame, stored.after_damage and not second)


def deinterlaced(frames: Frames, picture: Picture, conversion: Conversion) -> Frames:
    """One progressive frame for each interlaced one, or one for each field (bwdif looks a frame ahead and one back).

    Where there is one for each field, ticks are half as long (see :func:`crowdcut.conform.sampling.as_shown`).
    """
    mode = "send_field" if conversion.field_rate else "send_frame"
    arguments = f"mode={mode}:parity={conversion.field_order}:deint=all"
    usual = int(1 / picture.rate / tick_length(picture)) if picture.rate else 1
    graph, form, waiting = None, None, list[_Field]()
    for one in frames:
        if graph is None or form_of(one.frame) != form:
            if graph is not None:
                graph.vpush(None)
                yield from _pulled(graph, waiting, conversion, usual)
            graph, form = graph_of(one.frame, tick_length(picture), [("bwdif", arguments)]), form_of(one.frame)
        waiting.append(_Field(one, second=False))
        if conversion.field_rate:
            waiting.append(_Field(one, second=True))
        graph.vpush(one.frame)
        yield from _pulled(graph, waiting, conversion, usual)
    if graph is not None:
        graph.vpush(None)
        yield from _pulled(graph, waiting, conversion, usual)
