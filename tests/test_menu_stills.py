"""The chapters' pictures on a planned disc: each shows its chapter's own moment, read from the rendered menu."""

from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import cv2
import numpy as np
from piece_making import pictures_in
from small_film import EPISODE, lay_episode, quiet, wish_for

from crowdcut.disc.disc import MenuWish
from crowdcut.disc.disc_plan import DiscPlan, disc_plan
from crowdcut.disc.menu_programme import MenuSet
from crowdcut.orders import Box
from crowdcut.plan import Job
from examples.makers import read_frame_code
from farm.build import planned
from farm.disc_build import on_disc
from farm.episode_disc import disc_of
from renderers.job import Input
from renderers.picture import run

TITLED = """\
[[scene.shot]]
use = "walk"
for = 1
"""
"""What the film begins with."""
TITLE = """\
[[scene.shot]]
text = "Of all chapters alike"
for = 3
"""


def menus_of(folder: Path, library: Path) -> tuple[DiscPlan, tuple[int, ...]]:
    """The menus of the small film as a PAL disc, a second long; where the film's chapters begin, its frames."""
    text = EPISODE.replace('delivery = ["tiny"]', 'delivery = ["dvd-pal"]').replace(TITLED, TITLE + TITLED)
    production, (delivery,), _ = planned(wish_for(lay_episode(folder / "small", library, text)), quiet)
    disc = replace(disc_of(production, delivery), menu=MenuWish(length=Fraction(1)))
    set_ = MenuSet(look=production.look, profile=delivery.profile, manifest=production.manifest)
    # Of the title alone: what the page has of its contributions must come from there.
    sources = replace(production.sources, files={}, digests={})
    plan = disc_plan(disc, [on_disc(production, delivery).on_disc], set_, sources)
    return plan, tuple(chapter.start_frame for chapter in delivery.timeline.chapters)


def rendered(job: Job, out: Path) -> np.ndarray:
    """Luma of a menu's last picture on its canvas, [shape=(576, 1024)]."""
    run(job.order, {name: Input(path=path, facts={}) for name, path in job.files.items()}, out)  # type: ignore[arg-type]
    luma, _, _ = pictures_in(out)[-1]
    return cv2.resize(luma, (1024, 576), interpolation=cv2.INTER_LINEAR)


def code_at(luma: np.ndarray, box: Box) -> int | None:
    return read_frame_code(np.ascontiguousarray(luma[box.y : box.y + box.height, box.x : box.x + box.width]))


def test_a_menu_shows_somebodys_picture_of_each_chapter(tiny_library, tmp_path):
    plan, starts = menus_of(tmp_path, tiny_library)
    page = next(
        menu.page
        for titleset in plan.order.navigation.titlesets
        for menu in titleset.menus
        if menu.page and menu.page.kind == "chapters"
    )
    assert [still.chapter for still in page.stills] == [1, 2, 3]
    job = next(job for job in plan.jobs if job.label.startswith("menu 1-chapters"))
    luma = rendered(job, tmp_path / "menu.m2v")
    first, second, _ = (code_at(luma, still.box) for still in page.stills)
    assert starts[:2] == (0, 112)
    # Past the title, 12 frames of 40 ms into a second of walk; of sea, half of what 13 frames of transition leave of
    # 2 s, 0.2 s on.
    assert first == 12
    assert second == 1000 + 30 * (0.2 + (13 + 18) * 0.04) // 1
    bare = replace(job.order, stack=tuple(layer for layer in job.order.stack if layer.window is None))
    without = rendered(replace(job, order=bare), tmp_path / "bare.m2v")
    assert [code_at(without, still.box) for still in page.stills] == [None, None, None]
