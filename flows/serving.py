"""Prefect's server, a worker and the deployments of ``prefect.yaml`` on this machine, started and stopped together."""

import json
import os
import secrets
import shlex
import socket
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from crowdcut.findings import Finding, Refused, Where
from farm.processes import Process, ended, started
from flows.settings import SERVE_FILE, answers, client_settings, server_settings

if TYPE_CHECKING:
    from prefect.client.orchestration import SyncPrefectClient
    from prefect.client.schemas.objects import FlowRun

CHECKOUT = Path(__file__).resolve().parent.parent
POOL = "crowdcut"
_LOST_SECONDS = 90
"""Three heartbeats that did not come."""
_START_SECONDS = 180
_CANCEL_SECONDS = 20


def _prefect(words: tuple[str, ...], log: Path, environment: Mapping[str, str]) -> Process:
    """Start a ``prefect`` command that ends when this process does; it prints into ``log``."""
    command = (sys.executable, "-m", "farm.leash", sys.executable, "-m", "prefect", *words)
    with log.open("ab") as file:
        return started(command, log=file, environment=environment, folder=CHECKOUT)


def _failed(what: str, log: Path) -> Refused:
    last = log.read_text("utf-8", "replace").strip().splitlines()[-8:]
    return Refused(
        Finding(
            rule="serve",
            owner="machine",
            where=Where(file=str(log)),
            found=f"{what}; it said last:\n" + "\n".join(last),
            way_out="Mend what it says, then start again.",
        )
    )


def _wait(happened: Callable[[], bool], process: Process, what: str, log: Path) -> None:
    due = time.monotonic() + _START_SECONDS
    while not happened():
        if process.poll() is not None:
            raise _failed(f"{what} ended with exit code {process.returncode}", log)
        if time.monotonic() > due:
            raise _failed(f"{what} was not there after {_START_SECONDS} seconds", log)
        time.sleep(0.2)


def _installed_automation() -> None:
    """A run whose heartbeats stop is marked Crashed: nothing else tells of a machine that went down."""
    from prefect.automations import Automation
    from prefect.client.orchestration import get_client
    from prefect.client.schemas.objects import StateType
    from prefect.events.actions import ChangeFlowRunState
    from prefect.events.schemas.automations import EventTrigger, Posture
    from prefect.events.schemas.events import ResourceSpecification

    heartbeat = "prefect.flow-run.heartbeat"
    lost = Automation(
        name="Runs that were lost are crashed",
        trigger=EventTrigger(
            after={heartbeat},
            expect={
                heartbeat,
                *(f"prefect.flow-run.{state}" for state in ("Completed", "Failed", "Cancelled", "Crashed")),
            },
            match=ResourceSpecification({"prefect.resource.id": ["prefect.flow-run.*"]}),
            for_each={"prefect.resource.id"},
            posture=Posture.Proactive,
            threshold=1,
            within=timedelta(seconds=_LOST_SECONDS),
        ),
        actions=[
            ChangeFlowRunState(
                state=StateType.CRASHED, name=None, message=f"no sign of life for {_LOST_SECONDS} seconds", force=False
            )
        ],
    )
    with get_client(sync_client=True) as client:
        known = client.request("POST", "/automations/filter").json()
        for one in known:
            if one["name"] == lost.name:
                client.request("DELETE", "/automations/{id}", path_params={"id": one["id"]})
    lost.create()


def _runs_under_way(client: "SyncPrefectClient") -> list["FlowRun"]:
    from prefect.client.schemas.filters import FlowRunFilter, FlowRunFilterState, FlowRunFilterStateType
    from prefect.client.schemas.objects import StateType

    states = FlowRunFilterStateType(any_=[StateType.RUNNING, StateType.PENDING, StateType.CANCELLING])
    return client.read_flow_runs(flow_run_filter=FlowRunFilter(state=FlowRunFilterState(type=states)))


def _crashed_runs() -> None:
    """Mark what an earlier worker left Running when the machine went down: no run outlives its worker."""
    from prefect.client.orchestration import get_client
    from prefect.states import Crashed

    with get_client(sync_client=True) as client:
        for run in _runs_under_way(client):
            if run.deployment_id is not None:
                client.set_flow_run_state(run.id, Crashed(message="crowdcut serve went down with it"), force=True)


def _cancelled_runs() -> None:
    """Cancel what runs, and wait until it has ended: a worker that is told to stop leaves its runs Running for ever."""
    from prefect.client.orchestration import get_client
    from prefect.states import Cancelling

    due = time.monotonic() + _CANCEL_SECONDS
    with get_client(sync_client=True) as client:
        for run in _runs_under_way(client):
            client.set_flow_run_state(run.id, Cancelling(message="crowdcut serve is stopped"))
        while _runs_under_way(client) and time.monotonic() < due:
            time.sleep(0.3)


def _deployed(environment: Mapping[str, str], log: Path) -> None:
    """Put the deployments of ``prefect.yaml`` on the server, on a pool of processes of this machine."""
    for words in (
        ("work-pool", "create", POOL, "--type", "process", "--overwrite"),
        ("--no-prompt", "deploy", "--all", "--prefect-file", "prefect.yaml"),
    ):
        process = _prefect(words, log, environment)
        if process.wait(_START_SECONDS) != 0:
            raise _failed(f"prefect {' '.join(words)} ended with exit code {process.returncode}", log)


def _free(port: int) -> None:
    """Raises Refused where somebody listens already."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError as error:
            found = f"port {port} cannot be used: {error.strerror}"
            raise Refused(
                Finding(rule="port", owner="machine", found=found, way_out="Give another with --port.")
            ) from error


def _written(file: Path, text: str) -> Path:
    """Write ``file`` whole, for this user's eyes alone."""
    new = file.with_suffix(".new")
    with open(os.open(new, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w", encoding="utf-8") as told:
        told.write(text)
    return new.replace(file)


def _secret(file: Path) -> str:
    """The name and password that the server asks for; the same as last time, since browsers remember it."""
    try:
        return file.read_text("utf-8")
    except FileNotFoundError:
        return _written(file, f"crowdcut:{secrets.token_urlsafe(12)}").read_text("utf-8")


@contextmanager
def serving(productions: Path, *, port: int, nightly: str, timezone: str) -> Iterator[tuple[str, Callable[[], None]]]:
    """Prefect on loopback for the ``productions`` folder while the block lasts; what runs at its end is cancelled.

    nightly : cron expression, in ``timezone``.

    Gives the password of its page, and a function that raises Refused once the server or the worker has ended.
    Raises Refused where it cannot start.
    """
    _free(port)
    home = productions / ".crowdcut"
    logs = home / "prefect"
    logs.mkdir(parents=True, exist_ok=True)
    api, secret = f"http://127.0.0.1:{port}/api", _secret(logs / "secret")
    told = {
        "CROWDCUT_CHECKOUT": str(CHECKOUT),
        "CROWDCUT_PYTHON": shlex.quote(sys.executable),
        "CROWDCUT_PRODUCTIONS": str(productions),
        "CROWDCUT_NIGHTLY": nightly,
        "CROWDCUT_TIMEZONE": timezone,
    }
    client = client_settings(logs, api, secret)
    os.environ.update(client)
    with ExitStack() as exits:
        words = ("server", "start", "--host", "127.0.0.1", "--port", str(port))
        server = _prefect(words, logs / "server.log", server_settings(logs, api, secret))
        exits.callback(ended, server, grace_seconds=10)
        _wait(lambda: answers(api, secret), server, "Prefect's server", logs / "server.log")
        _deployed({**client, **told}, logs / "deploy.log")
        _installed_automation()
        _crashed_runs()
        words = ("worker", "start", "--pool", POOL, "--name", POOL, "--limit", "1")
        worker = _prefect(words, logs / "worker.log", client)
        exits.callback(ended, worker, grace_seconds=10)
        exits.callback(_cancelled_runs)
        told_to_builds = json.dumps({"api": api, "secret": secret})
        exits.callback(_written(home / SERVE_FILE, told_to_builds).unlink, missing_ok=True)

        def watched() -> None:
            for process, what in ((server, "server"), (worker, "worker")):
                if process.poll() is not None:
                    raise _failed(f"Prefect's {what} ended with exit code {process.returncode}", logs / f"{what}.log")

        yield secret, watched
