"""`allegiance backtest`: every forecast model against climatology and the bars, decade after decade."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from allegiance.cli.forecast import Folder
from allegiance.cli.shared import Force, working

if TYPE_CHECKING:
    from polars import DataFrame

    from allegiance.forecast.backtest import Backtest


def register(app: typer.Typer) -> None:
    """Add the verb."""
    app.command("backtest")(backtest)


def backtest(
    outcome: Annotated[list[str] | None, typer.Option(help="Outcomes, defection among them (default: all).")] = None,
    horizon: Annotated[list[int] | None, typer.Option(help="Months ahead (default: 1, 3, 6 and 12).")] = None,
    first: Annotated[int | None, typer.Option("--from", help="First year to score (default: 1980).")] = None,
    last: Annotated[int | None, typer.Option("--to", help="Last year to score (default: 2019).")] = None,
    out: Annotated[Path, typer.Option(help="Folder for tables, report and leaderboard.")] = Path("backtest"),
    leaderboard: Annotated[
        Path | None, typer.Option(help="Leaderboard to add this run to (default: leaderboard.jsonl in --out).")
    ] = None,
    force: Force = False,
    folder: Folder = None,
) -> None:
    """Score all models with a rolling origin and write scores, bars, a report, and a line in the leaderboard."""
    from allegiance.base.errors import AllegianceError
    from allegiance.base.tables import write_csv
    from allegiance.cli.screen import say
    from allegiance.evidence.folder import data_dir
    from allegiance.forecast.backtest import backtest as run
    from allegiance.forecast.backtest import safe_table
    from allegiance.forecast.defection import score_defection
    from allegiance.forecast.definitions import OUTCOMES
    from allegiance.forecast.leaderboard import append
    from allegiance.forecast.models.frame import make_frame
    from allegiance.forecast.prepare import month_panel
    from allegiance.forecast.recording import recorded
    from allegiance.report.forecast_backtest import write_backtest

    data = data_dir(folder)
    chosen = list(dict.fromkeys(outcome or [*OUTCOMES, "defection"]))
    countries = [name for name in chosen if name != "defection"]
    if (first is None) != (last is None):
        raise AllegianceError("--from and --to go together", "give both or neither")
    years = (first, last) if first is not None and last is not None else None
    horizons = horizon or [1, 3, 6, 12]
    panel, hashes = month_panel(data) if countries else (None, {})
    wanted = {"outcomes": chosen, "horizons": horizons, "years": years, "tables": hashes, "data": str(data.resolve())}
    board = leaderboard or out / "leaderboard.jsonl"
    here = [] if leaderboard else [board.name]
    with working(out, "backtest", wanted, force) as (held, _):
        defection = score_defection(data) if "defection" in chosen else None
        tables = {} if defection is None else {"defection": defection}
        if panel is None:
            key = append(board, tables, {})
            held.publish(here)
            _show_scores(defection)
            say(f"run {key} added to {board}")
            return
        result = run(make_frame(panel), countries, horizons, years, lambda text: say(text, err=True))
        bars = None
        if years is None and "coup_attempt" in countries and {1, 12} <= set(horizons):
            bars = _bars(result, data, countries)
        if "mutiny" in countries:
            tables["recording"] = recorded(panel, data)
        tables |= {"scores": result.scores, "safe": safe_table(result)} | ({"bars": bars} if bars is not None else {})
        for name, table in tables.items():
            write_csv(out / f"{name}.csv", table)
        page = write_backtest(out / "report.html", result, bars, defection, tables.get("recording"))
        key = append(board, tables, hashes)
        held.publish([*(f"{name}.csv" for name in tables), "report.html", *here])
    _show_scores(result.scores)
    _show_scores(defection)
    _show_bars(bars)
    say(f"{result.seconds:.0f} s; tables and {page}; run {key} added to {board}")


def _bars(result: Backtest, data: Path, countries: list[str]) -> DataFrame:
    from allegiance.cli.screen import say
    from allegiance.forecast.backtest import forecast_all
    from allegiance.forecast.bars import bars
    from allegiance.forecast.models.frame import make_frame
    from allegiance.forecast.panel import build_panel

    coups = [name for name in countries if name.startswith("coup_")]
    yearly = make_frame(build_panel(data, "year"), per_year=1)
    tell = lambda text: say(f"by year: {text}", err=True)  # noqa: E731
    by_year = forecast_all(yearly, dict.fromkeys(coups, ((1980, 2019),)), (1,), tell)
    return bars((result.frame, result.forecasts), (yearly, by_year), data)


def _show_scores(scores: DataFrame | None) -> None:
    from rich.table import Table

    from allegiance.cli.screen import screen

    if scores is None:
        return
    shown = Table("what", "model", "AUC", "AP", "Brier", "log", "log skill %", "exp/obs", "top 10 %", "vs climatology")
    for r in scores.to_dicts():
        when = f" {r['horizon']}m {r['first']}–{r['last']}" if "horizon" in r else ""
        shown.add_row(
            f"{r['outcome']}{when} ({r['events']})", r["model"],
            f"{r['auc']:.3f} [{r['auc_low']:.3f}, {r['auc_high']:.3f}]", f"{r['ap']:.4f}", f"{r['brier']:.6f}",
            f"{r['log']:.5f}",
            f"{100 * r['log_skill']:.1f} [{100 * r['log_skill_low']:.1f}, {100 * r['log_skill_high']:.1f}]",
            f"{r['expected_observed']:.2f}", f"{100 * r['top_decile_recall']:.0f} %", r["log_against_climatology"],
        )  # fmt: skip
    screen(width=170).print(shown)


def _show_bars(bars: DataFrame | None) -> None:
    from rich.table import Table

    from allegiance.cli.screen import screen

    if bars is None:
        return

    def digits(value: float | None) -> str:
        return "" if value is None else f"{value:.4g}"

    shown = Table("rows", "rival", "score", "published", "made again", "ours", "difference, 95 %", "verdict")
    for r in bars.to_dicts():
        between = f"{r['low']:+.3g} to {r['high']:+.3g}" if r["low"] is not None else ""
        shown.add_row(
            f"{r['rows_name']} {r['outcome']} ({r['events']})", r["rival"], r["metric"], digits(r["to_beat"]),
            digits(r["rival_here"]), digits(r["ours"]), between, r["verdict"],
        )  # fmt: skip
    screen(width=170).print(shown)
