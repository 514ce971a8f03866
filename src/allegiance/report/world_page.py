"""The page of a played world: map, table, what changed since the year before, and why some states are missing."""

from __future__ import annotations

from pathlib import Path

import polars as pl

from allegiance.inference.world import FORMS, changes
from allegiance.report.baserates import RATES
from allegiance.report.figures.canvas import Picture, svg
from allegiance.report.findings import records
from allegiance.report.html import write_page
from allegiance.report.labels import percent
from allegiance.report.page import Block, Bullets, Cell, Figure, Page, Section, Stat, Stats, Table, Value
from allegiance.report.past_scores import RECORDED, as_recorded, told
from allegiance.report.world import world_map

LIMITS = (
    "Drafts are made by rule from public tables; every level has a wide range, drawn anew for each pair of members.",
    "A probability from a few members is coarse: its interval says how coarse.",
    "Read ranks, not levels, and look at the statistical forecast beside it (allegiance forecast).",
    "An army in barracks, against a crowd or at war is played as what it faced on the day; a horizon of a year of "
    "peace "
    "and one of a year of war are not the same thing.",
)
RANKS = "Read ranks, not levels: the figures beside history's show how far levels can be off."
WORDS = {
    "coup_attempt": "coup attempt", "coup_success": "successful coup", "mutiny": "mutiny", "defection": "defection",
    "desertion": "desertion", "refusal": "refusal",
}  # fmt: skip


def picture(table: pl.DataFrame, form: str = "mutiny") -> Picture:
    """The states of the table shaded by the probability of a form."""
    values = table.filter(pl.col(form).is_not_null()).select("gwcode", value=form)
    label = f"probability of {WORDS[form]} within the horizon, as simulated; grey: not drafted"
    return world_map(values, label, percent=True, log=False)


def world_page(table: pl.DataFrame, before: pl.DataFrame | None = None) -> Page:
    """The page of `table` (one row a state, as of `inference.world.world`); `before` is the year before's."""
    year = int(table["year"][0])
    played = table.filter(pl.col("why_not").is_null())
    tasks = played["task"].value_counts(sort=True).rows()
    stats = Stats([
        Stat("states", str(played.height), f"played of {table.height}"),
        Stat("members", str(played["members"][0]), "simulated worlds a state"),
        Stat("simulated", f"{played['mutiny'].sum():.0f}", f"states with a mutiny; {_history(played, 'mutiny')}"),
        Stat("simulated", f"{played['coup_attempt'].sum():.1f}",
             f"states with a coup attempt; {_history(played, 'coup_attempt')}"),
    ])  # fmt: skip
    where = Figure(svg(picture(table), "Map of mutiny"), "map of the probability of mutiny",
                   records.highest(played, WORDS["mutiny"], "mutiny"))
    brief: list[Block] = [stats, where]
    sections = [
        Section("Every state", [_table(played)]),
        Section("Desertion and coups on the map", [
            Figure(svg(picture(table, form), WORDS[form]), f"map of {WORDS[form]}",
                   records.highest(played, WORDS[form], form))
            for form in ("coup_attempt", "desertion")
        ]),
    ]  # fmt: skip
    if before is not None:
        sections.append(Section(f"Changes since {int(before['year'][0])}", [_changes(changes(table, before))]))
    missing = table.filter(pl.col("why_not").is_not_null())
    if missing.height:
        rows = [[r["country"], r["why_not"]] for r in missing.to_dicts()]
        sections.append(Section("Not drafted", [Table(["state", "why"], rows, "States without a draft")]))
    sections.append(Section("Read with care", [Bullets([*LIMITS, told()])]))
    faced = ", ".join(f"{count} {task}" for task, count in tasks)
    top = played.row(0, named=True)
    sure = played.filter(pl.col("mutiny") == top["mutiny"]).height
    said = f"a mutiny is likeliest in {top['country']}" if sure == 1 else (
        f"in {sure} of them every simulated world saw a mutiny" if top["mutiny"] == 1.0
        else f"a mutiny is likeliest in {sure} of them"
    )  # fmt: skip
    return Page(
        f"The world's armies, 1 January {year}",
        f"{played.height} armies drafted from data and played ({faced}); {said}. {RANKS}",
        brief, sections, "world", facts=[("year", str(year)), ("members", str(played["members"][0]))],
    )  # fmt: skip


def _history(played: pl.DataFrame, form: str) -> str:
    """How many of the states would have seen it in a year at the rate of history."""
    low, high = (played.height * rate for rate in RATES[form].over(365))
    return f"at history's rate {low:.1f}" if low == high else f"at history's rate {low:.0f} to {high:.0f}"


def _table(played: pl.DataFrame) -> Table:
    rows: list[list[Value]] = []
    for r in played.to_dicts():
        cells: list[Value] = [
            Cell(
                percent(r[form]), r[form],
                title=f"90 % interval {percent(r[f'{form}_low'])} to {percent(r[f'{form}_high'])}",
            )
            for form in FORMS
        ]  # fmt: skip
        rows.append([
            Cell(r["country"], title=r["notices"] or ""), r["region"], r["task"],
            Cell(f"{r['soldiers']:,.0f}", r["soldiers"]), *cells,
            Cell(percent(r["left"]), r["left"]), Cell(percent(r["coup_base_rate"]), r["coup_base_rate"]),
            *(Cell(percent(p), p) for f in RECORDED if (p := as_recorded(f, r[f])) is not None),
        ])  # fmt: skip
    columns = [
        "state",
        "region",
        "faces",
        "soldiers",
        *(WORDS[f] for f in FORMS),
        "left (median)",
        "coup rate by record",
        *(f"{WORDS[f]}, as lists would have it" for f in RECORDED if as_recorded(f, 0.5) is not None),
    ]
    return Table(
        columns, rows, "Probabilities over the horizon, and the coup rate by the state's record",
        "As lists would have it: the simulated probability through a line learnt on the state-years up to 1999 of which"
        " lists of mutinies and coups say whether they had one.",
    )  # fmt: skip


def _changes(moved: pl.DataFrame) -> Table:
    rows: list[list[Value]] = []
    for r in moved.head(25).to_dicts():
        faces = r["task"] if r["task"] == r["task_before"] else f"{r['task_before']} to {r['task']}"
        rows.append([r["country"], faces, *(Cell(f"{100 * r[f]:+.0f}", r[f]) for f in FORMS)])
    columns = ["state", "faces", *(WORDS[f] for f in FORMS)]
    return Table(columns, rows, "Percentage points, the largest changes; with few members most of it is chance")


def write_world(out: Path, table: pl.DataFrame, before: pl.DataFrame | None = None) -> Path:
    """Write `report.html` and `map.png` into `out`; returns the page's path.

    Raises:
        AllegianceError: the folder cannot be written.
    """
    from allegiance.base.files import atomic

    with atomic(out / "map.png") as part:
        picture(table).savefig(part, format="png", dpi=160, facecolor="white")
    return write_page(out / "report.html", world_page(table, before))
