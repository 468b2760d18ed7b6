"""A picture of a chapter for its menu: a moment of the film's own stack of layers, held, in a small window.

Of the first shot in which somebody's picture is seen: the title cards of a film's chapters are all alike, and their
words stand under the picture anyway.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from fractions import Fraction

from crowdcut.conform.motion_path import view_at
from crowdcut.conform.sampling import source_time_at
from crowdcut.cut.placed import PlacedShot, Timeline
from crowdcut.cut.spans import Stack, opacity_at
from crowdcut.cut.stacks import Dressing, stacks_from
from crowdcut.disc.menu_records import Page
from crowdcut.orders import (
    Animation,
    Box,
    Burn,
    Card,
    Filmed,
    Ground,
    Layer,
    LowerThird,
    Pan,
    Roll,
    Source,
    Text,
    Video,
)
from crowdcut.words import broken_at

_INTO_SECONDS = 2
"""How far into its shot a chapter is shown, at most; else the middle of the shot."""
_CARD_PART = 0.9
"""Of a card, after which all of it has come together."""
_LINES, _LINE_EMS, _NAME_EMS = 4, 20, 40
"""Of words, more than that could not be read in a picture so small."""


def _moment(shot: Stack, start_frame: int, rate: Fraction) -> int:
    """The frame of a shot that stands for the chapter that begins at ``start_frame``."""
    alone = max(start_frame - shot.start_frame, shot.into_frames)
    rest = max(0, shot.length_frames - alone)
    if any(isinstance(layer.source, Card) for layer in shot.layers):
        return alone + int(_CARD_PART * rest)
    return alone + min(int(_INTO_SECONDS * rate), rest // 2)


def _held(source: Filmed, frame: int, rate: Fraction) -> Source:
    """A contribution's picture at a frame of its layer, for ever."""
    pan = source.conversion.pan
    if pan is not None:
        stands = Pan(views=(view_at(pan, frame),) * 2, every_frames=1, kind="move", region=pan.region)
        source = replace(source, conversion=replace(source.conversion, pan=stands))
    if isinstance(source, Video):
        return replace(source, start=source_time_at(source, frame, rate), speed=Fraction(0), motion="nearest")
    if isinstance(source, Animation):
        return replace(source, start=source_time_at(source, frame, rate), speed=Fraction(0))
    return source


def _brief(source: Text | Card) -> Source:
    """Words as far as they can be read."""
    if isinstance(source, Card):
        names = (broken_at(one, _NAME_EMS) for one in source.words)
        return replace(source, words=tuple(one[0] if len(one) == 1 else f"{one[0]}…" for one in names))
    lines = [piece for line in source.words.splitlines() for piece in broken_at(line, _LINE_EMS)]
    short = replace(source, byline="", byline_style=None)
    return short if len(lines) <= _LINES else replace(short, words="\n".join(lines[:_LINES]))


def _in_window(window: Box | None, place: Box) -> Box:
    return place if window is None else replace(window, x=place.x + window.x, y=place.y + window.y)


def _small_layers(shot: Stack, frame: int, place: Box, rate: Fraction, length_frames: int) -> Iterator[Layer]:
    for layer in shot.layers:
        source, age = layer.source, layer.age_frames + frame
        opacity = opacity_at(layer, age)
        # Nobody could read these in a picture so small.
        if not opacity or isinstance(source, Burn | LowerThird):
            continue
        drawn, first = source, age
        if isinstance(source, Filmed):
            drawn, first = _held(source, age, rate), 0
        elif isinstance(source, Text | Card):
            drawn = _brief(source)
        elif isinstance(source, Roll):
            # Its lines are laid out in the film's pixels, and too small to be read in fewer.
            drawn, first = Ground(background=source.background), 0
        yield Layer(
            source=drawn,
            age_frames=first,
            opacity=opacity,
            length_frames=first + length_frames,
            blend=layer.blend,
            window=_in_window(layer.window, place),
        )


def chapter_still(
    shot: Stack, chapter_start_frame: int, place: Box, *, rate: Fraction, length_frames: int
) -> tuple[Layer, ...]:
    """Layers that show a shot of a chapter in ``place``, as long as a menu is.

    shot : on a raster of the place's size.
    rate : frames a second, of the film and of the menu.

    A card that still moves at that moment moves on, as nothing holds it; contributions stand.
    """
    frame = _moment(shot, chapter_start_frame, rate)
    return tuple(_small_layers(shot, frame, place, rate, length_frames))


@dataclass(frozen=True, slots=True, kw_only=True)
class PageStills:
    """The chapters' pictures of a page."""

    layers: dict[tuple[int, int], tuple[Layer, ...]]
    """By title and chapter, as ``menu_stack.page_layers`` takes them."""
    files: dict[str, str]
    """Contributions by the names that the layers have for them."""


def _apart(layer: Layer) -> Layer:
    """The layer with a name for its file that nothing else of a menu has: no contribution's id has a slash."""
    source = layer.source
    return replace(layer, source=replace(source, file=f"still/{source.file}")) if isinstance(source, Filmed) else layer


def _shots_of(timeline: Timeline, chapter: int) -> list[PlacedShot]:
    """Those that begin with a chapter or in it; the one it begins in, where it begins within a shot."""
    starts = [one.start_frame for one in timeline.chapters]
    end = (*starts[1:], timeline.length_frames)[chapter - 1]
    first = max(shot.start_frame for shot in timeline.shots if shot.start_frame <= starts[chapter - 1])
    return [shot for shot in timeline.shots if first <= shot.start_frame < end]


def _shows_somebodys_picture(stack: Stack) -> bool:
    sources = [layer.source for layer in stack.layers]
    return any(isinstance(one, Filmed) for one in sources) and not any(isinstance(one, Card) for one in sources)


def _stack_of_chapter(dressing: Dressing, timeline: Timeline, chapter: int) -> Stack:
    """Of the shot that stands for it; its first, where no picture is seen in any."""
    stacks: list[Stack] = []
    for shot in _shots_of(timeline, chapter):
        stacks += stacks_from(dressing, replace(timeline, shots=(shot,), over=()))[0]
        if _shows_somebodys_picture(stacks[-1]):
            return stacks[-1]
    return stacks[0]


def page_stills(page: Page, dressing: Dressing, timeline: Timeline, *, length_frames: int) -> PageStills:
    """The chapters' pictures of a page of chapters.

    dressing, timeline : of the delivery that the page's title is.
    """
    layers: dict[tuple[int, int], tuple[Layer, ...]] = {}
    files: dict[str, str] = {}
    for one in page.stills:
        start = timeline.chapters[one.chapter - 1].start_frame
        small = replace(dressing, raster=replace(dressing.raster, width=one.box.width, height=one.box.height))
        shot = _stack_of_chapter(small, timeline, one.chapter)
        found = chapter_still(shot, start, one.box, rate=dressing.raster.rate, length_frames=length_frames)
        files |= {f"still/{use}": use for use in (one.source.file for one in found if isinstance(one.source, Filmed))}
        layers[one.title, one.chapter] = tuple(map(_apart, found))
    return PageStills(layers=layers, files=files)
