"""`allegiance campaigns`: every campaign against a state drafted at its onset and played."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from allegiance.cli.shared import Cluster, Force

if TYPE_CHECKING:
    import polars as pl


def register(app: typer.Typer) -> None:
    """Add the verb."""
    app.command("campaigns")(campaigns)


def campaigns(
    years: Annotated[
        str | None, typer.Option(help="First years of the campaigns, such as 1980-1989; all else.")
    ] = None,
    members: Annotated[int, typer.Option(help="Simulated worlds a campaign; pairs share a draw.")] = 8,
    scale: Annotated[
        float | None, typer.Option(help="Scale of the simulation; some 2,000 simulated soldiers if not given.")
    ] = None,
    seed: Annotated[int, typer.Option(help="Random seed: the same seed gives the same results, byte for byte.")] = 0,
    file: Annotated[
        Path | None, typer.Option(help="A table of campaigns of your own, CSV in NAVCO's columns (docs/campaigns.md).")
    ] = None,
    out: Annotated[Path, typer.Option(help="Folder for the tables and the manifest.")] = Path("runs/campaigns"),
    workers: Annotated[int | None, typer.Option(help="Processes; all cores if not given.")] = None,
    cluster: Cluster = None,
    folder: Annotated[Path | None, typer.Option("--data", help="Folder of standardised tables.")] = None,
    force: Force = False,
) -> None:
    """Draft each campaign's state as it stood at the onset, play it, write the outcomes. Interrupted, it goes on.

    A draft knows the state's past and, of the campaign, its method and its size in the first year: nothing of how it
    went on or ended. How coders saw it goes into a table of its own, for `allegiance score --campaigns DIR`.
    """
    import time

    from allegiance.cli.screen import say
    from allegiance.cli.shared import span, working
    from allegiance.inference.campaign_list import campaign_years, onsets
    from allegiance.inference.campaigns import TABLE, draft_campaigns, play_campaigns, wanted
    from allegiance.runs.cluster import joined
    from allegiance.runs.spec import RunSpec

    began = time.monotonic()
    table = campaign_years(folder, file)
    plans = draft_campaigns(onsets(table, span(years) if years else None), folder)
    what = wanted(plans, table, members, seed, scale)
    count = workers or RunSpec().threads
    with working(out, "campaigns", what, force) as (held, bar), joined(cluster):
        if held.finished([TABLE]) is not None:
            say(f"done already: {out / TABLE}")
            return
        played = play_campaigns(plans, table, held, members, seed, scale, count, bar)
    _show(played)
    done = played["why_not"].null_count()
    say(f"{done} campaigns played of {played.height} in {time.monotonic() - began:.0f} s: {out / TABLE}")


def _show(table: pl.DataFrame) -> None:
    import polars as pl
    from rich.table import Table

    from allegiance.cli.screen import screen
    from allegiance.report.labels import percent

    shown = Table("campaign", "state", "year", "faces", "shift", "coup", "fell", "left", pad_edge=False)
    best = table.filter(pl.col("why_not").is_null()).sort("loyalty_shift", "number", descending=[True, False])
    for row in best.head(12).to_dicts():
        cells = [percent(row[name]) for name in ("loyalty_shift", "coup_attempt", "ruler_fell", "left")]
        shown.add_row(str(row["campaign"])[:30], str(row["country"])[:16], str(row["year"]), str(row["task"]), *cells)
    screen().print(shown)
    for why, count in table["why_not"].drop_nulls().value_counts(sort=True).head(4).rows():
        screen().print(f"not drafted, {count}: {why}")
