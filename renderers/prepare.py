"""Cut the wanted part out of a contribution's sound: 48 kHz stereo, to the sample, silent where there is none; at
another speed, or backwards, where the order says so."""

from collections.abc import Generator, Iterable, Iterator, Mapping
from contextlib import closing
from itertools import chain
from math import ceil
from pathlib import Path
from typing import BinaryIO

from crowdcut.records import record_from
from crowdcut.sound.hearing import Treatment
from crowdcut.sound.orders import PrepareOrder
from crowdcut.timing import is_clocks, nearest
from renderers.hearing.mending import SETTLING_SAMPLES, mended
from renderers.job import Input
from renderers.sound.decode import placed_sound
from renderers.sound.edges import eased
from renderers.sound.pcm import BLOCK_SAMPLES, SAMPLE_BYTES, Samples, bytes_of, silence
from renderers.sound.place import Damage, Placed, consecutive
from renderers.sound.resample import Resampler
from renderers.sound.tempo import HOP, LEAD, Tempo

_MILLION = 1_000_000


def _gapless(sound: Iterable[Placed], start: int, end_exclusive: int) -> Iterator[Samples]:
    """Sound from ``start`` to ``end_exclusive`` of source time without its places: gaps are silence."""
    at = start
    for placed in chain(sound, [Placed(start=end_exclusive, samples=silence(0))]):
        while at < placed.start:
            gap = min(BLOCK_SAMPLES, placed.start - at)
            yield silence(gap)
            at += gap
        yield placed.samples
        at = placed.end_exclusive


def _at_speed(sound: Iterable[Placed], order: PrepareOrder, start: int, end_exclusive: int) -> Iterator[Placed]:
    """The sound at the order's speed; places are those in what is written."""
    tempo, at = Tempo(abs(order.speed)), 0
    for samples in _gapless(sound, start, end_exclusive):
        made = tempo.take(samples)[:, : order.length_samples - at]
        if made.shape[1]:
            yield Placed(start=at, samples=made)
            at += made.shape[1]


def _by_clock(sound: Iterable[Placed], order: PrepareOrder, start: int, end_exclusive: int) -> Iterator[Placed]:
    """The sound of a clock that ran a little fast or slow: so little that its pitch may go with it."""
    at = 0
    # Of a resampler the ratio counts alone.
    resampler = Resampler(nearest(abs(order.speed) * _MILLION), _MILLION)
    for samples in chain(_gapless(sound, start, end_exclusive), [None]):
        made = resampler.rest() if samples is None else resampler.take(samples)
        made = made[:, : order.length_samples - at]
        if made.shape[1]:
            yield Placed(start=at, samples=made)
            at += made.shape[1]


def _write(file: BinaryIO, placed: Placed, order: PrepareOrder) -> None:
    """Put samples where they belong: backwards, the first is the last."""
    samples, at = placed.samples, placed.start
    if order.speed < 0:
        samples, at = samples[:, ::-1], order.length_samples - placed.end_exclusive
    file.seek(at * SAMPLE_BYTES)
    file.write(bytes_of(samples))


def _between(sound: Iterable[Placed], start: int, end_exclusive: int) -> Iterator[Placed]:
    return eased(consecutive(sound, start=start, end_exclusive=end_exclusive), start=start, end_exclusive=end_exclusive)


def _wanted(sound: Iterable[Placed], order: PrepareOrder) -> Iterator[Placed]:
    """The samples that the order asks for, in the places of what is written, as it runs forwards."""
    start = order.start_sample
    if is_clocks(order.speed):
        end = start + ceil(order.length_samples * abs(order.speed)) + HOP
        yield from _by_clock(_between(sound, start, end), order, start, end)
        return
    if abs(order.speed) != 1:
        end = start + (order.length_samples + HOP) * abs(order.speed).__ceil__() + LEAD + 2 * HOP
        yield from _at_speed(_between(sound, start - LEAD, end), order, start - LEAD, end)
        return
    for placed in _between(sound, start, start + order.length_samples):
        yield Placed(start=placed.start - start, samples=placed.samples)


def _mended(sound: Iterable[Placed], treatment: Treatment) -> Iterator[Placed]:
    yield from sound if treatment == Treatment() else mended(consecutive(sound), treatment)


def run(order: PrepareOrder, inputs: Mapping[str, Input], out: Path) -> dict[str, object]:
    """Write ``length_samples`` raw samples to ``out``.

    Facts: ``found_samples`` (how many of these the source had), ``remarks`` (what was wrong with it, a sentence each).
    Raises JobFailed naming the file where its sound cannot be decoded.
    """
    source = inputs["file"].path
    assert source is not None
    damage, found, treatment = Damage(), 0, Treatment()
    if order.treated:
        treatment = record_from(inputs[order.treated].facts["treatment"], Treatment)
    start = order.start_sample if treatment == Treatment() else order.start_sample - SETTLING_SAMPLES
    sound: Generator[Placed, None, None] = placed_sound(
        source, stream=order.stream, origin=order.origin, start_sample=start, damage=damage
    )
    with out.open("wb") as file, closing(sound):
        file.truncate(order.length_samples * SAMPLE_BYTES)
        for placed in _wanted(_mended(sound, treatment), order):
            _write(file, placed, order)
            found += placed.samples.shape[1]
    return {"found_samples": found, "remarks": list(damage.remarks())}
