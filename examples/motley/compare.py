"""``python -m examples.motley.compare MEDIA FOLDER``: every picture of a folder as a player shows it, beside ours.

Writes contact sheets of 3 x 6 pairs (FOLDER/sheet-1.png...), numbered; left the player, right Crowdcut's film, at one
moment; under the file's name what Crowdcut found odd about it.
Prints a line for each pair: its number, the mean difference in codes, and the file; the worst last.
"""

import sys
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

import cv2
import numpy as np
from PIL import Image, ImageDraw, ImageFont

from crowdcut.conform.whole import whole_source
from crowdcut.findings import JobFailed
from crowdcut.media import Media
from crowdcut.orders import Layer, PictureEncoding, PictureOrder, Raster
from examples.motley.players import NotShown, Pixels, animation_shown, film_shown, still_shown
from renderers.composing.compose import composed_frames
from renderers.examine import examined

RASTER = Raster(width=1280, height=720, rate=Fraction(24))
"""The film's: as large as films are, or its halved colours and even edges would be what one sees."""
_SIZE = _WIDE, _HIGH = (RASTER.width // 4, RASTER.height // 4)
"""Of a picture on the sheets."""
_GROUND = (239, 230, 216)
"""Under transparent parts."""
_COLUMNS, _ROWS, _LINE, _GAP = 3, 6, 18, 8
_PAIR = (2 * _WIDE + 3 * _GAP, _HIGH + 3 * _LINE)
_PAGE, _INK, _ODD = (70, 70, 70), (255, 255, 255), (255, 215, 120)
_FONT = ImageFont.load_default(size=14)
_LEGEND = (
    "Left: what a player shows (ffmpeg; Pillow for stills and animations).  Right: what Crowdcut's film shows.  "
    "Then the mean difference, of 255 codes.  Yellow: what Crowdcut says of the file."
)
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
    """Mean of what differs after a blur, codes; hairlines, scalers and a pixel's shift do not count."""
    remarks: tuple[str, ...]
    """What the examination says is odd."""


def _moment(media: Media) -> Fraction:
    """A second in, or the middle, and away from where pictures change: there a rounding decides."""
    duration = media.duration or Fraction(0)
    return min(Fraction(1), duration / 2) + Fraction(7, 1000)


def _ours(path: Path, media: Media, moment: Fraction) -> Pixels:
    """The frame that a film would show. Raises JobFailed."""
    source = whole_source(media, RASTER, ground=_GROUND, start=moment)
    assert source is not None
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
    small = cv2.resize(np.clip(rgb, 0, 1), _SIZE, interpolation=cv2.INTER_AREA)
    return np.rint(small * 255).astype(np.uint8)


def _centred(pixels: Pixels) -> Pixels:
    canvas = np.zeros((_HIGH, _WIDE, 3), np.uint8)
    top, left = (_HIGH - pixels.shape[0]) // 2, (_WIDE - pixels.shape[1]) // 2
    canvas[top : top + pixels.shape[0], left : left + pixels.shape[1]] = pixels
    return canvas


def _words(words: str) -> Pixels:
    """A sentence in a picture's place."""
    image = Image.new("RGB", _SIZE, (40, 0, 0))
    lines = [words[start : start + 50] for start in range(0, len(words), 50)]
    ImageDraw.Draw(image).multiline_text((6, 60), "\n".join(lines), fill=(255, 200, 200))
    return np.asarray(image)


def _left(path: Path, media: Media, moment: Fraction, name: str) -> Pixels:
    try:
        if media.kind == "still" or (media.kind is None and name.startswith("image/")):
            return _centred(still_shown(path, size=_SIZE, ground=_GROUND))
        if media.kind == "animation" and media.container != "flic":
            return _centred(animation_shown(path, moment, size=_SIZE, ground=_GROUND))
        return _centred(film_shown(path, float(moment), size=_SIZE, ground=_GROUND))
    except NotShown as error:
        return _words(str(error))


def _difference(left: Pixels, right: Pixels) -> float:
    """See :class:`Pair`. Boxes lie on whole pixels there, and on even ones here."""
    one, other = (cv2.GaussianBlur(pixels, (0, 0), 3).astype(np.int16) for pixels in (left, right))
    shifted = (np.roll(one, (down, right), (0, 1)) for down in (-1, 0, 1) for right in (-1, 0, 1))
    return min(float(np.abs(moved - other).mean()) for moved in shifted)


def _pair(number: int, path: Path, name: str) -> Pair:
    media = examined(path, path.suffix.lower())
    moment = _moment(media)
    left = _left(path, media, moment, name)
    try:
        right = _words(media.refusal or "no picture") if media.picture is None else _ours(path, media, moment)
    except JobFailed as error:
        right = _words(str(error))
    difference = _difference(left, right)
    return Pair(number=number, name=name, left=left, right=right, difference=difference, remarks=media.remarks)


def _sheet(pairs: list[Pair]) -> Image.Image:
    wide, high = _PAIR
    rows = -(-len(pairs) // _COLUMNS)
    sheet = Image.new("RGB", (_COLUMNS * wide, 2 * _LINE + rows * high), _PAGE)
    draw = ImageDraw.Draw(sheet)
    draw.text((_GAP, 4), _LEGEND, fill=_INK, font=_FONT)
    for place, pair in enumerate(pairs):
        x, y = place % _COLUMNS * wide + _GAP, place // _COLUMNS * high + 2 * _LINE
        told = f"{pair.number}   {pair.name[-60:]}   differs by {pair.difference:.1f}"
        draw.text((x, y), told, fill=_INK, font=_FONT)
        draw.text((x, y + _LINE), "; ".join(pair.remarks)[:96], fill=_ODD, font=_FONT)
        for shift, pixels in ((0, pair.left), (_WIDE + _GAP, pair.right)):
            sheet.paste(Image.fromarray(pixels), (x + shift, y + 2 * _LINE))
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
    pairs = [_pair(number, path, str(path.relative_to(media))) for number, path in enumerate(_files(media), 1)]
    size = _COLUMNS * _ROWS
    for start in range(0, len(pairs), size):
        _sheet(pairs[start : start + size]).save(folder / f"sheet-{start // size + 1}.png")
    for pair in sorted(pairs, key=lambda one: one.difference):
        print(f"{pair.number:4} {pair.difference:6.1f}  {pair.name}")


if __name__ == "__main__":
    main()
