"""The programme: its buses added up."""

from collections.abc import Mapping
from pathlib import Path

from crowdcut.sound_orders import MixOrder
from renderers.job import Input
from renderers.pcm import added_blocks, bytes_of


def run(order: MixOrder, inputs: Mapping[str, Input], out: Path) -> dict[str, object]:
    """Write the mix, raw samples that may exceed full scale, to ``out``. No facts."""
    paths = [path for bus in order.buses if (path := inputs[bus].path) is not None]
    with out.open("wb") as file:
        for block in added_blocks(paths, length=order.length_samples):
            file.write(bytes_of(block))
    return {}
