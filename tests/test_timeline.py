"""The timeline: shots overlap by exactly their transitions, at every rate, and no change reaches past its scene."""

from dataclasses import replace
from fractions import Fraction

import pytest
from desk_making import Told, bare_stacks, desk_for, film, scene, song
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from crowdcut.cut.desk import Desk
from crowdcut.cut.placed import PlacedShot, Timeline
from crowdcut.cut.spans import spans_from
from crowdcut.cut.timeline import laid_out, timeline_from
from crowdcut.episode import Anchor, Into, Layer, LowerThird, Scene, Shot, Sound
from crowdcut.findings import Refused, Where, is_error

NTSC = Fraction(30000, 1001)
RATES = (Fraction(24), Fraction(25), NTSC, Fraction(24000, 1001), Fraction(60))
rates = st.sampled_from(RATES)


@st.composite
def told_scenes(draw: st.DrawFn) -> list[list[Told]]:
    """Scenes of shots whose transitions fit, some to the last frame."""
    free: int | None = None
    scenes = []
    for _ in range(draw(st.integers(1, 4))):
        shots = []
        for _ in range(draw(st.integers(1, 4))):
            frames = draw(st.one_of(st.integers(1, 8), st.integers(1, 400)))
            most = frames if free is None else min(frames, free)
            into = draw(st.sampled_from([0, 0, min(12, most), most]))
            shots.append(Told(frames=frames, into=into, kind=draw(st.sampled_from(["dissolve", "fade"]))))
            free = frames - into
        scenes.append(shots)
    return scenes


def _laid_out(desk: Desk) -> Timeline:
    timeline = timeline_from(desk)
    assert timeline is not None
    return timeline


def _scenes(told: list[list[Told]], rate: Fraction) -> list[Scene]:
    return [scene(f"s{number}", shots, rate) for number, shots in enumerate(told)]


def _errors(desk: Desk) -> list[str]:
    return [one.rule for one in desk.findings if is_error(one)]


@settings(max_examples=80, deadline=None)
@given(told_scenes(), rates)
def test_at_the_programme_rate_shots_overlap_by_exactly_their_transitions(told, rate):
    desk = desk_for(_scenes(told, rate), rate=rate)
    timeline = _laid_out(desk)
    assert desk.findings == []
    shots = [shot for shots in told for shot in shots]
    assert [(one.length_frames, one.into_frames) for one in timeline.shots] == [(one.frames, one.into) for one in shots]
    starts = [one.start_frame for one in timeline.shots]
    ends = [one.end_frame_exclusive for one in timeline.shots]
    assert starts == [0, *(end - shot.into for end, shot in zip(ends, shots[1:], strict=False))]
    # The film is shorter by every transition but the one from black.
    assert timeline.length_frames == sum(one.frames for one in shots) - sum(one.into for one in shots[1:])


@settings(max_examples=150, deadline=None)
@given(told_scenes(), rates, rates)
def test_at_every_delivery_rate_the_programme_is_tiled(told, rate, delivery):
    desk = desk_for(_scenes(told, rate), rate=rate, delivery=delivery)
    timeline = _laid_out(desk)
    if "too-short" in _errors(desk):
        assert min(shot.frames for shots in told for shot in shots) / rate * delivery < 1
        return
    assert desk.findings == []
    for before, after in zip(timeline.shots, timeline.shots[1:], strict=False):
        assert after.start_frame == before.end_frame_exclusive - after.into_frames
        assert after.start_frame >= before.start_frame + before.into_frames
    spans = spans_from(bare_stacks(timeline))
    ends = [span.start_frame + span.length_frames for span in spans]
    assert [span.start_frame for span in spans] == [0, *ends[:-1]]
    assert ends[-1] == timeline.length_frames


@settings(max_examples=80, deadline=None)
@given(told_scenes(), rates, rates)
def test_a_shot_stands_within_half_a_frame_of_its_time_in_its_scene(told, rate, delivery):
    desk = desk_for(_scenes(told, rate), rate=rate, delivery=delivery)
    timeline = _laid_out(desk)
    assume(desk.findings == [])
    placed = iter(timeline.shots)
    for shots in told:
        offset, first = 0, None
        for shot in shots:
            one = next(placed)
            first = one if first is None else first
            begins = offset - (shot.into if one is not first else 0)
            exact = begins / rate * delivery
            assert abs(one.start_frame - first.start_frame - exact) <= Fraction(1, 2)
            assert abs(one.length_frames - shot.frames / rate * delivery) <= 1
            offset = begins + shot.frames


def _positions(timeline: Timeline, name: str) -> list[tuple[int, int, int]]:
    own = [one for one in timeline.shots if one.scene == name]
    return [(one.start_frame - own[0].start_frame, one.length_frames, one.into_frames) for one in own]


@settings(max_examples=80, deadline=None)
@given(told_scenes(), rates, rates, st.integers(1, 30))
def test_a_change_in_a_scene_moves_no_boundary_inside_another(told, rate, delivery, more):
    assume(len(told) > 1)
    desk = desk_for(_scenes(told, rate), rate=rate, delivery=delivery)
    before = _laid_out(desk)
    assume(desk.findings == [])
    longer = [[replace(told[0][0], frames=told[0][0].frames + more), *told[0][1:]], *told[1:]]
    after = _laid_out(desk_for(_scenes(longer, rate), rate=rate, delivery=delivery))
    for number in range(2, len(told)):
        assert _positions(after, f"s{number}") == _positions(before, f"s{number}")
    # The second scene's first transition shares a frame with the first scene, which may round another way.
    assert _positions(after, "s1")[1:] == _positions(before, "s1")[1:]
    assert _positions(after, "s1")[0][:2] == _positions(before, "s1")[0][:2]


def _shot(name: str, **more: object) -> Shot:
    return Shot(name=name, use="clip", **more)  # type: ignore[arg-type]


def _placed(shot: Shot, *, seconds: Fraction | int = 10) -> tuple[PlacedShot, Desk]:
    """The only shot of a film, whose clip lasts ``seconds`` at 25 frames a second."""
    desk = desk_for([Scene(id="s", title="s", shots=(shot,))], media={"clip": film(seconds)})
    return _laid_out(desk).shots[0], desk


def test_a_whole_clip_never_asks_for_a_frame_past_its_end():
    placed, desk = _placed(_shot("s/1"), seconds=Fraction("4.99"))
    assert (placed.length_frames, desk.findings) == (119, [])  # 119.76 frames at 24


def test_a_shot_keeps_the_length_that_is_asked_for_to_the_nearest_frame():
    placed, desk = _placed(_shot("s/1", in_=Fraction(1), out=Fraction("4.99")))
    assert (placed.length_frames, placed.source_start, desk.findings) == (96, 1, [])  # 95.76


@pytest.mark.parametrize(
    ("shot", "key"),
    [
        (_shot("s/1", in_=Fraction(10)), "in"),
        (_shot("s/1", in_=Fraction(1), out=Fraction(11)), "out"),
        (_shot("s/1", in_=Fraction(8), length=Fraction(3)), "for"),
    ],
)
def test_what_is_past_the_end_is_refused_with_the_key_that_says_so(shot, key):
    _, desk = _placed(shot)
    assert [(one.rule, one.where.key, one.where.shot) for one in desk.findings] == [("past-the-end", key, "s/1")]


def test_half_a_source_picture_past_the_end_is_no_slip():
    placed, desk = _placed(_shot("s/1", out=Fraction("10.02")))
    assert (placed.length_frames, desk.findings) == (240, [])


@pytest.mark.parametrize(("first", "second", "into"), [(24, 24, 25), (30, 48, 31), (48, 30, 31)])
def test_a_transition_longer_than_a_shot_it_joins_is_refused(first, second, into):
    shots = [Told(frames=first), Told(frames=second, into=into)]
    desk = desk_for([scene("s", shots, Fraction(24))])
    _laid_out(desk)
    assert [(one.rule, one.where.shot) for one in desk.findings] == [("long-transition", "s/2")]


def test_a_transition_may_not_reach_into_the_one_before_it():
    shots = [Told(frames=24), Told(frames=20, into=12), Told(frames=24, into=9)]
    desk = desk_for([scene("s", shots, Fraction(24))])
    _laid_out(desk)
    assert [(one.rule, one.where.shot) for one in desk.findings] == [("long-transition", "s/3")]


def test_a_transition_is_judged_by_the_programme_whatever_the_delivery():
    # At 24 frames a second these come to 4.8, 2.4 and 2.4 frames: rounded apart they would not fit.
    shots = [Told(frames=12), Told(frames=12, into=6), Told(frames=12, into=6)]
    for delivery in RATES:
        desk = desk_for([scene("s", shots, Fraction(60))], rate=Fraction(60), delivery=delivery)
        _laid_out(desk)
        assert desk.findings == []


def test_a_transition_between_scenes_takes_no_frame_that_is_not_free():
    # Told apart, the last 4 of 60 frames a second come to 2 of 24; in their scene they are frame 5 alone.
    first = [Told(frames=12), Told(frames=10, into=6)]
    scenes = _scenes([first, [Told(frames=60, into=4)]], Fraction(60))
    desk = desk_for(scenes, rate=Fraction(60), delivery=Fraction(24))
    shots = _laid_out(desk).shots
    assert [(one.start_frame, one.length_frames, one.into_frames) for one in shots] == [
        (0, 5, 0),
        (2, 4, 3),
        (5, 24, 1),
    ]


def test_a_shot_that_no_frame_of_the_delivery_would_show_is_refused():
    desk = desk_for([scene("s", [Told(frames=1)] * 3, Fraction(60))], rate=Fraction(60), delivery=Fraction(24))
    _laid_out(desk)
    assert _errors(desk) == ["too-short", "too-short"]


def test_a_shot_lends_its_sound_to_the_dissolves_at_both_ends():
    into = Into(kind="dissolve", length=Fraction(1, 2))
    shots = (
        _shot("s/1", length=Fraction(2)),
        _shot("s/2", in_=Fraction(3), length=Fraction(2), into=into),
        _shot("s/3", length=Fraction(2), into=into),
    )
    desk = desk_for([Scene(id="s", title="s", shots=shots)], media={"clip": film(sound=True)})
    first, second, third = _laid_out(desk).sounds
    assert [one.start_sample for one in (first, second, third)] == [0, 72_000, 144_000]
    assert {one.length_samples for one in (first, second, third)} == {96_000}
    assert (second.fade_in_samples, second.fade_out_samples, second.fade) == (24_000, 24_000, "equal-power")
    assert (first.fade_in_samples, first.fade_out_samples, second.source_start) == (480, 24_000, 3)


@pytest.mark.parametrize(("length", "asked", "fades"), [(1, None, 480), ("1/200", None, 60), ("1/200", "1/250", 192)])
def test_the_templates_fades_leave_a_click_its_beginning_and_end(length, asked, fades):
    """Two of 10 ms left nothing of a sound of 5 ms; who asks for a fade gets it."""
    fade = None if asked is None else Fraction(asked)
    sounds = (Sound(bus="effect", use="song", length=Fraction(length), fade_in=fade, fade_out=fade),)
    desk = desk_for([scene("s", [Told(frames=48)], Fraction(24))], media={"song": song()}, sounds=sounds)
    (one,) = _laid_out(desk).sounds
    assert (one.fade_in_samples, one.fade_out_samples) == (fades, fades)


def test_muted_and_silent_shots_have_no_sound():
    shots = (_shot("s/1", sound="mute"), Shot(name="s/2", use="silent"))
    media = {"clip": film(4, sound=True), "silent": film(4)}
    assert _laid_out(desk_for([Scene(id="s", title="s", shots=shots)], media=media)).sounds == ()


@pytest.mark.parametrize("rate", [Fraction(24), Fraction(25), NTSC])
def test_sounds_hang_on_ids_and_ends(rate):
    def music(at: Anchor, until: Anchor | None = None, **more: object) -> Sound:
        return Sound(bus="music", use="song", at=at, until=until, **more)  # type: ignore[arg-type]

    told = [[Told(frames=100)], [Told(frames=50), Told(frames=70)]]
    desk = desk_for(
        _scenes(told, rate),
        rate=rate,
        media={"song": song()},
        sounds=(
            music(Anchor(base="s1", offset=Fraction(-1)), Anchor(base="end")),
            music(Anchor(offset=Fraction(1, 2)), length=Fraction(1)),
        ),
    )
    first, second = _laid_out(desk).sounds
    assert abs(first.start_sample - (100 / rate - 1) * 48_000) <= Fraction(1, 2)
    assert abs(first.start_sample + first.length_samples - 220 / rate * 48_000) <= 1
    assert (second.start_sample, second.length_samples) == (24_000, 48_000)


def test_a_loop_ends_with_the_film():
    looped = Sound(bus="music", use="song", loop=True, out=Fraction(2), until=Anchor(base="end"))
    desk = desk_for([scene("s", [Told(frames=240)], Fraction(24))], media={"song": song()}, sounds=(looped,))
    (placed,) = _laid_out(desk).sounds
    assert (placed.length_samples, placed.loop_samples, desk.findings) == (480_000, 96_000, [])


def test_layers_keep_their_clock_when_their_scene_moves():
    layer = Layer(use="clip", at=Anchor(offset=Fraction(1, 3)), length=Fraction(1))

    def laid_out(frames: int) -> tuple[int, int]:
        told = scene("later", [Told(frames=100)], NTSC)
        scenes = [scene("first", [Told(frames=frames)], NTSC), replace(told, layers=(layer,))]
        (placed,) = _laid_out(desk_for(scenes, rate=NTSC, media={"clip": film()})).over
        return placed.start_frame - frames, placed.length_frames

    assert {laid_out(frames) for frames in range(90, 110)} == {(10, 30)}


def test_a_lower_third_names_the_maker_inside_its_shot():
    placed, _ = _placed(_shot("s/1", length=Fraction(3), lower_third=LowerThird()))
    (third,) = placed.layers
    assert third.words == ("Ana",)
    assert (third.start_frame, third.start_frame + third.length_frames) == (12, 72)
    placed, _ = _placed(_shot("s/1", length=Fraction(3), lower_third=LowerThird(text="Bo\nat sea", at=Fraction(1))))
    assert (placed.layers[0].words, placed.layers[0].start_frame) == (("Bo", "at sea"), 24)


def test_a_lower_third_that_cannot_be_seen_is_refused():
    late = _shot("s/1", length=Fraction(2), lower_third=LowerThird(at=Fraction(5), length=Fraction(2)))
    long = _shot("s/1", length=Fraction(3), lower_third=LowerThird(text="A\nB\nC"))
    assert _rules(_placed(late)[1]) == [("empty", "lower_third", "error")]
    placed, desk = _placed(long)
    assert _rules(desk) == [("long-lower-third", "lower_third", "error")]
    assert placed.layers[0].words == ("A", "B")


def _rules(desk: Desk) -> list[tuple[str, str | None, str]]:
    return [(one.rule, one.where.key, one.severity) for one in desk.findings]


def test_a_layer_that_begins_past_its_clips_end_is_refused():
    placed, desk = _placed(_shot("s/1", layers=(Layer(use="clip", in_=Fraction(10), origin=_ORIGIN),)))
    assert (placed.layers, _rules(desk)) == ((), [("past-the-end", "in", "error")])
    assert desk.findings[0].where.line == 7


_ORIGIN = {"in": Where(file="episode.toml", line=7)}


@pytest.mark.parametrize(("at", "length"), [(3, 1), (2, 1), (-2, 1), (-1, 1)])
def test_a_shots_layer_that_its_shot_never_shows_is_refused(at, length):
    layer = Layer(use="clip", at=Anchor(offset=Fraction(at)), length=Fraction(length))
    assert _over_second(layer) == ([], [("empty", "at", "error")])


@pytest.mark.parametrize(
    ("at", "length", "frames", "found"),
    [
        (0, 2, (72, 48), []),
        (0, 3, (72, 48), [("cut-short", "for", "note")]),
        (-1, 2, (48, 48), [("cut-short", "for", "note")]),
    ],
)
def test_a_shots_layer_ends_with_its_shot(at, length, frames, found):
    layer = Layer(use="clip", at=Anchor(offset=Fraction(at)), length=Fraction(length))
    assert _over_second(layer) == ([frames], found)


def _over_second(layer: Layer) -> tuple[list[tuple[int, int]], list[tuple[str, str | None, str]]]:
    """Frames of a layer on the second of three shots, 3 s to 5 s, and what was found."""
    told = scene("s", [Told(frames=72), Told(frames=48), Told(frames=72)], Fraction(24))
    first, second, third = told.shots
    told = replace(told, shots=(first, replace(second, layers=(layer,)), third))
    desk = desk_for([told], media={"clip": film()})
    layers = _laid_out(desk).shots[1].layers
    return [(one.start_frame, one.length_frames) for one in layers], _rules(desk)


@pytest.mark.parametrize("start", [Fraction("59.999995"), Fraction("59.91")])
def test_a_loop_too_short_to_be_one_is_refused(start):
    looped = Sound(bus="music", use="song", in_=start, loop=True)
    desk = desk_for([scene("s", [Told(frames=240)], Fraction(24))], media={"song": song()}, sounds=(looped,))
    assert _laid_out(desk).sounds == ()
    assert _rules(desk) == [("short-loop", "loop", "error")]


def test_a_layer_of_what_broke_is_left_out():
    desk = desk_for(
        [replace(scene("s", [Told(frames=48)], Fraction(24)), layers=(Layer(use="clip"),))], media={"clip": film()}
    )
    desk.broken = frozenset({"clip"})
    assert _laid_out(desk).over == ()
    assert _rules(desk) == [("left-out", "use", "warning")]


def test_chapters_begin_with_their_scenes():
    told = [[Told(frames=100)], [Told(frames=50, into=12), Told(frames=70)], [Told(frames=9)]]
    scenes = _scenes(told, Fraction(24))
    scenes[2] = replace(scenes[2], chapter=False)
    timeline = _laid_out(desk_for(scenes))
    assert [(one.title, one.start_frame) for one in timeline.chapters] == [("s0", 0), ("s1", 88)]


def test_what_has_an_error_is_refused_though_it_could_be_laid_out():
    desk = desk_for([Scene(id="s", title="s", shots=(Shot(name="s/1", wanted="the lid", length=Fraction(2)),))])
    with pytest.raises(Refused) as refusal:
        laid_out(desk)
    assert [one.rule for one in refusal.value.findings] == ["wanted"]
    desk.findings.clear()
    desk.working_copy = True
    assert laid_out(desk).length_frames == 48


def test_what_is_still_wanted_needs_a_placeholder():
    shot = Shot(name="s/1", wanted="the lid comes off", length=Fraction(2))
    desk = desk_for([Scene(id="s", title="s", shots=(shot,))])
    timeline_from(desk)
    assert _errors(desk) == ["wanted"]
    desk = desk_for([Scene(id="s", title="s", shots=(shot,))])
    desk.working_copy = True
    assert _laid_out(desk).length_frames == 48
    assert desk.findings == []
