"""`allegiance fit`: the theory's parameters fitted to campaigns or state-years, checked and tested elsewhere."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from allegiance.cli.shared import Cluster, Force

if TYPE_CHECKING:
    import polars as pl

    from allegiance.base.owner import Owned
    from allegiance.inference.fit.result import Fit


def register(app: typer.Typer) -> None:
    """Add the verb."""
    app.command("fit")(fit)


def fit(
    study: Annotated[str, typer.Option(help="A study that comes with the package, or a study file.")] = "unarmed",
    out: Annotated[Path, typer.Option(help="Folder for the posterior, its checks and the report.")] = Path("runs/fit"),
    file: Annotated[
        Path | None, typer.Option(help="A table of campaigns of your own, CSV in NAVCO's columns (docs/campaigns.md).")
    ] = None,
    plays: Annotated[
        Path | None, typer.Option(help="Folder in which plays are kept and found, for several studies of one design.")
    ] = None,
    workers: Annotated[int | None, typer.Option(help="Processes; all cores if not given.")] = None,
    cluster: Cluster = None,
    folder: Annotated[Path | None, typer.Option("--data", help="Folder of standardised tables.")] = None,
    leaderboard: Annotated[
        Path | None, typer.Option(help="Where looks at the test are counted; OUT/leaderboard.jsonl if not given.")
    ] = None,
    record: Annotated[
        Path | None, typer.Option(help="Also keep what was found in this file, beside other studies (docs/fit.json).")
    ] = None,
    force: Force = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print summary.json and nothing else on stdout.")] = False,
) -> None:
    """Fit the theory's parameters to what happened: play, emulate, sample, check, test. Interrupted, it goes on.

    Points of (parameters, campaign) that fill the anchored priors are played; an emulator learns the log-odds that
    loyalty shifts; the posterior of all parameters and of how coders err is sampled; synthetic worlds say whether it
    can be trusted, plays with fresh luck whether it predicts; and it is scored on later campaigns. docs/fit.md tells
    of `--study unarmed`. `--study state-years` fits to mutinies and coup attempts by state and year up to 1999, with
    how many mutinies are recorded, by press freedom and decade; its test years are not touched. Afterwards:
    allegiance run CASE --parameters OUT/parameters.json.
    """
    from allegiance.base.files import read_json
    from allegiance.base.owner import PARTS
    from allegiance.cli.screen import print_json
    from allegiance.cli.shared import working
    from allegiance.inference.fit.fitting import fit as fitted
    from allegiance.inference.fit.fitting import ground_of
    from allegiance.inference.fit.plays import store
    from allegiance.inference.fit.records import SUMMARY, keep_record
    from allegiance.inference.fit.study import YearsStudy, load_study
    from allegiance.runs.cluster import joined
    from allegiance.runs.spec import RunSpec

    chosen = load_study(study)
    if isinstance(chosen, YearsStudy):
        from allegiance.cli.fit_years import Asked, fit_state_years, only_campaigns

        only_campaigns(study, file, leaderboard)
        fit_state_years(study, chosen, Asked(out, plays, workers, cluster, folder, record, force, as_json))
        return
    ground = ground_of(chosen, folder, file)
    wanted = {"study": chosen.identity(), **ground.identity()}
    with working(out, "fit", wanted, force) as (held, bar), joined(cluster):
        if held.finished([SUMMARY]) is None:
            kept = store(plays or held.out / PARTS / "plays")
            found = fitted(chosen, ground, kept, workers or RunSpec().threads, bar)
            _publish(held, found, leaderboard or out / "leaderboard.jsonl")
        summary = read_json(out / SUMMARY, "give the same command with --force")
    if record is not None:
        keep_record(record, study, summary)
    if as_json:
        print_json(summary)
    else:
        _show(summary, out)


def _publish(held: Owned, found: Fit, board: Path) -> None:
    """Score the fit, count the look at its test, write tables, parameter set, posterior, summary, report, manifest."""
    import polars as pl

    from allegiance.base.files import write_json
    from allegiance.cli.fit_out import write_fit
    from allegiance.forecast.fit_score import score_fit
    from allegiance.forecast.leaderboard import append, looked
    from allegiance.inference.fit.coders import UNKNOWN
    from allegiance.inference.fit.records import SUMMARY
    from allegiance.report.fit_page import summary_of, write_fit_report
    from allegiance.runs.bundle import versions

    scores, compared, digest = score_fit(found.campaigns)
    look = looked(board, digest) + 1
    mark = [pl.lit(digest).alias("rows_sha256"), pl.lit(look).alias("look_at_rows")]
    scores, compared = scores.with_columns(mark), compared.with_columns(mark)
    append(board, {"fit scores": scores, "fit comparisons": compared}, {"rows": digest})
    names = write_fit(held.out, _tables(found, scores, compared), found.result, found.posterior, UNKNOWN)
    summary = summary_of(found, scores, compared, look)
    write_json(held.out / SUMMARY, summary)
    write_fit_report(held.out, summary)
    held.publish([*names, SUMMARY, "report.html"], formulas=found.result.formulas, versions=versions(),
                 seed=found.study.seed, study=found.study.identity())  # fmt: skip


def _tables(found: Fit, scores: pl.DataFrame, compared: pl.DataFrame) -> dict[str, pl.DataFrame]:
    return {
        "parameters": found.parameters, "combinations": found.combinations, "observers": found.observers,
        "decades": found.decades, "campaigns": found.campaigns, "groups": found.groups,
        "coverage": found.recovered.coverage, "scores": scores, "comparisons": compared,
    }  # fmt: skip


def _show(summary: dict[str, Any], out: Path) -> None:
    from allegiance.cli.fit_out import show_fit
    from allegiance.report.fit_page import compared_rows, emulator_rows, informed_rows

    show_fit(summary, out, (emulator_rows(summary), informed_rows(summary, 12), compared_rows(summary)))
