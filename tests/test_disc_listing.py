"""``crowdcut disc verify`` at the command line: a calm list, findings with rule, place and source, and exit codes."""

import json
import shutil
from pathlib import Path

import pytest
from disc_making import NTSC, author_plainly, imaged_with_udfkit, make_stream
from typer.testing import CliRunner

from console.disc import app
from crowdcut.disc.rules import FAMILIES
from crowdcut.findings import Refused


@pytest.fixture(scope="module")
def image(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("disc")
    made = author_plainly(make_stream(folder / "title.mpg", NTSC, 1), folder)
    return imaged_with_udfkit(made, folder / "small.iso", NTSC).path


def test_a_clean_disc_gets_a_tick_a_family(image):
    said = CliRunner().invoke(app, ["verify", str(image)])
    assert said.exit_code == 0
    lines = said.output.splitlines()
    marks = {line.strip()[2:].split(" (")[0]: line.strip()[0] for line in lines if line.strip()[0] in "✓✗-"}
    assert marks == {family: "-" if family == "playing time" else "✓" for family in FAMILIES}
    assert lines[0] == "small.iso"
    assert lines[-1] == "nothing breaks a rule"
    assert any("title 1: 0:01.001, 2 chapters; 720x480 16:9" in line for line in lines)


def test_a_finding_is_told_with_its_rule_and_place(image, tmp_path):
    broken = tmp_path / "broken\x1b[31m.iso"
    shutil.copyfile(image, broken)
    with broken.open("ab") as file:
        file.write(b"more")
    said = CliRunner().invoke(app, ["verify", str(broken)])
    assert said.exit_code == 1
    assert "✗ file system" in said.output
    assert "error capacity" in said.output
    assert "ECMA-267" in said.output
    assert "\x1b" not in said.output
    told = CliRunner().invoke(app, ["verify", str(broken), "--json"])
    assert told.exit_code == 1
    verdict = json.loads(told.output)
    assert verdict["is_disc"]
    assert [finding["rule"] for finding in verdict["findings"]] == ["capacity"]
    assert len(verdict["summary"]["titles"]) == 1


def test_what_is_no_disc_ends_with_another_code(tmp_path):
    other = tmp_path / "notes.iso"
    other.write_bytes(b"\0" * 100_000)
    said = CliRunner().invoke(app, ["verify", str(other)])
    assert said.exit_code == 2
    assert said.output.splitlines()[-1] == "this is no DVD-Video image"
    missing = CliRunner().invoke(app, ["verify", str(tmp_path / "gone.iso")])
    assert isinstance(missing.exception, Refused)
