"""Examines the sound stream of a file: what it holds and how long that really lasts."""

from dataclasses import dataclass, field
from fractions import Fraction
from itertools import pairwise
from pathlib import Path

from av.audio.frame import AudioFrame
from av.audio.stream import AudioStream
from av.container import InputContainer
from av.stream import Stream

from crowdcut.media import Sound
from renderers.files.door import opened_for_sound
from renderers.files.packets import Tally
from renderers.files.streams import decoded
from renderers.sound.folding import Fold, Unfit, guess_told, layout_of
from renderers.sound.sound_clock import FURTHEST_AHEAD, SoundClock, is_reckoned

_CHECKED_SOUNDS = 3_000
"""Sounds of up to so many packets (a minute) are decoded whole."""
_HEAD_SOUNDS = 50
"""Packets of a longer sound that are tried before it is given up."""
_DAMAGED_UNHEARD = 2
"""Packets that coded files often begin or end with and that hold no sound."""
_FORMS_TOLD = 3


def _leaps(tally: Tally, base: Fraction) -> bool:
    """Whether its timestamps go back, or further ahead than anybody believes."""
    furthest = FURTHEST_AHEAD / base
    return not all(0 <= after - before <= furthest for before, after in pairwise(tally.ticks))


@dataclass(slots=True, kw_only=True)
class _Read:
    """What the decoded frames of a sound tell."""

    clock: SoundClock
    fold: Fold = field(default_factory=Fold)
    first: AudioFrame | None = None
    begin: Fraction = Fraction(0)
    end: Fraction = Fraction(0)
    """Of all frames, seconds of the file's own time."""
    damaged: int = 0
    """Packets."""
    forms: list[str] = field(default_factory=list)
    """Rate and layout, and those that they change to on the way."""

    def take(self, frame: AudioFrame) -> None:
        """The next frame. Raises Unfit."""
        self.fold.expect(frame)
        place = self.clock.place(frame)
        if self.first is None:
            self.first, self.begin = frame, Fraction(place, frame.rate)
        self.end = max(self.end, self.clock.end)
        form = f"{frame.rate} Hz {layout_of(frame)}"
        if not self.forms or self.forms[-1] != form:
            self.forms.append(form)


def _read(container: InputContainer, stream: Stream, *, whole: bool) -> _Read:
    """The frames of a stream as far as they are decoded. Raises Unfit."""
    own = container.streams[stream.index]
    assert isinstance(own, AudioStream)
    read = _Read(clock=SoundClock(reckoned_rate=own.rate if is_reckoned(container.format.name) else None))
    for number, found in enumerate(decoded(container, own)):
        read.damaged += found is None
        for frame in found or ():
            assert isinstance(frame, AudioFrame)
            read.take(frame)
        if not whole and (read.first is not None or number >= _HEAD_SOUNDS):
            break
    return read


def examined_sound(path: Path, stream: Stream, tally: Tally) -> tuple[Sound | None, list[str]]:
    """The sound of a file, and what is odd about it; None, and why, where it cannot be used.

    stream : the chosen stream, in a container opened apart.
    tally : of that stream's packets.
    """
    base = Fraction(stream.time_base or 1)
    with opened_for_sound(path) as container:
        # Whatever FFmpeg has reckoned, or nobody believes, only decoding tells.
        sure = len(tally.ticks) == tally.packets and not is_reckoned(container.format.name) and not _leaps(tally, base)
        whole = tally.packets <= _CHECKED_SOUNDS or not sure
        try:
            read = _read(container, stream, whole=whole)
        except Unfit as error:
            return None, [str(error)]
    first = read.first
    if first is None or 2 * read.damaged > tally.packets:
        return None, []
    start = (first.pts if first.pts is not None else min(tally.ticks, default=0)) * base
    sound = Sound(
        stream=stream.index,
        codec=stream.codec_context.codec.canonical_name,
        rate=first.rate,
        channels=first.layout.nb_channels,
        layout=layout_of(first),
        start=start,
        duration=read.end - read.begin if whole or tally.end is None else tally.end * base - start,
    )
    remarks = [guess] if (guess := guess_told(first)) else []
    if len(read.forms) > 1:
        more = " and so on" if len(read.forms) > _FORMS_TOLD else ""
        remarks.append(f"its sound changes on the way: {', then '.join(read.forms[:_FORMS_TOLD])}{more}")
    if read.damaged > _DAMAGED_UNHEARD:
        remarks.append(f"{read.damaged} of its {tally.packets} packets of sound are damaged; they are silent")
    return sound, remarks
