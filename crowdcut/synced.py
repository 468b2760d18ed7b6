"""Takes of a song: the jobs that lay each over its guide, and the manifest with each in time."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from fractions import Fraction

from crowdcut.contributions import Library
from crowdcut.episode import Manifest, Sound
from crowdcut.findings import Finding, Where
from crowdcut.media import Media
from crowdcut.orders import AlignOrder, Heard
from crowdcut.plan import Job, Sources, job_for
from crowdcut.takes import CONFIDENCE_LEAST, Alignment

Pair = tuple[str, str]
"""Ids of a guide and of a take."""
Takes = Mapping[Pair, Alignment]
_WIDTH = Fraction(7, 10)
"""How far to each side a choir reaches, of all the way: nobody is heard on one side alone."""


def sounds_of(manifest: Manifest) -> Iterator[Sound]:
    """Every sound that hangs on a shot, a scene or the episode."""
    for scene in manifest.scenes:
        for shot in scene.shots:
            yield from shot.sounds
        yield from scene.sounds
    yield from manifest.sounds


def align_jobs(
    manifest: Manifest, library: Library, media: Mapping[str, Media], sources: Sources
) -> tuple[dict[Pair, Job], tuple[Finding, ...]]:
    """A job for each take of each guide, once; and a finding for each guide that has no sound.

    What is wrong with takes themselves is complained of where they hang.
    """
    jobs: dict[Pair, Job] = {}
    findings = []
    for sound in sounds_of(manifest):
        if sound.guide is None or sound.guide == sound.use:
            continue
        guide, take = media[sound.guide], media[sound.use]
        if guide.sound is None or guide.refusal is not None:
            where = replace(sound.origin.get("guide", Where()), key="guide")
            found = f"{library.contributions[sound.guide].name} has no sound to be a guide"
            findings.append(Finding(rule="no-sound", where=where, found=found, way_out="Name one that has."))
        elif take.sound is not None and take.refusal is None:
            order = AlignOrder(
                guide=Heard(stream=guide.sound.stream, origin=guide.origin),
                take=Heard(stream=take.sound.stream, origin=take.origin),
            )
            files = {"guide": sources.files[sound.guide], "take": sources.files[sound.use]}
            label = f"laying {library.contributions[sound.use].name} over its guide"
            jobs[sound.guide, sound.use] = job_for("align", order, sources, files=files, label=label)
    return jobs, tuple(findings)


def strangers(manifest: Manifest, library: Library, takes: Takes) -> Iterator[tuple[Pair, Finding]]:
    """The takes that are not of their guide's song, each with its finding."""
    for sound in sounds_of(manifest):
        pair = sound.guide or "", sound.use
        found = takes.get(pair)
        if found is not None and found.confidence < CONFIDENCE_LEAST:
            take, guide = (library.contributions[one].name for one in (sound.use, pair[0]))
            yield (
                pair,
                Finding(
                    rule="other-song",
                    owner="contributor",
                    where=replace(sound.origin.get("use", Where()), key="use"),
                    found=f"{take} is no take of {guide}: {found.confidence:.0%} of the song lies where it should",
                    wanted=f"{CONFIDENCE_LEAST:.0%} or more",
                    way_out="Ask for a take of this song, or name the guide that it was sung to.",
                ),
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


def _spread(people: int) -> list[Fraction | None]:
    """Where each of a choir stands, from left to right; one alone is heard as recorded."""
    if people < 2:
        return [None] * people
    return [_WIDTH * (2 * Fraction(one, people - 1) - 1) for one in range(people)]


def synced(manifest: Manifest, takes: Takes, left_out: frozenset[Pair] = frozenset()) -> Manifest:
    """The manifest with each take at its guide's time and speed, and without those that are ``left_out``."""

    def moved(sounds: tuple[Sound, ...]) -> tuple[Sound, ...]:
        kept = [one for one in sounds if (one.guide or "", one.use) not in left_out]
        people = list(dict.fromkeys(one.use for one in kept if (one.guide or "", one.use) in takes))
        pans = dict(zip(people, _spread(len(people)), strict=True))
        return tuple(
            one
            if (pair := (one.guide or "", one.use)) not in takes
            else replace(take_in_time(one, takes[pair]), pan=pans[one.use])
            for one in kept
        )

    scenes = tuple(
        replace(
            scene,
            sounds=moved(scene.sounds),
            shots=tuple(replace(shot, sounds=moved(shot.sounds)) for shot in scene.shots),
        )
        for scene in manifest.scenes
    )
    return replace(manifest, scenes=scenes, sounds=moved(manifest.sounds))
