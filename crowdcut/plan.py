"""The job graph of a delivery as data: kinds, orders, inputs and keys, all known before anything runs."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from fractions import Fraction
from pathlib import Path
from typing import Any

from crowdcut import orders
from crowdcut.cut.spans import Span
from crowdcut.orders import Layer, PictureOrder
from crowdcut.records import digest_of, plain


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """One job: one order in, one file (or one answer) out."""

    kind: str
    """A key of the renderers' registry."""
    order: Any
    """A record of ``crowdcut.orders``."""
    key: str
    """32 hexadecimal digits."""
    files: dict[str, Path] = field(default_factory=dict)
    """Contributed files by the order's name for them; not in the key, their digests are."""
    jobs: dict[str, str] = field(default_factory=dict)
    """Other jobs' keys by the order's name for them."""
    made_of: dict[str, Any] = field(default_factory=dict, repr=False, compare=False)
    """What the key is the digest of, as plain data: ``kind``, ``order``, ``code`` (fingerprints by module), ``files``
    (digests by the order's name for them), ``jobs``."""
    label: str = ""
    """What a person reads: ``fireflies/2 [1/3]``."""
    frames: int = 0
    """Frames it renders, for the progress."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sources:
    """What a key is made of besides its order: digests of files and fingerprints of code."""

    files: Mapping[str, Path]
    """Contributed files by contribution id, and a template's fonts as ``font:name``."""
    digests: Mapping[Path, str]
    """Content digests."""
    fingerprints: Mapping[str, str]
    """By a renderer's module: its own source, the project modules it imports, its libraries' versions."""

    @property
    def fonts(self) -> dict[str, Path]:
        """The template's fonts among the files: what a job holds that draws letters."""
        return {name: path for name, path in self.files.items() if name.startswith("font:")}


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """All jobs of one delivery, each before those that need it."""

    pictures: tuple[Job, ...]
    """In programme order; the same job may stand more than once."""
    starts: tuple[int, ...]
    """Programme frame at which each of ``pictures`` begins."""
    shots: tuple[str, ...]
    """The shot that each of ``pictures`` shows."""
    sounds: tuple[Job, ...]
    """Listening and preparing."""
    screens: tuple[Job, ...] = ()
    """Measuring the screens behind performers: what keyed pictures wait for."""
    buses: tuple[Job, ...] = ()
    """Adding up the sounds of each bus."""
    mix: Job
    finish: Job
    captions: tuple[Job, ...] = ()
    """Drawing the subtitles of a disc, a job a language."""
    stems: dict[str, Job] = field(default_factory=dict)
    """By name; none where nobody asked."""
    master: Job

    @property
    def jobs(self) -> tuple[Job, ...]:
        """Every job that the store keeps, each once, in working order: the sound is one long chain and goes first."""
        sounds = (*self.sounds, *self.buses, self.mix, self.finish)
        every = (*sounds, *self.captions, *self.screens, *self.pictures, *self.stems.values())
        return tuple({job.key: job for job in every}.values())


def job_for(
    kind: str,
    order: Any,
    sources: Sources,
    *,
    parts: Iterable[str] = (),
    files: Mapping[str, Path] | None = None,
    jobs: Mapping[str, str] | None = None,
    label: str = "",
    frames: int = 0,
) -> Job:
    """A job with its key. ``parts``: further modules that it finds by a registry."""
    files, jobs = dict(files or {}), dict(jobs or {})
    made_of = {
        "kind": kind,
        "order": plain(order),
        "code": {part: sources.fingerprints[part] for part in sorted({f"renderers.{kind}", *parts})},
        "files": {name: sources.digests[path] for name, path in files.items()},
        "jobs": jobs,
    }
    return Job(
        kind=kind,
        order=order,
        key=digest_of(made_of),
        files=files,
        jobs=jobs,
        made_of=made_of,
        label=label,
        frames=frames,
    )


def remade(job: Job, *, order: Any = None, jobs: Mapping[str, str] | None = None) -> Job:
    """The same job with another order of the same files, or over other jobs."""
    made_of = dict(job.made_of)
    if order is not None:
        made_of["order"] = plain(order)
    if jobs is not None:
        made_of["jobs"] = dict(jobs)
    order, jobs = job.order if order is None else order, job.jobs if jobs is None else dict(jobs)
    return replace(job, order=order, jobs=jobs, made_of=made_of, key=digest_of(made_of))


def layers_of(order: PictureOrder) -> tuple[Layer, ...]:
    """All layers of an order, as the renderer counts them: the stack, what leaves, what is over both."""
    leaving = order.transition.leaving if order.transition else ()
    return (*order.stack, *leaving, *order.over)


def _screen_job(source: orders.Filmed, window: orders.Box | None, raster: orders.Raster, sources: Sources) -> Job:
    """The job that measures the screen of a keyed source; the same for all spans of a shot."""
    if window is not None:
        raster = replace(raster, width=window.width, height=window.height)
    key = source.conversion.key
    assert key is not None
    use = source.file
    conversion = replace(source.conversion, key=None, pan=None)
    if source.conversion.pan is not None:
        # A view moves over the keyed picture, which is all of it.
        raster = replace(raster, width=conversion.box.width, height=conversion.box.height)
    plainly = replace(source, file="file", conversion=conversion)
    if not isinstance(plainly, orders.Still):
        plainly = replace(plainly, start=Fraction(0))
    order = orders.ScreenOrder(source=plainly, raster=raster, colour=key.colour, times=key.times)
    part, label = f"renderers.sources.{orders.drawn_by(source)}", f"measuring the {key.colour} screen of {use}"
    return job_for("screen", order, sources, parts=(part,), files={"file": sources.files[use]}, label=label)


def _named_apart(order: PictureOrder, sources: Sources) -> tuple[PictureOrder, dict[str, Path], dict[str, str]]:
    """The order with its files called ``file0``, ``file1``... as they are met, and what is measured of their screens
    ``screen0``...: an id or a name is nobody's pixels. Files and other jobs' keys by these names.
    """
    names: dict[str, str] = {}
    screens: dict[str, str] = {}

    def named(source: orders.Filmed, window: orders.Box | None) -> orders.Filmed:
        conversion = source.conversion
        if conversion.key is not None:
            screen = _screen_job(source, window, order.raster, sources).key
            measured = screens.setdefault(screen, f"screen{len(screens)}")
            conversion = replace(conversion, key=replace(conversion.key, measured=measured))
        file = names.setdefault(source.file, f"file{len(names)}")
        return replace(source, file=file, conversion=conversion)

    def renamed(layers: tuple[Layer, ...]) -> tuple[Layer, ...]:
        return tuple(
            replace(layer, source=named(layer.source, layer.window))
            if isinstance(layer.source, orders.Filmed)
            else layer
            for layer in layers
        )

    transition = order.transition
    if transition is not None:
        transition = replace(transition, leaving=renamed(transition.leaving))
    order = replace(order, stack=renamed(order.stack), transition=transition, over=renamed(order.over))
    files = {name: sources.files[use] for use, name in names.items()}
    return order, files, {name: key for key, name in screens.items()}


WORDED = (orders.Text, orders.LowerThird, orders.Burn, orders.Card, orders.Roll, orders.MenuPage)
"""Sources that draw letters: their keys hold the template's own fonts."""


def picture_job(
    span: Span, raster: orders.Raster, encoding: orders.PictureEncoding, sources: Sources, label: str
) -> Job:
    """The job that renders a span; nothing of the span's place in the film is in it."""
    order, files, screens = _named_apart(
        PictureOrder(
            raster=raster,
            encoding=encoding,
            length_frames=span.length_frames,
            stack=span.stack,
            transition=span.transition,
            over=span.over,
        ),
        sources,
    )
    layers = layers_of(order)
    parts = {f"renderers.sources.{orders.drawn_by(layer.source)}" for layer in layers}
    if order.transition is not None:
        parts.add(f"renderers.transitions.{order.transition.kind}")
    if any(isinstance(layer.source, WORDED) for layer in layers):
        files |= sources.fonts
    if screens:
        parts |= {"renderers.screens.keying", "renderers.screen"}
    return job_for(
        "picture", order, sources, parts=parts, files=files, jobs=screens, label=label, frames=span.length_frames
    )


def screen_jobs(spans: tuple[Span, ...], raster: orders.Raster, sources: Sources) -> tuple[Job, ...]:
    """The jobs that measure the screens of all spans, each once."""
    jobs: dict[str, Job] = {}
    for span in spans:
        leaving = span.transition.leaving if span.transition else ()
        for layer in (*span.stack, *leaving, *span.over):
            if isinstance(layer.source, orders.Filmed) and layer.source.conversion.key is not None:
                job = _screen_job(layer.source, layer.window, raster, sources)
                jobs.setdefault(job.key, job)
    return tuple(jobs.values())


def picture_jobs(
    spans: tuple[Span, ...], raster: orders.Raster, encoding: orders.PictureEncoding, sources: Sources
) -> tuple[Job, ...]:
    """One job a span, labelled with its shot and its number in it."""
    total: dict[str, int] = {}
    for span in spans:
        total[span.shot] = total.get(span.shot, 0) + 1
    seen: dict[str, int] = {}
    jobs = []
    for span in spans:
        seen[span.shot] = seen.get(span.shot, 0) + 1
        label = span.shot if total[span.shot] == 1 else f"{span.shot} [{seen[span.shot]}/{total[span.shot]}]"
        jobs.append(picture_job(span, raster, encoding, sources, label))
    return tuple(jobs)
