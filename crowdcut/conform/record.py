"""The conversion record of a clip: what was found, what was done to it, and what that costs."""

from dataclasses import dataclass
from fractions import Fraction

from crowdcut.conform.colour import colour_done
from crowdcut.conform.scan import scan_done, scan_found
from crowdcut.media import Media, Picture
from crowdcut.orders import Conversion
from crowdcut.sampling import as_shown


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """The conversion record of one use of a contribution: what was found, what was done, what it cost."""

    found: tuple[str, ...] = ()
    done: tuple[str, ...] = ()
    cost: tuple[str, ...] = ()


def _rate_record(picture: Picture, rate: Fraction) -> tuple[list[str], list[str]]:
    """What changing to the programme's rate does, and what it costs."""
    if picture.rate is None or (picture.constant and picture.rate == rate):
        return [], []
    kind = "" if picture.constant else "about "
    done = [f"each programme frame shows the picture on screen at its time ({kind}{float(picture.rate):.3f} fps)"]
    share = picture.rate / rate
    if share > 1:
        return done, [f"{float(1 - 1 / share):.0%} of its pictures are not shown"]
    if share < 1:
        return done, [f"each picture is shown {float(1 / share):.2f} times on average"]
    return done, []


def record_for(media: Media, conversion: Conversion, rate: Fraction) -> Record:
    """The conversion record of a contribution's picture in a delivery at ``rate``."""
    picture = media.picture
    if picture is None:
        return Record(found=media.remarks)
    found = [
        f"{media.kind}, {media.container}/{picture.codec}, {picture.width}x{picture.height} {picture.pixel_format}",
        *media.remarks,
        *scan_found(picture),
    ]
    if picture.vector:
        found[0] = f"{media.kind}, {picture.codec}, drawn by ThorVG at the size that is needed"
    if picture.loops is not None:
        found.append(f"it asks to be played {'once' if picture.loops == 1 else f'{picture.loops} times'}")
    done, cost = _rate_record(as_shown(picture, conversion), rate)
    if conversion.turn:
        done.append(f"turned {conversion.turn} degrees clockwise")
    if conversion.mirror:
        done.append("flipped left to right")
    if picture.sar != 1:
        done.append(f"pixels squared (sample aspect ratio {picture.sar})")
    done += scan_done(picture, conversion)
    done += colour_done(picture, conversion)
    if conversion.premultiplied:
        done.append("colours read as multiplied by their alpha (premultiplied)")
    if conversion.flatten:
        done.append("laid on a plain ground where it is transparent")
    used = conversion.crop or (0, 0, picture.width, picture.height)
    if (part := Fraction(used[2] * used[3], picture.width * picture.height)) < Fraction(99, 100):
        cost.append(f"{float(1 - part):.0%} of the picture is cut away")
    stored_height = used[2] * picture.sar if conversion.turn in (90, 270) else Fraction(used[3])
    if not picture.vector and (scale := conversion.box.height / stored_height) > 1:
        cost.append(f"enlarged {float(scale):.2f} times")
    return Record(found=tuple(found), done=tuple(done), cost=tuple(cost))
