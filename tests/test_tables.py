"""The scanner knows the line of every value; slips are told with their line and mended as far as can be guessed."""

import tomllib
from fractions import Fraction
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crowdcut.contract.tables import (
    Source,
    described,
    merged,
    nodes_from,
    plain_from,
    printable,
    quoted,
    shown,
    table_from,
)
from crowdcut.contract.toml_lines import KeyPath, lines_of
from crowdcut.contract.toml_slips import number_from, parsed


def paths_of(value: object, path: KeyPath = ()) -> set[KeyPath]:
    children = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    return {path}.union(*(paths_of(child, (*path, key)) for key, child in children))


class Writer:
    """Writes a TOML text and remembers the line of each thing as it goes."""

    def __init__(self, draw: st.DrawFn):
        self.draw, self.text = draw, ""
        self.lines: dict[KeyPath, int] = {(): 1}

    def put(self, text: str) -> None:
        self.text += text

    @property
    def line(self) -> int:
        return self.text.count("\n") + 1

    def pick(self, *choices: str) -> str:
        return self.draw(st.sampled_from(choices))

    def gap(self) -> None:
        """White space as it may stand between things in a list."""
        self.put(self.pick("", " ", "\n", "\n\n  ", ' # a "comment" ] }\n'))

    def key(self, name: str) -> None:
        forms = [f'"{name}"', f"'{name}'"] + ([name] if name in BARE else [])
        self.put(self.draw(st.sampled_from(forms)))

    def scalar(self) -> None:
        self.put(
            self.pick(
                "1", "-2.5", "true", "1979-05-27 07:32:00", "07:32:00", '"a # ] } = b"', "'c\\'", '"q\\"\\\\"',
                "0x1F",
                '"""x\n[[y]]\nz = 1 \\"""\n"""', "'''\n{ ''\n'''", '""""two" at the end"""""', '""', "''", '""""""',
            )
        )  # fmt: skip

    def value(self, path: KeyPath, depth: int, *, inline: bool) -> None:
        kind = self.draw(st.integers(0, 5)) if depth else 0
        if kind < 3:
            self.scalar()
        elif kind == 3 or inline:
            self.put("[")
            for index in range(self.draw(st.integers(0, 3))):
                self.gap()
                self.lines[(*path, index)] = self.line
                self.value((*path, index), depth - 1, inline=inline)
                self.gap()
                self.put(",")
            self.gap()
            self.put("]")
        else:
            self.put("{ ")
            names = self.draw(st.lists(NAMES, max_size=3, unique=True))
            for index, name in enumerate(names):
                self.put(", " if index else "")
                self.lines[(*path, name)] = self.line
                self.key(name)
                self.put(" = ")
                self.value((*path, name), depth - 1, inline=True)
            self.put(" }")

    def pairs(self, path: KeyPath) -> None:
        for name in self.draw(st.lists(NAMES, max_size=3, unique=True)):
            dotted = self.draw(st.booleans())
            whole = (*path, name, "dotted part") if dotted else (*path, name)
            self.put(self.pick("", "  ", "\t"))
            self.lines[(*path, name)] = self.lines[whole] = self.line
            self.key(name)
            if dotted:
                self.put(self.pick(".", " . "))
                self.key("dotted part")
            self.put(self.pick(" = ", "="))
            self.value(whole, 3, inline=False)
            self.put(self.pick("\n", " # [no] = {table}\n", "\n\n"))

    def header(self, left: str, keys: list[str], right: str) -> None:
        self.put(left + self.pick("", " "))
        for index, key in enumerate(keys):
            self.put(self.pick(".", " . ") if index else "")
            self.key(key)
        self.put(self.pick("", " ") + right + "\n")

    def document(self) -> None:
        self.put(self.pick("", "# first\n", "\n\n"))
        self.pairs(())
        for name in ("table one", "two"):
            self.lines[(name,)] = self.line
            self.header("[", [name], "]")
            self.pairs((name,))
        for index in range(self.draw(st.integers(0, 3))):
            self.lines.setdefault(("list",), self.line)
            self.lines[("list", index)] = self.line
            self.header("[[", ["list"], "]]")
            self.pairs(("list", index))
            for inner in range(self.draw(st.integers(0, 2))):
                self.lines.setdefault(("list", index, "in.side"), self.line)
                self.lines[("list", index, "in.side", inner)] = self.line
                self.header("[[", ["list", "in.side"], "]]")
                self.pairs(("list", index, "in.side", inner))


BARE = ("a", "b-c", "d_1", "two", "list")
NAMES = st.sampled_from(["a", "b-c", "d_1", "e f", "g.h", "ü", ""])


@st.composite
def documents(draw: st.DrawFn) -> Writer:
    writer = Writer(draw)
    writer.document()
    return writer


@settings(max_examples=300, deadline=None)
@given(documents())
def test_every_value_that_tomllib_finds_has_its_line(writer: Writer) -> None:
    values = tomllib.loads(writer.text)
    assert set(lines_of(writer.text)) == paths_of(values)
    assert lines_of(writer.text) == writer.lines


def test_a_table_named_late_has_the_line_of_its_own_header() -> None:
    text = "[a.b]\nx = 1\n[a]\ny = 2\n[[c]]\n[c.each]\nz = [\n  1,\n  { v = 2 },\n]\n[[c]]\n[c.each]\nz = 3\n"
    lines = lines_of(text)
    assert (lines["a",], lines["a", "b"], lines["a", "b", "x"]) == (3, 1, 2)
    assert (lines["c",], lines["c", 0, "each", "z", 1, "v"], lines["c", 1, "each", "z"]) == (5, 9, 13)


def test_decimals_are_exact_and_useless_numbers_stay_floats() -> None:
    values, _, slips = parsed("a = 29.97\nb = inf\nc = 1e999999999\nd = 1_0.5e-2\n")
    assert slips == ()
    assert values == {"a": Fraction(2997, 100), "b": float("inf"), "c": float("inf"), "d": Fraction(21, 200)}
    assert number_from("0." + "3" * 5000) == pytest.approx(1 / 3)


@pytest.mark.parametrize(
    ("text", "rule", "line", "told", "mended"),
    [
        ("a = 1\nin = 0:03.5 # five\n", "unquoted-time", 2, "0:03.5", {"a": 1, "in": "0:03.5"}),
        ("for = 72f", "unquoted-time", 1, "72f", {"for": "72f"}),
        ("x = [\n 0:12,\n]", "unquoted-time", 2, "0:12", {"x": ["0:12"]}),
        ('x = { a = "= 0:01", in = 0:12 }', "unquoted-time", 1, "0:12", {"x": {"a": "= 0:01", "in": "0:12"}}),
        ("at = fireflies - 12f", "unquoted-time", 1, "fireflies - 12f", {"at": "fireflies - 12f"}),
        ("fit = blur", "unquoted-words", 1, "blur", {"fit": "blur"}),
        ("loop = True", "unquoted-words", 1, "True", {"loop": True}),
        ("\ntitle = “RE: it’s one”", "typographic-quotes", 2, "“", {"title": "RE: it’s one"}),
        ("by = ['a', «b»]", "typographic-quotes", 1, "«", {"by": ["a", "b"]}),
        ('title = "one”', "typographic-quotes", 1, "”", {"title": "one"}),
        ("t = { a = 1, # b\n b = 2,\n}\nc = 3", "broken-inline-table", 1, "several", {"t": {"a": 1, "b": 2}, "c": 3}),
        ("t = { a = 1, }", "broken-inline-table", 1, "comma", {"t": {"a": 1}}),
        ("a = 1\na = 2\n", "toml", 2, "overwrite", None),
        ("[a]\n[a]\n", "toml", 2, "twice", None),
        ("a = [1,\n2", "toml", 1, "unclosed array", None),
        ('a = """b\n', "toml", 1, "unterminated", None),
        ("a = 1\nb = " + "9" * 5000, "toml", 2, "digits", None),
        ("a = 1\nb = " + "[" * 5000, "toml", 2, "nested", None),
        ("\rx = 1", "unseen-character", 1, "U+000D", None),
        ("x =\u00a01", "unseen-character", 1, "U+00A0", {"x": 1}),
    ],
)  # fmt: skip
def test_a_slip_is_told_with_its_line(text: str, rule: str, line: int, told: str, mended: object) -> None:
    values, _, slips = parsed(text)
    assert (slips[0].rule, slips[0].line) == (rule, line)
    assert told in slips[0].found
    assert slips[0].way_out
    assert values == mended


def test_words_in_good_quotes_and_comments_are_no_slips() -> None:
    text = 'a = "in = 0:03" # for = 72f “x”\nb = "“quoted”, it’s said" # {\n'
    assert parsed(text) == ({"a": "in = 0:03", "b": "“quoted”, it’s said"}, text, ())


def test_mending_keeps_the_lines_of_what_follows() -> None:
    text = 't = {\n a = "x",\n in = 0:01,\n}\nout = 0:09\n“id” = 3\nlast = 1\n'
    values, mended, slips = parsed(text)
    assert values == {"t": {"a": "x", "in": "0:01"}, "out": "0:09", "id": 3, "last": 1}
    assert lines_of(mended)["last",] == 7
    assert [slip.rule for slip in slips] == [
        "broken-inline-table", "unquoted-time", "unquoted-time", "typographic-quotes",
    ]  # fmt: skip
    assert [slip.line for slip in slips[2:]] == [5, 6]


def test_a_file_that_is_no_text_is_told_with_its_line(tmp_path: Path) -> None:
    file = tmp_path / "e.toml"
    file.write_bytes(b"a = 1\nb = '\xe9t\xe9'\n")
    node, (finding,) = table_from(file)
    assert node is None
    assert (finding.rule, finding.where.line) == ("not-text", 2)
    assert "UTF-8" in finding.way_out


def test_marks_of_other_editors_are_taken(tmp_path: Path) -> None:
    file = tmp_path / "e.toml"
    file.write_bytes(b"\xef\xbb\xbfa = 1\r\nb = [\r\n 2]\r\n")
    node, findings = table_from(file)
    assert findings == ()
    assert node is not None
    assert plain_from(node) == {"a": 1, "b": [2]}
    assert node.value["b"].value[0].line == 3


def test_what_cannot_be_read_is_a_finding(tmp_path: Path) -> None:
    for file in (tmp_path / "none.toml", tmp_path, tmp_path / "a\0b"):
        node, (finding,) = table_from(file)
        assert node is None
        assert finding.rule == "missing-file"


def test_tables_merge_and_lists_replace_each_with_its_place() -> None:
    base = nodes_from({"t": {"a": 1, "b": [1, 2]}, "c": 1}, Source(file=None, shown="base"))
    over = nodes_from({"t": {"b": [3]}, "c": {"d": 2}}, Source(file=None, shown="over"))
    both = merged(base, over)
    assert plain_from(both) == {"t": {"a": 1, "b": [3]}, "c": {"d": 2}}
    assert [both.value["t"].value[key].source.shown for key in "ab"] == ["base", "over"]


def test_messages_hold_no_control_characters(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert printable("a\x1b[31m\nb\udcff") == "a\\x1b[31m\\nb\\udcff"
    assert quoted("é" * 100) == '"' + "é" * 57 + '..."'
    monkeypatch.chdir(tmp_path)
    assert shown(tmp_path / "sub" / "e.toml") == "sub/e.toml"
    assert shown(Path("sub/e.toml")) == "sub/e.toml"
    assert shown(tmp_path.parent / "e.toml") == str(tmp_path.parent / "e.toml")
    huge = nodes_from(16**5000, Source(file=None, shown=""))
    assert described(huge) == "a huge number"
