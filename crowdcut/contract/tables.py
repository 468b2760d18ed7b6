"""What a producer wrote as nodes that know their file and line, so that every complaint can name the place."""

import os
import re
from contextlib import suppress
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from stat import S_ISREG
from typing import Any

from crowdcut.contract.toml_lines import KeyPath, lines_of
from crowdcut.contract.toml_slips import parsed
from crowdcut.findings import Finding, Where

_LONGEST = 60
_LINE_END = re.compile(r"\r++\n")
"""Programs that mistake each other's line ends write ``\\r\\r\\n``."""
_MOST_BYTES = 8 * 2**20
"""Of a TOML file; one of 5,000 shots has a fifth of it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """Where a table was read from."""

    file: Path | None
    """Absolute; None for values that come from no file of the producer's."""
    shown: str
    """As messages name it."""
    in_rows: bool = False
    """Whether it is a spreadsheet, and its lines are rows."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Node:
    """One value of a TOML file or a spreadsheet, with its place."""

    value: Any
    """str, int, Fraction, bool, float (infinite, or too long for a film), a date or time, a tuple of nodes, or a dict
    of nodes by key."""
    source: Source
    line: int | None
    """Counted from 1, of the key, list item or header; None for values that come from no file."""
    column: str | None = None
    """The header of the column that a spreadsheet's cell stands in."""

    def where(self, key: str | None = None, *, scene: str | None = None, shot: str | None = None) -> Where:
        """The place, for a finding or an origin."""
        column = key and self.column
        if key is not None and column is None and self.source.in_rows:
            column = key  # a row's own complaint: the cell that it speaks of is empty
        return Where(file=self.source.shown, line=self.line, key=key, column=column, scene=scene, shot=shot)


def printable(text: str) -> str:
    """``text`` for a message or a report: on one line, without control characters or broken surrogates."""
    return "".join(letter if letter.isprintable() else letter.encode("unicode_escape").decode() for letter in text)


def quoted(text: str) -> str:
    """``text`` in quotes, shortened, for a message."""
    short = text if len(text) <= _LONGEST else text[: _LONGEST - 3] + "..."
    return f'"{printable(short)}"'


def shown(file: Path) -> str:
    """A path as a message names it: relative to where the command was run if it lies below, else as it is."""
    with suppress(ValueError):
        file = file.absolute().relative_to(Path.cwd())
    return printable(str(file))


def beside(node: Node, path: str) -> Path:
    """A path as written in ``node``, against the folder of its file; without ``..`` where links allow it."""
    written = (node.source.file.parent if node.source.file else Path()) / path
    plain = Path(os.path.normpath(written))
    return plain if os.path.realpath(plain) == os.path.realpath(written) else written


def nodes_from(value: Any, source: Source, lines: dict[KeyPath, int] | None = None, path: KeyPath = ()) -> Node:
    """Plain dicts, lists and values as nodes; ``lines`` is what :func:`lines_of` says of their text."""
    line = lines[path] if lines is not None else None
    if isinstance(value, dict):
        value = {key: nodes_from(child, source, lines, (*path, key)) for key, child in value.items()}
    elif isinstance(value, list | tuple):
        value = tuple(nodes_from(child, source, lines, (*path, index)) for index, child in enumerate(value))
    return Node(value=value, source=source, line=line)


def plain_from(node: Node) -> Any:
    """Nodes as plain dicts, lists and values."""
    if isinstance(node.value, dict):
        return {key: plain_from(child) for key, child in node.value.items()}
    if isinstance(node.value, tuple):
        return [plain_from(child) for child in node.value]
    return node.value


def merged(base: Node, over: Node) -> Node:
    """``over`` laid on ``base``: tables merge, all else replaces. Each value keeps its own place."""
    if not (isinstance(base.value, dict) and isinstance(over.value, dict)):
        return over
    table = dict(base.value)
    for key, child in over.value.items():
        table[key] = merged(table[key], child) if key in table else child
    return Node(value=table, source=over.source, line=over.line)


def described(node: Node) -> str:
    """What a value is, for a message."""
    value = node.value
    if isinstance(value, str):
        return f"the text {quoted(value)}"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int | Fraction | float):
        if value != value:
            return "nan, which is no number"
        if not abs(value) < 10**15:
            return "a huge number"
        return f"the number {value if isinstance(value, int) else float(value):g}"
    if isinstance(value, dict):
        return "a table"
    return "a list" if isinstance(value, tuple) else f"a date or time without quotes ({value})"


def _finding(source: Source, line: int | None, rule: str, found: str, way_out: str) -> Finding:
    return Finding(
        rule=rule, where=Where(file=source.shown, line=line), found=printable(found), way_out=printable(way_out)
    )


def table_from(file: Path) -> tuple[Node | None, tuple[Finding, ...]]:
    """Read a TOML file. None where nothing can be made of it; findings name the line."""
    source = Source(file=file.absolute(), shown=shown(file))
    try:
        if not S_ISREG(file.stat().st_mode):  # opening a pipe would wait for ever
            return None, (_finding(source, None, "missing-file", "it is no file", "Check the path."),)
        with file.open("rb") as opened:
            data = opened.read(_MOST_BYTES + 1)
        if len(data) > _MOST_BYTES:
            found = f"it has more than {_MOST_BYTES // 2**20} MB"
            return None, (_finding(source, None, "too-large", found, "Leave away what is no part of it."),)
        text = _LINE_END.sub("\n", data.decode("utf-8-sig"))
    except UnicodeDecodeError as error:
        line = error.object.count(b"\n", 0, error.start) + 1
        return None, (_finding(source, line, "not-text", "this is not UTF-8 text", "Save the file as UTF-8."),)
    except (OSError, ValueError) as error:  # ValueError: a path that no system can have
        found = f"it cannot be read: {getattr(error, 'strerror', None) or error}"
        return None, (_finding(source, None, "missing-file", found, "Check the path."),)
    values, text, slips = parsed(text)
    findings = tuple(_finding(source, slip.line, slip.rule, slip.found, slip.way_out) for slip in slips)
    return (nodes_from(values, source, lines_of(text)) if values is not None else None), findings
