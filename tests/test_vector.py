"""Lottie animations and SVG drawings: the right frame in time, sharp at any size, and nothing from outside."""

import base64
import io
import json
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image
from vector_making import (
    box,
    composition,
    counting,
    layer,
    still,
    words_layer,
    write_archive,
    write_lottie,
    write_svg,
)

from crowdcut.media import Media
from crowdcut.orders import Animation, Box, Conversion, Fill, Raster, Still
from renderers.examine import examined
from renderers.patch import Drawn, Patch
from renderers.sources import Setting, frames_of
from renderers.vectors.lottie_file import rate_of

RED, GREEN = (1.0, 0.0, 0.0), (0.0, 1.0, 0.0)
RED_Y, GREEN_Y, WHITE_Y = 63, 173, 235
"""Luma of the pure colours, BT.709 limited range."""


def media_of(path: Path) -> Media:
    media = examined(path, path.suffix)
    assert media.refusal is None, media.refusal
    return media


def refusal_of(path: Path) -> str:
    refusal = examined(path, path.suffix).refusal
    assert refusal is not None
    return refusal


def drawn_from(
    path: Path, *, width: int = 100, height: int = 80, rate: int = 30, count: int = 1, fill: Fill = "loop", **more: Any
) -> list[Drawn]:
    media = media_of(path)
    assert media.picture is not None
    raster = Raster(width=width, height=height, rate=Fraction(rate))
    conversion = Conversion(box=Box(x=0, y=0, width=width, height=height), **more)
    source: Still | Animation = Still(file="f", picture=media.picture, conversion=conversion, reader=media.reader)
    if media.kind == "animation":
        source = Animation(
            file="f", picture=media.picture, start=Fraction(0), conversion=conversion, fill=fill, reader=media.reader
        )
    return list(frames_of(source)(source, Setting(raster=raster, age_frames=0, count=count, inputs={"f": path})))


def patch_of(path: Path, **more: Any) -> Patch:
    (drawn,) = drawn_from(path, **more)
    (patch,) = drawn.patches
    return patch


def png(colour: tuple[int, int, int], size: tuple[int, int] = (4, 4)) -> bytes:
    file = io.BytesIO()
    Image.new("RGB", size, colour).save(file, "PNG")
    return file.getvalue()


def bomb() -> str:
    """A picture of 81 megapixels in 12 kB."""
    file = io.BytesIO()
    Image.new("1", (9000, 9000)).save(file, "PNG")
    return data_uri(file.getvalue())


def data_uri(data: bytes) -> str:
    return f"data:image/png;base64,{base64.b64encode(data).decode()}"


def column_in(drawn: Drawn) -> int:
    """Which tenth of the picture is white: the frame that is shown."""
    (patch,) = drawn.patches
    assert patch.alpha is not None
    tenths = patch.alpha.mean(axis=0).reshape(10, -1).mean(axis=1)
    assert sorted(tenths)[-2] < 5, tenths
    return int(tenths.argmax())


def test_each_frame_of_a_lottie_is_shown_for_its_own_time(tmp_path: Path):
    path = write_lottie(tmp_path / "count.json", counting(8, 10))
    media = media_of(path)
    assert media.picture is not None
    assert (media.kind, media.container, media.reader) == ("animation", "json", "lottie")
    assert (media.picture.frames, media.picture.rate, media.picture.duration) == (8, 10, Fraction(4, 5))
    drawn = drawn_from(path, count=27)
    assert [column_in(one) for one in drawn] == [frame // 3 % 8 for frame in range(27)]
    assert [one.shown for one in drawn[21:25]] == [(7, 0)] * 3 + [(0, 1)]
    assert drawn[0] is drawn[1] is drawn[24]


@pytest.mark.parametrize(
    ("fill", "wanted"),
    [
        ("loop", [0, 1, 2, 3] * 3),
        ("hold", [0, 1, 2] + [3] * 9),
        ("file", [0, 1, 2, 3, 0, 1, 2] + [3] * 5),  # its manifest has it come again once
    ],
)
def test_what_is_shown_after_the_end(tmp_path: Path, fill: Fill, wanted: list[int]):
    path = write_archive(tmp_path / "count.lottie", counting(4, 10))
    drawn = drawn_from(path, rate=10, count=12, fill=fill)
    assert [column_in(one) for one in drawn] == wanted
    assert drawn[-1].shown == (3, 0 if fill == "loop" else None)
    media = media_of(path)
    assert media.picture is not None
    assert (media.container, media.picture.loops) == ("lottie", 2)


def test_a_lottie_is_sharp_at_any_size_and_keeps_its_alpha(tmp_path: Path):
    path = write_lottie(tmp_path / "half.json", composition(layer(box(0, 0, 50, 80, RED))))
    for width, height in ((100, 80), (1600, 1280)):
        patch = patch_of(path, width=width, height=height)
        assert patch.alpha is not None
        edge = patch.alpha[height // 2, width // 2 - 2 : width // 2 + 2]
        assert edge.tolist() == [255, 255, 0, 0], (width, edge)
        assert abs(int(patch.luma[height // 2, width // 4]) - RED_Y) <= 1
    ground = patch_of(path, flatten=(0, 255, 0))
    assert ground.alpha is None
    assert abs(int(ground.luma[40, 75]) - GREEN_Y) <= 1


def test_a_lottie_shows_pictures_that_are_in_it_and_refuses_others_by_name(tmp_path: Path):
    shows = {"ty": 2, "refId": "a", "ip": 0, "op": 99, "st": 0, "ks": layer()["ks"]}
    asset = {"id": "a", "w": 100, "h": 80, "u": "images/", "p": "leaf.png", "e": 0}
    animation = composition(shows, assets=[asset])
    inside = write_archive(tmp_path / "in.lottie", animation, **{"leaf.png": png((255, 0, 0), (100, 80))})
    assert abs(int(patch_of(inside).luma[40, 50]) - RED_Y) <= 1
    embedded = {**asset, "u": "", "p": data_uri(png((0, 255, 0), (100, 80))), "e": 1}
    path = write_lottie(tmp_path / "embedded.json", composition(shows, assets=[embedded]))
    assert abs(int(patch_of(path).luma[40, 50]) - GREEN_Y) <= 1
    (tmp_path / "images").mkdir()
    (tmp_path / "images" / "leaf.png").write_bytes(png((255, 0, 0)))
    assert "'leaf.png'" in refusal_of(write_lottie(tmp_path / "out.json", animation))
    climbing = composition(shows, assets=[{**asset, "u": "../", "p": "../../etc/passwd"}])
    assert "'passwd'" in refusal_of(write_archive(tmp_path / "climb.lottie", climbing))


def test_words_without_a_font_are_set_in_the_packaged_one_or_refused_by_name(tmp_path: Path):
    path = write_lottie(tmp_path / "words.json", composition(words_layer("Paris É Ж")))
    assert "Noto Sans" in media_of(path).remarks[0]
    alpha = patch_of(path).alpha
    assert alpha is not None
    assert (alpha > 128).sum() > 100
    for words in ("漢字", "مرحبا", "नमस्ते"):
        refused = write_lottie(tmp_path / "other.json", composition(words_layer(words)))
        assert words[0] in refusal_of(refused)


def precomps(depth: int, width: int) -> dict[str, Any]:
    """Each of ``depth`` compositions shows the next ``width`` times."""

    def shown(name: str) -> list[dict[str, Any]]:
        return [{"ty": 0, "refId": name, "w": 10, "h": 10, "ip": 0, "op": 9, "st": 0, "ks": layer()["ks"]}] * width

    assets = [{"id": str(n), "layers": shown(str(n + 1))} for n in range(depth)]
    return composition(*shown("0"), assets=[*assets, {"id": str(depth), "layers": [layer(box(0, 0, 9, 9, RED))]}])


def repeated(*copies: float) -> dict[str, Any]:
    repeaters = [{"ty": "rp", "c": still(count), "o": still(0), "tr": {"p": still([1, 0])}} for count in copies]
    return composition(layer(box(0, 0, 1, 1, RED), *repeaters))


@pytest.mark.parametrize(
    ("animation", "words"),
    [
        (precomps(12, 12), "more than 20000 layers"),
        (composition(layer(refId="a"), assets=[{"id": "a", "layers": [{"refId": "a"}]}]), "shows itself"),
        (repeated(200, 200), "repeats a shape too often"),
        (composition(layer({"ty": "sr", "pt": still(1e9)})), "repeats a shape too often"),
        (composition(layer(), frames=10**6), "too long"),
        (composition(layer(), frames=0), "ends before it begins"),
        (composition(layer(), rate=0), "'fr'"),
        (composition(layer(), w=10**9), "'w'"),
        (composition(layer(), w=True), "'w'"),
        (composition(layer(), w=1, h=9000), "nobody could see it"),
        (composition({"refId": "a"}, assets=[{"id": "a", "layers": 3}]), "no list"),
        (composition(layer()), "nothing to be seen"),
    ],
)
def test_a_hostile_lottie_is_refused_by_name(tmp_path: Path, animation: dict[str, Any], words: str):
    assert words in refusal_of(write_lottie(tmp_path / "hostile.json", animation))


def test_a_lottie_with_a_bomb_for_a_picture_is_refused(tmp_path: Path):
    assets = [{"id": "a", "w": 9, "h": 9, "u": "", "p": bomb(), "e": 1}]
    assert "too large" in refusal_of(write_lottie(tmp_path / "bomb.json", composition(layer(), assets=assets)))


def test_other_json_and_other_archives_are_no_lotties(tmp_path: Path):
    (tmp_path / "data.json").write_text(json.dumps({"w": 3, "layers": 4}))
    assert "JSON" in refusal_of(tmp_path / "data.json")
    (tmp_path / "deep.json").write_text('{"a":' * 20_000)
    assert "JSON" in refusal_of(tmp_path / "deep.json")
    (tmp_path / "a.zip").write_bytes(b"PK\x03\x04" + b"\0" * 40)
    assert "ZIP" in refusal_of(tmp_path / "a.zip")


@pytest.mark.parametrize(
    ("written", "rate"),
    [(29.9700012207031, Fraction(30000, 1001)), (23.976, Fraction(24000, 1001)), (59.94, Fraction(60000, 1001)),
     (30, Fraction(30)), (29.5, Fraction(59, 2)), (12.5, Fraction(25, 2))],
)  # fmt: skip
def test_rates_as_exporters_write_them(written: float, rate: Fraction):
    assert rate_of(written) == rate


def test_a_drawing_is_sharp_at_any_size_and_keeps_its_alpha(tmp_path: Path):
    path = write_svg(tmp_path / "half.svg", '<style>.a{fill:#f00}</style><rect class="a" width="50" height="80"/>')
    media = media_of(path)
    assert media.picture is not None
    assert (media.kind, media.reader, media.picture.alpha, media.picture.vector) == ("still", "svg", True, True)
    for width, height in ((100, 80), (1600, 1280)):
        patch = patch_of(path, width=width, height=height)
        assert patch.alpha is not None
        assert patch.alpha[height // 2, width // 2 - 2 : width // 2 + 2].tolist() == [255, 255, 0, 0]
        assert abs(int(patch.luma[height // 2, width // 4]) - RED_Y) <= 1


def test_a_drawing_that_fills_its_sheet_has_no_alpha_and_no_hairline(tmp_path: Path):
    path = write_svg(tmp_path / "full.svg", '<rect width="33" height="21" fill="#fff"/>', 'viewBox="0 0 33 21"')
    patch = patch_of(path, width=330, height=210)
    assert patch.alpha is None
    assert patch.luma.min() == patch.luma.max() == WHITE_Y


@pytest.mark.parametrize(
    ("head", "size"),
    [
        ('viewBox="0 0 24 24"', (1008, 1008)),
        ('width="2in" height="1in"', (1152, 576)),
        ('width="1cm" viewBox="0 0 10 20"', (529, 1058)),
        ('width="100%" height="100%" viewBox="-5 -5 1200 600"', (1200, 600)),
        ("", (1200, 600)),
    ],
)
def test_the_shape_of_a_drawing(tmp_path: Path, head: str, size: tuple[int, int]):
    picture = media_of(write_svg(tmp_path / "a.svg", '<rect width="9" height="9"/>', head)).picture
    assert picture is not None
    assert np.abs(np.subtract((picture.width, picture.height), size)).max() <= 2


def test_a_crop_is_drawn_at_the_size_it_is_seen(tmp_path: Path):
    path = write_svg(
        tmp_path / "two.svg", '<rect width="50" height="80" fill="#f00"/><rect x="50" width="50" height="80"/>'
    )
    picture = media_of(path).picture
    assert picture is not None
    left = (0, 0, picture.width // 2, picture.height)
    patch = patch_of(path, width=640, height=1024, crop=left)
    assert np.abs(patch.luma.astype(int) - RED_Y).max() <= 1


def test_words_in_a_drawing(tmp_path: Path):
    path = write_svg(tmp_path / "words.svg", '<text x="5" y="60" font-size="50" font-family="Gill Sans">Hi</text>')
    assert "Noto Sans" in media_of(path).remarks[0]
    alpha = patch_of(path).alpha
    assert alpha is not None
    assert (alpha > 128).sum() > 300
    assert "漢" in refusal_of(write_svg(tmp_path / "han.svg", '<text y="60">漢</text>'))


def test_words_that_begin_anew_stand_in_their_own_places(tmp_path: Path):
    lines = '<tspan x="5" y="20">HHH</tspan><tspan x="5" dy="2.5em">HH<tspan fill="red">H</tspan></tspan>'
    path = write_svg(tmp_path / "lines.svg", f'<text style="font-size:16px">{lines}</text>')
    alpha = patch_of(path).alpha
    assert alpha is not None
    rows = np.flatnonzero((alpha > 128).any(axis=1))
    (gap,) = np.flatnonzero(np.diff(rows) > 1)
    assert abs(rows[gap] - 19) <= 1
    assert abs(rows[-1] - 59) <= 1
    widths = [np.ptp(np.flatnonzero((alpha[part] > 128).any(axis=0))) for part in (slice(0, 25), slice(40, 80))]
    assert abs(widths[0] - widths[1]) <= 1


@pytest.mark.parametrize(("anchor", "middle"), [("start", 70), ("middle", 50), ("end", 30)])
def test_words_are_anchored(tmp_path: Path, anchor: str, middle: int):
    words = f'<g style="font-size:20px"><text x="50" y="50" text-anchor="{anchor}">HHH</text></g>'
    alpha = patch_of(write_svg(tmp_path / "a.svg", words)).alpha
    assert alpha is not None
    columns = np.flatnonzero((alpha > 128).any(axis=0))
    assert abs((columns[0] + columns[-1]) / 2 - middle) <= 4


def test_a_drawing_in_a_drawing_stands_in_its_place(tmp_path: Path):
    inner = '<svg x="50" y="40" width="20" height="20" viewBox="0 0 10 10"><rect width="10" height="10"/></svg>'
    alpha = patch_of(write_svg(tmp_path / "a.svg", inner)).alpha
    assert alpha is not None
    assert (alpha[40:60, 50:70] == 255).all()
    assert (alpha == 255).sum() == 400


def test_what_is_not_drawn_leaves_no_trace_and_is_remarked(tmp_path: Path):
    pattern = '<pattern id="p" width="9" height="9"><rect width="5" height="5" fill="red"/></pattern>'
    path = write_svg(tmp_path / "a.svg", f'{pattern}<rect x="50" width="50" height="80" fill="#f00"/>')
    assert media_of(path).remarks == ("it has patterns, not shown here",)
    alpha = patch_of(path).alpha
    assert alpha is not None
    assert not alpha[:, :50].any()


RECT = '<rect width="100" height="80" fill="#f00"/>'
NESTED = "".join(f'<g id="n{n}">' + f'<use xlink:href="#n{n + 1}"/>' * 10 + "</g>" for n in range(10))


@pytest.mark.parametrize(
    ("inside", "words"),
    [
        ('<image xlink:href="photo.png" width="9" height="9"/>', "'photo.png'"),
        ('<image href="file:///etc/passwd" width="9" height="9"/>', "'passwd'"),
        ('<use href="other.svg#a"/>', "other.svg"),
        ('<rect fill="url(http://x.test/a.svg#g)" width="9" height="9"/>', "x.test"),
        ("<style>@import 'http://x.test/a.css';</style>" + RECT, "style sheet"),
        ('<g id="a"><use href="#a"/></g>', "shows itself"),
        (f'{NESTED}<g id="n10">{RECT}</g><use href="#n0"/>', "too often"),
        ("<g>" * 200 + "</g>" * 200, "too many parts"),
        ("<rect/>" * 50_001, "too many parts"),
        ("<g>", "damaged"),
        ("", "nothing to be seen"),
        (f'<image href="{bomb()}" width="9" height="9"/>', "too large"),
    ],
)
def test_a_hostile_drawing_is_refused_by_name(tmp_path: Path, inside: str, words: str):
    assert words in refusal_of(write_svg(tmp_path / "hostile.svg", inside))


def test_entities_neither_grow_nor_read_files(tmp_path: Path):
    laughs = "".join(f'<!ENTITY l{n + 1} "{f"&l{n};" * 10}">' for n in range(12))
    path = tmp_path / "laughs.svg"
    for declared, used in ((f'<!ENTITY l0 "ha">{laughs}', "&l12;"), ('<!ENTITY x SYSTEM "/etc/passwd">', "&x;")):
        path.write_text(f'<!DOCTYPE svg [{declared}]><svg xmlns="http://www.w3.org/2000/svg"><text>{used}</text></svg>')
        assert "damaged" in refusal_of(path)


def test_what_is_left_out_of_a_drawing_is_remarked(tmp_path: Path):
    moving = f'<script>alert(1)</script>{RECT}<circle r="5"><animate attributeName="r" to="9"/></circle>'
    media = media_of(write_svg(tmp_path / "moving.svg", moving))
    assert media.remarks == ("it has movement of its own, not shown here",)


def test_a_picture_inside_a_drawing(tmp_path: Path):
    uri = data_uri(png((255, 0, 0), (10, 8)))
    path = write_svg(tmp_path / "photo.svg", f'<image href="{uri}" width="100" height="80"/>')
    assert abs(int(patch_of(path).luma[40, 50]) - RED_Y) <= 1
