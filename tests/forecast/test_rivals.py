"""Rivals on the same rows: a planted signal is found, noise is not, nothing is learnt from what is scored."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import polars as pl
import pytest

from allegiance.base.errors import AllegianceError
from allegiance.base.owner import owned
from allegiance.base.tables import write_table
from allegiance.forecast.campaign_score import read_played, score_campaigns
from allegiance.forecast.leaderboard import append, looked
from allegiance.forecast.rivals import MODELS, RAW, REFERENCE, SIMULATION, Sample, Split, forecast_rows, judge
from allegiance.inference.campaigns import CODED, INPUTS, TABLE


def sample(rows: int = 240, told: float = 4.0, seed: int = 0) -> tuple[Sample, list[Split]]:
    """Rows whose outcome hangs on something only the simulation sees, by `told` log-odds."""
    chance = np.random.default_rng(seed)
    hidden = chance.uniform(-1, 1, rows)
    y = (chance.random(rows) < 1 / (1 + np.exp(-told * hidden))).astype(float)
    happened = np.round(8 / (1 + np.exp(-4 * hidden))) / 8
    made = Sample(
        y, chance.integers(0, 60, rows), chance.normal(size=(rows, 4)), chance.random((rows, 6)), happened,
        np.full(rows, 8),
    )  # fmt: skip
    fold, every = np.arange(rows) % 3, np.arange(rows)
    return made, [(every[fold != k], every[fold == k]) for k in range(3)]


def verdicts(told: float) -> dict[tuple[str, str], str]:
    made, splits = sample(told=told)
    return {(r["ours"], r["theirs"]): r["verdict"] for r in judge(made, splits, {})[1]}


def test_what_only_the_simulation_sees_is_its_gain() -> None:
    found = verdicts(4.0)
    assert found[SIMULATION, REFERENCE] == "better"
    assert found["ridge logit with simulation", "ridge logit"] == "better"
    assert found["stack with simulation", "stack"] == "better"
    assert found["ridge logit", REFERENCE] != "better"


def test_a_simulation_that_knows_nothing_gains_nothing() -> None:
    found = verdicts(0.0)
    assert "better" not in {v for (ours, _), v in found.items() if "simulation" in ours}


def test_the_outcome_of_a_scored_row_moves_no_forecast_of_its_fold() -> None:
    made, splits = sample(90)
    before = forecast_rows(made, splits[:1])[1]
    y = made.y.copy()
    y[splits[0][1]] = 1 - y[splits[0][1]]
    after = forecast_rows(replace(made, y=y), splits[:1])[1]
    for name in MODELS:
        assert np.array_equal(before[name], after[name]), name


def test_the_simulation_as_it_is_keeps_off_none_and_all() -> None:
    made, splits = sample(90)
    raw = forecast_rows(made, splits)[1][RAW]
    assert raw.min() >= 0.5 / 9
    assert raw.max() <= 8.5 / 9


def played(folder: Path, rows: int, first: int, name: str = "C") -> Path:
    made, _ = sample(rows)
    number = [str(k) for k in range(rows)]
    head = pl.DataFrame({
        "number": number, "campaign": [f"{name}{k}" for k in range(rows)], "gwcode": made.unit, "country": ["X"] * rows,
        "year": [first + k % 30 for k in range(rows)], "nonviolent": [k % 2 for k in range(rows)],
        "loyalty_shift": made.happened, "members": made.members, "why_not": pl.Series([None] * rows, dtype=pl.String),
    })  # fmt: skip
    inputs = {f"level: l{k}": made.inputs[:, k] for k in range(4)} | {
        f"condition: c{k}": made.six[:, k] for k in range(6)
    }
    known = pl.DataFrame({
        "number": number, "defect_21": made.y.astype(int), "defect_12": pl.Series([None] * rows, dtype=pl.Int8),
        "defect_first_year": made.y.astype(int),
    })  # fmt: skip
    with owned(folder, "campaigns", {"rows": rows}) as held:
        write_table(folder / TABLE, head)
        levels = pl.DataFrame({"number": number, **inputs, "nonviolent": [1.0] * rows, "people (log10)": [None] * rows})
        write_table(folder / INPUTS, levels.cast({"people (log10)": pl.Float64}))
        write_table(folder / CODED, known)
        held.publish([TABLE, INPUTS, CODED])
    return folder


def test_campaigns_are_scored_by_decade_and_others_without_a_fit(tmp_path: Path) -> None:
    old, new = played(tmp_path / "old", 120, 1960), played(tmp_path / "new", 60, 2001, "D")
    found = score_campaigns(old)
    assert set(found.scores["coding"]) == {"defect_21", "defect_first_year"}
    assert any("defect_12" in note for note in found.notes)
    assert found.scores["rows"].unique().to_list() == [120]
    later = score_campaigns(new, learned_from=old)
    assert later.scores["rows"].unique().to_list() == [60]
    assert set(later.forecasts["year"]) == set(range(2001, 2031))
    with pytest.raises(AllegianceError, match="in both folders"):
        score_campaigns(old, learned_from=old)


def test_a_damaged_or_foreign_folder_is_refused(tmp_path: Path) -> None:
    with pytest.raises(AllegianceError, match="holds no played campaigns"):
        read_played(tmp_path)
    folder = played(tmp_path / "old", 40, 1960)
    (folder / CODED).write_bytes(b"other")
    with pytest.raises(AllegianceError, match="damaged or missing"):
        read_played(folder)


def test_looks_at_the_same_rows_are_counted(tmp_path: Path) -> None:
    board = tmp_path / "board.jsonl"
    row = pl.DataFrame([{"rows_sha256": "a", "log": 0.5}])
    for expected in (0, 1, 2):
        assert looked(board, "a") == expected
        append(board, {"campaign scores": row.with_columns(look=pl.lit(expected))}, {})
    assert looked(board, "b") == 0


def test_state_years_are_fitted_before_2000_and_tested_after(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from allegiance.forecast import world_score
    from allegiance.inference.world import INPUTS as KNOWN
    from allegiance.inference.world import TABLE as WORLD

    made, _ = sample(400)
    rows = 400
    code, year = [k % 20 for k in range(rows)], [1990 + k // 20 for k in range(rows)]
    task = ["civil" if k % 3 else "peace" for k in range(rows)]
    table = pl.DataFrame({
        "gwcode": code, "year": year, "country": ["X"] * rows, "task": task, "mutiny": made.happened,
        "coup_attempt": [0.0] * rows, "members": [8] * rows, "why_not": pl.Series([None] * rows, dtype=pl.String),
    }).cast({"gwcode": pl.Int32, "year": pl.Int32})  # fmt: skip
    levels = {f"level: l{k}": made.inputs[:, k] for k in range(4)} | {"condition: c": made.six[:, 0]}
    with owned(tmp_path / "w", "world", {"rows": rows}) as held:
        write_table(held.out / WORLD, table)
        write_table(held.out / KNOWN, pl.DataFrame({"gwcode": code, "year": year, "task": task, **levels}))
        held.publish([WORLD, KNOWN])
    events = {(c, y) for c, y, happened in zip(code, year, made.y, strict=True) if happened}
    monkeypatch.setattr(world_score, "begun", lambda *a: events if a[1] == "mutiny" else set())
    found = world_score.score_world(tmp_path / "w", tmp_path)
    assert set(found.scores["coding"]) == {"mutiny"}
    assert found.forecasts["year"].min() == 2000
    assert set(found.scores["rows_are"]) == {"all state-years", "years at war"}
    assert [n for n in found.notes if n.startswith("coup_attempt")]
    better = found.comparisons.filter((pl.col("ours") == SIMULATION) & (pl.col("theirs") == REFERENCE))
    assert set(better["verdict"]) == {"better"}
