"""How a benchmark tells what it found: the machine, a table, the figures that were promised, and all of it as JSON."""

import argparse
import json
import os
import platform
import sys
import tempfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

from crowdcut.records import plain

_LIBRARIES = ("crowdcut", "av", "numpy", "opencv-python-headless", "moviepy", "imageio-ffmpeg")


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """A number that was promised, beside what was measured."""

    name: str
    measured: float
    limit: float
    """The most that it may be."""
    unit: str = ""
    """What both are counted in; none for a ratio."""

    def __str__(self) -> str:
        verdict = "met" if self.measured <= self.limit else "missed"
        if verdict == "missed" and self.limit:
            verdict += f" by {(self.measured / self.limit - 1) * 100:.0f} %"
        return f"{self.name}: {self.measured:g}{self.unit} (at most {self.limit:g}{self.unit}): {verdict}"


def _processor() -> str:
    """The processor's model as Linux names it."""
    for line in Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines():
        name, _, value = line.partition(":")
        if name.strip() == "model name":
            return value.strip()
    return platform.processor() or platform.machine()


def machine() -> dict[str, Any]:
    """What the numbers were measured on: processor, cores, system and versions; nothing that names the machine."""
    versions = {}
    for library in _LIBRARIES:
        try:
            versions[library] = version(library)
        except PackageNotFoundError:
            versions[library] = None
    return {
        "processor": _processor(),
        "cores": len(os.sched_getaffinity(0)),
        "memory_gb": round(os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30, 1),
        "system": f"{platform.system()} {platform.release()}",
        "python": platform.python_version(),
        "versions": versions,
    }


def told(text: str) -> None:
    """A line of progress."""
    print(text, file=sys.stderr, flush=True)


def table(head: Sequence[str], rows: Iterable[Sequence[Any]]) -> str:
    """Columns: the first to the left, numbers to the right."""
    cells = [list(head), *([_cell(value) for value in row] for row in rows)]
    widths = [max(len(row[column]) for row in cells) for column in range(len(head))]
    lines = [
        "  ".join(
            text.ljust(width) if column == 0 else text.rjust(width)
            for column, (text, width) in enumerate(zip(row, widths, strict=True))
        ).rstrip()
        for row in cells
    ]
    return "\n".join(lines)


def _cell(value: Any) -> str:
    if value is None:
        return "-"
    return f"{value:.2f}" if isinstance(value, float) else str(value)


def put(page: Path, head: Sequence[str], cells: Iterable[Sequence[Any]]) -> None:
    """Put the table in its place on a page: between the lines ``<!-- table -->`` and ``<!-- end -->``."""
    lines = [head, ["---"] * len(head), *([("-" if one is None else one) for one in row] for row in cells)]
    rows = "".join("| " + " | ".join(map(str, line)) + " |\n" for line in lines)
    before, after = page.read_text(encoding="utf-8").split("<!-- table -->\n")
    end = after[after.index("<!-- end -->") :]
    page.write_text(f"{before}<!-- table -->\n{rows}{end}", encoding="utf-8")


def parser_for(doc: str | None) -> argparse.ArgumentParser:
    """A command line whose help is the program's own docstring, with what every program takes."""
    program = Path(sys.argv[0])
    name = program.parent.name if program.stem == "__main__" else program.stem
    prog = f"python -m benchmarks.{name}"
    parser = argparse.ArgumentParser(prog=prog, description=doc, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--out", type=Path, metavar="FILE", help="write the results as JSON too")
    return parser


def add_work(parser: argparse.ArgumentParser, what: str) -> None:
    """Let the caller say where a program works."""
    parser.add_argument(
        "--work",
        type=Path,
        metavar="DIR",
        help=f"work there and leave {what} for the next time  [default: a temp folder]",
    )


@contextmanager
def workplace(work: Path | None, name: str) -> Iterator[tuple[Path, Path]]:
    """Where made media lie (``work``, if it is given, and then they stay), and a new folder that is gone afterwards."""
    if work is not None:
        work.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=f"crowdcut-{name}-", dir=work) as folder:
        yield work or Path(folder), Path(folder)


def written(out: Path | None, found: Mapping[str, Any], figures: Sequence[Figure] = ()) -> None:
    """Print the figures; put everything with the machine into ``out`` if it is wanted."""
    for figure in figures:
        print(figure)
    if out is not None:
        whole = {"machine": machine(), **found, "figures": [plain(figure) for figure in figures]}
        out.parent.mkdir(parents=True, exist_ok=True)
        out.write_text(json.dumps(whole, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
        told(f"written: {out}")
