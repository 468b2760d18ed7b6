"""What a crowd sends, made by code: footage in the formats, shapes and rates of phones, cameras and screens."""

import json
import os
from collections.abc import Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from fractions import Fraction
from math import ceil
from pathlib import Path

from benchmarks.telling import told
from examples.makers.charts import turned_picture
from examples.makers.clips import write_clip
from examples.makers.footage import bustle, footage
from examples.makers.stills import write_still

_FULL_HEIGHT = 1080
"""Of the film for which the sizes of ``KINDS`` are meant."""
CODES_APART = 1000
"""From the first frame code of one source to the next one's."""
_TICKS = 90_000
"""A second of a clip of uneven rate."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Kind:
    """One way to film."""

    name: str
    suffix: str
    width: int
    """Upright, pixels."""
    height: int
    rate: Fraction = Fraction(30)
    """Frames a second; of an uneven one the mean."""
    codec: str = "libx264"
    rotation: int = 0
    """Degrees clockwise by which the stored picture is turned for display."""
    hold_ticks: tuple[int, ...] = ()
    """How long successive frames of an uneven rate are held, ``_TICKS`` a second."""
    still: bool = False


_NTSC = Fraction(30_000, 1001)
KINDS = (
    Kind(name="phone-portrait", suffix=".mp4", width=1080, height=1920, rotation=90),
    Kind(name="camcorder-4x3", suffix=".avi", width=640, height=480, rate=Fraction(25), codec="mpeg4"),
    Kind(name="action-60", suffix=".mp4", width=1920, height=1080, rate=Fraction(60)),
    Kind(name="uneven", suffix=".mp4", width=1280, height=720, rate=Fraction(24), hold_ticks=(3000, 6000, 3000, 3000)),
    Kind(name="film-24", suffix=".mp4", width=1920, height=1080, rate=Fraction(24)),
    Kind(name="web-vp9", suffix=".webm", width=1280, height=720, codec="libvpx-vp9"),
    Kind(name="photo", suffix=".jpg", width=2880, height=2160, still=True),
    Kind(name="phone-hevc", suffix=".mp4", width=1920, height=1080, rate=Fraction(25), codec="libx265"),
    Kind(name="uhd", suffix=".mp4", width=3840, height=2160),
    Kind(name="ntsc", suffix=".mov", width=1280, height=720, rate=_NTSC),
    Kind(name="square", suffix=".mp4", width=1080, height=1080),
    Kind(name="old-phone", suffix=".webm", width=640, height=360, rate=Fraction(15), codec="libvpx"),
)
"""A dozen. Square pixels, progressive, SDR: nothing that another program would have to be told about."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """One file of a library."""

    name: str
    """Its id in a library."""
    file: str
    size: tuple[int, int]
    """Upright width and height, square pixels."""
    still: bool = False
    sound: bool = True
    seconds: Fraction = Fraction(0)
    """How long it is; 0 for a still."""
    first_code: int | None = None
    """Frame code of its first frame; None where none are drawn."""
    holds: tuple[Fraction, ...] = ()
    """Seconds for which successive frames are held, again and again."""

    def shown(self, code: int) -> tuple[Fraction, Fraction]:
        """When the frame with this code comes and goes, in seconds of source time."""
        if self.still or self.first_code is None:
            return Fraction(0), Fraction(1 << 30)
        rounds, rest = divmod(code - self.first_code, len(self.holds))
        start = rounds * sum(self.holds) + sum(self.holds[:rest])
        return Fraction(start), start + self.holds[rest]


def _even(pixels: int, height: int) -> int:
    return max(2, round(pixels * height / _FULL_HEIGHT / 2) * 2)


def _write(path: Path, kind: Kind, *, width: int, height: int, seconds: Fraction, number: int, first: int) -> None:
    picture = footage(width, height, seed=number, first=first)
    if kind.still:
        write_still(path, picture(0))
        return
    if kind.rotation:
        picture = turned_picture(picture, degrees=kind.rotation)
    turned = kind.rotation % 180 != 0
    write_clip(
        path,
        width=height if turned else width,
        height=width if turned else height,
        rate=kind.rate,
        frames=ceil(seconds * kind.rate),
        picture=picture,
        sound=bustle(seconds=float(seconds), seed=number, channels=1 + number % 2),
        codec=kind.codec,
        rotation=kind.rotation,
        hold_ticks=kind.hold_ticks or None,
        ticks_a_second=_TICKS if kind.hold_ticks else None,
    )


def _made(folder: Path, number: int, *, seconds: Fraction, height: int) -> Source:
    """Source ``number``: there already, or written now and only then given its name."""
    kind = KINDS[number % len(KINDS)]
    width, tall = _even(kind.width, height), _even(kind.height, height)
    path = folder / f"{number:02}-{kind.name}-{height}-{float(seconds):g}s{kind.suffix}"
    first = number * CODES_APART
    if not path.is_file():
        part = path.with_stem(f"{path.stem}.part")
        _write(part, kind, width=width, height=tall, seconds=seconds, number=number, first=first)
        os.replace(part, path)
    holds = tuple(Fraction(ticks, _TICKS) for ticks in kind.hold_ticks) or (1 / kind.rate,)
    return Source(
        name=f"{number:02}-{kind.name}",
        file=path.name,
        size=(width, tall),
        still=kind.still,
        sound=not kind.still,
        seconds=Fraction(0) if kind.still else seconds,
        first_code=first,
        holds=holds,
    )


def made_sources(folder: Path, numbers: Iterable[int], *, seconds: Fraction, height: int) -> tuple[Source, ...]:
    """Files with these numbers in ``folder``, each ``seconds`` long, for a film ``height`` pixels high.

    Number n is of kind n, once round after the other. Files that are there already are taken as they are.
    """
    wanted = tuple(numbers)
    told(f"making {len(wanted)} files of {float(seconds):g} s in {folder}")
    folder.mkdir(parents=True, exist_ok=True)
    with ThreadPoolExecutor(len(os.sched_getaffinity(0))) as threads:
        made = threads.map(lambda number: _made(folder, number, seconds=seconds, height=height), wanted)
        return tuple(made)


def listing(sources: Iterable[Source], contributors: Sequence[str] = ()) -> str:
    """``contributions.toml``: the sources, given by the contributors in turn; none: by nobody."""
    text = "".join(
        f'[[contributor]]\nid = "p{number}"\nname = {json.dumps(name, ensure_ascii=False)}\n'
        for number, name in enumerate(contributors)
    )
    for number, source in enumerate(sources):
        text += f"[[contribution]]\nid = {json.dumps(source.name)}\nfile = {json.dumps(source.file)}\n"
        if contributors:
            text += f'by = ["p{number % len(contributors)}"]\n'
    return text
