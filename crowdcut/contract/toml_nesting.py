"""How deep a TOML text nests its tables, lists and keys: deeper than a few levels nothing here can walk it."""

import re
from typing import Any

from crowdcut.contract.toml_lines import KEY_PART, STRING

TOKENS = re.compile(rf"{STRING}|#[^\n]*|[^\"'#{{}}\[\]\n]++|.", re.DOTALL)
"""Strings, comments, brackets, and what lies between them."""
_DEEPEST = 32
"""Tables and lists inside each other; no manifest has more than six."""
_DEEP_KEY = re.compile(
    rf"((?<![A-Za-z0-9_-])(?:{KEY_PART}[ \t]*+\.[ \t]*+){{{_DEEPEST},}}+)|{STRING}|#[^\n]*", re.DOTALL
)


def deep_key(text: str) -> int | None:
    """Where a key of more parts begins than any table is deep: ``tomllib`` takes the square of their number."""
    return next((found.start() for found in _DEEP_KEY.finditer(text) if found[1] is not None), None)


def is_deep(value: Any) -> bool:
    """Whether tables and lists are nested further than anything could walk them."""
    level = [value]
    for _ in range(_DEEPEST):
        level = [
            child
            for one in level
            if isinstance(one, dict | list)
            for child in (one.values() if isinstance(one, dict) else one)
        ]
    return bool(level)


def deepest(text: str) -> int:
    """Where the most brackets are open: what is nested too deeply."""
    depth, most, at = 0, 0, 0
    for token in TOKENS.finditer(text):
        depth += (token[0] in "[{") - (token[0] in "]}")
        if depth > most:
            most, at = depth, token.start()
    return at
