"""The programme tiled without gap or overlap: on each span a stack of layers, and perhaps a transition."""

from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from dataclasses import dataclass, replace

from crowdcut.orders import Layer, Transition

SPAN_FRAMES_MAX = 240
"""Long spans are cut here, counted from their own first frame: never by cores, workers or programme time."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Stack:
    """A shot as the compositor sees it: its layers, bottom first, on a clock that starts at its first frame."""

    name: str
    start_frame: int
    """Programme frame."""
    length_frames: int
    layers: tuple[Layer, ...]
    """``age_frames`` counts from the stack's first frame: negative for a layer that begins later."""
    into_kind: str | None = None
    into_frames: int = 0

    @property
    def end_frame_exclusive(self) -> int:
        """One past its last frame."""
        return self.start_frame + self.length_frames


@dataclass(frozen=True, slots=True, kw_only=True)
class Overlay:
    """A layer above all shots, in its place in the programme."""

    layer: Layer
    start_frame: int

    @property
    def end_frame_exclusive(self) -> int:
        """One past its last frame."""
        return self.start_frame + self.layer.length_frames


@dataclass(frozen=True, slots=True, kw_only=True)
class Span:
    """A stretch of the programme that one picture job renders. Only ``start_frame`` knows where it lies."""

    shot: str
    """Whose stack it shows."""
    start_frame: int
    length_frames: int
    stack: tuple[Layer, ...]
    transition: Transition | None = None
    over: tuple[Layer, ...] = ()


def _layer_seen(layer: Layer, length_frames: int) -> Layer:
    """The layer without what ``length_frames`` of it cannot show: a piece does not know how its shot goes on."""
    fade_in = layer.fade_in_frames if layer.age_frames < layer.fade_in_frames else 0
    end = layer.age_frames + length_frames
    if end <= layer.length_frames - layer.fade_out_frames:
        return replace(layer, fade_in_frames=fade_in, fade_out_frames=0, length_frames=end)
    return replace(layer, fade_in_frames=fade_in)


def layers_aged(layers: tuple[Layer, ...], frames: int, length_frames: int) -> tuple[Layer, ...]:
    """The layers that are on screen within ``length_frames`` from ``frames`` later on, with their ages then."""
    aged = (replace(layer, age_frames=layer.age_frames + frames) for layer in layers)
    return tuple(
        _layer_seen(one, length_frames)
        for one in aged
        if one.age_frames < one.length_frames and one.age_frames + length_frames > 0
    )


def opacity_at(layer: Layer, age_frames: int) -> float:
    """Opacity of a layer 0..1 at its own frame ``age_frames``; 0 before it begins and after it ends.

    A fade of n frames has n steps between nothing and all, so that neither end is a wasted frame.
    """
    if not 0 <= age_frames < layer.length_frames:
        return 0.0
    rising = (age_frames + 1) / (layer.fade_in_frames + 1) if age_frames < layer.fade_in_frames else 1.0
    left = layer.length_frames - age_frames
    falling = left / (layer.fade_out_frames + 1) if left <= layer.fade_out_frames else 1.0
    return layer.opacity * min(rising, falling)


def span_trimmed(span: Span, offset_frames: int, length_frames: int) -> Span:
    """``length_frames`` of a span from its frame ``offset_frames`` on; shows the very same frames."""
    transition = span.transition
    if transition is not None:
        leaving = layers_aged(transition.leaving, offset_frames, length_frames)
        transition = replace(transition, age_frames=transition.age_frames + offset_frames, leaving=leaving)
    return Span(
        shot=span.shot,
        start_frame=span.start_frame + offset_frames,
        length_frames=length_frames,
        stack=layers_aged(span.stack, offset_frames, length_frames),
        transition=transition,
        over=layers_aged(span.over, offset_frames, length_frames),
    )


def spans_cut(span: Span) -> Iterator[Span]:
    """A span in parts of at most :data:`SPAN_FRAMES_MAX` frames."""
    for offset in range(0, span.length_frames, SPAN_FRAMES_MAX):
        yield span_trimmed(span, offset, min(SPAN_FRAMES_MAX, span.length_frames - offset))


def _whole_spans(stacks: tuple[Stack, ...]) -> Iterator[Span]:
    """Each stack as up to two spans: its transition, then the rest until the next stack begins."""
    for previous, stack, following in zip((None, *stacks), stacks, (*stacks[1:], None), strict=False):
        end = stack.end_frame_exclusive - (following.into_frames if following else 0)
        whole = Span(
            shot=stack.name, start_frame=stack.start_frame, length_frames=stack.length_frames, stack=stack.layers
        )
        if stack.into_frames and stack.into_kind:
            leaving: tuple[Layer, ...] = ()
            if previous is not None:
                leaving = layers_aged(previous.layers, stack.start_frame - previous.start_frame, stack.into_frames)
            transition = Transition(
                kind=stack.into_kind, age_frames=0, length_frames=stack.into_frames, leaving=leaving
            )
            yield replace(span_trimmed(whole, 0, stack.into_frames), transition=transition)
        if (rest := end - stack.start_frame - stack.into_frames) > 0:
            yield span_trimmed(whole, stack.into_frames, rest)


def _overlaid(span: Span, overlays: tuple[Overlay, ...]) -> Span:
    end = span.start_frame + span.length_frames
    over = tuple(
        replace(one.layer, age_frames=one.layer.age_frames + span.start_frame - one.start_frame)
        for one in overlays
        if one.start_frame < end and one.end_frame_exclusive > span.start_frame
    )
    return replace(span, over=layers_aged(over, 0, span.length_frames))


def layers_in_spans(stacks: tuple[Stack, ...], overlays: tuple[Overlay, ...] = ()) -> int:
    """How many layers all spans have together, at most: what a plan's size follows from."""
    starts = [stack.start_frame for stack in stacks]

    def stacks_under(overlay: Overlay) -> int:
        return bisect_left(starts, overlay.end_frame_exclusive) - bisect_right(starts, overlay.start_frame) + 1

    # A stack is a transition, what comes after it, and what the next one leaves; then long spans are cut.
    own = sum(len(one.layers) * (3 + one.length_frames // SPAN_FRAMES_MAX) for one in stacks)
    return own + sum(2 * stacks_under(one) + one.layer.length_frames // SPAN_FRAMES_MAX for one in overlays)


def spans_from(stacks: tuple[Stack, ...], overlays: tuple[Overlay, ...] = ()) -> tuple[Span, ...]:
    """Tile the programme from frame 0 to the last stack's end.

    Stacks overlap by exactly their transitions: each begins ``into_frames`` before the end of the one before.
    """
    whole = (_overlaid(span, overlays) for span in _whole_spans(stacks))
    return tuple(part for span in whole for part in spans_cut(span))
