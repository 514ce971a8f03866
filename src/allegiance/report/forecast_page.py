"""The report of one forecast: map, ranking, reasons, and what to beware of."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from pathlib import Path

import polars as pl

from allegiance.forecast.definitions import OUTCOMES
from allegiance.forecast.facts import facts_at, watch_list
from allegiance.forecast.issue import Issue
from allegiance.forecast.ledger import Entry
from allegiance.forecast.prepare import month_panel
from allegiance.forecast.scenario import SCENARIOS, Scenario
from allegiance.report.figures.canvas import Picture, svg
from allegiance.report.findings import records
from allegiance.report.forecast_figures import ranking, why
from allegiance.report.html import write_page
from allegiance.report.page import Block, Bullets, Cell, Figure, Notice, Page, Section, Stat, Stats, Table
from allegiance.report.world import world_map

LIMITS = (
    "The interval is that of the probability (what the data leave open, how far the models disagree, the world's "
    "level), not of the outcome.",
    "Low is not none: most coups happen in states whose forecast is a few per cent.",
    "The reasons and the scenarios describe the ridge logit, one of the combined models. They are associations, not "
    "causes.",
    "Features are today's revised values put back to the day on which they were published; what was printed then "
    "may have differed.",
)


def risk_map(issue: Issue) -> Picture:
    """The world shaded by probability on a logarithmic scale."""
    values = issue.table.select("gwcode", value="probability")
    span = f"within {issue.horizon} month{'s' * (issue.horizon > 1)} after {issue.as_of:%Y-%m}"
    return world_map(values, f"{OUTCOMES[issue.outcome].words}, {span}; grey: not forecast", percent=True)


def forecast_page(
    issue: Issue, since: str = "", risen: pl.DataFrame | None = None, scenarios: Sequence[Scenario] = (),
    drawn: Picture | None = None,
) -> Page:  # fmt: skip
    """The page of `issue`; `since` names the earlier forecast that the table's `change` refers to.

    Args:
        risen: the watch list (see `facts.watch_list`). scenarios: what to ask of the highest states. drawn: the map, if
            it is drawn already (see `risk_map`).
    """
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
    where = records.highest(table, words)
    world = Figure(svg(drawn or risk_map(issue), f"Map: {title}"), f"map of the probability of a {words}", where)
    many = table.head(12)
    old: list[Block] = [Notice([issue.warning], title="Features that are old or missing")] if issue.warning else []
    brief: list[Block] = [stats, *old, world]
    sections = [
        Section("Highest", [Figure(
            svg(ranking(table), "ranking"), "the twenty highest forecasts with intervals",
            records.above_average(table, 20),
        )]),
        Section(
            "Why these are high",
            [Figure(svg(why(many["country"].to_list(), issue.pushes[:12]), "reasons"), "reasons by theme",
                    records.pushes(issue.pushes[:12]))],
            "What distinguishes each state from the average state of the same month.",
        ),
        *([Section("Watch list", [risen_table(risen)], f"The largest rises since the forecast {since}.")]
          if risen is not None and risen.height else []),
        *([Section("With simulated armies", [_simulated(table)], issue.simulated)] if issue.simulated else []),
        *([Section("What if?", [_what_if(issue, scenarios)])] if issue.scenario and scenarios else []),
        Section("Every state", [_table(table, since)]),
        Section("Read with care", [Bullets(LIMITS)]),
    ]
    facts = [
        ("as of", f"end of {issue.as_of:%Y-%m}"),
        ("models combined", ", ".join(f"{m} {w:.2f}" for m, w in issue.weights.items())),
        *((f"data: {name}", digest[:16]) for name, digest in issue.data.items()),
    ]
    return Page(title, headline, brief, sections, "forecast", facts=facts)


def risen_table(risen: pl.DataFrame) -> Table:
    """The watch list with what is new in each state."""
    rows = [
        [r["country"], *(Cell(f"{100 * r[k]:.2g}", r[k]) for k in ("then", "probability")),
         Cell(f"{r['times']:.1f}", r["times"]), r["new"] or "nothing new", r["standing"]]
        for r in risen.to_dicts()
    ]  # fmt: skip
    columns = ["state", "then %", "now %", "times", "new since then", "so then and now"]
    return Table(columns, rows, "Watch list: the largest rises since the forecast before",
                 "Facts are those of the data at each date; they need not be the cause.")


def _simulated(table: pl.DataFrame) -> Table:
    """The states that simulated armies move most."""
    far = (pl.col("with_simulation").log() - pl.col("probability").log()).abs()
    rows = [
        [r["country"], *(_round(r[c]) for c in ("probability", "with_simulation", "simulation"))]
        for r in table.drop_nulls("with_simulation").sort(far, descending=True).head(12).to_dicts()
    ]
    columns = ["state", "as forecast %", "with the simulation %", "simulation alone %"]
    return Table(columns, rows, "The twelve states that it moves most, by the ratio of both",
                 "The simulation alone expects far more mutinies than lists record; what is learnt corrects for it.")


def _what_if(issue: Issue, scenarios: Sequence[Scenario]) -> Table:
    """The highest states under each scenario."""
    assert issue.scenario is not None
    some = issue.table.head(12)
    under = issue.scenario(list(scenarios))[:12]
    rows = [
        [name, _round(p), *(_round(v) for v in changed.values())]
        for name, p, changed in zip(some["country"], some["probability"], under, strict=True)
    ]
    columns = ["state", "as forecast %", *(s.words for s in scenarios)]
    note = "By the ridge logit alone: what usually goes with such a change, not what it would bring about."
    return Table(columns, rows, "Probability in per cent if one thing were different", note)


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


def watched(issue: Issue, earlier: Entry | None, data: Path) -> pl.DataFrame | None:
    """The watch list of `issue` against an earlier forecast of the ledger; None if there is none."""
    if earlier is None:
        return None
    panel, _ = month_panel(data)
    following = date(earlier.as_of.year + earlier.as_of.month // 12, earlier.as_of.month % 12 + 1, 1)
    before = earlier.table.with_columns(pl.col("gwcode").cast(pl.Int32))
    elapsed = 12 * (issue.as_of.year - earlier.as_of.year) + issue.as_of.month - earlier.as_of.month
    return watch_list(issue.table, before.join(facts_at(panel, following), on="gwcode", how="left"), elapsed)


def write_forecast(
    path: Path, issue: Issue, since: str = "", data: Path | None = None, earlier: Entry | None = None,
    scenarios: Sequence[Scenario] = (), drawn: Picture | None = None,
) -> Path:  # fmt: skip
    """Write the page; returns its path.

    Args:
        data: the data folder, from which the facts of the watch list are read. earlier: the forecast to compare with.
        scenarios: what to ask of the highest states; all that there are if none is named. drawn: the map, if it is
            drawn already.

    Raises:
        AllegianceError: the folder cannot be written.
    """
    risen = watched(issue, earlier, data) if data is not None else None
    return write_page(path, forecast_page(issue, since, risen, scenarios or list(SCENARIOS.values()), drawn))
