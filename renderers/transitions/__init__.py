"""How one picture gives way to another: one file a transition, each with ``weights()``."""

from importlib import import_module
from typing import Protocol

TRANSITIONS: dict[str, str] = {
    "dissolve": "renderers.transitions.dissolve",
    "fade": "renderers.transitions.fade",
}
"""Word of the manifest to the module whose ``weights()`` decides. ``cut`` needs none."""


class Weights(Protocol):
    """The one interface of a transition."""

    def __call__(self, progress: float) -> tuple[float, float]:
        """Shares of the leaving and of the coming picture at ``progress`` (0..1, exclusive); black is the rest."""
        ...


def weights_of(kind: str) -> Weights:
    """The ``weights()`` of a transition."""
    return import_module(TRANSITIONS[kind]).weights
