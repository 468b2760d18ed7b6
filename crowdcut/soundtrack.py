"""The sound's part of a plan: what is listened to, prepared, mixed and finished."""

from collections.abc import Iterable
from dataclasses import replace

from crowdcut.cut.desk import Desk
from crowdcut.cut.placed import PlacedSound, Timeline
from crowdcut.media import Media
from crowdcut.orders import Cue, FinishOrder, Levels, ListenOrder, MixOrder, PrepareOrder
from crowdcut.plan import Job, Sources, job_for
from crowdcut.profiles import Profile
from crowdcut.timing import SAMPLE_RATE, seconds_to_samples

LOOP_FADE_SAMPLES = 3 * SAMPLE_RATE // 1000
"""Fade at each joint of a loop: 3 ms, too short to be heard as a gap, long enough not to click."""


def _listen(use: str, media: Media, sources: Sources) -> Job:
    assert media.sound is not None
    order = ListenOrder(stream=media.sound.stream)
    return job_for("listen", order, sources, files={"file": sources.files[use]}, label=f"listening to {use}")


def _prepare(placed: PlacedSound, media: Media, sources: Sources) -> Job:
    """A loop is prepared once, for exactly one round."""
    assert media.sound is not None
    length = placed.length_samples
    if placed.loop_samples is not None:
        length = min(length, placed.loop_samples)
    order = PrepareOrder(
        stream=media.sound.stream,
        origin=media.origin,
        start_sample=seconds_to_samples(placed.source_start),
        length_samples=length,
        speed=placed.speed,
    )
    label = f"sound of {placed.shot or placed.use}"
    return job_for("prepare", order, sources, files={"file": sources.files[placed.use]}, label=label)


def _cues(placed: PlacedSound, prepared: str, listened: str) -> Iterable[Cue]:
    """One cue, or one for each round of a loop: rounds follow each other to the sample, so that the beat is kept."""
    half = placed.length_samples // 2
    whole = Cue(
        prepared=prepared,
        listened=listened,
        start_sample=placed.start_sample,
        length_samples=placed.length_samples,
        bus=placed.bus,
        gain_db=placed.gain_db,
        fade_in_samples=min(placed.fade_in_samples, half),
        fade_out_samples=min(placed.fade_out_samples, half),
        fade=placed.fade,
    )
    if placed.loop_samples is None or placed.loop_samples >= placed.length_samples:
        yield whole
        return
    for start in range(0, placed.length_samples, placed.loop_samples):
        length = min(placed.loop_samples, placed.length_samples - start)
        first, last = start == 0, start + length >= placed.length_samples
        yield replace(
            whole,
            start_sample=placed.start_sample + start,
            length_samples=length,
            fade_in_samples=min(whole.fade_in_samples if first else LOOP_FADE_SAMPLES, length // 2),
            fade_out_samples=min(whole.fade_out_samples if last else LOOP_FADE_SAMPLES, length // 2),
        )


def sound_jobs(
    desk: Desk, timeline: Timeline, levels: Levels, profile: Profile, sources: Sources
) -> tuple[tuple[Job, ...], Job, Job]:
    """Listening and preparing jobs, the mix, and its finish."""
    jobs: dict[str, Job] = {}
    names: dict[str, str] = {}
    cues: list[Cue] = []
    for placed in timeline.sounds:
        media = desk.media[placed.use]
        pair = (_prepare(placed, media, sources), _listen(placed.use, media, sources))
        for job in pair:
            jobs.setdefault(job.key, job)
            names.setdefault(job.key, f"sound{len(names)}")
        cues.extend(_cues(placed, names[pair[0].key], names[pair[1].key]))
    mix = job_for(
        "mix",
        MixOrder(length_samples=timeline.length_samples, cues=tuple(cues), levels=levels),
        sources,
        jobs={name: key for key, name in names.items()},
        label="mixing",
    )
    finish = job_for(
        "finish",
        FinishOrder(
            codec=profile.audio_codec,
            bit_rate=profile.audio_bit_rate,
            integrated_lufs=profile.integrated_lufs,
            true_peak_dbtp=profile.true_peak_dbtp,
            length_samples=timeline.length_samples,
        ),
        sources,
        jobs={"mix": mix.key},
        label="levelling and encoding the sound",
    )
    return tuple(jobs.values()), mix, finish
