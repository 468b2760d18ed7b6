"""MLT's ``melt``, where the system has it: a playlist in XML, rendered by all cores without dropping a frame.

Its own libx264 is the system's. Pictures are put on black and sounds joined as they are; that is MLT's own way.
"""

import os
import shutil
from pathlib import Path
from xml.etree import ElementTree

from benchmarks.contenders.prepared import ENCODING, PROFILE, Missing, Prepared
from benchmarks.cut import Cut


def _profile(parent: ElementTree.Element, cut: Cut) -> None:
    numbers = {
        "width": cut.width,
        "height": cut.height,
        "frame_rate_num": cut.rate.numerator,
        "frame_rate_den": cut.rate.denominator,
        "sample_aspect_num": 1,
        "sample_aspect_den": 1,
        "display_aspect_num": 16,
        "display_aspect_den": 9,
        "progressive": 1,
        "colorspace": 709,
    }
    ElementTree.SubElement(parent, "profile", {name: str(value) for name, value in numbers.items()})


def _playlist(cut: Cut) -> ElementTree.ElementTree:
    document = ElementTree.Element("mlt", {"LC_NUMERIC": "C"})
    _profile(document, cut)
    for number, shot in enumerate(cut.shots):
        producer = ElementTree.SubElement(document, "producer", {"id": f"p{number}"})
        properties = {"resource": str(cut.path(shot).resolve())}
        if not shot.source.still:
            properties["mlt_service"] = "avformat"
        else:
            properties["length"] = str(shot.frames)
        for name, value in properties.items():
            ElementTree.SubElement(producer, "property", {"name": name}).text = value
    playlist = ElementTree.SubElement(document, "playlist", {"id": "cut"})
    for number, shot in enumerate(cut.shots):
        first = round(shot.start * cut.rate)
        stretch = {"in": str(first), "out": str(first + shot.frames - 1)}
        ElementTree.SubElement(playlist, "entry", {"producer": f"p{number}", **stretch})
    return ElementTree.ElementTree(document)


def prepared(cut: Cut, folder: Path) -> Prepared:
    """The playlist in ``folder`` and the command line. Raises Missing."""
    program = shutil.which("melt")
    if program is None:
        raise Missing("melt is not installed: apt-get install melt")
    film, playlist = folder / "film.mp4", folder / "cut.mlt"
    _playlist(cut).write(playlist, encoding="utf-8", xml_declaration=True)
    options = {
        "vcodec": ENCODING.codec,
        **{{"profile": "vprofile"}.get(name, name): value for name, value in ENCODING.options.items()},
        "g": str(ENCODING.gop_frames),
        "pix_fmt": ENCODING.pixel_format,
        "acodec": "aac",
        "ab": str(PROFILE.audio_bit_rate),
        "ar": "48000",
        "channels": "2",
        "rescale": "bicubic",
        "threads": "0",
        "real_time": str(-len(os.sched_getaffinity(0))),
        "movflags": "+faststart",
    }
    told = (f"{name}={value}" for name, value in options.items())
    return Prepared(command=(program, "-silent", str(playlist), "-consumer", f"avformat:{film}", *told), film=film)
