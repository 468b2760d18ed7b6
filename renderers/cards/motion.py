"""How drawn things move: eased parts of an age, exact to the frame."""


def part(age: float, start: float, end: float) -> float:
    """How much of the way from ``start`` to ``end`` has passed at ``age``: 0..1."""
    return min(1.0, max(0.0, (age - start) / (end - start))) if end > start else float(age >= end)


def eased(way: float) -> float:
    """``way`` (0..1) starting and ending gently (smoothstep)."""
    return way * way * (3 - 2 * way)


def settled(way: float) -> float:
    """``way`` (0..1) starting at speed and coming to rest (cubic ease-out)."""
    left = 1 - way
    return 1 - left * left * left
