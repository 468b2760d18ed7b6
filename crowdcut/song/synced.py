"""Takes of a song: the jobs that lay each over its guide, and the manifest with each in time."""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import replace
from fractions import Fraction

from crowdcut.contributions import Library
from crowdcut.episode import Manifest, Shot, Sound
from crowdcut.findings import Finding, Where
from crowdcut.media import Media
from crowdcut.plan import Job, Sources, job_for
from crowdcut.song.takes import CONFIDENCE_LEAST, FEWEST, WIDTH, Alignment
from crowdcut.sound.levels import shared_gain_db
from crowdcut.sound.orders import AlignOrder, Heard, OnsetsOrder
from crowdcut.timing import clock

Pair = tuple[str, str]
"""Ids of a guide and of a take."""
Takes = Mapping[Pair, Alignment]


def sounds_of(manifest: Manifest) -> Iterator[Sound]:
    """Every sound that hangs on a shot, a scene or the episode."""
    for scene in manifest.scenes:
        for shot in scene.shots:
            yield from shot.sounds
        yield from scene.sounds
    yield from manifest.sounds


def _takes(manifest: Manifest) -> Iterator[Sound | Shot]:
    """Every sound, shot and cell that is a take of something else."""
    parts = (part for scene in manifest.scenes for shot in scene.shots for part in shot.parts)
    every = (*sounds_of(manifest), *parts)
    yield from (one for one in every if one.guide is not None and one.use not in (None, one.guide))


def _pair(take: Sound | Shot) -> Pair:
    return take.guide or "", take.use or ""


def _silent(take: Sound | Shot, key: str, found: str, way_out: str) -> Finding:
    where = replace(take.origin.get(key, Where()), key=key)
    return Finding(rule="no-sound", where=where, found=found, way_out=way_out)


def _onsets_job(use: str, media: Mapping[str, Media], library: Library, sources: Sources) -> Job:
    sound = media[use].sound
    assert sound is not None
    heard = Heard(stream=sound.stream, origin=media[use].origin)
    order, label = OnsetsOrder(heard=heard), library.contributions[use].name
    return job_for("onsets", order, sources, files={"file": sources.files[use]}, label=f"listening to {label}")


def align_jobs(
    manifest: Manifest, library: Library, media: Mapping[str, Media], sources: Sources
) -> tuple[tuple[Job, ...], dict[Pair, Job], tuple[Finding, ...]]:
    """A job that listens to each guide and each take, one that lays each take over each guide of its, and findings for
    guides and pictures that have no sound.

    What is wrong with hung takes themselves is complained of where they hang.
    """
    heard: dict[str, Job] = {}
    jobs: dict[Pair, Job] = {}
    findings = []
    for one in _takes(manifest):
        pair, (guide, take) = _pair(one), (media[use] for use in _pair(one))
        named, name = (library.contributions[use].name for use in pair)
        if take.refusal is not None:
            continue
        if guide.sound is None or guide.refusal is not None:
            findings.append(_silent(one, "guide", f"{named} has no sound to be a guide", "Name one that has."))
        elif take.sound is not None:
            for use in pair:
                heard.setdefault(use, _onsets_job(use, media, library, sources))
            needs = {"guide": heard[pair[0]].key, "take": heard[pair[1]].key}
            jobs[pair] = job_for("align", AlignOrder(), sources, jobs=needs, label=f"laying {name} over its guide")
        elif isinstance(one, Shot) and take.kind == "video":  # a still has no time to be in
            findings.append(_silent(one, "use", f"{name} has no sound to be laid over", "Write sync = false for it."))
    return tuple(heard.values()), jobs, tuple(findings)


def _interval(semitones: int) -> str:
    way = "higher" if semitones > 0 else "lower"
    return f"a semitone {way}" if abs(semitones) == 1 else f"{abs(semitones)} semitones {way}"


def _why_strange(found: Alignment) -> str:
    if found.windows < FEWEST:
        return "too little of it sounds while its song does"
    if found.confidence >= CONFIDENCE_LEAST and found.semitones:
        return f"it is {_interval(found.semitones)} than its guide"
    if found.confidence >= CONFIDENCE_LEAST and found.strays is not None:
        return f"from {clock(found.strays)} on it is at another place of the song than the rest of it"
    return f"it lies hardly better at one place than elsewhere (confidence {found.confidence:.0%})"


def strangers(manifest: Manifest, library: Library, takes: Takes) -> Iterator[tuple[Pair, Finding]]:
    """The takes that are not of their guide's song, each with its finding."""
    for one in _takes(manifest):
        found = takes.get(_pair(one))
        if found is not None and not found.trusted:
            guide, take = (library.contributions[use].name for use in _pair(one))
            yield (
                _pair(one),
                Finding(
                    rule="other-song",
                    owner="contributor",
                    where=replace(one.origin.get("use", Where()), key="use"),
                    found=f"{take} is no take of {guide}: {_why_strange(found)}",
                    wanted=f"a confidence of {CONFIDENCE_LEAST:.0%} or more, from 15 s of the song or more",
                    way_out="Ask for a take of this song, or name the guide that it was sung to.",
                ),
            )


def _absent(sound: Sound, alignment: Alignment, media: Media) -> bool:
    """Whether a take has nothing of the part of its song that is heard: it begins later, or has ended."""
    ends = [end for end in (sound.out, sound.length and sound.in_ + sound.length) if end is not None]
    begins_later = bool(ends) and alignment.take_time(min(ends)) <= 0
    return begins_later or (media.duration is not None and alignment.take_time(sound.in_) >= media.duration)


def absent(manifest: Manifest, library: Library, media: Mapping[str, Media], takes: Takes) -> Iterator[Finding]:
    """The hung takes that have nothing of what is heard of their song, each with a note."""
    for one in sounds_of(manifest):
        found = takes.get(_pair(one))
        if found is None or not found.trusted or not _absent(one, found, media[one.use]):
            continue
        guide, take = (library.contributions[use].name for use in _pair(one))
        begins = found.guide_time(Fraction(0))
        ends = found.guide_time(media[one.use].duration or Fraction(0))
        yield Finding(
            rule="silent-take",
            severity="note",
            where=replace(one.origin.get("use", Where()), key="use"),
            found=f"{take} lasts from {clock(begins)} to {clock(ends)} of {guide}: it is not heard here",
            way_out="Leave it away, or let another part of the song be heard.",
        )


def take_in_time(sound: Sound, alignment: Alignment) -> Sound:
    """A take with its own source times; one that was started late comes in later."""
    begin = alignment.take_time(sound.in_)
    late = max(Fraction(0), -begin) / alignment.speed
    out = None if sound.out is None else alignment.take_time(sound.out)
    length = sound.length
    if length is not None:
        # A take that was stopped early ends with its sound, and the others go on.
        end = alignment.take_time(sound.in_ + length)
        out, length = end if out is None else min(out, end), None
    return replace(
        sound,
        in_=max(Fraction(0), begin),
        out=out,
        length=length,
        at=replace(sound.at, offset=sound.at.offset + late),
        speed=alignment.speed,
    )


def picture_in_time(shot: Shot, alignment: Alignment) -> Shot:
    """A shot or cell with its own source times, which may begin before its clip does."""
    out = None if shot.out is None else alignment.take_time(shot.out)
    return replace(shot, in_=alignment.take_time(shot.in_ or Fraction(0)), out=out, speed=alignment.speed)


def _stood_in_for(shot: Shot, media: Media, take: str, guide: str) -> Shot:
    """A slate in place of a take that is none."""
    return Shot(
        name=shot.name,
        id=shot.id,
        cell=shot.cell,
        wanted=f"{take}, a take of {guide}",
        length=shot.length or (media.duration or Fraction(1)),
        into=shot.into,
        note=shot.note,
        layers=shot.layers,
        sounds=shot.sounds,
        origin=shot.origin,
    )


def _spread(people: int) -> list[Fraction | None]:
    """Where each of a choir stands, from left to right; one alone is heard as recorded."""
    if people < 2:
        return [None] * people
    return [WIDTH * (2 * Fraction(one, people - 1) - 1) for one in range(people)]


def _moved(
    sounds: tuple[Sound, ...], media: Mapping[str, Media], takes: Takes, left_out: frozenset[Pair]
) -> tuple[Sound, ...]:
    """Sounds that hang on one thing, each take in its time and its place, and those that begin together as loud as one
    sound of their kind."""
    there = [one for one in sounds if _pair(one) not in left_out]
    kept = [one for one in there if _pair(one) not in takes or not _absent(one, takes[_pair(one)], media[one.use])]
    people = list(dict.fromkeys(one.use for one in kept if _pair(one) in takes))
    pans = dict(zip(people, _spread(len(people)), strict=True))

    def beginning(one: Sound) -> tuple[object, ...]:
        return one.bus, one.guide, one.at, one.in_

    choirs = Counter(beginning(one) for one in kept if _pair(one) in takes)

    def sung(one: Sound) -> Sound:
        gain_db = one.gain_db + shared_gain_db(choirs[beginning(one)])
        return replace(take_in_time(one, takes[_pair(one)]), pan=pans[one.use], gain_db=gain_db)

    return tuple(sung(one) if _pair(one) in takes else one for one in kept)


def synced(
    manifest: Manifest,
    library: Library,
    media: Mapping[str, Media],
    takes: Takes,
    left_out: frozenset[Pair] = frozenset(),
) -> Manifest:
    """The manifest with each take at its guide's time and speed; a slate stands for the pictures of those that are
    ``left_out``, and their hung sounds are gone, as those are that have nothing of what is heard of their song."""

    def in_time(part: Shot) -> Shot:
        if _pair(part) in left_out:
            guide, take = (library.contributions[use].name for use in _pair(part))
            return _stood_in_for(part, media[part.use or ""], take, guide)
        return picture_in_time(part, takes[_pair(part)]) if _pair(part) in takes else part

    def shown(shot: Shot) -> Shot:
        shot = replace(shot, sounds=_moved(shot.sounds, media, takes, left_out))
        return replace(shot, cells=tuple(map(in_time, shot.cells))) if shot.cells else in_time(shot)

    scenes = tuple(
        replace(scene, sounds=_moved(scene.sounds, media, takes, left_out), shots=tuple(map(shown, scene.shots)))
        for scene in manifest.scenes
    )
    return replace(manifest, scenes=scenes, sounds=_moved(manifest.sounds, media, takes, left_out))
