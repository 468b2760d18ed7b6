"""A manifest with all that it extends: tables merge, lists replace, and each value keeps its own file and line."""

import os
from collections.abc import Sequence
from functools import reduce
from pathlib import Path

from crowdcut.contract.tables import Node, beside, merged, quoted, table_from
from crowdcut.findings import Finding

_MOST_FILES = 32
"""Files that extend each other."""


def _base_of(node: Node, chain: Sequence[str]) -> tuple[Path | None, tuple[Finding, ...]]:
    """The file that a manifest extends; None where it extends nothing, or nothing that can be read."""
    extends = node.value.get("extends")
    if extends is None or not isinstance(extends.value, str) or not extends.value.isprintable():
        return None, ()  # what is no path is complained of where all keys are read
    file = beside(extends, extends.value.strip())
    where = extends.where("extends")
    if not os.path.isfile(file):  # Path.is_file raises for names that are too long
        found = f"there is no file {quoted(extends.value)} beside {extends.source.shown}"
        way_out = "The path is relative to the file it is written in."
        return None, (Finding(rule="missing-file", where=where, found=found, way_out=way_out),)
    if os.path.realpath(file) in chain:
        found = f"{quoted(extends.value)} extends this file in its turn"
        way_out = "Take extends out of one of them."
        return None, (Finding(rule="extends-cycle", where=where, found=found, way_out=way_out),)
    if len(chain) == _MOST_FILES:
        found = f"{_MOST_FILES} files extend each other up to here"
        return None, (Finding(rule="extends-chain", where=where, found=found, way_out="Put some of them into one."),)
    return file, ()


def extended_table_from(file: Path) -> tuple[Node | None, tuple[Finding, ...]]:
    """The manifest's top table, merged with what it extends; None where one of the files is not TOML."""
    nodes: list[Node] = []
    findings: list[Finding] = []
    chain: list[str] = []
    pending: Path | None = file
    while pending is not None:
        node, more = table_from(pending)
        findings += more
        if node is None:
            return None, tuple(findings)
        nodes.append(node)
        chain.append(os.path.realpath(pending))
        pending, more = _base_of(node, chain)
        findings += more
    return reduce(merged, reversed(nodes)), tuple(findings)
