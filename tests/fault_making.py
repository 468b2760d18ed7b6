"""One film of all faults, a shot each; and each shot again with Crowdcut blind to its fault."""

import fcntl
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import Any

from piece_making import Planes, pictures_in
from small_film import quiet, wish_for

from crowdcut.delivery import Delivery, delivery_from
from crowdcut.media import Picture
from crowdcut.plan import Job
from crowdcut.production import Production
from examples.makers.faults import FAULTS, Fault
from farm.build import built, planned
from farm.report import read_report
from renderers.job import Input
from renderers.picture import run

FRAMES = 8
"""Of each shot."""

HEAD = """\
format = 1
title = "Faults"
library = ["library"]
delivery = ["proof"]
[profile.proof]
extends = "web"
size = [640, 360]
video = { preset = "veryfast", crf = "10" }
[credits]
seconds = 2
[[scene]]
id = "faults"
title = "Faults"
"""

Blind = Callable[[Picture], Picture]
"""What a Crowdcut would take a picture for that does not see its fault."""


def lay_faults(folder: Path) -> Path:
    """A library of all faults and the episode that shows them; the manifest."""
    library = folder / "library"
    library.mkdir(parents=True)
    listing, shots = '[[contributor]]\nid = "ana"\nname = "Ana"\n', HEAD
    for fault in FAULTS:
        fault.write(library / fault.file, fault.clip)
        use = json.dumps(fault.name)
        listing += f'[[contribution]]\nid = {use}\nfile = "{fault.file}"\nby = ["ana"]\n'
        start = "" if fault.clip.frames == 1 else f'in = "{float(fault.start)}"\n'
        shots += f'[[scene.shot]]\nuse = {use}\nfit = "{fault.fit}"\nfor = "{FRAMES}f"\n{start}'
    (library / "contributions.toml").write_text(listing, encoding="utf-8")
    manifest = folder / "episode.toml"
    manifest.write_text(shots, encoding="utf-8")
    return manifest


def once(folder: Path, make: Callable[[Path], None]) -> Path:
    """A folder that the first of several test processes makes and the others wait for."""
    folder.parent.mkdir(parents=True, exist_ok=True)
    with folder.with_suffix(".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not (folder / "made").exists():
            make(folder)
            (folder / "made").touch()
    return folder


@dataclass(frozen=True, kw_only=True)
class FaultFilm:
    """The film, verified by its ledger."""

    folder: Path
    production: Production
    delivery: Delivery

    @cached_property
    def shots(self) -> dict[str, list[Planes]]:
        """The frames of the film by the fault's name."""
        film = pictures_in(self.folder / "build" / "proof" / f"{self.folder.name}.mp4")
        starts = {placed.shot.use: placed.start_frame for placed in self.delivery.timeline.shots}
        return {fault.name: film[starts[fault.name] : starts[fault.name] + FRAMES] for fault in FAULTS}

    def job_of(self, fault: Fault, delivery: Delivery | None = None) -> Job:
        """The picture job of the fault's shot."""
        delivery = delivery or self.delivery
        (name,) = (placed.shot.name for placed in delivery.timeline.shots if placed.shot.use == fault.name)
        (job,) = (job for job, shot in zip(delivery.plan.pictures, delivery.plan.shots, strict=True) if shot == name)
        return job

    def blinded(self, blinds: Mapping[str, Blind]) -> Delivery:
        """The plan of a Crowdcut that is blind to these faults."""
        media = dict(self.production.media)
        for name, blind in blinds.items():
            picture = media[name].picture
            assert picture is not None
            media[name] = replace(media[name], picture=blind(picture))
        return delivery_from(replace(self.production, media=media), "proof")


def fault_film(folder: Path) -> FaultFilm:
    """Lay out and build the film in ``folder``, unless it stands there."""

    def make(folder: Path) -> None:
        report = read_report(built(wish_for(lay_faults(folder)), quiet))
        assert report["deliveries"][0]["verified"], report["deliveries"][0]["findings"]

    manifest = once(folder, make) / "episode.toml"
    production, (delivery,), _ = planned(wish_for(manifest), quiet)
    return FaultFilm(folder=folder, production=production, delivery=delivery)


def rendered_frames(job: Job, out: Path, **otherwise: Any) -> list[Planes]:
    """The frames of a picture job; ``otherwise``: files in other files' places."""
    files = {name: otherwise.get(name, path) for name, path in job.files.items()}
    run(job.order, {name: Input(path=path) for name, path in files.items()}, out)
    return pictures_in(out)
