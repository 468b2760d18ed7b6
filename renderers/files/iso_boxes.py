"""Boxes of ISO base media files (MP4, MOV, HEIF, AVIF) in memory: films' and stills' headers consist of them."""

from collections.abc import Iterator, Sequence

_BOXES_MAX = 20_000
"""On one level; a made-up chain of tiny boxes ends here."""


def boxes(data: bytes) -> Iterator[tuple[bytes, bytes]]:
    """Name and contents of the boxes one after another, as far as they make sense; a last one may be cut off."""
    start = 0
    for _ in range(_BOXES_MAX):
        size, header = int.from_bytes(data[start : start + 4]) or len(data) - start, 8
        if size == 1:
            size, header = int.from_bytes(data[start + 8 : start + 16]), 16
        if size < header:
            return
        yield data[start + 4 : start + 8], data[start + header : start + size]
        start += size


def held(data: bytes, path: Sequence[bytes]) -> Iterator[bytes]:
    """The contents of every box at the end of ``path``."""
    if not path:
        yield data
        return
    for name, contents in boxes(data):
        if name == path[0]:
            yield from held(contents, path[1:])
