"""Boxes of ISO base media files (MP4, MOV, HEIF, AVIF) in memory: films' and stills' headers consist of them."""

from collections.abc import Iterator, Sequence


def boxes(data: bytes) -> Iterator[tuple[bytes, bytes]]:
    """Name and contents of the boxes one after another, as far as they make sense; a last one may be cut off."""
    start = 0
    while start + 8 <= len(data):
        size = int.from_bytes(data[start : start + 4]) or len(data) - start
        if size < 8:
            return
        yield data[start + 4 : start + 8], data[start + 8 : start + size]
        start += size


def held(data: bytes, path: Sequence[bytes]) -> Iterator[bytes]:
    """The contents of every box at the end of ``path``."""
    if not path:
        yield data
        return
    for name, contents in boxes(data):
        if name == path[0]:
            yield from held(contents, path[1:])
