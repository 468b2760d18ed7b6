"""The loudness curve of a film and of its buses as an SVG drawing, against its target and its ceiling."""

from collections.abc import Iterator, Mapping, Sequence
from itertools import groupby

from crowdcut.pages.markup import Html, joined, tag
from crowdcut.timing import clock

_WIDTH, _HEIGHT, _LEFT, _BOTTOM = 960, 240, 44, 24
_LOWEST = -60.0
"""LUFS at the bottom of the chart; what is quieter is drawn there."""
_STEPS_SECONDS = (1, 2, 5, 10, 30, 60, 120, 300, 600, 1200, 3600)
_LABELS_MAX = 12


def _y(level: float) -> float:
    """The height of a level in dB, 0 at the top."""
    return round((_HEIGHT - _BOTTOM) * min(1.0, max(level, _LOWEST) / _LOWEST), 1)


def _x(second: float, seconds: int) -> float:
    return round(_LEFT + (_WIDTH - _LEFT) * second / max(1, seconds), 1)


def _curves(levels: Sequence[float | None], kind: str = "curve") -> Iterator[Html]:
    """A curve, broken where there is nothing to read."""
    numbered = enumerate(levels, 1)  # a reading tells of the time up to the end of its second
    for heard, group in groupby(numbered, key=lambda pair: pair[1] is not None):
        if heard:
            points = [f"{_x(second, len(levels))},{_y(level)}" for second, level in group if level is not None]
            if len(points) == 1:
                points *= 2
            yield tag("polyline", points=" ".join(points), class_=kind)


def _level_line(level: float, words: str, kind: str) -> Iterator[Html]:
    y = _y(level)
    yield tag("line", x1=_LEFT, x2=_WIDTH, y1=y, y2=y, class_=kind)
    yield tag("text", words, x=_LEFT + 6, y=y + (15 if level > -6 else -5), class_=kind)


def _axes(seconds: int) -> Iterator[Html]:
    for level in range(0, int(_LOWEST) - 1, -12):
        y = _y(level)
        yield tag("line", x1=_LEFT, x2=_WIDTH, y1=y, y2=y, class_="grid")
        yield tag("text", str(level).replace("-", "−"), x=_LEFT - 6, y=max(13, y + 4), text_anchor="end")
    step = next((step for step in _STEPS_SECONDS if seconds / step <= _LABELS_MAX), _STEPS_SECONDS[-1])
    for second in range(0, seconds, step):
        yield tag("text", clock(second), x=_x(second, seconds), y=_HEIGHT - 6)


def loudness_chart(
    levels: Sequence[float | None],
    *,
    target_lufs: float,
    ceiling_dbtp: float,
    summary: str,
    buses: Mapping[str, Sequence[float | None]] | None = None,
) -> Html:
    """Short-term loudness, LUFS, one reading a second (None for silence), and each bus's behind it (``voice``,
    ``shot``, ``effect``, ``music``). ``summary`` is what a screen reader says."""
    return tag(
        "svg",
        tag("title", summary),
        joined(_axes(len(levels))),
        joined(line for bus, heard in (buses or {}).items() for line in _curves(heard[: len(levels)], f"bus {bus}")),
        joined(_curves(levels)),
        joined(_level_line(target_lufs, f"target {target_lufs:g} LUFS", "target")),
        joined(_level_line(ceiling_dbtp, f"peak ceiling {ceiling_dbtp:g} dBTP", "ceiling")),
        viewBox=f"0 0 {_WIDTH} {_HEIGHT}",
        role="img",
        class_="loudness",
    )
