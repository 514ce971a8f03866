"""The report of `allegiance why`: how much each condition contributes, and what all together do beyond the sum."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import polars as pl

from allegiance.experiments.why import Attribution
from allegiance.report.effects_text import effect, number
from allegiance.report.figures.experiments import jointly, storm, waterfall
from allegiance.report.findings.changes import steps, together
from allegiance.report.history import beside, first_page, known
from allegiance.report.html import write_page
from allegiance.report.labels import plural, side_name
from allegiance.report.meaning import material, sure
from allegiance.report.page import Block, Bullets, Figure, Gallery, Page, Prose, Section, Table


def why_page(result: Attribution) -> Page:
    """The page of an attribution."""
    first = leading(result)
    spec = result.spec
    method = "every order" if result.exact else "an order and its reverse for each pair"
    sections = [
        Section("Every outcome", _outcomes(result)),
        Section("Joint effect and sum of single effects", _storm(result), lead=(
            "Beyond the sum: the joint effect of all conditions less the sum of the effects each has alone. Above zero,"
            " together they do more than one by one."
        )),
        Section("Contributions", [_table(result)]),
        Section("How to read it", [Bullets([
            ("Contribution. ", "The mean effect of adding the condition, over the orders in which conditions could be"
             " added (Shapley value). Contributions add up to the joint effect."),
            ("Alone. ", "The effect of the condition when all others are neutral."),
            ("Error. ", f"Intervals are over {plural((spec.members + 1) // 2, 'draw')} of the parameters, {method} of"
             " members: they contain the error of sampling orders."),
            ("Means. ", "Contributions add up for means over wars only, so that levels here are means; reports of a run"
             " and the page tell medians. The wars with all conditions are the same."),
            ("Neutral. ", "What neutral means stands in the case file. A condition that is neutral already contributes"
             " nothing."),
        ])]),
    ]  # fmt: skip
    observed = known(result.case)
    history = beside(result.case, observed, result.members)
    if history:
        sections.insert(0, history)
    brief: list[Block] = [
        first_page(result.case, observed, result.members), Prose([paragraph(result, first)]), _waterfall(result, first),
    ]  # fmt: skip
    return Page(
        title=f"{result.case.title}: why?", headline=headline(result), brief=brief, sections=sections,
        kicker=f"Allegiance why · {side_name(result.case, result.side)} · {result.worlds} worlds of conditions ·"
        f" {plural(spec.members, 'member')}",
        facts=[("seed", str(spec.seed)), ("scale", f"{spec.scale:g}"), ("days", str(spec.days))],
    )  # fmt: skip


def _ranked(result: Attribution, outcome: str) -> list[dict[str, Any]]:
    rows = result.frame.filter(pl.col("outcome") == outcome)
    return sorted(rows.to_dicts(), key=lambda r: -abs(r["shapley"]))


def moved(row: dict[str, Any]) -> bool:
    """Whether a condition changed the outcome in any member: an effect of exactly 0 is no effect that was measured."""
    return any(row[end] not in (0, None) for end in ("shapley", "low", "high"))


def _told(result: Attribution, row: dict[str, Any]) -> bool:
    """Whether a contribution is told apart from none and of a readable size (see `report.meaning`)."""
    return row["shapley"] != 0 and sure(row) and readable(result, row)


def readable(result: Attribution, row: dict[str, Any], effect: str = "shapley") -> bool:
    """Whether a contribution, or another effect in the row, is large enough to be told of."""
    size = {"key": row["outcome"], "side": result.side, "unit": row["unit"], "difference": row[effect]}
    return material({**size, "step": 1.0 / (result.spec.scale or 1.0)})


def leading(result: Attribution) -> str:
    """The first outcome whose largest contribution is sure and readable; else the first with any; else the first."""
    ranked = {str(o): _ranked(result, o) for o in result.joint["outcome"]}
    moved = [o for o, rows in ranked.items() if rows[0]["shapley"] != 0]
    return next((o for o in moved if _told(result, ranked[o][0])), next(iter(moved), next(iter(ranked))))


def headline(result: Attribution) -> str:
    """The condition that contributes most to the leading outcome, in a sentence."""
    outcome = leading(result)
    top = _ranked(result, outcome)[0]
    if not _told(result, top):
        return (
            "No condition's contribution is told apart from noise by a readable size with"
            f" {plural(result.spec.members, 'member')}."
        )
    return (
        f"{top['condition'].replace('-', ' ').capitalize()} contributes most to {top['label']}:"
        f" {effect(top['shapley'], top['low'], top['high'], top['unit'])}."
    )


def paragraph(result: Attribution, outcome: str) -> str:
    """What the attribution of one outcome says."""
    joint = result.joint.filter(pl.col("outcome") == outcome).to_dicts()[0]
    ranked = _ranked(result, outcome)
    whose = _whose(result, outcome, joint["label"])
    if not any(moved(r) for r in ranked):
        return (
            f"{whose}: {number(joint['with_all'])} ({joint['unit']}) with and without each of the conditions. No"
            " condition moved it in any member, which is no finding that none matters."
        )
    told = ", ".join(
        f"{r['condition'].replace('-', ' ')} {effect(r['shapley'], r['low'], r['high'], r['unit'])}"
        for r in ranked
        if moved(r)
    )
    still = [r["condition"].replace("-", " ") for r in ranked if not moved(r)]
    told += f". Nothing changed with {', '.join(still)}" if still else ""
    sure = joint["low"] > 0 or joint["high"] < 0
    word = "more than" if joint["beyond_sum"] > 0 else "less than"
    verdict = f"{word} the sum of the single effects" if sure else (
        "not distinguishable from the sum of the single effects"
    )  # fmt: skip
    return (
        f"{whose}: at the mean {number(joint['without'])} without any"
        f" of the conditions and {number(joint['with_all'])} with all ({joint['unit']}). Contributions: {told}."
        f" Together they do {effect(joint['joint'], joint['joint_low'], joint['joint_high'], joint['unit'])}, which is"
        f" {verdict} ({effect(joint['sum_alone'], None, None, joint['unit'])}; beyond it"
        f" {effect(joint['beyond_sum'], joint['low'], joint['high'], joint['unit'])})."
    )


def _whose(result: Attribution, outcome: str, label: str) -> str:
    """An outcome's name, with that of the side whose it is; the war is nobody's."""
    side = f", {side_name(result.case, result.side)}" if outcome.startswith(f"{result.side}.") else ""
    return f"{label.capitalize()}{side}"


def _waterfall(result: Attribution, outcome: str) -> Figure:
    rows = result.frame.filter(pl.col("outcome") == outcome)
    rows = rows.with_columns(name=pl.col("condition").str.replace_all("-", " "))
    joint = result.joint.filter(pl.col("outcome") == outcome).to_dicts()[0]
    label = _whose(result, outcome, joint["label"])
    ranked = _ranked(result, outcome)
    title = steps(label, ranked, [r for r in ranked if readable(result, r)])
    return waterfall(rows, joint["without"], joint["with_all"], joint["unit"], label, title)


def _outcomes(result: Attribution) -> list[Block]:
    """A waterfall for each outcome that any condition moves; the others are named."""
    moved = [o for o in result.joint["outcome"] if _ranked(result, o)[0]["shapley"] != 0]
    still = result.joint.filter(~pl.col("outcome").is_in(moved))["label"].to_list()
    blocks: list[Block] = [Gallery([_waterfall(result, o) for o in moved], across=2)] if moved else []
    return [*blocks, *([Prose([f"No condition moves: {', '.join(still)}."])] if still else [])]


def _storm(result: Attribution) -> list[Block]:
    large = [r["outcome"] for r in result.joint.iter_rows(named=True) if readable(result, r, "joint")]
    shown = jointly(result.joint.filter(pl.col("outcome").is_in(large)))
    title = together(shown)
    picture = storm(shown, "Single effects added up against all together", title)
    return [*([picture] if picture else []), _joint(result)]


def _joint(result: Attribution) -> Table:
    rows: list[list[Any]] = []
    for r in result.joint.iter_rows(named=True):
        rows.append([
            r["label"], r["unit"], r["without"], r["with_all"],
            effect(r["joint"], r["joint_low"], r["joint_high"], r["unit"]), r["sum_alone"],
            effect(r["beyond_sum"], r["low"], r["high"], r["unit"]),
        ])  # fmt: skip
    columns = ("outcome", "unit", "without", "with all", "joint effect", "sum of single effects", "beyond the sum")
    return Table(columns, rows, "All conditions together against each alone.")


def _table(result: Attribution) -> Table:
    rows: list[list[Any]] = []
    for r in result.frame.iter_rows(named=True):
        rows.append([
            r["label"], r["condition"].replace("-", " "), r["claim"], r["unit"],
            effect(r["shapley"], r["low"], r["high"], r["unit"]),
            effect(r["alone"], r["alone_low"], r["alone_high"], r["unit"]),
        ])  # fmt: skip
    columns = ("outcome", "condition", "claim", "unit", "contribution (90 % interval)", "alone (90 % interval)")
    return Table(columns, rows, "Contribution of each condition to each outcome.")


def write_why_report(folder: Path, result: Attribution) -> Path:
    """Write `report.html` into a bundle of `why`; returns its path.

    Raises:
        AllegianceError: the folder cannot be written.
    """
    return write_page(folder / "report.html", why_page(result))
