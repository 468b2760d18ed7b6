"""Colours to BT.709 in standard dynamic range, as tables for FFmpeg's ``lut3d``: high dynamic range by ITU-R BT.2446-1
method A, wide gamuts by :mod:`renderers.colour.gamut`.

Where BT.2408's levels land (its clause 2.2, table 1): 18 % grey (26 cd/m2) at 33.5 % of SDR's range, HDR reference
white (203 cd/m2) at 69 %, 1000 cd/m2 at 100 %. Brighter than that is clipped.
"""

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path

import numpy as np

from crowdcut.orders import Conversion
from renderers.colour.gamut import HEADROOM, Light, nits_from_pq, sdr_in_709, to_709, to_2020, within

_SIZE = 65
"""Entries a side; between them ``lut3d`` interpolates (tetrahedral)."""
_PEAK_HDR = 1000.0
"""cd/m2 of the brightest HDR picture element (BT.2446-1 clause 4.1); HLG's nominal peak (BT.2100-2, note 5e)."""
_PEAK_SDR = 100.0
"""cd/m2, BT.2446-1 clause 4.1, of the reference display of BT.2035."""

_CLIPPED, _OUTSIDE, _DARK = 1.002, 0.01, 0.001
"""Parts of the peak: what is brighter counts as clipped, what is more below 0 (of its brightest part) as out of gamut,
and what is darker as black, whose colour nobody sees."""

_LUMA_2020 = np.array([0.2627, 0.6780, 0.0593])


def _light_from_pq(code: Light, primaries: str) -> Light:
    """BT.2100-2 table 4: PQ's EOTF, as parts of the HDR peak, BT.2020 RGB."""
    light = nits_from_pq(code) / _PEAK_HDR
    return light if primaries == "bt2020" else np.maximum(light @ to_2020(primaries).T, 0)


def _light_from_hlg(code: Light, primaries: str) -> Light:
    """BT.2100-2 table 5: HLG's inverse OETF and its OOTF (gamma 1.2 at 1000 cd/m2), as parts of the HDR peak."""
    a, b, c = 0.17883277, 0.28466892, 0.55991073
    scene = np.where(code <= 0.5, code**2 / 3, (np.exp((code - c) / a) + b) / 12)
    if primaries != "bt2020":
        scene = np.maximum(scene @ to_2020(primaries).T, 0)
    luminance = scene @ _LUMA_2020
    return scene * np.maximum(luminance, 1e-9)[..., None] ** 0.2


def _rho(peak: float) -> float:
    return 1 + 32 * (peak / 10_000) ** (1 / 2.4)


def _luma_toned(luma: Light) -> Light:
    """BT.2446-1 clause 4.1, steps 1 to 3: to a perceptual scale, bent by its knee, and back to SDR's range."""
    perceived = np.log1p((_rho(_PEAK_HDR) - 1) * luma) / np.log(_rho(_PEAK_HDR))
    bent = np.select(
        [perceived <= 0.7399, perceived < 0.9909],
        [1.0770 * perceived, -1.1510 * perceived**2 + 2.7811 * perceived - 0.6302],
        0.5 * perceived + 0.5,
    )
    return (_rho(_PEAK_SDR) ** bent - 1) / (_rho(_PEAK_SDR) - 1)


def _sdr_from(light: Light) -> Light:
    """Linear BT.2020 light (parts of the HDR peak) to BT.709 R'G'B': BT.2446-1 clause 4.1, then the gamut."""
    coded = light ** (1 / 2.4)
    luma = coded @ _LUMA_2020
    toned = _luma_toned(luma)
    gain = toned / (1.1 * np.maximum(luma, 1e-9))
    cb = gain * (coded[..., 2] - luma) / 1.8814
    cr = gain * (coded[..., 0] - luma) / 1.4746
    toned = toned - np.maximum(0.1 * cr, 0)
    red, blue = toned + 1.4746 * cr, toned + 1.8814 * cb
    green = (toned - _LUMA_2020[0] * red - _LUMA_2020[2] * blue) / _LUMA_2020[1]
    sdr = np.clip(np.stack([red, green, blue], axis=-1), 0, HEADROOM) ** 2.4
    return within(sdr, "bt2020") ** (1 / 2.4)


def table_of(conversion: Conversion) -> str | None:
    """The table that a conversion asks for; None where there is nothing to be done.

    ``pq`` and ``hlg`` (BT.2020 primaries), these with other primaries (``pq-smpte432``), or the primaries of a picture
    in standard dynamic range.
    """
    return "-".join(filter(None, (conversion.tone, conversion.primaries))) or None


def _light_in(code: Light, table: str) -> Light | None:
    """Linear BT.2020 light of high dynamic range, as parts of its peak; None in standard dynamic range."""
    tone, _, primaries = table.partition("-")
    light_from = {"pq": _light_from_pq, "hlg": _light_from_hlg}.get(tone)
    return light_from(code, primaries or "bt2020") if light_from is not None else None


def in_709(code: Light, table: str) -> Light:
    """Coded R'G'B' as BT.709 R'G'B', white at 1 in both. table : see :func:`table_of`."""
    light = _light_in(code, table)
    return sdr_in_709(code, table) if light is None else _sdr_from(np.minimum(light, 1))


def strays_in(code: Light, table: str) -> tuple[int, int]:
    """How many of the coded R'G'B' of a picture are clipped as too bright, and how many are out of BT.709's gamut.

    code : [shape=(n, 3)] white at 1. table : as for :func:`in_709`.
    """
    light, primaries = _light_in(code, table), "bt2020"
    clipped = ((light if light is not None and table.startswith("pq") else code) > _CLIPPED).any(axis=1)
    if light is None:
        light, primaries = code**2.4, table
    most = light.max(axis=1)
    outside = ((light @ to_709(primaries).T).min(axis=1) < -_OUTSIDE * most) & (most > _DARK)
    return int(clipped.sum()), int(outside.sum())


@cache
def _cube(table: str) -> str:
    """A table as the text of a ``.cube`` file; made once a process."""
    steps = np.linspace(0, HEADROOM, _SIZE)
    blue, green, red = np.meshgrid(steps, steps, steps, indexing="ij")  # red runs fastest in a .cube
    code = np.stack([red, green, blue], axis=-1)
    # Plane by plane: larger products go to BLAS's threads, which takes ten times as long on busy cores.
    colours = np.concatenate([in_709(plane, table) for plane in code]) / HEADROOM
    # Rounded before use: powers differ in their last digits from one make of CPU to another.
    lines = [f"LUT_3D_SIZE {_SIZE}", *(f"{r:.6f} {g:.6f} {b:.6f}" for r, g, b in colours.reshape(-1, 3))]
    return "\n".join(lines)


@contextmanager
def table_file(table: str) -> Iterator[Path]:
    """A ``.cube`` file of :func:`in_709`; gone after the block. ``lut3d`` reads it while its graph is made."""
    text = _cube(table)
    with tempfile.TemporaryDirectory(prefix="crowdcut-tone-") as folder:
        file = Path(folder) / f"{table}.cube"
        file.write_text(text, encoding="ascii")
        yield file
