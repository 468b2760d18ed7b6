"""Who gave what is read from every folder; files are found however their names are spelled; all slips are told."""

import os
import unicodedata
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from manifest_making import CONTRIBUTIONS, make_library, short

from crowdcut.contract.library_files import climbs_out, normal_path
from crowdcut.library import Part, ReadAs, library_from

PEOPLE = '[[contributor]]\nid = "mara"\nname = "Mara"\n'


def told(folder: Path, listing: str, *files: str) -> list[tuple[str, int | None, str | None]]:
    return short(library_from((make_library(folder, listing, files=files),))[1])


def test_contributions_and_people(tmp_path: Path) -> None:
    library, findings = library_from((make_library(tmp_path),))
    assert findings == ()
    assert [person.name for person in library.contributors.values()] == ["Mara Vidal", "Bo"]
    moon = library.contributions["moonrise"]
    assert moon.file == tmp_path / "video" / "moonrise (take 2).mov"
    assert moon.by == (Part(contributor="mara"), Part(contributor="bo", role="colour"))
    assert (moon.role, moon.made_from, moon.read_as) == ("cinematography", ("poem",), ReadAs(rotation=90))
    assert (moon.where.line, moon.listed) == (7, True)
    assert library.contributions["poem"].file is None
    assert library.ancestry("moonrise") == ("moonrise", "poem")


def test_files_without_an_entry_are_found_but_hidden_ones_and_lists_are_not(tmp_path: Path) -> None:
    files = ("extra/deep/x.gif", ".hidden", ".cache/y.png", "contributions.bak")
    library, findings = library_from((make_library(tmp_path, files=files),))
    assert findings == ()
    assert [one.id for one in library.contributions.values() if not one.listed] == ["extra/deep/x.gif"]
    extra = library.contributions["extra/deep/x.gif"]
    assert (extra.by, extra.file) == ((), tmp_path / "extra/deep/x.gif")


def test_an_id_wins_over_a_path_and_a_path_over_a_bare_name(tmp_path: Path) -> None:
    listing = '[[contribution]]\nid = "a.png"\nfile = "one/b.png"\n'
    files = ("a.png", "one/b.png", "two/c.png", "three/c.png", "c.png", "three/d.png")
    library, findings = library_from((make_library(tmp_path, listing, files=files),))
    assert findings == ()
    assert library.named("a.png") == ("a.png",)
    assert library.contributions["a.png"].file == tmp_path / "one/b.png"
    assert library.named("one/b.png") == library.named("b.png") == ("a.png",)
    assert library.named("c.png") == ("c.png",)
    assert library.named("d.png") == library.named("three\\d.png") == library.named("./three/d.png") == ("three/d.png",)
    assert library.named("two/d.png") == library.named("../c.png") == ()


def test_several_folders(tmp_path: Path) -> None:
    make_library(tmp_path / "a", files=("same.png",))
    make_library(tmp_path / "b", '[[contribution]]\nid = "b"\nby = ["mara"]\nfile = "robot.png"\n', files=("same.png",))
    library, findings = library_from((tmp_path / "a", tmp_path / "b"))
    assert findings == ()
    assert library.contributions["b"].by == (Part(contributor="mara"),)
    assert library.named("same.png") == ("same.png", "b/same.png")
    assert library.named("b/same.png") == ("b/same.png",)
    assert library.contributions["b/same.png"].file == tmp_path / "b" / "same.png"


def test_ids_are_unique_across_folders(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    make_library(tmp_path / "a")
    make_library(tmp_path / "b", PEOPLE + '[[contribution]]\nid = "theme"\n')
    _, findings = library_from((tmp_path / "a", tmp_path / "b"))
    assert short(findings) == [("duplicate-id", 2, "id"), ("duplicate-id", 5, "id")]
    assert "a/contributions.toml:14" not in findings[1].found
    assert "a/contributions.toml:17" in findings[1].found
    assert findings[1].where.file == "b/contributions.toml"


@pytest.mark.parametrize(
    ("listing", "finding"),
    [
        ('file = "none.mov"', ("missing-file", 6, "file")),
        ('file = "/etc/passwd"', ("outside-library", 6, "file")),
        ('file = "../x.mov"', ("outside-library", 6, "file")),
        ("file = 'a\\..\\..\\x.mov'", ("outside-library", 6, "file")),
        ("file = 'C:\\x.mov'", ("outside-library", 6, "file")),
        ('file = "Robot.PNG"', ("other-capitals", 6, "file")),
        ('file = "robot.png"\n[[contribution]]\nid = "y"\nfile = "./robot.png"', ("file-listed-twice", 9, "file")),
        ('[[contribution]]\nid = "x"', ("duplicate-id", 7, "id")),
        ('by = ["marra"]', ("unknown-contributor", 6, "by")),
        ('by = [\n"mara",\n"bo as colour"]', ("unknown-contributor", 8, "by")),
        ('by = "mara"', ("wrong-type", 6, "by")),
        ('by = ["mara", "mara"]', ("wrong-value", 6, "by")),
        ('made_from = ["nothing"]', ("unknown-contribution", 6, "made_from")),
        ('made_from = ["x"]', ("made-from-cycle", 6, "made_from")),
        ('licens = "CC0"', ("unknown-key", 6, "licens")),
        ("read_as = { rotation = 45 }", ("wrong-value", 6, "rotation")),
        ("read_as = 90", ("wrong-type", 6, "read_as")),
        ("title = 3", ("wrong-type", 6, "title")),
        ("[[contributor]]\nid = 'mara'\nname = 'M'", ("duplicate-id", 7, "id")),
        ("[[contributor]]\nid = 'q'", ("missing-key", 6, "name")),
        ("[[contribution]]\nfile = 'theme.flac'", ("missing-key", 6, "id")),
        ("[[people]]\nid = 'q'", ("unknown-key", 6, "people")),
        ("by = [“mara”]", ("typographic-quotes", 6, None)),
        ("by = mara]", ("toml", 6, None)),
    ],
)
def test_what_is_wrong_with_a_list(tmp_path: Path, listing: str, finding: tuple) -> None:
    assert told(tmp_path, f'{PEOPLE}[[contribution]]\nid = "x"\n{listing}\n') == [finding]


def test_suggestions(tmp_path: Path) -> None:
    listing = f'{PEOPLE}[[contribution]]\nid = "x"\nfile = "robott.png"\nby = ["marra as voice"]\n'
    _, findings = library_from((make_library(tmp_path, listing),))
    assert [finding.way_out for finding in findings] == ['Did you mean "robot.png"?', 'Did you mean "mara"?']


def test_a_circle_of_several_is_told_once(tmp_path: Path) -> None:
    listing = "".join(
        f'[[contribution]]\nid = "{name}"\nmade_from = ["{other}"]\n' for name, other in ("ab", "bc", "ca", "da")
    )
    _, (finding,) = library_from((make_library(tmp_path, listing),))
    assert (finding.rule, finding.where.line) == ("made-from-cycle", 3)
    assert "a < b < c < a" in finding.found


@pytest.mark.parametrize("written", [" take 1.wav", "take 1.wav", "take 1.wav "])
def test_names_match_with_spaces_around_them_or_without(tmp_path: Path, written: str) -> None:
    listing = f'[[contribution]]\nid = "x"\nfile = "voices/{written}"\n'
    library, findings = library_from((make_library(tmp_path, listing, files=("voices / take 1.wav",)),))
    assert findings == ()
    assert library.contributions["x"].file == tmp_path / "voices " / " take 1.wav"
    assert library.named("voices/take 1.wav") == library.named(" take 1.wav") == ("x",)


def test_names_match_in_either_spelling_of_unicode(tmp_path: Path) -> None:
    composed, parted = unicodedata.normalize("NFC", "vidéo/é.mov"), unicodedata.normalize("NFD", "vidéo/é.mov")
    listing = f'[[contribution]]\nid = "x"\nfile = "{composed}"\n'
    library, findings = library_from((make_library(tmp_path, listing, files=(parted,)),))
    assert findings == ()
    assert library.contributions["x"].file == tmp_path / parted
    assert library.named(composed) == ("x",)


def test_links_laid_inside_the_library_are_followed_but_not_round_in_circles(tmp_path: Path) -> None:
    folder = make_library(tmp_path / "library", '[[contribution]]\nid = "x"\nfile = "out/far.mov"\n')
    (tmp_path / "disk").mkdir()
    (tmp_path / "disk" / "far.mov").touch()
    (folder / "out").symlink_to(tmp_path / "disk")
    (folder / "round").symlink_to(folder)
    (folder / "gone.mov").symlink_to("nowhere")
    library, findings = library_from((folder,))
    assert findings == ()
    assert library.contributions["x"].file == folder / "out" / "far.mov"
    assert not [name for name in library.contributions if name.startswith(("round", "gone"))]


def test_hostile_file_names_are_told_and_left_out(tmp_path: Path) -> None:
    folder = make_library(tmp_path)
    Path(os.fsdecode(os.fsencode(folder) + b"/bad\xff.mov")).touch()
    (folder / "line\nbreak\x1b[31m.mov").touch()
    (folder / "itself").symlink_to("itself")
    os.mkfifo(folder / "pipe.mov")
    library, findings = library_from((folder,))
    assert [finding.severity for finding in findings] == ["warning", "warning"]
    assert all(str(finding).isprintable() for finding in findings)
    (odd,) = [one for one in library.contributions.values() if not one.listed]
    assert odd.name == "line\\nbreak\\x1b[31m.mov"
    assert odd.file is not None
    assert odd.file.exists()


def test_an_empty_folder_and_one_that_is_not_there(tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    library, findings = library_from((tmp_path / "empty", tmp_path / "none"))
    assert library.contributions == {}
    assert [(finding.rule, finding.severity) for finding in findings] == [("unreadable-file", "warning")]


def test_relative_folders_and_doubled_ones(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    make_library(tmp_path / "a", CONTRIBUTIONS)
    library, findings = library_from((Path("a"), Path("a")))
    assert findings == ()
    assert library.contributions["theme"].file == tmp_path / "a" / "theme.flac"


@given(st.text(alphabet="ab./\\é", max_size=12))
def test_a_path_that_does_not_climb_out_stays_inside(path: str) -> None:
    inside = os.path.normpath("/library/" + normal_path(path))
    assert climbs_out(path) or inside == "/library" or inside.startswith("/library/")
    assert normal_path(normal_path(path)) == normal_path(path)
