"""Songs whose beats the cut asks for: the jobs that find them, and what is said of those without."""

from collections.abc import Iterator, Mapping
from dataclasses import replace

from crowdcut.contributions import Library
from crowdcut.cut.rhythm import beats_asked
from crowdcut.episode import Manifest
from crowdcut.findings import Finding, Where
from crowdcut.media import Media
from crowdcut.plan import Job, Sources, job_for
from crowdcut.song.beats import CONFIDENCE_LEAST, Beats
from crowdcut.song.synced import sounds_of
from crowdcut.sound.orders import BeatsOrder, Heard
from crowdcut.timing import clock

_METER = 4
_APART_MS = 30
"""How far beats that are given may lie from those that are heard before somebody is told."""


def needs_beats(manifest: Manifest, library: Library) -> dict[str, Where]:
    """The contributions whose beats the cut asks for, each with the first place that does."""
    found = beats_asked(manifest)
    for sound in sounds_of(manifest):
        song = library.contributions[sound.use]
        if sound.loop and song.bpm is not None and song.first_bar is not None:
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
            song = library.contributions[use]
            at_tempo = "" if song.bpm is None else f" at {float(song.bpm):.5g} a minute"
            told = (
                f"{found.confidence:.0%} of its beats lie where the others say" if found.times else "no two bars of it"
            )
            yield (
                use,
                Finding(
                    rule="no-beat",
                    where=needed[use],
                    found=f"{song.name} has no clear beat{at_tempo}: {told}",
                    wanted=f"{CONFIDENCE_LEAST:.0%} or more",
                    way_out="Give its bpm and first_bar in the library, or take other music.",
                ),
            )


def _guess(beats: Beats) -> str:
    """What was found by listening, in words."""
    told = f"{float(beats.bpm):.4g} a minute"
    if beats.other_bpm is not None:
        told += f" (or {float(beats.other_bpm):.4g})"
    return f"{told}, in bars of {beats.meter} from {clock(beats.bars[0])} on"


def _doubts(beats: Beats) -> str:
    """How a song contradicts the beats that its library entry gives it; nothing where it does not."""
    if beats.heard is None:
        return ""
    if beats.heard < CONFIDENCE_LEAST or beats.heard_bpm is None:
        return f"cannot be heard in it: {beats.heard:.0%} of its notes are at that tempo"
    if beats.apart_ms > _APART_MS:
        return f"lie up to {beats.apart_ms:.0f} ms from those that are heard, at {float(beats.heard_bpm):.5g} a minute"
    return ""


def remarks(needed: Mapping[str, Where], library: Library, beats: Mapping[str, Beats]) -> Iterator[Finding]:
    """What is worth knowing of the beats that will be gone by."""
    for use, found in beats.items():
        song, where = library.contributions[use], needed[use]
        if doubts := _doubts(found):
            way_out = "Look at its bpm and first_bar in the library."
            yield Finding(
                rule="other-beats",
                severity="note",
                where=where,
                found=f"the beats that are given for {song.name} {doubts}",
                way_out=way_out,
            )
        elif song.bpm is None or song.first_bar is None:
            yield Finding(
                rule="guessed-beats",
                severity="note",
                where=where,
                found=f"the beats of {song.name} are a guess: {_guess(found)}",
                way_out="Give its bpm, meter and first_bar in the library if they are others.",
            )
