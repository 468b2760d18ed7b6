"""Rates that are not the programme's: over ten minutes no frame and no sound leaves its place."""

from dataclasses import replace
from fractions import Fraction
from itertools import accumulate, chain, cycle, islice
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray
from piece_making import codes_in, shot_orders, shown_in, source_of

from crowdcut.orders import Raster, Video
from crowdcut.sound.orders import PrepareOrder
from crowdcut.timing import SAMPLE_RATE, frames_to_samples
from examples.makers import clicks, draw_frame_code, write_clip
from renderers.job import Input
from renderers.prepare import run as prepared
from renderers.sound.pcm import samples_at

SMALL = Raster(width=96, height=54, rate=Fraction(24))
SECONDS = 600
ODD = Fraction(2998, 100)
UNEVEN = (20, 20, 21, 20, 40, 19)
"""Ticks of 600 a second: a phone in poor light, 25.7 pictures a second on average."""
ROUGH = {"preset": "ultrafast", "crf": "32"}
CLICKS = [1, 20, 299, 300, 301, 580, 599]
"""Source seconds at which the sound clicks."""
_BARE = np.full((54, 96, 3), 96, np.uint8)


def _drawn(number: int) -> NDArray[np.uint8]:
    picture = _BARE.copy()
    draw_frame_code(picture, number)
    return picture


def _drawn_where_looked_at(number: int) -> NDArray[np.uint8]:
    """Codes in the first, middle and last quarter of a minute; nothing is read from the rest."""
    away = min(abs(number / ODD - second) for second in (0, SECONDS // 2, SECONDS))
    return _drawn(number) if away < 15 else _BARE


@pytest.fixture(scope="module")
def odd(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Ten minutes at 29.98 pictures a second, with few key frames."""
    sound = clicks(seconds=SECONDS, at_samples=[second * 8000 for second in CLICKS], rate=8000, channels=1)
    return write_clip(
        tmp_path_factory.mktemp("odd") / "odd.mov", width=96, height=54, rate=ODD, frames=int(SECONDS * ODD),
        picture=_drawn_where_looked_at, gop_frames=600, options=ROUGH,
        sound=sound, sound_rate=8000, sound_codec="pcm_s16le",
    )  # fmt: skip


def _codes(source: Video, folder: Path, out: Path) -> dict[int, int | None]:
    """Codes by programme frame, in the first, middle and last piece of ten minutes."""
    orders = shot_orders(source, SECONDS * 24, SMALL)
    found: dict[int, int | None] = {}
    for number in (0, len(orders) // 2, len(orders) - 1):
        first = sum(order.length_frames for order in orders[:number])
        found |= dict(enumerate(codes_in(shown_in(orders[number], folder, out)), first))
    return found


def _due(frame: int) -> set[int]:
    """What a player has on screen; either of two where a timestamp's rounding decides."""
    moment = Fraction(frame, 24)
    return {int(moment * ODD), int((moment + Fraction(1, 10_000)) * ODD)}


def test_ten_minutes_at_an_odd_rate_do_not_drift(odd: Path, tmp_path: Path):
    source = source_of(odd, raster=SMALL)
    assert isinstance(source, Video)
    assert (source.picture.rate, source.picture.duration) == (ODD, SECONDS)
    codes = _codes(source, odd.parent, tmp_path / "piece.mp4")
    assert len(codes) >= 3 * 24
    assert {0, SECONDS * 24 - 1} <= codes.keys()
    assert all(code in _due(frame) for frame, code in codes.items())
    # Read as the 30 that it nearly is, its end comes twelve pictures early: the codes would tell.
    counted = replace(source, picture=replace(source.picture, count_frames=True, rate=Fraction(30)), start=Fraction(0))
    early = _codes(counted, odd.parent, tmp_path / "early.mp4")
    last = max(frame for frame, code in early.items() if code is not None)
    assert early[last] not in _due(last)


def test_its_sound_stays_with_it(odd: Path, tmp_path: Path):
    length = frames_to_samples(SECONDS * 24, Fraction(24))
    order = PrepareOrder(stream=1, origin=Fraction(0), start_sample=0, length_samples=length)
    prepared(order, {"file": Input(path=odd)}, tmp_path / "sound")
    for second in CLICKS:
        near = samples_at(tmp_path / "sound", start=second * SAMPLE_RATE - 100, length=200)
        assert int(np.abs(near[0]).argmax()) == 100


def test_an_uneven_rate_does_not_drift(tmp_path: Path):
    frames = 60 * 600 * len(UNEVEN) // sum(UNEVEN)
    write_clip(
        tmp_path / "a.mp4", width=96, height=54, frames=frames, picture=_drawn, rate=Fraction(600),
        hold_ticks=UNEVEN, ticks_a_second=600, gop_frames=300, options=ROUGH,
    )  # fmt: skip
    source = source_of(tmp_path / "a.mp4", raster=SMALL, start=Fraction(55))
    assert isinstance(source, Video)
    assert not source.picture.constant
    codes = [
        code
        for order in shot_orders(source, 4 * 24, SMALL)
        for code in codes_in(shown_in(order, tmp_path, tmp_path / "piece.mp4"))
    ]
    ticks = list(accumulate(islice(chain([0], cycle(UNEVEN)), frames)))
    rounding = Fraction(1, 1000)
    for number, code in enumerate(codes):
        moment = 55 + Fraction(number, 24)
        early, late = (sum(Fraction(tick, 600) <= time for tick in ticks) - 1 for time in (moment, moment + rounding))
        assert code in (early, late)
    mean = [int((55 + Fraction(number, 24)) * frames / 60) for number in range(len(codes))]
    assert codes != mean
