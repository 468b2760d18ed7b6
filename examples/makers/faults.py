"""The catalogue of faults: one file each, as a crowd sends them, and what is true of the pictures in it."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from fractions import Fraction
from pathlib import Path
from typing import Literal

import numpy as np
from PIL import Image

from examples.makers.apertures import write_with_clean_aperture, write_with_pixel_crop
from examples.makers.faulty_clip import BT601, FIELDS, FILM_HOLDS, HLG, PQ, Clip, stored, write_faulty
from examples.makers.planes import Sampling
from examples.makers.proof_chart import PATCHES, proof_chart

NTSC = Fraction(30_000, 1001)
SKIPPED = 7
"""Pictures that the edit list passes over."""
EXIF = {2: (0, True), 3: (180, False), 4: (180, True), 5: (270, True), 6: (90, False), 7: (90, True), 8: (270, False)}
"""EXIF orientation to degrees clockwise and a flip left to right before."""
CLEAR = (239, 230, 216)
"""R'G'B' that shows through transparent parts: the matte of the template ``variety``."""
DELAYS = (40, 120, 70, 200, 50, 90, 30, 150)
"""Milliseconds of an animation's pictures."""

_GREY = PATCHES.mean(axis=1, keepdims=True)
# Within BT.709's gamut where BT.2020 is meant, and below 1000 cd/m2 where PQ is, which is the steeper.
_SUBDUED = ((PATCHES + _GREY) / 2).astype(np.uint8)
_DIM = (0.72 * (PATCHES + 2 * _GREY) / 3).astype(np.uint8)


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """One faulty file, and what is true of it."""

    name: str
    clip: Clip
    """How its pictures are stored and timed; of stills and animations only what is drawn and how it lies."""
    write: Callable[[Path, Clip], Path] = write_faulty
    fit: Literal["contain", "cover", "blur"] = "contain"
    start: Fraction = Fraction(1, 5)
    """Source time at which the film begins to show it, seconds."""
    tone: Literal["pq", "hlg"] | None = None
    """The curve that ``clip.patches`` are coded with; None: they are what should be seen."""

    @property
    def file(self) -> str:
        """Its file's name."""
        return self.name.replace(" ", "-") + self.clip.suffix

    def codes_at(self, time: Fraction) -> set[int]:
        """The codes that may be on screen at a source time: both where a boundary is a millisecond away."""
        tolerance = Fraction(1, 1000)
        found = set[int]()
        for moment in (time - tolerance, time, time + tolerance):
            found.add(max((code for start, code in self.clip.shown if start <= moment), default=self.clip.first_code))
        return found


def _edited(path: Path, clip: Clip) -> Path:
    """The clip with an edit list that begins ``SKIPPED`` pictures later (and so many pictures more in front)."""
    write_faulty(path, replace(clip, frames=clip.frames + SKIPPED, first_code=clip.first_code - SKIPPED))
    data = bytearray(path.read_bytes())
    entry, header = data.index(b"elst") + 12, data.index(b"mdhd") + 16
    ticks_a_second = int.from_bytes(data[header : header + 4])
    for place, change in ((entry, -1000 * SKIPPED / clip.rate), (entry + 4, ticks_a_second * SKIPPED / clip.rate)):
        value = int.from_bytes(data[place : place + 4]) + int(change)
        data[place : place + 4] = value.to_bytes(4)
    path.write_bytes(data)
    return path


def _photo(orientation: int) -> Callable[[Path, Clip], Path]:
    def write(path: Path, clip: Clip) -> Path:
        exif = Image.Exif()
        exif[274] = orientation
        Image.fromarray(stored(clip, 0)).save(path, quality=97, subsampling=0, exif=exif)
        return path

    return write


def write_animation(path: Path, clip: Clip, delays: tuple[int, ...] = DELAYS) -> Path:
    """The chart counting on, each picture for its own time."""
    pictures = [Image.fromarray(proof_chart(*clip.size, number)) for number in range(len(delays))]
    if path.suffix == ".gif":
        palette = pictures[0].quantize(255, dither=Image.Dither.NONE)
        pictures = [one.quantize(palette=palette, dither=Image.Dither.NONE) for one in pictures]
    pictures[0].save(path, save_all=True, append_images=pictures[1:], duration=list(delays), loop=0)
    return path


def _cut_out(path: Path, clip: Clip) -> Path:
    """The chart on a clear ground: its last patch is fully transparent, and hides another colour."""
    drawn = proof_chart(*clip.size, 0)
    clear = (drawn == PATCHES[-1]).all(axis=2)
    drawn[clear] = (20, 200, 20)
    Image.fromarray(np.dstack([drawn, np.where(clear, 0, 255).astype(np.uint8)])).save(path)
    return path


def _orientations() -> list[Fault]:
    turns = [(turn, flip) for turn in (0, 90, 180, 270) for flip in (False, True) if turn or flip]
    films = [
        Fault(name=f"turned {turn}{' mirrored' if flip else ''}", clip=Clip(rotation=turn, mirrored=flip))
        for turn, flip in turns
    ]
    photos = [
        Fault(
            name=f"exif {number}",
            clip=Clip(suffix=".jpg", size=(400, 300), rotation=turn, mirrored=flip, frames=1),
            write=_photo(number),
        )
        for number, (turn, flip) in EXIF.items()
    ]
    return films + photos


_SHAPES = [
    Fault(name="wide pixels", clip=Clip(size=(360, 288), sar=Fraction(64, 45))),
    Fault(name="narrow pixels", clip=Clip(size=(360, 240), sar=Fraction(8, 9))),
    Fault(name="odd size", clip=Clip(suffix=".webm", codec="libvpx-vp9", size=(319, 241))),
    Fault(name="odd size wide pixels", clip=Clip(
        codec="mpeg4", size=(239, 221), sar=Fraction(4, 3), sampling=Sampling(matrix="bt601"), tags=None)),
    Fault(name="turned 90 wide pixels", clip=Clip(size=(320, 240), sar=Fraction(4, 3), rotation=90)),
    Fault(name="clean aperture", clip=Clip(
        suffix=".mov", size=(360, 240), sar=Fraction(10, 11), aperture=(7, 5, 344, 228)),
        write=write_with_clean_aperture),
    Fault(name="clean aperture turned 90", clip=Clip(size=(360, 240), aperture=(0, 21, 320, 180), rotation=90),
          write=write_with_clean_aperture),
    Fault(name="pixel crop", clip=Clip(suffix=".mkv", size=(320, 240), aperture=(0, 30, 320, 180)),
          write=write_with_pixel_crop),
    Fault(name="cover", clip=Clip(size=(320, 240)), fit="cover"),
    Fault(name="cover turned 270", clip=Clip(size=(240, 320), rotation=270), fit="cover"),
    Fault(name="blur", clip=Clip(size=(240, 320)), fit="blur"),
]  # fmt: skip

_COLOURS = [
    Fault(name="bt601", clip=Clip(sampling=Sampling(matrix="bt601"), tags=BT601)),
    Fault(name="sd in bt709", clip=Clip(size=(360, 288))),
    Fault(name="sd untagged", clip=Clip(size=(360, 288), sampling=Sampling(matrix="bt601"), tags=None)),
    Fault(name="hd untagged", clip=Clip(size=(1280, 720), tags=None, frames=14)),
    Fault(name="bt2020 matrix", clip=Clip(
        codec="libx265", sampling=Sampling(pix_fmt="yuv420p10le", matrix="bt2020"), tags=(1, 1, 9))),
    Fault(name="full range", clip=Clip(sampling=Sampling(pix_fmt="yuv420p10le", full_range=True))),
    Fault(name="full range jpeg", clip=Clip(
        suffix=".mov", codec="mjpeg", tags=BT601,
        sampling=Sampling(pix_fmt="yuvj420p", matrix="bt601", full_range=True))),
    Fault(name="10 bit", clip=Clip(sampling=Sampling(pix_fmt="yuv420p10le"))),
    Fault(name="12 bit 422", clip=Clip(suffix=".mkv", codec="ffv1", sampling=Sampling(pix_fmt="yuv422p12le"))),
    Fault(name="chroma 422", clip=Clip(sampling=Sampling(pix_fmt="yuv422p"))),
    Fault(name="chroma 444", clip=Clip(sampling=Sampling(pix_fmt="yuv444p"))),
    Fault(name="prores 422", clip=Clip(suffix=".mov", codec="prores_ks", sampling=Sampling(pix_fmt="yuv422p10le"))),
    Fault(name="rgb", clip=Clip(suffix=".mov", codec="qtrle", sampling=Sampling(pix_fmt="rgb24"), tags=None)),
    Fault(name="planar rgb", clip=Clip(suffix=".mkv", codec="ffv1", sampling=Sampling(pix_fmt="gbrp10le"), tags=None)),
    Fault(name="palette", clip=Clip(suffix=".mov", codec="png", sampling=Sampling(pix_fmt="pal8"), tags=None)),
    Fault(name="clear ground", clip=Clip(suffix=".png", frames=1, patches=np.vstack([PATCHES[:-1], [CLEAR]])),
          write=_cut_out),
    Fault(name="hlg", clip=Clip(codec="libx265", sampling=Sampling(pix_fmt="yuv420p10le", matrix="bt2020"),
                                tags=HLG, patches=_SUBDUED), tone="hlg"),
    Fault(name="pq", clip=Clip(codec="libx265", sampling=Sampling(pix_fmt="yuv420p10le", matrix="bt2020"),
                               tags=PQ, patches=_DIM), tone="pq"),
    Fault(name="turned 90 hlg", clip=Clip(codec="libx265", sampling=Sampling(pix_fmt="yuv420p10le", matrix="bt2020"),
                                          tags=HLG, patches=_SUBDUED, rotation=90), tone="hlg"),
]  # fmt: skip

_TIMES = [
    Fault(name="uneven", clip=Clip(holds=(25, 50, 17, 120), ticks_a_second=Fraction(600))),
    Fault(name="uneven webm", clip=Clip(
        suffix=".webm", codec="libvpx-vp9", holds=(33, 50, 17, 90), ticks_a_second=Fraction(1000))),
    Fault(name="turned 270 uneven", clip=Clip(rotation=270, holds=(25, 50, 17, 120), ticks_a_second=Fraction(600))),
    Fault(name="ntsc rate", clip=Clip(rate=NTSC, frames=18)),
    Fault(name="double ntsc rate", clip=Clip(rate=2 * NTSC, frames=36)),
    Fault(name="slow avi", clip=Clip(suffix=".avi", codec="mpeg4", rate=Fraction(25, 2), frames=8, tags=None,
                                     sampling=Sampling(matrix="bt601"))),
    Fault(name="edit list", clip=Clip(rate=Fraction(25), first_code=100), write=_edited),
    Fault(name="late start", clip=Clip(suffix=".ts", codec="mpeg2video", rate=Fraction(25), first_tick=1000)),
    Fault(name="interlaced", clip=Clip(suffix=".mpg", codec="mpeg2video", rate=Fraction(25), interlaced="tff")),
    Fault(name="interlaced bff", clip=Clip(rate=Fraction(25), interlaced="bff")),
    Fault(name="dv", clip=Clip(suffix=".avi", codec="dvvideo", size=(720, 576), rate=Fraction(25), interlaced="bff",
                               sampling=Sampling(matrix="bt601"), tags=None, sar=Fraction(64, 45))),
    Fault(name="telecined", clip=Clip(
        suffix=".mpg", codec="mpeg2video", size=(360, 240), rate=NTSC, interlaced="tff", telecined=True, frames=24)),
    Fault(name="telecined bff", clip=Clip(rate=NTSC, interlaced="bff", telecined=True, frames=24)),
    Fault(name="soft telecine", clip=Clip(holds=FILM_HOLDS, ticks_a_second=FIELDS, frames=20),
          start=Fraction(2127, 10_000)),
    Fault(name="gif", clip=Clip(suffix=".gif", holds=DELAYS, frames=len(DELAYS), ticks_a_second=Fraction(1000)),
          write=write_animation),
    Fault(name="apng", clip=Clip(suffix=".png", holds=DELAYS, frames=len(DELAYS), ticks_a_second=Fraction(1000)),
          write=write_animation),
]  # fmt: skip

FAULTS = (*_orientations(), *_SHAPES, *_COLOURS, *_TIMES)
"""Every fault there is."""
