"""What of a bus gives way to speech, how far, and what came of it."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from crowdcut.sound.orders import BusOrder, Duck, Ducks
from crowdcut.sound.spoken import Runs, merged
from renderers.job import Input
from renderers.loudness.hops import hop_powers, kept_powers
from renderers.loudness.meter import Powers
from renderers.mixing.cues import Voice, added_up
from renderers.mixing.ducking import Depth, Gains, carved, depth_of, ducked, gains_under, leading, passages
from renderers.mixing.speech_band import Wide, band_blocks, widened
from renderers.sound.pcm import BLOCK_SAMPLES, Samples, length_of, samples_at, silence


@dataclass(frozen=True, slots=True, kw_only=True)
class Way:
    """How some of a bus's sounds give way."""

    gains: Gains
    depth: Depth


Ways = Mapping[Ducks, Way]
"""By the word for it; none of those that do not."""


def blocks_under(voices: Sequence[Voice], ways: Ways, *, length: int, block: int = BLOCK_SAMPLES) -> Iterator[Samples]:
    """The sounds added up, ``block`` samples at a time."""
    groups = {word: [one for one in voices if one.cue.ducks == word] for word in ways}
    steady = [one for one in voices if one.cue.ducks not in ways]
    for start in range(0, length, block):
        size = min(block, length - start)
        total = added_up(steady, start, size)
        for word, way in ways.items():
            if word == "carve":
                total += carved(widened(partial(added_up, groups[word]), start, size), way.gains, start)
            else:
                total += ducked(added_up(groups[word], start, size), way.gains, start)
        yield total


def _around(path: Path, start: int, length: int) -> Samples:
    """Samples of a raw file; silence before its beginning and after its end."""
    wide = silence(length)
    first, last = max(0, start), min(length_of(path), start + length)
    if first < last:
        wide[:, first - start : last - start] = samples_at(path, start=first, length=last - first)
    return wide


def _in_band(wide: Wide, length: int, within: Runs) -> Powers:
    """The powers in the band of speech; only those in blocks that have something ``within`` are told."""
    return hop_powers(band_blocks(wide, length=length, block=BLOCK_SAMPLES, within=within))


@dataclass(frozen=True, slots=True, kw_only=True)
class _Speakers:
    """The buses on which somebody may speak."""

    duck: Duck
    inputs: Mapping[str, Input]
    length: int

    def spoken(self, name: str) -> Runs:
        """The passages of one."""
        return passages(self.inputs[name].facts["speech"], self.duck)

    def passages(self) -> Runs:
        """Of all of them."""
        return passages(merged(run for name in self.duck.speakers for run in self.spoken(name)), self.duck)

    def _powers(self, name: str, word: Ducks) -> Powers:
        path = self.inputs[name].path
        assert path is not None
        if word != "carve":
            return kept_powers(path)
        return _in_band(partial(_around, path), self.length, self.spoken(name))

    def speaking(self, word: Ducks) -> Powers:
        """The powers of whoever speaks; where music is carved, in the band of speech."""
        heard = [(self.spoken(name), name) for name in self.duck.speakers]
        return leading((runs, self._powers(name, word)) for runs, name in heard if runs)


def ways_of(order: BusOrder, inputs: Mapping[str, Input], voices: Sequence[Voice], whole: Powers | None) -> Ways:
    """How far what yields on this bus is taken down.

    whole : the powers of all ``voices`` together, if they are known.
    """
    duck, length = order.duck, order.length_samples
    groups: dict[Ducks, list[Voice]] = {}
    for one in voices:
        groups.setdefault(one.cue.ducks, []).append(one)
    if duck is None:
        return {}
    speakers = _Speakers(duck=duck, inputs=inputs, length=length)
    spoken = speakers.passages()
    ways: dict[Ducks, Way] = {}
    for word, group in groups.items():
        if word == "no" or not spoken:
            continue
        if word == "carve":
            music = _in_band(partial(added_up, group), length, spoken)
        elif whole is None or len(group) < len(voices):
            music = hop_powers(blocks_under(group, {}, length=length))
        else:
            music = whole
        speaking = speakers.speaking(word)
        gains = gains_under(spoken, speaking, music, duck, length)
        ways[word] = Way(gains=gains, depth=depth_of(spoken, speaking, music, gains, duck))
    return ways
