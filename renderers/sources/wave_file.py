"""What a WAV file promises. FFmpeg believes the file's end rather than its header: to it, half an upload is whole."""

import os
import struct
from fractions import Fraction
from pathlib import Path

_UNKNOWN_BYTES = frozenset({0, 0xFFFFFFFF})
"""What recorders write that do not know yet how much will follow."""
_MOST_CHUNKS = 64


def promised_seconds(path: Path) -> Fraction | None:
    """How long the header says the sound is, where the file ends before that; None for anything else."""
    byte_rate, at = 0, 12
    with path.open("rb") as file:
        whole = os.fstat(file.fileno()).st_size
        head = file.read(at)
        if head[:4] != b"RIFF" or head[8:] != b"WAVE":
            return None
        for _ in range(_MOST_CHUNKS):
            file.seek(at)
            chunk = file.read(20)
            if len(chunk) < 8:
                return None
            name, size = struct.unpack_from("<4sI", chunk)
            if name == b"data":
                cut = size not in _UNKNOWN_BYTES and at + 8 + size > whole
                return Fraction(size, byte_rate) if cut and byte_rate else None
            if name == b"fmt " and len(chunk) == 20:
                (byte_rate,) = struct.unpack_from("<I", chunk, 16)
            at += 8 + size + size % 2
    return None
