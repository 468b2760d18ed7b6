"""Beats as crowdcut finds them: the job that hears a song, without its store."""

from fractions import Fraction
from pathlib import Path

from crowdcut.records import record_from
from crowdcut.song.beats import Beats
from crowdcut.sound.orders import BeatsOrder, Heard
from renderers import beats
from renderers.job import Input


def heard(song: Path, *, meter: int) -> Beats:
    """Beats and bars of a song in a file; of the library only the ``meter`` is told."""
    order = BeatsOrder(heard=Heard(stream=0, origin=Fraction(0)), meter=meter)
    return record_from(beats.run(order, {"file": Input(path=song)}, song), Beats)
