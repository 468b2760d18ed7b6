"""The record of a master: what each of its pieces and sounds was made of, so that the next one can say what changed."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import Any, get_args

from cattrs.errors import BaseValidationError

from crowdcut.conform.framing import Framing, framing_words
from crowdcut.cut.jumps import jumps_told
from crowdcut.delivery import Delivery
from crowdcut.job_orders import Order
from crowdcut.orders import Animation, Fit, PictureOrder, Still, Video
from crowdcut.plan import Job, layers_of
from crowdcut.production import Production
from crowdcut.records import plain, record_from
from crowdcut.sound.orders import USUAL_REPAIR, Bus, Ducks, Repair
from crowdcut.timing import SAMPLE_RATE, clock

FORMAT = 1
"""Version of the record's file."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FileRecord:
    """A file that a job read."""

    name: str
    """Its name without folders."""
    digest: str
    use: str | None
    """Id of its contribution; None for a font."""


@dataclass(frozen=True, slots=True, kw_only=True)
class KeyRecord:
    """What a key is the digest of (``crowdcut.plan.Job.made_of``)."""

    kind: str
    order: dict[str, Any]
    """The order as plain data; defaults are left out."""
    code: dict[str, str]
    """Fingerprints by module."""
    files: dict[str, FileRecord]
    jobs: dict[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class ShotRecord:
    """A shot in its place."""

    name: str
    scene: str
    start_frame: int
    length_frames: int
    """With what it shares with its neighbours in transitions."""
    use: str | None
    """Id of the contribution that it shows; None for none, or for several."""
    fit: Fit
    focus: tuple[Fraction, Fraction]
    into_kind: str | None
    into_frames: int
    moved_frames: int = 0
    """By how many its cut was moved to its scene's music."""
    framing: str = ""
    """Its crop, focus and movement, in words; empty where nothing is asked."""
    layout: str | None = None
    """How several contributions are shown at once."""
    cells: tuple[str, ...] = ()
    """Their ids."""

    @property
    def uses(self) -> set[str]:
        """Ids of all contributions that it shows."""
        return {self.use, *self.cells} - {None}  # type: ignore[return-value]


@dataclass(frozen=True, slots=True, kw_only=True)
class PieceRecord:
    """A piece of the picture."""

    shot: str
    start_frame: int
    length_frames: int
    key: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SoundRecord:
    """A stretch of a contribution's sound in its place, in programme samples."""

    bus: Bus
    use: str
    host: str | None
    """What it hangs on: a shot's name, a scene's id or ``the film``."""
    source_start: Fraction
    """Seconds."""
    start_sample: int
    length_samples: int
    loop_samples: int | None
    gain_db: float
    jumps: str = ""
    """From which of its bars to which it jumps, in words; empty: it plays through."""
    fade_in_samples: int
    fade_out_samples: int
    speed: Fraction = Fraction(1)
    """As of ``crowdcut.sound.orders.PrepareOrder``."""
    pan: Fraction | None = None
    """As of ``crowdcut.sound.orders.Cue``."""
    early: Fraction = Fraction(0)
    """As of ``crowdcut.cut.placed.PlacedSound``, and so the one below."""
    late: Fraction = Fraction(0)
    room: bool = False
    """Whether it is room tone."""
    ducks: Ducks = "whole"
    """As of ``crowdcut.sound.orders.Cue``."""
    repair: Repair | None = USUAL_REPAIR
    """As of ``crowdcut.sound.orders.ListenOrder``."""


@dataclass(frozen=True, slots=True, kw_only=True)
class MasterRecord:
    """One verified master."""

    format: int
    title: str
    profile: str
    built_at: str
    """UTC, ISO 8601."""
    rate: Fraction
    length_frames: int
    integrated_lufs: float | None
    """Of the finished film; None for silence."""
    true_peak_dbtp: float | None
    palette: dict[str, str]
    """The template's colours by name."""
    shots: tuple[ShotRecord, ...]
    pieces: tuple[PieceRecord, ...]
    """In programme order."""
    sounds: tuple[SoundRecord, ...]
    mix: str
    finish: str
    master: str
    """Keys of the jobs that the sound and the film are made by."""
    keys: dict[str, KeyRecord]
    """Every key of the film."""

    @property
    def length(self) -> str:
        """For people."""
        return clock(self.length_frames / self.rate)

    def clock_of_frame(self, frame: int) -> str:
        """Programme time of a frame, for people."""
        return clock(frame / self.rate)

    def frame_of_sample(self, sample: int) -> int:
        """The frame that is on screen at a sample."""
        return int(sample * self.rate / SAMPLE_RATE)


def _key_record(job: Job, uses: Mapping[Path, str]) -> KeyRecord:
    digests = job.made_of["files"]
    return KeyRecord(
        kind=job.kind,
        order=job.made_of["order"],
        code=job.made_of["code"],
        files={
            name: FileRecord(name=path.name, digest=digests[name], use=uses.get(path))
            for name, path in job.files.items()
        },
        jobs=job.jobs,
    )


def _shots(delivery: Delivery) -> tuple[ShotRecord, ...]:
    return tuple(
        ShotRecord(
            name=placed.shot.name,
            scene=placed.scene,
            start_frame=placed.start_frame,
            length_frames=placed.length_frames,
            use=placed.shot.use,
            fit=placed.shot.fit,
            focus=placed.shot.focus,
            into_kind=placed.into_kind,
            into_frames=placed.into_frames,
            moved_frames=placed.moved_frames,
            layout=placed.shot.layout,
            cells=placed.shot.uses if placed.shot.cells else (),
            framing=framing_words(
                Framing(crop=placed.shot.crop, find_focus=placed.shot.find_focus, ken_burns=placed.shot.ken_burns)
            ),
        )
        for placed in delivery.timeline.shots
    )


def _sounds(delivery: Delivery) -> tuple[SoundRecord, ...]:
    return tuple(
        SoundRecord(
            bus=placed.bus,
            use=placed.use,
            host=placed.shot,
            source_start=placed.source_start,
            start_sample=placed.start_sample,
            length_samples=placed.length_samples,
            loop_samples=placed.loop_samples,
            jumps=jumps_told(placed.jumps),
            gain_db=placed.gain_db,
            fade_in_samples=placed.fade_in_samples,
            fade_out_samples=placed.fade_out_samples,
            speed=placed.speed,
            pan=placed.pan,
            early=placed.early,
            late=placed.late,
            room=bool(placed.rooms),
            ducks=placed.ducks,
            repair=placed.repair,
        )
        for placed in delivery.timeline.sounds
    )


def record_of(production: Production, delivery: Delivery, *, built_at: str, heard: Mapping[str, Any]) -> MasterRecord:
    """The record of a delivery's master.

    heard : ``integrated_lufs`` and ``true_peak_dbtp`` as they were read back from the film.
    """
    plan, timeline = delivery.plan, delivery.timeline
    uses = {path: use for use, path in reversed(tuple(production.sources.files.items())) if use in production.media}
    pieces = zip(plan.shots, plan.starts, plan.pictures, strict=True)
    return MasterRecord(
        format=FORMAT,
        title=production.manifest.title,
        profile=delivery.profile.name,
        built_at=built_at,
        rate=timeline.rate,
        length_frames=timeline.length_frames,
        integrated_lufs=heard["integrated_lufs"],
        true_peak_dbtp=heard["true_peak_dbtp"],
        palette=production.look.palette,
        shots=_shots(delivery),
        pieces=tuple(
            PieceRecord(shot=shot, start_frame=start, length_frames=job.frames, key=job.key)
            for shot, start, job in pieces
        ),
        sounds=_sounds(delivery),
        mix=plan.mix.key,
        finish=plan.finish.key,
        master=plan.master.key,
        keys={job.key: _key_record(job, uses) for job in (*plan.jobs, plan.master)},
    )


_ORDERS = {order.__name__.removesuffix("Order").lower(): order for order in get_args(Order)}
"""Orders by their kind."""


def _files_named(key: KeyRecord) -> Iterator[str]:
    """The files that a picture's layers name. Raises where the order is none of today's."""
    order = record_from(key.order, _ORDERS[key.kind])
    if isinstance(order, PictureOrder):
        yield from (
            layer.source.file for layer in layers_of(order) if isinstance(layer.source, Video | Still | Animation)
        )


def written(record: MasterRecord) -> str:
    """The record as its file holds it: JSON in ASCII, so that a file's name that is no text comes back as it was."""
    return json.dumps(plain(record), separators=(",", ":"))


def read(data: bytes) -> MasterRecord:
    """The record that :func:`written` made ``data`` from.

    Raises ValueError for anything else, and for the record of a Crowdcut whose orders are not like this one's.
    """
    told = json.loads(data)
    try:
        record = record_from(told, MasterRecord)
        lost = [name for key in record.keys.values() for name in _files_named(key) if name not in key.files]
    except (BaseValidationError, KeyError, TypeError, AttributeError) as error:
        raise ValueError("not a record of a master") from error
    needed = {*(piece.key for piece in record.pieces), record.mix, record.finish, record.master}
    if record.format != FORMAT or not record.pieces or lost or needed - record.keys.keys():
        raise ValueError("not a whole record of a master of this version")
    return record
