"""Holds a finished film, as it was read back, against its plan. Whatever differs is a finding that names its shot.

A check is one function from :class:`Books` to findings, and one line in :data:`CHECKS`.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import Any

from crowdcut.conform.heard import ears_of
from crowdcut.conform.motion import shares_off
from crowdcut.disc.cadence import Cadence, cadence_for
from crowdcut.disc.standards import CLOCK
from crowdcut.findings import Finding, Owner, Severity, Where, is_error
from crowdcut.hearing import ways_out
from crowdcut.orders import Layer, PictureOrder, Video
from crowdcut.plan import Plan, layers_of
from crowdcut.profiles import Profile
from crowdcut.sampling import ROUNDING_MAX, as_shown, source_time_at, tick_length
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


@dataclass(frozen=True, slots=True, kw_only=True)
class Books:
    """Both sides of the ledger."""

    plan: Plan
    profile: Profile
    rate: Fraction
    """Frames a second of the delivery."""
    pieces: tuple[Mapping[str, Any], ...]
    """Facts of the picture jobs, in programme order."""
    sounds: tuple[Mapping[str, Any], ...]
    """Facts of the listening and preparing jobs, in the plan's order."""
    sound: Mapping[str, Any]
    """Facts of the finish job."""
    found: Mapping[str, Any]
    """What the readback found in the film."""

    @property
    def cadence(self) -> Cadence | None:
        """How a disc shows the pictures; None for a film."""
        standard = self.profile.standard
        return None if standard is None else cadence_for(standard, self.rate)

    def shown_at(self, frame: int) -> Fraction:
        """When a programme frame is shown, seconds from the film's beginning."""
        return frame / self.rate if self.cadence is None else Fraction(self.cadence.ticks(frame), CLOCK)

    def shot_at(self, frame: int) -> str:
        """The shot on screen at a programme frame (the last one's, past the end)."""
        shot = self.plan.shots[0]
        for start, name in zip(self.plan.starts, self.plan.shots, strict=True):
            if start > frame:
                break
            shot = name
        return shot


def _finding(
    rule: str,
    books: Books,
    found: str,
    *,
    frame: int | None = None,
    wanted: str = "",
    severity: Severity = "error",
    owner: Owner = "machine",
    way_out: str = "Build again; what is good in the store is kept.",
) -> Finding:
    where = Where()
    if frame is not None:
        where = Where(shot=books.shot_at(frame), time=frame / books.rate)
    return Finding(
        rule=rule,
        severity=severity,
        owner=owner,
        where=where,
        found=found,
        wanted=wanted,
        way_out=way_out,
    )


def _pictures(books: Books) -> Iterator[Finding]:
    """The film's picture packets are its pieces', in plan order. The first difference of each piece is named."""
    found: list[str] = books.found["picture"]["packets"]
    planned = [digest for facts in books.pieces for digest in facts["packets"]]
    if found == planned:
        return
    position = 0
    for facts, start, label in zip(books.pieces, books.plan.starts, books.plan.pictures, strict=True):
        own: list[str] = facts["packets"]
        here = found[position : position + len(own)]
        if here == own:
            position += len(own)
            continue
        number = next((n for n, digest in enumerate(own) if n >= len(here) or here[n] != digest), 0)
        if number and here[number : number + 1] == own[number - 1 : number]:
            what = f"packet {number} of {label.label} stands twice"
            position += 1
        elif here[number : number + 1] == own[number + 1 : number + 2] and number + 1 < len(own):
            what = f"packet {number + 1} of {label.label} is missing"
            position -= 1
        else:
            what = f"the film does not hold the piece {label.label} here"
        yield _finding("picture-packets", books, what, frame=start + number, wanted="each piece whole, in plan order")
        position += len(own)
    if len(found) > position:
        last = sum(facts["frames"] for facts in books.pieces)
        yield _finding("picture-packets", books, f"{len(found) - position} packets too many", frame=last - 1)


def _frames_counted(books: Books) -> Iterator[Finding]:
    """Each proven piece has the frames that the plan asks of it."""
    for facts, job, start in zip(books.pieces, books.plan.pictures, books.plan.starts, strict=True):
        if facts["frames"] != job.frames or len(facts["packets"]) != job.frames:
            found = f"{job.label} has {facts['frames']} frames in {len(facts['packets'])} packets"
            yield _finding("frames", books, found, frame=start, wanted=f"{job.frames} frames")


def _timestamps(books: Books) -> Iterator[Finding]:
    """Picture packets are shown at 0, 1, 2... frames: no gap, no overlap, and in an order that can be decoded."""
    shown = sorted(Fraction(moment) for moment in books.found["picture"]["times"])
    grace = 0 if books.cadence is None else Fraction(1, CLOCK)
    for number, moment in enumerate(shown):
        if abs(moment - books.shown_at(number)) > grace:
            found = f"picture {number} is shown at {clock(moment)}"
            yield _finding("timestamps", books, found, frame=number, wanted=clock(books.shown_at(number)))
            return
    if not books.found["picture"]["decodable"]:
        yield _finding("timestamps", books, "decoding times do not rise, or come after the time of showing")


def _differs(layer: Layer, shown: list[list[int | None] | None], rate: Fraction) -> Iterator[tuple[int, str]]:
    """Frames (within the piece) that show another source picture than the plan's, and how."""
    source = layer.source
    assert isinstance(source, Video)
    picture = as_shown(source.picture, source.conversion)
    length = tick_length(picture)
    origin = Fraction(0) if picture.count_frames else picture.start
    grace = min(length, ROUNDING_MAX)
    for number, pair in enumerate(shown):
        age = layer.age_frames + number
        if pair is None or not 0 <= age < layer.length_frames:
            continue
        first, following = pair
        moment = source_time_at(source, age, rate)
        begins = (first or 0) * length - origin
        # A picture may begin late by its timestamp's rounding; before the first picture there is nothing else to show.
        too_late = begins > max(moment, Fraction(0)) + grace
        too_early = following is not None and following * length - origin <= moment
        if too_late or too_early:
            yield number, f"it shows the picture at {clock(begins)} of its clip, the plan asks for {clock(moment)}"


def _source_pictures(books: Books) -> Iterator[Finding]:
    """Every frame shows the source picture that a player has on screen at its planned source time."""
    checked: set[str] = set()
    for facts, job, start in zip(books.pieces, books.plan.pictures, books.plan.starts, strict=True):
        if job.key in checked:
            continue
        checked.add(job.key)
        order: PictureOrder = job.order
        for layer, shown in zip(layers_of(order), facts["shown"], strict=True):
            if not isinstance(layer.source, Video):
                continue
            for number, what in _differs(layer, shown or [], order.raster.rate):
                yield _finding("source-picture", books, f"in {job.label} {what}", frame=start + number)
                break


def _mixed_pictures(books: Books) -> Iterator[Finding]:
    """Where pictures are made between two, each lies as far on the way as its time does."""
    for facts, job, start in zip(books.pieces, books.plan.pictures, books.plan.starts, strict=True):
        for layer, shown, mixed in zip(layers_of(job.order), facts["shown"], facts["mixed"], strict=True):
            if not isinstance(layer.source, Video) or layer.source.motion == "nearest" or shown is None:
                continue
            off = shares_off(layer, shown, mixed or [None] * len(shown), job.order.raster.rate)
            if off:
                found = f"{len(off)} frames of {job.label} lie elsewhere between two pictures than the plan asks for"
                yield _finding("source-picture", books, found, frame=start + off[0])


def _held_pictures(books: Books) -> Iterator[Finding]:
    """Where pictures are missing from a clip of constant rate the one before is held: nobody asked for that."""
    for facts, job, start in zip(books.pieces, books.plan.pictures, books.plan.starts, strict=True):
        for layer, shown in zip(layers_of(job.order), facts["shown"], strict=True):
            if (
                not isinstance(layer.source, Video)
                or not layer.source.picture.constant
                or not layer.source.picture.rate
            ):
                continue
            shown_picture = as_shown(layer.source.picture, layer.source.conversion)
            usual = Fraction(3, 2) / (shown_picture.rate or 1) / tick_length(shown_picture)
            held = [
                n for n, pair in enumerate(shown or []) if pair and pair[1] is not None and pair[1] - pair[0] > usual
            ]
            if held:
                found = f"{len(held)} frames of {job.label} hold a picture because the next is missing from its clip"
                way_out = "Ask for the clip again, or leave that part out."
                yield _finding(
                    "held-picture",
                    books,
                    found,
                    frame=start + held[0],
                    severity="warning",
                    owner="contributor",
                    way_out=way_out,
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


def _rooms(books: Books) -> Iterator[Finding]:
    """Room tone that was asked for, and that no clip of its scene has."""
    for job, facts in zip(books.plan.sounds, books.sounds, strict=True):
        if job.kind == "room" and facts["take"] is None:
            found = f"{job.label}: no clip of its scene is steady and quiet for a second, so it stays silent"
            way_out = "Leave room_tone away there, or hang an effect under it."
            yield _finding("no-room", books, found, owner="producer", way_out=way_out, severity="warning")


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
    yield _finding("sound-packets", books, what, frame=int(moment * books.rate))


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
        yield _finding("sound-start", books, found, frame=0, wanted="within 1 ms")
    if not planned <= sound["length_samples"] < planned + 2 * PACKET_SAMPLES[books.plan.finish.order.codec]:
        found = f"sound lasts {sound['length_samples']} samples"
        wanted = f"{planned}, to a codec frame"
        last = sum(job.frames for job in books.plan.pictures) - 1
        yield _finding("sound-length", books, found, frame=last, wanted=wanted)
    for sample in sound["breaks"]:
        frame = int(sample * books.rate / SAMPLE_RATE)
        found = f"sound has a gap or an overlap at {clock(Fraction(sample, SAMPLE_RATE))}"
        yield _finding("sound-gap", books, found, frame=max(0, frame))


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
            yield _finding(
                "loudness", books, found, wanted=wanted, owner="producer", way_out=way_out, severity="warning"
            )
        else:
            yield _finding("loudness", books, found, wanted=wanted)
    if peak is not None and peak > books.profile.true_peak_dbtp + 0.005:
        wanted = f"at most {books.profile.true_peak_dbtp} dBTP"
        yield _finding("true-peak", books, f"the film peaks at {peak:.2f} dBTP", wanted=wanted)


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
            yield _finding(rule, books, found, wanted=wanted, owner="producer", way_out=way_out, severity="warning")


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
        yield _finding("limiter", books, found, wanted=wanted, owner="producer", way_out=way_out, severity="warning")


def _chapters(books: Books) -> Iterator[Finding]:
    """Chapters begin at the first frame of each scene's transition; on a disc a player can be sent there."""
    if books.cadence is not None:
        units = set(books.found["units"])
        for chapter in books.plan.master.order.chapters:
            if books.cadence.ticks(chapter.start_frame) not in units:
                what = f"no unit begins with chapter “{chapter.title}”"
                yield _finding("chapters", books, what, frame=chapter.start_frame)
        return
    found = [(title, Fraction(start)) for title, start in books.found["chapters"]]
    for number, chapter in enumerate(books.plan.master.order.chapters):
        wanted = chapter.start_frame / books.rate
        if number >= len(found):
            what = f"chapter “{chapter.title}” is missing"
        elif found[number][0] != chapter.title:
            what = f"chapter {number + 1} is called “{found[number][0]}”, not “{chapter.title}”"
        elif abs(found[number][1] - wanted) >= Fraction(1, 2) / books.rate:
            what = f"chapter “{chapter.title}” begins at {clock(found[number][1])}"
        else:
            continue
        yield _finding("chapters", books, what, frame=chapter.start_frame, wanted=clock(wanted))


def _form(books: Books) -> Iterator[Finding]:
    """Size and pixels are the profile's."""
    picture, profile = books.found["picture"], books.profile
    stored = profile.standard or profile
    wanted = {"size": [stored.width, stored.height], "pixel_format": profile.encoding.pixel_format}
    for name, value in wanted.items():
        if picture[name] != value:
            yield _finding("form", books, f"the film's {name.replace('_', ' ')} is {picture[name]}", wanted=str(value))


def _tags(books: Books) -> Iterator[Finding]:
    """The file and the coding in it both say what the picture is: some players read the one, some the other."""
    standard = books.profile.standard
    matrix, ratio = ("bt709", "1") if standard is None else (standard.matrix, str(standard.pixel_aspect))
    wanted = {"colour": ["bt709", "bt709", matrix, "limited"], "sample_aspect_ratio": ratio}
    for place, told in books.found["picture"]["tags"].items():
        for name, value in wanted.items():
            if told[name] != value:
                found = f"the film's {place} says of its {name.replace('_', ' ')}: {told[name] or 'nothing'}"
                yield _finding("tags", books, found, wanted=str(value))


CHECKS: tuple[Callable[[Books], Iterator[Finding]], ...] = (
    _pictures,
    _frames_counted,
    _timestamps,
    _source_pictures,
    _mixed_pictures,
    _held_pictures,
    _source_sounds,
    _rooms,
    _sound_packets,
    _sound_place,
    _loudness,
    _dynamics,
    _limiter,
    _chapters,
    _form,
    _tags,
)


_OF_PIECES = frozenset({"picture-packets", "frames", "source-picture"})
_OF_SOUND = frozenset({"sound-packets", "sound-start", "sound-length", "sound-gap", "loudness", "true-peak"})


def suspects(plan: Plan, findings: Iterable[Finding]) -> set[str]:
    """Keys of the jobs whose work may be what the errors among ``findings`` complain of: better made again."""
    errors = [finding for finding in findings if is_error(finding)]
    shots = {finding.where.shot for finding in errors if finding.rule in _OF_PIECES}
    keys = {job.key for job, shot in zip(plan.pictures, plan.shots, strict=True) if shot in shots}
    if any(finding.rule in _OF_SOUND for finding in errors):
        keys |= {plan.finish.key, plan.mix.key, *(job.key for job in plan.buses)}
    return keys


def ledger_findings(books: Books) -> tuple[Finding, ...]:
    """Everything in which the film differs from its plan; empty for a film that holds."""
    return tuple(finding for check in CHECKS for finding in check(books))
