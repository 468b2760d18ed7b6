"""A small disc whose every frame bears a code, laid out as data and authored by vtskit and udfkit.

Two titles of a titleset each, chapters, captions in two languages, a root menu that moves, a page of chapters and one
of captions for each title, and "play all". What a button does is said in dvdauthor's command language, which vtskit
compiles too, so that two programs can author the same disc (see other_disc.py).
"""

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
from av.packet import Packet
from av.video.stream import VideoStream
from numpy.typing import NDArray
from udfkit import dvd
from vtskit import lang, menu, spu, subtitles, titleset, vmg

from examples.makers import draw_frame_code, tone

WIDTH = 720
LINES = {"ntsc": 480, "pal": 576}
RATES = {"ntsc": Fraction(30000, 1001), "pal": Fraction(25)}
WHITE, GREY, BLACK = (235, 128, 128), (126, 128, 128), (16, 128, 128)
"""Y, Cr, Cb."""
_GROUND = 90
"""Luma behind the codes."""
_GOP_FRAMES = 15
"""All GOPs are closed and this long: 30 fields, which both standards allow. Chapters begin at multiples of it; a
shorter GOP before one would not do, since FFmpeg's muxer begins a VOBU 0.4 s after the last one at the earliest."""
LABEL = "SMALL_DISC"

Box = tuple[int, int, int, int]
"""Left, top, right, bottom in the stored raster, right and bottom exclusive."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Title:
    """A title: frame n shows the code ``first_code + n``."""

    first_code: int
    frames: int
    chapters: tuple[int, ...]
    """The frame at which each chapter begins."""
    languages: tuple[str, ...] = ("en", "ja")
    """Of its subpictures (ISO 639-1)."""
    cues: tuple[tuple[int, int], ...] = ()
    """First and last frame (exclusive) of each caption, the same in every language."""
    hertz: float = 440.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Button:
    """A button of a page."""

    box: Box
    keys: tuple[int, int, int, int]
    """Numbers of the buttons that up, down, left and right lead to."""
    does: str
    """In dvdauthor's language."""
    shows: int
    """The code of the first picture that is seen after it was pressed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """A menu: a second of moving picture, again and again."""

    name: str
    first_code: int
    buttons: tuple[Button, ...]
    entry: str | None = None
    pre: str = "button = 1024;"
    """Before it begins: the first button is lit, whatever was lit elsewhere."""
    again: str = "jump cell 1;"
    """At its end: not through ``pre``, so that what is lit stays lit."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Layout:
    """A disc as data. Titleset n holds title n and its pages."""

    standard: str = "ntsc"
    titles: tuple[Title, ...]
    root: Page
    pages: tuple[tuple[Page, ...], ...]
    """Of each titleset, its root page first."""
    posts: tuple[str, ...]
    """What each title does at its end."""

    @property
    def lines(self) -> int:
        return LINES[self.standard]

    @property
    def rate(self) -> Fraction:
        return RATES[self.standard]


@dataclass(frozen=True, slots=True, kw_only=True)
class Streams:
    """The program streams that a disc is authored from."""

    titles: tuple[Path, ...]
    root: Path
    pages: tuple[tuple[Path, ...], ...]


TITLES = (
    Title(first_code=1000, frames=105, chapters=(0, 45, 75), cues=((20, 40), (60, 80))),
    Title(first_code=2000, frames=75, chapters=(0, 30), cues=((30, 50),), hertz=880.0),
)


def caption_box(standard: str, language: int) -> Box:
    """Where the captions of a language are drawn: each has a place of its own."""
    top = LINES[standard] - 80
    return 100 + 300 * language, top, 300 + 300 * language, top + 40


def _column(texts: list[tuple[str, int]], lines: int) -> tuple[Button, ...]:
    """Buttons below each other in two columns, arrow keys leading round."""
    count = len(texts)
    buttons = []
    for place, (does, shows) in enumerate(texts):
        across, down = place % 2, place // 2
        left, top = 80 + 300 * across, 40 + 44 * down + (lines // 2 if down > 3 else 0)
        beside = place + 1 - 2 * across
        keys = ((place - 2) % count, (place + 2) % count, *[beside if beside < count else place] * 2)
        up, down_key, left_key, right_key = (key + 1 for key in keys)
        box = (left, top, left + 240, top + 36)
        buttons.append(Button(box=box, keys=(up, down_key, left_key, right_key), does=does, shows=shows))
    return tuple(buttons)


def _pages_for(number: int, title: Title, lines: int, root_code: int) -> tuple[Page, ...]:
    """The chapters' page and the captions' page of title ``number``."""
    chapters_code, captions_code = 60_000 + 1000 * number, 60_500 + 1000 * number
    chapters = [(f"jump title 1 chapter {n};", title.first_code + at) for n, at in enumerate(title.chapters, 1)]
    others = [("jump menu 2;", captions_code), ("jump vmgm menu entry title;", root_code)]
    streams = [(f"subtitle = {64 + n}; jump menu 1;", chapters_code) for n in range(len(title.languages))]
    off = [("subtitle = 0; jump menu 1;", chapters_code)]
    return (
        Page(name="chapters", first_code=chapters_code, buttons=_column(chapters + others, lines), entry="root"),
        Page(name="captions", first_code=captions_code, buttons=_column(streams + off, lines)),
    )


def layout_of(titles: tuple[Title, ...] = TITLES, *, standard: str = "ntsc") -> Layout:
    """The disc of these titles. Register 0 says that all are played, register 1 which comes next."""
    lines, root_code = LINES[standard], 60_000
    plays = [("g0 = 1; jump title 1;", titles[0].first_code)]
    plays += [(f"g0 = 0; jump title {n};", title.first_code) for n, title in enumerate(titles, 1)]
    plays += [(f"jump titleset {n} menu;", 60_000 + 1000 * n) for n in range(1, len(titles) + 1)]
    nexts = "".join(f"if (g1 eq {n}) {{ g1 = 0; jump title {n}; }} " for n in range(2, len(titles) + 1))
    ends = [f"if (g0 ne 0) {{ g1 = {n}; }} call vmgm menu entry title;" for n in range(2, len(titles) + 1)]
    return Layout(
        standard=standard,
        titles=titles,
        root=Page(
            name="root",
            first_code=root_code,
            buttons=_column(plays, lines),
            entry="title",
            pre=f"{nexts}g0 = 0; button = 1024;",
        ),
        pages=tuple(_pages_for(n, title, lines, root_code) for n, title in enumerate(titles, 1)),
        posts=(*ends, "g0 = 0; call vmgm menu entry title;"),
    )


def _video_of(stream: VideoStream, layout: Layout, first_code: int, frames: int) -> Iterator[Packet]:
    """Coded frames."""
    ground = np.full((layout.lines * 3 // 2, WIDTH), 128, np.uint8)
    ground[: layout.lines] = _GROUND
    for number in range(frames):
        drawn = ground.copy()
        draw_frame_code(drawn[: layout.lines], first_code + number)
        frame = av.VideoFrame.from_ndarray(drawn, format="yuv420p")
        frame.pts, frame.time_base = number, 1 / layout.rate
        if number % _GOP_FRAMES == 0:
            frame.pict_type = av.video.frame.PictureType.I
        yield from stream.encode(frame)
    yield from stream.encode(None)


def _sound_of(stream: av.AudioStream, samples: NDArray[np.float32]) -> Iterator[Packet]:
    for start in range(0, len(samples), 1536):
        part = np.ascontiguousarray(samples[start : start + 1536].T)
        frame = av.AudioFrame.from_ndarray(part, format="fltp", layout="stereo")
        frame.sample_rate, frame.pts, frame.time_base = 48_000, start, Fraction(1, 48_000)
        yield from stream.encode(frame)
    yield from stream.encode(None)


def write_stream(path: Path, layout: Layout, *, first_code: int, frames: int, hertz: float) -> Path:
    """A DVD program stream of coded frames and a tone, its navigation packs empty."""
    with av.open(str(path), "w", format="dvd") as container:
        video = container.add_stream("mpeg2video", rate=layout.rate)
        video.width, video.height, video.pix_fmt = WIDTH, layout.lines, "yuv420p"
        context = video.codec_context
        context.gop_size, context.max_b_frames = _GOP_FRAMES + 3, 2  # longer than what is forced, or it would cut too
        context.bit_rate, context.thread_count = 3_000_000, 1
        context.sample_aspect_ratio = Fraction(32, 27) if layout.standard == "ntsc" else Fraction(64, 45)
        context.options = {"flags": "+cgop", "sc_threshold": "1000000000", "maxrate": "6M", "bufsize": "917504"}
        sound = container.add_stream("ac3", rate=48_000, layout="stereo")
        sound.bit_rate = 192_000
        heard = tone(seconds=Fraction(frames) / layout.rate, peak_dbfs=-12, hertz=hertz)
        packets = [*_video_of(video, layout, first_code, frames), *_sound_of(sound, heard)]
        for packet in sorted(packets, key=lambda one: one.dts * one.time_base):
            container.mux(packet)
    return path


def _captioned(path: Path, layout: Layout, title: Title) -> Path:
    """The title's stream with its subpictures."""
    streams: dict[int, list[subtitles.Cue]] = {}
    for number in range(len(title.languages)):
        left, top, right, bottom = caption_box(layout.standard, number)
        picture = spu.Overlay(right - left, bottom - top, bytes([1]) * ((right - left) * (bottom - top)))
        times = [tuple(float(one / layout.rate) for one in cue) for cue in title.cues]
        streams[number] = [subtitles.Cue(start, end, picture, left, top, colours=(0, 1, 1, 1)) for start, end in times]
    path.write_bytes(subtitles.mux(path.read_bytes(), streams))
    return path


def write_streams(folder: Path, layout: Layout) -> Streams:
    """All program streams of a disc."""
    folder.mkdir(parents=True, exist_ok=True)

    def page(name: str, one: Page) -> Path:
        frames = int(layout.rate) + 1
        return write_stream(folder / f"{name}.mpg", layout, first_code=one.first_code, frames=frames, hertz=220.0)

    titles = [
        _captioned(
            write_stream(
                folder / f"title-{n}.mpg",
                layout,
                first_code=title.first_code,
                frames=title.frames,
                hertz=title.hertz,
            ),
            layout,
            title,
        )
        for n, title in enumerate(layout.titles, 1)
    ]
    pages = tuple(tuple(page(f"{one.name}-{n}", one) for one in ours) for n, ours in enumerate(layout.pages, 1))
    return Streams(titles=tuple(titles), root=page("root", layout.root), pages=pages)


def _menu_of(page: Page, stream: Path, commands: lang.Disc, domain: str, titleset_number: int) -> menu.Menu:
    texts = [button.does for button in page.buttons]
    does, post = commands.menu(texts, page.again, domain, titleset_number)
    buttons = [
        menu.Button(button.box, command, *button.keys) for button, command in zip(page.buttons, does, strict=True)
    ]
    pre = commands.compile(page.pre, domain, titleset_number) if page.pre else ()
    return menu.Menu(
        str(stream), buttons, highlight=WHITE, select=GREY, pre=tuple(pre), post=tuple(post), entry=page.entry
    )


def write_video_ts(folder: Path, layout: Layout, streams: Streams) -> Path:
    """``VIDEO_TS`` below ``folder``, by vtskit."""
    target = folder / "VIDEO_TS"
    count = len(layout.titles)
    commands = lang.Disc(
        {(n, 1): n for n in range(1, count + 1)},
        lang.Menus(1, {"title": 1}),
        {n: lang.Menus(2, {"root": 1}) for n in range(1, count + 1)},
    )
    written = []
    for number, title in enumerate(layout.titles, 1):
        menus = [
            _menu_of(page, stream, commands, "vtsm", number)
            for page, stream in zip(layout.pages[number - 1], streams.pages[number - 1], strict=True)
        ]
        made = titleset.Title(
            str(streams.titles[number - 1]),
            chapters=tuple(float(at / layout.rate) for at in title.chapters),
            audio=(titleset.Audio("en"),),
            subpictures=tuple(titleset.Subpicture(language) for language in title.languages),
            palette=(BLACK, WHITE),
            post=tuple(commands.compile(layout.posts[number - 1], "vts", number)),
        )
        written.append(titleset.write(str(target), number, [made], menus))
    vmg.write(str(target), written, [_menu_of(layout.root, streams.root, commands, "vmgm", 0)])
    return target


def small_disc(folder: Path, layout: Layout | None = None) -> Path:
    """The disc's image."""
    layout = layout or layout_of()
    video_ts = write_video_ts(folder / "disc", layout, write_streams(folder / "streams", layout))
    image = folder / "small.iso"
    dvd.write_image(str(video_ts.parent), str(image), LABEL)
    return image
