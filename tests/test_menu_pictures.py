"""Menus as pictures, of every template of ours: words that can be read, marks that are seen and do not flicker."""

from collections.abc import Iterator
from dataclasses import replace
from fractions import Fraction
from itertools import product
from pathlib import Path

import numpy as np
import pytest
from desk_making import variety
from menu_making import NEIGHBOURS, NTSC, PAL, SEASON, contrast, drawn, layers_of, light, rgb_of, stored
from numpy.typing import NDArray
from piece_making import media_of
from vtskit import spu

from crowdcut.conform.conversion import conversion_for
from crowdcut.conform.geometry import whole_raster
from crowdcut.contract.template import HOUSE
from crowdcut.cut.spans import Stack
from crowdcut.disc.menu_records import Button, DiscTold, MenuCanvas, Page
from crowdcut.disc.menu_stills import chapter_still
from crowdcut.disc.menus import pages_from
from crowdcut.findings import JobFailed
from crowdcut.look import Look, MenuLook, look_from
from crowdcut.orders import (
    Box,
    Card,
    Ground,
    Layer,
    LowerThird,
    MenuPage,
    MenuWords,
    Pan,
    Raster,
    Roll,
    Source,
    Text,
    Veil,
    Video,
    View,
)
from crowdcut.records import plain, record_from
from crowdcut.vocabulary.choices import MENU_MARKS
from examples.makers import read_frame_code, write_clip
from renderers.disc.highlight import Colour, highlight_mask, menu_colour
from renderers.lettering.fonts import shelf_of
from renderers.lettering.menu_words import set_menu_words
from renderers.lettering.typeset import Typesetter

TEMPLATES = sorted(file.parent.name for file in HOUSE.glob("*/template.toml"))
DISCS = {"season": SEASON, "neighbours": NEIGHBOURS}
WHITE = Layer(source=Ground(background=("#ffffff",)), length_frames=1)


def look_of(name: str) -> Look:
    look, findings = look_from(name, Path("/"))
    assert look is not None, findings
    return look


def kinds(disc: DiscTold, look: Look, canvas: MenuCanvas) -> list[Page]:
    """The first page of each kind."""
    return list({page.kind: page for page in reversed(pages_from(disc, look.menu, canvas))}.values())


def part(mask: NDArray[np.uint8], button: Button) -> NDArray[np.bool_]:
    """Where the mask is set within a button, [shape=(stored height, stored width)]."""
    box, lit = button.stored, np.zeros(mask.shape, bool)
    rows, columns = slice(box.y, box.y + box.height), slice(box.x, box.x + box.width)
    lit[rows, columns] = mask[rows, columns] == 1
    return lit


def highlight_colours(look: MenuLook) -> tuple[Colour, Colour]:
    """Of the button that one is on, and of one that was just pressed."""
    return menu_colour(look.highlight, look.highlight_contrast), menu_colour(look.select, look.select_contrast)


def least_contrasts(look: Look, canvas: MenuCanvas, disc: DiscTold, behind: tuple[Layer, ...]) -> Iterator[float]:
    """Of each button's mark and colour, against the page below it; the worst 5 % of pixels are not counted."""
    for page in kinds(replace(disc, backdrop=bool(behind)), look, canvas):
        picture = stored(drawn(layers_of(page, look, behind=behind), canvas), canvas)
        mask = highlight_mask(page, canvas, {})
        for button, colour in product(page.buttons, highlight_colours(look.menu)):
            below = picture[part(mask, button)]
            seen = below + (rgb_of(colour) - below) * colour[3] / 15
            yield float(np.percentile(contrast(seen, below), 5))


@pytest.mark.parametrize("behind", [(), (WHITE,)], ids=["ground", "white"])
@pytest.mark.parametrize("name", TEMPLATES)
def test_marks_are_seen_in_every_template(name, behind):
    # WCAG 2.2, 1.4.11: 3:1 for what tells the state of a control; a white picture behind is the worst there is.
    look = look_of(name)
    found = [least for disc in DISCS.values() for least in least_contrasts(look, NTSC, disc, behind)]
    assert min(found) >= 3
    lightest, darkest = (rgb_of(colour) for colour in highlight_colours(look.menu))
    assert np.abs(lightest - darkest).max() >= 0.25, "whoever presses a button sees nothing"


def test_a_mark_in_the_pages_own_colour_would_be_noticed():
    look = variety()
    faint = replace(look, menu=replace(look.menu, highlight=look.palette["background"]))
    assert min(least_contrasts(faint, NTSC, NEIGHBOURS, ())) < 1.5
    clear = replace(look, menu=replace(look.menu, veil=0.0))
    assert min(least_contrasts(clear, NTSC, NEIGHBOURS, (WHITE,))) < 3


@pytest.mark.parametrize("canvas", [NTSC, PAL], ids=["ntsc", "pal"])
@pytest.mark.parametrize("name", TEMPLATES)
def test_words_can_be_read_and_stay_in_their_boxes(name, canvas):
    look = look_of(name)
    for disc in DISCS.values():
        for page in kinds(disc, look, canvas):
            layers = layers_of(page, look)
            bare, full = drawn(layers[:1], canvas), drawn(layers, canvas)
            changed = np.abs(full - bare).max(axis=2) > 0.1
            for words in (*page.words, *(button.words for button in page.buttons)):
                box = words.box
                # Deep scripts reach beyond their line by a fifth of it at most, chroma by a pixel.
                room = 1 + round(0.2 * box.height)
                rows, columns = slice(box.y - room, box.y + box.height + room), slice(box.x - 2, box.x + box.width + 2)
                inked = changed[rows, columns]
                assert inked.sum() > 20, words.words
                # WCAG 2.2, 1.4.3: 4.5:1. Thin strokes are never all there: the strongest tenth of what is drawn.
                ratios = contrast(full[rows, columns][inked], bare[rows, columns][inked])
                assert np.percentile(ratios, 90) >= 4.5, words.words
                changed[rows, columns] = False
            for box in (*(still.box for still in page.stills), *([page.rule] if page.rule else ())):
                changed[box.y : box.y + box.height, box.x : box.x + box.width] = False
            assert not changed.any(), page.id


@pytest.mark.parametrize("mark", MENU_MARKS)
@pytest.mark.parametrize("canvas", [NTSC, PAL], ids=["ntsc", "pal"])
def test_marks_lie_in_their_buttons_and_do_not_flicker(canvas, mark):
    look = variety()
    menu = replace(look.menu, mark=mark)
    for disc in DISCS.values():
        for page in pages_from(disc, menu, canvas):
            mask = highlight_mask(page, canvas, {})
            assert mask.shape == (canvas.stored_height, canvas.stored_width)
            assert (mask[::2] == mask[1::2]).all(), "a field shows what the other does not"
            rest = mask.copy()
            for button in page.buttons:
                lit = part(mask, button)
                assert lit.any(axis=1).sum() >= 4, "thinner than four lines"
                assert lit.any(axis=0).sum() >= 4
                rest[lit] = 0
            assert not rest.any(), "lit outside of the buttons"


def test_an_underline_is_as_long_as_its_words():
    look = variety()
    for disc in DISCS.values():
        for page in kinds(disc, look, NTSC):
            layers = layers_of(page, look)
            changed = stored(np.abs(drawn(layers, NTSC) - drawn(layers[:1], NTSC)), NTSC).max(axis=2) > 0.15
            mask = highlight_mask(page, NTSC, {})
            for button in (one for one in page.buttons if one.mark == "underline"):
                box = button.stored
                inked = np.flatnonzero(changed[box.y : box.y + box.height, box.x : box.x + box.width].any(axis=0))
                lit = np.flatnonzero(part(mask, button).any(axis=0)) - box.x
                assert abs(int(lit[-1]) - int(inked[-1])) <= 8 or len(lit) <= 40, button.words.words
                assert abs(int(lit[0]) - int(inked[0])) <= 8 or len(lit) <= 40, button.words.words
                assert (np.diff(lit) == 1).all()


def test_a_disc_holds_the_mask_as_it_is():
    look = variety()
    for page in kinds(SEASON, look, PAL):
        mask = highlight_mask(page, PAL, {})
        overlay = spu.Overlay(PAL.stored_width, PAL.stored_height, mask.tobytes())
        _, pixels, _ = spu.decode(spu.encode(overlay))
        found = np.zeros_like(mask)
        for (x, y), code in pixels.items():
            found[y, x] = code
        assert (found == mask).all()


def test_colours_are_those_of_the_standard():
    # BT.601-7, 8 bit: white, black, and the red of every colour bar.
    assert menu_colour("#ffffff", 15) == (235, 128, 128, 15)
    assert menu_colour("#000000", 1) == (16, 128, 128, 1)
    assert menu_colour("#ff0000", 15) == (81, 240, 90, 15)


def set_in(text: str, width: int, **more: int) -> str:
    words = MenuWords(
        words=text, style=variety().menu.styles["button"], box=Box(x=0, y=0, width=width, height=40 * 2), **more
    )
    placed = set_menu_words(words, Typesetter(shelf=shelf_of(()), height=480))
    assert placed.words.width <= width
    assert 0 <= placed.x <= 1
    return placed.text


def test_long_names_are_shortened_at_a_word():
    road = "The Road Home Is Longer Than It Was"
    assert set_in(road, 600) == road
    assert set_in(road, 200) == "The Road Home Is…"
    assert set_in("Home, and away from there for ever", 80) == "Home…"
    assert set_in("الشارع الطويل جدا الذي لا ينتهي", 150).endswith("…")


def test_a_word_that_is_too_long_is_shortened_between_signs():
    found = set_in("Donaudampfschifffahrtsgesellschaftskapitän", 200)
    assert found.startswith("Donaudampf")
    assert found.endswith("…")
    assert set_in("क्षि" * 40, 120).removesuffix("…").endswith("क्षि")
    with pytest.raises(JobFailed) as failure:
        set_in("Wide", 6)
    assert failure.value.findings[0].rule == "too-long"


def test_the_veil_leaves_the_open_side_free():
    look = variety()
    page = pages_from(replace(NEIGHBOURS, title="Neighbours", backdrop=True), look.menu, NTSC)[0]
    lights = light(drawn(layers_of(page, look, behind=(WHITE,)), NTSC))
    assert page.open_side == "right"
    assert lights[10, 830] > 5 * lights[10, 20]
    assert (np.diff(lights[2, ::40]) >= -0.01).all()


def test_a_page_travels_as_json():
    look = variety()
    (veil, words) = layers_of(pages_from(SEASON, look.menu, NTSC)[0], look, behind=(WHITE,))[1:]
    assert isinstance(veil.source, Veil)
    assert isinstance(words.source, MenuPage)
    for layer in (veil, words):
        assert record_from(plain(layer), Layer) == layer


PLACE = Box(x=100, y=60, width=192, height=108)
RATE = Fraction(25)


def small_film(folder: Path) -> tuple[Stack, ...]:
    """Two shots of a clip of numbered pictures, from 20 and from 60 on, in the place's size."""
    write_clip(folder / "clip.mp4", width=PLACE.width, height=PLACE.height, frames=120, rate=RATE)
    picture = media_of(folder / "clip.mp4").picture
    assert picture is not None
    raster = Raster(width=PLACE.width, height=PLACE.height, rate=RATE)
    conversion = conversion_for(
        picture, fit="contain", focus=(Fraction(1, 2),) * 2, region=whole_raster(raster), flatten=None
    )

    def shot(start: int, begins: int, into: int) -> Stack:
        video = Video(file="clip.mp4", picture=picture, start=start / RATE, conversion=conversion)
        layer = Layer(source=video, length_frames=40)
        return Stack(name="s", start_frame=begins, length_frames=40, layers=(layer,), into_frames=into)

    return shot(20, 0, 0), shot(60, 30, 10)


def codes_on(layers: tuple[Layer, ...], folder: Path) -> int | None:
    picture = drawn(layers, NTSC, {"clip.mp4": folder / "clip.mp4"})
    window = picture[PLACE.y : PLACE.y + PLACE.height, PLACE.x : PLACE.x + PLACE.width]
    luma = 16 + 219 * (window @ np.array([0.2126, 0.7152, 0.0722]))
    outside = picture.copy()
    outside[PLACE.y : PLACE.y + PLACE.height, PLACE.x : PLACE.x + PLACE.width] = 0
    assert not outside.any()
    return read_frame_code(luma.round().astype(np.uint8))


def test_a_chapters_picture_is_a_moment_of_a_shot_held(tmp_path):
    stacks = small_film(tmp_path)
    first = chapter_still(stacks[0], 0, PLACE, rate=RATE, length_frames=100)
    second = chapter_still(stacks[1], 30, PLACE, rate=RATE, length_frames=100)
    # The middle of a shot of 40 frames; of the second, of what its transition leaves.
    assert codes_on(first, tmp_path) == 20 + 20
    assert codes_on(second, tmp_path) == 60 + 10 + 15
    later = tuple(replace(layer, age_frames=90) for layer in second)
    assert codes_on(later, tmp_path) == 85
    moving = tuple(replace(layer, source=replace(layer.source, speed=Fraction(1))) for layer in second)
    assert codes_on(tuple(replace(layer, age_frames=30) for layer in moving), tmp_path) == 115


def test_what_cannot_be_read_so_small_is_left_away(tmp_path):
    stack, _ = small_film(tmp_path)
    style, (clip,) = variety().styles["lower_third"], stack.layers
    assert isinstance(clip.source, Video)
    third = LowerThird(lines=("Ana",), style=style, second_style=style, plate="#000000", accent="#ffffff")
    window = Box(x=96, y=0, width=96, height=108)
    view = View(x=Fraction(0), y=Fraction(0), width=Fraction(192), height=Fraction(108))
    closer = replace(view, width=Fraction(96), height=Fraction(54))
    pan = Pan(views=(view, closer), every_frames=40, kind="move", region=Box(x=0, y=0, width=192, height=108))
    moved = replace(clip.source, conversion=replace(clip.source.conversion, pan=pan))
    sources: tuple[Source, ...] = (
        moved,
        third,
        Roll(lines=(), step=2, background=("#010203",)),
        Card(name="title", words=("Short", "so long " * 40), frames=40),
        Text(words="Then the rain came, everywhere at once.", style=style, byline="Ana", byline_style=style),
        Text(words="A line of a poem\n" * 30, style=style),
    )
    layers = (
        *(Layer(source=source, length_frames=40) for source in sources),
        replace(clip, window=window, fade_in_frames=40, opacity=0.5),
        replace(clip, age_frames=-38),
    )
    found = chapter_still(replace(stack, layers=layers), 0, PLACE, rate=RATE, length_frames=100)
    held, ground, card, rain, poem, windowed = found
    assert isinstance(held.source, Video)
    assert held.source.conversion.pan is not None
    assert len(set(held.source.conversion.pan.views)) == 1
    assert held.source.conversion.pan.views[0] not in (view, closer)
    assert ground.source == Ground(background=("#010203",))
    # A card is shown as it ends: it has come together then.
    assert (card.age_frames, card.length_frames) == (36, 136)
    assert isinstance(card.source, Card)
    assert card.source.words[0] == "Short"
    assert card.source.words[1].endswith("so long so…")
    assert len(card.source.words[1]) < 100
    assert rain.source == Text(words="Then the rain came, everywhere at once.", style=style)
    assert poem.source == Text(words="\n".join(["A line of a poem"] * 4), style=style)
    assert windowed.window == Box(x=196, y=60, width=96, height=108)
    assert windowed.opacity == pytest.approx(0.5 * 37 / 41)
    assert windowed.fade_in_frames == 0
