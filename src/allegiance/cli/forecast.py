"""`allegiance forecast`: a probability with interval and reasons for every state, frozen in a ledger."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from allegiance.cli.shared import Force

if TYPE_CHECKING:
    import polars as pl
    from matplotlib.figure import Figure

    from allegiance.forecast.issue import Issue
    from allegiance.forecast.ledger import Entry
    from allegiance.forecast.scenario import Scenario

Folder = Annotated[
    Path | None,
    typer.Option("--data", help="Folder of standardised tables (default: $ALLEGIANCE_DATA, else the user cache)."),
]


def register(app: typer.Typer) -> None:
    """Add the verb."""
    app.command("forecast")(forecast)


def forecast(
    outcome: Annotated[str, typer.Option(help="coup_attempt, coup_success, coup_failed or mutiny.")],
    as_of: Annotated[str, typer.Option(help="Month at whose end the forecast is made, YYYY-MM, or a date in it.")],
    out: Annotated[
        Path | None,
        typer.Option(help="Table to write (.parquet or .csv); report, map and ledger go beside it. None if not given."),
    ] = None,
    horizon: Annotated[int, typer.Option(help="Months ahead: 1, 3, 6 or 12.")] = 12,
    folder: Folder = None,
    force: Force = False,
    ledger: Annotated[Path | None, typer.Option(help="Ledger to freeze it in (default: ledger/ beside --out).")] = None,
    region: Annotated[str | None, typer.Option(help="Show and write only states of this region.")] = None,
    top: Annotated[int, typer.Option(min=1, help="States to print.")] = 15,
    country: Annotated[
        str | None, typer.Option(help="Print one state: facts, scenarios, and the record of past forecasts for it.")
    ] = None,
    what_if: Annotated[
        list[str] | None, typer.Option(help="With --country: protests=2, leader-falls, civil-war …; repeatable.")
    ] = None,
    shape: Annotated[str, typer.Option(help="Columns of --out: own, views, coupcats or samples.")] = "own",
    simulation: Annotated[
        list[Path] | None,
        typer.Option(help="Folder of `allegiance world`: show what simulated armies would add; repeatable."),
    ] = None,
) -> None:
    """Forecast coups or mutinies in every state within some months after a date, knowing only what was known then."""
    from allegiance.base.errors import AllegianceError
    from allegiance.base.files import refuse_existing
    from allegiance.cli.screen import Bar, say
    from allegiance.evidence.folder import data_dir
    from allegiance.evidence.states import find_state
    from allegiance.forecast.freshness import warning
    from allegiance.forecast.issue import make_forecast, parse_month
    from allegiance.forecast.ledger import freeze, previous
    from allegiance.forecast.prepare import freshness
    from allegiance.forecast.scenario import SCENARIOS, parse
    from allegiance.forecast.shapes import SHAPES, shaped

    if out is not None and out.suffix not in (".parquet", ".csv"):
        raise AllegianceError(f"--out {out}: unknown kind of file {out.suffix!r}", "name it .parquet or .csv")
    if shape not in SHAPES:
        raise AllegianceError(f"there is no shape {shape!r}", f"known: {', '.join(SHAPES)}")
    if out is not None:
        refuse_existing([out, _map_of(out), out.with_suffix(".html")], force)
    scenarios = [parse(text) for text in what_if or []]
    code = find_state(country) if country else None
    month = parse_month(as_of)
    data = data_dir(folder)
    with Bar("starting") as bar:
        issue = make_forecast(data, outcome, horizon, month, bar, simulation=simulation or ())
    issue = replace(issue, warning=warning(freshness(data, month)))
    book = ledger or (out.parent / "ledger" if out else None)
    issue, since, earlier = with_change(issue, previous(issue, book) if book else None)
    shown = in_region(issue, region)
    written = []
    if out is not None:  # what draws takes a second to load, and is needed here only
        from allegiance.report.forecast_page import risk_map, write_forecast

        write_shaped(out, shaped(shown, shape))
        world = risk_map(shown)
        save(world, _map_of(out))
        page = write_forecast(out.with_suffix(".html"), shown, since, data, earlier, scenarios, world)
        written += [f"table {out}", f"map {_map_of(out)}", f"report {page}"]
    if book is not None:
        written.append(f"frozen as {freeze(issue, book)}")
    show(shown, top)
    if code is not None:
        _one(issue, code, book, data, scenarios or list(SCENARIOS.values()))
    if issue.warning:
        say(f"beware: {issue.warning}", err=True)
    say("\n".join(written) or "nothing was written; --out FILE.csv keeps the table, a map, a report and a ledger entry")


def _map_of(out: Path) -> Path:
    return out.with_name(out.stem + "-map.png")


def with_change(issue: Issue, earlier: Entry | None) -> tuple[Issue, str, Entry | None]:
    """The issue with a column `change` since the earlier ledger entry (null if there is none), and its date."""
    import polars as pl

    if earlier is None:
        return replace(issue, table=issue.table.with_columns(change=pl.lit(None, pl.Float64))), "", None
    before = earlier.table.select(pl.col("gwcode").cast(pl.Int32), then="probability")
    table = issue.table.join(before, on="gwcode", how="left", maintain_order="left")
    table = table.with_columns(change=pl.col("probability") - pl.col("then")).drop("then")
    return replace(issue, table=table), f"as of {earlier.as_of:%Y-%m}", earlier


def in_region(issue: Issue, region: str | None) -> Issue:
    """The issue with the states of one region only.

    Raises:
        AllegianceError: there is no such region.
    """
    import polars as pl

    from allegiance.base.errors import AllegianceError

    if region is None:
        return issue
    known = issue.table["region"].drop_nulls().unique().sort().to_list()
    wanted = [r for r in known if r.casefold() == region.strip().casefold()]
    if not wanted:
        raise AllegianceError(f"there is no region {region!r}", f"known: {', '.join(known)}")
    keep = (issue.table["region"] == wanted[0]).fill_null(False)
    pushes = [push for push, here in zip(issue.pushes, keep, strict=True) if here]
    return replace(issue, table=issue.table.filter(pl.col("region") == wanted[0]), pushes=pushes, scenario=None)


def write_shaped(path: Path, table: pl.DataFrame) -> None:
    """Write a table whole or not at all, by the kind its name says."""
    from allegiance.base.tables import write_csv, write_table

    (write_table if path.suffix == ".parquet" else write_csv)(path, table)


def save(picture: Figure, path: Path) -> None:
    """Write a picture as PNG."""
    from allegiance.base.files import atomic

    with atomic(path) as part:
        picture.savefig(part, format="png", dpi=160, facecolor="white")


def _per_cent(value: float | None) -> str:
    return "not played" if value is None else f"{100 * value:.2g} %"


def show(issue: Issue, top: int) -> None:
    """Print the highest states."""
    from rich.table import Table

    from allegiance.cli.screen import say, screen
    from allegiance.report.past_scores import added_to

    beside = ["with simulation"] if issue.simulated else []
    shown = Table("state", "probability", "90 % interval", *beside, "why", pad_edge=False)
    for row in issue.table.head(top).to_dicts():
        interval = f"{100 * row['low']:.2g}–{100 * row['high']:.2g} %"
        moved = [_per_cent(row["with_simulation"])] if issue.simulated else []
        shown.add_row(row["country"], _per_cent(row["probability"]), interval, *moved, row["reasons"])
    screen().print(shown)
    rate = 100 * float(issue.table["climatology"][0])
    say(
        f"{issue.table.height} states, {issue.expected:.1f} expected to see it; world average {rate:.2g} % a state"
    )
    if said := issue.simulated or (added_to(issue.outcome) if issue.horizon == 12 else ""):
        say(said)


def _one(issue: Issue, code: int, book: Path | None, data: Path, scenarios: list[Scenario]) -> None:
    """Print one state: what is so there, what would be if, and what was forecast for it before."""
    from allegiance.base.errors import AllegianceError
    from allegiance.cli.screen import say
    from allegiance.forecast.record import record

    place = issue.table["gwcode"].to_list()
    if code not in place:
        raise AllegianceError("that state is not in this forecast: it did not exist then")
    k = place.index(code)
    row = issue.table.row(k, named=True)
    say(f"\n{row['country']}: {100 * row['probability']:.2g} %, rank {k + 1} of {len(place)}")
    say("  facts: " + ("; ".join(row["facts"] or []) or "none that stands out"))
    if issue.scenario is not None:
        for words, p in issue.scenario(scenarios)[k].items():
            say(f"  if {words}: {100 * p:.2g} %")
    if book is None:
        return
    for past in record(book, code, data).filter(outcome=issue.outcome).to_dicts():
        came = {None: "not over", 0: "did not happen", 1: "happened"}[past["happened"]]
        said = f"{past['horizon']} months: {100 * past['probability']:.2g} %"
        say(f"  as of {past['as_of']:%Y-%m}, {said}, {came}")
