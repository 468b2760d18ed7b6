"""Decides what is done to a contribution's picture so that it fits the programme, and records what that costs.

The renderers obey; nothing here opens a file.
"""

from dataclasses import dataclass
from fractions import Fraction

from crowdcut.library import ReadAs
from crowdcut.media import Media, Picture
from crowdcut.orders import Box, Conversion, Fit, Raster
from crowdcut.timing import nearest

MATRICES = {"bt709": "bt709", "smpte170m": "bt601", "bt470bg": "bt601", "fcc": "bt601", "smpte240m": "bt709"}
"""FFmpeg's matrix tags to the matrices that pictures are read with; ``bt2020*`` and ``gbr`` are handled apart."""

TONES = {"smpte2084": "pq", "arib-std-b67": "hlg"}
"""Transfer tags of high dynamic range pictures."""

SD_HEIGHT_MAX = 576
"""Untagged YUV up to this stored height is read as BT.601, above as BT.709 (the rule of players and of FFmpeg's)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """The conversion record of one use of a contribution: what was found, what was done, what it cost."""

    found: tuple[str, ...] = ()
    done: tuple[str, ...] = ()
    cost: tuple[str, ...] = ()


def _is_rgb(picture: Picture) -> bool:
    form = picture.pixel_format
    return form.startswith(("rgb", "bgr", "gbr", "argb", "abgr", "pal8", "0rgb", "0bgr", "x2rgb")) or (
        picture.colour.matrix in ("gbr", "rgb")
    )


def matrix_of(picture: Picture) -> str:
    """The matrix that a stored picture is read with: its tag, or the usual rule for untagged ones."""
    tag = picture.colour.matrix
    if _is_rgb(picture):
        return "rgb"
    if tag is not None and tag.startswith("bt2020"):
        return "bt2020"
    if tag in MATRICES:
        return MATRICES[tag]
    return "bt601" if picture.height <= SD_HEIGHT_MAX else "bt709"


def turn_of(picture: Picture, read_as: ReadAs) -> int:
    """Degrees clockwise that the stored picture is turned by: the contributor's word before the file's."""
    return picture.rotation if read_as.rotation is None else read_as.rotation % 360


def displayed_size(picture: Picture, turn: int) -> tuple[Fraction, Fraction]:
    """Width and height in square pixels, turned upright."""
    wide, high = picture.width * picture.sar, Fraction(picture.height)
    return (high, wide) if turn in (90, 270) else (wide, high)


def _even(length: Fraction) -> int:
    return max(2, 2 * nearest(length / 2))


def _window(total: int, first: Fraction, length: Fraction) -> tuple[int, int]:
    """Start and length of the stored pixels that cover ``first`` to ``first + length``, grown to even numbers."""
    start = max(0, min(int(first), total - 2)) // 2 * 2
    end = min(total, -(-(first + length).__ceil__() // 2) * 2)
    return start, end - start


def _covering(
    picture: Picture, turn: int, mirror: bool, region: Box, focus: tuple[Fraction, Fraction]
) -> tuple[Box, tuple[int, int, int, int]]:
    """The part of the stored picture that fills ``region``, and where that part lands (a little outside it)."""
    wide, high = displayed_size(picture, turn)
    scale = max(region.width / wide, region.height / high)
    seen_wide, seen_high = region.width / scale, region.height / scale
    left, top = (wide - seen_wide) * focus[0], (high - seen_high) * focus[1]
    # Back from the upright picture to stored pixels: undo the turn, then the mirror, then the square pixels.
    if turn in (90, 270):
        seen_wide, seen_high = seen_high, seen_wide
        left, top = (top, wide - left - seen_high) if turn == 90 else (high - top - seen_wide, left)
    elif turn == 180:
        left, top = wide - left - seen_wide, high - top - seen_high
    if mirror:
        left = picture.width * picture.sar - left - seen_wide
    x, width = _window(picture.width, left / picture.sar, seen_wide / picture.sar)
    y, height = _window(picture.height, top, seen_high)
    # Where the grown window lies, upright, against the exact one.
    before_x, before_y = left - x * picture.sar, top - y
    after_x, after_y = width * picture.sar - seen_wide - before_x, height - seen_high - before_y
    if mirror:
        before_x, after_x = after_x, before_x
    match turn:
        case 90:
            before_x, before_y = after_y, before_x
        case 180:
            before_x, before_y = after_x, after_y
        case 270:
            before_x, before_y = before_y, after_x
        case _:
            pass
    whole_wide, whole_high = width * picture.sar * scale, height * scale
    if turn in (90, 270):
        whole_wide, whole_high = whole_high, whole_wide
    box = Box(
        x=region.x - 2 * nearest(before_x * scale / 2),
        y=region.y - 2 * nearest(before_y * scale / 2),
        width=max(_even(whole_wide), region.width),
        height=max(_even(whole_high), region.height),
    )
    return box, (x, y, width, height)


def _containing(picture: Picture, turn: int, region: Box) -> Box:
    wide, high = displayed_size(picture, turn)
    scale = min(region.width / wide, region.height / high)
    width, height = min(_even(wide * scale), region.width), min(_even(high * scale), region.height)
    return Box(
        x=region.x + 2 * nearest(Fraction(region.width - width, 4)),
        y=region.y + 2 * nearest(Fraction(region.height - height, 4)),
        width=width,
        height=height,
    )


def whole_raster(raster: Raster) -> Box:
    """The box of a picture that fills the raster."""
    return Box(x=0, y=0, width=raster.width, height=raster.height)


def conversion_for(
    picture: Picture,
    *,
    read_as: ReadAs,
    fit: Fit,
    focus: tuple[Fraction, Fraction],
    region: Box,
    flatten: tuple[int, int, int] | None,
) -> Conversion:
    """How ``picture`` is brought into ``region`` of the output.

    ``focus``: parts (0..1) of what ``cover`` cuts away, to the left and above. ``flatten``: the colour
    under a picture with alpha, or None to keep its alpha.
    """
    turn, mirror = turn_of(picture, read_as), picture.mirrored
    crop = None
    if fit == "cover":
        box, crop = _covering(picture, turn, mirror, region, focus)
        if crop == (0, 0, picture.width, picture.height):
            crop = None
    else:
        box = _containing(picture, turn, region)
    fills = box.width >= region.width and box.height >= region.height
    return Conversion(
        box=box,
        turn=turn,
        mirror=mirror,
        crop=crop,
        deinterlace=picture.interlaced is not None,
        matrix=matrix_of(picture),
        full_range=bool(picture.colour.full_range) or picture.pixel_format.startswith("yuvj"),
        tone=TONES.get(picture.colour.transfer or ""),  # type: ignore[arg-type]
        backdrop=fit == "blur" and not fills,
        flatten=flatten if picture.alpha else None,
    )


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


def _colour_done(picture: Picture, conversion: Conversion) -> list[str]:
    """How colours were read, where that is not what their tags say."""
    tag, primaries = picture.colour.matrix, picture.colour.primaries
    done = []
    if tag is None and conversion.matrix != "rgb":
        done.append(f"untagged colour read as {conversion.matrix.upper()}")
    elif tag is not None and tag not in MATRICES and not tag.startswith("bt2020") and conversion.matrix != "rgb":
        done.append(f"colour tagged {tag} read as {conversion.matrix.upper()}")
    if primaries == "bt2020" and conversion.tone is None:
        done.append("BT.2020 primaries shown as BT.709's: its colours come out paler")
    return done


def record_for(media: Media, conversion: Conversion, rate: Fraction) -> Record:
    """The conversion record of a contribution's picture in a delivery at ``rate``."""
    picture = media.picture
    if picture is None:
        return Record(found=media.remarks)
    found = [
        f"{media.kind}, {media.container}/{picture.codec}, {picture.width}x{picture.height} {picture.pixel_format}",
        *media.remarks,
    ]
    done, cost = _rate_record(picture, rate)
    if conversion.turn:
        done.append(f"turned {conversion.turn} degrees clockwise")
    if conversion.mirror:
        done.append("flipped left to right")
    if picture.sar != 1:
        done.append(f"pixels squared (sample aspect ratio {picture.sar})")
    if conversion.deinterlace:
        done.append("deinterlaced (bwdif)")
    done += _colour_done(picture, conversion)
    if conversion.tone:
        done.append(f"brought from {conversion.tone.upper()} to standard dynamic range (BT.2446-1 method A)")
    if conversion.flatten:
        done.append("laid on a plain ground where it is transparent")
    used = conversion.crop or (0, 0, picture.width, picture.height)
    if (part := Fraction(used[2] * used[3], picture.width * picture.height)) < Fraction(99, 100):
        cost.append(f"{float(1 - part):.0%} of the picture is cut away")
    stored_height = used[2] * picture.sar if conversion.turn in (90, 270) else Fraction(used[3])
    if (scale := conversion.box.height / stored_height) > 1:
        cost.append(f"enlarged {float(scale):.2f} times")
    return Record(found=tuple(found), done=tuple(done), cost=tuple(cost))
