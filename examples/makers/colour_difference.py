"""CIEDE2000 between two R'G'B' colours as a BT.1886 display shows them."""

import numpy as np
from numpy.typing import NDArray

Colours = NDArray[np.float64]
"""[shape=(n, 3)]"""

_TO_XYZ = np.array(
    [[0.4123908, 0.3575843, 0.1804808], [0.2126390, 0.7151687, 0.0721923], [0.0193308, 0.1191948, 0.9505322]]
)
"""BT.709 primaries and D65 (from BT.709-6's chromaticities)."""
_GAMMA = 2.4
"""BT.1886 with black at nothing."""


def lab_from(rgb: Colours) -> Colours:
    """CIE L*a*b* (D65) of R'G'B' 0..1; the white is the display's own."""
    xyz = np.clip(rgb, 0, 1) ** _GAMMA @ _TO_XYZ.T / _TO_XYZ.sum(axis=1)
    bent = np.where(xyz > (6 / 29) ** 3, np.cbrt(xyz), xyz / (3 * (6 / 29) ** 2) + 4 / 29)
    x, y, z = bent.T
    return np.stack([116 * y - 16, 500 * (x - y), 200 * (y - z)], axis=1)


def _hue(a: Colours, b: Colours) -> Colours:
    return np.degrees(np.arctan2(b, a)) % 360


def lab_difference(one: Colours, other: Colours) -> Colours:
    """CIEDE2000 of L*a*b* colours, pair by pair (CIE 142-2001; Sharma, Wu, Dalal 2005)."""
    (l1, a1, b1), (l2, a2, b2) = one.T, other.T
    chroma = (np.hypot(a1, b1) + np.hypot(a2, b2)) / 2
    grey = 0.5 * (1 - np.sqrt(chroma**7 / (chroma**7 + 25.0**7)))
    a1, a2 = a1 * (1 + grey), a2 * (1 + grey)
    c1, c2 = np.hypot(a1, b1), np.hypot(a2, b2)
    h1, h2 = _hue(a1, b1), _hue(a2, b2)
    coloured = c1 * c2 > 0
    turn = np.where(coloured, (h2 - h1 + 180) % 360 - 180, 0)
    apart = 2 * np.sqrt(c1 * c2) * np.sin(np.radians(turn / 2))
    light, chroma = (l1 + l2) / 2, (c1 + c2) / 2
    hue = np.where(coloured, (h1 + turn / 2) % 360, h1 + h2)
    cosine = lambda factor, offset: np.cos(np.radians(factor * hue + offset))  # noqa: E731
    t = 1 - 0.17 * cosine(1, -30) + 0.24 * cosine(2, 0) + 0.32 * cosine(3, 6) - 0.20 * cosine(4, -63)
    s_l = 1 + 0.015 * (light - 50) ** 2 / np.sqrt(20 + (light - 50) ** 2)
    s_c, s_h = 1 + 0.045 * chroma, 1 + 0.015 * chroma * t
    bend = np.radians(60 * np.exp(-(((hue - 275) / 25) ** 2)))
    rotation = -2 * np.sqrt(chroma**7 / (chroma**7 + 25.0**7)) * np.sin(bend)
    dl, dc, dh = (l2 - l1) / s_l, (c2 - c1) / s_c, apart / s_h
    return np.sqrt(dl**2 + dc**2 + dh**2 + rotation * dc * dh)


def difference(one: Colours, other: Colours) -> Colours:
    """CIEDE2000 of R'G'B' 0..1, pair by pair. [shape=(n,)]"""
    return lab_difference(lab_from(one), lab_from(other))
