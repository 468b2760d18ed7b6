"""The sound of a contributed file, from its beginning or from near a wanted sample on."""

from collections.abc import Generator, Iterator
from contextlib import closing
from fractions import Fraction
from pathlib import Path

import numpy as np
from av import AudioFrame
from av.audio.stream import AudioStream
from av.container import InputContainer
from av.error import FFmpegError
from av.stream import Discard

from crowdcut.timing import SAMPLE_RATE, seconds_to_samples
from renderers.files.door import broken, opened_for_sound
from renderers.files.streams import decoded
from renderers.sound.folding import Unfit
from renderers.sound.place import Damage, Overhear, Placed, Placer
from renderers.sound.sound_clock import SoundClock, is_reckoned

_LOUDEST = 1000.0
"""60 dB over full scale: float samples beyond it (and NaN) are damage, not sound."""
# Formats whose seeking was found to land on the sample, edit lists and priming included; the others are read from
# their beginning, which for sound costs a second or two of CPU an hour.
_SEEKS_TO_THE_SAMPLE = frozenset({"mov", "wav", "flac", "aiff", "ogg", "mp3"})
_PREROLL = Fraction(1, 2)
"""Seconds decoded before what is wanted, so that decoder (MP3 reservoir, Opus 80 ms) and resampler have settled."""


def _frames(container: InputContainer, stream: AudioStream, placer: Placer) -> Iterator[AudioFrame]:
    """Decoded frames; a packet that cannot be decoded is counted and left out."""
    for frames in decoded(container, stream, placer.break_off):
        if frames is None:
            placer.damage.packets += 1
        for frame in frames or ():
            assert isinstance(frame, AudioFrame)
            yield frame


def _stream(container: InputContainer, path: Path, index: int) -> AudioStream:
    """The one sound stream that is wanted; the container is told to leave the others unread."""
    stream = container.streams[index] if index < len(container.streams) else None
    if not isinstance(stream, AudioStream) or stream.codec_context is None:
        raise broken(path, f"stream {index} is no sound that can be decoded")
    for other in container.streams:
        if other.index != index:
            other.discard = Discard.all
    # One thread: jobs run side by side, and some decoders hand out other frames when they run in several.
    stream.codec_context.thread_count = 1
    return stream


def _placer(container: InputContainer, stream: AudioStream, origin: Fraction, damage: Damage) -> Placer:
    reckoned = stream.rate if is_reckoned(container.format.name) else None
    return Placer(SoundClock(origin=origin, reckoned_rate=reckoned), damage)


def _placed(
    container: InputContainer, path: Path, stream: AudioStream, placer: Placer
) -> Generator[Placed, None, None]:
    for frame in _frames(container, stream, placer):
        try:
            yield from placer.take(frame)
        except Unfit as error:
            raise broken(path, str(error)) from error
    yield from placer.rest()


def _silenced(placed: Placed, damage: Damage) -> Placed:
    """The same with whatever is no sensible number made silent: one NaN would void a whole mix."""
    sensible = np.abs(placed.samples) <= _LOUDEST
    if not sensible.all():
        damage.samples += int((~sensible.all(axis=0)).sum())
        placed.samples[~sensible] = 0
    return placed


def _from_the_beginning(
    path: Path, index: int, origin: Fraction, damage: Damage, overhear: Overhear | None
) -> Generator[Placed, None, None]:
    with opened_for_sound(path) as container:
        stream = _stream(container, path, index)
        placer = _placer(container, stream, origin, damage)
        placer.overhear = overhear
        yield from _placed(container, path, stream, placer)


def _from_near(
    path: Path, index: int, origin: Fraction, start_sample: int, damage: Damage
) -> Generator[Placed, None, None]:
    """Sound from a little before ``start_sample`` on; nothing at all where seeking does not land before it."""
    aim = origin + Fraction(start_sample, SAMPLE_RATE) - _PREROLL
    if aim <= origin + _PREROLL:
        return  # and not opened for nothing: FFmpeg looks into each WAV file for other codecs, which takes 20 ms
    with opened_for_sound(path) as container:
        stream = _stream(container, path, index)
        if _SEEKS_TO_THE_SAMPLE.isdisjoint(container.format.name.split(",")):
            return
        assert stream.time_base is not None
        try:
            container.seek(int(aim / stream.time_base), stream=stream)
        except FFmpegError:
            return
        sound = _placed(container, path, stream, _placer(container, stream, origin, damage))
        first = next(sound, None)
        if first is None or first.start > start_sample - seconds_to_samples(_PREROLL / 2):
            return
        yield first
        yield from sound


def placed_sound(
    path: Path,
    *,
    stream: int,
    damage: Damage,
    origin: Fraction = Fraction(0),
    start_sample: int | None = None,
    overhear: Overhear | None = None,
) -> Generator[Placed, None, None]:
    """The sound of one stream, in the order of the file; places may leave gaps and may overlap.

    path : the contributed file.
    stream : index of the stream in its container.
    damage : is filled while the sound is read.
    origin : stream timestamp that is source time 0, seconds.
    start_sample : source time at 48 kHz from which on the sound is wanted; what is given may begin before. None: all.
    overhear : is told the frames as they were decoded; only where all is wanted.

    Raises JobFailed where the file cannot be opened, or the stream cannot be decoded at all.
    """
    any_found = False
    if start_sample is not None:
        with closing(_from_near(path, stream, origin, start_sample, damage)) as sound:
            for placed in sound:
                any_found = True
                yield _silenced(placed, damage)
    if not any_found:
        with closing(_from_the_beginning(path, stream, origin, damage, overhear)) as sound:
            for placed in sound:
                any_found = True
                yield _silenced(placed, damage)
    if not any_found:
        raise broken(path, "none of its sound can be decoded")
