"""Several contributions one after another: in natural order, each for its time, each with its makers."""

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from manifest_making import make_episode, short
from piece_making import codes_in, pictures_in
from small_film import quiet, wish_for

from crowdcut.contract.sequences import natural_key
from crowdcut.manifest import Manifest, manifest_from
from examples.makers import draw_frame_code, write_still
from farm.build import planned
from renderers import picture
from renderers.job import Input

PICTURES = 11
LISTING = """\
[[contributor]]
id = "kid{n}"
name = "Kid {n}"
[[contribution]]
id = "drawing-{n}"
file = "drawings/field {n}.png"
by = ["kid{n}"]
"""
EPISODE = """\
format = 1
title = "Field"
library = ["library"]
delivery = ["tiny"]
[profile.tiny]
extends = "web"
size = [192, 108]
video = { preset = "ultrafast", crf = "18" }
[[scene]]
id = "one"
[[scene.shot]]
use = "field *.png"
each = "2f"
"""


def lay(folder: Path, text: str = EPISODE) -> Path:
    drawings = folder / "library" / "drawings"
    drawings.mkdir(parents=True)
    for number in range(1, PICTURES + 1):
        pixels = np.full((108, 192, 3), 90, np.uint8)
        draw_frame_code(pixels, number)
        write_still(drawings / f"field {number}.png", pixels)
    listing = "".join(LISTING.format(n=number) for number in range(1, PICTURES + 1))
    (folder / "library" / "contributions.toml").write_text(listing)
    (folder / "episode.toml").write_text(text)
    return folder / "episode.toml"


def test_a_glob_is_seen_in_natural_order_and_everybody_is_credited(tmp_path: Path):
    file = lay(tmp_path)
    production, (delivery,), _ = planned(wish_for(file), quiet)
    own = [job for job, shot in zip(delivery.plan.pictures, delivery.plan.shots, strict=True) if shot[:4] == "one/"]
    codes: list[int | None] = []
    for number, job in enumerate(own):
        out = tmp_path / f"{number}.mp4"
        picture.run(job.order, {name: Input(path=path) for name, path in job.files.items()}, out)
        codes += codes_in(pictures_in(out))
    numbers = [number for number in range(1, PICTURES + 1) for _ in range(2)]
    assert codes == numbers
    # As letters go, the tenth would come second.
    assert codes != [number for number in sorted(range(1, PICTURES + 1), key=str) for _ in range(2)]
    (block,) = delivery.credits
    assert set(block.names) == {f"Kid {number}" for number in range(1, PICTURES + 1)}
    assert delivery.plan.shots[:2] == ("one/1.1", "one/1.2")
    assert production.manifest.scenes[0].shots[0].name == "one/1.1"


def read(folder: Path, shot: str) -> tuple[Manifest, list[tuple[str, int | None, str | None]]]:
    text = f'format = 1\ntitle = "T"\n[[scene]]\nid = "s"\n[[scene.shot]]\n{shot}\n[[scene.shot]]\ntext = "after"\n'
    file = make_episode(folder, text)
    for name in ("b 2.png", "b 10.png", "B 1.png", "sub/b 1.png", "odd [1].png"):
        (folder / "library" / name).parent.mkdir(exist_ok=True)
        (folder / "library" / name).touch()
    manifest, _, findings = manifest_from(file)
    assert manifest is not None
    return manifest, [one for one in short(findings) if one[0] != "uncredited"]


@pytest.mark.parametrize(
    ("use", "uses"),
    [
        ('"b *.png"', ["b 2.png", "b 10.png", "sub/b 1.png"]),
        ('"sub/*.png"', ["sub/b 1.png"]),
        ('"b ?.png"', ["b 2.png", "sub/b 1.png"]),
        ('["robot", "b 1*.png", { use = "theme.flac" }]', ["robot", "b 10.png", "sub/b 1.png", "theme"]),
        ('["odd [1].png", "robot"]', ["odd [1].png", "robot"]),
    ],
)
def test_what_a_list_names(tmp_path: Path, use: str, uses: list[str]):
    manifest, findings = read(tmp_path, f'use = {use}\neach = "3f"\nid = "run"\nfit = "cover"\ninto = "fade 1f"')
    assert findings == []
    *pictures, after = manifest.scenes[0].shots
    assert [shot.use for shot in pictures] == uses
    assert {shot.length for shot in pictures} == {3 / manifest.rate}
    assert {shot.fit for shot in pictures} == {"cover"}
    assert [shot.id for shot in pictures] == ["run", *[None] * (len(uses) - 1)]
    assert [shot.into is not None for shot in pictures] == [True, *[False] * (len(uses) - 1)]
    assert after.name == "s/2"


def test_one_of_a_list_may_last_otherwise(tmp_path: Path):
    manifest, findings = read(tmp_path, 'use = ["robot", { use = "robot", for = 2, fit = "blur" }]\neach = 1')
    assert findings == []
    assert [(shot.length, shot.fit) for shot in manifest.scenes[0].shots[:2]] == [(1, "contain"), (2, "blur")]


def test_what_hangs_on_a_list_is_told_to_hang_on_its_scene(tmp_path: Path):
    _, findings = read(tmp_path, 'use = ["robot"]\neach = 1\n[[scene.shot.music]]\nuse = "theme"')
    assert findings == [("unfitting-key", 8, "music")]


@settings(deadline=None)
@given(st.text(max_size=20), st.text(max_size=20))
def test_natural_order_is_one_order(one: str, other: str):
    assert (natural_key(one) == natural_key(other)) == (one == other)
    assert natural_key(f"{one} 2.png") < natural_key(f"{one} 10.png")


def test_zeros_in_front_of_a_number():
    names = ["a 010", "a 9", "a 09", "a 1", "a"]
    assert sorted(names, key=natural_key) == ["a", "a 1", "a 09", "a 9", "a 010"]
