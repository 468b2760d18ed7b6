"""``python -m benchmarks.pieces CLIP...``: what decoding, composing and proof cost on top of the encoder alone.

For each clip three seconds in full HD; the ratio is of CPU seconds, all in this process.
"""

import sys
import tempfile
from collections.abc import Callable
from fractions import Fraction
from pathlib import Path
from time import process_time
from typing import Any

from crowdcut.conform import conversion_for, whole_raster
from crowdcut.library import ReadAs
from crowdcut.orders import Layer, PictureOrder, Raster, Video
from crowdcut.profiles import profile_from
from renderers import examine, picture
from renderers.compose import canvas_for, composed_frames
from renderers.encode import PieceWriter
from renderers.job import Input

_FRAMES = 72
_PROFILE = profile_from("web", {})
_RASTER = Raster(width=_PROFILE.width, height=_PROFILE.height, rate=Fraction(24))


def _cpu(work: Callable[[], Any]) -> tuple[float, Any]:
    before = process_time()
    result = work()
    return process_time() - before, result


def _order(clip: Path) -> PictureOrder:
    media = examine.examined(clip, clip.suffix.lower())
    assert media.picture is not None, f"{clip.name} has no picture"
    conversion = conversion_for(
        media.picture,
        read_as=ReadAs(),
        fit="blur",
        focus=(Fraction(1, 2), Fraction(1, 2)),
        region=whole_raster(_RASTER),
        flatten=None,
    )
    source = Video(file="clip", picture=media.picture, start=Fraction(0), conversion=conversion)
    layer = Layer(source=source, length_frames=_FRAMES)
    return PictureOrder(raster=_RASTER, encoding=_PROFILE.encoding, length_frames=_FRAMES, stack=(layer,))


def _encoded_alone(order: PictureOrder, clip: Path, out: Path) -> float:
    """CPU seconds of encoding the finished frames, which are held in memory."""
    blocks = [composed.canvas.block.copy() for composed in composed_frames(order, {"clip": clip})]
    canvas = canvas_for(order.raster)

    def encode() -> None:
        with PieceWriter(out, order.raster, order.encoding) as writer:
            for block in blocks:
                canvas.block[:] = block
                writer.write(canvas)

    return _cpu(encode)[0]


def main() -> None:
    """Print a line for each clip."""
    print(f"{'clip':40} {'job CPU s':>10} {'encoder alone':>14} {'ratio':>6}")
    with tempfile.TemporaryDirectory(prefix="crowdcut-benchmark-") as folder:
        for clip in map(Path, sys.argv[1:]):
            order, out = _order(clip), Path(folder) / "piece"
            alone = _encoded_alone(order, clip, out)
            whole, _ = _cpu(lambda order=order, clip=clip, out=out: picture.run(order, {"clip": Input(path=clip)}, out))
            print(f"{clip.name[:40]:40} {whole:10.2f} {alone:14.2f} {whole / alone:6.2f}")


if __name__ == "__main__":
    main()
