"""The two standards of DVD-Video, in numbers.

Sources: ISO/IEC 13818-2 (MPEG-2 video, Main Profile at Main Level), ITU-R BT.601 (525 and 625 lines), and the public
descriptions of the format, whose own book was never published: dvdnav.mplayerhq.hu/dvdinfo and Inside DVD-Video.
"""

from dataclasses import dataclass
from fractions import Fraction

VBV_BITS = 1_835_008
"""The decoder's buffer: vbv_buffer_size 112 of 16,384 bits (Main Level, ISO/IEC 13818-2 table 8-13)."""
VIDEO_BITS_MAX = 9_800_000
"""Bits a second of picture, most (Inside DVD-Video)."""
MUX_BITS_MAX = 10_080_000
"""Bits a second of everything together, most: the rate at which a drive gives data (ISO/IEC 13818-1's mux rate)."""
CLOCK = 90_000
"""Ticks a second of timestamps (ISO/IEC 13818-1)."""
BEST_STEP = 2
"""The finest quantiser step that is used: finer ones spend bits on what nobody sees."""
PACK_BYTES = 2048
"""A pack, a sector of the disc."""
VOBU_SECONDS = Fraction(2, 5), Fraction(1)
"""What a navigation pack leads, least and most (dvdinfo, "VOBU")."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Standard:
    """One standard: what a disc's pictures are."""

    name: str
    width: int
    """Stored pixels."""
    height: int
    pixel_aspect: Fraction
    """Width of a stored pixel over its height, of a 16:9 picture."""
    rate: Fraction
    """Frames a second; two fields each."""
    matrix: str
    """Its matrix in H.273: ``smpte170m`` (BT.601, 525 lines) or ``bt470bg`` (625 lines)."""
    gop_fields_max: int
    """Fields that a group of pictures may last."""
    frame_rate_code: int
    """Of the sequence header (ISO/IEC 13818-2 table 6-4)."""

    @property
    def canvas(self) -> tuple[int, int]:
        """Width and height of the picture in square pixels, even."""
        return 2 * round(self.width * self.pixel_aspect / 2), self.height

    @property
    def field_ticks(self) -> Fraction:
        """How long a field is shown."""
        return CLOCK / (2 * self.rate)


NTSC = Standard(
    name="NTSC",
    width=720,
    height=480,
    pixel_aspect=Fraction(32, 27),
    rate=Fraction(30000, 1001),
    matrix="smpte170m",
    gop_fields_max=36,
    frame_rate_code=4,
)
PAL = Standard(
    name="PAL",
    width=720,
    height=576,
    pixel_aspect=Fraction(64, 45),
    rate=Fraction(25),
    matrix="bt470bg",
    gop_fields_max=30,
    frame_rate_code=3,
)
STANDARDS = {"ntsc": NTSC, "pal": PAL}
"""By the word of a profile."""
