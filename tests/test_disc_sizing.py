"""One quantiser step for a whole disc: nearly full, never over, and nobody else's pieces change with a shot."""

from fractions import Fraction
from hashlib import blake2b
from itertools import pairwise
from random import Random

from hypothesis import given, settings
from hypothesis import strategies as st

from crowdcut.disc.sizing import (
    COARSEST,
    FINEST,
    LEAST_FILL,
    PARTS,
    chosen,
    ladder,
    quantiser_of,
    sizes_by_step,
)

DISC = 4_700_000_000
STEPS = st.sampled_from(ladder())
DIGESTS = st.text("0123456789abcdef", min_size=8, max_size=32)
SHOTS = tuple(blake2b(str(number).encode(), digest_size=16).hexdigest() for number in range(426))


def curve(finest: int, loss: float, floor: int = 0) -> dict[int, int]:
    """A piece's bytes by quantiser: each takes ``loss`` of what the one before takes, but never under ``floor``."""
    return {q: max(floor, round(finest * loss ** (q - FINEST))) for q in range(FINEST, COARSEST + 1)}


def film(length: float = 1.0, *, loss: float = 0.75, seed: int = 0) -> dict[str, dict[int, int]]:
    """426 pieces of many sizes; with ``length`` 1 they take 9.3 GB at the finest step."""
    draw = Random(seed)
    return {shot: curve(round(length * draw.uniform(4e6, 4e7)), loss) for shot in SHOTS}


def test_the_ladder_goes_from_the_finest_to_the_coarsest_in_sixteenths():
    steps = ladder()
    assert (steps[0], steps[-1]) == (FINEST, COARSEST)
    assert {after - before for before, after in pairwise(steps)} == {Fraction(1, PARTS)}


@given(DIGESTS, STEPS, STEPS)
def test_a_piece_is_never_finer_at_a_coarser_step(digest: str, one: Fraction, other: Fraction):
    finer, coarser = sorted((one, other))
    assert quantiser_of(digest, finer) <= quantiser_of(digest, coarser)
    assert finer.__floor__() <= quantiser_of(digest, finer) <= finer.__ceil__()


def test_a_step_is_taken_by_its_part_of_the_pieces_and_the_next_changes_a_sixteenth():
    many = [f"{number:032x}" for number in range(1_000)]
    for part in range(PARTS):
        step = 4 + Fraction(part, PARTS)
        coarser = [digest for digest in many if quantiser_of(digest, step) == 5]
        assert abs(len(coarser) / len(many) - part / PARTS) < 0.04
        after = [digest for digest in many if quantiser_of(digest, step + Fraction(1, PARTS)) == 5]
        assert set(coarser) <= set(after)
        assert abs((len(after) - len(coarser)) / len(many) - 1 / PARTS) < 0.04


@given(st.lists(DIGESTS, min_size=2, max_size=20, unique=True), DIGESTS, STEPS)
def test_a_changed_piece_changes_nobody_elses_quantiser(digests: list[str], changed: str, step: Fraction):
    before = {digest: quantiser_of(digest, step) for digest in digests}
    after = {digest: quantiser_of(digest, step) for digest in [*digests[1:], changed]}
    assert {digest: after[digest] for digest in digests[1:]} == {digest: before[digest] for digest in digests[1:]}


def test_sizes_by_step_add_up_what_each_piece_takes():
    measured = film()
    sizes = sizes_by_step(measured)
    assert tuple(sizes) == ladder()
    assert sizes[Fraction(5)] == sum(piece[5] for piece in measured.values())
    step = Fraction(67, 16)
    assert sizes[step] == sum(piece[quantiser_of(shot, step)] for shot, piece in measured.items())
    assert list(sizes.values()) == sorted(sizes.values(), reverse=True)
    assert sizes_by_step(measured, scale=Fraction(3, 2))[step] == round(Fraction(3, 2) * sizes[step])


def test_what_was_not_measured_is_told_from_its_neighbours():
    # Mb/s of two clips at 720x480 (elf.webm and trailer_bbb.mp4 of the test media), FFmpeg's encoder.
    for real in (
        {2: 709, 3: 353, 4: 244, 5: 184, 6: 152, 8: 116, 10: 89, 12: 76, 16: 64},
        {2: 848, 3: 574, 4: 447, 5: 358, 6: 300, 8: 228, 10: 158, 12: 123, 16: 83},
    ):
        told = sizes_by_step({"piece": {q: size * 10_000 for q, size in real.items() if q not in (5, 10)}})
        assert abs(told[Fraction(5)] / (real[5] * 10_000) - 1) < 0.03
        assert abs(told[Fraction(10)] / (real[10] * 10_000) - 1) < 0.05


@settings(deadline=None, max_examples=25)
@given(
    st.floats(0.52, 0.9),
    st.integers(0, 3),
    st.integers(1_000_000_000, 30_000_000_000),
    st.integers(0, 800_000_000),
    st.fractions(0, Fraction(1, 100)),
)
def test_a_disc_is_nearly_full_and_never_over(loss: float, seed: int, finest: int, fixed: int, error: Fraction):
    measured = film(finest / 9.3e9, loss=loss, seed=seed)
    sizes = sizes_by_step(measured)
    step = chosen(sizes, DISC, fixed, error=error)
    if step is None:
        assert fixed + sizes[ladder()[-1]] * (1 + error) > DISC
        return
    assert fixed + sizes[step] * (1 + error) <= DISC
    if step != FINEST:
        assert fixed + sizes[step] * (1 - error) >= LEAST_FILL * DISC
        assert fixed + sizes[Fraction(FINEST)] * (1 + error) > DISC


def test_quarters_would_leave_discs_emptier():
    """The proof of the sixteenths: with quarters, sizes that halve from 2 to 3 leave gaps of more than 8 %."""
    emptiest = {4: 1.0, PARTS: 1.0}
    for tenth in range(10, 20):
        sizes = sizes_by_step(film(0.45 + tenth / 200, loss=0.5))
        for parts in emptiest:
            known = {step: size for step, size in sizes.items() if parts % step.denominator == 0}
            step = chosen(known, DISC, 0)
            assert step is not None
            emptiest[parts] = min(emptiest[parts], sizes[step] / DISC)
    assert emptiest[4] < LEAST_FILL <= emptiest[PARTS] <= 1


def test_where_sizes_leap_it_is_the_finest_that_fits_and_where_none_fits_none():
    sizes = {Fraction(2): 900, Fraction(3): 400, Fraction(4): 300}
    assert chosen(sizes, 899, 0) == 3
    assert chosen(sizes, 900, 0) == 2
    assert chosen(sizes, 900, 600) == 4
    assert chosen(sizes, 900, 601) is None
    assert chosen(sizes, 900, 0, error=Fraction(1, 1000)) == 3


def test_a_small_change_seldom_moves_the_step():
    """The roundest step in the window stays longer than the fullest: one changed shot moves it in few of 200 films."""

    def fullest(sizes: dict[Fraction, int]) -> Fraction:
        return min(step for step, size in sizes.items() if size <= DISC)

    moved = {"roundest": 0, "fullest": 0}
    for seed in range(4):
        sizes = sizes_by_step(film(seed=seed))
        for hundredth in range(55, 255, 10):
            before = {step: size * hundredth // 100 for step, size in sizes.items()}
            after = {step: size + size // 250 for step, size in before.items()}
            moved["roundest"] += chosen(before, DISC, 0) != chosen(after, DISC, 0)
            moved["fullest"] += fullest(before) != fullest(after)
    assert moved["fullest"] > 2 * moved["roundest"]
    assert moved["roundest"] <= 8
