"""The report of `allegiance sensitivity`: which numbers matter, and so which are worth finding out."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import polars as pl

from allegiance.experiments.indices import WIDEST
from allegiance.experiments.outcomes import Outcome
from allegiance.experiments.sensitivity import CHANCE, DUMMY, Sensitivity
from allegiance.report.effects_text import number
from allegiance.report.figures.experiments import importance
from allegiance.report.findings import trials
from allegiance.report.html import write_page
from allegiance.report.labels import exact, side_name
from allegiance.report.page import Block, Bullets, Cell, Page, Prose, Section, Table


def sensitivity_page(result: Sensitivity) -> Page:
    """The page of a sensitivity analysis."""
    first = result.outcomes[0]
    brief: list[Block] = [_homework(result, first)] if result.homework(first.key).height else []
    sections = [Section(f"Outcome: {o.label}", _outcome(result, o)) for o in result.outcomes]
    sections.append(Section("How to read it", [Bullets([
        ("Outcome. ", "Its mean over a few wars, each with its own random draws, the same at all points, so that what"
         " differs between points is due to the numbers."),
        ("Screening. ", "Morris: μ* is the mean absolute change of the outcome, in its unit, when the number moves"
         " across its range; σ tells how much that depends on the other numbers."),
        ("Indices. ", "Sobol: the share of the outcome's variance that goes with the number alone (S1) and with it and"
         " its interactions (ST), among the numbers that survived screening; the others stay at their central values."
         " Estimates of small shares may fall below zero by error of sampling."),
        ("Dummy and chance. ", "The dummy does nothing and shows what zero looks like. Chance is the share of a single"
         " war's variance that wars of the same numbers do not have in common: what no research can remove."),
        ("Enough to rank. ", f"A sample ranks the numbers of an outcome if no total index, nor the sum of the"
         f" first-order ones, has an interval wider than ±{WIDEST:g} of the variance."),
    ])]))  # fmt: skip
    return Page(
        title=f"{result.case.title}: which numbers matter?", brief=brief, sections=sections,
        headline=headline(result),
        kicker=f"Allegiance sensitivity · {side_name(result.case, result.side)} ·"
        f" {result.evaluations:,} simulated wars",
        facts=[("seed", str(result.spec.seed)), ("scale", f"{result.spec.scale:g}"), ("days", str(result.spec.days))],
    )  # fmt: skip


def _outcome(result: Sensitivity, outcome: Outcome) -> list[Block]:
    blocks: list[Block] = [Prose([paragraph(result, outcome)])]
    rows = _rows(result, outcome)
    if rows["ST"].is_not_null().any():
        title = trials.drives(outcome.label.capitalize(), rows, result.ranks(outcome.key))
        blocks.append(importance(rows, title))
    return [*blocks, *([_indices(result, outcome)] if result.varied(outcome.key) else [])]


def _rows(result: Sensitivity, outcome: Outcome) -> pl.DataFrame:
    return result.frame.filter(pl.col("outcome") == outcome.key)


def headline(result: Sensitivity) -> str:
    """What to research first, and whether the sample can tell."""
    first = result.outcomes[0]
    rows = result.homework(first.key)
    if not result.varied(first.key):
        return f"Nothing to rank: {first.label} was the same in every simulated war."
    if rows.is_empty():
        return f"No number that rests on judgement moved {first.label}."
    top = rows["input"][0]
    if result.ranks(first.key):
        return f"Research first: {top}."
    return f"Too few samples to rank by share of variance; by the screening, research first: {top}."


def paragraph(result: Sensitivity, outcome: Outcome) -> str:
    """What the indices of one outcome say, with the sum of the first-order ones, luck and the dummy."""
    rows = _rows(result, outcome).filter(pl.col("ST").is_not_null() & (pl.col("kind") != CHANCE))
    if not result.varied(outcome.key):
        return "The outcome was the same in every simulated war: no number can be said to matter for it, nor not to."
    if not rows.height:
        return "The outcome did not vary among the numbers that survived screening: it ranks nothing."
    known = {r["input"]: r for r in rows.to_dicts()}
    best = max((r for r in known.values() if r["kind"] in ("theory", "case")), key=lambda r: r["ST"])
    total = result.sums.filter(pl.col("outcome") == outcome.key).to_dicts()[0]
    most = "matters most" if total["ranks"] else "seems to matter most"
    return (
        f"{best['input']} {most}: {between(best, 'S1')} of the variance alone, {between(best, 'ST')} with its"
        f" interactions. First-order indices add up to {number(total['first_order'])}"
        f" ({number(total['low'])} to {number(total['high'])}; 1 without interactions)."
        f" Dummy: {number(known[DUMMY]['ST'])}.{_luck(result, outcome)}{_enough(total)}"
    )


def between(row: dict[str, Any], index: str) -> str:
    """An index with its interval."""
    return f"{number(row[index])} ({number(row[f'{index}_low'])} to {number(row[f'{index}_high'])})"


def _luck(result: Sensitivity, outcome: Outcome) -> str:
    (row,) = _rows(result, outcome).filter(pl.col("kind") == CHANCE).to_dicts()
    return "" if row["ST"] is None else f" Chance has {between(row, 'ST')} of the variance of a single war."


def _enough(total: dict[str, Any]) -> str:
    if total["ranks"]:
        return ""
    return (
        f" Too few samples to rank: the widest interval is ±{number(total['error'])} where ±{WIDEST:g} is asked for;"
        f" a base sample of about {total['size_needed']:,} instead of {total['size']:,} would probably do."
    )


def _homework(result: Sensitivity, outcome: Outcome) -> Table:
    rows: list[list[Any]] = []
    for r in result.homework(outcome.key).head(10).iter_rows(named=True):
        rows.append([
            r["input"], r["kind"], exact(r["value"]), f"{exact(r['low'])} to {exact(r['high'])}", _share(r, "ST"),
            Cell(f"{number(r['mu_star'])} ± {number(r['mu_star_conf'])}", r["mu_star"]), r["why"],
        ])  # fmt: skip
    columns = ("number", "part of", "value", "range", "total index (90 %)", f"μ* ({outcome.unit})", "basis")
    return Table(columns, rows, "Judgement numbers that matter most: what to research first.",
                 note=f"For {outcome.label}. Rest on judgement: no data or study sets them.")  # fmt: skip


def _share(row: dict[str, Any], index: str) -> Cell:
    if row[index] is None:
        return Cell("–" if row["kind"] == CHANCE else "screened out", -1.0, "muted")
    return Cell(between(row, index), float(row[index]))


def _indices(result: Sensitivity, outcome: Outcome) -> Table:
    rows: list[list[Any]] = []
    moving = _rows(result, outcome).filter((pl.col("mu_star") > 0) | (pl.col("ST") != 0))
    for r in moving.head(40).iter_rows(named=True):
        rows.append([
            r["input"], r["kind"], r["basis"], r["mu_star"], r["mu_star_conf"], r["sigma"], _share(r, "S1"),
            _share(r, "ST"),
        ])  # fmt: skip
    columns = ("number", "part of", "basis", "μ*", "± (90 %)", "σ", "S1 (90 %)", "ST (90 %)")
    return Table(columns, rows, "The forty numbers that matter most.", note="All are in indices.parquet.")


def write_sensitivity_report(folder: Path, result: Sensitivity) -> Path:
    """Write `report.html` into a bundle of `sensitivity`; returns its path.

    Raises:
        AllegianceError: the folder cannot be written.
    """
    return write_page(folder / "report.html", sensitivity_page(result))
