"""Discs are played by programs that are not ours: menus walked button by button, chapters reached, every frame seen.

The same disc is authored twice, by vtskit with udfkit and by dvdauthor with genisoimage, and held to the same words.
"""

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from disc_player import Player, PlayerLost, luma_by_ffmpeg, need_players
from disc_walking import come_to, pressed, walked
from disc_wanted import (
    ROOT,
    WantedTitle,
    all_lists_agree,
    captions_come_in_time,
    every_chapter_is_found,
    every_picture_comes,
    ffmpeg_agrees,
    first_play_leads_to_the_root,
    play_all_plays_all,
    subtitle_after,
)
from other_disc import other_disc
from small_disc import Layout, caption_box, layout_of, small_disc, write_streams
from small_film import quiet
from vob_reading import captions_in, main_hertz, sound_in

from examples.makers import read_frame_code
from farm.verifying import verified


@pytest.fixture(scope="session", params=["ntsc", pytest.param("pal", marks=pytest.mark.long)])
def layout(request) -> Layout:
    return layout_of(standard=request.param)


@pytest.fixture(scope="session", params=["vtskit", "dvdauthor"])
def disc(request, layout, tmp_path_factory) -> Path:
    need_players()
    folder = tmp_path_factory.mktemp(f"{request.param}-{layout.standard}")
    if request.param == "vtskit":
        return small_disc(folder, layout)
    return other_disc(folder / "other", layout, write_streams(folder / "streams", layout))


@pytest.fixture
def player(disc):
    with Player(disc) as player:
        yield player


def titles_of(layout: Layout) -> tuple[WantedTitle, ...]:
    """The small disc's titles as they are to be seen."""
    return tuple(
        WantedTitle(
            codes=tuple(range(title.first_code, title.first_code + title.frames)),
            rate=layout.rate,
            chapters=title.chapters,
            languages=title.languages,
            cues=(title.cues,) * len(title.languages),
        )
        for title in layout.titles
    )


def test_first_play_leads_to_the_root_menu(player, layout):
    seen = first_play_leads_to_the_root(player)
    assert (len(seen.buttons), seen.lit) == (len(layout.root.buttons), 1)
    assert player.glimpse() == layout.root.first_code


def test_every_button_of_every_page_leads_where_it_says(player, layout):
    pages = {page.code: page for page in walked(player)}
    wanted = {page.first_code: page for page in (layout.root, *(one for ours in layout.pages for one in ours))}
    assert set(pages) == set(wanted)
    for code, page in wanted.items():
        assert [landing.code for landing in pages[code].leads] == [button.shows for button in page.buttons]
        found = [(button.box[:2], button.keys) for button in pages[code].buttons]
        assert found == [(button.box[:2], button.keys) for button in page.buttons]
        assert pages[code].lit == 1


def test_a_menu_that_moves_keeps_the_button_that_is_lit(player, layout):
    seen = player.run("buttons")
    player.press("down")
    again = player.run("blocks", most_blocks=400)
    assert len(again.of("cell")) >= 3
    assert (again.place, again.lit) == (ROOT, seen.buttons[0].keys[1])


def test_every_chapter_can_be_searched_for(player, layout):
    every_chapter_is_found(player, titles_of(layout))


def test_titles_are_listed_as_planned(disc, player, layout):
    all_lists_agree(disc, player, titles_of(layout))


def test_every_frame_of_a_title_comes_once_and_in_order(player, layout):
    for number, (title, planned) in enumerate(zip(titles_of(layout), layout.titles, strict=True), 1):
        played = every_picture_comes(player, number, title)
        assert played.place == ROOT
        assert main_hertz(sound_in(played.blocks)) == pytest.approx(planned.hertz, abs=1)
        assert {one["part"] for one in played.of("cell")} >= set(range(2, len(title.chapters) + 1))


def test_ffmpeg_sees_the_same_titles(disc, layout):
    ffmpeg_agrees(disc, layout.lines, titles_of(layout))


def test_play_all_goes_through_every_title_and_back_to_the_menu(player, layout):
    play_all_plays_all(player, (1,), titles_of(layout))


def test_a_title_alone_leads_back_to_the_menu_even_after_play_all_was_left(player):
    come_to(player, (1,))
    seen = player.call("title")
    assert seen.place == ROOT
    assert pressed(player, seen, 2).place.title == 1
    assert player.run("menu").place == ROOT


def _menu_of(layout: Layout, number: int) -> tuple[int, int]:
    """The buttons that lead to the captions' page of a title."""
    return 1 + len(layout.titles) + number, len(layout.titles[number - 1].chapters) + 1


@pytest.mark.parametrize("language", [0, 1])
def test_subtitles_are_switched_on_in_their_menu(player, layout, language):
    for number, title in enumerate(titles_of(layout), 1):
        stream, played = subtitle_after(player, (*_menu_of(layout, number), language + 1, 1))
        assert stream == language
        captions_come_in_time(played.blocks, title, language)
        boxes = [one.box for one in captions_in(played.blocks, language)]
        assert boxes == [caption_box(layout.standard, language)] * len(title.cues[language])


def test_subtitles_are_off_at_first_and_can_be_switched_off(player, layout):
    for number, title in enumerate(layout.titles, 1):
        menu, captions_page = _menu_of(layout, number)
        off = len(title.languages) + 1
        for way in ((1 + number,), (menu, captions_page, 1, captions_page, off, 1)):
            assert subtitle_after(player, way)[0] is None


def test_our_verifier_finds_nothing_wrong_with_the_discs_of_others(disc):
    assert verified(disc, quiet).findings == ()


def test_ffmpeg_sees_the_pages(disc, layout):
    for titleset, pages in enumerate(((layout.root,), *layout.pages)):
        for chain, page in enumerate(pages, 1):
            shown = luma_by_ffmpeg(disc, layout.lines, menu=1, menu_vts=titleset, menu_lu=1, pgc=chain)
            assert read_frame_code(shown[0]) == page.first_code


def _first_title(layout: Layout, **changes: Any) -> Layout:
    first, *others = layout.titles
    return replace(layout, titles=(replace(first, **changes), *others))


def _first_button(layout: Layout, **changes: Any) -> Layout:
    first, *others = layout.pages[0][0].buttons
    page = replace(layout.pages[0][0], buttons=(replace(first, **changes), *others))
    return replace(layout, pages=((page, *layout.pages[0][1:]), *layout.pages[1:]))


WRONG = {
    "a frame is missing": (
        lambda layout: _first_title(layout, frames=layout.titles[0].frames - 1),
        test_every_frame_of_a_title_comes_once_and_in_order,
    ),
    "a chapter begins elsewhere": (
        lambda layout: _first_title(layout, chapters=(0, 60, 75)),
        test_every_chapter_can_be_searched_for,
    ),
    "a button leads elsewhere": (
        lambda layout: _first_button(layout, does="jump title 1 chapter 2;"),
        test_every_button_of_every_page_leads_where_it_says,
    ),
    "an arrow key leads elsewhere": (
        lambda layout: _first_button(layout, keys=(4, 3, 2, 5)),
        test_every_button_of_every_page_leads_where_it_says,
    ),
    "a button cannot be reached": (
        lambda layout: _first_button(layout, keys=(1, 1, 1, 1)),
        test_every_button_of_every_page_leads_where_it_says,
    ),
    "captions come late": (
        lambda layout: _first_title(layout, cues=tuple((start + 3, end) for start, end in layout.titles[0].cues)),
        lambda player, layout: test_subtitles_are_switched_on_in_their_menu(player, layout, 0),
    ),
    "play all stops": (
        lambda layout: replace(layout, posts=(layout.posts[1], *layout.posts[1:])),
        test_play_all_goes_through_every_title_and_back_to_the_menu,
    ),
    "the menu forgets what is lit": (
        lambda layout: replace(layout, root=replace(layout.root, again="jump menu 1;")),
        test_a_menu_that_moves_keeps_the_button_that_is_lit,
    ),
}


@pytest.mark.parametrize("wrong", WRONG)
def test_a_disc_that_is_not_as_planned_fails(tmp_path, wrong):
    need_players()
    change, test = WRONG[wrong]
    planned = layout_of()
    with Player(small_disc(tmp_path, change(planned))) as player, pytest.raises(AssertionError):
        test(player, planned)


def test_a_disc_that_is_not_there_is_told_of(tmp_path):
    need_players()
    with pytest.raises(PlayerLost, match="does not open"), Player(tmp_path / "nothing.iso"):
        pass


def test_a_disc_that_runs_in_circles_is_left(tmp_path):
    need_players()
    layout = layout_of()
    root = replace(layout.root, pre="jump vmgm menu entry title;")
    disc = small_disc(tmp_path, replace(layout, root=root))
    with Player(disc) as player:
        player.answer_seconds = 2
        with pytest.raises(PlayerLost, match="no answer in 2 s"):
            player.run("buttons")
