"""Faulty sounds in a built film: mended where that is asked for, beside the same ones left as they are."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hearing_making import RATE, level_db, mains, spoken, written
from sound_film_making import PAPER, heard_film, list_names, write_paper
from sound_making import decoded

SECONDS = 4
HUM = 100.04
PLACED = {  # what hangs where, one after the other
    "hum.wav": 'repair = ["hum"]',
    "the same.wav": "repair = false",
    "offset.wav": "",
    "turned.wav": "",
    "left.wav": 'repair = ["centre"]',
    "blip.wav": "",
    "silence.wav": "",
}


def _library(folder: Path) -> None:
    folder.mkdir()
    write_paper(folder)
    voice = spoken(seconds=SECONDS)
    humming = voice + mains(seconds=SECONDS, hertz=HUM / 2, multiples={1: 0.02, 2: 0.03, 3: 0.01})
    hiss = 0.001 * np.random.default_rng(4).standard_normal((len(voice), 2))
    sounds = {
        "hum.wav": humming,
        "the same.wav": humming,
        "offset.wav": voice + 0.03,
        "turned.wav": np.hstack([voice, -voice]) + hiss,
        "left.wav": np.hstack([voice, 0 * voice]),
        "blip.wav": np.full((1, 1), 0.5),
        "silence.wav": np.zeros((RATE, 1)),
    }
    for name, sound in sounds.items():
        written(folder / name, sound)
    list_names(folder, (PAPER, *sounds))


@pytest.fixture(scope="module")
def film(tmp_path_factory: pytest.TempPathFactory) -> tuple[np.ndarray, dict[str, Any]]:
    """The film's sound, [shape=(n,)] both sides in one, and its delivery's report."""
    folder = tmp_path_factory.mktemp("faults")
    _library(folder / "library")
    hung = "".join(
        f'[[effect]]\nuse = "{name}"\nat = {number * SECONDS}\nfade_in = 0\nfade_out = 0\n{repair}\n'
        for number, (name, repair) in enumerate(PLACED.items())
    )
    film, part = heard_film(folder, f'[[scene.shot]]\nuse = "{PAPER}"\nfor = 28\n{hung}')
    return decoded(film).mean(axis=0), part


def _part(heard: np.ndarray, name: str) -> np.ndarray:
    first = list(PLACED).index(name) * SECONDS * RATE
    return heard[first : first + SECONDS * RATE]


def test_hum_is_gone_where_it_was_to_be(film: tuple[np.ndarray, dict[str, Any]]) -> None:
    mended, left = (_part(film[0], name) for name in ("hum.wav", "the same.wav"))
    voices = [level_db(one, 1_000, width=600) for one in (mended, left)]
    for multiple in (0.5, 1, 1.5):
        hums = [level_db(one, HUM * multiple, width=4) for one in (mended, left)]
        assert (hums[0] - voices[0]) < (hums[1] - voices[1]) - 30, multiple


def test_what_was_turned_over_or_off_its_middle_is_heard_as_well_as_any(
    film: tuple[np.ndarray, dict[str, Any]],
) -> None:
    levels = {name: level_db(_part(film[0], name), 1_000, width=600) for name in ("hum.wav", "turned.wav", "left.wav")}
    assert max(levels.values()) - min(levels.values()) < 0.7, levels
    assert abs(_part(film[0], "offset.wav").mean()) < 1e-3


def test_the_report_says_what_was_wrong_and_what_was_done(film: tuple[np.ndarray, dict[str, Any]]) -> None:
    rows = {one["contribution"]: one for one in film[1]["sound"]["contributions"]}
    assert "hums" in rows["hum.wav"]["found"][0]
    assert "hum taken out" in rows["hum.wav"]["done"][0]
    assert rows["the same.wav"]["found"] == rows["hum.wav"]["found"]
    assert rows["the same.wav"]["done"] == []
    assert "DC offset" in rows["offset.wav"]["found"][0]
    assert rows["blip.wav"]["found"] == []
    notes = [one for one in film[1]["findings"] if one["rule"] == "faulty-sound"]
    assert {one["where"]["file"] for one in notes} == PLACED.keys() - {"blip.wav"}
    told = {one["where"]["file"]: one for one in notes}
    assert [name for name, one in told.items() if one["severity"] == "warning"] == ["silence.wav"]
    # Each says what to do, but where it is done or nothing needs be.
    ways_out = {name: one.get("way_out", "") for name, one in told.items()}
    assert 'repair = ["hum"]' in ways_out["the same.wav"]
    assert not any(ways_out[name] for name in ("hum.wav", "offset.wav", "turned.wav", "left.wav"))
    assert not any(name in one["found"] for name, one in told.items())
