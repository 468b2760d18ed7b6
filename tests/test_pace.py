"""Clips played faster, slower, backwards and held: which frames are seen, and that what is heard stays with them."""

from collections.abc import Sequence
from dataclasses import replace
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from desk_making import desk_for, film
from numpy.typing import NDArray
from piece_making import ROUGH, codes_in, shot_order, shot_orders, shown_in, source_of

from crowdcut.cut.desk import Desk
from crowdcut.cut.pace import first_source_time
from crowdcut.cut.placed import Timeline
from crowdcut.cut.stacks import Dressing, stacks_from
from crowdcut.cut.timeline import timeline_from
from crowdcut.episode import Freeze, Layer, Scene, Shot, Sound
from crowdcut.orders import Raster, Roll, Video
from crowdcut.profiles import profile_from
from crowdcut.sound.orders import PrepareOrder
from crowdcut.timing import SAMPLE_RATE
from examples.makers import clicks, tone, write_clip, write_sound
from renderers.job import Input
from renderers.prepare import run as prepare
from renderers.sound.pcm import samples_at
from renderers.sources import video

RATE = Fraction(24)
SIZE = {"width": 192, "height": 108}


@pytest.fixture(scope="module")
def clip(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """14 s at 25, with a key frame every two seconds."""
    return write_clip(tmp_path_factory.mktemp("pace") / "a.mp4", **SIZE, frames=350, options=ROUGH)


def _codes(clip: Path, out: Path, frames: int, *, start: Fraction | int = 0, **pace: Any) -> list[int | None]:
    source = source_of(clip, start=start)
    assert isinstance(source, Video)
    order = shot_order(replace(source, **pace), frames)
    return codes_in(shown_in(order, clip.parent, out / "piece.mp4"))


def _on_screen(times: Sequence[Fraction]) -> list[int]:
    return [int((time + Fraction(1, 10_000)) * 25) for time in times]


@pytest.mark.parametrize("speed", [Fraction(1, 2), Fraction(2), Fraction(1, 3), Fraction(7)])
def test_a_speed_shows_what_is_on_screen_at_its_source_times(clip: Path, tmp_path: Path, speed: Fraction):
    codes = _codes(clip, tmp_path, 30, start=2, speed=speed)
    assert codes == _on_screen([2 + speed * number / 24 for number in range(30)])
    assert codes != _on_screen([2 + Fraction(number, 24) for number in range(30)])


def test_backwards_the_very_frames_are_shown_from_last_to_first(
    clip: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    # Stretches of ten frames, so that many of them are joined.
    monkeypatch.setattr(video, "_BACKWARDS_BYTES", 10 * 192 * 108 * 2)
    for speed in (Fraction(1), Fraction(3, 2)):
        times = [Fraction(1, 2) + speed * number / 24 for number in range(200)]
        start = first_source_time(Fraction(1, 2), -speed, 200, RATE)
        assert start == times[-1]
        assert _codes(clip, tmp_path, 200, start=start, speed=-speed) == _on_screen(times)[::-1]


def test_backwards_a_long_shot_goes_on_where_it_was_cut(clip: Path, tmp_path: Path):
    source = source_of(clip, start=first_source_time(Fraction(0), Fraction(-1), 300, RATE))
    assert isinstance(source, Video)
    orders = shot_orders(replace(source, speed=Fraction(-1)), 300)
    assert [order.length_frames for order in orders] == [240, 60]
    codes = [
        code
        for number, order in enumerate(orders)
        for code in codes_in(shown_in(order, clip.parent, tmp_path / f"{number}.mp4"))
    ]
    assert codes == _on_screen([Fraction(number, 24) for number in range(300)])[::-1]


def test_backwards_little_is_held(clip: Path, monkeypatch: pytest.MonkeyPatch):
    held: list[int] = []
    monkeypatch.setattr(video, "_BACKWARDS_BYTES", 16 * 192 * 108 * 2)
    forwards = video._forwards
    monkeypatch.setattr(video, "_forwards", lambda *order: (held.append(len(order[2])), forwards(*order))[1])
    source = source_of(clip, start=8)
    assert isinstance(source, Video)
    setting = video.Setting(raster=shot_order(source, 1).raster, age_frames=0, count=100, inputs={clip.name: clip})
    assert len(list(video.frames(replace(source, speed=Fraction(-1)), setting))) == 100
    assert held == [16] * 6 + [4]


def test_a_picture_is_held(clip: Path, tmp_path: Path):
    assert _codes(clip, tmp_path, 12, start=Fraction("4.2"), speed=Fraction(0)) == [105] * 12
    assert len(set(_codes(clip, tmp_path, 12, start=Fraction("4.2")))) > 1


# --- the plan ---------------------------------------------------------------------------------------------------------


def _laid_out(seconds: int = 60, delivery: Fraction | None = None, **keys: Any) -> Timeline:
    media = {"walk": film(seconds, sound=True)}
    shot = Shot(name="one/1", use="walk", **keys)
    desk = desk_for([Scene(id="one", title="one", shots=(shot,))], media=media, delivery=delivery)
    timeline = timeline_from(desk)
    assert desk.findings == []
    assert timeline is not None
    return timeline


@pytest.mark.parametrize(
    ("keys", "frames", "start", "speed"),
    [
        ({"speed": Fraction(1, 2), "out": Fraction(3)}, 144, 0, Fraction(1, 2)),
        ({"speed": Fraction(2), "in_": Fraction(1), "out": Fraction(3)}, 24, 1, Fraction(2)),
        ({"speed": Fraction(2), "in_": Fraction(1), "length": Fraction(3)}, 72, 1, Fraction(2)),
        ({"speed": Fraction(1, 3)}, 60 * 3 * 24, 0, Fraction(1, 3)),
        ({"reverse": True, "in_": Fraction(1), "out": Fraction(3)}, 48, 1 + Fraction(47, 24), Fraction(-1)),
        ({"reverse": True, "speed": Fraction(2), "length": Fraction(1)}, 24, Fraction(46, 24), Fraction(-2)),
        ({"freeze": Freeze(at=Fraction(4)), "length": Fraction(2)}, 48, 4, Fraction(0)),
        ({"freeze": Freeze(), "in_": Fraction(3), "length": Fraction(90)}, 90 * 24, 3, Fraction(0)),
    ],
)
def test_lengths_and_source_times_follow_the_pace(keys: dict[str, Any], frames: int, start: Fraction, speed: Fraction):
    (placed,) = _laid_out(**keys).shots
    assert (placed.length_frames, placed.source_start, placed.speed) == (frames, start, speed)


def test_what_is_heard_is_what_is_seen():
    timeline = _laid_out(speed=Fraction(2), reverse=True, in_=Fraction(5), length=Fraction(3))
    (sound,) = timeline.sounds
    assert (sound.source_start, sound.speed, sound.length_samples) == (5, -2, 3 * SAMPLE_RATE)
    assert _laid_out(freeze=Freeze(), length=Fraction(3)).sounds == ()


def test_a_pace_that_needs_more_than_there_is_is_told():
    media = {"walk": film(10)}
    for keys, key in (
        ({"speed": Fraction(4), "length": Fraction(3)}, "for"),
        ({"speed": Fraction(1, 2), "out": Fraction(12)}, "out"),
        ({"freeze": Freeze(at=Fraction(10))}, "freeze"),
    ):
        shot = Shot(name="one/1", use="walk", **keys)  # type: ignore[arg-type]
        desk = desk_for([Scene(id="one", title="one", shots=(shot,))], media=media)
        timeline_from(desk)
        (finding,) = desk.findings
        assert finding.rule == "past-the-end", key


def _hung(seconds: int = 10, **keys: Any) -> Desk:
    """A desk with a layer or, with ``bus``, a sound over a shot of a minute."""
    media = {"still": film(60), "walk": film(seconds, sound=True)}
    hung = {"sounds": (Sound(use="walk", **keys),)} if "bus" in keys else {"layers": (Layer(use="walk", **keys),)}
    shot = Shot(name="one/1", use="still", **hung)  # type: ignore[arg-type]
    return desk_for([Scene(id="one", title="one", shots=(shot,))], media=media)


HALF = Fraction(1, 2)


@pytest.mark.parametrize(
    ("keys", "frames", "start", "speed"),
    [
        ({"speed": HALF, "in_": Fraction(1), "out": Fraction(3)}, 96, 1, HALF),
        ({"speed": HALF}, 480, 0, HALF),
        ({"speed": Fraction(2), "length": Fraction(3)}, 72, 0, 2),
        ({"reverse": True, "in_": Fraction(1), "out": Fraction(3)}, 48, 1 + Fraction(47, 24), -1),
        ({"freeze": Freeze(at=Fraction(4)), "length": Fraction(30)}, 720, 4, 0),
        ({"freeze": Freeze(), "in_": Fraction(4)}, 1440, 4, 0),
    ],
)
def test_layers_have_the_same_pace_as_shots(keys: dict[str, Any], frames: int, start: Fraction, speed: Fraction):
    desk = _hung(**keys)
    timeline = timeline_from(desk)
    assert timeline is not None
    assert desk.findings == []
    (placed,) = timeline.shots[0].layers
    assert placed.length_frames == frames
    raster = Raster(width=640, height=360, rate=RATE)
    roll = Roll(lines=(), step=2)
    (stack,), _ = stacks_from(Dressing(desk=desk, profile=profile_from("web", {}), raster=raster, roll=roll), timeline)
    source = stack.layers[1].source
    assert isinstance(source, Video)
    assert (source.start, source.speed) == (start, speed)


@pytest.mark.parametrize(
    ("keys", "finding"),
    [
        ({"speed": Fraction(4), "length": Fraction(3)}, ("past-the-end", "for")),
        ({"speed": HALF, "out": Fraction(12)}, ("past-the-end", "out")),
        ({"freeze": Freeze(at=Fraction(10))}, ("past-the-end", "freeze")),
    ],
)
def test_a_pace_that_needs_more_than_a_layer_has_is_told(keys: dict[str, Any], finding: tuple[str, str]):
    desk = _hung(**keys)
    timeline_from(desk)
    assert [(one.rule, one.where.key) for one in desk.findings] == [finding]


def test_a_sound_that_hangs_is_heard_at_its_pace_and_loops_at_it():
    desk = _hung(bus="music", speed=Fraction(2), reverse=True, in_=Fraction(2), out=Fraction(6), loop=True)
    timeline = timeline_from(desk)
    assert timeline is not None
    assert desk.findings == []
    (sound,) = (one for one in timeline.sounds if one.bus == "music")
    assert (sound.source_start, sound.speed, sound.loop_samples) == (2, -2, 2 * SAMPLE_RATE)
    assert sound.length_samples == 60 * SAMPLE_RATE


# --- sound ------------------------------------------------------------------------------------------------------------


def _prepared(file: Path, out: Path, *, start: int, length: int, speed: Fraction) -> NDArray[np.float32]:
    order = PrepareOrder(stream=0, origin=Fraction(0), start_sample=start, length_samples=length, speed=speed)
    prepare(order, {"file": Input(path=file)}, out / "sound")
    return samples_at(out / "sound", start=0, length=length)


def _pitch(samples: NDArray[np.float32]) -> float:
    """Hertz of the loudest tone."""
    spectrum = np.abs(np.fft.rfft(samples * np.hanning(len(samples))))
    return float(spectrum.argmax()) * SAMPLE_RATE / len(samples)


@pytest.mark.parametrize("speed", [Fraction(1, 2), Fraction(9, 10), Fraction(2), Fraction(-3)])
def test_a_speed_keeps_pitch_and_level(tmp_path: Path, speed: Fraction):
    file = write_sound(tmp_path / "a.wav", tone(seconds=10, peak_dbfs=-6, hertz=440), rate=SAMPLE_RATE)
    heard = _prepared(file, tmp_path, start=48_000, length=96_000, speed=speed)[0]
    assert abs(_pitch(heard) - 440) < 2
    assert abs(float(np.sqrt(np.mean(heard**2))) - 10 ** (-6 / 20) / 2**0.5) < 0.01
    assert abs(_pitch(np.interp(np.arange(0, 96_000, 2), np.arange(96_000), heard).astype(np.float32)) - 440) > 100


@pytest.mark.parametrize("speed", [Fraction(1, 2), Fraction(4, 5), Fraction(5, 4), Fraction(3, 2), Fraction(-4, 5)])
def test_a_click_is_heard_within_a_frame_of_its_picture(tmp_path: Path, speed: Fraction):
    burst = np.sin(np.arange(480) * 0.5) * 0.8
    sound = clicks(seconds=30, at_samples=[])
    places = [2 * SAMPLE_RATE, 11 * SAMPLE_RATE + 777, 21 * SAMPLE_RATE + 1234]
    for place in places:
        sound[place : place + 480] = burst[:, None]
    file = write_sound(tmp_path / "a.wav", sound, rate=SAMPLE_RATE)
    length = int(24 * SAMPLE_RATE / abs(speed))
    heard = _prepared(file, tmp_path, start=SAMPLE_RATE, length=length, speed=speed)[0] ** 2
    for place in places:
        due = int((place + 240 - SAMPLE_RATE) / abs(speed))
        due = length - due if speed < 0 else due
        near = heard[due - SAMPLE_RATE // 4 : due + SAMPLE_RATE // 4]
        assert near.sum() > 1
        middle = float((near * np.arange(len(near))).sum() / near.sum()) - SAMPLE_RATE // 4
        assert abs(middle) < SAMPLE_RATE / 24
    assert heard.sum() < 4 * 3 * (burst**2).sum()


def test_backwards_every_sample_is_heard_once(tmp_path: Path):
    noise = np.random.default_rng(5).uniform(-0.5, 0.5, (3 * SAMPLE_RATE, 2)).astype(np.float32)
    file = write_sound(tmp_path / "a.wav", noise, rate=SAMPLE_RATE)
    forwards = _prepared(file, tmp_path, start=24_000, length=60_001, speed=Fraction(1))
    backwards = _prepared(file, tmp_path, start=24_000, length=60_001, speed=Fraction(-1))
    assert np.array_equal(backwards, forwards[:, ::-1])
    assert not np.array_equal(backwards, forwards)
