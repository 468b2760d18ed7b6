"""Words on screen: any script or a finding, inside title-safe, exact to the frame, the same from run to run."""

import importlib
import unicodedata
from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crowdcut.cut.credits import Block, roll_for, roll_frames
from crowdcut.findings import JobFailed
from crowdcut.look import Look, look_from
from crowdcut.orders import Burn, Card, LowerThird, Raster, Roll, RollLine, Source, Style, Text
from crowdcut.words import broken_at, clusters_of, estimated_ems, is_right_to_left, lines_of, one_line
from renderers.cards import CARDS
from renderers.lettering.drawing import blank, canvas_on
from renderers.lettering.fonts import han_form, shelf_for
from renderers.lettering.typeset import Typesetter
from renderers.patch import Drawn, Patch
from renderers.sources import SOURCES, Setting, frames_of
from renderers.sources.burn import running_time

SMALL = Raster(width=320, height=180, rate=Fraction(24))
RASTERS = [SMALL, Raster(width=640, height=360, rate=Fraction(24)), Raster(width=720, height=480, rate=Fraction(25))]
NAME = Style(family=("Noto Sans",), size=0.1, colour="#ffffff", align="centre")
HOSTILE = {
    "controls": "An\x00a\x1b[31m\x07 B\x7fo",
    "override": "\u202eAna evil\u202c \u2066\u2067\u2068",
    "lines": "Ana\nBo\r\n\u2028Cy\tDee",
    "zalgo": "A" + "\u0301\u0316\u0489" * 40 + "na",
    "long": "Ana Bo " * 71,
    "one word": "m" * 500,
    "surrogate": "Ana \ud800",
    "leading mark": "\u0301",
    "joiners": "\u200d\u200cA\u200d\ufe0f",
}


def variety() -> Look:
    look, _ = look_from("variety", Path())
    assert look is not None
    return look


LOOK = variety()


def drawn(source: Source, raster: Raster = SMALL, *, age: int = 0, count: int = 1) -> list[Drawn]:
    setting = Setting(raster=raster, age_frames=age, count=count, inputs={})
    return list(frames_of(source)(source, setting))


def prints(pictures: list[Drawn]) -> list[bytes]:
    return [
        b"".join(plane.tobytes() for patch in picture.patches for plane in (patch.luma, patch.cb, patch.cr))
        for picture in pictures
    ]


def luma(picture: Drawn, raster: Raster = SMALL) -> np.ndarray:
    """The picture's luma over black, by the plain rule for premultiplied planes."""
    plane = np.full((raster.height, raster.width), 16.0)
    for patch in picture.patches:
        rows, columns = patch.luma.shape
        under = plane[patch.y : patch.y + rows, patch.x : patch.x + columns]
        under *= 0 if patch.alpha is None else 1 - patch.alpha / 255
        under += patch.luma
    return plane


def card(name: str, *words: str, frames: int = 48) -> Card:
    return Card(name=name, words=words, palette=LOOK.palette, styles=LOOK.styles, frames=frames)


def text(words: str, byline: str = "") -> Text:
    ground = (LOOK.palette["background"], LOOK.palette["background_low"])
    return Text(
        words=words,
        style=LOOK.styles["text"],
        byline=byline,
        byline_style=LOOK.styles["byline"],
        background=ground,
    )


def lower_third(*lines: str) -> LowerThird:
    first, second = LOOK.styles["lower_third"], LOOK.styles["lower_third_second"]
    return LowerThird(
        lines=lines, style=first, second_style=second, plate=LOOK.palette["plate"], accent=LOOK.palette["accent"]
    )


def setter(raster: Raster = SMALL) -> Typesetter:
    return Typesetter(shelf=shelf_for({}), height=raster.height)


def assert_title_safe(patch: Patch, raster: Raster):
    rows, columns = patch.luma.shape
    assert patch.x >= raster.width * 0.05 - 2
    assert patch.y >= raster.height * 0.05 - 2
    assert patch.x + columns <= raster.width * 0.95 + 2
    assert patch.y + rows <= raster.height * 0.95 + 2


# Words as text


@given(st.text())
def test_a_line_is_one_line_without_controls(written: str):
    line = one_line(written)
    line.encode()
    assert not {"Cc", "Cs", "Zl", "Zp"} & {unicodedata.category(sign) for sign in line}
    assert one_line(line) == line
    assert "".join(clusters_of(line)) == line


@given(st.text(), st.integers(1, 20))
def test_a_broken_line_loses_nothing(written: str, ems: int):
    line = one_line(written)
    assert "".join(broken_at(line, ems)).replace(" ", "") == line.replace(" ", "")


def test_a_poem_keeps_its_stanzas_and_indents():
    assert lines_of("\n\nOne\n  two\t\n\n\n\nthree\n") == ("One", "\u00a0\u00a0two", "", "three")


def test_estimates_are_not_too_small():
    for words in ("Mara Vidal", "Надежда Петрова", "田中さくら", "محمد عبد الله", "अर्जुन क्षत्रिय", "მერი"):
        assert setter().words(words, NAME).width / (0.1 * 180) < 1.15 * estimated_ems(words)


def test_direction_is_that_of_the_first_letter():
    assert is_right_to_left("1. שלום Ana")
    assert not is_right_to_left("Ana שלום")


@pytest.mark.parametrize(
    ("words", "form"),
    [
        ("田中さくら", "JP"),
        ("김민준 金", "KR"),
        ("张伟", "SC"),
        ("張偉", "TC"),
        ("渋沢栄", "JP"),
        ("王小明", "SC"),
        ("Ana", "SC"),
    ],
)
def test_han_characters_take_the_forms_of_their_country(words: str, form: str):
    assert han_form(words) == form


# Setting


@pytest.mark.parametrize(
    "words",
    [
        *("Zoë Đặng", "Їжак", "Παπά", "محمد", "שרה", "क्षत्रिय", "ศรีสุวรรณ", "さくら", "小明", "김민준", "ბერიძე", "Հայկ"),
        *("አበበ", "မောင်", "செல்வன்", "মমতা", "తెలుగు", "ಕನ್ನಡ", "മലയാളം", "සිංහල", "ગુજરાતી", "ਪੰਜਾਬੀ", "ଓଡ଼ିଆ", "ລາວ"),
        *("ខ្មែរ", "👩\u200d👩\u200d👧👍🏽🇫🇷❤️", "e\u0301q\u0302", "♫★"),
    ],
)
def test_every_packaged_script_is_drawn(words: str):
    assert setter().words(words, NAME).width > 5


@pytest.mark.parametrize("sign", ["\ue000", "\U0001d518", "\U00012031", "が\u0489"])
def test_a_missing_glyph_names_the_words_and_the_sign(sign: str):
    with pytest.raises(JobFailed) as failed:
        setter().words(f"Ana {sign}", NAME)
    (finding,) = failed.value.findings
    assert finding.rule == "missing-glyph"
    assert f"“Ana {sign}”" in finding.found
    assert all(f"U+{ord(part):04X}" in finding.found for part in sign)
    assert "fonts" in finding.way_out


def test_a_family_that_nobody_has_is_named():
    with pytest.raises(JobFailed, match="Comic Sans"):
        setter().words("Ana", replace(NAME, family=("Comic Sans",)))


def test_a_file_that_is_no_font_is_named(tmp_path: Path):
    (tmp_path / "x.ttf").write_bytes(b"no font")
    with pytest.raises(JobFailed, match=r"x\.ttf"):
        shelf_for({"font:x.ttf": tmp_path / "x.ttf"})


def test_one_line_is_set_smaller_down_to_half():
    natural = setter().words("Ana and Bo", NAME)
    fitted = setter().line("Ana and Bo", NAME, 0.6 * natural.width)
    assert fitted.lines == 1
    assert 0.57 * natural.width < fitted.width <= 0.6 * natural.width
    with pytest.raises(JobFailed, match="half its size"):
        setter().line("Ana and Bo", NAME, 0.4 * natural.width)


def test_scripts_share_one_baseline_and_height():
    metrics = {
        (words.baseline, words.height) for words in (setter().words(each, NAME) for each in ("A", "မောင်", "小", "ش"))
    }
    assert len(metrics) == 1


def test_lines_are_balanced():
    words = setter().balanced("one two three four five six seven eight nine ten", NAME, 280)
    assert words.lines > 1
    assert words.width < 270


def test_letters_are_premultiplied_and_grey_at_their_edges():
    pixels = blank(200, 40)
    with canvas_on(pixels) as canvas:
        setter().words("Ana and Bo", NAME).draw(canvas, 4, 4)
    assert len(np.unique(pixels[..., 3])) > 20
    assert (pixels[..., :3] == pixels[..., 3:]).all()  # the words are white


# Sources


def test_every_source_and_card_can_be_found():
    assert set(CARDS) == {"ident", "title", "slate"}
    for kind in ("text", "lower_third", "burn", "card", "roll"):
        assert importlib.import_module(SOURCES[kind]).frames


@pytest.mark.parametrize("raster", RASTERS)
@pytest.mark.parametrize(
    "words",
    ["Later", "A sentence that is long enough to need a few lines on any screen that is wide", "One\n  two\n" * 6],
)
def test_text_stands_still_inside_title_safe(raster: Raster, words: str):
    pictures = drawn(text(words, "Mara Vidal"), raster, count=3)
    assert pictures[0] is pictures[1] is pictures[2]
    ground, letters = pictures[0].patches
    assert ground.luma.shape == (raster.height, raster.width)
    assert_title_safe(letters, raster)


def test_a_poem_begins_on_the_side_where_it_is_read():
    (_, latin), (_, arabic) = (drawn(text(words))[0].patches for words in ("a a a a\na\na\na", "ششش ششش ششش\nش\nش\nش"))
    assert latin.alpha is not None
    assert arabic.alpha is not None
    assert latin.alpha[-10:, :20].any()
    assert not latin.alpha[-10:, -20:].any()
    assert arabic.alpha[-12:, -20:].any()
    assert not arabic.alpha[-12:, :10].any()


def test_a_text_for_which_there_is_no_room_is_refused():
    with pytest.raises(JobFailed, match="half its size"):
        drawn(text("so many words " * 200))


def test_a_gradient_is_dithered_and_shows_no_bands():
    plane = drawn(text("x"), RASTERS[1])[0].patches[0].luma[:, :200].astype(float)
    means = plane.mean(axis=1)
    assert np.diff(means).max() < 0.35  # from light to dark, never a step of a whole code
    assert np.diff(means).min() > -0.35
    assert means[0] > means[-1] + 8


def test_white_and_black_are_where_the_standard_has_them():
    white = replace(LOOK.styles["text"], colour="#ffffff", weight=900, size=0.4)
    plane = luma(drawn(Text(words="I", style=white, background=("#000000",)))[0])
    assert (round(plane.min()), round(plane.max())) == (16, 235)


@pytest.mark.parametrize("raster", RASTERS)
@pytest.mark.parametrize(
    "lines",
    [("Mara Vidal", "cinematography"), ("Ana, Bo, Cy, Dee, Eli, Fay, Gus, Hana, Ivo, Jun and all of the others",)],
)
def test_a_lower_third_is_one_still_patch_inside_title_safe(raster: Raster, lines: tuple[str, ...]):
    first, second = drawn(lower_third(*lines), raster, count=2)
    assert first is second
    (patch,) = first.patches
    assert_title_safe(patch, raster)
    assert patch.x + patch.luma.shape[1] / 2 < raster.width / 2 or len(lines) == 1


def test_a_lower_third_can_be_read_over_white_and_black():
    (patch,) = drawn(lower_third("Mara Vidal", "words"), RASTERS[1])[0].patches
    assert patch.alpha is not None
    for under in (16, 235):
        plane = patch.luma + under * (1 - patch.alpha / 255)
        assert plane.max() - np.median(plane) > 120


def test_running_time_counts_whole_frames():
    assert running_time(Fraction(7, 2), Fraction(24)) == "0:03:12"
    assert running_time(600 + Fraction(23, 24), Fraction(24)) == "10:00:23"
    assert running_time(29 / Fraction(30000, 1001), Fraction(30000, 1001)) == "0:00:29"
    assert running_time(Fraction(-7, 2), Fraction(24)) == "0:00:00"  # a take that waits for its song


def test_a_burn_runs_and_its_label_stands():
    pictures = drawn(Burn(label="fireflies/2", start=Fraction(1)), count=3)
    assert len(set(prints(pictures))) == 3
    assert len({id(picture.patches[0].luma) for picture in pictures}) == 1
    still = drawn(Burn(label="fireflies/2"), count=2)
    assert still[0] is still[1]


# Cards


@pytest.mark.parametrize(
    "source", [card("ident"), card("title", "Night Shift", "By many"), card("slate", "the lid", "ask Ana", "wanted")]
)
def test_a_card_is_the_same_wherever_it_is_entered(source: Card):
    whole = prints(drawn(source, count=48))
    assert prints(drawn(source, age=20, count=5)) == whole[20:25]
    assert prints(drawn(source, age=47)) == whole[47:]


def test_an_ident_begins_empty_moves_and_comes_to_rest():
    pictures = drawn(card("ident"), count=48)
    assert luma(pictures[0]).max() < 40
    assert len(set(prints(pictures))) > 30
    assert pictures[-1] is pictures[-2]
    assert (luma(pictures[-1])[:, 80:240] > 80).mean() > 0.2


def test_a_title_comes_to_rest_on_its_words():
    pictures = drawn(card("title", "Night Shift", "By many"), count=48)
    assert luma(pictures[0]).max() < luma(pictures[10]).max() <= luma(pictures[-1]).max()
    assert luma(pictures[-1]).max() > 180
    assert pictures[20] is pictures[-1]


def test_a_very_short_title_shows_its_words_at_once():
    assert luma(drawn(card("title", "Night Shift", frames=1))[0]).max() > 180


@pytest.mark.parametrize("name", ["title", "slate"])
def test_a_card_with_too_many_words_is_refused(name: str):
    with pytest.raises(JobFailed, match="half its size"):
        drawn(card(name, *["many words on one card " * 6] * 6, "wanted"))


def test_a_placeholder_is_red_and_a_wanted_shot_is_not():
    wanted, placeholder = (
        drawn(card("slate", "moonrise", "unreadable", label))[0].patches[1] for label in ("wanted", "placeholder")
    )
    assert float(placeholder.cr.max()) > float(wanted.cr.max()) + 10


# The roll


def roll_of(*names: str, step: int = 3, background: tuple[str, ...] = ("#000000",)) -> Roll:
    lines = tuple(RollLine(style="name", cells=(name,), top=20 * at, height=20) for at, name in enumerate(names))
    return Roll(lines=lines, step=step, styles={"roll_name": replace(NAME, size=0.07)}, background=background)


@pytest.mark.parametrize("step", [1, 2, 3])
def test_the_roll_moves_by_whole_steps_from_below_to_above(step: int):
    roll = roll_of("Ana", "Bo", "Cy", step=step)
    count = roll_frames(roll, SMALL)
    pictures = drawn(roll, count=count + 1)
    assert (luma(pictures[0]) == 16).all()
    assert (luma(pictures[-1]) == 16).all()
    for before, after in zip(pictures[:-1:7], pictures[1::7], strict=False):
        assert (luma(before)[step:] == luma(after)[:-step]).all()
    middle = luma(pictures[180 // step])
    assert (middle[:60] > 200).any()
    assert (middle[60:] == 16).all()


@pytest.mark.parametrize("background", [("#000000",), ("#102030", "#000000")])
def test_a_roll_is_the_same_wherever_it_is_cut(background: tuple[str, ...]):
    roll = roll_of(*(f"Person {number}" for number in range(12)), background=background)
    whole = prints(drawn(roll, count=60))
    assert prints(drawn(roll, age=31, count=9)) == whole[31:40]


def test_a_roll_over_a_gradient_blends():
    (ground, strip) = drawn(roll_of("Ana", background=("#404040", "#000000")), age=50)[0].patches
    assert ground.alpha is None
    assert strip.alpha is not None
    assert strip.luma.shape == ground.luma.shape == (180, 320)


@pytest.mark.parametrize("name", HOSTILE.values(), ids=HOSTILE.keys())
def test_a_hostile_name_stays_in_its_rows(name: str):
    look = replace(LOOK, styles={**LOOK.styles, "roll_name": replace(LOOK.styles["roll_name"], colour="#ffffff")})
    roll = roll_for([Block(role="x", heading="X", names=(one_line(name),))], SMALL, look)
    rows = [line for line in roll.lines if line.style == "name"]
    top, bottom = min(line.top for line in rows), max(line.top + line.height for line in rows)
    bare = replace(roll, lines=tuple(line for line in roll.lines if line.style != "name"))
    changed = []
    for age in range(0, roll_frames(roll, SMALL), 50):
        differs = luma(drawn(roll, age=age)[0]) != luma(drawn(bare, age=age)[0])
        changed += [int(row) + age * roll.step - SMALL.height for row in np.flatnonzero(differs.any(axis=1))]
    assert changed
    assert min(changed) >= top - 0.3 * rows[0].height - 1
    assert max(changed) <= bottom + 0.3 * rows[0].height + 1


def test_an_override_turns_nothing_round():
    assert prints(drawn(roll_of("\u202eAna Bo"), age=40)) == prints(drawn(roll_of("Ana Bo"), age=40))


def test_a_roll_names_who_cannot_be_set():
    with pytest.raises(JobFailed, match="Ana \ue000"):
        drawn(roll_of("Bo", "Ana \ue000"), age=10)


@given(st.text(min_size=1, max_size=30))
@settings(max_examples=60, deadline=None)
def test_any_name_is_drawn_or_refused_by_name(name: str):
    line = one_line(name)
    rules = set()
    try:
        drawn(roll_of(line or "-"), age=50)
    except JobFailed as failed:
        rules = {finding.rule for finding in failed.findings}
    assert rules <= {"missing-glyph", "blank-words", "too-long"}
