"""Words that fill a shot: a sentence set large and centred, or a poem in its own lines, with a byline."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import repeat

import skia

from crowdcut.orders import Style, Text
from crowdcut.words import lines_of, one_line
from renderers.lettering.drawing import TITLE_SAFE_MARGIN, blank, canvas_on, cropped_patch, ground_patch
from renderers.lettering.fonts import shelf_for
from renderers.lettering.typeset import SCALES, Align, SetWords, Typesetter, reading_side, too_long
from renderers.patch import Drawn
from renderers.sources import Setting

_SENTENCE_LINES = 4
"""A sentence of more lines on screen is set as a block: centred, it would be hard to read."""
_POEM_SCALES = tuple(scale for scale in SCALES if scale <= 0.85)
"""A poem is read, not announced: its largest size is below that of a sentence."""
_LEAST_UNBROKEN = 0.65
"""A poem is set smaller, down to this, before it fills the height or one of its lines is broken."""
_CALM_WIDTH, _CALM_HEIGHT = 0.72, 0.8
"""Parts of the raster's width and height that a block takes at most while it can."""
_OPTICAL_CENTRE = 0.47
"""Part of the free height that stands above the words: the eye's centre lies above the ruler's."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Block:
    """Lines under each other, placed."""

    rows: tuple[tuple[SetWords, float, float], ...]
    """Words with x and y of their top left corner, from the block's."""
    width: float
    """Pixels of the longest line."""
    mean_width: float
    """Pixels of the mean line, which is where the eye sees a ragged edge."""
    height: float

    def draw(self, canvas: skia.Canvas, x: float, y: float) -> None:
        for words, right, down in self.rows:
            words.draw(canvas, x + right, y + down)


def _stacked(rows: Sequence[SetWords | float], width: float, align: Align) -> _Block:
    """Words and gaps (pixels) under each other in ``width``."""
    placed, down = [], 0.0
    lead = {"left": 0.0, "centre": 0.5, "right": 1.0}[align]
    for row in rows:
        if isinstance(row, SetWords):
            placed.append((row, (width - row.measure) * lead, down))
        down += row.height if isinstance(row, SetWords) else row
    widths = [words.width for words, _, _ in placed]
    return _Block(rows=tuple(placed), width=max(widths), mean_width=sum(widths) / len(widths), height=down)


class _Page:
    """The words of one shot at the sizes that are tried."""

    def __init__(self, source: Text, setting: Setting):
        self.source = source
        self.lines = lines_of(source.words)
        self.byline = one_line(source.byline)
        self.byline_style: Style = source.byline_style or source.style
        self.raster = setting.raster
        self.typesetter = Typesetter(shelf=shelf_for(setting.inputs), height=setting.raster.height)
        self.safe_width = setting.raster.width * (1 - 2 * TITLE_SAFE_MARGIN)
        self.safe_height = setting.raster.height * (1 - 2 * TITLE_SAFE_MARGIN)

    def fits(self, block: _Block, height: float) -> bool:
        return block.height <= height and block.width <= self.safe_width

    def signed(self, rows: list[SetWords | float], align: Align) -> list[SetWords | float]:
        """``rows`` with the byline under them."""
        if not self.byline:
            return rows
        style, width = self.byline_style, 0.6 * self.raster.width
        byline = self.typesetter.fitted(self.byline, style, width, most_lines=2, align=align)
        return [*rows, 1.1 * byline.height / byline.lines, byline]

    def sentence(self, scale: float) -> _Block:
        """Centred lines of even length, in four fifths of the width."""
        width = 0.8 * self.raster.width
        rows: list[SetWords | float] = [
            self.typesetter.balanced(line, self.source.style, width, scale=scale) for line in self.lines if line
        ]
        return _stacked(self.signed(rows, "centre"), self.safe_width, "centre")

    def poem(self, scale: float, measure: float | None) -> _Block:
        """Lines as they were written, from the side on which they are read; broken in ``measure`` pixels, if given."""
        style, side = self.source.style, reading_side(self.lines)
        tried = [self.typesetter.words(line, style, scale=scale, width=measure) for line in self.lines if line]
        longest = max(words.width for words in tried)
        width = longest + max(0.0, style.tracking) * tried[0].size + 1
        rows: list[SetWords | float] = [
            self.typesetter.words(line, style, scale=scale, width=width, align=side)
            if line
            else 0.5 * tried[0].height / tried[0].lines
            for line in self.lines
        ]
        return _stacked(self.signed(rows, side), width, side)

    def block(self) -> tuple[_Block, bool]:
        """The words at the largest size that fits, and whether they are centred. Raises JobFailed where none does."""
        if self.source.style.align == "centre" and len(self.lines) < _SENTENCE_LINES:
            for scale in SCALES:
                block = self.sentence(scale)
                if sum(words.lines for words, _, _ in block.rows) > _SENTENCE_LINES + bool(self.byline):
                    break
                if self.fits(block, self.safe_height):
                    return block, True
        calm, safe = _CALM_HEIGHT * self.raster.height, self.safe_height
        whole = [scale for scale in _POEM_SCALES if scale >= _LEAST_UNBROKEN]
        tries = [
            *((scale, None, calm) for scale in whole),
            *((scale, None, safe) for scale in whole),
            *((scale, _CALM_WIDTH * self.raster.width, calm) for scale in _POEM_SCALES),
            (_POEM_SCALES[-1], self.safe_width, safe),
        ]
        for scale, measure, height in tries:
            block = self.poem(scale, measure)
            if self.fits(block, height):
                return block, False
        raise too_long(one_line(self.source.words))


def frames(source: Text, setting: Setting) -> Iterator[Drawn]:
    """The words over their ground; they stand still, so the same picture throughout."""
    page = _Page(source, setting)
    width, height = setting.raster.width, setting.raster.height
    block, centred = page.block()
    y = max((height - block.height) * _OPTICAL_CENTRE, height * TITLE_SAFE_MARGIN)
    if centred:
        x = (width - page.safe_width) / 2
    else:
        # A ragged block is centred between its longest and its mean line.
        side = reading_side(page.lines)
        lean = (block.width - block.mean_width) / 6 * (1 if side == "left" else -1)
        margin = width * TITLE_SAFE_MARGIN
        x = min(max((width - block.width) / 2 + lean, margin), width - margin - block.width)
    pixels = blank(width, height)
    with canvas_on(pixels) as canvas:
        block.draw(canvas, round(x), round(y))
    words = cropped_patch(pixels)
    still = Drawn(patches=(ground_patch(width, height, source.background), *((words,) if words else ())))
    yield from repeat(still, setting.count)
