"""The conform room, pixel by pixel: a film of faulty files shows the right frame in the right place and colours.

Each fault is then shown by a Crowdcut that is blind to it, and the same reading must complain.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from fault_making import FRAMES, FaultFilm, fault_film, rendered_frames

from crowdcut.media import Colour, Picture
from crowdcut.orders import Box
from examples.makers.colour_difference import lab_difference
from examples.makers.fault_reading import HEIGHT, WIDTH, complaints, wanted_colours
from examples.makers.faults import DELAYS, FAULTS, write_animation
from renderers.frames import filtering

FAULT = {fault.name: fault for fault in FAULTS}


def upright(picture: Picture) -> Picture:
    """It is not turned."""
    return replace(picture, rotation=0, mirrored=False)


def squared(picture: Picture) -> Picture:
    """Its pixels are square."""
    return replace(picture, sar=Fraction(1))


def to_its_edges(picture: Picture) -> Picture:
    """All of what is stored is shown."""
    return replace(picture, aperture=None)


def read_with(matrix: str, *, full: bool = False) -> Callable[[Picture], Picture]:
    """Its colours are another standard's."""
    colour = Colour(primaries="bt709", transfer="bt709", matrix=matrix, full_range=full)
    return lambda picture: replace(picture, colour=colour)


def counted(picture: Picture) -> Picture:
    """Its pictures come one a frame of the film."""
    return replace(picture, count_frames=True, rate=Fraction(24), start=Fraction(0), constant=True)


def at_once(picture: Picture) -> Picture:
    """Its first picture comes at the clock's zero."""
    return replace(picture, start=Fraction(0))


def progressive(picture: Picture) -> Picture:
    """It has no fields."""
    return replace(picture, interlaced=None, scan=None, cadence=None)


def by_flags(picture: Picture) -> Picture:
    """Its pictures are shown as long as its flags say."""
    return replace(picture, pulldown=False)


def opaque(picture: Picture) -> Picture:
    """Nothing shows through it."""
    return replace(picture, alpha=False)


def unedited(film: Path, blind: Path) -> None:
    """A file without its edit list."""
    blind.write_bytes(film.read_bytes().replace(b"edts", b"free"))


def evenly_timed(film: Path, blind: Path) -> None:
    """An animation whose pictures are all shown equally long."""
    fault = next(one for one in FAULTS if one.file == film.name)
    write_animation(blind, fault.clip, (sum(DELAYS) // len(DELAYS),) * len(DELAYS))


def squeezed(conversion: Any) -> Any:
    """The whole picture squeezed into the raster."""
    return replace(conversion, crop=None, box=Box(x=0, y=0, width=WIDTH, height=HEIGHT))


def on_black(conversion: Any) -> Any:
    """Nothing beside the picture."""
    return replace(conversion, backdrop=False)


@dataclass(frozen=True, kw_only=True)
class Blindness:
    """How a Crowdcut is made blind to a fault, and what of its picture is wrong then."""

    breaks: str
    """``frame``, ``place``, ``colour``, ``surround`` or ``scan``."""
    picture: Callable[[Picture], Picture] | None = None
    file: Callable[[Path, Path], None] | None = None
    conversion: Callable[[Any], Any] | None = None
    writing: str | None = None
    """The matrix that pictures are written with, in BT.709's place."""


TURNED = Blindness(breaks="colour", picture=upright)
SQUARED = Blindness(breaks="place", picture=squared)
TO_ITS_EDGES = Blindness(breaks="place", picture=to_its_edges)
AS_601 = Blindness(breaks="colour", picture=read_with("smpte170m"))
AS_709 = Blindness(breaks="colour", picture=read_with("bt709"))
LIMITED = Blindness(breaks="colour", picture=read_with("bt709"))
COUNTED = Blindness(breaks="frame", picture=counted)
WOVEN = Blindness(breaks="scan", picture=progressive)

BLIND = {
    **{name: TURNED for name in FAULT if name.startswith(("turned", "exif"))},
    "wide pixels": SQUARED,
    "narrow pixels": SQUARED,
    "odd size": Blindness(breaks="place", conversion=squeezed),
    "odd size wide pixels": SQUARED,
    "turned 90 wide pixels": SQUARED,
    **dict.fromkeys(("clean aperture", "clean aperture turned 90", "pixel crop"), TO_ITS_EDGES),
    "cover": Blindness(breaks="place", conversion=squeezed),
    "cover turned 270": Blindness(breaks="place", conversion=squeezed),
    "blur": Blindness(breaks="surround", conversion=on_black),
    "bt601": AS_709,
    "sd in bt709": AS_601,
    "sd untagged": AS_709,
    "hd untagged": AS_601,
    "bt2020 matrix": AS_709,
    "full range": LIMITED,
    "full range jpeg": Blindness(breaks="colour", picture=read_with("bt709", full=True)),
    **dict.fromkeys(("10 bit", "12 bit 422", "chroma 422", "chroma 444", "prores 422"), AS_601),
    **dict.fromkeys(("rgb", "planar rgb", "palette"), Blindness(breaks="colour", writing="bt601")),
    "clear ground": Blindness(breaks="colour", picture=opaque),
    **dict.fromkeys(("hlg", "pq"), AS_709),
    "turned 90 hlg": AS_709,
    "uneven": COUNTED,
    "uneven webm": COUNTED,
    "turned 270 uneven": COUNTED,
    "ntsc rate": COUNTED,
    "double ntsc rate": COUNTED,
    "slow avi": COUNTED,
    "edit list": Blindness(breaks="frame", file=unedited),
    "late start": Blindness(breaks="frame", picture=at_once),
    "interlaced": WOVEN,
    "interlaced bff": WOVEN,
    "dv": WOVEN,
    "telecined": WOVEN,
    "telecined bff": WOVEN,
    "soft telecine": Blindness(breaks="frame", picture=by_flags),
    "gif": Blindness(breaks="frame", file=evenly_timed),
    "apng": Blindness(breaks="frame", file=evenly_timed),
}


@pytest.fixture(scope="session")
def film(tmp_path_factory: pytest.TempPathFactory, worker_id: str) -> FaultFilm:
    """The film of all faults, built once for all test processes."""
    base = tmp_path_factory.getbasetemp()
    return fault_film((base if worker_id == "master" else base.parent) / "faults")


@pytest.fixture(scope="session")
def blinded(film: FaultFilm) -> Any:
    """The plan of a Crowdcut that is blind to every fault that shows in what was examined."""
    return film.blinded({name: blind.picture for name, blind in BLIND.items() if blind.picture is not None})


def test_differences_of_colour_are_ciedes():
    # Sharma, Wu and Dalal 2005, table 1: pairs 1, 7, 10, 14, 17 and 25.
    pairs = [
        ((50, 2.6772, -79.7751), (50, 0, -82.7485), 2.0425),
        ((50, 0, 0), (50, -1, 2), 2.3669),
        ((50, 2.49, -0.001), (50, -2.49, 0.0011), 7.2195),
        ((50, 2.5, 0), (50, 0, -2.5), 4.3065),
        ((50, 2.5, 0), (73, 25, -18), 27.1492),
        ((60.2574, -34.0099, 36.2677), (60.4626, -34.1751, 39.4387), 1.2644),
    ]
    one, other, wanted = (np.array(column, float) for column in zip(*pairs, strict=True))
    assert np.abs(lab_difference(one, other) - wanted).max() < 1e-4


@pytest.mark.parametrize("name", FAULT)
def test_a_fault_is_not_seen_in_the_film(film: FaultFilm, name: str):
    fault = FAULT[name]
    assert complaints(fault, film.shots[name], wanted_colours(fault)) == {}


@pytest.mark.parametrize("name", FAULT)
def test_it_is_seen_where_crowdcut_is_blind_to_it(
    film: FaultFilm, blinded: Any, name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    fault, blind = FAULT[name], BLIND[name]
    job = film.job_of(fault, blinded)
    files = {}
    if blind.file is not None:
        for key, path in job.files.items():
            blind.file(path, tmp_path / path.name)
            files[key] = tmp_path / path.name
    if blind.conversion is not None:
        (layer,) = job.order.stack
        source = replace(layer.source, conversion=blind.conversion(layer.source.conversion))
        job = replace(job, order=replace(job.order, stack=(replace(layer, source=source),)))
    if blind.writing is not None:
        right, matrix = filtering.filters_for, f"out_color_matrix={blind.writing}"
        monkeypatch.setattr(
            filtering,
            "filters_for",
            lambda *told: [(one, words.replace("out_color_matrix=bt709", matrix)) for one, words in right(*told)],
        )
    frames = rendered_frames(job, tmp_path / "piece.mp4", **files)
    assert len(frames) == FRAMES
    assert blind.breaks in complaints(fault, frames, wanted_colours(fault))
