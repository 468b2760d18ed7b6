"""The small disc again, authored from the same streams by other people's programs: spumux, dvdauthor, genisoimage."""

import os
import subprocess
from collections.abc import Sequence
from fractions import Fraction
from pathlib import Path
from typing import IO
from xml.etree.ElementTree import Element, SubElement, tostring

import numpy as np
from PIL import Image
from small_disc import BLACK, LABEL, WHITE, WIDTH, Layout, Page, Streams

_KEYS = ("up", "down", "left", "right")
_SECONDS = 60


def _clock(seconds: float) -> str:
    return f"0:{int(seconds) // 60:02d}:{seconds % 60:06.3f}"


def buttons_xml(page: Page, picture: Path) -> str:
    """spumux's control file for a page: its buttons, and one picture for lit and pressed."""
    root = Element("subpictures")
    spu = SubElement(SubElement(root, "stream"), "spu", force="yes", start="00:00:00.00")
    spu.set("highlight", str(picture))
    spu.set("select", str(picture))
    for number, button in enumerate(page.buttons, 1):
        box = dict(zip(("x0", "y0", "x1", "y1"), map(str, button.box), strict=True))
        leads = {key: f"b{other}" for key, other in zip(_KEYS, button.keys, strict=True)}
        SubElement(spu, "button", name=f"b{number}", **box, **leads)
    return tostring(root, encoding="unicode")


def _menu(menus: Element, page: Page, stream: Path) -> None:
    chain = SubElement(menus, "pgc")
    if page.entry:
        chain.set("entry", page.entry)
    if page.pre:
        SubElement(chain, "pre").text = page.pre
    SubElement(chain, "vob", file=str(stream))
    for number, button in enumerate(page.buttons, 1):
        SubElement(chain, "button", name=f"b{number}").text = button.does
    SubElement(chain, "post").text = page.again


def _video(parent: Element, layout: Layout) -> None:
    SubElement(parent, "video", format=layout.standard, aspect="16:9")


def disc_xml(layout: Layout, streams: Streams, palette: Path) -> str:
    """dvdauthor's control file for the disc, menus with their buttons in ``streams``."""
    root = Element("dvdauthor", format=layout.standard)
    menus = SubElement(SubElement(root, "vmgm"), "menus")
    _video(menus, layout)
    _menu(menus, layout.root, streams.root)
    for number, title in enumerate(layout.titles):
        titleset = SubElement(root, "titleset")
        menus = SubElement(titleset, "menus")
        _video(menus, layout)
        for page, stream in zip(layout.pages[number], streams.pages[number], strict=True):
            _menu(menus, page, stream)
        titles = SubElement(titleset, "titles")
        _video(titles, layout)
        SubElement(titles, "audio", format="ac3", lang="en")
        for language in title.languages:
            SubElement(titles, "subpicture", lang=language)
        chain = SubElement(titles, "pgc", palette=str(palette))
        chapters = ",".join(_clock(float(at / layout.rate)) for at in title.chapters)
        SubElement(chain, "vob", file=str(streams.titles[number]), chapters=chapters)
        SubElement(chain, "post").text = layout.posts[number]
    return tostring(root, encoding="unicode")


def bare_disc_xml(titles: Sequence[tuple[Path, Sequence[Fraction]]], standard: str) -> str:
    """dvdauthor's control file for a disc without menus: streams, and the seconds at which their chapters begin."""
    root = Element("dvdauthor", format=standard)
    SubElement(root, "vmgm")
    for stream, chapters in titles:
        own = SubElement(SubElement(root, "titleset"), "titles")
        SubElement(own, "video", format=standard, aspect="16:9")
        chain = SubElement(own, "pgc")
        times = ",".join(_clock(float(at)) for at in chapters)
        SubElement(chain, "vob", file=str(stream), chapters=times)
        SubElement(chain, "post").text = "exit;"
    return tostring(root, encoding="unicode")


def _run(command: list[str], standard: str, source: IO[bytes] | None = None, target: IO[bytes] | None = None) -> str:
    environment = {**os.environ, "VIDEO_FORMAT": standard.upper(), "LC_ALL": "C"}
    out = target or subprocess.DEVNULL
    found = subprocess.run(
        command, stdin=source, stdout=out, stderr=subprocess.PIPE, timeout=_SECONDS, env=environment
    )  # fmt: skip
    words = found.stderr.decode(errors="replace")
    assert found.returncode == 0, words
    return words


def _authored(folder: Path, control: str, standard: str) -> tuple[Path, str]:
    """The image, and what dvdauthor said."""
    file, image = folder / "disc.xml", folder / "other.iso"
    file.write_text(control, encoding="utf-8")
    words = _run(["dvdauthor", "-o", str(folder / "disc"), "-x", str(file)], standard)
    _run(["genisoimage", "-quiet", "-dvd-video", "-V", LABEL, "-o", str(image), str(folder / "disc")], standard)
    return image, words


def bare_disc(
    folder: Path, titles: Sequence[tuple[Path, Sequence[Fraction]]], standard: str
) -> tuple[Path, tuple[str, ...]]:
    """The image of a disc without menus, and what dvdauthor warns of."""
    folder.mkdir()
    image, words = _authored(folder, bare_disc_xml(titles, standard), standard)
    return image, tuple(line for line in words.splitlines() if line.startswith(("WARN", "ERR")))


def _with_buttons(page: Page, stream: Path, layout: Layout, out: Path) -> Path:
    """The page's stream with its buttons in it."""
    seen = np.zeros((layout.lines, WIDTH, 4), np.uint8)
    for left, top, right, bottom in (button.box for button in page.buttons):
        seen[top:bottom, left:right] = 255
    Image.fromarray(seen).save(out.with_suffix(".png"))
    control = out.with_suffix(".xml")
    control.write_text(buttons_xml(page, out.with_suffix(".png")), encoding="utf-8")
    with stream.open("rb") as source, out.open("wb") as target:
        _run(["spumux", "-m", "dvd", str(control)], layout.standard, source, target)
    return out


def other_disc(folder: Path, layout: Layout, streams: Streams) -> Path:
    """The disc's image."""
    folder.mkdir()
    root = _with_buttons(layout.root, streams.root, layout, folder / "root.mpg")
    pages = tuple(
        tuple(
            _with_buttons(page, stream, layout, folder / f"{page.name}-{number}.mpg")
            for page, stream in zip(layout.pages[number], ours, strict=True)
        )
        for number, ours in enumerate(streams.pages)
    )
    palette = folder / "palette.yuv"
    palette.write_text("".join(f"{bytes(one).hex()}\n" for one in [BLACK, WHITE, *[BLACK] * 14]), encoding="ascii")
    made = Streams(titles=streams.titles, root=root, pages=pages)
    return _authored(folder, disc_xml(layout, made, palette), layout.standard)[0]
