"""The benchmarks measure what they say: every contender builds the same film, and nobody's work goes uncounted."""

import difflib
import importlib.util
import json
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
import pytest
from small_film import lay_episode

from benchmarks.builds import stream_hash
from benchmarks.conversions import CONVERSIONS
from benchmarks.cut import Cut, made_cut
from benchmarks.disc.streams import made_title
from benchmarks.episodes import EDITS
from benchmarks.inspecting import complaints
from benchmarks.production import Library, laid
from benchmarks.sound.by_crowdcut import plan_of
from benchmarks.sound.by_ffmpeg import command_of
from benchmarks.sources import KINDS, Source
from benchmarks.telling import Figure, table
from examples.makers import chart, draw_frame_code, read_frame_code, silence, write_clip
from examples.makers.footage import bustle, footage
from renderers.loudness.meter import measured

ROOT = Path(__file__).resolve().parent.parent
PROGRAMS = (
    "contenders", "episodes", "memory", "planning", "pieces", "sound", "conversions", "conform", "beats", "disc",
    "takes",
)  # fmt: skip
SECONDS = Fraction(1, 2)


def _python(*arguments: str) -> subprocess.CompletedProcess[str]:
    """Another Python: what measures takes in every orphan, which is nothing for the process that tests."""
    return subprocess.run([sys.executable, *arguments], cwd=ROOT, capture_output=True, text=True, check=True)


@pytest.fixture(scope="session")
def clips(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("benchmark")


@pytest.fixture(scope="session")
def cut(clips: Path) -> Cut:
    """A phone held upright, 4:3, 60 frames a second, an uneven rate; half a second of each."""
    return made_cut(clips / "clips", shots=4, seconds=SECONDS, height=180)


def test_every_contender_builds_the_same_cut(cut: Cut, clips: Path):
    out = clips / "result.json"
    options = ("--shots", "4", "--seconds", str(SECONDS), "--height", "180", "--rounds", "1")
    shown = _python("-m", "benchmarks.contenders", *options, "--work", str(clips), "--out", str(out))
    found = json.loads(out.read_bytes())
    best = found["best"]
    assert {"crowdcut", "encoder"} <= best.keys()
    for program, module in (("ffmpeg", "imageio_ffmpeg"), ("moviepy", "moviepy")):
        assert (program in best) == (importlib.util.find_spec(module) is not None), shown.stderr
    assert {name: run.get("complaints", []) for name, run in best.items()} == {name: [] for name in best}
    assert found["cut"]["frames"] == cut.frames == 4 * 12
    assert all(run["cpu_seconds"] > 0 and run["film_mb"] > 0 for run in best.values())
    assert found["machine"]["cores"] >= 1
    assert "of the encoder alone" in shown.stdout


def _film(cut: Cut, path: Path, codes: list[int], sound_seconds: Fraction) -> Path:
    """A film of the cut's size that shows these codes (upright, in the middle third)."""

    def picture(frame: int):
        drawn = chart(cut.width, cut.height).copy()
        draw_frame_code(drawn, codes[frame])
        return drawn

    sound = silence(seconds=sound_seconds)
    size = {"width": cut.width, "height": cut.height, "rate": cut.rate}
    return write_clip(path, **size, frames=len(codes), picture=picture, sound=sound)


def _codes(cut: Cut) -> Iterator[int]:
    """What each frame of the film should show: the code whose time it is."""
    for shot in cut.shots:
        for frame in range(shot.frames):
            wanted, code = shot.start + frame / cut.rate, shot.source.first_code or 0
            while shot.source.shown(code)[1] <= wanted:
                code += 1
            yield code


def test_a_right_film_is_not_complained_of(cut: Cut, tmp_path: Path):
    codes = list(_codes(cut))
    assert complaints(cut, _film(cut, tmp_path / "film.mp4", codes, cut.frames / cut.rate)) == []
    longer = _film(cut, tmp_path / "longer.mp4", [*codes, 0, 0], (cut.frames + 2) / cut.rate)
    assert complaints(cut, longer, tail_frames=2) == []


def test_a_wrong_film_is_complained_of(cut: Cut, tmp_path: Path):
    codes = list(_codes(cut))
    late = _film(cut, tmp_path / "late.mp4", [codes[0], *codes[:-1]], Fraction(1))
    found = complaints(replace(cut, width=cut.width + 2), late)
    assert any("it is 320x180, not 322x180" in one for one in found)
    assert any("its sound lasts" in one for one in found)
    assert sum("frame 0: code" in one for one in found) == 3  # the first frames of shots 2, 3 and 4 are the ones before
    short = _film(cut, tmp_path / "short.mp4", codes[:-1], cut.frames / cut.rate)
    assert complaints(cut, short) == [f"it has {cut.frames - 1} frames, not {cut.frames}"]


BUSY = """
import sys, time
held = bytearray(int(sys.argv[1]) << 20)
while time.process_time() < 0.5:
    pass
time.sleep(float(sys.argv[2]))
"""
PARENT = """
import subprocess, sys
held = bytearray(120 << 20)
subprocess.Popen([sys.executable, "busy.py", "10", "60"], start_new_session=True)
subprocess.run([sys.executable, "busy.py", "80", "0.8"])
"""
MEASURING = """
import json, sys
from pathlib import Path
from benchmarks.measuring import CommandFailed, measured
from crowdcut.records import plain
folder = Path(sys.argv[1])
print(json.dumps(plain(measured((sys.executable, "parent.py"), log=folder / "log", folder=folder))))
try:
    measured((sys.executable, "-c", "raise SystemExit('no such luck')"), log=folder / "log")
except CommandFailed as error:
    print(error)
"""


def test_measuring_counts_children_and_whom_they_leave_behind(tmp_path: Path):
    (tmp_path / "busy.py").write_text(BUSY, encoding="utf-8")
    (tmp_path / "parent.py").write_text(PARENT, encoding="utf-8")
    told, *failure = _python("-c", MEASURING, str(tmp_path)).stdout.splitlines()
    cost = json.loads(told)
    assert 1.0 <= cost["cpu_seconds"] < 10  # two children at half a second each, one of which was left behind
    assert 1.3 <= cost["wall_seconds"] < 30
    assert 120 < cost["own_mb"] == cost["largest_process_mb"] < 200
    assert 120 < cost["anonymous_mb"] < cost["largest_process_mb"]
    assert cost["peak_mb"] > 210
    assert "no such luck" in failure


def _library() -> Library:
    sources = tuple(
        Source(name=f"{number:02}", file=f"{number:02}", size=(2, 2), still=KINDS[number % len(KINDS)].still)
        for number in range(40)
    )
    return Library(folder=Path("/library"), seen=sources, songs=("a", "b"), voices=("c", "d", "e"))


@pytest.mark.parametrize("shots", [8, 120, 426])
def test_no_shot_of_a_production_is_shown_twice_and_an_edit_changes_one(tmp_path: Path, shots: int):
    texts = {}
    for name, edit in EDITS.items():
        texts[name] = laid(_library(), tmp_path / "episode.toml", shots=shots, edit=edit).read_text(encoding="utf-8")
        episode = tomllib.loads(texts[name])
        used = [shot for scene in episode["scene"] for shot in scene.get("shot", ()) if "use" in shot]
        assert len(used) == shots
        shown = [(shot["use"], shot.get("in"), shot.get("focus")) for shot in used]
        assert len(set(shown)) == shots
    assert texts["cold"] == texts["unchanged"] == texts["put back"]
    for before, after in (("cold", "still"), ("still", "sound"), ("sound", "trim")):
        lines = difflib.ndiff(texts[before].splitlines(), texts[after].splitlines())
        assert [line[0] for line in lines if line[0] in "+-"] == ["-", "+"], after


def test_a_stream_hash_is_of_packets_and_times(tmp_path: Path):
    one = write_clip(tmp_path / "one.mp4", frames=10, sound=silence(seconds=1))
    two = write_clip(tmp_path / "two.mp4", frames=10, sound=silence(seconds=1))
    slower = write_clip(tmp_path / "slower.mp4", frames=10, rate=Fraction(24), sound=silence(seconds=1))
    assert stream_hash(one) == stream_hash(two) != stream_hash(slower)


def test_footage_is_the_same_for_the_same_seed_and_never_stands_still():
    one, two, other = (footage(160, 90, seed=seed, first=7) for seed in (3, 3, 4))
    assert np.array_equal(one(0), two(0))
    assert not np.array_equal(one(0), other(0))
    change = np.abs(one(1).astype(int) - one(0)).mean()
    assert 1 < change < 40  # grain and drift, no cut
    assert read_frame_code(one(5)[..., 1]) == 12
    assert np.array_equal(bustle(seconds=1, seed=1), bustle(seconds=1, seed=1))
    assert 0.05 < np.abs(bustle(seconds=1, seed=1)).max() <= 0.5


def test_figures_say_by_how_much_they_are_missed():
    assert str(Figure(name="wall", measured=2.0, limit=4, unit=" s")) == "wall: 2 s (at most 4 s): met"
    assert str(Figure(name="ratio", measured=1.2, limit=1.0)) == "ratio: 1.2 (at most 1): missed by 20 %"
    assert table(("a", "b"), [("x", 1.5), ("long", None)]).splitlines() == ["a        b", "x     1.50", "long     -"]


def test_a_conversion_is_measured_on_top_of_an_ordinary_clip(clips: Path):
    out = clips / "conversions.json"
    asked = ("blend screen", "SVG", "--rounds", "1", "--work", str(clips), "--out", str(out))
    shown = _python("-m", "benchmarks.conversions", *asked).stdout
    rows = json.loads(out.read_bytes())["conversions"]
    assert [row["conversion"] for row in rows] == ["ordinary", "blend screen", "SVG"]
    ordinary, blended, drawn = rows
    assert ordinary["on top ms"] == 0
    assert blended["decode ms"] > ordinary["decode ms"] > drawn["decode ms"] == 0
    assert blended["on top ms"] > 0
    assert "on top ms" in shown


def test_the_sound_of_an_episode_is_the_same_programme_by_one_graph(tmp_path: Path, tiny_library: Path):
    program = pytest.importorskip("imageio_ffmpeg").get_ffmpeg_exe()
    manifest, store = lay_episode(tmp_path, tiny_library), tmp_path / "store"
    ours, theirs = tmp_path / "ours.f32", tmp_path / "theirs.f32"
    told = _python("-m", "benchmarks.sound.by_crowdcut", str(manifest), str(store), str(ours)).stdout
    found = json.loads(told.splitlines()[-1])
    assert found["jobs"] == {"listen": 3, "prepare": 4, "bus": 2, "mix": 1}
    assert all(found["seconds"][kind] > 0 for kind in ("listen", "prepare", "bus", "mix", "level", "own"))
    plan, opened, _ = plan_of(manifest, store)
    facts = {bus.key: stored.facts for bus in plan.buses if (stored := opened.find(bus.key)) is not None}
    subprocess.run(command_of(program, plan, facts, theirs), check=True)
    heard = [np.fromfile(path, "<f4") for path in (ours, theirs)]
    assert [len(one) for one in heard] == [plan.finish.order.length_samples * 2] * 2
    # Between them lies a clip in WebM, whose times are milliseconds: ffmpeg is one off there.
    for part in (slice(0, 48_000), slice(4 * 96_000, 6 * 96_000)):
        assert np.corrcoef(heard[0][part], heard[1][part])[0, 1] > 0.9
    assert measured([heard[0].reshape(-1, 2).T]).integrated == pytest.approx(-14, abs=0.1)


def test_every_conversion_that_is_measured_is_on_the_page():
    page = (ROOT / "docs" / "benchmarks.md").read_text(encoding="utf-8")
    assert [name for name in CONVERSIONS if f"| {name} |" not in page] == []


def test_a_long_title_is_made_quickly_and_is_as_long_as_it_says(tmp_path: Path):
    with av.open(str(made_title(tmp_path / "title.mpg", 1)), format="mpeg") as container:
        times = [packet.pts * packet.time_base for packet in container.demux(video=0) if packet.pts is not None]
        bits = (tmp_path / "title.mpg").stat().st_size * 8
    assert max(times) - min(times) == pytest.approx(60, abs=1.1)
    assert 4.5e6 < bits / 60 < 6.5e6


@pytest.mark.parametrize("program", PROGRAMS)
def test_help_teaches_and_the_docs_name_every_program(program: str):
    shown = _python("-m", f"benchmarks.{program}", "--help").stdout
    assert "--out FILE" in shown
    assert len(shown.splitlines()) > 8
    assert f"python -m benchmarks.{program}" in (ROOT / "docs" / "benchmarks.md").read_text(encoding="utf-8")
