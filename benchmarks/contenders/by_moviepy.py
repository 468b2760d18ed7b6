"""MoviePy 2, as its documentation shows for speed.

ffmpeg scales while it reads (``target_resolution``) and both ends of MoviePy's pipes use imageio-ffmpeg's program.
"""

import importlib.util
import json
import sys
from pathlib import Path
from typing import Any

from benchmarks.contenders.prepared import ENCODING, PROFILE, X264_PARAMS, Missing, Prepared
from benchmarks.cut import Cut, Shot


def _entry(cut: Cut, shot: Shot) -> dict[str, Any]:
    width, height = shot.source.size
    share = min(cut.width / width, cut.height / height)
    return {
        "path": str(cut.path(shot).resolve()),
        "still": shot.source.still,
        "start": float(shot.start),
        "seconds": cut.seconds(shot),
        "size": [round(width * share / 2) * 2, round(height * share / 2) * 2],
    }


def prepared(cut: Cut, folder: Path) -> Prepared:
    """The edit in ``folder`` and the command line of :mod:`benchmarks.contenders.moviepy_program`. Raises Missing."""
    if importlib.util.find_spec("moviepy") is None:
        raise Missing("moviepy is not installed: pip install 'moviepy>=2.2'")
    film, edit = folder / "film.mp4", folder / "edit.json"
    options = [word for name, value in ENCODING.options.items() if name != "preset" for word in (f"-{name}:v", value)]
    told = {
        "shots": [_entry(cut, shot) for shot in cut.shots],
        "size": [cut.width, cut.height],
        "rate": float(cut.rate),
        "codec": ENCODING.codec,
        "preset": ENCODING.options["preset"],
        "audio_bitrate": str(PROFILE.audio_bit_rate),
        "options": [*options, "-x264-params", X264_PARAMS, "-movflags", "+faststart"],
    }
    edit.write_text(json.dumps(told), encoding="utf-8")
    program = Path(__file__).with_name("moviepy_program.py")
    return Prepared(command=(sys.executable, str(program), str(edit), str(film)), film=film)
