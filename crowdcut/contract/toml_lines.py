"""On which line of a TOML text each key stands, which ``tomllib`` does not tell."""

import re
import tomllib
from bisect import bisect_left

KeyPath = tuple[str | int, ...]
"""Keys and list indices from the top: ``("scene", 0, "shot", 2, "out")``."""

STRING = (
    r'"""(?:[^"\\]++|\\.|"{1,2}+(?!"))*+"{3,5}'
    r"|'''(?:[^']++|'{1,2}+(?!'))*+'{3,5}"
    r'|"(?:[^"\\\n]++|\\.)*+"'
    r"|'[^'\n]*+'"
)
KEY_PART = rf"(?:[A-Za-z0-9_-]++|{STRING})"
_SKIP = re.compile(r"(?:[ \t\n]++|#[^\n]*+)*+")
_KEY = re.compile(rf"[ \t]*+({KEY_PART})[ \t]*+(\.?)", re.DOTALL)
_SCALAR = re.compile(rf"{STRING}|[^,\]}}#\n]++", re.DOTALL)


def lines_of(text: str) -> dict[KeyPath, int]:
    """The line, counted from 1, of every table, key and list item in a *valid* TOML text with ``\\n`` line ends.

    A table has the line of its header, or of the first key that implies it; the whole document, ``()``, has line 1.
    """
    return _Scan(text).document()


class _Scan:
    """One walk over a text that ``tomllib`` has accepted, so that only the shape matters here."""

    def __init__(self, text: str):
        self.text = text
        self.breaks = [found.start() for found in re.finditer("\n", text)]
        self.lines: dict[KeyPath, int] = {(): 1}
        self.lengths: dict[KeyPath, int] = {}

    def line(self, at: int) -> int:
        return bisect_left(self.breaks, at) + 1

    def skip(self, at: int) -> int:
        found = _SKIP.match(self.text, at)
        return found.end() if found else at

    def document(self) -> dict[KeyPath, int]:
        table: KeyPath = ()
        at = self.skip(0)
        while at < len(self.text):
            if self.text.startswith("[[", at):
                table, at = self.header(at, 2)
            elif self.text[at] == "[":
                table, at = self.header(at, 1)
            else:
                at = self.pair(at, table)
            at = self.skip(at)
        return self.lines

    def header(self, at: int, brackets: int) -> tuple[KeyPath, int]:
        keys, end = self.keys(at + brackets)
        path: KeyPath = ()
        for key in keys[:-1]:
            path = self.entered((*path, key), at)
        path = (*path, keys[-1])
        if brackets == 2:
            self.lines.setdefault(path, self.line(at))
            path = self.item(path)
        self.lines[path] = self.line(at)
        return path, end + brackets

    def entered(self, path: KeyPath, at: int) -> KeyPath:
        """The table that a header means by ``path``: of an array of tables, the last one."""
        self.lines.setdefault(path, self.line(at))
        return (*path, self.lengths[path] - 1) if path in self.lengths else path

    def item(self, path: KeyPath) -> KeyPath:
        index = self.lengths.get(path, 0)
        self.lengths[path] = index + 1
        return (*path, index)

    def keys(self, at: int) -> tuple[list[str], int]:
        keys: list[str] = []
        while found := _KEY.match(self.text, at):
            keys.append(_spelled(found[1]))
            at = found.end()
            if not found[2]:
                break
        return keys, at

    def pair(self, at: int, table: KeyPath) -> int:
        keys, end = self.keys(at)
        path = table
        for key in keys:
            path = (*path, key)
            self.lines.setdefault(path, self.line(at))
        return self.value(self.skip(end + 1), path)

    def value(self, at: int, path: KeyPath) -> int:
        """Walk over the value at ``at``; the offset after it."""
        opening = self.text[at]
        if opening not in "[{":
            found = _SCALAR.match(self.text, at)
            return found.end() if found else at + 1
        at = self.skip(at + 1)
        index = 0
        while self.text[at] not in "]}":
            if opening == "{":
                at = self.pair(at, path)
            else:
                self.lines[(*path, index)] = self.line(at)
                at = self.value(at, (*path, index))
                index += 1
            at = self.skip(at)
            if self.text[at] == ",":
                at = self.skip(at + 1)
        return at + 1


def _spelled(key: str) -> str:
    """A key without its quotes and escapes."""
    return tomllib.loads(f"key = {key}")["key"] if key[0] in "\"'" else key
