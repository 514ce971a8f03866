"""`allegiance calibrate`: fit the theory's parameters to coded history, with the checks of the fit."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from allegiance.cli.shared import Force

if TYPE_CHECKING:
    from allegiance.inference.calibrate import Calibration

HELP = """Fit the theory's parameters to coded cases: screening, ABC-SMC, checks, and a parameter set for later runs.

[bold]Examples[/bold]

  allegiance calibrate --study library --out runs/calibration      the study that comes with the package

  allegiance calibrate --study my-study.yaml --out runs/mine       your own

  allegiance run egypt-2011 --parameters runs/mine/parameters.json

An interrupted calibration goes on where it was: give the same command again. Needs the extra 'fit'.
"""


def register(app: typer.Typer) -> None:
    """Add the `calibrate` verb."""
    app.command("calibrate", help=HELP)(calibrate)


def calibrate(
    study: Annotated[str, typer.Option(help="A study that comes with the package, or a study file.")] = "library",
    out: Annotated[Path, typer.Option(help="Folder for the posterior, its checks and the report.")] = Path(
        "runs/calibration"
    ),
    cases: Annotated[Path | None, typer.Option(help="Folder of cases; the library if not given.")] = None,
    threads: Annotated[int, typer.Option(min=1, help="Wars played at once; results do not depend on it.")] = 2,
    force: Force = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print summary.json and nothing else on stdout.")] = False,
) -> None:
    from allegiance.base.files import write_json
    from allegiance.cli.screen import Bar, print_json
    from allegiance.inference.bank import coded_cases
    from allegiance.inference.calibrate import calibrate_in, claimed
    from allegiance.inference.study import load_study
    from allegiance.report.calibrate_page import write_calibrate_report
    from allegiance.runs.bundle import versions

    chosen = load_study(study)
    coded = coded_cases(cases)
    with claimed(out, chosen, coded, force) as folder, Bar() as bar:
        found = calibrate_in(folder, chosen, coded, threads, bar)
        bar(1.0, "writing the report")
        report = write_calibrate_report(out, found)
        summary = _summary(found)
        write_json(out / "summary.json", summary)
        tables = [f"{name}.parquet" for name in ("coverage", "ranks")]
        folder.publish(
            ["parameters.json", "posterior.nc", "summary.json", "report.html", *tables],
            formulas=found.result.formulas, versions=versions(), seed=chosen.seed, study=chosen.identity(),
        )  # fmt: skip
    if as_json:
        print_json(summary)
    else:
        _show(found, report)


def _summary(found: Calibration) -> dict[str, Any]:
    return {
        "card": found.result.card,
        "parameters": found.parameters.to_dicts(),
        "generations": found.particles.generations.to_dicts(),
        "coverage": found.recovery.coverage.to_dicts(),
        "predictive": found.predictive.to_dicts(),
    }


def _show(found: Calibration, report: Path) -> None:
    from rich.box import SIMPLE
    from rich.table import Table

    from allegiance.cli.screen import screen, styled, where

    console = screen()
    table = Table("parameter", "prior (90 %)", "posterior (90 %)", "spread", "data", box=SIMPLE, padding=(0, 1, 0, 0))
    for r in found.parameters.iter_rows(named=True):
        table.add_row(
            r["parameter"], f"{r['prior_median']:.3g} ({r['prior_low']:.3g} to {r['prior_high']:.3g})",
            f"{r['median']:.3g} ({r['low']:.3g} to {r['high']:.3g})", f"{r['spread']:.2f}",
            styled("informed", "green") if r["informed"] else styled("not informed", "dim"),
        )  # fmt: skip
    console.print(table)
    overall = found.recovery.coverage.row(-1, named=True)
    console.print(
        f"Synthetic fits ({overall['fits']}): 90 % intervals hold the truth in {overall['covered_90']:.0%},"
        f" 50 % intervals in {overall['covered_50']:.0%}."
    )
    where("parameter set", report.parent / "parameters.json")
    where("report", report)
