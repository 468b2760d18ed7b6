"""Checks of the sound: what was measured is what is in the film, where it belongs, and as loud as it should be."""

from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path

from crowdcut.conform.heard import ears_of
from crowdcut.findings import Finding, Where
from crowdcut.ledger.books import Books, Check, complaint
from crowdcut.sound.hearing import ways_out
from crowdcut.timing import SAMPLE_RATE, clock

PACKET_SAMPLES = {"aac": 1024, "ac3": 1536}
"""Samples that a packet holds, by codec: sound may end that much after the picture."""
PACKET_DIGITS = 16
"""Hexadecimal digits of a sound packet's digest. A sound's packets are told as one text: two hours have 340,000."""
AAC_DELAY_SAMPLES = 1024
"""Samples that FFmpeg's encoder puts before the sound, and that the film's edit list keeps from being heard."""
LIMITER_MOST_DB = 6.0
"""More is heard."""
_READ_OFF = 0.05
"""LU: meters show tenths."""
START_TOLERANCE_SAMPLES = SAMPLE_RATE // 1000
"""One millisecond."""


def _asked_for(books: Books) -> frozenset[Path]:
    """Files whose sound the producer placed by name: music, voices and effects."""
    placed = {key for bus in books.plan.buses if bus.order.bus != "shot" for key in bus.jobs.values()}
    return frozenset(job.files["file"] for job in books.plan.sounds if job.kind == "listen" and job.key in placed)


def _heard_sounds(books: Books) -> Iterator[Finding]:
    """What is wrong with contributions' sounds, what of it was mended, and what else can be done."""
    facts = {job.key: told for job, told in zip(books.plan.sounds, books.sounds, strict=True)}
    told: set[tuple[str, tuple[str, ...]]] = set()
    asked_for = _asked_for(books)
    for (file, _), heard in ears_of(books.plan.sounds, facts).heard.items():
        if not heard.found or (file.name, heard.found) in told:
            continue
        told.add((file.name, heard.found))
        mended = f" ({'; '.join(heard.done)})" if heard.done else ""
        yield Finding(
            rule="faulty-sound",
            # A clip may well have a silent track; nobody places silence.
            severity="warning" if heard.hearing.silent and file in asked_for else "note",
            owner="contributor",
            where=Where(file=file.name),
            found=f"{'; '.join(heard.found)}{mended}",
            way_out=" ".join(ways_out(heard.hearing, heard.treatment)),
        )


def _source_sounds(books: Books) -> Iterator[Finding]:
    """Where a contribution's sound was damaged, silence or a joint stands in the film: its contributor is told."""
    for job, facts in zip(books.plan.sounds, books.sounds, strict=True):
        for remark in facts["remarks"] if job.kind == "prepare" else ():
            yield Finding(
                rule="damaged-sound",
                severity="warning",
                owner="contributor",
                where=Where(file=job.files["file"].name),
                found=f"{job.label}: {remark}",
                way_out="Ask for the file again.",
            )
    yield from _heard_sounds(books)


def _rooms(books: Books) -> Iterator[Finding]:
    """Room tone that was asked for, and that no clip of its scene has."""
    for job, facts in zip(books.plan.sounds, books.sounds, strict=True):
        if job.kind == "room" and facts["take"] is None:
            found = f"{job.label}: no clip of its scene is steady and quiet for a second, so it stays silent"
            way_out = "Leave room_tone away there, or hang an effect under it."
            yield complaint("no-room", books, found, owner="producer", way_out=way_out, severity="warning")


def _sound_packets(books: Books) -> Iterator[Finding]:
    """The film's sound packets are those that were measured."""
    found, measured = books.found["sound"]["packets"], books.sound["packets"]
    if found == measured:
        return
    same = next((n for n, pair in enumerate(zip(found, measured, strict=False)) if pair[0] != pair[1]), None)
    number = (min(len(found), len(measured)) if same is None else same) // PACKET_DIGITS
    codec = books.plan.finish.order.codec
    delay = AAC_DELAY_SAMPLES if codec == "aac" else 0
    moment = Fraction(max(0, number * PACKET_SAMPLES[codec] - delay), SAMPLE_RATE)
    what = f"from {clock(moment)} on the film's sound is not the sound that was mixed for it"
    yield complaint("sound-packets", books, what, frame=int(moment * books.rate))


def _sound_start(books: Books) -> int:
    """Samples from the picture's beginning to the sound's, whatever the film hides of the encoder's delay."""
    sound = books.found["sound"]
    start: int = sound["start_sample"]
    if books.plan.finish.order.codec != "aac" or sound["packets"] != books.sound["packets"]:
        return start
    hidden = len(sound["packets"]) // PACKET_DIGITS * PACKET_SAMPLES["aac"] - sound["length_samples"]
    return start + AAC_DELAY_SAMPLES - hidden


def _sound_place(books: Books) -> Iterator[Finding]:
    """Sound starts with the picture and is as long as planned, without gap or overlap."""
    sound = books.found["sound"]
    planned = books.plan.finish.order.length_samples
    if abs(start := _sound_start(books)) > START_TOLERANCE_SAMPLES:
        found = f"sound starts {start} samples from the picture"
        yield complaint("sound-start", books, found, frame=0, wanted="within 1 ms")
    if not planned <= sound["length_samples"] < planned + 2 * PACKET_SAMPLES[books.plan.finish.order.codec]:
        found = f"sound lasts {sound['length_samples']} samples"
        wanted = f"{planned}, to a codec frame"
        last = sum(job.frames for job in books.plan.pictures) - 1
        yield complaint("sound-length", books, found, frame=last, wanted=wanted)
    for sample in sound["breaks"]:
        frame = int(sample * books.rate / SAMPLE_RATE)
        found = f"sound has a gap or an overlap at {clock(Fraction(sample, SAMPLE_RATE))}"
        yield complaint("sound-gap", books, found, frame=max(0, frame))


def _loudness(books: Books) -> Iterator[Finding]:
    """Integrated loudness and true peak of the decoded sound are the profile's."""
    integrated, peak = books.found["sound"]["integrated_lufs"], books.found["sound"]["true_peak_dbtp"]
    if integrated is None:
        return
    if abs(integrated - books.profile.integrated_lufs) > books.profile.tolerance_lu:
        wanted = f"{books.profile.integrated_lufs} within {books.profile.tolerance_lu} LU"
        found = f"the film has {integrated:.2f} LUFS"
        if books.sound["raise_capped"]:
            # A programme that is all but silent is not raised without limit: that would be a film of noise.
            way_out = "It is too quiet to be raised: give its sounds a gain, or mute what is only noise."
            yield complaint(
                "loudness", books, found, wanted=wanted, owner="producer", way_out=way_out, severity="warning"
            )
        else:
            yield complaint("loudness", books, found, wanted=wanted)
    if peak is not None and peak > books.profile.true_peak_dbtp + 0.005:
        wanted = f"at most {books.profile.true_peak_dbtp} dBTP"
        yield complaint("true-peak", books, f"the film peaks at {peak:.2f} dBTP", wanted=wanted)


def _dynamics(books: Books) -> Iterator[Finding]:
    """What the profile asks of the loudest moments and of the loudness range. Only another mix can mend these."""
    sound, profile = books.found["sound"], books.profile
    limits = (
        ("short-term", "its loudest 3 s have", sound["max_short_term_lufs"], profile.max_short_term_lufs, "LUFS"),
        ("momentary", "its loudest 400 ms have", sound["max_momentary_lufs"], profile.max_momentary_lufs, "LUFS"),
        ("loudness-range", "its loudness range is", sound["range_lu"], profile.max_range_lu, "LU"),
    )
    way_out = "Bring its loud and its quiet parts nearer to each other: give the loud ones a lower gain."
    for rule, what, value, most, unit in limits:
        if value is not None and most is not None and value > most + _READ_OFF:
            found, wanted = f"{what} {value:.1f} {unit}", f"at most {most:g} {unit}"
            yield complaint(rule, books, found, wanted=wanted, owner="producer", way_out=way_out, severity="warning")


def _limiter(books: Books) -> Iterator[Finding]:
    """A limiter that takes much away is heard: sound that pumps, and has lost its accents."""
    work = books.sound["limiter"]
    if work["max_reduction_db"] > LIMITER_MOST_DB:
        found = (
            f"the limiter takes up to {work['max_reduction_db']:.1f} dB away to reach"
            f" {books.profile.integrated_lufs:g} LUFS, and works for {clock(Fraction(work['seconds_working']))}"
        )
        way_out = "Make the loudest sounds quieter, or deliver at a lower loudness."
        wanted = f"at most {LIMITER_MOST_DB:g} dB"
        yield complaint("limiter", books, found, wanted=wanted, owner="producer", way_out=way_out, severity="warning")


CHECKS: tuple[Check, ...] = (
    _source_sounds,
    _rooms,
    _sound_packets,
    _sound_place,
    _loudness,
    _dynamics,
    _limiter,
)
