"""Bring the mix to its delivery: level, limit, encode once, and measure what came out."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import partial
from math import log10
from pathlib import Path

import numpy as np

from crowdcut.findings import Finding, JobFailed
from crowdcut.sound.orders import FinishOrder
from renderers.job import Input
from renderers.loudness.hops import gating_blocks, kept_powers
from renderers.loudness.kept_peaks import kept_peaks
from renderers.loudness.levelling import MAX_RAISE_DB, Level, Mix, keep_level, level_of, settled
from renderers.loudness.limiter import each_second_db, max_reduction_db, seconds_working
from renderers.loudness.meter import GATING_SAMPLES, Loudness, StepMeter, dbtp, gated, having_taken
from renderers.loudness.true_peak import STEP_SAMPLES, PeakFinder, Peaks, amplitude, decibels, largest_around
from renderers.sound.ahead import ahead, side_by_side
from renderers.sound.encode import Coded, Coding, Packets, Stretch, coded, packet_digests, splice, stretches_of
from renderers.sound.kept import keep_sound
from renderers.sound.pcm import Samples
from renderers.sound.play import played
from renderers.sound.steps import StepFile, Steps, blocks, made, smallest

_ROUNDS = 6
_TOLERANCE_LU = 0.2
"""How far from the target the decoded sound may be; deliveries allow 0.5 (EBU R 128) to 2 (ATSC A/85)."""
_CODING_LU = 1.5
"""Coding takes no more away than this; a programme that is further off cannot be made louder under its ceiling."""
_BELOW_DB = 0.5
"""How much lower than it was over the next round goes, for a tenth of a second; twice as much in each round. Coded
anew, sound comes out otherwise: noise by some dB."""
_EXCESS_DB = 0.005
"""What is over by less reads as the ceiling itself."""
_PACKET_STEPS = 2 * 1024 // STEP_SAMPLES
"""A packet of AAC holds 2048 samples: what is limited at one end of it changes how the other is coded."""
_AROUND_STEPS = 10 * _PACKET_STEPS
"""How far from a change packets may be others than before; and what the peaks' filter needs to settle."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Result:
    """What came of one level."""

    level: Level
    aim_lufs: float
    """What the level was settled for: the delivery's loudness and what coding takes away."""
    packets: Packets
    """Of this level alone until the next is tried."""
    heard: Loudness
    """The encoded sound, decoded again."""
    peaks: StepFile
    """Of the same, until the next is tried."""


def _margin_db(order: FinishOrder) -> float:
    """What coding adds to limited peaks, as a first guess that spares most programmes a second round: music at
    -14 LUFS was found 0 to 0.25 dB over at 256 kbit/s and up to 0.75 dB at 128."""
    return 0.3 if order.bit_rate >= 192_000 else 0.8


def _heard(blocks: Iterable[Samples]) -> StepMeter:
    return having_taken(StepMeter(), ahead(blocks))


def nominal_ceilings(mix: Mix, order: FinishOrder) -> Steps:
    """What the limiter keeps to, unless what is coded turns out to reach higher: one amplitude, read many times."""
    return np.broadcast_to(np.float32(amplitude(order.true_peak_dbtp - _margin_db(order))), len(mix.peaks))


def measured_mix(path: Path, length_samples: int) -> Mix:
    """A mix as it was heard when it was written."""
    powers = gating_blocks(kept_powers(path))
    integrated = gated(powers)
    if integrated is not None and length_samples < GATING_SAMPLES:
        # Its loudness while it lasts: the rest of the one block is silence.
        integrated += 10 * log10(GATING_SAMPLES / length_samples)
    peaks = kept_peaks(path)
    return Mix(path=path, length_samples=length_samples, integrated=integrated, peaks=peaks, powers=powers)


def _coding(order: FinishOrder) -> Coding:
    return Coding(codec=order.codec, bit_rate=order.bit_rate, length_samples=order.length_samples)


def _dialogue_lufs(mix: Mix, level: Level) -> int:
    """What AC-3 tells of the programme's loudness: its integrated loudness, as nobody knows more of its dialogue."""
    loudness = -31 if mix.integrated is None else round(mix.integrated + level.gain_db)
    return max(-31, min(-1, loudness))


def _coded(mix: Mix, order: FinishOrder, level: Level, changed: list[tuple[int, int]]) -> Iterator[Coded]:
    """The levelled mix where it changed."""

    def code(stretch: Stretch) -> Coded:
        blocks = level.blocks(mix, stretch.start_sample, stretch.end_sample_exclusive)
        return coded(stretch, blocks, _coding(order), dialogue_lufs=_dialogue_lufs(mix, level))

    return side_by_side(partial(code, stretch) for stretch in stretches_of(changed, _coding(order)))


def _found(blocks: Iterable[Samples]) -> Iterator[Peaks]:
    finder = PeakFinder()
    yield from map(finder.take, blocks)
    yield finder.rest()


def _hear_again(packets: Packets, coding: Coding, peaks: StepFile, changed: list[tuple[int, int]]) -> None:
    """Put the decoded sound's peaks around what changed in place of those that were there."""
    for start, end in changed:
        first = max(0, start // STEP_SAMPLES - _AROUND_STEPS)
        last = min(len(peaks), end // STEP_SAMPLES + _AROUND_STEPS)
        # Near its ends the filter sees a sound that breaks off, unless it does.
        kept = first + (_PACKET_STEPS if first else 0), last - (_PACKET_STEPS if last < len(peaks) else 0)
        end_exclusive = min(last * STEP_SAMPLES, coding.length_samples)
        for found in _found(played(packets, coding, first * STEP_SAMPLES, end_exclusive)):
            start, end = max(kept[0], first), min(kept[1], first + len(found))
            if start < end:
                peaks.put(start, found[start - first : end - first])
            first += len(found)


def _tried(mix: Mix, order: FinishOrder, level: Level, aim_lufs: float, before: _Result | None) -> _Result:
    """The levelled mix encoded and heard. What sounds as ``before`` is neither coded nor heard again."""
    changed = level.changed(before and before.level, mix.length_samples)
    packets, coding = before.packets if before else Packets(), _coding(order)
    splice(packets, _coded(mix, order, level, changed))
    if before is not None and before.level.gain == level.gain:
        peaks = before.peaks
        _hear_again(packets, coding, peaks, changed)
        heard = replace(before.heard, true_peak=dbtp(peaks))
    else:
        meter = _heard(played(packets, coding, 0, coding.length_samples))
        heard, peaks = meter.loudness(), meter.peaks
    return _Result(level=level, aim_lufs=aim_lufs, packets=packets, heard=heard, peaks=peaks)


def _excess_db(peaks: Peaks, order: FinishOrder) -> Peaks:
    """For each step how far the decoded sound is over the delivery's ceiling; 0.0 where it is under it."""
    ceiling = amplitude(order.true_peak_dbtp)
    excess = 20 * np.log10(np.maximum(peaks, ceiling) / ceiling)
    return np.where(excess < _EXCESS_DB, 0, excess)


def _is_over(peaks: Steps, order: FinishOrder) -> bool:
    return any(bool(_excess_db(part, order).any()) for _, part in blocks(peaks))


def _lowered(result: _Result, mix: Mix, order: FinishOrder, below_db: float) -> Steps:
    """Ceilings that are lower where the decoded sound was over: by so much under what went into the encoder there."""
    count = len(mix.peaks)

    def part(start: int, end: int) -> Peaks:
        first, last = max(0, start - _PACKET_STEPS), min(count, end + _PACKET_STEPS)
        kept = slice(start - first, end - first)
        around = largest_around(_excess_db(result.peaks[first:last], order), _PACKET_STEPS)[kept]
        given = largest_around(result.level.peaks(mix, first, last), _PACKET_STEPS)[kept]
        ceilings = result.level.ceilings[start:end]
        lowered = np.minimum(ceilings, given) * 10 ** (-(around + below_db) / 20)
        return np.where(around > 0, lowered, ceilings).astype(np.float32)

    return made(count, part)


def _mended(mix: Mix, order: FinishOrder, result: _Result, rounds: int) -> tuple[Level, float] | None:
    """What to try after so many rounds, and its aim; None when nothing is left to mend."""
    level, found, over = result.level, result.heard.integrated, _is_over(result.peaks, order)
    missing = order.integrated_lufs - found if found is not None else 0.0
    ceilings = level.ceilings
    if over:
        ceilings = _lowered(result, mix, order, _BELOW_DB * 2 ** (rounds - 1))
    if _TOLERANCE_LU < abs(missing) <= _CODING_LU and level.gain_db < MAX_RAISE_DB:
        aim_lufs = result.aim_lufs + missing
        return settled(mix, aim_lufs, ceilings), aim_lufs
    return (level_of(mix, level.gain_db, ceilings), result.aim_lufs) if over else None


def _still_over(heard: Loudness, order: FinishOrder) -> JobFailed:
    return JobFailed(
        Finding(
            rule="true-peak",
            found=f"the encoded sound still reaches {heard.true_peak:.2f} dBTP after {_ROUNDS} rounds of limiting",
            wanted=f"at most {order.true_peak_dbtp:.2f} dBTP",
            way_out="Make the loudest sounds quieter, or give the profile a higher audio bit rate or a lower loudness.",
        )
    )


def _finished(mix: Mix, order: FinishOrder) -> tuple[_Result, int]:
    """The result that is kept, and how many rounds of limiting, encoding and measuring it took."""
    aim_lufs = order.integrated_lufs
    level = settled(mix, aim_lufs, nominal_ceilings(mix, order))
    result, rounds = _tried(mix, order, level, aim_lufs, None), 1
    while (trying := _mended(mix, order, result, rounds)) is not None and rounds < _ROUNDS:
        result, rounds = _tried(mix, order, *trying, result), rounds + 1
    if _is_over(result.peaks, order):
        raise _still_over(result.heard, order)
    return result, rounds


def run(order: FinishOrder, inputs: Mapping[str, Input], out: Path) -> dict[str, object]:
    """Write the encoded sound to ``out``, for :mod:`renderers.sound.kept` to read, and how it was levelled beside it. A
    silent programme is left silent.

    Facts: of the encoded sound, decoded again, ``true_peak_dbtp`` and ``integrated_lufs`` (None for silence; as it was
    before single peaks were limited further); of the work ``gain_db``, ``raise_capped``, ``silent``, ``limiter``
    (``ceiling_dbtp``, its lowest, ``max_reduction_db``, ``seconds_working``), ``limited_db`` (how far down it went in
    each second) and ``rounds``; and ``packets``, a digest of each packet, one after another.
    Raises JobFailed (``true-peak``) when the peaks still exceed the ceiling after all rounds.
    """
    path = inputs["mix"].path
    assert path is not None
    mix = measured_mix(path, order.length_samples)
    result, rounds = _finished(mix, order)
    heard, level = result.heard, result.level
    keep_sound(result.packets, _coding(order), out)
    keep_level(level, out)
    lowest = decibels(smallest(level.ceilings))
    return {
        "integrated_lufs": heard.integrated,
        "true_peak_dbtp": heard.true_peak,
        "gain_db": round(level.gain_db, 3),
        "raise_capped": level.gain_db >= MAX_RAISE_DB,
        "silent": mix.integrated is None,
        "limiter": {
            "ceiling_dbtp": lowest and round(lowest, 3),
            "max_reduction_db": round(max_reduction_db(level.curve), 2),
            "seconds_working": round(seconds_working(level.curve), 2),
        },
        "limited_db": each_second_db(level.curve),
        "rounds": rounds,
        "packets": packet_digests(result.packets),
    }
