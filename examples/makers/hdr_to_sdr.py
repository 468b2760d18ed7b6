"""What high dynamic range colours should look like in BT.709: ITU-R BT.2446-1 method A, a number at a time.

Written from the recommendation, apart from ``renderers.colour.tone``, and without a table.
"""

from math import exp, log
from typing import Literal

import numpy as np
from numpy.typing import NDArray

PEAK_HDR, PEAK_SDR = 1000.0, 100.0
"""cd/m2."""


def _pq(code: float) -> float:
    """cd/m2 of a PQ code (BT.2100-2, table 4)."""
    root = code ** (32 / 2523)
    return 10_000 * (max(root - 107 / 128, 0) / (2413 / 128 - 2392 / 128 * root)) ** (16384 / 2610)


def _hlg_scene(code: float) -> float:
    """Scene light 0..1 of an HLG code (BT.2100-2, table 5)."""
    return code * code / 3 if code <= 0.5 else (exp((code - 0.55991073) / 0.17883277) + 0.28466892) / 12


def _displayed(code: NDArray[np.float64], tone: Literal["pq", "hlg"]) -> NDArray[np.float64]:
    """Linear BT.2020 light of three codes, 1 at the HDR peak."""
    if tone == "pq":
        return np.array([min(_pq(one) / PEAK_HDR, 1.0) for one in code])
    scene = np.array([_hlg_scene(one) for one in code])
    return scene * (0.2627 * scene[0] + 0.6780 * scene[1] + 0.0593 * scene[2]) ** 0.2


def _toned(luma: float) -> float:
    """Clause 4.2.2, tables 3 to 5: the luma Y' of SDR."""
    rho_hdr, rho_sdr = (1 + 32 * (peak / 10_000) ** (1 / 2.4) for peak in (PEAK_HDR, PEAK_SDR))
    perceived = log(1 + (rho_hdr - 1) * luma) / log(rho_hdr)
    if perceived <= 0.7399:
        bent = 1.0770 * perceived
    elif perceived < 0.9909:
        bent = -1.1510 * perceived**2 + 2.7811 * perceived - 0.6302
    else:
        bent = 0.5 * perceived + 0.5
    return (rho_sdr**bent - 1) / (rho_sdr - 1)


def _one(code: NDArray[np.float64], tone: Literal["pq", "hlg"]) -> NDArray[np.float64]:
    red, green, blue = _displayed(code, tone) ** (1 / 2.4)
    luma = 0.2627 * red + 0.6780 * green + 0.0593 * blue
    toned = _toned(luma)
    gain = toned / (1.1 * luma)
    cb, cr = gain * (blue - luma) / 1.8814, gain * (red - luma) / 1.4746
    luma = toned - max(0.1 * cr, 0)
    red, blue = luma + 1.4746 * cr, luma + 1.8814 * cb
    green = luma - (0.0593 * 1.8814 * cb + 0.2627 * 1.4746 * cr) / 0.6780
    light = np.clip([red, green, blue], 0, 1) ** 2.4
    # BT.2087-0 table 3: BT.2020 to BT.709 primaries.
    to_709 = np.array([[1.6605, -0.5876, -0.0728], [-0.1246, 1.1329, -0.0083], [-0.0182, -0.1006, 1.1187]])
    return np.clip(to_709 @ light, 0, 1) ** (1 / 2.4)


def sdr_from(codes: NDArray[np.float64], tone: Literal["pq", "hlg"]) -> NDArray[np.float64]:
    """BT.709 R'G'B' 0..1 of R'G'B' codes 0..1 in BT.2020 and ``tone``. [shape=(n, 3)]"""
    return np.array([_one(code, tone) for code in codes])
