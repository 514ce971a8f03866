"""`allegiance data`: what sources there are, fetching them, checking them, and asking them in SQL."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from allegiance.cli.screen import say
from allegiance.cli.shared import Force, interruptible

if TYPE_CHECKING:
    import polars as pl

data = typer.Typer(no_args_is_help=True, help="Sources of data: list, card, get, status, ask, add, verify, query.")

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
    from rich.table import Table

    from allegiance.cli.screen import screen
    from allegiance.evidence.catalogue import catalogue
    from allegiance.evidence.download import read_manifest, retrieved

    table = Table("what", "access", "here since", pad_edge=False)
    table.add_column("source", no_wrap=True)
    table.columns.insert(0, table.columns.pop())
    for source in catalogue().values():
        since = str(retrieved(source)) if read_manifest(source) else "-"
        table.add_row(source.key, source.card.title, source.access, since)
    screen().print(table)
    say("licence, citation, doubts and corrections: allegiance data card SOURCE")


@data.command("card")
def show_card(source: Annotated[str, typer.Argument(help="Key of a source.")]) -> None:
    """The data card of a source: producer, citation, licence, doubts and corrections."""
    from allegiance.evidence.catalogue import find

    card = find(source).card
    say(f"{card.title}\n\nproducer   {card.producer}\ncite       {card.citation}\nlicence    {card.licence}")
    say(f"counts     {card.counts}\naddress    {card.address}\n\ndoubts")
    for doubt in card.doubts:
        say(f"  - {doubt}")
    if card.corrections:
        say("corrections made here")
        for fix in card.corrections:
            say(f"  - {fix.on}: {fix.what} ({fix.reason})")


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
    from allegiance.cli.screen import Bar
    from allegiance.evidence.catalogue import absorb, catalogue, find, obtain, present
    from allegiance.evidence.store import Store

    chosen = [find(key) for key in sources] if sources else list(catalogue().values())
    if folder is not None:
        listed = [s for s in chosen if s.events is not None and present(s, folder)]
        if not listed:
            named = ", ".join(s.key for s in chosen) if sources else "any source"
            raise AllegianceError(
                f"{folder} holds no list of events of {named}: nothing was added",
                "events: " + ", ".join(s.key for s in catalogue().values() if s.events),
            )
        for source in listed:
            say(f"{source.key}: {absorb(source, folder, Store(), datetime.now(UTC).date())}")
        return
    failed, wanted = [], [s for s in chosen if sources or s.access == "download"]
    for k, source in enumerate(wanted):
        try:
            with Bar() as bar:

                def tell(name: str, have: int, total: int, k: int = k, bar: Bar = bar) -> None:
                    share = have / total if total else 0.5
                    bar((k + share) / len(wanted), f"{name[:18]} {have / 1e6:.1f} MB")

                made = obtain(source, Store(), mirror, refresh, tell=tell)
        except AllegianceError as error:
            if len(chosen) == 1:
                raise
            failed.append(source.key)
            say(f"{source.key}: {error}", err=True)
            continue
        for path in made:
            say(f"{source.key}: {path}")
    if failed:
        raise AllegianceError(f"{len(failed)} of {len(wanted)} sources failed: {', '.join(failed)}")


@data.command("status")
def status(
    as_of: Annotated[str | None, typer.Option(help="Month of the forecast, YYYY-MM (default: the last known).")] = None,
    folder: Folder = None,
) -> None:
    """How far each source reaches, and what a forecast of this month would rest on."""
    from rich.table import Table

    from allegiance.cli.screen import screen
    from allegiance.evidence.folder import data_dir
    from allegiance.forecast.freshness import warning
    from allegiance.forecast.issue import parse_month
    from allegiance.forecast.monthly import last_month
    from allegiance.forecast.prepare import freshness
    from allegiance.forecast.status import reaches

    checked = data_dir(folder)
    table = Table(pad_edge=False)
    for name in ("source", "table", "first", "last", "rows", "fetched"):
        table.add_column(name, overflow="fold", no_wrap=name not in ("source", "table"))
    for row in reaches(checked):
        table.add_row(*row)
    screen().print(table)
    newest = last_month(checked)
    month = parse_month(as_of) if as_of else _last_over()
    say(
        f"coups are known to the end of {newest:%Y-%m}, so that forecasts can be made as of then; as of the end of "
        f"{month:%Y-%m} one would rest on:"
    )
    ages = Table("feature", "known from", "months old", "state", pad_edge=False)
    found = freshness(checked, month)
    for age in found:
        since = f"{age.newest:%Y-%m}" if age.newest else "never"
        ages.add_row(age.feature.words, since, "" if age.months is None else str(age.months), age.state)
    screen().print(ages)
    say(warning(found) or "every feature is as new as its release allows")


def _last_over() -> date:
    """The last month that is over."""
    from datetime import UTC, datetime, timedelta

    return (datetime.now(UTC).date().replace(day=1) - timedelta(days=1)).replace(day=1)


@data.command("ask")
def ask_maker(
    source: Annotated[str, typer.Argument(help="ucdp or acled: a source with an interface that wants your own key.")],
    country: Annotated[str, typer.Option(help="Name, ISO3 code or number of the country.")],
    first: Annotated[str, typer.Option("--from", help="First day, YYYY-MM-DD.")],
    last: Annotated[str, typer.Option("--to", help="Last day, YYYY-MM-DD.")],
    out: Annotated[Path | None, typer.Option(help="Write the result here (.csv or .parquet).")] = None,
    force: Force = False,
    release: Annotated[
        str | None, typer.Option(help="UCDP's release: 25.1, or a monthly candidate such as 26.0.3 (default: newest).")
    ] = None,
) -> None:
    """Ask UCDP's or ACLED's interface for single events, with your own key (see `allegiance data card`)."""
    from allegiance.base.errors import AllegianceError
    from allegiance.cli.events import day
    from allegiance.evidence.sources import acled, ucdp
    from allegiance.evidence.states import find_state

    begin, end = day(first), day(last)
    assert begin is not None
    assert end is not None
    if begin > end:
        raise AllegianceError(f"--from {begin} is after --to {end}", "exchange them")
    if source == "ucdp":
        found = ucdp.events_in([find_state(country, end)], str(begin), str(end), release)
    elif source == "acled":
        find_state(country, end)
        found = acled.events_in(country, str(begin), str(end))
    else:
        raise AllegianceError(f"{source!r} has no interface for single events", "ucdp and acled do")
    show(found, out, force)
    if found.is_empty():
        say(
            f"beware: {source} has no event in {country} from {begin} to {end}. That is its answer, not a finding: see "
            f"what it covers (allegiance data card {source})",
            err=True,
        )


@data.command("add")
def add(
    given: Annotated[Path, typer.Argument(help="Folder of a finished run, or a CSV file of your own.")],
    force: Force = False,
) -> None:
    """Add a run's simulated events to the store, or a CSV file to your tables: an export of ACLED or UCDP, a list."""
    from datetime import UTC, datetime

    from allegiance.evidence.store import Store

    today = datetime.now(UTC).date()
    if not given.is_dir():
        _add_own(given, today, force)
        return
    from allegiance.base.owner import check_outputs
    from allegiance.evidence.schema import from_simulation
    from allegiance.report.result import Result

    result = Result(given)
    check_outputs(given, result.manifest)
    name = f"{result.case.id}-{result.manifest['seed']}"
    events = from_simulation(result.events, name, result.case.start, today)
    path = Store().add(events, f"simulation:{name}", today)
    say(f"{events.height} events of simulation:{name}: {path}")


def _add_own(path: Path, today: date, force: bool) -> None:
    from allegiance.evidence.own import add_own
    from allegiance.evidence.store import Store

    added = add_own(path, Store(), today, force)
    say(f"{added.rows} rows: allegiance data query 'select * from \"{added.table}\"'")
    if added.events:
        say(f"{added.events} events in the store: allegiance data query 'select * from events'")


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
    faults += _fault_of(lambda: say(f"{gather(checked).height} events read"))
    if (checked / f"{PANEL}.csv.gz").exists() or (checked / f"{PANEL}.csv").exists():
        faults += _fault_of(lambda: say(f"panel of {build_panel(checked).height} country-months built"))
    say(f"{tables} tables of {checked} read")
    if faults:
        raise AllegianceError(f"{len(faults)} fault{'s' * (len(faults) > 1)}:\n  " + "\n  ".join(faults))
    say("all files are what they should be")


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
    force: Force = False,
    folder: Folder = None,
) -> None:
    """Ask the store in SQL. Only one SELECT, nothing outside the store and the data folder."""
    import os

    from allegiance.base.files import refuse_existing
    from allegiance.cli.events import day, load
    from allegiance.evidence.folder import VARIABLE, cache_dir, data_dir
    from allegiance.evidence.query import query as ask
    from allegiance.evidence.store import Store

    named = bool(folder or os.environ.get(VARIABLE))
    tables = data_dir(folder) if named or (cache_dir() / "tables").is_dir() else None
    events = load(folder) if named and tables is not None and _lists(tables) else None
    refuse_existing([out] if out else [], force)  # before minutes of work, not after
    show(interruptible(lambda: ask(sql, Store(), tables, day(as_of), events)), out, force)


def _lists(folder: Path) -> bool:
    """Whether a data folder holds any list of events; a query of its other tables does not need one."""
    from allegiance.evidence.catalogue import catalogue, present

    return any(s.events is not None and present(s, folder) for s in catalogue().values())


_NARROWEST = 9
"""Letters that a column of a printed table takes on average, its edge included."""


def _cell(value: object) -> str:
    return "" if value is None else f"{value:g}" if isinstance(value, float) else str(value)


def show(result: pl.DataFrame, out: Path | None, force: bool = False) -> None:
    """Print a frame as a table, or write it to `out`.

    Raises:
        AllegianceError: `out` is there already and `force` is not set, or cannot be written.
    """
    import polars as pl
    from rich.table import Table

    from allegiance.base.files import refuse_existing
    from allegiance.base.tables import plain_cells, write_csv, write_table
    from allegiance.cli.screen import screen

    if out is not None:
        refuse_existing([out], force)
        (write_table if out.suffix == ".parquet" else write_csv)(out, result)
        say(f"{result.height} rows: {out}")
        return
    table = Table(pad_edge=False)
    console = screen()
    rows = [[_cell(v) for v in row] for row in plain_cells(result.head(60)).iter_rows()]
    if result.width * _NARROWEST > console.width:  # side by side, columns would lose figures
        for row in rows:
            console.print("\n".join(f"{name}: {cell}" for name, cell in zip(result.columns, row, strict=True)) + "\n")
    else:
        for name, kind in result.schema.items():
            table.add_column(name, no_wrap=kind == pl.Date or kind.is_numeric())
        for row in rows:
            table.add_row(*row)
        console.print(table)
    if result.height > 60:
        say(f"… {result.height - 60} more rows; --out FILE writes all")
