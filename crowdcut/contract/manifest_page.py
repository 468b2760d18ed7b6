"""The tables of ``docs/manifest.md``, from the vocabulary: ``python -m crowdcut.contract.manifest_page FILE``."""

import re
import sys
from collections.abc import Iterable, Mapping
from pathlib import Path

from crowdcut.vocabulary import choices
from crowdcut.vocabulary.episode_tables import MANIFEST_TABLES
from crowdcut.vocabulary.library_tables import LIBRARY_TABLES
from crowdcut.vocabulary.rows import CONTRIBUTION_ROW, CONTRIBUTOR_ROW, SHOT_ROW
from crowdcut.vocabulary.table import KINDS, Key, Table

_SECTION = re.compile(r"(<!-- (\w+): made from the vocabulary -->\n).*?(<!-- end -->)", re.DOTALL)


def _row(cells: Iterable[str]) -> str:
    return f"| {' | '.join(cell.replace('|', chr(92) + '|') for cell in cells)} |\n"


def _key_row(key: Key) -> str:
    default = "**must be there**" if key.required else key.default
    return _row((f"`{key.name}`", key.kind, key.doc, default))


def table_of(table: Table) -> str:
    """A table's section of the page, as Markdown."""
    built = [key for key in table.keys if not key.later and key.name != "note"]
    later = [f"`{key.name}` ({key.doc})" for key in table.keys if key.later]
    header = table.header if table.header.startswith("the ") else f"`{table.header}`"
    text = f"### {header[:1].upper()}{header[1:]}\n\n{table.doc}\n\n"
    text += _row(("key", "value", "what it is", "where it is not written")) + _row(["---"] * 4)
    text += "".join(map(_key_row, built))
    return text + (f"\nKept for a later version, and refused until then: {', '.join(later)}.\n" if later else "") + "\n"


def words_of(words: Mapping[str, str], heads: tuple[str, str]) -> str:
    """Words and what they mean, as a Markdown table."""
    rows = (_row((f"`{word}`", doc)) for word, doc in words.items())
    return _row(heads) + _row(["---"] * 2) + "".join(rows) + "\n"


def _kinds() -> str:
    rows = (_row((kind, doc)) for kind, doc in KINDS.items())
    return _row(("value", "how it is written")) + _row(["---"] * 2) + "".join(rows) + "\n"


def _columns() -> str:
    """What each column may be called, but for keys that have one name."""
    tables = {"contributions": CONTRIBUTION_ROW, "contributors": CONTRIBUTOR_ROW}
    rows = (
        _row((name, f"`{key.name}`", ", ".join(f"`{alias}`" for alias in key.aliases)))
        for name, table in {**tables, "shots": SHOT_ROW}.items()
        for key in table.keys
        if key.aliases and not key.later
    )
    return _row(("list", "column", "may be called too")) + _row(["---"] * 3) + "".join(rows) + "\n"


def sections() -> dict[str, str]:
    """The made parts of the page, by name, as Markdown."""
    return {
        "transitions": words_of(choices.TRANSITIONS, ("into", "what it does")),
        "layouts": words_of(choices.LAYOUTS, ("layout", "what is seen")),
        "blends": words_of(choices.BLENDS, ("blend", "what is seen")),
        "fits": words_of(choices.FITS, ("fit", "what is seen")),
        "fills": words_of(choices.FILLS, ("fill", "what is seen after its end")),
        "motions": words_of(choices.MOTIONS, ("motion", "what a frame between two pictures shows")),
        "cards": words_of(choices.CARDS, ("card", "what it shows")),
        "repairs": words_of(choices.REPAIRS, ("repair", "what it does")),
        "sounds": words_of(choices.BUSES, ("table", "what it is")),
        "kinds": _kinds(),
        "columns": _columns(),
        "manifest": "".join(map(table_of, MANIFEST_TABLES)),
        "library": "".join(map(table_of, LIBRARY_TABLES)),
    }


def page_with_tables(page: str, made: Mapping[str, str] | None = None) -> str:
    """The page with its made parts as the vocabulary has them now. Raises KeyError for a part nobody makes.

    made : the parts by name; None: those of ``docs/manifest.md``.
    """
    made = sections() if made is None else made
    return _SECTION.sub(lambda found: f"{found[1]}\n{made[found[2]]}{found[3]}", page)


if __name__ == "__main__":
    target = Path(sys.argv[1])
    target.write_text(page_with_tables(target.read_text(encoding="utf-8")), encoding="utf-8")
