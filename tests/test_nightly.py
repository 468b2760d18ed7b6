"""The night: which episodes there are, which are due, what came of each, and that one never stops the others."""

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from markdown_it import MarkdownIt
from markdown_it.token import Token
from nights import is_due
from small_film import SmallFilm, copy_of, film_of, lay_episode, quiet, small_film, wish_for
from test_build import broken_library
from test_page import BEFORE, CHANGES, HOSTILE, PART, STILL, Reader, hostile

from crowdcut.findings import BuildFailed, Finding, Refused
from crowdcut.pages.nightly_markdown import PICTURED_SHOTS, markdown_from
from crowdcut.pages.nightly_page import page_from
from farm.build import built
from farm.masters import master_path
from farm.nightly import episodes_in, night_from, night_of, now, write_nightly
from farm.wish import Wish


@pytest.fixture(scope="module")
def film(tiny_library: Path, tmp_path_factory: pytest.TempPathFactory) -> SmallFilm:
    return small_film(tmp_path_factory.mktemp("night") / "small", tiny_library)


def build(wish: Wish) -> Path:
    return built(wish, quiet)


def never(wish: Wish) -> Path:
    raise AssertionError("it was not due")


def raising(error: Exception) -> Callable[[Wish], Path]:
    def fails(wish: Wish) -> Path:
        raise error

    return fails


def test_episodes_are_the_toml_files_with_a_scene(tmp_path: Path):
    texts = {
        "b/episode.toml": '[[scene]]\nid = "x"\n',
        "a/deep/pilot.toml": "title = broken\n  [[ scene ]]\n",
        "a/shots.toml": "[[scene.shot]]\n",
        "bom.toml": "\ufeff[[scene]]\n",
        "season.toml": 'template = "variety"\n# no [[scene]] here\n',
        "library/contributions.toml": "[[contribution]]\n",
        "library/scenery.toml": "[[scenery]]\n",
        ".crowdcut/episode.toml": "[[scene]]\n",
        "b/build/copy.toml": "[[scene]]\n",
        "b/.hidden.toml": "[[scene]]\n",
        "b/episode.toml.orig": "[[scene]]\n",
    }
    for name, text in texts.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text, encoding="utf-8")
    (tmp_path / "round").symlink_to(tmp_path)
    found = [file.relative_to(tmp_path).as_posix() for file in episodes_in(tmp_path)]
    assert found == ["a/deep/pilot.toml", "a/shots.toml", "b/episode.toml", "bom.toml"]
    assert episodes_in(tmp_path / "nowhere") == ()


def test_a_film_that_stands_is_not_due_and_one_that_is_lost_or_changed_is(film: SmallFilm, tmp_path: Path):
    manifest = copy_of(film, tmp_path / "small")
    wish, own = wish_for(manifest), film_of(manifest)
    assert not is_due(wish)
    kept = own.read_bytes()
    own.write_bytes(kept[:-10])
    assert is_due(wish)
    own.write_bytes(kept)
    assert not is_due(wish)
    master_path(own).rename(tmp_path / "record")
    assert is_due(wish)
    (tmp_path / "record").rename(master_path(own))
    manifest.write_text(manifest.read_text(encoding="utf-8").replace("until = 6", "until = 5"), encoding="utf-8")
    assert is_due(wish)


def test_an_unchanged_episode_is_not_built_and_says_what_stands(film: SmallFilm, tmp_path: Path):
    entry = night_of(wish_for(copy_of(film, tmp_path / "small")), never)
    (part,) = entry["deliveries"]
    assert (entry["state"], entry["title"], entry["findings"], entry["cpu_seconds"]) == ("unchanged", "Small", [], 0)
    assert (part["profile"], part["verified"], part["changes"], part["rendered"]) == ("tiny", True, None, {})
    reported = film.report["deliveries"][0]
    assert part["length"] == reported["length"]
    assert part["sound"]["integrated_lufs"] == reported["sound"]["integrated_lufs"]


def test_a_due_episode_is_built_and_says_what_changed_and_what_it_cost(film: SmallFilm, tmp_path: Path):
    manifest = copy_of(film, tmp_path / "small")
    manifest.write_text(manifest.read_text(encoding="utf-8").replace("in = 2\n", "in = 1\n"), encoding="utf-8")
    entry = night_of(wish_for(manifest), build)
    (part,) = entry["deliveries"]
    assert entry["state"] == "built"
    assert entry["report"] == str(manifest.parent / "build" / "report.html")
    assert [shot["shot"] for shot in part["changes"]["shots"]] == ["one/2", "two/1"]
    assert part["rendered"]["picture"] == 2
    assert entry["wall_seconds"] > 0 < entry["cpu_seconds"]
    assert night_of(wish_for(manifest), never)["state"] == "unchanged"


def test_what_is_refused_fails_or_cannot_be_read_is_told_and_never_raised(film: SmallFilm, tmp_path: Path):
    broken = tmp_path / "broken" / "episode.toml"
    broken.parent.mkdir()
    broken.write_text('title = "No end\n[[scene]]\n', encoding="utf-8")
    entry = night_of(wish_for(broken), never)
    assert (entry["state"], entry["title"], entry["deliveries"]) == ("refused", "broken/episode", [])
    assert [one["rule"] for one in entry["findings"]] == ["toml"]
    assert night_of(wish_for(tmp_path / "none.toml"), never)["state"] == "refused"
    manifest = copy_of(film, tmp_path / "small")
    film_of(manifest).unlink()
    finding = Finding(rule="test", found="it went wrong")
    for error, state in (
        (Refused(finding), "refused"),
        (BuildFailed(finding), "failed"),
        (PermissionError(13, "Permission denied", "/out"), "failed"),
    ):
        entry = night_of(wish_for(manifest), raising(error))
        assert (entry["state"], entry["deliveries"], entry["report"]) == (state, [], None), "the report is an older one"
        assert len(entry["findings"]) == 1
    with pytest.raises(ZeroDivisionError):
        night_of(wish_for(manifest), raising(ZeroDivisionError()))


def test_a_film_that_fails_says_why_and_links_its_report(tiny_library: Path, tmp_path: Path):
    broken_library(tiny_library, tmp_path / "library")
    manifest = lay_episode(tmp_path / "small", tmp_path / "library")
    entry = night_of(wish_for(manifest), build)
    assert entry["state"] == "failed"
    assert {one["where"]["shot"] for one in entry["findings"]} == {"one/2"}
    (part,) = entry["deliveries"]
    assert (part["verified"], part["film"], part["sound"]) == (False, None, None)
    assert entry["report"] is not None


def test_a_night_is_written_with_links_that_hold_from_its_page(film: SmallFilm, tmp_path: Path):
    manifest = copy_of(film, tmp_path / "small")
    started, entry = now(), night_of(wish_for(manifest), never)
    page = write_nightly(night_from([entry], tmp_path, started_at=started), tmp_path)
    night = json.loads((tmp_path / "nightly.json").read_bytes())
    assert (night["format"], night["started_at"]) == (1, started)
    assert night["ended_at"] >= started
    (told,) = night["episodes"]
    assert (tmp_path / told["report"]).is_file()
    assert (tmp_path / told["deliveries"][0]["film"]).is_file()
    assert "unchanged" in page.read_text(encoding="utf-8")
    assert not list(tmp_path.glob(".work-*"))


def test_episodes_that_share_a_folder_are_told_so(film: SmallFilm, tmp_path: Path):
    manifest = copy_of(film, tmp_path / "small")
    entry = night_of(wish_for(manifest), never)
    other = {**entry, "manifest": str(manifest.with_name("other.toml"))}
    apart = {**other, "deliveries": [{**other["deliveries"][0], "film": str(tmp_path / "else.mp4")}]}
    for pair, rule, severity in (((entry, other), "same-film", "warning"), ((entry, apart), "same-report", "note")):
        night = night_from(pair, tmp_path, started_at=now())
        found = [[(one["rule"], one["severity"]) for one in told["findings"]] for told in night["episodes"]]
        assert found == [[(rule, severity)]] * 2
    assert [told["findings"] for told in night_from([entry], tmp_path, started_at=now())["episodes"]] == [[]]


def test_two_episodes_in_one_folder_each_keep_their_own_changes(film: SmallFilm, tmp_path: Path):
    manifest = copy_of(film, tmp_path / "small")
    text = manifest.read_text(encoding="utf-8")
    files = [manifest.with_name(f"{name}.toml") for name in ("first", "second")]
    for file in files:
        file.write_text(text, encoding="utf-8")
        assert night_of(wish_for(file), build)["state"] == "built"
    files[0].write_text(files[0].read_text(encoding="utf-8").replace("in = 2\n", "in = 1\n"), encoding="utf-8")
    first, second = (night_of(wish_for(file), build) for file in files)
    assert [shot["shot"] for shot in first["deliveries"][0]["changes"]["shots"]] == ["one/2", "two/1"]
    assert second["state"] == "unchanged"
    shutil.rmtree(manifest.parent / "build" / "tiny")
    assert night_of(wish_for(files[1]), build)["deliveries"][0]["changes"] is None


def delivery(**more: Any) -> dict[str, Any]:
    names = ("profile", "verified", "placeholders", "rendered", "reused", "length_frames", "length", "sound")
    return {**{name: PART[name] for name in names}, "changes": CHANGES, "film": "a/small film.mp4", **more}


def episode(title: str, state: str, **more: Any) -> dict[str, Any]:
    return {
        "manifest": f"/productions/{title}.toml", "title": title, "state": state, "findings": [], "report": None,
        "deliveries": [], "wall_seconds": 12.5, "cpu_seconds": 20.25, **more,
    }  # fmt: skip


FINDING = {"rule": "unknown-key", "where": {"file": "a.toml", "line": 3}, "found": "no key", "way_out": "Mend it."}
NIGHT: dict[str, Any] = {
    "format": 1,
    "started_at": "2026-11-23T02:00:00+00:00",
    "ended_at": "2026-11-23T02:10:00+00:00",
    "episodes": [
        episode("Same", "unchanged", deliveries=[delivery(changes=None, rendered={}, reused={})]),
        episode("Pilot", "built", report="pilot/build/report 1.html", deliveries=[delivery()]),
        episode("Fell", "failed", findings=[FINDING], deliveries=[delivery(verified=False, film=None, sound=None)]),
        episode("Wrong", "refused", findings=[FINDING]),
        episode("First", "built", deliveries=[delivery(changes=None)]),
    ],
}


def test_the_page_has_a_row_for_each_film_and_what_went_wrong_first():
    page = Reader(page_from(NIGHT))
    text = " ".join(data for _, data in page.texts)
    for told in ("5 episodes: 1 refused, 1 failed, 2 built, 1 unchanged", "0:04 (+0:00.5)", "-14.0 LUFS (+1.9 LU)",
                 "1 changed, 1 sound", "first master", "The first master: 0:04.", "There is no film."):  # fmt: skip
        assert told in text, told
    assert [data for name, data in page.texts if name == "h2"] == ["Wrong ", "Fell ", "Pilot ", "First "]
    assert page.of("a", href="pilot/build/report%201.html")
    links = [link["href"] for link in page.of("a") if (link["href"] or "").startswith("#")]
    assert links == [f"#{section['id']}" for section in page.of("section")]
    stills = [image["src"] for image in page.of("img")]
    assert stills == [f"data:image/jpeg;base64,{one}" for one in (BEFORE, STILL)]
    assert len(page.of("tr")) == 6
    assert Reader(page_from({**NIGHT, "episodes": []})).says("There are no episodes here.")


def test_nothing_that_people_wrote_becomes_markup_on_the_page():
    plain, attacked = Reader(page_from(NIGHT)), Reader(page_from(hostile(NIGHT)))
    assert [name for name, _ in attacked.elements] == [name for name, _ in plain.elements]
    assert attacked.says(HOSTILE)
    for _, attributes in attacked.elements:
        assert not (attributes.get("href") or "").startswith(("http", "//", "javascript"))


def tokens_of(night: dict[str, Any]) -> list[Token]:
    """What a reader of Markdown makes of it, tables and bare addresses included."""
    reader = MarkdownIt("gfm-like", {"linkify": False, "html": True}).enable("table")
    every: list[Token] = []
    for token in reader.parse(markdown_from(night)):
        every += [token, *(token.children or ())]
    return every


def test_the_text_for_a_dashboard_says_the_same():
    tokens = tokens_of(NIGHT)
    text = " ".join(token.content for token in tokens if token.type == "text")
    for told in ("5 episodes", "0:04 (+0:00.5)", "1 changed, 1 sound", "fit: blur → cover; walk.mov was replaced",
                 "music song.wav", "no key", "first master", "There is no film."):  # fmt: skip
        assert told in text, told
    assert len([token for token in tokens if token.type == "tr_open"]) == 6
    images = [token.attrs["src"] for token in tokens if token.type == "image"]
    assert images == [f"data:image/jpeg;base64,{one}" for one in (BEFORE, STILL)]


def test_nothing_that_people_wrote_becomes_markup_in_the_text():
    tricks = (
        "[x](http://evil) ![y](//evil) `c` **b** <script>alert(1)</script> | https://evil.example \\ \n# h\n- l ~~s~~"
    )

    def tricked(data: Any) -> Any:
        return json.loads(json.dumps(hostile(data)).replace(json.dumps(HOSTILE)[1:-1], json.dumps(tricks)[1:-1]))

    def shape(night: dict[str, Any]) -> list[str]:
        return [token.type for token in tokens_of(night) if token.type not in ("text", "text_special", "softbreak")]

    assert shape(tricked(NIGHT)) == shape(NIGHT)
    addresses = [token.attrs.get("href") or token.attrs.get("src") for token in tokens_of(tricked(NIGHT))]
    assert {str(one)[:5] for one in addresses if one} == {"data:"}


def test_the_text_shows_the_first_changed_shots_alone_and_is_utf8_whatever_files_are_called():
    shots = [{**CHANGES["shots"][0], "shot": f"one/{number}"} for number in range(20)]
    shots[0]["reasons"] = ["bad\udcff.mov was replaced"]
    many = episode("Many", "built", deliveries=[delivery(changes={**CHANGES, "shots": shots})])
    text = markdown_from({**NIGHT, "episodes": [many]})
    text.encode("utf-8")
    assert text.count("data:image/jpeg") == 2 * PICTURED_SHOTS
    assert "one/19" in text
