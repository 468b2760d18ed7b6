"""TOML that will not parse, told in a producer's words. The commonest slips are mended in memory, so that one
run finds what is wrong further down as well."""

import re
import tomllib
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Any

from crowdcut.contract.toml_lines import STRING
from crowdcut.contract.toml_nesting import TOKENS, deep_key, deepest, is_deep
from crowdcut.words import is_invisible

_POSITION = re.compile(r" \(at (?:line (\d+), column (\d+)|end of document)\)$")
_TIME = re.compile(r"(^|(?<=[=,\[]))(\s*)(\d+(?::\d+)+(?:\.\d+)?|\d+(?:\.\d+)?f)(?=\s*(?:[,\]}\0]|$))")
_WORDS = re.compile(r"(^\s*)([\w.-]+\s*=\s*)([^\W\d_](?:\s*+[^\s\"'\[\]{}=\0])*+)(?=\s*(?:\0|$))")
_CURLED = re.compile('[=,\\[{]\\s*([“”„‟«»‘’‚‛])|^\\s*([“”„‟«»‘’‚‛])|"[^"]*([“”„‟»])\\s*(?:[,\\]}\\0]|$)')
_CURLED_VALUE = re.compile(
    '[“”„‟]([^“”„‟"\n]*)[“”„‟"]|«([^»"\n]*)»|»([^«"\n]*)«|[‘’‚‛]([^‘’‚‛\'"\n]*)[‘’‚‛\']|"([^“”„‟»"\n]*)[“”„‟»]'
)
_LONGEST_LINE = 4000
"""Letters of a line in which slips are looked for: it takes the square of them."""
_KEPT = re.compile(rf"{STRING}|#[^\n]*", re.DOTALL)
_WAYS_OUT = {
    "Cannot overwrite a value": "A key can stand only once in its table: leave one of the two away.",
    "Cannot declare": "A [table] stands once; a list has double brackets, like [[scene]], and its tables come after.",
    "Expected newline": "One key = value on a line; words and times stand in quotes.",
    "Invalid value": 'Words and times stand in straight quotes: key = "words".',
    "Invalid statement": "A line is key = value, [table], [[table]] or a comment behind #.",
    "Unterminated string": 'Close the quotes; words over several lines stand in """three""".',
    "Illegal character": 'Close the quotes on the same line; words over several lines stand in """three""".',
    "Unclosed array": "Close the list with ], with commas between its items.",
    "Expected '='": "A line is key = value, [table], [[table]] or a comment behind #.",
    "Expected ']": "Close the header as it was opened: [table] or [[table]].",
    "Invalid initial character": "A key is letters, digits, - and _, or it stands in quotes.",
    "Exceeds the limit": "Write a shorter number.",
    "Unescaped '\\' in a string": "Write / between folders, or \\\\ for a backslash.",
}
"""What helps, by the beginning of tomllib's message."""
_MOST_SLIPS = 50
_LONGEST_TABLE_LINES = 20
_TWICE = re.compile(r"Cannot declare \((.*)\) twice", re.DOTALL)
_NAMES = re.compile(r"'([^']*)'")
_LINE_ENDS = "\r\x85\u2028\u2029"
"""Which TOML does not know."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Slip:
    """One thing that keeps a text from being TOML."""

    rule: str
    line: int
    found: str
    way_out: str


def number_from(text: str) -> Fraction | float:
    """A TOML float exactly. Infinities, and numbers that no film needs, stay floats: readers refuse those."""
    exponent = text.lower().partition("e")[2]
    if "n" in text or len(text) > 40 or len(exponent) > 3:
        return float(text)
    return Fraction(text)


def parsed(text: str) -> tuple[dict[str, Any] | None, str, tuple[Slip, ...]]:
    """What ``text`` (line ends ``\\n``) says, the text as mended, and what was wrong with it.

    None stands for a text in which no mending helps; its last slip says why. Mending keeps lines where they are.
    """
    slips: list[Slip] = []
    if (at := deep_key(text)) is not None:
        return None, text, (_too_deep(text, at),)
    while True:
        try:
            values = tomllib.loads(text, parse_float=number_from)
            if not is_deep(values):
                return values, text, tuple(slips)
            return None, text, (*slips, _too_deep(text, deepest(text)))
        except RecursionError:
            return None, text, (*slips, _too_deep(text, deepest(text)))
        except ValueError as error:
            slip, mended = _explained(text, error)
        seen = any(slip.line == other.line and slip.rule in (other.rule, "toml") for other in slips)
        if not seen:
            slips.append(slip)
        if mended is None or seen or len(slips) > _MOST_SLIPS:
            return None, text, tuple(slips)
        text = mended


def _explained(text: str, error: ValueError) -> tuple[Slip, str | None]:
    """The slip behind ``tomllib``'s complaint, and the text without it where that can be guessed."""
    message = str(error)
    at = _offset(text, message)
    number = text.count("\n", 0, at) + 1
    line = _lined(text, number)
    if len(line) <= _LONGEST_LINE:
        for explain in (_curled_quotes, _unseen, _unquoted, _broken_table):
            if answer := explain(text, at, number):
                return answer
    if message.startswith("Expected \"'''"):
        message = "Unterminated string"
    if message.startswith(("Unterminated string", "Unclosed array")):
        number = text.count("\n", 0, _opened(text, at)) + 1
    elif message.startswith("Cannot overwrite") and line.lstrip().startswith("["):
        message = "Cannot declare this table here"
    return _syntax(number, _POSITION.sub("", message)), None


def _too_deep(text: str, at: int) -> Slip:
    return Slip(
        rule="toml",
        line=text.count("\n", 0, at) + 1,
        found="lists or tables are nested too deeply",
        way_out="Nothing here needs more than a few levels: leave brackets or dots away.",
    )


def _offset(text: str, message: str) -> int:
    found = _POSITION.search(message)
    if found is None:  # Python's limit of digits in a number is told without a place
        digits = max(re.finditer(r"[\d_]+", text), key=lambda run: len(run[0]), default=None)
        return digits.start() if digits else 0
    if found[1] is None:
        return len(text.rstrip())
    starts = [0, *(brk.end() for brk in re.finditer("\n", text))]
    return min(starts[int(found[1]) - 1] + int(found[2]) - 1, len(text))


def _syntax(line: int, message: str) -> Slip:
    way_out = next((way for start, way in _WAYS_OUT.items() if message.startswith(start)), "Mend this line.")
    if message.startswith("Exceeds the limit"):
        message = "a number has far too many digits"
    elif message.startswith("Illegal character '\\n'"):
        message = "quotes that are not closed"
    elif found := _TWICE.fullmatch(message):
        message = f"the table [{'.'.join(re.findall(_NAMES, found[1]))}] is declared twice"
    return Slip(rule="toml", line=line, found=f"this is not TOML: {message[:1].lower()}{message[1:]}", way_out=way_out)


def _lined(text: str, number: int) -> str:
    return text.split("\n")[number - 1]


def _with_line(text: str, number: int, line: str) -> str:
    lines = text.split("\n")
    lines[number - 1] = line
    return "\n".join(lines)


def _bared(line: str) -> tuple[str, list[str]]:
    """``line`` with a numbered mark, which no TOML can hold, for each of its strings and its comment."""
    kept: list[str] = []

    def mark(found: re.Match[str]) -> str:
        kept.append(found[0])
        return f"\0{len(kept) - 1}\0"

    return _KEPT.sub(mark, line.replace("\0", " ")), kept


def _dressed(bare: str, kept: list[str]) -> str:
    return re.sub(r"\0(\d+)\0", lambda found: kept[int(found[1])], bare)


def _unquoted(text: str, at: int, number: int) -> tuple[Slip, str] | None:
    """A time, an anchor or another word without its quotes."""
    bare, kept = _bared(_lined(text, number))
    for pattern in (_TIME, _WORDS):
        if found := pattern.search(bare):
            words, key = found[3], found[2].partition("=")[0].strip()
            truth = {"true": "true", "yes": "true", "false": "false", "no": "false"}.get(words.lower())
            mended = pattern.sub(rf"\1\2{truth}" if truth else r'\1\2"\3"', bare)
            return _unquoted_slip(words, key, number, truth), _with_line(text, number, _dressed(mended, kept))
    return None


def _unquoted_slip(words: str, key: str, line: int, truth: str | None) -> Slip:
    if truth:
        return Slip(rule="unquoted-words", line=line, found=f"{words} is no TOML value", way_out=f"Write {truth}.")
    way_out = f'Put it in quotes: "{words}".'
    if words[0].isdecimal() or key in ("at", "until"):
        return Slip(rule="unquoted-time", line=line, found=f"a time without quotes: {words}", way_out=way_out)
    return Slip(rule="unquoted-words", line=line, found=f"words without quotes: {words}", way_out=way_out)


def _unseen(text: str, at: int, number: int) -> tuple[Slip, str | None] | None:
    """White space and other signs that look like nothing and are not what TOML takes for a space or a line end."""
    bare, kept = _bared(_lined(text, number))
    found = next((sign for sign in bare if sign not in "\0\t " and is_invisible(sign)), None)
    if found is None:
        return None
    slip = Slip(
        rule="unseen-character",
        line=number,
        found=f"a character that cannot be seen (U+{ord(found):04X})",
        way_out="Type a plain space, or nothing, in its place.",
    )
    if found in _LINE_ENDS:
        return replace(slip, way_out="Save the file with usual line ends, those of Windows or of Linux."), None
    return slip, _with_line(text, number, _dressed(bare.replace(found, " "), kept))


def _curled_quotes(text: str, at: int, number: int) -> tuple[Slip, str | None] | None:
    bare, kept = _bared(_lined(text, number))
    curled = _CURLED.search(bare)
    if curled is None:
        return None
    found = f"typographic quotes ({curled[curled.lastindex or 0]}) instead of straight ones"
    slip = Slip(rule="typographic-quotes", line=number, found=found, way_out='Write straight quotes: "words".')
    changed = _CURLED_VALUE.sub(lambda run: f'"{run[run.lastindex or 0]}"', bare)
    return slip, _with_line(text, number, _dressed(changed, kept)) if changed != bare else None


def _broken_table(text: str, at: int, number: int) -> tuple[Slip, str | None] | None:
    start = _open_table(text, at)
    if start is None or text[at : at + 1] not in ("\n", "#", "}", ""):
        return None
    line = text.count("\n", 0, start) + 1
    closed = _table_end(text, start)
    lines = text.count("\n", start, closed) if closed is not None else 1
    comma = closed is not None and lines == 0
    found = "an inline table that ends in a comma" if comma else "an inline table { ... } over several lines"
    way_out = "Leave the last comma away." if comma else "Write it on one line, or as a [table] of its own."
    slip = Slip(rule="broken-inline-table", line=line, found=found, way_out=way_out)
    if closed is None or lines > _LONGEST_TABLE_LINES:
        return slip, None
    tokens = TOKENS.findall(text[start:closed])
    inside = "".join(" " if token == "\n" or token[0] == "#" else token for token in tokens)
    inside = re.sub(r",(\s*)}$", r"\1}", inside)
    rest, newline, below = text[closed:].partition("\n")
    return slip, text[:start] + inside + rest + "\n" * lines + newline + below


def _open_table(text: str, at: int) -> int | None:
    """Offset of the ``{`` that is still open at ``at``, if the innermost open bracket is one."""
    start = _opened(text, at)
    return start if text[start : start + 1] == "{" else None


def _opened(text: str, at: int) -> int:
    """Offset of the quotes or the bracket that is still open at ``at``; ``at`` itself where none is."""
    stack: list[int] = []
    before = ""
    for token in TOKENS.finditer(text, 0, at):
        if token[0] in ('"', "'") and before == 2 * token[0]:
            return token.start() - 2  # three of them, never closed
        before = token[0]
        if token[0] in ("{", "["):
            stack.append(token.start())
        elif token[0] in ("}", "]") and stack:
            stack.pop()
    return stack[-1] if stack else at


def _table_end(text: str, start: int) -> int | None:
    """Offset after the ``}`` that closes the ``{`` at ``start``."""
    depth = 0
    for token in TOKENS.finditer(text, start):
        depth += (token[0] == "{") - (token[0] == "}")
        if depth == 0:
            return token.end()
    return None
