"""The music that a scene is cut to, and where its beats and bars fall in the programme."""

from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction

from crowdcut.cut.bars import Passage, Passages, fitted, looped
from crowdcut.cut.desk import Desk
from crowdcut.episode import Anchor, Manifest, Rhythm, Scene, Shot, Sound
from crowdcut.findings import Severity, Where
from crowdcut.media import Media
from crowdcut.song.beats import Beats

SHORTEST_LOOP = Fraction(1, 10)
"""Seconds. Ten rounds a second are a tone already, and every round is a cue of the mix."""


def in_music(scene: Scene) -> bool:
    """Whether a scene goes by the beats of a music."""
    return scene.cut_to is not None or any(shot.pulse is not None for shot in scene.shots)


def music_of(manifest: Manifest, scene: Scene) -> tuple[tuple[Sound, bool], ...]:
    """The music that a scene may go by, in this order, and whether it hangs on the scene."""
    own = [(sound, True) for sound in scene.sounds]
    every = [*own, *((sound, False) for sound in manifest.sounds)]
    if scene.beats_of is not None:
        return tuple(one for one in every if one[0].use == scene.beats_of)
    first = [one for one in own if one[0].bus == "music"][:1]
    return tuple(first or (one for one in every if one[0].bus == "music"))


def _askers(manifest: Manifest) -> Iterator[tuple[str, dict[str, Where], str]]:
    """Contributions whose beats somebody goes by, with the origins of who does, and the key that says so."""
    for scene in manifest.scenes:
        pulsing = next((shot for shot in scene.shots if shot.pulse is not None), None)
        for sound, _ in music_of(manifest, scene):
            if scene.cut_to is not None:
                yield sound.use, scene.origin, "cut_to"
            if pulsing is not None:
                yield sound.use, pulsing.origin, "each"
    for host in (manifest, *(one for scene in manifest.scenes for one in (scene, *scene.shots))):
        yield from ((sound.use, sound.origin, "fit") for sound in host.sounds if sound.fitted)


def beats_asked(manifest: Manifest) -> dict[str, Where]:
    """The contributions whose beats the cut cannot do without, each with the first place that asks for them."""
    found: dict[str, Where] = {}
    for use, origin, key in _askers(manifest):
        found.setdefault(use, replace(origin.get(key) or origin.get("") or Where(), key=key))
    return found


def bar_seconds(beats: Beats) -> Fraction:
    """How long a bar usually lasts, source seconds."""
    return beats.meter * 60 / beats.bpm


def source_end(sound: Sound, media: Media) -> Fraction:
    """Source time at which a sound's used part ends, seconds."""
    assert media.sound is not None
    end = media.sound.start + media.sound.duration - media.origin
    return end if sound.out is None else min(end, sound.out)


def passages_of(desk: Desk, sound: Sound, seconds: Fraction) -> Passages:
    """What is played of music that jumps from bar to bar to fill its time; empty where it does not, or cannot.

    seconds : how long it shall last in the programme.
    """
    beats, jumps = desk.beats.get(sound.use), sound.fitted or (sound.loop and sound.bus == "music")
    if beats is None or not jumps or sound.reverse:
        return ()
    end, room, bar = source_end(sound, desk.media[sound.use]), seconds * sound.speed, bar_seconds(beats)
    if sound.fitted:
        return fitted(beats.bars, sound.in_, end, room, bar)
    return looped(beats.bars, sound.in_, end, room, bar, SHORTEST_LOOP * sound.speed)


@dataclass(frozen=True, slots=True, kw_only=True)
class Grid:
    """The beats or the bars of a music."""

    use: str
    """A contribution's id."""
    times: tuple[Fraction, ...]
    """Programme times, seconds, rising."""
    step: Fraction
    """How long it usually is from one to the next, seconds."""

    def near(self, moment: Fraction, within: Fraction) -> Sequence[Fraction]:
        """Those no further than ``within`` from a moment."""
        return self.times[bisect_left(self.times, moment - within) : bisect_right(self.times, moment + within)]

    def nearest(self, moment: Fraction) -> int | None:
        """The number of the nearest one; None where there is none at all."""
        after = bisect_left(self.times, moment)
        both = [one for one in (after - 1, after) if 0 <= one < len(self.times)]
        return min(both, key=lambda one: abs(self.times[one] - moment), default=None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Playing:
    """A music in its place, as far as it is known while the film is laid out scene by scene."""

    sound: Sound
    start: Fraction
    """Programme time, seconds."""
    end: Fraction
    """Programme time, seconds; of music that is fitted, where it is brought to its end."""

    def passages(self, desk: Desk) -> Passages:
        """What is played of it."""
        sound = self.sound
        found = passages_of(desk, sound, self.end - self.start)
        if found:
            return found
        last = source_end(sound, desk.media[sound.use])
        whole = Passage(start=sound.in_, end=last)
        room = (self.end - self.start) * sound.speed
        rounds = -(-room // (last - sound.in_)) if sound.loop and last - sound.in_ >= SHORTEST_LOOP else 1
        return (whole,) * int(rounds)

    def times(self, desk: Desk, moments: Sequence[Fraction], first: Fraction, last: Fraction) -> Iterator[Fraction]:
        """Programme times of those source times that are heard between two programme times, seconds."""
        at, speed = self.start, self.sound.speed
        for passage in self.passages(desk):
            after = at + (passage.end - passage.start) / speed
            if at < last and after > first:
                low, high = bisect_left(moments, passage.start), bisect_left(moments, passage.end)
                found = (at + (moment - passage.start) / speed for moment in moments[low:high])
                yield from (one for one in found if first <= one <= last)
            at = after

    def grid(self, desk: Desk, unit: Rhythm, first: Fraction, last: Fraction) -> Grid:
        """Its beats or bars between two programme times, seconds."""
        beats = desk.beats[self.sound.use]
        moments = beats.times if unit == "beat" else beats.bars
        step = (60 / beats.bpm if unit == "beat" else bar_seconds(beats)) / self.sound.speed
        # What ends with the music may end on a beat that a rounded end lies just before.
        last = min(last, self.end + 1 / desk.rate)
        times = list(self.times(desk, moments, first, last))
        while self.sound.fitted and times and times[-1] + step <= last:
            # It has come to its end up to half a bar too early; its beat goes on in silence.
            times.append(times[-1] + step)
        return Grid(use=self.sound.use, times=tuple(times), step=step)


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """A scene while it is laid out: where it stands, and what is known of what comes before."""

    desk: Desk
    scene: Scene
    start: Fraction
    """Programme time, seconds."""
    end: Fraction
    """As far as it is known."""
    horizon: Fraction
    """Programme time up to which music is followed, seconds: no earlier than the end."""
    moments: Mapping[str, Fraction]
    """Programme times of all scenes and shots with ids whose place is known by now, seconds."""

    def _moment(self, anchor: Anchor, own: bool) -> Fraction | None:
        """Programme time of an anchor; None where it is not known yet."""
        if anchor.base is None:
            return (self.start if own else Fraction(0)) + anchor.offset
        if anchor.base == "end":
            return self.end + anchor.offset if own else None
        found = self.moments.get(anchor.base)
        return None if found is None else found + anchor.offset

    def _end(self, sound: Sound, own: bool, start: Fraction) -> Fraction | None:
        """When a music ends at the latest; None where that is not known yet, and counts."""
        if sound.length is not None:
            return start + sound.length
        known = self._moment(sound.until, own) if sound.until is not None else self.end if own else None
        if sound.fitted:
            return known
        return known if sound.until is not None and known is not None else self.horizon

    def _playing(self, sound: Sound, own: bool) -> Playing | None:
        """A music that sounds within the scene; None where it does not, or where nobody knows yet when it does."""
        start = self._moment(sound.at, own)
        end = None if start is None else self._end(sound, own, start)
        if start is None or end is None:
            return None
        left = (source_end(sound, self.desk.media[sound.use]) - sound.in_) / sound.speed
        if not (sound.loop or sound.fitted):
            end = min(end, start + left)
        sounds = start < self.end and end > self.start and left > 0
        return Playing(sound=sound, start=start, end=end) if sounds else None

    def music(self, key: str, shot: Shot | None = None) -> Playing | None:
        """The music that the scene goes by; None with a finding where there is none, or no one."""
        origin, name = (shot.origin, shot.name) if shot is not None else (self.scene.origin, None)

        def complain(rule: str, found: str, way_out: str, severity: Severity = "error") -> None:
            self.desk.complain(rule, origin, key, found, way_out, severity=severity, shot=name)

        known = [one for one in music_of(self.desk.manifest, self.scene) if self._usable(one[0])]
        playing = [found for sound, own in known if (found := self._playing(sound, own)) is not None]
        uses = {one.sound.use for one in playing}
        if not playing:
            found = f"no music sounds in {self.scene.id}"
            if known:
                found += " whose place is known before the scene is cut"
            complain(
                "no-music", found, "Add a [[scene.music]], or tell when it begins, and a fitted one ends, as a time."
            )
        elif len(playing) > 1 and self.scene.beats_of is None:
            named = ", ".join(sorted(map(self.desk.named, uses)))
            complain("several-musics", f"several musics sound in {self.scene.id}: {named}", "Name one with beats_of.")
        elif playing[0].sound.reverse:
            found = f"{self.desk.named(playing[0].sound.use)} plays backwards"
            complain("no-beats", found, "Cut to music that plays forwards.")
        elif playing[0].sound.use not in self.desk.beats:
            # Whoever counts them has said why, and it was an error unless placeholders were asked for.
            found = f"the beats of {self.desk.named(playing[0].sound.use)} are not known, so nothing goes by them"
            complain("no-beats", found, "Give bpm and first_bar where it stands in the library.", "warning")
        else:
            return playing[0]
        return None

    def _usable(self, sound: Sound) -> bool:
        media = self.desk.media[sound.use]
        return media.refusal is None and media.sound is not None
