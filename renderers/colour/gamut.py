"""Colours of wider gamuts in BT.709's: those that it holds stay as they are, the others keep their hue and brightness
and lose what they must of their saturation."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

Light = NDArray[np.floating[Any]]
"""[shape=(..., 3)] red, green and blue; linear, or coded where a function says so."""

_CHROMATICITIES = {
    "bt709": ((0.640, 0.330), (0.300, 0.600), (0.150, 0.060)),  # BT.709-6, item 1.3
    "bt2020": ((0.708, 0.292), (0.170, 0.797), (0.131, 0.046)),  # BT.2020-2, table 3
    "smpte432": ((0.680, 0.320), (0.265, 0.690), (0.150, 0.060)),  # SMPTE EG 432-1: Display P3
}
"""x and y of red, green and blue, by FFmpeg's names."""
_WHITE = (0.3127, 0.3290)
"""D65, of all of them."""

_PEAK_SDR = 100.0
"""cd/m2 of white, BT.2035."""
HEADROOM = 65535 / 65280
"""swscale puts the white of R'G'B' in 16 bits at 255 * 256 of 65535: what colours are brought into reaches that far."""
_HALVINGS = 12
"""Of the way between a grey and its colour: to a 4096th."""

# BT.2100-2 table 4 (PQ) and table 7 (ICtCp).
_M1, _M2, _C1, _C2, _C3 = 2610 / 16384, 2523 / 32, 3424 / 4096, 2413 / 128, 2392 / 128
_TO_LMS = np.array([[1688, 2146, 262], [683, 2951, 462], [99, 309, 3688]]) / 4096
_TO_ICTCP = np.array([[2048, 2048, 0], [6610, -13613, 7003], [17933, -17390, -543]]) / 4096
_GAMMA = 2.4
"""BT.1886 annex 1: what a display makes of coded values, with a black of 0."""


def _xyz_of(point: tuple[float, float]) -> list[float]:
    x, y = point
    return [x / y, 1.0, (1 - x - y) / y]


def _to_xyz(primaries: str) -> Light:
    """The normalised primary matrix of SMPTE RP 177, clause 3.3."""
    columns: Light = np.array([_xyz_of(point) for point in _CHROMATICITIES[primaries]], np.float64).T
    return np.asarray(columns * np.linalg.solve(columns, np.array(_xyz_of(_WHITE))), np.float64)


def to_709(primaries: str) -> Light:
    """The matrix from linear RGB of ``primaries`` to that of BT.709: for BT.2020 the one of BT.2407-0, clause 2."""
    return np.asarray(np.linalg.solve(_to_xyz("bt709"), _to_xyz(primaries)), np.float64)


def to_2020(primaries: str) -> Light:
    """The matrix from linear RGB of ``primaries`` to that of BT.2020."""
    return np.asarray(np.linalg.solve(_to_xyz("bt2020"), _to_xyz(primaries)), np.float64)


def pq_from_nits(nits: Light) -> Light:
    """PQ's inverse EOTF: 0..10,000 cd/m2 to 0..1."""
    power = (np.maximum(nits, 0) / 10_000) ** _M1
    return ((_C1 + _C2 * power) / (1 + _C3 * power)) ** _M2


def nits_from_pq(code: Light) -> Light:
    """PQ's EOTF: 0..1 to 0..10,000 cd/m2."""
    root = np.clip(code, 0, 1) ** (1 / _M2)
    return 10_000 * (np.maximum(root - _C1, 0) / (_C2 - _C3 * root)) ** (1 / _M1)


def ictcp_from(nits: Light) -> Light:
    """Linear BT.2020 RGB, cd/m2, as I, Ct and Cp."""
    return pq_from_nits(nits @ _TO_LMS.T) @ _TO_ICTCP.T


def _nits_from(ictcp: Light) -> Light:
    return nits_from_pq(ictcp @ np.linalg.inv(_TO_ICTCP).T) @ np.linalg.inv(_TO_LMS).T


def within(light: Light, primaries: str) -> Light:
    """Linear RGB of ``primaries``, white at 1, as linear BT.709 RGB from 0 to white's headroom.

    BT.2407-0's clause 2 clips each channel, which turns hues. Here a colour out of gamut goes straight towards the grey
    of its own brightness, at its own hue in ICtCp, no further than it must.
    """
    found, top = light @ to_709(primaries).T, HEADROOM**_GAMMA
    outside = ((found < 0) | (found > top)).any(axis=-1)
    colours = ictcp_from(_PEAK_SDR * light[outside] @ to_2020(primaries).T)
    to_found = to_709("bt2020").T / _PEAK_SDR
    low, high = np.zeros((len(colours), 1)), np.ones((len(colours), 1))
    for _ in range(_HALVINGS):
        middle = (low + high) / 2
        tried = _nits_from(colours * np.concatenate([np.ones_like(middle), middle, middle], axis=1)) @ to_found
        inside = ((tried >= 0) & (tried <= top)).all(axis=1, keepdims=True)
        low, high = np.where(inside, middle, low), np.where(inside, high, middle)
    kept = colours * np.concatenate([np.ones_like(low), low, low], axis=1)
    found[outside] = _nits_from(kept) @ to_found
    return np.clip(found, 0, top)


def sdr_in_709(code: Light, primaries: str) -> Light:
    """R'G'B' of ``primaries`` in standard dynamic range as BT.709 R'G'B', white at 1 (BT.1886, light for light)."""
    return within(code**_GAMMA, primaries) ** (1 / _GAMMA)
