"""A disc is filled: its pictures as fine as it has room for, never more, and no piece much worse than the others."""

from fractions import Fraction
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from examples.makers import write_clip

RATE = Fraction(24_000, 1001)
FRAMES, CLIPS = 18, 8
EPISODE = """\
format = 1
title = "Full"
library = ["library"]
template = "quick"
rate = "24000/1001"
delivery = ["dvd-ntsc"]
[[scene]]
id = "one"
title = "One"
"""
SHOT = '[[scene.shot]]\nuse = "clip{}"\n'
LISTING = '[[contributor]]\nid = "ana"\nname = "Ana"\n'
CONTRIBUTION = '[[contribution]]\nid = "clip{0}"\nfile = "clip{0}.mp4"\nby = ["ana"]\n'
TEMPLATE = 'extends = "variety"\n[roll]\npixels_a_frame_1080 = 40\n'


def moving(seed: int, *, grain: float = 3.0):
    """Clouds of detail that pass by, each clip at its own speed and as fine as none of the others, with grain."""
    draw = np.random.default_rng(seed)
    soft = 1.5 + seed % 4
    field = cv2.GaussianBlur(draw.normal(size=(600, 1200, 3)), (0, 0), soft)
    field = 128 + field * (45 / field.std())
    speed = 2 + 3 * (seed % 5)

    def picture(frame: int) -> NDArray[np.uint8]:
        left = frame * speed
        seen = field[50:530, left : left + 854] + draw.normal(scale=grain, size=(480, 854, 1))
        return np.clip(seen, 0, 255).astype(np.uint8)

    return picture


def lay(folder: Path) -> Path:
    library, look = folder / "library", folder / "quick"
    library.mkdir(parents=True)
    look.mkdir()
    (look / "template.toml").write_text(TEMPLATE, encoding="utf-8")
    listing = LISTING + "".join(map(CONTRIBUTION.format, range(CLIPS + 1)))
    (library / "contributions.toml").write_text(listing, encoding="utf-8")
    for clip in range(CLIPS + 1):
        options = {"preset": "ultrafast", "crf": "12"}
        write_clip(
            library / f"clip{clip}.mp4",
            width=854,
            height=480,
            rate=RATE,
            frames=FRAMES,
            picture=moving(clip),
            options=options,
        )
    file = folder / "full.toml"
    file.write_text(EPISODE + "".join(map(SHOT.format, range(CLIPS))), encoding="utf-8")
    return file
