"""What changed in the sound of two masters: which contribution's, where it hangs, and what of it."""

from collections.abc import Callable, Hashable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from fractions import Fraction
from typing import Any, Literal

from crowdcut.changes.master_record import FileRecord, KeyRecord, MasterRecord, ShotRecord, SoundRecord
from crowdcut.changes.shot_pairs import Pairs
from crowdcut.changes.words import Speech, shown, speed_told, turned
from crowdcut.sound.hearing import repair_told
from crowdcut.timing import SAMPLE_RATE, clock

_KINDS = ("prepare", "listen", "ambience", "room", "bus", "mix", "finish", "master")
"""Jobs that the sound and the film are made by."""
_TARGETS = {
    "integrated_lufs": "loudness target in LUFS",
    "true_peak_dbtp": "ceiling in dBTP",
    "codec": "sound codec",
    "bit_rate": "sound bit rate",
}


_DUCKING = {
    "depth_lu": "the template's ducking in LU",
    "attack_samples": "the template's ducking goes down in",
    "hold_samples": "the template's ducking holds for",
    "release_samples": "the template's ducking comes back in",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class SoundChange:
    """One sound that is new, gone or not as it was."""

    kind: Literal["added", "removed", "changed"]
    what: str
    """``music song.wav``, ``one/2's own sound``."""
    start_frame: int
    """In the master that has it; in the later one where both have."""
    reasons: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Heard:
    """A sound with what it is told from others by."""

    sound: SoundRecord
    host: Hashable
    """What it hangs on, the same for a shot then and now."""
    file: FileRecord | None
    stands: tuple[int, ...]
    """Its start in samples: of the programme, of what it hangs on, of the shot in which it begins."""
    in_shot: Hashable
    """That shot, the same then and now."""
    among: bool
    """Whether it is one of several that its shot has of its own."""

    @property
    def kind(self) -> tuple[str, str]:
        """What it is told from others on the same host by. Room tone is from whichever clip is the quietest."""
        return ("room", "") if self.sound.room else (self.sound.bus, self.sound.use)

    @property
    def name(self) -> str:
        """What a producer calls it."""
        if self.sound.room:
            return f"room tone under {self.sound.host}"
        file = self.file.name if self.file is not None else self.sound.use
        if self.sound.bus != "shot":
            return f"{self.sound.bus} {file}"
        return f"{self.sound.host}'s own sound" + (f" of {file}" if self.among else "")


def _files(master: MasterRecord) -> Mapping[str, FileRecord]:
    """Files of what is heard, by contribution."""
    prepared = (key for key in master.keys.values() if key.kind == "prepare")
    return {file.use: file for key in prepared for file in key.files.values() if file.use is not None}


def _samples(frames: int, rate: Fraction) -> int:
    return round(frames * SAMPLE_RATE / rate)


def _heard(master: MasterRecord, tokens: Sequence[Hashable]) -> list[_Heard]:
    """All sounds of a master. ``tokens``: one for each of its shots, the same in both masters for the same shot."""
    files, shots = _files(master), list(zip(master.shots, tokens, strict=True))
    hosts: dict[str | None, tuple[Hashable, ShotRecord]] = {}
    for shot, token in shots:
        hosts.setdefault(shot.scene, (shot.scene, shot))
        hosts[shot.name] = token, shot
    heard = []
    for sound in master.sounds:
        host, first = hosts.get(sound.host, (sound.host, master.shots[0]))
        frame = master.frame_of_sample(sound.start_sample)
        under, token = next((one for one in reversed(shots) if one[0].start_frame <= frame), shots[0])
        starts = (0, *(_samples(shot.start_frame, master.rate) for shot in (first, under)))
        heard.append(
            _Heard(
                sound=sound,
                host=host,
                file=files.get(sound.use),
                stands=tuple(sound.start_sample - start for start in starts),
                in_shot=token,
                among=sound.bus == "shot" and bool(first.cells),
            )
        )
    return heard


def _pairs(before: Sequence[_Heard], after: Sequence[_Heard]) -> list[tuple[_Heard | None, _Heard | None]]:
    """Sounds then and now; None where there is none."""
    left, new = list(before), list(after)
    pairs: list[tuple[_Heard | None, _Heard | None]] = []

    def match(words: Callable[[_Heard], Hashable]) -> None:
        told = [[words(one) for one in heard] for heard in (left, new)]
        blocks = SequenceMatcher(None, *told, autojunk=False).get_matching_blocks()
        places = [(block.a + step, block.b + step) for block in blocks for step in range(block.size)]
        pairs.extend((left.pop(a), new.pop(b)) for a, b in reversed(places))

    match(lambda one: (*one.kind, one.host, one.sound.gain_db, one.stands[1]))
    match(lambda one: (*one.kind, one.host))
    hanging = [one for one in (*left, *new) if one.sound.bus != "shot"]
    match(lambda one: (one.sound.bus, one.sound.use) if one in hanging else id(one))
    match(lambda one: (one.sound.bus, one.host) if one in hanging else id(one))
    return [*pairs, *((one, None) for one in left), *((None, one) for one in new)]


def _fades(before: SoundRecord, after: SoundRecord) -> Iterator[str]:
    for what, old, new in (
        ("fades in for", before.fade_in_samples, after.fade_in_samples),
        ("fades out for", before.fade_out_samples, after.fade_out_samples),
    ):
        if old != new:
            yield turned(what, clock(Fraction(old, SAMPLE_RATE)), clock(Fraction(new, SAMPLE_RATE)))


def _hanging(speech: Speech, before: _Heard, after: _Heard) -> Iterator[str]:
    """What differs in a sound that hangs on something."""
    old, new = before.sound, after.sound
    if before.file is not None and after.file is not None and before.file.digest != after.file.digest:
        same = (before.file.name, old.use) == (after.file.name, new.use)
        yield f"{after.file.name} was replaced" if same else f"{after.file.name} instead of {before.file.name}"
    if old.source_start != new.source_start:
        yield turned("in", clock(old.source_start), clock(new.source_start))
    if old.speed != new.speed:
        yield turned("speed", *(speed_told(one.speed) for one in (old, new)))
    along = before.in_shot == after.in_shot and before.stands[2] == after.stands[2]
    frame = SAMPLE_RATE / min(speech.before.rate, speech.after.rate)
    if not along and all(abs(a - b) >= frame for a, b in zip(before.stands[:2], after.stands[:2], strict=True)):
        yield turned("begins at", *(clock(Fraction(one.start_sample, SAMPLE_RATE)) for one in (old, new)))
    if abs(old.length_samples - new.length_samples) >= frame:
        yield turned("length", *(clock(Fraction(one.length_samples, SAMPLE_RATE)) for one in (old, new)))
    if (old.loop_samples is None) != (new.loop_samples is None):
        yield turned("loop", shown(old.loop_samples is not None), shown(new.loop_samples is not None))
    if old.jumps != new.jumps:
        yield turned("jumps", old.jumps or "none", new.jumps or "none")
    if old.ducks != new.ducks and old.bus == "music":
        yield turned("gives way to speech", old.ducks, new.ducks)
    yield from _fades(old, new)


def _reasons(speech: Speech, before: _Heard, after: _Heard) -> tuple[str, ...]:
    old, new = before.sound, after.sound
    told = [turned("gain in dB", shown(old.gain_db), shown(new.gain_db))] if old.gain_db != new.gain_db else []
    if old.pan != new.pan:
        told.append(turned("from left (-1) to right (1)", *(shown(one.pan and float(one.pan)) for one in (old, new))))
    for name, a, b in (("sound_in", old.early, new.early), ("sound_out", old.late, new.late)):
        if a != b:
            told.append(turned(name, clock(a), clock(b)))
    if old.repair != new.repair:
        told.append(turned("repair", *(repair_told(one.repair) for one in (old, new))))
    if new.bus != "shot":  # a shot's own sound is cut, faded and replaced with its picture
        told = [*_hanging(speech, before, after), *told]
    return tuple(told)


def _change(speech: Speech, before: _Heard | None, after: _Heard | None) -> SoundChange | None:
    heard = after or before
    assert heard is not None
    master = speech.after if after is not None else speech.before
    start = master.frame_of_sample(heard.sound.start_sample)
    if before is None or after is None:
        kind: Literal["added", "removed"] = "added" if before is None else "removed"
        return SoundChange(kind=kind, what=heard.name, start_frame=start, reasons=())
    reasons = _reasons(speech, before, after)
    return SoundChange(kind="changed", what=after.name, start_frame=start, reasons=reasons) if reasons else None


def sound_changes(speech: Speech, pairs: Pairs) -> tuple[SoundChange, ...]:
    """Sounds that are new, gone or not as they were, in programme order. What only moved along with its shot, and the
    own sound of a shot that is new, gone or another clip now, is none.
    """
    before, after = speech.before, speech.after
    partner = {a: b for b, a in pairs.items()}
    heard = (
        _heard(before, [partner.get(number, f"before {number}") for number in range(len(before.shots))]),
        _heard(after, list(range(len(after.shots)))),
    )
    uses: dict[Hashable, set[str]] = {b: before.shots[a].uses & after.shots[b].uses for b, a in pairs.items()}
    changes = []
    for old, new in _pairs(*heard):
        one = new or old
        assert one is not None
        alone = old is None or new is None
        if alone and one.sound.bus == "shot" and not one.sound.room and one.sound.use not in uses.get(one.host, ()):
            continue
        if (change := _change(speech, old, new)) is not None:
            changes.append(change)
    return tuple(sorted(changes, key=lambda change: (change.start_frame, change.what)))


def _of_kind(master: MasterRecord, kind: str) -> KeyRecord | None:
    return next((key for key in master.keys.values() if key.kind == kind), None)


def sound_reasons(speech: Speech) -> Iterator[str]:
    """What changed for the sound as a whole: targets, the template's levels, the code that makes it."""
    before, after = (master.keys[master.finish].order for master in _masters(speech))
    for name, words in _TARGETS.items():
        if before.get(name) != after.get(name):
            yield turned(words, shown(before.get(name)), shown(after.get(name)))
    buses = [_of_kind(master, "bus") for master in _masters(speech)]
    if buses[0] is not None and buses[1] is not None:
        yield from _levels(buses[0].order["levels"], buses[1].order["levels"])
    yield from _ducking(*(_yielding(master) for master in _masters(speech)))
    for kind in _KINDS:
        keys = [_of_kind(master, kind) for master in _masters(speech)]
        if keys[0] is not None and keys[1] is not None:
            yield from speech.code(keys[0].code, keys[1].code)


def _levels(old: Mapping[str, Any], new: Mapping[str, Any]) -> Iterator[str]:
    """What differs in a template's levels."""
    for bus in dict.fromkeys((*old["bus_lufs"], *new["bus_lufs"])):
        if (a := old["bus_lufs"].get(bus)) != (b := new["bus_lufs"].get(bus)):
            yield turned(f"the template's level of {bus} in LUFS", shown(a), shown(b))
    for name in ("max_gain_db", "floor_dbfs"):
        if old.get(name) != new.get(name):
            yield turned(f"the template's {name}", shown(old.get(name)), shown(new.get(name)))


def _yielding(master: MasterRecord) -> Mapping[str, Any] | None:
    """How a master's music gives way to speech; None where none does."""
    ducks = (key.order.get("duck") for key in master.keys.values() if key.kind == "bus")
    return next((duck for duck in ducks if duck is not None), None)


def _ducking(old: Mapping[str, Any] | None, new: Mapping[str, Any] | None) -> Iterator[str]:
    """What differs in how music gives way."""
    for name, words in _DUCKING.items():
        if old is not None and new is not None and old[name] != new[name]:
            values = (
                one[name] if name == "depth_lu" else clock(Fraction(one[name], SAMPLE_RATE)) for one in (old, new)
            )
            yield turned(words, *map(shown, values))


def _masters(speech: Speech) -> tuple[MasterRecord, MasterRecord]:
    return speech.before, speech.after
