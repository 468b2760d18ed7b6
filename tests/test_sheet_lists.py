"""Libraries and scenes whose lists are spreadsheets: read as TOML would be, and every complaint has row and column."""

import os
import tempfile
from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from manifest_making import CONTRIBUTIONS, EPISODE, make_episode, make_library, short
from sheet_making import WRITERS, delimited, write_sheet, xlsx_of

from crowdcut.contract.sheet_tables import rows_from
from crowdcut.contract.tables import plain_from
from crowdcut.contributions import Library
from crowdcut.episode import Into
from crowdcut.findings import Finding, Where, is_error
from crowdcut.library import Part, ReadAs, library_from
from crowdcut.manifest import manifest_from
from crowdcut.vocabulary.rows import CONTRIBUTION_ROW, CONTRIBUTOR_ROW, SHOT_ROW

SHEETS = sorted(WRITERS)
PEOPLE = [["id", "name"], ["mara", "Mara Vidal"], ["bo", "Bo"]]
GIVEN = [
    ["ID", "File name", "By", "Role", "Made from", "Read as"],
    ["moonrise", "video\\moonrise (take 2).mov", "mara; Bo as colour", "cinematography", "poem", "rotation=90"],
    ["poem", "", "bo"],
    [],
    ["theme", "theme.flac", "Mara Vidal"],
    ["robot", "robot.png", "BO"],
]


def make_sheets(folder: Path, given: list, people: list | None = None, *, suffix: str = ".csv") -> Path:
    """A library with the usual files and spreadsheets for lists."""
    make_library(folder)
    (folder / "contributions.toml").unlink()
    write_sheet(folder / f"contributions{suffix}", given)
    if people is not None:
        write_sheet(folder / f"contributors{suffix}", people)
    return folder


def told(folder: Path, *rows: list[str], people: list | None = PEOPLE) -> list[Finding]:
    return list(library_from((make_sheets(folder, list(rows), people),))[1])


def placeless(library: Library) -> Library:
    contributors = {name: replace(one, where=Where()) for name, one in library.contributors.items()}
    return replace(
        library,
        contributors=contributors,
        contributions={
            name: replace(one, where=Where(line=1), name=one.name.replace("\\", "/"))
            for name, one in library.contributions.items()
        },
    )


@pytest.mark.parametrize("suffix", SHEETS)
def test_a_library_in_a_spreadsheet_is_the_one_in_toml(tmp_path: Path, suffix: str) -> None:
    folder = make_library(tmp_path, CONTRIBUTIONS)
    wanted, _ = library_from((folder,))
    library, findings = library_from((make_sheets(folder, GIVEN, PEOPLE, suffix=suffix),))
    assert [(one.rule, one.severity) for one in findings] == [("similar-names", "warning")]
    assert placeless(library).contributions == placeless(wanted).contributions
    assert placeless(library).contributors == placeless(wanted).contributors
    assert (library.by_path, library.by_name) == (wanted.by_path, wanted.by_name)
    moon = library.contributions["moonrise"]
    assert (moon.by[1], moon.read_as) == (Part(contributor="bo", role="colour"), ReadAs(rotation=90))
    assert (library.contributions["theme"].where.line, moon.listed) == (5, True)


def test_a_row_without_an_id_has_its_files_and_a_name_that_nobody_lists_is_a_contributors(tmp_path: Path) -> None:
    rows = [["Name", "Filename", "Licence"], ["Zoë  Ray", "theme.flac", "CC0"], ["Zoë Ray\nMara as voice", "robot.png"]]
    library, findings = library_from((make_sheets(tmp_path, rows),))
    assert findings == ()
    assert library.named("theme.flac") == ("theme.flac",)
    assert library.contributions["theme.flac"].licence == "CC0"
    assert library.names_of("robot.png") == ("Zoë Ray", "Mara")
    assert library.contributions["robot.png"].by[1] == Part(contributor="Mara", role="voice")
    assert library.contributors["Zoë Ray"].where.line == 2


@pytest.mark.parametrize(
    ("row", "message"),
    [
        (["x", "none.mov"], 'contributions.csv:2 [column "File name"]: there is no file "none.mov". Put it into'),
        (["x", "../robot.png"], 'contributions.csv:2 [column "File name"]: "../robot.png" leads out of the library'),
        (["x", "Robot.PNG"], "in other capitals"),
        (["x", "", "", "", "", "rotation=45"], 'contributions.csv:2 [column "Read as"]'),
        (["x", "", "", "", "", "90"], 'does not say of what. Write it like "rotation=90".'),
        (["x", "", "", "", "", "turn=90"], '"turn" is no key of'),
        (["x", "", "Mara Vidal, Bo"], "has a comma and is nobody's name"),
        (["x", "", "mara; mara"], "stands in the list twice"),
        (["x", "", "", "", "nothing"], "is no contribution. Add a row with this id."),
        (["x", "", "", "two\nlines"], '"two\\nlines" has several lines (wanted: words, on one line)'),
        (["x", "", "", "#REF!"], "a formula failed here: #REF!"),
        (["", "", "mara"], 'contributions.csv:2 [column "id"]: the row has neither id nor file'),
        (["end"], 'contributions.csv:2 [column "ID"]: here stands the text "end"'),
    ],
)
def test_what_is_wrong_with_a_row(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, row: list[str], message: str
) -> None:
    monkeypatch.chdir(tmp_path)
    (finding,) = told(tmp_path, GIVEN[0], row)
    assert message in str(finding)
    assert str(finding).startswith("contributions.csv:2 [column ")
    assert is_error(finding)


@pytest.mark.parametrize(
    ("rows", "rule", "severity", "message"),
    [
        ([["id", "fil"], ["x", "y"]], "unknown-column", "warning", '[column "fil"]: no such column'),
        ([["id", "Email", "Sent on"], ["x"]], "own-columns", "note", 'not read: "Email", "Sent on"'),
        ([["id", "file", "File name"]], "two-columns", "error", '[column "File name"]: it means file, and so does'),
        ([["x", "robot.png"]], "no-header", "error", "there is no row with columns' names"),
        ([], "no-header", "error", "such as id, file, by"),
        ([["id"], ["x", "stray"]], "unknown-column", "warning", "column 2 has cells and no name"),
        ([["id"], ["x"], ["x"]], "duplicate-id", "error", "contributions.csv:3"),
        ([["file"], ["robot.png"], ["robot.png"]], "duplicate-id", "error", "contributions.csv:2 already"),
        ([["id", "by"], ["x", "Ana"], ["y", "ana"]], "similar-names", "warning", '"ana" is taken for "Ana"'),
        ([["id", "made_from"], ["x", "y"], ["y", "x"]], "made-from-cycle", "error", 'column "made_from"'),
    ],
)
def test_what_is_wrong_with_a_sheet(tmp_path: Path, rows: list, rule: str, severity: str, message: str) -> None:
    (finding,) = told(tmp_path, *rows)
    assert (finding.rule, finding.severity) == (rule, severity)
    assert message in str(finding)


def test_people_of_one_name_need_ids_and_one_person_has_one_spelling(tmp_path: Path) -> None:
    people = [["id", "name"], ["a", "Jo Ray"], ["b", "Jo Ray"], ["c", "Li, Jr."], ["", "li, JR."]]
    library, findings = library_from(
        (make_sheets(tmp_path, [["id", "by"], ["x", "Jo Ray"], ["y", "b"], ["z", "Li, Jr."]], people),)
    )
    assert short(findings) == [("similar-names", 5, "name"), ("ambiguous-name", 2, "by")]
    assert [library.names_of(one) for one in "yz"] == [("Jo Ray",), ("Li, Jr.",)]
    assert library.contributors["li, JR."].id == "li, JR."


def test_a_sheet_of_people_wants_their_names(tmp_path: Path) -> None:
    (finding,) = told(tmp_path, ["id"], people=[["id", "nom"], ["mara", "Mara"]])
    assert (finding.rule, finding.where.line) == ("no-header", 1)
    assert 'there is no column "name"' in finding.found


def test_one_folder_has_one_list(tmp_path: Path) -> None:
    folder = make_sheets(tmp_path, GIVEN)
    (folder / "contributions.toml").write_text(CONTRIBUTIONS, encoding="utf-8")
    (folder / "~$contributions.xlsx").touch()
    (folder / "contributors.toml").touch()
    (folder / "contributors.numbers").touch()
    library, findings = library_from((folder,))
    assert [one.rule for one in findings] == ["unreadable-sheet", "misplaced-list", "two-lists"]
    assert '"contributions.toml", "contributions.csv"' in findings[2].found
    assert all(one.listed for one in library.contributions.values())
    assert library.contributors["mara"].name == "Mara Vidal"


def test_toml_lists_keep_to_ids(tmp_path: Path) -> None:
    make_sheets(tmp_path / "a", GIVEN, PEOPLE)
    make_library(tmp_path / "b", '[[contribution]]\nid = "x"\nby = ["Mara Vidal"]\n')
    for folders in ((tmp_path / "a", tmp_path / "b"), (tmp_path / "b", tmp_path / "a")):
        rules = [one.rule for one in library_from(folders)[1]]
        assert sorted(rules) == ["similar-names", "unknown-contributor"]


def test_what_is_no_spreadsheet_is_one_finding(tmp_path: Path) -> None:
    for name, data, message in (
        ("contributions.xlsx", b"PK\x03\x04broken", "damaged"),
        ("contributions.xlsx", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "password"),
        ("contributions.csv", b"\0\0", "this is not text"),
        ("contributions.csv", b'id\n"x', "never closed"),
        ("contributions.xls", b"", ".xls file cannot be read"),
    ):
        folder = make_library(tmp_path / name / message)
        (folder / "contributions.toml").unlink()
        (folder / name).write_bytes(data)
        _, (finding,) = library_from((folder,))
        assert message in finding.found
        assert finding.way_out
        assert finding.where.line


def test_a_pipe_or_a_folder_is_not_opened(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.csv")
    (tmp_path / "folder.csv").mkdir()
    for name in ("pipe.csv", "folder.csv", "none.csv", "a\0b.csv"):
        node, (finding,) = rows_from(tmp_path / name, CONTRIBUTION_ROW)
        assert node is None
        assert finding.rule == "missing-file"


def test_the_bytes_say_what_a_file_is_and_the_encoding_is_told(tmp_path: Path) -> None:
    file = tmp_path / "people.csv"
    file.write_bytes(WRITERS[".ods"]([["name"], ["Zoë"]]))
    node, findings = rows_from(file, CONTRIBUTOR_ROW)
    assert (node and plain_from(node), findings) == ([{"name": "Zoë"}], ())
    file.write_bytes(delimited([["name"], ["Zoë"]], encoding="cp1252"))
    node, (finding,) = rows_from(file, CONTRIBUTOR_ROW)
    assert (node and plain_from(node), finding.severity) == ([{"name": "Zoë"}], "note")


def test_the_first_sheet_with_the_header_is_read(tmp_path: Path) -> None:
    def row(*cells: str) -> str:
        return "<row>" + "".join(f'<c t="inlineStr"><is><t>{cell}</t></is></c>' for cell in cells) + "</row>"

    sheets = {"Read me": row("Note"), "Given": row("id", "by") + row("x", "Ana"), "Old": row("id", "by")}
    file = tmp_path / "book.xlsx"
    file.write_bytes(xlsx_of(sheets))
    node, (finding,) = rows_from(file, CONTRIBUTION_ROW)
    assert node is not None
    assert plain_from(node) == [{"id": "x", "by": ["Ana"]}]
    assert finding.found == 'the sheet "Given" is read, and not "Old"'


def test_dates_are_told_where_words_were_wanted_and_times_are_read_as_shown(tmp_path: Path) -> None:
    titles = ("use", "title", "in", "id", "note")
    header = "".join(f'<c t="inlineStr"><is><t>{cell}</t></is></c>' for cell in titles)
    minutes = '<c s="2"><v>2.0833333333333333E-3</v></c>'
    cells = f'<c><v>7</v></c>{minutes}{minutes}<c s="1"><v>46054</v></c><c s="1"><v>46054</v></c>'
    file = tmp_path / "cut.xlsx"
    file.write_bytes(xlsx_of({"S": f"<row>{header}</row><row>{cells}</row>"}, formats=["d/m/yyyy", "h:mm"]))
    node, (note, finding) = rows_from(file, SHOT_ROW)
    assert node is not None
    assert plain_from(node) == [{"use": "7", "in": "0:03", "note": "2026-02-01"}]
    assert note.rule == "own-columns"
    assert (finding.rule, finding.where.line, finding.where.column) == ("mangled-cell", 2, "id")
    assert "2026-02-01" in finding.found


SHOTS = [
    ["Use", "in", "Out", "for", "fit", "into", "lower third", "sound", "text", "note"],
    ["moonrise", "0:03,5", "0:09", "", "cover", "dissolve 0,5", "yes", "-6,5"],
    [],
    ["", "", "", "3", "", "", "", "", "Three years\nlater", "cut short"],
    ["dot", "", "", "", "", "", "no", "mute"],
]
SCENE = '[[scene]]\nid = "tokyo"\nshots = "cut/tokyo{}"\n'
TOP = EPISODE.split("[[scene]]")[0].replace("first - 12f", "tokyo - 12f")


@pytest.mark.parametrize("suffix", SHEETS)
def test_the_shots_of_a_scene_may_stand_in_a_spreadsheet(tmp_path: Path, suffix: str) -> None:
    write_sheet(tmp_path / "cut" / f"tokyo{suffix}", SHOTS)
    manifest, _, findings = manifest_from(make_episode(tmp_path, TOP + SCENE.format(suffix)))
    assert findings == ()
    assert manifest is not None
    (scene,) = manifest.scenes
    one, two, three = scene.shots
    assert (one.name, one.use, one.fit, one.gain_db) == ("tokyo/1", "moonrise", "cover", -6.5)
    assert (one.in_, one.out, one.into) == (Fraction(7, 2), 9, Into(kind="dissolve", length=Fraction(1, 2)))
    assert (two.text, two.length, two.note) == ("Three years\nlater", 3, "cut short")
    assert (three.use, three.lower_third, three.sound, three.fit) == ("theme", None, "mute", "blur")
    where = one.origin["out"]
    assert str(where) == f'{tmp_path}/cut/tokyo{suffix}:2 [tokyo/1] [column "Out"]'
    assert three.origin["for"].file == str(tmp_path / "episode.toml")


def test_several_contributions_stand_in_one_cell(tmp_path: Path) -> None:
    rows = [
        ["use", "layout", "each", "focus"],
        ["moonrise; dot;moonrise", "grid", "", "auto"],
        ["moonrise;dot", "", "12f"],
    ]
    write_sheet(tmp_path / "cut" / "tokyo.xlsx", [*rows, ["moonrise;"]])
    manifest, _, findings = manifest_from(make_episode(tmp_path, TOP + SCENE.format(".xlsx")))
    assert findings == ()
    assert manifest is not None
    grid, *drawn, alone = manifest.scenes[0].shots
    assert (grid.layout, [cell.use for cell in grid.cells]) == ("grid", ["moonrise", "theme", "moonrise"])
    assert [cell.find_focus for cell in grid.cells] == [True] * 3
    assert [(one.name, one.use, one.length) for one in drawn] == [
        ("tokyo/2.1", "moonrise", Fraction(1, 2)),
        ("tokyo/2.2", "theme", Fraction(1, 2)),
    ]
    assert alone.use == "moonrise"


def cut(folder: Path, *rows: list[str], scene: str = SCENE.format(".csv")) -> tuple[Finding, ...]:
    write_sheet(folder / "cut" / "tokyo.csv", rows)
    return manifest_from(make_episode(folder, TOP + scene))[2]


@pytest.mark.parametrize(
    ("row", "rule", "column"),
    [
        (["moonrise", "0:09", "0:03"], "in-after-out", "Out"),
        (["moonrise", "soon"], "wrong-value", "in"),
        (["moonrize"], "unknown-contribution", "Use"),
        (["poem"], "no-file", "Use"),
        (["moonrise; dot"], "no-layout", "Use"),
        (["moonrise", "", "", "", "", "dissolve"], "wrong-value", "into"),
        (["moonrise", "", "", "", "", "", "", "loud"], "wrong-value", "sound"),
        (["moonrise", "", "", "", "", "", "", "", "words"], "one-of", None),
        (["", "", "", "3"], "one-of", None),
    ],
)
def test_what_is_wrong_with_a_shots_row(tmp_path: Path, row: list[str], rule: str, column: str | None) -> None:
    (finding,) = cut(tmp_path, SHOTS[0], row)
    assert (finding.rule, finding.where.line, finding.where.column) == (rule, 2, column)
    assert (finding.where.file, finding.where.shot) == (str(tmp_path / "cut" / "tokyo.csv"), "tokyo/1")


@pytest.mark.parametrize(
    ("scene", "rule"),
    [
        ('[[scene]]\nshots = "/etc/passwd"', "outside-folder"),
        ('[[scene]]\nshots = "cut/../../x.csv"', "outside-folder"),
        ('[[scene]]\nshots = "cut/none.csv"', "missing-file"),
        ('[[scene]]\nshots = "cut"', "missing-file"),
        ('[[scene]]\nshots = "cut/tokyo.csv"\n[[scene.shot]]\ntext = "x"', "one-of"),
        ("[[scene]]\nshots = 3", "wrong-type"),
        ('[[scene]]\nshots = ""', "wrong-value"),
        ('[[scene]]\nshots = "a\\u0000b"', "wrong-value"),
        ('[[scene]]\nshots = "cut/tokyo.csv"', "empty-scene"),
    ],
)
def test_what_is_wrong_with_a_scenes_spreadsheet(tmp_path: Path, scene: str, rule: str) -> None:
    top = 'format = 1\ntitle = "T"\n'
    write_sheet(tmp_path / "cut" / "tokyo.csv", SHOTS[:1])
    (finding,) = manifest_from(make_episode(tmp_path, top + scene + "\n"))[2]
    assert finding.rule == rule
    assert finding.where.line == (1 if rule == "empty-scene" else 4)


def test_shots_lie_beside_the_manifest_that_says_them(tmp_path: Path) -> None:
    write_sheet(tmp_path / "season" / "cut" / "tokyo.csv", SHOTS)
    (tmp_path / "season" / "season.toml").write_text(SCENE.format(".csv"), encoding="utf-8")
    top = 'format = 1\ntitle = "T"\nextends = "../season/season.toml"\n[clip.dot]\nuse = "theme"\n'
    file = make_episode(tmp_path / "one", top)
    manifest, _, findings = manifest_from(file)
    assert findings == ()
    assert manifest is not None
    assert [shot.name for shot in manifest.scenes[0].shots] == ["tokyo/1", "tokyo/2", "tokyo/3"]


def test_a_shot_in_a_row_has_an_id_that_others_can_name(tmp_path: Path) -> None:
    music = '[[music]]\nuse = "theme"\nat = "gate"\n'
    assert cut(tmp_path, ["id", "text", "for"], ["gate", "A gate", "2"], scene=music + SCENE.format(".csv")) == ()


CELL = st.sampled_from(
    ["", "x", "moonrise", "theme.flac", "../x", "0:03", "3,5", "-6", "yes", "TRUE", "#REF!", ";", "a; b", "Mara, Bo",
     "1e999", "rotation=90", "=1+1", "\x1b[31m", "é" * 99, "9" * 5000, "dissolve 12f", "end", "a\nb", "mara", "MARA",
     "as", "x as y"]
)  # fmt: skip
HEADERS = st.sampled_from([*(key.name for key in (*SHOT_ROW.keys, *CONTRIBUTION_ROW.keys)), "Name", "", "fil", "\x1b"])
TABLE = st.lists(HEADERS, max_size=6).flatmap(
    lambda header: st.lists(st.lists(CELL, max_size=7), max_size=4).map(lambda rows: [header, *rows])
)


@settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(given=TABLE, people=TABLE, shots=TABLE)
def test_reading_never_raises_and_every_finding_has_its_place(given: list, people: list, shots: list) -> None:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        file = make_episode(folder, TOP + SCENE.format(".csv"))
        make_sheets(folder / "library", given, people)
        write_sheet(folder / "cut" / "tokyo.csv", shots)
        manifest, library, findings = manifest_from(file)
    assert manifest is not None
    for finding in findings:
        assert finding.where.file, finding
        assert finding.where.line, finding
        assert str(finding).isprintable(), finding
    for one in library.contributions.values():
        assert {part.contributor for part in one.by} <= set(library.contributors)
