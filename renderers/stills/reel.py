"""Shows an animation's pictures in time: which is on screen at each frame, each converted once."""

from collections.abc import Callable, Iterator
from fractions import Fraction

from crowdcut.conform.sampling import round_at, source_time_at
from crowdcut.orders import Animation
from renderers.patch import Drawn, Patch
from renderers.sources import Setting

CACHE_BYTES = 128 << 20
"""Converted pictures that are kept, so that a loop is converted once."""


def _bytes(patches: tuple[Patch, ...]) -> int:
    """Memory of a picture's planes, roughly: with alpha there are as many bytes again."""
    return sum(patch.luma.nbytes * (3 if patch.alpha is not None else 2) for patch in patches)


def reel_frames(
    animation: Animation,
    setting: Setting,
    index_at: Callable[[Fraction], int],
    patches_of: Callable[[int], tuple[Patch, ...]],
) -> Iterator[Drawn]:
    """The picture on screen at each frame's time; ``Drawn.shown`` counts the animation's pictures.

    index_at : which picture is on screen at a moment of one round, seconds; the last one at its end.
    patches_of : what a picture shows.
    """
    picture = animation.picture
    kept: dict[int, tuple[Patch, ...]] = {}
    room = CACHE_BYTES
    drawn: dict[tuple[int, int | None], Drawn] = {}
    for age in range(setting.age_frames, setting.age_frames + setting.count):
        moment, last_round = round_at(picture, animation.fill, source_time_at(animation, age, setting.raster.rate))
        index = index_at(moment)
        following = index + 1 if index + 1 < picture.frames else None if last_round or picture.frames == 1 else 0
        shown = (index, following)
        if shown not in drawn:
            patches = kept.get(index)
            if patches is None:
                patches = patches_of(index)
                if (size := _bytes(patches)) <= room:
                    kept[index] = patches
                    room -= size
            new = Drawn(patches=patches, shown=shown)
            # What is not kept is drawn again when it comes again, but not while it stands.
            drawn = {one: old for one, old in drawn.items() if one[0] in kept}
            drawn[shown] = new
        yield drawn[shown]
