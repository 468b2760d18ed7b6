"""Whatever a producer writes, the contract answers with a plan or with findings: no traceback, no hang, no flood."""

import hashlib
import os
import subprocess
import sys
from pathlib import Path
from random import Random

import pytest
from contract_making import Files, Outcome, fingerprints, judged, outcome_of, said, write_files
from contract_mutations import corpus, mutated_production
from contract_writing import production_of, stretched_production
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from crowdcut.findings import is_error

LONG_CASES = int(os.environ.get("CROWDCUT_FUZZ_CASES", "50000"))
"""Of ``make test-long``."""
MUCH = settings(deadline=None, suppress_health_check=list(HealthCheck), database=None)
RANDOMS = st.randoms(use_true_random=False)


def errors_of(outcome: Outcome) -> list[str]:
    return [said(finding) for finding in outcome.findings if is_error(finding)]


@pytest.fixture(scope="module", autouse=True)
def _code_is_read_once() -> None:
    fingerprints()


@settings(MUCH, max_examples=300)
@given(random=RANDOMS)
def test_what_has_no_fault_is_planned(random: Random) -> None:
    outcome = judged(production_of(random, slips=0))
    assert not errors_of(outcome)


@settings(MUCH, max_examples=1500)
@given(random=RANDOMS, slips=st.integers(1, 5), placeholder=st.booleans())
def test_any_words_end_in_findings_or_a_plan(random: Random, slips: int, placeholder: bool) -> None:
    judged(production_of(random, slips=slips), placeholder=placeholder)


@settings(MUCH, max_examples=800)
@given(random=RANDOMS, stretches=st.integers(1, 8), placeholder=st.booleans())
def test_right_words_that_may_mean_nothing(random: Random, stretches: int, placeholder: bool) -> None:
    judged(stretched_production(random, stretches=stretches), placeholder=placeholder)


@settings(MUCH, max_examples=1500)
@given(random=RANDOMS, changes=st.integers(0, 4), placeholder=st.booleans())
def test_whatever_happens_to_a_good_production(random: Random, changes: int, placeholder: bool) -> None:
    judged(mutated_production(random, changes=changes), placeholder=placeholder)


@pytest.mark.parametrize("name", sorted(corpus()))
def test_what_stands_in_the_house_is_planned(name: str) -> None:
    errors = errors_of(judged(corpus()[name], placeholder=True))
    # The tests' own episode has a song that begins before the film.
    assert errors == [] or name == "tests"


def _case(seed: int) -> Files:
    """The same files for the same number."""
    random = Random(seed)
    match seed % 3:
        case 0:
            return production_of(random, slips=seed % 5)
        case 1:
            return stretched_production(random, stretches=seed % 9)
        case _:
            return mutated_production(random, changes=seed % 4)


def digest_of_cases(seeds: range, folder: Path) -> str:
    """All that is said of some cases, and all keys of their plans."""
    digest = hashlib.blake2b(digest_size=16)
    for seed in seeds:
        production = folder / str(seed)
        production.mkdir()
        write_files(production, _case(seed))
        outcome = outcome_of(production, placeholder=seed % 2 == 0)
        for finding in outcome.findings:
            digest.update(str(finding).encode())
        for delivery in outcome.deliveries:
            digest.update(delivery.plan.master.key.encode())
    return digest.hexdigest()


def test_the_same_words_give_the_same_answer(tmp_path: Path) -> None:
    """In processes that order their sets differently."""
    program = (
        "import sys; from pathlib import Path; from test_contract_fuzz import digest_of_cases;"
        "print(digest_of_cases(range(120), Path('.')))"
    )
    digests = set()
    for seed in ("1", "2"):
        folder = tmp_path / seed
        folder.mkdir()
        environment = {**os.environ, "PYTHONHASHSEED": seed, "PYTHONPATH": str(Path(__file__).parent)}
        done = subprocess.run(
            [sys.executable, "-c", program], cwd=folder, env=environment, capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, done.stderr
        digests.add(done.stdout)
    assert len(digests) == 1


@pytest.mark.long
def test_a_night_of_cases() -> None:
    """Crashes by the number of their case, which gives the same files again."""
    broken = []
    for seed in range(1_000_000, 1_000_000 + LONG_CASES):
        try:
            judged(_case(seed), placeholder=seed % 2 == 0)
        except KeyboardInterrupt:
            raise
        except BaseException as error:  # noqa: BLE001 - all that may be raised is what this looks for
            broken.append((seed, repr(error)[:200]))
    assert broken == []
