"""How true faulty files come out, beside ffmpeg's own program (zscale) and against the drawn original.

For each fault of `examples/makers/faults.py`: eight frames of the shot by Crowdcut and by the ffmpeg recipe, both
before any lossy encoding, held against the chart drawn straight into the film's raster. SSIM and VMAF are measured by
ffmpeg's own filters, on what a display shows: luma below black and above white is black and white there. "coded" is
VMAF of the codes as they are, with what no display shows. dE is the largest CIEDE2000 of the chart's patches; a frame
is wrong when its number is not that of the picture on screen then.
"""

import re
from collections.abc import Iterable, Sequence
from fractions import Fraction
from pathlib import Path
from subprocess import CalledProcessError
from typing import Any

import numpy as np

from benchmarks.conform_recipes import by_ffmpeg, planes_in, ran
from benchmarks.telling import add_work, parser_for, put, table, told, workplace, written
from crowdcut.conform.whole import whole_source
from crowdcut.orders import Layer, PictureEncoding, PictureOrder, Raster
from examples.makers.fault_reading import (
    HEIGHT,
    RATE,
    WIDTH,
    Planes,
    colours_off,
    place_of,
    wanted_colours,
)
from examples.makers.faults import CLEAR, FAULTS, Fault
from examples.makers.frame_code import read_frame_code
from examples.makers.planes import Sampling, frame_from
from examples.makers.proof_chart import laid_chart
from renderers.colour.legal_colours import BLACK, WHITE
from renderers.composing.compose import composed_frames
from renderers.examine import examined
from renderers.patch import planes_of

_FRAMES = 8
_COLUMNS = "SSIM", "VMAF", "coded", "dE", "wrong"
_LOST = {"SSIM": 0.0005, "VMAF": 0.5, "dE": 0.3}
"""Differences that are worth a word."""


def by_crowdcut(fault: Fault, file: Path) -> list[Planes]:
    """The first frames of a shot over ``file``, as they go to the encoder."""
    media = examined(file, file.suffix)
    raster = Raster(width=WIDTH, height=HEIGHT, rate=RATE)
    source = whole_source(media, raster, fit=fault.fit, ground=CLEAR, start=fault.start)
    assert source is not None, media.refusal
    order = PictureOrder(
        raster=raster,
        encoding=PictureEncoding(codec="libx264"),
        length_frames=_FRAMES,
        stack=(Layer(source=source, length_frames=_FRAMES),),
    )
    raw = b"".join(one.canvas.block.tobytes() for one in composed_frames(order, {"file": file}))
    return planes_in(raw, _FRAMES)


def _moment(fault: Fault, number: int) -> tuple[int, int]:
    """Code and place of the bar that belong on film frame ``number``."""
    clip, time = fault.clip, fault.start + number / RATE
    if clip.frames == 1:
        return 0, 0
    code = max(code for start, code in clip.shown if start <= time + Fraction(1, 1000))
    return code, int(2 * time * clip.rate + Fraction(1, 1000)) if clip.interlaced and not clip.telecined else code


def _ideal(fault: Fault, number: int) -> Planes:
    """The chart drawn straight into the raster."""
    seen, (code, bar) = place_of(fault), _moment(fault, number)
    patches = np.rint(wanted_colours(fault) * 255).astype(np.uint8)
    place = (seen.left, seen.top, seen.width, seen.height)
    drawn = laid_chart(WIDTH, HEIGHT, place, code, bar=bar, patches=patches)
    luma, cb, cr = (plane.copy() for plane in planes_of(frame_from(drawn, Sampling())))
    return luma, cb, cr


def _raw(path: Path, frames: Iterable[Planes]) -> Path:
    path.write_bytes(b"".join(plane.tobytes() for planes in frames for plane in planes))
    return path


def _shown(frames: Iterable[Planes]) -> list[Planes]:
    """What a display makes of the frames."""
    return [(np.clip(luma, BLACK, WHITE), cb, cr) for luma, cb, cr in frames]


def _likeness(frames: Iterable[Planes], ideal: Path, work: Path) -> tuple[float, float]:
    """SSIM and VMAF."""
    shape = ("-f", "rawvideo", "-pix_fmt", "yuv420p", "-s", f"{WIDTH}x{HEIGHT}", "-r", str(RATE))
    given = _raw(work / "given.yuv", frames)
    graph = "[0]split[a][b];[1]split[c][d];[a][c]ssim;[b][d]libvmaf=n_threads=1"
    answer = ran(*shape, "-i", str(given), *shape, "-i", str(ideal), "-lavfi", graph, "-f", "null", "-").stderr.decode()
    ssim, vmaf = re.search(r"SSIM .*All:([\d.]+)", answer), re.search(r"VMAF score: ([\d.]+)", answer)
    assert ssim is not None, answer
    assert vmaf is not None, answer
    return float(ssim[1]), float(vmaf[1])


def _scores(fault: Fault, frames: list[Planes], ideal: Path, work: Path) -> dict[str, float]:
    """SSIM, VMAF, the largest CIEDE2000 and how many frames are wrong."""
    ssim, vmaf = _likeness(_shown(frames), ideal, work)
    moments = [fault.start + number / RATE for number in range(len(frames))] if fault.clip.frames > 1 else [Fraction(0)]
    codes = [read_frame_code(luma) for luma, _, _ in frames]
    wrong = sum(code not in fault.codes_at(moment) for code, moment in zip(codes, moments, strict=False))
    return {
        "SSIM": round(ssim, 4),
        "VMAF": round(vmaf, 2),
        "coded": round(_likeness(frames, ideal, work)[1], 2),
        "dE": round(colours_off(fault, frames[_FRAMES // 2], wanted_colours(fault)), 2),
        "wrong": wrong,
    }


def _row(fault: Fault, folder: Path) -> dict[str, Any]:
    """Scores of both for one fault."""
    file = fault.write(folder / fault.file, fault.clip)
    ideal = _raw(folder / "ideal.yuv", (_ideal(fault, number) for number in range(_FRAMES)))
    ours = _scores(fault, by_crowdcut(fault, file), ideal, folder)
    try:
        theirs = _scores(fault, by_ffmpeg(fault, file, _FRAMES), ideal, folder)
    except (CalledProcessError, ValueError) as error:
        told(f"{fault.name}: ffmpeg fails: {getattr(error, 'stderr', b'').decode()[-300:] or error}")
        theirs = dict.fromkeys(ours)
    told(f"{fault.name}: {ours} {theirs}")
    return {"fault": fault.name, "crowdcut": ours, "ffmpeg": theirs}


def lost(row: dict[str, Any]) -> str:
    """What Crowdcut loses to ffmpeg in a row, in words; nothing if it loses nothing."""
    ours, theirs = row["crowdcut"], row["ffmpeg"]
    if theirs["SSIM"] is None:
        return ""
    found = [name for name in ("SSIM", "VMAF") if theirs[name] - ours[name] > _LOST[name]]
    found += ["dE"] if ours["dE"] - theirs["dE"] > _LOST["dE"] else []
    found += ["frames"] if ours["wrong"] > theirs["wrong"] else []
    return " ".join(found)


def _cells(rows: Sequence[dict[str, Any]]) -> list[list[Any]]:
    cells = []
    for row in rows:
        pairs = [row[who][name] for name in _COLUMNS for who in ("crowdcut", "ffmpeg")]
        texts = [None if one is None else f"{one:.4f}" if place < 2 else one for place, one in enumerate(pairs)]
        cells.append([row["fault"], *texts, lost(row)])
    return cells


def main() -> None:
    """Print a line for each fault."""
    parser = parser_for(__doc__)
    parser.add_argument("faults", nargs="*", metavar="FAULT", help="names of faults  [default: all]")
    parser.add_argument("--page", type=Path, metavar="FILE", help="put the table into a page: docs/conform.md")
    add_work(parser, "the faulty files")
    asked = parser.parse_args()
    # Beside a blurred copy of itself there is no ideal.
    chosen = [one for one in FAULTS if one.fit != "blur" and (not asked.faults or one.name in asked.faults)]
    with workplace(asked.work, "conform") as (_, folder):
        rows = [_row(fault, folder) for fault in chosen]
    names = [f"{name}{who}" for name in _COLUMNS for who in ("", " ffmpeg")]
    head, cells = ["fault", *names, "lost"], _cells(rows)
    print(table(head, cells))
    if asked.page is not None:
        put(asked.page, head, cells)
    written(asked.out, {"conform": rows})


if __name__ == "__main__":
    main()
