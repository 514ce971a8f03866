"""`allegiance ukraine`: the war for Ukraine by month, fitted to 2022 and tested on 2023."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from allegiance.cli.shared import Force

if TYPE_CHECKING:
    from allegiance.inference.ukraine import Ukraine

HELP = """The war for Ukraine by month: weighted by 2022 as it was reported, tested on 2023 beside simple rivals.

[bold]Example[/bold]

  allegiance ukraine --data tables --out runs/ukraine

Plays the case of the first year on to the end of 2023 with no decision of 2023. Needs the extra 'fit' and the Ukraine
tables (docs/ukraine.md says which).
"""


def register(app: typer.Typer) -> None:
    """Add the `ukraine` verb."""
    app.command("ukraine", help=HELP)(ukraine)


def ukraine(
    data: Annotated[
        Path | None,
        typer.Option("--data", help="Folder of standardised tables (default: $ALLEGIANCE_DATA, else the user cache)."),
    ] = None,
    draws: Annotated[int, typer.Option(min=8, help="Draws of the theory's parameters, each played twice.")] = 48,
    seed: Annotated[int, typer.Option(min=0, help="Random seed; the same seed gives the same results.")] = 0,
    parameters: Annotated[str, typer.Option(help="prior, posterior, or a file of fitted parameters.")] = "prior",
    out: Annotated[Path, typer.Option(help="Folder for the tables and the report.")] = Path("runs/ukraine"),
    force: Force = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print summary.json and nothing else on stdout.")] = False,
) -> None:
    from allegiance.base.files import sha256_text, write_json
    from allegiance.base.tables import write_table
    from allegiance.cli.screen import print_json
    from allegiance.cli.shared import working
    from allegiance.evidence.folder import data_dir
    from allegiance.inference.ukraine import ukraine as run
    from allegiance.inference.ukraine_data import reported
    from allegiance.report.ukraine_page import write_ukraine_report
    from allegiance.runs.bundle import versions
    from allegiance.runs.parameters import parameter_set
    from allegiance.theory.stamp import theory_hash

    points = reported(data_dir(data))
    digest = fitted.digest if (fitted := parameter_set(parameters)) else parameters
    wanted = {"data_sha256": sha256_text(repr(points)), "draws": draws, "seed": seed, "parameters": digest}
    with working(out, "ukraine", wanted, force) as (folder, bar):
        found = run(points, draws, seed, parameters, bar)
        bar(1.0, "writing the report")
        facts = [("draws", str(draws)), ("seed", str(seed)), ("parameters", parameters), ("theory", theory_hash()[:12])]
        report = write_ukraine_report(out, found, facts)
        for name, frame in {"scores": found.scores, "episodes": found.episodes, "monthly": _table(found)}.items():
            write_table(out / f"{name}.parquet", frame)
        summary = {
            "draws": draws, "seed": seed, "parameters": parameters, "effective_draws": found.effective_draws,
            "exponent": found.exponent, "scores": found.scores.to_dicts(), "episodes": found.episodes.to_dicts(),
            "wagner_mutiny_by_month": [float(x) for x in found.wagner],
            "war_over_by_month": [float(x) for x in found.over_by], "ends": found.ends,
        }  # fmt: skip
        write_json(out / "summary.json", summary)
        folder.publish(
            ["scores.parquet", "episodes.parquet", "monthly.parquet", "summary.json", "report.html"],
            theory_sha256=theory_hash(), versions=versions(), seed=seed, draws=draws, parameters=parameters,
        )  # fmt: skip
    if as_json:
        print_json(summary)
    else:
        _show(found, report)


def _table(found: Ukraine) -> Any:
    import polars as pl

    from allegiance.inference.ukraine import band
    from allegiance.inference.ukraine_data import MONTHS, SERIES

    rows = []
    for s in SERIES:
        for month, (low, middle, high) in zip(MONTHS, band(found, s), strict=True):
            rows.append((s.name, month, float(low), float(middle), float(high)))
    return pl.DataFrame(rows, schema=("series", "month", "low", "median", "high"), orient="row")


def _show(found: Ukraine, report: Path) -> None:
    from rich.box import SIMPLE
    from rich.table import Table

    from allegiance.cli.screen import screen, where

    console = screen()
    table = Table("series (CRPS on 2023)", "model", "persistence", "", "trend", "", box=SIMPLE, padding=(0, 1, 0, 0))

    def number(value: float | None) -> str:
        return "–" if value is None else f"{value:.3f}"

    for r in found.scores.iter_rows(named=True):
        table.add_row(
            r["label"], number(r["model"]), number(r["persistence"]), r["persistence_verdict"], number(r["trend"]),
            r["trend_verdict"],
        )  # fmt: skip
    console.print(table)
    for r in found.episodes.iter_rows(named=True):
        console.print(f"{r['chance']:4.0%}  {r['episode']}")
    console.print(f"{found.effective_draws:.1f} effective draws")
    where("report", report)
