"""`allegiance score`: forecast each coded case from the others, beside baselines."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

if TYPE_CHECKING:
    from allegiance.inference.scoreboard import Scoreboard

HELP = """Hindcast scoreboard: each case with coded outcomes is forecast from the others and scored beside baselines.

[bold]Examples[/bold]

  allegiance score                        the whole library, leaving one case out at a time

  allegiance score --holdout family       leaving out whole families: the uprisings of 2011, the wars for Ukraine

  allegiance score --parameters posterior the fitted parameters, compared on the cases they were not fitted to

  allegiance score --cases my-cases       your own folder of cases (case.yaml and observed.yaml in each)

The model's forecast passes through a global coding error fitted to the other cases; its own codes are scored beside it.

Scores: ranked probability score for coup, mutiny and refusal; CRPS of the log share that left. Lower is better.
"""


def register(app: typer.Typer) -> None:
    """Add the `score` verb."""
    app.command("score", help=HELP)(score)


def score(
    cases: Annotated[Path | None, typer.Option(help="Folder of cases; the library if not given.")] = None,
    draws: Annotated[int, typer.Option(help="Draws of the theory's parameters; each is played with two lucks.")] = 64,
    holdout: Annotated[str, typer.Option(help="What is left out at a time: case or family.")] = "case",
    seed: Annotated[int, typer.Option(help="Key of all chance.")] = 0,
    parameters: Annotated[str, typer.Option(help="prior, posterior, or a file of fitted parameters.")] = "prior",
    ranges: Annotated[
        bool, typer.Option(help="Draw each case's own numbers within their ranges, or keep the stated values.")
    ] = True,
    out: Annotated[Path, typer.Option(help="Folder for scores, report and the bank of simulations.")] = Path(
        "runs/score"
    ),
    as_json: Annotated[bool, typer.Option("--json", help="Print summary.json and nothing else on stdout.")] = False,
) -> None:
    from allegiance.base.errors import AllegianceError
    from allegiance.base.files import atomic, sha256, write_json
    from allegiance.cli.shared import Bar, print_json
    from allegiance.engine.bundle import theory_hash, versions
    from allegiance.engine.parameters import parameter_set
    from allegiance.inference.bank import coded_cases, play_bank
    from allegiance.inference.scoreboard import score as hindcast
    from allegiance.inference.scoreboard import score_fitted
    from allegiance.report.score_page import write_score_report

    if holdout not in ("case", "family"):
        raise AllegianceError(f"holdout is '{holdout}'", "choose case or family")
    if draws < 8:
        raise AllegianceError(f"draws is {draws}", "choose at least 8 draws, such as 64")
    known = coded_cases(cases)
    if len(known) < 4:
        raise AllegianceError(f"only {len(known)} cases with outcomes", "a case is forecast from at least three others")
    chosen = parameter_set(parameters)
    with Bar() as bar:
        bank = play_bank(known, draws, seed, out / "bank", bar, ranges=ranges)
        if chosen is None:
            board = hindcast(known, bank, holdout)
        else:
            fitted = play_bank(known, draws, seed, out / "bank", bar, parameters, ranges)
            board = score_fitted(known, bank, fitted, chosen.card.get("fitted_to", []))
            holdout = "cases not fitted to"
        bar(1.0, "writing the report")
        facts = [
            ("draws", str(draws)), ("left out", holdout), ("seed", str(seed)), ("parameters", parameters),
            ("case numbers", "drawn within their ranges" if ranges else "as stated"), ("theory", theory_hash()[:12]),
        ]  # fmt: skip
        report = write_score_report(out, board, known, facts)
    for name in ("cases", "comparisons", "folds"):
        with atomic(out / f"{name}.parquet") as temporary:
            getattr(board, name).write_parquet(temporary)
    summary = {**_summary(board, draws, holdout, seed), "parameters": parameters, "ranges": ranges}
    write_json(out / "summary.json", summary)
    written = ("cases.parquet", "comparisons.parquet", "folds.parquet", "summary.json", "report.html")
    write_json(
        out / "manifest.json",
        {
            "theory_sha256": theory_hash(), "versions": versions(), "seed": seed, "draws": draws, "holdout": holdout,
            "ranges": ranges, "parameters": chosen.digest if chosen else parameters,
            "outputs": {name: sha256(out / name) for name in written},
        },
    )  # fmt: skip
    if as_json:
        print_json(summary)
    else:
        _show(board, report)


def _summary(board: Scoreboard, draws: int, holdout: str, seed: int) -> dict[str, Any]:
    from allegiance.inference.scoreboard import coverage

    rows = [{k: _plain(v) for k, v in r.items()} for r in board.cases.drop("probabilities").iter_rows(named=True)]
    comparisons = [{k: _plain(v) for k, v in r.items()} for r in board.comparisons.iter_rows(named=True)]
    hit, of = coverage(board.cases)
    return {
        "draws": draws, "holdout": holdout, "seed": seed, "comparisons": comparisons, "cases": rows,
        "coverage_of_left": {"covered": hit, "cases": of, "level": 0.9},
    }  # fmt: skip


def _plain(value: Any) -> Any:
    return (
        float(f"{value:.6g}")
        if isinstance(value, float) and abs(value) != float("inf")
        else (None if isinstance(value, float) else value)
    )


def _show(board: Scoreboard, report: Path) -> None:
    from rich.box import SIMPLE
    from rich.console import Console
    from rich.table import Table

    from allegiance.inference.scoreboard import coverage

    console = Console(highlight=False)
    table = Table(
        "outcome", "against", "model", "rival", "difference (90 %)", "verdict", box=SIMPLE, padding=(0, 1, 0, 0)
    )
    colours = {"better": "green", "worse": "red"}
    for r in board.comparisons.iter_rows(named=True):
        colour = colours.get(r["verdict"], "dim")
        table.add_row(
            r["outcome"], r["rival"], f"{r['model_score']:.3f}", f"{r['rival_score']:.3f}",
            f"{r['difference']:+.3f} ({r['low']:+.3f} to {r['high']:+.3f})", f"[{colour}]{r['verdict']}[/{colour}]",
        )  # fmt: skip
    console.print(table)
    hit, of = coverage(board.cases)
    console.print(f"The 90 % interval of the share that left meets the coded range in {hit} of {of} left-out cases.")
    console.print(f"report: {report}")
