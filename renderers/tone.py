"""High dynamic range to BT.709: ITU-R BT.2446-1 method A as a table for FFmpeg's ``lut3d``."""

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

_SIZE = 65
"""Entries a side; between them ``lut3d`` interpolates (tetrahedral)."""
_PEAK_HDR = 1000.0
"""cd/m2 of the brightest HDR picture element; BT.2100 HLG's nominal peak."""
_PEAK_SDR = 100.0
"""cd/m2, BT.2035."""

# BT.2087: BT.2020 to BT.709 primaries, both linear.
_TO_709 = np.array([[1.6605, -0.5876, -0.0728], [-0.1246, 1.1329, -0.0083], [-0.0182, -0.1006, 1.1187]])
_LUMA_2020 = np.array([0.2627, 0.6780, 0.0593])

Light = NDArray[np.float64]


def _light_from_pq(code: Light) -> Light:
    """BT.2100 table 4: PQ's EOTF, as parts of the HDR peak."""
    m1, m2, c1, c2, c3 = 2610 / 16384, 2523 / 32, 3424 / 4096, 2413 / 128, 2392 / 128
    root = code ** (1 / m2)
    return np.minimum(10_000 / _PEAK_HDR * (np.maximum(root - c1, 0) / (c2 - c3 * root)) ** (1 / m1), 1)


def _light_from_hlg(code: Light) -> Light:
    """BT.2100 table 5: HLG's inverse OETF and its OOTF (gamma 1.2 at 1000 cd/m2)."""
    a, b, c = 0.17883277, 0.28466892, 0.55991073
    scene = np.where(code <= 0.5, code**2 / 3, (np.exp((code - c) / a) + b) / 12)
    luminance = scene @ _LUMA_2020
    return scene * np.maximum(luminance, 1e-9)[..., None] ** 0.2


def _rho(peak: float) -> float:
    return 1 + 32 * (peak / 10_000) ** (1 / 2.4)


def _luma_toned(luma: Light) -> Light:
    """BT.2446-1 clause 4.2: perceptual log, knee, and back to SDR's range."""
    perceived = np.log1p((_rho(_PEAK_HDR) - 1) * luma) / np.log(_rho(_PEAK_HDR))
    bent = np.select(
        [perceived <= 0.7399, perceived < 0.9909],
        [1.0770 * perceived, -1.1510 * perceived**2 + 2.7811 * perceived - 0.6302],
        0.5 * perceived + 0.5,
    )
    return (_rho(_PEAK_SDR) ** bent - 1) / (_rho(_PEAK_SDR) - 1)


def _sdr_from(light: Light) -> Light:
    """Linear BT.2020 light (parts of the HDR peak) to BT.709 R'G'B' 0..1."""
    coded = light ** (1 / 2.4)
    luma = coded @ _LUMA_2020
    toned = _luma_toned(luma)
    gain = toned / (1.1 * np.maximum(luma, 1e-9))
    cb = gain * (coded[..., 2] - luma) / 1.8814
    cr = gain * (coded[..., 0] - luma) / 1.4746
    toned = toned - np.maximum(0.1 * cr, 0)
    red, blue = toned + 1.4746 * cr, toned + 1.8814 * cb
    green = (toned - _LUMA_2020[0] * red - _LUMA_2020[2] * blue) / _LUMA_2020[1]
    sdr = np.clip(np.stack([red, green, blue], axis=-1), 0, 1) ** 2.4
    return np.clip(sdr @ _TO_709.T, 0, 1) ** (1 / 2.4)


@cache
def _cube(tone: str) -> str:
    """The table as the text of a ``.cube`` file; made once a process."""
    steps = np.linspace(0, 1, _SIZE)
    blue, green, red = np.meshgrid(steps, steps, steps, indexing="ij")  # red runs fastest in a .cube
    code = np.stack([red, green, blue], axis=-1)
    table = _sdr_from(_light_from_pq(code) if tone == "pq" else _light_from_hlg(code))
    # Rounded before use: powers differ in their last digits from one make of CPU to another.
    lines = [f"LUT_3D_SIZE {_SIZE}", *(f"{r:.6f} {g:.6f} {b:.6f}" for r, g, b in table.reshape(-1, 3))]
    return "\n".join(lines)


@contextmanager
def tone_file(tone: str) -> Iterator[Path]:
    """A ``.cube`` file that brings ``pq`` or ``hlg`` R'G'B' (BT.2020) to BT.709 R'G'B'; gone after the block.

    ``lut3d`` reads it when its graph is made, and only then.
    """
    with tempfile.TemporaryDirectory(prefix="crowdcut-tone-") as folder:
        file = Path(folder) / f"{tone}.cube"
        file.write_text(_cube(tone), encoding="ascii")
        yield file
