"""What a disc is to play, and the checks that hold any disc to it through :class:`disc_player.Player`.

For discs of any making: a wanted title is the list of its pictures' codes. Every check raises AssertionError.
"""

from dataclasses import dataclass
from fractions import Fraction
from itertools import groupby
from pathlib import Path

import pytest
from disc_player import Place, Played, Player, listed, luma_by_ffmpeg, subpicture_times_by_ffmpeg
from disc_walking import come_to
from vob_reading import captions_in, codes_in

from examples.makers import read_frame_code

ROOT = Place(domain="manager menu", vob=1)
TICKS = 90_000
_CAPTION_END_SECONDS = 0.02
"""A subpicture's end is a count of 1024 ticks."""


@dataclass(frozen=True, slots=True, kw_only=True)
class WantedTitle:
    """A title as it is to be seen."""

    codes: tuple[int | None, ...]
    """The frame code of each picture that is coded; None where none can be read."""
    rate: Fraction
    """Such pictures a second."""
    chapters: tuple[int, ...]
    """The picture with which each chapter begins, the first with 0."""
    languages: tuple[str, ...] = ()
    """Of the subpictures."""
    cues: tuple[tuple[tuple[int, int], ...], ...] = ()
    """For each language, the first picture of each caption and the one after its last."""
    sound: str = "en"
    """Its language; "xx" is lsdvd's word for none."""

    @property
    def seconds(self) -> Fraction:
        return len(self.codes) / self.rate


def first_play_leads_to_the_root(player: Player) -> Played:
    """The disc is put in, and the first thing seen is the root menu with a button lit; what is seen there."""
    seen = player.restart()
    assert seen.place == ROOT
    assert 1 <= seen.lit <= len(seen.buttons)
    return seen


def every_chapter_is_found(player: Player, titles: tuple[WantedTitle, ...]) -> None:
    """Chapter search leads to each chapter, and its first picture is the planned one."""
    player.restart()
    for number, title in enumerate(titles, 1):
        for part, at in enumerate(title.chapters, 1):
            place = player.go_to(number, part).place
            assert (place.domain, place.title, place.part) == ("title", number, part)
            assert player.glimpse() == title.codes[at], f"title {number}, chapter {part}"


def every_picture_comes(player: Player, number: int, title: WantedTitle, *, end: str = "menu") -> Played:
    """Played from its start, a title shows all its pictures once and in order, then a menu comes, or the disc stops
    (``end`` is "stop"); what was played."""
    player.restart()
    player.go_to(number, 1)
    played = player.run("menu", keep=True)
    assert played.reason == end
    assert codes_in(played.blocks) == list(title.codes)
    return played


def play_all_plays_all(player: Player, way: tuple[int, ...], titles: tuple[WantedTitle, ...]) -> None:
    """After these buttons were pressed all titles are played, each whole and in turn; then comes the root menu."""
    seen = come_to(player, way)
    codes, numbers = [], [seen.place.title]
    while seen.place.domain == "title":
        seen = player.run("cell", keep=True)
        codes += codes_in(seen.blocks)
        numbers.append(seen.place.title)
    assert seen.place == ROOT
    assert [number for number, _ in groupby(numbers)] == [*range(1, len(titles) + 1), 0]
    assert codes == [code for title in titles for code in title.codes]


def all_lists_agree(image: Path, player: Player, titles: tuple[WantedTitle, ...]) -> None:
    """libdvdnav and lsdvd name the same titles, chapters, lengths and languages as were planned.

    A program chain's times count frames at the nominal rate (30 for 29.97), to a frame; the sound may last longer than
    the picture by 0.1 s.
    """
    tracks, told = listed(image).findall("track"), player.titles()
    assert len(tracks) == len(told) == len(titles)
    for track, one, title in zip(tracks, told, titles, strict=True):
        nominal = 25 if (title.rate.denominator, title.rate.numerator % 25) == (1, 0) else 30
        stretch = Fraction(30_000, 1001) / 30 if nominal == 30 else Fraction(1)
        starts = [float(at / title.rate * stretch) for at in title.chapters[1:]]
        assert [end / TICKS for end in one["ends_ticks"][:-1]] == pytest.approx(starts, abs=1.01 / nominal)
        longer = Fraction(one["ticks"], TICKS) - title.seconds * stretch
        assert -Fraction(1, nominal) <= longer <= Fraction(1, 10) + Fraction(1, nominal)
        assert float(track.findtext("length", "")) == pytest.approx(one["ticks"] / TICKS, abs=0.01)
        assert len(track.findall("chapter")) == one["parts"] == len(title.chapters)
        assert [found.findtext("langcode") for found in track.findall("audio")] == [title.sound]
        assert tuple(found.findtext("langcode") for found in track.findall("subp")) == title.languages


def subtitle_after(player: Player, way: tuple[int, ...]) -> tuple[int | None, Played]:
    """The subpicture stream that a viewer sees in the title to which these buttons lead, or None; and the title."""
    come_to(player, way)
    played = player.run("menu", keep=True)
    told = [one for one in played.of("subpicture") if one["block"] < played.events[-1]["block"]]
    streams = {one["stream"] if one["shown"] else None for one in told}
    assert len(streams) == 1, f"the subtitles change while the title plays: {told}"
    return streams.pop(), played


def captions_come_in_time(blocks: bytes, title: WantedTitle, stream: int) -> None:
    """The captions of a stream, as FFmpeg's decoder finds them in the title's blocks, have their times."""
    found = captions_in(blocks, stream)
    cues = [tuple(float(picture / title.rate) for picture in cue) for cue in title.cues[stream]]
    assert [one.start_ticks / TICKS for one in found] == pytest.approx([start for start, _ in cues], abs=0.001)
    assert [one.end_ticks / TICKS for one in found] == pytest.approx([end for _, end in cues], abs=_CAPTION_END_SECONDS)


def ffmpeg_agrees(image: Path, lines: int, titles: tuple[WantedTitle, ...]) -> None:
    """FFmpeg's own demuxer finds as many pictures from each chapter on, and the captions where they were planned."""
    for number, title in enumerate(titles, 1):
        for part, at in enumerate(title.chapters, 1):
            shown = luma_by_ffmpeg(image, lines, title=number, chapter_start=part)
            codes = title.codes[at:]
            assert len(shown) == len(codes)
            assert [read_frame_code(shown[place]) for place in (0, -1)] == [codes[0], codes[-1]]
        for stream, cues in enumerate(title.cues):
            times = subpicture_times_by_ffmpeg(image, stream, title=number)
            assert times == pytest.approx([float(start / title.rate) for start, _ in cues], abs=0.001)
