"""`allegiance serve`: the local web page."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer


def register(app: typer.Typer) -> None:
    """Add the verb."""
    app.command("serve")(serve)


def serve(
    host: Annotated[
        str, typer.Option(help="Address to listen on; elsewhere than this machine a token is asked for.")
    ] = "127.0.0.1",
    port: Annotated[int, typer.Option(min=0, max=65535, help="Port; 0 takes any that is free.")] = 8765,
    data: Annotated[
        Path | None, typer.Option("--data", help="Folder of standardised tables, for evidence and forecasts.")
    ] = None,
    results: Annotated[
        Path | None, typer.Option("--results", help="Bundle of `allegiance claims`, shown on the claims page.")
    ] = None,
    ledger: Annotated[
        Path | None, typer.Option("--ledger", help="Folder of issued forecasts, shown and scored.")
    ] = None,
    world: Annotated[
        Path | None, typer.Option("--world", help="Bundle of `allegiance world`, shown on the home page.")
    ] = None,
    prepare: Annotated[
        bool, typer.Option("--prepare", help="First play every case of the library once; kept for later visits.")
    ] = False,
    case: Annotated[str, typer.Option(help="Case of the library that the pages begin with.")] = "russia-ukraine-2022",
    token: Annotated[
        str, typer.Option(help="Token visitors must bring when bound elsewhere; made up if not given.")
    ] = "",
    browser: Annotated[bool, typer.Option("--open/--no-open", help="Open the page in the browser.")] = True,
) -> None:
    """Serve the web page on this machine: cases, what-ifs, reasons, the war desk, claims, forecasts, evidence."""
    import os
    import webbrowser

    from allegiance.base.errors import AllegianceError
    from allegiance.base.extras import require
    from allegiance.cases.loader import library

    if case not in library():
        raise AllegianceError(f"--case: the library has no case {case[:80]!r}", "allegiance case list shows them")
    for name, folder in (("--data", data), ("--results", results), ("--ledger", ledger), ("--world", world)):
        if folder is not None and not folder.is_dir():
            raise AllegianceError(f"{name}: there is no folder {folder}", "check the path")
    named = os.environ.get("ALLEGIANCE_DATA")
    if data is None and named and Path(named).is_dir():
        data = Path(named)
    pages = require("allegiance.app.main", "web")

    if prepare:
        from allegiance.cli.screen import Bar

        with Bar() as told:
            require("allegiance.app.prepare", "web").prepare(told)

    def opened(address: str) -> None:
        typer.echo(f"allegiance is at {address}  (stop with Ctrl+C)")
        if browser:
            webbrowser.open(address)

    pages.run(pages.Options(data, results, ledger, world=world, case=case), host, port, token, opened)
