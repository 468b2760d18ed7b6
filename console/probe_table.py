"""What ``crowdcut probe`` shows of a file: a small table in the terminal."""

import sys
from collections.abc import Iterator
from typing import TYPE_CHECKING

from crowdcut.conform.record import Record
from crowdcut.contract.tables import printable
from crowdcut.media import Media
from crowdcut.timing import clock

if TYPE_CHECKING:
    from rich.table import Table


def _found(media: Media, record: Record) -> Iterator[str]:
    yield from record.found
    if media.text is not None:
        yield f"text, {len(media.text.split())} words"
    if media.picture is not None and media.picture.rotation:
        yield f"to be turned {media.picture.rotation} degrees clockwise"
    if media.picture is not None and (sound := media.sound) is not None:
        yield f"sound: {sound.codec}, {sound.rate} Hz, {sound.layout}, {clock(sound.duration)}"


def _rows(media: Media, record: Record) -> Iterator[tuple[str, str, str]]:
    """Heading, words and style of each line."""
    if media.refusal is not None:
        yield "refused", media.refusal, "bold red"
        return
    groups = (("found", tuple(_found(media, record)), ""), ("done", record.done, ""), ("cost", record.cost, "yellow"))
    for heading, lines, style in groups:
        for number, line in enumerate(lines):
            yield heading if number == 0 else "", line, style


def _table(rows: Iterator[tuple[str, str, str]]) -> "Table":
    from rich.table import Table
    from rich.text import Text

    table = Table.grid(padding=(0, 2, 0, 0))
    table.add_column(min_width=9, no_wrap=True)
    table.add_column()
    for heading, line, style in rows:
        table.add_row(Text(f"  {heading}", style="dim"), Text(printable(line), style=style))
    return table


def show(name: str, media: Media, record: Record) -> None:
    """Print one file's table to the standard output: for a terminal, or in plain lines."""
    rows = _rows(media, record)
    if not sys.stdout.isatty():
        print(printable(name), *(f"  {heading:8} {printable(line)}" for heading, line, _ in rows), sep="\n")
        return
    from rich.console import Console
    from rich.text import Text

    console = Console(highlight=False)
    console.print(Text(printable(name), style="bold"), soft_wrap=True)
    console.print(_table(rows))
