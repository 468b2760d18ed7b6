"""Productions that stand in this house (the demo's, the manual's, the tests'), and what can happen to their text."""

import io
import re
import zipfile
import zlib
from collections.abc import Callable
from functools import cache
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory

import manifest_making
import studio_making
from contract_making import Files
from contract_words import CONTRIBUTION_ROWS, CONTRIBUTOR_ROWS, FILES, HOUSE_LOOK, NASTY, SHOT_ROWS
from contract_writing import WRITERS, blocks_in, spoil, text_of  # fmt: skip
from sheet_making import zipped

from examples.motley.lay import lay

ROOT = Path(__file__).resolve().parent.parent
_FILE = re.compile(r'^\s*file\s*=\s*"([^"]+)"', re.MULTILINE)
_EXAMPLE = re.compile(r"```toml file=(\S+)\n(.*?)```", re.DOTALL)
_MARKS = (b"\0", b"\xef\xbb\xbf", b"\r", b"\xff", b"\xed\xa0\x80", b"\xc2\x85", b"\xc2\xa0", b"\xe2\x80\xa8")
"""Bytes that programs put into texts, or that are no text."""
_TOKEN = re.compile(r"\"\"\"|\w+|\s+|.", re.DOTALL)
_MANIFEST_TSV = "path\torigin\tlicence\tduration_s\n" + "".join(
    f"{path}\tproject {number % 3} :: a film\tCC0\t{seconds}\n"
    for number, (path, seconds) in enumerate(
        (("video/a walk.mov", "60"), ("video/phone.mp4", ""), ("image/robot.png", ""), ("animation/dance.gif", ""),
         ("audio/music/theme.flac", "60"), ("audio/voice/hum.wav", "1"))
    )
)  # fmt: skip


def _with_files(episode: str, listing: str) -> dict[str, bytes]:
    """A production of one library, with the files that its list names."""
    files = {f"library/{name}": b"" for name in _FILE.findall(listing)}
    return {**files, "library/contributions.toml": listing.encode(), "episode.toml": episode.encode()}


def _captions_in(folder: Path) -> Files:
    """The caption files beside a manifest."""
    return {path.name: path.read_bytes() for path in folder.glob("*.srt")}


def _demo() -> Files:
    folder = ROOT / "examples" / "demo"
    texts = [(folder / name).read_text(encoding="utf-8") for name in ("episode.toml", "contributions.toml")]
    return _with_files(*texts) | _captions_in(folder)


def _manual() -> Files:
    """The worked example, from its episode's folder."""
    texts = dict(_EXAMPLE.findall((ROOT / "docs" / "manifest.md").read_text(encoding="utf-8")))
    episode = texts["episode-1/episode.toml"].replace("../season.toml", "season.toml")
    files = _with_files(episode, texts["episode-1/library/contributions.toml"])
    return {**files, "season.toml": texts["season.toml"].encode()}


def _studio() -> Files:
    episode = studio_making.EPISODE.replace("{rate}", "24").replace("{walk}", "300")
    return {
        **_with_files(episode, studio_making.LISTING),
        "look/template.toml": studio_making.TEMPLATE.encode(),
        "look/fonts/Own.ttf": b"font",
    }


def _new() -> Files:
    folder = ROOT / "examples" / "production"
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def _motley() -> Files:
    with TemporaryDirectory() as name:
        media, folder = Path(name) / "media", Path(name) / "production"
        media.mkdir()
        (media / "MANIFEST.tsv").write_text(_MANIFEST_TSV, encoding="utf-8")
        lay(media, folder)
        texts = [(folder / name).read_text(encoding="utf-8") for name in ("episode.toml", "library/contributions.toml")]
        captions = _captions_in(folder)
    return _with_files(*texts) | captions


def _listed(suffix: str) -> Files:
    """A production whose people, files and shots stand in spreadsheets."""
    write = WRITERS[suffix]
    episode = f'format = 1\ntitle = "Rows"\ntemplate = "whole"\n[[scene]]\nshots = "cut/list.{suffix}"\n'
    return {
        **{f"library/{name}": b"" for name in FILES},
        f"library/contributions.{suffix}": write(CONTRIBUTION_ROWS),
        f"library/contributors.{suffix}": write(CONTRIBUTOR_ROWS),
        f"cut/list.{suffix}": write(SHOT_ROWS),
        "whole/template.toml": HOUSE_LOOK.encode(),
        "episode.toml": episode.encode(),
    }


@cache
def corpus() -> dict[str, Files]:
    """Productions by name."""
    return {
        "demo": _demo(),
        "manual": _manual(),
        "tests": _with_files(manifest_making.EPISODE, manifest_making.CONTRIBUTIONS),
        "studio": _studio(),
        "new": _new(),
        "motley": _motley(),
        **{f"rows of {suffix}": _listed(suffix) for suffix in WRITERS},
    }


def _bytes_changed(random: Random, data: bytes) -> bytes:
    """One change that knows nothing of text."""
    at = random.randint(0, len(data))
    end = min(len(data), at + random.choice((1, 1, 2, 5, 40, 400)))
    other = random.randint(0, len(data))
    inserted = data[other : other + 80] if random.random() < 0.3 else random.choice((*_MARKS, random.randbytes(3)))
    match random.randrange(5):
        case 0:
            return data[:at] + data[end:]
        case 1:
            return data[:at] + inserted + data[at:]
        case 2:
            flipped = bytes(letter ^ (1 << random.randrange(8)) for letter in data[at : at + 1])
            return data[:at] + flipped + data[at + 1 :]
        case 3:
            return data[:at]
        case _:
            return data[:at] + data[at:end] * random.choice((2, 3, 50)) + data[end:]


def _recoded(random: Random, data: bytes) -> bytes:
    """The whole in another encoding or with other line ends."""
    text = data.decode("utf-8", "replace")
    return random.choice(
        (
            lambda: text.encode("utf-8-sig"),
            lambda: text.encode("utf-16"),
            lambda: text.encode("utf-16-be"),
            lambda: text.encode("cp1252", "replace"),
            lambda: text.replace("\n", "\r\n").encode(),
            lambda: text.replace("\n", "\r").encode(),
            lambda: text.replace("\n", "\u2028").encode(),
            lambda: text.replace("\n", "").encode(),
            lambda: text.replace('"', "'").encode(),
            lambda: text.replace('"', random.choice("“”«»‘\0`")).encode(),
            lambda: text.replace("=", ":").encode(),
            lambda: text.upper().encode(),
        )
    )()


def _tokens_changed(random: Random, data: bytes) -> bytes:
    """A token left out, doubled, exchanged for another, or put in quotes."""
    tokens = _TOKEN.findall(data.decode("utf-8", "replace"))
    if len(tokens) < 2:
        return data
    at, other = random.randrange(len(tokens)), random.randrange(len(tokens))
    match random.randrange(5):
        case 0:
            del tokens[at]
        case 1:
            tokens.insert(at, tokens[at])
        case 2:
            tokens[at], tokens[other] = tokens[other], tokens[at]
        case 3:
            tokens[at] = random.choice(('"', "'", '"""', "“", "[[", "]", "{", "}", ",", "=", ".", "#", "\\"))
        case _:
            tokens[at] = f'"{tokens[at]}"'
    return "".join(tokens).encode()


_ODD_LINES = ("[each]", "[[scene]]", "[[scene.shot]]", "[scene]", "a.b = 1", "=", "[", '"""', "\u00a0", "'")


def _lines_changed(random: Random, data: bytes) -> bytes:
    """A line left out, doubled, moved, or given a value that nobody wants."""
    lines = data.decode("utf-8", "replace").split("\n")
    at = random.randrange(len(lines))
    match random.randrange(5):
        case 0:
            del lines[at]
        case 1:
            lines.insert(at, lines[at])
        case 2:
            lines.insert(random.randrange(len(lines)), lines.pop(at))
        case 3:
            lines[at] = f"{lines[at].partition('=')[0]}= {random.choice(NASTY)}"
        case _:
            lines.insert(
                at, random.choice(("[each]", "[[scene]]", "[[scene.shot]]", "[scene]", "a.b = 1", "=", "[", '"""'))
            )
    return "\n".join(lines).encode()  # fmt: skip


def _spoiled(random: Random, data: bytes) -> bytes:
    """A slip against the vocabulary: in a key, a value or a whole table."""
    blocks = blocks_in(data.decode("utf-8", "replace"))
    spoil(random, blocks)
    return text_of(blocks).encode("utf-8", "surrogatepass")


CHANGES: tuple[Callable[[Random, bytes], bytes], ...] = (
    _bytes_changed, _bytes_changed, _tokens_changed, _tokens_changed, _lines_changed, _spoiled, _spoiled, _recoded,
)  # fmt: skip


def _workbook_changed(random: Random, data: bytes) -> bytes:
    """One change in a part of a workbook, or in the ZIP that holds them."""
    if random.random() < 0.2 or not zipfile.is_zipfile(io.BytesIO(data)):
        return _bytes_changed(random, data)
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as book:
            parts = {name: book.read(name) for name in book.namelist()}
    except (zipfile.BadZipFile, zlib.error, OSError, ValueError, NotImplementedError, EOFError):
        return data
    name = random.choice(sorted(parts))
    parts[name] = random.choice((_bytes_changed, _tokens_changed, _tokens_changed))(random, parts[name])
    return zipped(parts)


def mutated_production(random: Random, *, changes: int) -> Files:
    """One production of the corpus, with so many changes in its texts."""
    files = dict(corpus()[random.choice(sorted(corpus()))])
    texts = sorted(name for name in files if name.endswith((".toml", ".csv", ".tsv", ".xlsx", ".ods")))
    for _ in range(changes):
        name = random.choice(texts)
        change = random.choice(CHANGES) if name.endswith(".toml") else _workbook_changed
        files[name] = change(random, files[name])
    return files
