"""The flow ``nightly``: every episode of a folder that has something to do, and one page about the night."""

from collections import Counter
from typing import Any

from prefect import State, flow, get_run_logger
from prefect.artifacts import create_markdown_artifact
from prefect.runtime import flow_run
from prefect.states import Completed, Failed

from crowdcut.pages.nightly_markdown import markdown_from
from farm.nightly import episodes_in, night_from, night_of, now, write_nightly
from farm.wish import Night, Wish
from flows.build_episode import build_episode


def _run_name() -> str:
    """Such as ``season one, 23 November 03:00``."""
    night: Night = flow_run.parameters["wish"]
    return f"{night.productions.absolute().name}, {flow_run.scheduled_start_time:%-d %B %H:%M}"


@flow(name="nightly", flow_run_name=_run_name, persist_result=False)
def nightly(wish: Night) -> State[Any]:
    """Build every episode that has something to do; nightly.html in the folder says what changed and why.

    An episode that cannot be built does not stop the others, and makes the run a failed one.
    """
    logger, started_at, entries = get_run_logger(), now(), []
    for manifest in episodes_in(wish.productions):
        episode = Wish(manifest=manifest, workers=wish.workers, placeholder=wish.placeholder)
        entries.append(entry := night_of(episode, build_episode))
        logger.info("%s: %s", entry["title"], entry["state"])
    night = night_from(entries, wish.productions, started_at=started_at)
    page = write_nightly(night, wish.productions)
    create_markdown_artifact(markdown_from(night), key="nightly", description=f"The night as {page} tells it.")
    states = Counter(entry["state"] for entry in entries)
    told = ", ".join(f"{count} {state}" for state, count in states.items()) or "no episodes"
    return (Failed if states["failed"] or states["refused"] else Completed)(message=told)
