"""Tells which shot of a master is which of an earlier one: names count, and so are no help where one was put in."""

from bisect import bisect_left
from collections.abc import Callable, Hashable, Mapping, Sequence
from difflib import SequenceMatcher

from crowdcut.changes.shot_view import View

Pairs = dict[int, int]
"""Number of the shot before by that of the shot after."""
_Words = Mapping[int, Hashable]
"""What a shot is told by, by its number."""


def _in_order(before: _Words, after: _Words) -> Pairs:
    """What follows each other in both, longest runs first."""
    left, new = list(before), list(after)
    blocks = SequenceMatcher(None, list(before.values()), list(after.values()), autojunk=False).get_matching_blocks()
    return {new[block.b + step]: left[block.a + step] for block in blocks for step in range(block.size)}


def _in_any_order(before: _Words, after: _Words) -> Pairs:
    """What follows each other in both, and what stands elsewhere."""
    pairs = _in_order(before, after)
    taken = set(pairs.values())
    places: dict[Hashable, list[int]] = {}
    for number, words in before.items():
        if number not in taken:
            places.setdefault(words, []).append(number)
    for number, words in after.items():
        if number not in pairs and places.get(words):
            pairs[number] = places[words].pop(0)
    return pairs


def _essence(view: View) -> Hashable:
    """What a shot shows, from where, how long."""
    start = view.layers[0].source.get("start") if view.layers else None
    return view.subject, start, view.shot.length_frames


def _gap(number: int, matched: Mapping[int, int]) -> int:
    """What the last matched shot up to ``number`` is mapped to; -1 where there is none."""
    return matched[max(earlier)] if (earlier := [own for own in matched if own < number]) else -1


def shot_pairs(before: Sequence[View], after: Sequence[View]) -> Pairs:
    """Pairs of shots that are the same for a producer: by their pieces, else by what they show, else by their names.

    What shows the same contribution in another length and in another place is another shot.
    """
    pairs: Pairs = {}

    def left(words: Callable[[View], Hashable]) -> _Words:
        taken = set(pairs.values())
        return {view.number: words(view) for view in before if view.number not in taken}

    def new(words: Callable[[View], Hashable]) -> _Words:
        return {view.number: words(view) for view in after if view.number not in pairs}

    for words in (lambda view: view.keys, _essence, lambda view: (view.shot.name, view.subject)):
        pairs |= _in_any_order(left(words), new(words))
    back, same = {a: b for b, a in pairs.items()}, {b: b for b in pairs}
    in_place = left(lambda view: (_gap(view.number, back), view.subject))
    pairs |= _in_order(in_place, new(lambda view: (_gap(view.number, same), view.subject)))
    return pairs | _in_order(left(lambda view: view.shot.name), new(lambda view: view.shot.name))


def moved_of(pairs: Pairs) -> set[int]:
    """Numbers of the shots after that stand in another order than before: as few as explain it."""
    # The longest run of pairs that rises in both; each chain is the one with the lowest end of its length.
    chains: list[list[int]] = []
    for number in sorted(pairs):
        place = bisect_left([pairs[chain[-1]] for chain in chains], pairs[number])
        chains[place : place + 1] = [[*(chains[place - 1] if place else []), number]]
    return set(pairs) - set(chains[-1] if chains else ())
