"""The leaving picture goes to black, then the coming one rises from it."""


def weights(progress: float) -> tuple[float, float]:
    """One picture at a time; black in the very middle."""
    return max(0.0, 1 - 2 * progress), max(0.0, 2 * progress - 1)
