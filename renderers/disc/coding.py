"""How FFmpeg's MPEG-2 encoder is set for a disc: Main Profile at Main Level, within half of the decoder's buffer."""

from dataclasses import replace

from av.packet import Packet
from av.video.codeccontext import VideoCodecContext

from crowdcut.disc.standards import Standard
from crowdcut.findings import Finding, JobFailed
from crowdcut.orders import PictureEncoding

_BITS_MAX, _BUFFER_BITS = 8_000_000, 917_504
"""Bits a second, and the half of the buffer that the encoder thinks is all of it: so a piece of half a second or more
keeps the agreement of ``vbv`` whatever is in it."""
_MATRICES = {"smpte170m": 6, "bt470bg": 5}
"""H.273 code points of matrix coefficients."""


_COARSEST = 28
"""Of 31 steps of the non-linear scale (ISO/IEC 13818-2, table 7-6) the last that FFmpeg takes without complaint."""


def least_step(encoding: PictureEncoding) -> int:
    """The least quantiser step that an encoding may use, 1..28 on the non-linear scale."""
    return int(encoding.options["qmin"])


def coarser(encoding: PictureEncoding) -> PictureEncoding:
    """The encoding with a least step that takes about a fifth fewer bits: for a piece too short for its pictures.

    Raises JobFailed where there is none.
    """
    step = least_step(encoding)
    if step >= _COARSEST:
        found = "its pictures are too fine for so short a shot on a disc"
        raise JobFailed(Finding(rule="vbv", found=found, way_out="Make the shot longer, or soften it."))
    return replace(encoding, options={**encoding.options, "qmin": str(min(_COARSEST, step + 1 + step // 4))})


def dvd_options(encoding: PictureEncoding) -> dict[str, str]:
    """Options of the encoder ``mpeg2video``. Quality is the least quantiser step, ``qmin``, of the encoding's own."""
    return {
        "g": str(encoding.gop_frames),
        "bf": "2",
        "flags": "+cgop+bitexact+psnr",
        "sc_threshold": "1000000000",  # closed groups with B-pictures are refused without it
        "maxrate": str(_BITS_MAX),
        "bufsize": str(_BUFFER_BITS),
        "qmax": str(_COARSEST),
        "non_linear_quant": "1",
        "intra_vlc": "1",
        "mbd": "rd",
        "trellis": "1",
    }


def squared_error(packet: Packet) -> int:
    """The sum of the squared differences between a picture's luma as it was given and as it was coded."""
    for data in packet.iter_sidedata():
        if data.data_type == "quality_stats":
            # Lagrangian, picture type, number of planes, two bytes of nothing, then a sum for each plane.
            return int.from_bytes(bytes(data)[8:16], "little")
    return 0


def set_up_dvd(context: VideoCodecContext, standard: Standard) -> None:
    """Have the encoder keep to the standard."""
    context.bit_rate = _BITS_MAX
    context.sample_aspect_ratio = standard.pixel_aspect
    context.colorspace = _MATRICES[standard.matrix]
