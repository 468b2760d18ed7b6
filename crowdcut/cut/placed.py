"""What a timeline holds: shots, layers and sounds in their places, in programme frames and samples."""

from dataclasses import dataclass
from fractions import Fraction

from crowdcut import manifest as manifests
from crowdcut.manifest import Shot
from crowdcut.orders import Chapter
from crowdcut.sound.orders import USUAL_REPAIR, Bus, Ducks, Fade, Repair
from crowdcut.timing import frames_to_samples


@dataclass(frozen=True, slots=True, kw_only=True)
class PlacedShot:
    """A shot in its place. Shots overlap by their transitions."""

    shot: Shot
    scene: str
    start_frame: int
    length_frames: int
    source_start: Fraction
    """Source time of its first frame, seconds."""
    speed: Fraction = Fraction(1)
    """Source seconds that pass in a second: negative where it plays backwards, 0 where one picture is held."""
    into_kind: str | None = None
    into_frames: int = 0
    """Frames that its transition lasts: shared with the shot before, or from black."""
    moved_frames: int = 0
    """By how many its cut was moved to a beat of the music; less than 0: to an earlier one."""
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
class Jump:
    """A bar line of the programme on which a music goes on from another of its own bar lines."""

    at_samples: int
    """From the sound's first."""
    source: Fraction
    """Source time of the bar line that it goes on from, seconds."""
    source_before: Fraction
    """Source time of the one that it has come to, seconds."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Room:
    """A contribution whose room may be heard, as the contribution itself is heard nearest to it."""

    use: str
    gain_db: float = 0.0
    repair: Repair | None = USUAL_REPAIR
    """What may be done to it; None: nothing at all."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PlacedSound:
    """A stretch of a contribution's sound in its place."""

    use: str
    """A contribution's id."""
    bus: Bus
    source_start: Fraction
    """Earliest source time that is heard, seconds: its first sample's, unless it plays backwards."""
    start_sample: int
    length_samples: int
    speed: Fraction = Fraction(1)
    """Source seconds that play in a second; negative: backwards."""
    loop_samples: int | None = None
    """After how many samples the stretch begins again; None: it does not."""
    jumps: tuple[Jump, ...] = ()
    """Where it goes on from another place, in order; empty: it plays through, or loops."""
    gain_db: float = 0.0
    fade_in_samples: int = 0
    fade_out_samples: int = 0
    fade: Fade = "raised-cosine"
    early: Fraction = Fraction(0)
    """Seconds by which a shot's own sound begins before its picture; negative: after it."""
    late: Fraction = Fraction(0)
    """Seconds by which it ends after its picture; negative: before it."""
    ducks: Ducks = "whole"
    """How it gives way to speech, where its bus does."""
    pan: Fraction | None = None
    """From -1, left, to 1, right: it is heard from there, both of its sides in one; None: as it is."""
    rooms: tuple[Room, ...] = ()
    """Of room tone: the contributions of which it is the quietest."""
    repair: Repair | None = USUAL_REPAIR
    """What may be done to it; None: nothing at all."""
    shot: str | None = None
    """The shot or scene it belongs to, for messages."""

    @property
    def end_sample_exclusive(self) -> int:
        """One past its last sample."""
        return self.start_sample + self.length_samples


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
