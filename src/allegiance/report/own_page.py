"""The report of `allegiance score --cases`: own cases, one by one, beside what the library would have said."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import polars as pl

from allegiance.inference.bank import CodedCase
from allegiance.inference.coding import LEVELS
from allegiance.inference.layer import Layer
from allegiance.inference.scoreboard import Scoreboard, coverage
from allegiance.report.html import write_page
from allegiance.report.labels import percent
from allegiance.report.page import Block, Bullets, Cell, Notice, Page, Section, Table
from allegiance.report.score_page import comparisons, gallery, left_figure

RIVALS = ("base_rate", "logit", "raw")
"""Beside the model, in the order of the columns."""


@dataclass(frozen=True)
class Line:
    """One outcome of one case in words; `scores` are the model's, then those of RIVALS. `meets`: for shares only."""

    case: str
    outcome: str
    coded: str
    forecast: str
    scores: tuple[float, ...]
    meets: bool | None


def lines(board: Scoreboard, cases: Sequence[CodedCase]) -> list[Line]:
    """Every outcome of every case: what was coded, what was forecast, and the scores."""
    found = []
    for coded in cases:
        for outcome in (*LEVELS, "left"):
            rows = board.cases.filter((pl.col("case") == coded.case.id) & (pl.col("outcome") == outcome))
            by = {r["model"]: r for r in rows.iter_rows(named=True)}
            own = by["model"]
            if outcome == "left":
                code = " to ".join(percent(x) for x in coded.observed.left)
                words = f"{percent(own['forecast'])} ({percent(own['low'])} to {percent(own['high'])})"
            else:
                code = str(getattr(coded.observed, outcome))
                words = " · ".join(f"{100 * p:.0f}" for p in own["probabilities"]) + " %"
            scores = tuple(float(by[name]["score"]) for name in ("model", *RIVALS))
            found.append(Line(coded.case.id, outcome, code, words, scores, own["covered"]))
    return found


def own_page(
    board: Scoreboard, cases: Sequence[CodedCase], layer: Layer, notes: Sequence[str], facts: Sequence[tuple[str, str]]
) -> Page:
    """The page of own cases scored by a layer that was fitted before."""
    count = f"{len(cases)} {'case' if len(cases) == 1 else 'cases'}"
    hit, of = coverage(board.cases.filter("held_out"))
    words = f"The 90 % interval of the share that left meets the coded range in {hit} of {of} held-out cases."
    brief: list[Block] = [Notice(list(notes), title="Before reading the scores"), _lines(lines(board, cases))]
    if len(board.comparisons):
        brief.append(comparisons(board.comparisons))
    brief += [
        left_figure(board.cases),
        Bullets([
            ("Coding error. ", "A code is a reader's level, not the model's: a layer, fitted to other cases before and"
             " not anew to these, stands between the two. The model's own codes are scored beside it."),
            ("Baselines. ", "Base rate and regression on six coded conditions rest on the codes of the library's cases,"
             " without those of the same war."),
            ("What this is. ", "Who codes outcomes and conditions knows how the war went on, so a good score shows less"
             " than a forecast made before."),
        ]),
    ]  # fmt: skip
    return Page(
        title="Own cases scored", kicker=f"Allegiance score · {count}",
        headline=words if of else "No case here is held out: read the scores as a fit, not as a forecast.",
        lead="Each case is forecast with what was fitted to other cases, and compared with what happened in it.",
        brief=brief,
        sections=[Section("Pictures", [gallery(board.cases, cases)]), Section("The layer", [_layer(layer)])],
        facts=facts,
    )  # fmt: skip


def _lines(found: Sequence[Line]) -> Table:
    rows: list[list[Any]] = []
    for line in found:
        meets = "–" if line.meets is None else "yes" if line.meets else "no"
        rows.append(
            [
                f"{line.case}: {line.outcome}", Cell(line.coded), Cell(line.forecast),
                *(round(s, 3) for s in line.scores),
                Cell(meets, meets, "bad" if line.meets is False else ""),
            ]
        )  # fmt: skip
    return Table(
        ["case and outcome", "coded", "forecast", "score", "base rate", "regression", "own codes", "interval meets it"],
        rows, "Case by case: what was coded, what was forecast, and the scores. Lower is better.",
        note="Forecast: chance of levels 0, 1, 2 and so on; for left, the share with its 90 % interval. Scores: ranked"
        " probability score for levels, CRPS of the log share that left or changed sides.",
    )  # fmt: skip


def _layer(layer: Layer) -> Table:
    rows: list[list[Any]] = [
        [outcome, e.slope, e.spread, None, ", ".join(f"{c:.2f}" for c in e.cuts)]
        for outcome, e in layer.ordinal.items()
    ]
    rows.append(["left", layer.share.slope, layer.share.error, layer.share.shift, "–"])
    return Table(
        ["outcome", "slope", "spread", "shift", "cuts"], rows,
        "What was fitted before, the same for every case. Slope 1, spread 0.35 and cuts halfway: as stated.",
        note=f"Fitted to: {', '.join(layer.card.cases)}.",
    )  # fmt: skip


def write_own_report(
    folder: Path, board: Scoreboard, cases: Sequence[CodedCase], layer: Layer, notes: Sequence[str],
    facts: Sequence[tuple[str, str]],
) -> Path:  # fmt: skip
    """Write `report.html` of own cases into `folder` and return its path."""
    return write_page(folder / "report.html", own_page(board, cases, layer, notes, facts))
