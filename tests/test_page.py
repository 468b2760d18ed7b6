"""The report's page: everything that the report says stands on it, and nothing that a contributor wrote is markup."""

import copy
import re
from html.parser import HTMLParser
from typing import Any

import pytest

from crowdcut.pages.loudness_chart import loudness_chart
from crowdcut.pages.markup import Html, joined, tag
from crowdcut.pages.records_section import records_section
from crowdcut.pages.report_page import page_from

HOSTILE = "<script>alert('x')</script>\"&amp; <img src=x onerror=alert(1)>"
STILL = "/9j/4AAQSkZJRg=="

SHOT = {
    "name": "one/1",
    "scene": "one",
    "start_frame": 0,
    "length_frames": 48,
    "start": "0:00",
    "use": "walk",
    "by": ["Ana Ruiz", "Бо Иванов"],
    "note": "Bo is re-shooting this",
    "placeholder": False,
    "still": STILL,
    "conversions": {
        "walk": {"found": ["video, mov/h264"], "done": ["turned 90 degrees"], "cost": ["enlarged 2 times"]}
    },
}
BEFORE = "/9j/BEFORE=="
CHANGES: dict[str, Any] = {
    "since": "2026-11-22T02:00:00+00:00",
    "film": ["loudness target in LUFS: -16 → -14"],
    "shots": [
        {
            "kind": "changed",
            "shot": "one/1",
            "was": "one/1",
            "start_frame": 0,
            "start_frame_before": 0,
            "reasons": ["fit: blur → cover", "walk.mov was replaced"],
            "keys": ["a"],
            "keys_before": ["b"],
            "start": "0:00",
            "still": STILL,
            "still_before": BEFORE,
            "stilled": True,
        }
    ],
    "sounds": [{"kind": "removed", "what": "music song.wav", "start_frame": 0, "reasons": []}],
    "length_frames_before": 84,
    "length_before": "0:03.5",
    "longer": "+0:00.5",
    "integrated_lufs_before": -15.9,
    "true_peak_dbtp_before": -2.0,
}
DEPTHS = {"whole": {"depth_lu": 10.0, "windows": 214, "within": 208, "nearer": 0}}
PART: dict[str, Any] = {
    "profile": "web",
    "film": "small film.mp4",
    "verified": True,
    "placeholders": [],
    "size": [1920, 1080],
    "rate": "24",
    "length_frames": 96,
    "length": "0:04",
    "rendered": {"picture": 2},
    "reused": {"mix": 1},
    "wall_seconds": 1.25,
    "cpu_seconds": 2.5,
    "cpu_seconds_by_kind": {"picture": 2.0, "build": 0.5},
    "findings": [],
    "changes": None,
    "shots": [SHOT, {**SHOT, "name": "one/2", "note": None, "by": [], "still": None}],
    "sound": {
        "integrated_lufs": -14.02,
        "true_peak_dbtp": -1.31,
        "range_lu": 4.2,
        "max_short_term_lufs": -12.9,
        "max_momentary_lufs": -11.5,
        "most": {"max_short_term_lufs": -18.0, "max_momentary_lufs": None, "range_lu": None},
        "short_term": [None, None, -20.0, -14.0, -13.0],
        "target_lufs": -14.0,
        "ceiling_dbtp": -1.0,
        "limiter": {"seconds_working": 1.5, "max_reduction_db": 3.2},
        "gain_db": 5.0,
        "rooms": [{"shot": "one/2", "start_sample": 480, "length_samples": 9_600, "contribution": "host"}],
        "buses": {
            "voice": {"short_term": [None, None, -25.0, -21.0, -20.0], "ducked_db": 0.0},
            "music": {"short_term": [None, None, -30.0, -28.0, -29.0], "ducked_db": 9.4, "depths": DEPTHS},
        },
        "contributions": [
            {
                "contribution": "host",
                "bus": "voice",
                "speech_share": 0.574,
                "before_lufs": -33.2,
                "gain_db": 14.5,
                "after_lufs": -18.7,
                "missing_db": 5.7,
                "cap": "noise-floor",
                "limited_db": 3.2,
                "found": ["its sound hums: mains at 50.01 Hz"],
                "done": ["hum taken out of its sound at 50.01 Hz"],
            },
            {
                "contribution": "song",
                "bus": "music",
                "speech_share": None,
                "before_lufs": None,
                "gain_db": 0.0,
                "after_lufs": None,
                "missing_db": 0.0,
                "cap": None,
                "limited_db": 0.0,
                "found": [],
                "done": [],
            },
        ],
    },
    "credits": [{"heading": "Filmed by", "names": ["Ana Ruiz", "Бо Иванов"]}],
}
REPORT: dict[str, Any] = {
    "format": 1,
    "title": "RE: Number One",
    "built_at": "2026-11-23T06:02:47+00:00",
    "findings": [],
    "deliveries": [PART],
}
VOID = {"meta", "img", "line", "polyline"}


class Reader(HTMLParser):
    """What a browser makes of a page: elements with their attributes, and text by the element it is in."""

    def __init__(self, page: str):
        super().__init__()
        self.open: list[str] = []
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.texts: list[tuple[str, str]] = []
        self._inside: list[tuple[str, tuple[str, ...]]] = []
        self.feed(page)
        self.close()
        assert self.open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        assert tag in VOID
        self.elements.append((tag, dict(attrs)))

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.texts.append((self.open[-1] if self.open else "", data))
        self._inside.append((data, tuple(self.open)))

    def of_text(self, text: str) -> tuple[str, ...]:
        """The elements that a text is in, outermost first."""
        return next(inside for data, inside in self._inside if text in data)

    def says(self, text: str) -> bool:
        return text in " ".join(data for _, data in self.texts)

    def of(self, tag: str, **attributes: str) -> list[dict[str, str | None]]:
        return [
            found
            for name, found in self.elements
            if name == tag and all(found.get(key.rstrip("_")) == value for key, value in attributes.items())
        ]


def report(**changes: Any) -> dict[str, Any]:
    """The report with changes to its delivery."""
    return {**REPORT, "deliveries": [{**copy.deepcopy(PART), **changes}]}


def test_everything_is_on_the_page():
    page = Reader(page_from(REPORT))
    for text in (
        "RE: Number One", "2026-11-23 06:02:47 UTC", "web", "0:04 (96 frames)", "1920×1080", "-14.0 LUFS", "-1.3 dBTP",
        "one/1", "at 0:00, 48 frames", "Ana Ruiz, Бо Иванов", "Bo is re-shooting this", "not rendered", "Filmed by",
        "turned 90 degrees", "enlarged 2 times", "1.2 s by the clock, 2.5 s of processor time",
    ):  # fmt: skip
        assert page.says(text), text
    assert page.of("img", src=f"data:image/jpeg;base64,{STILL}")
    assert page.of("a", href="web/small%20film.mp4")
    assert len(page.of("details")) == 2, "levels; a record that holds for two shots stands once"
    assert page.says("1 clip: 1 lost something.")
    assert page.says("enlarged 2 times")
    assert page.says("in one/1, one/2")
    assert page.of("html", lang="en")
    assert page.of("meta", name="viewport")


def test_the_verdict_is_green_only_for_a_verified_film_without_placeholders():
    def verdicts(told: dict[str, Any]) -> set[tuple[str, str]]:
        page = page_from(told)
        return set(re.findall(r'<span class="(verdict[^"]*)">([^<]*)<', page))

    assert verdicts(REPORT) == {("verdict", "verified")}
    slates = report(placeholders=["one/1"])
    assert verdicts(slates) == {("verdict bad", "verified, with 1 placeholder")}
    failed = report(verified=False, film=None, sound=None)
    assert verdicts(failed) == {("verdict bad", "failed: there is no film")}
    assert not Reader(page_from(failed)).of("a", href="web/small%20film.mp4")


def test_a_placeholder_is_flagged_on_the_contact_sheet():
    slate = {**SHOT, "placeholder": True}
    page = Reader(page_from(report(shots=[slate, SHOT])))
    assert len(page.of("figure", class_="placeholder")) == 1
    assert ("div", "placeholder") in page.texts


def test_findings_stand_by_owner_the_worst_first():
    findings = [
        {"rule": "remark", "severity": "note", "owner": "contributor", "found": "its rate varies"},
        {"rule": "length", "severity": "warning", "found": "the film is too long", "way_out": "Shorten it."},
        {
            "rule": "broken-clip",
            "owner": "contributor",
            "where": {"file": "walk.mp4", "shot": "one/1", "time": "3/2"},
            "found": "its pictures break off",
        },
        {"rule": "loudness", "owner": "machine", "found": "it has -16 LUFS", "wanted": "-14"},
    ]
    html = page_from(report(findings=findings, verified=False))
    page = Reader(html)
    places = [html.index(text) for text in ("For the producer", "too long", "For contributors", "break off", "varies")]
    assert places == sorted(places)
    assert [found["class"] for found in page.of("li") if "class" in found] == ["warning", "error", "note", "error"]
    assert page.says("walk.mp4 [one/1] at 1.500 s · by Ana Ruiz, Бо Иванов · broken-clip")
    assert page.says("it has -16 LUFS (wanted: -14).")


def changed(**more: Any) -> dict[str, Any]:
    """The changes, with more said of their shot."""
    return {**CHANGES, "shots": [{**CHANGES["shots"][0], **more}]}


def test_what_changed_stands_with_its_reasons_and_its_pictures_before_and_now():
    page = Reader(page_from(report(changes=CHANGES)))
    for text in (
        "Since the last master", "That was 2026-11-22 02:00:00 UTC", "Length 0:03.5 → 0:04 (+0:00.5)",
        "Loudness -15.9 → -14.0 LUFS", "2 jobs rendered, 1 in the store", "fit: blur → cover", "walk.mov was replaced",
        "loudness target in LUFS: -16 → -14", "music song.wav",
    ):  # fmt: skip
        assert page.says(text), text
    sources = [image["src"] for image in page.of("img")]
    assert sources[:2] == [f"data:image/jpeg;base64,{one}" for one in (BEFORE, STILL)]


def test_a_picture_that_there_is_none_of_is_explained():
    assert Reader(page_from(report(changes=changed(still_before=None)))).says("no longer kept")
    new = changed(kind="added", was=None, still_before=None)
    assert Reader(page_from(report(changes=new))).says("not in that film")
    assert Reader(page_from(report(changes=changed(kind="removed", still=None)))).says("not in this film")


def test_changes_without_pictures_stand_once_for_all_shots_with_the_same_reasons():
    plain = {"still": None, "still_before": None, "stilled": False}
    shots = [{**CHANGES["shots"][0], **plain, "shot": f"one/{number}", "was": f"one/{number}"} for number in (1, 2)]
    shots += [
        {**shots[0], "kind": kind, "shot": name, "was": was, "reasons": [f"{name} from {was}"]}
        for kind, name, was in (("moved", "two/1", "two/1"), ("moved", "two/2", "two/2"), ("renamed", "six/2", "six/1"))
    ]
    page = Reader(page_from(report(changes={**CHANGES, "shots": shots})))
    for names in ("one/1, one/2", "two/1, two/2", "six/2 (was six/1)"):
        assert ("b", names) in page.texts


def test_a_film_that_is_what_it_was_says_so_and_a_first_one_nothing():
    same = {**CHANGES, "film": [], "shots": [], "sounds": [], "longer": ""}
    assert Reader(page_from(report(changes=same))).says("Nothing in it changed.")
    assert not Reader(page_from(REPORT)).says("Since the last master")


def test_many_notes_are_folded_away_but_never_an_error():
    def note(number: int) -> dict[str, str]:
        return {"rule": "remark", "severity": "note", "found": f"odd {number}"}

    error = {"rule": "broken-clip", "found": "its pictures break off"}
    page = Reader(page_from(report(findings=[*map(note, range(6)), error], shots=[])))
    assert page.says("6 notes")
    assert ("details" in page.of_text("odd 3"), "details" in page.of_text("its pictures break off.")) == (True, False)
    alone = Reader(page_from(report(findings=[note(1)], shots=[], sound=None)))
    assert not alone.of("details")


def test_a_traceback_is_folded_away():
    crash = {"rule": "crash", "owner": "machine", "found": "it crashed", "wanted": "Traceback\n  line <1>"}
    page = Reader(page_from(report(findings=[crash], shots=[])))
    assert ("pre", "Traceback\n  line <1>") in page.texts


def hostile(data: Any) -> Any:
    """The same data with something hostile in every text that a person may have chosen."""
    if isinstance(data, dict):
        times = ("built_at", "since", "started_at", "ended_at", "time")
        kept = (*times, "severity", "owner", "rate", "still", "still_before", "kind", "state")
        return {key: value if key in kept else hostile(value) for key, value in data.items()}
    if isinstance(data, list):
        return [hostile(one) for one in data]
    return f"{HOSTILE}{data}" if isinstance(data, str) else data


def test_nothing_that_people_wrote_becomes_markup():
    findings = [{"rule": "x", "where": {"file": "a.mov", "shot": "one/1"}, "found": "odd", "way_out": "Mend it."}]
    told = {**report(findings=findings, changes=CHANGES), "findings": findings}
    plain, attacked = Reader(page_from(told)), Reader(page_from(hostile(told)))
    assert [name for name, _ in attacked.elements] == [name for name, _ in plain.elements]
    assert [set(attributes) for _, attributes in attacked.elements] == [set(found) for _, found in plain.elements]
    assert attacked.says(HOSTILE)
    assert "script" not in {name for name, _ in attacked.elements}


def test_nothing_is_loaded_from_anywhere():
    page = Reader(page_from(hostile(REPORT)))
    assert not {"script", "link", "iframe", "object", "base"} & {name for name, _ in page.elements}
    for _, attributes in page.elements:
        assert (attributes.get("src") or "data:").startswith("data:")
        assert not (attributes.get("href") or "").startswith(("http", "//", "javascript"))
        assert not any(key.startswith("on") for key in attributes)
    policies = page.of("meta", **{"http-equiv": "Content-Security-Policy"})
    assert policies[0]["content"] == "default-src 'none'; img-src data:; style-src 'unsafe-inline'"


def test_a_silent_film_has_no_curve():
    silent = {**PART["sound"], "integrated_lufs": None, "true_peak_dbtp": None}
    page = Reader(page_from(report(sound=silent)))
    assert not page.of("svg")
    assert page.says("nothing to measure")


@pytest.mark.parametrize("seconds", [1, 2, 61, 1320, 7200])
def test_the_curve_stays_inside_its_drawing_at_any_length(seconds: int):
    levels = [None if second % 50 == 7 else -90.0 + second % 89 for second in range(seconds)]
    page = Reader(loudness_chart(levels, target_lufs=-23.0, ceiling_dbtp=-1.0, summary="x"))
    points = [point.split(",") for line in page.of("polyline") for point in (line["points"] or "").split()]
    assert len(points) >= sum(level is not None for level in levels)
    assert all(44 <= float(x) <= 960 and 0 <= float(y) <= 216 for x, y in points)
    assert len(page.of("polyline")) == 1 + sum(second % 50 == 7 and second + 1 < seconds for second in range(seconds))
    assert len([text for name, text in page.texts if name == "text"]) < 24


def test_markup_is_escaped_unless_it_is_markup_already():
    assert tag("b", "a < b", title='"') == '<b title="&quot;">a &lt; b</b>'
    assert tag("p", tag("b", "x"), None, "&", class_="c", aria_label=None) == '<p class="c"><b>x</b>&amp;</p>'
    assert joined(["<", Html("<br>")]) == "&lt;<br>"


def test_conversions_are_counted_apart_from_clips_and_show_the_first_cost():
    ways = [{"done": ["turned"], "cost": ["enlarged 2 times", "5% of the picture is cut away"]}, {"done": ["turned"]}]
    shots = [{"name": f"one/{number}", "conversions": {"walk": way}} for number, way in enumerate(ways, 1)]
    told = "".join(records_section({"shots": shots}))
    assert "1 clip in 2 conversions: 1 lost something, 1 converted without loss." in told
    assert "enlarged 2 times (and 1 more)" in told


def test_each_contribution_is_shown_before_and_after():
    page = Reader(page_from(report()))
    assert page.says(
        "Loudness of 2 contributions, before and after (1 kept from its level); something is wrong with the sound of 1"
    )
    assert page.says("its sound hums: mains at 50.01 Hz; hum taken out of its sound at 50.01 Hz")
    assert page.says("Room tone from one/2 on is that of host.")
    for told in (
        "−33.2",
        "+14.5",
        "−18.7",
        "57 %",
        "5.7 dB less than wished: its noise would be heard; the limiter goes down by up to 3.2 dB",
        "silent",
    ):
        assert page.says(told), told
    assert page.says("Music went down by up to 9.4 dB under speech. It was 10 ± 1 LU under it")
    assert page.says("in 97 % of 214 windows within speech, and never nearer.")


def test_the_buses_are_drawn_as_loud_as_they_are_in_the_film():
    page = Reader(page_from(report()))
    lines = {line["class"]: line["points"] for line in page.of("polyline")}
    assert set(lines) == {"curve", "bus voice", "bus music"}
    height = {kind: [float(point.split(",")[1]) for point in (points or "").split()] for kind, points in lines.items()}
    assert height["bus voice"][0] == height["curve"][0]  # -25 + 5 dB is the film's -20
    assert height["bus music"][0] > height["bus voice"][0]
