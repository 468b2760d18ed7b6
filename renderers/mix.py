"""The programme: its buses added up."""

from collections.abc import Mapping
from pathlib import Path

from crowdcut.orders import MixOrder
from renderers.job import Input
from renderers.pcm import BLOCK_SAMPLES, bytes_of, samples_at, silence


def run(order: MixOrder, inputs: Mapping[str, Input], out: Path) -> dict[str, object]:
    """Write the mix, raw samples that may exceed full scale, to ``out``. No facts."""
    paths = [path for bus in order.buses if (path := inputs[bus].path) is not None]
    with out.open("wb") as file:
        for start in range(0, order.length_samples, BLOCK_SAMPLES):
            block = silence(min(BLOCK_SAMPLES, order.length_samples - start))
            for path in paths:
                block += samples_at(path, start=start, length=block.shape[1])
            file.write(bytes_of(block))
    return {}
