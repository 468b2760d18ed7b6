"""No click: wherever a sound begins, ends, begins anew or gives way, low tones and DC leave nothing above 1 kHz."""

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray
from small_film import lay_episode, quiet, wish_for
from sound_film_making import PAPER, list_names, write_paper
from sound_making import Heard, Sounding, decoded, in_a_film, raw

from crowdcut.delivery import Delivery
from crowdcut.timing import SAMPLE_RATE
from examples.makers import write_clip, write_sound
from farm.build import planned
from renderers import prepare
from renderers.mixing import cues

SHOTS = (
    'use = "low.mov"\nin = 0.37\nfor = 1',
    'use = "low.mov"\nin = 1.611\nfor = 1',
    'use = "offset.mov"\nfor = 1',
    'use = "low.mov"\nin = 1.2\nfor = 1.5\ninto = "dissolve 12f"',
    'use = "offset.mov"\nin = 1\nfor = 1\nsound_in = 0.5',
    'use = "low.mov"\nin = 0.3\nfor = 1\nsound_out = 0.4',
    'use = "paper.png"\nfor = 0.5',
    'use = "breaks off.mov"\nfor = 2',
    'use = "low.mov"\nfor = 0.5\nsound = "mute"',
    'use = "low.mov"\nin = 1.017\nfor = 1\nreverse = true',
    'use = "low.mov"\nin = 0.777\nfor = 1\nspeed = 0.5',
    'use = ["low.mov", "offset.mov"]\nlayout = "split"\nfor = 1',
    'wanted = "the lid comes off"\nfor = 0.5',
    'use = "offset.mov"\nin = 0.2\nfor = 1',
)
"""Cuts, a dissolve, a J and an L cut, a sound that ends before its picture, silent shots, a slate, the end."""
HEAD = """\
format = 1
title = "Joins"
template = "look"
library = ["{library}"]
delivery = ["tiny"]
[profile.tiny]
extends = "r128"
size = [192, 108]
burn_in = true
[[music]]
use = "loop.wav"
loop = true
until = 5.3
fade_out = 1.1
[[effect]]
use = "low.mov"
in = 0.111
at = 6.21
for = 0.9
[[scene]]
id = "one"
"""
MOST_DB, MOST_CODED_DB = -62.0, -55.0
"""Above 1 kHz, under the loudest sample: of what is mixed, and of what is coded, which adds its own noise."""


def _low(seconds: float, hertz: float, *, level: float, dc: float = 0.0) -> NDArray[np.float32]:
    wave = level * np.cos(2 * np.pi * hertz * np.arange(round(seconds * SAMPLE_RATE)) / SAMPLE_RATE) + dc
    return np.repeat(wave.astype(np.float32)[:, None], 2, axis=1)


def _library(folder: Path) -> None:
    clips = {
        "low.mov": _low(4, 40, level=0.7),
        "offset.mov": _low(4, 63, level=0.4, dc=0.3),
        "breaks off.mov": _low(1.0301, 40, level=0.7),
    }
    folder.mkdir()
    for name, sound in clips.items():
        write_clip(folder / name, width=64, height=36, frames=100, sound=sound, sound_codec="pcm_s16le")
    write_sound(folder / "loop.wav", _low(0.7313, 55, level=0.4, dc=0.2), rate=SAMPLE_RATE)
    write_paper(folder)
    list_names(folder, (*clips, "loop.wav", PAPER))


@pytest.fixture(scope="module")
def delivery(tmp_path_factory: pytest.TempPathFactory) -> Delivery:
    folder = tmp_path_factory.mktemp("joins")
    _library(folder / "library")
    text = HEAD + "".join(f"[[scene.shot]]\n{shot}\n" for shot in SHOTS)
    manifest = lay_episode(folder / "film", folder / "library", text)
    (folder / "film" / "look").mkdir()
    # Low tones are soft to the ear's curve: brought to a bus's level they would be far over full scale.
    look = 'extends = "variety"\n[levels]\nmax_gain_db = 0\n'
    (folder / "film" / "look" / "template.toml").write_text(look)
    _, (delivery,), _ = planned(wish_for(manifest), quiet)
    return delivery


@pytest.fixture(scope="module")
def sounding(delivery: Delivery, tmp_path_factory: pytest.TempPathFactory) -> Sounding:
    return Sounding(delivery, tmp_path_factory.mktemp("sound"))


def _above_db(heard: Heard, hertz: float = 1_000) -> Heard:
    """[shape=(n,)] what is above a frequency, dB under the loudest sample."""
    length = 1 << heard.shape[1].bit_length()
    frequencies = np.fft.rfftfreq(length, 1 / SAMPLE_RATE)
    passed = 1 / (1 + (hertz / np.maximum(frequencies, 1e-9)) ** 8)
    found = np.abs(np.fft.irfft(np.fft.rfft(heard[0], length) * passed, length)[: heard.shape[1]])
    return 20 * np.log10(np.maximum(found, 1e-9) / np.abs(heard).max())


def _joints(delivery: Delivery) -> Iterator[int]:
    """Where any sound begins or ends, programme samples."""
    for job in delivery.plan.buses:
        for cue in job.order.cues:
            yield from (cue.start_sample, cue.start_sample + cue.length_samples)


def _clicks(heard: Heard, most_db: float) -> list[float]:
    """Where there is more above 1 kHz than may be, seconds, to the tenth."""
    return sorted({round(at / SAMPLE_RATE, 1) for at in np.flatnonzero(_above_db(heard) > most_db).tolist()})


def test_the_film_has_a_joint_of_each_kind(delivery: Delivery) -> None:
    joints = {round(at / SAMPLE_RATE, 1) for at in _joints(delivery)}
    # Cuts, dissolve, J cut, L cut, the ends of slates and of what is silent; and the rounds of the loop.
    assert joints >= {
        0.0,
        1.0,
        2.0,
        2.5,
        3.0,
        3.5,
        5.0,
        6.2,
        6.4,
        7.1,
        9.0,
        10.0,
        11.0,
        12.0,
        12.5,
        13.5,
        0.7,
        1.5,
        5.3,
    }


def test_no_joint_clicks(delivery: Delivery, sounding: Sounding) -> None:
    assert _clicks(raw(sounding.run(delivery.plan.mix)), MOST_DB) == []


def test_no_joint_of_the_finished_sound_clicks(delivery: Delivery, sounding: Sounding) -> None:
    """As a player decodes it: the film's packets are these."""
    finished = sounding.run(delivery.plan.finish)
    assert finished.path is not None
    assert finished.facts["limiter"]["max_reduction_db"] == 0
    assert _clicks(decoded(in_a_film(finished.path)), MOST_CODED_DB) == []


@pytest.mark.parametrize(
    ("how", "heard_at"),
    [("no fades", {1.0, 2.0, 9.0, 13.5}), ("straight fades", {1.0, 2.0, 9.0, 13.5}), ("no edges", {7.5})],
)
def test_a_click_would_be_seen(
    delivery: Delivery,
    sounding: Sounding,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    how: str,
    heard_at: set[float],
) -> None:
    match how:
        case "no fades":
            monkeypatch.setattr(cues, "_ramp", lambda _age, length, *_: np.ones(length))
        case "straight fades":
            ages = np.arange(SAMPLE_RATE) + 0.5
            monkeypatch.setattr(
                cues, "_ramp", lambda age, length, whole, *_: np.clip((age + ages[:length]) / whole, 0, 1)
            )
        case _:
            monkeypatch.setattr(prepare, "eased", lambda sound, **_: sound)
    clips = next(job for job in delivery.plan.buses if job.order.bus == "shot")
    anew = sounding.anew(tmp_path, "bus", *(("prepare",) if how == "no edges" else ()))
    assert set(_clicks(raw(anew.run(clips)), MOST_DB)) >= heard_at
