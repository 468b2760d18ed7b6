"""Discs are played by programs that are not ours: menus walked button by button, chapters reached, every frame seen.

The same disc is authored twice, by vtskit with udfkit and by dvdauthor with genisoimage, and held to the same words.
"""

from fractions import Fraction
from itertools import groupby
from pathlib import Path

import numpy as np
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


def test_ffmpeg_sees_the_same_frames(disc, layout):
    for number, title in enumerate(layout.titles, 1):
        for part, at in enumerate(title.chapters, 1):
            shown = luma_by_ffmpeg(disc, layout.lines, title=number, chapter_start=part)
            assert [read_frame_code(luma) for luma in shown] == list(
                range(title.first_code + at, title.first_code + title.frames)
            )


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


def _first_codes(player):
    come_to(player, (2,))
    return codes_in(player.run("menu", keep=True, most_blocks=5000).blocks)


def _broken(video_ts: Path) -> None:
    """A title's pictures are not what they were."""
    vob = video_ts / "VTS_01_1.VOB"
    data = np.fromfile(vob, np.uint8)
    data[200 * 2048 :] = 0
    data.tofile(vob)


def test_a_player_that_loses_its_disc_is_told_of_and_ends_nothing(tmp_path):
    need_players()
    disc = small_disc(tmp_path, spoil=_broken)
    with Player(disc) as player, pytest.raises((PlayerLost, AssertionError)):
        _first_codes(player)
    with Player(tmp_path) as nothing, pytest.raises(PlayerLost, match="gone"):
        nothing.run("buttons")
