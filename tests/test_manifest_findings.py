"""All that is wrong with a manifest is told at once: rule, line, key and the way out of each."""

from pathlib import Path

import pytest
from manifest_making import EPISODE, make_episode, short

from crowdcut.findings import is_error
from crowdcut.manifest import manifest_from

HEAD = 'format = 1\ntitle = "T"\n'
SHOT = '[[scene]]\nid = "s"\n[[scene.shot]]\n'


def told(folder: Path, text: str) -> list[tuple[str, int | None, str | None]]:
    return short(manifest_from(make_episode(folder, text))[2])


@pytest.mark.parametrize(
    ("top", "finding"),
    [
        ('titel = "x"', ("unknown-key", 3, "titel")),
        ("format = 2", ("toml", 3, None)),
        ('rate = "fast"', ("wrong-value", 3, "rate")),
        ('rate = "0/1"', ("wrong-value", 3, "rate")),
        ('rate = "1/0"', ("wrong-value", 3, "rate")),
        ("rate = 29.97", ("wrong-type", 3, "rate")),
        ("length = 0", ("wrong-value", 3, "length")),
        ("length = 00:22:00", ("unquoted-time", 3, "length")),
        ("length = 1e9", ("wrong-value", 3, "length")),
        ("length = true", ("wrong-type", 3, "length")),
        ("length = inf", ("wrong-type", 3, "length")),
        ("length = 1979-05-27", ("wrong-type", 3, "length")),
        ('slug = "a/b"', ("wrong-value", 3, "slug")),
        ('library = "library"', ("wrong-type", 3, "library")),
        ('library = ["library", "libary"]', ("missing-folder", 3, "library")),
        ('delivery = ["web", "vhs"]', ("unknown-profile", 3, "delivery")),
        ("delivery = []", ("wrong-value", 3, "delivery")),
        ('delivery = ["web", "web"]', ("wrong-value", 3, "delivery")),
        ('shots = "shots.csv"', ("later", 3, "shots")),
        ("[captions]\nfile = 'es.srt'", ("wrong-type", 3, "captions")),
        ('extends = "none.toml"', ("missing-file", 3, "extends")),
        ('extends = "episode.toml"', ("extends-cycle", 3, "extends")),
        ("extends = '" + "9" * 5000 + "'", ("missing-file", 3, "extends")),
        ('extends = "a\\u0000b"', ("wrong-value", 3, "extends")),
        ("library = ['library', '" + "9" * 5000 + "']", ("missing-folder", 3, "library")),
        ("rate = 0x" + "F" * 5000, ("wrong-type", 3, "rate")),
        ("extends = 3", ("wrong-type", 3, "extends")),
        ("[each]\nuse = 'moonrise'", ("unknown-key", 4, "use")),
        ("[each]\nfit = 'wide'", ("wrong-value", 4, "fit")),
        ("[each]\nstyle = 'none'", ("unknown-style", 4, "style")),
        ("[[each]]\nfit = 'blur'", ("wrong-type", 3, "each")),
        ("[style]\nfit = 'blur'", ("wrong-type", 4, "fit")),
        ("[style.a]\nstyle = 'a'", ("unknown-key", 4, "style")),
        ("[clip.a]\nin = 3", ("missing-key", 3, "use")),
        ("[clip.a]\nuse = 'moonrise'\nin = 3\nout = 3", ("in-after-out", 6, "out")),
        ("[clip.moonrise]\nuse = 'theme'", ("duplicate-id", 3, None)),
        ("[credits]\nseconds = -1", ("wrong-value", 4, "seconds")),
        ("[credits]\ndelivery = ['web']", ("misplaced-key", 4, "delivery")),
        ("[[credit]]\nrole = 'Host'", ("missing-key", 3, "names")),
        ("[credit]\nrole = 'Host'\nnames = ['Joe']", ("wrong-type", 3, "credit")),
        ("[profile.web]\nsize = [640, 360]", ("duplicate-id", 3, None)),
        ("[profile.a]\nextends = 'wbe'", ("unknown-profile", 4, "extends")),
        ("[profile.a]\nextends = 'web'\nsize = [641, 360]", ("wrong-value", 5, "size")),
        ("[[music]]\nuse = 'theme'\nat = 'nowhere - 2'", ("unknown-anchor", 5, "at")),
        ("[[music]]\nuse = 'theme'\nat = 3\nuntil = 5\nfor = 2", ("for-and-until", 6, "until")),
        ("[[music]]\nuse = 'theme'\nout = 3\nfor = 2", ("out-and-for", 6, "for")),
        ("[[music]]\nuse = 'theme'\ngain = 100", ("wrong-value", 5, "gain")),
        ("[[music]]\nuse = 'poem'", ("no-file", 4, "use")),
        ("[music]\nuse = 'theme'", ("wrong-type", 3, "music")),
        ("[[layer]]\nuse = 'robot'\nblend = 'swirl'", ("wrong-value", 5, "blend")),
        ("[[layer]]\nuse = 'robot'\nkey = 'grey'", ("wrong-value", 5, "key")),
        ("[[layer]]\nuse = 'robot'\nplace = 'top bottom'", ("wrong-value", 5, "place")),
        ("[[layer]]\nuse = 'robot'\nout = 3\nuntil = 'end'", ("out-and-until", 6, "until")),
        ("[[shot]]\ntext = 'x'", ("unknown-key", 3, "shot")),
    ],
)
def test_what_is_wrong_above_the_scenes(tmp_path: Path, top: str, finding: tuple) -> None:
    assert told(tmp_path, f'{HEAD}{top}\n{SHOT}text = "x"\n') == [finding]


@pytest.mark.parametrize(
    ("shot", "finding"),
    [
        ("for = 3", ("one-of", 5, None)),
        ("text = 'x'\nuse = 'theme'", ("one-of", 5, None)),
        ("text = ' '", ("wrong-value", 6, "text")),
        ("text = 'x'\nfor = 0", ("wrong-value", 7, "for")),
        ("text = 'x'\nfor = '-3'", ("wrong-value", 7, "for")),
        ("text = 'x'\nfit = 'blur'", ("unfitting-key", 7, "fit")),
        ("wanted = 'x'\nout = 3", ("unfitting-key", 7, "out")),
        ("card = 'tittle'", ("wrong-value", 6, "card")),
        ("use = 'moonrize'", ("unknown-contribution", 6, "use")),
        ("use = 'Moonrise'", ("other-capitals", 6, "use")),
        ("use = 'field *.png'", ("no-each", 6, "use")),
        ("use = 'field *.png'\neach = '2f'", ("unknown-contribution", 6, "use")),
        ("use = 'theme'\neach = '18f'", ("unfitting-key", 7, "each")),
        ("text = 'x'\neach = '18f'", ("unfitting-key", 7, "each")),
        ("use = ['theme', 'robot']\nlayout = 'grid'\neach = 1", ("one-of", 8, "each")),
        ("use = []\neach = '18f'", ("wrong-value", 6, "use")),
        ("use = ['theme', 'robot']\neach = 0", ("wrong-value", 7, "for")),
        ("use = ['theme', 'robot']\neach = 1\nfor = 3", ("unfitting-key", 8, "for")),
        ("use = ['theme', 'nobody']\neach = 1", ("unknown-contribution", 6, "use")),
        ("use = ['theme', 'robot']", ("no-layout", 6, "use")),
        ("use = 'theme'\nlayout = 'grid'", ("unfitting-key", 7, "layout")),
        ("use = 'theme'\nin = 4\nout = 4", ("in-after-out", 8, "out")),
        ("use = 'theme'\nout = 4\nfor = 3", ("out-and-for", 8, "for")),
        ("use = 'theme'\nfit = 'blurr'", ("wrong-value", 7, "fit")),
        ("use = 'theme'\ncrop = '0,0,10'", ("wrong-value", 7, "crop")),
        ("use = 'theme'\ncrop = '0,0,10%,10%'", ("wrong-value", 7, "crop")),
        ("use = 'theme'\ncrop = '0%,0%,0%,10%'", ("wrong-value", 7, "crop")),
        ("use = 'theme'\ncrop = '60%,0%,50%,10%'", ("wrong-value", 7, "crop")),
        ("use = 'theme'\nken_burns = 'up'", ("wrong-value", 7, "ken_burns")),
        ("use = 'theme'\nken_burns = { from = 'left', to = 'left' }", ("wrong-value", 7, "ken_burns")),
        ("use = 'theme'\nken_burns = { from = 'left', at = 1 }", ("unknown-key", 7, "at")),
        ("use = 'theme'\nfocus = '0.5,1.5'", ("wrong-value", 7, "focus")),
        ("use = 'theme'\ninto = 'dissolve'", ("wrong-value", 7, "into")),
        ("use = 'theme'\ninto = 'cut 3f'", ("wrong-value", 7, "into")),
        ("use = 'theme'\ninto = 'wipe 3f'", ("wrong-value", 7, "into")),
        ("use = 'theme'\nsound = '-6'", ("wrong-value", 7, "sound")),
        ("use = 'theme'\nsound = true", ("wrong-type", 7, "sound")),
        ("use = 'theme'\nlower_third = 3", ("wrong-type", 7, "lower_third")),
        ("use = 'theme'\nlower_third = { txt = 'x' }", ("unknown-key", 7, "txt")),
        ("use = 'theme'\nstyle = 'none'", ("unknown-style", 7, "style")),
        ("text = 'x'\ndelivery = ['web']", ("misplaced-key", 7, "delivery")),
        ("text = 'x'\nchapter = false", ("misplaced-key", 7, "chapter")),
        ("text = 'x'\n[[scene.shot.layer]]\nuse = 'robot'\nlower_third = true", ("misplaced-key", 9, "lower_third")),
        ("text = 'x'\n[scene.shot.layer]\nuse = 'robot'", ("wrong-type", 7, "layer")),
        ("text = 'x'\nid = 's'", ("duplicate-id", 7, "id")),
        ("text = 'x'\nid = 'end'", ("wrong-value", 7, "id")),
        ("text = 'x'\nid = '12f'", ("wrong-value", 7, "id")),
        ("text = 'x'\nfor = 1\ninto = 'dissolve 2'", ("into-too-long", 8, "into")),
        ("text = 'x'\nfor = 1\n[[scene.shot]]\ntext = 'y'\ninto = 'fade 2'", ("into-too-long", 10, "into")),
        ("text = 'x'\n[[scene]]\ntitle = 'y'", ("empty-scene", 7, None)),
        ("text = 'x'\n[[scene]]\nid = 's'\n[[scene.shot]]\ntext = 'y'", ("duplicate-id", 8, "id")),
        ("in = 0:03.5\ntext = 'x'", ("unquoted-time", 6, None)),
        ("text = “x”", ("typographic-quotes", 6, None)),
        ("use = 'theme'\nlower_third = { text = 'x',\n at = 1 }", ("broken-inline-table", 7, None)),
    ],
)
def test_what_is_wrong_with_a_shot(tmp_path: Path, shot: str, finding: tuple) -> None:
    found = told(tmp_path, f"{HEAD}{SHOT}{shot}\n")
    assert finding in found
    assert [one for one in found if one != finding and one != ("unfitting-key", 6, "in")] == []


def test_all_is_told_at_once_each_with_its_place_and_way_out(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    text = EPISODE.replace('format = 1\ntitle = "RE: Number One"', "titel = “RE”").replace('"0:09"', "0:03")
    manifest, _, findings = manifest_from(make_episode(tmp_path, text.replace('"moonrise"', '"monrise"')))
    assert manifest is not None
    assert short(findings) == [
        ("typographic-quotes", 1, None),
        ("unknown-key", 1, "titel"),
        ("missing-key", 1, "format"),
        ("missing-key", 1, "title"),
        ("unknown-contribution", 26, "use"),
        ("unquoted-time", 28, None),
        ("in-after-out", 28, "out"),
    ]
    assert {finding.where.file for finding in findings} == {"episode.toml"}
    assert all(finding.way_out.endswith((".", "?")) and is_error(finding) for finding in findings)
    assert str(findings[4]) == (
        'episode.toml:26 [first/1] use: "monrise" is neither a contribution nor a file of the library. '
        'Did you mean "moonrise"?'
    )
    assert findings[2].way_out == "Write format = 1 as the file's first line."


def test_a_slip_in_a_shared_table_is_told_once_not_for_each_shot(tmp_path: Path) -> None:
    top = '[clip.a]\nuse = "nothing"\nin = "x"\n[each]\nstyle = "none"\n'
    found = told(tmp_path, f'{HEAD}{top}{SHOT}use = "a"\n[[scene.shot]]\nuse = "a"\n')
    assert found == [("unknown-contribution", 4, "use"), ("wrong-value", 5, "in"), ("unknown-style", 7, "style")]


def test_ends_that_meet_only_when_values_have_flowed_down(tmp_path: Path) -> None:
    top = '[clip.a]\nuse = "theme"\nin = 5\n'
    assert told(tmp_path, f'{HEAD}{top}{SHOT}use = "a"\nout = 4\n') == [("in-after-out", 10, "out")]


def test_a_misplaced_title_may_belong_to_the_scene_or_the_episode(tmp_path: Path) -> None:
    _, _, (finding,) = manifest_from(make_episode(tmp_path, f'{HEAD}{SHOT}text = "x"\ntitle = "y"\n'))
    assert "[[scene]] and of the top of the file" in finding.found
    assert "above the first [table] or [[table]]" in finding.way_out


def test_nobody_behind_a_used_contribution_is_told_once(tmp_path: Path) -> None:
    file = make_episode(tmp_path, f'{HEAD}{SHOT}use = "loose.mov"\n[[scene.shot]]\nuse = "moonrise"\n')
    listing = tmp_path / "library" / "contributions.toml"
    text = listing.read_text().replace('id = "poem"\nby = ["bo"]', 'id = "poem"')
    listing.write_text(text + '[[contribution]]\nid = "unused"\n')
    (tmp_path / "library" / "loose.mov").touch()
    _, _, findings = manifest_from(file)
    assert [(one.rule, one.owner, one.severity) for one in findings] == [("uncredited", "producer", "error")] * 2
    assert [(Path(one.where.file or "").name, one.where.line) for one in findings] == [
        ("episode.toml", 6),
        ("contributions.toml", 14),
    ]
    assert 'from which "moonrise" was made' in findings[1].found


@pytest.mark.parametrize(
    "text", ["", "\n\n", HEAD, f"{HEAD}scene = 3\n", f"{HEAD}scene = [3]\n", f"{HEAD}[[scene]]\nshot = [1]"]
)
def test_hardly_a_manifest(tmp_path: Path, text: str) -> None:
    found = told(tmp_path, text)
    assert found
    assert all(line for _, line, _ in found)


def test_extends_in_a_circle_and_a_broken_base(tmp_path: Path) -> None:
    file = make_episode(tmp_path, f'extends = "a.toml"\n{HEAD}{SHOT}text = "x"\n')
    (tmp_path / "a.toml").write_text('\nextends = "episode.toml"\n')
    _, _, (finding,) = manifest_from(file)
    assert (finding.rule, finding.where.line, Path(finding.where.file or "").name) == ("extends-cycle", 2, "a.toml")
    (tmp_path / "a.toml").write_text("x = 1\nx = 2\n\n")
    manifest, _, (finding,) = manifest_from(file)
    assert manifest is None
    assert (finding.rule, finding.where.line, Path(finding.where.file or "").name) == ("toml", 2, "a.toml")


def test_a_manifest_that_is_not_there(tmp_path: Path) -> None:
    manifest, library, (finding,) = manifest_from(tmp_path / "none.toml")
    assert manifest is None
    assert library.contributions == {}
    assert finding.rule == "missing-file"
