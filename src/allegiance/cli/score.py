"""`allegiance score`: forecast coded cases from other cases, beside baselines."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from allegiance.cli.shared import Cluster, Force, working

if TYPE_CHECKING:
    from allegiance.base.owner import Owned
    from allegiance.cli.screen import Bar
    from allegiance.inference.bank import CodedCase
    from allegiance.inference.hindcast import Settings
    from allegiance.inference.layer import Layer
    from allegiance.inference.scoreboard import Scoreboard

HELP = """Hindcast scoreboard: each case with coded outcomes is forecast from other cases and scored beside baselines.

[bold]Examples[/bold]

  allegiance score                        the whole library, leaving one case out at a time

  allegiance score --holdout family       leaving out whole families: the uprisings of 2011, the wars for Ukraine

  allegiance score --parameters posterior the fitted parameters, compared on the cases they were not fitted to

  allegiance score --campaigns DIR        played campaigns (allegiance campaigns) against how coders saw them, beside
                                          rivals on the same rows; --learned-from OTHER scores them without any fit

  allegiance score --world DIR            played state-years (allegiance world --years 1950-2018): fitted to 1999,
                                          tested on 2000 to 2018; every look at the test years is counted

  allegiance score --by-rule              the library's armies drafted from data, beside those made by hand: what
                                          is left of a score where nobody knew the end

  allegiance score --cases my-cases       your own cases (case.yaml and observed.yaml in each folder), one or more,
                                          with what was fitted to the library

The model's forecast passes through a global coding error fitted to other cases; its own codes are scored beside it.
The fit to all cases of the library is written as layer.json; own cases use the one that comes with the package.

Scores: ranked probability score for coup, mutiny and refusal; CRPS of the log share that left. Lower is better.
"""


def register(app: typer.Typer) -> None:
    """Add the `score` verb."""
    app.command("score", help=HELP)(score)


def score(
    cases: Annotated[Path | None, typer.Option(help="Folder of your own cases, or of one; else the library.")] = None,
    layer: Annotated[
        Path | None, typer.Option(help="A layer.json for your cases; the one fitted to the library if not given.")
    ] = None,
    refit: Annotated[
        bool, typer.Option("--refit", help="Forecast each of your cases from the others of the folder: 4 or more.")
    ] = False,
    draws: Annotated[int, typer.Option(help="Draws of the theory's parameters; each is played twice.")] = 48,
    holdout: Annotated[str, typer.Option(help="What is left out at a time: case or family.")] = "case",
    seed: Annotated[int, typer.Option(help="Random seed; the same seed gives the same results.")] = 0,
    parameters: Annotated[str, typer.Option(help="prior, posterior, or a file of fitted parameters.")] = "prior",
    ranges: Annotated[
        bool, typer.Option(help="Draw each case's own numbers within their ranges, or keep the stated values.")
    ] = True,
    out: Annotated[
        Path | None, typer.Option(help="Folder for scores, report and simulations; runs/score or runs/score-own.")
    ] = None,
    campaigns: Annotated[
        Path | None, typer.Option(help="Score played campaigns instead: a folder of `allegiance campaigns`.")
    ] = None,
    learned_from: Annotated[
        Path | None, typer.Option(help="With --campaigns: learn rivals from these campaigns and fit nothing else.")
    ] = None,
    leaderboard: Annotated[
        Path | None, typer.Option(help="With those: leaderboard to add to; leaderboard.jsonl in --out.")
    ] = None,
    world: Annotated[
        Path | None, typer.Option(help="Score played state-years instead: a folder of `allegiance world --years`.")
    ] = None,
    folder: Annotated[
        Path | None, typer.Option("--data", help="With --world and --by-rule: folder of standardised tables.")
    ] = None,
    by_rule: Annotated[
        bool, typer.Option("--by-rule", help="Score the library's armies drafted from data beside those made by hand.")
    ] = False,
    record: Annotated[
        Path | None, typer.Option(help="Also keep the library's scores in this file (docs/scoreboard.json).")
    ] = None,
    cluster: Cluster = None,
    force: Force = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print summary.json and nothing else on stdout.")] = False,
) -> None:
    from allegiance.cli import hindsight, score_sets
    from allegiance.cli.screen import print_json
    from allegiance.inference.bank import coded_cases
    from allegiance.inference.hindcast import Settings
    from allegiance.runs.cluster import joined

    if by_rule:
        given = {"cases": cases, "layer": layer, "refit": refit, "campaigns": campaigns, "world": world}
        hindsight.consistent(**given, learned_from=learned_from, parameters=parameters != "prior")
        with joined(cluster):
            how = Settings(draws, seed, parameters, ranges, holdout)
            hindsight.score_by_rule(how, out, folder, record, force, as_json)
        return
    if campaigns is not None or world is not None or learned_from is not None:
        score_sets.consistent(campaigns, world, learned_from, cases)
        score_sets.score_played(campaigns, learned_from, world, folder, out, leaderboard, force, as_json)
        return
    own = cases is not None and not refit
    _consistent(cases, layer, refit, holdout, record)
    how = Settings(draws, seed, parameters, ranges, holdout)
    target = out or Path("runs") / ("score-own" if own else "score")
    known = coded_cases(cases)
    with working(target, "score", _wanted(known, cases, layer, refit, how), force) as (held, bar), joined(cluster):
        if own and cases:
            summary, board = _own(known, cases, layer, how, held, bar)
        else:
            summary, board = _refitted(known, how, held, bar)
        if record:
            _keep(record, known, how, held, summary)
    if as_json:
        print_json(summary)
        return
    if own:
        _show_lines(board, known)
    if len(board.comparisons):
        _show_comparisons(board)
    _say(summary, target)


def _consistent(
    cases: Path | None, layer: Path | None, refit: bool, holdout: str, record: Path | None = None
) -> None:  # fmt: skip
    """Options that exclude each other.

    Raises:
        AllegianceError: they were given together.
    """
    from allegiance.base.errors import AllegianceError

    if cases is None and (refit or layer):
        raise AllegianceError(
            f"{'--refit' if refit else '--layer'} goes with your own cases",
            "add --cases DIR; the library is always refitted",
        )
    if refit and layer:
        raise AllegianceError("--refit and --layer exclude each other", "leave one out")
    if record and cases is not None:
        raise AllegianceError("--record is of the library's scores", "leave out --record, or --cases")
    if cases is not None and not refit and holdout != "case":
        raise AllegianceError(f"--holdout {holdout} needs a fit to your cases", "add --refit, or leave it out")


def _wanted(
    known: Sequence[CodedCase], cases: Path | None, layer: Path | None, refit: bool, how: Settings
) -> dict[str, Any]:
    """All that the scores are a function of."""
    from allegiance.base.files import read_regular, sha256_bytes, sha256_text, to_json
    from allegiance.cases.paths import case_hash

    coded = {c.case.id: [case_hash(c.case), c.observed.model_dump(mode="json")] for c in known}
    return {
        "cases_sha256": sha256_text(to_json(coded)), "of": "the library" if cases is None else "own cases",
        "refit": refit, "layer_sha256": sha256_bytes(read_regular(layer)) if layer else "", "draws": how.draws,
        "seed": how.seed, "parameters": how.digest, "ranges": how.ranges, "holdout": how.holdout,
    }  # fmt: skip


Found = tuple[dict[str, Any], "Scoreboard"]


def _refitted(known: Sequence[CodedCase], how: Settings, held: Owned, bar: Bar) -> Found:
    """The library, or a folder with --refit: a fit for each case left out."""
    from allegiance.inference.hindcast import refit
    from allegiance.report.score_page import write_score_report

    left_out = "cases not fitted to" if how.fitted else how.holdout
    board, layer, gate = refit(known, how, held.out / "bank", bar)
    bar(1.0, "writing the report")
    write_score_report(held.out, board, known, _facts(how, ("left out", left_out)))
    said = [r["degenerate"] for r in gate if r["degenerate"]] or [
        "Gate: every outcome happens in some simulated wars of some cases, and none in all."
    ]
    more = {"gate": gate, "notes": said}
    return _write(held, board, layer, how, _summary(board, how, left_out) | more), board


def _keep(record: Path, known: Sequence[CodedCase], how: Settings, held: Owned, summary: dict[str, Any]) -> None:
    """Add the scores to a record for the documentation."""
    from allegiance.inference.bank import play_bank
    from allegiance.report.scoreboard_docs import keep_record

    bank = play_bank(known, how.draws, how.seed, held.out / "bank", None, how.parameters, how.ranges)
    keep_record(record, summary, bank)


def _own(known: Sequence[CodedCase], cases: Path, path: Path | None, how: Settings, held: Owned, bar: Bar) -> Found:
    """Own cases, by a layer that was fitted before."""
    from allegiance.inference.bank import case_files
    from allegiance.inference.hindcast import by_layer
    from allegiance.inference.layer import load_layer
    from allegiance.inference.own import notes
    from allegiance.report.own_page import write_own_report

    layer = load_layer(path)
    bare = [f.parent.name for f in case_files(cases) if not f.with_name("observed.yaml").exists()]
    board = by_layer(known, layer, how, held.out / "bank", bar)
    bar(1.0, "writing the report")
    said = notes(board, layer) + ([f"Not scored, without observed.yaml: {', '.join(bare)}."] if bare else [])
    write_own_report(held.out, board, known, layer, said, _facts(how, ("layer", _source(layer))))
    seen = {r["case"]: r["seen"] for r in board.folds.filter(~board.folds["held_out"]).iter_rows(named=True)}
    more = {"notes": said, "not_held_out": seen, "layer": layer.card.model_dump(mode="json")}
    return _write(held, board, layer, how, _summary(board, how, "layer") | more), board


def _source(layer: Layer) -> str:
    return f"fitted to {len(layer.card.cases)} cases, {layer.card.draws} draws, version {layer.card.package}"


def _facts(how: Settings, fit: tuple[str, str]) -> list[tuple[str, str]]:
    from allegiance.theory.stamp import theory_hash

    return [
        ("draws", str(how.draws)), fit, ("seed", str(how.seed)), ("parameters", how.parameters),
        ("case numbers", "drawn within their ranges" if how.ranges else "as stated"), ("theory", theory_hash()[:12]),
    ]  # fmt: skip


def _write(held: Owned, board: Scoreboard, layer: Layer, how: Settings, summary: dict[str, Any]) -> dict[str, Any]:
    """Write tables, layer, summary and manifest; returns the summary."""
    from allegiance.base.files import write_json
    from allegiance.base.tables import write_table
    from allegiance.runs.bundle import versions
    from allegiance.theory.stamp import theory_hash

    for name in ("cases", "comparisons", "folds"):
        write_table(held.out / f"{name}.parquet", getattr(board, name))
    layer.write(held.out / "layer.json")
    write_json(held.out / "summary.json", summary)
    held.publish(
        ["cases.parquet", "comparisons.parquet", "folds.parquet", "layer.json", "summary.json", "report.html"],
        theory_sha256=theory_hash(), versions=versions(), seed=how.seed, draws=how.draws, holdout=summary["holdout"],
        ranges=how.ranges, parameters=how.digest,
    )  # fmt: skip
    return summary


def _summary(board: Scoreboard, how: Settings, left_out: str) -> dict[str, Any]:
    from allegiance.inference.scoreboard import coverage

    hit, of = coverage(board.cases.filter("held_out") if "held_out" in board.cases.columns else board.cases)
    return {
        "draws": how.draws, "holdout": left_out, "seed": how.seed, "parameters": how.parameters, "ranges": how.ranges,
        "comparisons": [{k: _plain(v) for k, v in r.items()} for r in board.comparisons.iter_rows(named=True)],
        "cases": [{k: _plain(v) for k, v in r.items()} for r in board.cases.iter_rows(named=True)],
        "coverage_of_left": {"covered": hit, "cases": of, "level": 0.9},
    }  # fmt: skip


def _plain(value: Any) -> Any:
    if isinstance(value, list):
        return [_plain(v) for v in value]
    if isinstance(value, float):
        return float(f"{value:.6g}") if abs(value) != float("inf") else None
    return value


def _show_comparisons(board: Scoreboard) -> None:
    from rich.box import SIMPLE
    from rich.table import Table

    from allegiance.cli.screen import judged, screen

    table = Table(
        "outcome", "against", "model", "rival", "difference (90 %)", "verdict", box=SIMPLE, padding=(0, 1, 0, 0)
    )
    for r in board.comparisons.iter_rows(named=True):
        table.add_row(
            r["outcome"], r["rival"], f"{r['model_score']:.3f}", f"{r['rival_score']:.3f}",
            f"{r['difference']:+.3f} ({r['low']:+.3f} to {r['high']:+.3f})", judged(r["verdict"]),
        )  # fmt: skip
    screen().print(table)


def _show_lines(board: Scoreboard, known: Sequence[CodedCase]) -> None:
    from rich.box import SIMPLE
    from rich.table import Table

    from allegiance.cli.screen import screen
    from allegiance.report.own_page import lines

    head = ("outcome", "coded", "forecast", "meets", "score", "rate", "regr.", "own")
    console = screen()
    for case in known:
        table = Table(
            *head, title=case.case.id, title_justify="left", box=SIMPLE, padding=(0, 1, 0, 0), show_edge=False
        )
        for line in lines(board, [case]):
            meets = "" if line.meets is None else "yes" if line.meets else "no"
            table.add_row(line.outcome, line.coded, line.forecast, meets, *(f"{s:.3f}" for s in line.scores))
        console.print(table, "")
    console.print(
        "forecast: chance of each level, or the share that left with its 90 % interval; meets: the interval meets the"
        " coded range; score, then the scores of the base rate, the regression and the model's own codes"
    )


def _say(summary: dict[str, Any], out: Path) -> None:
    from allegiance.cli.screen import say

    found = summary["coverage_of_left"]
    if found["cases"]:
        hit = f"{found['covered']} of {found['cases']} held-out {'case' if found['cases'] == 1 else 'cases'}"
        say(f"The 90 % interval of the share that left meets the coded range in {hit}.")
    for note in summary.get("notes", ()):
        say(note)
    say(f"layer: {out / 'layer.json'}\nreport: {out / 'report.html'}")
