"""The one door to FFmpeg's demuxers: contributed files opened, its errors as findings with the file's name; and files
of our own, for their packets alone."""

from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from functools import cache
from pathlib import Path

import av
import av.logging
from av.codec import Codec, codecs_available
from av.codec.codec import UnknownCodecError
from av.container import InputContainer
from av.error import FFmpegError

from crowdcut.findings import Finding, JobFailed, Where

av.logging.set_level(None)

# PyAV decodes a frame at each open, 63-75 ms a piece; without decoders it cannot.
_NO_DECODERS = {"codec_whitelist": "none"}

# A contributed file may refer to others (HLS, concat, DASH, image sequences): only the file itself is read.
_OPTIONS = {"protocol_whitelist": "file", "max_streams": "64"}
_FORMATS_THAT_REFER = frozenset({"concat", "hls", "dash", "imf", "sdp", "rtsp", "lavfi", "applehttp"})
# What FFmpeg takes a file for whose name alone looks like a picture's; it would read a whole numbered series.
_FORMATS_BY_NAME = frozenset({"image2", "image2pipe"})


def broken(path: Path, reason: object, *, rule: str = "unreadable") -> JobFailed:
    """The error for a contributed file that cannot be read (any further)."""
    return JobFailed(
        Finding(
            rule=rule,
            owner="contributor",
            where=Where(file=path.name),
            found=str(reason).strip().rstrip("."),
            way_out="Export it again, or ask the contributor for another file.",
        )
    )


@contextmanager
def opened(path: Path, *, options: dict[str, str] | None = None) -> Iterator[InputContainer]:
    """A container opened for reading; any FFmpeg error inside the block leaves as JobFailed that names the file."""
    try:
        with av.open(str(path), "r", options={**_OPTIONS, **(options or {})}, metadata_errors="replace") as container:
            names = frozenset(container.format.name.split(","))
            if names & _FORMATS_THAT_REFER:
                raise broken(path, f"it is a playlist ({container.format.name}), which points to other files")
            if names & _FORMATS_BY_NAME:
                raise broken(path, "it has a picture's name, but holds no picture that can be read")
            yield container
    except FFmpegError as error:
        raise broken(path, f"it cannot be read: {error.strerror or error}") from error


@cache
def _sound_decoders() -> str:
    """The names of FFmpeg's decoders of sound, as it wants to be told them."""
    names: list[str] = []
    for name in sorted(codecs_available):
        try:
            decoder = Codec(name, "r")
        except UnknownCodecError:
            continue  # what it can only encode
        if decoder.type == "audio":
            names.append(decoder.name)
    return ",".join(dict.fromkeys(names))


def opened_for_sound(path: Path) -> AbstractContextManager[InputContainer]:
    """As :func:`opened`, where no picture is wanted: FFmpeg decodes the first pictures of whatever it opens, to know
    what nobody asks here, and takes 5 to 35 ms for them."""
    return opened(path, options={"codec_whitelist": _sound_decoders()})


def undecoded(path: Path, form: str | None = None) -> InputContainer:
    """A file that another job made, opened for its packets alone. form : FFmpeg's name of a format it cannot guess."""
    return av.open(str(path), "r", format=form, options=_NO_DECODERS)
