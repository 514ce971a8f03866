"""`allegiance data`: what sources there are, fetching them, checking them, and asking them in SQL."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Annotated

import typer

data = typer.Typer(no_args_is_help=True, help="Sources of data: list, card, get, ask, add, verify, query.")

Folder = Annotated[
    Path | None,
    typer.Option("--data", help="Folder of standardised tables (default: $ALLEGIANCE_DATA, else the user cache)."),
]


def register(app: typer.Typer) -> None:
    """Add the verb."""
    app.add_typer(data, name="data")


@data.command("list")
def list_sources() -> None:
    """Every source: what it holds, how to get it, and whether it is here."""
    from rich.console import Console
    from rich.table import Table

    from allegiance.evidence.catalogue import catalogue
    from allegiance.evidence.download import read_manifest, retrieved

    table = Table("what", "access", "here since", pad_edge=False)
    table.add_column("source", no_wrap=True)
    table.columns.insert(0, table.columns.pop())
    for source in catalogue().values():
        since = str(retrieved(source)) if read_manifest(source) else "-"
        table.add_row(source.key, source.card.title, source.access, since)
    Console().print(table)
    typer.echo("licence, citation, doubts and corrections: allegiance data card SOURCE")


@data.command("card")
def show_card(source: Annotated[str, typer.Argument(help="Key of a source.")]) -> None:
    """The data card of a source: producer, citation, licence, doubts and corrections."""
    from allegiance.evidence.catalogue import find

    card = find(source).card
    typer.echo(f"{card.title}\n\nproducer   {card.producer}\ncite       {card.citation}\nlicence    {card.licence}")
    typer.echo(f"counts     {card.counts}\naddress    {card.address}\n\ndoubts")
    for doubt in card.doubts:
        typer.echo(f"  - {doubt}")
    if card.corrections:
        typer.echo("corrections made here")
        for fix in card.corrections:
            typer.echo(f"  - {fix.on}: {fix.what} ({fix.reason})")


@data.command("get")
def get(
    sources: Annotated[list[str] | None, typer.Argument(help="Keys of sources; all if none.")] = None,
    mirror: Annotated[str | None, typer.Option(help="Address of a copy laid out as <source>/<file>.")] = None,
    refresh: Annotated[bool, typer.Option(help="Fetch living files again.")] = False,
    folder: Folder = None,
) -> None:
    """Download sources, make their tables, and add their events to the store. With --data: only add the events."""
    from datetime import UTC, datetime

    from allegiance.base.errors import AllegianceError
    from allegiance.evidence.catalogue import absorb, catalogue, find, obtain
    from allegiance.evidence.store import Store

    chosen = [find(key) for key in sources] if sources else list(catalogue().values())
    if folder is not None:
        for source in chosen:
            if source.events is not None and (path := absorb(source, folder, Store(), datetime.now(UTC).date())):
                typer.echo(f"{source.key}: {path.name}")
        return
    failed = []
    for source in chosen:
        if not sources and source.access != "download":
            continue
        try:
            for path in obtain(source, Store(), mirror, refresh):
                typer.echo(f"{source.key}: {path}")
        except AllegianceError as error:
            if len(chosen) == 1:
                raise
            failed.append(source.key)
            typer.echo(f"{source.key}: {error}", err=True)
    if failed:
        raise AllegianceError(f"{len(failed)} of {len(chosen)} sources failed: {', '.join(failed)}")


@data.command("ask")
def ask_maker(
    source: Annotated[str, typer.Argument(help="ucdp or acled: a source with an interface that wants your own key.")],
    country: Annotated[str, typer.Option(help="Name, ISO3 code or number of the country.")],
    first: Annotated[str, typer.Option("--from", help="First day, YYYY-MM-DD.")],
    last: Annotated[str, typer.Option("--to", help="Last day, YYYY-MM-DD.")],
    out: Annotated[Path | None, typer.Option(help="Write the result here (.csv or .parquet).")] = None,
) -> None:
    """Ask UCDP's or ACLED's interface for single events, with your key in UCDP_TOKEN or ACLED_TOKEN."""
    import polars as pl

    from allegiance.base.errors import AllegianceError
    from allegiance.cli.events import day
    from allegiance.evidence.sources import acled, ucdp
    from allegiance.evidence.states import find_state, states

    code = find_state(country)
    begin, end = str(day(first)), str(day(last))
    if source == "ucdp":
        show(ucdp.events_in([code], begin, end), out)
    elif source == "acled":
        show(acled.events_in(states().filter(pl.col("gwcode") == code)["country"][0], begin, end), out)
    else:
        raise AllegianceError(f"{source!r} has no interface for single events", "ucdp and acled do")


@data.command("add")
def add(run: Annotated[Path, typer.Argument(help="Folder of a finished run (`allegiance run`).")]) -> None:
    """Add a run's simulated events to the store, beside the observed ones."""
    from datetime import UTC, datetime

    from allegiance.evidence.schema import from_simulation
    from allegiance.evidence.store import Store
    from allegiance.report.result import Result

    result = Result(run)
    today = datetime.now(UTC).date()
    name = f"{result.case.id}-{result.manifest['seed']}"
    events = from_simulation(result.events, name, result.case.start, today)
    path = Store().add(events, f"simulation:{name}", today)
    typer.echo(f"{events.height} events of simulation:{name}: {path}")


@data.command("verify")
def verify(folder: Folder = None) -> None:
    """Check downloaded files against their hashes, the store, and that the tables of the data folder can be read."""
    from allegiance.base.errors import AllegianceError
    from allegiance.evidence.catalogue import catalogue, gather
    from allegiance.evidence.download import read_manifest
    from allegiance.evidence.download import verify as verify_raw
    from allegiance.evidence.folder import data_dir, read_table, table_path
    from allegiance.evidence.store import Store
    from allegiance.forecast.features import PANEL
    from allegiance.forecast.panel import build_panel

    faults = [f for s in catalogue().values() if read_manifest(s) for f in verify_raw(s)]
    faults += Store().verify()
    checked = data_dir(folder)
    tables = 0
    for name in (t for s in catalogue().values() for t in s.tables):
        try:
            table_path(checked, name)
        except AllegianceError:
            continue  # not here is no fault
        tables += 1
        faults += _fault_of(partial(read_table, checked, name))
    faults += _fault_of(lambda: typer.echo(f"{gather(checked).height} events read"))
    if (checked / f"{PANEL}.csv.gz").exists() or (checked / f"{PANEL}.csv").exists():
        faults += _fault_of(lambda: typer.echo(f"panel of {build_panel(checked).height} country-months built"))
    typer.echo(f"{tables} tables of {checked} read")
    if faults:
        raise AllegianceError(f"{len(faults)} fault{'s' * (len(faults) > 1)}:\n  " + "\n  ".join(faults))
    typer.echo("all files are what they should be")


def _fault_of(check: Callable[[], object]) -> list[str]:
    """What a check complains of, if anything."""
    from allegiance.base.errors import AllegianceError

    try:
        check()
    except AllegianceError as error:
        return [str(error)]
    return []


@data.command("query")
def query(
    sql: Annotated[str, typer.Argument(help='One SELECT over `events`, `vintages` or "<source>/<table>".')],
    as_of: Annotated[str | None, typer.Option(help="What was knowable on this day, YYYY-MM-DD.")] = None,
    out: Annotated[Path | None, typer.Option(help="Write the result here (.csv or .parquet).")] = None,
    folder: Folder = None,
) -> None:
    """Ask the store in SQL. Only one SELECT, nothing outside the store and the data folder."""
    import os

    from allegiance.cli.events import day, load
    from allegiance.evidence.folder import VARIABLE, data_dir
    from allegiance.evidence.query import query as ask
    from allegiance.evidence.store import Store

    tables = data_dir(folder) if folder or os.environ.get(VARIABLE) else None
    events = load(folder) if tables is not None else None
    result = ask(sql, Store(), tables, day(as_of), events)
    show(result, out)


def show(result: object, out: Path | None) -> None:
    """Print a frame as a table, or write it to `out`."""
    import polars as pl
    from rich.console import Console
    from rich.table import Table

    from allegiance.base.files import atomic

    assert isinstance(result, pl.DataFrame)
    if out is not None:
        with atomic(out) as part:
            result.write_parquet(part) if out.suffix == ".parquet" else result.write_csv(part)
        typer.echo(f"{result.height} rows: {out}")
        return
    table = Table(pad_edge=False)
    for name, kind in result.schema.items():
        table.add_column(name, no_wrap=kind == pl.Date or kind.is_numeric())
    for row in result.head(60).iter_rows():
        table.add_row(*("" if v is None else f"{v:g}" if isinstance(v, float) else str(v) for v in row))
    Console().print(table)
    if result.height > 60:
        typer.echo(f"… {result.height - 60} more rows; --out FILE writes all")
