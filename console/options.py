"""The options that several commands share."""

from pathlib import Path
from typing import Annotated

import typer

Episode = Annotated[
    Path, typer.Argument(help="The episode's manifest: a TOML file, see docs/manifest.md.", show_default=False)
]
Deliveries = Annotated[
    list[str] | None,
    typer.Option("--delivery", "-d", help="A profile to deliver; may be given again.  [default: the manifest's]"),
]
Out = Annotated[Path | None, typer.Option(help="Where films go.  [default: build/ beside the manifest]")]
Store = Annotated[
    Path | None,
    typer.Option(help="Where finished jobs are kept.  [default: $CROWDCUT_STORE, the manifest's, or .crowdcut/]"),
]
Workers = Annotated[int, typer.Option(min=0, help="Processes at work at once; 0 is one a core.")]
Placeholder = Annotated[
    bool, typer.Option("--placeholder", help="Put slates where clips are wanted, refused or broken.")
]
AllowUncredited = Annotated[
    bool, typer.Option("--allow-uncredited", help="Let contributions into the cut that nobody is credited for.")
]
Strict = Annotated[bool, typer.Option("--strict", help="Let warnings fail the build, as errors do.")]
AsJson = Annotated[bool, typer.Option("--json", help="Say everything as JSON, a line each, for machines.")]
