"""`allegiance claims`: try the argument, claim by claim."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from allegiance.cli.shared import Cluster, Force

if TYPE_CHECKING:
    import polars as pl
    from rich.console import Console

    from allegiance.experiments.claims import ClaimsResult

HELP = """Try the claims of the argument: paired simulated wars, effects with intervals, verdicts by a fixed rule.

[bold]Examples[/bold]

  allegiance claims                          all claims on the neutral reference war

  allegiance claims C5 C10 --members 32      two of them, quickly

  allegiance claims C3 --case syria-2011     on a case of the library

  allegiance claims --mutation               also with each claim's own mechanism disabled

What studies found on the same claims: `allegiance evidence C5`. Report and tables go to --out.
"""


def register(app: typer.Typer) -> None:
    """Add the `claims` verb."""
    app.command("claims", help=HELP)(claims)


def claims(
    ids: Annotated[
        list[str] | None, typer.Argument(help="Claims C1 to C16, N1, N2, or names; all if left out.")
    ] = None,
    case: Annotated[str, typer.Option(help="A case's name or file.")] = "reference",
    members: Annotated[
        int | None, typer.Option(help="Simulated wars in each arm; the protocol's if not given.")
    ] = None,
    seed: Annotated[int, typer.Option(help="Random seed; the same seed gives the same results.")] = 0,
    side: Annotated[
        str | None, typer.Option(help="Side whose disloyalty is studied; the attacker if not given.")
    ] = None,
    scale: Annotated[float | None, typer.Option(help="Share of companies simulated, in (0, 1].")] = None,
    threads: Annotated[int | None, typer.Option(help="Threads, all cores if not given.")] = None,
    cluster: Cluster = None,
    mutation: Annotated[bool, typer.Option(help="Also try each claim with its own mechanism disabled.")] = False,
    out: Annotated[Path | None, typer.Option(help="Folder for the results; runs/claims-CASE if not given.")] = None,
    resume: Annotated[bool, typer.Option(help="Go on from the arms that an interrupted run finished.")] = True,
    force: Force = False,
    record: Annotated[bool, typer.Option(help="Store the result for the documentation.", hidden=True)] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print claims.json and nothing else on stdout.")] = False,
) -> None:
    from allegiance.cases.loader import load_case
    from allegiance.cli.screen import Bar, print_json
    from allegiance.experiments import suite
    from allegiance.report.claims_page import write_claims_report
    from allegiance.runs.cluster import joined

    loaded = load_case(case)
    folder = out or Path("runs") / "-".join(["claims", loaded.id, *sorted(ids or ())])
    with Bar() as bar, joined(cluster):
        result = suite.claims(
            ids, loaded, members, seed, side, scale, threads, mutation,
            out=folder, resume=resume, force=force, progress=bar,
        )  # fmt: skip
        bar(1.0, "writing the report")
        report = write_claims_report(folder, result)
    if record:
        from allegiance.report import claim_docs

        claim_docs.record(suite.summary(result))
    if as_json:
        print_json(suite.summary(result))
    else:
        _show(result, report)


def _show(result: ClaimsResult, report: Path) -> None:
    from rich.box import SIMPLE
    from rich.table import Table

    from allegiance.cli.screen import judged, line, screen, where
    from allegiance.report.effects_text import effect, worded

    console = screen()
    table = Table("claim", "verdict", "first effect", "size (90 %)", "shown", box=SIMPLE, padding=(0, 1, 0, 0))
    for row in result.frame.iter_rows(named=True):
        size = effect(row["value"], row["low"], row["high"], row["scale"]) if row["scale"] else ""
        table.add_row(
            f"{row['claim']} {row['name']}", judged(row["verdict"]), worded(row["effect"]),
            line(f"{size}\n", (worded(row["scale"]), "dim")), f"{row['effects_shown']}/{row['effects_asked']}",
        )  # fmt: skip
    console.print(table)
    for row in result.frame.filter(result.frame["verdict"] != "supported").iter_rows(named=True):
        console.print(f"{row['claim']} {row['verdict']}: {worded(row['why'])}")
    if result.mutations is not None:
        _show_mutations(console, result.mutations)
    where("\nreport", report)


def _show_mutations(console: Console, mutations: pl.DataFrame) -> None:
    from rich.box import SIMPLE
    from rich.table import Table

    from allegiance.cli.screen import line

    table = Table("claim", "disabled", "verdict", "when disabled", "flips", box=SIMPLE, padding=(0, 1, 0, 0))
    for row in mutations.iter_rows(named=True):
        flips = ("nothing to flip", "dim") if row["flips"] is None else ("yes", "") if row["flips"] else ("no", "red")
        table.add_row(row["claim"], row["disabled"], row["intact"], row["disabled_verdict"], line(flips))
    console.print(line("\n", ("Mutation check", "bold"), ": each claim with its own mechanism disabled"))
    console.print(table)
