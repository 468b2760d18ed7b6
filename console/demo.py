"""``crowdcut demo``."""

from pathlib import Path
from typing import Annotated

import typer

from console.options import Workers
from crowdcut.contract.tables import printable


def command(
    folder: Annotated[Path, typer.Argument(help="Where the demo's library and film go.")] = Path("demo"),
    workers: Workers = 0,
) -> None:
    """Make a small crowd's library and build its film: the first thing to run."""
    from console.terminal import listening
    from examples.demo import make_demo  # draws with Skia and encodes: half a second to import
    from farm.build import built
    from farm.wish import Wish

    print(f"making a small crowd's library in {printable(str(folder))}", flush=True)
    manifest = make_demo(folder, progress=lambda text: print(f"  {text}", flush=True))
    with listening(as_json=False) as listener:
        built(Wish(manifest=manifest, workers=workers), listener)
    shown = printable(str(manifest))
    print(f"the manifest is {shown}; change a line in it and run: crowdcut build {shown}")
    disc = printable(str(manifest.with_name("disc-ntsc.toml")))
    print(f"a DVD of it and of two short films, with menus (disc-pal.toml for PAL): crowdcut disc {disc}")
