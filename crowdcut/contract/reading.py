"""Reads tables against the vocabulary and collects every complaint: unknown keys, wrong values, misplaced keys."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from difflib import get_close_matches
from fractions import Fraction
from typing import Any

from crowdcut.contract.readers import READERS
from crowdcut.contract.tables import Node, described, printable, quoted
from crowdcut.contract.values import Context, Misfit
from crowdcut.findings import Finding, Severity, Where
from crowdcut.vocabulary import choices
from crowdcut.vocabulary.disc_tables import DISC
from crowdcut.vocabulary.episode_tables import EPISODE
from crowdcut.vocabulary.library_tables import LIBRARY
from crowdcut.vocabulary.table import Table

_DOUBLE = {
    "scene": "[[scene]]",
    "shot": "[[scene.shot]]",
    "layer": "[[layer]]",
    "credit": "[[credit]]",
    "captions": "[[captions]]",
    "contribution": "[[contribution]]",
    "contributor": "[[contributor]]",
    "extra": "[[extra]]",
    **{bus: f"[[{bus}]]" for bus in choices.BUSES},
}


_LONGEST_SLIP = 100
"""Letters of a word that may be another's misspelling."""
_MOST_COMPARED = 30_000
"""Comparisons of a reading; each takes some 20 microseconds."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One key as it was written."""

    value: Any
    """In its final form."""
    node: Node
    table: Node
    """The table it stands in."""


Entries = dict[str, Entry]


@dataclass(frozen=True, slots=True, kw_only=True)
class Spot:
    """Which scene and shot a table belongs to, and the tables around it."""

    scene: str | None = None
    shot: str | None = None
    around: tuple[Table, ...] = ()
    """Nearest first: where a misplaced key may belong."""

    def of(self, node: Node, key: str | None = None) -> Where:
        """The place of ``node``, with the scene and the shot."""
        return node.where(None if key is None else printable(key), scene=self.scene, shot=self.shot)


TOP = Spot()


@dataclass(slots=True, kw_only=True)
class Reading:
    """One reading of a manifest or library; it collects findings as it goes."""

    rate: Fraction
    """The programme's, frames a second."""
    moments: frozenset[str] = frozenset()
    """Ids of scenes and shots."""
    findings: list[Finding] = field(default_factory=list)
    compared: int = 0
    """How many words have been held against others, to see what was meant."""

    def suggestion(self, word: str, words: Mapping[str, object], otherwise: str) -> str:
        """As :func:`suggestion`, for as long as that takes no time: whoever has a thousand slips has made one."""
        self.compared += len(words)
        return suggestion(word, words, otherwise) if self.compared <= _MOST_COMPARED else otherwise

    def complain(
        self, rule: str, where: Where, found: str, way_out: str = "", *, wanted: str = "", severity: Severity = "error"
    ) -> None:
        """Note one finding."""
        self.findings.append(
            Finding(rule=rule, severity=severity, where=where, found=found, wanted=wanted, way_out=way_out)
        )

    def entries_of(self, node: Node, table: Table, spot: Spot = TOP) -> Entries:
        """The keys of one table, each read and checked; what cannot be used is left out. Its tables are left alone."""
        if not isinstance(node.value, dict):
            way_out = f"Write it as {table.header}."
            self.complain("wrong-type", spot.of(node), f"here stands {described(node)}", way_out, wanted="a table")
            return {}
        entries: Entries = {}
        for name, child in node.value.items():
            if name not in table.tables and (entry := self._entry(name, child, node, table, spot)):
                entries[name] = entry
        for key in table.keys:
            if key.required and key.name not in node.value:
                found, way_out = f"{key.name} ({key.doc}) is missing", f"Add {key.name}."
                if key.kind == "format":
                    way_out = "Write format = 1 as the file's first line."
                self.complain("missing-key", spot.of(node, key.name), found, way_out)
        return entries

    def tables_of(self, node: Node, name: str, spot: Spot = TOP) -> tuple[Node, ...]:
        """The tables of the list ``name`` in ``node``: ``[[name]]``."""
        child = node.value.get(name) if isinstance(node.value, dict) else None
        if child is None:
            return ()
        if not isinstance(child.value, tuple):
            way_out = f"Write {_DOUBLE[name]}, with double brackets."
            self.complain("wrong-type", spot.of(child, name), f"here stands {described(child)}", way_out)
            return ()
        return child.value

    def table_of(self, node: Node, name: str, spot: Spot = TOP) -> Node | None:
        """The table ``name`` in ``node``: ``[name]``."""
        child = node.value.get(name) if isinstance(node.value, dict) else None
        if child is not None and not isinstance(child.value, dict):
            way_out = f"Write [{name}], with single brackets."
            self.complain("wrong-type", spot.of(child, name), f"here stands {described(child)}", way_out)
            return None
        return child

    def named_tables(self, node: Node, name: str) -> dict[str, Node]:
        """The tables ``[name.x]`` in ``node``, by x."""
        child = self.table_of(node, name)
        tables: dict[str, Node] = {}
        for key, table in child.value.items() if child else ():
            if isinstance(table.value, dict):
                tables[key] = table
            elif key != "note" or not isinstance(table.value, str):
                way_out = f'A {name} has a name: write it under [{name}."name of your choice"].'
                found = f"{quoted(key)} stands under [{name}] and is {described(table)}"
                self.complain("wrong-type", table.where(printable(key)), found, way_out)
        return tables

    def _entry(self, name: str, node: Node, around: Node, table: Table, spot: Spot) -> Entry | None:
        key = table.key(name)
        if key is None:
            self._unknown(name, node, table, spot)
            return None
        if key.later:
            found = f"{name} ({key.doc}) is not built yet"
            self.complain("later", spot.of(node, name), found, "Leave it away; a later version builds it.")
            return None
        context = Context(
            rate=self.rate,
            moments=self.moments,
            table_of=lambda inner, kind: values_of(self.entries_of(inner, kind, spot)),
        )
        try:
            value = READERS[key.kind](node, context)
        except Misfit as misfit:
            found = misfit.found or f"here stands {described(node)}"
            # A spreadsheet's cells have no quotes.
            wanted = misfit.wanted.replace(" in quotes", "") if node.source.in_rows else misfit.wanted
            self.complain(misfit.rule, spot.of(node, name), found, misfit.way_out, wanted=wanted)
            return None
        return Entry(value=value, node=node, table=around)

    def _unknown(self, name: str, node: Node, table: Table, spot: Spot) -> None:
        where, found = spot.of(node, name), f"{quoted(name)} is no key of {table.header}"
        homes = [home for home in spot.around if home.key(name) is not None]
        if homes:
            found += f", but one of {' and of '.join(home.header for home in homes)}"
            self.complain("misplaced-key", where, found, f"Move it up, {' or '.join(map(_above, homes))}.")
            return
        short = name[:_LONGEST_SLIP]
        close = get_close_matches(short, table.names, n=1) or get_close_matches(short.casefold(), table.names, n=1)
        if table in (LIBRARY, DISC) and name in EPISODE.names:
            way_out = "It belongs into the episode's own file."
        elif table is EPISODE and name in DISC.names:
            way_out = "It belongs into a disc's own file, which crowdcut disc reads."
        elif name in LIBRARY.tables:
            way_out = "It belongs into the library's contributions.toml."
        elif close:
            way_out = f"Did you mean {close[0]}?"
        elif name == "shot" or (name in _DOUBLE and name not in table.tables):
            way_out = f"Such a table is {_DOUBLE[name]}."
        else:
            way_out = f"Known here: {', '.join(table.names)}."
        self.complain("unknown-key", where, found, way_out)


def _above(home: Table) -> str:
    if home in (EPISODE, DISC):
        return "to the top of the file, above the first [table] or [[table]]"
    return f"under its {home.header}, above the tables inside it"


def values_of(entries: Mapping[str, Entry]) -> dict[str, Any]:
    """The final values of a table by key."""
    return {name: entry.value for name, entry in entries.items()}


def suggestion(word: str, words: Mapping[str, object], otherwise: str) -> str:
    """What somebody who wrote ``word`` may have meant, as a sentence; ``otherwise`` where nothing is like it."""
    if len(word) > _LONGEST_SLIP:
        return otherwise
    close = get_close_matches(word, words, n=1) or get_close_matches(word.casefold(), words, n=1)
    return f"Did you mean {quoted(close[0])}?" if close else otherwise
