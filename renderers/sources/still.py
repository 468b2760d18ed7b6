"""Contributed stills: photographs, scans and drawings, examined and shown as one picture that stands."""

from collections.abc import Iterator
from itertools import repeat
from pathlib import Path

import numpy as np
from PIL import Image, ImageFile

from crowdcut.media import Colour, Media, Picture
from crowdcut.orders import Still
from renderers.colour.tone import table_of
from renderers.frames.alpha import straightened
from renderers.frames.alpha_evidence import AlphaEvidence
from renderers.frames.fit import needed_size, patches_for
from renderers.patch import Drawn, patch_from_opaque
from renderers.sources import Setting
from renderers.stills.deep_still import deep_pixels
from renderers.stills.jpeg_colour import jpeg_pixels, patch_from_jpeg
from renderers.stills.pictures import (
    UNTURNED,
    Pixels,
    has_alpha,
    is_picture,
    opened_image,
    pillow_errors,
    profile_fits,
    srgb,
    turn_of,
)
from renderers.stills.recolouring import recoloured
from renderers.stills.still_colour import still_colour

AS_SRGB = Colour(primaries="bt709", transfer="iec61966-2-1", matrix="gbr", full_range=True)
"""What stills and animations are once they are decoded, whatever profile they came with."""

_PIXEL_FORMATS = {"1": "monob", "L": "gray", "P": "pal8", "CMYK": "cmyk", "LAB": "lab", "YCbCr": "yuv444p"}


def _bit_depth(image: Image.Image) -> int:
    if image.mode.startswith("I"):
        return 16
    if image.format == "TIFF":
        bits = getattr(image, "tag_v2", {}).get(258, (8,))
        return max(8, *bits) if isinstance(bits, tuple) else 8
    tiles = image.tile if isinstance(image, ImageFile.ImageFile) else []
    deep = bool(tiles) and str(tiles[0].args).endswith(";16B")
    return 16 if deep else int(image.info.get("bit_depth", 8))


def _is_transparent(image: Image.Image) -> bool:
    """Whether a decoded picture is transparent anywhere; an alpha channel alone says little."""
    if not has_alpha(image):
        return False
    lowest, _ = image.convert("RGBA").getchannel("A").getextrema()
    return isinstance(lowest, int | float) and lowest < 255


def _remarks(image: Image.Image) -> list[str]:
    remarks = []
    if not profile_fits(image):
        remarks.append("its colour profile cannot be used and is left out")
    elif image.mode == "CMYK" and not image.info.get("icc_profile"):
        remarks.append("it is in printing colours (CMYK) without a profile: its colours on screen are a guess")
    if image.format in ("TIFF", "HEIF", "PSD") and getattr(image, "is_animated", False):
        remarks.append("it holds more than one picture; the first one is used")
    return remarks


def _examined(path: Path, suffix: str) -> Media:
    with opened_image(path, suffix) as image:
        width, height = image.size
        depth = _bit_depth(image)
        # A JPEG is read through at an eighth of its size: that finds damage as well, and quicker.
        image.draft(None, (1, 1))
        with pillow_errors(path):
            image.load()
            alpha = _is_transparent(image)
            evidence = AlphaEvidence()
            if alpha:
                evidence.add(np.asarray(image.convert("RGBA")))
            remarks = _remarks(image)
        colour, profiled = still_colour(path), bool(image.info.get("icc_profile"))
        if colour.gain_map:
            remarks.append("it has a gain map for displays of high dynamic range; it is shown in standard range")
        turn = turn_of(image)
        if turn is None:
            remarks.append(UNTURNED)
        rotation, mirrored = turn or (0, False)
        form = (image.format or "").lower()
        picture = Picture(
            codec=form,
            width=width,
            height=height,
            rotation=rotation,
            mirrored=mirrored,
            pixel_format="rgba" if alpha else "gray16le" if depth == 16 and image.mode[0] == "I" else _named(image),
            bit_depth=depth,
            alpha=alpha,
            premultiplied=evidence.is_premultiplied,
            colour=colour.coded if colour.coded and (colour.before_profile or not profiled) else AS_SRGB,
        )
        return Media(kind="still", container=form, picture=picture, remarks=tuple(remarks))


def _named(image: Image.Image) -> str:
    return _PIXEL_FORMATS.get(image.mode, "rgb24")


def examine(path: Path, head: bytes, suffix: str) -> Media | None:
    """What the still in ``path`` is; None if it claims to be no picture. Raises JobFailed for one that is broken.

    head : the file's first bytes.
    suffix : the file's ending in lower case, a hint.
    """
    return _examined(path, suffix) if is_picture(head, suffix) else None


def _pixels(still: Still, path: Path, needed: tuple[int, int]) -> Pixels:
    """The picture in sRGB, or at all its bits through its table of colours; perhaps smaller than it is stored."""
    picture, table = still.picture, table_of(still.conversion)
    if table is not None and not picture.alpha:
        deep = deep_pixels(path, picture.codec, (picture.width, picture.height), needed)
        if deep is not None:
            return recoloured(deep, table)
    with opened_image(path, picture.codec) as image:
        image.draft(None, needed)
        with pillow_errors(path):
            image.load()
            if table is not None:
                image.info.pop("icc_profile", None)
            pixels = srgb(straightened(image) if still.conversion.premultiplied else image, needed=needed)
    if not picture.alpha:
        pixels = pixels[..., :3]
    return pixels if table is None else recoloured(pixels, table)


def frames(still: Still, setting: Setting) -> Iterator[Drawn]:
    """The still in its place, the same for every frame."""
    path, picture, conversion = setting.inputs[still.file], still.picture, still.conversion
    stored = (picture.width, picture.height)
    needed, opaque_patch = needed_size(conversion, stored), patch_from_jpeg
    pixels = jpeg_pixels(path, picture.codec, needed) if table_of(conversion) is None else None
    if pixels is None:
        pixels, opaque_patch = _pixels(still, path, needed), patch_from_opaque
    drawn = Drawn(patches=patches_for(pixels, conversion, setting.raster, stored, opaque_patch=opaque_patch))
    yield from repeat(drawn, setting.count)
