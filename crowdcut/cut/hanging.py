"""Places what hangs on the episode, a scene or a shot: layers, music, voices and effects, by time or by anchor."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Literal

from crowdcut import manifest as manifests
from crowdcut.cut.desk import Desk
from crowdcut.cut.filling import filled
from crowdcut.cut.pace import source_begin, speed_of
from crowdcut.cut.placed import PlacedLayer, PlacedSound
from crowdcut.cut.repairs import repair_for
from crowdcut.cut.rhythm import SHORTEST_LOOP, source_end
from crowdcut.manifest import Anchor
from crowdcut.sound.orders import Ducks
from crowdcut.timing import clock, nearest, seconds_to_frames, seconds_to_samples


@dataclass(frozen=True, slots=True, kw_only=True)
class Host:
    """What something hangs on: a stretch of the programme, in frames."""

    name: str
    start_frame: int
    end_frame_exclusive: int


Hung = manifests.Layer | manifests.Sound

MOST_ROUNDS = 50_000
"""Of all loops of a film: of a beat's length, they fill seven hours."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Hanging:
    """The hands that hang things: they know where the film's scenes and shots begin."""

    desk: Desk
    moments: Mapping[str, int]
    """First frame of each scene and shot that has an id."""
    film: Host

    def layers(
        self, layers: Iterable[manifests.Layer], host: Host, *, within: Host | None = None
    ) -> Iterator[PlacedLayer]:
        """Each layer that can be placed, where it hangs on ``host``. Nothing is drawn outside of ``within``: a shot's
        layers are part of it; None: the film.
        """
        for layer in layers:
            if not self._usable(layer, "picture"):
                continue
            media, begin = self.desk.media[layer.use], source_begin(layer)
            end = media.duration if media.kind == "video" else None
            if end is not None and begin >= end:
                key = "freeze" if layer.freeze is not None and layer.freeze.at is not None else "in"
                self._past_the_end(layer, key, begin, end)
                continue
            speed = abs(speed_of(layer, media))
            # A picture that is held stays for as long as one likes.
            left = (end - begin) / speed if end is not None and speed else None
            if stretch := self._stretch(layer, host, left, within):
                first, last = (seconds_to_frames(moment, self.desk.rate) for moment in stretch)
                yield PlacedLayer(layer=layer, start_frame=first, length_frames=max(1, last - first))

    def sounds(self, sounds: Iterable[manifests.Sound], host: Host) -> Iterator[PlacedSound]:
        """Each sound that can be placed, where it hangs on ``host``."""
        for sound in sounds:
            if not self._usable(sound, "sound"):
                continue
            left = self._sound_left(sound)
            if left is not None and sound.loop and left < SHORTEST_LOOP:
                found = f"a loop of {clock(left)} is too short to be one"
                self.desk.complain("short-loop", sound.origin, "loop", found, "Loop a tenth of a second or more.")
            elif left is not None and (
                stretch := self._stretch(sound, host, None if sound.loop or sound.fitted else left)
            ):
                placed = self._placed_sound(sound, host, stretch, left)
                yield placed if self.desk.rounds > MOST_ROUNDS else filled(self.desk, sound, placed, left)

    def _usable(self, hung: Hung, what: Literal["picture", "sound"]) -> bool:
        """Whether its contribution has what is asked of it; what is refused or broke is left out of a film with
        placeholders.
        """
        media = self.desk.media[hung.use]
        broke = what == "picture" and hung.use in self.desk.broken
        if media.refusal is not None or broke:
            found = f"{self.desk.named(hung.use)} {'broke' if broke else 'is refused'} and is left out"
            self.desk.complain("left-out", hung.origin, "use", found, "Ask for another file.", severity="warning")
            return False
        if getattr(media, what) is None:
            found = f"{self.desk.named(hung.use)} has no {what}"
            self.desk.complain(f"no-{what}", hung.origin, "use", found, f"Use a contribution that has a {what}.")
            return False
        return True

    def _sound_left(self, sound: manifests.Sound) -> Fraction | None:
        """Seconds that a sound plays from its ``in`` to its ``out`` or end; None with a finding where it has none."""
        end = source_end(sound, self.desk.media[sound.use])
        if sound.in_ < end:
            return (end - sound.in_) / sound.speed
        self._past_the_end(sound, "in", sound.in_, end)
        return None

    def _past_the_end(self, hung: Hung, key: str, begin: Fraction, end: Fraction) -> None:
        found = f"{clock(begin)} is past the end ({clock(end)}) of {self.desk.named(hung.use)}"
        self.desk.complain("past-the-end", hung.origin, key, found, "Begin earlier.")

    def _asked(self, hung: Hung) -> tuple[Fraction | None, str]:
        """Seconds that it is asked to last, and the key that says so; None: nothing does."""
        if isinstance(hung, manifests.Layer) and hung.out is not None:
            speed = abs(speed_of(hung, self.desk.media[hung.use]))
            return (hung.out - hung.in_) / (speed or 1), "out"
        return hung.length, "for"

    def _moment(self, anchor: Anchor, host: Host) -> Fraction:
        """Programme time of an anchor, seconds."""
        base = host.start_frame
        if anchor.base == "end":
            base = host.end_frame_exclusive
        elif anchor.base is not None:
            base = self.moments[anchor.base]
        return base / self.desk.rate + anchor.offset

    def _stretch(
        self, hung: Hung, host: Host, left: Fraction | None, within: Host | None = None
    ) -> tuple[Fraction, Fraction] | None:
        """Programme time (start, end) of what hangs, seconds; None with a finding where it is empty.

        left : how long its source lasts from its ``in``; None: as long as one likes.
        within : as in :meth:`layers`.
        """
        start = self._moment(hung.at, host)
        end = host.end_frame_exclusive / self.desk.rate
        asked, _ = self._asked(hung)
        if asked is not None:
            end = start + asked
        elif hung.until is not None:
            end = self._moment(hung.until, host)
        film_end = self.film.end_frame_exclusive / self.desk.rate
        if start < 0:
            found = f"it would begin {clock(-start)} before the film does"
            self.desk.complain("empty", hung.origin, "at", found, "Place it inside the film.")
            return None
        if end <= start and hung.until is not None:
            found = f"it would end ({clock(end)}) before it begins ({clock(start)}), in programme time"
            self.desk.complain("empty", hung.origin, "until", found, "Let it end later or begin earlier.")
            return None
        if not start < min(end, film_end):
            found = f"it would run from {clock(start)} to {clock(end)} of the programme"
            self.desk.complain("empty", hung.origin, "at", found, f"Place it inside {host.name}.")
            return None
        if left is not None:
            self._compare(hung, host, start, end, left)
            end = min(end, start + left)
        end = min(end, film_end)
        return (start, end) if within is None else self._kept_within(hung, within, start, end)

    def _kept_within(
        self, hung: Hung, within: Host, start: Fraction, end: Fraction
    ) -> tuple[Fraction, Fraction] | None:
        """The stretch up to the end of ``within``, with a note where a frame or more is cut; None if all of it is."""
        first, last = (frame / self.desk.rate for frame in (within.start_frame, within.end_frame_exclusive))
        frame = 1 / self.desk.rate
        if start > last - frame / 2 or end < first + frame / 2:
            found = f"it would run from {clock(start)} to {clock(end)} of the programme, when {within.name} is not seen"
            self.desk.complain("empty", hung.origin, "at", found, f"Place it inside {within.name}.")
            return None
        if max(end - last, first - start) >= frame:
            found = f"only what lies between {clock(first)} and {clock(last)} is seen of it: {within.name}"
            key = "until" if hung.until is not None else "for"
            self.desk.complain("cut-short", hung.origin, key, found, severity="note")
        return start, min(end, last)

    def _compare(self, hung: Hung, host: Host, start: Fraction, end: Fraction, left: Fraction) -> None:
        """Say where a source is shorter than asked for, or longer than there is room."""
        name, over = self.desk.named(hung.use), start + left - end
        asked, key = self._asked(hung)
        if over < 0 and asked is not None:
            found, way_out = f"{name} has only {clock(left)} from there", "Shorten it, or use loop = true for a sound."
            self.desk.complain("past-the-end", hung.origin, key, found, way_out)
        elif over < 0 and hung.until is not None:
            found, way_out = f"{name} ends {clock(-over)} before that", "A sound can loop = true."
            self.desk.complain("ends-early", hung.origin, "until", found, way_out, severity="warning")
        elif over > 0 and asked is None and hung.until is None:
            found = f"{name} is cut {clock(over)} before its end, where {host.name} ends"
            self.desk.complain(
                "cut-short", hung.origin, "use", found, "Say 'for' or 'until' to mean it.", severity="note"
            )

    def _ducks(self, sound: manifests.Sound) -> Ducks:
        if sound.ducks is None or sound.ducks == "usual":
            return "carve" if self.desk.look.duck.carve else "whole"
        return sound.ducks

    def _placed_sound(
        self, sound: manifests.Sound, host: Host, stretch: tuple[Fraction, Fraction], left: Fraction
    ) -> PlacedSound:
        first, last = (seconds_to_samples(moment) for moment in stretch)
        if sound.loop:
            self.desk.rounds += nearest((stretch[1] - stretch[0]) / left)
            if self.desk.rounds > MOST_ROUNDS:
                found = f"up to here loops begin anew {self.desk.rounds} times"
                way_out = f"{MOST_ROUNDS} times is the most. Loop something longer."
                self.desk.complain("short-loop", sound.origin, "loop", found, way_out)
        # A click is shorter than the template's fades: together they take half of it at most.
        short = min(self.desk.look.sound_fade, (stretch[1] - stretch[0]) / 4)
        return PlacedSound(
            use=sound.use,
            bus=sound.bus,
            source_start=sound.in_,
            speed=-sound.speed if sound.reverse else sound.speed,
            start_sample=first,
            length_samples=last - first,
            loop_samples=seconds_to_samples(left) if sound.loop else None,
            gain_db=sound.gain_db,
            fade_in_samples=seconds_to_samples(short if sound.fade_in is None else sound.fade_in),
            fade_out_samples=seconds_to_samples(short if sound.fade_out is None else sound.fade_out),
            ducks=self._ducks(sound),
            pan=sound.pan,
            repair=repair_for(self.desk, sound.use, sound.bus, sound.repair),
            shot=host.name,
        )
