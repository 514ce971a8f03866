"""`allegiance sensitivity`: which numbers matter."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from allegiance.cli.shared import Cluster, Csv, Force, Xlsx

if TYPE_CHECKING:
    from allegiance.experiments.sensitivity import Sensitivity

HELP = """Find which numbers matter: Morris screening of all, then Sobol indices of the survivors.

Judgement numbers that matter most are printed first: that is what to research.

[bold]Examples[/bold]

  allegiance sensitivity reference

  allegiance sensitivity russia-ukraine-2022 --outcome desertion --outcome mutiny --days 180
"""


def register(app: typer.Typer) -> None:
    """Add the `sensitivity` verb."""
    app.command("sensitivity", help=HELP, no_args_is_help=True)(sensitivity)


def sensitivity(
    case: Annotated[str, typer.Argument(help="A case's name or file.")],
    outcome: Annotated[
        list[str] | None, typer.Option(help="An outcome such as desertion or war.duration_days; the first leads.")
    ] = None,
    trajectories: Annotated[int, typer.Option(help="Trajectories of the screening.")] = 4,
    size: Annotated[int, typer.Option(help="Base sample of the indices, a power of 2.")] = 128,
    survivors: Annotated[int, typer.Option(help="Numbers that go on to the indices.")] = 8,
    members: Annotated[int, typer.Option(help="Wars averaged at each point, on the same random draws.")] = 2,
    seed: Annotated[int, typer.Option(help="Random seed; the same seed gives the same results.")] = 0,
    side: Annotated[str | None, typer.Option(help="Side whose outcomes count; the attacker if not given.")] = None,
    days: Annotated[int | None, typer.Option(help="Days to play; the case's own horizon if not given.")] = None,
    scale: Annotated[float | None, typer.Option(help="Share of companies simulated, in (0, 1].")] = None,
    threads: Annotated[int | None, typer.Option(help="Threads, all cores if not given.")] = None,
    cluster: Cluster = None,
    out: Annotated[Path | None, typer.Option(help="Folder; runs/sensitivity-CASE-SEED if not given.")] = None,
    resume: Annotated[bool, typer.Option(help="Go on from what an interrupted run finished.")] = True,
    record: Annotated[
        Path | None, typer.Option(help="Also keep what moved each outcome most in FILE.json, for a page of the docs.")
    ] = None,
    force: Force = False,
    csv: Csv = False,
    xlsx: Xlsx = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print sensitivity.json and nothing else on stdout.")] = False,
) -> None:
    from allegiance.base.sheets import export
    from allegiance.cases.loader import load_case
    from allegiance.cli.screen import Bar, print_json
    from allegiance.experiments import sensitivity as experiment
    from allegiance.report.sensitivity_docs import keep_record
    from allegiance.report.sensitivity_page import write_sensitivity_report
    from allegiance.runs.cluster import joined

    loaded = load_case(case)
    folder = out or Path("runs") / f"sensitivity-{loaded.id}-{seed}"
    options: dict[str, Any] = {"days": days, "scale": scale} | ({} if threads is None else {"threads": threads})
    with Bar() as bar, joined(cluster):
        options |= {"out": folder, "resume": resume, "force": force, "progress": bar}
        result = experiment.sensitivity(
            loaded, outcome, trajectories, size, survivors, members, seed, side, **options
        )
        bar(1.0, "writing the report")
        report = write_sensitivity_report(folder, result)
        export(folder, "sensitivity", {"indices": result.frame, "sums": result.sums}, csv, xlsx, force)
    if record is not None:
        keep_record(record, result)
    if as_json:
        print_json(experiment.summary(result))
    else:
        _show(result, report)


def _show(result: Sensitivity, report: Path) -> None:
    from rich.box import SIMPLE
    from rich.table import Column, Table

    from allegiance.cli.screen import line, screen, where
    from allegiance.report.effects_text import number
    from allegiance.report.labels import exact
    from allegiance.report.sensitivity_page import between, headline, paragraph

    console = screen()
    first = result.outcomes[0]
    console.print(line((headline(result), "bold")))
    unit = {"percentage points": "pp"}.get(first.unit, first.unit)
    table = Table(Column("number", overflow="fold"), "value, range", "total (90 %)", f"μ*, {unit}", box=SIMPLE)
    for row in result.homework(first.key).head(10).iter_rows(named=True):
        total = between(row, "ST") if row["ST"] is not None else "screened out"
        span = f"{exact(row['value'])}, {exact(row['low'])} to {exact(row['high'])}"
        shift = f"{number(row['mu_star'])} ± {number(row['mu_star_conf'])}"
        table.add_row(row["input"], span, total, shift)
    if table.row_count:
        console.print(f"Judgement numbers that matter most for {first.label}:")
        console.print(table)
    for outcome in result.outcomes:
        console.print(line((outcome.label, "bold"), f": {paragraph(result, outcome)}"))
    where("\nreport", report)
