"""What a contender gives to be measured, and the encoder settings that all of them share."""

from dataclasses import dataclass
from pathlib import Path

from crowdcut.profiles import profile_from

PROFILE = profile_from("web", {})
ENCODING = PROFILE.encoding
X264_PARAMS = f"keyint={ENCODING.gop_frames}:open-gop=0"


@dataclass(frozen=True, slots=True, kw_only=True)
class Prepared:
    """A command, and the film that it makes."""

    command: tuple[str, ...]
    film: Path


class Missing(Exception):
    """A contender is not installed; the message says how to have it."""
