"""Reads a disc's image and judges it: a job of its own that shares nothing with what writes discs."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from crowdcut.disc.verdict import VerifyOrder
from crowdcut.records import plain
from renderers.job import Input
from renderers.verify.disc import verdict_of


def run(order: VerifyOrder, inputs: Mapping[str, Input], out: Path) -> dict[str, Any]:
    """Verify the image; the facts are a DiscVerdict. ``out`` stays unwritten: the answer is all there is."""
    path = inputs["file"].path
    assert path is not None
    return plain(verdict_of(path, order.expected))
