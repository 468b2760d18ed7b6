"""One delivery's numbers, from ``profiles.toml`` and from a manifest's own ``[profile.x]`` tables."""

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction

from crowdcut.orders import PictureEncoding


@dataclass(frozen=True, slots=True, kw_only=True)
class Profile:
    """A delivery."""

    name: str
    doc: str
    """One sentence for people."""
    width: int
    """Pixels, even."""
    height: int
    """Pixels, even."""
    rate: Fraction | None
    """Frames a second; None: the programme's."""
    extension: str
    encoding: PictureEncoding
    audio_codec: str
    audio_bit_rate: int
    integrated_lufs: float
    """LUFS (BT.1770-4)."""
    true_peak_dbtp: float
    """dBTP, ceiling."""
    burn_in: bool
    """Whether the shot's name and source time are drawn into the picture."""


def profile_from(name: str, own: Mapping[str, Mapping[str, object]]) -> Profile:
    """The profile ``name``; ``own`` are the manifest's tables. Raises KeyError with a sentence for an unknown name."""
    raise NotImplementedError
