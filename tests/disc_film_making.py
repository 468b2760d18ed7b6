"""A disc of two small films, built by Crowdcut as anybody would build it, and what is to be seen on it."""

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import Any

from disc_wanted import WantedTitle
from small_film import quiet

from examples.makers import coded_picture, tone, write_clip
from farm.disc import built_disc
from farm.report import read_report
from farm.wish import Wish

CLIP_FRAMES = 42
RATES = {"ntsc": Fraction(24_000, 1001), "pal": Fraction(25)}
"""Film, which NTSC shows by 2:3 pulldown; and PAL's own."""
LINES = {"ntsc": 480, "pal": 576}
LANGUAGES = ("en", "ja")
_SIZES = {"ntsc": (854, 480), "pal": (1024, 576)}
_FILMS = ((0, 1), (2, 0))
"""The clips of each film: a scene each."""
_LISTING = """\
[[contributor]]
id = "ana"
name = "Ana"
"""
_TEMPLATE = """\
extends = "variety"
[roll]
pixels_a_frame_1080 = 40
"""
_EPISODE = """\
format = 1
title = "Film {number}"
library = ["library"]
template = "quick"
rate = "{rate}"
language = "es"
delivery = ["dvd-{standard}"]
[[captions]]
file = "en.srt"
language = "en"
[[captions]]
file = "ja.srt"
language = "ja"
"""
_SCENE = '[[scene]]\nid = "scene-{place}"\ntitle = "Scene {place}"\n[[scene.shot]]\nuse = "clip{clip}"\n'
_CAPTIONS = {
    "en": "1\n00:00:01,000 --> 00:00:02,000\nHello\n\n2\n00:00:02,200 --> 00:00:03,000\nThere\n",
    "ja": "1\n00:00:01,000 --> 00:00:02,000\nこんにちは\n",
}
_CUE_SECONDS = {"en": ((1, 2), (Fraction(11, 5), 3)), "ja": ((1, 2),)}
_DISC = """\
format = 1
title = "Two Films"
slug = "two"
profile = "dvd-{standard}"
episodes = ["film1.toml", "film2.toml"]
[menu]
for = 2
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class DiscFilm:
    """A disc that was built."""

    image: Path
    standard: str
    titles: tuple[WantedTitle, ...]
    streams: tuple[Path, ...]
    """The titles' program streams, as they were before they were authored."""


def laid_disc(folder: Path, standard: str) -> Path:
    """The production, and its ``disc.toml``."""
    library, look = folder / "library", folder / "quick"
    library.mkdir(parents=True)
    look.mkdir()
    (look / "template.toml").write_text(_TEMPLATE, encoding="utf-8")
    listing, (width, height), rate = _LISTING, _SIZES[standard], RATES[standard]
    for clip in range(3):
        sound = tone(seconds=CLIP_FRAMES / rate, peak_dbfs=-12, hertz=440.0 * (clip + 1))
        picture = coded_picture(width, height, first=1000 * (clip + 1))
        name = f"clip{clip}.mp4"
        write_clip(
            library / name, width=width, height=height, rate=rate, frames=CLIP_FRAMES, picture=picture, sound=sound
        )
        listing += f'[[contribution]]\nid = "clip{clip}"\nfile = "{name}"\nby = ["ana"]\n'
    (library / "contributions.toml").write_text(listing, encoding="utf-8")
    for language, text in _CAPTIONS.items():
        (folder / f"{language}.srt").write_text(text, encoding="utf-8")
    for number, clips in enumerate(_FILMS, 1):
        text = _EPISODE.format(number=number, rate=rate, standard=standard)
        text += "".join(_SCENE.format(place=place, clip=clip) for place, clip in enumerate(clips, 1))
        (folder / f"film{number}.toml").write_text(text, encoding="utf-8")
    file = folder / "disc.toml"
    file.write_text(_DISC.format(standard=standard), encoding="utf-8")
    return file


def _wanted(part: Mapping[str, Any], clips: tuple[int, ...], rate: Fraction) -> WantedTitle:
    """A film: its clips, then its credits, which bear no code and are as long as its report says."""
    coded = [1000 * (clip + 1) + frame for clip in clips for frame in range(CLIP_FRAMES)]
    whole = [*coded, *[None] * (part["length_frames"] - len(coded))]
    cues = tuple(
        tuple((round(start * rate), round(end * rate)) for start, end in _CUE_SECONDS[language])
        for language in LANGUAGES
    )
    chapters = tuple(CLIP_FRAMES * place for place in range(len(clips) + 1))
    return WantedTitle(
        codes=tuple(whole), rate=rate, chapters=chapters, languages=LANGUAGES, cues=cues, sound="es"
    )  # fmt: skip


def disc_film(folder: Path, standard: str) -> DiscFilm:
    """Build it."""
    file = laid_disc(folder, standard)
    image = built_disc(Wish(manifest=file, store=folder / "store", out=folder / "out", workers=2), quiet)
    parts = read_report(folder / "out" / "report.html")["deliveries"]
    titles = tuple(_wanted(part, clips, RATES[standard]) for part, clips in zip(parts, _FILMS, strict=True))
    streams = tuple(image.parent / part["film"] for part in parts)
    return DiscFilm(image=image, standard=standard, titles=titles, streams=streams)
