"""A song brought to another length by jumps from bar line to bar line, its beginning and its ending kept."""

from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import ceil

_AS_GOOD = Fraction(1, 20)
"""Seconds. Of jumps whose ends are no further apart than this, the one that suits the music best is taken."""
MOST_JUMPS = 10_000
"""Of one song: two in every second of an hour and a half. Each is a cue of the mix."""
_PHRASE = 4
"""Bars. Most songs are made of fours, and a jump after a whole one is heard least."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Passage:
    """A stretch of a song that is played without a jump: source time, seconds."""

    start: Fraction
    end: Fraction


Passages = tuple[Passage, ...]
"""What is played of a song, one after another; each begins on a bar line, and the one before ends on one."""


def seconds_of(passages: Passages) -> Fraction:
    """Source seconds that are played."""
    return sum((one.end - one.start for one in passages), Fraction(0))


@dataclass(frozen=True, slots=True, kw_only=True)
class _Song:
    """The part of a song that is used."""

    bars: Sequence[Fraction]
    begin: Fraction
    end: Fraction
    bar: Fraction
    """How long a bar lasts, seconds."""

    def pairs(self, leave_out: Fraction, after: Fraction) -> Iterator[tuple[int, int]]:
        """For each bar line that may be jumped from, later than ``after``, the one to jump to that leaves out what is
        nearest to ``leave_out`` (less than 0: that is heard again). A bar is heard before and after each jump."""
        inside = [number for number, at in enumerate(self.bars) if self.begin <= at <= self.end - self.bar]
        for start in inside:
            at = self.bars[start]
            if at < after + self.bar:
                continue
            near = bisect_left(self.bars, at + leave_out)
            ends = [one for one in (near - 1, near) if one != start and inside[0] <= one <= inside[-1]]
            if ends:
                yield start, min(ends, key=lambda one: (abs(self.bars[one] - at - leave_out), -one))

    def jump(self, leave_out: Fraction, after: Fraction) -> tuple[Fraction, Fraction] | None:
        """Source times from and to which is jumped to leave out as nearly as possible that much; None: nowhere."""

        def missed(pair: tuple[int, int]) -> Fraction:
            return abs(self.bars[pair[1]] - self.bars[pair[0]] - leave_out)

        pairs = list(self.pairs(leave_out, after))
        if not pairs:
            return None
        best = min(map(missed, pairs))
        good = [pair for pair in pairs if missed(pair) <= best + _AS_GOOD]

        def taste(pair: tuple[int, int]) -> tuple[bool, Fraction]:
            before, rest = self.bars[pair[0]] - self.begin, self.end - self.bars[pair[1]]
            return pair[0] % _PHRASE != 0, abs(before - rest)

        start, end = min(good, key=taste)
        return self.bars[start], self.bars[end]


def fitted(bars: Sequence[Fraction], begin: Fraction, end: Fraction, room: Fraction, bar: Fraction) -> Passages:
    """What is played of a song so that its own end comes within half a bar of ``room``; empty where no jumps do that.

    bars : source times of all bar lines, seconds, rising.
    begin, end : source times of what may be heard, seconds.
    room : how long it shall last, source seconds.
    bar : how long a bar lasts, seconds.
    """
    song = _Song(bars=bars, begin=begin, end=end, bar=bar)
    inside = [at for at in bars if begin + bar <= at <= end - bar]
    passages, at = [], begin
    over = end - begin - room
    if over < 0 and inside:
        longest = inside[-1] - min(one for one in bars if one >= begin)
        left = ceil(-over / longest) if longest else 0
    else:
        left = 1
    if left > MOST_JUMPS:
        return ()
    near = bar / 2 + _AS_GOOD
    while left and abs(over) > near:
        jump = song.jump(over / left, at)
        if jump is None:
            return ()
        passages.append(Passage(start=at, end=jump[0]))
        over -= jump[1] - jump[0]
        at, left = jump[1], left - 1
    passages.append(Passage(start=at, end=end))
    return tuple(passages) if abs(over) <= near else ()


def looped(
    bars: Sequence[Fraction], begin: Fraction, end: Fraction, room: Fraction, bar: Fraction, shortest: Fraction
) -> Passages:
    """What is played of a song that begins again until ``room`` is full: from its last bar line to its first; empty
    where less than ``shortest`` lies between them. All in source seconds."""
    inside = [at for at in bars if begin <= at <= end]
    if inside and inside[-1] + bar <= end + _AS_GOOD:
        # A song that ends with its last bar has a bar line there, which nobody has heard.
        inside.append(min(inside[-1] + bar, end))
    if not inside or inside[-1] - inside[0] < shortest:
        return ()
    first, last = inside[0], inside[-1]
    rounds = max(0, ceil((room - (last - begin)) / (last - first)))
    if rounds > MOST_JUMPS:
        return ()
    whole = (Passage(start=begin, end=last), *[Passage(start=first, end=last)] * rounds)
    over = max(last - begin + rounds * (last - first) - room, Fraction(0))
    return (*whole[:-1], Passage(start=whole[-1].start, end=whole[-1].end - over))
