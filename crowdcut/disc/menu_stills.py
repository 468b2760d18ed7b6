"""A picture of a chapter for its menu: a moment of the film's own stack of layers, held, in a small window."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction

from crowdcut.conform.motion_path import view_at
from crowdcut.cut.placed import Timeline
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
from crowdcut.sampling import source_time_at
from crowdcut.words import broken_at

_INTO_SECONDS = 2
"""How far into its first shot a chapter is shown, at most; else the middle of the shot."""
_CARD_PART = 0.9
"""Of a card, after which all of it has come together."""
_LINES, _LINE_EMS, _NAME_EMS = 4, 20, 40
"""Of words, more than that could not be read in a picture so small."""


def _moment(stacks: Sequence[Stack], start_frame: int, rate: Fraction) -> tuple[Stack, int]:
    """The shot that a chapter begins with, and the frame of it that stands for the chapter."""
    shot = next(stack for stack in reversed(stacks) if stack.start_frame <= start_frame)
    alone = max(start_frame - shot.start_frame, shot.into_frames)
    rest = max(0, shot.length_frames - alone)
    if any(isinstance(layer.source, Card) for layer in shot.layers):
        return shot, alone + int(_CARD_PART * rest)
    return shot, alone + min(int(_INTO_SECONDS * rate), rest // 2)


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
    stacks: Sequence[Stack], chapter_start_frame: int, place: Box, *, rate: Fraction, length_frames: int
) -> tuple[Layer, ...]:
    """Layers that show a chapter's first shot in ``place``, as long as a menu is.

    stacks : the film's shots on a raster of the place's size, in programme order, the first at frame 0.
    rate : frames a second, of the film and of the menu.

    A card that still moves at that moment moves on, as nothing holds it; contributions stand.
    """
    shot, frame = _moment(stacks, chapter_start_frame, rate)
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


def page_stills(page: Page, dressing: Dressing, timeline: Timeline, *, length_frames: int) -> PageStills:
    """The chapters' pictures of a page of chapters.

    dressing, timeline : of the delivery that the page's title is.
    """
    layers: dict[tuple[int, int], tuple[Layer, ...]] = {}
    files: dict[str, str] = {}
    for one in page.stills:
        start = timeline.chapters[one.chapter - 1].start_frame
        shot = next(shot for shot in reversed(timeline.shots) if shot.start_frame <= start)
        small = replace(dressing, raster=replace(dressing.raster, width=one.box.width, height=one.box.height))
        stacks, _ = stacks_from(small, replace(timeline, shots=(shot,), over=()))
        found = chapter_still(stacks, start, one.box, rate=dressing.raster.rate, length_frames=length_frames)
        files |= {f"still/{use}": use for use in (one.source.file for one in found if isinstance(one.source, Filmed))}
        layers[one.title, one.chapter] = tuple(map(_apart, found))
    return PageStills(layers=layers, files=files)
