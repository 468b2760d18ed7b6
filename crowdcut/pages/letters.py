"""What to tell contributors about their files, in plain words: what came, what is done to it, what is lost by that,
and what would make it better. To be pasted into a mail: a paragraph a file, each on one line, then a list of tips."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from fractions import Fraction
from typing import NamedTuple

from crowdcut.conform.geometry import displayed_size
from crowdcut.conform.heard import Heard
from crowdcut.conform.record import enlargement, rate_told, stretch_of
from crowdcut.conform.sampling import as_shown
from crowdcut.conform.whole import whole_source
from crowdcut.media import Media, Picture, Sound
from crowdcut.orders import Animation, Conversion, Raster, Still, Video
from crowdcut.sound.hearing import clipping_told
from crowdcut.timing import nearest

_BARS_TOLD = Fraction(1, 20)
"""Part of the screen that a picture leaves empty: less is no matter."""
_ENLARGED_TOLD = Fraction(11, 10)
"""Times: a picture that is enlarged by less is as sharp to the eye."""
_ROUGH_FROM = Fraction(1, 20)
"""Part of a clip's pictures, or of the film's frames, that may be left out or repeated before anybody sees it."""
_DULL_BELOW, _TELEPHONE_BELOW = 32_000, 16_000
"""Samples a second: voices lose their brightness below the first; the second is a telephone's."""
_IN_WORDS = {2: "two", 3: "three", 4: "four", 5: "five", 6: "six", 7: "seven", 8: "eight", 9: "nine", 10: "ten"}
_ENDINGS = {
    "film": (".mp4", ".mov", ".mkv", ".webm", ".avi", ".mpg", ".m4v", ".3gp", ".mts", ".ts", ".wmv", ".flv"),
    "picture": (".jpg", ".jpeg", ".png", ".heic", ".tif", ".tiff", ".gif", ".webp", ".avif", ".bmp", ".svg", ".psd"),
    "sound": (".wav", ".mp3", ".m4a", ".flac", ".ogg", ".opus", ".aif", ".aiff", ".wma"),
    "words": (".txt", ".doc", ".docx", ".odt", ".rtf", ".pdf", ".srt", ".md"),
}
_INSTEAD = {
    "film": "A video always works as MP4, just as the phone or the editing program makes it (H.264 picture, AAC sound)",
    "picture": "A picture always works as JPEG or PNG",
    "sound": "A sound always works as WAV, FLAC or MP3",
    "words": "Words always work as plain text (a .txt file, or simply in a mail)",
}
"""What to send instead of a file that cannot be used, by what its name promises."""
_ORIGINAL = (
    "Send the original file, by mail or a link: messengers like WhatsApp make what they carry smaller. If you still "
    "have a larger one, we would love to get it."
)
_TIPS = "What you sent is welcome as it is. If you make something for us again, this makes it better still:"
_PROGRESSIVE = "If your camera lets you choose, film “progressive” (p), not “interlaced” (i)."
_HDR = "Switch HDR off in the camera to see, while you film, what the audience will see."
_SAMPLES = "If your recorder lets you choose, record sound with 48 kHz."
_SILENT = "If there should be sound, look whether the microphone was on and allowed to be used, and send it once more."
_CLIPPED = (
    "If a recording crackles where it is loud, go a little further from the microphone, or turn the recorder's level "
    "down. If you still have a version that does not crackle, we would love to get it."
)
_HUM = (
    "Against hum: keep the microphone and its cable away from power supplies, lamps and screens, or record on battery."
)
_TURNED = (
    "If your microphone's cable or your program has a switch for phase or polarity, the same on both sides is right."
)
_ONE_SIDED = "If your recorder lets you choose, record one microphone in mono: it is heard from both sides then."


@dataclass(frozen=True, slots=True, kw_only=True)
class Sent:
    """A file that somebody sent."""

    name: str
    """As its contributor knows it."""
    media: Media
    heard: Heard | None = None
    """What was heard of its sound; None where nobody listened."""


class Told(NamedTuple):
    """One thing that is told of a file."""

    sentence: str
    tip: str = ""
    """What would make it better; empty where nothing would, or need be."""


def _length(seconds: Fraction) -> str:
    """A length as people say it."""
    whole = max(1, nearest(seconds))
    minutes, rest = divmod(whole, 60)
    if not minutes:
        return f"{whole} second{'s' if whole > 1 else ''}"
    told = f"{minutes} minute{'s' if minutes > 1 else ''}"
    return told if not rest else f"{told} and {rest} second{'s' if rest > 1 else ''}"


def _size(picture: Picture, turn: int) -> str:
    wide, high = displayed_size(picture, turn)
    return f"{nearest(wide)} × {nearest(high)} pixels"


def _part(share: Fraction) -> str:
    """A part of something, as people say it."""
    if share > Fraction(11, 20):
        return "more than half"
    if share >= Fraction(9, 20):
        return "about half"
    number = nearest(1 / share)
    return f"about one in {_IN_WORDS.get(number, number)}"


def _instead(name: str) -> str:
    kind = next((kind for kind, endings in _ENDINGS.items() if name.lower().endswith(endings)), None)
    return f"{_INSTEAD[kind]}." if kind else f"{_INSTEAD['film']}; {_lowered(_INSTEAD['picture'])}."


def _lowered(sentence: str) -> str:
    return sentence[:1].lower() + sentence[1:]


def _came(media: Media, source: Video | Still | Animation, sound: Sound | None) -> str:
    """What came."""
    picture, turn = source.picture, source.conversion.turn
    size = _size(picture, turn)
    if isinstance(source, Still):
        return f"It came through: a picture of {size}."
    if isinstance(source, Animation):
        return f"It came through: an animation of {picture.frames} pictures, {_length(picture.duration)}, {size}."
    rate = f", {nearest(picture.rate)} pictures a second" if picture.rate and picture.constant else ""
    heard = "with sound" if sound is not None else "without sound"
    return f"It came through: a video of {_length(picture.duration)}, {size}{rate}, {heard}."


def _pace(media: Media, source: Video, raster: Raster) -> Iterator[Told]:
    """How its pictures become the film's."""
    picture, rate = as_shown(source.picture, source.conversion), rate_told(raster.rate)
    # Where both fields of an interlaced picture are shown, none is missed.
    if source.conversion.field_rate or (picture.constant and picture.rate == raster.rate):
        return
    if not picture.constant:
        yield Told(
            "Phones record sometimes more and sometimes fewer pictures a second, and so did yours: at each moment we "
            "show the one that was on screen then, so that picture and sound stay together."
        )
    shown = stretch_of(media, source, raster.rate, None)
    if shown is None:
        return
    dropped, repeated = Fraction(shown.dropped, shown.pictures), Fraction(shown.repeated, shown.frames)
    if max(dropped, repeated) < _ROUGH_FROM:
        return
    if dropped >= repeated:
        lost = f"{_part(dropped)} of yours is left out; fast movement may look a little less smooth"
    else:
        lost = f"{_part(repeated)} of them shows the same as the one before; fast movement may look a little jerky"
    tip = f"If your camera lets you choose, film {rate} pictures a second (it may say {rate}p or {rate} fps)."
    yield Told(f"Our film shows {rate} pictures a second, so {lost}.", tip)


def _shape(source: Video | Still | Animation, raster: Raster) -> Iterator[Told]:
    """How it fills the screen."""
    picture, conversion = source.picture, source.conversion
    box = conversion.box
    empty = 1 - Fraction(min(box.width, raster.width) * min(box.height, raster.height), raster.width * raster.height)
    wide, high = displayed_size(picture, conversion.turn)
    upright = high > wide and raster.width > raster.height
    if empty > _BARS_TOLD:
        shape = Fraction(raster.width, raster.height)
        tip = f"What is {shape.numerator}:{shape.denominator} (the shape of a TV) fills our screen."
        why, where = "Its shape is not our screen's", "beside" if box.width < raster.width else "above and below"
        if upright:
            why = "It stands upright and our screen lies on its side"
        if upright and not isinstance(source, Animation):
            tip = "Hold the phone or camera sideways: that fills our screen."
        yield Told(
            f"{why}, so {float(empty):.0%} of the screen stays empty {where} it. Nothing of it is cut away.", tip
        )
    if (times := enlargement(picture, conversion)) >= _ENLARGED_TOLD:
        size = f"{raster.width} × {raster.height} pixels"
        softer = f"it is enlarged {float(times):.1f} times and looks softer than it could"
        yield Told(f"Our film has {size}, so {softer}.", _ORIGINAL)


def _treatment(picture: Picture, conversion: Conversion) -> Iterator[Told]:
    """What else is done to the picture, where its maker may wonder."""
    if conversion.telecine == "hard":
        yield Told("It is film that was made into half pictures for television; we bring back the film's own pictures.")
    if conversion.deinterlace:
        yield Told(
            "It was recorded in half pictures (interlaced, as for old televisions). We make whole ones of them; fine "
            "edges lose a little by that.",
            _PROGRESSIVE,
        )
    if conversion.tone is not None:
        yield Told(
            "It is in high dynamic range (HDR), which our film is not. We bring it over with care; only the brightest "
            "lights lose some of their detail.",
            _HDR,
        )
    if conversion.flatten is not None:
        yield Told("Where it is transparent, a plain ground shows through when it fills the screen.")


def _heard(sound: Sound) -> Iterator[Told]:
    """What is done to its sound, where that matters."""
    if sound.channels > 2:
        yield Told(f"Its {sound.channels} channels of sound are brought together to two, left and right.")
    if sound.rate < _DULL_BELOW:
        sounds = "like a telephone" if sound.rate < _TELEPHONE_BELOW else "a little dull"
        yield Told(f"Its sound was recorded with {sound.rate / 1000:g} kHz, which sounds {sounds}.", _SAMPLES)


def _faults(heard: Heard) -> Iterator[Told]:
    """What is wrong with its sound."""
    hearing = heard.hearing
    for sentence in heard.damage:
        yield Told(f"{sentence[:1].upper()}{sentence[1:]}.")
    if hearing.silent:
        yield Told("Nothing is heard in it: its sound is silent throughout.", _SILENT)
    if hearing.clipping is not None:
        told = clipping_told(hearing.clipping, heard.origin)
        yield Told(f"In its sound {told}: it was too loud for the recorder there, and crackles.", _CLIPPED)
    if hearing.hum is not None:
        yield Told(f"Under its sound there is a hum of {hearing.hum.hertz:.0f} Hz, as of a power line.", _HUM)
    if hearing.mono_loss_db is not None:
        yield Told(
            "The left and right side of its sound cancel each other on a phone with one loudspeaker; we put that right "
            "by turning one of them over.",
            _TURNED,
        )
    if hearing.one_sided is not None:
        yield Told(f"Its sound is on the {hearing.one_sided} side alone.", _ONE_SIDED)


def _odd(media: Media) -> Iterator[Told]:
    for remark in media.remarks:
        yield Told(f"One thing is odd: {remark.rstrip('.')}.")
    if media.read_otherwise:
        yield Told("What the file says about itself is not quite right; we put that right when we read it.")


def _all_told(sent: Sent, raster: Raster) -> Iterator[Told]:
    """All that is to be told of a file that can be used."""
    media, source = sent.media, whole_source(sent.media, raster)
    if media.text is not None:
        yield Told(f"It came through: {len(media.text.split())} words, which we set on screen as you wrote them.")
    if source is not None:
        yield Told(_came(media, source, media.sound))
        if isinstance(source, Video):
            yield from _pace(media, source, raster)
        if isinstance(source, Animation):
            yield Told("It begins again from its start for as long as it is on screen.")
        yield from _shape(source, raster)
        yield from _treatment(source.picture, source.conversion)
    elif media.sound is not None:
        kind = "mono" if media.sound.channels == 1 else "stereo" if media.sound.channels == 2 else media.sound.layout
        yield Told(f"It came through: a sound of {_length(media.sound.duration)}, {kind}.")
    if media.sound is not None:
        yield from _heard(media.sound)
    if sent.heard is not None:
        yield from _faults(sent.heard)
    yield from _odd(media)


def _paragraph(sent: Sent, told: tuple[Told, ...]) -> str:
    if (refusal := sent.media.refusal) is not None:
        # Some say already what to do.
        again = "" if ". " in refusal else " Export it once more, or send it in another format."
        return f"{sent.name}: Sorry, we cannot use this one. {refusal.rstrip('.')}.{again} {_instead(sent.name)}"
    if len(told) == 1:
        told = (*told, Told("It fits just as it is: you need do nothing."))
    return f"{sent.name}: {' '.join(one.sentence for one in told)}"


def _tips(told: Iterable[tuple[Sent, tuple[Told, ...]]], *, several: bool) -> Iterator[str]:
    """What would make things better, each once, with the files that it is for where there are several."""
    files: dict[str, list[str]] = {}
    for sent, things in told:
        for tip in dict.fromkeys(one.tip for one in things if one.tip):
            files.setdefault(tip, []).append(sent.name)
    for tip, names in files.items():
        yield f"- {tip} ({', '.join(names)})" if several else f"- {tip}"


def letter(sent: Iterable[Sent], raster: Raster, *, to: str | None = None) -> str:
    """A whole letter, without a line end after it. ``to``: a contributor's name as credited."""
    told = [(one, () if one.media.refusal is not None else tuple(_all_told(one, raster))) for one in sent]
    refused = sum(one.media.refusal is not None for one, _ in told)
    opening = f"Hello {to}," if to else "Hello,"
    thanks = "thank you for what you sent us. This is what we found in it, and what becomes of it in our film."
    tips = list(_tips(told, several=len(told) > 1))
    if tips:
        tips.insert(0, _TIPS)
    closing = "Thank you for being part of it!"
    if refused:
        again = "it" if refused == 1 else "them"
        closing = f"Please send {again} again, if you can: we would love to have {again} in the film. {closing}"
    paragraphs = (_paragraph(one, things) for one, things in told)
    return "\n\n".join((opening, thanks, *paragraphs, *(["\n".join(tips)] if tips else []), closing))
