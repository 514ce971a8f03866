"""`allegiance update`: condition a case on what was reported so far and forecast the rest."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer

from allegiance.cli.shared import Force

HELP = """Given what was reported so far, what now? Observations reweight the ensemble; the rest is played anew.

[bold]Example[/bold]

  allegiance update russia-ukraine-2022 --observed docs/examples/ukraine-2022-04-15.yaml

The file lists counts (on channels such as estimated_dead or court_cases), events (coup_attempt, mutiny) and indices of
grievance, each with its last day, its error and its source. Latent numbers are never compared with reports: each member
first passes through the channel's reported share and delay.
"""


FEW = 10
"""Effective members below which the update is called rough."""


def register(app: typer.Typer) -> None:
    """Add the `update` verb."""
    app.command("update", help=HELP)(update)


def update(
    case: Annotated[str, typer.Argument(help="A case's name or file.")],
    observed: Annotated[Path, typer.Option(help="YAML file of observations.")],
    members: Annotated[int, typer.Option(help="Members of the ensemble, before and after.")] = 64,
    seed: Annotated[int, typer.Option(help="Random seed; the same seed gives the same results.")] = 0,
    scale: Annotated[float | None, typer.Option(help="Share of companies simulated, in (0, 1].")] = None,
    out: Annotated[Path | None, typer.Option(help="Folder for the results; runs/update-CASE if not given.")] = None,
    force: Force = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print summary.json and nothing else on stdout.")] = False,
) -> None:
    from allegiance.base.files import sha256, write_json
    from allegiance.base.tables import write_table
    from allegiance.cases.loader import load_case
    from allegiance.cases.paths import case_hash
    from allegiance.cli.screen import print_json
    from allegiance.cli.shared import working
    from allegiance.inference.nowcast import update as condition
    from allegiance.inference.observations import load_seen
    from allegiance.report.update_page import write_update_report
    from allegiance.runs.bundle import versions
    from allegiance.runs.spec import RunSpec
    from allegiance.theory.stamp import theory_hash

    loaded = load_case(case)
    seen = load_seen(observed, loaded)
    place = out or Path("runs") / f"update-{loaded.id}"
    spec = RunSpec(members=members, seed=seed, scale=scale).settled(loaded)
    wanted = {"case_sha256": case_hash(loaded), "observed_sha256": sha256(observed), "spec": spec.identity()}
    with working(place, "update", wanted, force) as (folder, bar):
        result = condition(loaded, seen, spec, bar)
        bar(1.0, "writing the report")
        report = write_update_report(place, result)
        tables = {
            "prior_members": result.prior_members, "prior_daily": result.prior_daily, "members": result.members,
            "daily": result.daily, "agreement": result.agreement,
        }  # fmt: skip
        for name, frame in tables.items():
            write_table(place / f"{name}.parquet", frame)
        summary = result.summary()
        write_json(place / "summary.json", summary)
        folder.publish(
            [*(f"{name}.parquet" for name in tables), "summary.json", "report.html"], versions=versions(), seed=seed,
            members=members, case_sha256=case_hash(loaded), theory_sha256=theory_hash(),
        )  # fmt: skip
    if as_json:
        print_json(summary)
    else:
        _show(summary, report)


def _show(summary: dict[str, Any], report: Path) -> None:
    from rich.box import SIMPLE
    from rich.table import Table

    from allegiance.cli.screen import line, screen, where

    console = screen()
    console.print(
        f"{summary['effective_members']:.1f} effective members of {summary['members']}; "
        f"forecast from {summary['information_date']} on"
    )
    table = Table("outcome over the horizon", "prior", "updated", box=SIMPLE, padding=(0, 1, 0, 0))
    for side, forms in summary["prior"]["outcomes"].items():
        for form, before in forms.items():
            after = summary["updated"]["outcomes"][side][form]
            table.add_row(f"{side}: {form.replace('_', ' ')}", _said(before), _said(after))
    console.print(table)
    if summary["effective_members"] < FEW:
        console.print(
            line(
                ("warning:", "yellow"),
                " few simulated wars agree with what was seen, so the updated numbers are rough;"
                " more members give finer ones",
            )
        )
    where("report", report)


def _said(p: dict[str, Any]) -> str:
    return f"{p['probability']:.0%} ({p['interval'][0]:.0%}–{p['interval'][1]:.0%})"
