"""What each conversion costs a frame of 1920x1080, on top of an ordinary clip.

For each: CPU milliseconds a frame to decode its clips, and to convert and lay them; the last column is what the latter
is more than for an ordinary clip (HD, H.264, 8 bit, whole in the picture). Nothing is encoded. The best of some rounds
counts, in one process; what a process makes once (a table of colours, a plan of a movement) is not in it.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from fractions import Fraction
from pathlib import Path
from time import process_time
from typing import Any

from benchmarks.conversion_clips import made
from benchmarks.telling import add_work, parser_for, put, table, told, workplace, written
from crowdcut.conform.conversion import conversion_for
from crowdcut.conform.framing import Framing
from crowdcut.conform.geometry import whole_raster
from crowdcut.conform.layouts import cells_in
from crowdcut.conform.sampling import source_time_at
from crowdcut.episode import KenBurns
from crowdcut.media import Colour, Media
from crowdcut.orders import (
    Animation,
    Filmed,
    Fit,
    Ground,
    Key,
    Layer,
    PictureEncoding,
    PictureOrder,
    Raster,
    Screen,
    ScreenOrder,
    Still,
    SurveyOrder,
    Transition,
    Video,
)
from crowdcut.records import record_from
from crowdcut.vocabulary import choices
from renderers import screen, survey
from renderers.composing.compose import composed_frames
from renderers.examine import examined
from renderers.job import Input
from renderers.video.picking import picked_frames

_RASTER = Raster(width=1920, height=1080, rate=Fraction(24))
_FRAMES = 20
_TIMES = (Fraction(1, 4), Fraction(1, 2))
_PQ = Colour(primaries="bt2020", transfer="smpte2084", matrix="bt2020nc", full_range=False)
_HLG = replace(_PQ, transfer="arib-std-b67")
_WIDE = replace(_PQ, transfer="bt709")
_ORDINARY, _SURVEY = "ordinary", "looked through (auto), a picture"


@dataclass(slots=True)
class _Files:
    """The made files, each examined once."""

    folder: Path
    media: dict[str, Media] = field(default_factory=dict)

    def source(self, name: str, raster: Raster = _RASTER, *, fit: Fit = "contain", **wanted: Any) -> Filmed:
        """A file whole in the raster. ``wanted``: fields of its picture, its conversion, its framing or the source."""
        path = made(self.folder, name)
        if name not in self.media:
            self.media[name] = examined(path, path.suffix)
        media = self.media[name]
        start = wanted.pop("start", Fraction(0))
        picture = media.picture
        assert picture is not None, media.refusal
        picture = replace(picture, **wanted.pop("picture", {}))
        conversion = conversion_for(
            picture,
            fit=fit,
            focus=(Fraction(1, 2), Fraction(1, 2)),
            region=whole_raster(raster),
            flatten=None,
            rate=raster.rate,
            key=wanted.pop("key", None),
            framing=wanted.pop("framing", None),
        )
        match media.kind:
            case "still":
                return Still(file=name, picture=picture, conversion=conversion, reader=media.reader)
            case "animation":
                source = Animation(file=name, picture=picture, start=start, conversion=conversion)
                return replace(source, reader=media.reader)
            case _:
                return Video(file=name, picture=picture, start=start, conversion=conversion, **wanted)

    def layer(
        self, name: str, raster: Raster = _RASTER, *, blend: str = "normal", opacity: float = 1.0, **wanted: Any
    ) -> Layer:
        """A layer that shows :meth:`source`."""
        source = self.source(name, raster, **wanted)
        return Layer(source=source, length_frames=_FRAMES, blend=blend, opacity=opacity)

    def paths(self) -> dict[str, Path]:
        """Every file by its name."""
        return {name: self.folder / name for name in self.media}


Asking = Callable[[_Files], PictureOrder]


def _order(*layers: Layer, transition: Transition | None = None) -> PictureOrder:
    encoding = PictureEncoding(codec="libx264")
    return PictureOrder(raster=_RASTER, encoding=encoding, length_frames=_FRAMES, stack=layers, transition=transition)


def _one(name: str, **wanted: Any) -> Asking:
    return lambda files: _order(files.layer(name, **wanted))


def _over(name: str, **wanted: Any) -> Asking:
    """Over an ordinary clip."""
    return lambda files: _order(files.layer("plain.mp4"), files.layer(name, **wanted))


def _dissolve(files: _Files) -> PictureOrder:
    leaving = (files.layer("plain.mp4"),)
    return _order(
        files.layer("plain.mp4"),
        transition=Transition(kind="dissolve", age_frames=0, length_frames=_FRAMES, leaving=leaving),
    )


def _keyed(files: _Files) -> PictureOrder:
    source = files.source("screen.mp4")
    order = ScreenOrder(source=source, raster=_RASTER, colour="green", times=_TIMES)
    facts = screen.run(order, {"file": Input(path=files.folder / "screen.mp4")}, files.folder)
    key = Key(colour="green", times=_TIMES, screen=record_from(facts, Screen))
    return _order(files.layer("plain.mp4"), files.layer("screen.mp4", key=key))


def _grid(count: int) -> Asking:
    def asked(files: _Files) -> PictureOrder:
        cells = []
        for window in cells_in("grid", count, _RASTER):
            own = replace(_RASTER, width=window.width, height=window.height)
            cells.append(replace(files.layer("plain.mp4", own, fit="cover"), window=window))
        return _order(Layer(source=Ground(background=("#202020",)), length_frames=_FRAMES), *cells)

    return asked


_HALF = {"speed": Fraction(1, 2)}
_MOVE = Framing(ken_burns=KenBurns(), length_frames=_FRAMES * 6)
CONVERSIONS: dict[str, Asking] = {
    "ordinary": _one("plain.mp4"),
    "720p, larger": _one("small.mp4"),
    "4K, smaller": _one("uhd.mp4"),
    "turned": _one("upright.mp4"),
    "turned, blurred sides": _one("upright.mp4", fit="blur"),
    "pixels made square": _one("squeezed.mp4"),
    "full range": _one("full.mp4"),
    "10 bit": _one("ten.mp4"),
    "R'G'B'": _one("rgb.mov"),
    "PQ": _one("ten.mp4", picture={"colour": _PQ}),
    "HLG": _one("ten.mp4", picture={"colour": _HLG}),
    "BT.2020 primaries": _one("ten.mp4", picture={"colour": _WIDE}),
    "illegal colours made legal": _one("gaudy.mp4", picture={"colour": Colour(matrix="bt709", full_range=False)}),
    "deinterlaced, both fields": _one("woven.mp4"),
    "opacity": _over("plain.mp4", opacity=0.5),
    "alpha, straight": _over("clear.mov", picture={"premultiplied": False}),
    "alpha, premultiplied": _over("clear.mov", picture={"premultiplied": True}),
    **{f"blend {name}": _over("plain.mp4", blend=name) for name in choices.BLENDS if name != "normal"},
    "blend screen, clear around": _over("clear.mov", blend="screen", picture={"premultiplied": False}),
    "green screen": _keyed,
    "motion blend": _one("plain.mp4", motion="blend", **_HALF),
    "motion flow": _one("plain.mp4", motion="flow", **_HALF),
    "backwards": _one("plain.mp4", speed=Fraction(-1), start=Fraction(_FRAMES, 24)),
    "dissolve": _dissolve,
    "ken_burns, film": _one("plain.mp4", fit="cover", framing=_MOVE),
    "ken_burns, photograph": _one("photo.jpg", fit="cover", framing=_MOVE),
    "photograph": _one("photo.jpg"),
    "grid of 4": _grid(4),
    "grid of 12": _grid(12),
    "GIF": _one("loop.gif"),
    "SVG": _one("drawing.svg"),
    "Lottie": _one("turning.json"),
}
"""Name of a conversion to the order that asks for it."""


def _spent(work: Callable[[], object], rounds: int) -> float:
    """CPU milliseconds a frame."""
    best = float("inf")
    for _ in range(rounds):
        before = process_time()
        work()
        best = min(best, process_time() - before)
    return best * 1000 / _FRAMES


def _decode(order: PictureOrder, files: Mapping[str, Path]) -> None:
    """Decode what the films of an order show, and nothing more."""
    leaving = order.transition.leaving if order.transition is not None else ()
    for layer in (*order.stack, *leaving):
        if isinstance(source := layer.source, Video):
            times = sorted(source_time_at(source, age, order.raster.rate) for age in range(order.length_frames))
            stored = replace(source.conversion, deinterlace=False, field_rate=False)
            for _ in picked_frames(files[source.file], source.picture, times, stored):
                pass


def _compose(order: PictureOrder, files: Mapping[str, Path]) -> None:
    for _ in composed_frames(order, files):
        pass


def _row(name: str, files: _Files, rounds: int) -> list[Any]:
    """Name, and milliseconds to decode and to do the rest."""
    order = CONVERSIONS[name](files)
    paths = files.paths()
    _compose(replace(order, length_frames=2), paths)  # what is made once
    decoding = _spent(lambda: _decode(order, paths), rounds)
    whole = _spent(lambda: _compose(order, paths), rounds)
    told(f"{name}: {decoding:.1f} + {whole - decoding:.1f} ms")
    return [name, round(decoding, 1), round(whole - decoding, 1)]


def _survey_row(files: _Files, rounds: int) -> list[Any]:
    """Of looking through a clip: once for all its shots, at the clip's own rate."""
    source = files.source("plain.mp4")
    order = SurveyOrder(source=source, raster=_RASTER, length_frames=_FRAMES)
    inputs = {name: Input(path=path) for name, path in files.paths().items()}
    decoding = _spent(lambda: _decode(_order(files.layer("plain.mp4")), files.paths()), rounds)
    whole = _spent(lambda: survey.run(order, inputs, files.folder), rounds)
    return [_SURVEY, round(decoding, 1), round(whole - decoding, 1)]


def main() -> None:
    """Print a line for each conversion."""
    parser = parser_for(__doc__)
    parser.add_argument("names", nargs="*", metavar="CONVERSION", help="some of them, by their names  [default: all]")
    parser.add_argument("--rounds", type=int, default=3, metavar="N", help="times that each is done  [default: 3]")
    parser.add_argument("--page", type=Path, metavar="FILE", help="put the table into a page: docs/benchmarks.md")
    add_work(parser, "the clips")
    asked = parser.parse_args()
    names = [name for name in CONVERSIONS if not asked.names or name in (*asked.names, _ORDINARY)]
    with workplace(asked.work, "conversions") as (work, _):
        files = _Files(work / "conversion-clips")
        rows = [_row(name, files, asked.rounds) for name in names]
        if not asked.names or _SURVEY in asked.names:
            rows.append(_survey_row(files, asked.rounds))
    rows = [[*row, round(row[2] - rows[0][2], 1)] for row in rows]
    head = ("conversion", "decode ms", "convert ms", "on top ms")
    print(table(head, rows))
    if asked.page is not None:
        put(asked.page, head, rows)
    written(asked.out, {"conversions": [dict(zip(head, row, strict=True)) for row in rows]})


if __name__ == "__main__":
    main()
