"""`allegiance events`: coups, mutinies and the like as lists, a timeline and a map."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from allegiance.cli.screen import say
from allegiance.cli.shared import Force

if TYPE_CHECKING:
    import polars as pl


def register(app: typer.Typer) -> None:
    """Add the verb."""
    app.command("events")(events)


def events(
    country: Annotated[list[str] | None, typer.Option(help="Name, ISO3 code or number; repeatable.")] = None,
    kind: Annotated[list[str] | None, typer.Option("--type", help="coup, coup_success, mutiny …; repeatable.")] = None,
    first: Annotated[str | None, typer.Option("--from", help="First day, YYYY-MM-DD.")] = None,
    last: Annotated[str | None, typer.Option("--to", help="Last day, YYYY-MM-DD.")] = None,
    as_of: Annotated[str | None, typer.Option(help="Only what was knowable on this day, YYYY-MM-DD.")] = None,
    coding: Annotated[list[str] | None, typer.Option(help="Coding rule (see docs/data.md); repeatable.")] = None,
    data: Annotated[Path | None, typer.Option("--data", help="Folder of standardised tables.")] = None,
    out: Annotated[Path, typer.Option(help="Folder for events.csv, timeline.svg and map.svg.")] = Path("out/events"),
    force: Force = False,
) -> None:
    """List observed events, and draw when and where they happened."""
    import polars as pl

    from allegiance.base.errors import AllegianceError
    from allegiance.base.owner import owned
    from allegiance.cli.data import show
    from allegiance.evidence.coding import code
    from allegiance.report.events_figures import describe, draw

    seen = load(data, day(as_of)).filter(~pl.col("source").str.starts_with("simulation:"))
    table = code(seen, coding or ())
    table = select(table, country or [], kind or [], day(first), day(last))
    if table.is_empty():
        raise AllegianceError("no event fits", "widen --country, --type, --from or --to, or choose another --coding")
    what = ", ".join(kind or sorted(set(table["type"])))
    with owned(out, "events", {}, force=force) as folder:  # our own earlier lists are replaced, nobody else's
        paths = draw(table, describe(table, what), out)
        folder.publish([path.name for path in paths])
    show(brief(table), None)
    say(describe(table, what))
    for path in paths:
        say(path)


def load(folder: Path | None, as_of: date | None = None) -> pl.DataFrame:
    """Observed events: from the folder named by --data or the variable, else from the store, else from the cache."""
    import os

    import polars as pl

    from allegiance.base.errors import AllegianceError
    from allegiance.evidence.catalogue import gather
    from allegiance.evidence.folder import VARIABLE, data_dir
    from allegiance.evidence.store import Store

    store = Store()
    if folder is None and not os.environ.get(VARIABLE) and store.vintages():
        return store.events(as_of).collect()
    table = gather(data_dir(folder))
    if as_of is None:
        return table
    known = table.filter(pl.col("date_known") <= as_of)
    if known.is_empty():
        raise AllegianceError(f"as-of {as_of} is before anything was known (first: {table['date_known'].to_list()[0]})")
    return known


def brief(table: pl.DataFrame) -> pl.DataFrame:
    """The columns worth printing."""
    import polars as pl

    from allegiance.report.events_figures import kinds

    columns = {"event": kinds(), "rule": pl.col("coding"), "who": pl.col("actors"), "known": pl.col("date_known")}
    chosen = table.select("date", "country", **columns, note="note")
    return chosen.select(c for c in chosen.columns if chosen[c].null_count() < chosen.height)


def select(
    table: pl.DataFrame, countries: list[str], kinds: list[str], first: date | None, last: date | None
) -> pl.DataFrame:
    """The rows of some countries and types between two days."""
    import polars as pl

    from allegiance.evidence.schema import resolve_type
    from allegiance.evidence.states import find_state

    if countries:
        table = table.filter(pl.col("gwcode").is_in([find_state(c) for c in countries]))
    if kinds:
        wanted = []
        for kind in kinds:
            name, success = resolve_type(kind)
            fits = pl.col("type") == name
            wanted.append(fits if success is None else fits & (pl.col("success") == success))
        table = table.filter(pl.any_horizontal(wanted))
    if first:
        table = table.filter(pl.col("date") >= first)
    return table.filter(pl.col("date") <= last) if last else table


def day(text: str | None) -> date | None:
    """A day typed by a user; a month means its last day.

    >>> day("2014-02")
    datetime.date(2014, 2, 28)
    """
    from calendar import monthrange

    from allegiance.base.errors import AllegianceError

    if text is None:
        return None
    try:
        if len(text) == 7:
            year, month = int(text[:4]), int(text[5:])
            return date(year, month, monthrange(year, month)[1])
        return date.fromisoformat(text)
    except ValueError:
        raise AllegianceError(f"{text!r} is not a day", "write YYYY-MM-DD or YYYY-MM") from None
