"""Film in 2:3 pulldown, woven or flagged: found by measuring, and brought back to its own pictures, none combed."""

from collections.abc import Callable
from dataclasses import replace
from fractions import Fraction
from pathlib import Path
from typing import Any, Literal

import av
import numpy as np
import pytest
from numpy.typing import NDArray
from piece_making import RASTER, Planes, codes_in, media_of, rendered, shot_order, shot_orders, shown_in, source_of

from crowdcut.conform.as_read import as_read
from crowdcut.conform.record import measured, record_for
from crowdcut.conform.sampling import as_shown
from crowdcut.conform.scan import telecine_of
from crowdcut.library import ReadAs
from crowdcut.media import Cadence
from crowdcut.orders import Video
from examples.makers import coded_picture, write_clip

SIZE = {"width": 192, "height": 128}
FINE = {"preset": "veryfast", "crf": "6"}
VIDEO, FILM = Fraction(30_000, 1001), Fraction(24_000, 1001)
Order = Literal["tff", "bff"]
Picture = NDArray[np.uint8]
Draw = Callable[[int], Picture]

CODED = coded_picture(**SIZE)


def moving(number: int) -> Picture:
    """The coded chart, and a bar that runs over a plain ground."""
    drawn = CODED(number).copy()
    drawn[80:124] = 60
    drawn[80:124, number * 5 % 160 : number * 5 % 160 + 24] = (210, 190, 60)
    return drawn


def field_of(number: int, phase: int = 0) -> int:
    """The film picture of a field in 2:3 pulldown, whose first cycle began ``phase`` fields before."""
    cycle, place = divmod(number + phase, 5)
    return 2 * cycle + (place >= 2)


def woven(first: Picture, second: Picture, order: Order) -> Picture:
    top, bottom = (first, second) if order == "tff" else (second, first)
    made = top.copy()
    made[1::2] = bottom[1::2]
    return made


def telecined(film: Draw, order: Order = "tff", phase: int = 0) -> Draw:
    """Pictures of 29.97 a second that are woven of film's."""
    return lambda number: woven(*(film(field_of(2 * number + one, phase)) for one in (0, 1)), order)


def clip(path: Path, picture: Draw, header: Order | None = None, **more: Any) -> Path:
    """A clip of pictures that are woven already."""
    told = {"frames": 60, "options": FINE, "rate": VIDEO, **more}
    draw = (lambda field: picture(field // 2)) if header else picture
    return write_clip(path, **SIZE, picture=draw, interlaced=header, **told)


def source_at(path: Path, start: Fraction = Fraction(0), rate: Fraction = FILM) -> Video:
    source = source_of(path, start=start, raster=replace(RASTER, height=128, rate=rate))
    assert isinstance(source, Video)
    return source


def shown(source: Video, frames: int, folder: Path, rate: Fraction = FILM) -> list[Planes]:
    return shown_in(
        shot_order(source, frames, raster=replace(RASTER, height=128, rate=rate)), folder, folder / "piece.mp4"
    )


def combing(pictures: list[Planes]) -> float:
    """How far lines are from the mean of their neighbours in the worst picture, codes."""

    def one(luma: NDArray[np.uint8]) -> float:
        lines = luma[84:120].astype(float)
        return float(np.abs(lines[1:-1] - (lines[:-2] + lines[2:]) / 2).mean())

    return max(one(luma) for luma, _, _ in pictures)


@pytest.mark.parametrize(("order", "header"), [("tff", "tff"), ("bff", "bff"), ("tff", None), ("bff", "tff")])
def test_each_frame_is_a_whole_film_picture(tmp_path: Path, order: Order, header: Order | None):
    source = source_at(clip(tmp_path / "a.mp4", telecined(moving, order), header))
    assert (source.conversion.telecine, source.conversion.field_order) == ("hard", order)
    pictures = shown(source, 40, tmp_path)
    assert codes_in(pictures) == list(range(40))
    assert combing(pictures) < 1
    off = replace(source, conversion=replace(source.conversion, telecine=None))
    pictures = shown(off, 40, tmp_path)
    assert codes_in(pictures) != list(range(40))
    assert combing(pictures) > 3


@pytest.mark.parametrize("phase", [1, 2, 3, 4])
def test_wherever_in_its_cadence_it_begins(tmp_path: Path, phase: int):
    source = source_at(clip(tmp_path / "a.mkv", telecined(moving, phase=phase)))
    found = codes_in(shown(source, 40, tmp_path))
    # The first picture may be half of one whose other field was cut away.
    assert found[1:] == list(range(found[1] or 0, (found[1] or 0) + 39))


@pytest.mark.parametrize(("name", "codec"), [("a.mpg", "mpeg2video"), ("a.ts", "libx264"), ("a.mkv", "libx264")])
def test_the_same_pictures_wherever_a_piece_begins(tmp_path: Path, name: str, codec: str):
    options = FINE if codec == "libx264" else {"b": "6M"}
    path = clip(tmp_path / name, telecined(moving), "tff", codec=codec, options=options, frames=150, gop_frames=12)
    raster = replace(RASTER, height=128, rate=FILM)
    for start in (Fraction("2.6"), Fraction("4.1")):
        wanted = [int((start + Fraction(1, 1000)) * FILM) + number for number in range(12)]
        assert codes_in(shown(source_at(path, start), 12, tmp_path)) == wanted
    source = source_at(path)
    first = replace(shot_orders(source, 118, raster)[0], length_frames=118)
    whole = codes_in(shown_in(first, tmp_path, tmp_path / "whole.mp4"))
    assert whole == list(range(118))


def test_film_that_was_cut_after_its_telecine(tmp_path: Path):
    kept = [*range(34), *range(36, 71), *range(74, 110)]
    cut = telecined(moving)
    pictures = shown(source_at(clip(tmp_path / "a.mp4", lambda number: cut(kept[number]), frames=105)), 83, tmp_path)
    assert combing(pictures) < 1
    found = [code for code in codes_in(pictures) if code is not None]
    assert len(found) >= 82
    steps = np.diff(found)
    # Nothing goes back; each cut may cost a picture or repeat one.
    assert steps.min() >= 0
    assert (steps == 1).sum() >= 76


def test_where_it_is_no_film_it_is_deinterlaced_and_counted(tmp_path: Path):
    film = telecined(moving)

    def titled(number: int) -> Picture:
        """From picture 40 on a title runs through it, another place in each field."""
        drawn = film(number).copy()
        for field in (0, 1) if number >= 40 else ():
            place = 150 - (2 * number + field) % 50 * 3
            drawn[4 + field : 40 : 2, place : place + 30] = 235
        return drawn

    path = clip(tmp_path / "a.mp4", titled)
    source = source_at(path)
    assert source.conversion.telecine == "hard"
    order = shot_order(source, 40, raster=replace(RASTER, height=128, rate=FILM))
    facts = rendered(order, tmp_path, tmp_path / "piece.mp4")
    assert 0.1 < facts["combed_share"] < 0.3
    record = measured(record_for(media_of(path), source, FILM), [facts])
    assert any("no whole film pictures: these are deinterlaced" in words for words in record.cost)
    assert any("hard telecine" in words for words in record.found)


def test_video_is_not_taken_for_film(tmp_path: Path):
    def video(number: int) -> Picture:
        return woven(moving(2 * number), moving(2 * number + 1), "tff")

    for name, picture, rate in (("a", video, VIDEO), ("b", moving, VIDEO), ("c", telecined(moving), Fraction(25))):
        found = media_of(clip(tmp_path / f"{name}.mp4", picture, "tff", rate=rate)).picture
        assert found is not None
        assert telecine_of(found) is None
        assert not (found.cadence or Cadence()).tff


def test_the_librarys_word(tmp_path: Path):
    picture = media_of(clip(tmp_path / "a.mp4", telecined(moving))).picture
    assert picture is not None
    assert telecine_of(as_read(picture, ReadAs(interlaced="tff"))) is None
    assert telecine_of(as_read(replace(picture, cadence=None), ReadAs(interlaced="telecine"))) == "hard"
    slow = as_read(replace(picture, rate=Fraction(25)), ReadAs(interlaced="telecine"))
    assert telecine_of(slow) is None


def write_flagged(path: Path, frames: int = 48, between: int = 0) -> Path:
    """Film as MPEG-2 has it on discs: progressive pictures, of which each other one repeats a field (ISO/IEC 13818-2,
    6.2.2.3 and 6.2.3.1; FFmpeg writes no such flags). ``between``: B pictures in a row, two at most."""
    with av.open(str(path), "w") as container:
        stream = container.add_stream("mpeg2video", rate=VIDEO)
        stream.width, stream.height, stream.pix_fmt, stream.time_base = 192, 128, "yuv420p", 1 / (2 * VIDEO)
        stream.codec_context.options = {"b": "4M", "bf": str(between)}
        drawn = [av.VideoFrame.from_ndarray(moving(number), format="rgb24") for number in range(frames)]
        for number, frame in enumerate(drawn):
            frame.pts, frame.time_base = number, 1 / VIDEO
        coded = [packet for frame in (*drawn, None) for packet in stream.encode(frame)]
        for order, packet in enumerate(coded):
            number = packet.pts or 0
            data, place = bytearray(bytes(packet)), 0
            while (place := data.find(b"\0\0\1\xb5", place) + 4) > 3:
                if data[place] >> 4 == 1:
                    data[place + 1] &= ~0x08  # progressive_sequence
                if data[place] >> 4 == 8:
                    flags = (0x82, 0x00, 0x02, 0x80)[number % 4]  # top_field_first, repeat_first_field
                    data[place + 3] = data[place + 3] & ~0x82 | flags
            flagged = av.Packet(bytes(data))
            flagged.stream, flagged.time_base, flagged.is_keyframe = stream, 1 / (2 * VIDEO), packet.is_keyframe
            flagged.pts, decoded = (one // 2 * 5 + one % 2 * 3 for one in (number, order))
            flagged.dts = decoded - (5 if between else 0)
            container.mux(flagged)
    return path


@pytest.mark.parametrize("name", ["a.mpg", "a.mkv", "a.ts"])
def test_flagged_film_is_shown_evenly(tmp_path: Path, name: str):
    source = source_at(write_flagged(tmp_path / name), Fraction(11, 240))
    assert (source.conversion.telecine, source.conversion.deinterlace) == ("soft", False)
    picture = as_shown(source.picture, source.conversion)
    assert (picture.rate, picture.frames, picture.constant) == (FILM, 48, True)
    # By their flags, each other picture is held for a third field, in which these frames fall.
    assert codes_in(shown(source, 40, tmp_path)) == list(range(1, 41))
    off = replace(source, conversion=replace(source.conversion, telecine=None))
    assert codes_in(shown(off, 40, tmp_path)) != list(range(1, 41))


def test_flagged_film_without_a_timestamp_for_each_picture(tmp_path: Path):
    """As on discs: small pictures share a packet of the file, and its one timestamp."""
    path = write_flagged(tmp_path / "a.mpg", between=2)
    source = source_at(path)
    assert (source.picture.count_frames, source.picture.rate, source.picture.frames) == (True, FILM, 48)
    assert codes_in(shown(source, 40, tmp_path)) == list(range(40))
