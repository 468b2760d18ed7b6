"""What a few lines of text may ask for at most, so that no plan grows out of all proportion to what was written."""

from collections.abc import Iterable

from crowdcut.cut.appearances import Use
from crowdcut.cut.credits import roll_frames
from crowdcut.cut.spans import SPAN_FRAMES_MAX, Overlay, Stack, layers_in_spans
from crowdcut.findings import Finding, Refused, Where
from crowdcut.library import Library
from crowdcut.manifest import Manifest
from crowdcut.orders import Raster, Roll
from crowdcut.timing import clock

MOST_LAYERS = 150_000
"""In all pieces of a film: 17 in each of one of a day, or three in each of 15,000 shots."""
MOST_APPEARANCES = 300_000
"""Of contributions in a film: a collage of 3,000 drawings may be seen in a hundred shots."""
MOST_ROLL_LINES = 1_500_000
"""In all pieces of a film: those of some 10,000 names."""


def _refused(manifest: Manifest, rule: str, found: str, way_out: str) -> Refused:
    where = manifest.origin.get("", Where())
    return Refused(Finding(rule=rule, where=where, found=found, way_out=way_out))


def refuse_endless_cast(manifest: Manifest, uses: Iterable[Use], library: Library) -> None:
    """Everybody of all that something was made from appears with it, so that these grow with uses times ancestors.

    Raises Refused.
    """
    generations: dict[str, int] = {}
    appearances = 0
    for use in uses:
        if use.contribution not in generations:
            generations[use.contribution] = len(library.ancestry(use.contribution))
        appearances += generations[use.contribution]
        if appearances > MOST_APPEARANCES:
            found = f"what is in the cut was made from more than {MOST_APPEARANCES} things, counted wherever it is used"
            way_out = "Look for a made_from that names too much."
            raise _refused(manifest, "endless-credits", found, way_out)


def refuse_endless_roll(manifest: Manifest, roll: Roll, raster: Raster) -> None:
    """Every piece of a roll holds all its rows, so that a plan grows with the square of the names. Raises Refused."""
    rolls = sum(shot.card == "credits" for scene in manifest.scenes for shot in scene.shots)
    frames = roll_frames(roll, raster)
    if len(roll.lines) * (frames // SPAN_FRAMES_MAX + 1) * rolls > MOST_ROLL_LINES:
        found = f"the credits have {len(roll.lines)} rows and take {clock(frames / raster.rate)}"
        way_out = "Tell fewer names in the film's own roll, or fewer rolls."
        raise _refused(manifest, "endless-credits", found, way_out)


def refuse_endless_layers(manifest: Manifest, stacks: tuple[Stack, ...], overlays: tuple[Overlay, ...]) -> None:
    """Every piece holds all the layers that are seen in it. Raises Refused."""
    layers = layers_in_spans(stacks, overlays)
    if layers > MOST_LAYERS:
        found = f"too much is seen at once for too long: some {layers} layers in all pieces of the film"
        way_out = f"{MOST_LAYERS} is the most. Hang fewer layers on the whole film."
        raise _refused(manifest, "too-many-layers", found, way_out)
