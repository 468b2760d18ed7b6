"""A source frame on its way to the output's format: crop, scale, colour, turn, in one filter graph."""

from contextlib import ExitStack
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

import numpy as np
from av import VideoFrame
from av.filter import Graph

from crowdcut.media import Picture
from crowdcut.orders import Conversion, Raster
from renderers.colour.gamut import HEADROOM
from renderers.colour.legal import legal
from renderers.colour.strays import count
from renderers.colour.tone import strays_in, table_file, table_of
from renderers.frames.alpha import alpha_patch, premultiplying
from renderers.frames.fit import backdrop
from renderers.patch import Patch, clipped, planes_of

_SCALING = "flags=bicubic+accurate_rnd+bitexact+full_chroma_int"
_ENLARGING = f"{_SCALING}:param0=0:param1=0.7"
"""A sharper cubic than FFmpeg's (Keys' a = -0.7 for -0.6): see docs/conform.md for what others do to real pictures."""
_SAMPLED = 160, 90
"""Pixels of a clip's picture that are looked at for colours that the output does not hold."""
_SAMPLED_EVERY = 12
"""Pictures: half a second."""
_TURNS = {90: ["transpose=clock"], 180: ["hflip", "vflip"], 270: ["transpose=cclock"], 0: []}


Form = tuple[int, int, str]
"""Width, height and pixel format: what a filter graph is made for."""


def form_of(frame: VideoFrame) -> Form:
    """The form of a decoded frame."""
    return frame.width, frame.height, frame.format.name


def _reading(conversion: Conversion) -> str:
    """How ``scale`` is told to read a stored picture's colours."""
    source_range = "full" if conversion.full_range else "limited"
    matrix = f":in_color_matrix={conversion.matrix}" if conversion.matrix != "rgb" else ""
    return f"in_range={source_range}{matrix}"


def _between(picture: Picture, conversion: Conversion) -> str | None:
    """The R'G'B' that colours go through to BT.709's matrix; None where they can go straight.

    On its own way from matrix to matrix swscale rounds to 8 bits in between; and it puts half a code on what goes from
    full range of more than 8 bits straight to limited. What has more than 8 bits is dithered when it comes to 8 (else
    skies have steps); what has no more is rounded.
    """
    deep = picture.bit_depth > 8
    if picture.alpha or not (conversion.matrix in ("bt601", "bt2020") or (conversion.full_range and deep)):
        return None
    return "gbrp16le" if deep else "gbrpf32le"


def filters_for(picture: Picture, conversion: Conversion, table: Path | None = None) -> list[tuple[str, str]]:
    """Names and arguments of the filters, in order; ``table`` is the conversion's table of colours, if it has one."""
    chain: list[tuple[str, str]] = []
    if conversion.crop is not None:
        x, y, width, height = conversion.crop
        chain.append(("crop", f"{width}:{height}:{x}:{y}:exact=1"))
    wide, high = conversion.box.width, conversion.box.height
    if conversion.turn in (90, 270):
        wide, high = high, wide
    _, _, used_wide, used_high = conversion.crop or (0, 0, picture.width, picture.height)
    enlarges = wide * high > used_wide * used_high
    scaling = _ENLARGING if enlarges else _SCALING
    reading = _reading(conversion)
    writing = "out_color_matrix=bt709:out_range=limited"
    form = "yuva420p" if picture.alpha else "yuv420p"
    straight = picture.alpha and not conversion.premultiplied
    if straight and table is None:
        chain += premultiplying(reading, _SCALING)
        reading = "in_range=full"
    if table is not None:
        # swscale would tone-map by the file's own mastering data, which phones get wrong.
        chain += [
            ("sidedata", "mode=delete"),
            ("setparams", "color_primaries=bt709:color_trc=bt709"),
            ("scale", f"{wide}:{high}:{reading}:{scaling}"),
            ("format", "gbrap16le" if picture.alpha else "gbrp16le"),
            ("lut3d", f"file={table}:interp=tetrahedral"),
            # A table is for colours as they are.
            *([("premultiply", "inplace=1")] if straight else []),
            ("scale", f"{writing}:{_SCALING}"),
        ]
    elif (between := _between(picture, conversion)) is not None:
        # The fewer pixels there are when the matrix changes, the quicker.
        read, write = ("", f"{wide}:{high}:") if enlarges else (f"{wide}:{high}:", "")
        chain += [
            ("scale", f"{read}{reading}:{_SCALING}"),
            ("format", between),
            ("scale", f"{write}{writing}:{scaling}"),
        ]
    else:
        chain.append(("scale", f"{wide}:{high}:{reading}:{writing}:{scaling}"))
    chain.append(("format", form))
    if conversion.mirror:
        chain.append(("hflip", ""))
    chain += [(name, arguments) for name, _, arguments in (turn.partition("=") for turn in _TURNS[conversion.turn])]
    return chain


def graph_of(frame: VideoFrame, time_base: Fraction, chain: list[tuple[str, str]]) -> Graph:
    """A configured graph for frames like ``frame``."""
    graph = Graph()
    graph.threads = 1
    before = graph.add_buffer(
        width=frame.width, height=frame.height, format=frame.format, time_base=time_base, name="in"
    )
    for number, (name, arguments) in enumerate(chain):
        node = graph.add(name, arguments or None, name=f"{name}{number}")
        before.link_to(node)
        before = node
    before.link_to(graph.add("buffersink"))
    graph.configure()
    return graph


@dataclass(slots=True)
class Converter:
    """Converts the frames of one file for one layer. A file may change its frames' size or format on the way."""

    picture: Picture
    conversion: Conversion
    raster: Raster
    _graph: Graph | None = None
    _form: Form | None = None
    _samples: Graph | None = None
    _sampled: int = 0

    def _graph_for(self, frame: VideoFrame) -> Graph:
        picture, conversion = self.picture, self.conversion
        with ExitStack() as exits:
            wanted = table_of(conversion)
            table = exits.enter_context(table_file(wanted)) if wanted else None
            chain = filters_for(picture, conversion, table)
            if (frame.width, frame.height) != (picture.width, picture.height):
                # The crop is counted in pixels of the size that the film began with.
                chain.insert(0, ("scale", f"{picture.width}:{picture.height}:{_SCALING}"))
            if not conversion.full_range and (form := frame.format.name).startswith("yuvj"):
                # FFmpeg's old names of full range formats are believed whatever ``in_range`` says: the same numbers
                # under a name that says nothing.
                plain = form.replace("yuvj", "yuv")
                chain[:0] = [("scale", f"in_range=full:out_range=full:{_SCALING}"), ("format", plain)]
            return graph_of(frame, Fraction(1, 1000), chain)

    def _count_strays(self, frame: VideoFrame) -> None:
        """Count what a table of colours has to clip, on some pixels of some pictures."""
        table = table_of(self.conversion)
        number, self._sampled = self._sampled, self._sampled + 1
        if table is None or number % _SAMPLED_EVERY:
            return
        if self._samples is None:
            wide, high = _SAMPLED
            chain = [("scale", f"{wide}:{high}:{_reading(self.conversion)}:flags=neighbor"), ("format", "gbrp16le")]
            self._samples = graph_of(frame, Fraction(1, 1000), chain)
        self._samples.vpush(frame)
        green, blue, red = (
            np.frombuffer(memoryview(plane), np.uint16).reshape(plane.height, -1)[:, : plane.width].ravel()
            for plane in self._samples.vpull().planes
        )
        code = np.stack([red, green, blue], axis=-1) * (HEADROOM / 65535)
        clipped, outside = strays_in(code, table)
        count(pixels=len(code), clipped=clipped, outside=outside)

    def patches(self, frame: VideoFrame) -> tuple[Patch, ...]:
        """What a decoded frame shows."""
        form = form_of(frame)
        if self._graph is None or form != self._form:
            self._graph, self._form, self._samples = self._graph_for(frame), form, None
        # The conversion says how colours are read; the frame's own tags would be a second opinion.
        frame.colorspace, frame.color_range = 2, 0
        self._count_strays(frame)
        self._graph.vpush(frame)
        converted = self._graph.vpull()
        box = self.conversion.box
        if self.picture.alpha:
            patch = alpha_patch(converted, self.conversion)
        else:
            luma, cb, cr = legal(*planes_of(converted))
            patch = Patch(x=box.x, y=box.y, luma=luma, cb=cb, cr=cr)
        patch = clipped(patch, self.conversion.clip)
        if not self.conversion.backdrop:
            return (patch,)
        return backdrop(patch.luma, patch.cb, patch.cr, self.raster), patch
