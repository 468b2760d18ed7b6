"""The page that teaches producers is true: its tables are the vocabulary's, its example is read without a finding."""

import re
from pathlib import Path

from crowdcut.contract.manifest_page import page_with_tables, sections
from crowdcut.contract.readers import READERS
from crowdcut.manifest import manifest_from
from crowdcut.vocabulary.disc_tables import DISC_TABLES
from crowdcut.vocabulary.episode_tables import MANIFEST_TABLES
from crowdcut.vocabulary.library_tables import LIBRARY, LIBRARY_TABLES
from crowdcut.vocabulary.table import KINDS

PAGE = Path(__file__).parents[1] / "docs" / "manifest.md"
EXAMPLE = re.compile(r"```toml file=(\S+)\n(.*?)```", re.DOTALL)


def test_the_page_has_the_tables_of_the_vocabulary() -> None:
    page = PAGE.read_text(encoding="utf-8")
    assert page_with_tables(page) == page, "run: python -m crowdcut.contract.manifest_page docs/manifest.md"
    assert set(re.findall(r"<!-- (\w+): made", page)) == set(sections())


def test_every_kind_of_value_has_a_reader_and_a_use() -> None:
    tables = (*MANIFEST_TABLES, *LIBRARY_TABLES, LIBRARY, *DISC_TABLES)
    used = {key.kind for table in tables for key in table.keys} | {"option"}
    assert set(READERS) == set(KINDS) == used


def test_the_example_on_the_page_is_a_good_episode(tmp_path: Path) -> None:
    examples = dict(EXAMPLE.findall(PAGE.read_text(encoding="utf-8")))
    for name, text in examples.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text, encoding="utf-8")
    library = tmp_path / "episode-1" / "library"
    for name in re.findall(r'file = "(.+)"', examples["episode-1/library/contributions.toml"]):
        (library / name).parent.mkdir(exist_ok=True)
        (library / name).touch()
    manifest, _, findings = manifest_from(tmp_path / "episode-1" / "episode.toml")
    assert findings == ()
    assert manifest is not None
    assert [scene.id for scene in manifest.scenes] == ["opening", "fireflies", "tokyo"]
    assert [shot.use for shot in manifest.scenes[1].shots] == ["moonrise", "host", "red-dot", None, None]
