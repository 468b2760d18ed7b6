"""What a take is of its song: the melody, a second voice, or the melody in another key; and where it lies as that.

Where the melody's own notes do not say where it lies, those a third or a sixth away are asked, and then those of every
other key: who sings in one is refused by the interval, and not as somebody who sings another song."""

from dataclasses import dataclass, replace

from renderers.onsets import Sung
from renderers.song.note_line import Line, notes_met
from renderers.song.other_key import semitones_higher
from renderers.song.pitch_classes import CLASSES
from renderers.song.second_voice import MELODY, SECOND_VOICES, Intervals, heard_as
from renderers.song.song_places import Places

LEAD = 2.0
"""Deviations of all places by which the best one is ahead that make a confidence of one half."""

_SECOND = 2.0
"""Times the lead that a second voice must have: asking twice more would let more of other songs in."""
_CERTAIN = 8.0
"""Lead with which a take is not asked for in other keys."""
_MIXED = 0.12
"""Share of the notes at one of a second voice's intervals that the other must have: voices 0.17, another key 0.07."""
_UNHEARD_OF = tuple(by for by in range(1, CLASSES) if all(by not in one for one in SECOND_VOICES))
"""Intervals that no second voice has."""
_MORE = 1.5
"""Times as many notes as at any of these: voices of 25 s have 2 and more, a band in another key 1.1."""


def _mixed(guide: Sung, take: Sung, intervals: Intervals, place: int) -> bool:
    """Whether a take that lies at ``place`` has notes of each of these intervals, and more than of those that no second
    voice has: of chords there are some at any."""
    line = Line(start=float(place), slope=0.0)

    def met(by: int) -> int:
        return len(notes_met(guide.notes, heard_as(take, (by,)).notes, line))

    there = [met(by) for by in intervals]
    return min(there) > max(_MIXED * max(there), _MORE * max(map(met, _UNHEARD_OF)))


@dataclass(frozen=True, slots=True, kw_only=True)
class Voice:
    """A take as the voice that it may be."""

    heard: Sung
    place: int
    """Frame at which its song begins."""
    lead: float
    semitones: int = 0
    """By how many it is sung higher than its guide's key."""


def _voice(guide: Sung, take: Sung, intervals: Intervals) -> Voice:
    heard = heard_as(take, intervals)
    place, lead = Places(heard.onsets, len(guide.onsets)).best(guide.onsets)
    return Voice(heard=heard, place=place, lead=lead)


def _in_key(guide: Sung, take: Sung, melody: Voice) -> Voice:
    """A take that lies as the melody, as what it is: perhaps it is the melody in another key."""
    higher = semitones_higher(guide.onsets, take.onsets, melody.place)
    for intervals in SECOND_VOICES:
        if higher % CLASSES in intervals and _mixed(guide, take, intervals, melody.place):
            return melody
    return replace(melody, semitones=higher)


def _in_any_key(guide: Sung, take: Sung, melody: Voice) -> Voice:
    """A take that does not lie far ahead as the melody: as that in the key in which it does, or as it was."""
    key = max((_voice(guide, take, (by,)) for by in range(1, CLASSES)), key=lambda one: one.lead)
    higher = semitones_higher(guide.onsets, take.onsets, key.place)
    return replace(key, semitones=higher) if higher and key.lead > _SECOND * max(LEAD, melody.lead) else melody


def likeliest_voice(guide: Sung, take: Sung) -> Voice:
    """The take as the melody, as a second voice or in another key, whichever it is likeliest to be."""
    if not len(guide.onsets) or not len(take.onsets):
        return Voice(heard=take, place=0, lead=0.0)
    best = melody = _voice(guide, take, MELODY)
    for intervals in SECOND_VOICES:
        voice = _voice(guide, take, intervals)
        if voice.lead / _SECOND > best.lead and _mixed(guide, take, intervals, voice.place):
            best = replace(voice, lead=voice.lead / _SECOND)
    if best is not melody:
        return best
    melody = _in_key(guide, take, melody)
    return melody if melody.lead >= _CERTAIN else _in_any_key(guide, take, melody)
