"""A new kind of file is one source and one line, as the page about sources says it; and that page tells of all."""

import re
import sys
from fractions import Fraction
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path

import numpy as np
import pytest
from piece_making import RASTER, bt709, pictures_in

from crowdcut import kinds
from crowdcut.conform.conversion import conversion_for
from crowdcut.conform.geometry import whole_raster
from crowdcut.orders import Layer, PictureEncoding, PictureOrder, Still, drawn_by
from farm.fingerprints import Fingerprints
from renderers import picture
from renderers.examine import examined
from renderers.job import Input

PAGE = Path(__file__).parents[1] / "docs" / "sources.md"
EXAMPLE = re.compile(r"```python file=(\S+)\n(.*?)```", re.DOTALL)


@pytest.fixture
def colour(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The page's example as a module of its own, with its line; a file of its kind."""
    (found,) = EXAMPLE.findall(PAGE.read_text(encoding="utf-8"))
    source = tmp_path / Path(found[0]).name
    source.write_text(found[1], encoding="utf-8")
    spec = spec_from_file_location("renderers.sources.colour", source)
    assert spec is not None
    assert spec.loader is not None
    module = module_from_spec(spec)
    spec.loader.exec_module(module)
    monkeypatch.setitem(sys.modules, "renderers.sources.colour", module)
    readers = list(kinds.READERS.items())
    readers.insert([name for name, _ in readers].index("text_examine"), ("colour", "plain colours"))
    monkeypatch.setattr("renderers.examine.READERS", dict(readers))
    monkeypatch.setattr("renderers.sources.READERS", dict(readers))
    file = tmp_path / "sky.colour"
    file.write_text("#3060a0\n")
    return file


def test_the_example_is_one_file_and_one_line(colour: Path, tmp_path: Path):
    media = examined(colour, ".colour")
    assert media.picture is not None
    assert (media.kind, media.reader, media.refusal) == ("still", "colour", None)
    region, middle = whole_raster(RASTER), (Fraction(1, 2), Fraction(1, 2))
    conversion = conversion_for(media.picture, fit="contain", focus=middle, region=region, flatten=None)
    still = Still(file="file", picture=media.picture, conversion=conversion, reader=media.reader)
    assert drawn_by(still) == "colour"
    order = PictureOrder(
        raster=RASTER,
        encoding=PictureEncoding(codec="libx264", options={"preset": "ultrafast", "crf": "10"}),
        length_frames=2,
        stack=(Layer(source=still, length_frames=2),),
    )
    picture.run(order, {"file": Input(path=colour)}, tmp_path / "piece.mp4")
    wanted = bt709(np.array([[0x30, 0x60, 0xA0]], np.uint8))[0]
    for planes in pictures_in(tmp_path / "piece.mp4"):
        means = [float(plane.mean()) for plane in planes]
        assert np.abs(np.subtract(means, wanted)).max() < 1.5


def test_without_its_line_it_is_shown_as_words(tmp_path: Path):
    (tmp_path / "sky.colour").write_text("#3060a0\n")
    assert examined(tmp_path / "sky.colour", ".colour").kind == "text"


def test_the_page_tells_of_every_kind():
    page = PAGE.read_text(encoding="utf-8")
    rows = [f"| `{name}` | {doc} |" for name, doc in kinds.READERS.items()]
    assert page.endswith("\n".join([*rows, ""])), "its last table is READERS of crowdcut/kinds.py"


def test_each_kind_has_code_of_its_own_in_an_examinations_key():
    found = Fingerprints()
    assert len({found[f"renderers.sources.{name}"] for name in kinds.READERS}) == len(kinds.READERS)
