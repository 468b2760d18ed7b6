"""The tables of ``docs/disc.md``, from the words of a disc's file: ``python -m crowdcut.contract.disc_page FILE``."""

import sys
from pathlib import Path

from crowdcut.contract.manifest_page import page_with_tables, table_of, words_of
from crowdcut.vocabulary.disc_tables import DISC_TABLES
from crowdcut.vocabulary.episode_tables import MANIFEST_TABLES
from crowdcut.vocabulary.table import KINDS


def disc_sections() -> dict[str, str]:
    """The made parts of the page, by name, as Markdown."""
    elsewhere = {key.kind for table in MANIFEST_TABLES for key in table.keys}
    own = [key.kind for table in DISC_TABLES for key in table.keys if key.kind not in elsewhere]
    kinds = {kind: KINDS[kind] for kind in own}
    return {
        "disc": "".join(map(table_of, DISC_TABLES)),
        "disc_kinds": words_of(kinds, ("value", "how it is written")),
    }


def disc_page_with_tables(page: str) -> str:
    """The page with its made parts as the words are now. Raises KeyError for a part nobody makes."""
    return page_with_tables(page, disc_sections())


if __name__ == "__main__":
    target = Path(sys.argv[1])
    target.write_text(disc_page_with_tables(target.read_text(encoding="utf-8")), encoding="utf-8")
