"""A delivery as a whole: its credits are never cut, and what a cut was made from is credited as what it is."""

from pathlib import Path

import pytest
from desk_making import desk_for
from small_film import EPISODE, broken_library, lay_episode, quiet, wish_for

from crowdcut.delivery import Delivery, delivery_from, with_credits
from crowdcut.episode import Scene, Shot
from crowdcut.findings import Refused
from farm.build import built, planned
from farm.report import read_report

CREDITS = """\
[credits]
title = "Made by"
seconds = {seconds}
"""
LAST = """\
[[scene.shot]]
card = "credits"
for = {length}
"""


def _episode(*, seconds: int = 8, length: str | None = None) -> str:
    text = EPISODE.replace("[[music]]", CREDITS.format(seconds=seconds) + "[[music]]", 1)
    return text + (LAST.format(length=length) if length else "")


def test_a_roll_that_would_be_cut_off_is_refused_with_the_time_it_needs(tmp_path, tiny_library):
    manifest = lay_episode(tmp_path, tiny_library, _episode(length="2"))
    with pytest.raises(Refused) as refusal:
        planned(wish_for(manifest), quiet)
    (finding,) = [one for one in refusal.value.findings if one.severity == "error"]
    assert finding.rule == "credits-cut"
    assert finding.where.shot == "two/3"
    assert finding.where.line == len(manifest.read_text(encoding="utf-8").splitlines())


def test_a_film_without_credits_gets_them_at_its_end_as_long_as_they_take(tmp_path, tiny_library):
    manifest = lay_episode(tmp_path, tiny_library, _episode())
    _, (delivery,), _ = planned(wish_for(manifest), quiet)
    last = delivery.timeline.shots[-1]
    assert last.shot.card == "credits"
    bottom = max(line.top + line.height for line in delivery.roll.lines)
    assert last.length_frames * delivery.roll.step >= bottom + delivery.raster.height
    names = {name for block in delivery.credits for name in block.names}
    assert names == {"Ana Ruiz", "Bo"}


def test_a_wish_for_the_credits_length_is_answered(tmp_path, tiny_library):
    manifest = lay_episode(tmp_path, tiny_library, _episode(seconds=500))
    _, (delivery,), _ = planned(wish_for(manifest), quiet)
    assert [one.rule for one in delivery.findings if "wished" in one.found] == ["credits-length"]


def test_what_a_cut_was_made_from_is_examined_and_credited_by_its_kind(tmp_path, tiny_library):
    library = tmp_path / "library"
    library.mkdir()
    for file in tiny_library.iterdir():
        if file.name != "contributions.toml":
            (library / file.name).symlink_to(file)
    listing = (tiny_library / "contributions.toml").read_text(encoding="utf-8")
    listing = listing.replace('file = "walk.mp4"', 'file = "walk.mp4"\nmade_from = ["sea"]')
    (library / "contributions.toml").write_text(listing, encoding="utf-8")
    text = 'format = 1\ntitle = "One"\nlibrary = ["library"]\n[[scene]]\n[[scene.shot]]\nuse = "walk"\n'
    (tmp_path / "episode.toml").write_text(text, encoding="utf-8")
    _, (delivery,), _ = planned(wish_for(tmp_path / "episode.toml"), quiet)
    assert [(block.role, block.names) for block in delivery.credits] == [("cinematography", ("Ana Ruiz", "Bo"))]
    assert {(one.contribution, one.via) for one in delivery.appearances} == {("walk", None), ("sea", "walk")}


def test_credits_that_nobody_asked_for_take_an_id_that_is_free():
    shots = (Shot(name="credits/1", text="a"), Shot(name="credits/2", id="credits-2", text="b"))
    scene = Scene(id="credits", title="Ours", shots=shots)
    told = with_credits(desk_for([scene]).manifest)
    assert [one.id for one in told.scenes] == ["credits", "credits-3"]
    assert [shot.name for one in told.scenes for shot in one.shots] == ["credits/1", "credits/2", "credits-3/1"]


def test_what_hangs_on_the_end_is_placed_by_the_credits_true_length(tmp_path, tiny_library):
    text = _episode().replace("until = 6\n", 'at = "end - 5"\nuntil = "two"\n')
    before = _delivery(tmp_path / "before", tiny_library, _episode())
    seconds = before.timeline.length_frames / before.timeline.rate
    start = next(one.start_frame for one in before.timeline.shots if one.scene == "two") / before.timeline.rate
    # Only by the true length does it begin before scene two does.
    text = text.replace("end - 5", f"end - {float(seconds - start / 2):.3f}")
    after = _delivery(tmp_path / "after", tiny_library, text)
    (music,) = [one for one in after.timeline.sounds if one.bus == "music"]
    assert abs(music.start_sample - start / 2 * 48_000) <= 48
    assert after.credits == before.credits


def test_a_layer_that_breaks_is_left_out_and_what_it_hangs_on_is_kept(tmp_path, tiny_library):
    broken_library(tiny_library, tmp_path / "broken")
    layer = '[[{host}layer]]\nuse = "walk"\nin = 2\nfor = 1\nplace = "top right 30%"\n'
    shots = '[[scene]]\nid = "one"\n[[scene.shot]]\nuse = "sea"\nfor = 2\n{on_shot}'
    shots += '[[scene.shot]]\nuse = "drawing"\nfor = 1\n'
    for name, over, on_shot in (("film", layer.format(host=""), ""), ("shot", "", layer.format(host="scene.shot."))):
        text = EPISODE.partition("[[music]]")[0] + over + shots.replace("{on_shot}", on_shot)
        manifest = lay_episode(tmp_path / name, tmp_path / "broken", text)
        (part,) = read_report(built(wish_for(manifest, placeholder=True), quiet))["deliveries"]
        assert part["verified"]
        assert part["placeholders"] == []
        found = {(one["rule"], one["severity"]) for one in part["findings"]}
        assert {("left-out", "warning"), ("placeholder", "warning")} <= found
        assert "walk" not in {one["contribution"] for one in part["appearances"]}


def _delivery(folder: Path, library: Path, text: str) -> Delivery:
    _, (delivery,), _ = planned(wish_for(lay_episode(folder, library, text)), quiet)
    return delivery


def test_the_rounds_of_a_loop_follow_each_other_to_the_sample(tmp_path, tiny_library):
    text = EPISODE.replace('use = "song"\nuntil = 6', 'use = "song"\nin = 0.5\nout = 0.8\nuntil = 2\nloop = true', 1)
    _, (delivery,), _ = planned(wish_for(lay_episode(tmp_path, tiny_library, text)), quiet)
    (music,) = (job for job in delivery.plan.buses if job.order.bus == "music")
    rounds = music.order.cues
    assert [cue.start_sample for cue in rounds] == [14_400 * number for number in range(7)]
    assert [cue.length_samples for cue in rounds] == [14_400] * 6 + [9_600]
    assert [cue.before_samples for cue in rounds] == [cue.start_sample for cue in rounds]
    assert {cue.before_samples + cue.length_samples + cue.after_samples for cue in rounds} == {96_000}
    assert all(cue.joint_samples for cue in rounds)


def test_a_slate_is_silent(tmp_path, tiny_library):
    production, (whole,), _ = planned(wish_for(lay_episode(tmp_path, tiny_library)), quiet)
    slated = delivery_from(production, "tiny", placeholders=frozenset({"one/1"}))
    heard = {sound.shot for sound in whole.timeline.sounds if sound.bus == "shot"}
    assert "one/1" in heard
    assert {sound.shot for sound in slated.timeline.sounds if sound.bus == "shot"} == heard - {"one/1"}
