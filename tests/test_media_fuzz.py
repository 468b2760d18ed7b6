"""Damaged files of every kind through the real jobs in limited children: rendered or refused by name, and no more."""

import os
from pathlib import Path

import pytest
from media_fuzz_making import MAKERS, damaged, ogg_resealed, outcomes, png_resealed

from crowdcut.findings import Finding

FAULTS = frozenset({"crash", "deadline", "died"})
"""Rules of findings that say a fault of ours: a traceback, a hang, a killed child."""
CASES = 5
"""Of each format in ``make test``."""
CASES_LONG = int(os.environ.get("CROWDCUT_FUZZ_CASES", "3000"))
SEED = os.environ.get("CROWDCUT_FUZZ_SEED", "crowdcut")


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """A file of each format as it should be."""
    folder = tmp_path_factory.mktemp("whole")
    for name, make in MAKERS.items():
        make(folder / name)
    return {name: folder / name for name in MAKERS}


def test_check_sums_are_made_as_their_formats_make_them(whole: dict[str, Path]):
    for names, resealed in ((("anim.png", "still.png"), png_resealed), (("sound.ogg", "sound.opus"), ogg_resealed)):
        for name in names:
            data = whole[name].read_bytes()
            assert resealed(bytearray(data)) == data


def _faults(findings: tuple[Finding, ...]) -> list[str]:
    return [f"{one.rule}: {one.found}\n{one.wanted}" for one in findings if one.rule in FAULTS]


def _faulty(whole: dict[str, Path], numbers: range, folder: Path) -> dict[str, list[str]]:
    """The damaged files that show a fault of ours, which are kept, and which."""
    cases: dict[str, Path] = {}
    for name, path in whole.items():
        data = path.read_bytes()
        for number in numbers:
            case = folder / f"{number}-{name}"
            case.write_bytes(damaged(data, f"{SEED} {name} {number}"))
            cases[case.name] = case
    found = outcomes(cases, folder / "store")
    assert set(found) == set(cases)
    for media, findings in found.values():
        assert media.kind is not None or media.refusal is not None
        assert all(finding.found and finding.way_out for finding in findings)
    return {str(cases[name]): faults for name, (_, findings) in found.items() if (faults := _faults(findings))}


def test_every_format_is_rendered_while_it_is_whole(whole: dict[str, Path], tmp_path: Path):
    found = outcomes(whole, tmp_path / "store")
    assert [name for name, (media, findings) in found.items() if media.refusal or findings] == ["words.srt"]


def test_damaged_files_are_rendered_or_refused_by_name(whole: dict[str, Path], tmp_path: Path):
    assert _faulty(whole, range(CASES), tmp_path) == {}


@pytest.mark.long
def test_thousands_of_damaged_files_are_rendered_or_refused_by_name(whole: dict[str, Path], tmp_path: Path):
    each = max(1, CASES_LONG // len(whole))
    faulty: dict[str, list[str]] = {}
    for first in range(0, each, 10):
        folder = tmp_path / str(first)
        folder.mkdir()
        faulty |= _faulty(whole, range(first, min(first + 10, each)), folder)
    assert faulty == {}
