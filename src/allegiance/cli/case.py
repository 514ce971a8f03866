"""`allegiance case`: list, show, check and start cases, and print the format's schema."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

if TYPE_CHECKING:
    from rich.table import Table

    from allegiance.cases.schema import Case, Observed

AsJson = Annotated[bool, typer.Option("--json", help="Print JSON instead of tables.")]

LISTED = (
    ("coup", "coup"), ("mutiny", "mut"), ("left", "left"), ("refusal", "ref"), ("compelled", "comp"),
    ("ties", "ties"), ("deprivation", "depr"), ("protest", "prot"), ("coup_proofing", "cbal"),
)  # fmt: skip
"""Columns of `case list` (keys of index.coded_row) and their heads."""
LISTED_LEGEND = """\
[bold]What happened[/bold]: coup 0 none, 1 failed, 2 succeeded; mut(iny) 0 none, 1 small, 2 large, 3 decisive; left: \
% that left or changed sides; ref(usal) 0 none, 1 some, 2 many, 3 the order was not carried out.
[bold]Conditions[/bold]: comp: share compelled to serve; ties to the civilians faced; depr: share of needs not met; \
prot: most people in the streets, per thousand; cbal: counterbalancing. Coded by readers who knew both: do not \
correlate the columns.
Titles, sides and works cited: allegiance case show NAME, or --json."""

case_app = typer.Typer(help="List, show, check and write cases.", no_args_is_help=True)


def register(app: typer.Typer) -> None:
    """Add the `case` verbs."""
    app.add_typer(case_app, name="case")


@case_app.command("list")
def list_cases(as_json: AsJson = False) -> None:
    """List the cases that come with the package, with the conditions and outcomes of the side that is coded."""
    from rich.table import Table

    from allegiance.cases.template import summaries

    rows = summaries()
    if as_json:
        _print_json(rows)
        return
    # so close together that a name and ten numbers fit 80 columns
    table = Table(box=None, header_style="bold", pad_edge=False, padding=(0, 1, 0, 0))
    for head in ("case", "days", *(head for _, head in LISTED)):
        table.add_column(head, no_wrap=True)
    for row in rows:
        coded = row["coded"]
        cells = [] if coded is None else [_listed(coded[key]) for key, _ in LISTED]
        table.add_row(row["id"], str(row["days"]), *cells)
    _print(table)
    _print(LISTED_LEGEND)


def _listed(value: Any) -> str:
    from allegiance.cases.index import percent_range

    if isinstance(value, list):
        return percent_range(value)
    return str(value) if isinstance(value, int) else f"{value:.2f}" if value < 9.995 else f"{value:.0f}"


@case_app.command()
def show(name: Annotated[str, typer.Argument(help="A case's name or file.")], as_json: AsJson = False) -> None:
    """Show a case: forces, conditions, decisions, what happened, works cited, and what rests on which basis."""
    from rich.markup import escape

    from allegiance.cases.index import basis_sentence
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
    _print("[bold]Works cited[/bold]\n" + "\n".join(f"- {escape(work)}" for work in _works(case)))
    _print(f"\n{basis_sentence([basis_counts(case)])}. Content hash {case_hash(case)[:12]}.")


@case_app.command()
def check(
    file: Annotated[str | None, typer.Argument(help="A case file or name; the whole library if not given.")] = None,
    as_json: AsJson = False,
) -> None:
    """Check a case file, or the whole library, and report every fault at once; exit 2 if there is any."""
    from allegiance.base.errors import FaultyInput
    from allegiance.cases.index import basis_sentence
    from allegiance.cases.length import ends_with_wave
    from allegiance.cases.loader import library, load_case, load_observed
    from allegiance.cases.paths import basis_counts, case_hash

    checked, faults = [], []
    for name in library() if file is None else [file]:
        try:
            case = load_case(name)
            load_observed(name)
        except FaultyInput as error:
            if not as_json:
                raise
            faults += [vars(fault) for fault in error.faults]
            continue
        row: dict[str, Any] = {"case": case.id, "hash": case_hash(case)}
        row |= {"basis": basis_counts(case), "works": _works(case)}
        checked.append(row)
        if not as_json:
            _print(f"[green]ok[/green] {case.id}: {basis_sentence([row['basis']])}, {len(row['works'])} works cited")
            if file is not None and (early := ends_with_wave(case)):
                _print(f"note: {early}")
    if as_json:
        found = {"cases": checked} if file is None else next(iter(checked), {})
        _print_json({"ok": not faults, "faults": faults, **found})
        if faults:
            raise typer.Exit(2)
    elif file is None:
        works = {work for row in checked for work in row["works"]}
        total = basis_sentence(row["basis"] for row in checked)
        _print(f"{len(checked)} cases without a fault, {len(works)} works cited; {total}")


@case_app.command()
def new(
    file: Annotated[Path, typer.Argument(help="The file to write.")],
    country: Annotated[str | None, typer.Option(help="Fill it with a draft of this state's army.")] = None,
    date: Annotated[str, typer.Option("--date", help="First day of the draft, YYYY-MM-DD.")] = "",
) -> None:
    """Write an annotated case to start from, or a draft of a state's army; it passes the check as it is."""
    from allegiance.base.errors import AllegianceError
    from allegiance.cases.draft.drafting import draft_case
    from allegiance.cases.template import new_case
    from allegiance.cases.write import write_case

    if country is None:
        path = new_case(file)
    elif not date:
        raise AllegianceError("--country needs a day", "add --date YYYY-MM-DD")
    else:
        path = write_case(draft_case(country, date).case, file)
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
    table = _table("side", "force", "kind", "soldiers", "in contact", "composition", "resources a head", "loyalty")
    for name, side in case.sides.items():
        for key, force in side.forces.items():
            parts = sorted(force.composition.items(), key=lambda item: -item[1].value)
            table.add_row(
                name, key, force.kind, f"{force.strength.value:,.0f}", f"{force.deployed.value:.0%}",
                ", ".join(f"{c} {s.value:.0%}" for c, s in parts if s.value > 0),
                f"{force.resources.value:.2f}", f"{force.loyalty.value:.2f}",
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


def _works(case: Case) -> list[str]:
    """The works a case cites, one line each."""
    return sorted(f"{s.label}. {s.address}" if s.address else s.label for s in case.sources.values())


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
