"""The sound's part of a plan: what is listened to, prepared, added up bus by bus, mixed and finished."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from crowdcut.cut.desk import Desk
from crowdcut.cut.jumps import stretches_of
from crowdcut.cut.placed import PlacedSound, Room, Timeline
from crowdcut.look import Look
from crowdcut.media import Media
from crowdcut.plan import Job, Sources, job_for
from crowdcut.profiles import Profile
from crowdcut.sound.orders import (
    AmbienceOrder,
    Bus,
    BusOrder,
    Cue,
    Duck,
    FinishOrder,
    ListenOrder,
    MixOrder,
    PrepareOrder,
    Repair,
    RoomOrder,
    RoomTake,
    StemOrder,
)
from crowdcut.timing import SAMPLE_RATE, seconds_to_samples

LOOP_FADE_SAMPLES = 3 * SAMPLE_RATE // 1000
"""Fade at each joint of a loop: 3 ms, too short to be heard as a gap, long enough not to click."""


_BUSES: tuple[Bus, ...] = ("voice", "shot", "effect", "music")
"""In the order in which they can be added up: music waits for those on which somebody may speak."""
_SPEAKERS: tuple[Bus, ...] = ("voice", "shot")
_YIELDING: Bus = "music"
STEMS: dict[str, tuple[Bus, ...]] = {"voice": ("voice",), "music": ("music",), "effects": ("effect", "shot")}
"""What a stem is called, and the buses in it."""


def _listen(use: str, media: Media, sources: Sources, *, speech: bool, repair: Repair | None) -> Job:
    assert media.sound is not None
    order = ListenOrder(stream=media.sound.stream, speech=speech, repair=repair)
    return job_for("listen", order, sources, files={"file": sources.files[use]}, label=f"listening to {use}")


def _prepare(placed: PlacedSound, media: Media, sources: Sources, listened: Job) -> Job:
    """A loop is prepared once, for exactly one round. What is wrong with it, only who listened knows."""
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
        treated="" if placed.repair is None else "listened",
    )
    label = f"sound of {placed.shot or placed.use}"
    jobs = {order.treated: listened.key} if order.treated else {}
    return job_for("prepare", order, sources, files={"file": sources.files[placed.use]}, jobs=jobs, label=label)


def _ambience(room: Room, media: Media, sources: Sources) -> tuple[Job, Job]:
    """Listening to a contribution, and then looking for its quietest stretch."""
    assert media.sound is not None
    heard = _listen(room.use, media, sources, speech=True, repair=room.repair)
    order, files = AmbienceOrder(stream=media.sound.stream), {"file": sources.files[room.use]}
    label = f"the room of {room.use}"
    return heard, job_for("ambience", order, sources, files=files, jobs={"heard": heard.key}, label=label)


def _room(placed: PlacedSound, ambiences: Mapping[Room, tuple[Job, Job]], sources: Sources) -> Job:
    """The job that writes room tone. ``ambiences``: what was found of its contributions."""
    takes: list[RoomTake] = []
    files: dict[str, Path] = {}
    jobs: dict[str, str] = {}
    for number, one in enumerate(placed.rooms):
        heard, ambience = ambiences[one]
        names = {"file": f"file{number}", "heard": f"heard{number}", "ambience": f"ambience{number}"}
        takes.append(RoomTake(**names, stream=ambience.order.stream, gain_db=one.gain_db))
        files[names["file"]] = sources.files[one.use]
        jobs |= {names["heard"]: heard.key, names["ambience"]: ambience.key}
    order = RoomOrder(takes=tuple(takes), length_samples=placed.length_samples)
    return job_for("room", order, sources, files=files, jobs=jobs, label=f"room tone of {placed.shot}")


def _first_sample(placed: PlacedSound, media: Media) -> int:
    """Where in its stream's own time a cue begins, at 48 kHz: played backwards, at the end of what is used."""
    start = media.origin + placed.source_start
    if placed.speed < 0:
        start += placed.length_samples * -placed.speed / SAMPLE_RATE
    return seconds_to_samples(start)


def _cues(placed: PlacedSound, media: Media, prepared: str, listened: str) -> Iterable[Cue]:
    """One cue, or one for each round of a loop: rounds follow each other to the sample, so that the beat is kept."""
    whole = Cue(
        prepared=prepared,
        listened=listened,
        start_sample=placed.start_sample,
        length_samples=placed.length_samples,
        bus=placed.bus,
        gain_db=placed.gain_db,
        fade_in_samples=min(placed.fade_in_samples, placed.length_samples),
        fade_out_samples=min(placed.fade_out_samples, placed.length_samples),
        fade=placed.fade,
        source_sample=_first_sample(placed, media),
        speed=placed.speed,
        ducks=placed.ducks,
        pan=placed.pan,
    )
    if placed.loop_samples is None or placed.loop_samples >= placed.length_samples:
        yield whole
        return
    for start in range(0, placed.length_samples, placed.loop_samples):
        length = min(placed.loop_samples, placed.length_samples - start)
        yield replace(
            whole,
            start_sample=placed.start_sample + start,
            length_samples=length,
            before_samples=start,
            after_samples=placed.length_samples - start - length,
            joint_samples=min(LOOP_FADE_SAMPLES, length // 2),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Soundtrack:
    """The jobs of a delivery's sound."""

    sounds: tuple[Job, ...]
    """Listening and preparing."""
    buses: dict[Bus, Job]
    """Those on which anything sounds."""
    mix: Job
    finish: Job
    stems: dict[str, Job]
    """By name; none where nobody asked."""


def _duck(look: Look, speakers: Iterable[Bus]) -> Duck:
    attack, hold, release = (seconds_to_samples(one) for one in (look.duck.attack, look.duck.hold, look.duck.release))
    return Duck(
        speakers=tuple(speakers),
        depth_lu=look.duck.depth_lu,
        attack_samples=attack,
        hold_samples=hold,
        release_samples=release,
    )


def _asked_for_speech(timeline: Timeline) -> frozenset[Bus]:
    """The buses on whose sounds it matters where somebody speaks: to look for that is half of listening. A voice is
    measured while it speaks; in a clip it counts where music gives way to it, and where room tone is looked for."""
    yields = any(one.rooms or (one.bus == _YIELDING and one.ducks != "no") for one in timeline.sounds)
    return frozenset(_SPEAKERS if yields else ("voice",))


@dataclass(slots=True, kw_only=True)
class _Score:
    """What is listened to and prepared for all sounds, each once, and the cues that use it."""

    desk: Desk
    sources: Sources
    speech: frozenset[Bus]
    """On which buses speech is looked for."""
    jobs: dict[str, Job] = field(default_factory=dict)
    ambiences: dict[Room, tuple[Job, Job]] = field(default_factory=dict)
    """Listening to a contribution and looking for its quietest stretch."""

    def _prepared(self, placed: PlacedSound, media: Media, *, speech: bool) -> tuple[Job, Job]:
        """The jobs that make a sound's samples and that tell how loud it is."""
        listened = _listen(placed.use, media, self.sources, speech=speech, repair=placed.repair)
        prepared = _prepare(placed, media, self.sources, listened)
        for job in (listened, prepared):
            self.jobs.setdefault(job.key, job)
        return prepared, listened

    def _room(self, placed: PlacedSound) -> tuple[Job, Job]:
        """The same of room tone, which itself tells how loud the contribution is that it is from."""
        for one in placed.rooms:
            if one not in self.ambiences:
                self.ambiences[one] = _ambience(one, self.desk.media[one.use], self.sources)
                self.jobs |= {job.key: job for job in self.ambiences[one] if job.key not in self.jobs}
        room = _room(placed, self.ambiences, self.sources)
        self.jobs.setdefault(room.key, room)
        return room, room

    def bus(self, bus: Bus, placed: Sequence[PlacedSound], length_samples: int, speakers: Mapping[Bus, Job]) -> Job:
        """The job that adds up the sounds of one bus."""
        names: dict[str, str] = {}
        cues: list[Cue] = []
        for stretch in (stretch for whole in placed for stretch in stretches_of(whole)):
            one = stretch.sound
            media = self.desk.media[one.use]
            pair = self._room(one) if one.rooms else self._prepared(one, media, speech=bus in self.speech)
            for job in pair:
                names.setdefault(job.key, f"sound{len(names)}")
            cues.extend(map(stretch.cue, _cues(one, media, names[pair[0].key], names[pair[1].key])))
        ducks = bus == _YIELDING and speakers and any(cue.ducks != "no" for cue in cues)
        order = BusOrder(
            bus=bus,
            length_samples=length_samples,
            cues=tuple(cues),
            levels=self.desk.look.levels,
            duck=_duck(self.desk.look, speakers) if ducks else None,
        )
        inputs = {name: key for key, name in names.items()} | {one: job.key for one, job in speakers.items() if ducks}
        return job_for("bus", order, self.sources, jobs=inputs, label=f"bus: {bus}")


def _stems(buses: Mapping[Bus, Job], finish: Job, length_samples: int, sources: Sources) -> dict[str, Job]:
    stems = {}
    for name, members in STEMS.items():
        own: dict[Bus, str] = {bus: buses[bus].key for bus in members if bus in buses}
        order = StemOrder(buses=tuple(own), length_samples=length_samples)
        label = f"stem: {name}"
        stems[name] = job_for("stem", order, sources, jobs={**own, "finish": finish.key}, label=label)
    return stems


def soundtrack_from(desk: Desk, timeline: Timeline, profile: Profile, sources: Sources) -> Soundtrack:
    """Listening and preparing, a bus for each kind of sound, their mix, and its finish."""
    score = _Score(desk=desk, sources=sources, speech=_asked_for_speech(timeline))
    buses = dict[Bus, Job]()
    for bus in _BUSES:
        placed = [one for one in timeline.sounds if one.bus == bus]
        if placed:
            speakers: dict[Bus, Job] = {one: buses[one] for one in _SPEAKERS if one in buses}
            buses[bus] = score.bus(bus, placed, timeline.length_samples, speakers)
    mix = job_for(
        "mix",
        MixOrder(buses=tuple(buses), length_samples=timeline.length_samples),
        sources,
        jobs={bus: job.key for bus, job in buses.items()},
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
    stems = _stems(buses, finish, timeline.length_samples, sources) if desk.manifest.stems else {}
    # Whatever is prepared waits for who listened to it.
    sounds = tuple(sorted(score.jobs.values(), key=lambda job: job.kind != "listen"))
    return Soundtrack(sounds=sounds, buses=buses, mix=mix, finish=finish, stems=stems)
