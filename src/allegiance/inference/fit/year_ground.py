"""What a fit to state-years is made on: which of them, their drafts, and what is on record of each.

All state-years with a mutiny or a coup attempt, and a random sample of the others: half of it from years at peace, half
from years in which the army faced somebody, each spread over the decades as the state-years are. One that was drawn
stands for those like it from which it was drawn (the inverse of its chance).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl

from allegiance.base.errors import AllegianceError
from allegiance.base.files import sha256_text, to_json
from allegiance.cases.draft.drafting import draft_case
from allegiance.cases.draft.panel import Panel, load_panel
from allegiance.cases.draft.states import all_states
from allegiance.cases.paths import case_hash
from allegiance.evidence.begun import begun
from allegiance.evidence.folder import data_dir
from allegiance.evidence.press import press_before
from allegiance.inference.fit.plays import Army
from allegiance.inference.fit.recording import OUTCOMES, Record, record_of
from allegiance.inference.fit.study import HELD_OUT, StateYears, YearsStudy
from allegiance.inference.world import known_of
from allegiance.world.columns import Array

PEACE = "peace"
Progress = Callable[[float, str], None]


@dataclass(frozen=True)
class YearGround:
    """State-years that could be drafted, what is known of them, and what is on record.

    Attributes:
        about: one row each: name, gwcode, country, year, decade, task, OUTCOMES (0 or 1), `stands_for`.
        inputs, conditions: standardised, (state-years, columns). record: see recording.py, mutinies first.
        said: what has to be known of the ground, in sentences.
    """

    armies: list[Army]
    about: pl.DataFrame
    inputs: Array
    conditions: Array
    record: Record
    said: tuple[str, ...]

    def identity(self) -> dict[str, Any]:
        """All of it that decides the result."""
        cases = [[a.number, case_hash(a.case)] for a in self.armies]
        said = [getattr(self.record, n).tolist() for n in ("events", "many", "press", "decade")]
        return {"cases_sha256": sha256_text(to_json(cases)), "record_sha256": sha256_text(repr(said))}


def year_ground(study: YearsStudy, data: str | Path | None = None, progress: Progress | None = None) -> YearGround:
    """Draw the study's state-years, draft them and read what is on record of them.

    Raises:
        AllegianceError: no data or no list of mutinies or coups (says how to get it), or an outcome without events.
    """
    folder, panel, spell = data_dir(data), load_panel(data), study.state_years
    assert spell.last < HELD_OUT
    events = {o: begun(folder, o, date(spell.last, 12, 31)) for o in OUTCOMES}
    listed = _draftable(spell, panel, progress)
    if listed.is_empty():
        raise AllegianceError(f"no state can be drafted from {spell.first} to {spell.last}", "choose other years")
    known = list(listed.select("gwcode", "year").iter_rows())
    listed = listed.with_columns(pl.Series(o, [int(key in events[o]) for key in known], pl.Int8) for o in OUTCOMES)
    for outcome in OUTCOMES:
        if not 0 < listed[outcome].sum() < listed.height:
            raise AllegianceError(
                f"{outcome}: on record in {listed[outcome].sum()} of {listed.height} state-years: nothing to fit to",
                "choose other years in the study",
            )
    chosen = drawn(listed, spell.without, study.seed)
    armies, rows = [], []
    for row in chosen.to_dicts():
        draft = draft_case(row["gwcode"], date(row["year"], 1, 1), data=panel)
        armies.append(Army(row["name"], draft.case, draft.side))
        rows.append(known_of(draft))
    press = np.array(
        [np.nan if v is None else v for v in press_before(folder, list(chosen.select("gwcode", "year").iter_rows()))]
    )
    inputs, conditions = _standard(pl.DataFrame(rows, infer_schema_length=None), chosen["task"])
    record = record_of(
        chosen.select(OUTCOMES).to_numpy().T, chosen["stands_for"].to_numpy(), press, chosen["year"].to_numpy()
    )
    return YearGround(armies, chosen, inputs, conditions, record, _said(spell, events, listed, chosen, press))


def _draftable(spell: StateYears, panel: Panel, progress: Progress | None) -> pl.DataFrame:
    """Every state-year of the spell that can be drafted, with what the army faces (one draft each, not kept)."""
    rows, years = [], range(spell.first, spell.last + 1)
    for k, year in enumerate(years):
        for state in all_states(date(year, 1, 1)):
            code = int(str(state["gwcode"]))
            try:
                task = draft_case(code, date(year, 1, 1), data=panel).case.war.kind
            except AllegianceError:
                continue
            rows.append((f"{code}-{year}", code, str(state["country"]), year, year // 10 * 10, task))
        if progress:
            progress((k + 1) / len(years), f"drafted {year}")
    return pl.DataFrame(rows, ["name", "gwcode", "country", "year", "decade", "task"], orient="row")


def drawn(listed: pl.DataFrame, without: int, seed: int) -> pl.DataFrame:
    """All state-years with an event and `without` of the others, in order of year and state, with `stands_for`.

    Those drawn are the first by a number that depends on the seed and the state-year alone, so that a larger sample
    holds a smaller one.

    Args:
        listed: columns name, year, gwcode, decade, task and OUTCOMES.
    """
    had = pl.any_horizontal(pl.col(o) > 0 for o in OUTCOMES)
    kept = [listed.filter(had).with_columns(stands_for=pl.lit(1.0))]
    others = listed.filter(~had)
    for facing in (False, True):
        group = others.filter((pl.col("task") != PEACE) == facing)
        for (_,), part in group.group_by("decade", maintain_order=True):
            share = min(part.height, max(1, round(without / 2 * part.height / group.height)))
            luck = [sha256_text(to_json([seed, name])) for name in part["name"]]
            first = part.with_columns(luck=pl.Series(luck)).sort("luck").head(share).drop("luck")
            kept.append(first.with_columns(stands_for=pl.lit(part.height / share)))
    return pl.concat(kept).sort("year", "gwcode")


def _standard(known: pl.DataFrame, task: pl.Series) -> tuple[Array, Array]:
    """Inputs standardised (with what the army faces), and those that parameters act through."""
    faced = [(task == one).cast(pl.Float64).alias(one) for one in sorted(set(task.to_list()) - {PEACE})]
    facing = (task != PEACE).cast(pl.Float64).alias("condition: facing")
    x = known.cast(pl.Float64).with_columns(*faced, facing)
    values = x.to_numpy()
    centre, spread = np.nanmean(values, axis=0), np.nanstd(values, axis=0)
    standard = np.nan_to_num((values - centre) / np.where(spread > 0, spread, 1.0))
    few = [k for k, c in enumerate(x.columns) if c.startswith("condition: ")]
    return standard, standard[:, few]


def _said(
    spell: StateYears, events: dict[str, set[tuple[int, int]]], listed: pl.DataFrame, chosen: pl.DataFrame,
    press: Array,
) -> tuple[str, ...]:  # fmt: skip
    found = []
    for outcome in OUTCOMES:
        of = sum(spell.first <= year <= spell.last for _, year in events[outcome])
        found.append(f"{outcome}: {chosen[outcome].sum()} of {of} state-years on record could be drafted.")
    many = int((chosen["stands_for"] > 1).sum())
    found.append(
        f"{listed.height} state-years; fitted to {chosen.height}, of which {many} without an event stand for"
        f" {chosen.filter(pl.col('stands_for') > 1)['stands_for'].sum():.0f}."
    )
    found.append(
        f"The freedom of the press is unknown in {np.isnan(press).sum()} of {len(press)} state-years (V-Dem's table"
        " begins in 1968); the mean stands in."
    )
    return tuple(found)
