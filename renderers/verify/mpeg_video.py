"""Finds the headers of MPEG video in its bytes: sequences, groups and pictures as arrays (ISO/IEC 13818-2 6.2)."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from renderers.verify.packs import Numbers

_PICTURE, _SEQUENCE, _EXTENSION, _END, _GROUP = 0x00, 0xB3, 0xB5, 0xB7, 0xB8
_AHEAD = 16
"""Bytes after a start code that are looked at."""
_SEQUENCE_EXTENSION, _CODING_EXTENSION = 1, 8


@dataclass(frozen=True, slots=True, kw_only=True)
class Video:
    """The headers of a stream, in its order. Places are bytes of the elementary stream."""

    picture: Numbers
    """Where each picture's header is."""
    picture_end: Numbers
    """Where what belongs to it ends."""
    type: Numbers
    """1 I, 2 P, 3 B."""
    order: Numbers
    """Its place in its group as shown (temporal_reference)."""
    structure: Numbers
    """1 a top field, 2 a bottom field, 3 a frame."""
    top_first: Numbers
    repeats: Numbers
    """Whether its first field is shown again."""
    progressive: Numbers
    group: Numbers
    """Where each group's header is."""
    group_closed: Numbers
    sequence: Numbers
    """Where each sequence's header is."""
    sequence_head: NDArray[np.uint8]
    """(sequences, 8): what follows its start code."""
    sequence_extension: NDArray[np.uint8]
    """(sequences, 6): of its extension; zeros for MPEG-1."""
    length: int
    """Bytes of the stream."""


class VideoScanner:
    """Takes a stream's bytes as they come."""

    def __init__(self) -> None:
        self._carry = b""
        self._base = 0
        self._found: list[tuple[Numbers, NDArray[np.uint8]]] = []
        self.length = 0

    def feed(self, data: bytes) -> None:
        """The next bytes of the stream."""
        self.length += len(data)
        self._scan(self._carry + data, len(self._carry) + len(data) - 3 - _AHEAD)

    def _scan(self, data: bytes, until: int) -> None:
        """Note the start codes of ``data`` that begin before ``until``; keep what is left."""
        if until <= 0:
            self._carry = data
            return
        stream = np.frombuffer(data, np.uint8)
        view = stream[: until + 3]
        places = np.flatnonzero((view[2:] == 1) & (view[1:-1] == 0) & (view[:-2] == 0))
        places = places[places < until]
        codes = stream[places + 3]
        places = places[(codes == _PICTURE) | (codes >= _SEQUENCE)]
        self._found.append((places + self._base, stream[places[:, None] + np.arange(3, 4 + _AHEAD - 1)]))
        self._carry = data[until:]
        self._base += until

    def video(self) -> Video:
        """All that was found, once everything was fed."""
        self._scan(self._carry + b"\xff" * (3 + _AHEAD), len(self._carry))
        places = np.concatenate([found for found, _ in self._found] or [np.zeros(0, np.int64)])
        heads = np.concatenate([head for _, head in self._found] or [np.zeros((0, _AHEAD), np.uint8)])
        return _video_from(places, heads, self.length)


def _following(places: Numbers, others: Numbers, until: Numbers) -> Numbers:
    """For each of ``places`` the index of the first of ``others`` after it and before ``until``; -1: none."""
    index = np.searchsorted(others, places)
    found = index < len(others)
    found[found] = others[index[found]] < until[found]
    return np.where(found, index, -1)


def _taken(values: Numbers, index: Numbers, default: int) -> Numbers:
    """``values`` at ``index``, and ``default`` where that is -1."""
    if not len(values):
        return np.full(len(index), default, np.int64)
    return np.where(index >= 0, values[index], default).astype(np.int64)


def _video_from(places: Numbers, heads: NDArray[np.uint8], length: int) -> Video:
    code, numbers = heads[:, 0], heads.astype(np.int64)
    extension = numbers[:, 1] >> 4
    pictures, groups = np.flatnonzero(code == _PICTURE), np.flatnonzero(code == _GROUP)
    sequences = np.flatnonzero(code == _SEQUENCE)
    codings = np.flatnonzero((code == _EXTENSION) & (extension == _CODING_EXTENSION))
    extensions = np.flatnonzero((code == _EXTENSION) & (extension == _SEQUENCE_EXTENSION))
    stops = places[(code == _PICTURE) | (code == _SEQUENCE) | (code == _GROUP)]
    ends = np.append(stops, length)[np.searchsorted(stops, places[pictures], side="right")]
    coding = _following(places[pictures], places[codings], ends)
    after = np.append(stops, length)[np.searchsorted(stops, places[sequences], side="right")]
    beside = _following(places[sequences], places[extensions], after)
    told = np.zeros((len(sequences), 6), np.uint8)
    told[beside >= 0] = heads[extensions[beside[beside >= 0]], 1:7]
    return Video(
        picture=places[pictures],
        picture_end=ends,
        type=numbers[pictures, 2] >> 3 & 7,
        order=numbers[pictures, 1] << 2 | numbers[pictures, 2] >> 6,
        structure=_taken(numbers[codings, 3] & 3, coding, 3),
        top_first=_taken(numbers[codings, 4] >> 7, coding, 1),
        repeats=_taken(numbers[codings, 4] >> 1 & 1, coding, 0),
        progressive=_taken(numbers[codings, 5] >> 7, coding, 1),
        group=places[groups],
        group_closed=numbers[groups, 4] >> 6 & 1,
        sequence=places[sequences],
        sequence_head=heads[sequences, 1:9],
        sequence_extension=told,
        length=length,
    )
