"""One delivery of a production: laid out, dressed and planned, before anything of it is rendered."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from itertools import count

from crowdcut.conform.as_read import library_read
from crowdcut.conform.record import Record
from crowdcut.cut.appearances import Appearance, Use, appearances_from
from crowdcut.cut.bounds import refuse_endless_cast, refuse_endless_layers, refuse_endless_roll
from crowdcut.cut.credits import Block, blocks_from, roll_for, roll_frames
from crowdcut.cut.desk import Desk
from crowdcut.cut.joins import with_joins
from crowdcut.cut.moves import with_moves
from crowdcut.cut.placed import Timeline
from crowdcut.cut.remarks import chapters_for_disc, cut_findings
from crowdcut.cut.spans import Span, spans_from
from crowdcut.cut.stacks import Dressing, records_from, stacks_from
from crowdcut.cut.timeline import laid_out
from crowdcut.cut.uses import uses_placed, uses_told
from crowdcut.disc.caption_jobs import captions_job
from crowdcut.disc.captions import captions_shown
from crowdcut.disc.standards import Standard
from crowdcut.findings import CrowdcutError, Finding, Refused, is_error
from crowdcut.manifest import Manifest, Scene, Shot
from crowdcut.media import MediaKind
from crowdcut.orders import MasterOrder, Raster, Roll, TitleOrder
from crowdcut.plan import Job, Plan, Sources, job_for, picture_jobs, screen_jobs
from crowdcut.production import Production
from crowdcut.profiles import Profile, profile_from
from crowdcut.sound.soundtrack import soundtrack_from


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivery:
    """A planned delivery."""

    profile: Profile
    raster: Raster
    timeline: Timeline
    plan: Plan
    appearances: tuple[Appearance, ...]
    credits: tuple[Block, ...]
    roll: Roll
    records: dict[str, dict[str, Record]]
    """Conversion records by shot and contribution."""
    dressing: Dressing
    """What its shots became pictures with: a disc's menus show them once more, small."""
    findings: tuple[Finding, ...]
    """Warnings and notes; an error would have refused the delivery."""


def with_credits(manifest: Manifest) -> Manifest:
    """The manifest, with a scene of credits at its end where none of its shots has them: nobody is left out."""
    if any(shot.card == "credits" for scene in manifest.scenes for shot in scene.shots):
        return manifest
    taken = {one.id for scene in manifest.scenes for one in (scene, *scene.shots)}
    name = next(name for number in count(1) if (name := f"credits-{number}" if number > 1 else "credits") not in taken)
    shot = Shot(name=f"{name}/1", card="credits")
    return replace(manifest, scenes=(*manifest.scenes, Scene(id=name, title="Credits", shots=(shot,))))


def _joined(
    manifest: Manifest, profile: Profile, raster: Raster, spans: tuple[Span, ...], timeline: Timeline
) -> tuple[str, MasterOrder | TitleOrder]:
    """The kind of job that joins the pieces, and its order: a film, or a disc's title."""
    frames, chapters = tuple(span.length_frames for span in spans), timeline.chapters
    if profile.disc is None:
        return "master", MasterOrder(raster=raster, piece_frames=frames, chapters=chapters, title=manifest.title)
    languages = tuple(one.language for one in manifest.captions)
    return "title", TitleOrder(
        disc=profile.disc, rate=raster.rate, piece_frames=frames, chapters=chapters, languages=languages
    )


def _captions(desk: Desk, timeline: Timeline, standard: Standard, raster: Raster, sources: Sources) -> Iterator[Job]:
    """The jobs that draw a title's subtitles."""
    for one in desk.manifest.captions:
        shown, findings = captions_shown(one.cues, one.file, rate=raster.rate, length_frames=timeline.length_frames)
        desk.findings += findings
        yield captions_job(
            shown,
            one.language,
            desk.look.captions,
            sources,
            size=(standard.width, standard.height),
            canvas_width=raster.width,
            rate=raster.rate,
        )


def _plan(
    production: Production, desk: Desk, timeline: Timeline, dressing: Dressing
) -> tuple[Plan, dict[str, dict[str, Record]]]:
    sources, profile, raster = production.sources, dressing.profile, dressing.raster
    stacks, overlays = stacks_from(dressing, timeline)
    refuse_endless_layers(production.manifest, stacks, overlays)
    spans = spans_from(stacks, overlays)
    pictures = picture_jobs(spans, raster, profile.encoding_for(raster), sources)
    sound = soundtrack_from(desk, timeline, profile, sources)
    inputs = {f"piece{number}": job.key for number, job in enumerate(pictures)}
    inputs["sound"] = sound.finish.key
    standard = profile.standard
    captions = tuple(_captions(desk, timeline, standard, raster, sources)) if standard is not None else ()
    inputs |= {f"captions{number}": job.key for number, job in enumerate(captions)}
    kind, order = _joined(production.manifest, profile, raster, spans, timeline)
    master = job_for(kind, order, sources, jobs=inputs, label=f"joining {profile.name}")
    plan = Plan(
        pictures=pictures,
        starts=tuple(span.start_frame for span in spans),
        shots=tuple(span.shot for span in spans),
        sounds=sound.sounds,
        buses=tuple(sound.buses.values()),
        screens=screen_jobs(spans, raster, sources),
        mix=sound.mix,
        finish=sound.finish,
        captions=captions,
        stems=sound.stems,
        master=master,
    )
    records = with_moves(records_from(dressing, stacks, overlays), timeline.shots, timeline.rate)
    return plan, with_joins(records, timeline.sounds)


def _desk(production: Production, profile: Profile, broken: frozenset[str]) -> Desk:
    """What the cut is laid out on, with credits in it; nobody knows yet how long these are."""
    manifest = with_credits(production.manifest)
    return Desk(
        manifest=manifest,
        library=production.library,
        media=library_read(production.media, production.library),
        look=production.look,
        rate=profile.raster(manifest.rate).rate,
        credits_frames=0,
        working_copy=profile.burn_in or production.placeholder,
        surveys=production.surveys,
        beats=production.beats,
        broken=broken,
    )


def _cast(desk: Desk, uses: Iterable[Use]) -> tuple[Appearance, ...]:
    """Everybody who is seen or heard."""
    kinds: dict[str, MediaKind] = {use: media.kind for use, media in desk.media.items() if media.kind is not None}
    return appearances_from(uses, desk.library, kinds, desk.look)


def _credited(desk: Desk, profile: Profile, raster: Raster) -> tuple[tuple[Block, ...], Roll]:
    """The credits and their roll, whose length only hangs on who is in the cut. Raises Refused."""
    wish, uses = desk.manifest.credits, tuple(uses_told(desk))
    refuse_endless_cast(desk.manifest, uses, desk.library)
    blocks = blocks_from(_cast(desk, uses), desk.library, desk.look, wish.extra)
    title, on_disc = wish.title or desk.manifest.title, profile.disc is not None
    roll = roll_for(blocks, raster, desk.look, title=title, interlaced=on_disc)
    refuse_endless_roll(desk.manifest, roll, raster)
    return blocks, roll


def _timeline(desk: Desk, profile: Profile, placeholders: frozenset[str]) -> Timeline:
    """The cut as this profile can have it. Raises Refused."""
    timeline = laid_out(desk)
    # A slate is silent: what broke may sound as it looks.
    heard = tuple(one for one in timeline.sounds if one.bus != "shot" or one.shot not in placeholders)
    timeline = replace(timeline, sounds=heard)
    if profile.standard is None:
        return timeline
    timeline, crowded = chapters_for_disc(timeline, profile.standard)
    desk.findings += crowded
    return timeline


def delivery_from(
    production: Production,
    name: str,
    *,
    placeholders: frozenset[str] = frozenset(),
    broken: frozenset[str] = frozenset(),
) -> Delivery:
    """Plan the delivery ``name``. Raises Refused with findings.

    placeholders : names of the shots that a slate stands for.
    broken : ids of the contributions whose layers are left out.
    """
    profile = profile_from(name, production.manifest.profiles)
    raster = profile.raster(production.manifest.rate)
    desk = _desk(production, profile, broken)
    blocks, roll = _credited(desk, profile, raster)
    desk.credits_frames = roll_frames(roll, raster)  # the cut's length depends on it
    timeline = _timeline(desk, profile, placeholders)
    desk.findings += cut_findings(desk.manifest, timeline, roll, raster)
    if any(map(is_error, desk.findings)):
        raise Refused(desk.findings)
    dressing = Dressing(desk=desk, profile=profile, raster=raster, roll=roll, placeholders=placeholders)
    plan, records = _plan(production, desk, timeline, dressing)
    return Delivery(
        profile=profile,
        raster=raster,
        timeline=timeline,
        plan=plan,
        appearances=_cast(desk, uses_placed(timeline, desk.manifest)),
        credits=blocks,
        roll=roll,
        records=records,
        dressing=dressing,
        findings=tuple(desk.findings),
    )


def deliveries_from(production: Production, names: Iterable[str] = ()) -> tuple[Delivery, ...]:
    """The deliveries ``names``, or else the manifest's. Raises Refused with the findings of all, each once."""
    planned: list[Delivery] = []
    findings: dict[Finding, None] = {}
    for name in tuple(names) or production.manifest.delivery:
        try:
            planned.append(delivery_from(production, name))
        except KeyError as error:
            findings[Finding(rule="unknown-profile", found=str(error.args[0]).rstrip("."))] = None
        except CrowdcutError as refusal:
            findings |= dict.fromkeys(refusal.findings)
    if findings:
        raise Refused(tuple(findings))
    return tuple(planned)
