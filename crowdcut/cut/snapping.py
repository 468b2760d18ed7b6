"""Which of several places each cut takes, so that most of them stand on the beat and every shot stays possible."""

from collections.abc import Sequence
from dataclasses import dataclass

_MOST_PLACES = 8
"""Of one cut: the nearest ones. The next beat but seven is never the one that is wanted."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Bounds:
    """How many frames a shot may last, both ends included; ``most`` None: as long as one likes."""

    least: int
    most: int | None
    tied_to: int | None = None
    """Frame that ``most`` counts from, where what it shows at a moment is not for the cut to choose; None: from the
    shot's first, wherever that is."""

    def allow(self, start: int, end: int) -> bool:
        """Whether it may last from one frame to another, exclusive."""
        first = start if self.tied_to is None else self.tied_to
        return end - start >= self.least and (self.most is None or end - first <= self.most)


@dataclass(frozen=True, slots=True, kw_only=True)
class Cut:
    """A cut and where it may be moved: first frames of the shot that it leads into, from the scene's first."""

    wished: int
    places: tuple[int, ...]
    """Those on a beat; empty: it stays."""
    shared: int
    """Frames that its transition shares with the shot before."""

    @property
    def choices(self) -> tuple[int, ...]:
        """All that it may take, the nearest first."""
        near = sorted(set(self.places), key=lambda one: (abs(one - self.wished), one))[:_MOST_PLACES]
        return tuple(dict.fromkeys((*near, self.wished)))

    def cost(self, place: int) -> tuple[int, int]:
        """1 for one off the beat; and by how much it is moved."""
        return int(bool(self.places) and place not in self.places), abs(place - self.wished)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Way:
    """The best way to a place of a cut, told from its end."""

    cost: tuple[int, int]
    place: int
    before: "_Way | None" = None


def _ways(cuts: Sequence[Cut], bounds: Sequence[Bounds]) -> list[_Way]:
    """The best way to each place of the last cut."""
    ways = [_Way(cost=(0, 0), place=0)]
    for cut, bound in zip(cuts, bounds, strict=False):
        following = []
        for place in cut.choices:
            reached = [way for way in ways if bound.allow(way.place, place + cut.shared)]
            if reached:
                before, own = min(reached, key=lambda way: way.cost), cut.cost(place)
                cost = before.cost[0] + own[0], before.cost[1] + own[1]
                following.append(_Way(cost=cost, place=place, before=before))
        ways = following
    return ways


def snapped(cuts: Sequence[Cut], bounds: Sequence[Bounds], end: int) -> tuple[int, ...]:
    """The place of each cut, so that as many as can be stand on a beat, and are moved by as little as can be.

    bounds : of all shots, one more than there are cuts. The cuts as wished keep to them.
    end : one past the last shot's last frame, from the scene's first.
    """
    way = min((one for one in _ways(cuts, bounds) if bounds[-1].allow(one.place, end)), key=lambda one: one.cost)
    places: list[int] = []
    while way.before is not None:
        places.append(way.place)
        way = way.before
    return tuple(reversed(places))
