"""Examines the sound stream of a file: what it holds and how long that really lasts."""

from fractions import Fraction
from pathlib import Path

from av.audio.frame import AudioFrame
from av.stream import Stream

from crowdcut.media import Sound
from renderers.door import opened
from renderers.packets import Tally
from renderers.streams import decoded

_CHECKED_SOUNDS = 3_000
"""Sounds of up to so many packets (a minute) are decoded whole."""
_HEAD_SOUNDS = 50
"""Packets of a longer sound that are tried before it is given up."""
_USUAL_LAYOUTS = {1: "mono", 2: "stereo"}
_DAMAGED_UNHEARD = 2
"""Packets that coded files often begin or end with and that hold no sound."""


def _layout(frame: AudioFrame) -> str:
    """FFmpeg's name of the channels; one or two that are not named are what everybody takes them for."""
    return _USUAL_LAYOUTS.get(frame.layout.nb_channels) or frame.layout.name or f"{frame.layout.nb_channels} channels"


def examined_sound(path: Path, stream: Stream, tally: Tally) -> tuple[Sound | None, list[str]]:
    """The sound of a file, and what is odd about it; None if next to nothing of it can be decoded.

    stream : the chosen stream, in a container opened apart.
    tally : of that stream's packets.
    """
    base = Fraction(stream.time_base or 1)
    whole = tally.packets <= _CHECKED_SOUNDS or len(tally.ticks) < tally.packets
    first: AudioFrame | None = None
    samples, damaged = 0, 0
    end = Fraction(0)
    with opened(path) as container:
        for number, found in enumerate(decoded(container, container.streams[stream.index])):
            damaged += found is None
            for frame in found or ():
                assert isinstance(frame, AudioFrame)
                first = first or frame
                samples += frame.samples
                if frame.pts is not None:
                    end = max(end, frame.pts * base + Fraction(frame.samples, frame.rate))
            if not whole and (first is not None or number >= _HEAD_SOUNDS):
                break
    if first is None or 2 * damaged > tally.packets:
        return None, []
    start = (first.pts if first.pts is not None else min(tally.ticks, default=0)) * base
    if not whole and tally.end is not None:
        end = tally.end * base
    sound = Sound(
        stream=stream.index,
        codec=stream.codec_context.codec.canonical_name,
        rate=first.rate,
        channels=first.layout.nb_channels,
        layout=_layout(first),
        start=start,
        duration=max(end - start, Fraction(samples, first.rate)),
    )
    many = damaged > _DAMAGED_UNHEARD
    return sound, [f"{damaged} of its {tally.packets} packets of sound are damaged; they are silent"] if many else []
