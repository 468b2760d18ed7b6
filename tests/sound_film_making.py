"""Films that are there to be heard: sounds hung over a sheet of paper, and what a player gives of them."""

from collections.abc import Iterable
from pathlib import Path
from typing import Any

import numpy as np
from small_film import film_of, lay_episode, quiet, wish_for

from examples.makers import write_still
from farm.build import built
from farm.report import read_report

PAPER = "paper.png"
HEAD = """\
format = 1
title = "Heard"
library = ["{library}"]
delivery = ["tiny"]
[profile.tiny]
extends = "r128"
size = [192, 108]
video = {{ preset = "ultrafast", crf = "40" }}
[[scene]]
id = "one"
title = "One"
"""


def write_paper(folder: Path) -> None:
    """Something to be seen meanwhile."""
    write_still(folder / PAPER, np.full((108, 192, 3), 200, np.uint8))


def list_names(folder: Path, names: Iterable[str]) -> None:
    """``contributions.toml``: each file under its own name, all of them Ana's."""
    listing = "".join(f'[[contribution]]\nid = "{name}"\nfile = "{name}"\nby = ["ana"]\n' for name in names)
    text = f'[[contributor]]\nid = "ana"\nname = "Ana"\n{listing}'
    (folder / "contributions.toml").write_text(text, encoding="utf-8")


def heard_film(folder: Path, cut: str) -> tuple[Path, dict[str, Any]]:
    """The film of the shots and sounds ``cut`` over ``folder / "library"``, and its delivery's report."""
    manifest = lay_episode(folder / "film", folder / "library", HEAD + cut)
    (part,) = read_report(built(wish_for(manifest), quiet))["deliveries"]
    assert part["verified"], part["findings"]
    return film_of(manifest), part
