"""What the packets of a film file tell without decoding: how many there are, when they are shown, where they end."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TypeVar

from av.container import InputContainer
from av.packet import Packet
from av.stream import Disposition, Stream

from renderers.files.streams import is_hidden, may_be_cover, packets, repeats_field

_HEADER_BYTES = 512
"""Of a picture of MPEG-2: more than its sequence's tables and its own header take."""

AnyStream = TypeVar("AnyStream", bound=Stream)


@dataclass(slots=True, kw_only=True)
class Tally:
    """What the packets of one stream tell, without decoding."""

    ticks: list[int] = field(default_factory=list)
    """Timestamps of the packets that are shown, in the order of the file."""
    packets: int = 0
    """Packets that are shown, with a timestamp or without."""
    ordered: bool = True
    """Whether decoding times never go back."""
    last: int | None = None
    """How long the picture or sound with the latest timestamp lasts, in ticks."""
    end: int | None = None
    """The latest end, in ticks."""
    repeats: int = 0
    """Packets of MPEG-2 whose picture is shown for a third field."""
    broken_off: bool = False
    """Whether there is more in its file, and none of it can be read."""
    _latest_dts: int | None = None

    def add(self, packet: Packet) -> None:
        """Count a packet that is shown."""
        self.packets += 1
        if packet.dts is not None:
            self.ordered = self.ordered and (self._latest_dts is None or packet.dts >= self._latest_dts)
            self._latest_dts = packet.dts
        if packet.pts is None:
            return
        self.ticks.append(packet.pts)
        end = packet.pts + (packet.duration or 0)
        if self.end is None or end >= self.end:
            self.end, self.last = end, packet.duration


def tallied(container: InputContainer, streams: Sequence[Stream]) -> dict[int, Tally]:
    """A tally of each stream, by its index."""
    tallies = {stream.index: Tally() for stream in streams}
    repeating = {stream.index for stream in streams if stream.codec_context.name == "mpeg2video"}
    hiding = {stream.index for stream in streams if stream.codec_context.name in ("vp8", "vp9")}

    def break_off() -> None:
        for tally in tallies.values():
            tally.broken_off = True

    for packet in packets(container, streams, break_off):
        index = packet.stream.index
        if packet.is_discard or (index in hiding and is_hidden(packet.stream.codec_context.name, bytes(packet))):
            continue
        tallies[index].add(packet)
        if index in repeating:
            tallies[index].repeats += repeats_field(bytes(memoryview(packet)[:_HEADER_BYTES]))
    return tallies


def first_of(streams: Sequence[AnyStream], tallies: dict[int, Tally]) -> AnyStream | None:
    """The stream that the film is made of: the default one before others, one with a cover's looks last."""
    filled = [stream for stream in streams if tallies[stream.index].packets]
    return min(
        filled,
        key=lambda stream: (
            stream.type == "video" and may_be_cover(stream) and tallies[stream.index].packets == 1,
            not stream.disposition & Disposition.default,
            stream.index,
        ),
        default=None,
    )
