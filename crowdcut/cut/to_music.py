"""A scene's shots moved to the beats of its music: lengths told in beats, and cuts taken to the nearest one."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from itertools import pairwise

from crowdcut.cut.desk import Desk
from crowdcut.cut.lengths import most_frames
from crowdcut.cut.rhythm import Grid, Place, bar_seconds, in_music, music_of
from crowdcut.cut.snapping import Bounds, Cut, snapped
from crowdcut.episode import Rhythm, Scene, Shot
from crowdcut.timing import clock, nearest

_MARGIN = Fraction(60)
"""Seconds. A scene whose length its music tells is this much longer at most, and half as long again, than by the
music's usual tempo."""
_UNITS: tuple[Rhythm, ...] = ("beat", "bar")
_ROUNDS = 8
"""How often a scene is laid out anew whose music ends with it, and whose length its music tells."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """A shot in the delivery's frames, counted from its scene's first."""

    shot: Shot
    start: int
    length: int
    into: int
    """Frames that its transition lasts."""
    moved: int = 0
    """By how many frames its cut was moved to a beat; less than 0: to an earlier one."""

    @property
    def end(self) -> int:
        """One past its last frame."""
        return self.start + self.length


def nominal(desk: Desk, scene: Scene, shot: Shot) -> Shot:
    """The shot with the length that its beats usually have; itself where it is told no beats."""
    if shot.pulse is None:
        return shot
    unit = Fraction(1)
    for sound, _ in music_of(desk.manifest, scene):
        if (beats := desk.beats.get(sound.use)) is not None:
            unit = (bar_seconds(beats) if shot.pulse.unit == "bar" else 60 / beats.bpm) / sound.speed
            break
    where = shot.origin.get("each") or shot.origin.get("")
    origin = {**shot.origin, "for": where} if where is not None else shot.origin
    return replace(shot, length=shot.pulse.count * unit, origin=origin)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Scene:
    """A scene on the desk, with the frame of the programme that it begins at."""

    desk: Desk
    scene: Scene
    start_frame: int
    moments: Mapping[str, int]
    """First frames of the scenes and shots with ids that are placed by now."""

    def moment(self, frames: Fraction | int) -> Fraction:
        """Programme time of a place in the scene, seconds."""
        return (self.start_frame + frames) / self.desk.rate

    def start_for(self, moment: Fraction, into: int) -> int:
        """First frame, from the scene's, of a shot whose transition has its middle at a programme time."""
        return nearest(moment * self.desk.rate - self.start_frame - Fraction(into, 2))

    def place(self, end: int) -> Place:
        """The scene as it stands, with its end as it is known."""
        rate = self.desk.rate
        return Place(
            desk=self.desk,
            scene=self.scene,
            start=self.moment(0),
            end=self.moment(end),
            horizon=self.moment(end * 3 // 2) + _MARGIN,
            moments={name: frame / rate for name, frame in self.moments.items()},
        )

    def least(self, rows: Sequence[Row], number: int) -> int:
        """Frames that a shot needs at least: for its transitions, or its whole roll."""
        row = rows[number]
        if row.shot.card == "credits":
            return row.length
        return max(1, row.into + (rows[number + 1].into if number + 1 < len(rows) else 0))


def _grown(scene: _Scene, rows: Sequence[Row], grids: Mapping[str, Grid]) -> tuple[Row, ...]:
    """The rows with each shot that is told beats as long as they are, and all that follows moved along. Where the
    music has no more, its usual beat goes on."""
    made: list[Row] = []
    for row, following in zip(rows, [*rows[1:], None], strict=True):
        into = following.into if following is not None else 0
        start = made[-1].end - row.into if made else row.start
        length, pulse = row.length, row.shot.pulse
        if pulse is not None:
            grid, begin = grids[pulse.unit], scene.moment(start + Fraction(row.into, 2))
            number = grid.nearest(begin)
            last = None if number is None else number + pulse.count
            known = last is not None and last < len(grid.times)
            end = grid.times[last] if known and last is not None else begin + pulse.count * grid.step
            length = max(1, scene.start_for(end, into) + into - start)
        made.append(replace(row, start=start, length=length))
    return tuple(made)


def _check_paced(scene: _Scene, rows: Sequence[Row], grids: Mapping[str, Grid]) -> None:
    """Complain of shots that cannot last as many beats as they are told."""
    desk = scene.desk
    for number, row in enumerate(rows):
        if (pulse := row.shot.pulse) is None:
            continue

        def complain(rule: str, found: str, way_out: str, shot: Shot = row.shot) -> None:
            desk.complain(rule, shot.origin, "each", found, way_out, shot=shot.name)

        grid = grids[pulse.unit]
        into = rows[number + 1].into if number + 1 < len(rows) else 0
        end = scene.moment(row.end - Fraction(into, 2))
        most = most_frames(desk, row.shot)
        lasts = clock(row.length / desk.rate)
        if not grid.near(end, 1 / desk.rate):
            found = f"{desk.named(grid.use)} has no {pulse.unit} at {clock(end)} of the programme, where this would end"
            complain("no-beats", found, "Let the music loop, or give each a time.")
        elif row.length < scene.least(rows, number):
            complain("too-short", f"its transitions take longer than the {lasts} that it lasts", "Shorten them.")
        elif most is not None and row.length > most:
            found = f"{desk.named(row.shot.use or '')} ends before the {lasts} that it is told to last"
            complain("past-the-end", found, "Begin earlier in it, or give each a time.")


def _paced(scene: _Scene, rows: tuple[Row, ...]) -> tuple[Row, ...] | None:
    """The rows with lengths told in beats; None with a finding where nothing tells them."""
    told = next((row.shot for row in rows if row.shot.pulse is not None), None)
    if told is None:
        return rows
    desk = scene.desk
    for _ in range(_ROUNDS):
        place = scene.place(rows[-1].end)
        playing = place.music("each", told)
        if playing is None:
            return None
        grids = {unit: playing.grid(desk, unit, place.start - _MARGIN, place.horizon) for unit in _UNITS}
        made = _grown(scene, rows, grids)
        settled, rows = made[-1].end == rows[-1].end, made
        if settled:
            _check_paced(scene, rows, grids)
            return rows
    found = "the scene's length follows from its music, and the music's from the scene"
    desk.complain("unsettled", told.origin, "each", found, "Leave 'fit' away, or give each a time.", shot=told.name)
    return None


def _is_tied(shot: Shot) -> bool:
    """Whether it shows a take of a song, which stays in time with it."""
    return any(part.guide is not None for part in shot.parts)


def _slipped(shot: Shot, seconds: Fraction) -> Shot:
    """A shot that comes so much later, with its takes as far on in their song as they are by then."""
    if shot.cells:
        return replace(shot, cells=tuple(_slipped(cell, seconds) for cell in shot.cells))
    return shot if shot.guide is None else replace(shot, in_=(shot.in_ or 0) + seconds * shot.speed)


def _bounds(scene: _Scene, rows: Sequence[Row]) -> Iterator[Bounds]:
    """How long each shot may last; as long as it does by now, whatever comes."""
    for number, row in enumerate(rows):
        most = row.length if row.shot.card == "credits" else most_frames(scene.desk, row.shot)
        least = min(scene.least(rows, number), row.length)
        most = None if most is None else max(most, row.length)
        yield Bounds(least=least, most=most, tied_to=row.start if _is_tied(row.shot) else None)


def _cuts(scene: _Scene, rows: Sequence[Row], grid: Grid, tolerance: Fraction) -> Iterator[Cut]:
    """The cuts into all shots but the first; one that stands on a beat already, because the shot before is told beats,
    stays there."""
    half_a_frame = 1 / scene.desk.rate / 2
    for before, row in pairwise(rows):
        near = grid.near(scene.moment(row.start + Fraction(row.into, 2)), tolerance + half_a_frame)
        places = tuple(scene.start_for(moment, row.into) for moment in near) if before.shot.pulse is None else ()
        yield Cut(wished=row.start, places=places, shared=row.into)


def _why(scene: _Scene, rows: Sequence[Row], number: int, cut: Cut, bounds: Sequence[Bounds]) -> str:
    """Why the cut into a shot was not moved to the nearest of its places."""
    place = cut.choices[0]
    before, row = rows[number - 1], rows[number]
    for shot, start, end, bound in (
        (before.shot, before.start, place + cut.shared, bounds[number - 1]),
        (row.shot, place, row.end, bounds[number]),
    ):
        if not bound.allow(start, end):
            seconds = clock((end - start) / scene.desk.rate)
            if end - start < bound.least:
                return f"{shot.name} would be too short, {seconds}"
            what = scene.desk.named(shot.use) if shot.use is not None else shot.name
            return f"{what} has not the {seconds} that {shot.name} would last"
    return "another cut needs the time"


def _tell_unmoved(
    scene: _Scene, rows: Sequence[Row], cuts: Sequence[Cut], bounds: Sequence[Bounds], grid: Grid, tolerance: Fraction
) -> None:
    """A note for each cut that stands off the beat, and why."""
    desk, origin, music = scene.desk, scene.scene.origin, scene.desk.named(grid.use)
    for number, (row, cut) in enumerate(zip(rows[1:], cuts, strict=True), 1):
        if rows[number - 1].shot.pulse is not None or row.start in cut.places:
            continue
        where = scene.moment(row.start + Fraction(row.into, 2))
        found = f"the cut into {row.shot.name} at {clock(where)} is not moved to a {scene.scene.cut_to}: "
        if cut.places:
            found += _why(scene, rows, number, cut, bounds)
        else:
            found += f"{music} has none within {clock(tolerance)} of it"
        desk.complain("off-beat", origin, "cut_to", found, severity="note", shot=row.shot.name)


def _snapped(scene: _Scene, rows: tuple[Row, ...]) -> tuple[Row, ...]:
    """The rows with the cuts between them moved to the music."""
    unit, desk = scene.scene.cut_to, scene.desk
    if unit is None or len(rows) < 2:
        return rows
    place = scene.place(rows[-1].end)
    playing = place.music("cut_to")
    if playing is None:
        return rows
    grid = playing.grid(desk, unit, place.start - _MARGIN, place.horizon)
    wanted = scene.scene.beat_tolerance
    tolerance = grid.step / 2 if wanted is None else wanted
    cuts, bounds = list(_cuts(scene, rows, grid, tolerance)), list(_bounds(scene, rows))
    end = rows[-1].end
    starts = (rows[0].start, *snapped(cuts, bounds, end))
    ends = (*(start + row.into for start, row in zip(starts[1:], rows[1:], strict=True)), end)
    moved = tuple(
        replace(
            row,
            shot=_slipped(row.shot, (start - row.start) / desk.rate),
            start=start,
            length=stop - start,
            moved=start - row.start,
        )
        for row, start, stop in zip(rows, starts, ends, strict=True)
    )
    _tell_unmoved(scene, moved, cuts, bounds, grid, tolerance)
    return moved


def to_music(
    desk: Desk, scene: Scene, rows: tuple[Row, ...], start_frame: int, moments: Mapping[str, int]
) -> tuple[Row, ...]:
    """The shots of a scene as its music has them; as they were where it goes by none.

    rows : in order; each begins its transition's frames before the end of the one before.
    start_frame : programme frame of the scene's first.
    moments : first frames of the scenes and shots with ids that are placed by now, this scene's too.
    """
    if not in_music(scene):
        return rows
    stands = _Scene(desk=desk, scene=scene, start_frame=start_frame, moments=moments)
    paced = _paced(stands, rows)
    return rows if paced is None else _snapped(stands, paced)
