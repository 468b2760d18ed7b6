"""Film that was brought to 59.94 fields a second (telecine, 2:3 pulldown), brought back to its own pictures.

*Hard* telecine: of each five stored pictures two are woven of fields of two film pictures, and one film picture comes
twice. Each stored picture is given the field that belongs to its own, and of each five the one that repeats is left
out. All of that is decided near by, from a few pictures before and after, so that a film may be cut and edited after
its telecine, and a stretch of it shows the same pictures wherever the decoding begins.

*Soft* telecine: the stored pictures are the film's, flagged to be shown for two and for three fields in turn.

Either way pictures are numbered on the film's own, even clock (see :func:`crowdcut.conform.sampling.as_shown`).
"""

from collections.abc import Iterable, Iterator
from fractions import Fraction
from itertools import chain, groupby
from typing import NamedTuple

import numpy as np
from av import VideoFrame

from crowdcut.conform.sampling import TELECINE, first_tick, tick_length
from crowdcut.media import Picture
from crowdcut.orders import Conversion
from crowdcut.timing import nearest
from renderers.colour.strays import count_film
from renderers.frames.filtering import form_of, graph_of
from renderers.video.deinterlacing import Frames, Ticked
from renderers.video.fields import Lines, Pair, differing, fits_better, is_combed, lines_of, moved_in, pair_of, woven

_FILM, _WOVEN = TELECINE.as_integer_ratio()
"""Pictures of the film in a cycle, and stored ones."""
_OWN_WEIGHT = 2
"""How much more a cycle's own pictures say about which of them repeats than those of the cycles around it."""


class _Stored(NamedTuple):
    """A stored picture by its number."""

    number: int
    ticked: Ticked
    lines: Lines

    def continues(self, other: "_Stored | None") -> bool:
        """Whether it is the other's neighbour."""
        if other is None or abs(other.number - self.number) != 1:
            return False
        return form_of(other.ticked.frame) == form_of(self.ticked.frame)


class _Whole(NamedTuple):
    """A stored picture after its fields were matched."""

    number: int
    ticked: Ticked
    change: int
    """From the one before it: next to nothing where it repeats that."""
    combed: bool
    """Whether it is no film picture, so that it was deinterlaced."""


class _Cycle(NamedTuple):
    """Five stored pictures, as far as they are there."""

    number: int
    pictures: tuple[_Whole, ...]

    def change(self, place: int) -> int:
        """Of the picture in a place from the one before it; less than nothing where it is missing."""
        return next((one.change for one in self.pictures if one.number % _WOVEN == place), -1)


def stored_tick_before(picture: Picture, conversion: Conversion, wanted: int) -> int:
    """The tick from which on pictures must be decoded, so that film picture ``wanted`` comes out as it always does."""
    # Of hard telecine: the cycle before, and what its first picture is held against.
    number = wanted if conversion.telecine == "soft" else (wanted // _FILM - 1) * _WOVEN - 2
    return first_tick(picture) + int((number - Fraction(1, 2)) / (picture.rate or 1) / tick_length(picture))


def _numbered(frames: Iterable[Ticked], picture: Picture) -> Frames:
    """Stored pictures with their numbers in place of their ticks."""
    first, pace, last = first_tick(picture), tick_length(picture) * (picture.rate or 1), -1
    for one in frames:
        number = nearest((one.tick - first) * pace)
        if number > last:
            last = number
            yield one._replace(tick=number)


def _rewoven(kept: VideoFrame, other: VideoFrame, parity: int) -> VideoFrame:
    """The field of ``parity`` (0: the top one) of one frame with the other field of another of the same form."""
    made = VideoFrame(kept.width, kept.height, kept.format.name)
    for index, plane in enumerate(made.planes):
        rows, keeps, others = (
            np.frombuffer(memoryview(one.planes[index]), np.uint8).reshape(plane.height, -1)
            for one in (made, kept, other)
        )
        width = min(lines.shape[1] for lines in (rows, keeps, others))
        rows[:, :width] = others[:, :width]
        rows[parity::2, :width] = keeps[parity::2, :width]
    return made


def _deinterlaced(around: list[VideoFrame], at: int, conversion: Conversion) -> VideoFrame:
    """One picture of the two fields of ``around[at]``. ``around``: it and its neighbours, all of one form."""
    arguments = f"mode=send_frame:parity={conversion.field_order}:deint=all"
    graph = graph_of(around[at], Fraction(1, 1000), [("bwdif", arguments)])
    for number, frame in enumerate(around):
        frame.pts = number
        graph.vpush(frame)
    graph.vpush(None)
    return [graph.vpull() for _ in around][at]


def _around(pictures: Iterable[_Stored]) -> Iterator[tuple[_Stored | None, _Stored, _Stored | None]]:
    """Each picture between its neighbours, where they are there."""
    before, here = None, None
    for after in chain(pictures, [None]):
        if here is not None:
            yield (
                before if here.continues(before) else None,
                here,
                after if after is not None and here.continues(after) else None,
            )
        before, here = here, after


def _matched(pictures: Iterable[_Stored], conversion: Conversion) -> Iterator[_Whole]:
    """Each stored picture's earlier field with the field that belongs to it."""
    parity = 0 if conversion.field_order == "tff" else 1
    earlier, later = ("top", "bottom") if conversion.field_order == "tff" else ("bottom", "top")
    last: Lines | None = None
    stays: Pair = "still"
    for before, here, after in _around(pictures):
        stayed, stays = stays, "still" if after is None else pair_of(here.lines, after.lines)
        # Pictures are woven where a field comes again: the earlier one from the picture before, the later one after.
        source = before if before is not None and (stayed == earlier or stays == later) else here
        for other in (here, before, after):
            if other is not None and other is not source and fits_better(here.lines, source.lines, other.lines, parity):
                source = other
        lines = woven(here.lines, source.lines, parity)
        moved = moved_in((before or here).lines, here.lines, (after or here).lines)
        combed = is_combed(lines, moved)
        frame = here.ticked.frame
        if combed:
            around = [one.ticked.frame for one in (before, here, after) if one is not None]
            frame = _deinterlaced(around, 0 if before is None else 1, conversion)
        elif source is not here:
            frame = _rewoven(frame, source.ticked.frame, parity)
        change = 0 if last is None else differing(last, lines)
        last = lines
        yield _Whole(here.number, here.ticked._replace(frame=frame), change, combed)


def _repeating(before: _Cycle | None, here: _Cycle, after: _Cycle | None) -> int:
    """The place in a cycle of the picture that is left out: the one that changes least from the one before it.

    Where nothing moves, the cycles around it tell how the film goes on.
    """
    around = [one for one in (before, after) if one is not None and abs(one.number - here.number) == 1]
    costs = [
        (_OWN_WEIGHT * here.change(place) + sum(max(0, one.change(place)) for one in around), place)
        for place in range(_WOVEN)
    ]
    return min(costs)[1]


def _film(cycles: Iterable[_Cycle], begins: int) -> Frames:
    """The pictures of the film, numbered. ``begins``: number of the first stored picture there is."""
    before, here = None, None
    for after in chain(cycles, [None]):
        # A cycle whose surroundings are not all there might be judged otherwise than from the film's beginning.
        if here is not None and (not begins or begins <= (here.number - 1) * _WOVEN - 2):
            left_out = _repeating(before, here, after)
            damaged = False
            for one in here.pictures:
                place = one.number % _WOVEN
                damaged |= one.ticked.after_damage
                if place != left_out:
                    count_film(combed=one.combed)
                    number = here.number * _FILM + place - (place > left_out)
                    yield one.ticked._replace(tick=number, after_damage=damaged)
                    damaged = False
        before, here = here, after


def film_pictures(frames: Frames, picture: Picture, conversion: Conversion) -> Frames:
    """The film's own pictures, each with its number in place of its tick.

    frames : stored ones, from :func:`stored_tick_before` or an earlier one on. picture : the stored one.
    """
    numbered = _numbered(frames, picture)
    if conversion.telecine == "soft":
        yield from numbered
        return
    first = next(numbered, None)
    if first is None:
        return
    stored = (_Stored(one.tick, one, lines_of(one.frame)) for one in chain([first], numbered))
    matched = groupby(_matched(stored, conversion), lambda one: one.number // _WOVEN)
    yield from _film((_Cycle(number, tuple(pictures)) for number, pictures in matched), first.tick)
