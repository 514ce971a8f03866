"""`allegiance case draft` and `case drafts`: a case for any army on any day, and all of them at once."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from allegiance.cli.case import case_app
from allegiance.cli.shared import Force

if TYPE_CHECKING:
    from allegiance.cases.draft.drafting import Draft

Folder = Annotated[
    Path | None,
    typer.Option("--data", help="Folder of standardised tables (default: $ALLEGIANCE_DATA, else the user cache)."),
]


def register(app: typer.Typer) -> None:
    """Add the verbs to `allegiance case`."""
    del app
    case_app.command("draft")(draft)
    case_app.command("drafts")(drafts)
    case_app.command("readings")(readings)
    case_app.command("anchors")(anchors)


def draft(
    country: Annotated[str, typer.Argument(help="State: ISO code, Gleditsch-Ward number, or name of the time.")],
    date: Annotated[str, typer.Option("--date", help="First day of the case, YYYY-MM-DD; nothing later is read.")],
    days: Annotated[int | None, typer.Option(help="Horizon in days; the task's own if not given.")] = None,
    task: Annotated[str, typer.Option(help="auto, interstate, civil, repression or peace.")] = "auto",
    against: Annotated[str | None, typer.Option(help="The enemy state of a war between states.")] = None,
    like: Annotated[str | None, typer.Option(help="A case whose values stand in for defaults.")] = None,
    out: Annotated[
        Path | None, typer.Option("--out", "-o", help="File to write (a README goes beside it); else it is printed.")
    ] = None,
    check: Annotated[bool, typer.Option("--check", help="Read the text again as a file, and count its bases.")] = False,
    folder: Folder = None,
    force: Force = False,
) -> None:
    """Draft a case for any army on any day from public tables: every number with value, range, source and reading.

    Example: allegiance case draft MLI --date 2012-01-01 -o mali.yaml && allegiance run mali.yaml
    """
    from allegiance.base.files import refuse_existing, write_text
    from allegiance.cases.draft.drafting import draft_case
    from allegiance.cases.draft.page import draft_page
    from allegiance.cases.write import case_file, case_text, write_case

    if out is not None:
        path = case_file(out)
        beside = path.with_name("README.md" if path.name == "case.yaml" else f"{path.stem}-README.md")
        refuse_existing([path, beside], force)
    made = draft_case(country, date, days, task, against, like, folder)  # type: ignore[arg-type]
    if out is None:
        typer.echo(case_text(made.case), nl=False)
    else:
        write_case(made.case, path, overwrite=force)
        write_text(beside, draft_page(made))
        typer.echo(f"wrote {path} and {beside}", err=True)
    _say(made, check)


def _say(made: Draft, check: bool) -> None:
    """Notices, and the result of reading the text again, on stderr."""
    from allegiance.cases.draft.drafting import reread
    from allegiance.cases.index import basis_sentence
    from allegiance.cases.paths import basis_counts

    for notice in made.notices:
        typer.echo(f"note: {notice}", err=True)
    if check:
        again = reread(made.case)
        typer.echo(f"ok {again.id}: {basis_sentence([basis_counts(again)])}", err=True)


def drafts(
    first: Annotated[int, typer.Option("--from", help="First year.")] = 1960,
    last: Annotated[int, typer.Option("--to", help="Last year.")] = 2018,
    out: Annotated[Path | None, typer.Option(help="Table to write (.parquet or .csv).")] = None,
    micro: Annotated[bool, typer.Option("--all", help="States below half a million people, too.")] = False,
    workers: Annotated[int | None, typer.Option(help="Processes; all cores if not given.")] = None,
    folder: Folder = None,
    force: Force = False,
) -> None:
    """Draft and check every state on the first of January of every year; say how many, on what basis, and why not."""
    import time

    import polars as pl

    from allegiance.base.errors import AllegianceError
    from allegiance.base.files import refuse_existing
    from allegiance.base.tables import write_csv, write_table
    from allegiance.cases.draft.batch import coverage, draft_years
    from allegiance.cli.screen import Bar

    if not 1946 <= first <= last <= 2030:
        raise AllegianceError(f"years must run upward from 1946 to 2030, not {first} to {last}")
    if out is not None and out.suffix not in (".parquet", ".csv"):
        raise AllegianceError(f"--out {out}: unknown kind of file {out.suffix!r}", "name it .parquet or .csv")
    refuse_existing([out] if out else [], force)
    began, rows = time.monotonic(), []
    with Bar() as bar:
        for year, frame in draft_years(range(first, last + 1), folder, micro, workers):
            rows.append(frame)
            bar((year - first + 1) / (last - first + 1), f"drafted {year}")
    table = pl.concat(rows)
    if out is not None:
        (write_table if out.suffix == ".parquet" else write_csv)(out, table)
    _summary(table, coverage(table), time.monotonic() - began)


def readings(
    out: Annotated[Path, typer.Option(help="Folder for the pages.")] = Path("docs/readings"), folder: Folder = None
) -> None:
    """Write a page for each reading: formula, columns, coverage, what it misses; and drafts beside the library."""
    from allegiance.cases.draft.panel import load_panel
    from allegiance.cases.draft.reference import write_reference

    typer.echo(f"wrote {len(write_reference(out, load_panel(folder)))} pages into {out}")


def anchors(
    level: Annotated[str | None, typer.Argument(help="A level, such as supply; all if not given.")] = None,
    value: Annotated[float | None, typer.Option(help="Name the armies nearest to this value.")] = None,
    folder: Folder = None,
) -> None:
    """Say what a level means: known armies at its low, middle and high, over the library and over drafts."""
    from allegiance.base.errors import AllegianceError, near
    from allegiance.cases.draft import anchors as known
    from allegiance.cases.draft.panel import load_panel

    if value is not None and not 0 <= value <= 1:
        raise AllegianceError(f"--value is {value:g}: levels run from 0 to 1", "give a number between them")
    try:
        panel = load_panel(folder)
    except AllegianceError:
        panel = None  # without tables the library's own cases are the anchors
    found = known.anchors(panel)
    if level is not None and level not in found:
        raise AllegianceError(f"no level is called {level!r}", near(level, found))
    for name, these in found.items():
        if level in (None, name):
            said = known.sentence(these) if value is None else known.words(known.near(these, value, 3))
            typer.echo(f"{name:24s} {said}")


def _summary(table: object, cover: object, seconds: float) -> None:
    import polars as pl
    from rich.table import Table

    from allegiance.cli.screen import screen

    assert isinstance(table, pl.DataFrame)
    assert isinstance(cover, pl.DataFrame)
    shown = Table("region", "decade", "state-years", "drafted", "judgement", "of those given", pad_edge=False)
    for row in cover.to_dicts():
        shares = [f"{row[k]:.0%}" if row[k] is not None else "–" for k in ("judgement", "judgement_of_given")]
        shown.add_row(str(row["region"]), f"{row['decade']}s", str(row["state_years"]), str(row["drafted"]), *shares)
    screen().print(shown)
    made = table.filter(pl.col("why_not").is_null())
    large = made.filter(pl.col("soldiers") > 5000)
    shares = sorted(row["judgement"] / row["numbers"] for row in large.to_dicts())
    share = shares[len(shares) // 2] if shares else 0.0
    typer.echo(
        f"{table.height:,} state-years, {made.height:,} drafted and checked in {seconds:.0f} s; armies above 5,000: "
        f"{large.height:,}, median share of judgement {share:.0%} (the format's defaults counted)"
    )
    for why in table["why_not"].drop_nulls().unique(maintain_order=True).to_list()[-3:]:
        typer.echo(f"not drafted, for example: {why}")
