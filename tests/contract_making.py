"""Productions as nothing but bytes in a folder, taken all the way to a plan, and what must hold whatever they say."""

import resource
import signal
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from fractions import Fraction
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

from desk_making import film, song

from crowdcut.contract.tables import printable
from crowdcut.delivery import Delivery, deliveries_from
from crowdcut.findings import Finding, Refused, is_error
from crowdcut.library import Library
from crowdcut.manifest import Manifest
from crowdcut.media import Media, Picture
from crowdcut.orders import PictureOrder
from crowdcut.plan import Sources
from crowdcut.production import Production
from crowdcut.words import one_line
from farm.fingerprints import Fingerprints
from farm.production import read_production, uses_of
from farm.wish import Wish

Files = Mapping[str, bytes]
"""Contents by path inside the production's folder."""

CASE_SECONDS = 5
"""Of one processor; a case that takes longer hangs, as a producer sees it."""
CASE_MEGABYTES = 400
"""What one case may add to the most that this process has held."""
SCREEN_LETTERS = 2_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What became of a production: deliveries, or the errors that refuse it."""

    findings: tuple[Finding, ...]
    deliveries: tuple[Delivery, ...] = ()
    library: Library = field(default_factory=lambda: Library(contributors={}, contributions={}))
    manifest: Manifest | None = None


def _still() -> Media:
    picture = Picture(codec="png", width=120, height=90, pixel_format="rgba", alpha=True)
    return Media(kind="still", container="png", picture=picture)


def _animation() -> Media:
    picture = Picture(codec="gif", width=64, height=64, pixel_format="bgra", duration=Fraction(2), frames=20)
    return Media(kind="animation", container="gif", picture=picture)


def _phone() -> Media:
    picture = Picture(
        stream=0, codec="hevc", width=1920, height=1080, rotation=90, sar=Fraction(4, 3), pixel_format="yuv420p10le",
        interlaced="tff", start=Fraction(-1, 30), duration=Fraction(40001, 1000), frames=1200,
        rate=Fraction(1200000, 40001), constant=False,
    )  # fmt: skip
    return Media(kind="video", container="mov", picture=picture, sound=song(39).sound)


MEDIA = {
    **dict.fromkeys((".mov", ".webm", ".mkv"), lambda: film(sound=True)),
    ".mp4": _phone,
    ".empty": lambda: film(0),
    **dict.fromkeys((".png", ".jpg"), _still),
    ".gif": _animation,
    **dict.fromkeys((".flac", ".ogg"), song),
    ".wav": lambda: song(1),
    ".txt": lambda: Media(kind="text", container="txt", text="The moon\nis late again.\n"),
}
"""What a file is taken for, by its ending; all others are refused."""


def media_of(file: Path) -> Media:
    """What an examination may have found."""
    made = MEDIA.get(file.suffix.lower())
    return Media(refusal="It is no file that we know.") if made is None else made()


@cache
def fingerprints() -> Fingerprints:
    """Those of Crowdcut as it is."""
    return Fingerprints()


class _Digests(dict[Path, str]):
    def __missing__(self, path: Path) -> str:
        return path.name


def _production(manifest: Path, *, placeholder: bool) -> Production:
    """The production as ``crowdcut check`` opens it, but for its files, which are what their endings say."""
    wish = Wish(manifest=manifest, placeholder=placeholder)
    manifest_read, library, look, findings = read_production(wish)
    uses = uses_of(manifest_read)
    files = {use: file for use in uses if (file := library.contributions[use].file) is not None}
    media = {use: media_of(file) for use, file in files.items()}
    for use, one in media.items():
        if one.refusal is not None and not placeholder:
            found = f"{library.contributions[use].name}: {one.refusal.rstrip('.')}"
            raise Refused([*findings, Finding(rule="refused", where=uses[use], found=found, way_out="Leave it out.")])
    return Production(
        manifest=manifest_read,
        library=library,
        look=look,
        media=media,
        sources=Sources(files=files, digests=_Digests(), fingerprints=fingerprints()),
        placeholder=placeholder,
        findings=findings,
    )


def outcome_of(folder: Path, *, placeholder: bool = False) -> Outcome:
    """Read, check and plan ``folder/episode.toml``; nothing but Refused is caught."""
    try:
        production = _production(folder / "episode.toml", placeholder=placeholder)
        deliveries = deliveries_from(production)
    except Refused as refused:
        return Outcome(findings=refused.findings)
    findings = (*production.findings, *(one for each in deliveries for one in each.findings))
    return Outcome(findings=findings, deliveries=deliveries, library=production.library, manifest=production.manifest)


def write_files(folder: Path, files: Files) -> None:
    """The files of a case; one whose name cannot be is left out."""
    for name, data in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(data)


class TooSlow(BaseException):
    """A case takes longer than a producer waits. No Exception: nobody is to catch it on the way."""


@contextmanager
def limited(seconds: float = CASE_SECONDS, megabytes: int = CASE_MEGABYTES) -> Iterator[None]:
    """Ends what takes more of a processor or of memory than a case may. For the main thread."""

    def stop(_signal: int, _frame: object) -> None:
        raise TooSlow(f"more than {seconds} seconds of a processor")

    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    before = signal.signal(signal.SIGPROF, stop)
    signal.setitimer(signal.ITIMER_PROF, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
        signal.signal(signal.SIGPROF, before)
    more = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - peak) // 1024
    assert more <= megabytes, f"the case took {more} MB"


def said(finding: Finding) -> str:
    """A finding as the console prints it."""
    return "\n".join(map(printable, str(finding).split("\n")))


def _judge_finding(finding: Finding, *, reading: bool) -> None:
    text = said(finding)
    assert finding.rule, text
    assert finding.found, text
    assert len(text) <= SCREEN_LETTERS, f"{len(text)} letters: {text[:300]}"
    assert not text.endswith("...."), text
    if reading and is_error(finding):
        assert finding.where.file, text
        # What is missing from a template or flows down from it, and a file that cannot be read, have no line.
        lineless = finding.rule in ("missing-key", "unreadable-template", "missing-file")
        assert finding.where.line or lineless or finding.where.file.startswith("template "), text
        assert finding.way_out or finding.wanted, text


def _names_of(delivery: Delivery, library: Library, captioning: set[str]) -> set[str]:
    """Everybody who is seen or heard, found from the timeline alone."""
    timeline = delivery.timeline
    layers = [layer.layer for placed in timeline.shots for layer in placed.layers] + [
        placed.layer for placed in timeline.over
    ]
    uses = {use for placed in timeline.shots for use in placed.shot.uses} | {
        layer.use for layer in layers if layer is not None
    }
    pending = [use for use in uses | captioning | {sound.use for sound in timeline.sounds} if use is not None]
    names, seen = set(), set()
    while pending:
        contribution = library.contributions[pending.pop()]
        if contribution.id not in seen:
            seen.add(contribution.id)
            names.update(library.contributors[part.contributor].name for part in contribution.by)
            pending.extend(contribution.made_from)
    return names


def _judge_credits(delivery: Delivery, outcome: Outcome) -> None:
    assert outcome.manifest is not None
    captioning = {track.contribution for track in outcome.manifest.captions if track.contribution is not None}
    wanted = _names_of(delivery, outcome.library, captioning) | {
        name for extra in outcome.manifest.credits.extra for name in extra.names
    }
    wanted = {one_line(name) for name in wanted}
    assert wanted == {name for block in delivery.credits for name in block.names}
    rolled = "".join("".join(line.cells) for line in delivery.roll.lines).replace(" ", "")
    for name in wanted:
        assert name.replace(" ", "") in rolled, name
    assert any(placed.shot.card == "credits" for placed in delivery.timeline.shots)


def _judge_delivery(delivery: Delivery) -> None:
    plan, timeline = delivery.plan, delivery.timeline
    end = 0
    for job, start in zip(plan.pictures, plan.starts, strict=True):
        assert start == end, "a gap or an overlap"
        assert isinstance(job.order, PictureOrder)
        assert 0 < job.order.length_frames <= 240
        assert job.order.stack, job.label
        end += job.order.length_frames
    assert end == timeline.length_frames == sum(plan.master.order.piece_frames)
    jobs = [*plan.jobs, plan.master]
    assert all(len(job.key) == 32 for job in jobs)
    known = {job.key for job in jobs}
    assert all(key in known for job in jobs for key in job.jobs.values())
    names = [placed.shot.name for placed in timeline.shots]
    assert len(names) == len(set(names)), "two shots of one name"
    for cue in (cue for job in plan.buses for cue in job.order.cues):
        assert cue.start_sample >= 0
        assert cue.length_samples > 0
        assert cue.start_sample + cue.length_samples <= timeline.length_samples + 1
    starts = [chapter.start_frame for chapter in timeline.chapters]
    assert starts[0] == 0
    assert sorted(starts) == starts


def judge(outcome: Outcome) -> Outcome:
    """Hold an outcome against what must be so whatever was written."""
    refused = not outcome.deliveries
    assert any(map(is_error, outcome.findings)) == refused
    for finding in outcome.findings:
        _judge_finding(finding, reading=refused)
    for delivery in outcome.deliveries:
        _judge_delivery(delivery)
        _judge_credits(delivery, outcome)
    return outcome


def judged(files: Files, *, placeholder: bool = False) -> Outcome:
    """What becomes of a production of these files, within its limits and judged."""
    with TemporaryDirectory() as name:
        folder = Path(name).resolve() / "production"
        folder.mkdir()
        write_files(folder, files)
        with limited():
            outcome = outcome_of(folder, placeholder=placeholder)
    return judge(outcome)
