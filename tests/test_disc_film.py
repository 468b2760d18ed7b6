"""Crowdcut's own discs are played: NTSC with 2:3 pulldown, and PAL."""

import hashlib

import pytest
from disc_film_making import LANGUAGES, LINES, DiscFilm, disc_film
from disc_player import Player, need_players
from disc_walking import come_to, pressed, walked
from disc_wanted import (
    ROOT,
    all_lists_agree,
    captions_come_in_time,
    every_chapter_is_found,
    every_picture_comes,
    ffmpeg_agrees,
    first_play_leads_to_the_root,
    play_all_plays_all,
    subtitle_after,
)
from other_disc import bare_disc
from small_film import quiet

from farm.disc import built_disc
from farm.verifying import verified
from farm.wish import Wish


@pytest.fixture(scope="session", params=["ntsc", "pal"])
def disc(request, tmp_path_factory) -> DiscFilm:
    need_players()
    return disc_film(tmp_path_factory.mktemp(f"disc-{request.param}"), request.param)


@pytest.fixture
def player(disc):
    with Player(disc.image) as player:
        yield player


def test_the_disc_is_played_from_its_menu_to_its_last_picture(disc, player):
    first_play_leads_to_the_root(player)
    every_chapter_is_found(player, disc.titles)
    for number, title in enumerate(disc.titles, 1):
        played = every_picture_comes(player, number, title)
        assert played.place == ROOT
        for stream in range(len(LANGUAGES)):
            captions_come_in_time(played.blocks, title, stream)
    play_all_plays_all(player, (1,), disc.titles)


def test_one_worker_with_a_store_of_its_own_makes_the_same_bytes(disc, tmp_path):
    folder = disc.image.parents[2]
    wish = Wish(manifest=folder / "disc.toml", store=tmp_path / "store", out=tmp_path / "out", workers=1)
    again = built_disc(wish, quiet)
    digests = {hashlib.sha256(image.read_bytes()).hexdigest() for image in (disc.image, again)}
    assert len(digests) == 1
    assert (again.with_suffix(".sha256")).read_bytes() == (disc.image.with_suffix(".sha256")).read_bytes()


def test_others_list_the_disc_as_it_was_planned(disc, player):
    all_lists_agree(disc.image, player, disc.titles)
    ffmpeg_agrees(disc.image, LINES[disc.standard], disc.titles)


def test_every_button_leads_somewhere_and_every_chapter_has_one(disc, player):
    pages = walked(player)
    landings = [landing for page in pages for landing in page.leads]
    assert len(pages) == 1 + 1 + len(disc.titles) + 1  # the root, the scenes' titles, their chapters, the subtitles
    assert all(page.lit == 1 for page in pages)
    chapters = {
        (number, part): title.codes[at]
        for number, title in enumerate(disc.titles, 1)
        for part, at in enumerate(title.chapters, 1)
    }
    found = {(one.place.title, one.place.part): one.code for one in landings if one.place.domain == "title"}
    assert found == chapters
    assert {one.place for one in landings if one.place.domain != "title"} == {page.place for page in pages}


def test_subtitles_are_switched_on_and_off_in_their_menu(disc, player):
    (page,) = (one for one in walked(player) if {lead.place for lead in one.leads} == {ROOT})
    play_film = 2
    assert subtitle_after(player, (play_film,))[0] is None
    choices = range(1, len(LANGUAGES) + 2)
    seen = {choice: subtitle_after(player, (*page.way, choice, play_film))[0] for choice in choices}
    assert sorted(seen.values(), key=str) == [0, 1, None]
    on, off = (next(choice for choice, stream in seen.items() if stream == wanted) for wanted in (1, None))
    assert subtitle_after(player, (*page.way, on, *page.way, off, play_film))[0] is None


def test_others_author_the_same_titles_and_they_play_the_same(disc, tmp_path):
    chapters = [[at / title.rate for at in title.chapters] for title in disc.titles]
    image, warnings = bare_disc(tmp_path / "other", list(zip(disc.streams, chapters, strict=True)), disc.standard)
    assert warnings == ()
    assert verified(image, quiet).findings == ()
    with Player(image) as player:
        every_chapter_is_found(player, disc.titles)
        for number, title in enumerate(disc.titles, 1):
            played = every_picture_comes(player, number, title, end="stop")
            for stream in range(len(LANGUAGES)):
                captions_come_in_time(played.blocks, title, stream)
    ffmpeg_agrees(image, LINES[disc.standard], disc.titles)


@pytest.mark.parametrize(
    ("key", "domain"),
    [
        ("title", "manager menu"),
        ("root", "manager menu"),
        ("chapters", "titleset menu"),
        ("subpicture", "titleset menu"),
    ],
)
def test_the_menu_keys_of_a_remote_control_are_answered(disc, player, key, domain):
    player.restart()
    for number in range(1, len(disc.titles) + 1):
        player.go_to(number, 2)
        seen = player.call(key)
        assert seen.place.domain == domain, seen.place
        assert seen.buttons
        assert 1 <= seen.lit <= len(seen.buttons)


def test_a_menu_that_moves_keeps_the_button_that_is_lit(disc, player):
    seen = first_play_leads_to_the_root(player)
    lit = player.press("down")
    assert lit == seen.buttons[0].keys[1] != seen.lit
    again = player.run("blocks", most_blocks=2000)
    assert len(again.of("cell")) >= 3, "the menu was not played again and again"
    assert (again.place, again.lit) == (ROOT, lit)


def test_a_title_alone_leads_back_to_the_menu_even_after_play_all_was_left(disc, player):
    come_to(player, (1,))
    seen = player.call("title")
    assert pressed(player, seen, 2).place.title == 1
    assert player.run("menu").place == ROOT
