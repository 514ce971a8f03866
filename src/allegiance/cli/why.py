"""`allegiance why`: how much each condition contributes."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from allegiance.cli.shared import Cluster, Csv, Force, Xlsx

if TYPE_CHECKING:
    from allegiance.experiments.why import Attribution

HELP = """What each condition of a case adds: Shapley values for each outcome, and the joint effect against the sum.

[bold]Examples[/bold]

  allegiance why russia-ukraine-2022

  allegiance why syria-2011 --members 16 --days 120          a quick look

  allegiance why reference --condition conscription --condition ties --exact

The conditions and what makes each neutral stand in the case file (allegiance case show CASE). The wars with all
conditions are those of `allegiance run`; with --members N the first N of them. Large cases take ten minutes and more.
"""


def register(app: typer.Typer) -> None:
    """Add the `why` verb."""
    app.command("why", help=HELP, no_args_is_help=True)(why)


def why(
    case: Annotated[str, typer.Argument(help="A case's name or file.")],
    condition: Annotated[
        list[str] | None, typer.Option(help="A condition to weigh; repeatable, all if not given.")
    ] = None,
    members: Annotated[int, typer.Option(help="Wars in each world; each takes one order of the conditions.")] = 64,
    seed: Annotated[int, typer.Option(help="Random seed; the same seed gives the same results.")] = 0,
    side: Annotated[str | None, typer.Option(help="Side whose outcomes are shown; the attacker if not given.")] = None,
    days: Annotated[int | None, typer.Option(help="Days to play; the case's own horizon if not given.")] = None,
    scale: Annotated[float | None, typer.Option(help="Share of companies simulated, in (0, 1].")] = None,
    threads: Annotated[int | None, typer.Option(help="Threads, all cores if not given.")] = None,
    cluster: Cluster = None,
    exact: Annotated[bool, typer.Option(help="Play every set of conditions with every member.")] = False,
    out: Annotated[Path | None, typer.Option(help="Folder for the results; runs/why-CASE-SEED if not given.")] = None,
    resume: Annotated[bool, typer.Option(help="Go on from the worlds that an interrupted run finished.")] = True,
    force: Force = False,
    csv: Csv = False,
    xlsx: Xlsx = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print why.json and nothing else on stdout.")] = False,
) -> None:
    from allegiance.base.sheets import export
    from allegiance.cases.loader import load_case
    from allegiance.cli.screen import Bar, print_json
    from allegiance.experiments import why as experiment
    from allegiance.report.why_page import write_why_report
    from allegiance.runs.cluster import joined

    loaded = load_case(case)
    folder = out or Path("runs") / f"why-{loaded.id}-{seed}"
    options: dict[str, Any] = {"days": days, "scale": scale} | ({} if threads is None else {"threads": threads})
    with Bar() as bar, joined(cluster):
        options |= {"out": folder, "resume": resume, "force": force, "progress": bar}
        result = experiment.why(loaded, members, seed, condition, side, exact, **options)
        bar(1.0, "writing the report")
        report = write_why_report(folder, result)
        export(folder, "why", {"shapley": result.frame, "joint": result.joint}, csv, xlsx, force)
    if as_json:
        print_json(experiment.summary(result))
    else:
        _show(result, report)


def _show(result: Attribution, report: Path) -> None:
    import polars as pl
    from rich.box import SIMPLE
    from rich.table import Column, Table

    from allegiance.cli.screen import line, screen, where
    from allegiance.report.effects_text import effect
    from allegiance.report.why_page import headline, leading, moved, paragraph

    console = screen()
    outcomes = ("mutiny?", "desertion", "shirking")
    shown = [f"{result.side}.{o}" for o in outcomes]
    labels = dict(result.joint.select("outcome", "label").iter_rows())
    table = Table(Column("condition", no_wrap=True), *(labels[o] for o in shown), box=SIMPLE, padding=(0, 1, 0, 0))
    for name, label in result.conditions.items():
        cells = []
        for outcome in shown:
            row = result.frame.filter((pl.col("outcome") == outcome) & (pl.col("condition") == name)).to_dicts()[0]
            cells.append(effect(row["shapley"], row["low"], row["high"], "") if moved(row) else "none")
        table.add_row(line(f"{name}\n", (label[:26], "dim")), *cells)
    console.print("Contribution of each condition (dim: what it is weighed against), percentage points, 90 % interval")
    console.print(table)
    console.print(line((headline(result), "bold")))
    console.print(paragraph(result, leading(result)))
    where("\nreport", report)
