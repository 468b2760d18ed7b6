"""A disc of real episodes up to its plans: one profile for all, menus from their libraries, refusals with files."""

import json
from dataclasses import replace
from pathlib import Path

import pytest
from small_film import quiet
from test_console import crowdcut as crowdcut

from crowdcut.findings import Refused
from farm.disc import PlannedDisc, planned_disc, read_disc
from farm.wish import Wish

DISC = 'format = 1\ntitle = "Season"\nprofile = "dvd-ntsc"\nepisodes = ["ep1/episode.toml", "ep2/episode.toml"]\n'
EXTRA = '[[extra]]\nepisode = "trailer/episode.toml"\ntitle = "See this"\n'
EPISODE = """\
format = 1
title = "{title}"
library = ["{library}"]
[profile.ours]
extends = "{extends}"
loudness = {{ tolerance_lu = 1 }}
[[scene]]
id = "one"
[[scene.shot]]
use = "walk"
for = 1
[[scene]]
id = "two"
[[scene.shot]]
text = "The end"
for = 1
"""


STORE: list[Path] = []
"""Of all tests of this file: what is examined for one is known to the next."""


@pytest.fixture(scope="module", autouse=True)
def store(tmp_path_factory: pytest.TempPathFactory) -> None:
    STORE[:] = [tmp_path_factory.mktemp("store")]


@pytest.fixture
def season(tiny_library: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with two episodes and a trailer; ``disc.toml`` is to be written."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("CROWDCUT_STORE", raising=False)
    for name, extends in (("ep1", "dvd-ntsc"), ("ep2", "dvd-ntsc"), ("trailer", "dvd-pal")):
        (tmp_path / name).mkdir()
        text = EPISODE.format(title=name.title(), library=tiny_library, extends=extends)
        (tmp_path / name / "episode.toml").write_text(text, encoding="utf-8")
    return tmp_path


def wish(folder: Path, text: str, **more: bool) -> Wish:
    (folder / "disc.toml").write_text(text, encoding="utf-8")
    return Wish(manifest=folder / "disc.toml", store=STORE[0], workers=2, **more)


def refused(folder: Path, text: str, **more: bool) -> list[str]:
    with pytest.raises(Refused) as refusal:
        planned_disc(wish(folder, text, **more), quiet)
    return [str(one) for one in refusal.value.findings]


def planned(folder: Path, text: str, **more: bool) -> PlannedDisc:
    return planned_disc(wish(folder, text, **more), quiet)


def test_a_disc_is_planned_title_by_title(season: Path):
    disc = planned(
        season, DISC + EXTRA + '[menu]\nbackground = "walk"\nin = 2\nmusic = "walk"\n', allow_uncredited=True
    )
    assert disc.standard == "ntsc"
    assert [(one.name, one.delivery.profile.name) for one in disc.titles] == [
        ("Ep1", "dvd-ntsc"),
        ("Ep2", "dvd-ntsc"),
        ("See this", "dvd-ntsc"),
    ]
    for one in disc.titles:
        assert one.delivery.plan.master.kind == "title"
    assert [one.chapters for one in disc.numbers] == [3, 3, 3]
    background = disc.menu["background"]
    assert (background.title, background.contribution) == (0, "walk")
    assert background.media.picture is not None
    assert background.contribution in background.sources.files


def test_the_store_is_the_first_episodes(season: Path, tiny_library: Path, monkeypatch: pytest.MonkeyPatch):
    asked = replace(wish(season, DISC), store=None)
    assert asked.store_folder(read_disc(asked).first) == (tiny_library.parent / ".crowdcut").absolute()
    monkeypatch.setenv("CROWDCUT_STORE", str(season / "elsewhere"))
    assert asked.store_folder(read_disc(asked).first) == season / "elsewhere"
    monkeypatch.delenv("CROWDCUT_STORE")
    asked = replace(wish(season, DISC + 'store = "kept"'), store=None)
    assert asked.store_folder(read_disc(asked).first) == season / "kept"


def test_what_is_wrong_with_episodes_is_told_with_their_files(season: Path):
    for name, old, new in (("ep1", "walk", "wlak"), ("ep2", "for = 1", "for = 0:01")):
        file = season / name / "episode.toml"
        file.write_text(file.read_text().replace(old, new, 1))
    told = refused(season, DISC + 'labell = "x"')
    assert [one.partition(" ")[0] for one in told] == [
        "disc.toml:5",
        "ep1/episode.toml:10",
        "ep2/episode.toml:11:",
    ]


def test_what_is_found_when_they_are_laid_out_has_their_files_too(season: Path):
    for name in ("ep1", "ep2"):
        file = season / name / "episode.toml"
        file.write_text(file.read_text().replace("for = 1", "in = 30", 1))
    told = refused(season, DISC)
    assert [one.partition(":")[0] for one in told] == ["ep1/episode.toml", "ep2/episode.toml"]
    assert all("past" in one or "end" in one for one in told)


def test_profiles_of_the_episodes_own(season: Path):
    ours = DISC.replace("dvd-ntsc", "ours")
    disc = planned(season, ours)
    assert (disc.standard, disc.titles[1].delivery.profile.tolerance_lu) == ("ntsc", 1)
    (told,) = refused(season, ours + EXTRA)
    assert "NTSC in ep1/episode.toml and PAL in trailer/episode.toml, and a disc is one of the two" in told
    (told,) = refused(season, DISC.replace("dvd-ntsc", "dvd-nstc"))
    assert told.startswith('disc.toml:3 profile: there is no profile "dvd-nstc"')
    assert told.endswith('There are dvd-ntsc, dvd-pal, ours. Did you mean "dvd-ntsc"?')
    file = season / "ep2" / "episode.toml"
    file.write_text(file.read_text().replace("dvd-ntsc", "web"))
    (told,) = refused(season, ours)
    assert told.startswith('disc.toml:4 episodes: its manifest has no profile "ours" that extends dvd-ntsc or dvd-pal.')


def test_slugs_chapters_and_templates(season: Path):
    file = season / "ep2" / "episode.toml"
    many = "".join(f'[[scene]]\n[[scene.shot]]\ntext = "{number}"\nfor = 1\n' for number in range(120))
    file.write_text(file.read_text().replace("format = 1", 'format = 1\nslug = "EP1"') + many)
    told = refused(season, DISC)
    assert [one.partition(".")[0] for one in told if "chapters" in one] == ["disc"]
    assert any("it has 123 chapters, and a title of a DVD has at most 99" in one for one in told)
    assert any('its slug is "EP1", and so is that of the episode at disc.toml:4 episodes' in one for one in told)
    (told,) = refused(season, DISC + 'template = "vareity"')
    assert told.startswith('disc.toml:5 template: there is no template "vareity"')


@pytest.mark.parametrize(
    ("menu", "words"),
    [
        ('background = "wlak"', '"wlak" is neither a contribution nor a file of the library of any episode'),
        ('background = "song"', "has no picture"),
        ('music = "drawing"', "has no sound"),
        ('background = "walk"\nin = 99', "1:39 is past the end of walk.mp4"),
        ('background = "drawing"\nin = 1', "is past the end of"),
        ('background = "sea"', "in the credits of no title"),
    ],
)
def test_what_menus_cannot_show_or_play(season: Path, menu: str, words: str):
    assert any(words in one for one in refused(season, f"{DISC}[menu]\n{menu}"))


def test_a_name_in_the_credits_of_a_title_is_enough(season: Path):
    assert planned(season, DISC + '[menu]\nbackground = "walk"').findings == ()
    disc = planned(season, DISC + '[menu]\nbackground = "sea"', allow_uncredited=True)
    assert [one.rule for one in disc.findings] == ["uncredited"]
    assert refused(season, DISC + '[menu]\nbackground = "sea"', strict=True)


def test_the_command_checks_a_disc(crowdcut, season: Path):
    asked = wish(season, DISC + EXTRA)
    said = crowdcut("disc", asked.manifest, "--check", "--store", asked.store)
    assert said.code == 0
    assert said.out.splitlines()[0] == "title 1: Ep1, 0:22, 3 chapters"
    assert said.out.splitlines()[-1] == "SEASON: NTSC, 3 titles, 1:06; 4.70 GB leave the pictures 9.80 Mb/s"
    assert sorted(path.name for path in season.iterdir()) == ["disc.toml", "ep1", "ep2", "trailer"]
    wish(season, DISC + 'label = "a b"')
    said = crowdcut("disc", asked.manifest, "--check", "--json", "--store", asked.store)
    assert said.code == 2
    assert [event["finding"]["rule"] for event in said.events] == ["wrong-value"]
    assert "Traceback" not in said.err
    assert json.dumps(said.events)
