"""The whole way of clips played at their own pace: from a manifest's words to a verified film and its report."""

from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
from piece_making import codes_in, pictures_in
from small_film import EPISODE, film_of, lay_episode, quiet, wish_for

from crowdcut.findings import Refused
from farm.build import built, planned
from farm.report import read_report

HEAD = EPISODE[: EPISODE.index("[[music]]")]
PACED = f"""\
{HEAD}
[each]
motion = "flow"
[style.slow]
speed = "1/2"
[clip.held]
use = "walk"
freeze = "0:02"
[clip.last]
use = "walk"
in = 1
for = 1
speed = 1
[[scene]]
id = "one"
[[scene.shot]]
use = "walk"
in = 1
out = 1.5
style = "slow"
[[scene.shot]]
use = "walk"
in = 1
for = 1
reverse = true
motion = "nearest"
[[scene.shot]]
use = "held"
for = 0.5
style = "slow"
[[scene.shot]]
use = "sea"
speed = 2
for = 1
into = "dissolve 6f"
[[scene.shot]]
text = "Backwards"
for = 1
[[scene.shot.layer]]
use = "last"
reverse = true
motion = "nearest"
[[scene.shot.voice]]
use = "last"
speed = 2
reverse = true
"""


def _told(report: dict[str, Any], shot: int, use: str) -> str:
    return " | ".join(report["deliveries"][0]["shots"][shot]["conversions"][use]["done"])


def test_a_film_of_every_pace_is_verified_and_told(tiny_library: Path, tmp_path: Path):
    manifest = lay_episode(tmp_path / "paced", tiny_library, PACED)
    report = read_report(built(wish_for(manifest), quiet))
    assert report["deliveries"][0]["verified"]
    assert [shot["length_frames"] for shot in report["deliveries"][0]["shots"]][:4] == [24, 24, 12, 24]
    codes = codes_in(pictures_in(film_of(manifest)))
    assert codes[24:48] == [int((1 + Fraction(number, 24)) * 25 + Fraction(1, 100)) for number in range(24)][::-1]
    assert codes[48:54] == [50] * 6
    # The layer fades in and out.
    assert codes[86:94] == codes[32:40]
    for words in ("0.5 times its speed", "optical flow", "frames were made between pictures"):
        assert words in _told(report, 0, "walk")
    assert "played backwards" in _told(report, 1, "walk")
    assert "one picture is held, in silence" in _told(report, 2, "walk")
    assert "2 times its speed" in _told(report, 3, "sea")
    assert "played backwards" in _told(report, 4, "walk")


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("speed = 17", "speed"),
        ("speed = 0", "speed"),
        ('speed = "1/0"', "speed"),
        ('speed = "fast"', "speed"),
        ("speed = -1", "speed"),
        ('freeze = "0:04"', "past the end"),
        ("freeze = true\nspeed = 2", "no speed"),
        ("freeze = 1\nreverse = true", "no reverse"),
        ("speed = 4\nfor = 2", "past the end"),
        ('motion = "fast"', "motion"),
    ],
)
def test_a_pace_that_cannot_be_is_refused(tiny_library: Path, tmp_path: Path, words: str, found: str):
    text = f'{HEAD}\n[[scene]]\nid = "one"\n[[scene.shot]]\nuse = "walk"\n{words}\n'
    with pytest.raises(Refused) as refused:
        planned(wish_for(lay_episode(tmp_path / "bad", tiny_library, text)), quiet)
    assert any(found in str(one) for one in refused.value.findings)
