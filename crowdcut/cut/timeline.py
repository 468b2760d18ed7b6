"""Who is seen and heard when: the manifest and the examined files, laid out in programme frames and samples."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from crowdcut.cut.cells import names_in
from crowdcut.cut.desk import Desk
from crowdcut.cut.framings import check_framing
from crowdcut.cut.hanging import Hanging, Host
from crowdcut.cut.keyed import check_keys
from crowdcut.cut.lengths import delivered_frames, shot_frames, transition_frames
from crowdcut.cut.own_sounds import own_sounds
from crowdcut.cut.pace import clip_pace
from crowdcut.cut.placed import PlacedLayer, PlacedShot, Timeline
from crowdcut.cut.room_tone import room_tones
from crowdcut.cut.to_music import Row, nominal, to_music
from crowdcut.findings import Finding, Refused, is_error
from crowdcut.manifest import LowerThird, Scene, Shot
from crowdcut.orders import Chapter
from crowdcut.timing import clock, nearest, seconds_to_frames

MOST_FRAMES = 24 * 3600 * 30
"""Of a film. A plan grows with it, and ``for = "99:00:00"`` is written as quickly as ``"9:00"``."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Beat:
    """A shot in programme frames, counted from its scene's first."""

    shot: Shot
    start_frame: int
    length_frames: int
    into_frames: int


def _beats(desk: Desk) -> Iterator[tuple[Scene, list[_Beat]]]:
    """The shots of each scene at the manifest's rate."""
    free: int | None = None  # of the shot before, what its own transition leaves
    for scene in desk.manifest.scenes:
        beats: list[_Beat] = []
        end = 0
        for shot in scene.shots:
            length = shot_frames(desk, nominal(desk, scene, shot))
            into = transition_frames(desk, shot, length, free)
            # A scene's first frame is the first of its first shot's transition.
            start = end - into if beats else 0
            beats.append(_Beat(shot=shot, start_frame=start, length_frames=length, into_frames=into))
            end, free = start + length, length - into
        if beats:
            yield scene, beats


def _rows(desk: Desk, beats: list[_Beat], last: PlacedShot | None) -> Iterator[Row]:
    """A scene's shots in the delivery's frames. ``last``: the shot before the scene."""

    def at(frames: int) -> int:
        return nearest(frames / desk.manifest.rate * desk.rate)

    for number, beat in enumerate(beats):
        shared = at(beat.start_frame + beat.into_frames) - at(beat.start_frame)
        if not number and last is not None:
            # Rounded apart from this scene, the shot before may be a frame short of the transition.
            shared = min(shared, last.length_frames - last.into_frames)
        length = at(beat.start_frame + beat.length_frames) - at(beat.start_frame)
        length = delivered_frames(desk, beat.shot, length)
        yield Row(shot=beat.shot, start=at(beat.start_frame), length=length, into=shared)


def _placed_shots(desk: Desk) -> list[tuple[Scene, list[PlacedShot]]]:
    """All shots in the delivery's frames. Each scene rounds from its own first, so no change reaches past it."""
    scenes: list[tuple[Scene, list[PlacedShot]]] = []
    last: PlacedShot | None = None
    moments: dict[str, int] = {}
    for scene, beats in _beats(desk):
        rows = tuple(_rows(desk, beats, last))
        scene_start = 0 if last is None else last.end_frame_exclusive - rows[0].into
        moments |= {name: scene_start for name in (scene.id, rows[0].shot.id) if name is not None}
        placed: list[PlacedShot] = []
        for row in to_music(desk, scene, rows, scene_start, moments):
            start, speed = clip_pace(desk, row.shot, row.length)
            last = PlacedShot(
                shot=row.shot,
                scene=scene.id,
                start_frame=scene_start + row.start,
                length_frames=row.length,
                source_start=start,
                speed=speed,
                into_kind=row.shot.into.kind if row.shot.into and row.into else None,
                into_frames=row.into,
                moved_frames=row.moved,
            )
            placed.append(last)
        moments |= {one.shot.id: one.start_frame for one in placed if one.shot.id is not None}
        scenes.append((scene, placed))
    return scenes


def _lower_third_lines(desk: Desk, shot: Shot, wish: LowerThird) -> tuple[str, ...]:
    """What a lower third says: two lines at most, which is all it has room for."""
    if wish.text is None and shot.cells:
        return names_in(desk, shot.uses)
    if wish.text is None:
        use = shot.use or ""
        return tuple(filter(None, (", ".join(desk.library.names_of(use)), desk.library.contributions[use].title)))
    lines = tuple(filter(None, map(str.strip, wish.text.splitlines())))
    if len(lines) > 2:
        found, way_out = f"a lower third has two lines, and these are {len(lines)}", "Say it in two."
        desk.complain("long-lower-third", shot.origin, "lower_third", found, way_out, shot=shot.name)
    return lines[:2]


def _lower_third(desk: Desk, placed: PlacedShot) -> Iterator[PlacedLayer]:
    shot, wish = placed.shot, placed.shot.lower_third
    if wish is None:
        return
    lines = _lower_third_lines(desk, shot, wish)
    at = desk.look.lower_third_at if wish.at is None else wish.at
    length = desk.look.lower_third_length if wish.length is None else wish.length
    first = seconds_to_frames(at, desk.rate)
    # A shot too short for the template's times shows it throughout.
    if wish.at is None and wish.length is None and first * 2 >= placed.length_frames:
        first = 0
    last = min(first + seconds_to_frames(length, desk.rate), placed.length_frames)
    if lines and first >= last:
        found = f"the lower third would come after {clock(at)} of a shot of {clock(placed.length_frames / desk.rate)}"
        desk.complain("empty", shot.origin, "lower_third", found, "Let it come earlier.", shot=shot.name)
    elif lines:
        yield PlacedLayer(layer=None, words=lines, start_frame=placed.start_frame + first, length_frames=last - first)


def _check_use(desk: Desk, shot: Shot) -> None:
    if shot.use is None:
        return
    media = desk.media[shot.use]
    if media.picture is None and media.text is None and media.refusal is None:
        found, way_out = f"{desk.named(shot.use)} has no picture", "Use it as music, voice or effect."
        desk.complain("no-picture", shot.origin, "use", found, way_out, shot=shot.name)


def _checked_uses(desk: Desk) -> None:
    """What a shot's source cannot be."""
    for scene in desk.manifest.scenes:
        for shot in scene.shots:
            if shot.wanted is not None and not desk.working_copy:
                found = f"this shot is still wanted: {shot.wanted}"
                way_out = "Use --placeholder to build with a slate there."
                desk.complain("wanted", shot.origin, "wanted", found, way_out, shot=shot.name)
            for one in shot.parts:
                _check_use(desk, one)
                check_framing(desk, one)


def _host_of(name: str, shots: Sequence[PlacedShot]) -> Host:
    return Host(name=name, start_frame=shots[0].start_frame, end_frame_exclusive=shots[-1].end_frame_exclusive)


def _chapters(title: str, scenes: list[tuple[Scene, list[PlacedShot]]]) -> tuple[Chapter, ...]:
    """A chapter for each scene that wants one. Players need one at the very start: the film's own, if no scene's is."""
    chapters = [Chapter(title=scene.title, start_frame=own[0].start_frame) for scene, own in scenes if scene.chapter]
    if not chapters or chapters[0].start_frame:
        chapters.insert(0, Chapter(title=title, start_frame=0))
    return tuple(chapters)


def _checked_end(desk: Desk, shots: Sequence[PlacedShot]) -> bool:
    """Whether the film is one that can be planned at all."""
    frames = shots[-1].end_frame_exclusive
    if frames <= MOST_FRAMES:
        return True
    longest = max(shots, key=lambda one: one.length_frames)
    shown, whole = clock(longest.length_frames / desk.rate), clock(frames / desk.rate)
    found = f"this shot lasts {shown} and the film {whole}, which is {frames} frames at {float(desk.rate):g} a second"
    way_out = f"A film has at most {MOST_FRAMES}: 24 hours at 30 a second."
    desk.complain("endless", longest.shot.origin, "for", found, way_out, shot=longest.shot.name)
    return False


def timeline_from(desk: Desk) -> Timeline | None:
    """Lay out the episode; what is wrong is left in ``desk.findings``. None: nothing can be laid out."""
    _checked_uses(desk)
    check_keys(desk)
    scenes = _placed_shots(desk)
    shots = [placed for _, own in scenes for placed in own]
    if not shots or not _checked_end(desk, shots):
        return None
    film = _host_of("the film", shots)
    moments = {scene.id: own[0].start_frame for scene, own in scenes}
    moments |= {placed.shot.id: placed.start_frame for placed in shots if placed.shot.id is not None}
    hanging = Hanging(desk=desk, moments=moments, film=film)

    above = [(desk.manifest, film), *((scene, _host_of(scene.id, own)) for scene, own in scenes)]
    over = [layer for hung_on, host in above for layer in hanging.layers(hung_on.layers, host)]
    sounds = [sound for hung_on, host in above for sound in hanging.sounds(hung_on.sounds, host)]
    complete: list[PlacedShot] = []
    heard = own_sounds(desk, shots)
    for _, own in scenes:
        sounds += room_tones(desk, own, heard, film.end_frame_exclusive)
    for placed, own in zip(shots, heard, strict=True):
        host = _host_of(placed.shot.name, [placed])
        layers = (*hanging.layers(placed.shot.layers, host, within=host), *_lower_third(desk, placed))
        complete.append(replace(placed, layers=layers))
        sounds += [*own, *hanging.sounds(placed.shot.sounds, host)]
    return Timeline(
        rate=desk.rate,
        length_frames=film.end_frame_exclusive,
        shots=tuple(complete),
        over=tuple(over),
        sounds=tuple(sounds),
        chapters=_chapters(desk.manifest.title, scenes),
    )


def laid_out(desk: Desk) -> Timeline:
    """The episode as it is to be delivered. Raises Refused with all that was found where any of it is an error."""
    timeline = timeline_from(desk)
    if timeline is None or any(map(is_error, desk.findings)):
        empty = Finding(rule="empty", found="the episode has no shots", way_out="Add a [[scene.shot]].")
        raise Refused(desk.findings or [empty])
    return timeline
