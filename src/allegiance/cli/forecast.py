"""`allegiance forecast`: a probability with interval and reasons for every state, frozen in a ledger."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from allegiance.cli.shared import Force

if TYPE_CHECKING:
    from matplotlib.figure import Figure
    from polars import DataFrame

    from allegiance.forecast.issue import Issue
    from allegiance.forecast.ledger import Entry

Folder = Annotated[
    Path | None,
    typer.Option("--data", help="Folder of standardised tables (default: $ALLEGIANCE_DATA, else the user cache)."),
]


def register(app: typer.Typer) -> None:
    """Add the verb."""
    app.command("forecast")(forecast)


def forecast(
    outcome: Annotated[str, typer.Option(help="coup_attempt, coup_success, coup_failed or mutiny.")],
    as_of: Annotated[str, typer.Option(help="Month at whose end the forecast is made, YYYY-MM.")],
    out: Annotated[Path, typer.Option(help="Table to write (.parquet or .csv); report and map go beside it.")],
    horizon: Annotated[int, typer.Option(help="Months ahead: 1, 3, 6 or 12.")] = 12,
    folder: Folder = None,
    force: Force = False,
    ledger: Annotated[Path | None, typer.Option(help="Ledger to freeze it in (default: ledger/ beside --out).")] = None,
) -> None:
    """Forecast coups or mutinies in every state within some months after a date, knowing only what was known then."""
    from allegiance.base.errors import AllegianceError
    from allegiance.base.files import refuse_existing
    from allegiance.cli.screen import say
    from allegiance.evidence.folder import data_dir
    from allegiance.forecast.issue import make_forecast, parse_month
    from allegiance.forecast.ledger import freeze, previous
    from allegiance.report.forecast_page import risk_map, write_forecast

    if out.suffix not in (".parquet", ".csv"):
        raise AllegianceError(f"--out {out}: unknown kind of file {out.suffix!r}", "name it .parquet or .csv")
    picture = out.with_name(out.stem + "-map.png")
    refuse_existing([out, picture, out.with_suffix(".html")], force)
    issue = make_forecast(data_dir(folder), outcome, horizon, parse_month(as_of))
    book = ledger or out.parent / "ledger"
    earlier = previous(issue, book)
    issue, since = _with_change(issue, earlier)
    _write(out, issue.table)
    _save(risk_map(issue), picture)
    page = write_forecast(out.with_suffix(".html"), issue, since)
    entry = freeze(issue, book)
    _show(issue)
    say(f"table {out}\nmap {picture}\nreport {page}\nfrozen as {entry}")


def _with_change(issue: Issue, earlier: Entry | None) -> tuple[Issue, str]:
    """The issue with a column `change` since the earlier ledger entry (null if there is none), and its date."""
    from dataclasses import replace

    import polars as pl

    if earlier is None:
        return replace(issue, table=issue.table.with_columns(change=pl.lit(None, pl.Float64))), ""
    before = earlier.table.select(pl.col("gwcode").cast(pl.Int32), then="probability")
    table = issue.table.join(before, on="gwcode", how="left", maintain_order="left")
    table = table.with_columns(change=pl.col("probability") - pl.col("then")).drop("then")
    return replace(issue, table=table), f"as of {earlier.as_of:%Y-%m}"


def _write(path: Path, table: DataFrame) -> None:
    from allegiance.base.tables import write_csv, write_table

    (write_table if path.suffix == ".parquet" else write_csv)(path, table)


def _save(picture: Figure, path: Path) -> None:
    from allegiance.base.files import atomic

    with atomic(path) as part:
        picture.savefig(part, format="png", dpi=160, facecolor="white")


def _show(issue: Issue) -> None:
    from rich.table import Table

    from allegiance.cli.screen import say, screen

    shown = Table("state", "probability", "90 % interval", "why", pad_edge=False)
    for row in issue.table.head(15).to_dicts():
        interval = f"{100 * row['low']:.2g}–{100 * row['high']:.2g} %"
        shown.add_row(row["country"], f"{100 * row['probability']:.2g} %", interval, row["reasons"])
    screen().print(shown)
    rate = 100 * float(issue.table["climatology"][0])
    say(
        f"{issue.table.height} states, {issue.expected:.1f} expected to see it; world average {rate:.2g} % a state"
    )
