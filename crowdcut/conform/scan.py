"""How a picture was scanned, and what is done about it: what was measured goes before what the header says."""

from fractions import Fraction

from crowdcut.media import Picture
from crowdcut.orders import Conversion, FieldOrder

_VOTES_MIN = 2
"""Measured pictures below which the header is believed."""
_SHARE_FLAGGED = Fraction(1, 5)
"""Of the measured pictures that must be interlaced where the header says so too: films are cut together from both."""
_VOTES_AGAINST, _SHARE_AGAINST, _CLEARLY = 4, Fraction(1, 3), 4
"""Where the header says progressive: so many measured pictures, this share of them, and so many times more of one
field order than of the other (a flicker or a poor conversion votes for both)."""

_WORDS: dict[FieldOrder, str] = {"tff": "top field first", "bff": "bottom field first"}


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


def shows_fields(picture: Picture, rate: Fraction | None) -> bool:
    """Whether both fields of an interlaced picture are shown at ``rate`` frames a second.

    Not where each output frame falls on the first field of a picture: at the picture's own rate, or a whole part of it.
    """
    return rate is not None and picture.rate is not None and (picture.rate / rate).denominator != 1


def scan_found(picture: Picture) -> list[str]:
    """Where the pictures are not what the header says."""
    told, order = picture.interlaced, field_order_of(picture)
    if told == order:
        return []
    said = f"interlaced, {_WORDS[told]}" if told is not None else "progressive"
    are = f"interlaced, {_WORDS[order]}" if order is not None else "progressive"
    return [f"its header says {said}; measured, its pictures are {are}"]


def scan_done(picture: Picture, conversion: Conversion) -> list[str]:
    """What is done about fields."""
    if not conversion.deinterlace:
        return []
    rate = f" ({float(picture.rate * 2):g} pictures a second)" if picture.rate is not None else ""
    shown = f"both fields shown{rate}" if conversion.field_rate else "one picture of each two fields"
    return [f"deinterlaced (bwdif), {_WORDS[conversion.field_order]}, {shown}"]
