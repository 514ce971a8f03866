"""The report of one forecast: map, ranking, reasons, and what to beware of."""

from __future__ import annotations

from pathlib import Path

import polars as pl

from allegiance.forecast.definitions import OUTCOMES
from allegiance.forecast.issue import Issue
from allegiance.report.figures.canvas import Picture, svg
from allegiance.report.forecast_figures import ranking, why
from allegiance.report.html import write_page
from allegiance.report.page import Block, Bullets, Figure, Page, Section, Stat, Stats, Table
from allegiance.report.world import world_map

LIMITS = (
    "The interval is that of the probability (what the data leave open, how far the models disagree, the world's "
    "level), not of the outcome.",
    "Low is not none: most coups happen in states whose forecast is a few per cent.",
    "The reasons describe the ridge logit, one of the combined models. They are associations, not causes.",
    "Features are today's revised values put back to the day on which they were published; what was printed then "
    "may have differed.",
)


def risk_map(issue: Issue) -> Picture:
    """The world shaded by probability on a logarithmic scale."""
    values = issue.table.select("gwcode", value="probability")
    span = f"within {issue.horizon} month{'s' * (issue.horizon > 1)} after {issue.as_of:%Y-%m}"
    return world_map(values, f"{OUTCOMES[issue.outcome].words}, {span}; grey: not forecast", percent=True)


def forecast_page(issue: Issue, since: str = "") -> Page:
    """The page of `issue`; `since` names the earlier forecast that the table's `change` refers to."""
    words, table = OUTCOMES[issue.outcome].words, issue.table
    top = table.row(0, named=True)
    title = f"{words[0].upper()}{words[1:]} within {issue.horizon} month{'s' * (issue.horizon > 1)}"
    said = f"{top['country']} is highest at {_percent(top['probability'])} ({_percent(top['low'])} to "
    headline = f"{said}{_percent(top['high'])}); {issue.expected:.1f} states in the world are expected to see one."
    stats = Stats([
        Stat("states", str(table.height), "in the system"),
        Stat("expected", f"{issue.expected:.1f}", "states with the event"),
        Stat("world average", _percent(top["climatology"]), "per state, the 15 years before"),
    ])  # fmt: skip
    world = Figure(svg(risk_map(issue), f"Map: {title}"), f"map of the probability of a {words}", "Where")
    many = table.head(12)
    brief: list[Block] = [stats, world]
    sections = [
        Section("Highest", [Figure(svg(ranking(table), "ranking"), "the twenty highest forecasts with intervals")]),
        Section(
            "Why these are high",
            [Figure(svg(why(many["country"].to_list(), issue.pushes[:12]), "reasons"), "reasons by theme")],
            "What distinguishes each state from the average state of the same month.",
        ),
        Section("Every state", [_table(table, since)]),
        Section("Read with care", [Bullets(LIMITS)]),
    ]
    facts = [
        ("as of", f"end of {issue.as_of:%Y-%m}"),
        ("models combined", ", ".join(f"{m} {w:.2f}" for m, w in issue.weights.items())),
        *((f"data: {name}", digest[:16]) for name, digest in issue.data.items()),
    ]
    return Page(title, headline, brief, sections, "forecast", facts=facts)


def _table(table: pl.DataFrame, since: str) -> Table:
    rows = [
        [r["country"], r["iso3"], *(_round(r.get(c)) for c in ("probability", "low", "high", "change")), r["reasons"]]
        for r in table.to_dicts()
    ]  # fmt: skip
    note = f"Change in percentage points since the forecast {since}." if since else "First forecast in this ledger."
    columns = ["state", "code", "probability %", "low", "high", "change", "reasons"]
    return Table(columns, rows, "Probability, 90 % interval and reasons", note)


def _round(value: float | None) -> float | None:
    return None if value is None else round(100 * value, 3)


def _percent(value: float) -> str:
    return f"{100 * value:.2g} %"


def write_forecast(path: Path, issue: Issue, since: str = "") -> Path:
    """Write the page; returns its path.

    Raises:
        AllegianceError: the folder cannot be written.
    """
    return write_page(path, forecast_page(issue, since))
