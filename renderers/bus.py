"""One bus of the programme: its sounds at their levels, added up, balanced as a whole, and ducked under speech."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, replace
from pathlib import Path

import numpy as np

from crowdcut.levels import bus_gain_of, gain_of
from crowdcut.orders import BusOrder
from crowdcut.spoken import merged, spoken_in
from renderers.cues import Voice, added_up
from renderers.ducking import Gains, deepest_db, ducked, gains_under
from renderers.job import Input
from renderers.likeness import having_heard_each_other
from renderers.meter import LoudnessMeter, Powers, gated, having_taken, in_speech
from renderers.pcm import BLOCK_SAMPLES, Samples, blocks_of, bytes_of
from renderers.true_peak import amplitude


def _voices(order: BusOrder, inputs: Mapping[str, Input], decibels: Iterable[float]) -> list[Voice]:
    """The cues, each with its gain."""
    voices = []
    for cue, gain_db in zip(order.cues, decibels, strict=True):
        path = inputs[cue.prepared].path
        assert path is not None
        voices.append(Voice(cue=cue, path=path, amplitude=amplitude(gain_db)))
    return having_heard_each_other(voices)


def _measured(blocks: Iterable[Samples]) -> LoudnessMeter:
    return having_taken(LoudnessMeter(), blocks)


def _blocks(voices: list[Voice], length_samples: int, block_samples: int, gives_way: Gains | None) -> Iterator[Samples]:
    """The bus; ``gives_way``: the gains of what ducks."""
    ducking = [one for one in voices if one.cue.ducks and gives_way is not None]
    steady = [one for one in voices if not one.cue.ducks or gives_way is None]
    for start in range(0, length_samples, block_samples):
        length = min(block_samples, length_samples - start)
        block = added_up(steady, start, length)
        if gives_way is not None:
            block += ducked(added_up(ducking, start, length), gives_way, start)
        yield block


def _together(all_powers: Sequence[Powers]) -> Powers:
    """The sum of several sounds' powers."""
    return np.sum([one[: min(map(len, all_powers))] for one in all_powers], axis=0)


def _gives_way(order: BusOrder, inputs: Mapping[str, Input], voices: list[Voice]) -> Gains | None:
    """How far what ducks on this bus is taken down; None where it is not."""
    duck, ducking = order.duck, [one for one in voices if one.cue.ducks]
    if duck is None or not ducking:
        return None
    speakers = [inputs[name] for name in duck.speakers]
    speech = merged(run for one in speakers for run in one.facts["speech"])
    if not speech:
        return None
    length = order.length_samples
    paths = [one.path for one in speakers if one.path is not None]
    speaking = _together([_measured(blocks_of(path, length=length)).powers for path in paths])
    music = _measured(_blocks(ducking, length, BLOCK_SAMPLES, None)).powers
    return gains_under(speech, speaking, music, duck)


def run(
    order: BusOrder, inputs: Mapping[str, Input], out: Path, *, block_samples: int = BLOCK_SAMPLES
) -> dict[str, object]:
    """Write the bus, raw samples that may exceed full scale, to ``out``.

    Facts: ``gains``, one for each cue: ``gain_db``, ``wanted_db`` and ``cap`` (the rule that bit, or None);
    ``bus_gain_db``; ``speech``, programme samples; ``ducked_db``, how far it was taken down at most; and of what was
    written ``integrated`` (LUFS; on the voice bus of speech alone, if any) and ``short_term`` (LUFS, one a second).
    """
    length, levels = order.length_samples, order.levels
    heard = [(cue, inputs[cue.listened].facts) for cue in order.cues]
    speech = merged(run for cue, facts in heard for run in spoken_in(cue, facts["speech"]))
    told = speech if order.bus == "voice" else []
    gains = [gain_of(cue, facts, levels) for cue, facts in heard]
    even = [gain_of(replace(cue, gain_db=0.0), facts, levels).gain_db for cue, facts in heard]
    together = _measured(_blocks(_voices(order, inputs, even), length, block_samples, None))
    bus_gain_db = bus_gain_of(gated(in_speech(together.powers, told)), levels.bus_lufs[order.bus])
    decibels = [one.gain_db + bus_gain_db for one in gains]
    voices = _voices(order, inputs, decibels)
    way = _gives_way(order, inputs, voices)
    is_heard = way is None and decibels == even
    meter = together if is_heard else LoudnessMeter()
    with out.open("wb") as file:
        for block in _blocks(voices, length, block_samples, way):
            file.write(bytes_of(block))
            if not is_heard:
                meter.take(block)
    integrated = gated(in_speech(meter.powers, told))
    return {
        "gains": [asdict(gain) for gain in gains],
        "bus_gain_db": bus_gain_db,
        "speech": speech,
        "integrated": integrated and round(integrated, 3),
        "short_term": list(meter.reading().short_term),
        "ducked_db": 0.0 if way is None else round(deepest_db(way), 2),
    }
