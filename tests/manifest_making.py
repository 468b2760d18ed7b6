"""Episodes and libraries for tests, and findings in short."""

from pathlib import Path

from crowdcut.findings import Finding

CONTRIBUTIONS = """\
[[contributor]]
id = "mara"
name = "Mara Vidal"
[[contributor]]
id = "bo"
name = "Bo"
[[contribution]]
id = "moonrise"
file = "video/moonrise (take 2).mov"
by = ["mara", "bo as colour"]
role = "cinematography"
made_from = ["poem"]
read_as = { rotation = 90 }
[[contribution]]
id = "poem"
by = ["bo"]
[[contribution]]
id = "theme"
file = "theme.flac"
by = ["mara"]
[[contribution]]
id = "robot"
file = "robot.png"
by = ["bo"]
"""

EPISODE = """\
format = 1
title = "RE: Number One"
length = "1:00"
[each]
fit = "blur"
[style.host]
lower_third = { text = "Joe", at = 1, for = "0:03" }
[clip.dot]
use = "theme.flac"
in = "0:02"
for = "12f"
[credits]
title = "Made by"
[[credit]]
role = "Host"
names = ["Joe"]
[[music]]
use = "theme"
at = "first - 12f"
until = "end - 2"
[[scene]]
id = "first"
title = "The First Thing I Remember"
[scene.each]
sound = -6
[[scene.shot]]
use = "moonrise"
in = "0:03.5"
out = "0:09"
into = "dissolve 12f"
lower_third = true
[[scene.shot.layer]]
use = "robot"
place = "top right 30%"
[[scene.shot]]
text = "Three years later"
for = 3
"""


def make_library(folder: Path, listing: str = CONTRIBUTIONS, *, files: tuple[str, ...] = ()) -> Path:
    """A library folder with empty files: the usual ones and ``files``."""
    for name in ("video/moonrise (take 2).mov", "theme.flac", "robot.png", *files):
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).touch()
    (folder / "contributions.toml").write_text(listing, encoding="utf-8")
    return folder


def make_episode(folder: Path, text: str = EPISODE) -> Path:
    """``episode.toml`` in ``folder``, with the usual library."""
    make_library(folder / "library")
    file = folder / "episode.toml"
    file.write_text(text, encoding="utf-8")
    return file


def short(findings: tuple[Finding, ...]) -> list[tuple[str, int | None, str | None]]:
    """Rule, line and key of each."""
    return [(finding.rule, finding.where.line, finding.where.key) for finding in findings]
