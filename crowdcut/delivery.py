"""One delivery of a production: laid out, dressed and planned, before anything of it is rendered."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from itertools import count

from crowdcut.bounds import refuse_endless_cast, refuse_endless_layers, refuse_endless_roll
from crowdcut.conform.as_read import library_read
from crowdcut.conform.layouts import CELL_SIDE_MIN, cells_in
from crowdcut.conform.record import Record
from crowdcut.credits import Block, blocks_from, roll_for, roll_frames
from crowdcut.cut.appearances import Appearance, How, Use, appearances_from
from crowdcut.cut.desk import Desk
from crowdcut.cut.joins import heard_apart, with_joins
from crowdcut.cut.moves import with_moves
from crowdcut.cut.placed import Timeline
from crowdcut.cut.spans import Span, spans_from
from crowdcut.cut.stacks import Dressing, records_from, stacks_from
from crowdcut.cut.timeline import laid_out
from crowdcut.disc.cadence import cadence_for
from crowdcut.disc.caption_jobs import captions_job
from crowdcut.disc.captions import captions_shown
from crowdcut.disc.standards import Standard
from crowdcut.disc.vobus import chapters_apart
from crowdcut.findings import CrowdcutError, Finding, Refused, Where, is_error
from crowdcut.manifest import Manifest, Scene, Shot
from crowdcut.media import MediaKind
from crowdcut.orders import MasterOrder, Raster, Roll, TitleOrder
from crowdcut.plan import Job, Plan, Sources, job_for, picture_jobs, screen_jobs
from crowdcut.production import Production
from crowdcut.profiles import Profile, profile_from
from crowdcut.soundtrack import soundtrack_from
from crowdcut.timing import SAMPLE_RATE, clock


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


def _uses_told(desk: Desk) -> Iterable[Use]:
    """Who is in the cut, in the order of :func:`_uses`, before anybody knows from when to when."""

    def use(contribution: str, how: How) -> Use:
        return Use(contribution=contribution, start_frame=0, end_frame_exclusive=0, how=how)

    scenes = desk.manifest.scenes
    shots = [shot for scene in scenes for shot in scene.shots]
    hosts = (desk.manifest, *scenes, *shots)
    refused = {one for one, media in desk.media.items() if media.refusal is not None}
    yield from (use(one, "shot") for shot in shots for one in shot.uses)
    yield from (use(one.use, "layer") for host in hosts for one in host.layers if one.use not in refused | desk.broken)
    yield from (use(one.use, one.bus) for host in hosts for one in host.sounds if one.use not in refused)
    yield from (use(one, "captions") for one in _captioning(desk.manifest))


def _captioning(manifest: Manifest) -> Iterable[str]:
    """Ids of the contributions that are captions. All deliveries have one roll, whichever of them can show these."""
    return (track.contribution for track in manifest.captions if track.contribution is not None)


def _uses(timeline: Timeline, manifest: Manifest) -> Iterable[Use]:
    """Where each contribution is seen or heard."""

    def use(contribution: str, start: int, length: int, how: How) -> Use:
        return Use(contribution=contribution, start_frame=start, end_frame_exclusive=start + length, how=how)

    heard = {(one.shot, one.use): one for one in timeline.sounds if one.bus == "shot"}
    for placed in timeline.shots:
        for one in placed.shot.uses:
            early, late = heard_apart(heard.get((placed.shot.name, one)), timeline.rate)
            yield use(one, placed.start_frame - early, early + placed.length_frames + late, "shot")
    layers = (*timeline.over, *(layer for placed in timeline.shots for layer in placed.layers))
    for layer in layers:
        if layer.layer is not None:
            yield use(layer.layer.use, layer.start_frame, layer.length_frames, "layer")
    for sound in timeline.sounds:
        if sound.bus != "shot":
            start = int(sound.start_sample * timeline.rate / SAMPLE_RATE)
            yield use(sound.use, start, max(1, int(sound.length_samples * timeline.rate / SAMPLE_RATE)), sound.bus)
    yield from (use(one, 0, timeline.length_frames, "captions") for one in _captioning(manifest))


def _length_findings(manifest: Manifest, timeline: Timeline) -> Iterable[Finding]:
    if manifest.length is None:
        return
    over = timeline.length_frames / timeline.rate - manifest.length
    if abs(over) * timeline.rate >= 1:
        yield Finding(
            rule="length",
            severity="warning",
            where=manifest.origin["length"],
            found=f"the film is {clock(abs(over))} {'over' if over > 0 else 'under'} {clock(manifest.length)}",
        )


def _credits_findings(manifest: Manifest, timeline: Timeline, roll: Roll, raster: Raster) -> Iterable[Finding]:
    """A roll that is cut off loses names, the one fault nobody forgives; one of another length than wished is told."""
    needed = roll_frames(roll, raster)
    for placed in timeline.shots:
        shot = placed.shot
        # One that takes the time it needs may end a frame early at another rate, when no letter is left to be seen.
        if shot.card == "credits" and shot.length is not None and placed.length_frames < needed:
            where = shot.origin.get("for") or shot.origin.get("", Where())
            yield Finding(
                rule="credits-cut",
                where=replace(where, shot=shot.name, key="for"),
                found=f"the credits need {clock(needed / raster.rate)}, so names would be lost",
                way_out="Leave 'for' away: they take the time they need.",
            )
    wish = manifest.credits.seconds
    if wish is not None and abs(wish - needed / raster.rate) >= 1:
        found = f"the credits last {clock(needed / raster.rate)}, {clock(wish)} were wished for"
        yield Finding(rule="credits-length", severity="note", found=found)


def _for_disc(timeline: Timeline, standard: Standard) -> tuple[Timeline, tuple[Finding, ...]]:
    """The timeline with the chapters that a disc can have, and what is to be said of the others."""
    kept = chapters_apart(timeline.chapters, cadence_for(standard, timeline.rate))
    findings = tuple(
        Finding(
            rule="chapter-too-soon",
            severity="note",
            where=Where(time=chapter.start_frame / timeline.rate),
            found=f"no player can be sent to chapter “{chapter.title}”: it begins within 0.4 s of the one before",
            way_out="Write chapter = false in one of the two scenes.",
        )
        for chapter in timeline.chapters
        if chapter not in kept
    )
    return replace(timeline, chapters=kept), findings


def _cells_findings(manifest: Manifest, raster: Raster) -> Iterable[Finding]:
    """A layout that this raster is too small for."""
    for shot in (shot for scene in manifest.scenes for shot in scene.shots if shot.layout is not None):
        assert shot.layout is not None
        boxes = cells_in(shot.layout, len(shot.cells), raster)
        if (side := min(min(box.width, box.height) for box in boxes)) < CELL_SIDE_MIN:
            yield Finding(
                rule="too-many-cells",
                where=replace(shot.origin.get("layout", Where()), shot=shot.name, key="layout"),
                found=f"a cell would be {max(0, side)} pixels high or wide in {raster.width}x{raster.height}",
                way_out="Show fewer at once, or deliver a larger picture.",
            )


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
    manifest, look = with_credits(production.manifest), production.look
    profile = profile_from(name, manifest.profiles)
    raster = profile.raster(manifest.rate)
    desk = Desk(
        manifest=manifest,
        library=production.library,
        media=library_read(production.media, production.library),
        look=look,
        rate=raster.rate,
        credits_frames=0,
        working_copy=profile.burn_in or production.placeholder,
        surveys=production.surveys,
        beats=production.beats,
        broken=broken,
    )
    kinds: dict[str, MediaKind] = {use: media.kind for use, media in production.media.items() if media.kind is not None}
    # The cut's length depends on that of the credits, and theirs only on who is in it.
    uses = tuple(_uses_told(desk))
    refuse_endless_cast(manifest, uses, production.library)
    cast = appearances_from(uses, production.library, kinds, look)
    blocks = blocks_from(cast, production.library, look, manifest.credits.extra)
    heading, on_disc = manifest.credits.title or manifest.title, profile.disc is not None
    roll = roll_for(blocks, raster, look, title=heading, interlaced=on_disc)
    refuse_endless_roll(manifest, roll, raster)
    desk.credits_frames = roll_frames(roll, raster)
    timeline = laid_out(desk)
    # A slate is silent: what broke may sound as it looks.
    heard = tuple(one for one in timeline.sounds if one.bus != "shot" or one.shot not in placeholders)
    timeline = replace(timeline, sounds=heard)
    if profile.standard is not None:
        timeline, crowded = _for_disc(timeline, profile.standard)
        desk.findings += crowded
    desk.findings += [
        *_length_findings(manifest, timeline),
        *_cells_findings(manifest, raster),
        *_credits_findings(manifest, timeline, roll, raster),
    ]
    if any(map(is_error, desk.findings)):
        raise Refused(desk.findings)
    dressing = Dressing(desk=desk, profile=profile, raster=raster, roll=roll, placeholders=placeholders)
    plan, records = _plan(production, desk, timeline, dressing)
    return Delivery(
        profile=profile,
        raster=raster,
        timeline=timeline,
        plan=plan,
        appearances=appearances_from(_uses(timeline, manifest), production.library, kinds, look),
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
