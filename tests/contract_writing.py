"""Manifests, libraries and templates, written key by key from the vocabulary: sound ones, and ones with slips."""

import json
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from random import Random

from contract_making import Files
from contract_words import (
    CELLS,
    CONTRIBUTION_ROWS,
    CONTRIBUTOR_ROWS,
    EXTREME,
    FILES,
    HOUSE_LOOK,
    KEYS,
    LAYERS,
    LISTING,
    LOOK,
    NASTY,
    RIGHT,
    SEVERAL,
    SHOT_ROWS,
    SHOTS,
    SOUNDS,
    WHOLE_TABLES,
)
from sheet_making import delimited, ods, xlsx

from crowdcut.vocabulary import choices


def toml(text: str) -> str:
    """A string of TOML; one of JSON is that too."""
    return json.dumps(text, ensure_ascii=False)


@dataclass
class Block:
    """A table of a TOML file while it is written."""

    header: str
    """Empty for the top of the file."""
    rows: list[tuple[str, str]] = field(default_factory=list)
    """Keys and their values, as they stand in the file."""

    def __str__(self) -> str:
        rows = "".join(f"{key} = {value}\n" for key, value in self.rows)
        return f"{self.header}\n{rows}" if self.header else rows


def blocks_in(text: str) -> list[Block]:
    """A TOML file of ours in blocks: one key on a line, or a value over several."""
    blocks = [Block("")]
    for line in text.splitlines():
        if header := re.fullmatch(r"\s*(\[\[?[\w.\"-]+\]\]?)\s*(#.*)?", line):
            blocks.append(Block(header[1]))
        elif pair := re.fullmatch(r"\s*([\w.\"-]+(?: [\w\"-]+)*)\s*=\s*(.*?)(\s+# .*)?", line):
            blocks[-1].rows.append((pair[1], pair[2]))
        elif line.strip() and not line.lstrip().startswith("#") and blocks[-1].rows:
            key, value = blocks[-1].rows[-1]
            blocks[-1].rows[-1] = (key, f"{value}\n{line}")
    return blocks


def text_of(blocks: list[Block]) -> str:
    """The file."""
    return "".join(map(str, blocks))


def _scene(random: Random, number: int) -> list[Block]:
    """A scene of a few shots; ``one`` and ``shot`` are ids in the first."""
    scene = Block("[[scene]]", [("title", toml(f"Scene {number}"))])
    if number == 1:
        scene.rows.insert(0, ("id", '"one"'))
    if random.random() < 0.2:
        scene.rows.append(("chapter", "false"))
    blocks = [scene]
    if random.random() < 0.2:
        blocks.append(Block("[scene.each]", [("fit", '"cover"'), ("lower_third", "false")]))
    for place in range(random.randint(1, 4)):
        shot = Block("[[scene.shot]]", list(random.choice(SHOTS)))
        if number == 1 and place == 0:
            shot.rows.append(("id", '"shot"'))
        if random.random() < 0.3:
            shot.rows.append(("into", random.choice(('"dissolve 12f"', '"fade 0.25"', '"cut"'))))
        blocks.append(shot)
        if random.random() < 0.2:
            blocks.append(Block("[[scene.shot.layer]]", list(random.choice(LAYERS))))
        if random.random() < 0.2:
            bus = random.choice(list(choices.BUSES))
            blocks.append(Block(f"[[scene.shot.{bus}]]", list(random.choice(SOUNDS))))
    if random.random() < 0.2:
        blocks.append(Block("[[scene.layer]]", list(random.choice(LAYERS))))
    if random.random() < 0.2:
        blocks.append(Block("[[scene.music]]", list(random.choice(SOUNDS))))
    return blocks


def episode(random: Random, *, template: str | None, extends: str | None, listed: str | None) -> list[Block]:
    """An episode without a fault. ``listed``: the spreadsheet of another scene's shots."""
    top = Block("", [("format", "1"), ("title", '"RE: Number One"'), ("rate", random.choice(('"24"', '"25"', '"60"')))])
    for key, name in (("template", template), ("extends", extends)):
        if name is not None:
            top.rows.append((key, toml(name)))
    blocks = [top, Block("[each]", [("fit", '"blur"')]), Block("[style.host]", [("lower_third", '{ text = "Joe" }')])]
    blocks.append(Block("[clip.dot]", [("use", '"walk.mov"'), ("in", '"0:02"'), ("for", '"36f"')]))
    if random.random() < 0.5:
        blocks.append(Block("[[credit]]", [("role", '"Host"'), ("names", '["Joe", "Zoë"]')]))
        blocks.append(Block("[credits]", [("title", '"Made by"'), ("seconds", "20")]))
    if random.random() < 0.3:
        top.rows.append(("delivery", '["proxy", "own"]'))
        blocks.append(Block("[profile.own]", [("extends", '"web"'), ("size", "[640, 360]"), ("rate", '"30000/1001"')]))
        blocks.append(Block("[profile.own.loudness]", [("integrated_lufs", "-23")]))
    if random.random() < 0.3:
        blocks.append(Block(f"[[{random.choice(list(choices.BUSES))}]]", list(random.choice(SOUNDS))))
    if random.random() < 0.3:
        blocks.append(Block("[[layer]]", list(random.choice(LAYERS))))
    if random.random() < 0.2:
        blocks.append(Block("[[captions]]", [("file", '"moon.srt"'), ("language", random.choice(('"es"', '"ja"')))]))
    for number in range(1, random.randint(2, 4)):
        blocks += _scene(random, number)
    if listed is not None:
        blocks.append(Block("[[scene]]", [("id", '"listed"'), ("shots", toml(listed))]))
    return blocks


def _spoiled_key(random: Random, key: str) -> str:
    letter = random.randrange(len(key)) if key else 0
    return random.choice(
        (key.upper(), key[:letter] + key[letter + 1 :], key + "s", f'"{key}"', f"{key}.x", "ключ", "a" * 100_000, '""',
         random.choice(KEYS), '"\\u202e"', "a." * 3000 + "a", "note", "x y")
    )  # fmt: skip


def _value_for(random: Random, key: str, header: str) -> str:
    """A value of the key's own kind, or of any other, or one that nothing wants."""
    known = WHOLE_TABLES.get(header)
    named = known.key(key) if known is not None else None
    if named is not None and random.random() < 0.5:
        return random.choice(RIGHT[named.kind])
    if random.random() < 0.3:
        return random.choice(RIGHT[random.choice(list(RIGHT))])
    return random.choice(NASTY)


def _header_for(random: Random, header: str) -> str:
    name = header.strip("[]")
    return random.choice(
        (f"[{name}]", f"[[{name}]]", f"[{name}.x]", f"[{name.upper()}]", f"[{name}s]", "[[scene]]", "[[scene.shot]]",
         "[scene]", '[clip."walk"]', '[profile."../../x"]', '[profile."web"]', f"[{'a.' * 3000}a]", f"[[{name}",
         '["\\u0000"]', f'[clip."{"x" * 100_000}"]', "[each.each]", "[[each]]",
         random.choice(list(WHOLE_TABLES)))
    )  # fmt: skip


def spoil(random: Random, blocks: list[Block]) -> None:
    """Make one slip in a file, in place."""
    block = random.choice(blocks)
    at = random.randrange(len(block.rows)) if block.rows else None
    match random.randrange(12):
        case 0 | 1 | 2 if at is not None:
            block.rows[at] = (block.rows[at][0], _value_for(random, block.rows[at][0], block.header))
        case 3 | 4:
            known = WHOLE_TABLES.get(block.header)
            names = [key.name for key in known.keys] if known is not None and random.random() < 0.8 else KEYS
            key = random.choice(names)
            block.rows.append((key, _value_for(random, key, block.header)))
        case 5 if at is not None:
            block.rows[at] = (_spoiled_key(random, block.rows[at][0]), block.rows[at][1])
        case 6 if at is not None:
            del block.rows[at]
        case 7 if at is not None:
            block.rows.append(block.rows[at])
        case 8:
            block.header = _header_for(random, block.header)
        case 9:
            blocks.insert(random.randrange(len(blocks) + 1), blocks.pop(blocks.index(block)))
        case 10:
            blocks.insert(random.randrange(len(blocks) + 1), Block(block.header, list(block.rows)))
        case 11:
            header = random.choice(list(WHOLE_TABLES))
            key = random.choice(WHOLE_TABLES[header].keys)
            blocks.insert(
                random.randrange(len(blocks) + 1), Block(header, [(key.name, _value_for(random, key.name, header))])
            )
        case _:
            if len(blocks) > 1:
                blocks.remove(block)


_ONE_OF = (*choices.SHOT_KINDS, "shots", "out")
"""A shot that has one of the first has no other; ``out`` and ``for`` seldom agree."""


def _extreme_value(random: Random, key: str, header: str) -> str | None:
    known = WHOLE_TABLES.get(header)
    named = known.key(key) if known is not None else None
    if named is None or named.later:
        return None
    return random.choice((*RIGHT[named.kind], *EXTREME.get(named.kind, ())))


def stretch(random: Random, blocks: list[Block]) -> None:
    """Change a file in place so that every word of it is right by itself, whatever comes of the whole."""
    block = random.choice([block for block in blocks if block.header in WHOLE_TABLES])
    written = {name for name, _ in block.rows}
    match random.randrange(8):
        case 0 if block.header in SEVERAL and "id" not in written:
            blocks.insert(blocks.index(block), Block(block.header, [*block.rows]))
        case 1:
            other = random.choice([one for one in blocks if one.header == block.header])
            block.rows, other.rows = other.rows, block.rows
        case 2 | 3 | 4 if block.rows:
            at = random.randrange(len(block.rows))
            key, value = block.rows[at]
            block.rows[at] = (key, _extreme_value(random, key, block.header) or value)
        case _:
            key = random.choice([key.name for key in WHOLE_TABLES[block.header].keys if key.name not in _ONE_OF])
            value = _extreme_value(random, key, block.header)
            if value is not None and key not in written:
                block.rows.append((key, value))


def spoiled_rows(random: Random, rows: list[list[str]], slips: int) -> list[list[str]]:
    """A spreadsheet with that many slips in it."""
    rows = [list(row) for row in rows]
    for _ in range(slips):
        row = random.choice(rows) if rows else []
        match random.randrange(6):
            case 0 | 1 if row:
                row[random.randrange(len(row))] = random.choice(CELLS)
            case 2 if rows:
                rows.remove(row)
            case 3 if rows:
                rows.insert(random.randrange(len(rows) + 1), list(row))
            case 4:
                row.append(random.choice(CELLS))
            case _:
                rows.insert(random.randrange(len(rows) + 1), [random.choice(CELLS) for _ in range(random.randrange(4))])
    return rows


MOON = "1\n00:00:00,500 --> 00:00:02,000\nLa luna\n"
WRITERS = {"csv": delimited, "tsv": lambda rows: delimited(rows, "\t", "utf-16-le"), "xlsx": xlsx, "ods": ods}


def _sheet(random: Random, stem: str, rows: list[list[str]], slips: int) -> tuple[str, bytes]:
    suffix = random.choice(list(WRITERS))
    return f"{stem}.{suffix}", WRITERS[suffix](spoiled_rows(random, rows, slips))


def _toml_file(random: Random, blocks: list[Block], slips: int, change: Callable[..., None] = spoil) -> bytes:
    for _ in range(slips):
        change(random, blocks)
    return text_of(blocks).encode("utf-8", "surrogatepass")


def library_of(random: Random, slips: int) -> Files:
    """A library of nine files, told in TOML or in a spreadsheet."""
    files = {f"library/{name}": name.encode() for name in FILES}
    if random.random() < 0.5:
        files["library/contributions.toml"] = _toml_file(random, blocks_in(LISTING), slips)
        return files
    for stem, rows in (("contributions", CONTRIBUTION_ROWS), ("contributors", CONTRIBUTOR_ROWS)):
        name, data = _sheet(random, f"library/{stem}", rows, slips)
        files[name] = data
    return files


def production_of(random: Random, *, slips: int) -> Files:
    """A whole production; ``slips`` in each part that gets any. Without slips there is nothing wrong with it."""

    def some() -> int:
        return random.randint(0, slips) if random.random() < 0.5 else 0

    files = dict(library_of(random, some()))
    template = random.choice((None, None, "look", "whole"))
    if template is not None:
        text = LOOK if template == "look" else HOUSE_LOOK
        files[f"{template}/template.toml"] = _toml_file(random, blocks_in(text), some())
        files["look/fonts/Own.ttf"] = b"font"
    extends = "base.toml" if random.random() < 0.3 else None
    if extends is not None:
        base = [Block("", [("note", '"what all share"')]), Block("[credits]", [("title", '"By"')])]
        if slips and random.random() < 0.5:
            base[0].rows.append(
                ("extends", random.choice(('"episode.toml"', '"base.toml"', '"none.toml"', '"library"')))
            )
        files[extends] = _toml_file(random, base, some())
    listed = None
    if random.random() < 0.3:
        listed, files_of_list = _sheet(random, "cut/list", SHOT_ROWS, some())
        files[listed] = files_of_list
    blocks = episode(random, template=template, extends=extends, listed=listed)
    files["moon.srt"] = MOON.encode()
    files["episode.toml"] = _toml_file(random, blocks, slips and random.randint(0, slips))
    return files


def stretched_production(random: Random, *, stretches: int) -> Files:
    """A production whose episode and library say what they may say, and perhaps mean nothing."""
    files = {f"library/{name}": name.encode() for name in FILES}
    listing, blocks = blocks_in(LISTING), episode(random, template=None, extends=None, listed=None)
    files["library/contributions.toml"] = _toml_file(random, listing, random.choice((0, 0, 1, 3)), stretch)
    files["moon.srt"] = MOON.encode()
    files["episode.toml"] = _toml_file(random, blocks, stretches, stretch)
    return files
