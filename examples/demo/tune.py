"""The tune that somebody hummed into a phone, as notes; the music is built on it."""

BEAT_SECONDS = 0.625
"""96 beats a minute: at 24 frames a second a beat is fifteen frames, so that cuts can fall on it."""

Note = tuple[float, float, int]
"""Start and length in beats, and the key counted in semitones (69 is A, 440 Hz)."""

FIRST: tuple[Note, ...] = (
    (0, 1.5, 69), (1.5, 0.5, 71), (2, 1, 74), (3, 1, 71), (4, 1.5, 69), (5.5, 0.5, 66), (6, 2, 66),
    (8, 1.5, 67), (9.5, 0.5, 69), (10, 1, 71), (11, 1, 67), (12, 3, 64),
)  # fmt: skip
"""Four bars that ask."""
SECOND: tuple[Note, ...] = (
    (0, 1.5, 69), (1.5, 0.5, 71), (2, 1, 74), (3, 1, 76), (4, 1.5, 78), (5.5, 0.5, 76), (6, 2, 74),
    (8, 1, 71), (9, 1, 74), (10, 1.5, 76), (11.5, 0.5, 73), (12, 3, 74),
)  # fmt: skip
"""Four bars that answer."""
RAIN: tuple[Note, ...] = (
    (0, 2, 66), (2.5, 0.5, 69), (3, 1, 71), (4, 2, 67), (6.5, 0.5, 71), (7, 1, 74),
    (8, 2, 71), (10.5, 0.5, 69), (11, 1, 67), (12, 3, 66),
)  # fmt: skip
"""Four bars for grey weather."""


def hertz(key: int) -> float:
    """Frequency of a key, equal temperament."""
    return 440.0 * 2 ** ((key - 69) / 12)
