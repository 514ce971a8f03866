"""`allegiance sweep`: one case at many values of some of its numbers."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from allegiance.cli.shared import Cluster, Csv, Force, Xlsx

if TYPE_CHECKING:
    from allegiance.report.sweep import Swept

HELP = """Play a case at many values of some of its numbers, on the same random draws at each.

[bold]Examples[/bold]

  allegiance sweep united-kingdom-falklands-1982 --grid sides.argentina.supply=0.2:1:5

  allegiance sweep reference --grid sides.stronger.supply=0.4:1:4 --grid sides.stronger.punishment=0,0.5,1

  allegiance sweep reference --design points.csv --csv          a column for each path, a row for each point

Several --grid take every combination. Paths are those of the case file: allegiance case show CASE lists them.
"""


def register(app: typer.Typer) -> None:
    """Add the `sweep` verb."""
    app.command("sweep", help=HELP, no_args_is_help=True)(sweep)


def sweep(
    case: Annotated[str, typer.Argument(help="A case's name or file.")],
    over: Annotated[
        list[str] | None, typer.Option("--grid", metavar="PATH=LOW:HIGH:COUNT", help="Or PATH=A,B,C; repeatable.")
    ] = None,
    design: Annotated[Path | None, typer.Option(help="CSV file of points, instead of --grid.")] = None,
    members: Annotated[int, typer.Option(help="Simulated wars at each point.")] = 16,
    seed: Annotated[int, typer.Option(help="Random seed; the same seed gives the same results.")] = 0,
    days: Annotated[int | None, typer.Option(help="Days to play; the case's own horizon if not given.")] = None,
    scale: Annotated[float | None, typer.Option(help="Share of companies simulated, in (0, 1].")] = None,
    threads: Annotated[int | None, typer.Option(help="Points played at once, all cores if not given.")] = None,
    outcome: Annotated[str, typer.Option(help="The outcome to print, such as russia.desertion.")] = "",
    out: Annotated[Path | None, typer.Option(help="Folder for the results; runs/sweep-CASE-SEED if not given.")] = None,
    resume: Annotated[bool, typer.Option(help="Go on from the points that an interrupted run finished.")] = True,
    cluster: Cluster = None,
    force: Force = False,
    csv: Csv = False,
    xlsx: Xlsx = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print sweep.json and nothing else on stdout.")] = False,
) -> None:
    from allegiance.base.errors import AllegianceError
    from allegiance.base.sheets import export
    from allegiance.cases.loader import load_case
    from allegiance.cli.screen import Bar, print_json
    from allegiance.experiments.design import grid, read_axes, read_design
    from allegiance.experiments.sweep import summary
    from allegiance.report import sweep as sweeps
    from allegiance.runs.cluster import joined

    loaded = load_case(case)
    if bool(over) == (design is not None):
        raise AllegianceError("give either --grid or --design", "--grid PATH=LOW:HIGH:COUNT, or --design FILE.csv")
    points = grid(read_axes(over or ())) if design is None else read_design(design)
    folder = out or Path("runs") / f"sweep-{loaded.id}-{seed}"
    options: dict[str, Any] = {"days": days, "scale": scale} | ({} if threads is None else {"threads": threads})
    with Bar() as bar, joined(cluster):
        result = sweeps.sweep(loaded, points, members, seed, folder, resume, bar, force, **options)
        bar(1.0, "writing the report")
        report = sweeps.write_sweep_report(folder, result)
        export(folder, "sweep", {"sweep": result.frame}, csv, xlsx, force)
    if as_json:
        print_json(summary(result))
    else:
        _show(result, report, [outcome] if outcome else sweeps.leading(result))


def _show(result: Swept, report: Path, keys: list[str]) -> None:
    from rich.box import SIMPLE
    from rich.table import Column, Table

    from allegiance.cli.screen import line, screen, where
    from allegiance.report.effects_text import number
    from allegiance.report.labels import side_name

    console = screen()
    console.print(line("\n", (result.case.title, "bold")))
    console.print(
        f"{len(result.points)} points, {result.spec.members} simulated wars of {result.spec.days} days at each, seed"
        f" {result.spec.seed}, scale {result.spec.scale:g}. Median and 90 % interval over wars.\n"
    )
    for key in keys:
        rows = result.of(key)
        first = rows.row(0, named=True)
        whose = f" ({side_name(result.case, first['side'])})" if first["side"] else ""
        heads = [Column(path, overflow="fold") for path in result.paths]
        heads += [Column(f"median, {first['unit']}", no_wrap=True), Column("90 %", no_wrap=True)]
        table = Table(*heads, box=SIMPLE)
        for row in rows.iter_rows(named=True):
            values = [str(row[path]) for path in result.paths]
            table.add_row(*values, number(row["median"]), f"{number(row['low'])} to {number(row['high'])}")
        console.print(line((f"{first['label']}{whose}", "bold")))
        console.print(table)
    where("report", report)
