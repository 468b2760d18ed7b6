"""Captions drawn and read back by vtskit's decoder and by FFmpeg's, pixel by pixel, in any script."""

from fractions import Fraction
from itertools import groupby, pairwise
from pathlib import Path

import av
import numpy as np
import pytest
from caption_making import NTSC, PAL, drawn, order_of, shown_by, words_of
from numpy.typing import NDArray

from crowdcut.disc.caption_orders import CaptionStyle, Words
from crowdcut.disc.palette import COLOURS, CONTRASTS, palette_of, studio_colour
from crowdcut.findings import JobFailed
from crowdcut.words import Run
from renderers.captions import encoded
from renderers.disc import caption_pictures
from renderers.disc.caption_pictures import CaptionPicture
from renderers.disc.units import Unit, ticks_of

SCRIPTS = {
    "es": "¿Recuerdas la primera vez\nque viste la luna desde aquí?",
    "ar": "هل تتذكر أول مرة\nرأيت فيها القمر من هنا؟",
    "hi": "क्या तुम्हें याद है जब\nतुमने यहाँ से चाँद देखा था?",
    "ja": "ここから初めて月を見た時の\nことを覚えていますか？",
    "th": "คุณจำครั้งแรกที่เห็นดวงจันทร์\nจากที่นี่ได้ไหม",
    "he": "אתה זוכר את הפעם הראשונה?",
    "ko": "여기서 달을 처음 본 날을",
    "en": "♪ To the moon 🎬🌙 ♪",
}
LONG = "There was a time when nobody on this street had ever looked up, and then somebody did, and pointed"


def one(words: Words | tuple[Words, ...], folder: Path, raster=NTSC, **how) -> NDArray[np.uint8]:
    """The pixel codes of a caption."""
    words = words if isinstance(words, tuple) else (words,)
    (unit,), _ = drawn(order_of((24, 72, words), raster=raster, **how), folder)
    return shown_by(unit, raster)


def bounds(codes: NDArray[np.uint8]) -> tuple[int, int, int, int]:
    """Left, top, right and bottom of what is seen, the last two exclusive."""
    rows, columns = (np.flatnonzero(codes.any(axis=axis)) for axis in (1, 0))
    return int(columns[0]), int(rows[0]), int(columns[-1]) + 1, int(rows[-1]) + 1


def ffmpeg_shows(unit: Unit, raster: tuple[int, int, int]) -> NDArray[np.uint8]:
    """The same by FFmpeg's decoder."""
    codes = np.zeros((raster[1], raster[0]), np.uint8)
    for rect in av.CodecContext.create("dvdsub", "r").decode(av.Packet(unit.data)):
        plane = np.frombuffer(rect.planes[0], np.uint8).reshape(rect.height, -1)[:, : rect.width]
        codes[rect.y : rect.y + rect.height, rect.x : rect.x + rect.width] = plane
    return codes


@pytest.mark.parametrize("raster", [NTSC, PAL], ids=["ntsc", "pal"])
@pytest.mark.parametrize("language", SCRIPTS)
def test_every_script_stands_inside_the_safe_area(tmp_path: Path, language: str, raster) -> None:
    codes = one(words_of(SCRIPTS[language]), tmp_path, raster, language=language)
    left, top, right, bottom = bounds(codes)
    width, height, _ = raster
    assert left >= 0.1 * width
    assert right <= 0.9 * width
    assert bottom <= 0.9 * height
    assert abs(left + right - width) <= 4, "it is centred"
    assert 0.9 * height - bottom <= 0.03 * height, "it stands at the bottom"
    lines = SCRIPTS[language].count("\n") + 1
    assert 0.04 * lines * height <= bottom - top <= 0.1 * lines * height
    assert set(np.unique(codes)) == {0, 1, 2, 3}


def test_other_decoders_see_the_same(tmp_path: Path) -> None:
    captions = [(48 * number, 48 * number + 40, (words_of(text),)) for number, text in enumerate(SCRIPTS.values())]
    units, _ = drawn(order_of(*captions), tmp_path)
    for unit in units:
        assert (ffmpeg_shows(unit, NTSC) == shown_by(unit, NTSC)).all()
        x, y, right, bottom = bounds(shown_by(unit, NTSC))
        assert unit.data[:2] == len(unit.data).to_bytes(2, "big")
        assert x < right
        assert y < bottom


def test_the_first_line_is_of_the_top_field(tmp_path: Path) -> None:
    from vtskit import spu

    for margin in (0.1, 0.103, 0.107):
        units, _ = drawn(order_of((0, 24, (words_of("Odd"),)), style=CaptionStyle(margin=margin)), tmp_path)
        (x0, x1, y0, y1), _, _ = spu.decode(units[0].data)
        assert (x0 % 2, y0 % 2, x1 % 2, y1 % 2) == (0, 0, 1, 1)


def thin_strokes(codes: NDArray[np.uint8]) -> int:
    """Strokes that are one line high: on an interlaced screen they flicker."""
    lit = (codes == 1) | (codes == 2)
    return sum(
        1
        for column in lit.T
        for on, run in groupby(column)
        if on and sum(1 for _ in run) == 1
    )  # fmt: skip


def test_no_stroke_is_one_line_high(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    thin = CaptionStyle(weight=100, size=0.04)
    words = words_of("EFT=–+ 三王 zZ")
    assert thin_strokes(one(words, tmp_path, style=thin)) == 0
    for language, text in SCRIPTS.items():
        assert thin_strokes(one(words_of(text), tmp_path, language=language)) == 0
    monkeypatch.setattr(caption_pictures, "_two_lines_high", lambda lit, _: lit)
    assert thin_strokes(one(words, tmp_path, style=thin)) > 20
    monkeypatch.setattr(caption_pictures, "_INTERLACED", np.array([0, 1, 0], np.float32))
    assert thin_strokes(one(words, tmp_path, style=thin)) > 50


def test_the_outline_is_two_lines_everywhere(tmp_path: Path) -> None:
    codes = one(words_of("Moon"), tmp_path)
    for column in codes.T:
        seen = np.flatnonzero(column)
        if seen.size and (column == 1).any():
            assert (column[seen[:2]] == 3).all()
            assert (column[seen[-2:]] == 3).all()


def test_units_come_and_go_on_the_titles_clock(tmp_path: Path) -> None:
    rate = Fraction(30000, 1001)
    captions = [(0, 30, (words_of("one"),)), (30, 31, (words_of("two"),)), (33, 60, (words_of("one"),))]
    units, facts = drawn(order_of(*captions, rate=rate), tmp_path)
    assert [unit.start_ticks for unit in units] == [0, 30 * 3003, 33 * 3003]
    assert all(one.end_ticks <= after.start_ticks for one, after in pairwise(units))
    for unit in units:
        length = 3003 * (unit.end_frame_exclusive - unit.start_frame)
        assert 0 <= length - (unit.end_ticks - unit.start_ticks) < 1024
        delay = int.from_bytes(unit.data[-6:-4], "big")  # of the second control sequence, which takes it off
        assert unit.data[-2:] == b"\x02\xff"
        assert unit.start_ticks + 1024 * delay == unit.end_ticks
    assert units[0].data[4:200] == units[2].data[4:200], "the same words are the same picture"
    assert facts == {"captions": 3, "largest": max(len(unit.data) for unit in units), "smaller": []}
    assert ticks_of(24, 48, Fraction(24)) == (90_000, 90_000 + 87 * 1024)


def test_what_runs_at_once_is_stacked(tmp_path: Path) -> None:
    together = (words_of("Above"), words_of("Below"), words_of("Sign", top=True))
    codes = one(together, tmp_path)
    rows = codes.any(axis=1)
    sign = rows[:240]
    assert 48 <= np.flatnonzero(sign)[0] <= 60
    lower = codes.copy()
    lower[:240] = 0
    alone = bounds(one(words_of("Below"), tmp_path))
    assert bounds(lower)[3] == bounds(one(words_of("Above\nBelow"), tmp_path))[3]
    assert bounds(lower)[1] < alone[1] - 20


def test_long_words_are_broken_evenly_and_set_smaller_where_they_must(tmp_path: Path) -> None:
    codes = one(words_of(LONG), tmp_path)
    _, top, _, bottom = bounds(codes)
    _, facts = drawn(order_of((0, 48, (words_of(f"{LONG}; {LONG}"),))), tmp_path)
    assert bottom - top < 100
    assert [frame for frame, _ in facts["smaller"]] == [0]
    assert facts["smaller"][0][1] < 1
    assert facts["largest"] < 53_220
    halves = [bounds(line) for line in _lines(codes)]
    widths = [right - left for left, _, right, _ in halves]
    assert len(widths) > 1
    assert min(widths) > 0.6 * max(widths)


def _lines(codes: NDArray[np.uint8]) -> list[NDArray[np.uint8]]:
    """The lines of a caption, parted where the fewest pixels are lit."""
    _, top, _, bottom = bounds(codes)
    count = round((bottom - top) / 33)
    found = []
    for number in range(count):
        line = np.zeros_like(codes)
        start, end = (top + (bottom - top) * part // count for part in (number, number + 1))
        line[start:end] = codes[start:end]
        found.append(line)
    return found


def test_italics_and_national_forms_are_seen(tmp_path: Path) -> None:
    upright, slanted = (
        one(Words(lines=((Run(words="The "), Run(words="moon", italic=italic)),)), tmp_path) for italic in (False, True)
    )
    assert (upright != slanted).any()
    japanese, chinese = (one(words_of("直骨角"), tmp_path, language=code) for code in ("ja", "zh"))
    assert (japanese != chinese).any()
    # One cue may be written in either of China's forms; what the others are in decides.
    either, traditional = words_of("直骨角"), words_of("這裡看見的臺灣")
    alone, among = (
        drawn(order_of((0, 24, (either,)), *more, language="zh"), tmp_path)[0][0]
        for more in ((), ((48, 72, (traditional,)),))
    )
    assert (shown_by(alone, NTSC) != shown_by(among, NTSC)).any()


@pytest.mark.parametrize(
    ("words", "rule"),
    [
        ((words_of(" ".join([LONG] * 4)),), "caption-too-long"),
        ((words_of("one\ntwo\nthree"), words_of("four\nfive")), None),
        (tuple(words_of(f"{number}\n{LONG}") for number in range(4)), "caption-too-long"),
        ((words_of("\U000e0101\ufffe glyph \U0001fbff"),), "missing-glyph"),
    ],
)
def test_what_cannot_be_shown_is_told_with_its_time(tmp_path: Path, words: tuple[Words, ...], rule: str | None) -> None:
    order = order_of((0, 24, (words_of("good"),)), (36, 72, words), (72, 96, words))
    if rule is None:
        assert drawn(order, tmp_path)[1]["captions"] == 3
        return
    with pytest.raises(JobFailed) as failure:
        drawn(order, tmp_path)
    assert [(one.rule, one.where.time) for one in failure.value.findings] == [(rule, Fraction(3, 2)), (rule, 3)]
    assert all(one.way_out for one in failure.value.findings)
    assert not (tmp_path / "units").exists()


def test_a_picture_that_no_player_can_hold_is_refused_with_its_size() -> None:
    noise = np.random.default_rng(1).integers(0, 4, (300, 700), np.uint8)
    with pytest.raises(JobFailed) as failure:
        encoded(CaptionPicture(x=0, y=0, codes=noise), 90_000)
    assert failure.value.findings[0].rule == "caption-too-large"
    assert "53220" in failure.value.findings[0].found
    assert len(encoded(CaptionPicture(x=0, y=0, codes=noise[:100, :300].copy()), 90_000)) < 53_220


def test_the_palette_is_the_styles() -> None:
    palette = palette_of(CaptionStyle(colour="#ffffff", outline="#000000"))
    assert len(palette) == 16
    assert [palette[entry] for entry in COLOURS] == [(16, 128, 128), (235, 128, 128), (126, 128, 128), (16, 128, 128)]
    assert CONTRASTS == (0, 15, 15, 15)
    # EBU Tech 3213's 100/0/75/0 bars as BT.601 gives them: yellow, and blue.
    assert studio_colour(191.25, 191.25, 0) == (162, 142, 44)
    assert studio_colour(0, 0, 191.25) == (35, 114, 212)
