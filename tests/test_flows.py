"""The flow ``build_episode`` on a server of Prefect's own test harness: what its page shows of a build."""

import re
from collections.abc import Iterator

import pytest
from prefect.client.orchestration import get_client
from prefect.client.schemas.filters import FlowRunFilter, FlowRunFilterId
from prefect.client.schemas.objects import FlowRun, TaskRun
from prefect.client.schemas.sorting import FlowRunSort
from prefect.testing.utilities import prefect_test_harness
from processes import signal_at_work, wait_for
from small_film import EPISODE, broken_library, film_of, lay_episode, quiet, stream_hash, wish_for

from crowdcut.findings import BuildFailed, Refused
from farm.build import built
from farm.report import read_report
from flows.build_episode import build_watched

LONG = EPISODE.replace("size = [192, 108]", "size = [1280, 720]")


@pytest.fixture(scope="module", autouse=True)
def server() -> Iterator[None]:
    with prefect_test_harness(server_startup_timeout=180):
        yield


def _newest_run() -> FlowRun:
    with get_client(sync_client=True) as client:
        return client.read_flow_runs(sort=FlowRunSort.START_TIME_DESC, limit=1)[0]


def _tasks(run: FlowRun, count: int) -> list[TaskRun]:
    """The task runs of ``run``, once the server has taken them all in: it lags behind."""
    found: list[TaskRun] = []

    def read() -> bool:
        with get_client(sync_client=True) as client:
            these = FlowRunFilter(id=FlowRunFilterId(any_=[run.id]))
            found[:] = client.read_task_runs(flow_run_filter=these)
        return len(found) >= count and all(one.state is not None and one.state.is_final() for one in found)

    assert wait_for(read, seconds=60), [(one.name, one.state) for one in found]
    return found


def _told(task: TaskRun) -> tuple[int, int]:
    """How many jobs a task rendered, and how many it found in the store."""
    assert task.state is not None
    numbers = re.match(r"(\d+) rendered, (\d+) from the store", task.state.message or "")
    assert numbers, task.state.message
    return int(numbers[1]), int(numbers[2])


def test_the_api_shows_a_task_a_batch_with_what_was_rendered_and_reused(tmp_path, tiny_library):
    manifest = lay_episode(tmp_path / "film", tiny_library)
    report = read_report(build_watched(wish_for(manifest), quiet))
    run = _newest_run()
    assert run.name == "film/episode: all deliveries"
    assert run.state is not None
    assert run.state.is_completed()
    (part,) = report["deliveries"]
    told = {task.name: _told(task) for task in _tasks(run, 9)}
    jobs = sum(part["rendered"].values())
    assert told["mixing and levelling"] == (4, 0), "two buses, their mix, its finish"
    assert {told[what] for what in ("joining tiny", "reading tiny back", "listening to tiny")} == {(1, 0)}
    shown = {name: count for name, count in told.items() if "one/1" in name or "credits/1" in name}
    assert sum(rendered for rendered, _ in shown.values()) == part["rendered"]["picture"]
    assert len(shown) == 2, "a task is a batch for each worker, never a piece"
    assert sum(rendered for rendered, _ in told.values()) >= jobs


def test_it_is_the_film_of_a_direct_build_and_a_second_run_renders_nothing(tmp_path, tiny_library):
    direct, flown = (lay_episode(tmp_path / name / "film", tiny_library) for name in ("direct", "flown"))
    built(wish_for(direct), quiet)
    build_watched(wish_for(flown), quiet)
    assert stream_hash(film_of(direct)) == stream_hash(film_of(flown))
    build_watched(wish_for(flown), quiet)
    told = [_told(task) for task in _tasks(_newest_run(), 6)]
    assert all(rendered == 0 for rendered, _ in told)
    assert sum(reused for _, reused in told) > 10


def test_a_child_killed_in_the_middle_costs_one_job(tmp_path, tiny_library):
    manifest = lay_episode(tmp_path / "film", tiny_library, LONG)
    events = []
    strike = signal_at_work(manifest.parent / "store")
    build_watched(wish_for(manifest, workers=1), events.append)
    strike.join()
    retried = [event for event in events if event.kind == "retried"]
    assert len(retried) == 1
    done = [event.text for event in events if event.kind == "done"]
    assert len(done) == len(set(done)), "nothing was done twice"
    state = _newest_run().state
    assert state is not None
    assert state.is_completed()


def test_what_is_wrong_is_the_runs_state_and_is_raised_as_it_is(tmp_path, tiny_library):
    manifest = lay_episode(tmp_path / "film", tiny_library, EPISODE.replace('use = "sea"', 'use = "see"'))
    with pytest.raises(Refused, match="see"):
        build_watched(wish_for(manifest), quiet)
    state = _newest_run().state
    assert state is not None
    assert state.is_failed()
    assert "see" in (state.message or "")


def test_a_failed_batch_says_what_failed(tmp_path, tiny_library):
    manifest = lay_episode(tmp_path / "film", broken_library(tiny_library, tmp_path / "library"))
    with pytest.raises(BuildFailed):
        build_watched(wish_for(manifest), quiet)
    failed = [task for task in _tasks(_newest_run(), 4) if task.state and task.state.is_failed()]
    assert failed
    assert all("failed: " in (task.state.message or "") for task in failed if task.state)
