"""A file of subpicture units: what a title shows over its film in one language, and when. Read and written here."""

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

from crowdcut.disc.standards import CLOCK
from crowdcut.timing import nearest

STOP_TICKS = 1024
"""Ticks that the delays inside a unit count (DVD-Video, SP_DCSQ_STM)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Unit:
    """One subpicture unit and when it is shown, on its title's clock: 0 is the title's first picture."""

    start_frame: int
    end_frame_exclusive: int
    start_ticks: int
    """Of 90 kHz: its presentation time stamp, from the first picture's."""
    end_ticks: int
    """When its own command takes it off the screen; not after the next one's start."""
    data: bytes
    """As ``vtskit.spu.encode`` makes it: to be cut into packs of private stream 1, sub-stream 0x20 + number."""


def ticks_of(start_frame: int, end_frame_exclusive: int, rate: Fraction) -> tuple[int, int]:
    """When a caption comes and goes, in ticks; it may go a hundredth of a second early, since its delay is counted in
    1024 of them, and never late."""
    start, end = (nearest(frame * CLOCK / rate) for frame in (start_frame, end_frame_exclusive))
    return start, start + max(1, (end - start) // STOP_TICKS) * STOP_TICKS


def write_units(units: Iterable[Unit], out: Path) -> None:
    """Write ``out``: a line of JSON (for each unit its frames, ticks, offset and size), then the units' bytes."""
    index, offset, kept = [], 0, []
    for unit in units:
        index.append(
            {
                "frames": [unit.start_frame, unit.end_frame_exclusive],
                "ticks": [unit.start_ticks, unit.end_ticks],
                "offset": offset,
                "size": len(unit.data),
            }
        )
        offset += len(unit.data)
        kept.append(unit.data)
    with out.open("wb") as file:
        file.write(json.dumps(index, separators=(",", ":")).encode() + b"\n")
        file.writelines(kept)


def units_of(path: Path) -> Iterator[Unit]:
    """The units of a file that :func:`write_units` wrote, in their order, read one at a time."""
    with path.open("rb") as file:
        index = json.loads(file.readline())
        base = file.tell()
        for told in index:
            file.seek(base + told["offset"])
            yield Unit(
                start_frame=told["frames"][0],
                end_frame_exclusive=told["frames"][1],
                start_ticks=told["ticks"][0],
                end_ticks=told["ticks"][1],
                data=file.read(told["size"]),
            )
