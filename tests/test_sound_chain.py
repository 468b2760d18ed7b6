"""The whole way of a sound, from contributions to the decoded film: where it is, to the sample, and how loud."""

from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from sound_film_making import PAPER, heard_film, list_names, write_paper
from sound_making import decoded

from crowdcut.timing import SAMPLE_RATE
from examples.makers import clicks, tone, write_clip, write_sound
from renderers.loudness.meter import measured

CLICKS = {  # contribution: rate, codec, at which of its own samples the click is, channels
    "mono.wav": (48_000, "pcm_s16le", 24_000, 1),
    "cd.wav": (44_100, "pcm_s24le", 22_050, 2),
    "high.flac": (96_000, "flac", 48_000, 2),
    "phone.wav": (8_000, "pcm_s16le", 4_000, 1),
    "song.m4a": (48_000, "aac", 24_000, 2),
    "note.opus": (48_000, "libopus", 24_000, 2),
}
"""Each half a second into its file, which is a second long."""
TONES = {"loud.wav": -6, "soft.wav": -38}
"""dBFS."""
SOFTER_DB = 6
SHOTS = """\
[[scene.shot]]
use = "paper.png"
for = 16
[[scene.shot]]
use = "clap.mov"
in = 0.2
for = 2
sound_in = 0.15
sound_out = "2f"
"""


def _library(folder: Path) -> None:
    folder.mkdir()
    write_paper(folder)
    for name, (rate, codec, at, channels) in CLICKS.items():
        sound = clicks(seconds=1, at_samples=[at], rate=rate, channels=channels)
        write_sound(folder / name, sound, rate=rate, codec=codec, bit_rate=192_000)
    for name, peak in TONES.items():
        write_sound(folder / name, tone(seconds=3, peak_dbfs=peak), rate=SAMPLE_RATE)
    clap = clicks(seconds=3, at_samples=[SAMPLE_RATE])
    write_clip(folder / "clap.mov", width=192, height=108, frames=75, sound=clap, sound_codec="pcm_s16le")
    list_names(folder, (PAPER, "clap.mov", *CLICKS, *TONES))


def _hung() -> str:
    """A tone at 0 s on two buses each, one after the other, then a click each second, from 9.5 s on."""
    whole = "fade_in = 0\nfade_out = 0\n"
    text = f'[[effect]]\nuse = "loud.wav"\nat = 0\nfor = 2\n{whole}'
    text += f'[[effect]]\nuse = "soft.wav"\nat = 2\nfor = 2\ngain = -{SOFTER_DB}\n{whole}'
    text += f'[[voice]]\nuse = "soft.wav"\nat = 4\nfor = 2\n{whole}'
    text += f'[[music]]\nuse = "loud.wav"\nat = 6\nfor = 2\n{whole}'
    for second, name in enumerate(CLICKS, 9):
        text += f'[[effect]]\nuse = "{name}"\nat = {second}\ngain = -20\n'
    return text


@pytest.fixture(scope="module")
def film(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, dict[str, Any]]:
    """The film and its delivery's report."""
    folder = tmp_path_factory.mktemp("chain")
    _library(folder / "library")
    return heard_film(folder, SHOTS + _hung())


@pytest.fixture(scope="module")
def heard(film: tuple[Path, dict[str, Any]]) -> np.ndarray:
    """[shape=(n,)] both sides in one."""
    return decoded(film[0]).mean(axis=0).astype(np.float32)


@pytest.mark.parametrize("name", [*CLICKS, "clap.mov"])
def test_a_click_is_at_its_planned_sample(heard: np.ndarray, name: str) -> None:
    """A click in its file at half a second, placed at whole seconds; in the clip at one second, 0.2 of it cut off."""
    planned = 16 + 1 - 0.2 if name == "clap.mov" else list(CLICKS).index(name) + 9.5
    around = round(planned * SAMPLE_RATE)
    first = around - SAMPLE_RATE // 4
    found = np.abs(heard[first : around + SAMPLE_RATE // 4])
    assert first + int(found.argmax()) == around
    assert found.max() > 20 * np.median(found)


def _level(heard: np.ndarray, second: float) -> float:
    """dB of a second in the middle of two."""
    part = heard[round((second + 0.5) * SAMPLE_RATE) : round((second + 1.5) * SAMPLE_RATE)]
    return float(10 * np.log10(np.square(part, dtype=np.float64).mean()))


def test_tones_come_out_at_their_buses_levels(heard: np.ndarray) -> None:
    """Files 32 dB apart, on the template's levels: effects -22, voice -18, music -24 LUFS."""
    levels = [_level(heard, second) for second in (0, 2, 4, 6)]
    steps = [after - before for before, after in pairwise(levels)]
    assert steps == pytest.approx([-SOFTER_DB, -18 + 22 + SOFTER_DB, -24 + 18], abs=0.15)


@pytest.mark.parametrize(
    ("contribution", "bus", "second"),
    [("loud.wav", "effect", 0), ("soft.wav", "effect", 2), ("soft.wav", "voice", 4), ("loud.wav", "music", 6)],
)
def test_the_report_tells_how_loud_each_contribution_came_out(
    film: tuple[Path, dict[str, Any]], heard: np.ndarray, contribution: str, bus: str, second: int
) -> None:
    rows = film[1]["sound"]["contributions"]
    (row,) = [one for one in rows if (one["contribution"], one["bus"]) == (contribution, bus)]
    part = heard[second * SAMPLE_RATE :][: 2 * SAMPLE_RATE]
    assert row["before_lufs"] == pytest.approx(TONES[contribution], abs=0.1)
    assert row["after_lufs"] == pytest.approx(measured([np.stack([part, part])]).integrated, abs=0.15)
