"""The flow ``build_episode``: an episode's films, in tasks that Prefect shows, retries and cancels."""

from collections.abc import Sequence
from contextvars import ContextVar
from pathlib import Path
from typing import Any

from prefect import State, flow, get_run_logger, task
from prefect.cache_policies import NO_CACHE
from prefect.futures import PrefectFuture
from prefect.runtime import flow_run
from prefect.states import Cancelled, Completed, Failed
from prefect.task_runners import ThreadPoolTaskRunner

from farm.batches import Batch, Work
from farm.build import built
from farm.crew import Stopped
from farm.events import Event, Listener
from farm.wish import Wish

_watcher: ContextVar[Listener] = ContextVar("watcher", default=lambda event: None)


def _in_tasks(batches: Sequence[Batch], work: Work) -> None:
    """A task a batch. What can be reused is the store's business, so Prefect caches nothing."""

    @task(name="batch", task_run_name="{name}", cache_policy=NO_CACHE, persist_result=False)
    def worked_at(name: str, number: int) -> State[Any]:
        try:
            outcome = work(batches[number])
        except Stopped:
            return Cancelled(message="stopped; what was finished is in the store")
        return (Failed if outcome.failed else Completed)(message=str(outcome))

    with ThreadPoolTaskRunner(max_workers=work.workers) as runner:
        futures: list[PrefectFuture[Any]] = []
        try:
            for number, batch in enumerate(batches):
                needed = [futures[need] for need in batch.needs]
                futures.append(runner.submit(worked_at, {"name": batch.name, "number": number}, wait_for=needed))
            for future in futures:
                future.wait()
        except BaseException:  # a cancel: leaving the runner waits for threads, and these for their children
            work.stop()
            raise


def _logged() -> Listener:
    """What the run's log in Prefect is told: the course of it, not each job."""
    logger, watcher = get_run_logger(), _watcher.get()

    def listener(event: Event) -> None:
        watcher(event)
        match event.kind:
            case "stage":
                logger.info("%s: %d jobs", event.text, event.jobs)
            case "retried":
                logger.warning("trying again: %s", event.text)
            case "finding" | "failed":
                logger.warning("%s", event.text)
            case "film" | "report":
                logger.info("%s", event.text)
            case _:
                pass

    return listener


def _run_name() -> str:
    """Such as ``season one/pilot: web, proxy``."""
    wish: Wish = flow_run.parameters["wish"]
    manifest = wish.manifest.absolute()
    return f"{manifest.parent.name}/{manifest.stem}: {', '.join(wish.deliveries) or 'all deliveries'}"


@flow(name="build_episode", flow_run_name=_run_name, persist_result=False)
def build_episode(wish: Wish) -> Path:
    """Build and verify the films of an episode; the path of report.html.

    A build that is run again goes on where the last one ended: what was finished is in the store.
    """
    listener = _logged()
    listener(Event(kind="way", text=f"to watch: {flow_run.ui_url or flow_run.name}"))
    return built(wish, listener, schedule=_in_tasks)


def build_watched(wish: Wish, watcher: Listener) -> Path:
    """The flow, run here and now, with ``watcher`` told of everything that happens."""
    token = _watcher.set(watcher)
    try:
        return build_episode(wish)
    finally:
        _watcher.reset(token)
