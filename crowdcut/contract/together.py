"""Several contributions at once, by a list or by a pattern over the library's files: a choir, a grid of its singers."""

from collections.abc import Iterator, Mapping
from dataclasses import replace

from crowdcut.contract.cutting import Cutting, is_glob
from crowdcut.contract.reading import Spot
from crowdcut.contract.sequences import files_called, is_pattern
from crowdcut.contract.tables import Node

MOST_SOUNDS = 200
"""Of one table: each is a file that is listened to and laid over the others."""


def _named(cutting: Cutting, items: tuple[Node, ...]) -> Iterator[str]:
    """Contributions that a list names one by one."""
    for item in items:
        use = item.value.get("use") if isinstance(item.value, dict) else item
        if use is not None and isinstance(use.value, str) and not is_glob(cutting, use.value):
            clip = cutting.clips.get(use.value)
            found = (clip.contribution,) if clip is not None else cutting.library.named(use.value)
            yield from (one for one in found if one is not None)


def _spelled_out(cutting: Cutting, use: Node, spot: Spot) -> tuple[Node, ...]:
    """The items of a list, with those of each pattern in its place: who is named as well, for a gain of their own or
    an ``in``, is not among them."""
    items = use.value if isinstance(use.value, tuple) else (use,)
    named = frozenset(_named(cutting, items))
    found: list[Node] = []
    for item in items:
        if is_pattern(cutting, item):
            files = files_called(cutting, item, spot)
            found += (replace(item, value=file) for file in files if named.isdisjoint(cutting.library.named(file)))
        else:
            found.append(item)
    return tuple(found)


def _has_patterns(cutting: Cutting, use: Node) -> bool:
    return any(is_pattern(cutting, item) for item in (use.value if isinstance(use.value, tuple) else (use,)))


def with_cells_spelled_out(cutting: Cutting, node: Node, spot: Spot) -> Node:
    """A shot with a ``layout``, a cell for each file that a pattern stands for."""
    table: Mapping[str, Node] | None = node.value if isinstance(node.value, dict) else None
    if table is None or "layout" not in table or "use" not in table or not _has_patterns(cutting, table["use"]):
        return node
    use = table["use"]
    return replace(node, value={**table, "use": replace(use, value=_spelled_out(cutting, use, spot))})


def sounds_together(cutting: Cutting, node: Node, spot: Spot) -> tuple[Node, ...]:
    """The tables that one of a sound stands for: itself, or one for each of several sounds."""
    table: Mapping[str, Node] | None = node.value if isinstance(node.value, dict) else None
    if table is None or "use" not in table:
        return (node,)
    use = table["use"]
    if not isinstance(use.value, tuple) and not _has_patterns(cutting, use):
        return (node,)
    items = _spelled_out(cutting, use, spot)
    where, complain = spot.of(use, "use"), cutting.reading.complain
    if len(items) > MOST_SOUNDS:
        complain("too-many-sounds", where, f"these are {len(items)}", f"{MOST_SOUNDS} at once is the most.")
        return ()
    if use.value == ():
        complain("wrong-value", where, "the list is empty", "Write something into it.")
    own = (item.value if isinstance(item.value, dict) else {"use": item} for item in items)
    return tuple(replace(node, value={**table, **one}) for one in own)
