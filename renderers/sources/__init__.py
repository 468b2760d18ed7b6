"""Everything a layer can show: one file a kind, each with ``frames()`` and, for contributed files, ``examine()``."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

from crowdcut.kinds import READERS
from crowdcut.orders import Raster, Source, drawn_by

if TYPE_CHECKING:
    # OpenCV, which takes as long to load as all else, is for those who draw.
    from renderers.patch import Drawn

SOURCES: dict[str, str] = {
    "video": "renderers.sources.video",
    "still": "renderers.sources.still",
    "animation": "renderers.sources.animation",
    "text": "renderers.sources.text",
    "lower_third": "renderers.sources.lower_third",
    "burn": "renderers.sources.burn",
    "card": "renderers.sources.card",
    "roll": "renderers.sources.roll",
    "ground": "renderers.sources.ground",
    "menu_page": "renderers.sources.menu_page",
    "veil": "renderers.sources.veil",
}
"""Kind of source (a record of ``crowdcut.orders``, in snake case) to the module whose ``frames()`` draws it.

A contributed still or animation may name another, one of ``crowdcut.kinds.READERS``.
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Setting:
    """What a source needs to know of the job it draws for."""

    raster: Raster
    age_frames: int
    """The layer's age at the first frame asked for."""
    count: int
    """How many frames are asked for."""
    inputs: Mapping[str, Path]
    """The job's input files by name; a template's own fonts are those named ``font:...``."""


class Frames(Protocol):
    """The one interface of a source."""

    def __call__(self, source: Any, setting: Setting) -> "Iterator[Drawn]":
        """Exactly ``setting.count`` pictures, the first at ``setting.age_frames``.

        Raises JobFailed naming the file or the words that cannot be drawn.
        """
        ...


def frames_of(source: Source) -> Frames:
    """The ``frames()`` of a source record. Modules are imported when they are first needed: Skia's fonts are slow."""
    name = drawn_by(source)
    if name not in SOURCES and name not in READERS:
        raise KeyError(f"{name} draws nothing")
    return import_module(f"renderers.sources.{name}").frames
