"""The ``crowdcut`` command: each subcommand is one file of this room, and one line here.

The files import what they need when they run: ``--help`` is to answer at once."""

import signal
import sys
from types import FrameType
from typing import NoReturn

import typer

from console import build, check, demo, disc, new, plan, probe, serve
from crowdcut.findings import CrowdcutError, Refused

FAILED, REFUSED, INTERRUPTED = 1, 2, 130
"""Exit codes: found while rendering, found before rendering, stopped by Ctrl-C or SIGTERM."""

app = typer.Typer(
    add_completion=False,
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    help="Compile a crowd's clips, songs, voices, drawings and words into one film, with everybody in the credits.",
)
app.command("demo")(demo.command)
app.command("new")(new.command)
app.command("check")(check.command)
app.command("plan")(plan.command)
app.command("build")(build.command)
app.command("probe")(probe.command)
app.command("serve")(serve.command)
app.add_typer(disc.app, name="disc")


class _Stopped(BaseException):
    """Somebody wants the command to end. Typer would keep a KeyboardInterrupt to itself."""


def _interrupt(_number: int, _frame: FrameType | None) -> NoReturn:
    # Ending takes a moment; a second Ctrl-C must not cut it short.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    raise _Stopped


def main() -> None:
    """Run the command line and leave with Crowdcut's exit codes."""
    # A build in a script's background inherits SIGINT as ignored, and is told to stop by SIGTERM.
    signal.signal(signal.SIGINT, _interrupt)
    signal.signal(signal.SIGTERM, _interrupt)
    try:
        app()
    except _Stopped:
        print("crowdcut: stopped; what was finished is kept in the store", file=sys.stderr)
        sys.exit(INTERRUPTED)
    except CrowdcutError as error:
        from console.terminal import complain

        complain(error.findings)
        sys.exit(REFUSED if isinstance(error, Refused) else FAILED)
