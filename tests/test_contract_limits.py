"""What the fuzz of the contract found, each as small as it can be said, and what a few lines may ask for at most."""

import os
from collections.abc import Callable
from itertools import count
from pathlib import Path

import pytest
from contract_making import Files, judged, limited, outcome_of, said, write_files
from contract_words import FILES, LISTING
from sheet_making import delimited, ods_of, xlsx_of

from crowdcut.contract.library_files import MOST_FOLDERS, files_in
from crowdcut.contract.toml_slips import parsed
from crowdcut.findings import Finding, Where, is_error
from crowdcut.library import library_from
from crowdcut.sheets.cells import MOST_CELLS, MOST_SHEETS, Unreadable
from crowdcut.sheets.delimited import sheet_from_text
from crowdcut.sheets.formats import shown
from crowdcut.sheets.ods import sheets_of_ods
from crowdcut.sheets.parts import Parts

HEAD = 'format = 1\ntitle = "T"\n'
DRAWING = '[[layer]]\nuse = "drawing"\nuntil = "end"\nplace = "5%"\n'
LOOP = '[[music]]\nuse = "theme"\nloop = true\nout = 0.1\nuntil = "end"\n'
SHOT = '[[scene]]\n[[scene.shot]]\ntext = "x"\n'
MARA = '[[contributor]]\nid = "mara"\nname = "Mara"\n'


def episode(text: str, **more: bytes) -> Files:
    """An episode over the usual library."""
    library = {f"library/{name}": b"" for name in FILES}
    return {**library, "library/contributions.toml": LISTING.encode(), "episode.toml": (HEAD + text).encode(), **more}


def rules(files: Files) -> list[str]:
    """The errors' rules; empty for what is planned."""
    return [finding.rule for finding in judged(files, placeholder=True).findings if is_error(finding)]


def errors(files: Files) -> list[Finding]:
    return [finding for finding in judged(files, placeholder=True).findings if is_error(finding)]


@pytest.mark.parametrize(
    ("text", "rule"),
    [
        ("a." * 3000 + "a = 1\n" + SHOT, "toml"),
        (f"[{'a.' * 100_000}a]\n" + SHOT, "toml"),
        ("note = " + "[" * 40 + "]" * 40 + "\n" + SHOT, "toml"),
        ("note = " + "{ a = " * 40 + "1" + " }" * 40 + "\n" + SHOT, "toml"),
        ('title = a' + " " * 200_000 + "=\n", "toml"),
        ("title = " + "«" * 200_000 + "\n", "toml"),
        ("x" * 200_000 + " = 1\n" + SHOT, "unknown-key"),
        ('title = """' + "x" * 100_000 + '"""\n', "toml"),
        (SHOT + 'id = "' + "i" * 201 + '"\n', "wrong-value"),
        (SHOT + '[[scene.shot.music]]\nuse = "theme"\nat = "a' + " " * 990 + 'b"\n', "unknown-anchor"),
        (SHOT + '[[scene.shot.music]]\nuse = "theme"\nat = "' + "+1" * 490 + '"\n', "unknown-anchor"),
        (SHOT + f'[profile."{"x" * 100_000}"]\nextends = "web"\n', "wrong-value"),
        (SHOT + '[profile."../../x"]\nextends = "web"\n', "wrong-value"),
        (SHOT + '[[credit]]\nrole = "x"\nnames = ["\u2800"]\n', "wrong-value"),
        (SHOT + 'note = nan\n', "wrong-type"),
        ('title =\u00a0"x"\n', "unseen-character"),
        ('[[scene]]\nid = "scene-2"\n[[scene.shot]]\ntext = "x"\n' + SHOT, "duplicate-id"),
    ],
    ids=count(1),
)  # fmt: skip
def test_what_a_manifest_cannot_say_is_told(text: str, rule: str) -> None:
    assert rule in rules(episode(text))


@pytest.mark.parametrize(
    ("text", "rule"),
    [
        (SHOT + 'for = "99:59:59"\n', "endless"),
        ('rate = "240"\n' + SHOT + 'for = "24:00:00"\n', "endless"),
        ((SHOT + 'for = "9:00:00"\n') * 40, "endless"),
        (LOOP + SHOT + 'for = "20:00:00"\n', "short-loop"),
        (DRAWING * 200 + SHOT + 'for = "20:00:00"\n', "too-many-layers"),
    ],
    ids=["a shot", "a rate", "many shots", "a loop", "layers"],
)  # fmt: skip
def test_a_few_lines_make_no_endless_plan(text: str, rule: str) -> None:
    assert set(rules(episode(text))) == {rule}


def test_a_film_of_a_day_is_planned() -> None:
    (delivery,) = judged(episode(SHOT + 'for = "23:59:00"\n')).deliveries
    assert len(delivery.plan.pictures) > 8600


def test_an_endless_roll_is_refused() -> None:
    names = ", ".join(f'"Person {number} of Tulsa"' for number in range(20_000))
    files = episode(f'[[credit]]\nrole = "x"\nnames = [{names}]\n' + SHOT)
    assert rules(files) == ["endless-credits"]


def test_credits_that_take_their_time_are_not_refused_at_another_rate() -> None:
    own = 'delivery = ["own"]\n[profile.own]\nextends = "proxy"\nrate = "30000/1001"\n'
    for names in range(1, 25):
        people = ", ".join(f'"P{number}"' for number in range(names))
        assert rules(episode(f'{own}[[credit]]\nrole = "x"\nnames = [{people}]\n' + SHOT)) == []


def test_a_chain_of_extends_is_followed_as_far_as_makes_sense() -> None:
    bases = {f"{number}.toml": f'extends = "{number + 1}.toml"\n'.encode() for number in range(2000)}
    assert rules(episode('extends = "0.toml"\n' + SHOT, **bases)) == ["extends-chain"]


@pytest.mark.parametrize(
    ("text", "rule"),
    [
        ("[roll]\nline = nan", "wrong-value"),
        ("[roll]\nline = 1e999999999", "wrong-value"),
        ("[roll]\nline = 0x" + "F" * 5000, "wrong-value"),
        ("[roll]\nline = " + "9" * 5000, "unreadable-template"),
        ("a = " + "[" * 5000, "unreadable-template"),
        ("a." * 3000 + "a = 1", "unreadable-template"),
        ('"\\u0000" = 1', "unknown-key"),
        ("doc = 1979-05-27", "wrong-value"),
        ('[type.title]\ncolour = "plate"', "wrong-value"),
        ("[timing]\nstill = 0", "wrong-value"),
        ("[each]\nfit = 1", "wrong-type"),
        ("[each]\nsiez = 1", "unknown-key"),
        ('[palette]\nink = "' + "x" * 100_000 + '"', "wrong-value"),
    ],
)
def test_what_a_template_cannot_say_is_told(text: str, rule: str) -> None:
    look = f'extends = "variety"\n{text}\n'.encode()
    assert rules(episode('template = "look"\n' + SHOT, **{"look/template.toml": look})) == [rule]


def test_an_unknown_template_is_told_with_its_line() -> None:
    (finding,) = errors(episode('template = "nobody"\n' + SHOT))
    assert (finding.rule, finding.where.line) == ("unknown-template", 3)


def _listed(rows: str) -> Files:
    return {"episode.toml": (HEAD + SHOT).encode(), "library/contributions.toml": (MARA + rows).encode()}


def test_long_circles_of_made_from_are_found_at_once() -> None:
    ring = "".join(f'[[contribution]]\nid = "c{n}"\nmade_from = ["c{(n + 1) % 4000}"]\n' for n in range(4000))
    (finding,) = errors(_listed(ring))
    assert finding.found == "it is made from itself: c0 < c1 < c2 < c3 < c4 < c5 < c6 < c7 < ... < c0"
    pairs = "".join(f'[[contribution]]\nid = "c{n}"\nmade_from = ["c{n ^ 1}"]\n' for n in range(4000))
    assert set(rules(_listed(pairs))) == {"made-from-cycle"}
    assert rules(_listed('[[contribution]]\nid = "a"\nmade_from = ["a"]\n')) == ["made-from-cycle"]


def test_thousands_of_slips_are_told_in_no_time() -> None:
    files = {f"library/number {number}.mov": b"" for number in range(2000)}
    rows = [["file", "by"], *([f"number {number}_.mov", "Mara"] for number in range(3000))]
    uses = "[[scene]]\n" + "".join(f'[[scene.shot]]\nuse = "nomber {number}.mov"\n' for number in range(3000))
    found = rules({**files, "library/contributions.csv": delimited(rows), "episode.toml": (HEAD + uses).encode()})
    assert found.count("missing-file") == 3000
    assert found.count("unknown-contribution") == 3000


def test_a_cut_of_what_is_made_from_everything_is_no_endless_cast() -> None:
    chain = "".join(
        f'[[contribution]]\nid = "c{number}"\nfile = "{number}.png"\nby = ["mara"]\nmade_from = ["c{number + 1}"]\n'
        for number in range(900)
    )
    shots = "".join(f'[[scene.shot]]\nuse = "c{number}"\nfor = 1\n' for number in range(900))
    files = {
        **{f"library/{number}.png": b"" for number in range(900)},
        "library/contributions.toml": f'{MARA}{chain}[[contribution]]\nid = "c900"\nby = ["mara"]\n'.encode(),
        "episode.toml": f"{HEAD}[[scene]]\n{shots}".encode(),
    }
    assert rules(files) == ["endless-credits"]


def test_spaces_in_a_part_take_no_square_of_their_number() -> None:
    files = _listed('[[contribution]]\nid = "a"\nby = ["mara' + " " * 990 + 'x"]\n')
    assert rules(files) == ["unknown-contributor"]


def test_links_that_double_at_every_step_end(tmp_path: Path) -> None:
    for depth in range(30):
        (tmp_path / "far" / str(depth)).mkdir(parents=True)
        for name in ("a", "b"):
            (tmp_path / "far" / str(depth) / name).symlink_to(tmp_path / "far" / str(depth + 1))
    (tmp_path / "library").symlink_to(tmp_path / "far" / "0")
    with limited():
        files = files_in(tmp_path / "library")
    assert f"more than {MOST_FOLDERS}" in files.skipped[-1]


@pytest.mark.parametrize("name", ["library/contributions.toml", "episode.toml", "look/template.toml"])
def test_a_pipe_is_no_file_to_wait_for(tmp_path: Path, name: str) -> None:
    write_files(tmp_path, {**episode('template = "look"\n' + SHOT), "look/template.toml": b'extends = "variety"\n'})
    (tmp_path / name).unlink()
    os.mkfifo(tmp_path / name)
    with limited():
        outcome = outcome_of(tmp_path)
    assert any("it is no file" in finding.found for finding in outcome.findings)


def test_a_list_that_cannot_be_read_is_told_alone() -> None:
    files = {f"library/{name}": b"" for name in FILES}
    uses = HEAD + '[[scene]]\n[[scene.shot]]\nuse = "walk"\n[[scene.shot]]\nuse = "walk.mov"\n'
    broken = {**files, "library/contributions.toml": b"[[contribution", "episode.toml": uses.encode()}
    assert rules(broken) == ["toml"]
    assert rules({**files, "episode.toml": f'{HEAD}library = ["nowhere"]\n{uses[len(HEAD) :]}'.encode()}) == [
        "missing-folder"
    ]


def test_an_unknown_maker_is_told_once() -> None:
    listing = LISTING.replace('by = ["bo"]\nmade_from', 'by = ["bob"]\nmade_from')
    files = episode('[[scene]]\n[[scene.shot]]\nuse = "walk"\nfor = 1\n')
    assert rules({**files, "library/contributions.toml": listing.encode()}) == ["unknown-contributor"]


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ('a = 1\nb = """x\nc = 2\n\n', 2),
        ("a = 1\nb = '''x\nc = 2\n\n", 2),
        ("a = 1\nb = [1,\n2\n\nd = 1", 2),
    ],
)
def test_what_is_never_closed_is_told_where_it_opens(text: str, line: int) -> None:
    _, _, (slip,) = parsed(text)
    assert slip.line == line


def test_line_ends_that_were_changed_twice_are_line_ends() -> None:
    files = episode(SHOT)
    data = files["episode.toml"].replace(b"\n", b"\r\r\n") + b"[[credit]]\r\r\nrole = 'x'\nnames = [\r\r\n 'Bo']\n"
    assert rules({**files, "episode.toml": data}) == []


@pytest.mark.parametrize(
    ("text", "key", "told"),
    [
        ('[[music]]\nuse = "theme"\nat = "- 1"\n', "at", "before the film"),
        ('[[music]]\nuse = "theme"\nuntil = "end - 100"\n', "until", "before it begins"),
    ],
)
def test_what_hangs_nowhere_is_told_in_words(text: str, key: str, told: str) -> None:
    (finding,) = errors(episode(text + SHOT))
    assert (finding.rule, finding.where.key) == ("empty", key)
    assert told in finding.found


@pytest.mark.parametrize(
    ("key", "way_out"),
    [
        ("[[scene]]", "It belongs into the episode's own file."),
        ("NOTES = 1", "Did you mean note?"),
    ],
)
def test_what_stands_in_the_wrong_list_is_told_its_place(tmp_path: Path, key: str, way_out: str) -> None:
    write_files(tmp_path, {"contributions.toml": key.encode()})
    _, findings = library_from((tmp_path,))
    assert way_out in {finding.way_out for finding in findings}


def test_a_finding_is_no_longer_than_a_screen() -> None:
    long = "x" * 10_000
    where = Where(file=long, line=1, key=long, column=long, shot=long)
    assert len(said(Finding(rule="x", where=where, found=long, wanted=long, way_out=long))) <= 2000


@pytest.mark.parametrize("number", ["2957004", "2958465", "2957003.99999999999"])
def test_dates_past_the_last_are_numbers(number: str) -> None:
    assert shown(number, "yyyy-mm-dd", from_1904=True) == (format(float(number), ".15g"), False)


def _ods_cells(rows: int, columns: int) -> str:
    cell = f'<table:table-cell office:value-type="string" table:number-columns-repeated="{columns}"><text:p>x</text:p>'
    return f'<table:table-row table:number-rows-repeated="{rows}">{cell}</table:table-cell></table:table-row>'


@pytest.mark.parametrize(
    ("make", "told"),
    [
        (lambda: ods_of({f"s{number}": _ods_cells(2000, 256) for number in range(20)}), str(MOST_CELLS)),
        (lambda: ods_of(dict.fromkeys(map(str, range(5000)), "")), str(MOST_SHEETS)),
    ],
    ids=["cells", "sheets"],
)
def test_all_sheets_of_a_document_share_its_limits(make: Callable[[], bytes], told: str) -> None:
    with limited(), pytest.raises(Unreadable, match=told):
        list(sheets_of_ods(Parts(make())))


def test_all_sheets_of_a_workbook_share_its_limits() -> None:
    files = {**episode(SHOT), "library/contributions.xlsx": xlsx_of(dict.fromkeys(map(str, range(300)), ""))}
    assert rules({name: data for name, data in files.items() if not name.endswith("s.toml")}) == ["too-large"]


def test_a_header_of_a_million_cells_is_no_long_search() -> None:
    with limited(), pytest.raises(Unreadable):
        sheet_from_text("a," * 1_000_000, lambda header: header.casefold() == "id")
