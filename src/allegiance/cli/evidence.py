"""`allegiance evidence`: what studies found on each claim."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

if TYPE_CHECKING:
    import polars as pl
    from rich.table import Table

    from allegiance.evidence.matrix import Matrix

COLOURS = {"supports": "green", "contradicts": "red", "null": "yellow", "mixed": "yellow", "context": "dim"}
"""Findings in the order of the columns, with their colours."""


def register(app: typer.Typer) -> None:
    """Add the verb to the command line."""
    app.command("evidence")(evidence)


def evidence(
    claim: Annotated[
        str | None, typer.Argument(help="a claim's id or name, such as C5; all if left out; `coding`: the coders")
    ] = None,
    fits: Annotated[
        list[Path] | None,
        typer.Option(help="what fits say instead: docs/fit.json or a folder of allegiance fit, one or more"),
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="every row with citation and sample, as JSON")] = False,
) -> None:
    """What studies found: estimates per claim, with those that disagree; or how far two coders of the library agree.

    With --fits: what fits to campaigns say of the claims, prior against posterior, with a verdict by a fixed rule
    (docs/claims-and-data.md).
    """
    from allegiance.evidence.register import estimates_for

    if fits:
        from allegiance.cli.evidence_fits import show_fits

        show_fits(claim, fits, as_json)
        return
    if claim == "coding":
        _print_coding(as_json)
        return

    frame = estimates_for(claim)
    if as_json:
        from allegiance.cli.screen import print_json

        print_json(frame.to_dicts())
    elif claim is None:
        _print_summary(frame)
    else:
        _print_claim(claim, frame)


def _print_summary(frame: pl.DataFrame) -> None:
    from rich.box import SIMPLE
    from rich.table import Column, Table

    from allegiance.base.claims import CLAIMS
    from allegiance.cli.screen import screen
    from allegiance.evidence.matrix import WORDS, matrix, totals

    claims = Column("claim", no_wrap=True)
    table = Table(claims, "n", "for", "against", "null", "mixed", "not studied", box=SIMPLE, padding=(0, 1, 0, 0))
    for c in CLAIMS:
        rows = frame.filter(frame["claim"] == c.id)
        counts = [str(n or "") for n in totals(rows).values()]
        missing = ", ".join(WORDS[o] for o in matrix(c.id, rows).missing)
        table.add_row(f"{c.id} {c.name}", str(rows["study"].n_unique()), *counts, missing)
    studies = frame["study"].n_unique()
    console = screen()
    console.print(table)
    console.print(
        "One vote for each study, over all outcomes; a study that only describes has none. Not studied:\n"
        "outcomes that the claim names and on which there is no direct evidence. Null: no effect told from zero.\n"
        f"{frame.height} entries from {studies} studies. One claim: allegiance evidence C5"
    )


def _print_claim(name: str, frame: pl.DataFrame) -> None:
    from rich.table import Table

    from allegiance.base.claims import claim
    from allegiance.cli.screen import line, screen, styled
    from allegiance.evidence.matrix import matrix

    found = claim(name)
    console = screen()
    console.print(line((f"{found.id} {found.name}", "bold"), f": {found.sentence}\nExpected: {found.pattern}"))
    console.print(_matrix_table(matrix(found.id, frame)))
    table = Table("study", "what is estimated", "effect (90 %)", "finding", show_lines=True)
    for row in frame.iter_rows(named=True):
        colour = COLOURS[row["finding"]]
        star = " *" if row["comparable"] else ""
        table.add_row(
            line(f"{row['short']}\n", (f"{row['where']}; {row['read']}", "dim")),
            line(f"{row['estimand']}\n", (f"not shown: {row['not_shown']}", "dim")),
            _effect(row) + star,
            styled(row["finding"], colour),
        )
    console.print(table)
    console.print(
        "* on the scale of the claim's own experiment. Intervals at other levels and standard errors are brought to "
        "90 % by the normal approximation; none is shown where none was reported."
    )


def _print_coding(as_json: bool) -> None:
    """How far the two coders of the library's outcomes agree, and where their levels lie far apart."""
    from dataclasses import asdict

    from rich.box import SIMPLE
    from rich.table import Table

    from allegiance.cli.screen import print_json, screen
    from allegiance.inference.agreement import HEADS, agreement, apart, cells, coded_twice

    pairs = coded_twice()
    found, far = agreement(pairs), apart(pairs)
    if as_json:
        rows = [dict(zip(("case", "outcome", "first", "second"), row, strict=True)) for row in far]
        print_json({"agreement": [asdict(row) for row in found], "apart": rows})
        return
    table = Table(*HEADS, box=SIMPLE, padding=(0, 1, 0, 0))
    for row in found:
        table.add_row(*cells(row))
    console = screen()
    console.print(table)
    console.print(f"Krippendorff's alpha over {len(pairs)} cases coded twice: 1 perfect, 0 as good as chance.")
    console.print("Levels more than one apart, first coder and second:")
    for case, outcome, one, other in far:
        console.print(f"  {case}: {outcome} {one} and {other}")


def _matrix_table(found: Matrix) -> Table:
    """Outcome by design, one vote for each study; an outcome that nobody studied says so."""
    from rich.box import SIMPLE
    from rich.table import Table

    from allegiance.evidence.matrix import DESIGNS, WORDS

    title = "Studies by outcome and design, one vote for each study"
    table = Table("outcome", *(DESIGNS[d] for d in found.designs), box=SIMPLE, title=title, title_justify="left")
    for outcome in found.outcomes:
        cells = [found.words(outcome, d) for d in found.designs]
        if outcome in found.missing and cells:
            cells[0] = "no direct evidence" + (f"; {cells[0]}" if cells[0] else "")
        table.add_row(WORDS[outcome], *cells, style="yellow" if outcome in found.missing else "")
    return table


def _effect(row: dict[str, Any]) -> str:
    if row["effect"] is None:
        return "direction only"
    text = f"{row['effect']:.3g}"
    if row["effect_low"] is not None:
        text += f" [{row['effect_low']:.3g}, {row['effect_high']:.3g}]"
    elif row["p_value"] is not None:
        text += f" (p = {row['p_value']:g})"
    return f"{text} {row['effect_scale']}"
