"""`allegiance case`: list, show, check and start cases, and print the format's schema."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

if TYPE_CHECKING:
    from rich.table import Table

    from allegiance.cases.schema import Case, Observed

AsJson = Annotated[bool, typer.Option("--json", help="Print JSON instead of tables.")]

case_app = typer.Typer(help="List, show, check and write cases.", no_args_is_help=True)


def register(app: typer.Typer) -> None:
    """Add the `case` verbs."""
    app.add_typer(case_app, name="case")


@case_app.command("list")
def list_cases(as_json: AsJson = False) -> None:
    """List the cases that come with the package."""
    from allegiance.cases.template import summaries

    rows = summaries()
    if as_json:
        _print_json(rows)
        return
    table = _table("case", "days", "soldiers", "title")
    for row in rows:
        table.add_row(row["id"], str(row["days"]), f"{row['soldiers']:,}", row["title"])
    _print(table)


@case_app.command()
def show(name: Annotated[str, typer.Argument(help="A case's name or file.")], as_json: AsJson = False) -> None:
    """Show a case: forces, conditions, decisions, what happened, and what rests on which basis."""
    from allegiance.cases.loader import load_case, load_observed
    from allegiance.cases.paths import basis_counts, case_hash, dump

    case, observed = load_case(name), load_observed(name)
    if as_json:
        seen = None if observed is None else observed.model_dump(mode="json")
        _print_json({"case": dump(case), "observed": seen, "basis": basis_counts(case), "hash": case_hash(case)})
        return
    _print(f"\n[bold]{case.title}[/bold]  ({case.id})\n{case.summary}\n")
    _print(f"{case.start} + {case.days} days; nothing known only after {case.information_date} is an input.\n")
    _print(_force_table(case))
    _print(_condition_table(case))
    _print(_decision_table(case))
    if observed is not None:
        _print(_observed_table(observed))
    counts = basis_counts(case)
    shown = ", ".join(f"{count} {basis}" for basis, count in counts.items())
    _print(f"\n{sum(counts.values())} numbers: {shown}. Content hash {case_hash(case)[:12]}.")


@case_app.command()
def check(file: Annotated[str, typer.Argument(help="A case file or name.")], as_json: AsJson = False) -> None:
    """Check a case file and report every fault at once; exit 2 if there is any."""
    from allegiance.base.errors import FaultyInput
    from allegiance.cases.loader import load_case, load_observed
    from allegiance.cases.paths import basis_counts, case_hash

    try:
        case = load_case(file)
        load_observed(file)
    except FaultyInput as error:
        if not as_json:
            raise
        _print_json({"ok": False, "faults": [vars(fault) for fault in error.faults]})
        raise typer.Exit(2) from error
    counts = basis_counts(case)
    if as_json:
        _print_json({"ok": True, "faults": [], "case": case.id, "basis": counts, "hash": case_hash(case)})
        return
    shown = ", ".join(f"{count} {basis}" for basis, count in counts.items())
    _print(f"[green]ok[/green] {case.id}: {sum(counts.values())} numbers ({shown})")


@case_app.command()
def new(file: Annotated[Path, typer.Argument(help="The file to write.")]) -> None:
    """Write an annotated case to start from; it passes the check as it is."""
    from allegiance.cases.template import new_case

    path = new_case(file)
    _print(f"wrote {path}; edit it, then: allegiance case check {path}")


@case_app.command()
def schema(
    observed: Annotated[bool, typer.Option("--observed", help="The schema of observed.yaml.")] = False,
    table: Annotated[bool, typer.Option("--table", help="A table of keys instead of JSON schema.")] = False,
) -> None:
    """Print the JSON schema of the case format, for editors and other programs."""
    from allegiance.cases.template import field_table, json_schema

    if not table:
        _print_json(json_schema(observed))
        return
    shown = _table("key", "takes", "meaning")
    for row in field_table():
        shown.add_row(row["path"], row["takes"], row["meaning"])
    _print(shown)


def _force_table(case: Case) -> Table:
    table = _table("side", "force", "kind", "soldiers", "in contact", "composition", "resources", "loyalty")
    for name, side in case.sides.items():
        for key, force in side.forces.items():
            parts = sorted(force.composition.items(), key=lambda item: -item[1].value)
            table.add_row(
                name, key, force.kind, f"{force.strength.value:,.0f}", f"{force.deployed.value:.0%}",
                ", ".join(f"{c} {s.value:.0%}" for c, s in parts if s.value > 0),
                f"{force.resource_share.value:.0%}", f"{force.loyalty.value:.2f}",
            )  # fmt: skip
    return table


def _condition_table(case: Case) -> Table:
    from allegiance.cases.paths import resolve

    table = _table("condition", *case.sides)
    for label, path in (
        ("supply", "supply"),
        ("punishment", "punishment"),
        ("monitoring", "monitoring"),
        ("equality of groups", "inclusion"),
        ("offer to those who give up", "inducement"),
        ("counterbalancing", "coup_proofing.counterbalancing"),
        ("stacking", "coup_proofing.stacking"),
        ("resolve", "aims.resolve"),
        ("expected log advantage", "aims.expected_advantage"),
    ):
        table.add_row(label, *(f"{resolve(case, f'sides.{name}.{path}'):g}" for name in case.sides))
    return table


def _decision_table(case: Case) -> Table:
    table = _table("date", "decision (switch off with --set decisions.NAME.enabled=false)", "what it sets")
    for key, decision in sorted(case.decisions.items(), key=lambda item: item[1].date):
        sets = ", ".join(f"{path}={value:g}" for path, value in decision.set.items())
        table.add_row(str(decision.date), f"{key}: {decision.label}", sets)
    return table


def _observed_table(observed: Observed) -> Table:
    table = _table("date", "what happened", "side", "size", "label")
    for event in observed.events:
        size = "" if event.size is None else f"{event.size:,.0f}"
        table.add_row(str(event.date), event.type, event.side, size, event.label)
    low, high = observed.left
    share = f"{observed.side}: {low:.1%} to {high:.1%} left or changed sides ({observed.basis})."
    table.caption = f"{share} {observed.note}"
    return table


def _table(*columns: str) -> Table:
    from rich.box import SIMPLE_HEAD
    from rich.table import Table

    table = Table(box=SIMPLE_HEAD, header_style="bold", pad_edge=False)
    for position, column in enumerate(columns):
        table.add_column(column, overflow="fold", no_wrap=position == 0)
    return table


def _print(thing: Any) -> None:
    from rich.console import Console

    Console().print(thing, highlight=False)


def _print_json(value: Any) -> None:
    from allegiance.base.files import to_json

    typer.echo(to_json(value), nl=False)
