"""What to tell contributors about their files, in plain words: what came, what is done to it, what is lost by that,
and what would make it better. To be pasted into a mail: a paragraph a file, each on one line."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from fractions import Fraction

from crowdcut.conform.geometry import displayed_size
from crowdcut.conform.record import enlargement, rate_told, stretch_of
from crowdcut.conform.whole import whole_source
from crowdcut.media import Media, Picture, Sound
from crowdcut.orders import Animation, Conversion, Raster, Still, Video
from crowdcut.timing import nearest

_BARS_TOLD = Fraction(1, 20)
"""Part of the screen that a picture leaves empty: less is no matter."""
_ENLARGED_TOLD = Fraction(11, 10)
"""Times: a picture that is enlarged by less is as sharp to the eye."""
_ROUGH_FROM = Fraction(1, 20)
"""Part of a clip's pictures, or of the film's frames, that may be left out or repeated before anybody sees it."""
_ENDINGS = {
    "film": (".mp4", ".mov", ".mkv", ".webm", ".avi", ".mpg", ".m4v", ".3gp", ".mts", ".ts", ".wmv", ".flv"),
    "picture": (".jpg", ".jpeg", ".png", ".heic", ".tif", ".tiff", ".gif", ".webp", ".avif", ".bmp", ".svg", ".psd"),
    "sound": (".wav", ".mp3", ".m4a", ".flac", ".ogg", ".opus", ".aif", ".aiff", ".wma"),
    "words": (".txt", ".doc", ".docx", ".odt", ".rtf", ".pdf", ".srt", ".md"),
}
_INSTEAD = {
    "film": "A film always works as MP4, just as the phone or the editing program makes it (H.264 picture, AAC sound)",
    "picture": "A picture always works as JPEG or PNG",
    "sound": "A sound always works as WAV, FLAC or MP3",
    "words": "Words always work as plain text (a .txt file, or simply in a mail)",
}
"""What to send instead of a file that cannot be used, by what its name promises."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sent:
    """A file that somebody sent."""

    name: str
    """As its contributor knows it."""
    media: Media


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
    rate = f", {rate_told(picture.rate)} pictures a second" if picture.rate and picture.constant else ""
    heard = "with sound" if sound is not None else "without sound"
    return f"It came through: a film of {_length(picture.duration)}, {size}{rate}, {heard}."


def _pace(media: Media, source: Video, raster: Raster) -> Iterator[str]:
    """How its pictures become the film's."""
    picture, rate = source.picture, rate_told(raster.rate)
    if picture.constant and picture.rate == raster.rate:
        return
    if not picture.constant:
        yield (
            "Your phone or program records at a changing rate: for each moment of our film we take the picture that "
            "was on screen then, so that it stays with its sound. You need do nothing about it."
        )
    shown = stretch_of(media, source, raster.rate, None)
    if (
        shown is None
        or max(Fraction(shown.dropped, shown.pictures), Fraction(shown.repeated, shown.frames)) < _ROUGH_FROM
    ):
        return
    if shown.dropped >= shown.repeated:
        lost = f"{shown.dropped} of its {shown.pictures} pictures are left out"
    else:
        lost = f"{shown.repeated} of {shown.frames} times the picture before it stays on screen"
    yield (
        f"Our film shows {rate} pictures a second, so {lost}; fast movement may look a little less smooth. "
        f"If your camera lets you choose, film at {rate} next time."
    )


def _shape(picture: Picture, conversion: Conversion, raster: Raster, moving: bool) -> Iterator[str]:
    """How it fills the screen."""
    box = conversion.box
    empty = 1 - Fraction(min(box.width, raster.width) * min(box.height, raster.height), raster.width * raster.height)
    wide, high = displayed_size(picture, conversion.turn)
    if empty > _BARS_TOLD and high > wide and raster.width > raster.height:
        word = "film it" if moving else "hold the camera"
        yield (
            f"It stands upright and our screen lies on its side, so {float(empty):.0%} of the screen stays empty "
            f"beside it. Nothing of it is cut away; to fill the screen, {word} sideways next time."
        )
    elif empty > _BARS_TOLD:
        where = "beside" if box.width < raster.width else "above and below"
        yield f"Its shape is not our screen's, so {float(empty):.0%} of the screen stays empty {where} it."
    if (times := enlargement(picture, conversion)) >= _ENLARGED_TOLD:
        yield (
            f"Our picture is {raster.width} × {raster.height}, so yours is enlarged {float(times):.1f} times and looks "
            "softer than it could. If you have it larger, send that: messengers make what they carry small, so send "
            "the original file by mail or a link."
        )


def _treatment(picture: Picture, conversion: Conversion) -> Iterator[str]:
    """What else is done to the picture, where its maker may wonder."""
    if conversion.deinterlace:
        yield "It was recorded in half pictures (interlaced), which we make whole; fine edges lose a little by that."
    if conversion.tone is not None:
        yield (
            "It is in high dynamic range (HDR), which our film is not: we bring it over with care, but the brightest "
            "lights lose some of their drawing. You need do nothing; to see it as the audience will, switch HDR off."
        )
    if conversion.flatten is not None:
        yield "Where it is transparent, a plain ground shows through when it fills the screen."


def _heard(sound: Sound) -> Iterator[str]:
    """What is done to its sound, where that matters."""
    if sound.channels > 2:
        yield f"Its {sound.channels} channels of sound are folded down to stereo."
    if sound.rate < 32_000:
        yield (
            f"Its sound was recorded with {sound.rate} samples a second, which sounds like a telephone. If your "
            "recorder lets you choose, take 48 kHz next time."
        )


def _odd(media: Media) -> Iterator[str]:
    for remark in media.remarks:
        yield f"One thing is odd: {remark.rstrip('.')}."
    if media.read_otherwise:
        yield "What the file says about itself is not quite so; we put that right when we read it."


def _sentences(sent: Sent, raster: Raster) -> Iterator[str]:
    """All that is to be told of a file that can be used."""
    media, source = sent.media, whole_source(sent.media, raster)
    if media.text is not None:
        yield f"It came through: {len(media.text.split())} words, which we set on screen as you wrote them."
    if source is not None:
        yield _came(media, source, media.sound)
        if isinstance(source, Video):
            yield from _pace(media, source, raster)
        if isinstance(source, Animation):
            yield "It begins again from its start for as long as it is on screen."
        yield from _shape(source.picture, source.conversion, raster, isinstance(source, Video))
        yield from _treatment(source.picture, source.conversion)
    elif media.sound is not None:
        kind = "mono" if media.sound.channels == 1 else "stereo" if media.sound.channels == 2 else media.sound.layout
        yield f"It came through: a sound of {_length(media.sound.duration)}, {kind}."
    if media.sound is not None:
        yield from _heard(media.sound)
    yield from _odd(media)


def paragraph(sent: Sent, raster: Raster) -> str:
    """What to tell of one file, in a delivery of ``raster``."""
    if sent.media.refusal is not None:
        return f"{sent.name}: Sorry, we cannot use this one. {sent.media.refusal.rstrip('.')}. {_instead(sent.name)}"
    told = list(_sentences(sent, raster))
    if len(told) == 1:
        told.append("It fits just as it is: you need do nothing.")
    return f"{sent.name}: {' '.join(told)}"


def letter(sent: Iterable[Sent], raster: Raster, *, to: str | None = None) -> str:
    """A whole letter, without a line end after it. ``to``: a contributor's name as credited."""
    files = tuple(sent)
    refused = sum(one.media.refusal is not None for one in files)
    opening = f"Hello {to}," if to else "Hello,"
    thanks = "thank you for what you sent us. This is what we found in it, and what becomes of it in our film."
    closing = "Thank you for being part of it!"
    if refused:
        again = "it" if refused == 1 else "them"
        closing = f"Please send {again} again, if you can: we would love to have {again} in the film. {closing}"
    return "\n\n".join((opening, thanks, *(paragraph(one, raster) for one in files), closing))
