"""What Prefect is told by its environment, which is before anything of it is imported: importing it costs 2 s."""

import base64
import json
import os
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping
from pathlib import Path

from farm.wish import Wish

SERVE_FILE = "serve.json"
"""Where a running ``crowdcut serve`` says how to reach it."""

QUIET = {"PREFECT_LOGGING_HANDLERS_CONSOLE_LEVEL": "CRITICAL"}
"""The terminal is Crowdcut's; Prefect's own words go to its log."""

_ALWAYS = {
    "DO_NOT_TRACK": "1",
    "PREFECT_SERVER_ANALYTICS_ENABLED": "false",
    # An automation counts on these: 30 s is the shortest that Prefect allows.
    "PREFECT_FLOWS_HEARTBEAT_FREQUENCY": "30",
    # After an outage of the server a run could go on that nobody can cancel any more.
    "PREFECT_RUNNER_CRASH_ON_CANCELLATION_FAILURE": "true",
}

Settings = Mapping[str, str]


def client_settings(home: Path, api: str, secret: str) -> Settings:
    """What a build and a worker need to reach a server that ``crowdcut serve`` runs."""
    return {**_ALWAYS, "PREFECT_HOME": str(home), "PREFECT_API_URL": api, "PREFECT_API_AUTH_STRING": secret}


def server_settings(home: Path, api: str, secret: str) -> Settings:
    """What the server needs: it answers to whoever knows the secret, and to no page of another origin."""
    return {
        **client_settings(home, api, secret),
        "PREFECT_SERVER_API_AUTH_STRING": secret,
        "PREFECT_SERVER_CORS_ALLOWED_ORIGINS": api.removesuffix("/api"),
        "PREFECT_SERVER_UI_SHOW_PROMOTIONAL_CONTENT": "false",
        # A task run leaves 20 kB in the database; 30 days of nights are enough to look back on.
        "PREFECT_SERVER_SERVICES_DB_VACUUM_ENABLED": "events,flow_runs",
        "PREFECT_SERVER_SERVICES_DB_VACUUM_RETENTION_PERIOD": str(30 * 24 * 3600),
    }


def embedded_settings() -> Settings:
    """What a build needs to bring a server of its own: with a fresh database on a busy machine it starts slowly."""
    return {
        **_ALWAYS,
        "PREFECT_SERVER_EPHEMERAL_ENABLED": "true",
        "PREFECT_SERVER_EPHEMERAL_STARTUP_TIMEOUT_SECONDS": "180",
    }


def answers(api: str, secret: str) -> bool:
    """Whether a server that knows ``secret`` is there."""
    request = urllib.request.Request(f"{api}/admin/version")
    request.add_header("Authorization", f"Basic {base64.b64encode(secret.encode()).decode()}")
    try:
        with urllib.request.urlopen(request, timeout=2) as answer:
            return answer.status == 200
    except (urllib.error.URLError, OSError):
        return False


def _serve_files(wish: Wish) -> Iterator[Path]:
    """Where a ``crowdcut serve`` that is about this episode may have said so: in the store, or above the manifest."""
    if told := wish.store or os.environ.get("CROWDCUT_STORE"):
        yield Path(told) / SERVE_FILE
    for folder in wish.manifest.absolute().parents:
        yield folder / ".crowdcut" / SERVE_FILE


def _served_settings(wish: Wish) -> Settings | None:
    """The settings for the ``crowdcut serve`` that is about this episode, if one runs.

    Only a file of this very user is believed: on a shared disk anybody may lay one above a manifest.
    """
    for file in _serve_files(wish):
        try:
            if file.stat().st_uid != os.getuid():
                continue
            told = json.loads(file.read_bytes())
            api, secret = str(told["api"]), str(told["secret"])
        except (OSError, ValueError, KeyError, TypeError):
            continue
        if answers(api, secret):
            return client_settings(file.parent / "prefect", api, secret)
    return None


def settings_for(wish: Wish, *, insist: bool) -> Settings | None:
    """What Prefect is told where a build goes through it; None: it goes without.

    It goes through Prefect where ``PREFECT_API_URL`` names a server, where a ``crowdcut serve`` runs that is about this
    episode, or where somebody insists.
    """
    if "PREFECT_API_URL" in os.environ:
        return _ALWAYS
    served = _served_settings(wish)
    return embedded_settings() if served is None and insist else served
