"""Cut the wanted part out of a contribution's sound: 48 kHz stereo, to the sample, silent where there is none."""

from collections.abc import Mapping
from contextlib import closing
from pathlib import Path

from crowdcut.orders import PrepareOrder
from renderers.decode_sound import placed_sound
from renderers.job import Input
from renderers.pcm import SAMPLE_BYTES, bytes_of
from renderers.place_sound import Damage, consecutive


def run(order: PrepareOrder, inputs: Mapping[str, Input], out: Path) -> dict[str, object]:
    """Write ``length_samples`` raw samples to ``out``.

    Facts: ``found_samples`` (how many the source had), ``remarks`` (what was wrong with it, one sentence each).
    Raises JobFailed naming the file where its sound cannot be decoded.
    """
    source = inputs["file"].path
    assert source is not None
    damage, found, end_exclusive = Damage(), 0, order.start_sample + order.length_samples
    sound = placed_sound(
        source, stream=order.stream, origin=order.origin, start_sample=order.start_sample, damage=damage
    )
    with out.open("wb") as file, closing(sound):
        file.truncate(order.length_samples * SAMPLE_BYTES)
        for placed in consecutive(sound, start=order.start_sample, end_exclusive=end_exclusive):
            file.seek((placed.start - order.start_sample) * SAMPLE_BYTES)
            file.write(bytes_of(placed.samples))
            found += placed.samples.shape[1]
    return {"found_samples": found, "remarks": list(damage.remarks())}
