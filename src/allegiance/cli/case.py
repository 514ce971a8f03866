"""`allegiance case`: list, show, check and start cases, and print the format's schema."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from allegiance.cli.screen import line, print_json

if TYPE_CHECKING:
    from rich.table import Table

    from allegiance.cases.schema import Case, Observed

AsJson = Annotated[bool, typer.Option("--json", help="Print JSON instead of tables.")]

LISTED = (
    ("coup", "cou"), ("mutiny", "mut"), ("left", "left"), ("refusal", "ref"), ("compelled", "comp"),
    ("ties", "ties"), ("deprivation", "depr"), ("protest", "prot"), ("coup_proofing", "cbal"),
)  # fmt: skip
"""Columns of `case list` (keys of index.coded_row) and their heads."""
LISTED_HAPPENED = """\
: cou(p) 0 none, 1 failed, 2 succeeded; mut(iny), largest episode: 0 none, 1 below 1 % of \
soldiers, 2 to 10 %, 3 above; left: % that left or changed sides; ref(usal) 0 none, 1 some, 2 many, 3 the order was \
not carried out.
"""
LISTED_CONDITIONS = """\
: comp: share compelled to serve; ties to the civilians faced; depr: share of needs not met; \
prot: most people in the streets, per thousand; cbal: counterbalancing. Coded by readers who knew both: do not \
correlate the columns.
Titles, sides and works cited: allegiance case show NAME, or --json."""

case_app = typer.Typer(help="List, show, check and write cases.", no_args_is_help=True)


def register(app: typer.Typer) -> None:
    """Add the `case` verbs."""
    app.add_typer(case_app, name="case")


@case_app.command("list")
def list_cases(
    search: Annotated[str, typer.Option(help="Words that name, title or tags must hold.")] = "",
    task: Annotated[str, typer.Option(help="fight, repress or both: what the coded side was sent to do.")] = "",
    happened: Annotated[str, typer.Option(help="coup, mutiny, refusal, left (5 % or more) or none.")] = "",
    since: Annotated[int, typer.Option(help="First year.")] = 0,
    until: Annotated[int, typer.Option(help="Last year.")] = 9999,
    codes: Annotated[bool, typer.Option("--codes", help="A table of coded outcomes and conditions.")] = False,
    as_json: AsJson = False,
) -> None:
    """List the cases that come with the package: titles and what happened, in words."""
    from allegiance.cases.template import summaries
    from allegiance.cli.screen import print_json, say
    from allegiance.report.case_text import HAPPENED
    from allegiance.report.case_text import happened as in_words

    _known("--task", task, ("fight", "repress", "both"))
    _known("--happened", happened, HAPPENED)
    rows = [row for row in summaries() if _fits(row, search, task, happened, since, until)]
    if as_json:
        print_json(rows)
    elif codes:
        _print_codes(rows)
    else:
        for row in rows:
            coded = row["coded"]
            told = "a made-up war, nothing to compare with" if coded is None else in_words(coded)
            say(f"{row['id']:<30} {row['start'][:7]}  {row['title']}\n{'':<40}{told}")
        say(f"\n{len(rows)} cases. One case: allegiance case show NAME. Codes and conditions: --codes")


def _known(option: str, value: str, known: tuple[str, ...]) -> None:
    from allegiance.base.errors import AllegianceError, near

    if value and value not in known:
        raise AllegianceError(f"{option}: '{value}' is none of these", near(value, known))


def _fits(row: dict[str, Any], search: str, task: str, happened: str, since: int, until: int) -> bool:
    from allegiance.report.case_text import outcomes

    coded, words = row["coded"], " ".join([row["id"], row["title"], *row["tags"]]).lower()
    if (task or happened) and coded is None:
        return False
    return (
        all(word in words for word in search.lower().split())
        and since <= int(row["start"][:4]) <= until
        and (not task or coded["task"] == task)
        and (not happened or happened in outcomes(coded))
    )


def _print_codes(rows: list[dict[str, Any]]) -> None:
    from rich.table import Table

    # so close together that a name and ten numbers fit 80 columns
    table = Table(box=None, header_style="bold", pad_edge=False, padding=(0, 1, 0, 0))
    for head in ("case", "days", *(head for _, head in LISTED)):
        table.add_column(head, no_wrap=True)
    for row in rows:
        coded = row["coded"]
        cells = [] if coded is None else [_listed(coded[key]) for key, _ in LISTED]
        table.add_row(row["id"], str(row["days"]), *cells)
    _print(table)
    _print(line(("What happened", "bold"), LISTED_HAPPENED, ("Conditions", "bold"), LISTED_CONDITIONS))


def _listed(value: Any) -> str:
    from allegiance.cases.index import percent_range

    if isinstance(value, list):
        return percent_range(value)
    return str(value) if isinstance(value, int) else f"{value:.2f}" if value < 9.995 else f"{value:.0f}"


@case_app.command()
def show(
    name: Annotated[str, typer.Argument(help="A case's name or file.")],
    find: Annotated[str, typer.Option(help="Only the values for --set whose path holds this text.")] = "",
    as_json: AsJson = False,
) -> None:
    """Show a case: forces, conditions, decisions, what-ifs, every value with its path, what happened, works cited."""
    from allegiance.cases.index import basis_sentence
    from allegiance.cases.loader import load_case, load_observed
    from allegiance.cases.paths import basis_counts, case_hash, dump

    case, observed = load_case(name), load_observed(name)
    if find:
        _print_settings(case, find)
        return
    if as_json:
        seen = None if observed is None else observed.model_dump(mode="json")
        print_json({"case": dump(case), "observed": seen, "basis": basis_counts(case), "hash": case_hash(case)})
        return
    _print(line("\n", (case.title, "bold"), f"  ({case.id})\n{case.summary}\n"))
    _print(f"{case.start} + {case.days} days; nothing known only after {case.information_date} is an input.\n")
    _print(_condition_table(case))
    _print_named(case)
    _print_settings(case)
    if observed is not None:
        _print(_observed_table(observed))
    _print(line(("Works cited", "bold"), *(f"\n- {work}" for work in _works(case))))
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
    from allegiance.cases.sense import warnings

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
        row["warnings"] = warnings(case)
        if not as_json:
            rests = f"{basis_sentence([row['basis']])}, {len(row['works'])} works cited"
            _print(line(("ok", "green"), f" {case.id}: {rests}"))
            for sentence in row["warnings"]:
                _print(line(("warning:", "yellow"), f" {case.id}: {sentence}"))
            if file is not None and (early := ends_with_wave(case)):
                _print(line(("note:", "yellow"), f" {early}"))
    if as_json:
        found = {"cases": checked} if file is None else next(iter(checked), {})
        print_json({"ok": not faults, "faults": faults, **found})
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
        print_json(json_schema(observed))
        return
    shown = _table("key", "takes", "meaning")
    for row in field_table():
        shown.add_row(row["path"], row["takes"], row["meaning"])
    _print(shown)


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


def _print_named(case: Case) -> None:
    """What a case names, in lines that no terminal is too narrow for."""
    from allegiance.report.case_text import conditions, decisions, forces, what_ifs

    for head, lines in (
        ("Forces", forces(case)),
        ("Decisions (switch one off with --set decisions.NAME.enabled=false)", decisions(case)),
        ("What-ifs (allegiance compare CASE --with NAME)", what_ifs(case)),
        ("Conditions (allegiance why CASE --condition NAME)", conditions(case)),
    ):
        typer.echo("\n".join([head, *(f"  {line}" for line in lines or ["none is named"]), ""]))


def _print_settings(case: Case, find: str = "") -> None:
    """Every value that can be set, a line each: a path is never cut, so that it can be copied or searched for."""
    from allegiance.report.case_text import settings

    shown = [setting for setting in settings(case) if find.lower() in setting.path.lower()]
    typer.echo(f"Values (--set PATH=VALUE; unit and bounds in brackets): {len(shown)}")
    typer.echo("\n".join(f"  {setting}" for setting in shown) + "\n")


def _works(case: Case) -> list[str]:
    """The works a case cites, one line each."""
    return sorted(f"{s.label}. {s.address}" if s.address else s.label for s in case.sources.values())


def _observed_table(observed: Observed) -> Table:
    from allegiance.cases.schema import SHARES

    table = _table("date", "what happened", "side", "size", "label")
    for event in observed.events:
        size = "" if event.size is None else f"{event.size:,.0f}"
        table.add_row(str(event.date), event.type, event.side, size, event.label)
    ranges = {words: getattr(observed, name) for name, words in SHARES.items()}
    shares = ", ".join(f"{r[0]:.1%} to {r[1]:.1%} {words}" for words, r in ranges.items() if r)
    table.caption = f"{observed.side}: {shares} ({observed.basis}). {observed.note}"
    return table


def _table(*columns: str) -> Table:
    from rich.box import SIMPLE_HEAD
    from rich.table import Table

    table = Table(box=SIMPLE_HEAD, header_style="bold", pad_edge=False)
    for position, column in enumerate(columns):
        table.add_column(column, overflow="fold", no_wrap=position == 0)
    return table


def _print(thing: Any) -> None:
    from allegiance.cli.screen import screen

    screen().print(thing)
