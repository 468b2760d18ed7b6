"""Subtitles on their way to a disc: drawn before anything is encoded, refused there, and shown at their frames."""

from pathlib import Path

import pytest
from caption_making import srt
from small_film import quiet, wish_for

from crowdcut.disc.caption_orders import CaptionStyle
from crowdcut.disc.disc_plan import canvas_of
from crowdcut.disc.menu_records import DiscTold, TitleTold
from crowdcut.disc.menus import pages_from
from crowdcut.disc.palette import palette_of
from crowdcut.disc.standards import STANDARDS
from crowdcut.findings import Refused
from crowdcut.look import look_from
from farm.build import planned
from farm.disc_build import on_disc
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
        units = units_of(store.made(job.key).file)
        shown[job.order.language] = [(one.start_frame, one.end_frame_exclusive) for one in units]
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


def test_a_menu_calls_subtitles_as_the_manifest_does(tmp_path: Path) -> None:
    look, _ = look_from("variety", tmp_path)
    assert look is not None

    def words(*names: str | None) -> list[str]:
        title = TitleTold(name="Luna", subtitles=("es", "es", "ja"), subtitle_names=names)
        pages = pages_from(DiscTold(title="T", titles=(title,)), look.menu, canvas_of(STANDARDS["ntsc"]))
        return [button.words.words for page in pages if page.kind == "subtitles" for button in page.buttons]

    assert words(None, "para sordos", None)[1:4] == ["Español", "para sordos", "日本語"]
    assert words()[1:4] == ["Español", "Español", "日本語"]


def test_a_title_on_a_disc_has_its_own_colours_and_names(tmp_path: Path) -> None:
    manifest = lay(tmp_path, srt(("0:01", "0:03", "La luna")))
    (tmp_path / "ours").mkdir()
    (tmp_path / "ours" / "template.toml").write_text('extends = "variety"\n[captions]\ncolour = "#ffee00"\n')
    text = EPISODE.replace('language = "es"', 'language = "es"\nname = "para sordos"')
    manifest.write_text(text.replace("delivery", 'template = "ours"\ndelivery'), encoding="utf-8")
    production, (disc, _), _ = planned(wish_for(manifest), quiet)
    title = on_disc(production, disc).on_disc
    assert (title.languages, title.names) == (("es", "ja"), ("para sordos", None))
    assert palette_of(title.captions) == palette_of(CaptionStyle(colour="#ffee00")) != palette_of(CaptionStyle())
