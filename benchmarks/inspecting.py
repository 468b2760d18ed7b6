"""What is wrong with a contender's film: it is decoded and held against the cut."""

from fractions import Fraction
from pathlib import Path

import av
from av.video.frame import VideoFrame

from benchmarks.cut import Cut, Shot
from benchmarks.sources import CODES_APART
from examples.makers.frame_code import read_frame_code
from renderers.patch import plane_of

_SOUND_TOLERANCE = Fraction(1, 10)
"""Seconds by which sound may be longer or shorter than the picture: coders work in blocks."""


def _wrong_code(cut: Cut, shot: Shot, frame: int, picture: VideoFrame) -> str | None:
    """What is wrong with the source frame shown at ``frame`` of a shot."""
    wanted = shot.start + frame / cut.rate
    code = read_frame_code(plane_of(picture, 0))
    if code is None:
        return f"{shot.source.name}, frame {frame}: no frame code can be read"
    comes, goes = shot.source.shown(code)
    slack = max(1 / cut.rate, *shot.source.holds)  # programs round to the frame before or after, of film or source
    first = shot.source.first_code or 0
    if not first <= code < first + CODES_APART or not comes - slack <= wanted <= goes + slack:
        return f"{shot.source.name}, frame {frame}: code {code}, which is shown {float(comes):.3f} to {float(goes):.3f}"
    return None


def _probed(cut: Cut) -> dict[int, tuple[Shot, int]]:
    """Frames of the film whose code is read, by number: of each shot the first, the middle and the last."""
    probed, start = {}, 0
    for shot in cut.shots:
        if shot.source.first_code is not None:
            probed |= {start + frame: (shot, frame) for frame in (0, shot.frames // 2, shot.frames - 1)}
        start += shot.frames
    return probed


def complaints(cut: Cut, film: Path, *, tail_frames: int = 0) -> list[str]:
    """Everything by which ``film`` is not the cut: size, rate, frames, what they show, and the length of the sound.

    tail_frames : how many more frames it may have behind the cut.
    """
    found, count, probed = [], 0, _probed(cut)
    with av.open(str(film)) as container:
        stream = container.streams.video[0]
        stream.thread_type = "AUTO"
        if (stream.width, stream.height) != (cut.width, cut.height):
            found.append(f"it is {stream.width}x{stream.height}, not {cut.width}x{cut.height}")
        if stream.average_rate != cut.rate:
            found.append(f"it runs at {stream.average_rate} frames a second, not {cut.rate}")
        for picture in container.decode(stream):
            if count in probed and (wrong := _wrong_code(cut, *probed[count], picture)):
                found.append(wrong)
            count += 1
    frames = cut.frames + tail_frames
    if count != frames:
        found.append(f"it has {count} frames, not {frames}")
    with av.open(str(film)) as container:
        heard = sum(Fraction(frame.samples, frame.sample_rate) for frame in container.decode(audio=0))
    if abs(heard - frames / cut.rate) > _SOUND_TOLERANCE:
        found.append(f"its sound lasts {float(heard):.3f} s, its picture {float(frames / cut.rate):.3f} s")
    return found
