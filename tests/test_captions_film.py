"""Subtitles on their way to a disc: drawn before anything is encoded, refused there, and shown at their frames."""

from pathlib import Path

import pytest
from caption_making import srt
from small_film import quiet, wish_for

from crowdcut.findings import Refused
from farm.build import planned
from farm.store import FILE
from renderers.disc.units import units_of

EPISODE = """\
format = 1
title = "Luna"
delivery = ["dvd-pal", "web"]
[[captions]]
file = "es.srt"
language = "es"
[[captions]]
file = "ja.srt"
language = "ja"
[[scene]]
[[scene.shot]]
text = "The moon is late again"
for = 6
"""


def lay(folder: Path, spanish: str) -> Path:
    (folder / "es.srt").write_text(spanish, encoding="utf-8")
    (folder / "ja.srt").write_text(srt(("0:02", "0:04", "月はまた遅い。")), encoding="utf-8")
    (folder / "episode.toml").write_text(EPISODE, encoding="utf-8")
    return folder / "episode.toml"


def test_subtitles_are_drawn_with_the_plan_and_stand_at_their_frames(tmp_path: Path) -> None:
    spanish = srt(("0:01", "0:03", "La luna"), ("0:03.5", "0:05.5", "otra vez"), ("9:00", "9:01", "nunca"))
    _, (disc, web), store = planned(wish_for(lay(tmp_path, spanish)), quiet)
    assert web.plan.captions == ()
    shown = {}
    for job in disc.plan.captions:
        stored = store.find(job.key)
        assert stored is not None
        shown[job.order.language] = [
            (one.start_frame, one.end_frame_exclusive) for one in units_of(stored.folder / FILE)
        ]
    # Film of 24 pictures a second is PAL's 25 by the clock: 1 s is 25 frames.
    assert shown == {"es": [(25, 75), (88, 138)], "ja": [(50, 100)]}
    assert [(one.rule, one.severity) for one in disc.findings if "es.srt" in (one.where.file or "")] == [
        ("past-the-end", "warning")
    ]


def test_what_is_too_long_is_refused_before_anything_is_encoded(tmp_path: Path) -> None:
    manifest = lay(tmp_path, srt(("0:02", "0:05", "W" * 240)))
    with pytest.raises(Refused) as refusal:
        planned(wish_for(manifest), quiet)
    (finding,) = refusal.value.findings
    assert (finding.rule, finding.where.line, finding.where.key) == ("caption-too-long", 5, "file")
    assert finding.where.time == 2
    assert "240 letters" in finding.found
    assert "3 lines" in finding.wanted
    assert "part the cue" in finding.way_out
