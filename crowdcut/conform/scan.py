"""How a picture was scanned, and what is done about it: what was measured goes before what the header says."""

from fractions import Fraction

from crowdcut.media import Cadence, Picture
from crowdcut.orders import Conversion, FieldOrder, Telecine

_VOTES_MIN = 2
"""Measured pictures below which the header is believed."""
_SHARE_FLAGGED = Fraction(1, 5)
"""Of the measured pictures that must be interlaced where the header says so too: films are cut together from both."""
_VOTES_AGAINST, _SHARE_AGAINST, _CLEARLY = 4, Fraction(1, 3), 4
"""Where the header says progressive: so many measured pictures, this share of them, and so many times more of one
field order than of the other (a flicker or a poor conversion votes for both)."""

_FILM_MIN, _SHARE_FILM = 2, Fraction(3, 4)
"""Cycles of five pictures in film's cadence, and their share of those that have a say: it breaks where film was cut
after its telecine."""
_FILM_RATES = frozenset({Fraction(30_000, 1001), Fraction(30)})
"""Stored pictures a second that 2:3 pulldown makes."""
_FILM_PIXELS_MAX = 1920 * 1088
"""Of pictures that telecine is undone for: some of them are held at once."""

_WORDS: dict[FieldOrder, str] = {"tff": "top field first", "bff": "bottom field first"}


_FOUND_FILM: dict[Telecine, str] = {
    "hard": "measured, it is film woven into 59.94 fields a second (hard telecine, 2:3 pulldown)",
    "soft": "it is film, flagged to be shown for two and three fields in turn (soft telecine, 2:3 pulldown)",
}


def field_order_of(picture: Picture) -> FieldOrder | None:
    """Which field of each stored picture is the earlier one; None where a picture is one moment."""
    scan, told = picture.scan, picture.interlaced
    votes = scan.tff + scan.bff + scan.progressive if scan is not None else 0
    if scan is None or votes < _VOTES_MIN:
        return told
    order: FieldOrder = "tff" if scan.tff >= scan.bff else "bff"
    most, least = max(scan.tff, scan.bff), min(scan.tff, scan.bff)
    if told is not None:
        if most + least < _SHARE_FLAGGED * votes:
            return None
        return order if most > least else told
    clear = most >= _VOTES_AGAINST and most >= _SHARE_AGAINST * votes and most >= _CLEARLY * least
    return order if clear else None


def may_be_woven_film(picture: Picture) -> bool:
    """Whether hard telecine could be undone: by its rate, and by how it is stored."""
    planar = picture.pixel_format.startswith(("yuv4", "yuvj4", "yuva4", "gray"))
    small = picture.width * picture.height <= _FILM_PIXELS_MAX
    return picture.rate in _FILM_RATES and picture.constant and planar and small


def telecine_of(picture: Picture) -> Telecine | None:
    """How film was brought to 59.94 fields a second; None where it is no film, or its cadence is too broken."""
    if picture.pulldown:
        return "soft" if field_order_of(picture) is None else None
    if not may_be_woven_film(picture):
        return None
    found = picture.cadence or Cadence()
    film = max(found.tff, found.bff)
    clear = film >= _FILM_MIN and film >= _SHARE_FILM * (found.tff + found.bff + found.video)
    return "hard" if clear or picture.telecined else None


def woven_order_of(picture: Picture) -> FieldOrder:
    """Which field is the earlier one of film in hard telecine: its cadence tells."""
    found = picture.cadence or Cadence()
    if found.tff != found.bff:
        return "tff" if found.tff > found.bff else "bff"
    return field_order_of(picture) or "tff"


def shows_fields(picture: Picture, rate: Fraction | None) -> bool:
    """Whether both fields of an interlaced picture are shown at ``rate`` frames a second.

    Not where each output frame falls on the first field of a picture: at the picture's own rate, or a whole part of it.
    """
    return rate is not None and picture.rate is not None and (picture.rate / rate).denominator != 1


def scan_found(picture: Picture) -> list[str]:
    """Where the pictures are not what the header says."""
    if (telecine := telecine_of(picture)) is not None:
        return [_FOUND_FILM[telecine]]
    if picture.telecined:
        return ["it cannot be film in 2:3 pulldown, which has 29.97 or 30 even pictures a second: its fields are kept"]
    told, order = picture.interlaced, field_order_of(picture)
    if told == order:
        return []
    said = f"interlaced, {_WORDS[told]}" if told is not None else "progressive"
    are = f"interlaced, {_WORDS[order]}" if order is not None else "progressive"
    return [f"its header says {said}; measured, its pictures are {are}"]


def scan_done(picture: Picture, conversion: Conversion) -> list[str]:
    """What is done about fields."""
    if conversion.telecine == "hard":
        return [f"telecine undone by matching fields, {_WORDS[conversion.field_order]}: its film pictures are shown"]
    if conversion.telecine == "soft":
        return ["its film pictures are shown equally long"]
    if not conversion.deinterlace:
        return []
    rate = f" ({float(picture.rate * 2):g} pictures a second)" if picture.rate is not None else ""
    shown = f"both fields shown{rate}" if conversion.field_rate else "one picture of each two fields"
    return [f"deinterlaced (bwdif), {_WORDS[conversion.field_order]}, {shown}"]
