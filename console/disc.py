"""``crowdcut disc``: what is done with discs, each a command of its own."""

from typing import Any

import typer
from typer.core import TyperGroup

from console import disc_build, disc_verify

_OF_A_FILE = "build"
"""The command that is meant where a file is named and no command."""


class _FileFirst(TyperGroup):
    """``crowdcut disc disc.toml`` is ``crowdcut disc build disc.toml``."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        if args and args[0] not in self.commands and args[0] != "--help":
            args = [_OF_A_FILE, *args]
        return super().parse_args(ctx, args)


app = typer.Typer(
    cls=_FileFirst,
    no_args_is_help=True,
    help="Build a disc of many episodes, or hold any disc's image against the rules: crowdcut disc disc.toml",
)
app.command(_OF_A_FILE)(disc_build.command)
app.command("verify")(disc_verify.command)
