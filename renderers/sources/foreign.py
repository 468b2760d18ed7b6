"""What people send by mistake, told by its signature and refused with what to send instead."""

from pathlib import Path

from crowdcut.media import Media

_SIGNATURES = (
    (b"%PDF", "It is a PDF document. Export its page as PNG, or its words as plain text"),
    (b"PK\x03\x04", "It is an archive or an office document (ZIP). Send what is in it, each file by itself"),
    (b"\xd0\xcf\x11\xe0", "It is an office document. Save its words as plain text, or its pictures as PNG"),
    (b"Rar!", "It is an archive (RAR). Send what is in it, each file by itself"),
    (b"7z\xbc\xaf", "It is an archive (7z). Send what is in it, each file by itself"),
    (b"\x1f\x8b", "It is a compressed file (gzip). Send what is in it"),
)


def examine(path: Path, head: bytes, suffix: str) -> Media | None:
    """A refusal in words; None for a file that begins like none of these.

    head : the file's first bytes. path, suffix : not needed.
    """
    del path, suffix
    words = next((words for signature, words in _SIGNATURES if head.startswith(signature)), None)
    return Media(refusal=words) if words is not None else None
