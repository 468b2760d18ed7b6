"""Who is seen and heard when: the manifest and the examined files, laid out in programme frames and samples."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Literal

from crowdcut import manifest as manifests
from crowdcut.findings import Finding, Where
from crowdcut.library import Library
from crowdcut.look import Look
from crowdcut.manifest import Anchor, Manifest, Scene, Shot
from crowdcut.media import Media
from crowdcut.orders import Bus, Chapter
from crowdcut.timing import clock, frames_to_samples, nearest, seconds_to_frames, seconds_to_samples


@dataclass(frozen=True, slots=True, kw_only=True)
class PlacedShot:
    """A shot in its place. Shots overlap by their transitions."""

    shot: Shot
    scene: str
    start_frame: int
    length_frames: int
    source_start: Fraction
    """Source time of its first frame, seconds."""
    into_kind: str | None = None
    into_frames: int = 0
    """Frames that its transition lasts: shared with the shot before, or from black."""
    layers: tuple["PlacedLayer", ...] = ()
    """Layers that hang on the shot and dissolve with it; bottom first."""

    @property
    def end_frame_exclusive(self) -> int:
        """One past its last frame."""
        return self.start_frame + self.length_frames


@dataclass(frozen=True, slots=True, kw_only=True)
class PlacedLayer:
    """A picture over others: a contribution, or the words of a lower third."""

    layer: manifests.Layer | None
    """None for a lower third."""
    words: tuple[str, ...] = ()
    """A lower third's lines."""
    start_frame: int
    """Programme frame."""
    length_frames: int


@dataclass(frozen=True, slots=True, kw_only=True)
class PlacedSound:
    """A stretch of a contribution's sound in its place."""

    use: str
    """A contribution's id."""
    bus: Bus
    source_start: Fraction
    """Source time of its first sample, seconds."""
    start_sample: int
    length_samples: int
    loop_samples: int | None = None
    """After how many samples the stretch begins again; None: it does not."""
    gain_db: float = 0.0
    fade_in_samples: int = 0
    fade_out_samples: int = 0
    fade: Literal["linear", "equal-power"] = "linear"
    shot: str | None = None
    """The shot or scene it belongs to, for messages."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Timeline:
    """One delivery of an episode, laid out."""

    rate: Fraction
    length_frames: int
    shots: tuple[PlacedShot, ...]
    over: tuple[PlacedLayer, ...]
    """Layers that hang on a scene or on the episode, above all shots and transitions."""
    sounds: tuple[PlacedSound, ...]
    chapters: tuple[Chapter, ...]

    @property
    def length_samples(self) -> int:
        """Of the whole programme."""
        return frames_to_samples(self.length_frames, self.rate)


@dataclass(slots=True)
class Desk:
    """What laying out needs at hand, and the findings it leaves behind."""

    manifest: Manifest
    library: Library
    media: Mapping[str, Media]
    """Examined contributions by id: every one that is used and can be used."""
    look: Look
    rate: Fraction
    """The delivery's, frames a second."""
    credits_frames: int
    """Length of the credit roll on this raster."""
    working_copy: bool
    """Whether ``wanted`` shots may stand as slates."""
    findings: list[Finding] = field(default_factory=list)

    def complain(self, rule: str, origin: Mapping[str, Where], key: str, found: str, way_out: str = "", **more: object):
        """Leave a finding at the place a key's value came from."""
        where = origin.get(key) or origin.get("") or Where()
        severity = more.pop("severity", "error")
        self.findings.append(
            Finding(
                rule=rule,
                severity=severity,  # type: ignore[arg-type]
                where=Where(file=where.file, line=where.line, key=key or None, shot=more.get("shot")),  # type: ignore[arg-type]
                found=found,
                way_out=way_out,
            )
        )

    def leave_out(self, hanging: manifests.Layer | manifests.Sound) -> None:
        """Say that something refused is left out of a film with placeholders."""
        found = f"{self.named(hanging.use)} is refused and left out"
        self.complain("left-out", hanging.origin, "use", found, "Ask for another file.", severity="warning")

    def named(self, use: str) -> str:
        """``walk.mov (by Bo)``: a contribution as messages name it."""
        contribution = self.library.contributions[use]
        names = [self.library.contributors[part.contributor].name for part in contribution.by]
        return f"{contribution.name} (by {', '.join(names)})" if names else contribution.name


def _wanted_length(desk: Desk, shot: Shot) -> Fraction | None:
    """Seconds that a shot's own keys, its template or its words ask for; None: as long as its source lasts."""
    look = desk.look
    if shot.length is not None:
        return shot.length
    if shot.out is not None:
        return shot.out - (shot.in_ or 0)
    if shot.card is not None:
        card = look.cards.get(shot.card)
        if shot.card == "credits" or card is None or not card.length:
            return desk.credits_frames / desk.rate
        return card.length
    if shot.use is not None and desk.media[shot.use].refusal is not None:
        return look.still_length
    words = shot.text if shot.use is None else desk.media[shot.use].text
    if words is not None:
        return max(look.text_seconds, look.text_seconds + look.text_seconds_a_character * len(words))
    if shot.use is not None and desk.media[shot.use].kind in ("still", "animation"):
        return look.still_length
    return None


def _checked_length(desk: Desk, shot: Shot, wanted: Fraction | None) -> Fraction:
    """Seconds that the shot lasts, held against what its clip has."""
    media = desk.media[shot.use] if shot.use is not None else None
    start = shot.in_ or Fraction(0)
    available = media.duration if media is not None and media.kind == "video" else None
    if available is None:
        if wanted is None:
            desk.complain(
                "no-length", shot.origin, "for", "nothing says how long this is shown", "Add 'for'.", shot=shot.name
            )
        return wanted or Fraction(1)
    assert shot.use is not None
    name, end = desk.named(shot.use), clock(available)
    if start >= available:
        found = f"{clock(start)} is past the end ({end}) of {name}"
        desk.complain("past-the-end", shot.origin, "in", found, "Begin earlier.", shot=shot.name)
        return Fraction(1)
    # Half a source picture of grace: "0:09" of a clip that a player shows as 9 seconds long is no slip.
    grace = Fraction(1, 2) / media.picture.rate if media is not None and media.picture and media.picture.rate else 0
    if wanted is not None and start + wanted > available + grace:
        key = "out" if shot.out is not None else "for"
        found = f"{clock(start + wanted)} is past the end ({end}) of {name}"
        desk.complain("past-the-end", shot.origin, key, found, f"Shorten it or leave '{key}' away.", shot=shot.name)
        return available - start
    return min(wanted, available - start) if wanted is not None else available - start


def _shot_frames(desk: Desk, shot: Shot) -> int:
    """Programme frames (at the manifest's rate) that a shot lasts; at least one."""
    wanted = _wanted_length(desk, shot)
    rate = desk.manifest.rate
    if shot.card == "credits" and shot.length is None:
        return max(1, nearest(desk.credits_frames * rate / desk.rate))
    seconds = _checked_length(desk, shot, wanted)
    # A whole clip never asks for a frame past its end; a length that was asked for is kept to the nearest frame.
    frames = int(seconds * rate) if wanted is None else seconds_to_frames(seconds, rate)
    return max(1, frames)


def _into_frames(desk: Desk, shot: Shot, length: int, before: int | None) -> int:
    """Programme frames of a shot's transition, held against the shots it joins.

    ``length`` is the shot's own; ``before`` what is left of the one before after that one's transition.
    """
    if shot.into is None:
        return 0
    frames = seconds_to_frames(shot.into.length, desk.manifest.rate)
    for limit, which in ((length, "this shot"), (before, "the shot before")):
        if limit is not None and frames > limit:
            desk.complain(
                "long-transition",
                shot.origin,
                "into",
                f"{shot.into.kind} of {frames} frames, but {which} has {limit}",
                "Shorten the transition or lengthen the shot.",
                shot=shot.name,
            )
            return 0
    return frames


def _seen_frames(desk: Desk, shot: Shot, length: int) -> int:
    """The delivery's frames of a shot, which must be at least one: a shot that nobody sees is no delivery of it."""
    if length < 1:
        found = f"this shot is too short to be seen at {float(desk.rate):.3f} frames a second"
        desk.complain("too-short", shot.origin, "for", found, "Make it longer.", shot=shot.name)
    return max(1, length)


def _placed_shots(desk: Desk) -> list[PlacedShot]:
    """All shots in order. Within a scene times are rounded from its first frame, so no change reaches past it."""

    def at(frames: int) -> int:
        """The delivery's frame of a programme frame, both counted from the scene's first."""
        return nearest(frames / desk.manifest.rate * desk.rate)

    placed: list[PlacedShot] = []
    free: int | None = None  # programme frames of the shot before that are not its own transition's
    for scene in desk.manifest.scenes:
        scene_start: int | None = None
        offset = 0  # programme frames from the scene's first
        for shot in scene.shots:
            length = _shot_frames(desk, shot)
            into = _into_frames(desk, shot, length, free)
            begins = offset - (into if scene_start is not None else 0)
            into_frames = at(begins + into) - at(begins)
            if scene_start is None:
                previous = placed[-1] if placed else None
                if previous is not None:
                    # Each scene rounds from its own first frame, so the shot before may be a frame short of it.
                    into_frames = min(into_frames, previous.length_frames - previous.into_frames)
                scene_start = previous.end_frame_exclusive - into_frames if previous is not None else 0
            placed.append(
                PlacedShot(
                    shot=shot,
                    scene=scene.id,
                    start_frame=scene_start + at(begins),
                    length_frames=_seen_frames(desk, shot, at(begins + length) - at(begins)),
                    source_start=shot.in_ or Fraction(0),
                    into_kind=shot.into.kind if shot.into and into_frames else None,
                    into_frames=into_frames,
                )
            )
            offset, free = begins + length, length - into
    return placed


@dataclass(frozen=True, slots=True, kw_only=True)
class _Host:
    """What something hangs on: a stretch of the programme, in frames."""

    name: str
    start_frame: int
    end_frame_exclusive: int


def _moment(desk: Desk, anchor: Anchor, host: _Host, ids: Mapping[str, int]) -> Fraction:
    """Programme time of an anchor, seconds; ``ids`` are scenes and shots by the frame they start at."""
    base = host.start_frame
    if anchor.base == "end":
        base = host.end_frame_exclusive
    elif anchor.base is not None:
        base = ids[anchor.base]
    return base / desk.rate + anchor.offset


def _stretch(
    desk: Desk,
    hanging: manifests.Layer | manifests.Sound,
    host: _Host,
    ids: Mapping[str, int],
    available: Fraction | None,
) -> tuple[Fraction, Fraction] | None:
    """Programme time (start, end) of something that hangs, seconds; None with a finding where it is empty."""
    start = _moment(desk, hanging.at, host, ids)
    host_end = host.end_frame_exclusive / desk.rate
    end = host_end
    asked = hanging.length is not None or hanging.until is not None
    if hanging.length is not None:
        end = start + hanging.length
    elif hanging.until is not None:
        end = _moment(desk, hanging.until, host, ids)
    if available is not None and start + available < end:
        if hanging.length is not None:
            found = f"{desk.named(hanging.use)} has only {clock(available)} from there"
            desk.complain("past-the-end", hanging.origin, "for", found, "Shorten it, or use loop = true for a sound.")
        elif hanging.until is not None:
            found = f"{desk.named(hanging.use)} ends {clock(end - start - available)} before that"
            desk.complain("ends-early", hanging.origin, "until", found, "A sound can loop = true.", severity="warning")
        end = start + available
    elif available is not None and not asked and start < end < start + available:
        lost = start + available - end
        found = f"{desk.named(hanging.use)} is cut {clock(lost)} before its end, where {host.name} ends"
        desk.complain("cut-short", hanging.origin, "use", found, "Say 'for' or 'until' to mean it.", severity="note")
    if not 0 <= start < end:
        found = f"it would run from {clock(start)} to {clock(end)} of the programme"
        desk.complain("empty", hanging.origin, "at", found, f"Place it inside {host.name}.")
        return None
    return start, end


def _placed_layer(desk: Desk, layer: manifests.Layer, host: _Host, ids: Mapping[str, int]) -> Iterator[PlacedLayer]:
    media = desk.media[layer.use]
    if media.refusal is not None:
        desk.leave_out(layer)
        return
    if media.picture is None:
        desk.complain("no-picture", layer.origin, "use", f"{desk.named(layer.use)} has no picture", "Use a picture.")
        return
    available = media.picture.duration - layer.in_ if media.kind == "video" else None
    if stretch := _stretch(desk, layer, host, ids, available):
        first, last = (seconds_to_frames(moment, desk.rate) for moment in stretch)
        yield PlacedLayer(layer=layer, start_frame=first, length_frames=max(1, last - first))


def _placed_sound(desk: Desk, sound: manifests.Sound, host: _Host, ids: Mapping[str, int]) -> Iterator[PlacedSound]:
    media = desk.media[sound.use]
    if media.refusal is not None:
        desk.leave_out(sound)
        return
    if media.sound is None:
        desk.complain("no-sound", sound.origin, "use", f"{desk.named(sound.use)} has no sound", "Use a sound.")
        return
    source_end = media.sound.start + media.sound.duration - media.origin
    limit = min(sound.out, source_end) if sound.out is not None else source_end
    if sound.in_ >= limit:
        found = f"{clock(sound.in_)} is past the end ({clock(limit)}) of {desk.named(sound.use)}"
        desk.complain("past-the-end", sound.origin, "in", found, "Begin earlier.")
        return
    stretch = _stretch(desk, sound, host, ids, None if sound.loop else limit - sound.in_)
    if stretch is None:
        return
    first, last = (seconds_to_samples(moment) for moment in stretch)
    programme_end = frames_to_samples(ids["end"], desk.rate)
    short = desk.look.sound_fade
    yield PlacedSound(
        use=sound.use,
        bus=sound.bus,
        source_start=sound.in_,
        start_sample=first,
        length_samples=min(last, programme_end) - first,
        loop_samples=seconds_to_samples(limit - sound.in_) if sound.loop else None,
        gain_db=sound.gain_db,
        fade_in_samples=seconds_to_samples(short if sound.fade_in is None else sound.fade_in),
        fade_out_samples=seconds_to_samples(short if sound.fade_out is None else sound.fade_out),
        shot=host.name,
    )


def _shot_sound(desk: Desk, placed: PlacedShot, following: PlacedShot | None) -> Iterator[PlacedSound]:
    """A clip's own sound, crossfaded where its picture dissolves."""
    shot = placed.shot
    if shot.use is None or shot.sound == "mute":
        return
    media = desk.media[shot.use]
    if media.kind != "video" or media.sound is None:
        return
    leaves = following.into_frames if following else 0
    short = seconds_to_samples(desk.look.sound_fade)
    yield PlacedSound(
        use=shot.use,
        bus="shot",
        source_start=placed.source_start,
        start_sample=frames_to_samples(placed.start_frame, desk.rate),
        length_samples=frames_to_samples(placed.length_frames, desk.rate),
        gain_db=shot.gain_db,
        fade_in_samples=max(short, frames_to_samples(placed.into_frames, desk.rate)),
        fade_out_samples=max(short, frames_to_samples(leaves, desk.rate)),
        fade="equal-power" if placed.into_frames or leaves else "linear",
        shot=shot.name,
    )


def _lower_third(desk: Desk, placed: PlacedShot) -> Iterator[PlacedLayer]:
    wish = placed.shot.lower_third
    if wish is None:
        return
    if wish.text is not None:
        lines = tuple(line.strip() for line in wish.text.strip().splitlines()[:2])
    else:
        contribution = desk.library.contributions[placed.shot.use or ""]
        names = ", ".join(desk.library.contributors[part.contributor].name for part in contribution.by)
        lines = tuple(filter(None, (names, contribution.title)))
    at = desk.look.lower_third_at if wish.at is None else wish.at
    length = desk.look.lower_third_length if wish.length is None else wish.length
    first = seconds_to_frames(at, desk.rate)
    # A shot too short for the template's times shows it throughout.
    if wish.at is None and wish.length is None and first * 2 >= placed.length_frames:
        first = 0
    last = min(first + seconds_to_frames(length, desk.rate), placed.length_frames)
    if lines and first < last:
        yield PlacedLayer(layer=None, words=lines, start_frame=placed.start_frame + first, length_frames=last - first)


def _checked_uses(desk: Desk) -> None:
    """What a shot's source cannot be."""
    for scene in desk.manifest.scenes:
        for shot in scene.shots:
            if shot.wanted is not None and not desk.working_copy:
                found = f"this shot is still wanted: {shot.wanted}"
                way_out = "Use --placeholder to build with a slate there."
                desk.complain("wanted", shot.origin, "wanted", found, way_out, shot=shot.name)
            if shot.use is None:
                continue
            media = desk.media[shot.use]
            if media.picture is None and media.text is None and media.refusal is None:
                found = f"{desk.named(shot.use)} has no picture"
                way_out = "Use it as music, voice or effect."
                desk.complain("no-picture", shot.origin, "use", found, way_out, shot=shot.name)


def _hung(desk: Desk, scene: Scene, shots: list[PlacedShot]) -> _Host:
    return _Host(name=scene.id, start_frame=shots[0].start_frame, end_frame_exclusive=shots[-1].end_frame_exclusive)


def timeline_from(desk: Desk) -> Timeline | None:
    """Lay out the episode; what is wrong is left in ``desk.findings``. None: nothing can be laid out."""
    _checked_uses(desk)
    shots = _placed_shots(desk)
    if not shots:
        return None
    length = shots[-1].end_frame_exclusive
    scenes = [(scene, [one for one in shots if one.scene == scene.id]) for scene in desk.manifest.scenes]
    scenes = [(scene, own) for scene, own in scenes if own]
    ids = {scene.id: own[0].start_frame for scene, own in scenes}
    ids |= {one.shot.id: one.start_frame for one in shots if one.shot.id is not None}
    ids["end"] = length

    film = _Host(name="the film", start_frame=0, end_frame_exclusive=length)
    over: list[PlacedLayer] = []
    sounds: list[PlacedSound] = []
    complete: list[PlacedShot] = []
    for hanging, host in [(desk.manifest, film), *((scene, _hung(desk, scene, own)) for scene, own in scenes)]:
        over.extend(placed for layer in hanging.layers for placed in _placed_layer(desk, layer, host, ids))
        sounds.extend(placed for sound in hanging.sounds for placed in _placed_sound(desk, sound, host, ids))
    for placed, following in zip(shots, [*shots[1:], None], strict=True):
        host = _Host(
            name=placed.shot.name, start_frame=placed.start_frame, end_frame_exclusive=placed.end_frame_exclusive
        )
        own = [one for layer in placed.shot.layers for one in _placed_layer(desk, layer, host, ids)]
        own.extend(_lower_third(desk, placed))
        complete.append(
            PlacedShot(
                shot=placed.shot,
                scene=placed.scene,
                start_frame=placed.start_frame,
                length_frames=placed.length_frames,
                source_start=placed.source_start,
                into_kind=placed.into_kind,
                into_frames=placed.into_frames,
                layers=tuple(own),
            )
        )
        sounds.extend(_shot_sound(desk, placed, following))
        sounds.extend(one for sound in placed.shot.sounds for one in _placed_sound(desk, sound, host, ids))
    chapters = tuple(
        Chapter(title=scene.title, start_frame=own[0].start_frame) for scene, own in scenes if scene.chapter
    )
    return Timeline(
        rate=desk.rate,
        length_frames=length,
        shots=tuple(complete),
        over=tuple(over),
        sounds=tuple(sounds),
        chapters=chapters,
    )
