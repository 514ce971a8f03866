"""`allegiance compare`: what if?"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from allegiance.cli.shared import Cluster, Csv, Force, Xlsx

if TYPE_CHECKING:
    from allegiance.experiments.compare import Comparison

HELP = """Compare a case with what-ifs on the same random draws: differences with intervals, by day, and since when.

[bold]Examples[/bold]

  allegiance compare russia-ukraine-2022 --with no-wagner

  allegiance compare russia-ukraine-2022 --with fed:sides.russia.supply=1,sides.russia.forces.*.pay=1.5

Named what-ifs stand in the case file (allegiance case show CASE); --with may be given more than once.
"""


def register(app: typer.Typer) -> None:
    """Add the `compare` verb."""
    app.command("compare", help=HELP, no_args_is_help=True)(compare)


def compare(
    case: Annotated[str, typer.Argument(help="A case's name or file.")],
    against: Annotated[
        list[str] | None, typer.Option("--with", metavar="NAME[:PATH=VALUE,…]", help="A what-if; repeatable.")
    ] = None,
    members: Annotated[int, typer.Option(help="Simulated wars in each world.")] = 64,
    seed: Annotated[int, typer.Option(help="Random seed; the same seed gives the same results.")] = 0,
    days: Annotated[int | None, typer.Option(help="Days to play; the case's own horizon if not given.")] = None,
    scale: Annotated[float | None, typer.Option(help="Share of companies simulated, in (0, 1].")] = None,
    threads: Annotated[int | None, typer.Option(help="Threads, all cores if not given.")] = None,
    out: Annotated[Path | None, typer.Option(help="Folder for the results; runs/compare-CASE-… if not given.")] = None,
    resume: Annotated[bool, typer.Option(help="Go on from what an interrupted run left.")] = True,
    cluster: Cluster = None,
    force: Force = False,
    csv: Csv = False,
    xlsx: Xlsx = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print compare.json and nothing else on stdout.")] = False,
) -> None:
    from allegiance.base.sheets import export
    from allegiance.cases.loader import load_case
    from allegiance.cli.screen import Bar, print_json
    from allegiance.experiments import compare as experiment
    from allegiance.report.compare_page import write_compare_report
    from allegiance.runs.cluster import joined

    loaded = load_case(case)
    names = [w.partition(":")[0] for w in against or ()]
    folder = out or Path("runs") / "-".join(["compare", loaded.id, *names, str(seed)])
    options: dict[str, Any] = {"days": days, "scale": scale} | ({} if threads is None else {"threads": threads})
    with Bar() as bar, joined(cluster):
        result = experiment.compare(loaded, against or (), members, seed, folder, resume, bar, force, **options)
        bar(1.0, "writing the report")
        report = write_compare_report(folder, result)
        tables = {"differences": result.frame, "daily": result.daily, "since": result.since}
        export(folder, "compare", tables, csv, xlsx, force)
    if as_json:
        print_json(experiment.summary(result))
    else:
        _show(result, report)


def _show(result: Comparison, report: Path) -> None:
    from rich.box import SIMPLE
    from rich.table import Table

    from allegiance.cli.screen import line, screen, where
    from allegiance.report.effects_text import effect, number
    from allegiance.report.labels import side_name

    console = screen()
    for what in result.counterfactuals:
        console.print(line("\n", (what.name, "bold"), f": {what.label}"))
        table = Table("outcome", "side", "baseline", "changed", "difference (90 %)", box=SIMPLE, padding=(0, 1, 0, 0))
        for row in result.frame.filter(result.frame["counterfactual"] == what.name).iter_rows(named=True):
            style = "" if row["excludes_zero"] else "dim"
            whose = side_name(result.case, row["side"]) if row["side"] else "the war"
            size = effect(row["difference"], row["low"], row["high"], row["unit"])
            table.add_row(
                row["label"], whose, number(row["baseline"]), number(row["changed"]), size, style=style
            )
        console.print(table)
        since = result.since.filter((result.since["counterfactual"] == what.name) & result.since["since"].is_not_null())
        for row in since.sort("since").head(6).iter_rows(named=True):
            console.print(f"since day {row['since']}: {row['label']} ({side_name(result.case, row['side'])})")
    console.print("Dim: the interval includes no difference.")
    where("\nreport", report)
