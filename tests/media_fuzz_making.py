"""Small files of every kind that people send, and ways to damage them: flipped, cut, zeroed, swollen, repeated."""

import random
import zlib
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

from desk_making import variety
from film_making import picture, write_film
from piece_making import ENCODING, MIDDLE, RASTER
from PIL import Image
from pillow_heif import register_heif_opener
from studio_making import fingerprints

from crowdcut.conform.conversion import conversion_for
from crowdcut.conform.geometry import whole_raster
from crowdcut.findings import Finding
from crowdcut.media import Media
from crowdcut.orders import Animation, Layer, PictureOrder, Source, Still, Text, Video
from crowdcut.plan import Job, Sources, job_for
from crowdcut.records import kind_of
from crowdcut.sound.orders import ListenOrder, PrepareOrder
from examples.makers import tone, write_sound
from farm.crew import Crew
from farm.digests import content_digest
from farm.production import examine_job, examined
from farm.store import Store

Maker = Callable[[Path], object]
MEMORY_BYTES = 1 << 30
_FRAMES = 6
_SUBTITLES = (
    "1\n00:00:00,000 --> 00:00:01,500\nThe first thing\n\n2\n00:00:02,000 --> 00:00:03,000\nI <i>remember</i>\n"
)
_POEM = "The pond\nkeeps what the river\ntold it — ただいま.\n"


def _images(count: int) -> list[Image.Image]:
    return [Image.fromarray(picture(number).to_ndarray(format="rgb24")) for number in range(count)]


def _still(**options: object) -> Maker:
    def make(path: Path) -> None:
        register_heif_opener()
        _images(1)[0].save(path, **options)

    return make


def _animation(**options: object) -> Maker:
    def make(path: Path) -> None:
        first, *others = _images(4)
        first.save(path, save_all=True, append_images=others, duration=80, **options)

    return make


def _sound(rate: int = 48_000, codec: str | None = None) -> Maker:
    return lambda path: write_sound(path, tone(seconds=1, peak_dbfs=-12, rate=rate), rate=rate, codec=codec)


def _film(codec: str = "libx264", **more: object) -> Maker:
    return lambda path: write_film(path, codec=codec, frames=12, **more)  # type: ignore[arg-type]


def _words(text: str) -> Maker:
    return lambda path: path.write_text(text, encoding="utf-8")


_QUICK = {"preset": "ultrafast"}
MAKERS: dict[str, Maker] = {
    "h264.mp4": _film(sound="aac", options=_QUICK),
    "fast.mp4": _film(sound="aac", options=_QUICK, container_options={"movflags": "+faststart"}),
    "hevc.mov": _film("libx265", sound="aac", options={**_QUICK, "x265-params": "log-level=none:pools=1"}),
    "prores.mov": _film("prores_ks", pixel_format="yuv422p10le", sound="pcm_s16le"),
    "qtrle.mov": _film("qtrle", pixel_format="argb"),
    "vp9.webm": _film("libvpx-vp9", sound="libopus", options={"deadline": "realtime", "cpu-used": "8"}),
    "vp8.webm": _film("libvpx", pixel_format="yuva420p", metadata={"alpha_mode": "1"}, options={"auto-alt-ref": "0"}),
    "mpeg4.avi": _film("mpeg4", sound="libmp3lame"),
    "mjpeg.avi": _film("mjpeg", pixel_format="yuvj420p", sound="pcm_s16le"),
    "h264.ts": _film(sound="aac", options=_QUICK),
    "mpeg2.mpg": _film("mpeg2video", sound="mp2"),
    "h264.mkv": _film(sound="flac", options=_QUICK),
    "flv.flv": _film("flv", sound="libmp3lame"),
    "loop.gif": _animation(loop=0),
    "anim.png": _animation(),
    "anim.webp": _animation(),
    "anim.avif": _animation(speed=10),
    "still.webp": _still(),
    "still.avif": _still(speed=10),
    "still.heic": _still(),
    "still.png": _still(),
    "still.jpg": _still(),
    "progressive.jpg": _still(progressive=True),
    "still.tif": _still(compression="tiff_lzw"),
    "still.bmp": _still(),
    "sound.wav": _sound(),
    "sound.mp3": _sound(44_100),
    "sound.flac": _sound(),
    "sound.ogg": _sound(),
    "sound.opus": _sound(),
    "sound.m4a": _sound(44_100),
    "sound.aiff": _sound(codec="pcm_s16be"),
    "poem.txt": _words(_POEM),
    "words.srt": _words(_SUBTITLES),
}
"""A file of each kind by its name."""


def _at(chance: random.Random, data: bytearray) -> int:
    """A place in ``data``: half of the time near an end, where headers and indexes are."""
    near = min(len(data), 600)
    where = chance.randrange(4)
    if where == 0:
        return chance.randrange(near)
    return len(data) - 1 - chance.randrange(near) if where == 1 else chance.randrange(len(data))


def _flipped(chance: random.Random, data: bytearray) -> bytearray:
    for _ in range(chance.choice((1, 2, 5, 20))):
        data[_at(chance, data)] ^= 1 << chance.randrange(8)
    return data


def _replaced(chance: random.Random, data: bytearray) -> bytearray:
    for _ in range(chance.choice((1, 3, 10))):
        data[_at(chance, data)] = chance.choice((0, 1, 0x7F, 0x80, 0xFF, chance.randrange(256)))
    return data


def _cut(chance: random.Random, data: bytearray) -> bytearray:
    return data[: chance.randrange(len(data))]


def _swollen(chance: random.Random, data: bytearray) -> bytearray:
    """A number somewhere becomes a huge one, as lengths, counts and sizes of a hostile header are."""
    place, wide = _at(chance, data), chance.choice((2, 4, 8))
    number = chance.choice((0, 1, 2 ** (8 * wide) - 1, 2 ** (8 * wide - 1) - 1, 2 ** (8 * wide - 1), 0xFFFF))
    data[place : place + wide] = number.to_bytes(wide, chance.choice(("big", "little")))
    return data


def _gapped(chance: random.Random, data: bytearray) -> bytearray:
    start = chance.randrange(len(data))
    length = chance.randrange(1, 1 + len(data) // 4)
    match chance.randrange(3):
        case 0:
            del data[start : start + length]
        case 1:
            data[start : start + length] = bytes(len(data[start : start + length]))
        case _:
            data[start:start] = data[start : start + length]
    return data


_DAMAGES = (_flipped, _flipped, _replaced, _cut, _swollen, _swollen, _gapped)


def png_resealed(data: bytearray) -> bytearray:
    """Check sums of a PNG's chunks made true again, as far as its chunks can be told."""
    place = 8
    while place + 12 <= len(data):
        end = place + 8 + int.from_bytes(data[place : place + 4], "big")
        if end + 4 > len(data):
            break
        data[end : end + 4] = zlib.crc32(data[place + 4 : end]).to_bytes(4, "big")
        place = end + 4
    return data


def _ogg_sum(page: bytes) -> int:
    """The check sum of a page whose own is zero (RFC 3533: polynomial 0x04c11db7, not reflected)."""
    found = 0
    for byte in page:
        found = (found << 8 & 0xFFFFFFFF) ^ _OGG_TABLE[found >> 24 ^ byte]
    return found


def _ogg_entry(byte: int) -> int:
    found = byte << 24
    for _ in range(8):
        found = found << 1 ^ (0x04C11DB7 if found & 0x80000000 else 0)
    return found & 0xFFFFFFFF


_OGG_TABLE = [_ogg_entry(byte) for byte in range(256)]


def ogg_resealed(data: bytearray) -> bytearray:
    """Check sums of an Ogg file's pages made true again, as far as its pages can be told."""
    place = 0
    while data[place : place + 4] == b"OggS" and place + 27 <= len(data):
        segments = data[place + 26]
        end = place + 27 + segments + sum(data[place + 27 : place + 27 + segments])
        data[place + 22 : place + 26] = bytes(4)
        data[place + 22 : place + 26] = _ogg_sum(data[place:end]).to_bytes(4, "little")
        place = end
    return data


def damaged(data: bytes, seed: str) -> bytes:
    """``data`` damaged in one or two ways that follow from ``seed``; it may be empty.

    Half of the files whose parts have check sums get true ones again: they reach deeper into a decoder.
    """
    chance = random.Random(seed)
    found = bytearray(data)
    for _ in range(chance.choice((1, 1, 2))):
        if found:
            found = chance.choice(_DAMAGES)(chance, found)
    if chance.random() < 0.5:
        if data.startswith(b"\x89PNG"):
            found = png_resealed(found)
        elif data.startswith(b"OggS"):
            found = ogg_resealed(found)
    return bytes(found)


def _source(name: str, media: Media) -> tuple[Source, float] | None:
    """What a shot shows of a usable file, and its length in seconds."""
    if media.text is not None:
        return Text(words=media.text[:400], style=variety().styles["text"]), 1
    picture = media.picture
    if picture is None:
        return None
    ground = (0, 0, 0)
    conversion = conversion_for(picture, fit="blur", focus=MIDDLE, region=whole_raster(RASTER), flatten=ground)
    if media.kind == "still":
        return Still(file=name, picture=picture, conversion=conversion), 1
    start = max(picture.duration - _FRAMES / RASTER.rate, picture.duration * 0)
    kind = Animation if media.kind == "animation" else Video
    return kind(file=name, picture=picture, start=start, conversion=conversion), float(picture.duration)


def jobs_over(name: str, media: Media, sources: Sources) -> Iterator[Job]:
    """The jobs that use a file in a film: its last pictures, its sound heard whole and prepared."""
    shown = _source("file0", media)
    files = {"file0": sources.files[name]}
    if shown is not None:
        stack = (Layer(source=shown[0], length_frames=_FRAMES),)
        order = PictureOrder(raster=RASTER, encoding=ENCODING, length_frames=_FRAMES, stack=stack)
        part = f"renderers.sources.{kind_of(type(shown[0]))}"
        yield job_for("picture", order, sources, parts=(part,), files=files, label=name, frames=_FRAMES)
    if (sound := media.sound) is not None:
        file = {"file": sources.files[name]}
        yield job_for("listen", ListenOrder(stream=sound.stream), sources, files=file, label=name)
        prepare = PrepareOrder(stream=sound.stream, origin=media.origin, start_sample=4_800, length_samples=24_000)
        yield job_for("prepare", prepare, sources, files=file, label=name)


def outcomes(cases: Mapping[str, Path], folder: Path) -> dict[str, tuple[Media, tuple[Finding, ...]]]:
    """Each file examined, and rendered where it can be, in limited children: what it is and what was found.

    ``folder``: an empty one, for the store.
    """
    store = Store(folder)
    digests = {path: content_digest(path) for path in cases.values()}
    sources = Sources(files=dict(cases), digests=digests, fingerprints=fingerprints())
    with Crew(store, workers=2, listener=lambda _: None, memory_bytes=MEMORY_BYTES) as crew:
        looked = {name: examine_job(path, sources) for name, path in cases.items()}
        first = crew.run(list(looked.values()))
        media = examined(looked, store, crew)
        jobs = [job for name, one in media.items() if one.refusal is None for job in jobs_over(name, one, sources)]
        failed = crew.run(jobs).failed
    found: dict[str, list[Finding]] = {name: list(first.failed.get(job.key, ())) for name, job in looked.items()}
    for job in jobs:
        found[job.label] += failed.get(job.key, ())
    return {name: (media[name], tuple(findings)) for name, findings in found.items()}
