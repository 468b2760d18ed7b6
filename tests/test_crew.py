"""The crew: a child that is killed, hangs or asks for too much costs one job, and the job is named."""

import os
import shutil
import signal
import tempfile
import threading
import time
from collections.abc import Callable
from dataclasses import replace
from itertools import count
from pathlib import Path

import numpy as np
import pytest
from processes import signal_at_work, wait_for, workers_of
from small_film import EPISODE, lay_episode, quiet, wish_for

from crowdcut.orders import ReadbackOrder
from crowdcut.plan import Job, Plan
from crowdcut.records import plain
from examples.makers import write_still
from farm import crew as crews
from farm import worker
from farm.build import planned
from farm.crew import Crew
from farm.digests import mark_of
from farm.events import Event
from farm.store import Store


@pytest.fixture(scope="module")
def plan(tiny_library: Path, tmp_path_factory: pytest.TempPathFactory) -> Plan:
    # Large enough for a job to be struck while it is under way, on a busy machine too.
    text = EPISODE.replace("size = [192, 108]", "size = [1280, 720]")
    manifest = lay_episode(tmp_path_factory.mktemp("crew") / "small", tiny_library, text)
    return planned(wish_for(manifest), quiet)[1][0].plan


def spied(act: Callable[[Event], None] = quiet) -> tuple[list[Event], Callable[[Event], None]]:
    """A listener that keeps events and acts on them."""
    events: list[Event] = []

    def listen(event: Event) -> None:
        events.append(event)
        act(event)

    return events, listen


def kinds(events: list[Event], label: str) -> list[str]:
    return [event.kind for event in events if event.text == label]


def test_a_child_killed_at_work_costs_one_job_which_is_tried_again(plan: Plan, tmp_path: Path):
    store = Store(tmp_path)
    one, two, three = plan.pictures[:3]
    strikes: list[threading.Thread] = []

    def strike(event: Event) -> None:
        if event.kind == "started" and event.text == one.label and not strikes:
            strikes.append(signal_at_work(tmp_path))

    events, listen = spied(strike)
    with Crew(store, workers=1, listener=listen) as crew:
        outcome = crew.run([one, two, three])
    strikes[0].join()
    assert {job.key for job in outcome.rendered} == {one.key, two.key, three.key}
    assert outcome.failed == {}
    assert kinds(events, one.label) == ["started", "retried", "started", "done"]
    assert [kinds(events, job.label) for job in (two, three)] == [["started", "done"]] * 2
    assert list(tmp_path.glob(".work-*")) == []


def test_a_job_that_kills_its_child_twice_is_named_and_the_others_go_on(plan: Plan, tmp_path: Path):
    store = Store(tmp_path)
    one, two = plan.pictures[:2]
    strikes: list[threading.Thread] = []

    def strike(event: Event) -> None:
        if event.kind == "started" and event.text == one.label:
            strikes.append(signal_at_work(tmp_path))

    events, listen = spied(strike)
    with Crew(store, workers=1, listener=listen) as crew:
        outcome = crew.run([one, two])
    for thread in strikes:
        thread.join()
    assert [job.key for job in outcome.rendered] == [two.key]
    (finding,) = outcome.failed[one.key]
    assert (finding.rule, finding.owner, finding.where.file) == ("died", "contributor", "walk.mp4")
    assert "one/1" in finding.found
    assert "2 times (SIGKILL)" in finding.found
    assert kinds(events, one.label) == ["started", "retried", "started", "failed"]
    assert store.find(one.key) is None


def test_jobs_that_need_a_failed_one_are_left_out(plan: Plan, tmp_path: Path):
    def strike(event: Event) -> None:
        if event.kind == "started" and event.job == "mix":
            for child in workers_of(os.getpid()):
                os.kill(child, signal.SIGKILL)

    with Crew(Store(tmp_path), workers=1, listener=strike) as crew:
        outcome = crew.run([*plan.sounds, *plan.buses, plan.mix, plan.finish])
    assert set(outcome.failed) == {plan.mix.key}
    assert outcome.failed[plan.mix.key][0].owner == "machine"
    assert {job.key for job in outcome.rendered} == {job.key for job in (*plan.sounds, *plan.buses)}


def test_a_child_that_hangs_is_ended_at_its_deadline(plan: Plan, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    one, two = plan.pictures[:2]
    patience = {one.key: 3.0, two.key: 60.0}
    monkeypatch.setattr(crews, "deadline_seconds", lambda job: patience[job.key])
    frozen: list[threading.Thread] = []

    def freeze(event: Event) -> None:
        if event.kind == "started" and event.text == one.label:
            frozen.append(signal_at_work(tmp_path, signal.SIGSTOP))

    _, listen = spied(freeze)
    started = time.monotonic()
    with Crew(Store(tmp_path), workers=1, listener=listen) as crew:
        outcome = crew.run([one, two])
    frozen[0].join()
    assert time.monotonic() - started < 20
    (finding,) = outcome.failed[one.key]
    assert finding.rule == "deadline"
    assert "one/1 did not end within 3 seconds" in finding.found
    assert [job.key for job in outcome.rendered] == [two.key]
    assert workers_of(os.getpid()) == []


def test_what_needs_too_much_memory_is_a_finding(tmp_path: Path):
    (tmp_path / "library").mkdir()
    write_still(tmp_path / "library" / "huge.png", np.zeros((6000, 6000, 3), np.uint8))
    text = 'format = 1\ntitle = "Huge"\ndelivery = ["proxy"]\n[[scene]]\n[[scene.shot]]\nuse = "huge.png"\nfor = 1\n'
    manifest = lay_episode(tmp_path / "huge", tmp_path / "library", f'library = ["{{library}}"]\n{text}')
    job = planned(wish_for(manifest, allow_uncredited=True), quiet)[1][0].plan.pictures[0]
    with Crew(Store(tmp_path / "store"), workers=1, listener=quiet, memory_bytes=150 << 20) as crew:
        outcome = crew.run([job])
    (finding,) = outcome.failed[job.key]
    assert (finding.rule, finding.owner, finding.where.file) == ("memory", "contributor", "huge.png")


def test_a_fault_of_our_own_is_told_as_one(plan: Plan, tmp_path: Path):
    job = replace(plan.pictures[0], files={})
    with Crew(Store(tmp_path), workers=1, listener=quiet) as crew:
        outcome = crew.run([job])
    (finding,) = outcome.failed[job.key]
    assert (finding.rule, finding.owner) == ("crash", "machine")
    assert "Traceback" in finding.wanted
    assert "report it" in finding.way_out


def test_leaving_the_crew_ends_every_child_and_clears_what_they_wrote(plan: Plan, tmp_path: Path):
    seen: list[int] = []

    def interrupt(event: Event) -> None:
        # The last of the two has just been set to work; a child shows its name once it has begun.
        if event.kind == "started" and event.text == plan.pictures[1].label:
            wait_for(lambda: len(workers_of(os.getpid())) == 2, seconds=5)
            seen.extend(workers_of(os.getpid()))
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt), Crew(Store(tmp_path), workers=2, listener=interrupt) as crew:
        crew.run(plan.pictures[:4])
    assert len(seen) == 2
    assert wait_for(lambda: not workers_of(os.getpid()), seconds=1)
    assert list(tmp_path.glob(".work-*")) == []


def test_no_more_children_than_workers(plan: Plan, tmp_path: Path):
    most: list[int] = []
    _, listen = spied(lambda event: most.append(len(workers_of(os.getpid()))))
    jobs: tuple[Job, ...] = plan.pictures[:4]
    with Crew(Store(tmp_path), workers=2, listener=listen) as crew:
        assert len(crew.run(jobs).rendered) == 4
        assert set(crew.cpu_seconds) == {"picture"}
        assert crew.cpu_seconds["picture"] > 0
    assert max(most) == 2


@pytest.mark.parametrize("put_back", [False, True])
def test_what_is_made_of_a_file_that_changed_is_not_published(plan: Plan, tmp_path: Path, put_back: bool):
    """The order asks for one file, its key is made of that one's contents, and another lies there for a while."""
    job = plan.pictures[0]
    (name, original), *_ = job.files.items()
    file, other = tmp_path / "clip.mp4", tmp_path / "other.mp4"
    shutil.copy(original, file)
    shutil.copy(original, other)

    def exchange() -> None:
        file.rename(tmp_path / "away")
        other.rename(file)
        if put_back:
            file.rename(other)
            (tmp_path / "away").rename(file)

    store = Store(tmp_path / "store")
    _, listen = spied(lambda event: exchange() if event.kind == "started" else None)
    with Crew(store, workers=1, listener=listen) as crew:
        crew.watched[file] = mark_of(file)
        outcome = crew.run([replace(job, files={name: file})])
    (finding,) = outcome.failed[job.key]
    assert (finding.rule, finding.owner, finding.where.file) == ("changed-while-building", "producer", "clip.mp4")
    assert store.find(job.key) is None


def test_what_a_job_writes_beside_its_work_goes_with_its_place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    folders: list[str] = []

    class Renderer:
        @staticmethod
        def run(*_: object) -> dict[str, object]:
            folders.append(tempfile.mkdtemp())
            return {}

    monkeypatch.setattr(tempfile, "tempdir", None)
    monkeypatch.setattr(worker, "import_module", lambda _: Renderer)
    task = {"kind": "readback", "order": plain(ReadbackOrder()), "inputs": {}, "place": str(tmp_path)}
    assert worker._ran(task) == {"done": True}
    assert [Path(folder).parent for folder in folders] == [tmp_path]


def test_a_child_that_hardly_gets_to_work_is_waited_for(plan: Plan, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """On a machine that others use too, past its deadline: each look finds a little more work done."""
    one, patience, looks = plan.pictures[0], 0.2, count()
    monkeypatch.setattr(crews, "deadline_seconds", lambda _job: patience)
    monkeypatch.setattr(crews, "cpu_seconds", lambda _process: next(looks) * patience / 20)
    with Crew(Store(tmp_path), workers=1, listener=lambda _: None) as crew:
        outcome = crew.run([one])
    assert [job.key for job in outcome.rendered] == [one.key]
    assert next(looks) >= 2, "at its beginning, and past its deadline"


def test_a_child_that_works_past_its_deadline_is_hung(plan: Plan, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    one, looks = plan.pictures[0], count()
    monkeypatch.setattr(crews, "deadline_seconds", lambda _job: 0.2)
    monkeypatch.setattr(crews, "cpu_seconds", lambda _process: next(looks) * 0.3)
    with Crew(Store(tmp_path), workers=1, listener=lambda _: None) as crew:
        outcome = crew.run([one])
    (finding,) = outcome.failed[one.key]
    assert finding.rule == "deadline"
