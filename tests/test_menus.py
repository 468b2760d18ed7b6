"""Menus as data: which pages there are, that each button is reached and leads where it says, boxes a disc can hold."""

import json
from collections.abc import Iterator
from dataclasses import replace

import pytest
from desk_making import variety
from hypothesis import Phase, given, settings
from hypothesis import strategies as st
from menu_making import NEIGHBOURS, NTSC, PAL, SEASON, chapters

from crowdcut.disc.languages import languages
from crowdcut.disc.menu_grid import arrows_for
from crowdcut.disc.menu_records import (
    MOST_BUTTONS,
    Button,
    DiscTold,
    Lead,
    MenuCanvas,
    Page,
    Play,
    PlayAll,
    Show,
    Subtitles,
    TitleTold,
)
from crowdcut.disc.menus import pages_from
from crowdcut.disc.own_names import OWN_NAMES
from crowdcut.orders import Box, Style
from crowdcut.records import plain
from crowdcut.vocabulary.choices import MENU_MARKS
from renderers.lettering.fonts import shelf_of

NAMES = st.text(max_size=60) | st.sampled_from(["", "a " * 40, "שלום", "東京", "x" * 300])
TITLES = st.builds(
    TitleTold,
    name=NAMES,
    chapters=st.sampled_from([0, 1, 2, 5, 6, 7, 13, 25]).map(lambda count: chapters(*map(str, range(count)))),
    subtitles=st.sampled_from([(), ("en",), ("en", "ja"), ("ar", *sorted(OWN_NAMES)[:7]), tuple(OWN_NAMES)[:32]]),
    extra=st.booleans(),
)
DISCS = st.builds(
    DiscTold,
    title=NAMES,
    titles=st.lists(TITLES, min_size=1, max_size=4).map(tuple)
    | TITLES.map(lambda one: (replace(one, chapters=()),) * 30),
    chapters=st.booleans(),
    stills=st.booleans(),
    backdrop=st.booleans(),
)


def pages(disc: DiscTold, canvas: MenuCanvas = NTSC, **look: object) -> tuple[Page, ...]:
    return pages_from(disc, replace(variety().menu, **look), canvas)


def page(disc: DiscTold, name: str) -> Page:
    return next(one for one in pages(disc) if one.id == name)


def said(found: Page) -> list[str]:
    return [button.words.words for button in found.buttons]


def leads(found: Page) -> dict[str, Lead]:
    return {button.words.words: button.leads for button in found.buttons}


def reached(buttons: tuple[Button, ...], start: int) -> set[int]:
    """Numbers of the buttons to which arrow keys lead from one."""
    known, waiting = {start}, [start]
    while waiting:
        button = buttons[waiting.pop() - 1]
        new = {button.up, button.down, button.left, button.right} - known
        known |= new
        waiting += new
    return known


def corners(box: Box) -> tuple[int, int, int, int]:
    return box.x, box.y, box.x + box.width, box.y + box.height


def apart(one: Box, other: Box) -> bool:
    left, top, right, bottom = corners(one)
    return right <= other.x or bottom <= other.y or other.x + other.width <= left or other.y + other.height <= top


def is_inside(box: Box, outer: tuple[float, float, float, float]) -> bool:
    """Whether it is inside; a hair beyond is how floats are rounded."""
    left, top, right, bottom = corners(box)
    hair = 1e-6
    return outer[0] - hair <= left and outer[1] - hair <= top and right <= outer[2] + hair and bottom <= outer[3] + hair


def boxes_in(found: Page) -> Iterator[Box]:
    yield from (words.box for words in found.words)
    yield from (still.box for still in found.stills)
    for button in found.buttons:
        yield from (button.box, button.marked, button.words.box)
    if found.rule is not None:
        yield found.rule


def check_boxes(found: Page, canvas: MenuCanvas, margin: float) -> None:
    """Even numbers, inside title-safe, no two buttons over each other; what a button has lies in it."""
    safe = (margin * canvas.width, margin * canvas.height, (1 - margin) * canvas.width, (1 - margin) * canvas.height)
    across, down = canvas.stored_width / canvas.width, canvas.stored_height / canvas.height
    for box in boxes_in(found):
        assert not any(number % 2 for number in corners(box)), found.id
        assert is_inside(box, safe), (found.id, box)
        assert min(box.width, box.height) >= 2
    for number, button in enumerate(found.buttons):
        left, top, right, bottom = corners(button.box)
        assert not any(edge % 2 for edge in corners(button.stored))
        assert is_inside(button.stored, (left * across, top * down, right * across, bottom * down))
        assert is_inside(button.words.box, corners(button.box))
        assert is_inside(button.marked, corners(button.box))
        assert button.words.box.height >= 10
        for other in found.buttons[:number]:
            assert apart(button.box, other.box), (found.id, button.words.words, other.words.words)
        for words in found.words:
            assert apart(button.box, words.box), (found.id, button.words.words)


def styled(largest: bool) -> dict[str, Style]:
    """The template's type, or the largest that a template may ask for."""
    sizes = {"title": 0.1, "heading": 0.08, "button": 0.07, "small": 0.05}
    own = variety().menu.styles
    return {use: replace(own[use], size=sizes[use], leading=1.4) for use in own} if largest else own


# A disc that fails is told as it was found: making it smaller takes minutes.
@settings(deadline=None, max_examples=40, phases=[Phase.explicit, Phase.reuse, Phase.generate])
@given(DISCS, st.sampled_from([NTSC, PAL]), st.sampled_from(sorted(MENU_MARKS)), st.floats(0.05, 0.15), st.booleans())
def test_any_disc_has_pages_that_a_player_can_show(disc, canvas, mark, margin, largest):
    found = pages(disc, canvas, mark=mark, margin=margin, styles=styled(largest))
    ids = [one.id for one in found]
    assert len(set(ids)) == len(ids)
    assert ids[0] == "root"
    for one in found:
        assert 0 < len(one.buttons) <= MOST_BUTTONS
        check_boxes(one, canvas, margin)
        # Words of one kind are one size: it is found by the height that they have.
        rows = [button for button in one.buttons if not one.stills]
        assert len({(button.words.style.size, button.words.box.height) for button in rows}) <= 2
        everyone = set(range(1, len(one.buttons) + 1))
        assert all(reached(one.buttons, start) == everyone for start in everyone)


@settings(deadline=None, max_examples=40)
@given(DISCS)
def test_every_page_is_reached_from_the_root_by_jumps_that_a_disc_has(disc):
    found = {one.id: one for one in pages(disc)}
    known, waiting = {"root"}, ["root"]
    while waiting:
        here = found[waiting.pop()]
        for button in here.buttons:
            aim = button.leads.page if isinstance(button.leads, Show) else None
            aim = button.leads.then if isinstance(button.leads, Subtitles) else aim
            if aim is None:
                continue
            there = found[aim]
            # From the manager only a titleset's entry menus can be jumped to; from a titleset never another one.
            assert there.title in (None, here.title) or (
                here.title is None and there.id == f"{there.title}-{there.kind}"
            )
            if aim not in known:
                known.add(aim)
                waiting.append(aim)
    # The remote control's key leads to these in each titleset; the setting is one for all, so the root needs but one.
    assert all(found[one].kind == "subtitles" for one in set(found) - known)
    assert any(found[one].kind == "subtitles" for one in known) or not any(title.subtitles for title in disc.titles)
    assert all(one.id == "root" or "Back" in said(one) for one in found.values() if one.kind != "root")


@settings(deadline=None, max_examples=40)
@given(DISCS)
def test_all_that_is_on_the_disc_can_be_chosen(disc):
    found = [button.leads for one in pages(disc) for button in one.buttons]
    numbered = list(enumerate(disc.titles, start=1))
    episodes = [number for number, title in numbered if not title.extra]
    assert {lead.title for lead in found if isinstance(lead, Play)} == {number for number, _ in numbered}
    assert found.count(PlayAll()) == (len(episodes) > 1)
    for number, title in numbered:
        for stream in (None, *range(len(title.subtitles))) if title.subtitles else ():
            assert Subtitles(title=number, stream=stream, then="root") in found
        if disc.chapters and len(title.chapters) > 1:
            played = [lead for lead in found if isinstance(lead, Play) and lead.title == number]
            assert {lead.chapter for lead in played} == set(range(1, len(title.chapters) + 1))


@given(
    st.sets(st.tuples(st.integers(0, 5), st.integers(0, 5)), min_size=1, max_size=12),
)
def test_arrows_are_as_the_buttons_lie(places):
    boxes = [Box(x=100 * column, y=50 * row, width=80, height=40) for row, column in sorted(places)]
    for box, (_, down, left, right) in zip(boxes, arrows_for(boxes), strict=True):
        further = [other for other in boxes if other.y == box.y and other.x > box.x]
        aim = boxes[right - 1]
        assert aim == min(further, key=lambda other: other.x) if further else aim.x <= box.x
        assert aim.y == boxes[left - 1].y == box.y
        lower = [other.y for other in boxes if other.y > box.y]
        assert boxes[down - 1].y == min(lower or [other.y for other in boxes])


def test_arrows_that_do_not_wrap_would_be_noticed():
    buttons = page(SEASON, "root").buttons
    stuck = tuple(replace(one, down=min(one.down, number + 1)) for number, one in enumerate(buttons))
    stuck = tuple(replace(one, up=number) for number, one in enumerate(stuck, start=1))
    assert reached(stuck, len(stuck)) != set(range(1, len(stuck) + 1))


@pytest.mark.parametrize(("canvas", "name"), [(NTSC, "ntsc"), (PAL, "pal")])
def test_the_season_is_laid_out_as_it_was(canvas, name, golden):
    found = [
        {
            "id": one.id,
            "words": [[words.words, *corners(words.box)] for words in one.words],
            "stills": [[still.title, still.chapter, *corners(still.box)] for still in one.stills],
            "buttons": [
                {
                    "words": button.words.words,
                    "box": corners(button.box),
                    "stored": corners(button.stored),
                    "mark": [button.mark, *corners(button.marked)],
                    "leads": plain(button.leads, Lead),
                    "arrows": [button.up, button.down, button.left, button.right],
                }
                for button in one.buttons
            ],
        }
        for one in pages(SEASON, canvas)
    ]
    golden(f"menus_{name}", json.loads(json.dumps(found)))


def test_one_film_is_simply_played():
    disc = DiscTold(title="One", titles=(TitleTold(name="One", chapters=chapters("a", "b")),))
    assert leads(page(disc, "root")) == {"Play": Play(title=1), "Chapters": Show(page="1-chapters")}
    assert said(page(replace(disc, chapters=False), "root")) == ["Play"]


def test_several_are_played_at_once_or_one_by_one():
    root = leads(page(SEASON, "root"))
    assert list(root) == [
        "Play all",
        *(title.name for title in SEASON.titles[:2]),
        *("Chapters", "Subtitles", "Trailer"),
    ]
    assert root["Play all"] == PlayAll()
    assert root["Trailer"] == Play(title=3)
    assert root["Chapters"] == Show(page="chapters")
    # Nobody but the first has subtitles: nothing to choose among.
    assert root["Subtitles"] == Show(page="1-subtitles")


def test_languages_are_called_by_their_own_names():
    assert leads(page(SEASON, "1-subtitles")) == {
        "Off": Subtitles(title=1, stream=None, then="root"),
        "English": Subtitles(title=1, stream=0, then="root"),
        "日本語": Subtitles(title=1, stream=1, then="root"),
        "Back": Show(page="root"),
    }


def test_every_language_can_be_drawn():
    assert set(OWN_NAMES) == set(languages())
    shelf = shelf_of(())
    for code, name in OWN_NAMES.items():
        assert len(code) == 2
        assert not shelf.missing(name, shelf.chain(("Noto Sans",), name)), (code, name)
    assert shelf.missing("ཇོང་ཁ", shelf.chain(("Noto Sans",), "ཇོང་ཁ")), "the packaged fonts have Tibetan by now"


def test_the_same_subtitles_everywhere_need_no_choice_of_title():
    both = tuple(replace(title, subtitles=("en", "es")) for title in SEASON.titles[:2])
    assert leads(page(replace(SEASON, titles=both), "root"))["Subtitles"] == Show(page="1-subtitles")
    other = (both[0], replace(both[1], subtitles=("es", "en")))
    assert leads(page(replace(SEASON, titles=other), "root"))["Subtitles"] == Show(page="subtitles")


def test_more_chapters_make_more_pages():
    disc = DiscTold(title="Long", titles=(TitleTold(name="Long", chapters=chapters(*map(str, range(25)))),))
    found = [one for one in pages(disc) if one.kind == "chapters"]
    assert [len(one.stills) for one in found] == [5, 5, 5, 5, 5]
    assert said(found[1])[5:] == ["Back", "Previous", "Next"]
    assert leads(found[1])["Previous"] == Show(page="1-chapters")
    assert leads(found[1])["Next"] == Show(page="1-chapters-3")
    assert "Next" not in said(found[-1])
    listed = [one for one in pages(replace(disc, stills=False)) if one.kind == "chapters"]
    assert [len(one.buttons) for one in listed] == [7 + 2, 7 + 3, 7 + 3, 4 + 2]
    assert not any(one.stills for one in listed)


def test_what_is_no_title_is_on_the_first_of_several_roots():
    titles = tuple(TitleTold(name=f"Episode {n}", chapters=chapters("a", "b"), subtitles=("en",)) for n in range(20))
    disc = DiscTold(title="All", titles=titles)
    roots = [one for one in pages(disc) if one.kind == "root"]
    assert [one.id for one in roots] == ["root", "root-2", "root-3"]
    assert said(roots[0])[:3] == ["Play all", "Chapters", "Subtitles"]
    assert "Back" not in said(roots[1])


def test_a_page_of_arabic_is_the_mirror_image():
    found = pages(replace(NEIGHBOURS, title="الجيران", backdrop=True))
    latin = pages(replace(NEIGHBOURS, title="Neighbours", backdrop=True))
    for one, other in zip(found, latin, strict=True):
        for button, same in zip(one.buttons, other.buttons, strict=True):
            assert button.box == replace(same.box, x=NTSC.width - same.box.x - same.box.width)
            assert (button.left, button.right) == (same.right, same.left)
    assert found[0].buttons[0].words.style.align == "right"
    assert (found[0].open_side, latin[0].open_side) == ("left", "right")


def test_a_side_stays_free_for_a_picture_where_all_is_short():
    short = replace(NEIGHBOURS, title="One Day, Many Windows", backdrop=True)
    root = pages(short)[0]
    assert root.open_side == "right"
    assert root.words[0].most_lines == 2
    assert all(box.x + box.width <= 0.6 * NTSC.width for box in boxes_in(root))
    assert pages(replace(short, backdrop=False))[0].open_side is None
    assert pages(replace(short, title=4 * short.title))[0].open_side is None


def test_words_of_a_template_are_the_buttons():
    words = {**variety().menu.words, "play": "Ver", "chapters": "Escenas"}
    disc = DiscTold(title="Uno", titles=(TitleTold(name="Uno", chapters=chapters("a", "b")),))
    assert [one.words.words for one in pages(disc, words=words)[0].buttons] == ["Ver", "Escenas"]


def test_names_that_cannot_be_seen_are_numbers():
    blank = TitleTold(name="\u200b", chapters=chapters("", "\u2800"))
    disc = DiscTold(title="\u200b", titles=(blank, blank))
    assert said(page(disc, "root"))[:3] == ["Play all", "1", "2"]
    assert said(page(disc, "2-chapters"))[:2] == ["1", "2"]
