"""The report of `allegiance sensitivity`: which numbers matter, and so which are worth finding out."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import polars as pl

from allegiance.experiments.outcomes import Outcome
from allegiance.experiments.sensitivity import CHANCE, DUMMY, Sensitivity
from allegiance.report.effects_text import number
from allegiance.report.figures.experiments import importance
from allegiance.report.html import write_page
from allegiance.report.labels import exact, side_name
from allegiance.report.page import Block, Bullets, Cell, Page, Prose, Section, Table


def sensitivity_page(result: Sensitivity) -> Page:
    """The page of a sensitivity analysis."""
    first = result.outcomes[0]
    homework = result.homework(first.key).head(10)
    top = homework["input"][0] if homework.height else "none"
    brief: list[Block] = [_homework(result, first)]
    sections = [Section(f"Outcome: {o.label}", _outcome(result, o)) for o in result.outcomes]
    sections.append(Section("How to read it", [Bullets([
        ("Screening. ", "Morris: μ* is the mean absolute change of the outcome, in its unit, when the number moves"
         " across its range; σ tells how much that depends on the other numbers."),
        ("Indices. ", "Sobol: the share of the outcome's variance that goes with the number alone (S1) and with it and"
         " its interactions (ST), among the numbers that survived screening; the others stay at their central values."),
        ("Dummy and chance. ", "The dummy does nothing and shows what zero looks like; chance only chooses the luck and"
         " shows what noise looks like. A number below them is not worth research."),
    ])]))  # fmt: skip
    return Page(
        title=f"{result.case.title}: which numbers matter?", brief=brief, sections=sections,
        headline=f"Research first: {top}.",
        kicker=f"Allegiance sensitivity · {side_name(result.case, result.side)} ·"
        f" {result.evaluations:,} simulated wars",
        facts=[("seed", str(result.spec.seed)), ("scale", f"{result.spec.scale:g}"), ("days", str(result.spec.days))],
    )  # fmt: skip


def _outcome(result: Sensitivity, outcome: Outcome) -> list[Block]:
    blocks: list[Block] = [Prose([paragraph(result, outcome)])]
    if _rows(result, outcome)["ST"].is_not_null().any():
        blocks.append(importance(_rows(result, outcome), outcome.label.capitalize()))
    return [*blocks, _indices(result, outcome)]


def _rows(result: Sensitivity, outcome: Outcome) -> pl.DataFrame:
    return result.frame.filter(pl.col("outcome") == outcome.key)


def paragraph(result: Sensitivity, outcome: Outcome) -> str:
    """What the indices of one outcome say, with the sum of the first-order ones and the dummy's."""
    rows = _rows(result, outcome).filter(pl.col("ST").is_not_null())
    if not rows.height:
        return "The outcome did not vary among the numbers that survived screening."
    known = {r["input"]: r for r in rows.to_dicts()}
    best = max((r for r in known.values() if r["kind"] in ("theory", "case")), key=lambda r: r["ST"])
    total = sum(r["S1"] for r in known.values())
    return (
        f"{best['input']} matters most: {number(best['S1'])} of the variance alone, {number(best['ST'])} with its"
        f" interactions. Chance: {number(known[CHANCE]['ST'])} in total. Dummy: {number(known[DUMMY]['ST'])}."
        f" First-order indices add up to {number(total)} (1 without interactions)."
    )


def _homework(result: Sensitivity, outcome: Outcome) -> Table:
    rows: list[list[Any]] = []
    for r in result.homework(outcome.key).head(10).iter_rows(named=True):
        rows.append([
            r["input"], r["kind"], exact(r["value"]), f"{exact(r['low'])} to {exact(r['high'])}", _share(r, "ST"),
            r["mu_star"], r["why"],
        ])  # fmt: skip
    columns = ("number", "of", "value", "range", "total index (90 %)", f"μ* ({outcome.unit})", "what it rests on")
    return Table(columns, rows, "Judgement numbers that matter most: what to research first.",
                 note=f"For {outcome.label}. Rest on judgement: no data or study sets them.")  # fmt: skip


def _share(row: dict[str, Any], index: str) -> Cell:
    if row[index] is None:
        return Cell("screened out", -1.0, "muted")
    ends = f"{number(row[f'{index}_low'])} to {number(row[f'{index}_high'])}"
    return Cell(f"{number(row[index])} ({ends})", float(row[index]))


def _indices(result: Sensitivity, outcome: Outcome) -> Table:
    rows: list[list[Any]] = []
    for r in _rows(result, outcome).head(40).iter_rows(named=True):
        rows.append([
            r["input"], r["kind"], r["basis"], r["mu_star"], r["mu_star_conf"], r["sigma"], _share(r, "S1"),
            _share(r, "ST"),
        ])  # fmt: skip
    columns = ("number", "of", "basis", "μ*", "± (90 %)", "σ", "S1 (90 %)", "ST (90 %)")
    return Table(columns, rows, "The forty numbers that matter most.", note="All are in indices.parquet.")


def write_sensitivity_report(folder: Path, result: Sensitivity) -> Path:
    """Write `report.html` into a bundle of `sensitivity`; returns its path.

    Raises:
        AllegianceError: the folder cannot be written.
    """
    return write_page(folder / "report.html", sensitivity_page(result))
