"""``python moviepy_program.py EDIT.json FILM``: the film by MoviePy. It imports nothing else, so as to cost nothing
else."""

import json
import sys
from pathlib import Path
from typing import Any

from moviepy import ImageClip, VideoFileClip, concatenate_videoclips
from moviepy.video.fx import Margin


def _clip(shot: dict[str, Any], size: list[int]) -> Any:
    if shot["still"]:
        clip = ImageClip(shot["path"], duration=shot["seconds"]).resized(shot["size"])
    else:
        # ffmpeg's pipe runs at the base rate, which MoviePy must know to find the moment in a clip of uneven rate.
        clip = VideoFileClip(shot["path"], target_resolution=shot["size"], fps_source="tbr")
        clip = clip.subclipped(shot["start"], shot["start"] + shot["seconds"])
    across, down = (whole - part for whole, part in zip(size, shot["size"], strict=True))
    if not across and not down:
        return clip
    edges = {"left": across // 2, "right": across - across // 2, "top": down // 2, "bottom": down - down // 2}
    return clip.with_effects([Margin(**edges)])


def main() -> None:
    """Read the edit, write the film."""
    edit = json.loads(Path(sys.argv[1]).read_bytes())
    film = concatenate_videoclips([_clip(shot, edit["size"]) for shot in edit["shots"]], method="chain")
    film.write_videofile(
        sys.argv[2],
        fps=edit["rate"],
        codec=edit["codec"],
        preset=edit["preset"],
        audio_fps=48_000,
        audio_codec="aac",
        audio_bitrate=edit["audio_bitrate"],
        ffmpeg_params=edit["options"],
        logger=None,
    )


if __name__ == "__main__":
    main()
