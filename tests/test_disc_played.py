"""Discs are played by programs that are not ours: menus walked button by button, chapters reached, every frame seen.

The same disc is authored twice, by vtskit with udfkit and by dvdauthor with genisoimage, and held to the same words.
"""

from dataclasses import replace
from fractions import Fraction
from itertools import groupby
from pathlib import Path
from typing import Any

import pytest
from disc_player import Place, Player, PlayerLost, listed, luma_by_ffmpeg, need_players, subpicture_times_by_ffmpeg
from disc_walking import come_to, pressed, walked
from other_disc import other_disc
from small_disc import Layout, caption_box, layout_of, small_disc, write_streams
from vob_reading import captions_in, codes_in, main_hertz, sound_in

from examples.makers import read_frame_code

ROOT = Place(domain="manager menu", vob=1)
TICKS = 90_000


@pytest.fixture(scope="session", params=["ntsc", "pal"])
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


def test_first_play_leads_to_the_root_menu(player, layout):
    seen = player.run("buttons")
    assert (seen.place, seen.blocks, len(seen.buttons), seen.lit) == (ROOT, b"", len(layout.root.buttons), 1)
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
    player.run("buttons")
    for number, title in enumerate(layout.titles, 1):
        for part, at in enumerate(title.chapters, 1):
            place = player.go_to(number, part).place
            assert (place.domain, place.title, place.part) == ("title", number, part)
            assert player.glimpse() == title.first_code + at


def test_titles_last_as_long_as_planned(disc, player, layout):
    tracks = listed(disc).findall("track")
    assert len(tracks) == len(player.titles()) == len(layout.titles)
    for track, told, title in zip(tracks, player.titles(), layout.titles, strict=True):
        # A program chain's times count frames at the nominal rate (30 for 29.97), the sound's last frame included.
        nominal = round(layout.rate)
        starts = [Fraction(at, nominal) for at in title.chapters[1:]]
        assert [Fraction(end, TICKS) for end in told["ends_ticks"][:-1]] == starts
        assert 0 <= Fraction(told["ticks"], TICKS) - Fraction(title.frames, nominal) <= Fraction(1, 10)
        assert abs(Fraction(track.findtext("length", "")) - Fraction(told["ticks"], TICKS)) < Fraction(1, 100)
        assert len(track.findall("chapter")) == told["parts"] == len(title.chapters)
        assert [one.findtext("langcode") for one in track.findall("audio")] == ["en"]
        assert tuple(one.findtext("langcode") for one in track.findall("subp")) == title.languages


def test_every_frame_of_a_title_comes_once_and_in_order(player, layout):
    for number, title in enumerate(layout.titles, 1):
        come_to(player, (1 + number,))
        played = player.run("menu", keep=True)
        assert played.reason == "menu"
        assert played.place == ROOT
        codes = list(range(title.first_code, title.first_code + title.frames))
        assert codes_in(played.blocks) == codes
        assert main_hertz(sound_in(played.blocks)) == pytest.approx(title.hertz, abs=1)
        assert {one["part"] for one in played.of("cell")} >= set(range(2, len(title.chapters) + 1))


def test_ffmpeg_sees_as_many_frames_from_each_chapter_on(disc, layout):
    for number, title in enumerate(layout.titles, 1):
        for part, at in enumerate(title.chapters, 1):
            shown = luma_by_ffmpeg(disc, layout.lines, title=number, chapter_start=part)
            assert len(shown) == title.frames - at
            assert read_frame_code(shown[0]) == title.first_code + at
            assert read_frame_code(shown[-1]) == title.first_code + title.frames - 1


def test_play_all_goes_through_every_title_and_back_to_the_menu(player, layout):
    seen = come_to(player, (1,))
    codes, titles = [], [seen.place.title]
    while seen.place.domain == "title":
        kept = player.run("cell", keep=True)
        codes += codes_in(kept.blocks)
        titles.append(kept.place.title)
        seen = kept
    assert seen.place == ROOT
    assert [one for one, _ in groupby(titles)] == [*range(1, len(layout.titles) + 1), 0]
    assert codes == [title.first_code + frame for title in layout.titles for frame in range(title.frames)]


def test_a_title_alone_leads_back_to_the_menu_even_after_play_all_was_left(player):
    come_to(player, (1,))
    seen = player.call("title")
    assert seen.place == ROOT
    assert pressed(player, seen, 2).place.title == 1
    assert player.run("menu").place == ROOT


@pytest.mark.parametrize("language", [0, 1])
def test_subtitles_are_switched_on_in_their_menu(player, layout, language):
    for number, title in enumerate(layout.titles, 1):
        captions_page = len(title.chapters) + 1
        come_to(player, (1 + len(layout.titles) + number, captions_page, language + 1, 1))
        played = player.run("menu", keep=True)
        told = [one for one in played.of("subpicture") if one["block"] < played.events[-1]["block"]]
        assert {(one["shown"], one["stream"]) for one in told} == {(True, language)}
        found = captions_in(played.blocks, language)
        assert [one.box for one in found] == [caption_box(layout.standard, language)] * len(title.cues)
        for one, cue in zip(found, title.cues, strict=True):
            start, end = (float(frame / layout.rate) for frame in cue)
            assert one.start_ticks / TICKS == pytest.approx(start, abs=0.001)
            assert one.end_ticks / TICKS == pytest.approx(end, abs=0.02)


def test_subtitles_are_off_at_first_and_can_be_switched_off(player, layout):
    for number, title in enumerate(layout.titles, 1):
        off, captions_page = len(title.languages) + 1, len(title.chapters) + 1
        menu = 1 + len(layout.titles) + number
        for way in ((1 + number,), (menu, captions_page, 1, captions_page, off, 1)):
            come_to(player, way)
            told = player.run("blocks", most_blocks=100).of("subpicture")
            assert told
            assert not any(one["shown"] for one in told)


def test_ffmpeg_finds_the_subtitles_where_they_were_planned(disc, layout):
    for number, title in enumerate(layout.titles, 1):
        for stream in range(len(title.languages)):
            times = subpicture_times_by_ffmpeg(disc, stream, title=number)
            assert times == pytest.approx([float(start / layout.rate) for start, _ in title.cues], abs=0.001)


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
        lambda layout: _first_title(layout, chapters=(0, 60, 90)),
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
