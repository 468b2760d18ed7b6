"""A film of a few seconds for tests of the whole way: its manifest, its build, and what the ledger says of a file."""

import os
import shutil
import sys
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from fractions import Fraction
from hashlib import blake2b
from pathlib import Path
from typing import Any

import av
from av import Packet

from crowdcut.delivery import Delivery
from crowdcut.findings import Finding
from crowdcut.ledger import ledger_findings
from crowdcut.ledger.books import Books
from crowdcut.orders import HearOrder, ReadbackOrder
from crowdcut.production import Production
from examples.makers import write_clip
from farm.build import built, planned
from farm.events import Event
from farm.report import read_report
from farm.store import Store
from farm.wish import Wish
from renderers import hear, readback
from renderers.job import Input

CLI = (sys.executable, "-c", "from console.main import main; main()")
"""The command, as an argument list."""

EPISODE = """\
format = 1
title = "Small"
library = ["{library}"]
delivery = ["tiny"]
[profile.tiny]
extends = "web"
size = [192, 108]
video = {{ preset = "ultrafast", crf = "30" }}
[[music]]
use = "song"
until = 6
[[scene]]
id = "one"
title = "One"
[[scene.shot]]
use = "walk"
for = 1
[[scene.shot]]
use = "walk"
in = 2
for = 1
[[scene]]
id = "two"
title = "Two"
[[scene.shot]]
use = "sea"
in = 0.2
for = 2
into = "dissolve 12f"
[[scene.shot]]
use = "drawing"
for = 1
"""


def lay_episode(folder: Path, library: Path, text: str = EPISODE) -> Path:
    """``episode.toml`` in ``folder``, over ``library``."""
    folder.mkdir(parents=True, exist_ok=True)
    file = folder / "episode.toml"
    file.write_text(text.format(library=os.path.relpath(library, folder)), encoding="utf-8")
    return file


def wish_for(manifest: Path, **more: Any) -> Wish:
    """A wish with the store beside the manifest, not beside the shared library."""
    return Wish(manifest=manifest, **{"store": manifest.parent / "store", "workers": 2, **more})


def command(manifest: Path, *more: str) -> list[str]:
    """``crowdcut build`` of the same."""
    return [*CLI, "build", str(manifest), "--store", str(manifest.parent / "store"), "--workers", "2", *more]


def film_of(manifest: Path, profile: str = "tiny") -> Path:
    """Where the film goes."""
    return manifest.parent / "build" / profile / f"{manifest.parent.name}.mp4"


def quiet(_event: Event) -> None:
    """A listener that does not listen."""


def packets_of(film: Path, kind: str) -> list[Packet]:
    """The packets of the ``video`` or ``audio`` stream, in the order of the file."""
    with av.open(str(film)) as container:
        return [packet for packet in container.demux(**{kind: 0}) if packet.size]


def stream_hash(film: Path) -> str:
    """Hash of every packet of every stream, with its times."""
    hasher = blake2b(digest_size=16)
    for kind in ("video", "audio"):
        for packet in packets_of(film, kind):
            hasher.update(f"{kind} {packet.pts} {packet.dts} {packet.time_base}".encode() + bytes(packet))
    return hasher.hexdigest()


Tamper = Callable[[list[Packet]], Iterable[Packet]]


def remuxed(
    film: Path,
    out: Path,
    *,
    video: Tamper = list,
    audio: Tamper = list,
    chapters: Callable[[list[dict[str, Any]]], list[dict[str, Any]]] = list,
) -> Path:
    """``film`` with its packets and chapters changed, and nothing decoded."""
    options = {"movie_timescale": "240000"}
    with av.open(str(film)) as container, av.open(str(out), "w", format="mp4", options=options) as copy:
        # Chapters lie in a stream of their own, which the muxer makes anew.
        heard = copy.add_stream_from_template(container.streams.audio[0])
        seen = copy.add_stream_from_template(container.streams.video[0], opaque=False)
        seen.time_base = container.streams.video[0].time_base
        streams = {"video": seen, "audio": heard}
        marks = chapters(container.chapters())  # type: ignore[arg-type]
        copy.set_chapters(marks)  # type: ignore[arg-type]
        changed = {"video": list(video(packets_of(film, "video"))), "audio": list(audio(packets_of(film, "audio")))}
        every = [(packet, kind) for kind, packets in changed.items() for packet in packets]
        for packet, kind in sorted(every, key=lambda pair: (pair[0].dts or 0) * (pair[0].time_base or Fraction(1))):
            packet.stream = streams[kind]
            copy.mux(packet)
    return out


@dataclass(frozen=True, kw_only=True)
class SmallFilm:
    """A built film, with everything that it was built from."""

    manifest: Path
    report: dict[str, Any]
    production: Production
    delivery: Delivery
    store: Store

    @property
    def file(self) -> Path:
        """The film."""
        return film_of(self.manifest)

    def piece(self, number: int) -> Path:
        """The file of the picture job with this number in programme order."""
        return self.store.made(self.delivery.plan.pictures[number].key).file

    def facts(self, key: str) -> dict[str, Any]:
        """What the store knows of a job; a copy."""
        return dict(self.store.made(key).facts)

    def findings(self, film: Path, *, facts: dict[str, dict[str, Any]] | None = None) -> tuple[Finding, ...]:
        """What the ledger says of ``film``; ``facts`` replace those of the store, by key."""
        given = facts or {}
        plan = self.delivery.plan
        inputs, nothing = {"file": Input(path=film, facts={})}, film.with_suffix(".none")
        found = readback.run(ReadbackOrder(), inputs, nothing)
        found["sound"] |= hear.run(HearOrder(), inputs, nothing)
        return ledger_findings(
            Books(
                plan=plan,
                profile=self.delivery.profile,
                rate=self.delivery.raster.rate,
                pieces=tuple(given.get(job.key) or self.facts(job.key) for job in plan.pictures),
                sounds=tuple(given.get(job.key) or self.facts(job.key) for job in plan.sounds),
                sound=given.get(plan.finish.key) or self.facts(plan.finish.key),
                found=found,
            )
        )


def small_film(folder: Path, library: Path) -> SmallFilm:
    """Build the small film in ``folder``."""
    manifest = lay_episode(folder, library)
    report = read_report(built(wish_for(manifest), quiet))
    production, (delivery,), store = planned(wish_for(manifest), quiet)
    return SmallFilm(manifest=manifest, report=report, production=production, delivery=delivery, store=store)


def copy_of(film: SmallFilm, folder: Path) -> Path:
    """A production of its own with the same store and films; the manifest in it."""
    shutil.copytree(film.manifest.parent, folder)
    return folder / film.manifest.name


def broken_library(library: Path, folder: Path) -> Path:
    """The library with a walk in which the pictures from 2.2 to 3 seconds of 4 are noise."""
    shutil.copytree(library, folder)
    walk = write_clip(folder / "walk.mp4", frames=100, options={"preset": "ultrafast"}, gop_frames=10)
    data = bytearray(walk.read_bytes())
    for packet in packets_of(walk, "video")[55:75]:
        assert packet.pos is not None
        data[packet.pos : packet.pos + packet.size] = bytes([0x55]) * packet.size
    walk.write_bytes(data)
    return folder
