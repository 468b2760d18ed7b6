"""Clips whose container says that only a part of the stored picture is to be seen; FFmpeg's library writes none."""

from pathlib import Path

from examples.makers.faulty_clip import Clip, write_faulty


def _clap(clip: Clip) -> bytes:
    """The box (ISO/IEC 14496-12, 12.1.4): width, height, and how far its middle is from the picture's, in halves."""
    assert clip.aperture is not None
    x, y, width, height = clip.aperture
    right, down = 2 * x + width - clip.size[0], 2 * y + height - clip.size[1]
    numbers = (width, 1, height, 1, right, 2, down, 2)
    return b"\0\0\0\x28clap" + b"".join(number.to_bytes(4, signed=True) for number in numbers)


def write_with_clean_aperture(path: Path, clip: Clip) -> Path:
    """An MP4 or QuickTime film in H.264 with a clean aperture."""
    data = bytearray(write_faulty(path, clip).read_bytes())
    place, end = data.index(b"moov") - 4, 0
    for name in (b"moov", b"trak", b"mdia", b"minf", b"stbl", b"stsd", b"avc1"):
        place = data.index(name, place) - 4
        size = int.from_bytes(data[place : place + 4])
        end = place + size
        data[place : place + 4] = (size + 40).to_bytes(4)
    data[end:end] = _clap(clip)
    path.write_bytes(data)
    return path


def write_with_pixel_crop(path: Path, clip: Clip) -> Path:
    """A Matroska film that its container crops (RFC 9559, PixelCropBottom and its like), in place of the container's
    colour tags; those of its coding stay."""
    assert clip.aperture is not None
    x, y, width, height = clip.aperture
    crops = {0x54AA: clip.size[1] - y - height, 0x54BB: y, 0x54CC: x, 0x54DD: clip.size[0] - x - width}
    elements = b"".join(name.to_bytes(2) + bytes([0x81, pixels]) for name, pixels in crops.items())
    data = bytearray(write_faulty(path, clip).read_bytes())
    start = data.index(b"\x55\xb0\x90")
    data[start : start + 19] = elements + b"\xec\x81\0"
    path.write_bytes(data)
    return path
