"""The sound of a room for as long as it is needed: the quietest stretch of several recordings, again and again."""

from collections.abc import Iterator, Mapping
from contextlib import closing
from pathlib import Path

import numpy as np

from crowdcut.records import record_from
from crowdcut.sound.hearing import Treatment
from crowdcut.sound.orders import RoomOrder, RoomTake
from crowdcut.timing import SAMPLE_RATE
from renderers.hearing.mending import SETTLING_SAMPLES, mended
from renderers.job import Input
from renderers.loudness.true_peak import amplitude
from renderers.sound.decode import placed_sound
from renderers.sound.pcm import BLOCK_SAMPLES, Samples, bytes_of, joined, silence
from renderers.sound.place import Damage, consecutive

_OVERLAP_SAMPLES = SAMPLE_RATE // 2
"""At most, of one round with the next."""


def _quietest(order: RoomOrder, inputs: Mapping[str, Input]) -> int | None:
    """The number of the take whose room is the furthest under what happens in it: brought to the same level, it is
    the quietest. None where none has a steady second.
    """
    known = [(inputs[take.ambience].facts["dbfs"], inputs[take.heard].facts["integrated"]) for take in order.takes]
    under = [
        (dbfs - loud, number) for number, (dbfs, loud) in enumerate(known) if dbfs is not None and loud is not None
    ]
    return min(under)[1] if under else None


def _stretch(take: RoomTake, inputs: Mapping[str, Input]) -> Samples:
    """The samples of a take's quietest stretch, mended as the take itself is."""
    path, (start, end) = inputs[take.file].path, inputs[take.ambience].facts["stretch"]
    assert path is not None
    treatment = record_from(inputs[take.heard].facts["treatment"], Treatment)
    begun = start - SETTLING_SAMPLES
    with closing(placed_sound(path, stream=take.stream, damage=Damage(), start_sample=begun)) as sound:
        wanted = consecutive(mended(consecutive(sound), treatment), start=start, end_exclusive=end)
        samples = joined([placed.samples for placed in wanted])
    return samples * np.float32(amplitude(take.gain_db))


def _round(stretch: Samples) -> Samples:
    """A stretch whose end goes over into its own beginning, with even power: rooms hiss, and two moments of hiss have
    nothing in common."""
    shared = min(_OVERLAP_SAMPLES, stretch.shape[1] // 2)
    period = stretch.shape[1] - shared
    way = (np.arange(shared) + 0.5) / shared * (np.pi / 2)
    coming, going = np.sin(way).astype(np.float32), np.cos(way).astype(np.float32)
    joint = (stretch[:, :shared] * coming + stretch[:, period:] * going).astype(np.float32)
    return joined([joint, stretch[:, shared:period]])


def _repeated(one: Samples, length: int) -> Iterator[Samples]:
    for start in range(0, length, BLOCK_SAMPLES):
        places = np.arange(start, min(start + BLOCK_SAMPLES, length)) % one.shape[1]
        yield one[:, places]


def run(order: RoomOrder, inputs: Mapping[str, Input], out: Path) -> dict[str, object]:
    """Write ``length_samples`` raw samples to ``out``; silence where no take has a steady second.

    Facts: ``take``, the number of the one that it is from, or None; and of that one, as it was listened to,
    ``integrated``, ``floor`` and ``noise``, that it may be brought to its level; ``speech``: none.
    """
    chosen = _quietest(order, inputs)
    one = silence(BLOCK_SAMPLES) if chosen is None else _round(_stretch(order.takes[chosen], inputs))
    with out.open("wb") as file:
        for block in _repeated(one, order.length_samples):
            file.write(bytes_of(block))
    heard = {} if chosen is None else inputs[order.takes[chosen].heard].facts
    levels = {name: heard.get(name) for name in ("integrated", "floor", "noise")}
    return {"take": chosen, **levels, "speech": []}
