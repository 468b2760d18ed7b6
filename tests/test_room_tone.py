"""Room tone: where nobody is heard, the quietest steady stretch of the scene's clips is, at its own level."""

from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest
from desk_making import desk_for, film
from hearing_making import level_db, mains
from manifest_making import make_episode
from numpy.typing import NDArray
from small_film import lay_episode, quiet, wish_for
from sound_film_making import PAPER, list_names, write_paper
from sound_making import Sounding, raw

from crowdcut.cut.placed import PlacedSound, Room
from crowdcut.cut.timeline import timeline_from
from crowdcut.delivery import Delivery
from crowdcut.episode import Into, Scene, Shot
from crowdcut.manifest import manifest_from
from crowdcut.sound.orders import AmbienceOrder
from crowdcut.timing import SAMPLE_RATE
from examples.makers import write_clip, write_sound
from farm.build import planned
from farm.sound_levels import room_tones
from renderers import ambience, room
from renderers.job import Input

RATE = SAMPLE_RATE
SHORT = 480


def _noise(seconds: float, dbfs: float, seed: int = 1) -> NDArray[np.float32]:
    rng = np.random.default_rng(seed)
    return (rng.standard_normal((round(seconds * RATE), 2)) * 10 ** (dbfs / 20)).astype(np.float32)


def _busy(seconds: float, *, still: tuple[float, float], room_dbfs: float) -> NDArray[np.float32]:
    """A room in which something sounds, but for a stretch of it."""
    at = np.arange(round(seconds * RATE)) / RATE
    swells = 0.2 * (0.6 + 0.4 * np.sin(2 * np.pi * 4 * at)) * np.sin(2 * np.pi * 500 * at)
    swells[(at >= still[0]) & (at < still[1])] = 0
    return _noise(seconds, room_dbfs) + swells[:, None].astype(np.float32)


# --- where a recording is quiet ---------------------------------------------------------------------------------------


def _found(folder: Path, sound: NDArray[np.float32], speech: list[list[int]] | None = None) -> dict[str, object]:
    file = write_sound(folder / "a.wav", sound, rate=RATE, codec="pcm_f32le")
    heard = Input(path=None, facts={"speech": speech or [], "treatment": {}})
    inputs = {"file": Input(path=file), "heard": heard}
    return ambience.run(AmbienceOrder(stream=0), inputs, folder / "unused")


def test_the_stretch_in_which_nothing_happens_is_found(tmp_path: Path) -> None:
    found = _found(tmp_path, _busy(8, still=(3, 5.5), room_dbfs=-52))
    assert found == {"stretch": [3 * RATE, round(5.5 * RATE)], "dbfs": pytest.approx(-52, abs=0.2)}


def test_it_is_six_seconds_at_most(tmp_path: Path) -> None:
    start, end = _found(tmp_path, _noise(20, -50))["stretch"]  # type: ignore[misc]
    assert end - start == 6 * RATE


def test_where_somebody_speaks_is_no_room(tmp_path: Path) -> None:
    sound = np.concatenate([_noise(3, -50), _noise(3, -40)])
    assert _found(tmp_path, sound)["stretch"] == [RATE // 10, 3 * RATE]
    assert _found(tmp_path, sound, [[0, round(2.5 * RATE)]])["stretch"] == [3 * RATE, round(5.9 * RATE)]


@pytest.mark.parametrize(
    "sound",
    [np.zeros((3 * RATE, 2), np.float32), _noise(0.9, -50), _busy(3, still=(1, 1.7), room_dbfs=-60)],
    ids=["digital silence", "too short", "never still for a second"],
)
def test_there_may_be_none(tmp_path: Path, sound: NDArray[np.float32]) -> None:
    assert _found(tmp_path, sound) == {"stretch": None, "dbfs": None}


@pytest.mark.parametrize("hertz", [None, 40])
def test_a_round_goes_over_into_the_next_without_a_step_and_as_loud(hertz: int | None) -> None:
    at = np.arange(round(1.7113 * RATE)) / RATE
    tone = 0.5 * np.cos(2 * np.pi * (hertz or 0) * at)
    stretch = _noise(1.7113, -40).T if hertz is None else np.stack([tone, tone]).astype(np.float32)
    one = room._round(stretch)
    twice = np.concatenate([one, one], axis=1)
    steps = np.abs(np.diff(twice)).max(axis=0)
    assert steps.max() <= np.abs(np.diff(stretch)).max() * 1.5
    if hertz is None:
        levels = 10 * np.log10(np.square(twice[:, : 24 * 4_800]).reshape(2, 24, -1).mean(axis=(0, 2)))
        assert levels == pytest.approx(-40, abs=0.5)


# --- where it is heard ------------------------------------------------------------------------------------------------


def _shot(number: int, use: str = "clip", **more: object) -> Shot:
    keys = {"use": use, "in_": Fraction(10), "length": Fraction(2), "room_tone": True, **more}
    return Shot(name=f"s/{number}", **keys)  # type: ignore[arg-type]


def _rooms(*shots: Shot) -> tuple[list[PlacedSound], list[str]]:
    """Room tone of a scene of such shots, and the findings' rules; ``silent`` has no sound."""
    media = {"clip": film(20, sound=True), "other": film(20, sound=True), "silent": film(20)}
    desk = desk_for([Scene(id="s", title="s", shots=shots)], media=media)
    timeline = timeline_from(desk)
    assert timeline is not None
    return [one for one in timeline.sounds if one.rooms], [one.rule for one in desk.findings]


def _seconds(sounds: list[PlacedSound]) -> list[tuple[float, float]]:
    return [(one.start_sample / RATE, one.end_sample_exclusive / RATE) for one in sounds]


def test_it_fills_what_is_silent_from_one_sound_to_the_next():
    rooms, told = _rooms(_shot(1), _shot(2, "silent"), _shot(3, sound="mute"), _shot(4, "other", gain_db=-6.0))
    assert (_seconds(rooms), told) == ([(1.99, 6.01)], [])
    (one,) = rooms
    assert (one.fade_in_samples, one.fade_out_samples, one.fade) == (SHORT, SHORT, "equal-power")
    assert (one.bus, one.shot, one.rooms) == ("shot", "s/2", (Room(use="clip"), Room(use="other", gain_db=-6.0)))


def test_it_comes_and_goes_with_a_dissolve():
    into = Into(kind="dissolve", length=Fraction(1, 2))
    rooms, _ = _rooms(_shot(1), _shot(2, "silent", into=into), _shot(3, into=into))
    assert _seconds(rooms) == [(1.5, 3.5)]
    assert {rooms[0].fade_in_samples, rooms[0].fade_out_samples} == {RATE // 2}


def test_it_leaves_room_for_j_and_l_cuts():
    rooms, _ = _rooms(_shot(1, sound_out=Fraction(1, 2)), _shot(2, "silent"), _shot(3, sound_in=Fraction(1, 4)))
    assert _seconds(rooms) == [(2.49, 3.76)]


def test_of_many_clips_the_nearest_are_looked_through():
    clips = [f"c{number}" for number in range(30)]
    media = {**{clip: film(20, sound=True) for clip in clips}, "silent": film(20)}
    shots = [_shot(number, clip) for number, clip in enumerate(clips)]
    shots.insert(20, _shot(30, "silent"))
    desk = desk_for([Scene(id="s", title="s", shots=tuple(shots))], media=media)
    timeline = timeline_from(desk)
    assert timeline is not None
    (room,) = (one for one in timeline.sounds if one.rooms)
    assert {one.use for one in room.rooms} == {f"c{number}" for number in range(12, 28)}
    assert room.rooms[0] == Room(use="c19")


def test_where_shots_meet_that_are_heard_there_is_none():
    assert _rooms(_shot(1), _shot(2, "other")) == ([], [])


def test_a_shot_that_does_not_ask_stays_silent():
    rooms, _ = _rooms(_shot(1), _shot(2, "silent", room_tone=False), _shot(3, "silent"))
    assert _seconds(rooms) == [(3.99, 6)]


def test_a_scene_in_which_nothing_is_heard_has_no_room():
    assert _rooms(_shot(1, "silent"), _shot(2, "silent")) == ([], ["no-room"])


def test_frames_that_are_no_whole_samples_leave_no_gaps():
    media = {"clip": film(20, sound=True)}
    shots = tuple(_shot(number, length=Fraction(number, 7)) for number in range(1, 9))
    rate = Fraction(30000, 1001)
    desk = desk_for([Scene(id="s", title="s", shots=shots)], media=media, rate=rate)
    timeline = timeline_from(desk)
    assert timeline is not None
    assert [one for one in timeline.sounds if one.rooms] == []


# --- what is heard ----------------------------------------------------------------------------------------------------

EPISODE = """\
format = 1
title = "Rooms"
library = ["{library}"]
delivery = ["tiny"]
[profile.tiny]
extends = "r128"
size = [192, 108]
[[scene]]
id = "one"
  [scene.each]
  room_tone = true
  [[scene.shot]]
  use = "loud room.mov"
  for = 2
  [[scene.shot]]
  use = "paper.png"
  for = 3
  [[scene.shot]]
  use = "still room.mov"
  in = 3
  for = 2
  [[scene.shot]]
  text = "Hello"
  for = 1
"""
GAIN_DB = -1.6
"""What both clips are given: they are at -18.4 LUFS, and clips are brought to -20."""


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("rooms")
    hum = mains(seconds=5, hertz=50, multiples={1: 0.004, 2: 0.006}).astype(np.float32)
    for name, dbfs, fault in (("loud room.mov", -45, 0), ("still room.mov", -55, 0), ("hum.mov", -62, hum)):
        sound = _busy(5, still=(1, 3), room_dbfs=dbfs) + fault
        write_clip(folder / name, width=64, height=36, frames=125, sound=sound, sound_codec="pcm_s16le")
    write_paper(folder)
    list_names(folder, ("loud room.mov", "still room.mov", "hum.mov", PAPER))
    return folder


def _planned(folder: Path, library: Path, text: str) -> Delivery:
    _, (delivery,), _ = planned(wish_for(lay_episode(folder, library, text)), quiet)
    return delivery


def _level_db(heard: NDArray[np.float64], start: float, end: float) -> float:
    part = heard[:, round(start * RATE) : round(end * RATE)]
    return float(10 * np.log10(max(np.square(part).mean(), 1e-20)))


@pytest.mark.parametrize("asked", [True, False])
def test_silent_shots_sound_like_the_quietest_room(tmp_path: Path, library: Path, asked: bool) -> None:
    text = EPISODE if asked else EPISODE.replace("room_tone = true", "room_tone = false")
    delivery = _planned(tmp_path / "film", library, text)
    sounding = Sounding(delivery, tmp_path / "sound")
    (clips,) = delivery.plan.buses
    heard = raw(sounding.run(clips))
    wanted = pytest.approx(-55 + GAIN_DB, abs=0.5) if asked else -200
    for start, end in ((2.01, 3), (3, 4), (4, 4.99), (7.01, 7.98)):
        assert _level_db(heard, start, end) == wanted
    assert _level_db(heard, 1.05, 1.95) == pytest.approx(-45 + GAIN_DB, abs=0.5)
    assert _level_db(heard, 8.02, 9.0) == -200
    facts = {job.key: sounding.run(job).facts for job in delivery.plan.sounds}
    told = [(one["shot"], one["contribution"]) for one in room_tones(delivery, facts)]
    assert told == ([("one/2", "still room.mov"), ("one/4", "still room.mov")] if asked else [])


@pytest.mark.parametrize("repaired", [True, False])
def test_what_is_mended_in_a_clip_is_not_heard_in_its_room(tmp_path: Path, library: Path, repaired: bool) -> None:
    # The hum of the clip is its shot's own word to mend.
    repair = 'repair = ["hum"]\n' if repaired else ""
    hummed = EPISODE.replace('use = "loud room.mov"\n', f'use = "hum.mov"\n{repair}')
    text = hummed.replace('use = "still room.mov"\n  in = 3\n', 'text = "Bye"\n')
    delivery = _planned(tmp_path / "film", library, text)
    sounding = Sounding(delivery, tmp_path / "sound")
    (clips,) = delivery.plan.buses
    room_heard = raw(sounding.run(clips)).mean(axis=0)[round(2.5 * RATE) : round(4.5 * RATE)]
    hums = [level_db(room_heard, hertz, width=3) for hertz in (50, 100)]
    assert max(hums) < -75 if repaired else min(hums) > -55
    (chosen,) = (job for job in delivery.plan.sounds if job.kind == "ambience")
    assert sounding.run(chosen).facts["dbfs"] == pytest.approx(-62 if repaired else -45.7, abs=0.6)


def test_it_is_a_word_for_shots_that_flows_down(tmp_path: Path) -> None:
    text = (
        'format = 1\ntitle = "T"\n[each]\nroom_tone = true\n[[scene]]\nid = "s"\n[[scene.shot]]\ntext = "a"\nfor = 1\n'
    )
    text += '[[scene.shot]]\ntext = "b"\nfor = 1\nroom_tone = false\n[[scene.shot]]\nwanted = "c"\nfor = 1\n'
    manifest, _, findings = manifest_from(make_episode(tmp_path, text))
    assert manifest is not None
    assert ([shot.room_tone for shot in manifest.scenes[0].shots], findings) == ([True, False, False], ())
    _, _, findings = manifest_from(make_episode(tmp_path, f"{text}room_tone = true\n"))
    assert [one.rule for one in findings] == ["unfitting-key"]
