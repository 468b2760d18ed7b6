"""A proxy's small label: the shot's name and the source's running time, top left."""

from collections.abc import Iterator
from fractions import Fraction
from itertools import repeat

from crowdcut.orders import Burn, Style
from crowdcut.words import one_line
from renderers.lettering.drawing import Pixels, blank, canvas_on, channels, even, opaque_patch
from renderers.lettering.fonts import shelf_for
from renderers.lettering.typeset import SetWords, Typesetter
from renderers.patch import Drawn, Patch
from renderers.sources import Setting

_PLATE = "#101010"
_LABEL = Style(family=("Noto Sans",), weight=600, size=0.036, colour="#ffffff")
_TIME = Style(family=("Noto Sans",), weight=500, size=0.036, colour="#ffd27a")
_LETTERS_MAX = 40
_SIGNS, _END = "0123456789:", " "


def _short(label: str) -> str:
    """A label of a shot whose scene has a long id: its end tells shots apart."""
    return label if len(label) <= _LETTERS_MAX else "…" + label[1 - _LETTERS_MAX :]


def _plate(width: int, height: int) -> Pixels:
    pixels = blank(width, height)
    pixels[:] = channels(_PLATE)
    return pixels


def _tile(words: SetWords, width: int, height: int, x: float) -> Patch:
    """Words on their piece of the plate, opaque: it is laid over the picture without blending."""
    pixels = _plate(width, height)
    with canvas_on(pixels) as canvas:
        words.draw(canvas, x, (height - words.height) / 2)
    return opaque_patch(pixels)


def running_time(time: Fraction, rate: Fraction) -> str:
    """Source time, as ``m:ss:ff``: whole seconds, then frames at the delivery's rate; 0 while a take waits."""
    time = max(Fraction(0), time)
    seconds = time.numerator // time.denominator
    return f"{seconds // 60}:{seconds % 60:02d}:{int((time - seconds) * rate):02d}"


def frames(source: Burn, setting: Setting) -> Iterator[Drawn]:
    """A plate for the label, and one small ready tile for each sign of the time."""
    width, height = setting.raster.width, setting.raster.height
    typesetter = Typesetter(shelf=shelf_for(setting.inputs), height=height)
    tall = even(1.5 * _LABEL.size * height)
    x, y = even(0.02 * width), even(0.03 * height)
    words = typesetter.fitted(_short(one_line(source.label)), _LABEL, 0.7 * width, most_lines=1)
    wide = even(words.width + tall * 0.7)
    label = _tile(words, wide, tall, tall * 0.35).moved_to(x, y)
    if source.start is None:
        yield from repeat(Drawn(patches=(label,)), setting.count)
        return
    signs = {sign: typesetter.words(sign, _TIME) for sign in _SIGNS}
    tiles = {sign: _tile(set_, even(set_.width + 1), tall, 0.5) for sign, set_ in signs.items()}
    tiles[_END] = opaque_patch(_plate(even(tall * 0.25), tall))
    for age in range(setting.age_frames, setting.age_frames + setting.count):
        patches, right = [label], x + wide
        time = source.start + source.speed * age / setting.raster.rate
        for sign in running_time(time, setting.raster.rate) + _END:
            patches.append(tiles[sign].moved_to(right, y))
            right += tiles[sign].luma.shape[1]
        yield Drawn(patches=tuple(patches))
