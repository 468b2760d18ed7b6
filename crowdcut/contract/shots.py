"""Shots: exactly one thing each, with the values that have flowed down to them."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from fractions import Fraction
from typing import Any, get_args

from crowdcut.contract import pace
from crowdcut.contract.cells import cells_from, is_laid_out
from crowdcut.contract.cutting import Cutting
from crowdcut.contract.guides import guide_of
from crowdcut.contract.hung import hung_on, origins
from crowdcut.contract.reading import Entries, Spot, values_of
from crowdcut.contract.tables import Node
from crowdcut.contract.together import with_cells_spelled_out
from crowdcut.episode import Shot
from crowdcut.timing import clock
from crowdcut.vocabulary import choices
from crowdcut.vocabulary.choices import ShotKind
from crowdcut.vocabulary.shot_tables import SHOT
from crowdcut.vocabulary.table import Table

_INSTEAD_OF = {"out": ("for",), "for": ("out",), "each": ("out", "for"), **pace.INSTEAD_OF}
"""Keys that a key takes the place of where they come from a level below."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Levels:
    """What flows down to the shots of a scene, lowest first; the style comes between ``each`` and ``scene_each``."""

    template: Entries = field(default_factory=dict)
    each: Entries = field(default_factory=dict)
    scene_each: Entries = field(default_factory=dict)

    def for_shot(self, own: Entries, styles: Mapping[str, Entries]) -> list[Entries]:
        """The levels below the clip and the shot."""
        levels = (self.template, self.each, self.scene_each, own)
        named = next((level["style"].value for level in reversed(levels) if "style" in level), None)
        return [self.template, self.each, styles.get(named, {}) if named is not None else {}, self.scene_each]


def shared_from(cutting: Cutting, node: Node | None, table: Table, spot: Spot) -> Entries:
    """The values of an ``[each]`` or ``[style]``; its note is its own and does not flow down."""
    if node is None:
        return {}
    entries = cutting.reading.entries_of(node, table, spot)
    cutting.check_ends(entries, spot)
    return {key: entry for key, entry in entries.items() if key != "note"}


def flowed(levels: Iterable[Entries], kind: ShotKind) -> Entries:
    """The levels, lowest first, in one: higher wins, and takes the place of what says otherwise below."""
    result: Entries = {}
    for level in levels:
        for name, entry in level.items():
            key = SHOT.key(name)
            if key is None or kind not in key.fits:
                continue
            for other in _INSTEAD_OF.get(name, ()):
                if other not in level:
                    result.pop(other, None)
            result[name] = entry
    return result


def _kind_of(cutting: Cutting, node: Node, spot: Spot) -> ShotKind | None:
    """Which of the four a shot is; None, with a finding, where that is none or several."""
    if not isinstance(node.value, dict):
        return None
    written: list[ShotKind] = [kind for kind in get_args(ShotKind) if kind in node.value]
    if len(written) == 1:
        return written[0]
    found = f"the shot has {' and '.join(written)}" if written else "nothing says what the shot shows"
    wanted = f"exactly one of {', '.join(choices.SHOT_KINDS)}"
    add = "Fill in one of these columns." if node.source.in_rows else 'Add use = "...".'
    way_out = "Make two shots of it, or leave one away." if written else add
    cutting.reading.complain("one-of", spot.of(node), found, way_out, wanted=wanted)
    return None


def _refuse_unfitting(cutting: Cutting, own: Entries, kind: ShotKind, spot: Spot) -> None:
    for name, entry in own.items():
        key = SHOT.key(name)
        if key is not None and kind not in key.fits:
            found = f"{name} says nothing for a shot with {kind}"
            cutting.reading.complain("unfitting-key", spot.of(entry.node, name), found, f"Leave {name} away.")


def _check_piece(cutting: Cutting, entries: Entries, spot: Spot) -> None:
    """Complain of ends that only meet when the levels are in one; each table's own have been checked with it."""
    tables = {id(entries[name].table) for name in ("in", "out") if name in entries}
    if len(tables) == 2:
        cutting.check_ends({name: entries[name] for name in ("in", "out")}, spot)


def shot_from(cutting: Cutting, node: Node, spot: Spot, levels: Levels) -> Shot | None:
    """One shot; None where the findings say why there is none. ``spot.shot`` is its name."""
    node = with_cells_spelled_out(cutting, node, spot)
    own = cutting.reading.entries_of(node, SHOT, spot)
    cutting.check_style(own, spot)
    cutting.check_ends(own, spot)
    name = cutting.name(own.get("id"), spot)
    inside = Spot(scene=spot.scene, shot=spot.shot, around=(SHOT, *spot.around))
    layers, sounds = hung_on(cutting, node, inside)
    kind = _kind_of(cutting, node, spot)
    if kind is None:
        return None
    _refuse_unfitting(cutting, own, kind, spot)
    laid_out = is_laid_out(cutting, node, own, spot) if kind == "use" and "use" in own else False
    if laid_out is None:
        return None
    if laid_out:
        shot = _laid_out(cutting, node, spot, levels.for_shot(own, cutting.styles), own)
        return shot and replace(shot, id=name, layers=layers, sounds=sounds)
    piece = cutting.piece_of(own["use"], spot) if kind == "use" and "use" in own else None
    if kind not in own or (kind == "use" and piece is None):
        return None
    entries = flowed([*levels.for_shot(own, cutting.styles), piece.entries if piece else {}, own], kind)
    _check_piece(cutting, entries, spot)
    values = values_of(entries)
    return replace(
        _shot(values),
        name=spot.shot or "",
        id=name,
        use=piece.contribution if piece else None,
        guide=guide_of(cutting, node, entries, spot) if piece else None,
        layers=layers,
        sounds=sounds,
        origin=origins(node, entries, spot),
    )


def _laid_out(cutting: Cutting, node: Node, spot: Spot, below: Sequence[Entries], own: Entries) -> Shot | None:
    """A shot of several contributions at once, nameless and with nothing hung on it."""

    def made(levels: Sequence[Entries], place: Node) -> Shot:
        entries = flowed(levels, "use")
        _check_piece(cutting, entries, spot)
        guide = guide_of(cutting, place, entries, spot)
        shot = replace(_shot(values_of(entries)), name=spot.shot or "", origin=origins(place, entries, spot))
        return replace(shot, guide=guide)

    cells = cells_from(cutting, own, spot, below, made)
    if cells is None:
        return None
    entries = flowed([*below, own], "use")
    shot = replace(_shot(values_of(entries)), name=spot.shot or "", origin=origins(node, entries, spot))
    return replace(shot, layout=own["layout"].value, cells=cells)


def _shot(values: Mapping[str, Any]) -> Shot:
    """A shot's own values, nameless and with nothing hung on it; what is not written keeps the record's default."""
    sound, gain_db = values.get("sound", ("keep", 0.0))
    same = (
        "text",
        "card",
        "wanted",
        "out",
        "speed",
        "reverse",
        "freeze",
        "motion",
        "fit",
        "focus",
        "fill",
        "key",
        "crop",
        "ken_burns",
    )
    same = (*same, "into", "lower_third", "sound_in", "sound_out", "room_tone", "repair", "note")
    find_focus = "focus" in values and values["focus"] is None
    return Shot(
        name="",
        in_=values.get("in"),
        length=values.get("for"),
        pulse=values.get("each"),
        sound=sound,
        gain_db=gain_db,
        find_focus=find_focus,
        **{key: values[key] for key in same if key in values and not (key == "focus" and find_focus)},
    )


def known_length(shot: Shot) -> Fraction | None:
    """How long a shot is, in seconds, where the manifest says it."""
    if shot.length is not None or shot.cells:
        return shot.length
    # What a speed makes of it hangs on what the clip is.
    return shot.out - (shot.in_ or 0) if shot.out is not None and shot.speed == 1 else None


def check_transitions(cutting: Cutting, shots: Sequence[Shot | None]) -> None:
    """Complain of transitions that are longer than a shot they join; None stands for a shot that cannot be told."""
    for before, shot in zip((None, *shots), shots, strict=False):
        if shot is None or shot.into is None:
            continue
        for one in (before, shot):
            length = known_length(one) if one is not None else None
            if one is not None and length is not None and length < shot.into.length:
                where = shot.origin.get("into", shot.origin[""])
                found = f"the {shot.into.kind} takes {clock(shot.into.length)}, but {one.name} lasts {clock(length)}"
                cutting.reading.complain("into-too-long", where, found, "Shorten the one or lengthen the other.")
