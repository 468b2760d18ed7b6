"""The store: what is there is finished, the first one published wins, and what the dead left is cleared."""

import json
import subprocess
import sys
import tempfile
import threading
from contextlib import suppress
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from farm.store import FACTS, FILE, Store
from farm.workplace import swept, workplace

KEYS = st.sampled_from([letter * 32 for letter in "abc"])


def published(store: Store, key: str, contents: bytes) -> None:
    with workplace(store.folder) as place:
        (place / FILE).write_bytes(contents)
        (place / FACTS).write_text(json.dumps({"length": len(contents)}), encoding="utf-8")
        store.publish(key, place)


class StoreAgainstADict(RuleBasedStateMachine):
    """Whatever is done in whatever order, the store holds what a dict with ``setdefault`` holds."""

    def __init__(self) -> None:
        super().__init__()
        self.folder = tempfile.TemporaryDirectory()
        self.store, self.model = Store(Path(self.folder.name)), {}

    @rule(key=KEYS, contents=st.binary(max_size=20))
    def publish(self, key: str, contents: bytes) -> None:
        published(self.store, key, contents)
        self.model.setdefault(key, contents)

    @rule(key=KEYS)
    def discard(self, key: str) -> None:
        self.store.discard(key)
        self.model.pop(key, None)

    @rule()
    def open_again(self) -> None:
        self.store = Store(Path(self.folder.name))

    @rule(key=KEYS, contents=st.binary(max_size=20))
    def give_up_half_way(self, key: str, contents: bytes) -> None:
        with suppress(KeyboardInterrupt), workplace(self.store.folder) as place:
            (place / FILE).write_bytes(contents)
            raise KeyboardInterrupt

    @invariant()
    def holds_the_same(self) -> None:
        for key in [letter * 32 for letter in "abc"]:
            found = self.store.find(key)
            assert (found is None) == (key not in self.model)
            if found is not None:
                assert found.file.read_bytes() == self.model[key]
                assert found.facts == {"length": len(self.model[key])}

    @invariant()
    def leaves_nothing_lying_about(self) -> None:
        assert [path.name for path in Path(self.folder.name).iterdir()] == ["objects"]

    def teardown(self) -> None:
        self.folder.cleanup()


TestStoreAgainstADict = StoreAgainstADict.TestCase
TestStoreAgainstADict.settings = settings(max_examples=25, stateful_step_count=12, deadline=None)


def test_the_first_of_many_publishers_wins_and_all_go_on(tmp_path: Path):
    store, key = Store(tmp_path), "f" * 32
    barrier, failures, seen = threading.Barrier(8), [], []

    def publish(number: int) -> None:
        try:
            barrier.wait()
            published(store, key, bytes([number]) * 1000)
            found = store.find(key)
            assert found is not None
            seen.append(found.file.read_bytes())
        except Exception as error:  # noqa: BLE001 - a thread's failure must reach the test
            failures.append(error)

    threads = [threading.Thread(target=publish, args=(number,)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []
    assert len(set(seen)) == 1
    assert len(seen[0]) == 1000
    assert list(tmp_path.glob(".work-*")) == []


def test_an_object_is_never_seen_half_written(tmp_path: Path):
    """While one publishes, another looks at what appears: whole objects only."""
    store, halves, done = Store(tmp_path), [], threading.Event()
    contents = bytes(100_000)

    def look() -> None:
        while not done.is_set():
            for place in (tmp_path / "objects").glob("*/*"):
                file, facts = place / FILE, place / FACTS
                if not file.exists() or file.stat().st_size != len(contents) or not facts.exists():
                    halves.append(place)

    thread = threading.Thread(target=look)
    thread.start()
    for number in range(60):
        published(store, f"{number:032x}", contents)
    done.set()
    thread.join()
    assert halves == []


@given(pid=st.integers(min_value=1, max_value=10**9), number=st.integers(min_value=0, max_value=99))
@settings(max_examples=40, deadline=None)
def test_only_folders_of_dead_processes_are_swept(pid: int, number: int):
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        left = folder / f".work-{pid}-{number}"
        left.mkdir()
        (left / FILE).write_bytes(b"half")
        swept(folder)
        assert left.exists() == Path("/proc", str(pid)).exists()


def test_sweeping_spares_the_living_and_what_is_not_ours(tmp_path: Path):
    with workplace(tmp_path) as place:
        for name in (".work-", ".work-x-1", "work-1-1", ".workshop"):
            (tmp_path / name).mkdir()
        swept(tmp_path)
        assert place.is_dir()
        assert sorted(path.name for path in tmp_path.iterdir() if path != place) == [
            ".work-", ".work-x-1", ".workshop", "work-1-1",
        ]  # fmt: skip


def test_what_a_killed_process_left_is_cleared_when_the_store_is_opened(tmp_path: Path):
    code = (
        "import os, signal, sys; from pathlib import Path; from farm.workplace import workplace\n"
        "with workplace(Path(sys.argv[1])) as place:\n"
        "    (place / 'file').write_bytes(b'half')\n"
        "    os.kill(os.getpid(), signal.SIGKILL)\n"
    )
    subprocess.run([sys.executable, "-c", code, str(tmp_path)], check=False)
    assert len(list(tmp_path.glob(".work-*/file"))) == 1
    Store(tmp_path)
    assert list(tmp_path.glob(".work-*")) == []


def test_facts_alone_are_an_object(tmp_path: Path):
    store = Store(tmp_path)
    assert store.publish_facts("a" * 32, {"digest": "1"}).facts == {"digest": "1"}
    assert store.publish_facts("a" * 32, {"digest": "2"}).facts == {"digest": "1"}


def test_what_a_process_of_the_same_number_left_is_in_nobodys_way(tmp_path: Path):
    """In a container every build may have the same process number."""
    code = (
        "import os, sys; from pathlib import Path; from farm.workplace import workplace\n"
        "os.getpid = lambda: 1\n"
        "with workplace(Path(sys.argv[1])) as place:\n"
        "    print(place.name, flush=True)\n"
        "    os._exit(int(not place.is_dir()))\n"
    )
    runs = [
        subprocess.run([sys.executable, "-c", code, str(tmp_path)], check=False, stdout=subprocess.PIPE) for _ in "ab"
    ]
    assert [run.returncode for run in runs] == [0, 0]
    assert len({run.stdout for run in runs}) == 2
    assert all(run.stdout.startswith(b".work-1-") for run in runs)


def test_a_workplace_is_open_to_whom_the_user_lets_in(tmp_path: Path):
    plain = tmp_path / "plain"
    plain.mkdir()
    with workplace(tmp_path) as place:
        assert place.stat().st_mode == plain.stat().st_mode
