"""The report of a backtest: bars, skill, reliability, and the count of events year by year."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import polars as pl

from allegiance.forecast.backtest import Backtest, rows_of, safe_table
from allegiance.forecast.rolling import FINAL, REFERENCE
from allegiance.forecast.scores import reliability
from allegiance.report.figures.canvas import svg
from allegiance.report.findings import records
from allegiance.report.forecast_figures import by_year, reliability_diagram, skill_bars
from allegiance.report.html import write_page
from allegiance.report.labels import plural
from allegiance.report.page import Block, Bullets, Cell, Figure, Gallery, Page, Section, Stat, Stats, Table
from allegiance.report.verdicts import tone

NOTES = (
    "Rolling origin: every January models are fitted to windows that had closed, then forecast the year's months.",
    "Skill is against the world rate of the last 15 years as known at the time (ex-ante climatology).",
    "Intervals: 95 %, countries drawn with replacement; differences are paired on the same draws.",
    "Settings were chosen on forecasts for years before 2005; how often later years have been scored stands in the "
    "leaderboard (column look).",
    f"What is issued is called {FINAL}: the mean log-odds of the stack and of trees that learned from graded labels "
    "(for mutinies the ridge logit alone), with safe states at their own level.",
)


def backtest_page(
    result: Backtest, bars: pl.DataFrame | None, defection: pl.DataFrame | None, recording: pl.DataFrame | None = None
) -> Page:
    """The page of a backtest."""
    scores = result.scores
    sections = []
    if bars is not None:
        sections.append(Section("Against the bars", [_bars(bars)], "Same rows, same draws; ours is what is issued."))
    for name in scores["outcome"].unique(maintain_order=True):
        sections.append(Section(name.replace("_", " "), _outcome(result, name)))
    if recording is not None:
        lead = "What no newspaper printed is in no list: a low rate may be a fact about soldiers or about editors."
        sections.append(Section("How mutinies are recorded", [_recording(recording)], lead))
    if defection is not None:
        lead = "One campaign-year ahead, whole campaigns left out in turn."
        sections.append(Section("defection in campaigns", [_scores(defection, "defection", "no horizon")], lead))
    sections.append(Section("How it was done", [Bullets(NOTES)]))
    best = _best(scores)
    stats = Stats([
        Stat("forecasts scored", f"{scores['rows'].sum():,}", "rows × models"),
        Stat("models", str(scores["model"].n_unique())),
        Stat("time", f"{result.seconds:.0f} s"),
    ])  # fmt: skip
    return Page("Backtest", best, [stats], sections, "forecasts")


def _recording(recording: pl.DataFrame) -> Table:
    rows = [
        [f"{r['decade']}s", r["press"], r["months"], r["onsets"],
         f"{r['rate']:.2f} ({r['low']:.2f} to {r['high']:.2f})"]
        for r in recording.to_dicts()
    ]  # fmt: skip
    columns = ["decade", "press", "state-months", "onsets", "per 1,000 state-months (95 %)"]
    return Table(columns, rows, "Recorded onsets by decade and third of press freedom")


def _best(scores: pl.DataFrame) -> str:
    ours = scores.filter(pl.col("model") == FINAL)
    if ours.is_empty():
        return "What is issued was not scored."
    better = ours.filter(pl.col("log_against_climatology") == "better").height
    return f"What is issued beats ex-ante climatology on the log score in {better} of {ours.height} tests."


def _bars(bars: pl.DataFrame) -> Table:
    rows: list[list[Any]] = []
    for r in bars.to_dicts():
        paired = f"{r['low']:+.4g} to {r['high']:+.4g}" if r["low"] is not None else ""
        rows.append([
            f"{r['rows_name']}, {r['outcome']} ({r['events']} events)", r["rival"], r["metric"], r["to_beat"],
            _digits(r["rival_here"]), _digits(r["ours"]), paired, Cell(r["verdict"], tone=tone(str(r["verdict"]))),
        ])  # fmt: skip
    columns = ["rows", "rival", "score", "published", "made again", "ours", "difference, 95 %", "verdict"]
    return Table(columns, rows, "Every bar, every score")


def _digits(value: float | None) -> float | None:
    return None if value is None else float(f"{value:.4g}")


def _outcome(result: Backtest, name: str) -> list[Block]:
    rows = result.scores.filter(pl.col("outcome") == name)
    first, last = rows.select("first", "last").row(0)
    blocks: list[Block] = []
    horizons = rows["horizon"].unique(maintain_order=True).to_list()
    blocks.append(_pictures(result, name, (first, last), horizons))
    if result.frame.per_year == 12:
        safe = safe_table(result)
        blocks.append(_safe(safe.filter(pl.col("outcome") == name, pl.col("first") == first, pl.col("last") == last)))
    for (start, end, h), some in rows.group_by("first", "last", "horizon", maintain_order=True):
        blocks.append(_scores(some, name, f"{h} month{'s' * (h != 1)} ahead, {start}–{end}"))
    return blocks


def _safe(safe: pl.DataFrame) -> Table:
    """What is expected of states below one per cent a year, and what happened there."""
    rows: list[list[Any]] = [
        [r["horizon"], r["model"], int(r["rows"]), round(r["expected"], 1), round(r["observed"], 1),
         f"{r['low']:.1f} to {r['high']:.1f}"]
        for r in safe.to_dicts()
    ]  # fmt: skip
    columns = ["months", "model", "state-months", "expected events", "observed", "observed, 95 % by chance"]
    return Table(columns, rows, "States below one per cent a year", "Overlapping windows are counted once.")


def _pictures(result: Backtest, name: str, period: tuple[int, int], horizons: list[int]) -> Gallery:
    curves, forecasts = {}, result.forecasts[name]
    for h in (horizons[0], horizons[-1]):
        mask, y = rows_of(result.frame, name, h, period)
        curves[f"{h} month{'s' * (h != 1)} ahead"] = reliability(y[mask], forecasts.p[h, FINAL][mask])
    first = result.scores.filter(
        (pl.col("outcome") == name) & (pl.col("horizon") == horizons[0]) & (pl.col("first") == period[0])
    )
    mask, y = rows_of(result.frame, name, horizons[0], period)
    year = result.frame.t[mask] // result.frame.per_year
    years = np.arange(period[0], period[1] + 1)
    index = year - period[0]
    total = {m: np.bincount(index, forecasts.p[horizons[0], m][mask], len(years)) for m in (FINAL, REFERENCE)}
    happened = np.bincount(index, y[mask], len(years))
    expected, skills = total[FINAL], first.to_dicts()
    figures = [
        Figure(svg(reliability_diagram(curves), "reliability"), "forecast against frequency",
               records.came_true(float(expected.sum()), float(happened.sum()))),
        Figure(svg(skill_bars(skills), "skill"), "skill by model", records.skill(skills, FINAL),
               f"Skill, {plural(horizons[0], 'month')} ahead."),
        Figure(svg(by_year(years, total, happened), "counts"), "events by year",
               records.per_year(expected, happened, years.tolist())),
    ]
    return Gallery(figures, f"{name.replace('_', ' ')}, {period[0]}–{period[1]}")


def _scores(rows: pl.DataFrame, name: str, when: str) -> Table:
    def shown(r: dict[str, Any], metric: str, scale: float = 1.0) -> Cell:
        value, low, high = (scale * r[metric + end] for end in ("", "_low", "_high"))
        return Cell(f"{value:.4g} [{low:.3g}, {high:.3g}]", value)

    table = [
        [r["model"], shown(r, "auc"), shown(r, "ap"), shown(r, "brier"), shown(r, "log"), shown(r, "log_skill", 100),
         shown(r, "expected_observed"), shown(r, "top_decile_recall"), r["log_against_climatology"]]
        for r in rows.to_dicts()
    ]  # fmt: skip
    columns = ["model", "AUC", "AP", "Brier", "log", "log skill %", "expected/observed", "top tenth", "vs climatology"]
    events, count = rows["events"][0], rows["rows"][0]
    return Table(columns, table, f"{name.replace('_', ' ')}, {when}: {count:,} rows, {events} events")


def write_backtest(
    path: Path, result: Backtest, bars: pl.DataFrame | None, defection: pl.DataFrame | None,
    recording: pl.DataFrame | None = None,
) -> Path:  # fmt: skip
    """Write the page; returns its path.

    Raises:
        AllegianceError: the folder cannot be written.
    """
    return write_page(path, backtest_page(result, bars, defection, recording))
