"""What decoding, composing and proof cost on top of the encoder alone, clip by clip.

For each CLIP the picture job of three seconds in full HD (fit = "blur"), and the encoder alone on the same frames; the
ratio is of CPU seconds, all in this process. Without a CLIP, the dozen kinds of clip that the other benchmarks use.
"""

from fractions import Fraction
from pathlib import Path
from time import process_time
from typing import Any

from benchmarks.encoder import encoded_alone
from benchmarks.sources import KINDS, made_sources
from benchmarks.telling import Figure, add_work, parser_for, table, told, workplace, written
from crowdcut.conform.conversion import conversion_for
from crowdcut.conform.geometry import whole_raster
from crowdcut.orders import Layer, PictureOrder, Raster, Video
from crowdcut.profiles import profile_from
from renderers import examine, picture
from renderers.job import Input

_FRAMES = 72
_PROFILE = profile_from("web", {})
_RASTER = Raster(width=_PROFILE.width, height=_PROFILE.height, rate=Fraction(24))
_LIMIT = 1.15
"""Design: a cold build's CPU, of the encoder alone."""


def _order(clip: Path) -> PictureOrder:
    media = examine.examined(clip, clip.suffix.lower())
    assert media.picture is not None, f"{clip.name} has no picture"
    conversion = conversion_for(
        media.picture,
        fit="blur",
        focus=(Fraction(1, 2), Fraction(1, 2)),
        region=whole_raster(_RASTER),
        flatten=None,
    )
    source = Video(file="clip", picture=media.picture, start=Fraction(0), conversion=conversion)
    layer = Layer(source=source, length_frames=_FRAMES)
    return PictureOrder(raster=_RASTER, encoding=_PROFILE.encoding, length_frames=_FRAMES, stack=(layer,))


def _row(clip: Path, out: Path) -> list[Any]:
    """Name, CPU seconds of the job and of the encoder alone, ratio."""
    order = _order(clip)
    alone = encoded_alone(order, {"clip": clip}, out).cpu_seconds
    before = process_time()
    picture.run(order, {"clip": Input(path=clip)}, out)
    whole = process_time() - before
    told(f"{clip.name}: {whole:.2f} CPU s")
    return [clip.name, round(whole, 2), round(alone, 2), round(whole / alone, 3)]


def _made(folder: Path) -> list[Path]:
    """One clip of each kind but the still."""
    numbers = [number for number, kind in enumerate(KINDS) if not kind.still]
    seconds = Fraction(_FRAMES, 24) + Fraction(1, 2)
    return [folder / clip.file for clip in made_sources(folder, numbers, seconds=seconds, height=_RASTER.height)]


def main() -> None:
    """Print a line for each clip, and one for all."""
    parser = parser_for(__doc__)
    parser.add_argument("clips", nargs="*", type=Path, metavar="CLIP", help="films of three seconds or more")
    add_work(parser, "the made clips")
    asked = parser.parse_args()
    with workplace(asked.work, "pieces") as (work, folder):
        rows = [_row(clip, folder / "piece") for clip in asked.clips or _made(work / "clips")]
    job, alone = (sum(row[column] for row in rows) for column in (1, 2))
    rows.append(["all", job, alone, round(job / alone, 3)])
    head = ("clip", "job CPU s", "encoder CPU s", "ratio")
    print(table(head, rows))
    figure = Figure(name="picture jobs' CPU, of the encoder alone", measured=rows[-1][-1], limit=_LIMIT)
    written(asked.out, {"pieces": [dict(zip(head, row, strict=True)) for row in rows]}, [figure])


if __name__ == "__main__":
    main()
