"""Layers and sounds that hang on an episode, a scene or a shot."""

from collections.abc import Iterable
from dataclasses import replace
from fractions import Fraction
from typing import Any, Literal, cast

from crowdcut.contract.cutting import Cutting
from crowdcut.contract.guides import guide_of
from crowdcut.contract.music import check_fit
from crowdcut.contract.pace import INSTEAD_OF
from crowdcut.contract.reading import Entries, Spot, values_of
from crowdcut.contract.tables import Node, quoted
from crowdcut.contract.together import sounds_together
from crowdcut.episode import Anchor, Layer, Place, Sound
from crowdcut.findings import Where
from crowdcut.sound.orders import Bus, Ducks
from crowdcut.vocabulary import choices
from crowdcut.vocabulary.episode_tables import SOUND
from crowdcut.vocabulary.shot_tables import LAYER
from crowdcut.vocabulary.table import Table

_SHAPING = ("crop", "ken_burns", "freeze")
"""Keys of a clip that make another picture of it, and that not all can have that hangs."""


def origins(node: Node, entries: Entries, spot: Spot) -> dict[str, Where]:
    """Where each value was written; ``""`` is the table's own header. Values from no file have no place."""
    written = {key: spot.of(entry.node, key) for key, entry in entries.items() if entry.node.line is not None}
    return {"": spot.of(node), **written}


def _with_clip(own: Entries, clip: Entries, table: Table, *, loops: bool) -> Entries:
    """A hung table's own keys over its clip's. A clip's ``for`` is told a sound as ``out``: it is the source's end."""
    piece = {key: entry for key, entry in clip.items() if key != "note" and table.key(key) is not None}
    if table is SOUND:
        piece.pop("fit", None)  # a picture's
    if "for" in piece and table is SOUND:
        start = clip["in"].value if "in" in clip else Fraction(0)
        speed = clip["speed"].value if "speed" in clip else Fraction(1)
        piece["out"] = replace(piece.pop("for"), value=start + clip["for"].value * speed)
    if "out" in own or ("for" in own and not loops):
        piece.pop("out", None)
        piece.pop("for", None)
    for key in own:
        for other in INSTEAD_OF.get(key, ()):
            piece.pop(other, None)
    return {**piece, **own}


def _entries(cutting: Cutting, node: Node, table: Table, spot: Spot) -> tuple[str | None, Entries]:
    """The contribution that a hung table uses, and its keys over those of its clip."""
    own = cutting.reading.entries_of(node, table, spot)
    loops = bool(own["loop"].value) if "loop" in own else False
    cutting.check_ends(own, spot, loops=loops)
    if "for" in own and "until" in own:
        where, way_out = spot.of(own["until"].node, "until"), "Leave one of the two away."
        cutting.reading.complain("for-and-until", where, "for and until say the same", way_out)
    piece = cutting.piece_of(own["use"], spot) if "use" in own else None
    if piece is None:
        return None, own
    for key in _SHAPING:
        if key in piece.entries and table.key(key) is None:
            found = f"the {key} of {quoted(own['use'].value)} is for shots, and does nothing here"
            where = spot.of(own["use"].node, "use")
            cutting.reading.complain("clip-of-a-shot", where, found, "Use it in a shot.", severity="note")
    entries = _with_clip(own, piece.entries, table, loops=loops)
    if piece.entries:
        cutting.check_ends(entries, spot, loops=True)
    return piece.contribution, entries


def _layer(cutting: Cutting, node: Node, spot: Spot) -> Layer | None:
    use, entries = _entries(cutting, node, LAYER, spot)
    if use is None:
        return None
    until = entries.get("until")
    lasts = entries.get("for")
    # A length of its own beside until has been complained of.
    if until is not None and ("out" in entries or (lasts is not None and lasts.table is not until.table)):
        where, way_out = spot.of(until.node, "until"), "Leave until away: what it uses ends by itself."
        cutting.reading.complain("out-and-until", where, "a layer has one end, and out and until are two", way_out)
    values = values_of(entries)
    return Layer(
        use=use,
        in_=values.get("in", Fraction(0)),
        out=values.get("out"),
        at=values.get("at", Anchor()),
        until=values.get("until"),
        length=values.get("for"),
        speed=values.get("speed", Fraction(1)),
        reverse=values.get("reverse", False),
        freeze=values.get("freeze"),
        motion=values.get("motion", "nearest"),
        place=values.get("place", Place()),
        opacity=values.get("opacity", 1.0),
        blend=values.get("blend", "normal"),
        fill=values.get("fill", "loop"),
        key=values.get("key"),
        note=values.get("note"),
        origin=origins(node, entries, spot),
    )


def _sound(cutting: Cutting, node: Node, bus: Bus, spot: Spot) -> Sound | None:
    use, entries = _entries(cutting, node, SOUND, spot)
    if use is None:
        return None
    check_fit(cutting, entries, bus, spot)
    values: dict[str, Any] = values_of(entries)
    return Sound(
        bus=bus,
        use=use,
        in_=values.get("in", Fraction(0)),
        out=values.get("out"),
        at=values.get("at", Anchor()),
        until=values.get("until"),
        length=values.get("for"),
        speed=values.get("speed", Fraction(1)),
        reverse=values.get("reverse", False),
        gain_db=values.get("gain", 0.0),
        fade_in=values.get("fade_in"),
        fade_out=values.get("fade_out"),
        loop=values.get("loop", False),
        fitted="fit" in values,
        ducks=values.get("duck"),
        guide=guide_of(cutting, node, entries, spot),
        repair=values.get("repair"),
        note=values.get("note"),
        origin=origins(node, entries, spot),
    )


def ducking(sounds: Iterable[Sound], ducks: Ducks | Literal["usual"] | None) -> tuple[Sound, ...]:
    """The sounds, of which those that do not say how they give way do it as what they hang on."""
    return tuple(replace(sound, ducks=sound.ducks or ducks) for sound in sounds)


def hung_on(cutting: Cutting, node: Node, spot: Spot) -> tuple[tuple[Layer, ...], tuple[Sound, ...]]:
    """The layers and sounds of an episode, a scene or a shot; ``spot`` is theirs, with the tables around them."""
    layers = [_layer(cutting, layer, spot) for layer in cutting.reading.tables_of(node, "layer", spot)]
    sounds = [
        _sound(cutting, sound, cast(Bus, bus), spot)
        for bus in choices.BUSES
        for table in cutting.reading.tables_of(node, bus, spot)
        for sound in sounds_together(cutting, table, spot)
    ]
    return tuple(one for one in layers if one is not None), tuple(one for one in sounds if one is not None)
