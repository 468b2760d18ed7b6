"""How strong a sound is in short blocks, without any weighting: what noise floors and rooms are told by."""

import numpy as np

from renderers.sound.pcm import CHANNELS, Samples, joined, silence


class BlockPowers:
    """Mean squares of both channels in consecutive blocks; what is left of the last one is not counted."""

    def __init__(self, block_samples: int) -> None:
        self.powers: list[float] = []
        self._block, self._rest = block_samples, silence(0)

    def take(self, samples: Samples) -> None:
        """What comes next."""
        samples = joined([self._rest, samples])
        whole = samples.shape[1] // self._block * self._block
        blocks = samples[:, :whole].reshape(CHANNELS, -1, self._block)
        self.powers += np.square(blocks, dtype=np.float64).mean(axis=(0, 2)).tolist()
        self._rest = samples[:, whole:]
