"""Makes small good discs: with PyAV, vtskit and udfkit, or with dvdauthor and genisoimage."""

import datetime
import shutil
import subprocess
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
import udfkit.dvd
from PIL import Image
from vtskit import menu, spu, subtitles, titleset, vm, vmg

NTSC, PAL = "ntsc", "pal"
SECONDS = {NTSC: 6, PAL: 4}
MENU_SECONDS = 1
_RATE = {NTSC: Fraction(30000, 1001), PAL: Fraction(25)}
_HEIGHT = {NTSC: 480, PAL: 576}
_GROUP = {NTSC: 15, PAL: 12}
DATE = datetime.datetime(2026, 1, 1, tzinfo=datetime.UTC)


@dataclass(frozen=True, slots=True)
class MadeDisc:
    """A disc image, and where its files lie."""

    path: Path
    standard: str
    sectors: dict[str, tuple[int, int]]
    """First sector and bytes of each file of VIDEO_TS."""


def _picture(number: int, height: int) -> av.VideoFrame:
    """A slope that moves: cheap to encode, and never the same twice."""
    luma = np.add.outer(np.arange(height) // 4, np.arange(720) // 8 + 3 * number).astype(np.uint8) // 2 + 40
    planes = np.concatenate((luma.ravel(), np.full(720 * height // 2, 128, np.uint8)))
    return av.VideoFrame.from_ndarray(planes.reshape(height * 3 // 2, 720), format="yuv420p")


def _tone(number: int) -> av.AudioFrame:
    wave = 0.1 * np.sin(2 * np.pi * 500 * (np.arange(1536) + 1536 * number) / 48000)
    frame = av.AudioFrame.from_ndarray(np.stack((wave, wave)).astype(np.float32), format="fltp", layout="stereo")
    frame.sample_rate, frame.pts, frame.time_base = 48000, 1536 * number, Fraction(1, 48000)
    return frame


def make_stream(path: Path, standard: str, seconds: int, *, group: int | None = None, closed: bool = True) -> Path:
    """A DVD program stream of 16:9 pictures with AC-3 sound, its navigation packs still empty.

    ``group``: pictures of a group; ``closed``: whether each stands alone.
    """
    rate, height = _RATE[standard], _HEIGHT[standard]
    options = {"muxrate": "10080000", "packetsize": "2048"}
    with av.open(str(path), "w", format="dvd", options=options) as container:
        video = container.add_stream("mpeg2video", rate=rate)
        video.width, video.height, video.pix_fmt = 720, height, "yuv420p"
        video.bit_rate, video.gop_size, video.max_b_frames = 1_200_000, group or _GROUP[standard], 2
        video.codec_context.thread_count = 1
        video.codec_context.sample_aspect_ratio = Fraction(32, 27) if standard == NTSC else Fraction(64, 45)
        video.codec_context.options = {
            "flags": "+cgop" if closed else "-cgop",
            "sc_threshold": "1000000000",
            "maxrate": "6000000",
            "bufsize": "1835008",
        }
        tone = container.add_stream("ac3", rate=48000, layout="stereo")
        tone.bit_rate = 192_000
        count = round(seconds * rate)
        for number in range(count):
            frame = _picture(number, height)
            frame.pts, frame.time_base = number, 1 / rate
            container.mux(video.encode(frame))
            since, until = (int(at * 48000 / rate // 1536) for at in (number, number + 1))
            for block in range(since, until):
                container.mux(tone.encode(_tone(block)))
        container.mux(video.encode(None))
        container.mux(tone.encode(None))
    return path


def _with_subtitle(source: Path, target: Path, height: int) -> Path:
    overlay = spu.Overlay.from_rects(200, 40, [(10, 10, 190, 30)], code=1)
    cues = [subtitles.Cue(start, start + 1.0, overlay, 260, height - 100) for start in (1.0, 3.0)]
    target.write_bytes(subtitles.mux(source.read_bytes(), {0: cues}))
    return target


_ROOT = vm.jump_ss_vtsm(1, 1, vm.MENU_ROOT).encode()


def _buttons(commands: list[bytes]) -> list[menu.Button]:
    count = len(commands)
    places = [(80 + 160 * number, 200, 200 + 160 * number, 240) for number in range(count)]
    return [
        menu.Button(rect=place, command=command, left=number or count, right=(number + 1) % count + 1)
        for number, (place, command) in enumerate(zip(places, commands, strict=True))
    ]


@dataclass(frozen=True, slots=True)
class Streams:
    """The program streams that discs are made of: encoded once."""

    standard: str
    title: Path
    menu: Path


def make_streams(folder: Path, standard: str) -> Streams:
    """A title's and a menu's."""
    title = make_stream(folder / "title.mpg", standard, SECONDS[standard])
    return Streams(standard, title, make_stream(folder / "menu.mpg", standard, MENU_SECONDS))


def author_with_vtskit(streams: Streams, folder: Path) -> Path:
    """Two titles in two titlesets, three chapters each, a subtitle in the first; menus with buttons. VIDEO_TS."""
    made = folder / "VIDEO_TS"
    shown = _with_subtitle(streams.title, folder / "shown.mpg", _HEIGHT[streams.standard])
    root = menu.Menu(
        str(streams.menu),
        buttons=_buttons([vm.jump_vts_ptt(1, 2).encode(), vm.jump_ss_vmgm_menu(vm.MENU_TITLE).encode()]),
        entry="root",
    )
    title = menu.Menu(
        str(streams.menu), buttons=_buttons([vm.jump_tt(1).encode(), vm.jump_tt(2).encode(), _ROOT]), entry="title"
    )
    back = (vm.call_ss_vmgm_menu(vm.MENU_TITLE).encode(),)
    third = SECONDS[streams.standard] / 3
    sets = []
    for number, stream in enumerate((shown, streams.title), 1):
        one = titleset.Title(
            str(stream),
            chapters=(0.0, third, 2 * third),
            audio=(titleset.Audio("en"),),
            subpictures=(titleset.Subpicture("es"),) if number == 1 else (),
            post=back,
        )
        sets.append(titleset.write(str(made), number, [one], menus=(root,) if number == 1 else ()))
    vmg.write(str(made), sets, menus=(title,), pal=streams.standard == PAL)
    return made


def author_plainly(stream: Path, folder: Path) -> Path:
    """One title of two chapters, without menus. VIDEO_TS."""
    made = folder / "VIDEO_TS"
    one = titleset.write(str(made), 1, [titleset.Title(str(stream), chapters=(0.0, 0.6))])
    vmg.write(str(made), [one])
    return made


_AUTHOR = """<dvdauthor dest="{out}">
 <vmgm><menus><video format="{standard}" aspect="16:9" widescreen="nopanscan"/><pgc entry="title">
  <vob file="{menu}" pause="inf"/><button>jump title 1;</button><button>jump title 2;</button></pgc></menus></vmgm>
 <titleset><titles><video format="{standard}" aspect="16:9" widescreen="nopanscan"/>
  <audio lang="en"/><pgc><vob file="{title}" chapters="0,2,3"/><post>call vmgm menu;</post></pgc>
  <pgc><vob file="{title}" chapters="0,3"/><post>call vmgm menu;</post></pgc></titles></titleset>
</dvdauthor>"""
_SPUMUX = """<subpictures format="{standard}"><stream><spu force="yes" start="00:00:00.00" highlight="{picture}"
 autooutline="infer" autoorder="columns" outlinewidth="8"/></stream></subpictures>"""


def _highlighted(streams: Streams, folder: Path) -> Path:
    """A menu with two buttons, by spumux."""
    overlay = np.zeros((_HEIGHT[streams.standard], 720, 4), np.uint8)
    for left in (80, 400):
        overlay[200:240, left : left + 120] = (255, 255, 0, 255)
    picture = folder / "highlight.png"
    Image.fromarray(overlay).save(picture)
    told, made = folder / "spumux.xml", folder / "highlighted.mpg"
    told.write_text(_SPUMUX.format(standard=streams.standard, picture=picture), encoding="utf-8")
    with streams.menu.open("rb") as source, made.open("wb") as target:
        subprocess.run(["spumux", "-v0", str(told)], stdin=source, stdout=target, check=True, stderr=subprocess.DEVNULL)
    return made


def author_with_dvdauthor(streams: Streams, folder: Path) -> Path:
    """Two titles in one titleset and a menu, by dvdauthor. VIDEO_TS."""
    told = folder / "author.xml"
    text = _AUTHOR.format(
        out=folder / "disc", standard=streams.standard, title=streams.title, menu=_highlighted(streams, folder)
    )
    told.write_text(text, encoding="utf-8")
    subprocess.run(["dvdauthor", "-x", str(told)], check=True, capture_output=True)
    return folder / "disc" / "VIDEO_TS"


def imaged_with_udfkit(video: Path, path: Path, standard: str) -> MadeDisc:
    """The image of a VIDEO_TS by udfkit."""
    root = path.with_suffix(".root")
    root.mkdir()
    shutil.move(video, root / "VIDEO_TS")
    told = udfkit.dvd.write_image(str(root), str(path), "SMALL", date=DATE)
    sectors = {name.rpartition("/")[2]: place for name, place in told["extents"].items()}
    return MadeDisc(path=path, standard=standard, sectors=sectors)


def imaged_with_genisoimage(video: Path, path: Path) -> Path:
    """The image of a VIDEO_TS by genisoimage."""
    subprocess.run(
        ["genisoimage", "-quiet", "-dvd-video", "-udf", "-V", "SMALL", "-o", str(path), str(video.parent)],
        check=True,
        capture_output=True,
    )
    return path
