"""Templates: the house's own is whole; a producer's own says what differs; every slip names file, line and key."""

from fractions import Fraction
from pathlib import Path

import pytest

from crowdcut.contract.template import HOUSE
from crowdcut.findings import Finding
from crowdcut.look import Look, look_from


def written(folder: Path, text: str, name: str = "ours") -> tuple[Look | None, tuple[Finding, ...]]:
    (folder / name).mkdir()
    (folder / name / "template.toml").write_text(text, encoding="utf-8")
    return look_from(name, folder)


def test_variety_is_whole(tmp_path: Path):
    look, findings = look_from("variety", tmp_path)
    assert findings == ()
    assert look is not None
    assert look.cards["ident"].length == Fraction(5, 2)
    assert look.cards["credits"].length == 0
    assert look.styles["roll_name"].colour == look.palette["ink"]
    assert set(look.roll.default_roles) == {"video", "audio", "still", "animation", "text", "other"}
    assert look.sound_fade == Fraction(1, 100)


def test_a_template_beside_the_manifest_says_what_differs(tmp_path: Path):
    look, findings = written(
        tmp_path, 'extends = "variety"\n[palette]\nink = "#FFFFFF"\n[roll.headings]\nmusic = "Songs"\n'
    )
    assert findings == ()
    assert look is not None
    assert look.palette["ink"] == look.styles["title"].colour == "#ffffff"
    assert look.roll.headings["music"] == "Songs"
    assert look.roll.headings["host"] == "Hosted by"
    assert look.folder == tmp_path / "ours"


def test_own_folder_wins_over_the_house(tmp_path: Path):
    look, _ = written(tmp_path, 'extends = "variety"\n[palette]\naccent = "#010203"\n', name="variety")
    assert look is not None
    assert look.palette["accent"] == "#010203"


def test_fonts_of_the_template_are_listed_in_order(tmp_path: Path):
    (tmp_path / "ours" / "fonts").mkdir(parents=True)
    for name in ("b.TTF", "a.otf", "licence.txt"):
        (tmp_path / "ours" / "fonts" / name).touch()
    (tmp_path / "ours" / "template.toml").write_text('extends = "variety"\n')
    look, _ = look_from("ours", tmp_path)
    assert look is not None
    assert [font.name for font in look.fonts] == ["a.otf", "b.TTF"]


def test_unknown_template_lists_what_exists(tmp_path: Path):
    written(tmp_path, 'extends = "variety"\n')
    look, (finding,) = look_from("../etc", tmp_path)
    assert look is None
    assert finding.rule == "unknown-template"
    assert "ours" in finding.way_out
    assert "variety" in finding.way_out


@pytest.mark.parametrize(
    ("text", "rule", "key", "line"),
    [
        ('[palette]\nink = "red"', "wrong-value", "palette.ink", 3),
        ('[palette]\nink = "#ffffffff"', "wrong-value", "palette.ink", 3),
        ('[palette]\nacent = "#ffffff"', "unknown-key", "palette.acent", 3),
        ("[type.title]\nsize = 9", "wrong-value", "type.title.size", 3),
        ('[type.title]\nsize = "big"', "wrong-value", "type.title.size", 3),
        ("[type.title]\nweight = true", "wrong-value", "type.title.weight", 3),
        ('[type.title]\nfamily = "Noto Sans"', "wrong-value", "type.title.family", 3),
        ("[roll]\ncolumns = 2.5", "wrong-value", "roll.columns", 3),
        ("[timing]\nstill = -1", "wrong-value", "timing.still", 3),
        ("[shots]\n", "unknown-key", "shots", 2),
        ('[menu]\nmark = "glow"', "wrong-value", "menu.mark", 3),
        ("[menu]\nhighlight_contrast = 0", "wrong-value", "menu.highlight_contrast", 3),
        ("[menu]\nbackground = []", "wrong-value", "menu.background", 3),
        ("[menu.small]\nsize = 0.1", "wrong-value", "menu.small.size", 3),
        ("palette = 3", "wrong-value", "palette", 2),
    ],
)
def test_slips_name_line_and_key(tmp_path: Path, text: str, rule: str, key: str, line: int):
    look, (finding,) = written(tmp_path, f'extends = "variety"\n{text}\n')
    assert look is None
    assert (finding.rule, finding.where.key, finding.where.line) == (rule, key, line)
    assert finding.where.file == "ours/template.toml"
    assert finding.wanted


def test_all_slips_at_once(tmp_path: Path):
    _, findings = written(tmp_path, '[palette]\nink = 1\nbackground = 2\nplate = "#12"\n[levels]\nshot = 4\n')
    assert [finding.where.line for finding in findings] == [2, 3, 4, 6]


def test_what_is_missing_is_named(tmp_path: Path):
    _, findings = written(tmp_path, '[palette]\nink = "#ffffff"\n')
    assert {finding.rule for finding in findings} == {"missing-key"}
    assert "palette.background is missing" in {finding.found for finding in findings}


@pytest.mark.parametrize("data", [b"palette = {", b"\xff\xfe\x00", b"a = 1\na = 2"])
def test_a_file_that_is_no_toml_is_a_finding(tmp_path: Path, data: bytes):
    (tmp_path / "ours").mkdir()
    (tmp_path / "ours" / "template.toml").write_bytes(data)
    look, findings = look_from("ours", tmp_path)
    assert look is None
    assert findings[0].rule == "unreadable-template"


def test_unknown_base_is_a_finding(tmp_path: Path):
    look, findings = written(tmp_path, 'extends = "nothing"\n')
    assert look is None
    assert findings[0].where.line == 1


def test_menus_of_a_template_without_them_are_ours_in_its_palette(tmp_path: Path):
    own = (HOUSE / "variety" / "template.toml").read_text(encoding="utf-8")
    before, menus = own.split("[menu]")[0], own.split("[menu.words]")[1]
    after = menus[menus.index("# Integrated loudness") :]
    look, findings = written(tmp_path, (before + after).replace("#f2a541", "#40c0ff"))
    assert findings == ()
    assert look is not None
    assert look.menu.highlight == "#40c0ff"
    assert look.menu.words["play"] == "Play"
    look, _ = written(tmp_path, f'{before}{after}[menu]\nselect = "alarm"\n[menu.words]\nplay = "Ver"\n', name="next")
    assert look is not None
    assert look.menu.select == look.palette["alarm"]
    assert (look.menu.words["play"], look.menu.words["back"]) == ("Ver", "Back")
