"""Decoded sound in its places: frames with timestamps become blocks of 48 kHz stereo in source time."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from fractions import Fraction
from math import gcd

from av import AudioFrame

from crowdcut.timing import SAMPLE_RATE, clock
from renderers.sound.folding import Fold
from renderers.sound.pcm import BLOCK_SAMPLES, Samples, joined, silence
from renderers.sound.resample import Resampler
from renderers.sound.sound_clock import SoundClock

_BLOCK = 16_384
"""Source samples that go to the resampler at a time: a frame at a time costs more than the resampling."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Placed:
    """Consecutive samples and where they belong."""

    start: int
    """Source time of the first, in samples at 48 kHz; may be negative."""
    samples: Samples

    @property
    def end_exclusive(self) -> int:
        """Source time just after the last, in samples at 48 kHz."""
        return self.start + self.samples.shape[1]


@dataclass(slots=True, kw_only=True)
class Damage:
    """What was wrong with a file while its sound was read."""

    packets: int = 0
    """Packets that could not be decoded and were left out."""
    samples: int = 0
    """Samples at 48 kHz that were no numbers or absurdly loud, and were silenced."""
    jumps: int = 0
    """Leaps of the timestamps that were not believed."""
    broken_off: Fraction | None = None
    """Source time from which on the file cannot be read, seconds; None: it can be read to its end."""

    def remarks(self) -> tuple[str, ...]:
        """One sentence each."""
        return tuple(
            sentence
            for happened, sentence in (
                (self.packets, f"parts of its sound could not be decoded and were left out (packets: {self.packets})"),
                (self.samples, f"parts of its sound were not numbers and were silenced (samples: {self.samples})"),
                (self.jumps, f"the clock of its sound jumps and the sound was joined there (times: {self.jumps})"),
                (self.broken_off, f"what comes after {clock(self.broken_off or 0)} cannot be read"),
            )
            if happened
        )


class _Run:
    """Frames that follow each other without a gap, on their way to 48 kHz. It begins on a source sample that is also
    a sample at 48 kHz (up to 160 samples of silence are put before), so nothing is moved by a fraction."""

    def __init__(self, start: int, rate: int):
        padding = start % (rate // gcd(rate, SAMPLE_RATE))
        self.rate = rate
        self.end_exclusive = start
        """Source sample, counted from source time 0, that is expected next."""
        self._place = (start - padding) * SAMPLE_RATE // rate
        self._resampler = None if rate == SAMPLE_RATE else Resampler(rate, SAMPLE_RATE)
        self._collected = [silence(padding)]
        self._length = 0

    def _given_out(self) -> Iterator[Placed]:
        """What has been collected, as one block; nothing where the resampler keeps it all."""
        collected, self._collected, self._length = joined(self._collected), [], 0
        samples = collected if self._resampler is None else self._resampler.take(collected)
        yield from self._placed(samples)

    def _placed(self, samples: Samples) -> Iterator[Placed]:
        if samples.shape[1]:
            yield Placed(start=self._place, samples=samples)
            self._place += samples.shape[1]

    def take(self, samples: Samples) -> Iterator[Placed]:
        self._collected.append(samples)
        self._length += samples.shape[1]
        self.end_exclusive += samples.shape[1]
        if self._length >= _BLOCK:
            yield from self._given_out()

    def rest(self) -> Iterator[Placed]:
        yield from self._given_out()
        if self._resampler is not None:
            yield from self._placed(self._resampler.rest())


Overhear = Callable[[AudioFrame, int], object]
"""Is told each frame as it was decoded, and its first sample's place in source time, at the frame's own rate."""


class Placer:
    """Turns frames with timestamps into runs, and runs into placed samples."""

    def __init__(self, clock: SoundClock, damage: Damage):
        self.clock = clock
        self.damage = damage
        self.overhear: Overhear | None = None
        self.run: _Run | None = None
        self.fold = Fold()

    def take(self, frame: AudioFrame) -> Iterator[Placed]:
        """The next frame of the file; what can be placed by now. Raises Unfit where it cannot be made stereo."""
        place = self.clock.place(frame)
        self.damage.jumps = self.clock.jumps
        if self.overhear is not None:
            self.overhear(frame, place)
        if self.run is None or self.run.rate != frame.rate or self.run.end_exclusive != place:
            yield from self.rest()
            self.run = _Run(place, frame.rate)
        yield from self.run.take(self.fold.stereo(frame))

    def break_off(self) -> None:
        """There is more in the file, and none of it can be read."""
        self.damage.broken_off = self.clock.end

    def rest(self) -> Iterator[Placed]:
        """What is left of the last run."""
        if self.run is not None:
            yield from self.run.rest()


def consecutive(
    sound: Iterable[Placed], *, start: int | None = None, end_exclusive: int | None = None
) -> Iterator[Placed]:
    """The same cut to [start, end_exclusive) of source time, in order and without overlap; gaps stay.

    What comes first wins where two blocks claim the same time.
    """
    for placed in sound:
        at = placed.start if start is None else start
        if end_exclusive is not None and at >= end_exclusive:
            return
        late = max(0, at - placed.start)
        over = 0 if end_exclusive is None else max(0, placed.end_exclusive - end_exclusive)
        kept = placed.samples[:, late : max(late, placed.samples.shape[1] - over)]
        if kept.shape[1]:
            yield Placed(start=placed.start + late, samples=kept)
        start = max(at, placed.end_exclusive)


def filled(sound: Iterable[Placed], *, start: int | None = None) -> Iterator[tuple[Samples, bool]]:
    """Consecutive sound with silence in its gaps, at most a second of it at a time; and whether each block is a gap.

    start : source time from which on, at 48 kHz; None: from the first sample.
    """
    at = start
    for placed in sound:
        for gap in range(placed.start if at is None else at, placed.start, BLOCK_SAMPLES):
            yield silence(min(BLOCK_SAMPLES, placed.start - gap)), True
        yield placed.samples, False
        at = placed.end_exclusive
