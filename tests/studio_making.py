"""A production in a folder that is planned without being rendered: its files are nothing but their names."""

import shutil
from functools import cache
from pathlib import Path

from desk_making import film, song

from crowdcut.delivery import delivery_from
from crowdcut.media import Media, Picture
from crowdcut.plan import Plan, Sources
from crowdcut.production import Production
from farm.digests import content_digest
from farm.fingerprints import ROOT, Fingerprints
from farm.production import read_production, uses_of
from farm.wish import Wish

LISTING = """\
[[contributor]]
id = "ana"
name = "Ana"
""" + "".join(
    f'[[contribution]]\nid = "{name.partition(".")[0]}"\nfile = "{name}"\nby = ["ana"]\nrole = "cinematography"\n'
    for name in ("walk.mov", "sea.mov", "pond.mov", "dance.mov", "more.mov", "drawing.png", "song.ogg")
)

EPISODE = """\
format = 1
title = "An Episode"
template = "look"
rate = "{rate}"
[[music]]
use = "song"
at = "1"
for = 5

[[scene]]
id = "open"
title = "Opening"
[[scene.shot]]
card = "title"

[[scene]]
id = "one"
title = "One"
[[scene.shot]]
use = "walk"
in = 1
for = "{walk}f"
lower_third = true
[[scene.shot]]
use = "sea"
for = 3
into = "dissolve 12f"
[[scene.shot]]
use = "pond"
for = 2

[[scene]]
id = "two"
title = "Two"
[[scene.shot]]
text = "Three years later"
[[scene.shot]]
use = "dance"
for = 3
into = "fade 6f"
[[scene.shot.layer]]
use = "drawing"
place = "top right 30%"

[[scene]]
id = "last"
title = "End"
[[scene.shot]]
card = "credits"
"""

TEMPLATE = """\
extends = "variety"
[card]
title.seconds = 4
[timing]
still = 4
text_a_character = 0.06
text = 1.5
lower_third_at = 0.5
lower_third = 4
layer_fade = 0.35
sound_fade = 0.01
[roll]
pixels_a_frame_1080 = 4
line = 0.06
"""
"""The numbers that lengths and places follow from; the rest of the template is a matter of taste."""


def _still() -> Media:
    picture = Picture(codec="png", width=120, height=90, pixel_format="rgba", alpha=True)
    return Media(kind="still", container="png", picture=picture)


def _media(name: str) -> Media:
    if name == "drawing":
        return _still()
    return song() if name == "song" else film(sound=True)


@cache
def fingerprints() -> Fingerprints:
    """Those of Crowdcut as it is."""
    return Fingerprints()


class Studio:
    """A production in a folder: an episode, a template and files that are nothing but their names."""

    def __init__(self, folder: Path):
        self.folder = folder
        (folder / "library").mkdir()
        (folder / "library" / "contributions.toml").write_text(LISTING, encoding="utf-8")
        for line in LISTING.splitlines():
            if line.startswith("file"):
                name = line.split('"')[1]
                (folder / "library" / name).write_text(name, encoding="utf-8")
        (folder / "look" / "fonts").mkdir(parents=True)
        (folder / "look" / "fonts" / "Own.ttf").write_bytes(b"font")
        (folder / "look" / "template.toml").write_text(TEMPLATE, encoding="utf-8")
        self.text = EPISODE
        self.numbers: dict[str, object] = {"rate": "24", "walk": 300}
        self.fingerprints = fingerprints()

    def plan(self, profile: str = "web") -> Plan:
        """The plan of the episode as it now stands. The files are not examined: each is what its ending says."""
        text = self.text
        for name, number in self.numbers.items():
            text = text.replace(f"{{{name}}}", str(number))
        file = self.folder / "episode.toml"
        file.write_text(text, encoding="utf-8")
        wish = Wish(manifest=file)
        manifest, library, look, findings = read_production(wish)
        files = {use: found for use in uses_of(manifest) if (found := library.contributions[use].file) is not None}
        files |= {f"font:{font.name}": font for font in look.fonts}
        sources = Sources(
            files=files,
            digests={path: content_digest(path) for path in files.values()},
            fingerprints=self.fingerprints,
        )
        production = Production(
            placeholder=wish.placeholder,
            manifest=manifest,
            library=library,
            look=look,
            media={use: _media(use) for use in uses_of(manifest)},
            sources=sources,
            findings=findings,
        )
        return delivery_from(production, profile).plan

    def rewrite(self, old: str, new: str) -> None:
        """Change the episode's text in one place."""
        assert self.text.count(old) == 1
        self.text = self.text.replace(old, new)

    def edit(self, module: str) -> None:
        """Add a line to one file of a copy of Crowdcut's source."""
        root = self.folder / "source"
        for room in ("crowdcut", "renderers"):
            shutil.copytree(ROOT / room, root / room, ignore=shutil.ignore_patterns("__pycache__"))
        with (root / module).open("a", encoding="utf-8") as file:
            file.write("\n# One line more.\n")
        self.fingerprints = Fingerprints(root)
