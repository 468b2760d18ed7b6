"""The credit roll: every name of this cut under its role, on a grid whose height needs no font."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cache
from itertools import zip_longest
from typing import Any, Literal

from crowdcut.cut.appearances import Appearance
from crowdcut.findings import Finding, Refused, Where
from crowdcut.library import Library
from crowdcut.look import Look, RollLook
from crowdcut.manifest import ExtraCredit
from crowdcut.orders import Raster, Roll, RollLine
from crowdcut.timing import nearest, seconds_to_frames
from crowdcut.words import broken_at, estimated_ems, is_blank, one_line

TITLE_SAFE = Fraction(9, 10)
"""Part of width and height that is title-safe (SMPTE ST 2046-1)."""

# Rows are decided at 4:3, the narrowest picture: so every delivery of a film has the same rows and the same length.
_NARROWEST = 4 / 3
# A name may be set down to half its size; an estimate of its width leaves this much of that for error.
_SQUEEZE = 1.4
# Rows may stand this much closer together than the template asks, so that a small raster keeps the roll's length
# at a whole step; further apart does no harm.
_CLOSEST = Fraction(85, 100)


@dataclass(frozen=True, slots=True, kw_only=True)
class Block:
    """One role and who filled it."""

    role: str
    """As it was first written."""
    heading: str
    """What stands over the names."""
    names: tuple[str, ...]
    """Collated, each once."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Row:
    """A row of the grid before there are pixels; without cells it is space."""

    style: Literal["title", "role", "name", "note"] = "name"
    cells: tuple[str, ...] = ()
    lines: Fraction = Fraction(1)
    """Height, in lines of a name."""


@cache
def _collator() -> Any:
    from pyuca import Collator  # its table takes a tenth of a second to read

    return Collator()


def _collated(names: Iterable[str]) -> tuple[str, ...]:
    """Each name once, in the order of the Unicode Collation Algorithm; equal keys by code point."""
    return tuple(sorted(dict.fromkeys(names), key=lambda name: (_collator().sort_key(name), name)))


def _same(role: str) -> str:
    return one_line(role).casefold()


def _heading(role: str, look: RollLook) -> str:
    headings = {_same(key): heading for key, heading in look.headings.items()}
    written = one_line(role)
    return headings.get(_same(role), written[:1].upper() + written[1:])


def _credited(name: str, where: Where) -> str:
    """``name`` in one line. Raises Refused for one that nobody could see: a person would be lost."""
    line = one_line(name)
    if is_blank(line):
        found = f"{name!r} is credited, but there is nothing in it that can be seen"
        raise Refused(Finding(rule="blank-name", where=where, found=found, way_out="Write the name to be credited."))
    return line


def blocks_from(
    appearances: Iterable[Appearance], library: Library, look: Look, extra: Iterable[ExtraCredit] = ()
) -> tuple[Block, ...]:
    """The roles of a cut with their names: the template's roles first and in its order, then others as they are met.

    Roles are the same whatever their capitals. Raises KeyError for a contributor that the library does not know,
    and Refused for a name in which there is nothing to see.
    """
    people = [(each.role, library.contributors[each.contributor]) for each in appearances]
    credited = [(role, _credited(person.name, person.where)) for role, person in people]
    credited += [(each.role, _credited(name, Where(key="credit"))) for each in extra for name in each.names]
    roles: dict[str, str] = {}
    names: dict[str, list[str]] = {}
    for role, name in credited:
        roles.setdefault(_same(role), role)
        names.setdefault(_same(role), []).append(name)
    first = [key for key in map(_same, look.roll.order) if key in names]
    return tuple(
        Block(role=roles[key], heading=_heading(roles[key], look.roll), names=_collated(names[key]))
        for key in dict.fromkeys([*first, *names])
    )


def _in_columns(names: Sequence[str], columns: int) -> Iterator[tuple[str, ...]]:
    """Rows of names that are read down each column; no column is empty."""
    height = -(-len(names) // columns)
    stacks = [names[start : start + height] for start in range(0, len(names), height)]
    yield from zip_longest(*stacks, fillvalue="")


def _name_rows(names: Sequence[str], look: Look) -> Iterator[_Row]:
    """Columns for a long block; names too wide for a column follow in rows of their own, broken if need be."""
    width = float(TITLE_SAFE) * _NARROWEST / look.styles["roll_name"].size * _SQUEEZE
    columns = look.roll.columns if len(names) >= look.roll.columns_from else 1
    narrow = [name for name in names if estimated_ems(name) <= width / columns]
    for cells in _in_columns(narrow, columns) if narrow else ():
        yield _Row(cells=cells)
    for name in names:
        if estimated_ems(name) > width / columns:
            yield from (_Row(cells=(piece,)) for piece in broken_at(name, width))


def _rows(blocks: Sequence[Block], look: Look, title: str | None) -> list[_Row]:
    rows: list[_Row] = []
    if title is not None:
        rows += [_Row(style="title", cells=(one_line(title),), lines=Fraction(3))]
    for block in blocks:
        rows += [_Row(lines=Fraction(3, 2))] if rows else []
        rows += [_Row(style="role", cells=(block.heading,)), _Row(lines=Fraction(1, 3))]
        rows += _name_rows(block.names, look)
    return rows


def _step(ideal: Fraction, distance: Fraction) -> int:
    """Whole pixels a frame, given those that would keep the grid as it is: fewer only if rows need not crowd.

    ideal, distance : pixels a frame, and the part of all travel that rows (and not the picture's height) make up.
    """
    slower = ideal.numerator // ideal.denominator
    if slower and (slower / ideal - 1 + distance) / distance >= _CLOSEST:
        return slower
    return slower + (slower != ideal)


def _lines(rows: Sequence[_Row], bottom: int) -> Iterator[RollLine]:
    """The rows that say something, spread over ``bottom`` pixels."""
    whole = sum((row.lines for row in rows), Fraction(0))
    above = Fraction(0)
    for row in rows:
        top, end = (nearest(lines * bottom / whole) for lines in (above, above + row.lines))
        above += row.lines
        if row.cells:
            yield RollLine(style=row.style, cells=row.cells, top=top, height=end - top)


def roll_frames(roll: Roll, raster: Raster) -> int:
    """The roll's exact length: from its first row just below the picture until its last has left the top."""
    bottom = max((line.top + line.height for line in roll.lines), default=0)
    return -(-(bottom + raster.height) // roll.step)


def roll_seconds(roll: Roll, raster: Raster) -> Fraction:
    """The roll's exact length, seconds."""
    return roll_frames(roll, raster) / raster.rate


def roll_for(
    blocks: Sequence[Block],
    raster: Raster,
    look: Look,
    *,
    title: str | None = None,
    seconds: Fraction | None = None,
    interlaced: bool = False,
) -> Roll:
    """The roll laid out for one raster, in whole pixels a frame, exactly as long as it is in every other raster.

    ``seconds`` is the length wished for; without it the template's speed decides. Since steps are whole pixels,
    the rows are spread a little (by the same factor throughout) until the length is met to the nearest frame.
    ``interlaced``: it will be seen on sets that show every other line at a time, so steps are even: each row stays in
    the same field.
    Raises ValueError where there is nothing to credit, and where ``seconds`` leaves the roll no time at all.
    """
    rows = _rows(blocks, look, title)
    if not rows:
        raise ValueError("there is nobody to credit")
    height = sum((row.lines for row in rows), Fraction(0)) * Fraction(str(look.roll.line))
    speed = Fraction(look.roll.pixels_a_frame_1080 * 24, 1080)
    frames = seconds_to_frames(seconds if seconds is not None else (height + 1) / speed, raster.rate)
    if frames < 1:
        raise ValueError("the credits have no time at all")
    lines_a_step = 2 if interlaced else 1
    step = lines_a_step * _step((height + 1) * raster.height / frames / lines_a_step, height / (height + 1))
    bottom = frames * step - raster.height
    styles = {use: style for use, style in look.styles.items() if use.startswith("roll_")}
    lines = tuple(_lines(rows, bottom))
    return Roll(lines=lines, step=step, styles=styles, background=(look.palette["background_low"],))
