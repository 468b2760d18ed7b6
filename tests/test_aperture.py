"""Clean apertures as containers tell them: read where they are sound, left aside by name where they are not, and no
made-up number leads outside the picture."""

from collections.abc import Callable
from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import pytest
from film_making import write_film
from hypothesis import given, settings
from hypothesis import strategies as st
from piece_making import source_of

from crowdcut.conform.geometry import Window, displayed_size
from crowdcut.conform.record import record_for
from examples.makers.apertures import write_with_clean_aperture, write_with_pixel_crop
from examples.makers.faulty_clip import Clip
from renderers.examine import examined
from renderers.files.aperture import aperture_of

SIZE = (320, 240)
CLIP = Clip(suffix=".mov", size=SIZE, sar=Fraction(10, 11), aperture=(8, 30, 304, 180), frames=2)
WRITERS = {".mov": write_with_clean_aperture, ".mp4": write_with_clean_aperture, ".mkv": write_with_pixel_crop}


def _written(folder: Path, suffix: str = ".mov", aperture: Window = CLIP.aperture or (0, 0, *SIZE)) -> Path:
    return WRITERS[suffix](folder / f"a{suffix}", replace(CLIP, suffix=suffix, aperture=aperture))


def _read(path: Path, size: tuple[int, int] = SIZE) -> tuple[Window | None, str | None]:
    return aperture_of(path, track=1, number=0, size=size)


@pytest.fixture(scope="module")
def films(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """A film of each container."""
    return {suffix: _written(tmp_path_factory.mktemp("films"), suffix) for suffix in (".mov", ".mkv")}


@pytest.mark.parametrize("suffix", WRITERS)
@pytest.mark.parametrize("aperture", [(8, 30, 304, 180), (0, 0, 319, 240), (17, 5, 302, 235)])
def test_what_the_container_tells_is_read(tmp_path: Path, suffix: str, aperture: Window):
    media = examined(_written(tmp_path, suffix, aperture), suffix)
    assert media.picture is not None
    assert (media.picture.aperture, media.remarks) == (aperture, ())
    # The shape of a stored pixel is the same inside (ISO/IEC 14496-12, 12.1.4.1; RFC 9559, DisplayWidth).
    assert displayed_size(media.picture, 0) == (aperture[2] * Fraction(10, 11), aperture[3])


def test_the_record_tells_it_and_does_not_call_it_a_loss(films: dict[str, Path]):
    for suffix, path in films.items():
        source = source_of(path)
        record = record_for(examined(path, suffix), source, Fraction(24))
        assert "its clean aperture of 304x180 stored pixels is shown" in record.done
        assert not any("cut away" in one for one in record.cost)
        unseen = replace(source, picture=replace(source.picture, aperture=None))
        assert any("cut away" in one for one in record_for(examined(path, suffix), unseen, Fraction(24)).cost)


@pytest.mark.parametrize(("suffix", "codec"), [(".mp4", "libx264"), (".mkv", "libx264"), (".avi", "mpeg4")])
def test_films_without_one_are_seen_whole(tmp_path: Path, suffix: str, codec: str):
    media = examined(write_film(tmp_path / f"a{suffix}", codec=codec, frames=3), suffix)
    assert media.picture is not None
    assert (media.picture.aperture, media.remarks) == (None, ())
    if suffix in WRITERS:
        media = examined(_written(tmp_path, suffix, (0, 0, *SIZE)), suffix)
        assert media.picture is not None
        assert (media.picture.aperture, media.remarks) == (None, ())


def _clap(numbers: tuple[int, ...]) -> Callable[[bytes], bytes]:
    def change(data: bytes) -> bytes:
        place = data.index(b"clap") + 4
        told = b"".join(number.to_bytes(4, signed=True) for number in numbers)
        return data[:place] + told + data[place + len(told) :]

    return change


def _shrunk_entry(data: bytes) -> bytes:
    place = data.index(b"avc1") + 28
    return data[:place] + (160).to_bytes(2) + data[place + 2 :]


ODD = {
    "no denominator": (".mov", _clap((304, 0, 180, 1, 0, 1, 0, 1)), "no part"),
    "nothing wide": (".mov", _clap((0, 1, 180, 1, 0, 1, 0, 1)), "no part"),
    "negative": (".mov", _clap((-304, 1, 180, 1, 0, 1, 0, 1)), "no part"),
    "wider than the picture": (".mov", _clap((322, 1, 180, 1, 0, 1, 0, 1)), "no part"),
    "beside the picture": (".mov", _clap((304, 1, 180, 1, 9, 1, 0, 1)), "no part"),
    "huge": (".mov", _clap((2**31 - 1, 1, 2**31 - 1, 1, 2**31 - 1, 1, -(2**31), 1)), "no part"),
    "of another size": (".mov", _shrunk_entry, "pictures of 160x240"),
}


@pytest.mark.parametrize("name", ODD)
def test_numbers_that_make_no_sense_are_left_aside_by_name(films: dict[str, Path], tmp_path: Path, name: str):
    suffix, change, words = ODD[name]
    path = tmp_path / f"a{suffix}"
    path.write_bytes(change(films[suffix].read_bytes()))
    window, remark = _read(path)
    assert window is None
    assert words in (remark or "")


def test_an_aperture_of_fractions_is_read_as_ffmpeg_reads_it(films: dict[str, Path], tmp_path: Path):
    # Apple's PAL: 768 * 54/59 pixels of 720; here 302 54/59 of 320, whose edges lie in the pixels 8 and 311.
    path = tmp_path / "a.mov"
    path.write_bytes(_clap((302 * 59 + 54, 59, 180, 1, 0, 1, 0, 1))(films[".mov"].read_bytes()))
    assert _read(path) == ((8, 30, 303, 180), None)


def test_cropping_more_than_there_is_is_left_aside(films: dict[str, Path], tmp_path: Path):
    path = tmp_path / "a.mkv"
    data = films[".mkv"].read_bytes()
    place = data.index(b"\x54\xaa\x81") + 3
    path.write_bytes(data[:place] + bytes([210]) + data[place + 1 :])
    assert "no part" in (_read(path)[1] or "")


def test_another_tracks_aperture_is_not_taken(films: dict[str, Path]):
    assert aperture_of(films[".mov"], track=2, number=0, size=SIZE) == (None, None)
    assert aperture_of(films[".mkv"], track=1, number=1, size=SIZE) == (None, None)


@settings(max_examples=300, deadline=None)
@given(data=st.data())
def test_no_damage_leads_outside_the_picture(
    films: dict[str, Path], tmp_path_factory: pytest.TempPathFactory, data: st.DataObject
):
    suffix = data.draw(st.sampled_from((".mov", ".mkv")))
    found = bytearray(films[suffix].read_bytes())
    start = found.index(b"moov") - 4 if suffix == ".mov" else 0
    # The boxes and elements that lead there.
    end = len(found) if suffix == ".mov" else found.index(b"\x54\xaa") + 40
    for _ in range(data.draw(st.integers(1, 4))):
        place = data.draw(st.integers(start, end - 1))
        new = data.draw(st.binary(min_size=1, max_size=8))
        found[place : place + len(new)] = new
    path = tmp_path_factory.getbasetemp() / f"damaged{suffix}"
    path.write_bytes(found[: data.draw(st.integers(start, len(found)))] if data.draw(st.booleans()) else found)
    window, remark = _read(path)
    assert window is None or remark is None
    if window is not None:
        x, y, width, height = window
        assert min(x, y) >= 0
        assert min(width, height) > 0
        assert x + width <= SIZE[0]
        assert y + height <= SIZE[1]
