"""One bus of the programme: its sounds at their levels, added up, balanced as a whole, and ducked under speech."""

from collections import deque
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, replace
from pathlib import Path

from crowdcut.sound.levels import bus_gain_of, gain_of
from crowdcut.sound.orders import BusOrder
from crowdcut.sound.spoken import merged, spoken_in
from renderers.job import Input
from renderers.loudness.hops import gating_blocks, hop_powers, integrated, keep_powers, short_term
from renderers.loudness.meter import Powers, gated, in_speech
from renderers.loudness.true_peak import amplitude
from renderers.mixing.cues import Voice
from renderers.mixing.ducking import deepest_db, hop_gains
from renderers.mixing.likeness import Meeting, having_met, meetings
from renderers.mixing.yielding import Ways, blocks_under, ways_of
from renderers.sound.pcm import BLOCK_SAMPLES, written


def _voices(order: BusOrder, inputs: Mapping[str, Input]) -> list[Voice]:
    """The cues as they were prepared."""
    voices = []
    for cue in order.cues:
        path = inputs[cue.prepared].path
        assert path is not None
        voices.append(Voice(cue=cue, path=path, amplitude=1.0))
    return voices


def _levelled(voices: Sequence[Voice], met: Sequence[Meeting], decibels: Iterable[float]) -> list[Voice]:
    """The same, each with its gain."""
    gains = zip(voices, decibels, strict=True)
    return having_met([replace(voice, amplitude=amplitude(gain_db)) for voice, gain_db in gains], met)


def _moved(together: Powers, own_db: Sequence[float]) -> Powers | None:
    """What all sounds together read once each has its own gain as well; None where these differ."""
    return None if len(set(own_db)) > 1 else together * amplitude(max(own_db, default=0.0)) ** 2


def _reckoned(known: Powers | None, ways: Ways, order: BusOrder) -> Powers | None:
    """What the bus will read, where that follows from what it reads as it is: since hearing is most of the work."""
    if not ways:
        return known
    if known is None or set(ways) != {"whole"} or any(cue.ducks != "whole" for cue in order.cues):
        return None
    return known * hop_gains(ways["whole"].gains)[: len(known)]


def run(
    order: BusOrder, inputs: Mapping[str, Input], out: Path, *, block_samples: int = BLOCK_SAMPLES
) -> dict[str, object]:
    """Write the bus, raw samples that may exceed full scale, to ``out``, and the powers of its hops beside it.

    Facts: ``gains``, one for each cue: ``gain_db``, ``wanted_db`` and ``cap`` (the rule that bit, or None);
    ``bus_gain_db``; ``speech``, programme samples; ``ducked_db``, how far it was taken down at most, and ``depths``,
    how far under speech that brought what goes down whole or is carved; and of what was written ``integrated`` (LUFS;
    on the voice bus of speech alone, if any) and ``short_term`` (LUFS, one a second).
    """
    length, levels = order.length_samples, order.levels
    heard = [(cue, inputs[cue.listened].facts) for cue in order.cues]
    speech = merged(run for cue, facts in heard for run in spoken_in(cue, facts["speech"]))
    told = speech if order.bus == "voice" else []
    gains = [gain_of(cue, facts, levels) for cue, facts in heard]
    even = [gain_of(replace(cue, gain_db=0.0), facts, levels).gain_db for cue, facts in heard]
    raw = _voices(order, inputs)
    met = meetings(raw)
    alone = blocks_under(_levelled(raw, met, even), {}, length=length, block=block_samples)
    # Written at once: with no gain of anybody's own and nothing that gives way it is the bus.
    together = hop_powers(alone if order.duck else written(alone, out))
    bus_gain_db = bus_gain_of(gated(in_speech(gating_blocks(together), told)), levels.bus_lufs[order.bus])
    own_db = [round(own.gain_db - one + bus_gain_db, 3) for own, one in zip(gains, even, strict=True)]
    known = _moved(together, own_db)
    voices = _levelled(raw, met, [one.gain_db + bus_gain_db for one in gains])
    ways = ways_of(order, inputs, voices, known)
    powers = _reckoned(known, ways, order)
    if order.duck or any(own_db):
        blocks = written(blocks_under(voices, ways, length=length, block=block_samples), out)
        powers = hop_powers(blocks) if powers is None else powers
        deque(blocks, maxlen=0)
    assert powers is not None, "all the others were known"
    keep_powers(powers, out)
    return {
        "gains": [asdict(gain) for gain in gains],
        "bus_gain_db": bus_gain_db,
        "speech": speech,
        "integrated": integrated(in_speech(gating_blocks(powers), told)),
        "short_term": short_term(powers),
        "ducked_db": round(max((deepest_db(way.gains) for way in ways.values()), default=0.0), 2),
        "depths": {word: asdict(way.depth) for word, way in ways.items()},
    }
