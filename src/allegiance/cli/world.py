"""`allegiance world`: every state of a year drafted from data and played."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from allegiance.cli.shared import Cluster, Force, Xlsx

if TYPE_CHECKING:
    import polars as pl


def register(app: typer.Typer) -> None:
    """Add the verb."""
    app.command("world")(world)


def world(
    year: Annotated[
        int | None, typer.Option(help="Every army as it stood on the first of January of this year.")
    ] = None,
    years: Annotated[str | None, typer.Option(help="Several years, such as 1950-2018, into one table.")] = None,
    every: Annotated[int, typer.Option(min=1, help="With --years: every so many years of them only.")] = 1,
    members: Annotated[int, typer.Option(help="Simulated worlds a state; pairs share a draw.")] = 8,
    seed: Annotated[int, typer.Option(help="Random seed: the same seed gives the same results, byte for byte.")] = 0,
    out: Annotated[Path | None, typer.Option(help="Folder for the results; runs/world-YEAR if not given.")] = None,
    before: Annotated[
        Path | None, typer.Option(help="Folder of an earlier year to compare with; runs/world-(YEAR-1) if it is there.")
    ] = None,
    workers: Annotated[int | None, typer.Option(help="Processes; all cores if not given.")] = None,
    cluster: Cluster = None,
    folder: Annotated[Path | None, typer.Option("--data", help="Folder of standardised tables.")] = None,
    force: Force = False,
    xlsx: Xlsx = False,
) -> None:
    """Draft and play every state of a year: table, map, changes; of several years: tables. Interrupted, it goes on."""
    import time

    from allegiance.base.errors import AllegianceError
    from allegiance.base.sheets import export
    from allegiance.base.tables import read_table
    from allegiance.cases.draft.panel import tables_sha256
    from allegiance.cli.screen import say
    from allegiance.cli.shared import working
    from allegiance.inference.world import INPUTS, TABLE, changes, play_year
    from allegiance.report.world_page import write_world
    from allegiance.runs.bundle import versions
    from allegiance.runs.cluster import joined
    from allegiance.runs.spec import RunSpec

    if (year is None) == (years is None):
        raise AllegianceError("give --year or --years, one of the two", "allegiance world --year 2010")
    if year is None:
        _several(str(years), every, members, seed, out, workers or RunSpec().threads, cluster, folder, force)
        return
    if every > 1:
        raise AllegianceError("--every goes with --years", "allegiance world --years 1950-2018 --every 3")
    target = out or Path("runs") / f"world-{year}"
    earlier = (before or target.parent / f"world-{year - 1}") / TABLE
    if before is not None and not earlier.is_file():
        raise AllegianceError(
            f"{before} holds no {TABLE}", "play that year first: allegiance world --year YEAR --out DIR"
        )
    past = _earlier(earlier)
    began = time.monotonic()
    wanted = {"year": year, "members": members, "seed": seed, "data_sha256": tables_sha256(folder)}
    with working(target, "world", wanted, force) as (held, bar), joined(cluster):
        if held.finished([TABLE, INPUTS]) is None:
            table = play_year(year, target, members, seed, folder, workers or RunSpec().threads, bar)
        else:  # the page is drawn anew: another year may stand beside it now
            table = read_table(target / TABLE, "play it anew: --force")
        page = write_world(target, table, past)
        export(target, "world", {"world": table}, True, xlsx, force)
        held.publish([TABLE, INPUTS, "world.csv", "map.png", page.name], versions=versions(), seed=seed)
    _show(table)
    moved = None if past is None else changes(table, past)
    if past is not None and moved is not None and not moved.is_empty():
        top = moved.row(0, named=True)
        say(f"largest change since {int(past['year'][0])}: {top['country']}")
    seconds = time.monotonic() - began
    say(f"{table['why_not'].null_count()} states played of {table.height} in {seconds:.0f} s\nreport: {page}")


def _earlier(path: Path) -> pl.DataFrame | None:
    """The table of an earlier year, if it is there; looked at before a year is played and not after it.

    Raises:
        AllegianceError: it is no such table, or holds no state.
    """
    from allegiance.base.errors import AllegianceError, shown
    from allegiance.base.tables import read_table
    from allegiance.inference.world import SCHEMA

    if not path.is_file():
        return None
    cure = "play that year anew: allegiance world --year YEAR --out DIR"
    table = read_table(path, cure)
    lacking = next((name for name in SCHEMA if name not in table.columns), None)
    if lacking is not None or table.is_empty():
        said = f"has no column {lacking}: another version made it" if lacking else "holds no state"
        raise AllegianceError(f"{shown(path)} {said}", cure)
    return table


def _several(
    years: str, every: int, members: int, seed: int, out: Path | None, workers: int, cluster: str | None,
    folder: Path | None, force: bool,
) -> None:  # fmt: skip
    """Several years into one folder, with a manifest; no page, for a page is of one year."""
    import time

    from allegiance.cases.draft.panel import tables_sha256
    from allegiance.cli.screen import say
    from allegiance.cli.shared import span, working
    from allegiance.inference.world import INPUTS, TABLE, play_years
    from allegiance.runs.bundle import versions
    from allegiance.runs.cluster import joined

    first, last = span(years)
    target, began = out or Path("runs") / f"world-{first}-{last}", time.monotonic()
    chosen = range(first, last + 1, every)
    wanted = {"years": list(chosen), "members": members, "seed": seed, "data_sha256": tables_sha256(folder)}
    with working(target, "world", wanted, force) as (held, bar), joined(cluster):
        if held.finished([TABLE]) is not None:
            say(f"done already: {target / TABLE}")
            return
        table = play_years(chosen, target, members, seed, folder, workers, bar)
        held.publish([TABLE, INPUTS, "world.csv"], versions=versions(), seed=seed)
    seconds, done = time.monotonic() - began, table["why_not"].null_count()
    say(f"{done} state-years played of {table.height} in {seconds:.0f} s: {target / TABLE}")


def _show(table: object) -> None:
    import polars as pl
    from rich.table import Table

    from allegiance.cli.screen import screen
    from allegiance.report.labels import percent
    from allegiance.report.world_page import WORDS

    assert isinstance(table, pl.DataFrame)
    forms = ("coup_attempt", "mutiny", "desertion", "refusal")  # what fits 80 columns; the page has all
    shown = Table("state", "faces", *(WORDS[f] for f in forms), "left", pad_edge=False)
    for row in table.filter(pl.col("why_not").is_null()).head(15).to_dicts():
        cells = [percent(row[f]) for f in (*forms, "left")]
        shown.add_row(str(row["country"]), str(row["task"]), *cells)
    screen().print(shown)
