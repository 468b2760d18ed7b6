"""The programme: its buses added up, and heard as it is written, so that no delivery has to hear it again."""

from collections.abc import Mapping
from itertools import chain
from pathlib import Path

from crowdcut.sound.orders import MixOrder
from renderers.job import Input
from renderers.loudness.hops import hop_powers, keep_powers
from renderers.loudness.kept_peaks import keep_peaks
from renderers.loudness.meter import GATING_SAMPLES
from renderers.sound.pcm import added_blocks, silence, written


def run(order: MixOrder, inputs: Mapping[str, Input], out: Path) -> dict[str, object]:
    """Write the mix, raw samples that may exceed full scale, to ``out``, and the powers of its hops and its peaks
    beside it. No facts."""
    length = order.length_samples
    paths = [path for bus in order.buses if (path := inputs[bus].path) is not None]
    blocks = keep_peaks(written(added_blocks(paths, length=length), out), out)
    # Loudness is measured in blocks of 400 ms, of which there is one, however short the programme.
    keep_powers(hop_powers(chain(blocks, [silence(max(0, GATING_SAMPLES - length))])), out)
    return {}
