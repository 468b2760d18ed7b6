"""Words to shaped paragraphs: any script, measured, fitted and wrapped; what no font draws is refused by name."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

import skia

from crowdcut.findings import Finding, JobFailed
from crowdcut.orders import Style
from crowdcut.words import Run, is_blank, is_right_to_left, isolated
from renderers.lettering.drawing import argb
from renderers.lettering.fonts import Shelf

LEAST_SCALE = 0.5
"""Words are set no smaller than at this part of their style's size."""

SCALES = (1.0, 0.95, 0.9, 0.85, 0.8, 0.75, 0.7, 0.65, 0.6, 0.55, LEAST_SCALE)
"""Sizes that words are tried at, as parts of their style's."""

Align = Literal["left", "centre", "right"]

_ENDLESS = 1e6
_layout = skia.textlayout
_ALIGN = {"left": _layout.TextAlign.kLeft, "centre": _layout.TextAlign.kCenter, "right": _layout.TextAlign.kRight}
_unicode = skia.Unicodes.ICU.Make()
_Piece = tuple[str, list[str]]
"""Text and the families it is set in."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SetWords:
    """Words as they will be drawn."""

    paragraph: skia.textlayout.Paragraph
    size: float
    """Pixels of 1 em."""
    width: float
    """Pixels of the longest line, from its first advance to its last, without letter space after it."""
    measure: float
    """Pixels that its lines are aligned in; at least ``width``."""
    height: float
    """Pixels: lines times line distance."""
    baseline: float
    """Pixels from the top to the first baseline."""
    lines: int

    def draw(self, canvas: skia.Canvas, x: float, y: float) -> None:
        """Paint with the top left corner at ``x``, ``y``."""
        self.paragraph.paint(canvas, x, y)


def quoted(words: str) -> str:
    """``words`` for a message: in quotes, the middle of long ones left out."""
    short = words if len(words) <= 60 else f"{words[:40]} ... {words[-15:]}"
    return f"“{short}”"


def too_long(words: str) -> JobFailed:
    """The error for words that do not fit even at their least size."""
    return JobFailed(
        Finding(
            rule="too-long",
            found=f"{quoted(words)} ({len(words)} characters) does not fit into its place at half its size",
            way_out="Shorten the words, or part them over several shots.",
        )
    )


def _named(cluster: str) -> str:
    return f"{cluster} ({' '.join(f'U+{ord(sign):04X}' for sign in cluster)})"


def _checked(words: str, shelf: Shelf, chain: tuple[str, ...]) -> None:
    if is_blank(words):
        found = f"{words!r} has nothing in it that can be seen"
        raise JobFailed(Finding(rule="blank-words", found=found, way_out="Write the words, or leave them away."))
    if missing := shelf.missing(words, chain):
        signs = ", ".join(map(_named, missing[:8])) + (f" and {len(missing) - 8} more" if len(missing) > 8 else "")
        raise JobFailed(
            Finding(
                rule="missing-glyph",
                found=f"no font can draw {signs} in {quoted(words)}",
                way_out="Put a font that has them into the folder 'fonts' of the template, or spell it otherwise.",
            )
        )


def _letters(families: list[str], style: Style, size: float) -> skia.textlayout.TextStyle:
    letters = _layout.TextStyle()
    letters.setFontFamilies(families)
    letters.setFontSize(size)
    letters.setColor(argb(style.colour))
    letters.setLetterSpacing(style.tracking * size)
    return letters


@dataclass(frozen=True, slots=True, kw_only=True)
class Typesetter:
    """Sets words for a raster of one height."""

    shelf: Shelf
    height: int
    """Of the raster, pixels."""

    def words(
        self,
        text: str,
        style: Style,
        *,
        scale: float = 1.0,
        width: float | None = None,
        align: Align = "left",
        runs: Sequence[Run] = (),
    ) -> SetWords:
        """``text`` at ``scale`` times its style's size; wrapped and aligned in ``width`` pixels, or in one line.

        runs : the same text in parts, where some of it is italic.
        """
        chain = self.shelf.chain(style.family, text)
        _checked(text, self.shelf, chain)
        size = style.size * self.height * scale
        pieces = self._pieces(isolated(text), runs or (Run(words=text),), chain, style.weight)
        paragraph = self._paragraph(pieces, style, size, align)
        paragraph.layout(_ENDLESS if width is None else width)
        longest = paragraph.MaxIntrinsicWidth if width is None else paragraph.LongestLine
        longest -= style.tracking * size
        return SetWords(
            paragraph=paragraph,
            size=size,
            width=longest,
            measure=longest if width is None else width,
            height=paragraph.Height,
            baseline=paragraph.AlphabeticBaseline,
            lines=max(1, round(paragraph.Height / (size * style.leading))),
        )

    def line(self, text: str, style: Style, width: float) -> SetWords:
        """``text`` in one line of at most ``width`` pixels, set smaller where it must be.

        Raises JobFailed where half the size is still too wide.
        """
        natural = self.words(text, style)
        if natural.width <= width:
            return natural
        # A hair below the quotient: advances do not scale quite linearly.
        fitted = self.words(text, style, scale=0.998 * width / natural.width)
        if fitted.size < LEAST_SCALE * natural.size or fitted.width > width + 1:
            raise too_long(text)
        return fitted

    def balanced(
        self,
        text: str,
        style: Style,
        width: float,
        *,
        scale: float = 1.0,
        align: Align = "centre",
        runs: Sequence[Run] = (),
    ) -> SetWords:
        """``text`` wrapped in ``width`` pixels, its lines as even as their number allows."""
        widest = self.words(text, style, scale=scale, width=width, runs=runs)
        low, high = widest.width / widest.lines, min(width, widest.width + 1)
        while widest.lines > 1 and high - low > 2:
            middle = (low + high) / 2
            tried = self.words(text, style, scale=scale, width=middle, runs=runs)
            low, high = (low, middle) if tried.lines == widest.lines and tried.width <= middle else (middle, high)
        # Room for the letter space that follows a line's last letter.
        room = max(0.0, style.tracking) * widest.size + 1
        return self.words(text, style, scale=scale, width=high + room, align=align, runs=runs)

    def fitted(self, text: str, style: Style, width: float, *, most_lines: int, align: Align = "left") -> SetWords:
        """``text`` in ``width`` pixels: in one line if three quarters of its size do, else in up to ``most_lines``.

        Raises JobFailed where half the size is still too large.
        """
        tries = [(scale, 1) for scale in SCALES if scale >= 0.75] + [(scale, most_lines) for scale in SCALES]
        for scale, lines in tries:
            tried = self.balanced(text, style, width, scale=scale, align=align)
            if tried.lines <= lines and tried.width <= width:
                return tried
        raise too_long(text)

    def _pieces(self, whole: str, runs: Sequence[Run], chain: tuple[str, ...], weight: int) -> list[_Piece]:
        """The parts of ``whole``, which is ``runs`` in an isolate, each with the families it is set in."""
        upright = self.shelf.aliases(chain, weight)
        slanted = self.shelf.aliases(self.shelf.slanted(chain), weight) if any(run.italic for run in runs) else upright
        before = len(whole) - 1 - sum(len(run.words) for run in runs)
        inner = [(run.words, slanted if run.italic else upright) for run in runs]
        return [(whole[:before], upright), *inner, (whole[-1:], upright)]

    def _paragraph(self, pieces: Sequence[_Piece], style: Style, size: float, align: str) -> skia.textlayout.Paragraph:
        families = pieces[0][1]
        letters = _letters(families, style, size)
        # A forced strut gives every line the same height and baseline, whatever scripts are in it.
        strut = _layout.StrutStyle()
        strut.setStrutEnabled(True)
        strut.setForceStrutHeight(True)
        strut.setFontFamilies(families)
        strut.setFontSize(size)
        strut.setHeight(style.leading)
        strut.setHeightOverride(True)
        sheet = _layout.ParagraphStyle()
        sheet.setTextStyle(letters)
        sheet.setStrutStyle(strut)
        sheet.setTextAlign(_ALIGN[align])
        builder = _layout.ParagraphBuilder.make(sheet, self.shelf.collection, _unicode)
        for text, its in pieces:
            builder.pushStyle(_letters(its, style, size))
            builder.addText(text)
            builder.pop()
        return builder.Build()


def reading_side(lines: Iterable[str]) -> Literal["left", "right"]:
    """The side on which the lines of a text begin."""
    return "right" if is_right_to_left("".join(lines)) else "left"
