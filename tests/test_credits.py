"""Credits: nobody is lost, whatever was made from what; every delivery's roll has the same rows and length."""

from fractions import Fraction
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crowdcut.cut.appearances import Appearance, Use, appearances_from
from crowdcut.cut.credits import Block, blocks_from, roll_for, roll_frames, roll_seconds
from crowdcut.findings import Refused
from crowdcut.library import Contribution, Contributor, Library, Part
from crowdcut.look import Look, look_from
from crowdcut.manifest import ExtraCredit
from crowdcut.orders import Raster, Roll
from crowdcut.timing import seconds_to_frames

HD = Raster(width=1920, height=1080, rate=Fraction(24))
PROXY = Raster(width=640, height=360, rate=Fraction(24))
DVD = Raster(width=720, height=480, rate=Fraction(30000, 1001))


def variety() -> Look:
    look, _ = look_from("variety", Path())
    assert look is not None
    return look


LOOK = variety()


def library_of(contributions: dict[str, dict], names: dict[str, str] | None = None) -> Library:
    """``{id: {by: "mara, bo as colour", role: ..., made_from: (...)}}``; contributors are named by their ids."""
    made = {}
    people: dict[str, Contributor] = {}
    for key, entry in contributions.items():
        written = [part.partition(" as ") for part in entry.get("by", "").split(", ") if part]
        parts = tuple(Part(contributor=person, role=role or None) for person, _, role in written)
        for part in parts:
            name = (names or {}).get(part.contributor, part.contributor)
            people[part.contributor] = Contributor(id=part.contributor, name=name)
        made[key] = Contribution(
            id=key, file=None, name=key, by=parts, role=entry.get("role"), made_from=entry.get("made_from", ())
        )
    return Library(contributors=people, contributions=made)


def used(*ids: str) -> list[Use]:
    return [Use(contribution=key, start_frame=0, end_frame_exclusive=24, how="shot") for key in ids]


def blocks_of(library: Library, *ids: str, extra: tuple[ExtraCredit, ...] = ()) -> dict[str, Block]:
    blocks = blocks_from(appearances_from(used(*ids), library, {}, LOOK), library, LOOK, extra)
    return {block.role: block for block in blocks}


def names_in(roll: Roll) -> set[str]:
    return {cell for line in roll.lines if line.style == "name" for cell in line.cells if cell}


def test_an_appearance_says_through_what_an_ancestor_is_credited():
    library = library_of(
        {"clip": {"by": "ana", "role": "animation", "made_from": ("poem",)}, "poem": {"by": "bo", "role": "words"}}
    )
    uses = [Use(contribution="clip", start_frame=10, end_frame_exclusive=34, how="layer")]
    assert appearances_from(uses, library, {}, LOOK) == (
        Appearance(
            contribution="clip",
            contributor="ana",
            role="animation",
            start_frame=10,
            end_frame_exclusive=34,
            how="layer",
        ),
        Appearance(
            contribution="poem",
            contributor="bo",
            role="words",
            start_frame=10,
            end_frame_exclusive=34,
            via="clip",
            how="layer",
        ),
    )


def test_roles_come_from_the_part_the_contribution_or_the_kind():
    library = library_of({"a": {"by": "ana, bo as colour", "role": "animation"}, "b": {"by": "cy"}, "c": {"by": "dee"}})
    found = appearances_from(used("a", "b", "c"), library, {"b": "audio"}, LOOK)
    assert [(each.contributor, each.role) for each in found] == [
        ("ana", "animation"),
        ("bo", "colour"),
        ("cy", LOOK.roll.default_roles["audio"]),
        ("dee", LOOK.roll.default_roles["other"]),
    ]


def test_a_contribution_unknown_to_the_library_is_not_passed_over():
    with pytest.raises(KeyError, match="gone"):
        appearances_from(used("gone"), library_of({}), {}, LOOK)


def test_blocks_follow_the_template_then_the_order_met():
    library = library_of(
        {
            "a": {"by": "ana", "role": "clay wrangling"},
            "b": {"by": "bo", "role": "Music"},
            "c": {"by": "cy", "role": "animation"},
            "d": {"by": "dee", "role": "moral support"},
            "e": {"by": "eli", "role": "music"},
        }
    )
    blocks = blocks_of(library, *"abcde", extra=(ExtraCredit(role="HOST", names=("Joe",)),))
    assert [block.heading for block in blocks.values()] == [
        "Hosted by",
        "Animation",
        "Music",
        "Clay wrangling",
        "Moral support",
    ]
    assert blocks["Music"].names == ("bo", "eli")


def test_names_are_collated_and_stand_once_in_each_block():
    names = {"z": "Zoë", "e": "Élan", "f": "Fay", "a": "ana", "o": "Öberg", "p": "Petra"}
    library = library_of(
        {"one": {"by": "z, e, f, a, o, p", "role": "music"}, "two": {"by": "z, e as colour", "role": "music"}}, names
    )
    blocks = blocks_of(library, "one", "two", extra=(ExtraCredit(role="music", names=("Fay", "Bo")),))
    assert blocks["music"].names == ("ana", "Bo", "Élan", "Fay", "Öberg", "Petra", "Zoë")
    assert blocks["colour"].names == ("Élan",)


@pytest.mark.parametrize("name", ["", " \n", "\u202e", "\u200b\u3164"])
def test_a_name_that_nobody_can_see_is_refused(name: str):
    library = library_of({"a": {"by": "ana"}}, {"ana": name})
    with pytest.raises(Refused, match="nothing in it that can be seen"):
        blocks_of(library, "a")


PEOPLE = [f"person {number}" for number in range(12)]
PARTS = st.lists(st.tuples(st.sampled_from(PEOPLE), st.sampled_from(["", " as music", " as Nap"])), max_size=4)


@st.composite
def productions(draw: st.DrawFn) -> tuple[Library, list[str]]:
    """Libraries with any graph, loops and dead ends too, and what of them is in the cut."""
    ids = [f"c{number}" for number in range(draw(st.integers(1, 12)))]
    entries = {
        key: {
            "by": ", ".join(person + role for person, role in draw(PARTS)),
            "role": draw(st.sampled_from([None, "animation", "Words", "nap"])),
            "made_from": tuple(draw(st.lists(st.sampled_from([*ids, "lost"]), max_size=4))),
        }
        for key in ids
    }
    return library_of(entries), draw(st.lists(st.sampled_from(ids), min_size=1, max_size=5))


def reached(library: Library, key: str, seen: set[str]) -> set[str]:
    """All that ``key`` was made from, by plain recursion."""
    if key in library.contributions and key not in seen:
        seen.add(key)
        for parent in library.contributions[key].made_from:
            reached(library, parent, seen)
    return seen


@given(productions(), st.sampled_from([HD, PROXY, DVD]))
@settings(max_examples=80, deadline=None)
def test_nobody_is_lost(production: tuple[Library, list[str]], raster: Raster):
    library, cut = production
    ids = {ancestor for key in cut for ancestor in reached(library, key, set())}
    owed = {
        (
            part.contributor,
            (part.role or library.contributions[key].role or LOOK.roll.default_roles["other"]).casefold(),
        )
        for key in ids
        for part in library.contributions[key].by
    }
    blocks = blocks_from(appearances_from(used(*cut), library, {}, LOOK), library, LOOK)
    assert {(name, block.role.casefold()) for block in blocks for name in block.names} == owed
    if blocks:
        assert names_in(roll_for(blocks, raster, LOOK)) == {name for name, _ in owed}


def blocks_with(count: int) -> list[Block]:
    return [Block(role="music", heading="Music", names=tuple(f"Person {number:03}" for number in range(count)))]


@pytest.mark.parametrize("count", [1, 12, 13, 16, 60, 426])
def test_every_delivery_has_the_same_rows_and_the_same_length(count: int):
    rolls = {raster.height: roll_for(blocks_with(count), raster, LOOK, title="Made by") for raster in (HD, PROXY, DVD)}
    rows = [[(line.style, line.cells) for line in roll.lines] for roll in rolls.values()]
    assert rows[0] == rows[1] == rows[2]
    seconds = roll_seconds(rolls[1080], HD)
    for raster in (PROXY, DVD):
        assert abs(roll_seconds(rolls[raster.height], raster) - seconds) <= 1 / (2 * HD.rate) + 1 / (2 * raster.rate)
    assert rolls[1080].step == LOOK.roll.pixels_a_frame_1080


@pytest.mark.parametrize("count", [1, 13, 60, 426])
@pytest.mark.parametrize(
    ("width", "height", "rate"), [(854, 480, "24000/1001"), (854, 480, "30000/1001"), (1024, 576, 25)]
)
def test_on_a_disc_rows_stay_in_their_field(count: int, width: int, height: int, rate: str | int):
    raster = Raster(width=width, height=height, rate=Fraction(rate))
    roll = roll_for(blocks_with(count), raster, LOOK, interlaced=True)
    assert roll.step % 2 == 0
    usual = roll_for(blocks_with(count), raster, LOOK)
    assert abs(roll_frames(roll, raster) - roll_frames(usual, raster)) <= 1
    ends = [line.top + line.height for line in roll.lines]
    assert all(end <= line.top for end, line in zip(ends, roll.lines[1:], strict=False))


@given(st.integers(1, 80), st.integers(5, 90), st.sampled_from([HD, PROXY, DVD]))
@settings(max_examples=60, deadline=None)
def test_a_wished_length_is_met_to_the_frame(count: int, seconds: int, raster: Raster):
    roll = roll_for(blocks_with(count), raster, LOOK, seconds=Fraction(seconds))
    assert roll_frames(roll, raster) == seconds_to_frames(Fraction(seconds), raster.rate)
    ends = [line.top + line.height for line in roll.lines]
    assert all(end <= line.top for end, line in zip(ends, roll.lines[1:], strict=False))
    assert all(line.height > 0 for line in roll.lines)


def test_the_roll_ends_when_its_last_row_has_left_the_top():
    roll = roll_for(blocks_with(3), HD, LOOK)
    last = roll_frames(roll, HD) - 1
    bottom = max(line.top + line.height for line in roll.lines)
    assert last * roll.step - HD.height < bottom <= (last + 1) * roll.step - HD.height


def test_columns_read_downwards_and_none_is_empty():
    roll = roll_for(blocks_with(16), HD, LOOK)
    names = [line.cells for line in roll.lines if line.style == "name"]
    assert [cells[0] for cells in names] == [f"Person {number:03}" for number in range(6)]
    assert all(any(cells[column] for cells in names) for column in range(LOOK.roll.columns))


def test_a_name_too_wide_for_its_column_has_a_row_of_its_own():
    wide = "Wolfeschlegelsteinhausenbergerdorff of the Harbour and all its Boats"
    endless = "Ana " * 125
    block = Block(role="x", heading="X", names=(*blocks_with(20)[0].names, wide, endless.strip()))
    rows = [line.cells for line in roll_for([block], HD, LOOK).lines if line.style == "name"]
    assert (wide,) in rows
    own = [cells[0] for cells in rows if len(cells) == 1 and cells != (wide,)]
    assert " ".join(own) == endless.strip()
    assert len(own) > 1


def test_nobody_to_credit_is_an_error():
    with pytest.raises(ValueError, match="nobody"):
        roll_for([], HD, LOOK)
