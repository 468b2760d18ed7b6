"""What a contributed film or sound really is, and what is refused in words."""

import random
import re
import struct
import zlib
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
import pytest
from film_making import SIZE, picture, write_film
from PIL import Image

from crowdcut.media import Media
from crowdcut.orders import ExamineOrder
from crowdcut.records import record_from
from renderers import examine
from renderers.examine import examined, run
from renderers.files.marks import marks_of
from renderers.files.streams import is_hidden, turn_from_matrix
from renderers.job import Input

MILLISECOND = Fraction(1, 1000)
ONE = 1 << 16


def test_a_plain_film(tmp_path: Path):
    path = write_film(tmp_path / "plain.mp4", sound="aac")
    out = tmp_path / "out"
    media = record_from(run(ExamineOrder(suffix=".mp4"), {"file": Input(path=path)}, out), Media)
    assert not out.exists()
    assert (media.kind, media.container, media.remarks, media.refusal) == ("video", "mov", (), None)
    assert media.picture is not None
    assert (media.picture.width, media.picture.height) == SIZE
    assert (media.picture.frames, media.picture.rate, media.picture.duration) == (25, 25, 1)
    assert media.picture.constant
    assert (media.picture.rotation, media.picture.sar, media.picture.interlaced) == (0, 1, None)
    assert media.sound is not None
    assert (media.sound.rate, media.sound.layout, media.sound.start) == (48_000, "mono", 0)
    assert abs(media.sound.duration - 1) < Fraction(1, 20)


def test_content_decides_not_the_name(tmp_path: Path):
    path = write_film(tmp_path / "film.mp4")
    assert examined(path.rename(tmp_path / "portrait.jpg"), ".jpg").kind == "video"


@pytest.mark.parametrize("suffix", [".mp4", ".mov", ".mkv", ".avi"])
def test_a_film_that_begins_as_one_is_what_all_readers_say_it_is(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, suffix: str
):
    path = write_film(tmp_path / f"film{suffix}", frames=5)
    asked: list[str] = []
    load = examine.import_module
    monkeypatch.setattr(examine, "import_module", lambda name: asked.append(name) or load(name))
    quick = examined(path, suffix)
    assert asked == ["renderers.sources.video_examine"]
    monkeypatch.setattr(examine, "_FILM", re.compile(b"(?!)"))
    assert examined(path, suffix) == quick
    assert len(asked) > 2


def test_variable_rate_is_measured(tmp_path: Path):
    path = write_film(tmp_path / "v.mkv", ticks=[0, 40, 80, 400, 440, 1000], time_base=MILLISECOND)
    found = examined(path, ".mkv").picture
    assert found is not None
    assert not found.constant
    assert (found.frames, found.duration) == (6, Fraction(26, 25))
    assert found.rate == 6 / Fraction(26, 25)


@pytest.mark.parametrize("sar", [Fraction(4, 3), Fraction(64, 45), Fraction(2, 3)])
def test_sample_aspect_ratio(tmp_path: Path, sar: Fraction):
    found = examined(write_film(tmp_path / "s.mp4", sar=sar, frames=3), ".mp4").picture
    assert found is not None
    assert found.sar == sar


@pytest.mark.parametrize("first", ["tff", "bff"])
def test_field_order(tmp_path: Path, first: str):
    found = examined(write_film(tmp_path / "i.mp4", options={"x264-params": f"{first}=1"}, frames=5), ".mp4").picture
    assert found is not None
    assert found.interlaced == first


MATRICES = [
    (turn, mirrored, matrix)
    for mirrored in (False, True)
    for turn, matrix in {0: (1, 0, 0, 1), 90: (0, 1, -1, 0), 180: (-1, 0, 0, -1), 270: (0, -1, 1, 0)}.items()
]


@pytest.mark.parametrize(("turn", "mirrored", "matrix"), MATRICES)
def test_display_matrix(tmp_path: Path, turn: int, mirrored: bool, matrix: tuple[int, int, int, int]):
    a, b, c, d = (value * ONE for value in matrix)
    if mirrored:
        # The flip left to right comes first: x is negated before the turn's x coefficients apply.
        a, b = -a, -b
    full = (a, b, 0, c, d, 0, 0, 0, 1 << 30)
    assert turn_from_matrix(full) == (turn, mirrored, True)
    found = examined(write_film(tmp_path / "r.mp4", matrix=full, frames=2), ".mp4").picture
    assert found is not None
    assert (found.rotation, found.mirrored) == (turn, mirrored)


def test_an_odd_angle_is_rounded_and_remarked(tmp_path: Path):
    cos, sin = round(0.96 * ONE), round(0.28 * ONE)
    path = write_film(tmp_path / "r.mp4", matrix=(cos, sin, 0, -sin, cos, 0, 0, 0, 1 << 30), frames=2)
    media = examined(path, ".mp4")
    assert media.picture is not None
    assert media.picture.rotation == 0
    assert "no quarter" in media.remarks[0]


def test_alpha_beside_the_picture_is_found(tmp_path: Path):
    path = write_film(
        tmp_path / "a.webm", codec="libvpx-vp9", pixel_format="yuva420p", metadata={"alpha_mode": "1"}, frames=3
    )
    found = examined(path, ".webm").picture
    assert found is not None
    assert found.alpha
    assert (found.codec, found.pixel_format) == ("vp9", "yuva420p")


@pytest.mark.parametrize(
    ("codec", "data", "hidden"),
    [
        ("vp8", b"\x10\x00", False),
        ("vp8", b"\x00\x00", True),
        ("vp9", bytes([0b10000010, 0]), False),
        ("vp9", bytes([0b10000000, 0]), True),
        ("vp9", bytes([0b10001000, 0]), False),  # shows a picture that is already there
        ("vp9", bytes([0b10000000, 0b11000001]), False),  # a superframe
        ("h264", b"\x00\x00", False),
    ],
)
def test_pictures_that_are_never_shown(codec: str, data: bytes, hidden: bool):
    assert is_hidden(codec, data) is hidden


def test_timestamps_that_go_back_are_not_believed(tmp_path: Path):
    # AVI keeps no presentation times, so pictures that lean on later ones come back in a wrong order.
    path = write_film(tmp_path / "b.avi", options={"x264-params": "bframes=3:b-adapt=0:b-pyramid=normal"}, frames=40)
    media = examined(path, ".avi")
    assert media.picture is not None
    assert media.picture.count_frames
    assert (media.picture.frames, media.picture.rate, media.picture.duration) == (40, 25, Fraction(8, 5))
    assert "counted" in media.remarks[0]


def test_a_file_cut_off_after_its_index_plays_as_far_as_it_goes(tmp_path: Path):
    path = write_film(tmp_path / "whole.mp4", frames=200, container_options={"movflags": "+faststart"})
    path.write_bytes(path.read_bytes()[: path.stat().st_size * 2 // 3])
    media = examined(path, ".mp4")
    assert media.picture is not None
    assert 50 < media.picture.frames < 190
    assert media.picture.duration < 8
    assert any("header says 8.0 s" in remark for remark in media.remarks)


def test_a_file_cut_off_before_its_index_is_refused(tmp_path: Path):
    path = write_film(tmp_path / "whole.mp4", frames=50)
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])
    media = examined(path, ".mp4")
    assert media.refusal is not None
    assert "index is missing" in media.refusal


def test_a_lying_header_is_remarked(tmp_path: Path):
    path = write_film(tmp_path / "lie.mkv")
    data = path.read_bytes()
    place = data.index(b"\x44\x89\x88") + 3  # Matroska's Duration, a double
    path.write_bytes(data[:place] + struct.pack(">d", 3_600_000.0) + data[place + 8 :])
    media = examined(path, ".mkv")
    assert media.duration == 1
    assert media.remarks == ("its header says 3600.0 s, but it lasts 1.0 s",)


def _write_cover_and_tone(path: Path, *, marked: bool) -> Path:
    """A sound file with one picture in it, which is marked as its cover or only looks like one."""
    with av.open(str(path), "w") as container:
        tone = container.add_stream("flac", rate=48_000, layout="mono")
        cover = container.add_stream("mjpeg", rate=25)
        cover.width, cover.height, cover.pix_fmt = *SIZE, "yuvj420p"
        if marked:
            cover.disposition = av.stream.Disposition.attached_pic
        container.mux(cover.encode(picture(0, "yuvj420p")))
        container.mux(cover.encode(None))
        frame = av.AudioFrame.from_ndarray(np.zeros((1, 48_000), np.int16), format="s16", layout="mono")
        frame.sample_rate, frame.pts = 48_000, 0
        container.mux(tone.encode(frame))
        container.mux(tone.encode(None))
    return path


@pytest.mark.parametrize("marked", [True, False])
def test_a_cover_is_not_the_picture(tmp_path: Path, marked: bool):
    media = examined(_write_cover_and_tone(tmp_path / "song.mkv", marked=marked), ".mkv")
    assert (media.kind, media.picture) == ("audio", None)
    assert media.duration == 1


def test_sound_without_a_decoder_is_remarked(tmp_path: Path):
    path = write_film(tmp_path / "s.mp4", sound="aac")
    path.write_bytes(path.read_bytes().replace(b"mp4a", b"ac-4").replace(b"esds", b"dac4"))
    media = examined(path, ".mp4")
    assert media.kind == "video"
    assert media.sound is None
    assert media.remarks == ("its sound (Dolby AC-4) cannot be decoded",)


def test_a_silent_header_is_refused(tmp_path: Path):
    path = write_film(tmp_path / "s.mp4", frames=3)
    path.write_bytes(path.read_bytes().replace(b"avc1", b"zzz1"))
    media = examined(path, ".mp4")
    assert media.refusal is not None
    assert "picture" in media.refusal


def _boxed(name: bytes, content: bytes) -> bytes:
    return struct.pack(">I", len(content) + 8) + name + content


@pytest.mark.parametrize(
    ("index", "word"),
    [
        (_boxed(b"schm", b"\0\0\0\0cenc\0\1\0\0"), "encrypted"),
        (_boxed(b"dvcC", bytes([1, 0, 5 << 1, 0b101])), "Dolby Vision profile 5"),
    ],
)
def test_what_no_decoder_can_do_right_is_refused_by_name(tmp_path: Path, index: bytes, word: str):
    path = tmp_path / "locked.mp4"
    path.write_bytes(_boxed(b"ftyp", b"isom\0\0\0\0") + _boxed(b"moov", index))
    media = examined(path, ".mp4")
    assert media.refusal is not None
    assert word in media.refusal


def test_marks_end_with_a_made_up_chain_of_boxes(tmp_path: Path):
    path = tmp_path / "chain.mp4"
    path.write_bytes(_boxed(b"ftyp", b"isom") + _boxed(b"free", b"") * 100_000 + b"\0\0\0\1mdat" + b"\xff" * 8)
    assert not marks_of(path).unfinished
    assert examined(path, ".mp4").refusal is not None


def test_marks_end_with_a_box_that_no_file_has_room_for(tmp_path: Path):
    path = write_film(tmp_path / "wide.mp4", frames=3)
    wide = struct.pack(">I4sQ", 1, b"free", (1 << 63) + 7)
    path.write_bytes(_boxed(b"ftyp", b"isom\0\0\0\0") + wide + path.read_bytes())
    assert marks_of(path).unfinished
    assert examined(path, ".mp4").refusal is not None


@pytest.mark.parametrize(
    ("data", "word"),
    [
        (b"%PDF-1.7\0", "PDF"),
        (b"PK\x03\x04\x14\0", "ZIP"),
        (b"\x1f\x8b\x08\0", "gzip"),
        (bytes(range(256)) * 20, "read"),
        (b"\0" * 5000, "read"),
    ],
)
def test_what_is_no_media_is_refused(tmp_path: Path, data: bytes, word: str):
    path = tmp_path / "thing.mp4"
    path.write_bytes(data)
    media = examined(path, ".mp4")
    assert media.kind is None
    assert media.refusal is not None
    assert word in media.refusal


def _bomb() -> bytes:
    """A PNG that says it is 60,000 pixels wide and high."""
    header = struct.pack(">IIBBBBB", 60_000, 60_000, 8, 6, 0, 0, 0)
    chunks = [(b"IHDR", header), (b"IDAT", zlib.compress(b"\0" * 1000)), (b"IEND", b"")]
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data)) for name, data in chunks
    )


def test_bombs_are_refused(tmp_path: Path):
    path = tmp_path / "bomb.png"
    path.write_bytes(_bomb())
    assert "megapixels" in (examined(path, ".png").refusal or "")
    Image.new("1", (17_000, 2)).save(path)
    assert "16384" in (examined(path, ".png").refusal or "")
    frames = [Image.new("1", (4_000, 4_500), number % 2) for number in range(2)]
    frames[0].save(path.with_suffix(".gif"), save_all=True, append_images=frames[1:])
    assert "too large for an animation" in (examined(path.with_suffix(".gif"), ".gif").refusal or "")


@pytest.mark.parametrize("suffix", [".mp4", ".mkv", ".png", ".gif", ".jpg", ".webp", ".tif"])
def test_damaged_files_are_examined_or_refused(tmp_path: Path, suffix: str):
    good = tmp_path / f"good{suffix}"
    if suffix in (".mp4", ".mkv"):
        write_film(good, frames=5, sound="aac")
    else:
        images = [Image.fromarray(picture(number).to_ndarray(format="rgb24")) for number in range(3)]
        extra = {"save_all": True, "append_images": images[1:]} if suffix in (".gif", ".png", ".webp") else {}
        images[0].save(good, **extra)
    data = good.read_bytes()
    chance = random.Random(suffix)
    for number in range(25):
        bad = bytearray(data)
        for _ in range(chance.randint(1, 20)):
            bad[chance.randrange(len(bad))] = chance.randrange(256)
        path = tmp_path / f"{number}{suffix}"
        path.write_bytes(bad[: chance.choice([len(bad), len(bad) * 3 // 4])])
        media = examined(path, suffix)
        assert (media.kind is not None) != (media.refusal is not None)


def test_a_box_larger_than_any_file_is_no_crash(tmp_path: Path):
    path = tmp_path / "a.mp4"
    path.write_bytes(b"\0\0\0\1free" + (2**64 - 1).to_bytes(8) + bytes(100))
    assert examined(path, ".mp4").refusal
