"""What files are: digests of their contents, remembered as long as the files stand as they were."""

import hashlib
import os
import sqlite3
from pathlib import Path
from typing import Self

_BLOCK = 1 << 20


def content_digest(file: Path) -> str:
    """A file's contents in 32 hexadecimal digits (BLAKE2b, 128 bit)."""
    hasher = hashlib.blake2b(digest_size=16)
    with file.open("rb") as stream:
        while block := stream.read(_BLOCK):
            hasher.update(block)
    return hasher.hexdigest()


Mark = tuple[int, int, int, int]
"""What differs where a file was touched: size (bytes), modification time (ns), inode, time of any change (ns)."""


def mark_of(file: Path) -> Mark:
    """The mark of ``file`` as it is now. Raises OSError where there is none."""
    status = file.stat()
    return status.st_size, status.st_mtime_ns, status.st_ino, status.st_ctime_ns


class DigestCache:
    """Content digests, remembered in ``folder`` by path, size, modification time (ns) and inode."""

    def __init__(self, folder: Path):
        self.marks: dict[Path, Mark] = {}
        """Marks of the files that were asked for, from before their contents were read."""
        self._database = sqlite3.connect(folder / "digests.sqlite", timeout=30, isolation_level=None)
        self._database.execute(
            "CREATE TABLE IF NOT EXISTS digest (path BLOB PRIMARY KEY, size INT, mtime_ns INT, inode INT, digest TEXT)"
        )

    def digest(self, file: Path) -> str:
        """The digest of ``file``; read only if it may have changed. Raises OSError where it cannot be read."""
        self.marks[file] = mark_of(file)
        mark, path = self.marks[file][:3], os.fsencode(file)  # a file's name may be no text
        row = self._database.execute(
            "SELECT size, mtime_ns, inode, digest FROM digest WHERE path = ?", (path,)
        ).fetchone()
        if row is not None and row[:3] == mark:
            return row[3]
        digest = content_digest(file)
        self._database.execute("INSERT OR REPLACE INTO digest VALUES (?, ?, ?, ?, ?)", (path, *mark, digest))
        return digest

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._database.close()
