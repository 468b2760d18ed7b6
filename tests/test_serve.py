"""``crowdcut serve`` as a producer uses it: a real server and worker; builds started, cancelled and killed; a night."""

import json
import os
import re
import signal
import socket
import subprocess
import time
import urllib.error
import urllib.request
from base64 import b64encode
from collections.abc import Iterator
from http import HTTPStatus
from pathlib import Path
from typing import Any

import pytest
from processes import is_running, wait_for, workers_of
from small_film import CLI, EPISODE, film_of, lay_episode, stream_hash

HEAVY = EPISODE.replace("size = [192, 108]", "size = [1920, 1080]").replace("until = 6", "until = 6\nloop = true")
_BUSY_ANSWERS = 10
"""How often the server may say that its database is busy; Prefect's own clients try again, too."""
ENVIRONMENT = {name: value for name, value in os.environ.items() if not name.startswith(("PREFECT_", "CROWDCUT_"))}


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class Served:
    """A running ``crowdcut serve``, and its server's API."""

    def __init__(self, productions: Path):
        self.productions, self.port = productions, _free_port()
        command = [*CLI, "serve", str(productions), "--port", str(self.port), "--nightly", "0 3 1 1 *"]
        self.process = subprocess.Popen(command, env=ENVIRONMENT, stdout=subprocess.PIPE, text=True)
        told = "".join(iter(self.process.stdout.readline, "Ctrl-C stops it.\n")) if self.process.stdout else ""
        password = re.search(r"password: (\S+)", told)
        assert password, told
        self.secret = password[1]

    def api(self, path: str, body: Any = None, *, secret: str | None = None) -> Any:
        """What the API answers; with a body it is a POST."""
        request = urllib.request.Request(f"http://127.0.0.1:{self.port}/api/{path}")
        request.add_header("Authorization", f"Basic {b64encode((secret or self.secret).encode()).decode()}")
        if body is not None:
            request.data = json.dumps(body).encode()
            request.add_header("Content-Type", "application/json")
        for _ in range(_BUSY_ANSWERS):
            try:
                with urllib.request.urlopen(request, timeout=30) as answer:
                    return json.loads(answer.read())
            except urllib.error.HTTPError as error:
                if error.code != HTTPStatus.SERVICE_UNAVAILABLE:
                    raise
                time.sleep(1)
        pytest.fail(f"{path}: the server said {_BUSY_ANSWERS} times that its database is busy")

    def triggered(self, deployment: str, wish: dict[str, Any] | None = None) -> str:
        """Start a run as the form does; its id."""
        found = self.api(f"deployments/name/{deployment}")
        parameters = {} if wish is None else {"parameters": {"wish": wish}}
        return self.api(f"deployments/{found['id']}/create_flow_run", parameters)["id"]

    def state(self, run: str) -> str:
        """The name of a run's state."""
        return self.api(f"flow_runs/{run}")["state"]["name"]

    def ended(self, run: str, *, seconds: float = 120) -> str:
        """The state that a run ends in."""
        ends = ("Completed", "Failed", "Crashed", "Cancelled")
        assert wait_for(lambda: self.state(run) in ends, seconds=seconds), self.state(run)
        return self.state(run)

    def tasks(self, run: str) -> list[dict[str, Any]]:
        """The run's tasks."""
        return self.api("task_runs/filter", {"flow_runs": {"id": {"any_": [run]}}})

    def artifacts(self, key: str) -> list[dict[str, Any]]:
        """All artifacts under a key, the newest first."""
        return self.api("artifacts/filter", {"artifacts": {"key": {"any_": [key]}}, "sort": "CREATED_DESC"})

    def stop(self, number: int = signal.SIGTERM) -> int:
        """Signal it and wait; its exit code."""
        self.process.send_signal(number)
        return self.process.wait(60)


def _engine() -> list[int]:
    """Processes that run a flow for a worker of this very test's server."""
    found = []
    for pid in filter(str.isdecimal, os.listdir("/proc")):
        try:
            command = Path("/proc", pid, "cmdline").read_bytes()
        except OSError:
            continue
        if b"prefect.engine" in command and is_running(int(pid)):
            found.append(int(pid))
    return found


def _at_work(store: Path) -> tuple[int, list[int]]:
    """The process of the one flow that runs, and its children once they have begun to write."""
    found: list[tuple[int, list[int]]] = []

    def look() -> bool:
        found[:] = [(engine, children) for engine in _engine() if (children := workers_of(engine))]
        return bool(found) and any(store.glob(".work-*/file"))

    assert wait_for(look, seconds=90)
    return found[0]


def _gone(processes: list[int], *, seconds: float) -> bool:
    return wait_for(lambda: not any(map(is_running, processes)), seconds=seconds)


@pytest.fixture(scope="module")
def productions(tmp_path_factory: pytest.TempPathFactory, tiny_library: Path) -> Path:
    folder = tmp_path_factory.mktemp("productions")
    lay_episode(folder / "pilot", tiny_library)
    lay_episode(folder / "heavy", tiny_library, HEAVY)
    return folder


@pytest.fixture(scope="module")
def served(productions: Path) -> Iterator[Served]:
    served = Served(productions)
    yield served
    if served.process.poll() is None:
        served.stop()


def _wish(productions: Path, name: str) -> dict[str, Any]:
    folder = productions / name
    return {"manifest": str(folder / "episode.toml"), "store": str(folder / "store"), "workers": 2}


def test_it_asks_for_its_password_and_answers_on_loopback_alone(served: Served):
    assert served.api("admin/version")
    with pytest.raises(urllib.error.HTTPError, match="401"):
        served.api("admin/version", secret="crowdcut:wrong")
    listening = Path("/proc/net/tcp").read_text().splitlines()[1:]
    addresses = {line.split()[1] for line in listening if line.split()[1].endswith(f":{served.port:04X}")}
    assert addresses == {f"0100007F:{served.port:04X}"}


def test_the_deployments_and_the_automation_are_there(served: Served):
    names = {one["name"]: one for one in served.api("deployments/filter", {})}
    assert set(names) == {"build-episode", "nightly"}
    assert names["nightly"]["schedules"][0]["schedule"]["cron"] == "0 3 1 1 *"
    assert names["nightly"]["parameters"] == {"wish": {"productions": str(served.productions)}}
    form = names["build-episode"]["parameter_openapi_schema"]["definitions"]["Wish"]["properties"]
    assert all(field["description"] for field in form.values())
    (lost,) = served.api("automations/filter", {})
    assert lost["enabled"]
    assert lost["actions"][0]["state"] == "CRASHED"


def test_the_schedule_makes_runs(served: Served):
    night = {"deployments": {"name": {"any_": ["nightly"]}}, "flow_runs": {"state": {"type": {"any_": ["SCHEDULED"]}}}}
    assert wait_for(lambda: served.api("flow_runs/filter", night), seconds=90)


def test_a_build_below_the_folder_goes_through_it(served: Served, productions: Path):
    manifest = productions / "pilot" / "episode.toml"
    command = [*CLI, "build", str(manifest), "--store", str(manifest.parent / "store"), "--workers", "2"]
    done = subprocess.run(command, env=ENVIRONMENT, capture_output=True, text=True, check=True)
    assert "building through Prefect" in done.stderr
    (run,) = re.findall(r"to watch: \S+/([0-9a-f-]{36})", done.stderr)
    assert served.state(run) == "Completed"
    assert str(film_of(manifest)) in done.stdout


def test_a_cancel_ends_every_child_within_ten_seconds(served: Served, productions: Path):
    run = served.triggered("build_episode/build-episode", _wish(productions, "heavy"))
    _, children = _at_work(productions / "heavy" / "store")
    served.api(f"flow_runs/{run}/set_state", {"state": {"type": "CANCELLING", "name": "Cancelling"}})
    assert _gone(children, seconds=10)
    assert served.ended(run) == "Cancelled"


def test_a_killed_flow_leaves_no_orphan_and_its_retry_goes_on(served: Served, productions: Path):
    store = productions / "heavy" / "store"
    run = served.triggered("build_episode/build-episode", _wish(productions, "heavy"))
    engine, children = _at_work(store)
    os.kill(engine, signal.SIGKILL)
    assert _gone([engine, *children], seconds=10)
    assert served.ended(run) == "Crashed"
    before = set(store.glob("objects/*/*"))
    time.sleep(5)  # the worker says a second time that it crashed
    retry = {"state": {"type": "SCHEDULED", "name": "AwaitingRetry"}, "force": True}
    served.api(f"flow_runs/{run}/set_state", retry)
    assert wait_for(lambda: served.state(run) not in ("AwaitingRetry", "Crashed"), seconds=60)
    assert served.ended(run) == "Completed"
    assert before <= set(store.glob("objects/*/*")), "what was finished was used"


def _night(served: Served) -> tuple[str, dict[str, dict[str, Any]], str]:
    """Run the nightly; the state it ends in, its entries by folder, and its artifact's text."""
    run = served.triggered("nightly/nightly")
    state = served.ended(run, seconds=240)
    told = json.loads((served.productions / "nightly.json").read_text(encoding="utf-8"))
    entries = {Path(one["manifest"]).parent.name: one for one in told["episodes"]}
    return state, entries, served.artifacts("nightly")[0]["data"]


def test_the_nightly_builds_what_has_something_to_do_and_says_why(served: Served, productions: Path):
    manifest = productions / "pilot" / "episode.toml"
    for file in (manifest, productions / "heavy" / "episode.toml"):
        file.write_text(file.read_text().replace("format = 1", 'format = 1\nstore = "store"'))
    assert _night(served)[0] == "Completed"
    assert {one["state"] for one in _night(served)[1].values()} == {"unchanged"}
    before = stream_hash(film_of(manifest))

    manifest.write_text(manifest.read_text().replace("in = 2\n", "in = 2.2\n"))
    broken = productions / "broken" / "episode.toml"
    broken.parent.mkdir()
    broken.write_text('format = 1\ntitle = "Broken"\n[[scene]\n', encoding="utf-8")
    state, entries, text = _night(served)
    assert state == "Failed"
    assert {name: one["state"] for name, one in entries.items()} == {
        "broken": "refused",
        "heavy": "unchanged",
        "pilot": "built",
    }
    assert stream_hash(film_of(manifest)) != before
    page = (productions / "nightly.html").read_text(encoding="utf-8")
    for told in (page, re.sub(r"\\(.)", r"\1", text)):  # Markdown's escapes apart
        assert "one/2" in told
        assert "in: 0:02 → 0:02.2" in told
        assert "one/1" not in told


def test_stopping_it_cancels_what_runs_and_leaves_nothing(served: Served, productions: Path, tiny_library: Path):
    lay_episode(productions / "last", tiny_library, HEAVY.replace('crf = "30"', 'crf = "29"'))
    run = served.triggered("build_episode/build-episode", _wish(productions, "last"))
    engine, children = _at_work(productions / "last" / "store")
    assert served.state(run) == "Running"
    assert served.stop() == 130
    assert _gone([engine, *children], seconds=5)
    assert not (productions / ".crowdcut" / "serve.json").exists()


def test_a_port_in_use_and_a_missing_folder_are_said(tmp_path: Path):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = str(taken.getsockname()[1])
        done = subprocess.run(
            [*CLI, "serve", str(tmp_path), "--port", port], capture_output=True, text=True, check=False
        )
    assert done.returncode == 2
    assert "--port" in done.stderr
    done = subprocess.run([*CLI, "serve", str(tmp_path / "none")], capture_output=True, text=True, check=False)
    assert done.returncode == 2
    assert "no such folder" in done.stderr
