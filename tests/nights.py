"""Nights in which nothing is built: whether one would be."""

from pathlib import Path

from crowdcut.findings import BuildFailed, Finding
from farm.nightly import night_of
from farm.wish import Wish


def is_due(wish: Wish) -> bool:
    """Whether a night would build it: its jobs are missing from the store, or a film of it from its folder."""

    def build(_wish: Wish) -> Path:
        raise BuildFailed(Finding(rule="asked", found="nobody was to build this"))

    state = night_of(wish, build)["state"]
    assert state in ("failed", "unchanged")
    return state == "failed"
