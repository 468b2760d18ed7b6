"""Several contributions at once: where their cells lie, how long they last, who is heard, named and credited."""

import shutil
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from fractions import Fraction
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from cut_making import Cut, assert_all_told
from desk_making import desk_for, film
from hypothesis import given
from hypothesis import strategies as st
from manifest_making import make_library
from numpy.typing import NDArray
from piece_making import ENCODING, RASTER, bt709, codes_in, media_of, shown_in, source_of
from survey_making import surveyed

from crowdcut import orders
from crowdcut.changes.master_changes import changes_between
from crowdcut.conform.layouts import LAYOUTS, cells_in
from crowdcut.conform.surveys import needs_survey, survey_jobs
from crowdcut.cut.appearances import appearances_from
from crowdcut.cut.stacks import Dressing, records_from, stacks_from
from crowdcut.cut.timeline import timeline_from
from crowdcut.cut.uses import uses_placed
from crowdcut.episode import Crop, KenBurns, LowerThird, Place, Scene, Shot
from crowdcut.library import Contribution, Contributor, Part
from crowdcut.manifest import manifest_from
from crowdcut.media import Media, Picture
from crowdcut.orders import Box, Layer, PictureOrder, Raster, Roll
from crowdcut.plan import Sources
from crowdcut.profiles import profile_from
from crowdcut.vocabulary import choices
from examples.makers import coded_picture, write_clip, write_still
from renderers.composing import stretches
from renderers.composing.compose import composed_frames
from renderers.files.door import opened
from renderers.video import picking

HD = Raster(width=1920, height=1080, rate=Fraction(24))


def _edges(box: Box) -> tuple[int, int, int, int]:
    return box.x, box.y, box.x + box.width, box.y + box.height


def test_every_layout_has_its_word():
    assert set(LAYOUTS) == set(choices.LAYOUTS)


@given(
    st.sampled_from(["grid", "split"]),
    st.integers(2, 36),
    st.integers(80, 2000).map(lambda half: 2 * half),
    st.integers(80, 2000).map(lambda half: 2 * half),
)
def test_cells_lie_on_even_pixels_inside_the_raster_and_apart_from_each_other(layout, count, width, height):
    count = min(count, LAYOUTS[layout].most)
    raster = Raster(width=width, height=height, rate=Fraction(24))
    boxes = cells_in(layout, count, raster)
    assert len(boxes) == count
    edges = [_edges(box) for box in boxes]
    assert not any(edge % 2 for box in edges for edge in box)
    assert all(0 <= left < right <= width and 0 <= top < bottom <= height for left, top, right, bottom in edges)
    for number, one in enumerate(edges):
        for other in edges[:number]:
            apart = one[0] - other[2], other[0] - one[2], one[1] - other[3], other[1] - one[3]
            assert max(apart) >= 2
    assert len({box.width for box in boxes}) <= 2
    assert max(box.width for box in boxes) - min(box.width for box in boxes) <= 2
    assert max(box.height for box in boxes) - min(box.height for box in boxes) <= 2


def test_twelve_people_stand_in_three_rows_with_even_gutters():
    boxes = cells_in("grid", 12, HD)
    rows = [boxes[:4], boxes[4:8], boxes[8:]]
    assert [len({box.y for box in row}) for row in rows] == [1, 1, 1]
    gaps = [right.x - left.x - left.width for row in rows for left, right in pairwise(row)]
    gaps += [below[0].y - above[0].y - above[0].height for above, below in pairwise(rows)]
    gaps += [boxes[0].x, boxes[0].y, 1920 - boxes[3].x - boxes[3].width, 1080 - boxes[8].y - boxes[8].height]
    assert set(gaps) == {12}


@pytest.mark.parametrize(("count", "columns"), [(2, 2), (3, 2), (5, 3), (7, 3), (11, 4)])
def test_a_last_row_that_is_not_full_stands_in_the_middle(count, columns):
    boxes = cells_in("grid", count, HD)
    last = [box for box in boxes if box.y == boxes[-1].y]
    assert len(last) == (count - 1) % columns + 1
    assert abs(last[0].x - (1920 - last[-1].x - last[-1].width)) <= 2


def test_small_pictures_lie_in_corners_inside_title_safe():
    first, *small = cells_in("pip", 5, HD)
    assert _edges(first) == (0, 0, 1920, 1080)
    assert {(box.width, box.height) for box in small} == {(480, 270)}
    assert all(96 <= box.x <= 1824 - 480 and 54 <= box.y <= 1026 - 270 for box in small)
    assert len({(box.x > 900, box.y > 500) for box in small}) == 4


# What a producer writes

HEAD = 'format = 1\ntitle = "T"\n[each]\nfit = "blur"\n[clip.dot]\nuse = "moonrise"\nin = 5\nfocus = "right"\n'
SHOT = '[[scene]]\nid = "s"\n[[scene.shot]]\n'


def _read(folder: Path, shot: str) -> tuple[Shot | None, list[tuple[str, str | None]]]:
    make_library(folder / "library")
    (folder / "episode.toml").write_text(HEAD + SHOT + shot, encoding="utf-8")
    manifest, _, findings = manifest_from(folder / "episode.toml")
    shots = manifest.scenes[0].shots if manifest is not None and manifest.scenes else ()
    return (shots[0] if shots else None), [(one.rule, one.where.key) for one in findings]


def test_each_cell_has_its_own_values_over_those_of_its_shot(tmp_path):
    shot, findings = _read(
        tmp_path,
        'use = ["moonrise", { use = "robot", in = "0:12", focus = "left", sound = -3 }, "dot"]\n'
        'layout = "grid"\nin = 2\nsound = "mute"\nlower_third = true\ninto = "dissolve 12f"\n',
    )
    assert not findings
    assert shot is not None
    assert (shot.use, shot.layout, shot.uses) == (None, "grid", ("moonrise", "robot", "moonrise"))
    assert [cell.in_ for cell in shot.cells] == [2, 12, 2]
    assert [cell.focus[0] for cell in shot.cells] == [Fraction(1, 2), 0, 1]
    assert [(cell.sound, cell.gain_db) for cell in shot.cells] == [("mute", 0), ("keep", -3), ("mute", 0)]
    assert {cell.fit for cell in shot.cells} == {"cover"}
    assert {(cell.into, cell.lower_third, cell.name) for cell in shot.cells} == {(None, None, "s/1")}
    assert shot.into is not None


def test_a_frame_of_ones_own_flows_down_to_cells_too(tmp_path):
    shot, findings = _read(
        tmp_path,
        'use = ["moonrise", { use = "robot", focus = "left", ken_burns = "out" },'
        ' { use = "dot", crop = "10%,0%,80%,100%" }]\n'
        'layout = "grid"\nfocus = "auto"\ncrop = "auto"\n',
    )
    assert not findings
    assert shot is not None
    assert [(cell.part, cell.find_focus) for cell in shot.cells] == [
        (("s/1", 1), True),
        (("s/1", 2), False),
        (("s/1", 3), True),
    ]
    assert [cell.crop for cell in shot.cells[:2]] == ["auto", "auto"]
    assert shot.cells[2].crop == Crop(
        left=Fraction(1, 10), top=Fraction(0), width=Fraction(4, 5), height=Fraction(1), parts=True
    )
    assert [cell.ken_burns and cell.ken_burns.way for cell in shot.cells] == [None, "out", None]


def test_a_crop_that_a_clip_of_a_cell_does_not_hold_is_told():
    crop = Crop(left=Fraction(600), top=Fraction(0), width=Fraction(100), height=Fraction(100))
    desk = _desk((_cell("ana"), _cell("bo", crop=crop)), THREE)
    timeline_from(desk)
    assert [(one.rule, one.where.shot) for one in desk.findings] == [("crop-outside", "s/1")]


def test_a_fit_is_asked_for_by_the_shot_or_the_cell(tmp_path):
    shot, _ = _read(
        tmp_path, 'use = ["moonrise", { use = "robot", fit = "contain" }]\nlayout = "split"\nfit = "blur"\n'
    )
    assert shot is not None
    assert [cell.fit for cell in shot.cells] == ["blur", "contain"]


@pytest.mark.parametrize(
    ("shot", "finding"),
    [
        ('use = ["moonrise", "robot"]', ("no-layout", "use")),
        ('use = "moonrise"\nlayout = "grid"', ("unfitting-key", "layout")),
        ('use = ["moonrise"]\nlayout = "grid"', ("wrong-value", "use")),
        ('use = ["moonrise", 3]\nlayout = "grid"', ("wrong-type", "use")),
        ('use = ["moonrise", "nobody"]\nlayout = "grid"', ("unknown-contribution", "use")),
        ('use = ["moonrise", { in = 3 }]\nlayout = "grid"', ("missing-key", "use")),
        ('use = ["moonrise", { use = "robot", place = "top" }]\nlayout = "grid"', ("unknown-key", "place")),
        ('use = ["moonrise", "robot"]\nlayout = "heap"', ("wrong-value", "layout")),
        (f'use = {["moonrise"] * 6}\nlayout = "pip"', ("too-many-cells", "layout")),
        ('text = "x"\nlayout = "grid"', ("unfitting-key", "layout")),
    ],
)
def test_what_cannot_be_laid_out_is_told(tmp_path, shot, finding):
    _, findings = _read(tmp_path, shot + "\n")
    assert findings == [finding]


# On the timeline


def _cell(use: str, **more: object) -> Shot:
    return Shot(name="s/1", use=use, fit="cover", **more)  # type: ignore[arg-type]


def _desk(cells: tuple[Shot, ...], media: dict[str, Media], **more: object):
    shot = Shot(name="s/1", layout="grid", cells=cells, **more)  # type: ignore[arg-type]
    desk = desk_for([Scene(id="s", title="s", shots=(shot,))], media=media)
    people = {name: Contributor(id=name, name=name.title()) for name in media}
    contributions = {
        name: Contribution(id=name, file=Path(name), name=name, by=(Part(contributor=name),)) for name in media
    }
    desk.library = type(desk.library)(contributors=people, contributions=contributions)
    return desk


THREE = {"ana": film(5, sound=True), "bo": film(20, sound=True), "cy": film(9)}
STILL = Media(kind="still", container="png", picture=Picture(codec="png", width=9, height=9, pixel_format="rgb24"))


def _timeline(desk):
    timeline = timeline_from(desk)
    assert timeline is not None
    return timeline


def test_a_layout_lasts_as_long_as_its_shortest_clip_or_as_it_says():
    cells = (_cell("ana"), _cell("bo", in_=Fraction(12)), _cell("pic"))
    media = {**THREE, "pic": STILL}
    assert _timeline(_desk(cells, media)).length_frames == 5 * 24
    assert _timeline(_desk((_cell("ana", in_=Fraction(3)), *cells), media)).length_frames == 2 * 24
    assert _timeline(_desk((*cells, _cell("bo", out=Fraction(1))), media)).length_frames == 24
    assert _timeline(_desk(cells, media, length=Fraction(4))).length_frames == 4 * 24


def test_a_layout_cannot_last_longer_than_a_clip_of_it():
    desk = _desk((_cell("ana"), _cell("bo")), THREE, length=Fraction(6))
    timeline_from(desk)
    assert [(one.rule, one.where.shot) for one in desk.findings] == [("past-the-end", "s/1")]
    desk = _desk((_cell("ana"), _cell("bo", out=Fraction(2))), THREE, length=Fraction(4))
    timeline_from(desk)
    assert [one.rule for one in desk.findings] == ["past-the-end"]


def test_all_are_heard_and_together_as_loud_as_one():
    cells = (_cell("ana"), _cell("bo", in_=Fraction(12), gain_db=-6.0), _cell("cy"), _cell("ana", sound="mute"))
    sounds = _timeline(_desk(cells, THREE)).sounds
    assert [(one.use, one.source_start, one.bus, one.shot) for one in sounds] == [
        ("ana", 0, "shot", "s/1"),
        ("bo", 12, "shot", "s/1"),
    ]
    assert [one.gain_db for one in sounds] == [-3.01, -9.01]


def test_everybody_is_named_and_credited():
    desk = _desk(tuple(map(_cell, THREE)), THREE, lower_third=LowerThird())
    timeline = _timeline(desk)
    assert [layer.words for layer in timeline.shots[0].layers] == [("Ana, Bo and Cy",)]
    seen = appearances_from(
        uses_placed(timeline, desk.manifest), desk.library, dict.fromkeys(THREE, "video"), desk.look
    )
    assert [one.contributor for one in seen] == ["ana", "bo", "cy"]
    six = {name: film(5) for name in ("ana", "bo", "cy", "dee", "eve", "flo")}
    crowd = _timeline(_desk(tuple(map(_cell, six)), six, lower_third=LowerThird()))
    assert crowd.shots[0].layers[0].words == ("Ana, Bo, Cy,", "Dee, Eve and Flo")


def _stack(desk):
    dressing = Dressing(desk=desk, profile=profile_from("web", {}), raster=HD, roll=Roll(lines=(), step=2))
    stacks, _ = stacks_from(dressing, _timeline(desk))
    return dressing, stacks


def test_each_cell_has_a_conversion_and_a_record_of_its_own():
    dressing, stacks = _stack(_desk(tuple(map(_cell, THREE)), THREE))
    ground, *cells = stacks[0].layers
    assert isinstance(ground.source, orders.Ground)
    assert [layer.window for layer in cells] == list(cells_in("grid", 3, HD))
    records = records_from(dressing, stacks)["s/1"]
    assert set(records) == set(THREE)
    assert all(any(cost.startswith("enlarged 1.4") for cost in record.cost) for record in records.values())


def test_a_slate_stands_in_the_cell_of_what_broke():
    desk = _desk(tuple(map(_cell, THREE)), THREE)
    desk.broken = frozenset({"bo"})
    _, stacks = _stack(desk)
    kinds = [type(layer.source).__name__ for layer in stacks[0].layers]
    assert kinds == ["Ground", "Video", "Card", "Video"]
    assert [one.use for one in _timeline(desk).sounds] == ["ana"]


# In the picture


def _window_order(folder: Path, boxes: list[Box], names: list[str], frames: int, **asked) -> PictureOrder:
    layers = []
    for name, box in zip(names, boxes, strict=True):
        raster = Raster(width=box.width, height=box.height, rate=RASTER.rate)
        source = source_of(folder / name, fit="cover", raster=raster, **asked)
        layers.append(Layer(source=source, length_frames=frames, window=box))
    ground = Layer(source=orders.Ground(background=("#204060",)), length_frames=frames)
    raster = Raster(width=640, height=360, rate=RASTER.rate)
    return PictureOrder(raster=raster, encoding=ENCODING, length_frames=frames, stack=(ground, *layers))


def test_each_cell_runs_on_its_own_clock_and_keeps_to_its_box(tmp_path):
    raster = Raster(width=640, height=360, rate=RASTER.rate)
    boxes = list(cells_in("grid", 4, raster))
    for number in range(4):
        picture = coded_picture(320, 180, first=1000 * number)
        write_clip(tmp_path / f"{number}.mp4", width=320, height=180, frames=20, rate=Fraction(24), picture=picture)
    order = _window_order(tmp_path, boxes, [f"{number}.mp4" for number in range(4)], 12)
    pictures = shown_in(order, tmp_path, tmp_path / "piece.mp4")
    for number, box in enumerate(boxes):
        rows, columns = slice(box.y, box.y + box.height), slice(box.x, box.x + box.width)
        cells = [(luma[rows, columns], cb, cr) for luma, cb, cr in pictures]
        assert codes_in(cells) == list(range(1000 * number, 1000 * number + 12))


@pytest.mark.parametrize("fit", ["cover", "blur"])
def test_a_cell_never_covers_its_gutters(tmp_path, fit):
    raster = Raster(width=640, height=360, rate=RASTER.rate)
    # 1000x333: cover cuts at odd places, so its window of stored pixels is wider than the cell.
    write_still(tmp_path / "wide.png", np.full((333, 1000, 3), 255, np.uint8))
    boxes = list(cells_in("grid", 3, raster))
    layers = []
    for box in boxes:
        small = Raster(width=box.width, height=box.height, rate=raster.rate)
        focus = (Fraction(1, 3), Fraction(1, 3))
        source = source_of(tmp_path / "wide.png", fit=fit, raster=small, focus=focus)
        layers.append(Layer(source=source, length_frames=1, window=box))
    ground = Layer(source=orders.Ground(background=("#204060",)), length_frames=1)
    order = PictureOrder(raster=raster, encoding=ENCODING, length_frames=1, stack=(ground, *layers))
    composed = next(iter(composed_frames(order, {"wide.png": tmp_path / "wide.png"})))
    inside = np.zeros((360, 640), bool)
    for box in boxes:
        inside[box.y : box.y + box.height, box.x : box.x + box.width] = True
    luma = composed.canvas.luma.astype(int)
    blue = bt709(np.array([[0x20, 0x40, 0x60]], np.uint8))[0]
    assert np.abs(luma[~inside] - blue[0]).max() <= 1
    assert np.abs(luma[inside] - blue[0]).min() > 20


@pytest.mark.parametrize("bound", [True, False])
def test_a_grid_of_large_clips_has_one_decoder_open_at_a_time(tmp_path, monkeypatch, bound):
    raster = Raster(width=640, height=360, rate=RASTER.rate)
    write_clip(tmp_path / "a.mp4", width=320, height=180, frames=40, rate=Fraction(24))
    order = _window_order(tmp_path, list(cells_in("grid", 4, raster)), ["a.mp4"] * 4, 30)
    now, most = [0], [0]

    @contextmanager
    def counted(path: Path) -> Iterator[Any]:
        with opened(path) as container:
            now[0] += 1
            most[0] = max(most[0], now[0])
            try:
                yield container
            finally:
                now[0] -= 1

    def seen() -> list[NDArray[np.uint8]]:
        return [composed.canvas.block.copy() for composed in composed_frames(order, {"a.mp4": tmp_path / "a.mp4"})]

    side_by_side = seen()
    monkeypatch.setattr(picking, "opened", counted)
    if bound:
        monkeypatch.setattr(stretches, "_DECODERS_BYTES", 3 * 9 * 320 * 180 * 3 // 2)
        monkeypatch.setattr(stretches, "_HELD_BYTES", 0)
    assert stretches.stretch_of(order) == (12 if bound else None)
    assert all(map(np.array_equal, seen(), side_by_side))
    assert most[0] == (1 if bound else 4)


def _halves(number: int) -> NDArray[np.uint8]:
    """Dark at the left, bright at the right, where something always happens; 12 black rows above and below."""
    drawn = np.zeros((180, 320, 3), np.uint8)
    drawn[12:168, :160], drawn[12:168, 160:] = 60, 180
    drawn[60:120, 276:304] = np.random.default_rng(number).integers(140, 220, (60, 28, 3), np.uint8)
    return drawn


def _cells_shown(folder: Path, *asked: dict[str, Any], blind: bool = False) -> list[NDArray[np.uint8]]:
    """The luma of each cell at the first and at the last frame of a second. ``blind``: what is asked is not known."""
    path = write_clip(folder / "clip.mp4", width=320, height=180, frames=30, rate=Fraction(24), picture=_halves)
    cells = tuple(
        Shot(name="s/1", cell=number, use="clip.mp4", **{"fit": "cover", **({} if blind else one)})
        for number, one in enumerate(asked, 1)
    )
    media = {"clip.mp4": media_of(path)}
    desk = _desk(cells, media, length=Fraction(1))
    desk.surveys = {cell.part: surveyed(path, cell) for cell in cells if needs_survey(cell)}
    raster = Raster(width=640, height=360, rate=RASTER.rate)
    dressing = Dressing(desk=desk, profile=profile_from("web", {}), raster=raster, roll=Roll(lines=(), step=2))
    ((stack,), _) = stacks_from(dressing, _timeline(desk))
    order = PictureOrder(raster=raster, encoding=ENCODING, length_frames=24, stack=stack.layers)
    frames = [composed.canvas.luma.copy() for composed in composed_frames(order, {"clip.mp4": path})]
    windows = [layer.window for layer in stack.layers[1:]]
    return [
        np.stack([one[box.y : box.y + box.height, box.x : box.x + box.width] for one in (frames[0], frames[-1])])
        for box in windows
        if box is not None
    ]


def _of_the_left(luma: NDArray[np.uint8]) -> float:
    """How much of a cell is the clip's left half."""
    return float(np.mean(luma[len(luma) // 2 - 8 : len(luma) // 2 + 8] < 110))


@pytest.mark.parametrize("blind", [False, True])
def test_each_cell_has_a_focus_a_crop_and_a_movement_of_its_own(tmp_path, blind):
    left, auto, part, inside, moved, middle = _cells_shown(
        tmp_path,
        {"focus": (Fraction(0), Fraction(1, 2))},
        {"find_focus": True},
        {"crop": Crop(left=Fraction(0), top=Fraction(20), width=Fraction(140), height=Fraction(140))},
        {"crop": "auto", "focus": (Fraction(0), Fraction(1, 2))},
        {"ken_burns": KenBurns(way="between", first=Place(horizontal="left", size=Fraction(1, 2)),
                               last=Place(horizontal="right", size=Fraction(1, 2)))},
        {},
        blind=blind,
    )  # fmt: skip
    told = [
        _of_the_left(left[0]) > _of_the_left(middle[0]) + 0.04,
        _of_the_left(auto[0]) < _of_the_left(middle[0]) - 0.04,
        _of_the_left(part[0]) == 1,
        int(inside[0, [0, -1]].min()) > 40,
        _of_the_left(moved[0]) > 0.9 and _of_the_left(moved[1]) < 0.1,
    ]
    assert told == [not blind] * 5
    assert 0.4 < _of_the_left(middle[0]) < 0.6


def test_a_cell_is_looked_through_for_as_long_as_its_neighbours_let_it_be_seen(tmp_path):
    for name, frames in (("long.mp4", 60), ("short.mp4", 24)):
        write_clip(
            tmp_path / name,
            width=64,
            height=48,
            frames=frames,
            rate=Fraction(24),
            picture=lambda n: _halves(n)[:48, :64],
        )
    cells = tuple(_cell(name, cell=number, crop="auto") for number, name in enumerate(("long.mp4", "short.mp4"), 1))
    media = {name: media_of(tmp_path / name) for name in ("long.mp4", "short.mp4")}
    desk = _desk(cells, media)
    files = {name: tmp_path / name for name in media}
    sources = Sources(files=files, digests=defaultdict(str), fingerprints=defaultdict(str))
    jobs = survey_jobs(desk.manifest, desk.library, media, sources)
    assert {part: job.frames for part, job in jobs.items()} == {("s/1", 1): 24, ("s/1", 2): 24}


# What changed since the last master

TWO = 'use = "walk"\nin = 2\nfor = 1.5\n'
BOTH = 'use = [{ use = "walk", in = 2 }, "sea"]\nlayout = "split"\nfor = 1.5\n'


@pytest.fixture(scope="module")
def cut(tiny_library: Path, tmp_path_factory: pytest.TempPathFactory) -> Cut:
    made = Cut(tmp_path_factory.mktemp("layouts") / "cut", tiny_library)
    made.rewrite((TWO, BOTH))
    return made


@pytest.mark.parametrize(
    ("pair", "reason", "sound"),
    [
        (('"sea"]', '"sea", "drawing"]'), "drawing.png is seen in it now", None),
        (('"split"', '"pip"'), "layout: split → pip", None),
        (("in = 2 }", "in = 1.5 }"), "layer walk.mp4: in: 0:02 → 0:01.5", None),
        (("in = 2 }", 'in = 2, focus = "left" }'), "layer walk.mp4: place in pixels: ", None),
        (("in = 2 }", "in = 2, ken_burns = true }"), "layer walk.mp4: place in pixels: ", None),
        (('"sea"]', '{ use = "sea", sound = -6 }]'), None, ("changed", "of sea.webm", "-3.01 → -9.01")),
        (('"sea"]', '{ use = "sea", sound = "mute" }]'), None, ("removed", "of sea.webm", "")),
    ],
)
def test_what_changed_in_a_layout_is_told(cut, tmp_path, pair, reason, sound):
    before = cut.master()
    shutil.copytree(cut.folder, tmp_path / "cut")
    later = Cut(tmp_path / "cut")
    later.rewrite(pair)
    after = later.master()
    assert_all_told(before, after)
    changes = changes_between(before, after)
    reasons = [one for shot in changes.shots for one in shot.reasons if shot.shot == "one/3"]
    assert bool(reasons) == (reason is not None)
    assert reason is None or any(one.startswith(reason) for one in reasons), reasons
    if sound is not None:
        kind, what, words = sound
        assert [one.what for one in changes.sounds if one.kind == kind and words in "".join(one.reasons)] == [
            f"one/3's own sound {what}"
        ]
