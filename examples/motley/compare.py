"""``python -m examples.motley.compare MEDIA FOLDER``: every picture of a folder as a player shows it, beside ours.

Writes contact sheets of 4 x 5 pairs (FOLDER/sheet-1.png...), numbered; left the player, right Crowdcut, at one moment.
Prints a line for each pair: its number, the mean difference in codes, and the file; the worst last.
"""

import sys
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

import cv2
import numpy as np
from PIL import Image, ImageDraw

from crowdcut.conform.conversion import conversion_for
from crowdcut.conform.geometry import whole_raster
from crowdcut.findings import JobFailed
from crowdcut.library import ReadAs
from crowdcut.media import Media
from crowdcut.orders import Animation, Layer, PictureEncoding, PictureOrder, Raster, Still, Video
from examples.motley.players import NotShown, Pixels, animation_shown, film_shown, still_shown
from renderers.compose import composed_frames
from renderers.examine import examined

RASTER = Raster(width=320, height=180, rate=Fraction(24))
_SIZE = (RASTER.width, RASTER.height)
_GROUND = (239, 230, 216)
"""Under transparent parts."""
_COLUMNS, _ROWS, _LINE = 4, 5, 16
_FOLDERS = ("video", "image", "animation")


@dataclass(frozen=True, slots=True, kw_only=True)
class Pair:
    """One file twice."""

    number: int
    name: str
    left: Pixels
    """As the player shows it. [shape=(180, 320, 3)]"""
    right: Pixels
    """As Crowdcut does."""
    difference: float
    """Mean of what differs after a blur, codes; hairlines and scalers do not count."""


def _moment(media: Media) -> Fraction:
    """A second in, or the middle, and away from where pictures change: there a rounding decides."""
    duration = media.duration or Fraction(0)
    return min(Fraction(1), duration / 2) + Fraction(7, 1000)


def _ours(path: Path, media: Media, moment: Fraction) -> Pixels:
    """The frame that a film would show. Raises JobFailed."""
    assert media.picture is not None
    conversion = conversion_for(
        media.picture,
        read_as=ReadAs(),
        fit="contain",
        focus=(Fraction(1, 2), Fraction(1, 2)),
        region=whole_raster(RASTER),
        flatten=_GROUND,
        rate=RASTER.rate,
    )
    source: Video | Still | Animation
    match media.kind:
        case "still":
            source = Still(file="file", picture=media.picture, conversion=conversion)
        case "animation":
            source = Animation(file="file", picture=media.picture, start=moment, conversion=conversion)
        case _:
            source = Video(file="file", picture=media.picture, start=moment, conversion=conversion)
    layer, encoding = Layer(source=source, length_frames=1), PictureEncoding(codec="libx264")
    order = PictureOrder(raster=RASTER, encoding=encoding, length_frames=1, stack=(layer,))
    (composed,) = composed_frames(order, {"file": path})
    planes = composed.canvas.block
    high, wide = RASTER.height, RASTER.width
    luma = (planes[:high].astype(float) - 16) / 219
    chroma = planes[high:].reshape(2, high // 2, wide // 2).repeat(2, axis=1).repeat(2, axis=2)
    cb, cr = (chroma.astype(float) - 128) / 224
    red, blue = luma + 1.5748 * cr, luma + 1.8556 * cb
    rgb = np.stack([red, (luma - 0.2126 * red - 0.0722 * blue) / 0.7152, blue], axis=2)
    return np.rint(np.clip(rgb, 0, 1) * 255).astype(np.uint8)


def _centred(pixels: Pixels) -> Pixels:
    canvas = np.zeros((RASTER.height, RASTER.width, 3), np.uint8)
    top, left = (RASTER.height - pixels.shape[0]) // 2, (RASTER.width - pixels.shape[1]) // 2
    canvas[top : top + pixels.shape[0], left : left + pixels.shape[1]] = pixels
    return canvas


def _words(words: str) -> Pixels:
    """A sentence in a picture's place."""
    image = Image.new("RGB", _SIZE, (40, 0, 0))
    lines = [words[start : start + 50] for start in range(0, len(words), 50)]
    ImageDraw.Draw(image).multiline_text((6, 60), "\n".join(lines), fill=(255, 200, 200))
    return np.asarray(image)


def _left(path: Path, media: Media, moment: Fraction) -> Pixels:
    try:
        if media.kind == "still":
            return _centred(still_shown(path, size=_SIZE, ground=_GROUND))
        if media.kind == "animation" and media.container != "flic":
            return _centred(animation_shown(path, moment, size=_SIZE, ground=_GROUND))
        return _centred(film_shown(path, float(moment), size=_SIZE, ground=_GROUND))
    except NotShown as error:
        return _words(str(error))


def _pair(number: int, path: Path, name: str) -> Pair:
    media = examined(path, path.suffix.lower())
    moment = _moment(media)
    left = _left(path, media, moment)
    try:
        right = _words(media.refusal or "no picture") if media.picture is None else _ours(path, media, moment)
    except JobFailed as error:
        right = _words(str(error))
    blurred = [cv2.GaussianBlur(one, (0, 0), 3).astype(float) for one in (left, right)]
    return Pair(
        number=number, name=name, left=left, right=right, difference=float(np.abs(blurred[0] - blurred[1]).mean())
    )


def _sheet(pairs: list[Pair]) -> Image.Image:
    wide, high = 2 * RASTER.width + 8, RASTER.height + _LINE
    sheet = Image.new("RGB", (_COLUMNS * wide, _ROWS * high), (0, 0, 0))
    draw = ImageDraw.Draw(sheet)
    for place, pair in enumerate(pairs):
        x, y = place % _COLUMNS * wide, place // _COLUMNS * high
        draw.text((x + 2, y + 2), f"{pair.number}  {pair.name[-70:]}  {pair.difference:.1f}", fill=(255, 255, 255))
        for shift, pixels in ((0, pair.left), (RASTER.width, pair.right)):
            sheet.paste(Image.fromarray(pixels), (x + shift, y + _LINE))
    return sheet


def _files(media: Path) -> Iterator[Path]:
    for folder in _FOLDERS:
        yield from sorted(path for path in (media / folder).rglob("*") if path.is_file())


def main() -> None:
    """Write the sheets, print the differences."""
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    media, folder = Path(sys.argv[1]), Path(sys.argv[2])
    folder.mkdir(parents=True, exist_ok=True)
    pairs: list[Pair] = []
    for number, path in enumerate(_files(media), 1):
        pairs.append(_pair(number, path, str(path.relative_to(media))))
        if number % (_COLUMNS * _ROWS) == 0:
            _sheet(pairs[-_COLUMNS * _ROWS :]).save(folder / f"sheet-{number // (_COLUMNS * _ROWS)}.png")
    if rest := len(pairs) % (_COLUMNS * _ROWS):
        _sheet(pairs[-rest:]).save(folder / f"sheet-{len(pairs) // (_COLUMNS * _ROWS) + 1}.png")
    for pair in sorted(pairs, key=lambda one: one.difference):
        print(f"{pair.number:4} {pair.difference:6.1f}  {pair.name}")


if __name__ == "__main__":
    main()
