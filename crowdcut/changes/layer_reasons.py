"""What changed in one layer of a shot: its file, how that is shown, its words, its times."""

from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction
from typing import Any

from crowdcut.changes.shot_view import Seen, Source, View, file_of
from crowdcut.changes.words import Path, Speech, differences, quoted, several, shown, speed_told, turned

_MADE = {
    "turn": "turned by degrees",
    "mirror": "flipped left to right",
    "deinterlace": "deinterlaced",
    "field_order": "earlier field",
    "field_rate": "both fields shown",
    "telecine": "telecine undone",
    "matrix": "read with the colour matrix",
    "full_range": "read as full range",
    "tone": "high dynamic range",
    "premultiplied": "read as premultiplied",
    "primaries": "colours of a wider gamut",
    "flatten": "the template's colour under what is transparent",
}
"""What is done to a picture, by field of ``crowdcut.orders.Conversion``."""
_DEFAULTS = {
    "turn": 0, "mirror": False, "deinterlace": False, "field_order": "tff", "field_rate": False,
    "matrix": "bt709", "full_range": False, "premultiplied": False,
    "fill": "loop", "weight": 400, "align": "left", "leading": 1.3, "tracking": 0,
}  # fmt: skip
"""Of ``Conversion``, ``Style`` and ``Animation``, whose defaults plain orders leave out."""


def described(source: Source) -> str:
    """What a source shows, in a few words."""
    if (file := file_of(source)) is not None:
        return file.name
    match source["kind"]:
        case "text":
            return f"the words {quoted(source['words'])}"
        case "card":
            return " ".join((f"the {source['name']} card", *map(quoted, source.get("words", ())[:1])))
        case "roll":
            return "the credits"
        case "lower_third":
            return f"the lower third {quoted(' / '.join(source['lines']))}"
        case "burn":
            return "the label"
        case "ground":
            return "several contributions at once"
        case kind:
            return kind


def renaming(before: str, after: str) -> str:
    """What is said of a shot whose name is on screen."""
    return turned("its name on screen", shown(before), shown(after))


def _prefix(source: Source) -> str:
    """Which of a shot's layers above its own picture is meant."""
    if (file := file_of(source)) is not None:
        return f"layer {file.name}: "
    return "lower third: " if source["kind"] == "lower_third" else ""


def _value(record: Mapping[str, Any], name: str) -> str:
    value = record.get(name)
    return shown(_DEFAULTS.get(name) if value is None else value)


def _cell(window: Mapping[str, int]) -> str:
    return f"{window['width']}×{window['height']} at {window['x']}, {window['y']}"


def _place(conversion: Mapping[str, Any]) -> str:
    box, crop = conversion["box"], conversion.get("crop")
    told = _cell(box)
    return told if crop is None else f"{told}, of {crop[2]}×{crop[3]} at {crop[0]}, {crop[1]}"


def _views(conversion: Mapping[str, Any]) -> Sequence[Mapping[str, Any]]:
    """What a view that moves over a picture passes; nothing where it stands."""
    return (conversion.get("pan") or {}).get("views", ())


def _movement(views: Sequence[Mapping[str, Any]]) -> str:
    """Where a view goes, in pixels of the picture that it moves over."""
    if not views:
        return "it stands"
    ends = [{side: round(float(Fraction(view[side]))) for side in view} for view in (views[0], views[-1])]
    return f"from {_cell(ends[0])} to {_cell(ends[1])}"


def _conversion(
    speech: Speech, before: Mapping[str, Any], after: Mapping[str, Any], shots: tuple[View, View] | None, replaced: bool
) -> Iterator[str]:
    """How a picture is laid. ``shots``: where it is the own picture of these; ``replaced``: it is of another file,
    whose size and kind explain the rest.
    """
    made = [] if replaced else [name for name in _MADE if before.get(name) != after.get(name)]
    for name in made:
        yield turned(_MADE[name], _value(before, name), _value(after, name))
    keys = [(one.get("key") or {}).get("colour", "none") for one in (before, after)]
    if keys[0] != keys[1]:
        yield turned("key", *keys)
    grounds = [(one.get("key") or {}).get("ground", ()) for one in (before, after)]
    for old, new in zip(*grounds, strict=False):
        if old != new:
            yield speech.colour("colour behind it", old, new)
    if shots is not None:
        old, new = (view.shot for view in shots)
        if old.fit != new.fit:
            yield turned("fit", old.fit, new.fit)
            return
        if old.framing != new.framing:
            yield turned("framing", old.framing or "all of it", new.framing or "all of it")
            return
        if old.focus != new.focus and new.fit == "cover":
            yield turned("focus", *(",".join(f"{float(part):g}" for part in one.focus) for one in (old, new)))
            return
    laid = [(_place(one), one.get("backdrop")) for one in (before, after)]
    if laid[0] != laid[1] and speech.same_raster and not replaced and "turn" not in made:
        yield turned("place in pixels", laid[0][0], laid[1][0])
        return
    views = [_views(one) for one in (before, after)]
    if shots is None and views[0] != views[1] and not replaced:
        yield turned("the view", *map(_movement, views))


def _credits(before: Source, after: Source, *, same_raster: bool) -> Iterator[str]:
    """Who came into the roll and who left it; else how it is laid out."""
    cells = [dict.fromkeys(cell for line in one["lines"] for cell in line["cells"]) for one in (before, after)]
    came, left = ([one for one in new if one not in old] for old, new in (cells, reversed(cells)))
    if came:
        yield f"the credits: {several(came)} came in"
    if left:
        yield f"the credits: {several(left)} went out"
    rows = [[(line["style"], line["cells"]) for line in one["lines"]] for one in (before, after)]
    if not came and not left and rows[0] != rows[1]:
        yield "the credits stand in another order"
    elif same_raster and rows[0] == rows[1] and before["lines"] != after["lines"]:
        yield "the template's rows of credits have other heights"
    if same_raster and before["step"] != after["step"]:
        yield turned("the credits' speed in pixels a frame", shown(before["step"]), shown(after["step"]))


def _begin(source: Source, view: View, rate: Fraction) -> str:
    """The earliest source time that a shot shows, where its clip begins if it does not play backwards."""
    speed = Fraction(source.get("speed", 1))
    first = Fraction(source.get("start", 0))
    return str(first + speed * (view.shot.length_frames - 1) / rate if speed < 0 else first)


def _clip_time(speech: Speech, before: Source, after: Source, shots: tuple[View, View] | None) -> Iterator[str]:
    """Where a clip begins, and how it plays from there."""
    begins = [source.get("start") for source in (before, after)]
    backwards = any(Fraction(source.get("speed", 1)) < 0 for source in (before, after))
    if shots is not None:
        rates = speech.before.rate, speech.after.rate
        begins = [_begin(*one) for one in zip((before, after), shots, rates, strict=True)]
    if Fraction(begins[0] or 0) != Fraction(begins[1] or 0):
        yield speech.source_time("plays from" if backwards and shots is None else "in", *begins)
    speeds = [Fraction(source.get("speed", 1)) for source in (before, after)]
    if speeds[0] != speeds[1]:
        yield turned("speed", *map(speed_told, speeds))
    if (old := before.get("motion", "nearest")) != (new := after.get("motion", "nearest")):
        yield turned("motion", old, new)


def _said_elsewhere(kind: str, path: Path) -> bool:
    """Whether another reason tells of a difference at ``path`` of a source."""
    match path[0]:
        case "file" | "conversion":
            return True
        case "picture":
            return path[1:] in (("rotation",), ("mirrored",), ("premultiplied",))  # what is done about them
        case "lines" | "step":
            return kind == "roll"
        case "frames":
            return kind == "card"  # its length, which is the shot's
        case "start" | "speed" | "motion":
            return True
        case _:
            return False


def _told(speech: Speech, path: Path, before: Any, after: Any) -> str:
    """One difference inside a source."""
    names = [part for part in path if isinstance(part, str)]
    if isinstance(before, str) and isinstance(after, str) and before[:1] == after[:1] == "#":
        return speech.colour("colour", before, after)
    if names[0] in ("words", "byline", "lines"):
        old, new = (quoted(one) if isinstance(one, str) else shown(one) for one in (before, after))
        return turned("words", old, new)
    if names == ["label"]:
        return renaming(before, after)
    if any("style" in name for name in names):
        old, new = (shown(_DEFAULTS.get(names[-1]) if one is None else one) for one in (before, after))
        return turned(f"the template's type, {' '.join(names[1:])}", old, new)
    if names[0] == "picture":
        return turned(f"the file is read otherwise, {' '.join(names[1:])}", shown(before), shown(after))
    old, new = (shown(_DEFAULTS.get(names[-1]) if one is None else one) for one in (before, after))
    return turned(" ".join(names).replace("_", " "), old, new)


def _in_source(
    speech: Speech, before: Source, after: Source, shots: tuple[View, View] | None, replaced: bool
) -> Iterator[str]:
    if before["kind"] == "roll":
        yield from _credits(before, after, same_raster=speech.same_raster)
    if before["kind"] in ("video", "animation"):
        yield from _clip_time(speech, before, after, shots)
    if before.get("conversion") != after.get("conversion"):
        yield from _conversion(speech, before["conversion"], after["conversion"], shots, replaced)
    for path, old, new in differences(before, after):
        if not _said_elsewhere(before["kind"], path) and not (replaced and path[0] in ("picture", "reader")):
            yield _told(speech, path, old, new)


def _on_its_clock(speech: Speech, before: Seen, after: Seen, views: tuple[View, View]) -> Iterator[str]:
    """When a layer above a shot's own picture comes and goes."""
    if before.begins_frame < 0 and after.begins_frame < 0:
        yield from speech.frames("on screen before it for", -before.begins_frame, -after.begins_frame)
    else:
        yield from speech.frames("begins at", before.begins_frame, after.begins_frame)
    ends = tuple(
        view.covered_frames if one.ends_frame is None else one.ends_frame
        for one, view in zip((before, after), views, strict=True)
    )
    # A layer that lasts as long as its shot ends elsewhere because the shot does.
    cut_off = (before.ends_frame is None and ends[1] >= ends[0]) or (after.ends_frame is None and ends[0] >= ends[1])
    if not cut_off:
        yield from speech.frames("ends at", *ends)
    steady = (before.begins_frame, *ends[:1]) == (after.begins_frame, *ends[1:])
    for what, old, new in (
        ("fades in for", before.fade_in_frames, after.fade_in_frames),
        ("fades out for", before.fade_out_frames, after.fade_out_frames),
    ):
        # Pieces tell nothing of a fade that lies outside of them.
        if steady or (old and new):
            yield from speech.frames(what, old, new)


def layer_reasons(speech: Speech, before: Seen, after: Seen, views: tuple[View, View], *, own: bool) -> Iterator[str]:
    """What differs between a layer of a shot then and now. ``own``: whether it is the shot's own picture."""
    old, new = file_of(before.source), file_of(after.source)
    same_file = (old.name, old.use) == (new.name, new.use) if old and new else old is new
    prefix = "" if own else _prefix(after.source)
    same_bytes = old.digest == new.digest if old and new else old is new
    if before.source["kind"] != after.source["kind"] or not (same_file or same_bytes):
        yield f"{described(after.source)} instead of {described(before.source)}"
        return
    replaced = not same_bytes
    if replaced:
        yield f"{described(after.source)} was replaced"
    for reason in _in_source(speech, before.source, after.source, views if own else None, replaced):
        yield f"{prefix}{reason}"
    if before.window and after.window and before.window != after.window and speech.same_raster:
        yield turned(f"{prefix}cell", _cell(before.window), _cell(after.window))
    if before.opacity != after.opacity:
        yield turned(f"{prefix}opacity", f"{before.opacity:.0%}", f"{after.opacity:.0%}")
    if before.blend != after.blend:
        yield turned(f"{prefix}blend", before.blend, after.blend)
    if not own:
        yield from (f"{prefix}{reason}" for reason in _on_its_clock(speech, before, after, views))
