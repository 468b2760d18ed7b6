"""The demo's library and manifest, written into a folder: everything is drawn, played and spoken here and now."""

from collections.abc import Callable
from fractions import Fraction
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from examples.demo import chat, crayon, dawn, dusk, field, laundry, market, music, night, noon, rain, voice, water
from examples.demo.easel import Pixels, painter
from examples.makers import turned_picture, write_animation, write_clip, write_sound, write_still
from examples.makers.sounds import Samples

HAIKU = "夕暮れは\nだれかの夜明け\n窓あかり\n"
POEM = "Somebody's evening\nis somebody's dawn.\nLeave a light in the window\nand hand the day on.\n"

_LISTING = "contributions.toml"
_NTSC = Fraction(30_000, 1001)
_FILM = Fraction(24_000, 1001)
_DETAILED = {"preset": "veryfast", "crf": "23"}

Maker = Callable[[Path], object]


def _at_48k(samples: Samples) -> Samples:
    """From 44.1 kHz, for Opus: straight lines between samples are good enough for rain."""
    count = len(samples) * 160 // 147
    places = np.arange(count) * (147 / 160)
    channels = [np.interp(places, np.arange(len(samples)), samples[:, k]) for k in range(samples.shape[1])]
    return np.stack(channels, axis=1).astype(np.float32)


def _straight(pixels: Pixels) -> NDArray[np.uint8]:
    """Skia's premultiplied pixels as files want them."""
    alpha = pixels[..., 3:].astype(np.uint16)
    colour = (pixels[..., :3].astype(np.uint16) * 255 + alpha // 2) // np.maximum(alpha, 1)
    return np.concatenate([colour, alpha], axis=2).astype(np.uint8)


def _dawn_sea(path: Path) -> None:
    picture = painter(1280, 720, Fraction(25), dawn.dawn_sea)
    write_clip(path, width=1280, height=720, frames=148, picture=picture, sound=field.waves(5.9), sound_rate=field.RATE)


def _breakfast(path: Path) -> None:
    rate = Fraction(15)
    write_clip(
        path, width=640, height=480, rate=rate, frames=54, picture=painter(640, 480, rate, dawn.breakfast),
        sound=field.crockery(), sound_rate=field.RATE, codec="mjpeg", pix_fmt="yuvj420p", options={"b": "9M"},
        matrix="bt601",
    )  # fmt: skip


def _house(path: Path) -> None:
    write_still(path, painter(1200, 900, Fraction(1), crayon.crayon_house)(0)[..., :3])


def _house_wakes(path: Path) -> None:
    rate = Fraction(12)
    picture = painter(960, 720, rate, crayon.crayon_house_wakes)
    write_clip(path, width=960, height=720, rate=rate, frames=63, picture=picture, options=_DETAILED)


def _kite(path: Path) -> None:
    rate = Fraction(60)
    picture = painter(960, 540, rate, noon.kite)
    write_clip(
        path,
        width=960,
        height=540,
        rate=rate,
        frames=276,
        picture=picture,
        sound=field.wind(4.6),
        sound_rate=field.RATE,
    )


def _laundry(path: Path) -> None:
    write_clip(
        path, width=720, height=960, rate=Fraction(24), frames=84, picture=lambda frame: laundry.laundry(frame // 2),
        gop_frames=240, options={"preset": "superfast", "crf": "26"},
    )  # fmt: skip


def _chat(path: Path) -> None:
    rate = Fraction(30)
    write_clip(path, width=1280, height=800, rate=rate, frames=138, picture=painter(1280, 800, rate, chat.chat))


def _tram(path: Path) -> None:
    upright = rain.filmed(painter(rain.WIDTH, rain.HEIGHT, _NTSC, rain.tram))
    sound = field.rain(4.6)
    stroke = field.bell(1.8) * 0.5
    sound[: len(stroke)] += stroke
    write_clip(
        path, width=960, height=540, rate=_NTSC, frames=138, picture=turned_picture(upright, degrees=90), rotation=90,
        sound=sound, sound_rate=field.RATE, options=_DETAILED,
    )  # fmt: skip


def _paper_boat(path: Path) -> None:
    rate = Fraction(24)
    write_clip(
        path, width=960, height=540, rate=rate, frames=114, picture=painter(960, 540, rate, water.paper_boat),
        codec="libvpx-vp9", sound=_at_48k(field.rain(4.7)),
    )  # fmt: skip


def _dandelion(path: Path) -> None:
    """Held on twos and threes at 24 frames a second, as it was animated: an uneven rate."""
    holds = (2, 2, 3, 2, 1)
    starts = np.cumsum([0, *(holds * 10)])
    picture = painter(854, 480, Fraction(24), water.dandelion)
    write_clip(
        path, width=854, height=480, rate=Fraction(12), frames=48, picture=lambda frame: picture(int(starts[frame])),
        hold_ticks=holds, ticks_a_second=24,
    )  # fmt: skip


def _kaleidoscope(path: Path) -> None:
    write_clip(path, width=720, height=720, frames=75, picture=rain.kaleidoscope, options=_DETAILED)


def _ferris_wheel(path: Path) -> None:
    write_clip(
        path, width=720, height=576, frames=90, picture=dusk.taped(painter(720, 576, Fraction(50), dusk.ferris_wheel)),
        codec="mpeg2video", options={"b": "6M"}, gop_frames=12, sar=Fraction(64, 45), interlaced="tff", matrix="bt601",
        sound=field.fair(3.6), sound_rate=field.RATE,
    )  # fmt: skip


def _fireflies(path: Path) -> None:
    rate = Fraction(30)
    write_clip(
        path, width=960, height=540, rate=rate, frames=144, picture=painter(960, 540, rate, night.fireflies),
        codec="libvpx", sound=field.night(4.8), sound_rate=field.RATE, sound_codec="vorbis",
    )  # fmt: skip


def _stars(path: Path) -> None:
    picture = painter(960, 540, _FILM, night.stars)
    write_clip(path, width=960, height=540, rate=_FILM, frames=130, picture=picture, options=_DETAILED)


def _market(path: Path) -> None:
    write_still(path, painter(market.WIDTH, market.HEIGHT, Fraction(1), market.market)(0)[..., :3])


def _slats(path: Path) -> None:
    picture = painter(640, 640, Fraction(12), noon.slats)
    write_animation(path, [picture(frame)[..., :3] for frame in range(36)], milliseconds=83, colours=16)


def _swallows(path: Path) -> None:
    picture = painter(640, 360, Fraction(12), noon.swallows)
    write_animation(path, [_straight(picture(frame)) for frame in range(54)], milliseconds=83)


def _windows(path: Path) -> None:
    write_animation(path, [dusk.windows(frame) for frame in range(40)], milliseconds=100, colours=32)


def _words(text: str) -> Maker:
    return lambda path: path.write_text(text, encoding="utf-8")


def _sound(samples: Callable[[], Samples], rate: int, codec: str | None = None) -> Maker:
    return lambda path: write_sound(path, samples(), rate=rate, codec=codec)


MAKERS: dict[str, Maker] = {
    "video/Θάλασσα 06.00.mp4": _dawn_sea,
    "video/breakfast (stop motion).avi": _breakfast,
    "video/house wakes up.mp4": _house_wakes,
    "video/kite_60p.mp4": _kite,
    "video/laundry riso.mov": _laundry,
    "video/Screen Recording 12.00.04.mp4": _chat,
    "video/IMG_2041.MOV": _tram,
    "video/thuyền giấy.webm": _paper_boat,
    "video/dandelion chalk.mp4": _dandelion,
    "video/tram remix.mkv": _kaleidoscope,
    "video/tape 3, side B.mpg": _ferris_wheel,
    "video/fireflies.webm": _fireflies,
    "video/stars timelapse.mp4": _stars,
    "pictures/our house.png": _house,
    "pictures/scan0007.JPG": _market,
    "pictures/slats loop.apng": _slats,
    "pictures/swallows.png": _swallows,
    "pictures/windows.gif": _windows,
    "sound/voice memo 14.m4a": _sound(voice.humming, 44_100),
    "sound/one day (mix 3).flac": _sound(music.music, music.RATE),
    "sound/reading.wav": _sound(voice.reading, voice.RATE),
    "sound/waves.ogg": _sound(lambda: _at_48k(field.waves()), 48_000),
    "sound/rain on the roof.mp3": _sound(field.rain, field.RATE),
    "sound/bell.wav": _sound(field.bell, field.RATE),
    "sound/night.m4a": _sound(field.night, field.RATE),
    "words/俳句.txt": _words(HAIKU),
    "words/hand the day on.txt": _words(POEM),
}
"""Every file of the library, and what makes it."""


def write_texts(folder: Path) -> Path:
    """Write ``library/contributions.toml``, the films' manifests with their captions, and the discs' files.

    Answers the path of ``episode.toml``.
    """
    texts = Path(__file__).parent
    (folder / "library").mkdir(parents=True, exist_ok=True)
    (folder / "library" / _LISTING).write_bytes((texts / _LISTING).read_bytes())
    for text in (*texts.glob("*.toml"), *texts.glob("*.srt")):
        if text.name != _LISTING:
            (folder / text.name).write_bytes(text.read_bytes())
    return folder / "episode.toml"


def make_demo(folder: Path, *, progress: Callable[[str], None] | None = None) -> Path:
    """Write ``library/``, ``episode.toml`` and what its discs need into ``folder``; answers the episode's path.

    ``progress`` is told each contribution's file before it is made. Files that exist are written anew.
    """
    for name, maker in MAKERS.items():
        if progress is not None:
            progress(name)
        path = folder / "library" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        maker(path)
    return write_texts(folder)
