"""Voices over music, made and real: how far apart a built film's stems are, and that nothing holds without ducking."""

import os
import shutil
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import av
import numpy as np
import pytest
from duck_making import gain_db
from small_film import film_of, quiet, wish_for
from sound_film_making import PAPER, list_names, write_paper

from crowdcut.sound.spoken import merged
from crowdcut.timing import SAMPLE_RATE
from examples.makers import pink_noise, write_sound
from examples.makers.talk import talk
from farm.build import built
from farm.report import read_report
from renderers.loudness.hops import hop_powers
from renderers.loudness.meter import HOP_SAMPLES
from renderers.mixing.bed import depths

MEDIA = Path(os.environ.get("CROWDCUT_MEDIA", Path(__file__).parents[2] / "shared" / "media")) / "audio"

REAL_VOICES = ("198-209-0000.hq.ogg", "5703-47212-0000.ogg")
REAL_SONGS = (
    "Karissa_Hobbs_-_Lets_Go_Fishin.hq.ogg",
    "Kevin_MacLeod_-_Vibe_Ace.hq.ogg",
    "Hungarian_Dance_number_5_-_Allegro_in_F_sharp_minor_(string_orchestra).hq.ogg",
    "Awakening.ogg",
)
"""The last two are sparse or sway: a string orchestra, and pads with gaps of seconds."""
DEPTH_LU, APART_SECONDS = 10, 1.5
HEAD = """\
format = 1
title = "Narrated"
stems = true
duck = {duck}
delivery = ["tiny"]
[profile.tiny]
extends = "r128"
size = [192, 108]
video = {{ preset = "ultrafast", crf = "40" }}
"""


@dataclass(frozen=True, kw_only=True)
class Told:
    """What is heard: each song for a scene, and in it each voice at its second."""

    songs: tuple[str, ...]
    voices: dict[str, int]
    seconds: int

    @property
    def text(self) -> str:
        """The scenes."""
        text = ""
        for number, song in enumerate(self.songs):
            text += f'[[scene]]\nid = "s{number}"\n[[scene.music]]\nuse = "{song}"\nfor = {self.seconds}\n'
            for voice, at in self.voices.items():
                text += f'[[scene.voice]]\nuse = "{voice}"\nat = {at}\n'
            text += f'[[scene.shot]]\nuse = "paper.png"\nfor = {self.seconds}\n'
        return text


MADE = Told(songs=("song.wav",), voices={"bo.wav": 3, "cy.wav": 13}, seconds=22)
REAL = Told(songs=REAL_SONGS, voices=dict(zip(REAL_VOICES, (3, 23), strict=True)), seconds=44)


def _make(folder: Path) -> None:
    """Somebody's talk, somebody's with louder and softer sentences, and a song that swells."""
    swell = 10 ** (3 * np.sin(2 * np.pi * np.arange(22 * SAMPLE_RATE) / SAMPLE_RATE / 7) / 20)
    song = pink_noise(seconds=22, rms_dbfs=-20, seed=2) * swell[:, None]
    sentences = np.repeat([1, 0.7, 1.2], 2 * SAMPLE_RATE)[:, None]
    sounds = {"song.wav": song, "bo.wav": talk(seconds=6, seed=1), "cy.wav": talk(seconds=6, seed=2) * sentences}
    for name, sound in sounds.items():
        write_sound(folder / name, sound.astype(np.float32), rate=SAMPLE_RATE)


def _library(folder: Path, told: Told) -> None:
    folder.mkdir(parents=True)
    write_paper(folder)
    if told is MADE:
        _make(folder)
    else:
        for name in (*(MEDIA / "voice" / one for one in told.voices), *(MEDIA / "music" / one for one in told.songs)):
            shutil.copy(name, folder)
    list_names(folder, (PAPER, *told.voices, *told.songs))


class Film:
    """A built film's stems."""

    def __init__(self, folder: Path, told: Told, duck: str) -> None:
        folder.mkdir()
        manifest = folder / "episode.toml"
        manifest.write_text('library = ["../library"]\n' + HEAD.format(duck=duck) + told.text)
        self.told = told
        report = read_report(built(wish_for(manifest, store=folder.parent / "store"), quiet))
        (self.part,) = report["deliveries"]
        assert self.part["verified"], self.part["findings"]
        self.film = film_of(manifest)

    @cache  # noqa: B019 a film lives as long as its module's tests
    def stem(self, name: str) -> np.ndarray:
        with av.open(str(self.film.with_name(f"{self.film.stem}.{name}.wav"))) as container:
            frames = [frame.to_ndarray().reshape(-1, 2).T for frame in container.decode(audio=0)]
        whole = np.concatenate(frames, axis=1).astype(np.float32) / np.float32(2**31)
        return whole[:, : whole.shape[1] // HOP_SAMPLES * HOP_SAMPLES]

    @property
    def passages(self) -> list[tuple[int, int]]:
        """Of speech, in samples."""
        return merged(self.part["sound"]["buses"]["voice"]["speech"], round(APART_SECONDS * SAMPLE_RATE))

    def depths(self) -> list[np.ndarray]:
        """How far the music is under the voice in all 3 s within each passage, ten times a second, LU."""
        voice, music = (hop_powers([self.stem(name)]) for name in ("voice", "music"))
        inside = [slice(start // HOP_SAMPLES, end // HOP_SAMPLES) for start, end in self.passages]
        return [depths(voice[one], music[one]) for one in inside]


NO_MEDIA = pytest.mark.skipif(not MEDIA.is_dir(), reason=f"no folder of other people's media at {MEDIA}")


@pytest.fixture(
    scope="module",
    params=[pytest.param(MADE, id="made"), pytest.param(REAL, id="real", marks=[pytest.mark.long, NO_MEDIA])],
)
def films(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Any:
    """With ducking and without."""
    folder, told = tmp_path_factory.mktemp("narrated"), request.param
    _library(folder / "library", told)
    return Film(folder / "ducked", told, "true"), Film(folder / "plain", told, "false")


def test_music_is_so_far_under_each_voice(films: tuple[Film, Film]) -> None:
    ducked, plain = films
    assert len(ducked.passages) == len(ducked.told.voices) * len(ducked.told.songs)
    whole = np.concatenate(plain.depths())
    counted = whole < DEPTH_LU  # what is softer by itself is not raised
    found = np.concatenate(ducked.depths())[counted] - DEPTH_LU
    assert counted.mean() > 0.5
    assert found.min() >= -1.1
    assert (np.abs(found) <= 1.05).mean() >= 0.92
    assert found.max() < 3
    assert (np.abs(whole[counted] - DEPTH_LU) <= 1.05).mean() < 0.1


def _gain(films: tuple[Film, Film]) -> np.ndarray:
    """What ducking did to each 10 ms of the music; NaN where there is next to none."""
    ducked, plain = (one.stem("music") for one in films)
    heard = np.square(plain[0].reshape(-1, 480), dtype=np.float64).mean(axis=1) > 1e-8
    with np.errstate(divide="ignore", invalid="ignore"):
        gain = np.where(heard, gain_db(ducked, plain), np.nan)
    return gain - np.nanmedian(gain[:200])  # the whole of a film with less music is raised


def test_it_is_back_a_second_and_a_half_after_each(films: tuple[Film, Film]) -> None:
    gain, passages = _gain(films), films[0].passages
    for (_, end), (then, _) in zip(passages, [*passages[1:], (len(gain) * 480, 0)], strict=True):
        after = gain[round(end / 480) + 150 : round(then / 480) - 50]
        assert np.nanmax(np.abs(after)) <= 1
    down = [np.nanmedian(gain[start // 480 : end // 480]) for start, end in passages]
    assert max(down) < -1


def test_while_somebody_speaks_it_moves_at_most_2_db_in_300_ms(films: tuple[Film, Film]) -> None:
    gain = _gain(films)
    for start, end in films[0].passages:
        spans = np.lib.stride_tricks.sliding_window_view(gain[start // 480 + 1 : end // 480 - 1], 31)
        spans = spans[~np.isnan(spans).any(axis=1)]
        assert np.ptp(spans, axis=1).max() <= 2
