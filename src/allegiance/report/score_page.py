"""The report of `allegiance score`: forecasts of left-out cases beside baselines, and a picture per case."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl

from allegiance.base.style import BLUE, GREY, RED
from allegiance.inference.bank import CodedCase
from allegiance.inference.coding import LEVELS
from allegiance.inference.scoreboard import MODELS, Scoreboard, coverage
from allegiance.report.figures.canvas import canvas, svg
from allegiance.report.findings import records
from allegiance.report.html import write_page
from allegiance.report.page import Block, Bullets, Cell, Figure, Gallery, Page, Section, Table
from allegiance.report.verdicts import tone

NAMES = {
    "model": "model, with coding error", "prior": "the same, prior parameters", "pool": "model and base rate pooled",
    "raw": "model's own codes", "weighted": "own codes, draws weighted by other cases",
    "base_rate": "base rate of other cases", "logit": "regression on coded conditions",
}  # fmt: skip


def score_page(board: Scoreboard, cases: Sequence[CodedCase], facts: Sequence[tuple[str, str]]) -> Page:
    """The page of a hindcast."""
    hit, of = coverage(board.cases)
    against = board.comparisons.filter(pl.col("rival") == "base_rate")
    words = "; ".join(f"{r['outcome']} {r['verdict']}" for r in against.iter_rows(named=True))
    brief: list[Block] = [
        comparisons(board.comparisons),
        left_figure(board.cases),
        Bullets([
            ("Coverage. ", f"The 90 % interval of the share that left meets the coded range in {hit} of {of} cases."),
            ("Coding error. ", "A code is a reader's level, not the model's: a global layer, fitted to the cases not"
             " scored, stands between the two. The model's own codes are scored beside it."),
            ("What this is. ", "Outcomes were coded by readers who knew the conditions too, and the priors were"
             " set with an eye on the library, so these are hindcasts, not predictions."),
        ]),
    ]  # fmt: skip
    return Page(
        title="Hindcast scoreboard", kicker=f"Allegiance score · {len(cases)} cases",
        headline=f"Against the base rate of other cases: {words}.", brief=brief,
        lead="Each case is forecast from the others and compared with what happened, on the library's own scales.",
        sections=[
            Section("Every case", [_cases(board.cases)]), Section("Pictures", [gallery(board.cases, cases)]),
            Section("What was fitted", [_folds(board.folds)]),
        ],
        facts=facts,
    )  # fmt: skip


def comparisons(frame: pl.DataFrame) -> Table:
    """The model against each rival, with intervals."""
    rows: list[list[Any]] = []
    for r in frame.iter_rows(named=True):
        gap = f"{r['difference']:+.3f} ({r['low']:+.3f} to {r['high']:+.3f})"
        rows.append(
            [
                f"{r['outcome']} against {NAMES[r['rival']]}", r["model_score"], r["rival_score"],
                Cell(gap, r["difference"]), Cell(r["verdict"], r["verdict"], tone(r["verdict"])), r["cases"],
            ]
        )  # fmt: skip
    return Table(
        ["outcome", "model", "rival", "difference (90 %)", "verdict", "cases"], rows,
        "Mean score, lower is better: ranked probability score for ordinal outcomes, CRPS of the log share that left.",
        note="Intervals: paired bootstrap over families of wars. Regression: ordinal logit, Bayesian ridge for shares.",
    )  # fmt: skip


def left_figure(frame: pl.DataFrame) -> Figure:
    """The share that left, case by case: as coded, and as forecast."""
    rows = frame.filter((pl.col("outcome") == "left") & (pl.col("model") == "model")).sort("observed")
    alt = "Share that left or changed sides in each case: coded middle and forecast with 90 % interval"
    with canvas(7.2, 0.2 * len(rows) + 1.3) as (figure, axes):
        y = np.arange(len(rows))
        axes.hlines(y, rows["low"], rows["high"], color=BLUE, alpha=0.5, lw=3, label="forecast, 90 %")
        axes.plot(rows["forecast"], y, "o", color=BLUE, ms=4)
        axes.plot(rows["observed"], y, "D", color=RED, ms=4, label="coded (middle of range)")
        axes.set_xscale("log")
        axes.set_xlim(0.0015, 1.05)
        axes.set_xticks([0.002, 0.01, 0.1, 1.0], ["0.2 %", "1 %", "10 %", "100 %"])
        axes.minorticks_off()
        axes.set_yticks(y, rows["case"], fontsize=7)
        axes.set_ylim(-0.8, len(rows) - 0.2)
        axes.set_xlabel("share of soldiers who left or changed sides (log scale; below 0.2 % not told apart)")
        axes.legend(loc="lower center", bbox_to_anchor=(0.5, 1.0), ncols=2, fontsize=8)
        return Figure(svg(figure, alt), alt, records.left(*coverage(frame)), f"{alt}.")


def _cases(frame: pl.DataFrame) -> Table:
    rows: list[list[Any]] = []
    shown = [m for m in MODELS if m in frame["model"]]
    wide = frame.pivot("model", index=["case", "outcome", "observed"], values="score", aggregate_function="first")
    for r in wide.iter_rows(named=True):
        rows.append([f"{r['case']}: {r['outcome']}", r["observed"], *(r.get(m) for m in shown)])
    return Table(
        ["case and outcome", "coded", *(NAMES[m] for m in shown)], rows, "Scores of every case, lower is better."
    )


def _folds(frame: pl.DataFrame) -> Table:
    words = {
        "slope": "slope of codes on the model's levels (1: as stated)", "spread": "spread of coding error",
        "shift": "shift of the coded share (log units)", "pool": "share of the model in the pool",
    }  # fmt: skip
    rows: list[list[Any]] = []
    for name in frame.columns:
        outcome, _, what = name.partition("_")
        if what in words:
            values = frame[name].to_numpy()
            rows.append([f"{outcome}: {words[what]}", float(np.median(values)), values.min(), values.max()])
    return Table(
        ["fitted to the other cases", "median", "least", "most"],
        rows,
        "Over the left-out cases: what each fold fitted.",
    )


def gallery(frame: pl.DataFrame, cases: Sequence[CodedCase]) -> Gallery:
    """A picture per case of the forecasts of its coded levels."""
    figures = []
    for coded in cases:
        rows = frame.filter((pl.col("case") == coded.case.id) & pl.col("probabilities").is_not_null())
        alt = f"{coded.case.title}: probability of each level of coup, mutiny and refusal, and the level coded"
        with canvas(4.6, 1.5, ncols=3, sharey=True) as (figure, axes):
            for ax, outcome in zip(axes, LEVELS, strict=True):
                _bars(ax, rows.filter(pl.col("outcome") == outcome), outcome)
            figures.append(Figure(svg(figure, alt), alt, records.coded(coded.case.title, _given(rows))))
    return Gallery(
        figures, "Bars: forecast of the case. Line: base rate of other cases. Red: the level coded.", across=3
    )


def _given(rows: pl.DataFrame) -> list[tuple[str, float]]:
    """Each outcome with the probability that the model gave to the level coded."""
    mine = rows.filter(pl.col("model") == "model")
    return [(r["outcome"], float(r["probabilities"][int(r["observed"])])) for r in mine.iter_rows(named=True)]


def _bars(ax: Any, rows: pl.DataFrame, outcome: str) -> None:
    chances = {r["model"]: r["probabilities"] for r in rows.iter_rows(named=True)}
    level = int(rows["observed"][0])
    x = np.arange(len(chances["model"]))
    ax.bar(x, chances["model"], color=[RED if k == level else BLUE for k in x])
    ax.step(x, chances["base_rate"], where="mid", color=GREY, lw=1)
    ax.set_ylim(0, 1)
    ax.set_xticks(x)
    ax.set_title(outcome, fontsize=8)


def write_score_report(
    folder: Path, board: Scoreboard, cases: Sequence[CodedCase], facts: Sequence[tuple[str, str]]
) -> Path:
    """Write `report.html` of a hindcast into `folder` and return its path."""
    return write_page(folder / "report.html", score_page(board, cases, facts))
