"""Music that jumps, in samples: no gap, no step, the same power through each crossfade, and the fades of the whole."""

from fractions import Fraction
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest

from crowdcut.cut.jumps import jumps_told, stretches_of
from crowdcut.cut.placed import Jump, PlacedSound
from crowdcut.sound.orders import Cue
from crowdcut.timing import SAMPLE_RATE
from renderers.mixing.cues import Voice, added_up
from renderers.mixing.likeness import having_met, meetings
from renderers.sound.pcm import bytes_of

SECONDS = 12
NOISE = np.random.default_rng(1).standard_normal((2, SECONDS * SAMPLE_RATE)).astype(np.float32) * 0.1
BAR = np.tile(NOISE[:, :SAMPLE_RATE], SECONDS)
"""The same second again and again: a jump of whole seconds is heard nowhere."""
FADE = SAMPLE_RATE // 20


def _jump(at: Fraction | int, to: Fraction | int, before: Fraction | int) -> Jump:
    return Jump(at_samples=round(at * SAMPLE_RATE), source=Fraction(to), source_before=Fraction(before))


def _placed(*jumps: Jump, seconds: int = 6, **more: object) -> PlacedSound:
    length = seconds * SAMPLE_RATE
    return PlacedSound(
        use="song", bus="music", source_start=Fraction(0), start_sample=0, length_samples=length, jumps=jumps, **more
    )  # type: ignore[arg-type]


def _heard(placed: PlacedSound, song: np.ndarray, folder: Path) -> np.ndarray:
    """The sum of its stretches, each taken from the song as ``prepare`` does."""
    voices = []
    for number, stretch in enumerate(stretches_of(placed)):
        one, path = stretch.sound, folder / str(number)
        first = round(one.source_start * SAMPLE_RATE)
        path.write_bytes(bytes_of(song[:, first : first + one.length_samples]))
        plain = Cue(
            prepared="a", listened="a", start_sample=one.start_sample, length_samples=one.length_samples, bus="music"
        )
        voices.append(Voice(cue=stretch.cue(plain), path=path, amplitude=1.0))
    return added_up(having_met(voices, meetings(voices)), 0, placed.length_samples)


def _power_db(samples: np.ndarray) -> float:
    return float(10 * np.log10(np.square(samples, dtype=np.float64).mean()))


@pytest.mark.parametrize("song", [NOISE, BAR], ids=["another bar", "the same bar"])
def test_the_power_stays_through_a_jump(tmp_path: Path, song: np.ndarray):
    heard = _heard(_placed(_jump(2, 6, 2), _jump(4, 1, 8)), song, tmp_path)
    for at in (2, 4):
        end = at * SAMPLE_RATE
        assert _power_db(heard[:, end - FADE : end]) == pytest.approx(_power_db(NOISE), abs=0.6)
        # From the bar line on, the new bar alone.
        source = (6 if at == 2 else 1) * SAMPLE_RATE
        assert np.array_equal(heard[:, end : end + 1_000], song[:, source : source + 1_000])


def test_a_jump_to_the_same_bar_is_heard_nowhere(tmp_path: Path):
    heard = _heard(_placed(_jump(2, 6, 2)), BAR, tmp_path)
    assert np.abs(heard - BAR[:, : heard.shape[1]]).max() < 0.01


def test_without_anything_before_its_bar_the_stretches_meet_on_the_line(tmp_path: Path):
    """A song that begins with a bar, and loops: nothing can come before its first note."""
    placed = _placed(_jump(2, 0, 2), _jump(4, 0, 2))
    stretches = list(stretches_of(placed))
    ends = [one.sound.start_sample + one.sound.length_samples for one in stretches]
    assert [one.sound.start_sample for one in stretches] == [0, *ends[:-1]]
    heard = _heard(placed, NOISE, tmp_path)
    assert np.array_equal(heard[:, 2 * SAMPLE_RATE + 144 : 3 * SAMPLE_RATE], NOISE[:, 144:SAMPLE_RATE])


def test_a_fade_goes_on_over_its_jumps(tmp_path: Path):
    """Four seconds of fade from a tone that is held: it falls from second to second, and nowhere rises again."""
    held = np.full((2, SECONDS * SAMPLE_RATE), 0.1, np.float32)
    jumps = (_jump(2, 6, 2), _jump(4, 1, 8))
    heard = _heard(_placed(*jumps, fade_out_samples=4 * SAMPLE_RATE), held, tmp_path)
    levels = [float(heard[0, second * SAMPLE_RATE + 100]) for second in range(1, 6)]
    assert levels == pytest.approx([0.1, 0.1, 0.0854, 0.05, 0.0146], abs=0.001)


def test_backed_by_no_jump_a_sound_is_itself():
    placed = _placed()
    (stretch,) = stretches_of(placed)
    assert stretch.sound is placed


def test_jumps_in_words():
    assert jumps_told(()) == ""
    again = [_jump(at, Fraction(1, 2), Fraction(17, 2)) for at in (8, 16, 24)]
    assert jumps_told((*again, _jump(32, 40, 8))) == "from 0:08.5 to 0:00.5 3 times, from 0:08 to 0:40"


def test_stretches_follow_each_other_to_the_sample():
    placed = _placed(_jump(2, 6, 2), _jump(4, 1, 8))
    for before, after in pairwise(stretches_of(placed)):
        end = before.sound.start_sample + before.sound.length_samples
        assert end - after.sound.start_sample == FADE == after.joint_samples
