"""The same titles by dvdauthor and genisoimage: what they are told."""

import shutil
from collections.abc import Sequence
from fractions import Fraction
from pathlib import Path
from xml.etree.ElementTree import Element, SubElement, tostring

PROGRAMS = ("dvdauthor", "genisoimage")


def missing() -> tuple[str, ...]:
    """Those of the programs that are not there."""
    return tuple(one for one in PROGRAMS if shutil.which(one) is None)


def control_of(titles: Sequence[Path], chapters: Sequence[Fraction]) -> str:
    """dvdauthor's control file: a titleset each, no menus."""
    root = Element("dvdauthor", format="ntsc")
    SubElement(root, "vmgm")
    for title in titles:
        own = SubElement(SubElement(root, "titleset"), "titles")
        SubElement(own, "video", format="ntsc", aspect="16:9")
        chain = SubElement(own, "pgc")
        SubElement(chain, "vob", file=str(title), chapters=",".join(f"{float(at):.3f}" for at in chapters))
        SubElement(chain, "post").text = "exit;"
    return tostring(root, encoding="unicode")


def commands(control: Path, folder: Path, image: Path) -> tuple[list[str], list[str]]:
    """The two commands, in turn."""
    author = ["dvdauthor", "-o", str(folder), "-x", str(control)]
    return author, ["genisoimage", "-quiet", "-dvd-video", "-V", "BENCHMARK", "-o", str(image), str(folder)]
