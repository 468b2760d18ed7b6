"""Spans: the programme is tiled, and where it is cut changes nothing on screen."""

from dataclasses import replace

from hypothesis import given, settings
from hypothesis import strategies as st

from crowdcut.cut.spans import SPAN_FRAMES_MAX, Overlay, Span, Stack, opacity_at, span_trimmed, spans_cut, spans_from
from crowdcut.orders import Layer, Text, Transition
from crowdcut.orders import Style as TextStyle

Seen = tuple[str, int, float]
"""What a layer shows: its source, its own age in frames, its opacity."""

LENGTHS = st.one_of(
    st.integers(1, 30), st.integers(SPAN_FRAMES_MAX - 2, SPAN_FRAMES_MAX + 2), st.integers(1, 3 * SPAN_FRAMES_MAX)
)


def _named(name: str) -> Text:
    return Text(words=name, style=TextStyle(family=("Noto Sans",), size=0.1))


@st.composite
def layers(draw: st.DrawFn, name: str) -> Layer:
    """A layer that may begin before or after its stack's first frame, and end before or after its last."""
    return Layer(
        source=_named(name),
        age_frames=draw(st.integers(-40, 40)),
        length_frames=draw(LENGTHS),
        opacity=draw(st.sampled_from([1.0, 0.5])),
        fade_in_frames=draw(st.integers(0, 12)),
        fade_out_frames=draw(st.integers(0, 12)),
    )


@st.composite
def programmes(draw: st.DrawFn) -> tuple[tuple[Stack, ...], tuple[Overlay, ...]]:
    """Shots that overlap by their transitions, and overlays anywhere."""
    stacks: list[Stack] = []
    start, free = 0, None
    for number in range(draw(st.integers(1, 4))):
        length = draw(LENGTHS)
        most = length if free is None else min(length, free)
        into = draw(st.sampled_from([0, 0, min(1, most), most, most // 2]))
        start -= into if free is not None else 0
        whole = Layer(source=_named(f"shot {number}"), length_frames=length)
        over = [draw(layers(f"layer {number}.{one}")) for one in range(draw(st.integers(0, 2)))]
        stacks.append(
            Stack(
                name=f"shot {number}",
                start_frame=start,
                length_frames=length,
                layers=(whole, *over),
                into_kind=draw(st.sampled_from(["dissolve", "fade"])) if into else None,
                into_frames=into,
            )
        )
        start, free = start + length, length - into
    overlays = [
        Overlay(layer=replace(draw(layers(f"overlay {one}")), age_frames=0), start_frame=draw(st.integers(0, start)))
        for one in range(draw(st.integers(0, 2)))
    ]
    return tuple(stacks), tuple(overlays)


def _on_screen(layers: tuple[Layer, ...], later: int) -> list[Seen]:
    """Layers ``later`` frames after the first frame that their ages are counted at."""
    seen = []
    for layer in layers:
        age = layer.age_frames + later
        if 0 <= age < layer.length_frames:
            assert isinstance(layer.source, Text)
            seen.append((layer.source.words, age, opacity_at(layer, age)))
    return seen


def _of_span(span: Span) -> list[tuple[object, ...]]:
    """Each frame of a span: its stack, the transition's kind, progress and leaving stack, and what lies over it."""
    frames = []
    for frame in range(span.length_frames):
        passing = span.transition
        mixture = None
        if passing is not None:
            progress = (passing.age_frames + frame, passing.length_frames)
            mixture = (passing.kind, progress, _on_screen(passing.leaving, frame))
        frames.append((span.shot, _on_screen(span.stack, frame), mixture, _on_screen(span.over, frame)))
    return frames


def _of_programme(stacks: tuple[Stack, ...], overlays: tuple[Overlay, ...]) -> list[tuple[object, ...]]:
    """The same of each programme frame, found without spans."""
    frames = []
    for frame in range(stacks[-1].end_frame_exclusive):
        number = max(place for place, stack in enumerate(stacks) if stack.start_frame <= frame)
        stack, age = stacks[number], frame - stacks[number].start_frame
        mixture = None
        if age < stack.into_frames:
            before = stacks[number - 1] if number else None
            leaving = _on_screen(before.layers, frame - before.start_frame) if before else []
            mixture = (stack.into_kind, (age, stack.into_frames), leaving)
        over = [seen for one in overlays for seen in _on_screen((one.layer,), frame - one.start_frame)]
        frames.append((stack.name, _on_screen(stack.layers, age), mixture, over))
    return frames


@settings(max_examples=60, deadline=None)
@given(programmes())
def test_spans_tile_the_programme(programme):
    stacks, overlays = programme
    spans = spans_from(stacks, overlays)
    ends = [span.start_frame + span.length_frames for span in spans]
    assert [span.start_frame for span in spans] == [0, *ends[:-1]]
    assert ends[-1] == stacks[-1].end_frame_exclusive
    assert all(1 <= span.length_frames <= SPAN_FRAMES_MAX for span in spans)


@settings(max_examples=60, deadline=None)
@given(programmes())
def test_what_is_on_screen_does_not_depend_on_where_spans_are_cut(programme):
    stacks, overlays = programme
    shown = [frame for span in spans_from(stacks, overlays) for frame in _of_span(span)]
    assert shown == _of_programme(stacks, overlays)


@settings(max_examples=60, deadline=None)
@given(programmes(), st.data())
def test_splitting_a_span_anywhere_changes_no_frame(programme, data):
    span = data.draw(st.sampled_from(spans_from(*programme)))
    first = data.draw(st.integers(0, span.length_frames - 1))
    length = data.draw(st.integers(1, span.length_frames - first))
    trimmed = span_trimmed(span, first, length)
    assert (trimmed.start_frame, trimmed.length_frames) == (span.start_frame + first, length)
    assert _of_span(trimmed) == _of_span(span)[first : first + length]


@settings(max_examples=30, deadline=None)
@given(programmes(), st.integers(1, 100_000))
def test_a_span_knows_its_place_by_its_start_alone(programme, later):
    stacks, overlays = programme
    moved = spans_from(
        tuple(replace(stack, start_frame=stack.start_frame + later) for stack in stacks),
        tuple(replace(one, start_frame=one.start_frame + later) for one in overlays),
    )
    assert [replace(span, start_frame=span.start_frame - later) for span in moved] == list(spans_from(stacks, overlays))


def test_a_span_holds_nothing_that_it_does_not_show():
    whole = Layer(source=_named("clip"), length_frames=1000)
    early = Layer(source=_named("early"), age_frames=0, length_frames=240, fade_in_frames=5, fade_out_frames=5)
    late = Layer(source=_named("late"), age_frames=-480, length_frames=100, fade_in_frames=5)
    stack = Stack(name="a", start_frame=0, length_frames=1000, layers=(whole, early, late))
    names = [[layer.source.words for layer in span.stack] for span in spans_from((stack,))]  # type: ignore[union-attr]
    assert names == [["clip", "early"], ["clip"], ["clip", "late"], ["clip"], ["clip"]]


def test_a_piece_does_not_know_how_its_shot_goes_on():
    def spans(length: int) -> tuple[Span, ...]:
        layer = Layer(source=_named("clip"), length_frames=length, fade_out_frames=10)
        return spans_from((Stack(name="a", start_frame=0, length_frames=length, layers=(layer,)),))

    short, long = spans(700), spans(701)
    assert short[:2] == long[:2]
    assert short[2] != long[2]


def test_a_cut_transition_goes_on_where_it_was():
    layer = Layer(source=_named("clip"), length_frames=400)
    passing = Transition(kind="dissolve", age_frames=0, length_frames=400, leaving=(layer,))
    span = Span(shot="a", start_frame=0, length_frames=400, stack=(layer,), transition=passing)
    ages = [part.transition.age_frames for part in spans_cut(span) if part.transition]
    assert ages == [0, 240]


def test_a_fade_of_n_frames_has_n_steps_between_nothing_and_all():
    layer = Layer(source=_named("x"), length_frames=10, fade_in_frames=3, fade_out_frames=1, opacity=0.8)
    opacities = [round(opacity_at(layer, age) / 0.8, 6) for age in range(-1, 11)]
    assert opacities == [0, 0.25, 0.5, 0.75, 1, 1, 1, 1, 1, 1, 0.5, 0]
