"""One build through crowdcut's own command line, measured from its start to its exit."""

import hashlib
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import av

from benchmarks.measuring import Cost, measured
from farm.report import read_report

COMMAND = (sys.executable, "-c", "from console.main import main; main()")
"""``crowdcut``, by the Python that runs the benchmark."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Build:
    """A verified build of one delivery."""

    cost: Cost
    picture_cpu_seconds: float
    """Of its picture jobs alone; children's starts are in it."""
    cpu_seconds_by_kind: dict[str, float]
    rendered: dict[str, int]
    """Jobs that were run, by kind."""
    reused: int
    """Jobs whose results were in the store."""
    length_frames: int
    film_mb: float
    stream_hash: str
    """Of all packets of the film: their bytes and times."""


def stream_hash(film: Path) -> str:
    """Hash of the packets of both streams, with their times: 32 hexadecimal digits (BLAKE2b, 128 bit)."""
    hasher = hashlib.blake2b(digest_size=16)
    with av.open(str(film)) as container:
        for packet in container.demux():
            if packet.size:
                hasher.update(f"{packet.stream.index} {packet.pts} {packet.dts} {packet.time_base} ".encode())
                hasher.update(packet)
    return hasher.hexdigest()


def report_in(out: Path) -> dict[str, Any]:
    """The report in ``out`` as :func:`farm.report.read_report` reads it."""
    return read_report(out / "report.html")


def build(manifest: Path, *options: str, profile: str, out: Path, store: Path) -> Build:
    """Run ``crowdcut build`` and measure it. Raises CommandFailed where there is no verified film."""
    command = (*COMMAND, "build", str(manifest), "--delivery", profile, "--out", str(out), "--store", str(store))
    cost = measured((*command, *options), log=out.parent / f"{out.name}.log")
    (part,) = report_in(out)["deliveries"]
    film = out / profile / part["film"]
    return Build(
        cost=cost,
        picture_cpu_seconds=part["cpu_seconds_by_kind"].get("picture", 0.0),
        cpu_seconds_by_kind=part["cpu_seconds_by_kind"],
        rendered=part["rendered"],
        reused=sum(part["reused"].values()),
        length_frames=part["length_frames"],
        film_mb=round(film.stat().st_size / 2**20, 1),
        stream_hash=stream_hash(film),
    )
