"""Every state of a year drafted and played: one row each, each state a part on disk, so that a broken run goes on."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import polars as pl

from allegiance.base.errors import AllegianceError
from allegiance.base.files import sha256_text, to_json
from allegiance.base.notebook import with_bar
from allegiance.base.owner import PARTS
from allegiance.base.parts import Parts
from allegiance.base.tables import write_csv, write_table
from allegiance.cases.draft.drafting import draft_case
from allegiance.cases.draft.panel import load_panel
from allegiance.cases.draft.states import all_states
from allegiance.cases.paths import basis_counts, case_hash
from allegiance.experiments.workers import spread
from allegiance.inference.armies import play_army, small_spec
from allegiance.theory.stamp import theory_hash

FORMS = ("coup_attempt", "coup_success", "mutiny", "defection", "desertion", "refusal")
SCHEMA: dict[str, Any] = {
    "year": pl.Int32, "gwcode": pl.Int32, "iso3": pl.String, "country": pl.String, "region": pl.String,
    "task": pl.String, "soldiers": pl.Float64, "days": pl.Int32, "members": pl.Int32,
    **{name: pl.Float64 for form in FORMS for name in (form, f"{form}_low", f"{form}_high")},
    "left": pl.Float64, "coup_base_rate": pl.Float64, "judgement": pl.Float64, "notices": pl.String,
    "why_not": pl.String, "identity": pl.String,
}  # fmt: skip
"""Columns of the table: probabilities with 90 % intervals, median share that left (deserted or defected), the coup rate
the draft states, the share of judgement among its numbers, and why a state is not there."""
TABLE = "world.parquet"
Progress = Callable[[float, str], None]


@with_bar
def play_year(
    year: int,
    out: Path,
    members: int = 12,
    seed: int = 0,
    data: str | Path | None = None,
    workers: int = 2,
    progress: Progress | None = None,
    only: list[int] | None = None,
) -> pl.DataFrame:
    """Draft and play every state of half a million people and more on the first of January of `year`.

    Writes `world.parquet` and `world.csv` into `out`; a state that an interrupted run finished is not played again.

    Args:
        year: the year on whose first day the armies stand.
        out: folder for the tables.
        members: simulated wars of each state, at least 2; pairs share a draw of the parameters.
        seed: a number from 0 from which all random draws follow.
        data: folder of standardised tables; the usual one if not given.
        workers: processes.
        progress: called with the share done, in [0, 1], and a word on what is being done.
        only: Gleditsch-Ward numbers of some states; all if not given.

    Returns:
        One row a state, columns as in SCHEMA, the likeliest mutiny first; states without a draft last.

    Raises:
        AllegianceError: no data, a year outside the tables, or the folder cannot be written.
    """
    if members < 2:
        raise AllegianceError(f"members must be at least 2, not {members}", "pairs of members share a draw")
    load_panel(data)
    states = [s for s in all_states(date(year, 1, 1)) if only is None or s["gwcode"] in only]
    parts = out / PARTS
    jobs = [(state, year, members, seed, data, parts) for state in states]
    rows = []
    for number, row in spread(play_state, jobs, workers):
        rows.append(row)
        if progress:
            progress(len(rows) / len(jobs), str(states[number]["country"]))
    table = pl.DataFrame(rows, SCHEMA).sort("mutiny", "gwcode", descending=[True, False], nulls_last=True)
    if table["why_not"].null_count() == 0:
        raise AllegianceError(f"no state can be drafted for {year}: {table['why_not'][0]}", "choose another year")
    write_table(out / TABLE, table)
    write_csv(out / "world.csv", table)
    return table


def play_state(
    state: dict[str, Any], year: int, members: int, seed: int, data: str | Path | None, parts: Path
) -> dict[str, Any]:
    """The row of one state: read from its part if that was made from the same draft, theory and size, else played."""
    row: dict[str, Any] = {"year": year, **{k: state[k] for k in ("gwcode", "iso3", "country", "region")}}
    try:
        draft = draft_case(int(state["gwcode"]), date(year, 1, 1), data=data)
    except AllegianceError as error:
        return {**row, "why_not": error.message}
    spec = small_spec(draft.case, members, seed)
    identity = sha256_text(to_json([case_hash(draft.case), theory_hash(), spec.identity()]))
    mine, name = Parts(parts, identity), f"{state['gwcode']}.json"
    if (known := mine.find_bytes(name)) is not None:
        return dict(json.loads(known))
    played = play_army(draft.case, members, seed)
    found = played.summary
    outcomes, shares = found["outcomes"][draft.side], found["shares"][draft.side]
    for form in FORMS:
        low, high = outcomes[form]["interval"]
        row |= {form: outcomes[form]["probability"], f"{form}_low": low, f"{form}_high": high}
    side, counts = draft.case.sides[draft.side], basis_counts(draft.case)
    row |= {
        "task": draft.case.war.kind, "soldiers": side.forces["army"].strength.value, "days": spec.days,
        "members": members, "left": (shares["desertion"]["median"] or 0.0) + (shares["defection"]["median"] or 0.0),
        "coup_base_rate": side.coup_base_rate.value, "judgement": counts["judgement"] / sum(counts.values()),
        "notices": "; ".join(draft.notices), "identity": identity,
    }  # fmt: skip
    mine.keep_bytes(name, to_json(row).encode())
    return row


def changes(now: pl.DataFrame, before: pl.DataFrame) -> pl.DataFrame:
    """How the probabilities of `now` differ from an earlier year's, for states in both; the largest change first.

    Returns:
        gwcode, country, and for each form the later less the earlier probability.
    """
    joined = now.join(before, on="gwcode", suffix="_before").filter(pl.col("mutiny").is_not_null())
    joined = joined.filter(pl.col("mutiny_before").is_not_null())
    moved = joined.select(
        "gwcode", "country", "task", "task_before", *((pl.col(f) - pl.col(f"{f}_before")).alias(f) for f in FORMS)
    )
    return moved.sort(pl.max_horizontal(pl.col(f).abs() for f in FORMS), descending=True)
