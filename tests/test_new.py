"""A new production checks without a complaint, builds as it stands, and leaves what is there alone."""

import os
import sys
from pathlib import Path

import pytest

from console.main import main
from crowdcut.manifest import manifest_from
from crowdcut.vocabulary.rows import CONTRIBUTION_ROW, CONTRIBUTOR_ROW


def crowdcut(monkeypatch: pytest.MonkeyPatch, *arguments: str | Path) -> int:
    monkeypatch.setattr(sys, "argv", ["crowdcut", *map(str, arguments)])
    with pytest.raises(SystemExit) as stop:
        main()
    return int(stop.value.code or 0)


def test_what_is_new_checks_and_builds(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd) -> None:
    monkeypatch.setenv("CROWDCUT_STORE", str(tmp_path / "store"))
    folder = tmp_path / "deep" / "my film"
    assert crowdcut(monkeypatch, "new", folder) == 0
    assert "crowdcut check" in capfd.readouterr().out
    manifest = folder / "episode.toml"
    assert crowdcut(monkeypatch, "check", manifest) == 0
    said = capfd.readouterr()
    assert said.out.startswith("web: 3 shots, ")
    assert said.err == ""
    quick = '[profile.tiny]\nextends = "web"\nsize = [192, 108]\nvideo = { preset = "ultrafast" }\n'
    text = manifest.read_text(encoding="utf-8").replace('["web"] ', '["tiny"]')
    manifest.write_text(text + quick, encoding="utf-8")
    assert crowdcut(monkeypatch, "build", manifest) == 0
    assert (folder / "build" / "tiny" / "my-film.mp4").stat().st_size > 1000


_SELDOM = {"read_as", "alpha", "bpm", "meter", "first_bar", "repair"}


def test_the_lists_have_every_column_and_rows_go_in(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    crowdcut(monkeypatch, "new", tmp_path)
    library = tmp_path / "library"
    for name, table in (("contributions", CONTRIBUTION_ROW), ("contributors", CONTRIBUTOR_ROW)):
        header = (library / f"{name}.csv").read_text(encoding="utf-8").strip().split(",")
        # What only songs, faulty sounds and files that lie need is looked up when it is needed.
        assert set(header) == {key.name for key in table.keys} - _SELDOM
    (library / "moon.mov").touch()
    with (library / "contributions.csv").open("a", encoding="utf-8") as file:
        file.write(",moon.mov,Mara Vidal; Bo as colour,camera,,,,\r\n")
    _, read, findings = manifest_from(tmp_path / "episode.toml")
    assert findings == ()
    assert read.names_of("moon.mov") == ("Mara Vidal", "Bo")


def test_what_is_there_is_left_alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd) -> None:
    (tmp_path / "mine.txt").write_text("mine", encoding="utf-8")
    for target in (tmp_path, tmp_path / "mine.txt", tmp_path / "mine.txt" / "inside"):
        assert crowdcut(monkeypatch, "new", target) == 2
        assert "1 error" in capfd.readouterr().err
    assert [path.name for path in tmp_path.iterdir()] == ["mine.txt"]


@pytest.mark.skipif(os.geteuid() == 0, reason="nothing is closed to root")
def test_a_closed_folder_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd) -> None:
    tmp_path.chmod(0o500)
    assert crowdcut(monkeypatch, "new", tmp_path / "film") == 2
    assert "Permission denied" in capfd.readouterr().err
