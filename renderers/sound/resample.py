"""Sound from one sampling rate to another, block by block: swresample, with its first sample kept in place."""

from av import AudioFrame, AudioResampler

from renderers.sound.pcm import Samples, frame_of, joined, samples_of, silence

# swresample mirrors what it is first given to fill its filter. When that is longer than half the filter and shorter
# than all of it, samples are lost and everything after comes early: so it is never given less than this at first.
FIRST_SAMPLES = 4096


class Resampler:
    """Stereo from ``rate`` to ``to`` samples a second. Sample 0 stays sample 0; output lags until :meth:`rest`."""

    def __init__(self, rate: int, to: int):
        self._rate = rate
        self._to = to
        self._resampler = AudioResampler("fltp", "stereo", to)
        self._held: list[Samples] = []
        self._taken = 0
        self._sent = 0
        self._given = 0

    def take(self, samples: Samples) -> Samples:
        """As much of the output as the input so far allows; [shape=(2, m)]."""
        self._held.append(samples)
        self._taken += samples.shape[1]
        return self._given_out(self._pushed()) if self._taken >= FIRST_SAMPLES else silence(0)

    def rest(self) -> Samples:
        """What is left. All output together has ``input * to / rate`` samples, rounded up."""
        due = -(-self._taken * self._to // self._rate) - self._given
        if self._taken < FIRST_SAMPLES:
            self._held.append(silence(FIRST_SAMPLES - self._taken))
        last = self._given_out([*self._pushed(), *self._resampler.resample(None)])[:, :due]
        return joined([last, silence(due - last.shape[1])])

    def _pushed(self) -> list[AudioFrame]:
        held, self._held = joined(self._held), []
        if not held.shape[1]:
            return []
        frame = frame_of(held, start=self._sent, rate=self._rate)
        self._sent += held.shape[1]
        return self._resampler.resample(frame)

    def _given_out(self, frames: list[AudioFrame]) -> Samples:
        samples = joined([samples_of(frame) for frame in frames])
        self._given += samples.shape[1]
        return samples
