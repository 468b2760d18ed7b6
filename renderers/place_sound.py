"""Where decoded sound belongs in source time: its timestamps obeyed, its samples brought to 48 kHz stereo.

Mono goes to both sides at -3 dB and surround is folded down by swresample's own matrix (fronts at 0 dB, centre and
surrounds at -3 dB, no LFE): BT.1770 then reads the same loudness from a mono file and from what is heard of it.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from fractions import Fraction
from math import gcd

from av import AudioFrame, AudioResampler

from crowdcut.timing import SAMPLE_RATE, nearest
from renderers.pcm import BLOCK_SAMPLES, Samples, joined, samples_of, silence
from renderers.resample import Resampler

# Timestamps this close to where the sound is are a muxer's rounding, not a gap: milliseconds in Matroska and FLV,
# jitter of browsers' recordings. Well inside what ITU-R BT.1359 calls undetectable between picture and sound.
_SLACK = Fraction(1, 50)
_FURTHEST_AHEAD = 3600
"""Seconds. A timestamp that jumps further ahead is not believed; smaller gaps are silence."""
_FURTHEST_BACK = 10
"""Seconds. A timestamp that jumps further back is not believed (a clock that began anew); smaller overlaps are cut."""
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
    broken_off: str = ""
    """Why the file could not be read to its end."""

    def remarks(self) -> tuple[str, ...]:
        """One sentence each."""
        return tuple(
            sentence
            for happened, sentence in (
                (self.packets, f"Parts of its sound could not be decoded and were left out (packets: {self.packets})."),
                (self.samples, f"Parts of its sound were not numbers and were silenced (samples: {self.samples})."),
                (self.jumps, f"The clock of its sound jumps and the sound was joined there (times: {self.jumps})."),
                (self.broken_off, f"Its sound breaks off: {self.broken_off}."),
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

    def __init__(self, origin: Fraction, damage: Damage, overhear: Overhear | None = None):
        self.origin = origin
        """Timestamp that is source time 0, seconds."""
        self.damage = damage
        self.overhear = overhear
        self.reckoned_rate: int | None = None
        """Samples a second by which a file without timestamps was given them; those at another rate are wrong. None: it
        has its own."""
        self.run: _Run | None = None
        self.due: int | None = None
        """Timestamp of a frame that just follows the last one; None where a tick is no sample."""
        self.to_stereo = AudioResampler("fltp", "stereo")
        self.form: tuple[str, str, int] | None = None

    def _stereo(self, frame: AudioFrame) -> Samples:
        form = (frame.format.name, frame.layout.name, frame.rate)
        if form[:2] == ("fltp", "stereo"):
            return samples_of(frame)
        if form != self.form:
            self.form, self.to_stereo = form, AudioResampler("fltp", "stereo")
        return joined([samples_of(part) for part in self.to_stereo.resample(frame)])

    def _place(self, frame: AudioFrame) -> int:
        """Source sample at which ``frame`` begins: where the last one ended, unless its timestamp says otherwise."""
        expected = self.run.end_exclusive * frame.rate // self.run.rate if self.run is not None else 0
        due, self.due = self.due, None
        if self.run is not None and self.reckoned_rate not in (None, frame.rate):
            return expected
        if frame.pts is None or frame.time_base is None:
            return expected
        if (frame.time_base.numerator, frame.time_base.denominator) == (1, frame.rate):
            self.due = frame.pts + frame.samples
        if self.run is not None and self.run.rate == frame.rate and frame.pts == due:
            return expected  # most frames of most files: fractions would cost as much as the decoding
        told = nearest((frame.pts * frame.time_base - self.origin) * frame.rate)
        if self.run is None:
            return told
        ahead = told - expected
        if not -_FURTHEST_BACK * frame.rate <= ahead <= _FURTHEST_AHEAD * frame.rate:
            self.damage.jumps += 1
            # The new clock is believed from here on, as if it had not jumped.
            self.origin += Fraction(ahead, frame.rate)
            return expected
        return expected if abs(ahead) <= _SLACK * frame.rate else told

    def take(self, frame: AudioFrame) -> Iterator[Placed]:
        """The next frame of the file; what can be placed by now."""
        place = self._place(frame)
        if self.overhear is not None:
            self.overhear(frame, place)
        if self.run is None or self.run.rate != frame.rate or self.run.end_exclusive != place:
            yield from self.rest()
            self.run = _Run(place, frame.rate)
        yield from self.run.take(self._stereo(frame))

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
