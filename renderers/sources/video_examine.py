"""Examines film and sound files: which streams count, what they really hold, and how long they really last."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

import av
from av.container import InputContainer
from av.stream import Stream

from crowdcut.conform.shown import ticks_told
from crowdcut.media import Media, MediaKind, Picture, Sound
from crowdcut.timing import clock
from renderers.files.door import broken, opened
from renderers.files.marks import Marks, marks_of
from renderers.files.packets import Tally, first_of, tallied
from renderers.files.streams import is_cover, is_decodable, may_be_cover
from renderers.sources.picture_examine import examined_picture, with_base
from renderers.sources.sound_examine import examined_sound
from renderers.sources.wave_file import promised_seconds

_UNKNOWN_ENTRIES = {
    "ac-4": "Dolby AC-4",
    "mhm1": "MPEG-H",
    "mhm2": "MPEG-H",
    "mha1": "MPEG-H",
    "mha2": "MPEG-H",
    "iamf": "IAMF",
}
"""Codings of sound that there is no decoder for, by their names in ISO files."""
_PICTURES = frozenset({"ico", "image2"})
"""FFmpeg's readers of single pictures, besides those whose names end in ``_pipe``."""
_HEADERLESS = frozenset({"aac", "ac3", "amr", "amrnb", "amrwb", "dts", "eac3", "g722", "mlp", "truehd"})
"""Formats of frames alone, without anything that says how many."""
_TICKS_MAX = 200_000
"""Pictures whose times are kept, two hours of them."""
_FILM_WAY_OUT = "Export it as MP4 with H.264 picture and AAC sound, and send that"
_SOUND_WAY_OUT = "Export it as WAV, FLAC or MP3 in stereo, and send that"


def _claimed(path: Path, container: InputContainer) -> Fraction | None:
    """How long a file's header says that it is, seconds; None where it has none, and FFmpeg guesses by its bytes."""
    form = container.format.name
    if form in _HEADERLESS or container.duration is None:
        return None
    return (promised_seconds(path) if form == "wav" else None) or Fraction(container.duration, av.time_base)


def _header_remark(claimed: Fraction | None, picture: Picture | None, sound: Sound | None) -> str | None:
    """What to say where the header's length is not the real one."""
    parts = [part for part in (picture, sound) if part is not None]
    if claimed is None or not parts:
        return None
    real = max(part.start + part.duration for part in parts) - min(part.start for part in parts)
    if abs(claimed - real) <= max(Fraction(1, 2), claimed / 50):
        return None
    return f"its header says {float(claimed):.1f} s, but it lasts {float(real):.1f} s"


def _unread_remark(picture: Picture | None, sound: Sound | None, tallies: Iterable[Tally]) -> str | None:
    """What to say where a file cannot be read to its end."""
    parts = [part for part in (picture, sound) if part is not None]
    if not parts or not any(tally.broken_off for tally in tallies):
        return None
    return f"what comes after {clock(max(part.duration for part in parts))} cannot be read"


def _choice_remark(sounds: Sequence[Stream], heard: Stream | None) -> str | None:
    """What to say where there are several sounds to be heard."""
    if heard is None or len(sounds) < 2:
        return None
    return f"it has {len(sounds)} sounds: only number {sounds.index(heard) + 1} of them is heard"


def _coding(marks: Marks, kind: str, streams: Sequence[Stream]) -> str:
    """The name of a coding that cannot be decoded, in brackets; nothing if it is not known."""
    unknown = [_UNKNOWN_ENTRIES[entry] for entry in marks.entries if kind == "sound" and entry in _UNKNOWN_ENTRIES]
    known = [stream.codec_context.codec.canonical_name for stream in streams if is_decodable(stream)]
    return next((f" ({name})" for name in (*unknown, *known)), "")


def _refuse_unusable(path: Path, marks: Marks) -> None:
    """Raise JobFailed for what the file's header already rules out."""
    if marks.encrypted:
        raise broken(path, "It is encrypted (copy-protected). Send it without protection", rule="encrypted")
    if marks.dolby_vision is not None and marks.dolby_vision.baseless:
        what = f"It is Dolby Vision profile {marks.dolby_vision.name}, whose colours only licensed players show"
        words = f"{what}. Export it as HDR10, HLG or SDR"
        raise broken(path, words, rule="dolby-vision")
    if marks.unfinished:
        raise broken(path, "It is cut off: its index is missing, so recording or upload never ended. Send it again")


def _refuse_foreign(path: Path, container: InputContainer) -> None:
    """Raise JobFailed for what FFmpeg opens and is yet no film or sound."""
    form = container.format.name
    if form in _PICTURES or form.endswith("_pipe"):
        raise broken(path, f"It is a picture in a format that is not read ({form}). Export it as PNG or JPEG")
    if any("enc_key_id" in stream.metadata for stream in container.streams):
        raise broken(path, "It is encrypted (copy-protected). Send it without protection", rule="encrypted")
    if not container.streams.video and not container.streams.audio:
        raise broken(path, f"There is neither picture nor sound in it ({form})")


def _ticks(picture: Picture | None, tally: Tally) -> str:
    """When the pictures of an uneven clip come, as ``Media.ticks``; nothing where its packets tell of others."""
    if picture is None or picture.constant or picture.time_base is None:
        return ""
    first = picture.start / picture.time_base
    ticks = sorted(tick for tick in set(tally.ticks) if tick >= first)
    return ticks_told(ticks) if len(ticks) == picture.frames <= _TICKS_MAX else ""


@dataclass(slots=True, kw_only=True)
class _Findings:
    """What was found so far in one file."""

    picture: Picture | None = None
    sound: Sound | None = None
    ticks: str = ""
    remarks: list[str]


def _found(path: Path, marks: Marks, container: InputContainer) -> _Findings:
    """Picture and sound of an opened file."""
    pictures = [stream for stream in container.streams.video if not is_cover(stream)]
    sounds = container.streams.audio
    usable = [stream for stream in (*pictures, *sounds) if is_decodable(stream)]
    tallies = tallied(container, usable) if usable else {}
    if usable and not any(tally.packets for tally in tallies.values()):
        raise broken(path, "It is cut off before its first picture or sound. Send it again")
    seen = first_of([stream for stream in pictures if is_decodable(stream)], tallies)
    heard = first_of([stream for stream in sounds if is_decodable(stream)], tallies)
    found = _Findings(remarks=[])
    if seen is not None and heard is not None and may_be_cover(seen) and tallies[seen.index].packets == 1:
        # A sound file's cover that is not marked as one.
        pictures, seen = [], None
    if seen is not None:
        found.picture, remarks = examined_picture(path, seen, tallies[seen.index])
        found.remarks += remarks
        found.ticks = _ticks(found.picture, tallies[seen.index])
    unfit: list[str] = []
    if heard is not None:
        found.sound, remarks = examined_sound(path, heard, tallies[heard.index])
        found.remarks += remarks
        unfit = remarks if found.sound is None else []
    if pictures and found.picture is None:
        found.remarks.append(f"its picture{_coding(marks, 'picture', pictures)} cannot be decoded")
    if sounds and found.sound is None and not unfit:
        found.remarks.append(f"its sound{_coding(marks, 'sound', sounds)} cannot be decoded")
    more = _choice_remark(sounds, heard), _unread_remark(found.picture, found.sound, tallies.values())
    found.remarks += [remark for remark in more if remark is not None]
    return found


def examine(path: Path, head: bytes, suffix: str) -> Media:
    """What the film or sound in ``path`` is. Raises JobFailed if it is neither, or broken.

    head, suffix : not needed; FFmpeg judges by the whole file.
    """
    del head, suffix
    marks = marks_of(path)
    _refuse_unusable(path, marks)
    with opened(path) as container:
        _refuse_foreign(path, container)
        found = _found(path, marks, container)
        if found.picture is None and found.sound is None:
            way_out = _FILM_WAY_OUT if container.streams.video else _SOUND_WAY_OUT
            raise broken(path, f"{' and '.join(found.remarks)}. {way_out}")
        if marks.dolby_vision is not None and found.picture is not None:
            found.picture = with_base(found.picture, marks.dolby_vision)
            words = (
                f"its Dolby Vision data (profile {marks.dolby_vision.name}) is left aside: its base picture is shown"
            )
            found.remarks.append(words)
        if remark := _header_remark(_claimed(path, container), found.picture, found.sound):
            found.remarks.append(remark)
        form = container.format.name.split(",")[0]
    kind: MediaKind = "video" if found.picture is not None else "audio"
    return Media(
        kind=kind,
        container=form,
        picture=found.picture,
        sound=found.sound,
        ticks=found.ticks,
        remarks=tuple(found.remarks),
    )
