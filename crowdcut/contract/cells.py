"""A shot's cells: several contributions shown at once, each with the values that have flowed down to it."""

from collections.abc import Callable, Sequence
from dataclasses import replace

from crowdcut.conform.layouts import LAYOUTS
from crowdcut.contract.cutting import Cutting
from crowdcut.contract.reading import Entries, Spot
from crowdcut.contract.tables import Node
from crowdcut.episode import Shot
from crowdcut.vocabulary.shot_tables import CELL

_NOT_FOR_CELLS = ("id", "use", "layout", "into", "lower_third", "room_tone", "style", "note")
"""Keys that speak of the shot as a whole."""


def is_laid_out(cutting: Cutting, node: Node, own: Entries, spot: Spot) -> bool | None:
    """Whether a shot with ``use`` shows several contributions at once; None, with a finding, where that is unclear."""
    if "layout" in node.value and "layout" not in own:
        return None
    several, layout = isinstance(own["use"].value, tuple), own.get("layout")
    complain = cutting.reading.complain
    if several and layout is None:
        found = "these are several contributions, and nothing says how they are shown"
        way_out = 'Add layout = "grid" to show them at once, or each = "2f" for one after another.'
        if node.source.in_rows:
            way_out = "Fill in the column layout (grid) to show them at once, or each (2f) for one after another."
        complain("no-layout", spot.of(own["use"].node, "use"), found, way_out)
        return None
    if layout is None:
        return False
    where, words = spot.of(layout.node, "layout"), layout.value
    if not several:
        complain("unfitting-key", where, "layout says nothing for one contribution", 'Write use = ["...", "..."].')
        return None
    if (count := len(own["use"].value)) > LAYOUTS[words].most:
        found = f"{words} has room for {LAYOUTS[words].most}, and these are {count}"
        complain("too-many-cells", where, found, "Leave some away, or make several shots of it.")
        return None
    return True


def _own(cutting: Cutting, node: Node, spot: Spot) -> Entries:
    """A cell's own keys; a name by itself is short for a table that holds it."""
    table = node if isinstance(node.value, dict) else replace(node, value={"use": node})
    entries = cutting.reading.entries_of(table, CELL, spot)
    cutting.check_ends(entries, spot)
    return entries


def cells_from(
    cutting: Cutting,
    shot: Entries,
    spot: Spot,
    below: Sequence[Entries],
    made: Callable[[Sequence[Entries], Node], Shot],
) -> tuple[Shot, ...] | None:
    """The cells of a shot that is laid out; None where the findings say why there are none.

    shot : the shot's own keys.
    below : what flows down to it, lowest first.
    made : a shot of such levels, without its contribution.
    """
    cells: list[Shot] = []
    # A fit that was chosen for whole screens says nothing of cells.
    lower = [{key: entry for key, entry in level.items() if key != "fit"} for level in below]
    inherited = {key: entry for key, entry in shot.items() if key not in _NOT_FOR_CELLS}
    nodes: tuple[Node, ...] = shot["use"].value
    for number, node in enumerate(nodes, 1):
        own = _own(cutting, node, spot)
        piece = cutting.piece_of(own["use"], spot) if "use" in own else None
        if piece is None:
            continue
        cell = made([*lower, piece.entries, inherited, own], node)
        fit = cell.fit if "fit" in cell.origin else "cover"
        cells.append(replace(cell, use=piece.contribution, cell=number, fit=fit, into=None, lower_third=None))
    return tuple(cells) if len(cells) == len(nodes) else None
