"""What a library says of a file holds instead of what the file says: each word, read back from what is rendered."""

from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest
from desk_making import Told, desk_for, film, scene
from hypothesis import given
from hypothesis import strategies as st
from manifest_making import short
from piece_making import MIDDLE, RASTER, Planes, bt709, codes_in, media_of, pictures_in, shot_order, shown_in

from crowdcut.conform.as_read import as_read, library_read, media_as_read
from crowdcut.conform.conversion import conversion_for
from crowdcut.conform.geometry import whole_raster
from crowdcut.conform.record import record_for
from crowdcut.contributions import ReadAs
from crowdcut.cut.lengths import shot_frames
from crowdcut.library import library_from
from crowdcut.media import Media, Picture
from crowdcut.orders import Animation, Box, Still, Video
from crowdcut.sound.orders import PrepareOrder
from examples.makers import clicks, coded_picture, write_animation, write_clip, write_still
from renderers.job import Input
from renderers.picture import run as render
from renderers.prepare import run as prepare

FINE = {"preset": "veryfast", "crf": "6"}
SIZE = {"width": 192, "height": 108}
EVERYTHING = (
    'rotation = 90, mirror = true, sar = "64:45", rate = "24000/1001", interlaced = false, matrix = "bt601", '
    'primaries = "p3", transfer = "hlg", range = "full", alpha = "none", start = "-0:00.5"'
)


def _half(colour: tuple[int, int, int], other: tuple[int, int, int] = (20, 20, 20)) -> np.ndarray:
    """A picture whose left half is one colour and whose right half another."""
    drawn = np.empty((108, 192, 3), np.uint8)
    drawn[:, :96], drawn[:, 96:] = colour, other
    return drawn


def _shown(path: Path, read_as: ReadAs, frames: int = 1, start: Fraction | int = 0) -> list[Planes]:
    """What a film shows of a file that is read so."""
    media = media_as_read(media_of(path), read_as)
    picture = media.picture
    assert picture is not None
    region: Box = whole_raster(RASTER)
    ground = (0, 0, 0)
    conversion = conversion_for(picture, fit="contain", focus=MIDDLE, region=region, flatten=ground)
    if media.kind == "still":
        order = shot_order(Still(file=path.name, picture=picture, conversion=conversion), frames)
    elif media.kind == "animation":
        source = Animation(file=path.name, picture=picture, start=Fraction(start), conversion=conversion)
        order, out = shot_order(source, frames), path.with_suffix(".piece.mp4")
        render(order, {path.name: Input(path=path)}, out)
        return pictures_in(out)
    else:
        order = shot_order(Video(file=path.name, picture=picture, start=Fraction(start), conversion=conversion), frames)
    return shown_in(order, path.parent, path.with_suffix(".piece.mp4"))


def _luma(path: Path, read_as: ReadAs) -> np.ndarray:
    return _shown(path, read_as)[0][0]


def test_every_word_is_read(tmp_path: Path):
    (tmp_path / "a.mov").touch()
    (tmp_path / "contributions.toml").write_text(
        f'[[contribution]]\nid = "a"\nfile = "a.mov"\nread_as = {{ {EVERYTHING} }}\n', encoding="utf-8"
    )
    library, findings = library_from((tmp_path,))
    assert findings == ()
    assert library.contributions["a"].read_as == ReadAs(
        rotation=90, mirror=True, sar=Fraction(64, 45), rate=Fraction(24000, 1001), interlaced="progressive",
        matrix="bt601", primaries="p3", transfer="hlg", range="full", alpha="none", start=Fraction(-1, 2),
    )  # fmt: skip


def test_the_same_words_in_a_spreadsheet(tmp_path: Path):
    (tmp_path / "a.mov").touch()
    cell = "mirror=yes; sar=4:3; rate=25; interlaced=false; range=full; start=-0.5"
    (tmp_path / "contributions.csv").write_text(f"file,read_as\na.mov,{cell}\n", encoding="utf-8")
    library, findings = library_from((tmp_path,))
    assert findings == ()
    assert library.contributions["a.mov"].read_as == ReadAs(
        mirror=True,
        sar=Fraction(4, 3),
        rate=Fraction(25),
        interlaced="progressive",
        range="full",
        start=Fraction(-1, 2),
    )


@pytest.mark.parametrize(
    "wrong",
    ["sar = 0", 'sar = "9:0"', "sar = 100", 'rate = "1000"', "interlaced = true", 'matrix = "709"', 'range = "pc"',
     'start = "soon"', "mirror = 1", 'alpha = "maybe"', 'transfer = "gamma"', 'primaries = "bt601"'],
)  # fmt: skip
def test_what_is_no_such_word_is_a_finding(tmp_path: Path, wrong: str):
    (tmp_path / "a.mov").touch()
    (tmp_path / "contributions.toml").write_text(
        f'[[contribution]]\nid = "a"\nfile = "a.mov"\nread_as = {{ {wrong} }}\n', encoding="utf-8"
    )
    (finding,) = short(library_from((tmp_path,))[1])
    assert finding[0] in ("wrong-value", "wrong-type")
    assert finding[1:] == (4, wrong.split()[0])


@given(
    st.builds(
        ReadAs,
        rotation=st.sampled_from([None, 0, 90]),
        mirror=st.sampled_from([None, True, False]),
        rate=st.sampled_from([None, Fraction(24), Fraction(30000, 1001)]),
        interlaced=st.sampled_from([None, "tff", "progressive"]),
        range=st.sampled_from([None, "full", "limited"]),
    ),
    st.booleans(),
)
def test_a_picture_read_twice_is_what_it_was_once(read_as: ReadAs, constant: bool):
    picture = film().picture
    assert picture is not None
    picture = replace(picture, constant=constant, pixel_format="yuvj420p", interlaced="bff")
    once = as_read(picture, read_as)
    assert as_read(once, read_as) == once
    assert as_read(picture, ReadAs()) is picture


def test_rotation(tmp_path: Path):
    path = write_clip(tmp_path / "a.mp4", frames=2, picture=lambda _: _half((230, 230, 230)), options=FINE, **SIZE)
    turned = _luma(path, ReadAs(rotation=90))
    # Upright it is 60 wide in the middle of 192: bright above, dark below.
    assert turned[20:40, 80:110].mean() > 190
    assert turned[70:90, 80:110].mean() < 50
    assert turned[:, :50].mean() < 20
    assert abs(_luma(path, ReadAs())[20:40, 20:50].mean() - _luma(path, ReadAs())[70:90, 20:50].mean()) < 3


def test_mirror(tmp_path: Path):
    path = write_clip(tmp_path / "a.mp4", frames=2, picture=lambda _: _half((230, 230, 230)), options=FINE, **SIZE)
    mirrored, as_told = _luma(path, ReadAs(mirror=True)), _luma(path, ReadAs())
    assert mirrored[:, 110:].mean() > 190 > 50 > mirrored[:, :80].mean()
    assert as_told[:, :80].mean() > 190 > 50 > as_told[:, 110:].mean()


@pytest.mark.parametrize("name", ["a.mp4", "a.png"])
def test_sample_aspect_ratio(tmp_path: Path, name: str):
    path, drawn = tmp_path / name, np.full((108, 192, 3), 200, np.uint8)
    if name == "a.png":
        write_still(path, drawn)
    else:
        write_clip(path, frames=2, picture=lambda _: drawn, options=FINE, **SIZE)
    # Pixels half as wide as high: the picture is 96 wide, with bars of 48 at its sides.
    lit = (_luma(path, ReadAs(sar=Fraction(1, 2))) > 100).all(axis=0)
    assert abs(lit.sum() - 96) <= 2
    assert not lit[:46].any()
    assert (_luma(path, ReadAs()) > 100).all()


@pytest.mark.parametrize(
    ("name", "more"),
    [
        ("a.mp4", {}),
        ("a.mkv", {"codec": "libx264"}),  # its clock is too coarse to be slowed: pictures are counted
        ("b.mkv", {"hold_ticks": [10, 70], "ticks_a_second": 1000}),  # an uneven clock that means nothing
    ],
)
def test_rate(tmp_path: Path, name: str, more: dict):
    path = write_clip(tmp_path / name, frames=60, picture=coded_picture(192, 108, first=0), **SIZE, **more)
    start, rate = Fraction(1, 2), Fraction(10)
    wanted = [int((start + Fraction(number, 24)) * rate) for number in range(30)]
    assert codes_in(_shown(path, ReadAs(rate=rate), 30, start)) == wanted
    assert codes_in(_shown(path, ReadAs(), 30, start)) != wanted
    media = media_as_read(media_of(path), ReadAs(rate=rate))
    assert media.duration == 6


def test_rate_of_an_animation(tmp_path: Path):
    path = write_animation(
        tmp_path / "a.gif", [coded_picture(192, 108, first=0)(number) for number in range(6)], milliseconds=100
    )
    wanted = [number * 4 // 24 for number in range(24)]
    assert codes_in(_shown(path, ReadAs(rate=Fraction(4)), 24)) == wanted
    assert codes_in(_shown(path, ReadAs(), 24)) != wanted


def test_a_shot_is_as_long_as_its_clip_is_read():
    desk = desk_for([scene("s", [Told(frames=24)], Fraction(24))], media={"clip": film(10)})
    told = replace(desk.library.contributions["clip"], read_as=ReadAs(rate=Fraction(50)))
    library = replace(desk.library, contributions={"clip": told})
    shot = replace(desk.manifest.scenes[0].shots[0], text=None, use="clip", length=None)
    assert shot_frames(desk, shot) == 240
    desk.media = library_read(desk.media, library)
    assert shot_frames(desk, shot) == 120


def _combing(luma: np.ndarray) -> float:
    """How much rows differ from both neighbours in the same direction, in codes."""
    rows = luma.astype(int)
    up, down = rows[1:-1] - rows[:-2], rows[1:-1] - rows[2:]
    return float(np.where(up * down > 0, np.minimum(abs(up), abs(down)), 0).mean())


def _sliding(field: int) -> np.ndarray:
    drawn = np.full((108, 192, 3), 30, np.uint8)
    drawn[:, 20 + 6 * field : 60 + 6 * field] = 220
    return drawn


def test_interlaced(tmp_path: Path):
    def woven(number: int) -> np.ndarray:
        frame = _sliding(2 * number)
        frame[1::2] = _sliding(2 * number + 1)[1::2]
        return frame

    # Fields that the header says nothing of.
    path = write_clip(tmp_path / "a.mp4", frames=6, picture=woven, options=FINE, **SIZE)
    progressive, fields = (_shown(path, one, 4)[2][0] for one in (ReadAs(), ReadAs(interlaced="tff")))
    assert _combing(fields) < 0.3 * _combing(progressive)
    flagged = write_clip(tmp_path / "b.mp4", frames=6, picture=_sliding, interlaced="tff", options=FINE, **SIZE)
    left_alone = _shown(flagged, ReadAs(interlaced="progressive"), 4)[2][0]
    assert _combing(left_alone) > 3 * _combing(_shown(flagged, ReadAs(), 4)[2][0])


def _mean(planes: Planes) -> np.ndarray:
    """Y, Cb, Cr of the middle of the left half."""
    luma, cb, cr = planes
    return np.array([luma[30:80, 20:80].mean(), cb[15:40, 10:40].mean(), cr[15:40, 10:40].mean()])


GREEN = (30, 200, 60)


def test_matrix(tmp_path: Path):
    # HD's matrix without a tag in a small picture, which is taken for standard definition.
    path = write_clip(tmp_path / "a.mp4", frames=2, picture=lambda _: _half(GREEN), options=FINE, matrix=None, **SIZE)
    wanted = bt709(np.array([GREEN]))[0]
    assert np.abs(_mean(_shown(path, ReadAs(matrix="bt709"))[0]) - wanted).max() <= 2
    assert np.abs(_mean(_shown(path, ReadAs())[0]) - wanted).max() > 8


@pytest.mark.parametrize(("pix_fmt", "truth", "lie"), [("yuv420p", "full", None), ("yuvj420p", "limited", None)])
def test_range(tmp_path: Path, pix_fmt: str, truth: str, lie: None):
    path = write_clip(
        tmp_path / "a.mp4", frames=2, picture=lambda _: _half((128, 128, 128)), options=FINE, pix_fmt=pix_fmt, **SIZE
    )
    stored = 128.0 if pix_fmt == "yuvj420p" else 16 + 219 * 128 / 255
    wanted = 16 + stored * 219 / 255 if truth == "full" else stored
    assert abs(_mean(_shown(path, ReadAs(range=truth))[0])[0] - wanted) <= 1.5
    assert abs(_mean(_shown(path, ReadAs(range=lie))[0])[0] - wanted) > 1.8


def test_transfer(tmp_path: Path):
    path = write_clip(
        tmp_path / "a.mp4", frames=2, picture=lambda _: _half((190, 190, 190)), options=FINE,
        pix_fmt="yuv420p10le", **SIZE,
    )  # fmt: skip
    media = media_as_read(media_of(path), ReadAs(transfer="hlg", matrix="bt2020", primaries="bt2020"))
    assert media.picture is not None
    assert media.picture.colour.primaries == "bt2020"
    toned = _mean(_shown(path, ReadAs(transfer="hlg", matrix="bt2020", primaries="bt2020"))[0])
    plain = _mean(_shown(path, ReadAs())[0])
    # HLG's 75 % is reference white, 203 cd/m2 (BT.2408), which BT.2446-1's method A brings to 68 %.
    assert abs(toned[0] - (16 + 219 * 0.68)) <= 3
    assert abs(plain[0] - toned[0]) > 10
    assert abs(toned[1] - 128) <= 2


def test_alpha_that_is_none(tmp_path: Path):
    clear = np.dstack([_half((200, 200, 200), (200, 200, 200)), np.zeros((108, 192), np.uint8)])
    path = write_clip(
        tmp_path / "a.mov",
        codec="qtrle",
        pix_fmt="argb",
        frames=2,
        picture=lambda _: clear,
        options={},
        matrix=None,
        **SIZE,
    )
    write_still(tmp_path / "a.png", clear)
    for file in (path, tmp_path / "a.png"):
        assert _luma(file, ReadAs(alpha="none")).mean() > 180
        assert _luma(file, ReadAs()).mean() < 20


def _click(path: Path, read_as: ReadAs, out: Path) -> int:
    """The sample of source time at which a clip's click is heard."""
    media = media_as_read(media_of(path), read_as)
    assert media.sound is not None
    order = PrepareOrder(stream=media.sound.stream, origin=media.origin, start_sample=0, length_samples=48_000)
    prepare(order, {"file": Input(path=path)}, out)
    return int(np.abs(np.fromfile(out, np.float32)).argmax()) // 2


def test_start(tmp_path: Path):
    sound = clicks(seconds=1, at_samples=[24_000])
    path = write_clip(tmp_path / "a.mov", frames=25, sound=sound, sound_codec="pcm_s16le", **SIZE)
    early = _click(path, ReadAs(start=Fraction(1, 10)), tmp_path / "sound")
    late = _click(path, ReadAs(start=Fraction(-1, 10)), tmp_path / "sound")
    assert (early, late, _click(path, ReadAs(), tmp_path / "sound")) == (19_200, 28_800, 24_000)


def test_a_clip_read_at_another_rate_keeps_its_sound(tmp_path: Path):
    sound = clicks(seconds=1, at_samples=[24_000])
    path = write_clip(tmp_path / "a.mov", frames=25, sound=sound, sound_codec="pcm_s16le", **SIZE)
    assert _click(path, ReadAs(rate=Fraction(50)), tmp_path / "sound") == 24_000


def test_what_was_read_otherwise_is_recorded():
    media = media_as_read(film(sound=True), ReadAs(rotation=90, rate=Fraction(24), range="full", start=Fraction(1, 4)))
    assert media.picture is not None
    conversion = conversion_for(media.picture, fit="contain", focus=MIDDLE, region=whole_raster(RASTER), flatten=None)
    source = Video(file="a", picture=media.picture, start=Fraction(0), conversion=conversion)
    done = " | ".join(record_for(media, source, RASTER.rate).done)
    assert "turned by 90, as the library says (the file: 0)" in done
    assert "pictures a second 24, as the library says (the file: 25)" in done
    assert "full range yes, as the library says (the file: not told)" in done
    assert "begins 0.250 s after its sound" in done


def test_a_file_that_is_believed_is_left_alone():
    media = film()
    assert media_as_read(media, ReadAs()) is media
    words = Media(kind="text", text="a poem")
    assert media_as_read(words, ReadAs(rotation=90)) is words
    assert isinstance(media.picture, Picture)
