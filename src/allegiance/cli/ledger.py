"""`allegiance ledger`: forecasts frozen when they were issued, and what came of them."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from allegiance.cli.forecast import Folder

ledger = typer.Typer(no_args_is_help=True, help="Frozen forecasts: list, score.")
Book = Annotated[Path, typer.Option("--ledger", help="Folder of frozen forecasts.")]


def register(app: typer.Typer) -> None:
    """Add the verb."""
    app.add_typer(ledger, name="ledger")


@ledger.command("list")
def show(book: Book = Path("ledger")) -> None:
    """Every frozen forecast, checked against its hash."""
    from rich.table import Table

    from allegiance.cli.screen import screen
    from allegiance.forecast.ledger import read

    table = Table("as of", "outcome", "months", "issued", "states", "expected", "version", "hash", pad_edge=False)
    for entry in read(book):
        rows = entry.table
        outcome, horizon = entry.key
        table.add_row(
            f"{entry.as_of:%Y-%m}", outcome, str(horizon), entry.content["issued"], str(rows.height),
            f"{rows['probability'].sum():.2f}", entry.content["model"]["version"], entry.path.stem[-12:],
        )  # fmt: skip
    screen(width=110).print(table)


@ledger.command("score")
def score(book: Book = Path("ledger"), folder: Folder = None) -> None:
    """Score every forecast whose time has come by the outcomes in the data."""
    from rich.table import Table

    from allegiance.cli.screen import screen
    from allegiance.evidence.folder import data_dir
    from allegiance.forecast.ledger import read
    from allegiance.forecast.ledger import score as score_all
    from allegiance.forecast.prepare import month_panel

    entries = read(book)
    panel, _ = month_panel(data_dir(folder))
    names = ("as of", "outcome", "months", "expected", "events", "Brier", "log", "climatology Brier", "log", "state")
    table = Table(*names)
    for r in score_all(entries, panel).to_dicts():
        numbers = [r["brier"], r["log"], r["brier_climatology"], r["log_climatology"]]
        table.add_row(
            f"{r['as_of']:%Y-%m}", r["outcome"], str(r["horizon"]), f"{r['expected']:.2f}",
            "" if r["events"] is None else str(r["events"]),
            *("" if n is None else f"{n:.5f}" for n in numbers), r["state"],
        )  # fmt: skip
    screen(width=130).print(table)
