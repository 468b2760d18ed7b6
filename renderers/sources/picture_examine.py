"""Examines the picture stream of a film: what decoding it shows, and when its pictures are really shown."""

from dataclasses import dataclass, replace
from fractions import Fraction
from pathlib import Path

import numpy as np
from av.container import InputContainer
from av.error import FFmpegError
from av.stream import Stream
from av.video.frame import VideoFrame
from av.video.stream import VideoStream

from crowdcut.conform.scan import may_be_woven_film
from crowdcut.media import Cadence, Picture, Scan
from renderers.files.aperture import aperture_of
from renderers.files.door import broken, opened
from renderers.files.marks import DolbyVision
from renderers.files.packets import Tally
from renderers.files.streams import colour_of, decoded, field_order, sample_aspect_ratio, turn_of
from renderers.files.timestamps import is_increasing, pace_of, snapped
from renderers.frames.alpha_evidence import AlphaEvidence, is_sampled
from renderers.video.cadence import cadence_near
from renderers.video.scan import PLACES, ScanMeter, measured_near

SIDE_MAX = 8_192
"""Stored pixels: no side of a moving picture may be longer."""
PIXELS_MAX = 8_192 * 4_320
"""Stored pixels of a moving picture: a decoder keeps up to seventeen of them."""
_CHECKED_PIXELS = 160_000_000
"""Films of up to so many pixels (three seconds in HD) are decoded whole, so that nothing is taken on trust; of longer
ones the beginning."""
_HEAD_PICTURES = range(18, 49)
"""Fewest and most pictures of that beginning: more than any codec reorders, and no more than is needed."""
_INTERLACED_HEIGHTS = frozenset({480, 486, 512, 576, 608, 1080, 1088})
"""Stored pixels of the formats that television interlaces."""
_HDR = frozenset({"smpte2084", "arib-std-b67"})
_FILM_SHARE = Fraction(1, 20)
"""By which the share of pictures with a third field may differ from film's half: a beginning, an end, a cut."""
_SLOWEST, _FASTEST = 1, 240
"""Pictures a second that a container's claim is believed in, where its timestamps are not."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Seen:
    """What decoding a stream's pictures showed."""

    first: VideoFrame
    ticks: tuple[int | None, ...]
    damaged: int
    whole: bool
    """Whether all of the stream was decoded."""
    sizes: frozenset[tuple[int, int]]
    scan: ScanMeter
    premultiplied: bool
    """Whether colours are stored multiplied by their alpha."""
    ends: bool
    """Whether there is a picture to be had near the end of a film that was not decoded whole; so if nobody asked."""


def _has_alpha(frame: VideoFrame) -> bool:
    return any(component.is_alpha for component in frame.format.components)


def _decodes_near(container: InputContainer, stream: Stream, tick: int) -> bool:
    """Whether there is a picture to be had near the end of a long film, of which some pictures were decoded: some
    demuxers seek wrong until they have seen one."""
    try:
        container.seek(tick, stream=stream)
    except FFmpegError:
        return False
    tries = zip(range(_HEAD_PICTURES.stop), decoded(container, stream), strict=False)
    return any(found for _, found in tries)


def _seen(path: Path, index: int, limit: int | None, last_tick: int | None) -> _Seen | None:
    """Decode the first ``limit`` pictures of a stream (None: all of them), and try one near its last tick, if that is
    known; None if there is not one."""
    first: VideoFrame | None = None
    ticks: list[int | None] = []
    sizes: set[tuple[int, int]] = set()
    scan = ScanMeter()
    damaged, whole, ends = 0, True, True
    evidence = AlphaEvidence()
    with opened(path) as container:
        stream = container.streams[index]
        # What is asked of these pictures does not depend on their blocks being smoothed, a fifth of the work.
        stream.codec_context.options = {"skip_loop_filter": "all"}
        stream.codec_context.thread_count = 1  # jobs run side by side on all cores already
        for found in decoded(container, stream):
            damaged += found is None
            for frame in found or ():
                assert isinstance(frame, VideoFrame)
                first = first or frame
                damaged += frame.is_corrupt
                if is_sampled(len(ticks)) and _has_alpha(frame):
                    evidence.add(np.asarray(frame.to_ndarray(format="rgba"), np.uint8))
                ticks.append(frame.pts)
                sizes.add((frame.width, frame.height))
                scan.see(frame)
            if limit is not None and (len(ticks) >= limit or damaged >= limit):
                whole = False
                break
        if not whole and first is not None and last_tick is not None:
            ends = _decodes_near(container, stream, last_tick)
    if first is None:
        return None
    return _Seen(
        first=first,
        ticks=tuple(ticks),
        damaged=damaged,
        whole=whole,
        sizes=frozenset(sizes),
        scan=scan,
        premultiplied=evidence.is_premultiplied,
        ends=ends,
    )


def _scan(path: Path, index: int, tally: Tally, seen: _Seen) -> Scan:
    """How the film was scanned: by its beginning, and by some places further on where that leaves a doubt."""
    found = seen.scan.scan
    still = found == Scan() and seen.first.height in _INTERLACED_HEIGHTS
    if seen.whole or not tally.ticks or not (seen.scan.flagged or found.tff or found.bff or still):
        return found
    first, last = min(tally.ticks), max(tally.ticks)
    return found + measured_near(path, index, [first + int((last - first) * place) for place in PLACES])


def _cadence(path: Path, tally: Tally, seen: _Seen, picture: Picture) -> Cadence | None:
    """Whether its fields are film's, by its beginning and some places further on; None where it has none."""
    scan = picture.scan or Scan()
    if not (scan.tff or scan.bff or seen.scan.flagged) or not may_be_woven_film(picture):
        return None
    first, last = (min(tally.ticks), max(tally.ticks)) if tally.ticks else (0, 0)
    places = () if seen.whole else PLACES
    further = [first + int((last - first) * place) for place in places]
    return cadence_near(path, picture.stream or 0, [None, *further])


def _claimed_rate(stream: VideoStream) -> Fraction | None:
    """The pictures a second that the container claims, if they are believable."""
    for rate in (stream.average_rate, stream.guessed_rate, stream.base_rate):
        if rate is not None and _SLOWEST <= rate <= _FASTEST:
            return snapped(Fraction(rate))
    return None


def _flagged_rate(stream: VideoStream, tally: Tally) -> Fraction | None:
    """The pictures a second that flags of repeated fields make of MPEG-2's rate; None where there are none.

    A disc's file seldom has a timestamp for each picture, and what a demuxer puts in their place is often wrong then.
    """
    if not tally.repeats or stream.guessed_rate is None:
        return None
    share = Fraction(tally.repeats, tally.packets)
    # Of film, each other picture asks for a third field.
    share = Fraction(1, 2) if abs(share - Fraction(1, 2)) <= _FILM_SHARE else share
    return snapped(Fraction(stream.guessed_rate) * 2 / (2 + share))


@dataclass(frozen=True, slots=True, kw_only=True)
class _Timing:
    start: Fraction
    duration: Fraction
    frames: int
    rate: Fraction
    constant: bool
    count_frames: bool
    remark: str | None
    pulldown: bool = False


def _timing(stream: VideoStream, tally: Tally, seen: _Seen) -> _Timing:
    """When the pictures are shown, by their timestamps where those can be trusted."""
    base = Fraction(stream.time_base or 1)
    known = [tick for tick in seen.ticks if tick is not None]
    ticks = sorted(tally.ticks)
    trusted = is_increasing(seen.ticks)
    if seen.whole and not seen.damaged:
        ticks = known
    else:
        # Around damage pictures come out of order, or not at all: then the packets tell when they would be shown.
        trusted = trusted or seen.damaged > 0
        trusted = trusted and tally.ordered and len(ticks) == tally.packets and is_increasing(ticks)
        ticks = [tick for tick in ticks if known and tick >= known[0]]
    pace = pace_of(ticks, time_base=base, last=tally.last, hint=_claimed_rate(stream)) if trusted and ticks else None
    if pace is not None and pace.rate <= _FASTEST:
        return _Timing(
            start=ticks[0] * base,
            duration=pace.duration,
            frames=len(ticks),
            rate=pace.rate,
            constant=pace.constant,
            count_frames=False,
            remark=None,
            pulldown=pace.pulldown,
        )
    frames = len(seen.ticks) if seen.whole else tally.packets
    rate = _flagged_rate(stream, tally) or _claimed_rate(stream) or Fraction(25)
    return _Timing(
        start=(known[0] if known else 0) * base,
        duration=frames / rate,
        frames=frames,
        rate=rate,
        constant=True,
        count_frames=True,
        remark=f"its timestamps cannot be true: the pictures are counted at {float(rate):g} a second",
    )


def _refuse_too_large(path: Path, width: int, height: int) -> None:
    if max(width, height) > SIDE_MAX or width * height > PIXELS_MAX:
        raise broken(path, f"Its picture is {width}x{height}, larger than 8K. Scale it down", rule="too-large")


def _remarks(tally: Tally, seen: _Seen, timing: _Timing) -> list[str]:
    remarks = [timing.remark] if timing.remark else []
    if seen.damaged:
        of = f"{seen.damaged} of its {tally.packets if seen.whole else len(seen.ticks)}"
        remarks.append(f"{of} pictures cannot be decoded: a shot that shows them cannot be built")
    if len(seen.sizes) > 1:
        remarks.append("its picture changes size on the way; all of it is brought to the first size")
    return remarks


def with_base(picture: Picture, dolby: DolbyVision) -> Picture:
    """A Dolby Vision film's picture with the colours of its base, where its tags do not say that these are HDR.

    A base may be tagged as of standard range, so that old receivers show it as well as they can.
    """
    if dolby.base not in _HDR or picture.colour.transfer in _HDR:
        return picture
    colour = picture.colour
    primaries, matrix = colour.primaries or "bt2020", colour.matrix or "bt2020nc"
    return replace(picture, colour=replace(colour, transfer=dolby.base, primaries=primaries, matrix=matrix))


def examined_picture(path: Path, stream: VideoStream, tally: Tally) -> tuple[Picture | None, list[str]]:
    """The picture of a film, and what is odd about it; None if nothing of it can be decoded.

    stream : the chosen stream, in a container opened apart.
    tally : of that stream's packets.
    """
    context = stream.codec_context
    _refuse_too_large(path, context.width, context.height)
    area = max(1, context.width * context.height)
    affordable = _CHECKED_PIXELS // area
    limit = min(max(affordable, _HEAD_PICTURES.start), _HEAD_PICTURES.stop)
    limit = None if tally.packets <= affordable else limit
    seen = _seen(path, stream.index, limit, max(tally.ticks, default=None))
    if seen is None:
        return None, []
    timing = _timing(stream, tally, seen)
    frame = seen.first
    # The container's word may have been a smaller one.
    _refuse_too_large(path, frame.width, frame.height)
    rotation, mirrored, exact = turn_of(frame)
    remarks = _remarks(tally, seen, timing)
    if not exact:
        remarks.append("it asks to be turned by an angle that is no quarter; the nearest quarter is used")
    if not seen.ends:
        remarks.append("no picture near its end can be decoded")
    before = sum(other.index < stream.index for other in stream.container.streams.video)
    aperture, odd = aperture_of(path, track=stream.id, number=before, size=(frame.width, frame.height))
    remarks += [odd] if odd else []
    picture = Picture(
        stream=stream.index,
        codec=context.codec.canonical_name,
        width=frame.width,
        height=frame.height,
        sar=sample_aspect_ratio(stream),
        rotation=rotation,
        mirrored=mirrored,
        aperture=aperture,
        pixel_format=frame.format.name,
        bit_depth=max(component.bits for component in frame.format.components),
        alpha=_has_alpha(frame),
        premultiplied=seen.premultiplied,
        colour=colour_of(frame),
        interlaced=field_order(context.field_order, frame),
        scan=_scan(path, stream.index, tally, seen),
        time_base=Fraction(stream.time_base or 1),
        start=timing.start,
        duration=timing.duration,
        frames=timing.frames,
        rate=timing.rate,
        constant=timing.constant,
        count_frames=timing.count_frames,
        pulldown=timing.pulldown,
    )
    return replace(picture, cadence=_cadence(path, tally, seen, picture)), remarks
