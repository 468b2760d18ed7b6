"""What is to be said of a cut once it is laid out: of its length, its credits, its cells, its chapters on a disc."""

from collections.abc import Iterator
from dataclasses import replace

from crowdcut.conform.layouts import CELL_SIDE_MIN, cells_in
from crowdcut.cut.credits import roll_frames
from crowdcut.cut.placed import Timeline
from crowdcut.disc.cadence import cadence_for
from crowdcut.disc.standards import Standard
from crowdcut.disc.vobus import chapters_apart
from crowdcut.findings import Finding, Where
from crowdcut.manifest import Manifest
from crowdcut.orders import Raster, Roll
from crowdcut.timing import clock


def _length_findings(manifest: Manifest, timeline: Timeline) -> Iterator[Finding]:
    if manifest.length is None:
        return
    over = timeline.length_frames / timeline.rate - manifest.length
    if abs(over) * timeline.rate >= 1:
        yield Finding(
            rule="length",
            severity="warning",
            where=manifest.origin["length"],
            found=f"the film is {clock(abs(over))} {'over' if over > 0 else 'under'} {clock(manifest.length)}",
        )


def _cells_findings(manifest: Manifest, raster: Raster) -> Iterator[Finding]:
    """A layout that this raster is too small for."""
    for shot in (shot for scene in manifest.scenes for shot in scene.shots if shot.layout is not None):
        assert shot.layout is not None
        boxes = cells_in(shot.layout, len(shot.cells), raster)
        if (side := min(min(box.width, box.height) for box in boxes)) < CELL_SIDE_MIN:
            yield Finding(
                rule="too-many-cells",
                where=replace(shot.origin.get("layout", Where()), shot=shot.name, key="layout"),
                found=f"a cell would be {max(0, side)} pixels high or wide in {raster.width}x{raster.height}",
                way_out="Show fewer at once, or deliver a larger picture.",
            )


def _credits_findings(manifest: Manifest, timeline: Timeline, roll: Roll, raster: Raster) -> Iterator[Finding]:
    """A roll that is cut off loses names, the one fault nobody forgives; one of another length than wished is told."""
    needed = roll_frames(roll, raster)
    for placed in timeline.shots:
        shot = placed.shot
        # One that takes the time it needs may end a frame early at another rate, when no letter is left to be seen.
        if shot.card == "credits" and shot.length is not None and placed.length_frames < needed:
            where = shot.origin.get("for") or shot.origin.get("", Where())
            yield Finding(
                rule="credits-cut",
                where=replace(where, shot=shot.name, key="for"),
                found=f"the credits need {clock(needed / raster.rate)}, so names would be lost",
                way_out="Leave 'for' away: they take the time they need.",
            )
    wish = manifest.credits.seconds
    if wish is not None and abs(wish - needed / raster.rate) >= 1:
        found = f"the credits last {clock(needed / raster.rate)}, {clock(wish)} were wished for"
        yield Finding(rule="credits-length", severity="note", found=found)


def cut_findings(manifest: Manifest, timeline: Timeline, roll: Roll, raster: Raster) -> Iterator[Finding]:
    """What a producer is told of the cut on this raster; errors among it refuse the delivery."""
    yield from _length_findings(manifest, timeline)
    yield from _cells_findings(manifest, raster)
    yield from _credits_findings(manifest, timeline, roll, raster)


def chapters_for_disc(timeline: Timeline, standard: Standard) -> tuple[Timeline, tuple[Finding, ...]]:
    """The timeline with the chapters that a disc can have, and what is to be said of the others."""
    kept = chapters_apart(timeline.chapters, cadence_for(standard, timeline.rate))
    findings = tuple(
        Finding(
            rule="chapter-too-soon",
            severity="note",
            where=Where(time=chapter.start_frame / timeline.rate),
            found=f"no player can be sent to chapter “{chapter.title}”: it begins within 0.4 s of the one before",
            way_out="Write chapter = false in one of the two scenes.",
        )
        for chapter in timeline.chapters
        if chapter not in kept
    )
    return replace(timeline, chapters=kept), findings
