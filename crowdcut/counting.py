"""Songs whose beats the cut asks for: the jobs that find them, and what is said of those without."""

from collections.abc import Iterator, Mapping
from dataclasses import replace

from crowdcut.beats import CONFIDENCE_LEAST, Beats
from crowdcut.contributions import Library
from crowdcut.cut.rhythm import beats_asked
from crowdcut.episode import Manifest
from crowdcut.findings import Finding, Where
from crowdcut.media import Media
from crowdcut.orders import BeatsOrder, Heard
from crowdcut.plan import Job, Sources, job_for
from crowdcut.synced import sounds_of

_METER = 4


def needs_beats(manifest: Manifest, library: Library) -> dict[str, Where]:
    """The contributions whose beats the cut asks for, each with the first place that does."""
    found = beats_asked(manifest)
    for sound in sounds_of(manifest):
        if sound.bus == "music" and library.contributions[sound.use].bpm is not None:
            found.setdefault(sound.use, replace(sound.origin.get("use", Where()), key="use"))
    return found


def beats_jobs(
    needed: Mapping[str, Where], library: Library, media: Mapping[str, Media], sources: Sources
) -> dict[str, Job]:
    """A job for each of ``needed`` that can be heard; the others are complained of where they hang."""
    jobs = {}
    for use in needed:
        one, song = media[use], library.contributions[use]
        if one.sound is not None and one.refusal is None:
            order = BeatsOrder(
                heard=Heard(stream=one.sound.stream, origin=one.origin),
                bpm=song.bpm,
                meter=song.meter or _METER,
                first_bar=song.first_bar,
            )
            label = f"counting the beats of {song.name}"
            jobs[use] = job_for("beats", order, sources, files={"file": sources.files[use]}, label=label)
    return jobs


def uncounted(
    needed: Mapping[str, Where], library: Library, beats: Mapping[str, Beats]
) -> Iterator[tuple[str, Finding]]:
    """The contributions that nobody can count to, each with its finding."""
    for use, found in beats.items():
        if found.confidence < CONFIDENCE_LEAST:
            yield (
                use,
                Finding(
                    rule="no-beat",
                    where=needed[use],
                    found=f"{library.contributions[use].name} has no clear beat: {found.confidence:.0%} of its beats"
                    " lie where the others say",
                    wanted=f"{CONFIDENCE_LEAST:.0%} or more",
                    way_out="Give its bpm and first_bar in the library, or take other music.",
                ),
            )
