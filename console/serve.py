"""``crowdcut serve``."""

import time
from pathlib import Path
from typing import Annotated

import typer

from crowdcut.findings import Finding, Refused, Where


def command(
    productions: Annotated[
        Path, typer.Argument(help="The folder whose episodes are built every night, and may be built from the page.")
    ] = Path(),
    port: Annotated[int, typer.Option(min=1, max=65535, help="Where the page is, on this machine alone.")] = 4200,
    nightly: Annotated[str, typer.Option(help="When the nightly runs: a cron expression.")] = "0 3 * * *",
    timezone: Annotated[
        str | None, typer.Option(help="Whose clock that is, such as Europe/Paris.  [default: this machine's]")
    ] = None,
) -> None:
    """Run Prefect's server, a worker and the nightly schedule on this machine, until Ctrl-C.

    While it runs, every `crowdcut build` below PRODUCTIONS goes through it, and Prefect's page shows it: builds can be
    started there from a form, watched, cancelled and tried again. The nightly builds each episode that has something to
    do, and writes PRODUCTIONS/nightly.html: what changed since the last film and why. Stopping cancels what runs; the
    store keeps what was finished.
    """
    if not productions.is_dir():
        where, way_out = Where(file=str(productions)), "Name the folder that your episodes lie in."
        raise Refused(Finding(rule="productions", where=where, found="there is no such folder", way_out=way_out))
    print("starting Prefect; this takes half a minute", flush=True)
    from tzlocal import get_localzone_name

    from flows.serving import serving

    zone = timezone or get_localzone_name() or "UTC"
    with serving(productions.absolute(), port=port, nightly=nightly, timezone=zone) as (secret, watched):
        print(f"page:     http://127.0.0.1:{port}\npassword: {secret}\nnightly:  {nightly} ({zone})", flush=True)
        print("Ctrl-C stops it.", flush=True)
        while True:
            watched()
            time.sleep(1)
