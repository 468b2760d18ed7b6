"""A disc's own file: what it says in its final form, and all that is wrong with it at once, each with its way out."""

import re
from fractions import Fraction
from pathlib import Path

import pytest
from manifest_making import short

from crowdcut.contract.disc_file import MOST_TITLES, disc_from
from crowdcut.contract.disc_page import disc_page_with_tables, disc_sections
from crowdcut.contract.disc_values import label_from
from crowdcut.disc.disc import Disc, disc_profiles, standard_of
from crowdcut.findings import Finding
from crowdcut.manifest import manifest_from

PAGE = Path(__file__).parents[1] / "docs" / "disc.md"
EPISODE = 'format = 1\ntitle = "One"\n[[scene]]\n[[scene.shot]]\ntext = "Hello"\n'
HEAD = 'format = 1\ntitle = "A Disc"\nprofile = "dvd-ntsc"\nepisodes = ["ep1/episode.toml"]\n'


def laid(folder: Path, text: str, *, episodes: tuple[str, ...] = ("ep1", "ep2", "trailer")) -> Path:
    """``disc.toml`` beside episodes of one shot."""
    for name in episodes:
        (folder / name).mkdir(parents=True, exist_ok=True)
        (folder / name / "episode.toml").write_text(EPISODE, encoding="utf-8")
    (folder / "disc.toml").write_text(text, encoding="utf-8")
    return folder / "disc.toml"


def read(folder: Path, text: str) -> tuple[Disc | None, tuple[Finding, ...]]:
    return disc_from(laid(folder, text))


def good(folder: Path, text: str) -> Disc:
    disc, findings = read(folder, text)
    assert findings == ()
    assert disc is not None
    return disc


def test_the_example_on_the_page_says_what_it_says(tmp_path: Path):
    (example,) = re.findall(r"```toml file=disc.toml\n(.*?)```", PAGE.read_text(encoding="utf-8"), re.DOTALL)
    disc = good(tmp_path / "season", example)
    assert (disc.title, disc.label, disc.slug) == ("RE: The First Season", "RE_THE_FIRST_SEASON", "season")
    assert [title.episode.parent.name for title in disc.titles] == ["ep1", "ep2", "trailer"]
    assert [title.is_extra for title in disc.titles] == [False, False, True]
    assert [title.name for title in disc.titles] == [None, None, "Trailer"]
    assert [title.where.line for title in disc.titles] == [4, 4, 7]
    menu = disc.menu
    assert (menu.background, menu.start, menu.length, menu.music) == ("moonrise", 3, 15, "theme")
    assert menu.chapters
    assert (disc.language, disc.regions, disc.capacity_bytes, disc.template) == ("en", (), 4_700_000_000, None)


def test_the_page_has_the_tables_of_the_words():
    page = PAGE.read_text(encoding="utf-8")
    assert disc_page_with_tables(page) == page, "run: python -m crowdcut.contract.disc_page docs/disc.md"
    assert set(disc_sections()) <= set(re.findall(r"<!-- (\w+): made", page))


def test_everything_that_may_be_said(tmp_path: Path):
    disc = good(
        tmp_path,
        HEAD + 'slug = "s-1"\nlabel = "S_1"\ntemplate = "variety"\nlanguage = "ja"\nregion = [4, 1]\n'
        'capacity = "dvd-5"\nstore = "kept"\nnote = "for the plant"\n'
        '[menu]\nbackground = "b"\nin = "72f"\nchapters = false',
    )
    assert (disc.slug, disc.label, disc.template, disc.language) == ("s-1", "S_1", "variety", "ja")
    assert disc.regions == (1, 4)
    assert (disc.store, disc.note) == (tmp_path / "kept", "for the plant")
    assert disc.menu.start == 72 / Fraction(30000, 1001)
    assert not disc.menu.chapters
    assert disc.origin["label"].line == 6


@pytest.mark.parametrize(
    ("title", "label"),
    [
        ("RE: Number One", "RE_NUMBER_ONE"),
        ("Çok güzel – ğüş", "COK_GUZEL_GUS"),
        ("Straße 3", "STRASSE_3"),
        ("  ¡Ole!  ", "OLE"),
        ("x" * 31 + " y", "X" * 31),
        ("日本 2", "2"),
        ("日本", ""),
    ],
)
def test_a_label_is_made_from_the_title(title: str, label: str):
    assert label_from(title) == label


@pytest.mark.parametrize(
    ("more", "finding"),
    [
        ('label = "my disc"', ("wrong-value", 5, "label")),
        (f'label = "{"A" * 33}"', ("wrong-value", 5, "label")),
        ('label = ""', ("wrong-value", 5, "label")),
        ("label = 7", ("wrong-type", 5, "label")),
        ('labell = "A"', ("unknown-key", 5, "labell")),
        ('library = ["library"]', ("unknown-key", 5, "library")),
        ('capacity = "dvd-9"', ("later", 5, "capacity")),
        ('capacity = "blu-ray"', ("wrong-value", 5, "capacity")),
        ("capacity = 4.7", ("wrong-type", 5, "capacity")),
        ('language = "eng"', ("wrong-value", 5, "language")),
        ("region = [7]", ("wrong-value", 5, "region")),
        ("region = [true]", ("wrong-value", 5, "region")),
        ("region = []", ("wrong-value", 5, "region")),
        ('region = ["1"]', ("wrong-value", 5, "region")),
        ("region = [[1]]", ("wrong-value", 5, "region")),
        ("region = [{ a = 1 }]", ("wrong-value", 5, "region")),
        ("slug = 'a/b'", ("wrong-value", 5, "slug")),
        ("[[menu]]\nmusic = 'x'", ("wrong-type", 5, "menu")),
        ("[extra]\nepisode = 'ep2/episode.toml'", ("wrong-type", 5, "extra")),
        ("[[extra]]\ntitle = 'x'", ("missing-key", 5, "episode")),
        ("[[extra]]\nepisode = 'ep1/episode.toml'", ("listed-twice", 6, "episode")),
        ("[[extra]]\nepisode = './ep2/../ep1/episode.toml'", ("listed-twice", 6, "episode")),
        ("[[extra]]\nepisode = 'none.toml'", ("missing-file", 6, "episode")),
        ("[[extra]]\nepisode = 'ep2'", ("missing-file", 6, "episode")),
        ("[[extra]]\nepisode = '" + "9" * 5000 + "'", ("missing-file", 6, "episode")),
        ("[[extra]]\nepisode = 'disc.toml'", ("no-episode", 6, "episode")),
        ("[[extra]]\nepisode = 'ep2/episode.toml'\ntitle = ''", ("wrong-value", 7, "title")),
        ("[menu]\nfor = 1", ("wrong-value", 6, "for")),
        ("[menu]\nfor = '3:01'", ("wrong-value", 6, "for")),
        ("[menu]\nin = 3", ("unfitting-key", 6, "in")),
        ("[menu]\nbackground = ['a']", ("wrong-type", 6, "background")),
        ("[menu]\nmusik = 'x'", ("unknown-key", 6, "musik")),
        # The four commonest slips of a producer.
        ("[menu]\nfor = 0:15", ("unquoted-time", 6, None)),
        ("[menu]\nmusic = 'x'\nlanguage = 'es'", ("misplaced-key", 7, "language")),
        ("menu = { music = 'x',\nfor = 20 }", ("broken-inline-table", 5, None)),
        ("label = “A”", ("typographic-quotes", 5, None)),
    ],
)
def test_what_is_wrong_with_it(tmp_path: Path, more: str, finding: tuple[str, int | None, str | None]):
    _, findings = read(tmp_path, HEAD + more)
    assert short(findings) == [finding]
    assert findings[0].way_out or findings[0].wanted


@pytest.mark.parametrize(
    ("old", "new", "findings"),
    [
        ('title = "A Disc"', 'title = "日本"', [("no-label", 2, "title")]),
        ('profile = "dvd-ntsc"', 'profile = ["dvd-ntsc", "dvd-pal"]', [("wrong-value", 3, "profile")]),
        ('profile = "dvd-ntsc"', 'profile = "web"', [("no-disc-profile", 3, "profile")]),
        ('profile = "dvd-ntsc"', "", [("missing-key", 1, "profile")]),
        ("format = 1", "", [("missing-key", 1, "format")]),
        ("format = 1", "format = 2", [("wrong-value", 1, "format")]),
        ('["ep1/episode.toml"]', '"ep1/episode.toml"', [("wrong-type", 4, "episodes")]),
        ('["ep1/episode.toml"]', "[]", [("wrong-value", 4, "episodes")]),
        ('["ep1/episode.toml"]', '["ep1/episode.toml", "ep1/episode.toml"]', [("wrong-value", 4, "episodes")]),
        ('["ep1/episode.toml"]', '["ep1", "none.toml"]', [("missing-file", 4, "episodes")] * 2),
    ],
)
def test_what_is_wrong_with_its_top(
    tmp_path: Path, old: str, new: str, findings: list[tuple[str, int | None, str | None]]
):
    assert short(read(tmp_path, HEAD.replace(old, new))[1]) == findings


def test_messages_name_the_numbers_and_the_way_out(tmp_path: Path):
    _, (found,) = read(tmp_path, HEAD + 'label = "my disc!"')
    assert found.found == '"my disc!" holds "m", "y", " ", "d", "i", "s", "c", "!"'
    assert found.way_out == 'Write it like "MY_DISC".'
    _, (found,) = read(tmp_path, HEAD + f'label = "{"A" * 40}"')
    assert found.found == "this label has 40 characters"
    _, (found,) = read(tmp_path, HEAD.replace("ep1/episode.toml", "ep1"))
    assert found.way_out == 'Write "ep1/episode.toml".'
    many = ", ".join(f'"ep{number}.toml"' for number in range(150))
    _, (found,) = read(tmp_path, HEAD.replace('"ep1/episode.toml"', many))
    assert (found.rule, found.where.line) == ("too-many-titles", 4)
    assert found.found == f"the disc names 150 films, and a DVD has at most {MOST_TITLES} titles"
    assert found.way_out == "Part them over 2 discs."


def test_an_episode_is_no_disc_and_a_disc_no_episode(tmp_path: Path):
    disc, (found,) = read(tmp_path, EPISODE)
    assert disc is None
    assert (found.rule, found.way_out[:28]) == ("no-disc", "Build it with crowdcut build")
    findings = manifest_from(laid(tmp_path, HEAD))[2]
    assert all("disc's own file" in one.way_out for one in findings if one.where.key == "episodes")
    listed = tmp_path / "library" / "contributions.toml"
    listed.parent.mkdir()
    listed.write_text('[[contributor]]\nid = "a"\nname = "A"\n')
    _, (found,) = read(tmp_path, HEAD.replace("ep1/episode.toml", "library/contributions.toml"))
    assert found.found == '"library/contributions.toml" is a library\'s list'


@pytest.mark.parametrize(
    "text", ["", "[", "\x00", "title = 1e999999999\nepisodes = 3\nprofile = 4", "menu = 3\nextra = 4"]
)
def test_no_text_brings_it_down(tmp_path: Path, text: str):
    _, findings = read(tmp_path, text)
    assert findings


def test_a_profile_is_of_a_standard_or_of_none():
    assert disc_profiles() == ("dvd-ntsc", "dvd-pal")
    own = {"ours": {"extends": "dvd-pal", "loudness": {"tolerance_lu": 1}}, "film": {"extends": "web"}}
    assert [standard_of(name, own) for name in ("dvd-ntsc", "ours", "film", "none")] == ["ntsc", "pal", None, None]
