"""From placed shots to stacks of layers: each contribution with its conversion, each word with its style."""

from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass, replace
from fractions import Fraction
from itertools import zip_longest

from crowdcut import orders
from crowdcut.conform.conversion import conversion_for
from crowdcut.conform.framing import Framing, framing_done
from crowdcut.conform.geometry import Area, displayed_size, whole_raster
from crowdcut.conform.keying import key_for
from crowdcut.conform.layouts import cells_in
from crowdcut.conform.motion import motion_for
from crowdcut.conform.record import Record, record_for
from crowdcut.conform.sampling import as_shown
from crowdcut.cut.cells import placed_cell
from crowdcut.cut.desk import Desk
from crowdcut.cut.pace import clip_pace, source_begin
from crowdcut.cut.placed import PlacedLayer, PlacedShot, Timeline
from crowdcut.cut.spans import Overlay, Stack
from crowdcut.manifest import Place, Shot
from crowdcut.orders import Box, Layer, Raster, Style
from crowdcut.profiles import Profile
from crowdcut.timing import is_clocks, nearest, seconds_to_frames


@dataclass(frozen=True, slots=True, kw_only=True)
class Dressing:
    """What turns a timeline into pictures: the desk it was laid out on, the raster and the roll."""

    desk: Desk
    profile: Profile
    raster: Raster
    roll: orders.Roll
    placeholders: frozenset[str] = frozenset()
    """Names of shots that a slate stands for, because their clips broke."""

    def style(self, name: str) -> Style:
        """A style of the template."""
        return self.desk.look.styles[name]

    @property
    def ground(self) -> tuple[str, str]:
        """The template's background, top and bottom."""
        palette = self.desk.look.palette
        return palette["background"], palette["background_low"]


def _rgb(colour: str) -> tuple[int, int, int]:
    """``#rrggbb`` as numbers 0..255."""
    return int(colour[1:3], 16), int(colour[3:5], 16), int(colour[5:7], 16)


def _key(
    dressing: Dressing, colour: str | None, start: Fraction, length_frames: int, ground: tuple[str, ...] = ()
) -> orders.Key | None:
    if colour is None:
        return None
    return key_for(colour, start=start, length=length_frames / dressing.raster.rate, ground=ground)


def _contributed(
    dressing: Dressing,
    use: str,
    *,
    start: Fraction,
    fit: orders.Fit,
    focus: tuple[Fraction, Fraction],
    region: Box | Area,
    flat: bool,
    fill: orders.Fill,
    key: orders.Key | None,
    speed: Fraction = Fraction(1),
    motion: orders.Motion = "nearest",
    framing: Framing | None = None,
) -> orders.Source:
    """The source record of a contribution's picture."""
    media = dressing.desk.media[use]
    picture = media.picture
    assert picture is not None
    conversion = conversion_for(
        picture,
        fit=fit,
        focus=focus,
        region=region,
        flatten=_rgb(dressing.desk.look.palette["matte"]) if flat else None,
        rate=dressing.raster.rate / (1 if is_clocks(speed) else abs(speed)) if speed else None,
        key=key,
        framing=framing,
    )
    if media.kind == "still":
        return orders.Still(file=use, picture=picture, conversion=conversion, reader=media.reader)
    if media.kind == "animation":
        return orders.Animation(
            file=use,
            picture=picture,
            start=start,
            conversion=conversion,
            speed=speed,
            fill=fill,
            reader=media.reader,
        )
    motion = motion_for(as_shown(picture, conversion), motion, speed, dressing.raster.rate)
    return orders.Video(file=use, picture=picture, start=start, conversion=conversion, speed=speed, motion=motion)


def _card(dressing: Dressing, name: str, words: tuple[str, ...], frames: int) -> orders.Card:
    look = dressing.desk.look
    # What other things on screen wear is not in a card's key.
    styles = {use: style for use, style in look.styles.items() if not use.startswith(("lower_third", "roll_"))}
    return orders.Card(name=name, words=words, palette=look.palette, styles=styles, frames=frames)


def _words(dressing: Dressing, words: str, byline: str = "") -> orders.Text:
    return orders.Text(
        words=words,
        style=dressing.style("text"),
        byline=byline,
        byline_style=dressing.style("byline") if byline else None,
        background=dressing.ground,
    )


def _byline(dressing: Dressing, use: str) -> str:
    library = dressing.desk.library
    return " · ".join(filter(None, (library.contributions[use].title, ", ".join(library.names_of(use)))))


def _shot_source(dressing: Dressing, placed: PlacedShot) -> orders.Source:
    """The bottom layer of a shot."""
    shot, frames = placed.shot, placed.length_frames
    if shot.wanted is not None:
        return _card(dressing, "slate", (shot.wanted, shot.name, "wanted"), frames)
    if shot.text is not None:
        return _words(dressing, shot.text)
    if shot.card == "credits":
        return dressing.roll
    if shot.card is not None:
        # The ident has words of its own.
        words = () if shot.card == "ident" else (dressing.desk.manifest.title,)
        return _card(dressing, shot.card, words, frames)
    assert shot.use is not None
    if shot.name in dressing.placeholders or dressing.desk.media[shot.use].refusal is not None:
        return _card(dressing, "slate", (dressing.desk.named(shot.use), shot.name, "placeholder"), frames)
    media = dressing.desk.media[shot.use]
    if media.text is not None:
        return _words(dressing, media.text, _byline(dressing, shot.use))
    return _contributed(
        dressing,
        shot.use,
        start=placed.source_start,
        fit=shot.fit,
        focus=shot.focus,
        region=whole_raster(dressing.raster),
        flat=True,
        fill=shot.fill,
        key=_key(dressing, shot.key, source_begin(shot), max(1, nearest(frames * abs(placed.speed))), dressing.ground),
        speed=placed.speed,
        motion=shot.motion,
        framing=_framing(dressing, shot, frames, placed.speed),
    )


def _framing(dressing: Dressing, shot: Shot, length_frames: int, speed: Fraction = Fraction(1)) -> Framing:
    """What a shot's crop, focus and movement ask for, with what was measured of its clip."""
    return Framing(
        crop=shot.crop,
        find_focus=shot.find_focus,
        ken_burns=shot.ken_burns,
        survey=dressing.desk.surveys.get(shot.part),
        rate=dressing.raster.rate,
        length_frames=length_frames,
        speed=speed,
    )


def region_of(place: Place, raster: Raster, displayed: Fraction) -> Area:
    """What a layer fits into: inside title-safe unless it is as wide as the raster. Output pixels, not rounded.

    ``displayed``: width of the upright picture divided by its height.
    """
    margin = Fraction(0) if place.size == 1 else Fraction(1, 20)  # SMPTE ST 2046-1: title-safe is 90 %
    share = {"left": 0, "top": 0, "centre": Fraction(1, 2), "right": 1, "bottom": 1}
    left, top = raster.width * margin, raster.height * margin
    width = min(raster.width * place.size, (raster.height - 2 * top) * displayed)
    height = width / displayed
    return Area(
        x=left + (raster.width - 2 * left - width) * share[place.horizontal],
        y=top + (raster.height - 2 * top - height) * share[place.vertical],
        width=width,
        height=height,
    )


def _hanging_layer(dressing: Dressing, placed: PlacedLayer, clock_start_frame: int) -> Layer:
    """A placed layer on a clock that starts at ``clock_start_frame``."""
    desk, wish = dressing.desk, placed.layer
    fade = min(seconds_to_frames(desk.look.layer_fade, desk.rate), placed.length_frames // 3)
    if wish is None:
        source: orders.Source = orders.LowerThird(
            lines=placed.words,
            style=dressing.style("lower_third"),
            second_style=dressing.style("lower_third_second"),
            plate=desk.look.palette["plate"],
            accent=desk.look.palette["accent"],
        )
        opacity = 1.0
    else:
        picture = desk.media[wish.use].picture
        assert picture is not None
        start, speed = clip_pace(desk, wish, placed.length_frames)
        wide, high = displayed_size(picture, picture.rotation)
        source = _contributed(
            dressing,
            wish.use,
            start=start,
            fit="contain",
            focus=(Fraction(1, 2), Fraction(1, 2)),
            region=region_of(wish.place, dressing.raster, wide / high),
            flat=False,
            fill=wish.fill,
            key=_key(dressing, wish.key, source_begin(wish), max(1, nearest(placed.length_frames * abs(speed)))),
            speed=speed,
            motion=wish.motion,
        )
        opacity = wish.opacity
    return Layer(
        source=source,
        age_frames=clock_start_frame - placed.start_frame,
        opacity=opacity,
        blend=wish.blend if wish is not None else "normal",
        fade_in_frames=fade,
        fade_out_frames=fade,
        length_frames=placed.length_frames,
    )


def _cell_layers(dressing: Dressing, placed: PlacedShot) -> Iterator[Layer]:
    """Several contributions at once, each in its cell as on a raster of its own, over the template's background."""
    shot, raster = placed.shot, dressing.raster
    assert shot.layout is not None
    yield Layer(source=orders.Ground(background=dressing.ground), length_frames=placed.length_frames)
    for cell, window in zip(shot.cells, cells_in(shot.layout, len(shot.cells), raster), strict=True):
        own = replace(dressing, raster=replace(raster, width=window.width, height=window.height))
        if cell.use in dressing.desk.broken:
            own = replace(own, placeholders=own.placeholders | {cell.name})
        yield Layer(
            source=_shot_source(own, placed_cell(dressing.desk, placed, cell)),
            length_frames=placed.length_frames,
            window=window,
        )


def _shot_layers(dressing: Dressing, placed: PlacedShot) -> Iterator[Layer]:
    if placed.shot.cells:
        yield from _cell_layers(dressing, placed)
        source = None
    else:
        source = _shot_source(dressing, placed)
        yield Layer(source=source, length_frames=placed.length_frames)
    for layer in placed.layers:
        yield _hanging_layer(dressing, layer, placed.start_frame)
    if dressing.profile.burn_in:
        start = placed.source_start if isinstance(source, orders.Video | orders.Animation) else None
        # The name is on screen, so in the key: a shot put in before this one in its scene renders this proxy again.
        burn = orders.Burn(label=placed.shot.name, start=start, speed=placed.speed)
        yield Layer(source=burn, length_frames=placed.length_frames)


def stacks_from(dressing: Dressing, timeline: Timeline) -> tuple[tuple[Stack, ...], tuple[Overlay, ...]]:
    """Every shot as a stack of layers, and the overlays above them."""
    stacks = tuple(
        Stack(
            name=placed.shot.name,
            start_frame=placed.start_frame,
            length_frames=placed.length_frames,
            layers=tuple(_shot_layers(dressing, placed)),
            into_kind=placed.into_kind,
            into_frames=placed.into_frames,
        )
        for placed in timeline.shots
    )
    overlays = tuple(
        Overlay(layer=_hanging_layer(dressing, placed, placed.start_frame), start_frame=placed.start_frame)
        for placed in timeline.over
    )
    return stacks, overlays


def _with_parts(stack: Stack, shot: Shot) -> Iterator[tuple[Layer, Shot | None]]:
    """The layers of a shot, each with the shot or the cell that it is the picture of."""
    below = 1 if shot.cells else 0  # the ground
    parts = [None] * below + list(shot.parts)
    return zip_longest(stack.layers, parts)


def records_from(
    dressing: Dressing, stacks: tuple[Stack, ...], overlays: tuple[Overlay, ...] = ()
) -> dict[str, dict[str, Record]]:
    """Conversion records by shot's name and contribution's id; an overlay's stands at the shot that it begins in."""
    records: dict[str, dict[str, Record]] = {}
    shots = {shot.name: shot for scene in dressing.desk.manifest.scenes for shot in scene.shots}
    begun = [(stack.name, *one) for stack in stacks for one in _with_parts(stack, shots[stack.name])]
    starts = [stack.start_frame for stack in stacks]
    begun += (
        (stacks[max(0, bisect_right(starts, overlay.start_frame) - 1)].name, overlay.layer, None)
        for overlay in overlays
    )
    for shot, layer, part in begun:
        if isinstance(layer.source, orders.Video | orders.Still | orders.Animation):
            media = dressing.desk.media[layer.source.file]
            record = record_for(media, layer.source, dressing.raster.rate, frames=layer.length_frames)
            if part is not None:
                told = framing_done(_framing(dressing, part, 1), layer.source.conversion)
                record = replace(record, done=(*record.done, *told))
            records.setdefault(shot, {})[layer.source.file] = record
    return records
