"""High dynamic range from files to the decoded master: levels, ramps, hues; each also with its conversion left out."""

from dataclasses import replace
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from colour_making import CODED, LIGHT, Values, hdr_chart, patches_in, rgb_from, to_primaries
from fault_making import FRAMES, HEAD, rendered_frames
from hdr_making import (
    LYING,
    SIZE,
    add_dolby_vision,
    hdr_complaints,
    hdr_picture,
    write_avif,
    write_hdr,
    write_heic,
    write_vp9,
)
from piece_making import media_of, pictures_in, shot_order, shown_in, source_of
from small_film import film_of, quiet, wish_for

from crowdcut.conform.record import record_for
from crowdcut.delivery import Delivery
from crowdcut.orders import Raster
from examples.makers import write_still
from examples.makers.colour_difference import difference
from farm.build import built, planned
from farm.report import read_report
from renderers.colour.tone import in_709, table_of
from renderers.examine import examined
from renderers.files.iso_boxes import boxes
from renderers.stills.still_colour import still_colour

FILMS = {
    "pq": ("a.mp4", "pq", {"options": {"preset": "ultrafast", "x265-params": LYING}}, None),
    "hlg": ("b.mp4", "hlg", {}, None),
    # Base pictures; that of 8.4 tagged for old receivers.
    "dolby84": ("c.mp4", "hlg", {"tags": (9, 14, 9)}, (8, 4)),
    "dolby81": ("d.mp4", "pq", {}, (8, 1)),
    "av1": ("e.mp4", "pq", {"codec": "libsvtav1"}, None),
}
"""File, curve, how it is written, and Dolby Vision profile and compatibility."""
RASTER = Raster(width=SIZE[0], height=SIZE[1], rate=Fraction(24))


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A production of all of them, a shot each."""
    folder = tmp_path_factory.mktemp("hdr") / "hdr"
    (folder / "library").mkdir(parents=True)
    listing, shots = '[[contributor]]\nid = "ana"\nname = "Ana"\n', HEAD
    for use, (file, tone, told, dolby) in FILMS.items():
        path = write_hdr(folder / "library" / file, tone, frames=FRAMES, **told)
        if dolby is not None:
            add_dolby_vision(path, profile=dolby[0], compatibility=dolby[1])
        listing += f'[[contribution]]\nid = "{use}"\nfile = "{file}"\nby = ["ana"]\n'
        shots += f'[[scene.shot]]\nuse = "{use}"\nfor = "{FRAMES}f"\n'
    (folder / "library" / "contributions.toml").write_text(listing, encoding="utf-8")
    (folder / "episode.toml").write_text(shots, encoding="utf-8")
    return folder


@pytest.fixture(scope="module")
def delivery(folder: Path) -> Delivery:
    """Its plan, built and verified."""
    wish = wish_for(folder / "episode.toml")
    (part,) = read_report(built(wish, quiet))["deliveries"]
    assert part["verified"], part["findings"]
    _, (delivery,), _ = planned(wish, quiet)
    return delivery


@pytest.fixture(scope="module")
def master(folder: Path, delivery: Delivery) -> list[Any]:
    """Every picture of the decoded film."""
    assert delivery.plan.pictures
    return pictures_in(film_of(folder / "episode.toml", "proof"))


@pytest.mark.parametrize("use", FILMS)
def test_the_master_shows_hdr_as_the_standards_have_it(delivery: Delivery, master: list[Any], use: str, tmp_path: Path):
    number = list(FILMS).index(use)
    assert hdr_complaints(master[number * FRAMES + FRAMES // 2]) == {}
    job = delivery.plan.pictures[number]
    (layer,) = job.order.stack
    assert layer.source.conversion.tone == FILMS[use][1]
    raw = replace(layer.source, conversion=replace(layer.source.conversion, tone=None, primaries=None))
    job = replace(job, order=replace(job.order, stack=(replace(layer, source=raw),)))
    assert {"grey", "hue"} <= hdr_complaints(rendered_frames(job, tmp_path / "raw.mp4")[FRAMES // 2]).keys()


@pytest.mark.parametrize(
    ("use", "told"), [("dolby84", "profile 8.4) is left aside"), ("dolby81", "profile 8.1) is left aside")]
)
def test_dolby_vision_is_told_by_its_name(folder: Path, use: str, told: str):
    path = folder / "library" / FILMS[use][0]
    (remark,) = media_of(path).remarks
    assert told in remark
    record = record_for(media_of(path), source_of(path), Fraction(24))
    tone = FILMS[use][1].upper()
    assert f"brought from {tone} to standard dynamic range (BT.2446-1 method A)" in record.done
    assert remark in record.found


@pytest.mark.parametrize(
    ("profile", "compatibility", "name"), [(5, 0, "profile 5"), (10, 0, "profile 10"), (10, 1, None)]
)
def test_dolby_vision_without_a_base_is_refused_by_name(
    folder: Path, tmp_path: Path, profile: int, compatibility: int, name: str | None
):
    path = tmp_path / "a.mp4"
    path.write_bytes((folder / "library" / "b.mp4").read_bytes())
    refusal = examined(add_dolby_vision(path, profile=profile, compatibility=compatibility), ".mp4").refusal
    assert (name in (refusal or "")) if name else refusal is None


def _shown(path: Path, **otherwise: Any) -> Any:
    source = source_of(path, raster=RASTER)
    source = replace(source, conversion=replace(source.conversion, **otherwise))
    return shown_in(shot_order(source, 1, raster=RASTER), path.parent, path.with_name("piece.mp4"))[0]


STILLS = [
    (write_heic, ".heic", "pq"),
    (write_heic, ".heic", "hlg"),
    (write_avif, ".avif", "pq"),
    (write_avif, ".avif", "hlg"),
]


@pytest.mark.parametrize(("write", "suffix", "tone"), STILLS)
def test_stills_are_read_at_all_their_bits(tmp_path, write, suffix, tone, monkeypatch):
    transfer = {"pq": 16, "hlg": 18}[tone]
    path = write(tmp_path / f"a{suffix}", hdr_picture(tone), primaries=9, transfer=transfer)
    assert hdr_complaints(_shown(path)) == {}
    assert {"grey", "hue"} <= hdr_complaints(_shown(path, tone=None)).keys()
    monkeypatch.setattr("renderers.sources.still.deep_pixels", lambda *_: None)
    if (suffix, tone) != (".heic", "hlg"):  # of which eight bits suffice
        assert {"ramp", "hue"} & hdr_complaints(_shown(path)).keys()


def test_vp9_of_ten_bits(tmp_path):
    path = write_vp9(tmp_path / "a.webm", "pq", frames=1)
    assert hdr_complaints(_shown(path)) == {}
    assert "grey" in hdr_complaints(_shown(path, tone=None))


def _chart(coded: Values) -> Values:
    """The 24 patches as a picture."""
    cells = coded.reshape(4, 6, 3)
    return np.repeat(np.repeat(cells, 90, axis=0), 108, axis=1)[:, :640]


def _distance(planes: Any, wanted: Values) -> float:
    return float(difference(rgb_from(patches_in(planes)), wanted).max())


@pytest.mark.parametrize(("tone", "primaries", "number"), [("pq", "smpte432", 12), ("hlg", "bt709", 1)])
def test_hdr_of_other_primaries_than_bt2020(tmp_path, tone, primaries, number):
    wanted = in_709(hdr_chart(tone)[0], tone)
    coded, _ = hdr_chart(tone, primaries=primaries)
    path = write_heic(tmp_path / "a.heic", _chart(coded), primaries=number, transfer={"pq": 16, "hlg": 18}[tone])
    source = source_of(path)
    assert table_of(source.conversion) == f"{tone}-{primaries}"
    assert any(f"{tone.upper()} of " in one for one in record_for(media_of(path), source, Fraction(24)).done)
    assert _distance(_shown(path), wanted) <= 2
    assert _distance(_shown(path, primaries=None), wanted) > 2.5


def test_a_still_in_a_wide_gamut_without_a_profile(tmp_path):
    coded = to_primaries(LIGHT, "smpte432") ** (1 / 2.4)
    for path in (
        write_heic(tmp_path / "a.heic", _chart(coded), primaries=12, transfer=13),
        write_avif(tmp_path / "a.avif", _chart(coded), primaries=12, transfer=13),
    ):
        assert _distance(_shown(path), CODED) <= 2
        assert _distance(_shown(path, primaries=None), CODED) > 2.5


def _box(name: bytes, content: bytes) -> bytes:
    return (len(content) + 8).to_bytes(4) + name + content


def test_the_primary_pictures_colours_count_and_no_others(tmp_path):
    """A photograph with a gain map: HDR is what the two make together, the picture itself is in standard range."""

    def colr(primaries: int, transfer: int) -> bytes:
        return _box(b"colr", b"nclx" + bytes([0, primaries, 0, transfer, 0, 6, 0x80]))

    def head(primary: int) -> bytes:
        ipma = bytes(4) + (2).to_bytes(4) + bytes([0, 1, 1, 0x81]) + bytes([0, 2, 1, 2])
        iprp = _box(b"ipco", colr(9, 16) + colr(12, 13)) + _box(b"ipma", ipma)
        meta = bytes(4) + _box(b"pitm", bytes([0, 0, 0, 0, 0, primary])) + _box(b"iprp", iprp)
        return _box(b"ftyp", b"mif1" + bytes(4) + b"tmap") + _box(b"meta", meta)

    path = tmp_path / "a.heic"
    path.write_bytes(head(primary=2))
    found = still_colour(path)
    assert found.gain_map
    assert found.coded is not None
    assert (found.coded.primaries, found.coded.transfer) == ("smpte432", "iec61966-2-1")
    path.write_bytes(head(primary=1))
    found = still_colour(path)
    assert not found.gain_map
    assert found.coded is not None
    assert found.coded.transfer == "smpte2084"


def test_no_header_is_believed_beyond_its_end(tmp_path):
    path = write_heic(tmp_path / "a.heic", _chart(CODED), primaries=12, transfer=13)
    data = path.read_bytes()
    assert still_colour(path).coded is not None
    random = np.random.default_rng(1)
    for _ in range(200):
        spoilt = bytearray(data[: random.integers(8, 700)])
        for place in random.integers(8, len(spoilt) + 1, 4):
            spoilt[min(place, len(spoilt) - 1)] = random.integers(0, 256)
        path.write_bytes(spoilt)
        still_colour(path)
    assert [name for name, _ in boxes(data)][:2] == [b"ftyp", b"meta"]


def test_an_ultra_hdr_photograph_is_shown_by_its_base(tmp_path):
    """The base picture first, the map behind it, as phones write them."""
    plain = write_still(tmp_path / "plain.jpg", np.full((54, 96, 3), (180, 90, 60), np.uint8)).read_bytes()
    gains = write_still(tmp_path / "map.jpg", np.full((54, 96, 3), 250, np.uint8)).read_bytes()
    xmp = b'http://ns.adobe.com/xap/1.0/\0<rdf:Description hdrgm:Version="1.0"/>'
    path = tmp_path / "a.jpg"
    path.write_bytes(plain[:2] + b"\xff\xe1" + (len(xmp) + 2).to_bytes(2) + xmp + plain[2:] + gains)
    assert any("gain map" in remark for remark in media_of(path).remarks)
    for one, other in zip(_shown(path), _shown(tmp_path / "plain.jpg"), strict=True):
        assert np.array_equal(one, other)
