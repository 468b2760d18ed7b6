"""Scenes cut to music: every cut on a beat or told why not, no shot longer than its clip, nothing moved outside."""

from dataclasses import replace
from fractions import Fraction

import pytest
from desk_making import Told, desk_for, film, scene, song
from hypothesis import given, settings
from hypothesis import strategies as st

from crowdcut.cut.desk import Desk
from crowdcut.cut.placed import Timeline
from crowdcut.cut.timeline import timeline_from
from crowdcut.episode import Anchor, Pulse, Scene, Shot, Sound
from crowdcut.findings import Finding
from crowdcut.song.beats import Beats
from crowdcut.song.counting import needs_beats
from crowdcut.timing import SAMPLE_RATE

NTSC = Fraction(30000, 1001)
RATES = (Fraction(24), Fraction(25), NTSC, Fraction(60))


def beats_at(bpm: Fraction | int, *, first: Fraction | int = 0, seconds: int = 60, meter: int = 4) -> Beats:
    """A song's beats as its library entry tells them."""
    step = 60 / Fraction(bpm)
    count = int((seconds - first) / step) + 1
    times = tuple(first + number * step for number in range(count))
    starts = tuple(range(0, count, meter))
    return Beats(times=times, bar_starts=starts, bpm=Fraction(bpm), meter=meter, confidence=1.0, guessed=False)


def desk_to_music(
    scenes: list[Scene],
    beats: Beats,
    *,
    rate: Fraction = Fraction(24),
    delivery: Fraction | None = None,
    **more: object,
) -> Desk:
    """A desk with a song called ``song``, and clips called ``clip`` (60 s) and ``short`` (2 s)."""
    media = {"song": song(), "other": song(), "clip": film(60), "short": film(2)}
    desk = desk_for(scenes, rate=rate, delivery=delivery, media=media, **more)
    desk.beats = {"song": beats}
    return desk


def laid_out(desk: Desk) -> Timeline:
    timeline = timeline_from(desk)
    assert timeline is not None
    return timeline


def cuts_of(timeline: Timeline, name: str) -> list[Fraction]:
    """Programme times of the cuts within a scene: the middles of its transitions."""
    own = [one for one in timeline.shots if one.scene == name]
    return [(one.start_frame + Fraction(one.into_frames, 2)) / timeline.rate for one in own[1:]]


def off(moment: Fraction, times: list[Fraction]) -> Fraction:
    return min(abs(moment - one) for one in times)


MUSIC = Sound(bus="music", use="song")


def to_beat(name: str, shots: list[Told], rate: Fraction, **more: object) -> Scene:
    return replace(scene(name, shots, rate), **{"cut_to": "beat", "sounds": (MUSIC,), **more})  # type: ignore[arg-type]


def told_of(desk: Desk) -> list[Finding]:
    """Findings, but for notes of music that goes on when its scene ends."""
    return [one for one in desk.findings if one.rule != "cut-short"]


def _rules(desk: Desk) -> list[tuple[str, str]]:
    return [(one.rule, one.where.shot or "") for one in told_of(desk)]


@settings(max_examples=25, deadline=None)
@given(
    st.lists(st.builds(Told, frames=st.integers(25, 120), into=st.sampled_from([0, 0, 6, 7])), min_size=2, max_size=8),
    st.sampled_from(RATES),
    st.sampled_from(RATES),
    st.integers(60, 180),
    st.integers(0, 40),
)
def test_every_cut_stands_within_half_a_frame_of_a_beat(told, rate, delivery, bpm, first):
    """At any delivery's rate, from any place in the programme; the scene begins and ends where it did."""
    before = scene("before", [Told(frames=31)], rate)
    beats = beats_at(bpm, first=Fraction(first, 100))
    desk = desk_to_music([before, to_beat("s", told, rate)], beats, rate=rate, delivery=delivery)
    plain = laid_out(desk_to_music([before, scene("s", told, rate)], beats, rate=rate, delivery=delivery))
    timeline = laid_out(desk)
    start = next(one.start_frame for one in timeline.shots if one.scene == "s") / timeline.rate
    times = [start + one for one in beats.times]
    told_off = {shot for rule, shot in _rules(desk) if rule == "off-beat"}
    assert len(told_off) == len(told_of(desk))
    for number, moment in enumerate(cuts_of(timeline, "s"), 2):
        assert (off(moment, times) <= 1 / timeline.rate / 2) != (f"s/{number}" in told_off)
    assert timeline.length_frames == plain.length_frames
    assert [one.start_frame for one in timeline.shots][:2] == [one.start_frame for one in plain.shots][:2]
    for one, after in zip(timeline.shots, timeline.shots[1:], strict=False):
        assert after.start_frame + after.into_frames == one.end_frame_exclusive
        assert one.length_frames >= one.into_frames + after.into_frames


def test_the_nearest_beat_is_taken_and_the_next_cut_is_not_pushed_along():
    """Three shots of 1.3 s to beats a second apart: the cuts at 1.3 and 2.6 come to 1 and 3, not to 1 and 2.3."""
    shots = [Told(frames=one) for one in (31, 31, 34)]
    timeline = laid_out(desk_to_music([to_beat("s", shots, Fraction(24))], beats_at(60)))
    assert cuts_of(timeline, "s") == [1, 3]
    assert [one.moved_frames for one in timeline.shots] == [0, -7, 10]


def test_a_cut_further_off_than_the_tolerance_stays_and_is_told():
    shots = [Told(frames=one) for one in (31, 31, 34)]
    desk = desk_to_music([to_beat("s", shots, Fraction(24), beat_tolerance=Fraction(35, 100))], beats_at(60))
    assert cuts_of(laid_out(desk), "s") == [1, Fraction(62, 24)]
    assert _rules(desk) == [("off-beat", "s/3")]
    assert "song (by Ana) has none within 0:00.35 of it" in told_of(desk)[0].found


def test_bars_are_cut_to_where_bars_are_asked_for():
    shots = [Told(frames=24 * one) for one in (3, 3, 3)]
    timeline = laid_out(desk_to_music([to_beat("s", shots, Fraction(24), cut_to="bar")], beats_at(60)))
    assert cuts_of(timeline, "s") == [4, 8]


def _clips(*shots: Shot, **more: object) -> Scene:
    named = tuple(replace(shot, name=f"s/{number}") for number, shot in enumerate(shots, 1))
    return Scene(id="s", title="s", shots=named, **{"cut_to": "beat", "sounds": (MUSIC,), **more})  # type: ignore[arg-type]


def test_a_clip_that_has_no_more_ends_on_the_beat_before():
    """The whole of a clip of 2 s cannot go on to the beat at 2.1 s; the beat at 1.4 s is near enough."""
    desk = desk_to_music(
        [_clips(Shot(name="", use="short"), Shot(name="", text="t", length=Fraction(3)), beat_tolerance=Fraction(1))],
        beats_at(Fraction(600, 7)),
    )
    assert cuts_of(laid_out(desk), "s") == [Fraction(34, 24)]
    assert told_of(desk) == []


def test_a_cut_that_its_clip_has_no_picture_for_is_not_moved_and_told():
    desk = desk_to_music(
        [
            _clips(
                Shot(name="", use="short"), Shot(name="", text="t", length=Fraction(3)), beat_tolerance=Fraction(1, 5)
            )
        ],
        beats_at(Fraction(600, 7)),
    )
    assert cuts_of(laid_out(desk), "s") == [2]
    (finding,) = told_of(desk)
    assert (finding.rule, finding.severity, finding.where.shot) == ("off-beat", "note", "s/2")
    assert "short (by Ana) has not the 0:02.083 that s/1 would last" in finding.found


def test_a_shot_may_show_more_of_its_clip_than_its_out():
    shots = [
        Shot(name="", use="clip", in_=Fraction(5), out=Fraction("6.8")),
        Shot(name="", text="t", length=Fraction(3)),
    ]
    placed = laid_out(desk_to_music([_clips(*shots)], beats_at(60))).shots[0]
    assert (placed.length_frames, placed.source_start) == (48, 5)


def test_a_later_clip_keeps_its_first_picture_and_lends_none_that_it_has_not():
    """The cut at 1.8 s may not come earlier, to 1.5 s: all of the second clip is seen. It goes on to 3 s."""
    shots = [Shot(name="", text="t", length=Fraction("1.7")), Shot(name="", use="short")]
    desk = desk_to_music([_clips(*shots)], beats_at(40))
    timeline = laid_out(desk)
    assert timeline.shots[1].length_frames <= 48
    assert _rules(desk) == [("off-beat", "s/2")]
    assert "short (by Ana) has not" in told_of(desk)[0].found


def test_a_take_of_a_song_stays_in_time_with_it():
    """Its cut comes 0.25 s later, and so does what is seen of it; it ends where it would have, with its file."""
    take = Shot(name="", use="short", in_=Fraction(1, 2), out=Fraction(2), guide="song", speed=Fraction(10001, 10000))
    shots = [Shot(name="", text="t", length=Fraction("2.75")), take]
    desk = desk_to_music([_clips(*shots)], beats_at(60))
    first, placed = laid_out(desk).shots
    assert (first.length_frames, placed.start_frame, placed.moved_frames) == (72, 72, 6)
    assert placed.source_start == Fraction(1, 2) + Fraction(1, 4) * take.speed
    assert told_of(desk) == []
    # At 4.5 s, where the next beat is, its file has ended, though it has begun later.
    desk = desk_to_music([_clips(*shots, Shot(name="", text="t", length=Fraction(2)))], beats_at(40))
    assert [one.start_frame for one in laid_out(desk).shots] == [0, 72, 102]
    assert _rules(desk) == [("off-beat", "s/3")]
    free = [shots[0], replace(take, guide=None), Shot(name="", text="t", length=Fraction(2))]
    assert [one.start_frame for one in laid_out(desk_to_music([_clips(*free)], beats_at(40))).shots] == [0, 72, 108]


def test_music_of_the_episode_is_cut_to_where_it_sounds():
    """It began 0.25 s into the film, long before the scene."""
    music = Sound(bus="music", use="song", at=Anchor(offset=Fraction(1, 4)))
    first, second = scene("a", [Told(frames=100)], Fraction(24)), to_beat("s", [Told(frames=30)] * 4, Fraction(24))
    desk = desk_to_music([first, replace(second, sounds=())], beats_at(90, first=Fraction(1, 10)), sounds=(music,))
    timeline = laid_out(desk)
    times = [Fraction(1, 4) + one for one in beats_at(90, first=Fraction(1, 10)).times]
    assert all(off(moment, times) <= Fraction(1, 48) for moment in cuts_of(timeline, "s"))
    assert told_of(desk) == []


@pytest.mark.parametrize(
    ("sounds", "more", "rule"),
    [
        ((), {"sounds": ()}, "no-music"),
        ((MUSIC, Sound(bus="music", use="other")), {"sounds": ()}, "several-musics"),
        ((MUSIC, Sound(bus="music", use="other")), {"sounds": (), "beats_of": "song"}, None),
        ((), {"beats_of": "other"}, "no-music"),
        ((Sound(bus="music", use="other"),), {"sounds": ()}, "no-beats"),
        ((), {"sounds": (replace(MUSIC, reverse=True),)}, "no-beats"),
        ((), {"sounds": (replace(MUSIC, at=Anchor(base="later")),)}, "no-music"),
        ((), {"sounds": (replace(MUSIC, length=Fraction(1, 2)),)}, "off-beat"),
    ],
)
def test_what_music_a_scene_is_cut_to_is_never_a_guess(sounds, more, rule):
    later = replace(scene("t", [Told(frames=30)], Fraction(24)), id="later")
    desk = desk_to_music(
        [to_beat("s", [Told(frames=40)] * 2, Fraction(24), **more), later], beats_at(60), sounds=sounds
    )
    timeline_from(desk)
    assert [one.rule for one in told_of(desk)][:1] == ([rule] if rule else [])


def pulses(*counts: int, unit: str = "beat", use: str = "short") -> list[Shot]:
    return [Shot(name="", use=use, pulse=Pulse(unit=unit, count=one)) for one in counts]  # type: ignore[arg-type]


def test_pictures_last_as_long_as_beats():
    beats = beats_at(100, first=Fraction(1, 3))
    desk = desk_to_music([_clips(*pulses(1, 1, 2, 1), cut_to=None)], beats)
    timeline = laid_out(desk)
    times = list(beats.times)
    ends = [one.end_frame_exclusive / timeline.rate for one in timeline.shots]
    assert told_of(desk) == []
    # The first waits for the beat that it is nearest to, and is seen until the next one.
    assert all(abs(end - times[n]) <= Fraction(1, 48) for end, n in zip(ends, (1, 2, 4, 5), strict=True))


def test_pictures_last_as_long_as_bars_however_the_tempo_goes():
    slow, fast = beats_at(60, seconds=12), beats_at(120, seconds=20)
    times = (*slow.times, *(13 + one for one in fast.times))
    uneven = replace(slow, times=times, bar_starts=tuple(range(0, len(times), 4)))
    desk = desk_to_music([_clips(*pulses(1, 1, 1, 1, 1, unit="bar", use="clip"), cut_to=None)], uneven)
    assert [one.length_frames / 24 for one in laid_out(desk).shots] == [4, 4, 4, pytest.approx(2.5, abs=0.6), 2]


def test_a_shot_after_pictures_in_beats_is_cut_to_the_beat_too():
    shots = [
        Shot(name="", text="t", length=Fraction("0.9")),
        *pulses(1, 1),
        Shot(name="", text="t", length=Fraction("1.7")),
    ]
    timeline = laid_out(desk_to_music([_clips(*shots, Shot(name="", text="t", length=Fraction(1)))], beats_at(60)))
    assert cuts_of(timeline, "s") == [1, 2, 3, 5]


@pytest.mark.parametrize(
    ("shots", "sounds", "rule"),
    [
        (pulses(5), (MUSIC,), "past-the-end"),
        (pulses(1) * 70, (MUSIC,), "no-beats"),
        (pulses(1), (), "no-music"),
    ],
)
def test_beats_that_cannot_be_shown_are_complained_of(shots, sounds, rule):
    desk = desk_to_music([_clips(*shots, cut_to=None, sounds=sounds)], beats_at(60))
    timeline_from(desk)
    assert told_of(desk)[0].rule == rule


def test_which_songs_must_be_listened_to():
    fitted = Sound(bus="music", use="other", fitted=True)
    desk = desk_to_music([to_beat("s", [Told(frames=40)], Fraction(24))], beats_at(60), sounds=(fitted,))
    assert set(needs_beats(desk.manifest, desk.library)) == {"song", "other"}
    plain = desk_to_music([scene("s", [Told(frames=40)], Fraction(24))], beats_at(60), sounds=(MUSIC,))
    assert needs_beats(plain.manifest, plain.library) == {}


def _sound(timeline: Timeline, use: str = "song"):
    return next(one for one in timeline.sounds if one.use == use)


def test_fitted_music_ends_with_its_scene_by_its_own_ending():
    beats = beats_at(120, first=Fraction(1, 2))
    shots = [Told(frames=24 * 41)]
    desk = desk_to_music([replace(scene("s", shots, Fraction(24)), sounds=(replace(MUSIC, fitted=True),))], beats)
    sound = _sound(laid_out(desk))
    (jump,) = sound.jumps
    assert jump.source in beats.bars
    assert jump.source_before in beats.bars
    assert sound.length_samples == 40 * SAMPLE_RATE  # of 41 s; the one after that is no bar
    assert [one.rule for one in told_of(desk)] == ["fitted"]


def test_pictures_in_beats_and_music_that_ends_with_them_agree():
    beats = beats_at(97, first=Fraction(1, 3))
    fitted = replace(MUSIC, fitted=True)
    desk = desk_to_music([_clips(*pulses(1) * 41, cut_to=None, sounds=(fitted,))], beats)
    timeline = laid_out(desk)
    sound = _sound(timeline)
    assert [one.rule for one in told_of(desk)] == ["fitted"]
    # The beats as they are heard, with the jump in them, are where the pictures change.
    (jump,) = sound.jumps
    at = Fraction(jump.at_samples, SAMPLE_RATE)
    heard = [one for one in beats.times if one < jump.source_before]
    heard += [at + one - jump.source for one in beats.times if one >= jump.source]
    assert all(off(moment, heard) <= Fraction(1, 48) + Fraction(1, 10_000) for moment in cuts_of(timeline, "s"))


def test_a_dissolve_into_the_scene_and_out_of_it_stays():
    shots = [Told(frames=40, into=10), Told(frames=40, into=9), Told(frames=60)]
    desk = desk_to_music(
        [
            scene("a", [Told(frames=50)], Fraction(24)),
            to_beat("s", shots, Fraction(24)),
            scene("b", [Told(frames=40, into=12)], Fraction(24)),
        ],
        beats_at(60),
    )
    timeline = laid_out(desk)
    assert [one.into_frames for one in timeline.shots] == [0, 10, 9, 0, 12]
    start = timeline.shots[1].start_frame
    middle = timeline.shots[2].start_frame + Fraction(9, 2) - start
    assert abs(middle / 24 - nearest_second(middle / 24)) <= Fraction(1, 48)


def nearest_second(value: Fraction) -> int:
    return round(value)
