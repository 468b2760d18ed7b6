"""A disc is filled: its pictures as fine as it has room for, never more, and no piece much worse than the others."""

from dataclasses import dataclass, replace
from fractions import Fraction
from functools import cache
from pathlib import Path
from random import Random
from statistics import median
from types import SimpleNamespace

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray
from small_film import quiet

from crowdcut.disc.disc import CAPACITIES
from crowdcut.disc.sizing import COARSEST, FINEST, LEAST_FILL, ladder, quantiser_of
from crowdcut.findings import BuildFailed
from examples.makers import write_clip
from farm import disc_sizing
from farm.disc import built_disc
from farm.disc_sizing import _filling_step, _picture_bytes
from farm.events import Event
from farm.masters import last_master
from farm.store import Store
from farm.wish import Wish

RATE = Fraction(24_000, 1001)
FRAMES, CLIPS = 10, 4
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
DISC = """\
format = 1
title = "Full"
slug = "full"
profile = "dvd-ntsc"
episodes = ["full.toml"]
[menu]
for = 2
"""
TEMPLATE = 'extends = "variety"\n[roll]\npixels_a_frame_1080 = 40\n'


def moving(seed: int, *, grain: float = 2.0):
    """Clouds of detail that pass by, each clip at its own speed and as fine as none of the others, with grain."""
    draw = np.random.default_rng(seed)
    field = cv2.GaussianBlur(draw.normal(size=(600, 1200, 3)), (0, 0), 3 + seed % 4)
    field = 128 + field * (40 / field.std())
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
    listing = LISTING + "".join(map(CONTRIBUTION.format, range(CLIPS)))
    (library / "contributions.toml").write_text(listing, encoding="utf-8")
    for clip in range(CLIPS):
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
    (folder / "full.toml").write_text(EPISODE + "".join(map(SHOT.format, range(CLIPS))), encoding="utf-8")
    file = folder / "disc.toml"
    file.write_text(DISC, encoding="utf-8")
    return file


@pytest.fixture(scope="module")
def file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return lay(tmp_path_factory.mktemp("filled") / "full")


def build(file: Path, events: list[Event]) -> Path:
    return built_disc(
        Wish(manifest=file, store=file.parent / "store", out=file.parent / "out", workers=2), events.append
    )


def pieces(file: Path) -> list[dict]:
    """What is known of the clips' pieces in the film that stands; the credits are none."""
    record, _ = last_master(file.parent / "out" / "dvd-ntsc" / "titles" / "full.mpg")
    assert record is not None
    store = Store(file.parent / "store")
    found = [store.find(piece.key) for piece in record.pieces[:CLIPS]]
    return [stored.facts for stored in found if stored is not None]


def test_a_disc_is_filled_and_its_worst_piece_is_near_the_median(file: Path, monkeypatch):
    capacity = 2_000_000
    monkeypatch.setitem(CAPACITIES, "dvd-5", capacity)
    events: list[Event] = []
    image = build(file, events)
    assert LEAST_FILL * capacity <= image.stat().st_size <= capacity
    found = pieces(file)
    assert len(found) == CLIPS
    assert min(piece["step"] for piece in found) > FINEST
    levels = [piece["psnr_db"] for piece in found]
    assert min(levels) >= median(levels) - 3
    again: list[Event] = []
    assert build(file, again) == image
    assert [event.text for event in again if event.kind == "done"] == []  # the step is remembered


def test_a_disc_with_room_is_at_the_finest_step(file: Path):
    build(file, [])
    assert {piece["step"] for piece in pieces(file)} == {FINEST}


def test_what_no_step_makes_fit_is_refused_with_the_numbers_and_there_is_no_image(file: Path, monkeypatch):
    monkeypatch.setitem(CAPACITIES, "dvd-5", 1_700_000)
    with pytest.raises(BuildFailed) as failure:
        build(file, [])
    assert failure.value.findings[0].rule == "disc-too-full"
    assert "the disc holds 1.70 MB" in failure.value.findings[0].found
    assert not (file.parent / "out" / "dvd-ntsc" / "full.iso").exists()


@cache
def curve(key: str) -> tuple[float, float, float]:
    """Of a piece: bits a second at the finest quantiser, what part of them is left at the next, and the fewest."""
    draw = Random(key)
    return draw.lognormvariate(14, 0.7), draw.uniform(0.5, 0.95), draw.uniform(1e4, 4e5)


@dataclass(frozen=True)
class Piece:
    """A piece that nobody renders: its size is a curve of its own."""

    key: str
    frames: int
    at: int = FINEST

    @property
    def bits(self) -> int:
        best, loss, floor = curve(self.key)
        return round(self.frames * max(floor, best * loss ** (self.at - FINEST)) / 24)


@pytest.mark.parametrize("seed", range(12))
def test_a_step_is_found_in_few_rounds_however_wrong_the_sample_tells(monkeypatch, seed: int):
    """Pieces of very different sizes, of which the sample of 24 sees a few: no more than five steps are coded, and the
    disc is filled, or at the finest of those that fit."""
    draw = Random(seed)
    shots = [Piece(f"{seed} {number}", draw.randint(6, 200)) for number in range(draw.choice((30, 60, 120)))]
    at_step = {step: sum(replace(one, at=quantiser_of(one.key, step)).bits for one in shots) for step in ladder()}
    capacity = _picture_bytes(round(draw.uniform(0.98, 1.6) * at_step[Fraction(COARSEST)]))
    rendered: list[Fraction] = []

    def bits(jobs: list[Piece], _: object) -> int:
        return sum(job.bits for job in jobs)

    def stepped(delivery: SimpleNamespace, step: Fraction) -> SimpleNamespace:
        rendered.append(step)
        at = [replace(one, at=quantiser_of(one.key, step)) for one in delivery.plan.pictures]
        return SimpleNamespace(plan=SimpleNamespace(pictures=at))

    monkeypatch.setattr(disc_sizing, "_bits", bits)
    monkeypatch.setattr(disc_sizing, "delivery_at", stepped)
    monkeypatch.setattr(disc_sizing, "at_quantiser", lambda piece, at: replace(piece, at=at))
    plan = SimpleNamespace(pictures=shots, screens=[])
    site = SimpleNamespace(hands=SimpleNamespace(run=lambda _: None), listener=quiet)
    fits = {step for step, size in at_step.items() if _picture_bytes(size) <= capacity}
    try:
        step = _filling_step([SimpleNamespace(plan=plan)], capacity, 0, site)  # type: ignore[list-item, arg-type]
    except BuildFailed:
        assert not fits
    else:
        assert step in fits
        full = Fraction(_picture_bytes(at_step[step]), capacity)
        assert full >= LEAST_FILL or step == min(fits)
    assert len(rendered) <= 5, rendered
