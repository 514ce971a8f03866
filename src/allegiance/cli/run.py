"""`allegiance run`: play a war out from a case, and say what came of it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from allegiance.cli.shared import Cluster, Csv, Force, Xlsx

if TYPE_CHECKING:
    from rich.console import Console

    from allegiance.cases.schema import Case
    from allegiance.report.result import Result

HELP = """Play a war out from a case: soldier by soldier, day by day, in many simulated wars.

Prints how likely each form of disloyalty is on each side, how many soldiers take part, and what it means for the
war; writes report.html, summary.json and the full tables into a folder.

[bold]Examples[/bold]

  allegiance run russia-ukraine-2022                         the flagship, with the case's own horizon

  allegiance run syria-2011 --members 16 --days 120          a quick look

  allegiance run russia-ukraine-2022 --set sides.russia.supply=0.9 --out runs/well-fed

  allegiance run my-case.yaml --json > summary.json          for scripts

Paths for --set are those of the case file: allegiance case show CASE lists them. A star stands for all keys
(sides.*.supply=0.9); a dated decision is switched off with decisions.NAME.enabled=false.
"""


def register(app: typer.Typer) -> None:
    """Add the `run` verb."""
    app.command("run", help=HELP, no_args_is_help=True)(run)


def run(
    case: Annotated[str, typer.Argument(help="A case's name (allegiance case list) or the path of a case file.")],
    members: Annotated[int, typer.Option(help="Simulated wars in the ensemble; more give finer probabilities.")] = 64,
    days: Annotated[int | None, typer.Option(help="Days to play; the case's own horizon if not given.")] = None,
    seed: Annotated[int, typer.Option(help="Random seed: the same seed gives the same results, byte for byte.")] = 0,
    scale: Annotated[
        float | None,
        typer.Option(
            help="Share of companies simulated, in (0, 1]; shares stay the same. Chosen to fit a minute if not given."
        ),
    ] = None,
    settings: Annotated[
        list[str] | None, typer.Option("--set", metavar="PATH=VALUE", help="Set a number of the case; repeatable.")
    ] = None,
    rival: Annotated[
        list[str] | None,
        typer.Option(
            metavar="MECHANISM=FORM",
            help="Another author's form, as relative_deprivation=gurr1970, or MECHANISM=off; repeatable.",
        ),
    ] = None,
    threads: Annotated[
        int | None, typer.Option(help="Threads, all cores if not given; results do not depend on it.")
    ] = None,
    parameters: Annotated[
        str, typer.Option(help="The theory's parameters: prior, posterior (fitted to the library), or a fitted file.")
    ] = "prior",
    out: Annotated[Path | None, typer.Option(help="Folder for the results; runs/CASE-SEED if not given.")] = None,
    resume: Annotated[bool, typer.Option(help="Go on from what an interrupted run left in the folder.")] = True,
    cluster: Cluster = None,
    force: Force = False,
    csv: Csv = False,
    xlsx: Xlsx = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print summary.json and nothing else on stdout.")] = False,
) -> None:
    from allegiance.base.sheets import export
    from allegiance.cases.loader import load_case
    from allegiance.cases.paths import parse_setting
    from allegiance.cli.screen import Bar
    from allegiance.report import result as runs
    from allegiance.runs.cluster import joined

    loaded = load_case(case)
    levers = dict(parse_setting(text) for text in settings or [])
    folder = out or Path("runs") / f"{loaded.id}-{seed}"
    cores = {} if threads is None else {"threads": threads}
    options = {"days": days, "scale": scale, "parameters": parameters, **cores, **_theory(rival or [])}
    with Bar() as progress, joined(cluster):
        done = runs.run(loaded, members, seed, folder, levers, resume, progress, force, **options)
        progress(1.0, "writing the report")
        report = done.write_report()
        export(folder, "run", done.tables(), csv, xlsx, force)
    if as_json:
        typer.echo((folder / "summary.json").read_bytes(), nl=False)
    else:
        _show(done.case, done, report)


def _theory(chosen: list[str]) -> dict[str, Any]:
    """Mechanisms left out and rivals in the place of ours, from MECHANISM=FORM and MECHANISM=off."""
    from allegiance.base.errors import AllegianceError
    from allegiance.theory.registry import MECHANISMS

    forms: dict[str, str] = {}
    for text in chosen:
        name, sign, form = (part.strip() for part in text.partition("="))
        if not sign or not form:
            having = ", ".join(f"{m.id}={r.__name__}" for m in MECHANISMS for r in m.rivals)
            raise AllegianceError(f"--rival {text!r} is not MECHANISM=FORM", f"rivals there are: {having}")
        forms[name] = form
    off = tuple(name for name, form in forms.items() if form == "off")
    return {"off": off, "rivals": {name: form for name, form in forms.items() if form != "off"}}


def _show(case: Case, done: Result, report: Path) -> None:
    from allegiance.cli.screen import line, screen, where
    from allegiance.report.labels import ordered
    from allegiance.report.narrative import meaning
    from allegiance.report.run_tables import outcome_rows

    console = screen()
    summary = done.summary()
    console.print(line("\n", (case.title, "bold")))
    console.print(
        f"{summary['members']} simulated wars of {summary['days']} days, seed {summary['seed']}, scale"
        f" {summary['scale']:g}. Probability: share of these wars. Expected: mean number of events, or median share of"
        " soldiers.\n"
    )
    for side in ordered(case):
        _side_table(console, case, summary, side)
    sources = dict.fromkeys(f"{row.form}: {row.source}" for row in outcome_rows(summary, side) if row.source)
    console.print(f"history, brought to this horizon: {'; '.join(sources)}.\n")
    console.print(line(("What it means for the war", "bold")))
    console.print(meaning(case, summary, done.daily) + "\n")
    basis = summary["basis"]
    total = sum(basis.values())
    each = ", ".join(f"{count} {name}" for name, count in basis.items())
    console.print(line(("Basis of the numbers", "bold"), f"\n{total} numbers of the case and the theory: {each}.\n"))
    for sentence in folded(case, summary):
        console.print(line(("warning:", "yellow"), f" {sentence}"))
    where("\nreport", report)


def folded(case: Case, summary: dict[str, Any]) -> list[str]:
    """The doubts about a run, with those that only repeat the table's 0 % and 100 % in one sentence."""
    from allegiance.report.labels import FORMS, ordered, side_name

    words = {0.0: "never", 1.0: "always"}
    said: dict[str, list[str]] = {word: [] for word in words.values()}
    for side in ordered(case):
        for form, entry in summary["outcomes"][side].items():
            if entry["probability"] in words:
                said[words[entry["probability"]]].append(f"{FORMS[form].name} ({side_name(case, side)})")
    rest = [s for s in summary["degenerate"] if not any(f" {word} happened in " in s for word in said)]
    told = "; ".join(f"{word}: {', '.join(found)}" for word, found in said.items() if found)
    few = f"in {summary['members']} simulated wars {told}. Not impossible or certain for that: see the 90 % column"
    return [few, *rest] if told else rest


def _side_table(console: Console, case: Case, summary: dict[str, Any], side: str) -> None:
    from rich.box import SIMPLE_HEAD
    from rich.table import Table

    from allegiance.report.labels import side_name
    from allegiance.report.run_tables import outcome_rows

    table = Table(
        title=side_name(case, side),
        title_justify="left",
        title_style="bold",
        box=SIMPLE_HEAD,
        padding=(0, 1, 0, 0),
    )
    for head in ("form", "probability", "90 %", "expected (90 %)", "history"):
        table.add_column(head, justify="right" if head == "probability" else "left", no_wrap=True)
    for row in outcome_rows(summary, side):
        table.add_row(row.form, row.probability, row.interval, row.expected, row.base or "–")
    console.print(table)
