"""The sixteen colours of a program chain, of which a subpicture's four codes each name one."""

from crowdcut.disc.caption_orders import CaptionStyle

Colour = tuple[int, int, int]
"""Y, Cr, Cb in 8 bit, limited range (ITU-R BT.601), in the order in which a disc stores them."""

LETTER, EDGE, OUTLINE = 1, 2, 3
"""Pixel codes of a caption; 0 is clear. Its palette entries have the same numbers."""
COLOURS = (0, LETTER, EDGE, OUTLINE)
"""Palette entry of each pixel code."""
CONTRASTS = (0, 15, 15, 15)
"""Opacity of each pixel code: 0 clear, 15 solid."""
_BLACK: Colour = (16, 128, 128)


def _channels(colour: str) -> tuple[int, int, int]:
    red, green, blue = bytes.fromhex(colour.removeprefix("#"))
    return red, green, blue


def studio_colour(red: float, green: float, blue: float) -> Colour:
    """R'G'B' of 0..255 as a disc stores it (BT.601-7, 2.5.1 and 2.5.3)."""
    luma = 0.299 * red + 0.587 * green + 0.114 * blue
    y, cr, cb = luma * 219 / 255, (red - luma) / 1.402 * 224 / 255, (blue - luma) / 1.772 * 224 / 255
    return round(16 + y), round(128 + cr), round(128 + cb)


def palette_of(style: CaptionStyle) -> tuple[Colour, ...]:
    """The palette of a title: 1 the letters' colour, 2 what lies between it and the outline's, 3 the outline's; the
    others are black."""
    letter, outline = _channels(style.colour), _channels(style.outline)
    edge = tuple((one + other) / 2 for one, other in zip(letter, outline, strict=True))
    shown = {LETTER: studio_colour(*letter), EDGE: studio_colour(*edge), OUTLINE: studio_colour(*outline)}
    return tuple(shown.get(entry, _BLACK) for entry in range(16))
