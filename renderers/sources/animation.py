"""Contributed animations (GIF, APNG, animated WebP and AVIF, FLIC): examined, and shown in time, looping."""

from bisect import bisect_right
from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path
from typing import NamedTuple

import numpy as np

from crowdcut.findings import JobFailed
from crowdcut.media import Media, Picture
from crowdcut.orders import Animation
from renderers.files.door import broken, opened
from renderers.frames.alpha import straightened
from renderers.frames.alpha_evidence import AlphaEvidence, is_sampled
from renderers.frames.fit import patches_for
from renderers.patch import Drawn, Patch
from renderers.sources import Setting
from renderers.sources.still import AS_SRGB
from renderers.stills.pictures import UNTURNED, Pixels, is_picture, opened_image, pillow_errors, srgb, turn_of
from renderers.stills.reel import reel_frames

PICTURE_PIXELS_MAX = 16_000_000
"""Of one picture: composing keeps several of them."""
TOTAL_PIXELS_MAX = 1_000_000_000
"""Of all pictures together, 480 in 1080p: more is a film in the wrong format."""
# Browsers show a picture that asks for 10 ms or less for 100 ms; its maker has never seen it otherwise.
_TOO_SHORT = Fraction(10, 1000)
_INSTEAD = Fraction(100, 1000)

_ANIMATED = frozenset({"GIF", "PNG", "WEBP", "AVIF"})
_FLIC = (b"\x11\xaf", b"\x12\xaf")

Shown = tuple[Pixels, Fraction]
"""A picture's pixels, and how many seconds it is shown."""


def _shown(milliseconds: float | None) -> Fraction:
    # APNG delays are ratios of 16-bit numbers, which Pillow gives as a float of milliseconds.
    seconds = Fraction((milliseconds or 0) / 1000).limit_denominator(65_535)
    return seconds if seconds > _TOO_SHORT else _INSTEAD


def _by_pillow(path: Path, *, premultiplied: bool) -> Iterator[Shown]:
    with opened_image(path) as image:
        # An APNG may carry a still for programs that know no animation; it is not part of it.
        number = 1 if image.info.get("default_image") else 0
        while True:
            with pillow_errors(path):
                try:
                    image.seek(number)
                except EOFError:
                    return
                image.load()
                told = straightened(image) if premultiplied else image
                picture = srgb(told), _shown(image.info.get("duration"))
            yield picture
            number += 1


def _flic_length(head: bytes) -> int:
    """Pictures of a FLIC; the file holds one more, the step back to the first."""
    return int.from_bytes(head[6:8], "little")


def _by_ffmpeg(path: Path) -> Iterator[Shown]:
    with path.open("rb") as file:
        length = _flic_length(file.read(8))
    with opened(path) as container:
        stream = container.streams.video[0]
        step = max(_TOO_SHORT, Fraction(stream.time_base or 0))
        for number, frame in enumerate(container.decode(stream)):
            if number == length:
                return
            yield np.asarray(frame.reformat(format="rgb24").to_ndarray(), np.uint8), step


def _pictures(path: Path, *, premultiplied: bool = False) -> Iterator[Shown]:
    """The animation's pictures, composed, in order, once; as they are stored, unless they are premultiplied."""
    with path.open("rb") as file:
        head = file.read(8)
    return _by_ffmpeg(path) if head[4:6] in _FLIC else _by_pillow(path, premultiplied=premultiplied)


def _loops(form: str, told: int | None) -> int | None:
    """How many times the file asks to be played; None: without end.

    told : the count in the file; 0: without end. A GIF's (Netscape's block, 1995) is how often it comes again after
        the first time, as browsers obey it, and one without it is played once; others tell how often they are played.
    """
    if form == "gif":
        return 1 if told is None else told + 1 if told else None
    return told or None


class _Container(NamedTuple):
    """What the file says of all its pictures."""

    form: str
    loops: int | None
    """How many times it asks to be played; None: without end."""
    turn: tuple[int, bool] | None = (0, False)
    """Degrees clockwise, and a flip left to right before; None: damaged."""


def _container(path: Path, head: bytes, suffix: str) -> _Container | None:
    """What the animation is; None for a file that is none."""
    if head[4:6] in _FLIC:
        return _Container("flic", None) if _flic_length(head) > 1 else None
    if not is_picture(head, suffix):
        return None
    with opened_image(path, suffix) as image:
        with pillow_errors(path):
            moves = image.format in _ANIMATED and getattr(image, "is_animated", False)
        if moves and image.width * image.height > PICTURE_PIXELS_MAX:
            raise broken(path, f"It is {image.width}x{image.height}, too large for an animation", rule="too-large")
        form, told = (image.format or "").lower(), image.info.get("loop")
        turn = turn_of(image)
    return _Container("apng" if form == "png" else form, _loops(form, told), turn) if moves else None


def _too_much(path: Path) -> JobFailed:
    return broken(path, "It holds too many pictures for an animation. Export it as video (MP4)", rule="too-large")


def examine(path: Path, head: bytes, suffix: str) -> Media | None:
    """What the animation in ``path`` is; None if nothing moves in it. Raises JobFailed for one that is broken.

    head : the file's first bytes.
    suffix : the file's ending in lower case, a hint.
    """
    container = _container(path, head, suffix)
    if container is None:
        return None
    form, loops, turn = container
    lengths: list[Fraction] = []
    remarks: list[str] = []
    alpha, size, area = False, (0, 0), 0
    evidence = AlphaEvidence()
    try:
        for pixels, length in _pictures(path):
            lengths.append(length)
            size = pixels.shape[1], pixels.shape[0]
            area += size[0] * size[1]
            alpha = alpha or (pixels.shape[2] == 4 and int(pixels[..., 3].min()) < 255)
            if pixels.shape[2] == 4 and is_sampled(len(lengths) - 1):
                evidence.add(pixels)
            if area > TOTAL_PIXELS_MAX:
                raise _too_much(path)
    except JobFailed as error:
        if not lengths or error.findings[0].rule == "too-large":
            raise
        remarks.append(f"it is damaged after {len(lengths)} pictures; those before are used")
    if not lengths:
        raise broken(path, "It holds no picture")
    if turn is None:
        remarks.append(UNTURNED)
    rotation, mirrored = turn or (0, False)
    duration = sum(lengths, Fraction(0))
    picture = Picture(
        codec=form,
        width=size[0],
        height=size[1],
        rotation=rotation,
        mirrored=mirrored,
        pixel_format="rgba" if alpha else "rgb24",
        alpha=alpha,
        premultiplied=alpha and evidence.is_premultiplied,
        colour=AS_SRGB,
        duration=duration,
        frames=len(lengths),
        rate=len(lengths) / duration,
        constant=len(set(lengths)) == 1,
        loops=loops,
    )
    return Media(kind="animation", container=form, picture=picture, remarks=tuple(remarks))


class _Reel:
    """An animation's pictures in order; going back winds to the start."""

    def __init__(self, path: Path, length: int, *, premultiplied: bool):
        self._path = path
        self._length = length
        self._premultiplied = premultiplied
        self._ends: list[Fraction] = []
        self._wind_back()

    def _wind_back(self) -> None:
        self._pictures = _pictures(self._path, premultiplied=self._premultiplied)
        self._index = -1

    def _step(self) -> None:
        found = next(self._pictures, None)
        if found is None:
            raise broken(self._path, "it has fewer pictures than when it was examined")
        self._index += 1
        self._pixels, shown = found
        if self._index == len(self._ends):
            self._ends.append((self._ends[-1] if self._ends else Fraction(0)) + shown)

    def index_at(self, time: Fraction) -> int:
        """Which picture is on screen at ``time`` seconds of the first loop."""
        while len(self._ends) < self._length and (not self._ends or self._ends[-1] <= time):
            if self._index + 1 < len(self._ends):
                self.pixels(len(self._ends) - 1)
            self._step()
        return min(bisect_right(self._ends, time), self._length - 1)

    def pixels(self, index: int) -> Pixels:
        """The picture ``index``, as stored."""
        if index < self._index:
            self._wind_back()
        while self._index < index:
            self._step()
        return self._pixels


def frames(animation: Animation, setting: Setting) -> Iterator[Drawn]:
    """The picture on screen at each frame's time."""
    picture = animation.picture
    premultiplied = animation.conversion.premultiplied
    reel = _Reel(setting.inputs[animation.file], picture.frames, premultiplied=premultiplied)

    def patches_of(index: int) -> tuple[Patch, ...]:
        pixels = reel.pixels(index)
        stored = (picture.width, picture.height)
        return patches_for(pixels if picture.alpha else pixels[..., :3], animation.conversion, setting.raster, stored)

    def counted_at(moment: Fraction) -> int:
        return min(int(moment * (picture.rate or 1)), picture.frames - 1)

    # Where pictures are counted, somebody knew better than the file how long they are shown.
    index_at = counted_at if picture.count_frames else reel.index_at
    yield from reel_frames(animation, setting, index_at, patches_of)
