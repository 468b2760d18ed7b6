"""The conversion record: what a contribution was found to be, what is done to it, and what that costs."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Any

from crowdcut.conform.colour import colour_done
from crowdcut.conform.motion import pace_told, way_told
from crowdcut.conform.sampling import as_shown
from crowdcut.conform.scan import scan_done, scan_found
from crowdcut.conform.shown import Shown, shown_from
from crowdcut.media import Media, Picture, Sound
from crowdcut.orders import Animation, Box, Conversion, Pan, Still, Video
from crowdcut.timing import SAMPLE_RATE, clock

MEASURED = {
    "clipped_share": "{:.1%} of its pixels are highlights brighter than the delivery can show",
    "out_of_gamut_share": "{:.1%} of its pixels have colours outside the delivery's gamut",
    "combed_share": "{:.1%} of its telecined pictures are no whole film pictures: these are deinterlaced (bwdif)",
}
"""Facts of a rendered piece that are a cost, parts of 1 of a picture; what is told of each."""
_ALL_OF_IT = Fraction(99, 100)
"""Of a picture: what is less than this is not all that one sees."""
_TOLD_FROM = 0.001
"""Parts of 1: less of a picture is nobody's loss."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """The conversion record of one use of a contribution: what was found, what was done, what it cost."""

    found: tuple[str, ...] = ()
    done: tuple[str, ...] = ()
    cost: tuple[str, ...] = ()


def rate_told(rate: Fraction) -> str:
    """Frames a second as people write them: ``24``, ``29.97``."""
    return f"{float(rate):.3f}".rstrip("0").rstrip(".")


def _found(media: Media, picture: Picture) -> list[str]:
    """What the file is."""
    form = f"{media.kind}, {media.container}/{picture.codec}, {picture.width}x{picture.height} {picture.pixel_format}"
    found = [f"{media.kind}, {picture.codec}, drawn by ThorVG at the size that is needed" if picture.vector else form]
    if picture.rate is not None and media.kind == "video":
        kind = "" if picture.constant else " on average, unevenly"
        found.append(f"{clock(picture.duration)} long, {rate_told(picture.rate)} pictures a second{kind}")
    elif picture.rate is not None:
        found.append(f"{clock(picture.duration)} long, {picture.frames} pictures")
    if picture.loops is not None:
        found.append(f"it asks to be played {'once' if picture.loops == 1 else f'{picture.loops} times'}")
    tags = picture.colour
    if media.kind == "video" and (known := [tag for tag in (tags.primaries, tags.transfer, tags.matrix) if tag]):
        found.append(f"tagged {'/'.join(dict.fromkeys(known))}{', full range' if tags.full_range else ''}")
    return [*found, *media.remarks, *scan_found(picture)]


def _rate_cost(shown: Shown) -> list[str]:
    """What another rate costs, counted."""
    cost = []
    if shown.dropped:
        share = shown.dropped / shown.pictures
        cost.append(f"{share:.0%} of its pictures are not shown ({shown.dropped} of {shown.pictures})")
    if shown.repeated:
        share = shown.repeated / shown.frames
        cost.append(f"{share:.0%} of its frames repeat the picture before ({shown.repeated} of {shown.frames})")
    return cost


def _geometry_done(picture: Picture, conversion: Conversion) -> list[str]:
    """How it is turned, squared and scaled."""
    done = []
    if conversion.turn:
        done.append(f"turned {conversion.turn} degrees clockwise")
    if conversion.mirror:
        done.append("flipped left to right")
    if picture.aperture is not None:
        done.append(f"its clean aperture of {picture.aperture[2]}x{picture.aperture[3]} stored pixels is shown")
    if picture.sar != 1:
        done.append(f"pixels squared (sample aspect ratio {picture.sar})")
    return done


def _geometry_cost(picture: Picture, conversion: Conversion) -> list[str]:
    """What is cut away, and how much it is enlarged."""
    cost = []
    used = conversion.crop or (0, 0, picture.width, picture.height)
    _, _, width, height = picture.aperture or (0, 0, picture.width, picture.height)
    part, pan = Fraction(used[2] * used[3], width * height), conversion.pan
    if pan is not None:
        cost.append(_outside_told(part, conversion.box, pan))
    if part < _ALL_OF_IT:
        cost.append(f"{float(1 - part):.0%} of the picture is {'cut away' if pan is None else 'never seen'}")
    if (scale := enlargement(picture, conversion)) > 1:
        cost.append(f"enlarged {'' if pan is None else 'up to '}{float(scale):.2f} times")
    return cost


def _outside_told(part: Fraction, box: Box, pan: Pan) -> str:
    """How much of a picture lies outside of a view that moves over ``part`` of it."""
    shares = [part * view.width * view.height / (box.width * box.height) for view in pan.views]
    least, most = (f"{float(1 - share):.0%}" for share in (max(shares), min(shares)))
    much = most if least == most else f"{least} to {most}"
    return f"{much} of the picture is outside the view at any moment, which moves over it"


def enlargement(picture: Picture, conversion: Conversion) -> Fraction:
    """Output pixels for each stored one, along the upright picture's height; below 1 where it is made smaller, 1 for
    what is drawn at the size that is needed. Of a view that moves, where it is closest."""
    used = conversion.crop or (0, 0, picture.width, picture.height)
    stored = used[2] * picture.sar if conversion.turn in (90, 270) else Fraction(used[3])
    closer = max((pan.region.height / view.height for view in pan.views), default=1) if (pan := conversion.pan) else 1
    return Fraction(1) if picture.vector else closer * conversion.box.height / stored


def sound_done(sound: Sound) -> list[str]:
    """What is done to a contribution's sound before it is mixed."""
    done = []
    if sound.rate != SAMPLE_RATE:
        done.append(f"sound resampled from {sound.rate} Hz to {SAMPLE_RATE} Hz")
    if sound.channels == 1:
        done.append("mono sound put on both sides")
    elif sound.channels > 2:
        done.append(f"{sound.layout} sound folded down to stereo")
    return done


def stretch_of(media: Media, source: Video, rate: Fraction, frames: int | None) -> Shown | None:
    """What ``frames`` frames at ``rate`` show of a clip; None where nobody knows when its pictures come.

    frames : None for all of it.
    """
    picture = as_shown(source.picture, source.conversion)
    whole = max(1, int((picture.duration - source.start) * rate)) if frames is None else frames
    step = source.speed / rate
    # Where both fields of uneven pictures are shown, nobody has listed when the second ones come.
    ticks = media.ticks if picture is source.picture else ""
    return shown_from(picture, ticks, start=source.start, step=step, frames=whole)


def _rate_done(source: Video | Still | Animation, rate: Fraction, frames: int | None) -> list[str]:
    """How a clip, or an animation, fills its time."""
    picture = as_shown(source.picture, source.conversion)
    if isinstance(source, Still) or picture.rate is None:
        return []
    if isinstance(source, Animation):
        if frames is None or source.fill != "loop":
            return []
        if not source.speed:
            return pace_told(source.speed)
        rounds = rate_told(frames / rate * abs(source.speed) / picture.duration)
        return [*pace_told(source.speed), f"its pictures keep their own times; it is seen {rounds} times"]
    if not source.speed or (picture.constant and picture.rate * abs(source.speed) == rate):
        return pace_told(source.speed)
    about = "" if picture.constant else "about "
    return [*pace_told(source.speed), f"{way_told(source.motion)} ({about}{rate_told(picture.rate)} fps)"]


def _sound_record(media: Media, done: list[str]) -> Record:
    """Of a file without a picture."""
    found = list(media.remarks)
    if (sound := media.sound) is not None:
        form = f"{media.kind}, {media.container}/{sound.codec}, {sound.rate} Hz {sound.layout}"
        found = [form, f"{clock(sound.duration)} long", *found]
    return Record(found=tuple(found), done=tuple(done))


def record_for(
    media: Media, source: Video | Still | Animation | None, rate: Fraction, *, frames: int | None = None
) -> Record:
    """The conversion record of a contribution in a delivery at ``rate``.

    source : what is told to the renderers; None for a file without a picture.
    frames : how many of the film it is seen for; None: all of it is seen.
    """
    heard = sound_done(media.sound) if media.sound is not None else []
    if source is None:
        return _sound_record(media, heard)
    picture, conversion = source.picture, source.conversion
    done = [*media.read_otherwise, *_rate_done(source, rate, frames), *_geometry_done(picture, conversion)]
    done += [*scan_done(picture, conversion), *colour_done(picture, conversion)]
    if conversion.premultiplied:
        done.append("colours read as multiplied by their alpha (premultiplied)")
    if conversion.key is not None:
        done.append(f"its {conversion.key.colour} screen made clear (colour difference key)")
    if conversion.flatten:
        done.append("laid on a plain ground where it is transparent")
    # A picture that is held repeats by itself; where new ones are made, none is left out or repeated.
    counts = isinstance(source, Video) and source.motion == "nearest" and source.speed
    shown = stretch_of(media, source, rate, frames) if isinstance(source, Video) and counts else None
    cost = [*(_rate_cost(shown) if shown is not None else ()), *_geometry_cost(picture, conversion)]
    return Record(found=tuple(_found(media, picture)), done=(*done, *heard), cost=tuple(cost))


def _share(pieces: Sequence[Mapping[str, Any]], name: str) -> float:
    """The mean of a share over a shot's pieces, by their frames; 0 where no piece tells it.

    A piece tells one number, or one for each of its layers, of which the shot's own picture is the first.
    """
    told = [(facts["frames"], facts[name]) for facts in pieces if facts.get(name) is not None]
    shares = [(frames, one[0] if isinstance(one, list) else one) for frames, one in told]
    known = [(frames, share) for frames, share in shares if share is not None]
    return sum(frames * share for frames, share in known) / max(1, sum(frames for frames, _ in known))


def measured(record: Record, pieces: Sequence[Mapping[str, Any]]) -> Record:
    """``record`` with what rendering counted. ``pieces``: the facts of the shot's pieces."""
    shares = {name: _share(pieces, name) for name in MEASURED}
    told = tuple(MEASURED[name].format(share) for name, share in shares.items() if share >= _TOLD_FROM)
    return replace(record, cost=(*record.cost, *told)) if told else record
