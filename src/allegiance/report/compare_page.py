"""The report of `allegiance compare`: what changed, by how much, and since when."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import polars as pl

from allegiance.experiments.compare import TRACKED, Comparison, Counterfactual
from allegiance.report.effects_text import effect, number
from allegiance.report.figures.experiments import difference_by_day, differences
from allegiance.report.findings.changes import by_day, outcomes
from allegiance.report.history import beside, first_page, known
from allegiance.report.html import write_page
from allegiance.report.labels import exact, plural, side_name
from allegiance.report.meaning import material, meaning
from allegiance.report.page import Block, Bullets, Cell, Gallery, Page, Section, Table


def compare_page(result: Comparison) -> Page:
    """The page of a comparison."""
    case, spec = result.case, result.spec
    end, observed = case.last_day(spec.days), known(case)
    history = beside(case, observed, result.members)
    sections = [replace(_section(result, what), folded=True) for what in result.counterfactuals]
    sections.append(Section("How to read it", [Bullets([
        ("Shared random draws. ", "Members with the same number have the same parameters and the same chance in both"
         " worlds; a difference is due to the change alone, and its interval is narrow."),
        ("Interval. ", "90 %, over draws of the parameters: what the model leaves open, not what it leaves out."),
        ("Since when. ", "The day from which the daily 90 % interval excluded no difference to the end, in the same"
         " direction; for a difference that does not last, the first day of a week on end. Many quantities and days are"
         " looked at, so a lone short difference can be chance."),
    ])]))  # fmt: skip
    return Page(
        title=f"{case.title}: what if?", headline=headline(result, result.counterfactuals[0]),
        brief=[
            first_page(case, observed, result.members),
            Bullets([(f"{w.name}: ", paragraph(result, w, 5)) for w in result.counterfactuals]),
        ],
        sections=[*([history] if history else []), *sections],
        kicker=f"Allegiance compare · {case.start:%d %B %Y} to {end:%d %B %Y} ·"
        f" {plural(spec.members, 'pair')} of simulated wars",
        facts=[("seed", str(spec.seed)), ("scale", f"{spec.scale:g}"), ("members", str(spec.members))],
    )  # fmt: skip


def headline(result: Comparison, what: Counterfactual) -> str:
    """The one sentence to remember about a counterfactual, by the editor's rule of `report.meaning`."""
    rows = result.frame.filter(pl.col("counterfactual") == what.name)
    return f"{what.label}: {' '.join(meaning(result.case, told(result, rows), result.spec.members))}"


def told(result: Comparison, rows: pl.DataFrame) -> list[dict[str, Any]]:
    """Rows of a comparison as `report.meaning` reads them."""
    step = 1.0 / (result.spec.scale or 1.0)
    return [{**row, "key": row["outcome"], "step": step} for row in rows.iter_rows(named=True)]


def _largest(rows: pl.DataFrame) -> pl.DataFrame:
    """Outcomes that differ beyond their interval, the largest change first: against the baseline, or as a log ratio."""
    base = pl.when(pl.col("unit") == "log ratio").then(1.0).otherwise(pl.col("baseline").abs().clip(1e-9))
    return rows.filter("excludes_zero").sort(pl.col("difference").abs() / base, descending=True)


def _changed(result: Comparison, row: dict[str, Any]) -> str:
    whose = f" ({side_name(result.case, row['side'])})" if row["side"] else ""
    size = effect(row["difference"], row["low"], row["high"], row["unit"])
    return f"{row['label']}{whose} {number(row['baseline'])} → {number(row['changed'])} ({size})"


def paragraph(result: Comparison, what: Counterfactual, most: int = 5) -> str:
    """What a counterfactual changes, the largest changes against the baseline first, at most `most` of them."""
    every = result.frame.filter(pl.col("counterfactual") == what.name)
    large = [row["key"] for row in told(result, every) if material(row)]
    rows = _largest(every.filter(pl.col("outcome").is_in(large)))
    said = [_changed(result, row) for row in rows.head(most).iter_rows(named=True)]
    if not said:
        return (
            f"{what.label}. No outcome differs beyond its interval by a readable size with"
            f" {plural(result.spec.members, 'member')}."
        )
    rest = f"; {plural(rows.height - most, 'smaller change')} below" if rows.height > most else ""
    return f"{what.label}. " + "; ".join(said) + rest + "."


def _section(result: Comparison, what: Counterfactual) -> Section:
    rows = result.frame.filter(pl.col("counterfactual") == what.name)
    blocks: list[Block] = []
    names = {s: side_name(result.case, s) for s in result.case.sides}
    named = rows.with_columns(whose=pl.col("side").replace(names))
    title = f"{what.name}: {outcomes(result.case, told(result, rows))}"
    picture = differences(named, f"{what.name}: change against the baseline", title)
    if picture:
        blocks.append(picture)
    blocks.append(_outcomes(result, rows))
    since = result.since.filter(pl.col("counterfactual") == what.name)
    figures = []
    for row in since.filter(pl.col("since").is_not_null()).iter_rows(named=True):
        daily = result.daily.filter(
            (pl.col("counterfactual") == what.name)
            & (pl.col("side") == row["side"])
            & (pl.col("quantity") == row["quantity"])
        )
        name = f"{TRACKED[row['quantity']]}, {side_name(result.case, row['side'])}"
        ratio, step = row["quantity"] == "capability_log_ratio", 1.0 / (result.spec.scale or 1.0)
        title = by_day(name, daily, result.case.start, row["since"], step, ratio)
        figures.append(difference_by_day(daily, result.case.start, name, row["since"], title))
    if figures:
        blocks.append(Gallery(figures, "Difference by day with its 90 % interval; dashed: since when.", 2))
    blocks.append(_since(result, since))
    settings = ", ".join(f"{k} = {v if isinstance(v, str | bool) else exact(float(v))}" for k, v in what.set.items())
    return Section(f"What if: {what.name}", blocks, lead=f"{what.label}. Settings: {settings}.")


def _outcomes(result: Comparison, rows: pl.DataFrame) -> Table:
    table: list[list[Any]] = []
    for row in told(result, rows):
        size = effect(row["difference"], row["low"], row["high"], row["unit"])
        size = size if material(row) else "no material change"
        table.append([
            row["label"], side_name(result.case, row["side"]) if row["side"] else "the war", row["unit"],
            row["baseline"], row["changed"], Cell(size, row["difference"], "" if row["excludes_zero"] else "muted"),
        ])  # fmt: skip
    columns = ("outcome", "side", "unit", "baseline", "changed", "mean difference (90 % interval)")
    return Table(columns, table, "Levels: share of simulated wars, or median over them. Differences: mean over pairs.")


def _since(result: Comparison, since: pl.DataFrame) -> Table:
    table: list[list[Any]] = []
    for row in since.iter_rows(named=True):
        day = row["since"]
        when = f"{result.case.start + timedelta(days=day):%d %B %Y} (day {day})" if day is not None else "never"
        lasts = "–" if day is None else "yes" if row["lasts"] else "no"
        table.append([row["label"], side_name(result.case, row["side"]), when, lasts, row["last_difference"]])
    return Table(("quantity", "side", "differs since", "still at the end", "difference at the end"), table,
                 "What changed and since when.")  # fmt: skip


def write_compare_report(folder: Path, result: Comparison) -> Path:
    """Write `report.html` into a bundle of `compare`; returns its path.

    Raises:
        AllegianceError: the folder cannot be written.
    """
    return write_page(folder / "report.html", compare_page(result))
