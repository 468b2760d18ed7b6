"""Any channels to stereo, at the rate they have; what nobody can fold is told in words.

Mono goes to both sides at -3 dB and surround is folded down by swresample's own matrix (fronts at 0 dB, centre and
surrounds at -3 dB, no LFE): BT.1770 then reads the same loudness from a mono file and from what is heard of it.
"""

from av import AudioFrame, AudioResampler
from av.error import FFmpegError

from renderers.sound.pcm import Samples, joined, samples_of

_RATES = range(1_000, 768_001)
_ALWAYS = {1: "mono", 2: "stereo"}
"""One or two channels are what everybody takes them for, whatever their file calls them."""
_UNNAMED = {3: "3.0", 4: "quad", 5: "5.0", 6: "5.1", 7: "6.1", 8: "7.1", 16: "hexadecagonal"}
"""What so many channels are taken for where the file does not say. By FFmpeg three would be 2.1, and the third be lost;
four microphones are two to the left and two to the right more often than a cross."""
_RELABELLED_MOST = 4
"""Channels: beyond that FFmpeg takes the unnamed for the same."""


class Unfit(ValueError):
    """Why a sound cannot be used: a sentence without its full stop."""


def _is_unnamed(frame: AudioFrame) -> bool:
    return frame.layout.name == f"{frame.layout.nb_channels} channels"


def layout_of(frame: AudioFrame) -> str:
    """FFmpeg's name of the channels, or of those that they are taken for."""
    channels = frame.layout.nb_channels
    return _ALWAYS.get(channels) or (_is_unnamed(frame) and _UNNAMED.get(channels)) or frame.layout.name


def guess_told(frame: AudioFrame) -> str | None:
    """What is said of channels whose places are a guess; None where they are none."""
    channels = frame.layout.nb_channels
    if channels in _ALWAYS or not _is_unnamed(frame):
        return None
    return f"nothing says where its {channels} channels belong: they are taken for {layout_of(frame)}"


def _labelled(frame: AudioFrame) -> AudioFrame:
    """The frame under the layout that its channels are taken for."""
    layout = layout_of(frame)
    if layout == frame.layout.name or frame.layout.nb_channels > _RELABELLED_MOST:
        return frame
    labelled = AudioFrame.from_ndarray(frame.to_ndarray(), format=frame.format.name, layout=layout)
    labelled.sample_rate = frame.rate
    return labelled


class Fold:
    """Takes the frames of a stream; their format, layout and rate may change."""

    def __init__(self) -> None:
        self._resampler = AudioResampler("fltp", "stereo")
        self._form: tuple[str, str, int] | None = None

    def expect(self, frame: AudioFrame) -> None:
        """Be ready for frames like this one. Raises Unfit where they cannot be folded."""
        form = (frame.format.name, frame.layout.name, frame.rate)
        if form == self._form:
            return
        if frame.rate not in _RATES:
            raise Unfit(f"its sound has {frame.rate:,} sample{'s' if frame.rate != 1 else ''} a second")
        self._form, self._resampler = form, AudioResampler("fltp", "stereo")
        try:
            self._resampler.resample(_labelled(frame))
        except FFmpegError as error:
            raise Unfit(f"nobody knows where its channels belong ({frame.layout.name})") from error

    def stereo(self, frame: AudioFrame) -> Samples:
        """[shape=(2, frame.samples)]. Raises Unfit."""
        self.expect(frame)
        if self._form is not None and self._form[:2] == ("fltp", "stereo"):
            return samples_of(frame)
        return joined([samples_of(part) for part in self._resampler.resample(_labelled(frame))])
