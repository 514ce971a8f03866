"""Every state of a year drafted and played: one row each, each state a part on disk, so that a broken run goes on."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
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
from allegiance.cases.draft.drafting import Draft, draft_case
from allegiance.cases.draft.panel import FIRST, LAST, load_panel
from allegiance.cases.draft.profile import OF_CASE, profile_of_case
from allegiance.cases.draft.states import all_states
from allegiance.cases.paths import basis_counts, case_hash
from allegiance.cases.schema import Case
from allegiance.inference.armies import Played, bundles, play_together, small_spec
from allegiance.inference.coding import conditions_of
from allegiance.runs.workers import spread
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
TABLE, INPUTS = "world.parquet", "inputs.parquet"
Progress = Callable[[float, str], None]


@with_bar
def play_year(
    year: int,
    out: Path,
    members: int = 8,
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
    return play_years([year], out, members, seed, data, workers, progress, only)


def play_years(
    years: Sequence[int],
    out: Path,
    members: int = 8,
    seed: int = 0,
    data: str | Path | None = None,
    workers: int = 2,
    progress: Progress | None = None,
    only: list[int] | None = None,
) -> pl.DataFrame:
    """The same for several years, one after the other, into one table, the earliest year first.

    Also writes `inputs.parquet`: what rivals may know of each drafted army (see `forecast/rivals.py`).
    """
    if members < 2:
        raise AllegianceError(f"members must be at least 2, not {members}", "pairs of members share a draw")
    outside = next((year for year in years if not FIRST <= year <= LAST), None)
    if outside is not None:
        raise AllegianceError(f"no army is known in {outside}", f"choose years from {FIRST} to {LAST}")
    load_panel(data)
    rows: list[dict[str, Any]] = []
    inputs: list[dict[str, Any]] = []
    for k, year in enumerate(years):

        def tell(share: float, text: str, k: int = k) -> None:
            if progress:
                progress((k + share) / len(years), text)

        states = [s for s in all_states(date(year, 1, 1)) if only is None or s["gwcode"] in only]
        found, known = _year(year, states, members, seed, data, out / PARTS / str(year), workers, tell)
        rows += found
        inputs += known
    table = pl.DataFrame(rows, SCHEMA).sort("year", "mutiny", "gwcode", descending=[False, True, False],
                                            nulls_last=True)  # fmt: skip
    if table["why_not"].null_count() == 0:
        spell = f"{years[0]}" if len(years) == 1 else f"{years[0]}-{years[-1]}"
        raise AllegianceError(f"no state can be drafted for {spell}: {table['why_not'][0]}", "choose another year")
    write_table(out / INPUTS, pl.DataFrame(inputs, infer_schema_length=None))
    write_table(out / TABLE, table)
    write_csv(out / "world.csv", table)
    return table


def _year(
    year: int, states: Sequence[dict[str, Any]], members: int, seed: int, data: str | Path | None, parts: Path,
    workers: int, tell: Progress,
) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:  # fmt: skip
    """Rows of all states of a year and the inputs of those drafted; drafted here, played by the workers.

    A state is read from its part if that was made from the same draft, theory and size.
    """
    rows: list[dict[str, Any]] = []
    inputs, drafts, todo = [], [], []
    for state in states:
        row: dict[str, Any] = {"year": year, **{k: state[k] for k in ("gwcode", "iso3", "country", "region")}}
        try:
            draft = draft_case(int(state["gwcode"]), date(year, 1, 1), data=data)
        except AllegianceError as error:
            rows.append({**row, "why_not": error.message})
            continue
        inputs.append({"year": year, "gwcode": state["gwcode"], "task": draft.case.war.kind} | known_of(draft))
        spec = small_spec(draft.case, members, seed)
        row["identity"] = sha256_text(to_json([case_hash(draft.case), theory_hash(), spec.identity()]))
        if (known := Parts(parts, row["identity"]).find_bytes(f"{state['gwcode']}.json")) is not None:
            rows.append(dict(json.loads(known)))
            continue
        drafts.append(draft)
        rate = draft.case.sides[draft.side].coup_base_rate.value
        todo.append(row | said_of(draft) | {"coup_base_rate": rate})
    groups = bundles([draft.case for draft in drafts], members)
    jobs = [([(drafts[k].case, drafts[k].side) for k in group], members, seed) for group in groups]
    for number, found in spread(play_states, jobs, workers):
        for k, came_to in zip(groups[number], found, strict=True):
            row = todo[k] | came_to
            Parts(parts, row["identity"]).keep_bytes(f"{row['gwcode']}.json", to_json(row).encode())
            rows.append(row)
        tell(len(rows) / len(states), f"{row['country']} {year}")
    return rows, inputs


def said_of(draft: Draft) -> dict[str, Any]:
    """What the draft itself says of a row."""
    side, counts = draft.case.sides[draft.side], basis_counts(draft.case)
    return {
        "task": draft.case.war.kind, "soldiers": side.forces["army"].strength.value,
        "judgement": counts["judgement"] / sum(counts.values()), "notices": "; ".join(draft.notices),
    }  # fmt: skip


def chances_of(played: Played, side: str) -> dict[str, float]:
    """Probability and 90 % interval of each form, from the summary of a drafted army."""
    row: dict[str, float] = {}
    for form in FORMS:
        found = played.summary["outcomes"][side][form]
        low, high = found["interval"]
        row |= {form: found["probability"], f"{form}_low": low, f"{form}_high": high}
    return row


def known_of(draft: Draft) -> dict[str, float]:
    """What rivals may know of a drafted army: its levels (cases/draft/profile.py) and its six coded conditions."""
    levels, six = profile_of_case(draft.case, draft.side), conditions_of(draft.case, draft.side)
    return {f"level: {name}": levels[name] for name in OF_CASE} | {f"condition: {name}": v for name, v in six.items()}


def play_states(armies: Sequence[tuple[Case, str]], members: int, seed: int) -> list[dict[str, Any]]:
    """What the members of drafted armies (case, side) came to: the keys of SCHEMA that the drafts do not say."""
    rows = []
    for played, (_, side) in zip(play_together([case for case, _ in armies], members, seed), armies, strict=True):
        shares = played.summary["shares"][side]
        row = {"days": played.spec.days, "members": members} | chances_of(played, side)
        rows.append(row | {"left": (shares["desertion"]["median"] or 0.0) + (shares["defection"]["median"] or 0.0)})
    return rows


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
