"""Why the pieces of a shot are not those of the master before: which input of which key, in a producer's words."""

from collections.abc import Iterator, Sequence
from difflib import SequenceMatcher

from crowdcut.changes.layer_reasons import described, layer_reasons
from crowdcut.changes.shot_view import Seen, View, file_of
from crowdcut.changes.words import Speech, turned

Neighbours = tuple[str | None, str | None]
"""The shot before a shot, then and now, by their names now; equal where it is the same shot. None: there is none."""


def _like(layer: Seen) -> tuple[str, str]:
    """What a layer is told from others by."""
    file = file_of(layer.source)
    return layer.source["kind"], (file.use or file.name) if file else ""


def _above(
    speech: Speech, before: Sequence[Seen], after: Sequence[Seen], views: tuple[View, View], what: str
) -> Iterator[str]:
    """Reasons in layers that hang above others. ``what``: whose they are."""
    likes = [[_like(layer) for layer in layers] for layers in (before, after)]
    for step, a, a_end, b, b_end in SequenceMatcher(None, *likes, autojunk=False).get_opcodes():
        if step == "equal":
            for old, new in zip(before[a:a_end], after[b:b_end], strict=True):
                yield from layer_reasons(speech, old, new, views, own=False)
            continue
        for layer in before[a:a_end]:
            where = "is no longer seen in" if layer.window else "no longer hangs over"
            yield f"{described(layer.source)} {where} {what}"
        for layer in after[b:b_end]:
            yield f"{described(layer.source)} {'is seen in' if layer.window else 'hangs over'} {what} now"


def _to_music(frames: int) -> str:
    """How a cut was moved to the beat."""
    return f"{abs(frames)} frames {'earlier' if frames < 0 else 'later'}, to the music" if frames else "as it is told"


def _transition(view: View) -> str:
    return f"{view.shot.into_kind} {view.shot.into_frames}f" if view.shot.into_kind else "cut"


def _leaves_otherwise(before: View, after: View) -> bool:
    """Whether what gives way to a shot is not as it was, but for its name on screen if the shot's own changed too."""
    renamed = before.shot.name != after.shot.name
    old, new = (
        [layer for layer in view.leaving if not renamed or layer.source["kind"] != "burn"] for view in (before, after)
    )
    return old != new


def _transitions(speech: Speech, before: View, after: View, neighbours: Neighbours) -> Iterator[str]:
    """How the shot comes and goes."""
    same_kind = before.shot.into_kind == after.shot.into_kind
    was, now = (name or "black" for name in neighbours)
    if not same_kind or speech.apart(before.shot.into_frames, after.shot.into_frames):
        yield turned("into", _transition(before), _transition(after))
    elif was != now and after.shot.into_kind is not None:
        yield f"the {after.shot.into_kind} into it comes from {now}, not from {was}"
    elif speech.same_raster and _leaves_otherwise(before, after):
        yield f"{now} changed, and gives way to it by a {after.shot.into_kind}"
    if speech.apart(before.leaves_frames, after.leaves_frames):
        frames = (f"{view.leaves_frames} frames" for view in (before, after))
        yield turned(f"shared with {after.leaves or before.leaves} after it", *frames)


def _fonts(before: View, after: View) -> Iterator[str]:
    for name in dict.fromkeys((*before.fonts, *after.fonts)):
        old, new = before.fonts.get(name), after.fonts.get(name)
        if old != new:
            verb = "is new" if old is None else "is gone" if new is None else "changed"
            yield f"the template's font {name} {verb}"


def picture_reasons(speech: Speech, before: View, after: View, neighbours: Neighbours) -> tuple[str, ...]:
    """Everything that differs in what the pieces of a shot are made of, each thing once.

    Empty where that is the size, the rate or the coding of the whole film.
    """
    views = before, after

    def each() -> Iterator[str]:
        if before.layers and after.layers:
            yield from layer_reasons(speech, before.layers[0], after.layers[0], views, own=True)
        if before.shot.layout and after.shot.layout and before.shot.layout != after.shot.layout:
            yield turned("layout", before.shot.layout, after.shot.layout)
        yield from speech.frames("length", before.shot.length_frames, after.shot.length_frames)
        if speech.apart(before.shot.moved_frames, after.shot.moved_frames):
            yield turned("its cut", *map(_to_music, (before.shot.moved_frames, after.shot.moved_frames)))
        yield from _above(speech, before.layers[1:], after.layers[1:], views, "it")
        yield from _above(speech, before.over, after.over, views, "the scene or the episode")
        yield from _transitions(speech, before, after, neighbours)
        if before.worded and after.worded:  # words that came or went bring the template's fonts with them
            yield from _fonts(before, after)
        yield from speech.code(before.code, after.code)

    return tuple(dict.fromkeys(each()))
