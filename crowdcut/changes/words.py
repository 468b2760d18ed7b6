"""How values of orders are told to a producer: times as clocks, the template's colours by name, words in quotes."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from crowdcut.changes.master_record import MasterRecord
from crowdcut.timing import clock, is_clocks

_LONGEST = 60
"""Letters of a quotation."""
_COLOUR = re.compile(r"#[0-9a-f]{6,8}", re.IGNORECASE)
_SHOWN_NAMES = 6

Path = tuple[str | int, ...]


def quoted(text: str) -> str:
    """Words in quotes, on one line, cut where they are long."""
    line = " ".join(text.split())
    return f"“{line if len(line) <= _LONGEST else line[: _LONGEST - 1] + '…'}”"


def several(names: list[str]) -> str:
    """Names in a row, the first few of many."""
    told = ", ".join(names[:_SHOWN_NAMES])
    return told if len(names) <= _SHOWN_NAMES else f"{told} and {len(names) - _SHOWN_NAMES} more"


def shown(value: Any) -> str:
    """A plain value, for people."""
    if value is None:
        return "none"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, int | float):
        return f"{value:g}"
    if isinstance(value, str):
        return value if _COLOUR.fullmatch(value) or re.fullmatch(r"[-\w./:]{1,24}", value) else quoted(value)
    if isinstance(value, list | tuple):
        return ", ".join(map(shown, value)) or "none"
    return ", ".join(f"{name} {shown(one)}" for name, one in value.items()) or "none"


def turned(what: str, before: str, after: str) -> str:
    """``fit: blur → cover``."""
    return f"{what}: {before} → {after}"


def speed_told(speed: Fraction) -> str:
    """Source seconds a second, as of ``crowdcut.orders.Video``."""
    if not speed:
        return "one picture held"
    times = f"{float(abs(speed)):.{7 if is_clocks(speed) else 4}g}"
    return f"{times}, backwards" if speed < 0 else times


def differences(before: Any, after: Any, path: Path = ()) -> Iterator[tuple[Path, Any, Any]]:
    """Every place where two plain values differ, with what stands there; None for nothing."""
    if before == after:
        return
    if isinstance(before, Mapping) and isinstance(after, Mapping):
        for name in dict.fromkeys((*before, *after)):
            yield from differences(before.get(name), after.get(name), (*path, name))
    elif isinstance(before, list) and isinstance(after, list) and len(before) == len(after):
        for number, (one, other) in enumerate(zip(before, after, strict=True)):
            yield from differences(one, other, (*path, number))
    else:
        yield path, before, after


@dataclass(frozen=True, slots=True, kw_only=True)
class Speech:
    """What is known of two masters when a difference between them is put into words."""

    before: MasterRecord
    after: MasterRecord
    same_raster: bool
    """Whether both have the same size and rate: sizes and places in pixels cannot be compared otherwise."""

    def colour(self, what: str, before: str, after: str) -> str:
        """A colour that changed, by its name in the template's palette where it has one."""
        for name, colour in self.before.palette.items():
            if colour == before and self.after.palette.get(name) == after:
                return turned(f"the template's colour {name}", before, after)
        return turned(what, before, after)

    def source_time(self, what: str, before: str | None, after: str | None) -> str:
        """A source time in seconds; None: from the beginning."""
        return turned(what, clock(Fraction(before or 0)), clock(Fraction(after or 0)))

    def apart(self, before: int, after: int) -> bool:
        """Whether two lengths or moments in frames differ; at another rate, by a frame of either or more."""
        if self.before.rate == self.after.rate:
            return before != after
        rates = self.before.rate, self.after.rate
        return abs(after / rates[1] - before / rates[0]) >= 1 / min(rates)

    def frames(self, what: str, before: int, after: int) -> Iterator[str]:
        """A length or a moment in programme frames, if it changed."""
        if self.apart(before, after):
            yield turned(what, clock(before / self.before.rate), clock(after / self.after.rate))

    def code(self, before: Mapping[str, str], after: Mapping[str, str]) -> Iterator[str]:
        """What changed of the code behind keys; a module that only one of them needs is no reason."""
        for module in before:
            if after.get(module, before[module]) != before[module]:
                yield f"Crowdcut's code or a library under {module} changed"
