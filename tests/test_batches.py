"""Batches: even, in working order, named for what is in them; and the hands that work at them."""

import threading

import pytest
from small_film import film_of, lay_episode, quiet, stream_hash, wish_for

from crowdcut.plan import Job
from farm.batches import BATCH_SECONDS, Batch, Batched, batches_from
from farm.build import built, planned
from farm.crew import Stopped
from farm.report import read_report
from farm.store import Store


@pytest.fixture(scope="module")
def plan(tmp_path_factory, tiny_library):
    manifest = lay_episode(tmp_path_factory.mktemp("plan"), tiny_library)
    _, (delivery,), _ = planned(wish_for(manifest), quiet)
    return delivery.plan


def _jobs(count: int, kind: str = "listen", **needs: str) -> list[Job]:
    return [Job(kind=kind, order=None, key=f"{kind}{number}", label=f"{kind} {number}") for number in range(count)]


@pytest.mark.parametrize("workers", [1, 2, 3, 8])
def test_each_job_is_in_one_batch_and_none_before_what_it_needs(plan, tmp_path, workers):
    batches = batches_from(plan.jobs, Store(tmp_path), workers=workers)
    assert [job.key for batch in batches for job in batch.jobs] == [job.key for job in plan.jobs]
    home = {job.key: number for number, batch in enumerate(batches) for job in batch.jobs}
    for number, batch in enumerate(batches):
        needed = {home[need] for job in batch.jobs for need in job.jobs.values()} - {number}
        assert set(batch.needs) == needed
        assert all(need < number for need in needed)


def test_work_is_shared_evenly_by_all_and_no_batch_is_long(tmp_path):
    jobs = _jobs(500)
    batches = batches_from(jobs, Store(tmp_path), workers=4)
    assert len(batches) % 4 == 0
    sizes = [len(batch.jobs) for batch in batches]
    assert max(sizes) - min(sizes) <= 1 + len(batches) // 10
    assert max(sizes) * 0.8 <= BATCH_SECONDS


def test_what_is_in_the_store_is_no_work(tmp_path):
    store, jobs = Store(tmp_path), _jobs(300)
    for job in jobs[:-1]:
        store.publish_facts(job.key, {})
    (batch,) = batches_from(jobs, store, workers=2)
    assert len(batch.jobs) == 300


def test_batches_are_named_for_their_shots(plan, tmp_path):
    names = [batch.name for batch in batches_from(plan.jobs, Store(tmp_path), workers=1)]
    first, last = plan.pictures[0].label, plan.pictures[-1].label
    assert names[-1] == f"{first} to {last} ({len({job.key for job in plan.pictures})} pieces)"
    assert names[-2] == "mixing and levelling"
    assert names[0].startswith("preparing sounds")


def _one_by_one(batches, work):
    for batch in batches:
        work(batch)


def test_a_scheduled_build_makes_the_same_film(tmp_path, tiny_library):
    direct, scheduled = (lay_episode(tmp_path / name / "film", tiny_library) for name in ("direct", "scheduled"))
    built(wish_for(direct), quiet)
    report = read_report(built(wish_for(scheduled), quiet, schedule=_one_by_one))
    assert stream_hash(film_of(direct)) == stream_hash(film_of(scheduled))
    (part,) = report["deliveries"]
    assert part["rendered"]["picture"] > 3
    assert part["cpu_seconds_by_kind"]["picture"] > 0
    again = read_report(built(wish_for(scheduled), quiet, schedule=_one_by_one))
    assert again["deliveries"][0]["rendered"] == {}


def test_a_job_whose_input_failed_in_another_batch_is_left_out(plan, tmp_path, tiny_library):
    missing = [job for job in plan.jobs if job.kind in ("mix", "finish")]

    def schedule(batches: list[Batch], work) -> None:
        outcomes.extend(map(work, batches))

    outcomes = []
    with Batched(schedule, Store(tmp_path), workers=1, listener=quiet) as hands:
        outcome = hands.run(missing)
    assert not outcome.rendered
    assert not outcome.failed


def test_stopping_ends_work_on_other_threads(plan, tmp_path):
    started = threading.Event()

    def schedule(batches, work):
        errors = []

        def try_to_work():
            try:
                for batch in batches:
                    work(batch)
            except Stopped as error:
                errors.append(error)

        thread = threading.Thread(target=try_to_work)
        thread.start()
        assert started.wait(30)
        work.stop()
        thread.join(10)
        assert not thread.is_alive()
        assert errors

    def listener(event):
        if event.kind == "started":
            started.set()

    with Batched(schedule, Store(tmp_path), workers=1, listener=listener) as hands, pytest.raises(Stopped):
        hands.run(plan.jobs)


def test_what_a_batch_raises_reaches_the_build_whatever_its_schedule_makes_of_it(plan, tmp_path):
    def schedule(batches, work):
        with pytest.raises(ZeroDivisionError):
            work(batches[0])

    def listener(event):
        raise ZeroDivisionError

    with Batched(schedule, Store(tmp_path), workers=1, listener=listener) as hands, pytest.raises(ZeroDivisionError):
        hands.run(plan.jobs)
