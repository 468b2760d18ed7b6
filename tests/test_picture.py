"""Pieces read back: the planned source frame on each output frame, and the same bytes wherever they are made."""

from bisect import bisect_right
from fractions import Fraction
from itertools import accumulate, chain, cycle, islice

import pytest
from piece_making import (
    ENCODING,
    RASTER,
    ROUGH,
    codes_in,
    media_of,
    pictures_in,
    rendered,
    shot_order,
    shot_orders,
    shown_in,
    source_of,
)

from crowdcut.conform.sampling import ROUNDING_MAX
from crowdcut.orders import Box, Layer, PictureOrder, Raster, Transition
from crowdcut.plan import Sources, job_for
from examples.makers import coded_picture, write_clip
from farm.crew import Crew
from farm.digests import content_digest
from farm.store import Store

NTSC = Fraction(30000, 1001)
SIZE = {"width": 192, "height": 108}


def _on_screen(starts: list[Fraction], times: list[Fraction], rounding: Fraction) -> list[set[int]]:
    """Which of the pictures that begin at ``starts`` a player has on screen at each time; either of two where a
    boundary is nearer than timestamps are exact."""
    return [{bisect_right(starts, time) - 1, bisect_right(starts, time + rounding) - 1} for time in times]


def _times(start: Fraction | int, count: int, rate: Fraction = RASTER.rate) -> list[Fraction]:
    return [start + number / rate for number in range(count)]


@pytest.mark.parametrize("rate", [Fraction(24), Fraction(25), Fraction(30), Fraction(60), NTSC])
def test_each_frame_shows_what_a_player_has_on_screen(tmp_path, rate):
    frames = int(3 * rate)
    write_clip(tmp_path / "a.mp4", **SIZE, rate=rate, frames=frames, options=ROUGH)
    source = source_of(tmp_path / "a.mp4", start=Fraction("0.9"))
    codes = codes_in(shown_in(shot_order(source, 48), tmp_path, tmp_path / "piece.mp4"))
    wanted = _on_screen([number / rate for number in range(frames)], _times(Fraction("0.9"), 48), Fraction(1, 10_000))
    assert all(code in either for code, either in zip(codes, wanted, strict=True))


def test_each_frame_of_another_programme_rate_too(tmp_path):
    write_clip(tmp_path / "a.mp4", **SIZE, rate=Fraction(24), frames=60, options=ROUGH)
    raster = Raster(width=192, height=108, rate=NTSC)
    source = source_of(tmp_path / "a.mp4", raster=raster)
    codes = codes_in(shown_in(shot_order(source, 70, raster=raster), tmp_path, tmp_path / "piece.mp4"))
    assert codes == [int(time * 24) for time in _times(0, 70, NTSC)]


@pytest.mark.parametrize(("name", "codec"), [("a.webm", "libvpx"), ("a.mkv", "libx264")])
def test_times_kept_in_milliseconds_lose_no_frame(tmp_path, name, codec):
    options = ROUGH if codec == "libx264" else None
    write_clip(tmp_path / name, **SIZE, rate=Fraction(24), frames=48, codec=codec, options=options)
    codes = codes_in(shown_in(shot_order(source_of(tmp_path / name), 48), tmp_path, tmp_path / "piece.mp4"))
    assert codes == list(range(48))


@pytest.mark.parametrize(("name", "ticks_a_second"), [("a.mp4", 600), ("a.webm", 1000)])
def test_an_uneven_rate(tmp_path, name, ticks_a_second):
    holds = [ticks_a_second // 24, ticks_a_second // 12, ticks_a_second // 60, ticks_a_second // 5]
    codec = "libvpx" if name.endswith("webm") else "libx264"
    write_clip(
        tmp_path / name, **SIZE, frames=40, codec=codec, hold_ticks=holds, ticks_a_second=ticks_a_second,
        rate=Fraction(ticks_a_second) if codec == "libx264" else Fraction(25),
    )  # fmt: skip
    media = media_of(tmp_path / name)
    assert media.picture is not None
    assert not media.picture.constant
    codes = codes_in(shown_in(shot_order(source_of(tmp_path / name), 60), tmp_path, tmp_path / "piece.mp4"))
    ticks = accumulate(islice(chain([0], cycle(holds)), 40))
    starts = [Fraction(tick, ticks_a_second) for tick in ticks]
    wanted = _on_screen(starts, _times(0, 60), ROUNDING_MAX)
    assert all(code in either for code, either in zip(codes, wanted, strict=True))


@pytest.mark.parametrize(
    ("name", "codec"),
    [
        ("a.mp4", "libx264"),
        ("a.mkv", "libx264"),
        ("a.webm", "libvpx"),
        ("a.ts", "libx264"),
        ("a.mpg", "mpeg2video"),
        ("a.avi", "mpeg4"),
    ],
)
def test_a_start_deep_in_a_clip_is_found_in_every_container(tmp_path, name, codec):
    options = ROUGH if codec == "libx264" else None if codec == "libvpx" else {"b": "2M"}
    write_clip(tmp_path / name, **SIZE, frames=230, codec=codec, options=options)
    source = source_of(tmp_path / name, start=Fraction("7.48"))
    codes = codes_in(shown_in(shot_order(source, 24), tmp_path, tmp_path / "piece.mp4"))
    wanted = _on_screen([Fraction(number, 25) for number in range(230)], _times(Fraction("7.48"), 24), ROUNDING_MAX)
    assert all(code in either for code, either in zip(codes, wanted, strict=True))


def test_a_long_shot_goes_on_where_it_was_cut(tmp_path):
    write_clip(tmp_path / "a.mp4", **SIZE, rate=Fraction(24), frames=330, options=ROUGH)
    orders = shot_orders(source_of(tmp_path / "a.mp4", start=Fraction(1, 2)), 310)
    assert [order.length_frames for order in orders] == [240, 70]
    codes = [
        code
        for number, order in enumerate(orders)
        for code in codes_in(shown_in(order, tmp_path, tmp_path / f"piece{number}.mp4"))
    ]
    assert codes == list(range(12, 322))


def test_a_clip_holds_its_last_picture_for_the_grace_of_a_frame(tmp_path):
    write_clip(tmp_path / "a.mp4", **SIZE, frames=25, options=ROUGH)
    codes = codes_in(shown_in(shot_order(source_of(tmp_path / "a.mp4"), 25), tmp_path, tmp_path / "piece.mp4"))
    assert codes[-2:] == [23, 24]


def test_facts_tell_the_source_frame_of_each_output_frame(tmp_path):
    write_clip(tmp_path / "a.mp4", **SIZE, frames=50, options=ROUGH)
    facts = rendered(shot_order(source_of(tmp_path / "a.mp4"), 24), tmp_path, tmp_path / "piece.mp4")
    media = media_of(tmp_path / "a.mp4")
    assert media.picture is not None
    assert media.picture.time_base is not None
    (shown,) = facts["shown"]
    told = [(tick * media.picture.time_base - media.picture.start) * 25 for tick, _ in shown]
    assert told == codes_in(pictures_in(tmp_path / "piece.mp4"))
    assert all(after > tick for tick, after in shown)
    assert (facts["frames"], len(facts["packets"])) == (24, 24)


def test_a_piece_has_the_same_bytes_each_time_and_in_each_process(tmp_path, tiny_library):
    walk, sea = (
        source_of(tiny_library / "walk.mp4", fit="blur"),
        source_of(tiny_library / "sea.webm", fit="blur", start=1),
    )
    drawing = source_of(tiny_library / "drawing.png", region=Box(x=100, y=20, width=60, height=44))
    order = PictureOrder(
        raster=RASTER,
        encoding=ENCODING,
        length_frames=20,
        stack=(Layer(source=walk, length_frames=40),),
        transition=Transition(
            kind="dissolve", age_frames=0, length_frames=20, leaving=(Layer(source=sea, length_frames=20),)
        ),
        over=(Layer(source=drawing, length_frames=30, fade_in_frames=5, opacity=0.7),),
    )
    facts = [rendered(order, tiny_library, tmp_path / f"piece{number}.mp4") for number in range(2)]
    files = {path.name: path for path in tiny_library.iterdir()}
    sources = Sources(
        files=files,
        digests={path: content_digest(path) for path in files.values()},
        fingerprints={"renderers.picture": ""},
    )
    job = job_for("picture", order, sources, files=files, label="piece")
    store = Store(tmp_path / "store")
    with Crew(store, workers=1, listener=lambda event: None) as crew:
        outcome = crew.run([job])
    assert outcome.failed == {}
    stored = store.made(job.key)
    digests = {content_digest(path) for path in (tmp_path / "piece0.mp4", tmp_path / "piece1.mp4", stored.file)}
    assert len(digests) == 1
    assert facts[0] == facts[1] == stored.facts


@pytest.mark.parametrize("fit", ["contain", "cover"])
def test_a_film_that_changes_size_on_the_way_is_shown_throughout(tmp_path, fit):
    parts = []
    for number, (width, height) in enumerate([(256, 192), (320, 240)]):
        picture = coded_picture(width, height, first=100 * number)
        part = write_clip(
            tmp_path / f"{number}.mpg", width=width, height=height, frames=24, rate=Fraction(24), picture=picture,
            codec="mpeg2video", options={"b": "4M"}, gop_frames=12,
        )  # fmt: skip
        parts.append(part.read_bytes())
    (tmp_path / "both.mpg").write_bytes(b"".join(parts))
    source = source_of(tmp_path / "both.mpg", fit=fit)
    assert (source.picture.width, source.picture.height) == (256, 192)
    assert source.picture.frames >= 46  # a picture may be lost where the two meet
    pictures = shown_in(shot_order(source, 40), tmp_path, tmp_path / "piece.mp4")
    assert len(pictures) == 40
    if fit == "contain":
        assert codes_in(pictures[2:20]) == list(range(2, 20))
        last = codes_in(pictures[-8:])
        assert last == list(range(last[0], last[0] + 8))
        assert last[0] in (108, 109)
