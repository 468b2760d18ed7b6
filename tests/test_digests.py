"""What keys are made of: a file's contents whatever it is called, a renderer's code and nothing but that."""

import os
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from farm import digests
from farm import fingerprints as module
from farm.digests import DigestCache, content_digest
from farm.fingerprints import Fingerprints

TREE = {
    "renderers/__init__.py": "",
    "renderers/picture.py": "import numpy\nfrom renderers.compose import compose\n",
    "renderers/compose.py": "from crowdcut import orders\ndef compose():\n    from renderers.late import late\n",
    "renderers/late.py": "import scipy\n",
    "renderers/mix.py": "from crowdcut.orders import MixOrder\n",
    "crowdcut/__init__.py": "",
    "crowdcut/orders.py": "class MixOrder: ...\n",
    "crowdcut/pages/report_page.py": "WORDS = 1\n",
}


def laid(folder: Path) -> Path:
    for name, text in TREE.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text, encoding="utf-8")
    return folder


def fingerprints(folder: Path) -> dict[str, str]:
    found = Fingerprints(folder)
    return {name: found[f"renderers.{name}"] for name in ("picture", "mix")}


@pytest.mark.parametrize(
    ("changed", "of"),
    [
        ("renderers/picture.py", {"picture"}),
        ("renderers/compose.py", {"picture"}),
        ("renderers/late.py", {"picture"}),
        ("renderers/mix.py", {"mix"}),
        ("crowdcut/orders.py", {"picture", "mix"}),
        ("crowdcut/pages/report_page.py", set()),
    ],
)
def test_a_fingerprint_changes_with_the_code_that_its_renderer_runs(tmp_path: Path, changed: str, of: set[str]):
    before = fingerprints(laid(tmp_path))
    with (tmp_path / changed).open("a", encoding="utf-8") as file:
        file.write("CHANGED = 1\n")
    after = fingerprints(tmp_path)
    assert {name for name in before if before[name] != after[name]} == of


def test_a_fingerprint_holds_the_versions_of_the_libraries_below(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    before = fingerprints(laid(tmp_path))
    true_version = module.version
    monkeypatch.setattr(module, "version", lambda name: "0" if name == "scipy" else true_version(name))
    after = fingerprints(tmp_path)
    assert before["picture"] != after["picture"]
    assert before["mix"] == after["mix"]


def test_every_renderer_of_the_house_has_a_fingerprint_of_its_own():
    from renderers import JOBS

    found = Fingerprints()
    assert len({found[module] for module, _ in JOBS.values()}) == len(JOBS)


def test_contents_count_and_nothing_else(tmp_path: Path):
    for name, contents in (("a.mov", b"same"), ("b.txt", b"same"), ("c", b"other")):
        (tmp_path / name).write_bytes(contents)
    one, two, three = (content_digest(tmp_path / name) for name in ("a.mov", "b.txt", "c"))
    assert one == two != three
    assert len(one) == 32


@given(st.binary(max_size=100), st.binary(max_size=100))
@settings(max_examples=30, deadline=None)
def test_different_contents_have_different_digests(tmp_path_factory: pytest.TempPathFactory, one: bytes, two: bytes):
    folder = tmp_path_factory.mktemp("digests")
    (folder / "one").write_bytes(one)
    (folder / "two").write_bytes(two)
    assert (content_digest(folder / "one") == content_digest(folder / "two")) == (one == two)


@pytest.fixture
def counted(monkeypatch: pytest.MonkeyPatch) -> list[Path]:
    """The files that were read."""
    read: list[Path] = []

    def count(file: Path) -> str:
        read.append(file)
        return content_digest(file)

    monkeypatch.setattr(digests, "content_digest", count)
    return read


def test_a_file_is_read_once_and_again_when_it_may_have_changed(tmp_path: Path, counted: list[Path]):
    file = tmp_path / "clip.mov"
    file.write_bytes(b"first")

    def digest() -> str:
        with DigestCache(tmp_path) as cache:
            return cache.digest(file)

    first = digest()
    assert digest() == first
    assert len(counted) == 1
    times = file.stat()
    file.write_bytes(b"longer")
    os.utime(file, ns=(times.st_atime_ns, times.st_mtime_ns))
    assert digest() != first, "another size"
    file.write_bytes(b"FIRST!")
    os.utime(file, ns=(times.st_atime_ns, times.st_mtime_ns + 1))
    assert digest() == content_digest(file), "another time"
    other = tmp_path / "new"
    other.write_bytes(b"SECOND")
    os.utime(other, ns=(times.st_atime_ns, times.st_mtime_ns + 1))
    other.rename(file)
    assert digest() == content_digest(file), "another file under the same name"
    assert len(counted) == 4


def test_what_cannot_be_read_is_an_os_error(tmp_path: Path):
    for name in ("missing", "."):
        with DigestCache(tmp_path) as cache, pytest.raises(OSError, match=r"No such file|directory"):
            cache.digest(tmp_path / name)


@pytest.mark.parametrize("line", ["import renderers.gone\n", "from renderers.gone import paint\n"])
def test_a_module_of_ours_that_is_not_there_has_no_fingerprint(tmp_path: Path, line: str):
    laid(tmp_path)
    with pytest.raises(ModuleNotFoundError, match=r"renderers\.gone"):
        Fingerprints(tmp_path)["renderers.gone"]
    (tmp_path / "renderers" / "late.py").write_text(line, encoding="utf-8")
    with pytest.raises(ModuleNotFoundError, match=r"renderers\.gone"):
        Fingerprints(tmp_path)["renderers.picture"]


def test_a_file_whose_name_is_no_text_has_a_digest_too(tmp_path: Path):
    file = tmp_path / os.fsdecode(b"caf\xe9.mov")
    file.write_bytes(b"contents")
    with DigestCache(tmp_path) as cache:
        assert cache.digest(file) == cache.digest(file) == content_digest(file)


def test_fingerprints_are_remembered_until_code_is_edited(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    room = tmp_path / "renderers"
    room.mkdir()
    (room / "picture.py").write_text("import json\n")
    memory = tmp_path / "fingerprints.json"
    first = Fingerprints(tmp_path, memory=memory)["renderers.picture"]

    def read(_self: Fingerprints, module: str) -> str:
        raise AssertionError(f"{module} is read again")

    with monkeypatch.context() as patch:
        patch.setattr(Fingerprints, "_fingerprint", read)
        assert Fingerprints(tmp_path, memory=memory)["renderers.picture"] == first
    (room / "picture.py").write_text("import ast\n")
    os.utime(room / "picture.py", ns=(1, 1))
    assert Fingerprints(tmp_path, memory=memory)["renderers.picture"] != first
    memory.write_text("{")
    assert Fingerprints(tmp_path, memory=memory)["renderers.picture"] != first
